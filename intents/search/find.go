package search

import (
	"cmp"
	"math"
	"slices"
)

// Result is an answered question that resembles the one that was asked.
type Result struct {
	ID    string
	Score float64 // from 0 to 1: how much of what was asked is there, each word weighed by how rare it is
	Show  bool    // good enough to be shown to who asked, in private
}

// Weights of the index, chosen on testdata/search: TestSearch prints what they lead to.
const (
	saturation = 3.0 // k of BM25: how soon the same word again says nothing new
	lengthy    = 0.6 // b of BM25: how far a long text counts less
	inQuestion = 2.5 // a word of the question, against one of the answer
	inAnswer   = 1.0
)

// Search returns at most limit answered questions that share something with a question, the best first, of equal ones that of the smaller
// ID first. There may be none. What it returns depends on what the index holds alone: not on the order in which that was put in, nor on what
// has been replaced or taken out.
func (x *Index) Search(question string, limit int) []Result {
	x.lock.RLock()
	defer x.lock.RUnlock()
	units := x.ask(question)
	if len(units) == 0 || limit <= 0 {
		return nil
	}
	mass, best := massOf(units), x.best(units, max(limit, compared))
	found := x.signs(units, best, mass)
	show := worthShowing(found) && (len(x.ids.of) >= fewAnswers || found.score >= mostOfIt)
	var out []Result
	for _, b := range best[:min(limit, len(best))] {
		out = append(out, Result{x.ids.names[b.answer], float64(b.score) / mass, show && b.score >= beside*best[0].score})
	}
	return out
}

func massOf(units []unit) (mass float64) {
	for _, u := range units {
		mass += u.mass
	}
	return mass
}

// rarity is the idf of BM25 of what so many answered questions hold.
func (x *Index) rarity(held int) float64 {
	return math.Log1p((float64(len(x.ids.of)-held) + 0.5) / (float64(held) + 0.5))
}

// weigh weighs every way, after the mean lengths have changed: BM25F with k = saturation and b = lengthy, divided by what once in a question of
// middling length weighs.
func (x *Index) weigh() {
	const once = inQuestion / (saturation + inQuestion)
	questions, answers := x.mean(x.questions), x.mean(x.answers)
	x.weights = x.weights[:0]
	for _, w := range x.ways {
		is := inQuestion * float64(w.counts.question) / short(w.lengths.question, questions)
		is += inAnswer * float64(w.counts.answer) / short(w.lengths.answer, answers)
		x.weights = append(x.weights, float32(min(1, is/(saturation+is)/once)))
	}
}

// mean is a mean length, 1 at least.
func (x *Index) mean(total int) float64 { return max(float64(total)/float64(max(1, len(x.ids.of))), 1) }

// short is what a count is divided by in a text of some length.
func short(length uint16, mean float64) float64 { return 1 - lengthy + lengthy*float64(length)/mean }

// scored is an answered question, by its number, and how much it holds of what is asked.
type scored struct {
	answer int32
	score  float32
}

// best are the n answered questions that hold most of what is asked, in the order of Search.
func (x *Index) best(units []unit, n int) (best []scored) {
	n = min(n, len(x.held))
	s := newSums(units, x.weights)
	least := float32(math.SmallestNonzeroFloat32)
	for from := 0; from < len(x.held); from += block {
		for i, score := range s.of(int32(from)) {
			if score < least {
				continue
			}
			b := scored{int32(from + i), score}
			at, _ := slices.BinarySearchFunc(best, b, x.order)
			best = slices.Insert(best, at, b)
			if len(best) > n {
				best, least = best[:n], best[n-1].score
			}
		}
	}
	return best
}

func (x *Index) order(a, b scored) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(x.ids.names[a.answer], x.ids.names[b.answer]))
}

// block is how many answered questions are scored at once: few enough that their sums stay near the processor.
const block = 4096

// sums adds up what each answered question of a block holds of what is asked, block by block.
type sums struct {
	weights []float32
	units   [][]match // with the postings of the blocks to come
	scores  [block]float32
	one     [block]float32 // of one unit; all 0 between two
	hits    []int32
}

func newSums(units []unit, weights []float32) *sums {
	s := &sums{weights: weights, hits: make([]int32, 0, block)}
	for _, u := range units {
		s.units = append(s.units, slices.Clone(u.matches))
	}
	return s
}

// of are the scores of a block, which begins where the one before ended.
func (s *sums) of(from int32) []float32 {
	clear(s.scores[:])
	for _, matches := range s.units {
		s.add(matches, from)
	}
	return s.scores[:]
}

// add adds one unit: of the ways in which it is there, the one that is worth most.
func (s *sums) add(matches []match, from int32) {
	hits := s.hits[:0]
	for i := range matches {
		m, n := &matches[i], 0
		for ; n < len(m.posts) && m.posts[n].answer < from+block; n++ {
			p := m.posts[n]
			at := p.answer - from
			s.one[at] = max(s.one[at], s.weights[p.way]*m.worth)
			hits = append(hits, at)
		}
		m.posts = m.posts[n:]
	}
	for _, at := range hits {
		s.scores[at] += s.one[at]
		s.one[at] = 0
	}
	s.hits = hits
}
