package intents

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"passeur/intents/french"
)

// dubious reports whether nothing may be done on the word of a text: it is no clean text, was cut, has hardly a French word, or mixes
// languages. Emoji alone answer an open question, and nothing else.
func (r *ruleReader) dubious(text string, l looked, i Intent) bool {
	return len(french.Opening(text)) < len(text) || !utf8.ValidString(text) || strings.ContainsFunc(text, unclean) || otherScript(l.text) ||
		len(l.letters) == 0 && (l.ctx.Open == "" || l.ruled.Confidence < closedAnswers) || traitsOf[i].changes && r.mostlyForeign(l.message)
}

// unclean reports whether a rune has no place in a message: a control character, or what stands for a broken one.
func unclean(c rune) bool {
	return c == utf8.RuneError || unicode.IsControl(c) && c != '\n' && c != '\r' && c != '\t'
}

// otherScript reports whether a text holds letters that are not Latin.
func otherScript(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool { return unicode.IsLetter(c) && !unicode.Is(unicode.Latin, c) && c > 0x2ff })
}

// mostlyForeign reports whether half of the words of a text or more are of other languages.
func (r *ruleReader) mostlyForeign(m message) bool {
	n := 0
	for _, w := range m.letters {
		if slices.ContainsFunc(r.classes.Of(w), func(class string) bool { return foreignClasses[class] }) {
			n++
		}
	}
	return n > 1 && 2*n >= len(m.letters)
}

// foreignClasses are the classes of the words of other languages.
var foreignClasses = french.WordSet("mots-anglais mots-espagnols mots-portugais mots-arabes-translitteres mots-turcs mots-autres-langues")
