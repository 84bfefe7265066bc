// Package search finds answered questions that resemble a question, and says whether they are worth showing. An Index is built from all
// answers at once (index.go); a question is taken apart with its synonyms and slips (ask.go, synonyms.go, data/synonymes.tsv), and
// what was found is weighed before anybody sees it (show.go). It is pure, and nothing is learnt from what is asked.
//
// `make eval` measures it on held-out questions. After a larger change `SEARCH_FIT=1 go test -run TestFitShow -v ./intents/search`
// prints the weights of show.go anew.
package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"passeur/intents/french"
)

// Answer is a question that somebody answered.
type Answer struct {
	ID               string
	Question, Answer string
	Themes           []string
}

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

// Index finds the answered questions that resemble a question: BM25 over the stems of questions and answers and over the groups of
// synonyms that they belong to (data/synonymes.tsv). It never changes, and is safe for concurrent use.
type Index struct {
	answers []string // their ids
	terms   map[string]*term
	words   map[string]string // word of an answer or of the table of synonyms → its stem
	sorted  []string          // the words of answers in order, which corrections are chosen among
	synonym synonyms
	rarest  float64 // the highest idf there is
}

// term is a stem, some stems that the table of synonyms holds together, or a group of synonyms, with the answers that hold it.
type term struct {
	idf   float64
	posts []posting
}

// posting says how much a term weighs in one answer: 1 is once in a question of middling length.
type posting struct {
	answer int32
	weight float32
}

// New indexes answered questions. Some 5,000 take a fraction of a second.
func New(answers []Answer) *Index {
	x := &Index{terms: map[string]*term{}, words: map[string]string{}}
	x.synonym = readSynonyms(x.stems)
	b := builder{x: x, fields: make([]field, 0, 2*len(answers))}
	for _, a := range answers {
		x.answers = append(x.answers, a.ID)
		b.add(a.Question, inQuestion)
		b.add(a.Answer+" "+strings.Join(a.Themes, " "), inAnswer)
	}
	b.finish()
	for word, stem := range x.words {
		if x.terms[stem] != nil {
			x.sorted = append(x.sorted, word)
		}
	}
	slices.Sort(x.sorted)
	return x
}

// stems are the stems of the words of a text that say something; it learns words that it meets.
func (x *Index) stems(text string) []string {
	var out []string
	for _, w := range telling(text) {
		s, known := x.words[w]
		if !known {
			s = french.Stem(w)
			x.words[w] = s
		}
		out = append(out, s)
	}
	return out
}

// telling are the words of a text that say something, SMS spellings undone.
func telling(text string) []string {
	words, _ := french.Words(french.Tokenize(french.Opening(text)), func(string) bool { return true })
	return slices.DeleteFunc(words, func(w string) bool {
		return french.EmptyWords[w] || len(w) < 2 || w[0] < '0' || w[0] >= 0x80
	})
}

// field is the question or the answer of one answered question.
type field struct {
	weight float64
	length int
	counts map[string]int
}

// builder gathers the terms of all fields before they can be weighed.
type builder struct {
	x      *Index
	fields []field
}

func (b *builder) add(text string, weight float64) {
	stems := b.x.stems(text)
	counts := map[string]int{}
	for i, s := range stems {
		counts[s]++
		for _, e := range b.x.synonym.at(stems[i:]) {
			counts[e.group]++
			if len(e.stems) > 1 {
				counts[strings.Join(e.stems, " ")]++
			}
		}
	}
	b.fields = append(b.fields, field{weight, len(stems), counts})
}

// finish weighs every term in every answer, BM25F with k = saturation and b = lengthy, divided by what once in a question weighs.
func (b *builder) finish() {
	var mean [2]float64 // length of questions, of answers
	for i, f := range b.fields {
		mean[i%2] += float64(f.length) / float64(len(b.fields)/2)
	}
	once := inQuestion / (saturation + inQuestion)
	for a := range b.x.answers {
		weights := map[string]float64{}
		for i, f := range b.fields[2*a : 2*a+2] {
			short := 1 - lengthy + lengthy*float64(f.length)/max(mean[i], 1)
			for t, n := range f.counts {
				weights[t] += f.weight * float64(n) / short
			}
		}
		for t, w := range weights {
			if b.x.terms[t] == nil {
				b.x.terms[t] = &term{}
			}
			b.x.terms[t].posts = append(b.x.terms[t].posts, posting{int32(a), float32(min(1, w/(saturation+w)/once))})
		}
	}
	for _, t := range b.x.terms {
		t.idf = rarity(len(t.posts), len(b.x.answers))
	}
	b.x.rarest = rarity(1, len(b.x.answers))
}

// rarity is the idf of BM25 of what so many of all answers hold.
func rarity(held, all int) float64 {
	return math.Log1p((float64(all-held) + 0.5) / (float64(held) + 0.5))
}

// Search returns at most limit answered questions that share something with a question, the best first. There may be none.
func (x *Index) Search(question string, limit int) []Result {
	units := x.ask(question)
	if len(units) == 0 || limit <= 0 {
		return nil
	}
	mass, scores := massOf(units), x.sum(units)
	best := x.top(scores, max(limit, compared))
	show := worthShowing(x.signs(units, best, scores, mass))
	var out []Result
	for _, a := range best[:min(limit, len(best))] {
		score := float64(scores[a]) / mass
		out = append(out, Result{x.answers[a], score, show && scores[a] >= beside*scores[best[0]]})
	}
	return out
}

func massOf(units []unit) (mass float64) {
	for _, u := range units {
		mass += u.mass
	}
	return mass
}

// sum adds up what each answer holds of what is asked.
func (x *Index) sum(units []unit) []float32 {
	scores, one := make([]float32, len(x.answers)), make([]float32, len(x.answers))
	for _, u := range units {
		for _, m := range u.matches {
			for _, p := range m.term.posts {
				one[p.answer] = max(one[p.answer], p.weight*m.worth)
			}
		}
		for _, m := range u.matches {
			for _, p := range m.term.posts {
				scores[p.answer] += one[p.answer]
				one[p.answer] = 0
			}
		}
	}
	return scores
}

// top are the answers with the highest scores, the best first; of equal ones the earlier.
func (x *Index) top(scores []float32, n int) []int32 {
	best := make([]int32, 0, n+1)
	for a, s := range scores {
		if s == 0 || len(best) == n && s <= scores[best[n-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, s, func(b int32, s float32) int {
			return cmp.Or(cmp.Compare(s, scores[b]), -1)
		})
		best = slices.Insert(best, at, int32(a))
		best = best[:min(len(best), n)]
	}
	return best
}
