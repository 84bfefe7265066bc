package mattermost

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// split cuts a text into parts of at most limit runes: where a paragraph ends in the second half of the part, else a line,
// else a word; outside a block of code if any of these is, else inside it; else between two letters. White space at the cuts is
// lost.
func split(text string, limit int) []string {
	var parts []string
	for {
		head := firstRunes(text, limit)
		if len(head) == len(text) {
			break
		}
		head = cut(text, head)
		if part := strings.TrimRight(head, " \n\r\t"); part != "" {
			parts = append(parts, part)
		}
		text = strings.TrimLeft(text[len(head):], " \n\r\t")
	}
	if text != "" || len(parts) == 0 {
		parts = append(parts, text)
	}
	return parts
}

// cut returns the beginning of a text that makes a part, of its head that may make one.
func cut(text, head string) string {
	for _, code := range [][]span{fences(head), nil} {
		for _, end := range []string{"\n\n", "\n", " "} {
			if at := lastEnd(head, end, code); at > len(head)/2 {
				return head[:at]
			}
		}
	}
	return head[:betweenLetters(text, len(head))]
}

// firstRunes returns at most the first n runes.
func firstRunes(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// lastEnd returns where the last of these ends that is not within one of the spans; 0: none is.
func lastEnd(head, end string, spans []span) int {
	for i := strings.LastIndex(head, end); i >= 0; i = strings.LastIndex(head[:i], end) {
		if at := i + len(end); !within(spans, at) {
			return at
		}
	}
	return 0
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

func within(spans []span, at int) bool {
	for _, s := range spans {
		if s.from < at && at < s.to {
			return true
		}
	}
	return false
}

// fences finds the blocks of code: from a line that begins with ``` or ~~~ to the next one that begins so, or to the end, which is
// taken for the inside: the block may go on.
func fences(text string) (found []span) {
	from, mark, at := 0, "", 0
	for line := range strings.Lines(text) {
		begins := strings.TrimLeft(line, " ")
		switch {
		case mark != "" && strings.HasPrefix(begins, mark):
			found, mark = append(found, span{from, at + len(line)}), ""
		case mark == "" && (strings.HasPrefix(begins, "```") || strings.HasPrefix(begins, "~~~")):
			from, mark = at, begins[:3]
		}
		at += len(line)
	}
	if mark != "" {
		found = append(found, span{from, at + 1})
	}
	return found
}

// longestLetter is how many runes are taken to make one letter at most; a longer heap of accents is cut.
const longestLetter = 64

// betweenLetters returns the last place, not behind at, where no letter is cut: an accent, the parts of an emoji, the two halves
// of a flag stay with what they belong to.
func betweenLetters(text string, at int) int {
	place := at
	for range longestLetter {
		before, size := utf8.DecodeLastRuneInString(text[:place])
		after, _ := utf8.DecodeRuneInString(text[place:])
		if !oneLetter(before, after) && !halfFlag(text[:place], after) {
			return place
		}
		if place -= size; place == 0 {
			break
		}
	}
	return at
}

// oneLetter says whether two runes in a row make one letter for who reads.
func oneLetter(before, after rune) bool {
	const joiner, firstTag, lastTag, firstTone, lastTone = 0x200d, 0xe0020, 0xe007f, 0x1f3fb, 0x1f3ff
	return unicode.Is(unicode.M, after) || after == joiner || before == joiner ||
		after >= firstTag && after <= lastTag || after >= firstTone && after <= lastTone
}

// halfFlag says whether a place is between the two halves of a flag: they are regional letters, in pairs from where they begin.
func halfFlag(before string, after rune) bool {
	regional := func(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }
	n := 0
	for r, size := utf8.DecodeLastRuneInString(before); regional(r) && n < 2*longestLetter; r, size = utf8.DecodeLastRuneInString(before) {
		before = before[:len(before)-size]
		n++
	}
	return regional(after) && n%2 == 1
}
