package search

import (
	"math"
	"os"
	"slices"
	"testing"
)

// fitCase is what the signs of a question are, and whether what was found was right.
type fitCase struct {
	signs []float64
	right bool
}

// TestFitShow fits the weights of showWeights anew and prints them: SEARCH_FIT=1 go test -run TestFitShow -v ./intents. It also says, by
// cross-validation in five parts, what may be expected of them on questions that they were not fitted on.
func TestFitShow(t *testing.T) {
	if os.Getenv("SEARCH_FIT") == "" {
		t.Skip("set SEARCH_FIT to fit the weights anew")
	}
	answers, questions := devSearch(t)
	var folds [5][]fitCase
	for seed, n := range []int{5000, 5000, 500} {
		x := New(slices.Concat(answers, distractors(t, n, uint64(seed+1))))
		for i, q := range questions {
			if e, counts := x.fitCase(q); counts {
				folds[i/2%5] = append(folds[i/2%5], e)
			}
		}
	}
	var held []fitCase // with their sum, by weights that did not see them, as the only sign
	for i, fold := range folds {
		w, bias := fit(slices.Concat(slices.Concat(folds[:i]...), slices.Concat(folds[i+1:]...)))
		for _, e := range fold {
			held = append(held, fitCase{[]float64{dot(w, e.signs) + bias}, e.right})
		}
	}
	w, bias := fit(slices.Concat(folds[:]...))
	t.Logf("showWeights %.2f", w)
	for _, share := range []float64{0.2, 0.25, 0.28, 0.3, 0.35} {
		from, right := cutoff(held, share)
		t.Logf("showFrom %.2f: something is shown for %.2f of the unanswered, for %.2f of those whose answer was found", from-bias, share, right)
	}
}

// fitCase looks for a question. One whose answer was not found teaches nothing.
func (x *Index) fitCase(q asked) (e fitCase, counts bool) {
	units := x.ask(q.question)
	mass := massOf(units)
	best := x.best(units, compared)
	e.signs = x.signs(units, best, mass).list()
	e.right = q.id != "" && slices.ContainsFunc(best[:min(3, len(best))], func(b scored) bool { return x.ids.names[b.answer] == q.id })
	return e, q.id == "" || e.right
}

// fit is logistic regression by gradient descent, both classes of the same weight, with a little ridge.
func fit(examples []fitCase) (w []float64, bias float64) {
	w = make([]float64, len(examples[0].signs))
	count := map[bool]float64{}
	for _, e := range examples {
		count[e.right]++
	}
	for range 4000 {
		step, stepBias := make([]float64, len(w)), 0.0
		for _, e := range examples {
			miss := -1 / (1 + math.Exp(-dot(w, e.signs)-bias))
			if e.right {
				miss++
			}
			miss /= 2 * count[e.right]
			for i, v := range e.signs {
				step[i] += miss * v
			}
			stepBias += miss
		}
		for i := range w {
			w[i] += 2 * (step[i] - 0.001*w[i])
		}
		bias += 2 * stepBias
	}
	return w, bias
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// cutoff is the sum above which that share of the wrong examples lie, and the share of right ones above it.
func cutoff(all []fitCase, share float64) (from, right float64) {
	var wrong []float64
	for _, e := range all {
		if !e.right {
			wrong = append(wrong, e.signs[0])
		}
	}
	slices.Sort(wrong)
	from = wrong[int(float64(len(wrong))*(1-share))]
	n := 0.0
	for _, e := range all {
		if e.right {
			if n++; e.signs[0] > from {
				right++
			}
		}
	}
	return from, right / n
}
