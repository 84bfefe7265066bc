package intents

import (
	"cmp"
	"maps"
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
	if reading, ok := proAnswer(m); ok {
		return reading, findings{}
	}
	f := findings{score: r.scorePro(m)}
	if act := permanenceAct(m); act != "" {
		return Reading{Intent: act, Confidence: 0.9, Why: "une permanence"}, f
	}
	return r.decidePro(m, f.score), f
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

// decidePro weighs what the rules found against what the sentence holds: a phone number and a date are a booking. A group of the rules that
// is not named here is believed when no other is.
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
	score = believable(score, m, phone, hour)
	switch {
	case score[Retablir] > 0:
		return rule(Retablir, 0.9)
	case score[DeplacerRdv] > 0:
		return rule(DeplacerRdv, 0.9)
	case score[Annuler] > 0:
		return rule(Annuler, 0.9)
	case phone && !hour && score[NouveauRdv] == 0 && TellsWork(m.text):
		return Reading{Intent: Activite, Confidence: closedAnswers, Why: "un travail fait"}
	case phone && len(dates) > 0 && !elsewhere(m.words):
		return Reading{Intent: NouveauRdv, Confidence: closedAnswers, Why: "un numéro et une date"}
	case slices.Contains(m.words, "mesrdv"):
		return rule(MesRdv, 0.9)
	case score[MesRdv] > 0:
		return rule(MesRdv, 0.85)
	case score[NouveauRdv] > 0:
		return rule(NouveauRdv, 0.85)
	case score[Reglages] > 0:
		return rule(Reglages, 0.85)
	case score[Aide] > 0:
		return rule(Aide, 0.85)
	case score[Merci] > 0:
		return rule(Merci, 0.8)
	case score[Bonjour] > 0:
		return rule(Bonjour, 0.8)
	case len(score) > 0:
		return rule(strongest(score), 0.85)
	}
	return Reading{Intent: Inconnu, Confidence: 0.2, Why: "aucune règle"}
}

// believable is the score without what the sentence speaks against.
func believable(score map[Intent]float64, m message, phone, hour bool) map[Intent]float64 {
	score = maps.Clone(score)
	if phone || hour && score[MesRdv] <= score[NouveauRdv] {
		delete(score, MesRdv)
	}
	if len(m.words) > 5 {
		delete(score, Merci)
	}
	if len(m.words) > 3 {
		delete(score, Bonjour)
	}
	return score
}

// strongest is the intent with the highest score, the first by name of those that share it.
func strongest(score map[Intent]float64) Intent {
	names := slices.Sorted(maps.Keys(score))
	return slices.MaxFunc(names, func(a, b Intent) int { return cmp.Compare(score[a], score[b]) })
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
var proElsewhere = french.WordSet("saisie atelier ateliers webinaire cafe activite cra creneaux creneau visio compte conges annonce evenement")
