package bot

import (
	"slices"

	"passeur/intents"
)

// Who came to a gathering: its organiser says it when it is over, in one line. The list stays with the date for as long as that is kept; how
// many came lives on in the tallies.

// gatheringEnded asks the organiser who came, and goes on to the next date.
func gatheringEnded(t *Turn) {
	o, ok := t.woken()
	if !ok || o.Off {
		return
	}
	t.saveOccasion(o) // its state is another now
	t.redrawAll(o)
	if len(o.Going) > 0 && !o.Attended {
		t.askWhoCame(o)
	}
	if o.Gathering.Day == o.Day {
		t.goOnAfter(o)
	}
}

// askWhoCame shows the list to who reads the organiser's news, and notes in her chat what "présents" is about.
func (t *Turn) askWhoCame(o occasion) {
	reader := t.reader(o.Owner)
	p, ok := load[Person](t, reader)
	if !ok || p.first() == "" {
		return
	}
	chat, _ := load[Chat](t, string(p.line()))
	chat.Ended = o.about()
	t.saveChatOf(p.line(), chat)
	t.tellOf(o.about(), o.Owner, "", "nouvelle.qui-est-venu", t.occasionArgs(o, p.Language).with("liste", t.namesOf(o.Going)),
		Choice{Words: "tous", Label: t.sayIn(p.Language, "bouton.tous", nil), Beside: true})
}

// noteCame keeps who came.
func noteCame(t *Turn) {
	t.known()
	o, ok := t.occasionOf(t.Chat.Ended)
	if about, pressed := t.occasionOf(t.About); pressed && about.over(t.At) {
		o, ok = about, true
	}
	if !ok || !t.may(toChange, o.record()) {
		t.Reply("presents.de-quoi", nil)
		return
	}
	came := intents.ReadCame(t.Text)
	if i := slices.IndexFunc(came.Numbers, func(n int) bool { return n < 1 || n > len(o.Going) }); i >= 0 {
		t.Reply("presents.hors-liste", Args{"numero": number(came.Numbers[i]), "n": number(len(o.Going))})
		return
	}
	before, counted := len(o.Came), o.Attended
	o.Came, o.Attended = nil, true
	for i, g := range o.Going {
		if slices.Contains(came.Numbers, i+1) != came.All {
			o.Came = append(o.Came, g.Person)
		}
	}
	t.countCame(o, before, counted)
	t.saveOccasion(o)
	var beside []Choice
	if e := t.endedOccasion(o); coordinationForms[e.form] == "" || t.Role == Coordinateur {
		beside = append(beside, t.shortcut("activité", "bouton.noter", nil))
	}
	t.Offer("presents.note", t.occasionArgs(o, t.Me.Language).with(t.cameArgs(o)...).with("liste", lineBefore(t.namesBy(o.Going, func(person string) string {
		if slices.Contains(o.Came, person) {
			return "inscrits.ligne"
		}
		return ""
	}))), beside...)
}

// cameArgs say how many came, of how many.
func (t *Turn) cameArgs(o occasion) []string {
	return []string{"venus", t.say("rencontre.venus", Args{"n": number(len(o.Came))}), "inscrits", t.say("rencontre.inscrits", Args{"n": number(len(o.Going))})}
}

// lineBefore puts a text on a line of its own, if there is one.
func lineBefore(text string) string {
	if text == "" {
		return ""
	}
	return "\n" + text
}

// countCame keeps the figures of gatherings: how many were held, how many people said yes and how many came, by organiser, month and kind. They live on
// when the lists are erased; what was said wrongly before is taken back.
func (t *Turn) countCame(o occasion, before int, again bool) {
	cell := Count{Kind: "gathering", Owner: o.Owner, Month: monthOf(o.Start), Value: genre(o.Kind)}
	add := func(dimension string, n int) {
		if n != 0 {
			c := cell
			c.Dimension, c.N = dimension, int64(n)
			t.change.Tally = append(t.change.Tally, c)
		}
	}
	if !again {
		add("held", 1)
		add("going", len(o.Going))
		before = 0
	}
	add("came", len(o.Came)-before)
}
