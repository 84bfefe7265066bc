package intents

import (
	"slices"

	"passeur/intents/dates"
	"passeur/intents/french"
)

// findings are what the rules found in the text of an usager.
type findings struct {
	answer    answer
	score     map[Intent]float64
	covered   map[Intent]int // words
	date      bool           // a date that is not refused
	undecided bool
	stance    stance
	denies    bool // says that she does not cancel
}

// readUsager decides what an usager wants.
func (r *ruleReader) readUsager(m message, f findings) Reading {
	if reading, ok := closed(m, f); ok {
		return reading
	}
	_, aboutScore := r.best(f, appointmentIntents, false)
	other, otherScore := r.best(f, appointmentIntents, true)
	mine := r.appointment(m, f)
	switch {
	case mine != "" && otherScore > aboutScore+0.5 && !f.answer.no && other != Merci && other != Bonjour:
		return r.byRule(m, f, other)
	case mine != "":
		return r.byRule(m, f, mine)
	case other != "" && !(f.denies && (other == Merci || other == Bonjour)):
		return r.byRule(m, f, other)
	}
	return r.unruled(m, f)
}

// find runs all rules over a text.
func (r *ruleReader) find(m message) findings {
	f := findings{answer: closedAnswer(m.words, m.toks, m.ctx.Open != ""), score: map[Intent]float64{}, covered: map[Intent]int{}}
	lo, hi := bounds(m.words)
	w := m.weigh(r.usager.hits(r.usager.read(m.words), lo, hi))
	f.stance, f.denies = w.stance, w.denies
	for _, h := range w.hits {
		s := float64(h.size())
		if h.pattern.weak {
			s = 0.4
		}
		i := h.pattern.intent
		f.score[i] = max(f.score[i], s)
		f.covered[i] = max(f.covered[i], h.to-h.from)
	}
	f.undecided = len(m.signsOf(Inconnu)) > 0
	f.date = !m.urgent && m.saysDate()
	if notMe(m.toks, m.text) {
		f.score[ErreurNumero], f.covered[ErreurNumero] = 3, 3
	}
	return f
}

// notMe reports whether a text ends in "je suis pas Jeanne".
func notMe(toks []french.Token, text string) bool {
	for i := 2; i < len(toks); i++ {
		last := i+1 == len(toks) || i+2 == len(toks) && toks[i+1].Kind == french.Sign
		if toks[i-1].Norm == "pas" && (toks[i-2].Norm == "suis" || toks[i-2].Norm == "sui") && last && french.Capital(text[toks[i].Start:]) {
			return true
		}
	}
	return false
}

// bounds returns the words between greetings before and thanks after.
func bounds(words []string) (lo, hi int) {
	hi = len(words)
	for lo < hi && (polite[words[lo]] || words[lo] == "salut") {
		lo++
	}
	for hi > lo && (polite[words[hi-1]] || words[hi-1] == "?" || words[hi-1] == "desole") {
		hi--
	}
	return lo, hi
}

// appointmentIntents are about an appointment made.
var appointmentIntents = map[Intent]bool{Confirmer: true, Annuler: true, Reporter: true, Retard: true}

// best returns the intent with the highest score among some intents, or among all others.
func (r *ruleReader) best(f findings, among map[Intent]bool, others bool) (Intent, float64) {
	var best Intent
	score := 0.0
	for i, s := range f.score {
		if among[i] == others {
			continue
		}
		if i == Merci || i == Bonjour {
			s = min(s, 0.5) // Whoever thanks or greets may still want something.
		}
		if s > score || s == score && r.rank[i] < r.rank[best] {
			best, score = i, s
		}
	}
	return best, score
}

