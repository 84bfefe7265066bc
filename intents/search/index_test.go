package search

import (
	"slices"
	"strings"
	"testing"
)

// What the search reached on testdata/search among 5,000 distractors, less some points.
const (
	leastThird      = 0.84
	leastShown      = 0.63 // the right answer is shown
	mostShownWrong  = 0.32
	searchAmong     = 5000
	distinctContent = 800
)

func TestSearch(t *testing.T) {
	answers, questions := devSearch(t)
	f := evalSearch(slices.Concat(answers, distractors(t, searchAmong, 1)), questions)
	t.Log(f)
	t.Logf("without distractors: %v", evalSearch(answers, questions))
	if f.third < leastThird || f.shownRight < leastShown || f.shownWrong > mostShownWrong {
		t.Errorf("worse than it was: %v", f)
	}
}

// TestDistractors: they are always the same, different from one another and rich in words.
func TestDistractors(t *testing.T) {
	all := distractors(t, searchAmong, 1)
	again := distractors(t, searchAmong, 1)
	words, questions := map[string]bool{}, map[string]bool{}
	for i, a := range all {
		if a.Question != again[i].Question || a.Answer != again[i].Answer || questions[a.Question] {
			t.Fatalf("%+v", a)
		}
		questions[a.Question] = true
		for _, w := range telling(a.Question + " " + a.Answer) {
			words[w] = true
		}
		if n := len(strings.Fields(a.Answer)); n < 20 || n > 50 {
			t.Errorf("%d words: %s", n, a.Answer)
		}
	}
	if len(words) < distinctContent {
		t.Errorf("%d distinct words", len(words))
	}
	t.Logf("%d distinct words", len(words))
}

func TestSearchFinds(t *testing.T) {
	x := New([]Answer{
		{"gmail", "Comment récupérer une boîte Gmail sans le mot de passe ?", "Par la page de récupération de Google.", []string{"messagerie"}},
		{"imprimante", "L'imprimante n'est plus reconnue", "Refaire la connexion depuis son menu.", nil},
		{"grise", "Comment faire une carte grise ?", "Sur le site de l'ANTS, avec le code de cession.", nil},
		{"number", "Le dossier 109876", "", nil},
		{"empty", "", "", nil},
	})
	for question, want := range map[string]string{
		"récupérer une boîte Gmail":        "gmail",
		"MDP perdu":                        "gmail", // a synonym of several words
		"mon imprimente":                   "imprimante",
		"limprimante":                      "imprimante",
		"immatriculer un véhicule":         "grise",
		"code de cession":                  "grise", // of the answer
		"109876":                           "number",
		"109867":                           "", // a number is no slip
		"bonjour, comment faire svp ?":     "",
		"":                                 "",
		"déclaration de ruches":            "",
		strings.Repeat("imprimante ", 500): "imprimante",
	} {
		found := x.Search(question, 3)
		if want == "" && len(found) > 0 || want != "" && (len(found) == 0 || found[0].ID != want) {
			t.Errorf("%.40q: %+v, want %q", question, found, want)
		}
	}
	if found := x.Search("imprimante reconnue", 3); len(found) == 0 || found[0].Score < 0.9 {
		t.Errorf("all that is asked is there: %+v", found)
	}
	if found := New(nil).Search("imprimante", 3); found != nil {
		t.Errorf("in an empty index: %+v", found)
	}
	if found := x.Search("imprimante", 0); found != nil {
		t.Errorf("none wanted: %+v", found)
	}
}
