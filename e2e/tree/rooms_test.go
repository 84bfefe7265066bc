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

// TestRooms: the comment of a large package names each of its files, so that the place of a line is found without opening any; and
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
			t.Errorf("%s has no package comment", room)
		}
		if last := path.Base(room); room != "." && !strings.HasPrefix(room, "e2e/") && !strings.Contains(page, last+"/") {
			t.Errorf("docs/architecture.md does not name the room %s", room)
		}
		if len(names) <= mostFiles {
			continue
		}
		words := regexp.MustCompile(`\w+`).FindAllString(docs[room], -1)
		for _, name := range names {
			if name != "main" && name != "doc" && !slices.Contains(words, name) {
				t.Errorf("%s: the package comment does not say where %s.go belongs", room, name)
			}
		}
	}
}
