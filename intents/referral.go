package intents

import (
	"strings"
	"unicode"

	"passeur/intents/french"
	"passeur/intents/phones"
)

// ReferralLine is the line by which a partner refers somebody: "ORIENTE K7QDM4 06 39 98 12 34 Jeanne Périers oui". What was not said is left empty.
type ReferralLine struct {
	Code    string // in capitals; "" none that looks like one
	Phone   string // as typed; several stand behind each other
	Name    string // as typed
	Commune string // as typed
	Told    Intent // Oui: the person was told and agrees; Non: she was not; "" it was not said, or both
}

// referralWords begin such a line; the words are folded.
var referralWords = french.WordSet("oriente orienter orientation")

// CodeLetters are what a partner's code is made of: none of them is taken for another one, on paper or by ear. A code has CodeLength
// of them, a letter and a digit among them.
const (
	CodeLetters = "ACDEFGHJKMNPQRTUVWXY34679"
	CodeLength  = 6
)

// refers reports whether an usager's text is such a line: the word, and behind it a code or a number.
func refers(m message) bool {
	if len(m.toks) < 2 || !referralWords[m.toks[0].Norm] {
		return false
	}
	text := french.Opening(m.text)
	code, _ := cutCode(text[m.toks[0].End:])
	return code != "" || len(phones.Spans(text)) > 0
}

// ReadReferral reads the line of a partner; its parts may stand in any order behind the word that begins it, but for the name, which
// stands before the commune unless only the other way makes sense. Only the first 2,000 characters are read.
func (g *Gazetteer) ReadReferral(text string) (r ReferralLine) {
	text = french.Opening(text)
	toks := french.Tokenize(text)
	if len(toks) > 0 && referralWords[toks[0].Norm] {
		text = text[toks[0].End:]
	}
	r.Code, text = cutCode(text)
	r.Phone, text = cutPhones(text)
	r.Told, text = cutTold(text)
	r.Name, r.Commune = g.splitNames(text)
	return r
}

// blank is a text with spaces in the place of some of its bytes.
func blank(text string, start, end int) string {
	return text[:start] + strings.Repeat(" ", end-start) + text[end:]
}

// cutCode takes the first word that looks like a code out of a text: letters and digits mixed, about as many as a code has.
func cutCode(text string) (code, rest string) {
	at := 0
	for _, word := range strings.FieldsFunc(text, unicode.IsSpace) {
		start := at + strings.Index(text[at:], word)
		at = start + len(word)
		bare := strings.ToUpper(strings.Map(func(r rune) rune {
			if strings.ContainsRune("-.,;:", r) {
				return -1
			}
			return r
		}, word))
		if codeLike(bare) {
			return bare, blank(text, start, at)
		}
	}
	return "", text
}

func codeLike(word string) bool {
	letters, digits := 0, 0
	for _, c := range []byte(word) {
		switch {
		case c >= 'A' && c <= 'Z':
			letters++
		case c >= '0' && c <= '9':
			digits++
		default:
			return false
		}
	}
	return letters > 0 && digits > 0 && letters+digits >= CodeLength-2 && letters+digits <= CodeLength+2
}

// cutPhones takes whatever looks like a phone number out of a text.
func cutPhones(text string) (found, rest string) {
	rest = text
	var all []string
	for _, s := range phones.Spans(text) {
		all = append(all, text[s.Start:s.End])
		rest = blank(rest, s.Start, s.End)
	}
	return strings.Join(all, ", "), rest
}

// cutTold takes "oui" and "non" out of a text.
func cutTold(text string) (told Intent, rest string) {
	rest = text
	said := map[Intent]bool{}
	for _, t := range french.Tokenize(text) {
		var is Intent
		switch t.Norm {
		case "oui", "ok":
			is = Oui
		case "non", "pas":
			is = Non
		default:
			continue
		}
		said[is] = true
		rest = blank(rest, t.Start, t.End)
	}
	switch {
	case said[Non] && !said[Oui]:
		told = Non
	case said[Oui] && !said[Non]:
		told = Oui
	}
	return told, rest
}

// splitNames parts a first name from the commune beside it.
func (g *Gazetteer) splitNames(text string) (name, commune string) {
	toks := wordsIn(text)
	if len(toks) == 0 {
		return "", ""
	}
	part := func(from, to int) string {
		return strings.TrimSpace(text[toks[from].Start:toks[to-1].End])
	}
	n := len(toks)
	for i := 1; i < n; i++ {
		if g.isCommune(toks[i:]) {
			return part(0, i), part(i, n)
		}
	}
	for i := n - 1; i > 0; i-- {
		if g.isCommune(toks[:i]) {
			return part(i, n), part(0, i)
		}
	}
	for i := n - 1; i > 0; i-- {
		if len(g.ReadCommune(part(i, n))) > 0 {
			return part(0, i), part(i, n)
		}
	}
	if n == 1 {
		return part(0, 1), ""
	}
	return part(0, n-1), part(n-1, n)
}

// mostNameWords is how many words of a line may be a name and a commune.
const mostNameWords = 12

// wordsIn are the words and numbers of a text.
func wordsIn(text string) (words []french.Token) {
	for _, t := range french.Tokenize(text) {
		if t.Kind != french.Sign && len(words) < mostNameWords {
			words = append(words, t)
		}
	}
	return words
}

// isCommune reports whether words are a commune's name, its postcode or its INSEE code, or name and postcode, and nothing else.
func (g *Gazetteer) isCommune(toks []french.Token) bool {
	var names []string
	coded := false
	for i, t := range toks {
		switch {
		case t.Kind == french.Number && len(t.Norm) == 5 && !coded:
			_, insee := g.find(t.Norm)
			if coded = insee || len(g.posts[t.Norm]) > 0; !coded {
				return false
			}
		case t.Kind == french.Number:
			return false
		case i == 0 && len(toks) > 1 && locative[t.Norm]:
		default:
			names = append(names, long(t.Norm))
		}
	}
	if len(names) == 0 {
		return coded
	}
	return g.names[strings.Join(names, " ")] != nil
}
