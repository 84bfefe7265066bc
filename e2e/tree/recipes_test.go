package tree_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The recipes of CONTRIBUTING.md: each is a heading "### Recipe: …" and steps. A step is a line of the text and the block of code
// below it, and is done here as a reader does it:
//
//	Write `path`:                       a new file
//	In `path`, after `line`:            lines behind the one line that is this one
//	At the end of `path`:               lines
//	Run:                                commands, each of which must succeed

// wanted are the recipes that there must be.
var wanted = []string{
	"an SMS provider from HTTP settings", "an SMS provider in Go", "a form", "a text and a language", "an intent", "a rule with its dialogue", "a network",
}

type recipe struct {
	name  string
	steps []step
}

type step struct {
	does       string // "write", "after", "end", "run"
	path, line string
	block      string
}

var (
	heading = regexp.MustCompile(`^### Recipe: (.*)$`)
	write   = regexp.MustCompile("^Write `([^`]+)`.*:$")
	after   = regexp.MustCompile("^In `([^`]+)`, after (?:`` (.+?) ``|`([^`]+)`).*:$") // ``: a line that holds a `
	end     = regexp.MustCompile("^At the end of `([^`]+)`.*:$")
	run     = regexp.MustCompile("^Run.*:$")
)

// recipes reads the page.
func recipes(t *testing.T) []recipe {
	t.Helper()
	var all []recipe
	lines := strings.Split(read(t, "CONTRIBUTING.md"), "\n")
	for i := 0; i < len(lines); i++ {
		if m := heading.FindStringSubmatch(lines[i]); m != nil {
			all = append(all, recipe{name: m[1]})
			continue
		}
		if strings.HasPrefix(lines[i], "#") || len(all) == 0 || !strings.HasPrefix(lines[i], "```") {
			continue
		}
		to := i + 1 + slices.Index(lines[i+1:], "```")
		if r := &all[len(all)-1]; to > i {
			s, ok := said(lines[:i])
			if !ok {
				t.Errorf("%s: nothing says what to do with the block of line %d", r.name, i+1)
			}
			s.block = strings.Join(lines[i+1:to], "\n") + "\n"
			r.steps = append(r.steps, s)
			i = to
		}
	}
	return all
}

// said reads what the last line before a block says to do with it.
func said(before []string) (step, bool) {
	for len(before) > 0 && before[len(before)-1] == "" {
		before = before[:len(before)-1]
	}
	if len(before) == 0 {
		return step{}, false
	}
	line := before[len(before)-1]
	if m := write.FindStringSubmatch(line); m != nil {
		return step{does: "write", path: m[1]}, true
	}
	if m := after.FindStringSubmatch(line); m != nil {
		return step{does: "after", path: m[1], line: m[2] + m[3]}, true
	}
	if m := end.FindStringSubmatch(line); m != nil {
		return step{does: "end", path: m[1]}, true
	}
	return step{does: "run"}, run.MatchString(line)
}

// apply does a step in a copy of the tree.
func (s step) apply(tree string) error {
	if s.does != "run" && !filepath.IsLocal(s.path) {
		return fmt.Errorf("%s leads out of the tree", s.path)
	}
	file := filepath.Join(tree, s.path)
	switch s.does {
	case "write":
		if _, err := os.Stat(file); err == nil {
			return fmt.Errorf("%s is there already", s.path)
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, []byte(s.block), 0o644)
	case "run":
		cmd := exec.Command("bash", "-euo", "pipefail", "-c", s.block)
		cmd.Dir = tree
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath", "RECIPES=", "CI=") // as make check, so that what is compiled once serves every copy; and a reader is no CI
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s%s%w", s.block, out, err)
		}
		return nil
	}
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text := string(old) + s.block
	if s.does == "after" {
		if text, err = s.insert(string(old)); err != nil {
			return err
		}
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

// insert puts the block behind the one line of a text that the step names; spaces at its beginning do not count.
func (s step) insert(text string) (string, error) {
	lines := strings.Split(text, "\n")
	at := -1
	for i, l := range lines {
		if strings.TrimSpace(l) != s.line {
			continue
		}
		if at >= 0 {
			return "", fmt.Errorf("%s: `%s` stands there twice", s.path, s.line)
		}
		at = i
	}
	if at < 0 {
		return "", fmt.Errorf("%s: no line `%s`", s.path, s.line)
	}
	lines = slices.Insert(lines, at+1, strings.TrimSuffix(s.block, "\n"))
	return strings.Join(lines, "\n"), nil
}

// TestRecipesAreThere: each recipe is there, ends with its tests, and names places that exist.
func TestRecipesAreThere(t *testing.T) {
	var names []string
	for _, r := range recipes(t) {
		names = append(names, r.name)
		if len(r.steps) < 2 || r.steps[len(r.steps)-1].does != "run" || !strings.Contains(r.steps[len(r.steps)-1].block, "go test") {
			t.Errorf("%s: it does not end with its tests", r.name)
		}
		written := map[string]bool{}
		for _, s := range r.steps {
			switch {
			case s.does == "write":
				written[s.path] = true
			case s.does != "run" && !written[s.path]:
				s.standsIn(t, r.name)
			}
		}
	}
	if !slices.Equal(names, wanted) {
		t.Errorf("the recipes are %q, want %q", names, wanted)
	}
}

func (s step) standsIn(t *testing.T, name string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, s.path))
	if err == nil && s.does == "after" {
		_, err = s.insert(string(text))
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// TestRecipes does each recipe as it is written, in a copy of the tree of its own: RECIPES=1, or `make recipes`.
func TestRecipes(t *testing.T) {
	if os.Getenv("RECIPES") == "" {
		t.Skip("`make recipes` does them")
	}
	passing, all := 0, recipes(t)
	for _, r := range all {
		t.Run(r.name, func(t *testing.T) {
			r.follow(t)
			passing++
		})
	}
	fmt.Printf("%d of %d recipes work as they are written\n", passing, len(all))
	bar("recipes_passing", passing)
}

func (r recipe) follow(t *testing.T) {
	tree := t.TempDir()
	copyTree(t, tree)
	for _, s := range r.steps {
		if err := s.apply(tree); err != nil {
			t.Fatalf("%s `%s`: %v", s.does, s.path, err)
		}
	}
	whole := step{does: "run", block: "go test -skip '^TestRecipes' ./e2e/tree\n"} // what it leaves behind is a good house
	if err := whole.apply(tree); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%s: works\n", r.name)
}

// copyTree copies the files that are kept in the repository, as they stand.
func copyTree(t *testing.T, to string) {
	t.Helper()
	list, err := exec.Command("git", "-C", root, "ls-files", "-coz", "--exclude-standard").Output()
	if err != nil {
		t.Fatal(err)
	}
	for p := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		if err := copyFile(filepath.Join(root, p), filepath.Join(to, p)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, info.Mode())
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
