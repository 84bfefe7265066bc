package intents

import "strings"

// refused reports whether the words around a date, in its own clause, say that it does not suit: "je peux pas mardi",
// "mardi non", "empêché demain". "pas avant lundi" names a day that suits.
func (p *dateParser) refused(w When) bool {
	first, end := p.span(w)
	for j, steps := first-1, 0; j >= 0 && steps < 6; j, steps = j-1, steps+1 {
		s := p.norm(j)
		if clauseEnds(s) {
			break
		}
		if busy[s] {
			return true
		}
		if j == first-1 && (s == "avant" || s == "apres" || s == "que") || s == "qu" || s == "partir" {
			return false
		}
		if p.refuses(j) {
			return true
		}
	}
	for j, steps := end, 0; j < len(p.toks) && steps < 5; j, steps = j+1, steps+1 {
		s := p.norm(j)
		if clauseEnds(s) {
			break
		}
		if j == end && s == "non" || busy[s] && (p.norm(j-1) == "je" || p.norm(j-1) == "suis") || p.refuses(j) {
			return true
		}
	}
	return false
}

// busy are the words that say why the day behind them does not suit.
var busy = setOf("travaille travail bosse bosser malade hospitalise hospitalisee pris prise chose")

// span returns the tokens of a date: the first one and the one after the last.
func (p *dateParser) span(w When) (first, end int) {
	for first < len(p.toks) && p.toks[first].start < w.Start {
		first++
	}
	for end = first; end < len(p.toks) && p.toks[end].end <= w.End; end++ {
	}
	return first, end
}

func clauseEnds(s string) bool {
	switch s {
	case ",", ".", ";", "?", "!", "mais", "et", "ou", "sinon", "plutot", "donc", "car":
		return true
	}
	return false
}

// refuses reports whether token j says no.
func (p *dateParser) refuses(j int) bool {
	s := p.norm(j)
	switch s {
	case "pas", "pa":
		if b := p.norm(j - 1); b == "pourquoi" || b == "oublier" || b == "oubliez" || b == "oublie" {
			return false
		}
		if n := p.norm(j + 1); n == "de" || n == "d" {
			k := p.norm(j + 2)
			return !strings.HasPrefix(k, "souci") && !strings.HasPrefix(k, "prob") && !strings.HasPrefix(k, "pb")
		}
		return true
	case "plus":
		return p.norm(j+1) != "tard" && p.norm(j+1) != "tot"
	case "sauf", "empeche", "empechee", "empechement", "indisponible", "impossible", "absent", "absente":
		return true
	}
	return false
}
