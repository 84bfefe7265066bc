package dialogue

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the table of directives into the guide; refused with CI=true")

// The table of directives stands between these lines of the guide.
const (
	guide     = "../../docs/dialogues.md"
	tableFrom = "<!-- directives -->\n"
	tableTo   = "<!-- fin des directives -->\n"
)

// TestGuide: the guide shows the directives as the table has them.
func TestGuide(t *testing.T) {
	raw, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(raw), tableFrom)
	was, after, ends := strings.Cut(rest, tableTo)
	if !begins || !ends {
		t.Fatalf("%s has no place for the directives, between %q and %q", guide, tableFrom, tableTo)
	}
	table := directivesOfTheGuide()
	if was == table {
		return
	}
	if !*update || os.Getenv("CI") == "true" {
		t.Fatalf("%s says something else of the directives (go test ./bot/dialogue -update writes it):\n%s", guide, table)
	}
	if err := os.WriteFile(guide, []byte(before+tableFrom+table+tableTo+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func directivesOfTheGuide() string {
	var out strings.Builder
	var first []string
	out.WriteString("| directive | ce qu'elle fait |\n|---|---|\n")
	for _, d := range directives {
		fmt.Fprintf(&out, "| `%s` | %s |\n", strings.ReplaceAll(d.example, "|", `\|`), d.does)
		if d.first {
			first = append(first, "`"+d.name+"`")
		}
	}
	last := len(first) - 1
	fmt.Fprintf(&out, "\n%s et %s se mettent avant le premier `@`.\n", strings.Join(first[:last], ", "), first[last])
	return out.String()
}

// TestDirectives: the example of each directive is read as that directive, with all the words that it needs, and some dialogue uses it.
func TestDirectives(t *testing.T) {
	used := map[string]bool{}
	for _, l := range written(t) {
		if l.directive != nil {
			used[l.directive.name] = true
		}
	}
	for _, d := range directives {
		got, rest := directiveOf(d.example)
		if got == nil || got.name != d.name {
			t.Errorf("%q is not read as %q", d.example, d.name)
		}
		if n := len(strings.Fields(rest)); n < d.words {
			t.Errorf("%q has %d words behind the name, %d are needed", d.example, n, d.words)
		}
		if !used[d.name] {
			t.Errorf("no dialogue uses %q", d.name)
		}
	}
}

// written are the lines of all dialogues.
func written(t *testing.T) (lines []line) {
	t.Helper()
	files, err := filepath.Glob("../testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogue found: %v", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		of, err := parse(string(src), time.UTC)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		lines = append(lines, of...)
	}
	return lines
}

// TestRefusedDirectives: what is wrong with one is said with its line, and how it is written.
func TestRefusedDirectives(t *testing.T) {
	for src, want := range map[string]string{
		"lieu 50147":                            "ligne 1 : écrivez par exemple « lieu 50147 Médiathèque »",
		"annuaire 50025 EPN":                    "ligne 1 : écrivez par exemple « annuaire 50025 EPN d'Avranches | ",
		"agenda u1 demain 16h exception":        "ligne 1 : écrivez par exemple « agenda u1 2026-12-08T14:00 ",
		"agenda u1 demain 16h - Permanence":     "ligne 1 : « demain » n'est pas un moment : 2026-12-04T10:00",
		"panne pigeon":                          "ligne 1 : « pigeon » n'est pas un réseau : mattermost, sms",
		"boutons sms\nmembre @zoe conseiller":   "ligne 2 : @zoe n'est pas annoncé",
		"sans-rôle @zoe Zoé\nmembre @zoe reine": "ligne 2 : « reine » n'est pas un rôle",
		"@ 2026-12-01 10:00\nmuet sms":          "ligne 2 : « muet » se met avant le premier « @ »",
		"muette sms":                            "ligne 1 : je ne comprends pas « muette sms »",
	} {
		if _, err := Play(t.Context(), src, time.UTC, parrots); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", src, err, want)
		}
	}
}
