package tree_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// One thing has one word: docs/glossaire.md says which. Its second column holds names of the code; its last one the words that are
// not used for the thing, each with the places where it must not stand: `room` (code, dans bot), `salon` (textes, docs).

// entry is a row of the glossary.
type entry struct {
	term, names string
	second      []second
}

// second is a word that is not used for a thing.
type second struct {
	word   string
	places []string // "code", "textes", "docs"
	within []string // folders of code; none: everywhere
}

var (
	secondWord = regexp.MustCompile("`([^`]+)` \\(([^)]+)\\)")
	codeName   = regexp.MustCompile("`([A-Za-z][A-Za-z.]+)`")
	folder     = regexp.MustCompile(`[a-z]+(?:/[a-z]+)*`)
	sqlWord    = regexp.MustCompile(`[a-z]+`)
	sqlComment = regexp.MustCompile(`--.*`)
)

func glossary(t *testing.T) []entry {
	t.Helper()
	var rows []entry
	for line := range strings.Lines(read(t, "docs/glossaire.md")) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 6 || strings.HasPrefix(line, "|--") || strings.HasPrefix(line, "| terme") {
			continue
		}
		rows = append(rows, entry{strings.TrimSpace(cells[1]), cells[2], seconds(cells[4])})
	}
	if len(rows) < 50 {
		t.Fatalf("%d rows in the glossary", len(rows))
	}
	return rows
}

func seconds(cell string) []second {
	var all []second
	for _, m := range secondWord.FindAllStringSubmatch(cell, -1) {
		where, within, _ := strings.Cut(m[2], "dans ")
		s := second{word: m[1], within: folder.FindAllString(within, -1)}
		for _, place := range []string{"code", "textes", "docs"} {
			if strings.Contains(where, place) {
				s.places = append(s.places, place)
			}
		}
		all = append(all, s)
	}
	return all
}

// TestOneWordForOneThing: no second word of the glossary is used, and the names it gives exist.
func TestOneWordForOneThing(t *testing.T) {
	names, exported := wordsOfCode(t)
	pages := map[string]map[string]string{"textes": textsForPeople(t), "docs": guides(t)}
	for _, row := range glossary(t) {
		for _, m := range codeName.FindAllStringSubmatch(row.names, -1) {
			if !exported[m[1]] && names[strings.ToLower(m[1])] == nil {
				t.Errorf("docs/glossaire.md, %s: the code has no name %s", row.term, m[1])
			}
		}
		for _, s := range row.second {
			if len(s.places) == 0 {
				t.Errorf("%s: where must %q not stand?", row.term, s.word)
			}
			for _, place := range s.places {
				if place == "code" {
					s.inCode(t, row, names)
				} else {
					s.inPages(t, row, pages[place])
				}
			}
		}
	}
}

// inCode looks for the word, or its plural, as a part of a name.
func (s second) inCode(t *testing.T, row entry, names map[string][]string) {
	for _, w := range []string{s.word, plural(s.word)} {
		for _, at := range slices.Compact(names[w]) {
			file, _, _ := strings.Cut(at, ": ")
			if len(s.within) == 0 || slices.Contains(s.within, filepath.ToSlash(filepath.Dir(file))) {
				t.Errorf("%s says %q; for « %s » the code says%s(docs/glossaire.md)", at, w, row.term, row.names)
			}
		}
	}
}

// plural is that of an English word.
func plural(word string) string {
	if stem, ok := strings.CutSuffix(word, "y"); ok {
		return stem + "ies"
	}
	return word + "s"
}

// inPages looks for the word, or its plural, in what people read.
func (s second) inPages(t *testing.T, row entry, pages map[string]string) {
	for page, text := range pages {
		for line := range strings.Lines(text) {
			if containsWord(strings.ToLower(line), s.word) {
				t.Errorf("%s says %q for « %s » (docs/glossaire.md): %s", page, s.word, row.term, strings.TrimSpace(line))
			}
		}
	}
}

// containsWord reports whether a word or its plural stands in a line, whole.
func containsWord(line, word string) bool {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || r == '-' || r == '_' }
	for rest := line; ; {
		before, behind, ok := strings.Cut(rest, word)
		if !ok {
			return false
		}
		behind = strings.TrimPrefix(behind, "s")
		if !strings.ContainsFunc(lastRune(before), inWord) && !strings.ContainsFunc(firstRune(behind), inWord) {
			return true
		}
		rest = behind
	}
}

