package intents

import (
	"runtime/debug"
	"slices"
	"sync"

	"passeur/intents/french"
)

// NewReader returns the Reader of the bot. It looks, in this order, for the exact keywords STOP and START, which beat every
// context; for commands and closed answers; and asks the classifier about the rest, which weighs words against what the rules
// found. Words of distress take nothing from what else is said: see Reading.Urgent. See docs/comprendre.md.
//
// The classifier is trained once in a process, in the background: texts that need it and come before it is ready wait.
func NewReader() Reader {
	go models()
	return &reader{rulebook()}
}

// rulebook is compiled once.
var rulebook = sync.OnceValue(newRules)

// models are trained once: one for usagers, one for professionals.
var models = sync.OnceValue(trained)

// trained gives back to the system what training needed: it is many times what the models keep.
func trained() [2]*classifier {
	defer debug.FreeOSMemory()
	return [2]*classifier{learn(examplesOf(false), false), learn(examplesOf(true), true)}
}

// learn trains a classifier on examples of one role.
func learn(examples []example, pro bool) *classifier {
	labels, samples := Labels(pro), make([]sample, len(examples))
	for i, e := range examples {
		l := rulebook().look(e.text, Context{Pro: pro, Open: e.open})
		rulebook().remember(l.message)
		samples[i] = sample{l.features(rulebook()), slices.Index(labels, e.intent), keyOf(e)}
	}
	return train(labels, samples)
}

// looked is a text that the rules have read.
type looked struct {
	message
	ruled Reading
	found findings
}

// look has the rules read a text.
func (r *ruleReader) look(text string, c Context) looked {
	l := looked{message: r.message(unsigned(french.Opening(text)), c)}
	l.ruled, l.found = r.rule(l.message)
	return l
}

// features are what the classifier goes by.
func (l looked) features(r *ruleReader) []feature {
	return r.sketchOf(nil, l.message, l.ruled, l.found)
}

// scratch is what reading a text needs for a moment.
type scratch struct {
	features     []feature
	plain, ruled []row
	met          met
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// guesses asks a classifier.
func (l looked) guesses(r *ruleReader, c *classifier) []guess {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.features = r.sketchOf(s.features[:0], l.message, l.ruled, l.found)
	if len(s.met) < c.index.n/64+1 {
		s.met = c.index.marks()
	}
	s.plain, s.ruled = c.index.rowsApart(s.features, len(c.labels), s.met, s.plain[:0], s.ruled[:0])
	return c.guesses(s.plain, s.ruled, l.ctx.possible)
}

// settled reports whether the classifier has no say: the words were exact, or answer the open question; of what a professional writes while
// something is asked, the rules know the commands, and all else is the answer.
func (l looked) settled() bool {
	return l.ruled.Confidence >= closedAnswers || l.ctx.Pro && l.ctx.Open != ""
}

// closedAnswers is how sure the rules are of exact words and of closed answers.
const closedAnswers = 0.95

// reader implements Reader.
type reader struct{ rules *ruleReader }

// Read implements Reader.
func (r *reader) Read(text string, c Context) Reading {
	l := r.rules.look(text, c)
	var gs []guess
	if !l.settled() {
		gs = l.guesses(r.rules, models()[french.Bit(c.Pro)])
	}
	reading := l.decide(gs)
	if reading.Decision == Act && !l.urgent && l.ruled.Confidence < 1 && r.rules.dubious(text, l, reading.Intent) {
		reading.Decision, reading.Why = Reject, "texte douteux, "+reading.Why
	}
	return reading
}

// possible reports whether a label may be meant in the present state.
func (c Context) possible(label Intent) bool {
	return !slices.Contains(c.Never, label)
}
