package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"passeur/intents/intentstest"
)

// asked is a question of an evaluation, and the id of what answers it; "" nothing does.
type asked struct{ id, question string }

// searchFigures is what an evaluation of the search says.
type searchFigures struct {
	answered, unanswered int
	first, third, mrr    float64 // R@1, R@3 and mean reciprocal rank among three, of the answered questions
	shown                float64 // share of the answered questions for which something is shown
	shownRight           float64 // share of them for which the right answer is shown
	shownWrong           float64 // share of the unanswered questions for which something is shown
	build, query         time.Duration
}

func (f searchFigures) String() string {
	return fmt.Sprintf("%d answered: R@1 %.3f, R@3 %.3f, MRR %.3f, shown %.3f (the right one %.3f); %d unanswered: shown %.3f; built in %v, %v a query",
		f.answered, f.first, f.third, f.mrr, f.shown, f.shownRight, f.unanswered, f.shownWrong, f.build.Round(time.Millisecond), f.query.Round(time.Microsecond))
}

// evalSearch measures the search on answers and questions.
func evalSearch(answers []Answer, questions []asked) searchFigures {
	begin := time.Now()
	x := New(answers)
	f := searchFigures{build: time.Since(begin)}
	begin = time.Now()
	for _, q := range questions {
		f.count(q, x.Search(q.question, 3))
	}
	f.query = time.Since(begin) / time.Duration(max(1, len(questions)))
	for _, share := range []*float64{&f.first, &f.third, &f.mrr, &f.shown, &f.shownRight} {
		*share /= float64(max(1, f.answered))
	}
	f.shownWrong /= float64(max(1, f.unanswered))
	return f
}

// count adds one question and what was found.
func (f *searchFigures) count(q asked, found []Result) {
	some := 0.0
	for i, r := range found {
		if r.Show {
			some = 1
		}
		if q.id == "" || r.ID != q.id {
			continue
		}
		f.third++
		f.mrr += 1 / float64(i+1)
		if i == 0 {
			f.first++
		}
		if r.Show {
			f.shownRight++
		}
	}
	if q.id == "" {
		f.unanswered++
		f.shownWrong += some
		return
	}
	f.answered++
	f.shown += some
}

// devSearch are the answers and the questions of testdata/search that the weights of the search were chosen on.
func devSearch(t testing.TB) (answers []Answer, questions []asked) {
	t.Helper()
	for _, r := range intentstest.Rows(t, "dev-answers.tsv")[1:] {
		answers = append(answers, Answer{r[0], r[1], r[2], strings.Fields(r[3])})
	}
	for _, r := range intentstest.Rows(t, "dev-questions.tsv")[1:] {
		questions = append(questions, asked{r[0], r[1]})
	}
	return answers, questions
}

// distractors are n answered questions of the trade that answer nothing that is asked: the same for the same n and seed. They are put together
// from testdata/search/distractors.txt: [debuts] [problemes] [corps] [appareils] [publics]. By their ids they come behind what is measured: of
// equal scores theirs is not the first.
func distractors(t testing.TB, n int, seed uint64) []Answer {
	t.Helper()
	parts := map[string][][2]string{}
	part := ""
	for _, r := range intentstest.Rows(t, "distractors.txt") {
		if strings.HasPrefix(r[0], "[") {
			part = r[0]
			continue
		}
		question, answer, _ := strings.Cut(r[0], " | ")
		parts[part] = append(parts[part], [2]string{question, answer})
	}
	dice := rand.New(rand.NewPCG(seed, 1))
	pick := func(part string) [2]string { return parts[part][dice.IntN(len(parts[part]))] }
	out, seen := make([]Answer, 0, n), map[string]bool{}
	for len(out) < n {
		problem, body, device, people := pick("[problemes]"), pick("[corps]"), pick("[appareils]"), pick("[publics]")
		question := problem[0] + ", sur l'espace " + body[0] + ", " + device[0]
		if dice.IntN(2) == 0 {
			question = problem[0] + " auprès " + body[0] + ", " + people[0]
		}
		if seen[question] {
			continue
		}
		seen[question] = true
		answer := strings.Join([]string{problem[1], body[1], device[1], people[1], pick("[suites]")[0]}, " ")
		if dice.IntN(3) == 0 {
			answer = strings.Join([]string{body[1], problem[1], pick("[suites]")[0], people[1]}, " ")
		}
		out = append(out, Answer{fmt.Sprintf("z%05d", len(out)), pick("[debuts]")[0] + " " + question + " ?", answer, nil})
	}
	return out
}
