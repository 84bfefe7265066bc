package mattermost

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// joiner is a zero-width joiner: nobody sees it, and Mattermost ends a word at it.
const joiner = "\u200d"

var calls = regexp.MustCompile(`(?i)@(channel|all|here)`)

// Neutral returns the text with its calls to everybody (@channel, @all, @here) made harmless: what an usager writes
// must not ring at every counsellor's. A zero-width joiner goes between the sign and the word; addresses such as
// jeanne@all.example stay as they are. Written as an HTML entity ("&#64;all") such a word calls nobody (measured on 9.10).
func Neutral(text string) string {
	var b strings.Builder
	done := 0
	for _, at := range calls.FindAllStringIndex(text, -1) {
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		after, _ := utf8.DecodeRuneInString(text[at[1]:])
		if alphanumeric(before) || alphanumeric(after) {
			continue
		}
		b.WriteString(text[done : at[0]+1])
		b.WriteString(joiner)
		done = at[0] + 1
	}
	b.WriteString(text[done:])
	return b.String()
}

func alphanumeric(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r))
}
