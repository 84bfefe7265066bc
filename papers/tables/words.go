package tables

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// oneLine makes one line of a text: spaces of any kind are one space, what has no shape is dropped.
func oneLine(s []byte) string {
	if isOneLine(s) {
		return string(s)
	}
	text := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, string(s))
	return norm.NFC.String(strings.Join(strings.Fields(text), " ")) // Macs write accents apart from their letters
}

// isOneLine reports whether nothing in a text is to be changed; of rare characters it says no.
func isOneLine(s []byte) bool {
	before := byte(' ')
	for i, b := range s {
		switch {
		case b < ' ' || b == 0x7f || b == ' ' && before == ' ':
			return false
		case b == 0xc2 && i+1 < len(s) && s[i+1] <= 0xad: // U+0080 to U+00AD: controls, the hard space, the soft hyphen
			return false
		case b > 0xcb: // U+0300 and beyond: spaces and shapeless characters are among them
			return false
		}
		before = b
	}
	return (len(s) == 0 || before != ' ') && utf8.Valid(s)
}

// key is what two spellings of one title have in common: small letters and digits without accents, words without their plural s.
func key(title string) string {
	var b strings.Builder
	word := 0
	end := func() {
		if s := b.String(); b.Len()-word > 2 && s[len(s)-1] == 's' {
			b.Reset()
			b.WriteString(s[:len(s)-1])
		}
		word = b.Len()
	}
	for _, r := range norm.NFD.String(title) {
		switch {
		case r == 'œ' || r == 'Œ':
			b.WriteString("oe")
		case r == 'æ' || r == 'Æ':
			b.WriteString("ae")
		case unicode.Is(unicode.Mn, r):
		case r == 'º' || r == 'ª' || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	end()
	return b.String()
}

// join joins as French does: "a, b et c".
func join(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " et " + words[last]
}

// quoted puts texts between French quotes, each short enough to be read in a sentence, and no more of them than one reads.
func quoted(texts []string) []string {
	const most, longest = 12, 40
	var all []string
	for i, s := range texts {
		if i == most {
			return append(all, "…")
		}
		if r := []rune(s); len(r) > longest {
			s = string(r[:longest]) + "…"
		}
		all = append(all, "« "+s+" »")
	}
	return all
}
