// Package search finds answered questions that resemble a question, and says whether they are worth showing. It is pure, and nothing is learnt
// from what is asked.
//
// An Index keeps of each answered question how often every term stands in it, not what that weighs: weights follow from the mean lengths of
// the moment. So what is found depends on what the index holds, never on how it came to hold it. It keeps no text.
//
// Where to look: index (answered questions, put in and taken out), words (the words that are known, and numbers for names), find (what terms weigh,
// what is found), ask (a question taken apart: its synonyms and slips), synonyms (their table, data/synonymes.tsv), show (what is worth showing).
//
// `make eval` measures it on held-out questions, `make bench` among 100,000 answered ones. After a larger change
// `SEARCH_FIT=1 go test -run TestFitShow -v ./intents/search` prints the weights of show.go anew.
package search

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Answer is a question that somebody answered.
type Answer struct {
	ID               string
	Question, Answer string
	Themes           []string
}

// Index finds the answered questions that resemble a question: BM25 over the stems of questions and answers and over the groups of
// synonyms that they belong to (data/synonymes.tsv). It changes with Put and Remove, and is safe for concurrent use: a search sees all of a
// change or nothing of it. It holds ids, words and counts, and no text; a word that no answered question holds any more is forgotten.
type Index struct {
	lock      sync.RWMutex
	ids       numbers
	held      []held // by the number of the id
	questions int    // how many words they have together
	answers   int
	terms     numbers
	posts     [][]posting // by the number of the term, in the order of the answered questions
	wayOf     map[way]int32
	ways      []way     // those that there ever were: some thousands, however much is held
	weights   []float32 // of the ways
	words     vocabulary
	synonym   synonyms
}

// held is what one answered question has put into an index: the numbers of its words, as often as they are there, and of its terms.
type held struct {
	words, terms []int32
	lengths      both
}

// posting says in which way a term stands in one answered question. A term is a stem, some stems that the table of synonyms holds together, or a
// group of synonyms.
type posting struct{ answer, way int32 }

// way is how often a term stands in a question and in its answer, and how many words these have: all that its weight depends on.
type way struct{ counts, lengths both }

// both is a number for a question and one for its answer: small ones, since no more than french.LongestText of a text is looked at.
type both struct{ question, answer uint16 }

// New indexes answered questions; of several with the same ID the last counts. 100,000 take some seconds.
func New(answers []Answer) *Index {
	x := &Index{ids: newNumbers(), terms: newNumbers(), wayOf: map[way]int32{}, words: newVocabulary()}
	x.synonym = readSynonyms(func(text string) []string { return x.words.stems(x.words.hold(text)) })
	for _, a := range answers {
		x.put(a)
	}
	x.weigh()
	return x
}

// Put adds an answered question, or replaces the one that has its ID: the next search looks among them as if they had all been given to New.
// It takes some tenths of a millisecond among 100,000.
func (x *Index) Put(a Answer) {
	x.lock.Lock()
	defer x.lock.Unlock()
	x.put(a)
	x.weigh()
}

// Remove takes an answered question out, and with it the words that no other holds. It does nothing if there is none of that ID.
func (x *Index) Remove(id string) {
	x.lock.Lock()
	defer x.lock.Unlock()
	x.remove(id)
	x.weigh()
}

func (x *Index) put(a Answer) {
	x.remove(a.ID)
	n := x.ids.give(a.ID)
	question, answer := x.words.hold(a.Question), x.words.hold(a.Answer+" "+strings.Join(a.Themes, " "))
	h := held{words: slices.Concat(question, answer), lengths: both{uint16(len(question)), uint16(len(answer))}}
	counts := x.count(question, answer)
	h.terms = make([]int32, 0, len(counts))
	for t, c := range counts {
		h.terms = append(h.terms, t)
		at, _ := place(x.posts[t], n)
		x.posts[t] = slices.Insert(x.posts[t], at, posting{n, x.way(way{c, h.lengths})})
	}
	x.held = reach(x.held, n)
	x.held[n] = h
	x.questions += len(question)
	x.answers += len(answer)
}

func (x *Index) remove(id string) {
	n, ok := x.ids.of[id]
	if !ok {
		return
	}
	h := x.held[n]
	for _, w := range h.words {
		x.words.release(w)
	}
	for _, t := range h.terms {
		at, _ := place(x.posts[t], n)
		if x.posts[t] = slices.Delete(x.posts[t], at, at+1); len(x.posts[t]) == 0 {
			x.posts[t] = nil
			x.terms.free(t)
		}
	}
	x.questions -= int(h.lengths.question)
	x.answers -= int(h.lengths.answer)
	x.held[n] = held{}
	x.ids.free(n)
}

// count counts the terms of a question and its answer, of which it gets the words.
func (x *Index) count(question, answer []int32) map[int32]both {
	counts := map[int32]both{}
	for _, t := range x.termsOf(question) {
		c := counts[t]
		c.question++
		counts[t] = c
	}
	for _, t := range x.termsOf(answer) {
		c := counts[t]
		c.answer++
		counts[t] = c
	}
	return counts
}

// termsOf are the terms of a text, as often as they stand in it.
func (x *Index) termsOf(words []int32) (terms []int32) {
	add := func(name string) {
		t := x.terms.give(name)
		x.posts = reach(x.posts, t)
		terms = append(terms, t)
	}
	stems := x.words.stems(words)
	for i, s := range stems {
		add(s)
		for _, e := range x.synonym.at(stems[i:]) {
			add(e.group)
			if len(e.stems) > 1 {
				add(strings.Join(e.stems, " "))
			}
		}
	}
	return terms
}

// way is the number of a way.
func (x *Index) way(is way) int32 {
	n, ok := x.wayOf[is]
	if !ok {
		n = int32(len(x.ways))
		x.wayOf[is], x.ways = n, append(x.ways, is)
	}
	return n
}

// place is where the posting of an answered question stands in a list, or belongs.
func place(posts []posting, answer int32) (at int, ok bool) {
	if n := len(posts); n == 0 || posts[n-1].answer < answer { // as long as none has been taken out
		return n, false
	}
	return slices.BinarySearchFunc(posts, answer, func(p posting, a int32) int { return cmp.Compare(p.answer, a) })
}

// postsOf are the postings of a term, by its name; of one that nothing holds there are none.
func (x *Index) postsOf(term string) []posting {
	if t, ok := x.terms.of[term]; ok {
		return x.posts[t]
	}
	return nil
}