// appointment decides between coming, not coming, another date and coming late; "" if the text is not about that or contradicts
// itself.
func (r *ruleReader) appointment(m message, f findings) Intent {
	cannot := f.score[Annuler] > 0.5
	open := m.ctx.Open == "rdv"
	says := f.score[Annuler] > 0 && (open || f.date)
	refuses := cannot || says || open && f.answer.no && !f.denies
	moves := f.score[Reporter] > 0.5
	hints := f.score[Reporter] > 0 && (open || f.date) && !f.denies && !(cannot && m.cancels())
	switch {
	case f.score[Retard] > 0 && f.score[Annuler] < 2:
		return Retard
	case f.undecided && !cannot:
		return ""
	case moves, hints, says && f.date && !m.cancels():
		return Reporter
	case f.stance != silent && refuses:
		return map[stance]Intent{comes: Confirmer}[f.stance]
	case refuses && f.date && !m.cancels(), open && f.answer.yes && m.butDate():
		return Reporter
	case refuses:
		return Annuler
	case open && f.date && !f.answer.yes && !f.denies && m.asksDate(f.score[Confirmer]):
		return Reporter
	case m.conditional(), m.butNot():
		return ""
	case f.score[Confirmer] > 0, f.stance == comes, open && f.answer.yes:
		return Confirmer
	}
	return ""
}

// asksDate reports whether the date in a text is another one that is asked for: "je peux venir jeudi ?", a bare "mardi 14h".
func (m message) asksDate(confirms float64) bool {
	if m.question {
		return confirms == 0 || slices.Contains(m.words, "peux")
	}
	return len(m.words) <= 6 && confirms == 0
}

// butDate reports whether a date stands behind a "mais": "oui mais à 15h".
func (m message) butDate() bool {
	for _, t := range m.toks {
		if t.Norm == "mais" {
			return len(dates.Read(m.text[t.End:], dates.AnyDay)) > 0
		}
	}
	return false
}

// cancels reports whether a text calls the appointment off in so many words: a date in it is then the appointment's.
func (m message) cancels() bool {
	for _, w := range m.words {
		switch w {
		case "mais", "plutot":
			return false
		}
	}
	for _, w := range m.words {
		if w == "annule" || w == "supprime" || w == "retire" || w == "retirez" || w == "enlever" {
			return true
		}
	}
	return false
}

// byRule is the reading of an intent that rules found.
func (r *ruleReader) byRule(m message, f findings, i Intent) Reading {
	share := float64(f.covered[i]) / float64(max(1, len(m.words)))
	confidence := 0.6 + 0.3*min(1, share)
	if f.score[i] < 1 && !f.answer.no && !f.answer.yes && !(i == Confirmer && f.stance == comes) {
		confidence = 0.4
	}
	for j, s := range f.score {
		if j != i && j != Merci && j != Bonjour && s >= f.score[i] && !(appointmentIntents[i] && appointmentIntents[j]) {
			confidence = min(confidence, 0.5)
		}
	}
	return Reading{Intent: i, Confidence: confidence, Why: "règle " + string(i)}
}

// unruled is the reading of a text that no rule fits: it may answer the open question.
func (r *ruleReader) unruled(m message, f findings) Reading {
	switch {
	case m.ctx.Open == "date" && (f.date || anyTime(m.words)):
		return Reading{Intent: RepDate, Confidence: 0.9, Why: "réponse à la question : une date"}
	case m.ctx.Open == "commune" && communeLike(m.words):
		return Reading{Intent: RepCommune, Confidence: 0.7, Why: "réponse à la question : une commune"}
	case f.undecided:
		return Reading{Intent: Inconnu, Confidence: 0.7, Why: "règle indécis"}
	case foreign(m.text):
		return Reading{Intent: Langue, Confidence: 0.6, Why: "écriture étrangère"}
	case f.answer.yes && m.ctx.Open == "ouinon":
		return Reading{Intent: Oui, Confidence: 0.6, Why: "commence par oui"}
	case f.answer.no && m.ctx.Open != "rdv":
		return Reading{Intent: Non, Confidence: 0.6, Why: "commence par non"}
	}
	return Reading{Intent: Inconnu, Confidence: 0.2, Why: "aucune règle"}
}

