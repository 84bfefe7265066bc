package intents

import (
	"slices"
	"strings"

	"passeur/intents/french"
)

// PartnerOrder is what a professional said of partners who refer people, or of somebody who was referred.
type PartnerOrder struct {
	Act    Intent
	Number int    // of the list that was shown last; 0: none was said
	Name   string // of a new partner, as typed
	With   string // the counsellor to whom it refers, as typed
	Where  string // where people meet her, as typed; "" not said
}

// ReadPartner reads "nouveau prescripteur CCAS de Périers pour Marie Lecomte, mairie de Périers", "ajouter un prescripteur : CCAS de Périers pour Marie
// Lecomte", "prescripteurs", "retirer le prescripteur 2", "prescriptions", "inviter 1", "accepter 1", "refuser 1". ok is false for anything else.
func ReadPartner(text string) (o PartnerOrder, ok bool) {
	words := french.Tokenize(french.Opening(text))
	if len(words) == 0 {
		return o, false
	}
	first := words[0].Norm
	if len(words) > 1 && orderArticles[words[1].Norm] {
		words = words[1:]
	}
	switch {
	case first == "prescripteurs" && len(words) == 1:
		return PartnerOrder{Act: MesPrescripteurs}, true
	case first == "prescriptions" && len(words) == 1:
		return PartnerOrder{Act: MesPrescriptions}, true
	case first == "inviter":
		return partnerNumber(Inviter, text, words[1:])
	case first == "accepter":
		o, ok = partnerNumber(Inviter, text, words[1:])
		return o, ok && o.Number > 0
	case first == "refuser":
		return partnerNumber(Refuser, text, words[1:])
	case len(words) > 1 && isPartner(words[1]) && (first == "nouveau" || first == "ajouter"):
		return newPartner(text, words[2:]), true
	case len(words) > 1 && isPartner(words[1]) && slices.Contains([]string{"retirer", "supprimer", "annuler", "enlever"}, first):
		return partnerNumber(RetirerPrescripteur, text, words[2:])
	}
	return o, false
}

func isPartner(t french.Token) bool { return t.Norm == "prescripteur" }

// partnerNumber is an order whose only other word may be a number.
func partnerNumber(act Intent, text string, words []french.Token) (PartnerOrder, bool) {
	o, _ := orderOf(act, text, words)
	return PartnerOrder{Act: act, Number: o.Number}, o.Rest == ""
}

// newPartner reads the structure, behind the last "pour" the counsellor, and behind a comma the place.
func newPartner(text string, words []french.Token) PartnerOrder {
	o := PartnerOrder{Act: NouveauPrescripteur}
	if len(words) == 0 {
		return o
	}
	end := len(text)
	last := -1
	for i, w := range words {
		if w.Norm == "pour" {
			last = i
		}
	}
	if last >= 0 {
		with, where, _ := strings.Cut(text[words[last].End:], ",")
		o.With, o.Where = strings.TrimSpace(with), strings.TrimSpace(where)
		end = words[last].Start
	}
	o.Name = strings.Trim(text[words[0].Start:max(end, words[0].Start)], " \t\n,:")
	return o
}

// partnerAct is the order alone.
func partnerAct(m message) Intent {
	o, ok := ReadPartner(m.text)
	if !ok {
		return ""
	}
	return o.Act
}
