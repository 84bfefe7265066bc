package bot

import (
	"os"
	"slices"
	"strings"
	"testing"

	"passeur/intents"
)

// TestRuleNames: a rule is known by its name, in traces and by the dialogues that must pass it.
func TestRuleNames(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range RuleNames() {
		if seen[name] {
			t.Errorf("two rules are called %q", name)
		}
		seen[name] = true
	}
}

// TestPlans: what the bot does by itself says beforehand what it will do. (That there is such a text, TestTextsAreTheOnesSaid sees.)
func TestPlans(t *testing.T) {
	for _, r := range rules() {
		if (r.From == Itself) != (r.Plan != "") {
			t.Errorf("rule %q, from %q, has the plan %q", r.Name, r.From, r.Plan)
		}
	}
}

// TestStoredWords: what any release has stored is still read: each kind of record is known, and a rule takes each intent of a task. A word that is
// new is written down.
func TestStoredWords(t *testing.T) {
	raw, err := os.ReadFile("testdata/stored.tsv")
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		stored[strings.TrimSpace(line)] = true
		switch what, word, _ := strings.Cut(strings.TrimSpace(line), "\t"); what {
		case "kind":
			if Kinds[word].New == nil {
				t.Errorf("records of the kind %q can no longer be read", word)
			}
		case "intent":
			if !slices.ContainsFunc(rules(), func(r Rule) bool { return slices.Contains(r.On, intents.Intent(word)) }) {
				t.Errorf("no rule takes the intent %q of tasks that wait", word)
			}
		}
	}
	for kind := range Kinds {
		if !stored["kind\t"+kind] {
			t.Errorf("testdata/stored.tsv: the kind %q is new, add it", kind)
		}
	}
	for _, r := range rules() {
		for _, i := range r.On {
			if r.From == Itself && !stored["intent\t"+string(i)] {
				t.Errorf("testdata/stored.tsv: the intent %q is new, add it", i)
			}
		}
	}
}
