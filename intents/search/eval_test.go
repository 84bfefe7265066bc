package search

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"passeur/intents/intentstest"
)

// TestEval measures the search on held-out questions, which nothing was chosen from: EVAL=1, or `make eval`.
func TestEval(t *testing.T) {
	if os.Getenv("EVAL") == "" {
		t.Skip("`make eval` measures it")
	}
	var answers []Answer
	var questions []asked
	for _, r := range intentstest.Rows(t, "heldout/answers.tsv") {
		answers = append(answers, Answer{r[0], r[1], r[2], strings.Fields(r[3])})
	}
	for _, r := range intentstest.Rows(t, "heldout/questions.tsv") {
		questions = append(questions, asked{r[0], r[1]})
	}
	for _, r := range intentstest.Rows(t, "heldout/unanswered.txt") {
		questions = append(questions, asked{"", r[0]})
	}
	f := evalSearch(slices.Concat(answers, distractors(t, 5000, 20261125)), questions)
	fmt.Println("search:", f)
	fmt.Printf("bar search_r3 %.4g\n", f.third)
	fmt.Printf("bar search_none_shown %.4g\n", f.shownWrong)
}

func FuzzSearch(f *testing.F) {
	answers, questions := devSearch(f)
	for _, q := range questions[:40] {
		f.Add(q.question, 3)
	}
	for _, text := range []string{"", "?", "\xff\xfe", "ééééé", "^imprim", "=12", "jjjjjj", "l' d'", "1234567", "ouiiiiiiii"} {
		f.Add(text, 2)
	}
	x := New(answers)
	f.Fuzz(func(t *testing.T, question string, limit int) {
		found := x.Search(question, limit)
		if len(found) > max(0, limit) {
			t.Fatalf("%q: %d results, at most %d", question, len(found), limit)
		}
		for i, r := range found {
			if r.Score <= 0 || r.Score > 1.0001 || i > 0 && (r.Score > found[i-1].Score || r.Show && !found[0].Show) {
				t.Fatalf("%q: %+v", question, found)
			}
		}
	})
}
