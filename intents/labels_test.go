package intents

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

func TestLabels(t *testing.T) {
	for _, pro := range []bool{false, true} {
		labels := Labels(pro)
		if !slices.IsSorted(labels) || !slices.Contains(labels, Inconnu) || slices.Contains(labels, NouveauRdv) != pro {
			t.Errorf("labels of pro=%v: %v", pro, labels)
		}
		examples := map[Intent]int{}
		for _, e := range examplesOf(pro) {
			examples[e.intent]++
		}
		for _, l := range labels {
			if examples[l] == 0 {
				t.Errorf("no example of pro=%v teaches %q", pro, l)
			}
		}
	}
	if got := LabelOf(Objection, false); got != Stop {
		t.Errorf("an objection is taught as %q", got)
	}
	if got := LabelOf(Annuler, true); got != Annuler {
		t.Errorf("what no example teaches is called %q", got)
	}
}

// TestIntentsAreKnown: every constant of the intents has its row in traitsOf, and there is no other row.
func TestIntentsAreKnown(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "intents.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Intent" {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		n++
		if _, ok := traitsOf[Intent(value)]; !ok {
			t.Errorf("%s has no row in traitsOf", spec.Names[0].Name)
		}
		return true
	})
	if n != len(traitsOf) {
		t.Errorf("%d intents, %d rows", n, len(traitsOf))
	}
}

// TestGroupsAreIntents: a group of rules that nothing reads is refused, and one that no line of decidePro names is believed all the same.
func TestGroupsAreIntents(t *testing.T) {
	if err := onlyIntents([]Intent{Annuler, "anuler"}); err == nil {
		t.Error("[anuler] is taken for an intent")
	}
	r := newRules()
	r.pro.add(Relancer, "relancer silencieux")
	got, _ := r.readPro(r.message("il faudrait relancer les silencieux", Context{Pro: true}))
	if got.Intent != Relancer {
		t.Errorf("a new group is read as %s (%s)", got.Intent, got.Why)
	}
}
