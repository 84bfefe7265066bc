package french

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// LongestText is how many characters of a text are looked at: far more than an SMS can hold, and few enough that no text keeps
// a processor busy.
const LongestText = 2000

// Opening returns the first characters of a text, as many as are looked at; offsets in it are offsets in the text.
func Opening(text string) string {
	if len(text) <= LongestText {
		return text
	}
	n := 0
	for i := range text {
		if n == LongestText {
			return text[:i]
		}
		n++
	}
	return text
}

// Kind says what a token is made of.
type Kind uint8

// The kinds of tokens.
const (
	Word   Kind = iota // letters
	Number             // ASCII digits, other digits folded to them
	Sign               // one rune of anything else
)

// Token is one word, number or sign of a text. Norm is folded: lower case, no accents, ligatures undone.
type Token struct {
	Norm       string
	Kind       Kind
	Start, End int  // bytes of the text, on rune boundaries
	Glued      bool // nothing stands between it and the token before
}

// Tokenize cuts a text into tokens. Spaces are dropped, signs are kept one by one, so that the readers of dates and
// numbers see the difference between "3/12" and "3 12". Apostrophes are dropped like spaces: "j'ai" is "j", "ai".
func Tokenize(text string) []Token {
	toks := make([]Token, 0, len(text)/4+2)
	var short [24]byte
	buf := short[:0]
	open, end := -1, -1 // start of the token being read; end of the one before
	var k Kind
	flush := func(at int) {
		if open >= 0 {
			norm := text[open:at]
			if string(buf) != norm {
				norm = string(buf)
			}
			if norm != "" { // nothing is left of a lone mark
				toks = append(toks, Token{norm, k, open, at, open == end})
			}
			open, end, buf = -1, at, buf[:0]
		}
	}
	for i, r := range text {
		if open >= 0 && k == Word && 'a' <= r && r <= 'z' { // most of them
			buf = append(buf, byte(r))
			continue
		}
		rk := kindOf(r)
		if open >= 0 && (rk != k || rk == Sign) && !isMark(r) {
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

// isMark reports whether r is a combining accent, an invisible joiner or the tone of a skin.
func isMark(r rune) bool {
	return r >= 0x300 && (unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) || r >= 0x1F3FB && r <= 0x1F3FF)
}

func isGap(r rune) bool {
	return r == ' ' || unicode.IsSpace(r) || r == '\'' || r == '’' || r == '‘' || r == '`' || r == '´' || r == utf8.RuneError
}

func kindOf(r rune) Kind {
	switch {
	case r >= '0' && r <= '9':
		return Number
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		return Word
	case unicode.IsLetter(r):
		return Word
	case unicode.Is(unicode.Nd, r):
		return Number
	}
	return Sign
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

// Folded returns the words and numbers of a text, folded, with one space between them.
func Folded(text string) string { return joined(Tokenize(text)) }

func joined(toks []Token) string {
	var b strings.Builder
	for _, t := range toks {
		if t.Kind == Sign {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Norm)
	}
	return b.String()
}

// Near reports whether two folded words differ by at most one letter added, lost or changed, or by two neighbours
// exchanged. Words under five letters must be equal: "pas" is not "par".
func Near(a, b string) bool {
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

// Capital reports whether s begins with one capital and goes on in small letters.
func Capital(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[n:])
	return unicode.IsUpper(r) && !unicode.IsUpper(next)
}

// HasPrefix reports whether a word begins with one of the prefixes.
func HasPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// Bit is 1 when something holds, else 0: how many tokens it takes.
func Bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Atoi returns the value of a short run of ASCII digits, 9999 if it is longer than four.
func Atoi(s string) int {
	if len(s) > 4 || !DigitsOnly(s) {
		return 9999
	}
	n := 0
	for i := 0; i < len(s); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// DigitsOnly reports whether a text is ASCII digits, one at least.
func DigitsOnly(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
