package dates

import (
	"cmp"
	"slices"
	"strings"

	"passeur/intents/french"
)

// phrases are what folded phrases mean, by their first word; of those that begin alike the longest comes first.
type phrases[T any] map[string][]phrase[T]

type phrase[T any] struct {
	words []string
	means T
}

func phrasesOf[T any](rows map[string]T) phrases[T] {
	out := phrases[T]{}
	for text, means := range rows {
		words := strings.Fields(text)
		out[words[0]] = append(out[words[0]], phrase[T]{words, means})
	}
	for _, alike := range out {
		slices.SortFunc(alike, func(a, b phrase[T]) int {
			return cmp.Or(len(b.words)-len(a.words), slices.Compare(a.words, b.words))
		})
	}
	return out
}

// lookup returns what the phrase at token i means and the tokens it takes, hyphens included; 0 tokens for none.
func lookup[T any](p *Parser, i int, known phrases[T]) (means T, n int) {
	for _, ph := range known[p.norm(i)] {
		if n := p.Phrase(i, ph.words); n > 0 {
			return ph.means, n
		}
	}
	return means, 0
}

// Phrase returns how many tokens from i on are these words, hyphens aside; 0 if they are not.
func (p *Parser) Phrase(i int, words []string) int {
	j := i
	for k, w := range words {
		if k > 0 && p.norm(j) == "-" {
			j++
		}
		if p.norm(j) != w {
			return 0
		}
		j++
	}
	return j - i
}

// norm returns the folded token i, "" outside.
func (p *Parser) norm(i int) string {
	if i < 0 || i >= len(p.toks) {
		return ""
	}
	return p.toks[i].Norm
}

// is reports whether tokens from i on are these words.
func (p *Parser) is(i int, words ...string) bool {
	for k, w := range words {
		if p.norm(i+k) != w {
			return false
		}
	}
	return true
}

// Digits reports whether token i is a number of at most so many digits.
func (p *Parser) Digits(i, most int) bool {
	return i >= 0 && i < len(p.toks) && p.toks[i].Kind == french.Number && len(p.toks[i].Norm) <= most
}

// Count returns the number at token i, in digits or in letters, and the tokens it takes; 0 tokens for none.
func (p *Parser) Count(i int) (value, n int) {
	if i < 0 || i >= len(p.toks) {
		return 0, 0
	}
	t := p.toks[i]
	if t.Kind == french.Number {
		return french.Atoi(t.Norm), 1
	}
	v, ok := numerals[t.Norm]
	if !ok {
		return 0, 0
	}
	n = 1
	if v == 4 {
		if j := p.unlinked(i + 1); p.norm(j) == "vingt" || p.norm(j) == "vingts" {
			v, n = 80, j+1-i
		}
	}
	if v%10 != 0 {
		return v, n
	}
	j := p.unlinked(i + n)
	u, ok := numerals[p.norm(j)]
	if !ok || p.norm(j) == "premier" || !(u < 10 && (v > 10 || u > 6) || u < 20 && v >= 60) {
		return v, n
	}
	n = j + 1 - i
	if k := p.unlinked(j + 1); u == 10 && numerals[p.norm(k)] > 6 && numerals[p.norm(k)] < 10 { // "soixante-dix-sept"
		u, n = u+numerals[p.norm(k)], k+1-i
	}
	return v + u, n
}

// unlinked is the first token from i on that joins no two words of a number.
func (p *Parser) unlinked(i int) int {
	for p.norm(i) == "-" || p.norm(i) == "et" {
		i++
	}
	return i
}
