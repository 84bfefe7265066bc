// Package tree holds what the source itself must keep, whatever it does: which room imports which (arrows_test.go), how long a
// function is (length_test.go), that one thing has one word (words_test.go), that packages and pages say what is where
// (rooms_test.go), that docs/architecture.md names functions and methods that exist (trips_test.go, contracts_test.go), and that the recipes of CONTRIBUTING.md work as they are written (recipes_test.go).
package tree_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// file is one file of Go, parsed with its comments.
type file struct {
	path string // from the top of the tree
	*ast.File
	set *token.FileSet
}

// room is the folder in which a file stands, "." for the top.
func (f file) room() string { return path.Dir(f.path) }

// lines is how many lines a node takes.
func (f file) lines(n ast.Node) int {
	return f.set.Position(n.End()).Line - f.set.Position(n.Pos()).Line + 1
}

// source is all Go of the project but its tests.
func source(t *testing.T) []file {
	t.Helper()
	var files []file
	for _, p := range paths(t, ".go") {
		if strings.HasSuffix(p, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, filepath.Join(root, p), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file{p, parsed, set})
	}
	if len(files) < 100 {
		t.Fatalf("only %d files of Go were found", len(files))
	}
	return files
}

// left out: what is fetched, and what is no part of the program.
var leftOut = []string{".git", "node_modules"}

// paths are the files of the tree with that ending, from its top.
func paths(t *testing.T, ending string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains(leftOut, d.Name()) {
			return fs.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(p, ending) {
			rel, err := filepath.Rel(root, p)
			if err != nil {
				return err
			}
			found = append(found, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// bar prints a figure that is held against what was asked.
func bar(name string, value int) { fmt.Printf("bar %s %d\n", name, value) }
