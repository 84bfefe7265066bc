package intents

import (
	"strings"
	"unicode"

	"passeur/intents/french"
)

var (
	englishWords = french.Set("english anglais anglaise ingles inglese")
	frenchWords  = french.Set("francais french")
	aroundFrench = french.Set("en in le les mes messages sms svp stp please pls merci s il vous plait de nouveau again")
)

// LanguageAsked is the language in which a person asks to be written to, as a code of ISO 639-1: "en", "fr", or "" when it is neither of
// the two, or when she only says which she does not speak. It is for texts of the intent Langue.
func LanguageAsked(text string) string {
	speaksFrench, other := false, false
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) }) {
		switch word = french.Folded(word); {
		case englishWords[word]:
			return "en"
		case frenchWords[word]:
			speaksFrench = true
		case !aroundFrench[word]:
			other = true
		}
	}
	if speaksFrench && !other {
		return "fr"
	}
	return ""
}
