package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Names: how much of one is kept, how two are compared, how one is said.

// titles stand before a name, with a full stop or without, in small letters.
var titles = strings.Fields("m mr mme mlle melle madame mademoiselle monsieur")

func isTitle(word string) bool {
	return slices.Contains(titles, strings.ToLower(strings.TrimSuffix(word, ".")))
}

// doubleNames are the first names of two words that are usual in France, by their first word. What is not here may be a family name, and stays an
// initial.
var doubleNames = map[string][]string{
	"anne":    strings.Fields("catherine cecile charlotte claire elisabeth gaelle laure lise louise lucie marie pierre rose sophie"),
	"fatima":  strings.Fields("zahra zohra"),
	"jean":    strings.Fields("baptiste benoit charles christophe claude daniel david denis eric eudes francois gabriel guy hugues jacques joseph louis luc marc marie michel noel paul philippe pierre rene yves"),
	"lou":     strings.Fields("ann anne"),
	"louis":   strings.Fields("marie philippe"),
	"marie":   strings.Fields("agnes alice amelie ange anne antoinette astrid aude cecile celine chantal charlotte christine claire claude edith elisabeth estelle eve france francoise helene jeanne jo jose josee joseph laure lise line lou louise luce lucie madeleine noelle odile paule pierre reine rose sophie therese"),
	"mohamed": strings.Fields("ali amine"),
	"paul":    strings.Fields("andre antoine emile henri louis"),
	"pierre":  strings.Fields("alain andre antoine emmanuel henri jean louis marie olivier yves"),
	"rose":    strings.Fields("anne marie"),
}

// shortName keeps what is needed of a name, with its capitals: the first name, double or not, and the initial of what follows; "Mme Roger" stays.
func shortName(name string) string {
	words := strings.Fields(name)
	for i, word := range words {
		if i == 0 || !slices.Contains([]string{"de", "du", "des", "la", "le", "les"}, word) {
			words[i] = withCapitals(word)
		}
	}
	first := 1
	if len(words) > 1 && slices.Contains(doubleNames[plain(words[0])], plain(words[1])) {
		first = 2
	}
	if len(words) <= first || isTitle(words[0]) {
		return strings.Join(words, " ")
	}
	initial, _ := utf8.DecodeRuneInString(words[first])
	return strings.Join(words[:first], " ") + " " + string(unicode.ToUpper(initial)) + "."
}

// untitled leaves out what stands before a first name: "mr ali" is "ali".
func untitled(name string) string {
	words := strings.Fields(name)
	for len(words) > 0 && isTitle(words[0]) {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// ofSeveral tells whether a text names two people: "Élodie et Paul".
func ofSeveral(name string) bool {
	words := strings.Fields(strings.ToLower(name))
	return strings.ContainsAny(name, "&+/") || len(words) > 2 && slices.ContainsFunc(words[1:len(words)-1], func(w string) bool { return w == "et" || w == "ou" })
}

// withCapitals sets the capitals of a word of a name: "JEAN-PIERRE" is "Jean-Pierre", "n'golo" is "N'Golo". A part in both, "McDonald", stays as it was typed.
func withCapitals(word string) string {
	var out strings.Builder
	for word != "" {
		end := strings.IndexAny(word, "-'’.")
		if end < 0 {
			end = len(word)
		}
		out.WriteString(withCapital(word[:end]))
		_, size := utf8.DecodeRuneInString(word[end:])
		out.WriteString(word[end : end+size])
		word = word[end+size:]
	}
	return out.String()
}

func withCapital(part string) string {
	lower := strings.ToLower(part)
	if part != lower && part != strings.ToUpper(part) {
		return part
	}
	first, size := utf8.DecodeRuneInString(lower)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + lower[size:]
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

// toldApart is how a person is named on a list for who may answer by its numbers: who gave no name is told from others by the end of her number.
func (p *Person) toldApart(t *Turn) string {
	if phone := p.On("sms").ID(); p.Name == "" && len(phone) > 4 {
		end := phone[len(phone)-4:]
		return t.say("inconnue.numero", Args{"fin": end[:2] + " " + end[2:]})
	}
	return p.called(t)
}

// wordsIn are the words and numbers of a text, in small letters without accents.
func wordsIn(text string) []string { return strings.FieldsFunc(plain(text), notLetter) }

func notLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

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
