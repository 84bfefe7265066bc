package intents

import (
	"maps"
	"slices"
	"strings"

	"passeur/intents/french"
)

// FindCommunes finds communes in free text. Their names must be complete, accents and case aside; a name that is also an
// everyday word ("Nay", "Le Pas", "Paris") counts only with a capital and behind "à", "de" or "vers"; behind "Mme" or "M."
// it is a person's. Only the first 2,000 characters are read.
func (g *Gazetteer) FindCommunes(text string) []CommuneHit {
	toks := french.Tokenize(french.Opening(text))
	var hits []CommuneHit
	for i := 0; i < len(toks); {
		key, n := g.longestName(toks, i)
		if n == 0 || !g.isPlace(text, toks, i, n, key) {
			i++
			continue
		}
		for _, c := range g.names[key] {
			hits = append(hits, CommuneHit{g.communes[c], toks[i].Start, toks[i+n-1].End})
		}
		i += n
	}
	return hits
}

// longestName returns the longest name that begins at token i and how many tokens it takes.
func (g *Gazetteer) longestName(toks []french.Token, i int) (key string, n int) {
	first := long(toks[i].Norm)
	most := g.longest[first]
	if most == 0 || toks[i].Kind != french.Word {
		return "", 0
	}
	var b strings.Builder
	b.WriteString(first)
	if g.names[first] != nil {
		key, n = first, 1
	}
	words := 1
	for j := i + 1; j < len(toks) && words < most; j++ {
		if toks[j].Kind == french.Sign {
			if toks[j].Norm == "-" {
				continue
			}
			break
		}
		b.WriteByte(' ')
		b.WriteString(long(toks[j].Norm))
		words++
		if g.names[b.String()] != nil {
			key, n = b.String(), j+1-i
		}
	}
	return key, n
}

// isPlace decides whether a name at token i means the commune.
func (g *Gazetteer) isPlace(text string, toks []french.Token, i, n int, key string) bool {
	before := ""
	if i > 0 {
		before = toks[i-1].Norm
		if before == "." && i > 1 {
			before = toks[i-2].Norm
		}
	}
	if french.Titles[before] {
		return false
	}
	if len(key) >= 4 && !g.common[bare(key)] {
		return true
	}
	return locative[before] && french.Capital(text[toks[i+n-1].Start:])
}

// locative words stand before the name of a place.
var locative = map[string]bool{"a": true, "de": true, "d": true, "vers": true, "sur": true, "pres": true, "depuis": true}

// ReadCommune reads the answer to "dans quelle commune ?": a name or its beginning, with one typo at most, the old name of
// a merged commune, a postcode; words beyond the 24th are not looked at. Several communes mean that the person must be asked; they are sorted by code.
func (g *Gazetteer) ReadCommune(text string) []Commune {
	var words []string
	posted := map[int32]bool{}
	for _, t := range french.Tokenize(french.Opening(text)) {
		switch {
		case t.Kind == french.Number && len(t.Norm) == 5:
			for _, i := range g.posts[t.Norm] {
				posted[i] = true
			}
		case t.Kind == french.Word && !fillers[t.Norm] && len(words) < longestAnswer:
			words = append(words, long(t.Norm))
		}
	}
	named := g.named(words)
	if len(posted) > 0 && len(named) > 0 {
		if both := intersect(posted, named); len(both) > 0 {
			return g.sorted(both)
		}
	}
	if len(posted) > 0 && len(named) == 0 {
		return g.sorted(posted)
	}
	return g.sorted(named)
}

// longestAnswer is how many words of an answer may name a commune: looking for slips goes through all names for each.
const longestAnswer = 24

// fillers stand around the name of a commune in an answer.
var fillers = map[string]bool{
	"je": true, "j": true, "habite": true, "jabite": true, "jhabite": true, "abite": true, "suis": true, "moi": true, "de": true, "d": true, "a": true, "au": true,
	"vers": true, "pres": true, "cote": true, "commune": true, "ville": true, "village": true, "petit": true, "petite": true, "code": true,
	"postal": true, "c": true, "est": true, "dans": true, "sur": true, "reside": true, "vis": true, "bonjour": true, "merci": true, "svp": true,
	"secteur": true, "mairie": true, "coin": true, "ma": true, "mon": true, "par": true, "chez": true, "plutot": true, "entre": true, "et": true, "ou": true, "oui": true,
}

// named finds the communes that words name: whole names first, then beginnings, then names with one typo.
func (g *Gazetteer) named(words []string) map[int32]bool {
	if len(words) == 0 {
		return nil
	}
	for n := len(words); n > 0; n-- {
		for i := 0; i+n <= len(words); i++ {
			key := strings.Join(words[i:i+n], " ")
			if found := g.names[key]; found != nil && (len(key) > 3 || len(words) == 1) {
				return set(found)
			}
		}
	}
	phrase := strings.Join(words, " ")
	if found := g.beginning(phrase); len(found) > 0 {
		return found
	}
	if found := g.misspelt(phrase); len(found) > 0 {
		return found
	}
	for _, w := range words {
		if found := g.misspelt(w); len(found) > 0 {
			return found
		}
		if found := g.beginning(w); len(w) > 4 && len(found) > 0 {
			return found
		}
	}
	return nil
}

// beginning finds the names that begin with a phrase of at least three letters, with or without their article.
func (g *Gazetteer) beginning(phrase string) map[int32]bool {
	found := map[int32]bool{}
	if len(phrase) < 3 || articles[phrase] {
		return found
	}
	for _, start := range []string{phrase, "le " + phrase, "la " + phrase, "les " + phrase, "l " + phrase} {
		at, _ := slices.BinarySearch(g.keys, start)
		for ; at < len(g.keys) && strings.HasPrefix(g.keys[at], start); at++ {
			maps.Copy(found, set(g.names[g.keys[at]]))
		}
	}
	return found
}

var articles = map[string]bool{"les": true, "saint": true, "sainte": true, "des": true, "mont": true, "notre": true, "une": true}

// misspelt finds the names that differ from a phrase by one letter, spaces aside.
func (g *Gazetteer) misspelt(phrase string) map[int32]bool {
	found := map[int32]bool{}
	p := strings.ReplaceAll(phrase, " ", "")
	if len(p) < 5 {
		return found
	}
	for _, k := range g.keys {
		if d := len(k) - len(p); d < -1 || d > 8 {
			continue
		}
		for _, name := range []string{k, bare(k)} {
			if french.Near(strings.ReplaceAll(name, " ", ""), p) {
				maps.Copy(found, set(g.names[k]))
			}
		}
	}
	return found
}

func set(is []int32) map[int32]bool {
	m := make(map[int32]bool, len(is))
	for _, i := range is {
		m[i] = true
	}
	return m
}

func intersect(a, b map[int32]bool) map[int32]bool {
	m := map[int32]bool{}
	for i := range a {
		if b[i] {
			m[i] = true
		}
	}
	return m
}

func (g *Gazetteer) sorted(found map[int32]bool) []Commune {
	var out []Commune
	for _, i := range slices.Sorted(maps.Keys(found)) {
		out = append(out, g.communes[i])
	}
	return out
}
