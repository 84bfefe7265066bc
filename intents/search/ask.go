package search

import (
	"slices"
	"strings"

	"passeur/intents/french"
)

// Weights of the ways in which a word can be there, against the word itself; chosen on testdata/search.
const (
	bySynonym    = 0.85
	ofWord       = 0.3 // of what a synonym weighs, how much comes from the rarity of the word that was asked, the rest from its group's
	byCorrection = 0.8
	unknown      = 0.75 // what a word that no answer holds weighs, against the rarest of those that some hold
)

// longEnough is how long a word must be to be corrected: short words have too many neighbours.
const longEnough = 6

// unit is one thing that is asked: a word, or several that stand in the table of synonyms together.
type unit struct {
	mass    float64 // what it weighs when it is all there
	matches []match
}

// match is one way in which a unit can be there.
type match struct {
	term  *term
	worth float32 // of a posting of weight 1
}

// ask takes a question apart. What it says twice is asked once.
func (x *Index) ask(question string) []unit {
	stems, sure := x.known(question)
	var units []unit
	seen := map[string]bool{}
	for i := 0; i < len(stems); {
		entries := x.synonym.at(stems[i:])
		n := 1
		for _, e := range entries {
			n = max(n, len(e.stems))
		}
		entries = slices.DeleteFunc(entries, func(e entry) bool { return len(e.stems) < n })
		if key := strings.Join(stems[i:i+n], " "); !seen[key] {
			seen[key] = true
			units = append(units, x.unit(stems[i:i+n], sure[i], entries))
		}
		i += n
	}
	return units
}

// known are the stems of a question. A word that no answer and no synonym holds is cut if an elided word is glued to one that is known
// ("limprimante"), or corrected if one letter makes it one that some answer holds. sure says how much to trust each.
func (x *Index) known(question string) (stems []string, sure []float64) {
	for _, w := range telling(question) {
		w = x.unglued(w)
		s, ok := x.words[w]
		if !ok {
			s = french.Stem(w)
		}
		trust := 1.0
		if x.terms[s] == nil && !x.knows(w) && len(w) >= longEnough {
			if right := x.correction(w); right != "" {
				s, trust = right, byCorrection
			}
		}
		stems, sure = append(stems, s), append(sure, trust)
	}
	return stems, sure
}

// unglued is a word without the elided one that stands before it.
func (x *Index) unglued(w string) string {
	if x.knows(w) {
		return w
	}
	for _, elided := range []string{"l", "d", "j", "qu"} {
		if rest, ok := strings.CutPrefix(w, elided); ok && len(rest) >= 4 && x.knows(rest) {
			return rest
		}
	}
	return w
}

// knows tells a word that is no slip: one of an answer, of the table of synonyms or of grammar.
func (x *Index) knows(w string) bool {
	_, ok := x.words[w]
	return ok || french.EmptyWords[w]
}

// correction is the stem of a word of the index that differs from w by one letter, the most frequent of them; "" when there is none. The
// first letter is hardly ever wrong, and numbers never are.
func (x *Index) correction(w string) (best string) {
	held := 0
	from, _ := slices.BinarySearch(x.sorted, w[:1])
	for _, other := range x.sorted[from:] {
		if other[0] != w[0] {
			break
		}
		if s := x.words[other]; french.Near(w, other) && len(x.terms[s].posts) > held {
			best, held = s, len(x.terms[s].posts)
		}
	}
	return best
}

// unit weighs what is asked by some stems that stand together.
func (x *Index) unit(stems []string, sure float64, entries []entry) unit {
	var u unit
	if exact := x.terms[strings.Join(stems, " ")]; exact != nil {
		u.mass = exact.idf
		u.matches = append(u.matches, match{exact, float32(sure * exact.idf)})
	}
	own := u.mass
	for _, e := range entries {
		if group := x.terms[e.group]; group != nil {
			u.mass = max(u.mass, group.idf)
			idf := (1-ofWord)*group.idf + ofWord*max(group.idf, own)
			u.matches = append(u.matches, match{group, float32(bySynonym * idf)})
		}
	}
	if len(u.matches) == 0 {
		u.mass = unknown * x.rarest
	}
	return u
}
