package intents

import (
	"slices"
	"strings"
	"time"

	"passeur/intents/dates"
	"passeur/intents/french"
	"passeur/intents/phones"
)

// Mandate is what a professional said of a mandat Aidants Connect. What was not said is left empty.
type Mandate struct {
	Phones   []phones.Phone
	PhoneErr error        // a *phones.Error if something that looks like a number is none
	Name     string       // as typed: "Jeanne", "Mme Roger"
	Ends     []dates.When // the days that were named; more than one: ask which
}

// The words of a mandate. Only the first words of a text make it one: "rdv Jeanne vendredi, signer le mandat" is an appointment.
var (
	mandateWords = french.WordSet("mandat mandats")
	mandateOver  = french.WordSet("fini finie finis terminee termine fin clos revoque retire expire")
	// mandateSmall are the words around a mandate that are nobody's name.
	mandateSmall = french.WordSet("mandat mandats aidant aidants connect jusqu jusque jusquau jusqua fini finie finis termine terminee fin clos revoque retire expire valable liste")
	// mandateEnders begin the verbs that end a mandate.
	mandateEnders = []string{"annul", "supprim", "arret", "retir", "enlev", "termin", "revoqu", "effac"}
)

// mandateAct is what a professional wants with a mandate, by the first words alone; "" when the text is about none.
func mandateAct(words []string) Intent {
	at := slices.IndexFunc(words, func(w string) bool { return mandateWords[w] })
	if at < 0 || at > 2 {
		return ""
	}
	before, after := words[:at], words[at+1:]
	if slices.Contains(after, "pas") {
		return "" // "mandat Jeanne n'est pas fini"
	}
	switch {
	case at > 0 && (before[0] == "fin" || french.HasPrefix(before[0], mandateEnders)):
		return FinMandat
	case words[at] == "mandats" && listsMandates(before, after):
		return MesMandats
	case at > 0 && before[0] != "nouveau" && !declaring[before[0]]:
		return ""
	case len(after) > 0 && (mandateOver[after[0]] || mandateOver[after[len(after)-1]]):
		return FinMandat
	}
	return Mandat
}

// listsMandates reports whether the words around "mandats" ask for the list: "mandats", "mes mandats", "liste des mandats aidants connect".
func listsMandates(before, after []string) bool {
	return (len(before) == 0 || listing[before[0]]) && !slices.ContainsFunc(after, func(w string) bool { return !mandateSmall[w] })
}

// ReadMandate reads "mandat 06 39 98 12 34 Jeanne jusqu'au 30 juin 2027", its parts in any order and any of them missing, and as well the
// answer to a single question. The days are those of now's location. Only the first 2,000 characters are read.
func (g *Gazetteer) ReadMandate(text string, now time.Time) Mandate {
	text = french.Opening(text)
	r := &bookingReader{g: g, text: text, toks: french.Tokenize(text)}
	r.taken = make([]bool, len(r.toks))
	for i, t := range r.toks {
		r.taken[i] = mandateSmall[t.Norm] || french.HasPrefix(t.Norm, mandateEnders)
	}
	r.readPhones()
	r.readWhens(now)
	r.readTitled()
	r.readName()
	return Mandate{Phones: r.Phones, PhoneErr: r.PhoneErr, Name: r.Name, Ends: r.Whens}
}

// Reach is how far and how soon a permanence counts, as somebody wrote it: "territoire 10 km 2 semaines". 0: it was not said.
type Reach struct{ Km, Weeks int }

// territoryAct is Territoire for "territoire …" and "communes sans permanence …"; "" for anything else.
func territoryAct(words []string) Intent {
	for len(words) > 1 && (listing[words[0]] || words[0] == "des" || words[0] == "les") {
		words = words[1:]
	}
	switch {
	case len(words) > 0 && (words[0] == "territoire" || words[0] == "territoires"),
		len(words) > 2 && strings.HasPrefix(words[0], "commune") && words[1] == "sans" && permanenceWords[words[2]]:
		return Territoire
	}
	return ""
}

// ReadReach reads the distance and the number of weeks of a text; each is the last one that was named, and 9999 if it is larger.
func ReadReach(text string) (r Reach) {
	toks := french.Tokenize(french.Opening(text))
	for i := 1; i < len(toks); i++ {
		if toks[i-1].Kind != french.Number {
			continue
		}
		n := french.Atoi(toks[i-1].Norm)
		switch unit := toks[i].Norm; {
		case unit == "km" || unit == "kms" || strings.HasPrefix(unit, "kilom"):
			r.Km = n
		case strings.HasPrefix(unit, "sem"):
			r.Weeks = n
		}
	}
	return r
}
