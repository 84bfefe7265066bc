package intents

import (
	"slices"

	"passeur/intents/french"
)

// decide tells what to do by what the rules found and, when they are not sure by themselves, by what the classifier guesses. Distress that is only
// the likeliest of what is possible now, and not likely, is none: all that the text says may be impossible.
func (l looked) decide(gs []guess) Reading {
	if l.ctx.Pro {
		return l.choose(gs)
	}
	p := 0.0
	if at := slices.IndexFunc(gs, func(g guess) bool { return g.Intent == Urgence }); at >= 0 {
		p = gs[at].P
	}
	reading := l.choose(gs)
	if reading.Intent == Urgence && reading.Decision != Reject || p >= distressFrom || l.urgent && p >= worryFrom && reading.Decision != Act {
		reading = l.besideDistress(gs, p)
	}
	reading.Urgent = reading.Distress || p >= alarmFrom || l.urgent && (len(gs) == 0 || p >= lexiconFrom)
	reading.Worrying = reading.Urgent || l.urgent || p >= worryFrom
	if l.urgent {
		reading.Why = "lexique détresse, " + reading.Why
	}
	return reading
}

// besideDistress reads a text that is about distress: what else it says surely is done all the same.
func (l looked) besideDistress(gs []guess, p float64) Reading {
	var rest []guess
	for _, g := range gs {
		if g.Intent != Urgence && p < 1 {
			rest = append(rest, guess{g.Intent, g.P / (1 - p), g.Words})
		}
	}
	reading := Reading{Intent: Urgence, Decision: Act, Why: "classifieur urgence"}
	if len(rest) > 0 {
		if other := l.choose(rest); other.Decision == Act && appointmentIntents[other.Intent] {
			reading = other
		}
	}
	reading.Distress, reading.Confidence = true, max(p, 0.5)
	return reading
}

// choose decides between the intents.
func (l looked) choose(gs []guess) Reading {
	if len(gs) > 0 {
		return l.judge(gs)
	}
	reading := l.ruled
	reading.Decision = Act
	if l.ruled.Intent == Inconnu {
		reading.Decision = Reject
	}
	return reading
}

// judge decides what to do about the guesses of the classifier.
func (l looked) judge(gs []guess) Reading {
	if l.ruled.Intent != Inconnu && l.stands(gs) {
		ruled := l.ruled
		ruled.Decision = Act
		return ruled
	}
	top, agree := gs[0], l.ruledAs(gs[0].Intent)
	reading := Reading{Intent: l.fine(top.Intent), Confidence: top.P, Decision: Reject, Why: "classifieur " + string(top.Intent)}
	if agree {
		reading.Why += ", " + l.ruled.Why
	}
	switch {
	case top.Intent == Inconnu:
	case l.sure(top), agree && top.P >= agreedFrom && l.ruled.Confidence >= clearRule && !l.ofOthers(), agree && top.P >= answerFrom && top.Intent == RepCommune:
		reading.Decision = Act
	case top.Intent == Activite && top.P >= askFrom && TellsWork(l.text):
		reading.Decision = Act // it is shown before it is kept
	case top.P >= askFrom:
		reading.Decision, reading.Others = Ask, others(gs[1:])
	}
	return reading
}

// sure reports whether a guess may be done. To confirm or free an appointment the words alone must say so too, and a long message, which may take
// back what it says, must say it the more surely. (A rule that explains most of the words needs less: see judge.)
func (l looked) sure(g guess) bool {
	if g.Intent == RepDate && !l.found.date || g.Intent == RepCommune && slices.ContainsFunc(l.words, func(w string) bool { return denying[w] }) {
		return false
	}
	if g.Intent != Confirmer && g.Intent != Annuler {
		return g.P >= actFrom
	}
	if l.found.undecided || l.ofOthers() {
		return false
	}
	from := shortFrom
	switch n := len(l.words); {
	case n > longWords:
		from = longFrom
	case n > shortWords:
		from = middleFrom
	}
	return g.P >= from && g.Words >= wordsFrom
}

