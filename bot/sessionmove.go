package bot

import (
	"slices"
	"strconv"
	"time"

	"passeur/intents"
	"passeur/intents/dates"
)

// One session of a permanence is held another day, at other hours or elsewhere, and its appointments go with it.

// moveSession asks before a session is held another day, at other hours or elsewhere.
func moveSession(t *Turn) {
	t.known()
	t.Chat.close()
	read := t.readSchedule("")
	was, to, ok := t.movedDays(read)
	if !ok {
		t.Reply("permanence.deplacer-comment", nil)
		return
	}
	values := map[string]string{"jour": was.Format(dayLayout), "nouveau": to.Format(dayLayout)}
	if read.From != 0 {
		values["de"] = number(read.From)
	}
	if read.To != 0 {
		values["a"] = number(read.To)
	}
	if len(read.Communes) == 1 {
		values["lieu"], values["place"] = read.PlaceText, read.Communes[0].Territory+"/"+read.Communes[0].Code
	}
	named := intents.Schedule{Day: was, Number: read.Number}
	if p, _, ok := t.meantSession(named, intents.DeplacerPermanence, values); ok {
		t.proposeMove(p, was, values)
	}
}

// proposeMove shows where a session goes; what was not said stays as it is.
func (t *Turn) proposeMove(p permanence, day time.Time, values map[string]string) {
	s, ok := t.sessionFrom(p, day)
	if !ok {
		t.Reply("permanence.introuvable", nil)
		return
	}
	if other, held := t.sessionOf(p, values["nouveau"]); held && other.Day != s.Day {
		t.Reply("permanence.deja-ce-jour", p.sessionArgs(other))
		return
	}
	lasts := int(s.End.Sub(s.Start).Minutes())
	if values["de"] == "" {
		values["de"] = number(int(clockOf(s.Start)))
	}
	if values["a"] == "" {
		values["a"] = number(min(int(minutesIn(values["de"]))+lasts, 24*60-1))
	}
	there := t.sessionOn(p, moveOf(values))
	if problem, args := t.unfit(p, s, there); problem != "" {
		t.Reply(problem, args)
		return
	}
	if !there.Start.After(t.At) || there.Start.Equal(s.Start) && there.Where == s.Where && there.End.Equal(s.End) {
		t.Reply("permanence.deplacer-comment", nil)
		return
	}
	t.Offer("permanence.deplacer", p.sessionArgs(s).with("nouveau", there.Start.Format(time.RFC3339), "nouvelle-fin", there.End.Format(time.RFC3339),
		"nouveau-lieu", there.Where, "concernes", t.concerned(s, p.Owner)), t.yesOrNo()...)
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target, t.Chat.Values = string(intents.DeplacerPermanence), p.id, values
}

// unfit says why a session cannot be held elsewhere: its counsellor is on leave, or the last appointments would be after its end.
func (t *Turn) unfit(p permanence, s, there session) (problem string, args Args) {
	if owner, _ := load[Person](t, p.Owner); owner.Leave.runs(there.Day) {
		return "permanence.en-conge", p.sessionArgs(there)
	}
	var late []string
	for _, m := range t.rdvsIn(s, p.Owner) {
		if !there.Start.Add(m.At.Sub(s.Start)).Before(there.End) {
			late = append(late, t.say("permanence.un-rdv", m.args()))
		}
	}
	if len(late) > 0 {
		return "permanence.trop-court", p.sessionArgs(there).with("liste", t.and(late))
	}
	return "", nil
}

// movedDays are the day that is moved and the one it is moved to, which may be the same when only hours change.
func (t *Turn) movedDays(read intents.Schedule) (was, to time.Time, ok bool) {
	if read.Err != nil {
		return was, to, false
	}
	if !read.Day.IsZero() && !read.Until.IsZero() && !read.Day.Equal(read.Until) {
		return read.Day, read.Until, true // "du 8 au 10 décembre"
	}
	var days []time.Time
	for _, w := range dates.Mentioned(t.Text, t.Now) {
		if w.HasDay && w.Err == nil && !slices.Contains(days, w.Day) {
			days = append(days, w.Day)
		}
	}
	switch {
	case len(days) == 2:
		return days[0], days[1], true
	case len(days) == 1 && (read.From != 0 || len(read.Communes) > 0):
		return days[0], days[0], true
	}
	return was, to, false
}

// moveOf reads a move off the values of an open question.
func moveOf(values map[string]string) Move {
	return Move{Was: values["jour"], Day: values["nouveau"], From: minutesIn(values["de"]), To: minutesIn(values["a"]), Where: values["lieu"], Place: values["place"]}
}

// minutesIn reads minutes after midnight, as number wrote them.
func minutesIn(minutes string) Clock {
	n, _ := strconv.Atoi(minutes)
	return Clock(n)
}

// applyMove moves a session with its appointments, and tells all whom it concerns, once.
func (t *Turn) applyMove(p permanence, values map[string]string) {
	s, ok := t.sessionOf(p, values["jour"])
	if !ok {
		t.Reply("permanence.introuvable", nil)
		return
	}
	m := moveOf(values)
	there := t.sessionOn(p, m)
	if problem, args := t.unfit(p, s, there); problem != "" { // somebody took a time meanwhile
		t.Reply(problem, args)
		return
	}
	rdvs := t.rdvsIn(s, p.Owner)
	m.Was, m.Told = s.Was, t.soon(s)
	p.put(s.Day, m)
	p.Changes++
	t.Drop(p.group(s.Was))
	var told []string
	for _, one := range rdvs {
		one.At = there.Start.Add(one.At.Sub(s.Start))
		one.Where, one.Place = there.Where, there.Place
		t.retime(one)
		told = append(told, one.Name)
	}
	t.tellSubscribers(p, s, "permanence.deplacee", "nouveau", there.Start.Format(time.RFC3339), "nouvelle-fin", there.End.Format(time.RFC3339), "nouveau-lieu", there.Where, "nouveau-ou", there.Place)
	t.savePermanence(p)
	t.Reply("permanence.deplacee-fait", p.sessionArgs(there).with("avant", s.Start.Format(time.RFC3339), "prevenus", t.toldWhom(told)))
}

// put holds the session of a day as m says in its stead; what was cancelled there before cannot be brought back.
func (p permanence) put(day string, m Move) {
	before := len(p.Moved)
	p.Moved = slices.DeleteFunc(p.Moved, func(was Move) bool { return was.Day == day && !was.Off })
	if len(p.Moved) == before && !slices.Contains(p.When.Except, day) {
		p.When.Except = append(p.When.Except, day)
	}
	p.Moved = append(slices.DeleteFunc(p.Moved, func(was Move) bool { return was.Day == m.Day && was.Off }), m)
}
