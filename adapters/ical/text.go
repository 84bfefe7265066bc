package ical

import (
	"strings"
	"unicode"
)

// escapes are those of TEXT (RFC 5545, 3.3.11), and the two that writers add. Any other backslash stands for itself.
var escapes = strings.NewReplacer(`\\`, `\`, `\;`, `;`, `\,`, `,`, `\n`, "\n", `\N`, "\n", `\:`, `:`, `\"`, `"`)

// clean makes one line of at most n characters of a text: line ends and tabs are spaces, control characters are dropped, those of
// the direction of writing too, since they can make a text look like another.
func clean(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\ufeff':
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	count := 0
	for i := range s {
		if count == n {
			return strings.TrimSpace(s[:i])
		}
		count++
	}
	return s
}
