package venues

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// hoursToken is a word in small letters, a number, a sign or a comment without its quotes.
type hoursToken struct {
	kind hoursKind
	text string
}

type hoursKind uint8

const (
	endToken hoursKind = iota
	wordToken
	numberToken
	signToken
	noteToken
)

// hoursTokens cuts opening hours into tokens. A dash is a hyphen, however long.
func hoursTokens(s string) ([]hoursToken, error) {
	var toks []hoursToken
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		n := 0
		kind := signToken
		switch {
		case s[0] == '"':
			end := strings.IndexByte(s[1:], '"')
			if end < 0 {
				return nil, errors.New("un commentaire n'a pas de guillemet de fin")
			}
			note := tidy(s[1 : 1+end])
			if note == "" {
				return nil, errors.New("un commentaire est vide")
			}
			toks = append(toks, hoursToken{noteToken, note})
			s = s[end+2:]
			continue
		case isLetter(s[0]):
			kind, n = wordToken, lead(s, isLetter)
		case isDigit(s[0]):
			kind, n = numberToken, lead(s, isDigit)
		case strings.HasPrefix(s, "–"), strings.HasPrefix(s, "—"):
			toks, s = append(toks, hoursToken{signToken, "-"}), s[len("–"):]
			continue
		default:
			_, n = utf8.DecodeRuneInString(s)
		}
		toks, s = append(toks, hoursToken{kind, strings.ToLower(s[:n])}), s[n:]
	}
	return toks, nil
}

// lead returns how many bytes at the beginning are of a kind.
func lead(s string, of func(byte) bool) int {
	n := 0
	for n < len(s) && of(s[n]) {
		n++
	}
	return n
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
