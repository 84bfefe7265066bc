package intents

import (
	"strings"
	"unicode"
)

var (
	englishWords = setOf("english anglais anglaise ingles inglese")
	frenchWords  = setOf("francais french")
	aroundFrench = setOf("en in le les mes messages sms svp stp please pls merci s il vous plait de nouveau again")
)

// LanguageAsked is the language in which a person asks to be written to, as a code of ISO 639-1: "en", "fr", or "" when it is neither of
// the two, or when she only says which she does not speak. It is for texts of the intent Langue.
func LanguageAsked(text string) string {
	french, other := false, false
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) }) {
		switch word = folded(word); {
		case englishWords[word]:
			return "en"
		case frenchWords[word]:
			french = true
		case !aroundFrench[word]:
			other = true
		}
	}
	if french && !other {
		return "fr"
	}
	return ""
}
