package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Names: how much of one is kept, how two are compared, how one is said.

// shortName keeps what is needed of a name: the first word, and the initial of what follows; "Mme Roger" stays.
func shortName(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 || slices.Contains([]string{"m", "m.", "mr", "mme", "mlle", "madame", "monsieur"}, strings.ToLower(words[0])) {
		return strings.Join(words, " ")
	}
	initial, _ := utf8.DecodeRuneInString(words[1])
	return words[0] + " " + strings.ToUpper(string(initial)) + "."
}

// sameName compares names as people type them: "jeanne" is "Jeanne D.".
func sameName(kept, typed string) bool {
	kept, typed = plain(kept), plain(shortName(typed))
	first, _, _ := strings.Cut(kept, " ")
	return kept == typed || first == typed
}

// plain writes a name without accents, in lower case.
func plain(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(name)))
}

// called is how a person is named before a professional.
func (p *Person) called(t *Turn) string {
	if p.Name == "" {
		return t.say("inconnue", nil)
	}
	return p.Name
}

// clean leaves out what no name holds: control characters, and those that turn the direction of a text.
func clean(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text))
}
