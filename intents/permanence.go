package intents

import (
	"slices"
	"strings"

	"passeur/intents/dates"
	"passeur/intents/french"
	"passeur/intents/phones"
)

// permanenceWords name the hours that a counsellor holds in some place.
var permanenceWords = french.WordSet("permanence permanences permanance permanances permanense perm perms")

// permanenceActs are the beginnings of the verbs that say what is to be done with a permanence.
var permanenceActs = []struct {
	prefix string
	intent Intent
}{
	{"annul", AnnulerPermanence}, {"supprim", AnnulerPermanence}, {"deplac", DeplacerPermanence}, {"decal", DeplacerPermanence}, {"report", DeplacerPermanence},
	{"chang", DeplacerPermanence}, {"arret", ArreterPermanence}, {"termin", ArreterPermanence}, {"cess", ArreterPermanence}, {"stop", ArreterPermanence},
	{"ferme", AnnulerPermanence}, {"panne", AnnulerPermanence}, {"malade", AnnulerPermanence},
}

// permanenceAct is what a professional wants with a permanence; "" when the text is about none, or about something else of it.
func permanenceAct(m message) Intent {
	at := slices.IndexFunc(m.letters, func(w string) bool { return permanenceWords[w] })
	if at < 0 && recursAtHours(m) {
		return NouvellePermanence
	}
	if at < 0 || len(phones.Spans(m.text)) > 0 || slices.ContainsFunc(m.letters, func(w string) bool { return wasHeld[w] }) {
		return ""
	}
	if deniesAct(m.letters[:at]) {
		return ""
	}
	for _, act := range permanenceActs {
		if slices.ContainsFunc(m.letters[:at], func(w string) bool { return strings.HasPrefix(w, act.prefix) }) {
			return act.intent
		}
	}
	switch {
	case at > 0 && m.letters[at-1] == "pas", at > 1 && m.letters[at-1] == "de" && m.letters[at-2] == "pas":
		return AnnulerPermanence
	case listsPermanences(m.letters, at):
		return MesPermanences
	case at == 0, declaring[m.letters[0]] && at <= 4, len(m.letters) > at+2 && saysWhen(m):
		return NouvellePermanence
	}
	return ""
}

// deniesAct reports whether a verb of these words is denied: "n'annule pas la permanence".
func deniesAct(words []string) bool {
	for i, w := range words {
		for _, act := range permanenceActs {
			if strings.HasPrefix(w, act.prefix) && i+1 < len(words) && (words[i+1] == "pas" || words[i+1] == "plus") {
				return true
			}
		}
	}
	return false
}

// recursAtHours reports whether a text says a permanence without its name, "tous les mardis 14h-17h mairie de Périers": a recurrence, then
// a span of hours.
func recursAtHours(m message) bool {
	if m.question || len(phones.Spans(m.text)) > 0 || slices.ContainsFunc(m.words, func(w string) bool { return proElsewhere[w] || wasHeld[w] }) {
		return false
	}
	r := &scheduleReader{bookingReader: bookingReader{text: m.text, toks: m.toks}, p: dates.NewParser(dates.Tokens(m.text), dates.AnyDay)}
	r.taken = make([]bool, len(r.toks))
	r.readRule()
	r.readHours()
	return r.s.Rule != "" && r.s.To > r.s.From && r.s.Err == nil
}

// listsPermanences reports whether a text asks for the list: "mes permanences", "prochaines permanences", "liste des permanences".
func listsPermanences(words []string, at int) bool {
	plural := strings.HasSuffix(words[at], "s")
	return len(words) <= at+4 && plural && !slices.Contains(words[at+1:], "tous") && (at == 0 && len(words) <= 3 || at > 0 && slices.ContainsFunc(words[:at], func(w string) bool { return listing[w] }))
}

// wasHeld are the words of who tells what a permanence was like, or asks about something else of it.
var wasHeld = french.WordSet("recu recus recue recues venus venues saisir saisie saisi bilan cra activite demarches modele affiche usagers")

var (
	listing   = french.WordSet("mes nos liste prochaines quelles voir montre montrer affiche")
	declaring = french.WordSet("nouvelle ajoute ajouter cree creer declare declarer note noter ouvre ouvrir")
)

// saysWhen reports whether a text names a recurrence, a day or an hour.
func saysWhen(m message) bool {
	return slices.Contains(m.letters, "tous") || slices.Contains(m.letters, "chaque") || m.saysDate()
}

// subscription reads "RAPPEL COUTANCES" and "FIN RAPPEL"; "" for any other text. They are keywords of posters: the first word decides.
func subscription(words []string) Intent {
	switch {
	case len(words) >= 2 && words[0] == "fin" && alertWords[words[1]], len(words) >= 2 && words[0] == "plus" && slices.ContainsFunc(words[1:], func(w string) bool { return alertWords[w] }) && len(words) <= 4:
		return FinAbonnement
	case len(words) <= 10 && slices.ContainsFunc(words, func(w string) bool { return alertWords[w] }) && slices.ContainsFunc(words, func(w string) bool { return endWords[w] }) && !slices.ContainsFunc(words, func(w string) bool { return ofRdv[w] }):
		return FinAbonnement
	case len(words) >= 2 && len(words) <= 8 && alertWords[words[0]] && !slices.ContainsFunc(words, func(w string) bool { return notAlert[w] }):
		return Abonnement
	}
	return ""
}

var (
	endWords   = french.WordSet("fin fini finis finir plus arret arrete arreter arretez annule annuler annulez supprimer desabonner desabonne desinscrire desinscription")
	ofRdv      = french.WordSet("rdv rendez rappelez rappelle recu demain")
	alertWords = french.WordSet("rappel rappels alerte alertes")
	notAlert   = french.WordSet("moi mon rdv pas plus svp vous recu demain ma")
)
