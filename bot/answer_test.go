package bot

import (
	"strings"
	"testing"
)

// TestMergeAnswers: an answer takes the place of the one of its id when it says anything else, its link and its source too; the others stay.
func TestMergeAnswers(t *testing.T) {
	was := KnownAnswer{V: 1, ID: "a", Question: "Une question ?", Answer: "Oui.", Themes: []string{"email"}, Link: "https://exemple.fr/1", Source: "La Base"}
	other := KnownAnswer{V: 1, ID: "b", Question: "Une autre ?", Answer: "Non."}
	for name, c := range map[string]struct {
		change  func(a *KnownAnswer)
		changed int
	}{
		"nothing":  {func(*KnownAnswer) {}, 0},
		"question": {func(a *KnownAnswer) { a.Question = "Une question de plus ?" }, 1},
		"answer":   {func(a *KnownAnswer) { a.Answer = "Non." }, 1},
		"themes":   {func(a *KnownAnswer) { a.Themes = []string{"email", "sante"} }, 1},
		"link":     {func(a *KnownAnswer) { a.Link = "https://exemple.fr/2" }, 1},
		"source":   {func(a *KnownAnswer) { a.Source = "" }, 1},
		"id":       {func(a *KnownAnswer) { a.ID = "c" }, 1},
	} {
		now := was
		c.change(&now)
		all, changed, err := mergeAnswers([]KnownAnswer{was, other}, []KnownAnswer{now})
		if err != nil || changed != c.changed {
			t.Errorf("%s: %d changed, want %d (%v)", name, changed, c.changed, err)
		}
		found := map[string]KnownAnswer{}
		for _, a := range all {
			found[a.ID] = a
		}
		if !found[now.ID].says(now) || !found["b"].says(other) {
			t.Errorf("%s: %+v", name, all)
		}
	}
	for name, a := range map[string]KnownAnswer{
		"le lien a 2001":  {ID: "a", Question: "?", Answer: "Oui.", Link: strings.Repeat("é", LongestLink+1)},
		"la source a 101": {ID: "a", Question: "?", Answer: "Oui.", Source: strings.Repeat("é", LongestSource+1)},
	} {
		if _, _, err := mergeAnswers(nil, []KnownAnswer{a}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadAnswers(f *testing.F) {
	for _, file := range []string{"", "id\tquestion\tanswer\tthemes\n1\ta\tb\tc, d\n", "\ufeffréponse\tquestion\tid\r\nb\ta\t1\r\n", "1\t\"a \"\"b\"\"\"\tc\n1\ta\tb", "\xff\t\"\t\x00\n#\n", "id\tid\tquestion\tanswer\n"} {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file string) {
		answers, faults := ReadAnswers(file)
		if len(answers) == 0 && len(faults) == 0 {
			t.Fatal("neither answers nor faults")
		}
		ids := map[string]bool{}
		for _, a := range answers {
			if err := a.check(); err != nil || ids[a.ID] {
				t.Fatalf("%+v: %v, twice %v", a, err, ids[a.ID])
			}
			ids[a.ID] = true
		}
	})
}
