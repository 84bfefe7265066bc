package intents

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestText is how many characters of a text are looked at: far more than an SMS can hold, and few enough that no text keeps
// a processor busy.
const longestText = 2000

// opening returns the first characters of a text, as many as are looked at; offsets in it are offsets in the text.
func opening(text string) string {
	if len(text) <= longestText {
		return text
	}
	n := 0
	for i := range text {
		if n == longestText {
			return text[:i]
		}
		n++
	}
	return text
}

// kind says what a token is made of.
type kind uint8

const (
	word   kind = iota // letters
	number             // ASCII digits, other digits folded to them
	sign               // one rune of anything else
)

// token is one word, number or sign of a text. norm is folded: lower case, no accents, ligatures undone.
type token struct {
	norm       string
	kind       kind
	start, end int  // bytes of the text, on rune boundaries
	glued      bool // nothing stands between it and the token before
}

// tokenize cuts a text into tokens. Spaces are dropped, signs are kept one by one, so that the readers of dates and
// numbers see the difference between "3/12" and "3 12". Apostrophes are dropped like spaces: "j'ai" is "j", "ai".
func tokenize(text string) []token {
	toks := make([]token, 0, len(text)/4+2)
	var short [24]byte
	buf := short[:0]
	open, end := -1, -1 // start of the token being read; end of the one before
	var k kind
	flush := func(at int) {
		if open >= 0 {
			norm := text[open:at]
			if string(buf) != norm {
				norm = string(buf)
			}
			toks = append(toks, token{norm, k, open, at, open == end})
			open, end, buf = -1, at, buf[:0]
		}
	}
	for i, r := range text {
		if open >= 0 && k == word && 'a' <= r && r <= 'z' { // most of them
			buf = append(buf, byte(r))
			continue
		}
		rk := kindOf(r)
		if open >= 0 && (rk != k || rk == sign) && !isMark(r) {
			flush(i)
		}
		switch {
		case isMark(r):
			// A combining accent or a joiner belongs to what it stands on and says nothing.
		case isGap(r):
			flush(i)
		case open < 0:
			open, k, buf = i, rk, fold(buf, r)
		default:
			buf = fold(buf, r)
		}
	}
	flush(len(text))
	return toks
}

// isMark reports whether r is a combining accent or an invisible joiner.
func isMark(r rune) bool {
	return r >= 0x300 && (unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r))
}

func isGap(r rune) bool {
	return r == ' ' || unicode.IsSpace(r) || r == '\'' || r == '’' || r == '‘' || r == '`' || r == '´' || r == utf8.RuneError
}

func kindOf(r rune) kind {
	switch {
	case r >= '0' && r <= '9':
		return number
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		return word
	case unicode.IsLetter(r):
		return word
	case unicode.Is(unicode.Nd, r):
		return number
	}
	return sign
}

// fold appends r in lower case without its accent.
func fold(buf []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(buf, byte(r))
	}
	switch r {
	case 'é', 'è', 'ê', 'ë', 'É', 'È', 'Ê', 'Ë': // the accents of French, without the tables
		return append(buf, 'e')
	case 'à', 'â', 'À', 'Â':
		return append(buf, 'a')
	case 'î', 'ï', 'Î', 'Ï':
		return append(buf, 'i')
	case 'ô', 'Ô':
		return append(buf, 'o')
	case 'ù', 'û', 'Ù', 'Û':
		return append(buf, 'u')
	case 'ç', 'Ç':
		return append(buf, 'c')
	case 'œ', 'Œ':
		return append(buf, "oe"...)
	case 'æ', 'Æ':
		return append(buf, "ae"...)
	case 'ß':
		return append(buf, "ss"...)
	}
	var raw [utf8.UTFMax]byte
	n := utf8.EncodeRune(raw[:], unicode.ToLower(r))
	for _, d := range string(norm.NFKD.Bytes(raw[:n])) {
		if !unicode.Is(unicode.Mn, d) {
			buf = utf8.AppendRune(buf, unicode.ToLower(d))
		}
	}
	return buf
}

// folded returns the words and numbers of a text, folded, with one space between them.
func folded(text string) string { return joined(tokenize(text)) }

func joined(toks []token) string {
	var b strings.Builder
	for _, t := range toks {
		if t.kind == sign {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.norm)
	}
	return b.String()
}

// near reports whether two folded words differ by at most one letter added, lost or changed, or by two neighbours
// exchanged. Words under five letters must be equal: "pas" is not "par".
func near(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 5 && len(b) < 6 || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(b) > len(a) {
		return a[i:] == b[i+1:]
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
