package tree_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mostFiles is how many files a package may have before its comment must say what is where.
const mostFiles = 12

var (
	// fileName is a file of Go as comments speak of it.
	fileName = regexp.MustCompile(`(?:[a-z0-9_]+/)*[a-z0-9_]+\.go\b`)
	// goName is a name of the code as pages write it, behind its type if it has one: `Bot.Hear`.
	goName = regexp.MustCompile("`([A-Z][A-Za-z]+(?:\\.[A-Za-z]+)?)`")
)

// TestRooms: the comment of a large package says where to look, file by file, so that the place of a line is found without opening any; and
// docs/architecture.md names each room.
func TestRooms(t *testing.T) {
	files, docs := map[string][]string{}, map[string]string{}
	for _, f := range source(t) {
		files[f.room()] = append(files[f.room()], strings.TrimSuffix(path.Base(f.path), ".go"))
		if f.Doc != nil {
			docs[f.room()] += f.Doc.Text()
		}
	}
	page := read(t, "docs/architecture.md")
	for room, names := range files {
		if docs[room] == "" {
			t.Errorf("%s has no package comment: say what the package is for", room)
		}
		if last := path.Base(room); room != "." && !strings.HasPrefix(room, "e2e/") && !strings.Contains(page, last+"/") {
			t.Errorf("docs/architecture.md does not name the room %s: add it under Rooms", room)
		}
		if len(names) > mostFiles {
			toldOf(t, room, names, docs[room])
		}
	}
}

// toldOf holds the list of a package comment against its files.
func toldOf(t *testing.T, room string, names []string, doc string) {
	t.Helper()
	_, list, ok := strings.Cut(doc, "here to look")
	if !ok {
		t.Errorf("%s has many files, and its package comment does not say where to look", room)
		return
	}
	words := regexp.MustCompile(`\w+`).FindAllString(list, -1)
	for _, name := range names {
		if name != path.Base(room) && !slices.Contains([]string{"main", "doc"}, name) && !slices.Contains(words, name) {
			t.Errorf("%s: the list of its package comment (\"Where to look\") does not name %s.go: add it where it belongs", room, name)
		}
	}
}

// TestFilesThatAreSpokenOf: a file of Go that a comment or the page of the house names is there.
func TestFilesThatAreSpokenOf(t *testing.T) {
	all := map[string]bool{}
	for _, p := range paths(t, ".go") {
		for rest := p; rest != ""; _, rest, _ = strings.Cut(rest, "/") {
			all[rest] = true // by any ending of its path
		}
	}
	hold := func(at, text string) {
		for _, name := range fileName.FindAllString(text, -1) {
			if !all[name] {
				t.Errorf("%s speaks of %s, which is not there", at, name)
			}
		}
	}
	for _, f := range source(t) {
		for _, c := range f.Comments {
			hold(f.path, c.Text())
		}
	}
	page := read(t, "docs/architecture.md")
	hold("docs/architecture.md", strings.ReplaceAll(page, "`bot/imports_test.go`", "")) // told of as what was
	_, names := wordsOfCode(t)
	for _, m := range goName.FindAllStringSubmatch(page, -1) {
		if name := m[1]; !strings.HasPrefix(name, "Test") && !names[name] && !foreign[name] {
			t.Errorf("docs/architecture.md speaks of %s, which the code does not have", name)
		}
	}
}

// foreign are names of others of which docs/architecture.md speaks.
var foreign = map[string]bool{"Backend": true, "Notifier": true}
