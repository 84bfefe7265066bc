package tree_test

import (
	"fmt"
	"go/ast"
	"iter"
	"slices"
	"testing"
)

// What functions and files may come to, in lines, outside tests and tables.
const (
	longestFunction = 60
	medianFunction  = 15
	longestFile     = 500
)

// TestLength: functions are short, and no file is long.
func TestLength(t *testing.T) {
	var lengths []int
	for _, f := range source(t) {
		if n := f.lines(f); n > longestFile {
			t.Errorf("%s has %d lines, at most %d: cut it at its seams", f.path, n, longestFile)
		}
		for _, d := range f.Decls {
			for name, fn := range functions(d) {
				n := f.lines(fn)
				if lengths = append(lengths, n); n > longestFunction {
					t.Errorf("%s: %s has %d lines, at most %d: give its parts names", f.path, name, n, longestFunction)
				}
			}
		}
	}
	slices.Sort(lengths)
	median := lengths[len(lengths)/2]
	if median > medianFunction {
		t.Errorf("the median function has %d lines, at most %d", median, medianFunction)
	}
	fmt.Printf("%d functions\n", len(lengths))
	bar("longest_function", lengths[len(lengths)-1])
	bar("median_function", median)
}

// functions are the function that a declaration is, and those that stand outside of any: in a variable or in a table.
func functions(d ast.Decl) iter.Seq2[string, ast.Node] {
	return func(yield func(string, ast.Node) bool) {
		fn, ok := d.(*ast.FuncDecl)
		if ok && fn.Body != nil && !isTable(fn) {
			yield(fn.Name.Name, fn)
			return
		}
		ast.Inspect(d, func(n ast.Node) bool {
			literal, ok := n.(*ast.FuncLit)
			return !ok || yield("a function in a variable or a table", literal) && false
		})
	}
}

// isTable tells a function that does nothing but return a literal list or map: a table that a variable could not hold.
func isTable(fn *ast.FuncDecl) bool {
	body := fn.Body.List
	if len(body) == 0 || slices.ContainsFunc(body[:len(body)-1], func(s ast.Stmt) bool { _, declares := s.(*ast.DeclStmt); return !declares }) {
		return false
	}
	last, ok := body[len(body)-1].(*ast.ReturnStmt)
	if !ok || len(last.Results) != 1 {
		return false
	}
	literal, ok := last.Results[0].(*ast.CompositeLit)
	if !ok {
		return false
	}
	switch literal.Type.(type) {
	case *ast.ArrayType, *ast.MapType:
		return true
	}
	return false
}
