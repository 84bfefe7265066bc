package intents

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"passeur/intents/french"
)

// Outgoing is what a professional wants to be sent to a person.
type Outgoing struct {
	Words string // all that follows the verb, as typed; "" nothing yet
	To    string // what stands before a colon, "Jeanne": perhaps a name; "" there is no colon
	Rest  string // what follows that colon: the words, if To is a name
}

var (
	replyVerbs = french.WordSet("repondre reponds repondez")
	writeVerbs = french.WordSet("ecrire ecris ecrivez")
)

// longestName is how many characters before a colon may be a name.
const longestName = 40

// ReadOutgoing reads "répondre oui, à vendredi" and "répondre à Jeanne : oui" ("écrire à Jeanne : oui" too, which needs the
// name). ok is false for any other text. Nothing in the words is changed, spaces around them excepted.
func ReadOutgoing(text string) (out Outgoing, ok bool) {
	text = strings.TrimSpace(text)
	verb, rest := cutWord(text)
	spelt := french.Folded(verb)
	if !replyVerbs[spelt] && !writeVerbs[spelt] {
		return Outgoing{}, false
	}
	rest = strings.TrimPrefix(rest, "-lui") // "réponds-lui oui"
	rest = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), ":"))
	out.Words = rest
	before, after, colon := strings.Cut(rest, ":")
	if to := strings.TrimSpace(withoutA(before)); colon && to != "" && len([]rune(to)) <= longestName && !strings.Contains(to, "\n") {
		out.To, out.Rest = to, strings.TrimSpace(after)
	}
	return out, replyVerbs[spelt] || out.To != ""
}

// Leading is what the words are if their first n words are a name, without a colon: "à Jeanne apportez vos papiers". ok is false
// when there are fewer words.
func (o Outgoing) Leading(n int) (to, rest string, ok bool) {
	words := strings.TrimSpace(withoutA(o.Words))
	end := 0
	for range n {
		start := end + len(words[end:]) - len(strings.TrimLeftFunc(words[end:], unicode.IsSpace))
		if start == len(words) {
			return "", "", false
		}
		if end = strings.IndexFunc(words[start:], unicode.IsSpace); end < 0 {
			end = len(words)
		} else {
			end += start
		}
	}
	return strings.TrimRight(words[:end], ",;"), strings.TrimSpace(words[end:]), true
}

// ReadAgendaOf reads "agenda de Marie Lecomte"; ok is false for any other text.
func ReadAgendaOf(text string) (name string, ok bool) {
	word, rest := cutWord(strings.TrimSpace(text))
	rest = strings.TrimSpace(rest)
	of, name := cutWord(rest)
	switch french.Folded(of) {
	case "de", "du":
	case "d": // d'Ahmed
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:]
	default:
		return "", false
	}
	name = strings.TrimSpace(name)
	return name, french.Folded(word) == "agenda" && name != ""
}

// firstWord is the first word of a text, folded; "" when it begins with a sign or a number.
func firstWord(text string) string {
	word, _ := cutWord(strings.TrimSpace(text))
	return french.Folded(word)
}

// cutWord cuts a text behind its first word.
func cutWord(text string) (word, rest string) {
	i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
	if i < 0 {
		return text, ""
	}
	return text[:i], text[i:]
}

// withoutA takes the "à" off "à Jeanne".
func withoutA(s string) string {
	s = strings.TrimSpace(s)
	word, rest := cutWord(s)
	if french.Folded(word) == "a" && rest != "" {
		return rest
	}
	return s
}
