package bot

import "testing"

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
