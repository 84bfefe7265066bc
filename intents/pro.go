package intents

import (
	"cmp"
	"slices"

	"passeur/intents/dates"
	"passeur/intents/french"
	"passeur/intents/phones"
)

// readPro decides what a professional wants, as far as appointments go.
func (r *ruleReader) readPro(m message) (Reading, findings) {
	if reading, ok := commandOf(m); ok {
		return reading, findings{}
	}
	f := findings{score: r.scorePro(m)}
	if act := permanenceAct(m); act != "" {
		return Reading{Intent: act, Confidence: 0.9, Why: "une permanence"}, f
	}
	return r.decidePro(m, f.score), f
}

// commandOf reads what professionals say in fixed words, and closed answers.
func commandOf(m message) (Reading, bool) {
	if len(m.letters) == 1 && m.letters[0] == "formulaire" {
		return Reading{Intent: Formulaire, Confidence: 1, Why: "mot exact"}, true
	}
	if act := cmp.Or(calendarAct(m.letters), mandateAct(m.letters), territoryAct(m.letters)); act != "" {
		return Reading{Intent: act, Confidence: 1, Why: "mot exact"}, true
	}
	if _, ok := AgendaOf(m.text); ok {
		return Reading{Intent: MesRdv, Confidence: 1, Why: "mot exact"}, true
	}
	if len(m.letters) > 0 && m.letters[0] == "orienter" && len(m.letters) <= 4 {
		return Reading{Intent: Orienter, Confidence: 1, Why: "mot exact"}, true
	}
	if _, _, ok := ReadAttendance(m.text); ok {
		return Reading{Intent: Presence, Confidence: 0.9, Why: "une présence"}, true
	}
	if _, ok := ReadOutgoing(m.text); ok {
		return Reading{Intent: Repondre, Confidence: 1, Why: "mot exact"}, true
	}
	if reading, ok := proAnswer(m); ok {
		return reading, true
	}
	return Reading{}, false
}

// scorePro runs the rules over a text.
func (r *ruleReader) scorePro(m message) map[Intent]float64 {
	score := map[Intent]float64{}
	lo, hi := bounds(m.words)
	for _, h := range r.pro.hits(r.pro.read(m.words), lo, hi) {
		score[h.pattern.intent] = max(score[h.pattern.intent], float64(h.size()))
	}
	if elsewhere(m.words) {
		for _, i := range []Intent{Annuler, DeplacerRdv, NouveauRdv} {
			delete(score, i)
		}
	}
	if len(m.signsOf(Annuler)) > 0 {
		delete(score, Annuler)
	}
	return score
}

// decidePro weighs what the rules found against what the sentence holds: a phone number and a date are a booking.
func (r *ruleReader) decidePro(m message, score map[Intent]float64) Reading {
	rule := func(i Intent, c float64) Reading {
		return Reading{Intent: i, Confidence: c, Why: "règle " + string(i)}
	}
	phone := len(phones.Spans(m.text)) > 0
	dates := dates.Read(m.text, dates.AnyDay)
	hour := false
	for _, d := range dates {
		hour = hour || d.HasTime
	}
	switch {
	case score[Retablir] > 0:
		return rule(Retablir, 0.9)
	case score[DeplacerRdv] > 0:
		return rule(DeplacerRdv, 0.9)
	case score[Annuler] > 0:
		return rule(Annuler, 0.9)
	case phone && len(dates) > 0 && !elsewhere(m.words):
		return Reading{Intent: NouveauRdv, Confidence: closedAnswers, Why: "un numéro et une date"}
	case slices.Contains(m.words, "mesrdv"):
		return rule(MesRdv, 0.9)
	case score[MesRdv] > 0 && !phone && (!hour || score[MesRdv] > score[NouveauRdv]):
		return rule(MesRdv, 0.85)
	case score[NouveauRdv] > 0:
		return rule(NouveauRdv, 0.85)
	case score[Reglages] > 0:
		return rule(Reglages, 0.85)
	case score[Aide] > 0:
		return rule(Aide, 0.85)
	case score[Merci] > 0 && len(m.words) <= 5:
		return rule(Merci, 0.8)
	case score[Bonjour] > 0 && len(m.words) <= 3:
		return rule(Bonjour, 0.8)
	}
	return Reading{Intent: Inconnu, Confidence: 0.2, Why: "aucune règle"}
}

// elsewhere reports whether a sentence is about something else than an appointment.
func elsewhere(words []string) bool {
	for _, w := range words {
		if proElsewhere[w] {
			return true
		}
	}
	return false
}

// proAnswer reads a closed answer, or a bare yes, no or number.
func proAnswer(m message) (Reading, bool) {
	a := closedAnswer(m.words, m.toks, m.ctx.Open != "")
	if m.ctx.Open == "choix" {
		if n := pick(m.words, m.toks, m.ctx.Choices); n != 0 {
			return Reading{Intent: Choix, Confidence: 0.95, Choice: n, Why: "réponse à la question : un choix"}, true
		}
	}
	yes, no := a.yes && a.whole, a.no && a.whole
	if m.ctx.Open == "ouinon" || m.ctx.Open == "rdv" {
		yes, no = yes || a.digit == 1, no || a.digit == 2
	}
	switch {
	case m.question:
	case no:
		return Reading{Intent: Non, Confidence: 0.95, Why: "non"}, true
	case yes:
		return Reading{Intent: Oui, Confidence: 0.95, Why: "oui"}, true
	}
	return Reading{}, false
}

// proElsewhere are things of other trips that share their verbs with appointments: what is about them is not about an
// appointment.
var proElsewhere = french.Set("saisie atelier ateliers webinaire cafe activite cra creneaux creneau visio compte conges annonce evenement")