// ofOthers reports whether a text speaks of somebody else and not of who writes: "ma voisine ne peut pas venir".
func (l looked) ofOthers() bool {
	others := false
	for i, t := range l.toks {
		switch {
		case ownWords[t.Norm], t.Kind == french.Word && t.Norm[0] == 'j' && len(t.Norm) > 1 && t.Norm != "jour":
			return false
		case otherWords[t.Norm], i > 0 && possessive[l.toks[i-1].Norm] && slices.Contains(rulebook().classes.Of(t.Norm), "famille"):
			others = true
		}
	}
	return others
}

var (
	ownWords   = french.WordSet("j je moi me m on nous nn non oui ok")
	otherWords = french.WordSet("il elle ils elles")
	possessive = french.WordSet("mon ma mes notre nos le la l un une")
)

// ruledAs reports whether the rules read an intent that bears this label.
func (l looked) ruledAs(of Intent) bool { return LabelOf(l.ruled.Intent, l.ctx.Pro) == of }

// stands reports whether what the rules read stands whatever the classifier thinks: it is a thing of the product that the examples do not
// tell apart, as "je suis pas Luc" is, or the classifier is not sure enough to overrule a professional's command.
func (l looked) stands(gs []guess) bool {
	as := LabelOf(l.ruled.Intent, l.ctx.Pro)
	at := slices.IndexFunc(gs, func(g guess) bool { return g.Intent == as })
	switch {
	case !l.ctx.possible(as):
		return false
	case at < 0, l.found.score[ErreurNumero] >= 3, l.ruled.Intent == Objection && saysStop(l.letters) && (traitsOf[gs[0].Intent].stopHides || gs[0].P < overStop):
		return true
	case l.ctx.Pro:
		return at == 0 || l.commands() || len(l.words) <= shortCommand && gs[0].P < overRules
	}
	return as != l.ruled.Intent && gs[at].P >= leastFiner
}

// commands reports whether a text begins with the verb of a command about appointments and permanences.
func (l looked) commands() bool { return len(l.letters) > 0 && verbsOfCommands[l.letters[0]] }

var verbsOfCommands = french.WordSet(commandVerbs + " " + commandOrders)

const (
	shortCommand = 3    // words of a command that is taken as the rules read it
	overRules    = 0.8  // how sure the classifier must be to overrule what a professional's words were taken for by rule
	overStop     = 0.8  // how sure the classifier must be that a text with the word STOP is no objection
	leastFiner   = 0.05 // least probability of the label of an intent that only the rules know
)

// fine is the intent of the product that a label stands for: the one that the rules saw, if it bears that label.
func (l looked) fine(top Intent) Intent {
	switch {
	case l.ruledAs(top):
		return l.ruled.Intent
	case top == Stop:
		return Objection // the keyword alone is STOP
	}
	return top
}

// others are the next likely intents.
func others(gs []guess) (out [2]Intent) {
	n := 0
	for _, g := range gs {
		if n < len(out) && g.P >= leastOther && g.Intent != Inconnu {
			out[n] = g.Intent
			n++
		}
	}
	return out
}

// Thresholds, calibrated by cross-validation over authors: `make calibrate` shows what they yield, and what other values of actFrom would.
const (
	actFrom      = 0.85 // to do it
	shortFrom    = 0.95 // to do it to an appointment
	shortWords   = 6
	middleFrom   = 0.99 // the same when there are more words than that
	longWords    = 11
	longFrom     = 0.995 // and when there are even more
	wordsFrom    = 0.5   // to do it to an appointment: of the words alone, lest one wrong rule frees a slot
	agreedFrom   = 0.5   // to do it when a rule that explains most of the words says the same
	clearRule    = 0.8   // how sure such a rule is
	answerFrom   = 0.4   // to look a commune up that was asked for
	askFrom      = 0.25  // to offer it
	alarmFrom    = 0.3   // to send the emergency numbers
	lexiconFrom  = 0.03  // the same when the lexicon says so: "windows ne répond plus" is none
	worryFrom    = 0.05  // to have a person read it soon
	distressFrom = 0.5   // to take distress for what the text means
	leastOther   = 0.05  // to offer it beside a likelier one
)
