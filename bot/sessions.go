package bot

import (
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// The counsellor's permanences once they are declared: listed, one session cancelled or brought back, ended for good. Moving one is in
// sessionmove.go.

// listPermanences numbers them, with the next date of each and what the hours make of the month.
func listPermanences(t *Turn) {
	t.known()
	all := t.ownPermanences(t.MeID)
	t.Chat.Permanences = nil
	if len(all) == 0 {
		t.Reply("permanences.aucune", nil)
		return
	}
	var lines []string
	for i, p := range all {
		t.Chat.Permanences = append(t.Chat.Permanences, p.id)
		lines = append(lines, t.say("permanences.ligne", t.described(p.Permanence).with("n", number(i+1), "dates", t.nextDates(p))))
	}
	t.Reply("permanences", Args{"liste": strings.Join(lines, "\n"), "part": t.shareOfMonth(all)})
}

// workDay is how long a counsellor works on a day: 35 hours a week, Code du travail, article L3121-27.
const workDay = 7 * time.Hour

// shareOfMonth says how much of the month's working time the permanences away from the office take; the agreements of counsellors ask
// for half.
func (t *Turn) shareOfMonth(all []permanence) string {
	first := time.Date(t.Now.Year(), t.Now.Month(), 1, 0, 0, 0, 0, t.Now.Location())
	last := first.AddDate(0, 1, 0)
	var away, work time.Duration
	for day := first; day.Before(last); day = day.AddDate(0, 0, 1) {
		if day.Weekday() != time.Saturday && workday(day, territory(t.bot.Settings.Territories[0])) && !t.Me.Leave.runs(day.Format(dayLayout)) {
			work += workDay
		}
	}
	for _, p := range all {
		if p.Office {
			continue
		}
		for _, s := range t.sessions(p, first, last, 62) {
			away += s.End.Sub(s.Start)
		}
	}
	if work == 0 {
		return ""
	}
	return "\n" + t.say("permanences.part", Args{"heures": number(int(away.Round(time.Hour).Hours())), "travail": number(int(work.Hours())), "part": number(int(100 * away / work))})
}

// meantSession finds the session that a counsellor names: by number in the last list, by place, by day. Several, or none: it says so.
func (t *Turn) meantSession(read intents.Schedule, act intents.Intent, values map[string]string) (permanence, session, bool) {
	found := t.permanencesNamed(read)
	var ps []permanence
	var ss []session
	for _, p := range found {
		if s, held := t.sessionFrom(p, read.Day); held {
			ps, ss = append(ps, p), append(ss, s)
		}
	}
	switch len(ps) {
	case 0:
		t.Reply("permanence.introuvable", nil)
		return permanence{}, session{}, false
	case 1:
		return ps[0], ss[0], true
	}
	t.askWhichPermanence(ps, act, values)
	return permanence{}, session{}, false
}

// askWhichPermanence numbers permanences and asks which one is meant; act is done with the one chosen.
func (t *Turn) askWhichPermanence(ps []permanence, act intents.Intent, values map[string]string) {
	list := t.numbered(ps)
	t.ask(topicWhich)
	t.Chat.Act, t.Chat.Values = string(act), values
	var choices []Choice
	for i, p := range ps {
		t.Chat.Choices = append(t.Chat.Choices, p.about())
		choices = append(choices, t.offered(number(i+1), "bouton.permanence", t.described(p.Permanence)))
	}
	t.Offer("permanence.laquelle", Args{"liste": list}, choices...)
}

// choosePermanence goes on with the permanence that was picked from a list; false: it was a list of something else.
func (t *Turn) choosePermanence(id string) bool {
	id, ok := strings.CutPrefix(id, "permanence/")
	if !ok {
		return false
	}
	act, values := intents.Intent(t.Chat.Act), t.Chat.Values
	t.Chat.close()
	p, known := t.permanence(id)
	if !known || !t.may(toChange, p.record()) {
		t.Reply("permanence.introuvable", nil)
		return true
	}
	day, _ := time.ParseInLocation(dayLayout, values["jour"], t.bot.Zone(p.Place))
	switch act {
	case intents.AnnulerPermanence:
		t.proposeDrop(p, day)
	case intents.ArreterPermanence:
		t.proposeEnd(p)
	case intents.Affiche:
		t.sendPoster(p, values)
	default:
		t.proposeMove(p, day, values)
	}
	return true
}

// numbered lists permanences so that they can be named by number.
func (t *Turn) numbered(ps []permanence) string {
	t.Chat.Permanences = nil
	var lines []string
	for i, p := range ps {
		t.Chat.Permanences = append(t.Chat.Permanences, p.id)
		lines = append(lines, t.say("permanences.ligne", t.described(p.Permanence).with("n", number(i+1), "dates", t.nextDates(p))))
	}
	return strings.Join(lines, "\n")
}

// permanencesNamed are the counsellor's that fit the number, the place or the hours that were said; all of them when nothing was.
func (t *Turn) permanencesNamed(read intents.Schedule) []permanence {
	if n := read.Number; n > 0 {
		if n > len(t.Chat.Permanences) {
			return nil
		}
		p, ok := t.permanence(t.Chat.Permanences[n-1])
		if !ok || !t.may(toChange, p.record()) {
			return nil
		}
		return []permanence{p}
	}
	return slices.DeleteFunc(t.ownPermanences(t.MeID), func(p permanence) bool {
		return len(read.Communes) > 0 && !slices.ContainsFunc(read.Communes, func(c intents.Commune) bool { return p.Place == c.Territory+"/"+c.Code }) ||
			read.From != 0 && p.From != Clock(read.From)
	})
}

// sessionFrom is the session of a day, or the next one when no day was said.
func (t *Turn) sessionFrom(p permanence, day time.Time) (session, bool) {
	from, to := t.At, t.At.AddDate(0, 0, planAhead)
	if !day.IsZero() {
		from, to = maxTime(day, t.At), day.AddDate(0, 0, 1)
	}
	all := t.sessions(p, from, to, 1)
	if len(all) == 0 {
		return session{}, false
	}
	return all[0], true
}

// cancelSession asks before a session is cancelled: people are told by SMS.
func cancelSession(t *Turn) {
	t.known()
	t.Chat.close()
	read := t.readSchedule("")
	if read.Err != nil { // a day that was said and cannot be is not "the next one"
		t.Reply("permanence.introuvable", nil)
		return
	}
	values := map[string]string{}
	if !read.Day.IsZero() {
		values["jour"] = read.Day.Format(dayLayout)
	}
	if p, _, ok := t.meantSession(read, intents.AnnulerPermanence, values); ok {
		t.proposeDrop(p, read.Day)
	}
}

func (t *Turn) proposeDrop(p permanence, day time.Time) {
	s, ok := t.sessionFrom(p, day)
	if !ok {
		t.Reply("permanence.introuvable", nil)
		return
	}
	t.Offer("permanence.annuler", p.sessionArgs(s).with("concernes", t.concerned(s, p.Owner)), t.yesOrNo()...)
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target, t.Chat.Values = string(intents.AnnulerPermanence), p.id, map[string]string{"jour": s.Day}
}

// concerned says who will be told of a change of a session.
func (t *Turn) concerned(s session, owner string) string {
	var parts []string
	var names []string
	for _, m := range t.rdvsIn(s, owner) {
		names = append(names, t.say("permanence.un-rdv", m.args()))
	}
	if len(names) > 0 {
		parts = append(parts, t.say("permanence.rdv-concernes", Args{"liste": t.and(names)}))
	}
	if n := t.subscribers(s.Place); n > 0 && t.soon(s) {
		parts = append(parts, t.say("permanence.abonnes", Args{"n": number(n)}))
	}
	if len(parts) == 0 {
		return ""
	}
	return "\n" + strings.Join(parts, "\n")
}

// rdvsIn are the counsellor's appointments during a session, at its place, that stand and have not begun: who came already is told of
// nothing.
func (t *Turn) rdvsIn(s session, owner string) []rdv {
	var out []rdv
	for _, rec := range t.find(Query{Kind: "rdv", Owner: owner, From: s.Start, To: s.End}) {
		if m, ok := t.rdv(rec.ID); ok && m.State != cancelled && !m.attended() && m.At.After(t.At) && m.Place == s.Place {
			out = append(out, m)
		}
	}
	return out
}

// newsAhead is how near a session must be for those who asked to be told of a commune to hear that it changes: they are told of a
// session the day before, and of a change in a year they want to know nothing. Who was told that it is moved is told what becomes of it.
const newsAhead = 8 * day

func (t *Turn) soon(s session) bool { return s.Told || s.Start.Sub(t.At) < newsAhead }

// sessionOf is the session of a day, if the permanence is held on it.
func (t *Turn) sessionOf(p permanence, day string) (session, bool) {
	for _, s := range t.sessions(p, t.At, t.At.AddDate(0, 0, planAhead), 500) {
		if s.Day == day {
			return s, true
		}
	}
	return session{}, false
}

// dropSession cancels one session, and tells all whom it concerns, once.
func (t *Turn) dropSession(p permanence, values map[string]string) {
	s, ok := t.sessionOf(p, values["jour"])
	if !ok {
		t.Reply("permanence.introuvable", nil)
		return
	}
	p.cancelDay(s.Day, true)
	p.Changes++
	t.Drop(p.group(s.Was))
	var told []string
	for _, m := range t.rdvsIn(s, p.Owner) {
		m.Closed = p.group(s.Day)
		t.end(m, cancelled, "conseiller")
		t.inform(m, "rdv.annule-par")
		told = append(told, m.Name)
	}
	t.tellSubscribers(p, s, "permanence.annulee")
	t.savePermanence(p)
	t.Chat.Undo = p.group(s.Day)
	t.Reply("permanence.annulee-fait", p.sessionArgs(s).with("prevenus", t.toldWhom(told)))
}

func (t *Turn) toldWhom(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return t.say("permanence.prevenus", Args{"liste": t.and(names)})
}

// cancelDay cancels the session of a day, or brings it back, whether the rule or a move put it there.
func (p permanence) cancelDay(day string, off bool) {
	i := slices.IndexFunc(p.Moved, func(m Move) bool { return m.Day == day && m.Off != off })
	switch {
	case i >= 0:
		p.Moved[i].Off = off
	case !off:
		p.When.Except = slices.DeleteFunc(p.When.Except, func(d string) bool { return d == day })
	case !slices.Contains(p.When.Except, day):
		p.When.Except = append(p.When.Except, day)
	}
}

// restoreSession brings back the session that was cancelled last, with its appointments; false: it was no session.
func (t *Turn) restoreSession() bool {
	id, day, ok := strings.Cut(strings.TrimPrefix(t.Chat.Undo, "permanence/"), "/")
	if !strings.HasPrefix(t.Chat.Undo, "permanence/") || !ok {
		return false
	}
	p, known := t.permanence(id)
	if !known || !t.may(toChange, p.record()) {
		t.Reply("retablir.rien", nil)
		return true
	}
	group := t.Chat.Undo
	t.Chat.close()
	t.Chat.Undo = ""
	p.cancelDay(day, false)
	p.Changes++
	s, ok := t.sessionOf(p, day)
	if !ok {
		t.Reply("retablir.rien", nil)
		return true
	}
	var told []string
	for _, rec := range t.find(Query{Kind: "rdv", Owner: p.Owner, State: cancelled, From: s.Start, To: s.End}) {
		if m, ok := t.rdv(rec.ID); ok && m.Closed == group && m.State == cancelled {
			m.State, m.By, m.Closed = silent, "", ""
			t.plan(m)
			t.saveRdv(m)
			t.wonderAbout(m)
			t.inform(m, "rdv.retabli")
			told = append(told, m.Name)
		}
	}
	t.tellSubscribers(p, s, "permanence.retablie")
	t.savePermanence(p)
	t.Reply("permanence.retablie-fait", p.sessionArgs(s).with("prevenus", t.toldWhom(told)))
	return true
}

// stopPermanence asks before a permanence ends for good.
func stopPermanence(t *Turn) {
	t.known()
	t.Chat.close()
	found := t.permanencesNamed(t.readSchedule(""))
	switch len(found) {
	case 0:
		t.Reply("permanence.introuvable", nil)
	case 1:
		t.proposeEnd(found[0])
	default:
		t.askWhichPermanence(found, intents.ArreterPermanence, nil)
	}
}

func (t *Turn) proposeEnd(p permanence) {
	t.Offer("permanence.arreter", t.described(p.Permanence), t.yesOrNo()...)
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target = string(intents.ArreterPermanence), p.id
}

// endNow leaves no session of a permanence after yesterday.
func (t *Turn) endNow(p permanence) { p.When.Last, p.Moved = prevDay(t.Now).Format(dayLayout), nil }

// endPermanence ends it: no session is held after today. Appointments stand, and are named.
func (t *Turn) endPermanence(p permanence, _ map[string]string) {
	var still []string
	for _, s := range t.sessions(p, t.At, t.At.AddDate(0, 0, planAhead), 100) {
		for _, m := range t.rdvsIn(s, p.Owner) {
			still = append(still, t.say("permanence.un-rdv", m.args()))
		}
		t.Drop(p.group(s.Was))
	}
	told := t.soonSessions(p, true)
	t.endNow(p)
	p.Changes++
	for _, s := range told {
		t.tellSubscribers(p, s, "permanence.annulee")
	}
	t.savePermanence(p)
	left := ""
	if len(still) > 0 {
		left = t.say("permanence.restent", Args{"liste": t.and(still)})
	}
	t.Reply("permanence.arretee", t.described(p.Permanence).with("restent", left))
}