func lastRune(s string) string {
	r := []rune(s)
	return string(r[max(0, len(r)-1):])
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// wordsOfCode are the parts of the names that the code declares, lower case, with a place each; and the exported names, those of
// fields and methods behind their type.
func wordsOfCode(t *testing.T) (words map[string][]string, exported map[string]bool) {
	t.Helper()
	words, exported = map[string][]string{}, map[string]bool{}
	for _, f := range source(t) {
		if strings.HasPrefix(f.path, "e2e/") {
			continue
		}
		seen := map[string]bool{}
		ast.Inspect(f.File, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Obj != nil && !seen[id.Name] {
				seen[id.Name] = true
				addName(words, f.path, id.Name)
			}
			return true
		})
		for name := range declared(f.File) {
			exported[name] = true
			if _, member, ok := strings.Cut(name, "."); ok {
				name = member
				exported[name] = true
			}
			addName(words, f.path, name)
		}
	}
	for _, p := range paths(t, ".sql") {
		if !strings.Contains(p, "migrations/") {
			continue
		}
		for _, w := range sqlWord.FindAllString(sqlComment.ReplaceAllString(strings.ToLower(read(t, p)), ""), -1) {
			words[w] = append(words[w], p+": "+w)
		}
	}
	return words, exported
}

func addName(words map[string][]string, file, name string) {
	for _, w := range partsOf(name) {
		words[w] = append(words[w], file+": "+name)
	}
}

// partsOf are the words of a name, lower case: "HTTPServer" is http, server.
func partsOf(name string) []string {
	var parts []string
	letters, from := []rune(name), 0
	for i := 1; i <= len(letters); i++ {
		if i == len(letters) || unicode.IsDigit(letters[i]) != unicode.IsDigit(letters[i-1]) || unicode.IsUpper(letters[i]) && (!unicode.IsUpper(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			parts = append(parts, strings.ToLower(string(letters[from:i])))
			from = i
		}
	}
	return parts
}

// declared are the names that a file declares at its top: functions, types, their methods and fields, variables, constants.
func declared(f *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			names[nameOf(d)] = true
		case *ast.GenDecl:
			for _, s := range d.Specs {
				declaredBy(s, names)
			}
		}
	}
	return names
}

func declaredBy(s ast.Spec, names map[string]bool) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, id := range s.Names {
			names[id.Name] = true
		}
	case *ast.TypeSpec:
		names[s.Name.Name] = true
		var fields *ast.FieldList
		switch typ := s.Type.(type) {
		case *ast.StructType:
			fields = typ.Fields
		case *ast.InterfaceType:
			fields = typ.Methods
		default:
			return
		}
		for _, field := range fields.List {
			for _, id := range field.Names {
				names[s.Name.Name+"."+id.Name] = true
			}
		}
	}
}

// nameOf is the name of a function, behind its type if it is a method: "Bot.Hear".
func nameOf(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	switch generic := typ.(type) {
	case *ast.IndexExpr:
		typ = generic.X
	case *ast.IndexListExpr:
		typ = generic.X
	}
	return typ.(*ast.Ident).Name + "." + d.Name.Name
}

// textsForPeople are the texts of the catalogue and of the forms, what follows the keys without what is filled in; and the settings as they are explained.
func textsForPeople(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, p := range paths(t, ".yaml") {
		if strings.HasPrefix(p, "config/texts/") || strings.HasPrefix(p, "config/forms/") {
			text := read(t, p)
			text = listenedTo.ReplaceAllString(text, "")
			text = regexp.MustCompile(`(?m)^\s*#.*|^\s*(?:- )?[^\s":]+:|\{[^}]*\}`).ReplaceAllString(text, "")
			pages[p] = text
		}
	}
	pages["config/passeur.example.yaml"] = regexp.MustCompile(`(?m)^[^#]*|https?://\S+`).ReplaceAllString(read(t, "config/passeur.example.yaml"), "")
	return pages
}

// listenedTo are the lists of a form: words that the bot listens to, and says to nobody.
var listenedTo = regexp.MustCompile(`(?m)^\s*[a-z0-9_]+: \[.*\]$`)

// guides are the pages of docs and of the top, without blocks of code, names of the code and addresses.
func guides(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, p := range paths(t, ".md") {
		if p != "docs/glossaire.md" && p != "CHANGELOG.md" && (strings.HasPrefix(p, "docs/") || !strings.Contains(p, "/")) {
			pages[p] = regexp.MustCompile("(?s)```.*?```|`[^`]*`|\\]\\([^)]*\\)|https?://\\S+").ReplaceAllString(read(t, p), " ")
		}
	}
	return pages
}

func read(t *testing.T, p string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, p))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
