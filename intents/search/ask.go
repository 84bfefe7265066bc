package search

import (
	"slices"
	"strings"
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
	posts []posting
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
		s, trust := x.words.stem(w), 1.0
		if len(x.postsOf(s)) == 0 && !x.words.knows(w) && len(w) >= longEnough && w[0] > '9' {
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
	if x.words.knows(w) {
		return w
	}
	for _, elided := range []string{"l", "d", "j", "qu"} {
		if rest, ok := strings.CutPrefix(w, elided); ok && len(rest) >= 4 && x.words.knows(rest) {
			return rest
		}
	}
	return w
}

// correction is the stem of the word of the index that differs from w by one letter, the most frequent of them; "" when there is none. The
// first letter is hardly ever wrong, and numbers never are.
func (x *Index) correction(w string) (best string) {
	most, word := 0, ""
	x.words.near(w, func(other, stem string) {
		held := len(x.postsOf(stem))
		if held > most || held == most && held > 0 && other < word {
			best, most, word = stem, held, other
		}
	})
	return best
}

// unit weighs what is asked by some stems that stand together.
func (x *Index) unit(stems []string, sure float64, entries []entry) unit {
	var u unit
	if exact := x.postsOf(strings.Join(stems, " ")); len(exact) > 0 {
		u.mass = x.rarity(len(exact))
		u.matches = append(u.matches, match{exact, float32(sure * u.mass)})
	}
	own := u.mass
	for _, e := range entries {
		if group := x.postsOf(e.group); len(group) > 0 {
			idf := x.rarity(len(group))
			u.mass = max(u.mass, idf)
			u.matches = append(u.matches, match{group, float32(bySynonym * ((1-ofWord)*idf + ofWord*max(idf, own)))})
		}
	}
	if len(u.matches) == 0 {
		u.mass = unknown * x.rarity(1)
	}
	return u
}