// closed reads an answer that fits the open question as it stands.
func closed(m message, f findings) (Reading, bool) {
	a := f.answer
	sure := func(i Intent, why string) (Reading, bool) {
		return Reading{Intent: i, Confidence: 0.95, Why: why}, true
	}
	switch m.ctx.Open {
	case "rdv":
		return closedAppointment(m, f)
	case "choix":
		if n := pick(m.words, m.toks, m.ctx.Choices); n != 0 {
			return Reading{Intent: Choix, Confidence: 0.95, Choice: n, Why: "réponse à la question : un choix"}, true
		}
	case "ouinon":
		switch {
		case a.digit == 1:
			return sure(Oui, "réponse à la question : 1")
		case a.digit == 2:
			return sure(Non, "réponse à la question : 2")
		case (a.yes || a.no) && a.whole && !m.question && f.short(m):
			return sure(map[bool]Intent{true: Oui, false: Non}[a.yes], "réponse à la question")
		}
	case "date":
		if f.date && len(f.score) == 0 && len(m.words) <= shortDate || anyTime(m.words) {
			return sure(RepDate, "réponse à la question : une date")
		}
		if f.date && f.score[Annuler] == 0 && f.score[MonRdv] == 0 && f.score[Permanence] == 0 && !m.question {
			return Reading{Intent: RepDate, Confidence: 0.8, Why: "réponse à la question : une date"}, true
		}
	case "commune":
		if postcode(m.toks) {
			return sure(RepCommune, "réponse à la question : un code postal")
		}
	}
	if a.whole && (a.yes || a.no) && !m.question && !(m.ctx.Open == "" && f.score[Merci] > 0 && !slices.Contains(m.words, "oui") && a.yes) {
		if a.no {
			return sure(Non, "non")
		}
		return sure(Oui, "oui")
	}
	return Reading{}, false
}

// shortDate is how many words an answer to "when?" has that is nothing else.
const shortDate = 6

// short reports whether a text says little beside its yes or no: nothing that the rules know but thanks, or "pas la peine".
func (f findings) short(m message) bool {
	for i := range f.score {
		if i != Merci && i != Annuler && i != Reporter && i != Confirmer {
			return false
		}
	}
	return len(m.words) <= 5 && !f.date
}

// closedAppointment reads "1", "oui", "non merci", "changer" when an appointment was proposed.
func closedAppointment(m message, f findings) (Reading, bool) {
	by := map[int]Intent{1: Confirmer, 2: Annuler, 3: Reporter}
	if i, ok := by[f.answer.digit]; ok && !(i == Confirmer && f.answer.no || i == Annuler && f.answer.yes) {
		return Reading{Intent: i, Confidence: 0.95, Why: "réponse au rendez-vous : un chiffre"}, true
	}
	if len(m.words) == 1 && changeWords[m.words[0]] {
		return Reading{Intent: Reporter, Confidence: 0.95, Why: "réponse au rendez-vous : changer"}, true
	}
	if !f.answer.whole || m.question || f.date || f.score[Reporter] > 0 || f.undecided {
		return Reading{}, false
	}
	switch {
	case f.answer.no:
		return Reading{Intent: Annuler, Confidence: 0.95, Why: "réponse au rendez-vous : non"}, true
	case f.answer.yes:
		return Reading{Intent: Confirmer, Confidence: 0.95, Why: "réponse au rendez-vous : oui"}, true
	}
	return Reading{}, false
}

// anyTime reports whether a person says that any time suits.
func anyTime(words []string) bool {
	for i, w := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		switch {
		case w == "peu" && next == "importe", w == "peux" && next == "importe", w == "importe", w == "nimporte",
			w == "quand" && next == "vous", w == "vous" && next == "arrange", w == "comme" && next == "vous":
			return true
		}
	}
	return false
}

// postcode reports whether a text holds a French postcode.
func postcode(toks []french.Token) bool {
	for _, t := range toks {
		if t.Kind == french.Number && len(t.Norm) == 5 {
			return true
		}
	}
	return false
}

// communeLike reports whether a text is short and of words only, as the name of a commune is.
func communeLike(words []string) bool {
	for _, w := range words {
		if w == "" || w[0] >= '0' && w[0] <= '9' || w == "?" {
			return false
		}
	}
	return len(words) > 0 && len(words) <= 7
}
