package intents

import (
	"maps"
	"slices"
	"strings"

	"passeur/intents/french"
	"passeur/intents/phones"
)

// What a text shows to the classifier. Each kind of feature has its own weight, shared among the features of that kind, so that
// the hundred letter groups of a text do not drown its ten words.

// The kinds of features.
const (
	kindBias      = iota
	kindWord      // a word, its SMS spelling undone
	kindStem      // its stem
	kindPair      // two words in a row
	kindLetters   // four letters in a row
	kindClass     // the part that a word plays: a class of french/data/classes.tsv
	kindClassPair // two such parts
	kindHere      // a word under the open question
	kindRule      // what the rules found
	kindSign      // what is seen at a glance
	kindSound     // what a word sounds like, and two in a row
	kindNeg       // a word behind a "pas"
	kindLast      // a word of the last clause
	kinds
)

// kindWeight is how much the features of a kind count together: the best of a few by cross-validation between authors.
var kindWeight = [kinds]float32{kindBias: 0.3, kindWord: 1.5, kindStem: 1.5, kindPair: 1.5, kindLetters: 2, kindClass: 1.5, kindClassPair: 1.5, kindHere: 1,
	kindRule: 0.4, kindSign: 0.7, kindSound: 0.7, kindNeg: 0.7, kindLast: 0.7}

// sketch collects the features of a text.
type sketch []feature

// feature is something that a text shows: the hash of what it is, with its kind in the last four bits.
type feature uint64

func (f feature) kind() int { return int(f & 15) }

// add adds a feature: a kind and words, by their FNV-1a hash.
func (s *sketch) add(kind int, words ...string) {
	h := uint64(14695981039346656037)
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	*s = append(*s, feature(h<<4|uint64(kind)))
}

// sketchOf looks at a text: its words, the question that was open, and what the rules say of it. It writes into s, which is empty.
func (r *ruleReader) sketchOf(s sketch, m message, ruled Reading, f findings) []feature {
	s.add(kindBias)
	s.add(kindHere, "open", m.ctx.Open)
	s.words(m)
	s.letterGroups(m.toks)
	s.sounds(m.toks)
	s.scopes(m)
	s.classes(m, r.classes)
	s.evidence(m, ruled, f)
	s.signs(m)
	return s
}

// evidence is what the rules found: the classifier learns how far each may be believed.
func (s *sketch) evidence(m message, ruled Reading, f findings) {
	rule := func(words ...string) {
		s.add(kindRule, words...)
		s.add(kindRule, append(words, m.ctx.Open)...)
	}
	rule("says", string(ruled.Intent))
	if ruled.Confidence >= 0.9 {
		rule("surely", string(ruled.Intent))
	}
	for _, i := range slices.Sorted(maps.Keys(f.score)) { // in order: sums of floats depend on it
		rule("hit", string(i))
		if f.score[i] >= 2 {
			rule("hits", string(i))
		}
	}
	rule([]string{"silent", "contested", "comes"}[f.stance])
	for _, sign := range []struct {
		name  string
		holds bool
	}{{"urgent", m.urgent}, {"denies", f.denies}, {"undecided", f.undecided}, {"date", f.date}, {"yes", f.answer.yes}, {"no", f.answer.no}, {"whole", f.answer.whole}} {
		if sign.holds {
			rule(sign.name)
		}
	}
}

// words are what the rules read too, their stems, and pairs of them.
func (s *sketch) words(m message) {
	before := "^"
	for _, w := range m.words {
		if w[0] >= '0' && w[0] <= '9' {
			w = "0000000000"[:min(len(w), 10)]
		}
		s.add(kindWord, w)
		s.add(kindStem, stemsMet.Of(w))
		s.add(kindPair, before, w)
		s.add(kindHere, m.ctx.Open, w)
		before = w
	}
	s.add(kindPair, before, "$")
}

// letterGroups are four letters in a row, word boundaries included.
func (s *sketch) letterGroups(toks []french.Token) {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range toks {
		switch t.Kind {
		case french.Word:
			b.WriteString(t.Norm)
		case french.Number:
			b.WriteString("0000000000"[:min(len(t.Norm), 10)])
		default:
			b.WriteString(t.Norm)
		}
		b.WriteByte(' ')
	}
	text := b.String()
	for i := 0; i+4 <= len(text); i++ {
		s.add(kindLetters, text[i:i+4])
	}
}

// What is remembered of the words of the examples.
var stemsMet, soundsMet = french.NewMemo(french.Stem), french.NewMemo(french.Sound)

// sounds are what the words sound like, and pairs of them.
func (s *sketch) sounds(toks []french.Token) {
	before := "^"
	for _, t := range toks {
		if t.Kind != french.Word {
			continue
		}
		w := soundsMet.Of(t.Norm)
		s.add(kindSound, w)
		s.add(kindSound, before, w)
		before = w
	}
}

// scopes are the words behind a "pas", and those of the last clause: it often takes back what stands before it.
func (s *sketch) scopes(m message) {
	if len(m.words) == 0 {
		return
	}
	denied := -1
	for i, w := range m.words {
		if denying[w] {
			denied = m.clause[i]
			continue
		}
		if m.clause[i] == denied {
			s.add(kindNeg, w)
		}
		if last := m.clause[len(m.clause)-1]; last > 0 && m.clause[i] == last {
			s.add(kindLast, w)
		}
	}
}

// classes are the parts that words play, pairs of them, and what they are under the open question.
func (s *sketch) classes(m message, lex *french.ClassBook) {
	var before, earlier []string
	for _, w := range m.words {
		here := lex.Of(w)
		for _, c := range here {
			s.add(kindClass, c)
			s.add(kindClass, c, m.ctx.Open)
			for _, b := range before {
				s.add(kindClassPair, b, c)
			}
			for _, b := range earlier {
				s.add(kindClassPair, b, "..", c)
			}
		}
		if len(here) > 0 {
			before, earlier = here, before
		}
	}
	for _, t := range m.toks {
		for _, c := range lex.Of(t.Norm) {
			s.add(kindClass, c)
		}
	}
}

// signs are what else one sees at a glance.
func (s *sketch) signs(m message) {
	if m.question {
		s.add(kindSign, "?")
		s.add(kindSign, "?", m.ctx.Open)
	}
	if strings.Contains(m.text, "!") {
		s.add(kindSign, "!")
	}
	n := "long"
	for _, b := range []int{1, 2, 3, 5, 8, 13} {
		if len(m.words) <= b {
			n = string(rune('a' + b))
			break
		}
	}
	s.add(kindSign, "n", n)
	if foreign(m.text) {
		s.add(kindSign, "foreign")
	}
	if len(phones.Spans(m.text)) > 0 {
		s.add(kindSign, "phone")
	}
	if postcode(m.toks) {
		s.add(kindSign, "postcode")
	}
	if len(m.words) > 0 {
		s.add(kindSign, "first", m.words[0])
		s.add(kindSign, "last", m.words[len(m.words)-1])
	}
}
