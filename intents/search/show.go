package search

import "slices"

// When is what was found worth showing? Several signs say it together, none alone: weights and threshold were fitted by logistic
// regression on testdata/search among 5,000 distractors (TestFitShow prints them).

const (
	compared = 4   // answers whose scores are compared
	beside   = 0.5 // of the best score, what another answer must reach to be shown with it
)

// signs are what tells a good answer from a bad one.
type signs struct {
	score float64 // of the best answer
	terms float64 // how many of the telling units it holds, at most 5, divided by 5
	gap   float64 // how far the score falls from the best answer to the last that is compared
	rare  float64 // the rarest of what it holds, against the rarest there is
}

// signs looks at the best answers.
func (x *Index) signs(units []unit, best []scored, mass float64) signs {
	var s signs
	if len(best) == 0 {
		return s
	}
	first, last := best[0].score, float32(0)
	if len(best) >= compared {
		last = best[compared-1].score
	}
	s.score, s.gap = float64(first)/mass, float64(1-last/first)
	rarest := x.rarity(1)
	for _, u := range units {
		if !u.in(best[0].answer) {
			continue
		}
		if u.mass > rarest/3 {
			s.terms = min(1, s.terms+0.2)
		}
		s.rare = max(s.rare, u.mass/rarest)
	}
	return s
}

func (u unit) in(answer int32) bool {
	return slices.ContainsFunc(u.matches, func(m match) bool { _, ok := place(m.posts, answer); return ok })
}

func (s signs) list() []float64 { return []float64{s.score, s.terms, s.gap, s.rare} }

// showWeights are those of signs.list, in its order; showFrom is what their sum must reach.
var showWeights = []float64{1.66, 3.46, 3.03, 1.85}

const showFrom = 4.95

// Among few answers no word is rare and nothing comes second, which says nothing then: most of what is asked must be there.
const (
	fewAnswers = 200
	mostOfIt   = 0.75
)

func worthShowing(s signs) bool {
	sum := 0.0
	for i, v := range s.list() {
		sum += v * showWeights[i]
	}
	return sum >= showFrom
}
