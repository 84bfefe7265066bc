package intents

import (
	"slices"
	"strings"

	"passeur/intents/french"
)

// pattern is words in a row, as rules write them:
//
//	word      that word; with one typo if it has five letters or more
//	word*     any word that begins so
//	a/b       one of them
//	@class    a word of a class of the lexicon
//	..        up to three words of any kind
//	^ $       the beginning, the end of the text, greetings and thanks aside
//	~ before the line: weak, by itself no proof
//	% before the line: a circumstance, which counts only from somebody who does not say that she comes
//
// Small words (articles, "ne") are passed over, as in texts: see dropped.
type pattern struct {
	intent       Intent
	weak         bool
	circumstance bool
	steps        []step
	start        bool
	end          bool
}

// step is one word of a pattern, or a gap before the next.
type step struct {
	atoms []int32 // any of them
	gap   bool
}

// book holds compiled patterns and finds which of them a text fits.
type book struct {
	patterns []pattern
	exact    map[string][]int32    // word → atoms
	prefixes map[string][]int32    // beginning → atoms
	cut      map[string][]int32    // a word without one of its letters → atoms that it may be a typo of
	words    []string              // by atom
	first    map[int32][]int32     // atom → patterns that begin with it
	classes  map[string]string     // of the lexicon: name → words
	longest  int                   // letters of the longest beginning
	met      *french.Memo[[]int32] // words of the examples → atoms
}

func newBook(classes map[string]string) *book {
	b := &book{exact: map[string][]int32{}, prefixes: map[string][]int32{}, cut: map[string][]int32{}, first: map[int32][]int32{}, classes: classes}
	b.met = french.NewMemo(b.atomsOf)
	return b
}

// add compiles one line for an intent.
func (b *book) add(intent Intent, line string) {
	p := pattern{intent: intent}
	line, p.weak = strings.CutPrefix(line, "~")
	line, p.circumstance = strings.CutPrefix(line, "%")
	gap := false
	for _, f := range strings.Fields(line) {
		switch f {
		case "^":
			p.start = true
		case "$":
			p.end = true
		case "..":
			gap = true
		default:
			if french.Dropped[f] {
				continue
			}
			p.steps = append(p.steps, step{b.atoms(f), gap})
			gap = false
		}
	}
	if len(p.steps) == 0 {
		return
	}
	id := int32(len(b.patterns))
	b.patterns = append(b.patterns, p)
	for _, a := range p.steps[0].atoms {
		b.first[a] = append(b.first[a], id)
	}
}

// atoms returns the atoms of "a/b*/@class".
func (b *book) atoms(field string) []int32 {
	var out []int32
	for _, alt := range strings.Split(field, "/") {
		if class, ok := strings.CutPrefix(alt, "@"); ok {
			for _, w := range strings.Fields(b.classes[class]) {
				out = append(out, b.atom(w))
			}
			continue
		}
		out = append(out, b.atom(alt))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// atom returns the number of a word, or of a beginning "word*".
func (b *book) atom(w string) int32 {
	stem, isPrefix := strings.CutSuffix(w, "*")
	if isPrefix {
		if at := b.prefixes[stem]; at != nil {
			return at[0]
		}
	} else {
		if to, ok := french.Spellings[w]; ok && len(to) == 1 {
			w = to[0]
		}
		for _, a := range b.exact[w] {
			return a
		}
	}
	id := int32(len(b.words))
	b.words = append(b.words, w)
	if isPrefix {
		b.prefixes[stem] = append(b.prefixes[stem], id)
		b.longest = max(b.longest, len(stem))
		return id
	}
	b.exact[w] = append(b.exact[w], id)
	if len(w) >= 5 && !asSpelt[w] {
		for i := range w {
			b.cut[w[:i]+w[i+1:]] = append(b.cut[w[:i]+w[i+1:]], id)
		}
	}
	return id
}

// known reports whether a folded word is one of the rules', typos aside.
func (b *book) known(w string) bool {
	if b.exact[w] != nil {
		return true
	}
	for n := 3; n <= min(len(w), b.longest); n++ {
		if b.prefixes[w[:n]] != nil {
			return true
		}
	}
	return false
}

// read returns the atoms of each word, sorted.
func (b *book) read(words []string) [][]int32 {
	out := make([][]int32, len(words))
	for i, w := range words {
		out[i] = b.met.Of(w)
	}
	return out
}

func (b *book) atomsOf(w string) []int32 {
	var ids []int32
	ids = append(ids, b.exact[w]...)
	for n := 2; n <= min(len(w), b.longest); n++ {
		ids = append(ids, b.prefixes[w[:n]]...)
	}
	if len(ids) == 0 && mayBeTypo(w) {
		ids = b.typos(w)
	}
	slices.Sort(ids)
	return ids
}

// longestTypo bounds the words in which a slip is looked for, since looking takes time that grows with the square of the
// length: no word of the rules is longer.
const longestTypo = 24

// mayBeTypo reports whether a word that the rules do not know may be a slip of one that they know.
func mayBeTypo(w string) bool { return len(w) >= 5 && len(w) <= longestTypo && !french.TrueWords[w] }

// asSpelt are words of the rules that count only as they are spelt: "envoie" is too near to "envie" ("plus envie de vivre").
var asSpelt = french.WordSet("envoie")

// typos returns the atoms that a word may be a slip of.
func (b *book) typos(w string) []int32 {
	var ids []int32
	keep := func(cands []int32) {
		for _, c := range cands {
			if french.Near(b.words[c], w) && !asSpelt[b.words[c]] && !slices.Contains(ids, c) {
				ids = append(ids, c)
			}
		}
	}
	keep(b.cut[w])
	for i := range len(w) {
		short := w[:i] + w[i+1:]
		keep(b.exact[short])
		keep(b.cut[short])
	}
	return ids
}

// hit is a pattern that a text fits.
type hit struct {
	pattern  *pattern
	from, to int // words
}

// size is how many words the pattern names.
func (h hit) size() int { return len(h.pattern.steps) }

// hits returns every pattern that the words fit, each once; lo and hi bound what lies between greetings and thanks.
func (b *book) hits(words [][]int32, lo, hi int) []hit {
	var out []hit
	for i := range words {
		for _, a := range words[i] {
			for _, id := range b.first[a] {
				p := &b.patterns[id]
				if p.start && i != lo && i != 0 {
					continue
				}
				to, ok := fits(p, words, i)
				if !ok || p.end && to != hi && to != len(words) {
					continue
				}
				out = append(out, hit{p, i, to})
			}
		}
	}
	return out
}

// fits reports whether a pattern whose first word stands at i goes on to fit, and the word after its last one.
func fits(p *pattern, words [][]int32, i int) (int, bool) {
	at := i + 1
	for _, s := range p.steps[1:] {
		reach := at
		if s.gap {
			reach = at + 3
		}
		found := false
		for j := at; j <= reach && j < len(words); j++ {
			if overlap(words[j], s.atoms) {
				at, found = j+1, true
				break
			}
		}
		if !found {
			return 0, false
		}
	}
	return at, true
}

// overlap reports whether two sorted lists share a value.
func overlap(a, b []int32) bool {
	for _, x := range a {
		if _, ok := slices.BinarySearch(b, x); ok {
			return true
		}
	}
	return false
}
