package papers

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// hyphenPenalty is how much a line that ends within a word, after its hyphen, is avoided: as much as a line of which this part
// stays empty.
const hyphenPenalty = 0.3

// piece is a part of a text between two places where a line may end.
type piece struct {
	from, to int     // bytes of the text, without the space that follows
	width    float64 // in sizes of the type
	space    bool    // a space follows: it is drawn if the line goes on
}

// wrap cuts a text into the fewest lines of a width (in sizes of the type), as even as they can be, so that no word stands alone
// on the last. ok is false if one of its words is wider than that. The lines, joined, are the text but for spaces.
func (l *letters) wrap(text string, width float64) (lines []string, ok bool) {
	pieces := l.pieces(text)
	blank := l.width(" ")
	best := make([]ending, len(pieces)+1) // best[i]: of the lines before piece i
	for i := 1; i <= len(pieces); i++ {
		best[i] = bestEnding(pieces, best, i, width, blank)
		if best[i].lines == 0 {
			return nil, false
		}
	}
	for end := len(pieces); end > 0; end = best[end].start {
		start := best[end].start
		lines = append(lines, text[pieces[start].from:pieces[end-1].to])
	}
	for i, j := 0, len(lines)-1; i < j; i, j = i+1, j-1 {
		lines[i], lines[j] = lines[j], lines[i]
	}
	return lines, true
}

// ending is the best way found to set all that stands before a piece.
type ending struct {
	start int // the piece with which the last line begins
	lines int // 0: there is no way
	cost  float64
}

// bestEnding tries, for the line that ends before piece end, all pieces with which it may begin.
func bestEnding(pieces []piece, best []ending, end int, width, blank float64) ending {
	found, used := ending{}, 0.0
	for start := end - 1; start >= 0; start-- {
		used += pieces[start].width
		if start < end-1 && pieces[start].space {
			used += blank
		}
		if used > width {
			break
		}
		slack := 1 - used/width
		cost := best[start].cost + slack*slack
		if end < len(pieces) && !pieces[end-1].space {
			cost += hyphenPenalty * hyphenPenalty
		}
		lines := best[start].lines + 1
		if found.lines == 0 || lines < found.lines || lines == found.lines && cost < found.cost {
			found = ending{start, lines, cost}
		}
	}
	return found
}

// pieces cuts a tidy text where lines may end.
func (l *letters) pieces(text string) []piece {
	var all []piece
	from := 0
	for i, r := range text {
		next := i + utf8.RuneLen(r)
		switch {
		case next == len(text):
			all = append(all, piece{from, next, l.width(text[from:next]), false})
		case r == ' ' && !bound(text[:i], text[next:]):
			all = append(all, piece{from, i, l.width(text[from:i]), true})
			from = next
		case r == '-' && within(text[:i], text[next:]):
			all = append(all, piece{from, next, l.width(text[from:next]), false})
			from = next
		}
	}
	return all
}

// bound says whether French typography keeps together what stands on both sides of a space: double punctuation and its word, the
// digits of a number, a number and its unit.
func bound(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	number := unicode.IsDigit(last)
	return last == '«' || strings.ContainsRune(":;!?»", first) || number && (unicode.IsDigit(first) || first == '€' || first == '%')
}

// within says whether a hyphen stands between two letters: not in front of a number, nor as a dash.
func within(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return unicode.IsLetter(last) && unicode.IsLetter(first)
}
