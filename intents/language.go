package intents

import (
	"fmt"
	"strings"
	"unicode"

	"passeur/intents/french"
)

// Languages are the words by which an usager asks to be written to in a language, folded, and its code of ISO 639-1.
type Languages map[string]string

// Add adds the words that ask for a language, spaces between them; the first that asks for another one already is an error.
func (l Languages) Add(language, words string) error {
	for _, w := range strings.Fields(words) {
		w = french.Folded(w)
		if other := l[w]; other != "" && other != language {
			return fmt.Errorf("« %s » demande déjà la langue %s", w, other)
		}
		l[w] = language
	}
	return nil
}

// aroundFrench are the words beside which "français" asks for it. Who wants another language says which one she does not speak, in French;
// nobody names English so who does not want it.
var aroundFrench = french.WordSet("en in le les mes messages sms svp stp please pls merci s il vous plait de nouveau again")

// Asked is the language in which a person asks to be written to; "" when it is none of them, or when she only says that she does not speak
// French. It is for texts of the intent Langue.
func (l Languages) Asked(text string) string {
	speaksFrench, other := false, false
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) }) {
		word = french.Folded(word)
		switch language := l[word]; {
		case language == "fr":
			speaksFrench = true
		case language != "":
			return language
		case !aroundFrench[word]:
			other = true
		}
	}
	if speaksFrench && !other {
		return "fr"
	}
	return ""
}

// namesLanguage reports whether a text is a word that asks for a language, with nothing beside it but politeness; behind a title it is a name.
func namesLanguage(m message) bool {
	named := false
	for _, t := range m.toks {
		switch {
		case m.ctx.Languages[t.Norm] != "":
			named = true
		case t.Kind != french.Sign && (!polite[t.Norm] || french.Titles[t.Norm]):
			return false
		}
	}
	return named
}
