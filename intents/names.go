package intents

import (
	"unicode"
	"unicode/utf8"

	"passeur/intents/french"
)

// namelessPrefixes begin verbs that are never a name.
var namelessPrefixes = []string{"annul", "supprim", "deplac", "decal", "report", "prevenu", "inform", "averti", "confirm", "enlev", "rappel"}

// nameable reports whether token i may be a word of a name.
func (r *bookingReader) nameable(i int) bool {
	s := r.norm(i)
	return s != "" && r.toks[i].Kind == french.Word && !french.Nameless[s] && !french.HasPrefix(s, namelessPrefixes)
}

// readTitled reads "Mme Roger", "M. Le Goff", "Mr legrand".
func (r *bookingReader) readTitled() {
	for i := range r.toks {
		if !french.Titles[r.norm(i)] {
			continue
		}
		j := i + 1
		if r.norm(j) == "." {
			j++
		}
		for french.Particles[r.norm(j)] && r.norm(j+1) != "" && !r.lower(j+1) {
			j++
		}
		if r.norm(j) == "" || r.toks[j].Kind != french.Word || french.Nameless[r.norm(j)] && !french.Capital(r.text[r.toks[j].Start:]) {
			continue
		}
		end := r.nameEnd(j)
		r.Name = r.typed(i, end)
		r.take(i, end)
		return
	}
}

// nameEnd returns the token after a name that begins at i: up to three words, hyphens between them, an initial at the end.
func (r *bookingReader) nameEnd(i int) int {
	end := i + 1
	for words := 1; words < 3 && end < len(r.toks); {
		next := end
		if r.norm(next) == "-" && r.toks[next].Glued {
			next++
		} else if r.placeAt(next) || r.lower(end-1) != r.lower(next) && !r.initial(next) {
			break
		}
		if !r.initial(next) && (!r.nameable(next) || french.Titles[r.norm(next)]) {
			break
		}
		end = next + 1
		words++
	}
	if r.norm(end) == "." && r.toks[end-1].Kind == french.Word && r.toks[end-1].End-r.toks[end-1].Start <= 2 && r.toks[end].Glued {
		end++
	}
	return end
}

// initial reports whether token i is a single capital.
func (r *bookingReader) initial(i int) bool {
	return utf8.RuneCountInString(r.norm(i)) == 1 && r.toks[i].Kind == french.Word && !r.lower(i)
}

// lower reports whether token i begins in small letters.
func (r *bookingReader) lower(i int) bool {
	if i < 0 || i >= len(r.toks) {
		return true
	}
	c, _ := utf8.DecodeRuneInString(r.text[r.toks[i].Start:])
	return !unicode.IsUpper(c)
}

// readName takes the first run of words that nothing else took, one with a capital before one without.
func (r *bookingReader) readName() {
	if r.Name != "" {
		return
	}
	best := -1
	for i := range r.toks {
		if !r.nameable(i) || french.Titles[r.norm(i)] {
			continue
		}
		if best < 0 || r.lower(best) && !r.lower(i) {
			best = i
		}
	}
	if best < 0 {
		return
	}
	end := r.nameEnd(best)
	if best > 0 && r.initial(best-1) && !r.toks[best].Glued && r.toks[best].Start-r.toks[best-1].End <= len("’") &&
		r.text[r.toks[best-1].End] != ' ' {
		best-- // "N'Guyen", "O'Brien"
	}
	r.Name = r.typed(best, end)
	r.take(best, end)
}
