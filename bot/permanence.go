package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Permanence is the hours that a counsellor holds in some place, again and again or once.
type Permanence struct {
	V           int        `json:"v"`
	Owner       string     `json:"owner"` // the counsellor
	Where       string     `json:"where"` // "mairie de Périers"
	Place       string     `json:"place"` // "50/50394"
	From        Clock      `json:"from"`  // on the wall clock of the place
	To          Clock      `json:"to"`
	When        Recurrence `json:"when"`
	Access      string     `json:"access,omitempty"`   // intents.OnAppointment, intents.WalkIn; "" nobody said
	Capacity    int        `json:"capacity,omitempty"` // people at once; 0: one
	SlotMinutes int        `json:"slot,omitempty"`     // minutes for one person; 0: rdvLength
	Office      bool       `json:"office,omitempty"`   // where the counsellor works anyway: it does not count as délocalisée
	Moved       []Move     `json:"moved,omitempty"`    // sessions that are held otherwise than the rule says
	Changes     int        `json:"changes,omitempty"`  // raised whenever a session is cancelled, moved or brought back: who was told of one is told of the next
	Feed        string     `json:"feed,omitempty"`     // the calendar that it comes from
	UID         string     `json:"uid,omitempty"`      // its name there
}

// Move is a session that is held another day, at other hours or elsewhere.
type Move struct {
	Was   string `json:"was"` // the day that the rule gives: it is left out
	Day   string `json:"day"`
	From  Clock  `json:"from"`
	To    Clock  `json:"to"`
	Where string `json:"where,omitempty"` // "" where the others are
	Place string `json:"place,omitempty"`
	Off   bool   `json:"off,omitempty"`  // cancelled since; it may be brought back
	Told  bool   `json:"told,omitempty"` // those who asked to be told of the commune know of it
}

// States of a permanence.
const (
	permanenceOpen = "open" // it has a session to come
	permanenceOver = "over"
)

// session is one time that a permanence is held.
type session struct {
	Day        string // of the place's calendar
	Start, End time.Time
	Where      string
	Place      string
	Was        string // the day that the rule gives for it
	Told       bool   // moved there, and those who asked to be told of the commune know of it
}

// permanence is a permanence as rules handle it.
type permanence struct {
	id string
	*Permanence
}

func (p permanence) about() string { return "permanence/" + p.id }

// group is what a session's pending tasks die with.
func (p permanence) group(day string) string { return p.about() + "/" + day }

func (p permanence) record() Record {
	return Record{Kind: "permanence", ID: p.id, Owner: p.Owner, Place: p.Place}
}

func (t *Turn) permanence(id string) (permanence, bool) {
	p, ok := load[Permanence](t, id)
	return permanence{id, p}, ok
}

// planAhead is how far sessions are looked for: a permanence without one within it is over.
const planAhead = 400 // days

// sessions are those of a permanence that end after an instant and begin before another, in order, at most that many.
func (t *Turn) sessions(p permanence, after, before time.Time, most int) []session {
	zone := t.bot.Zone(p.Place)
	from, to := after.In(zone).AddDate(0, 0, -1).Format(dayLayout), before.In(zone).Format(dayLayout)
	var out []session
	owner, _ := load[Person](t, p.Owner)
	for _, day := range p.When.days(from, to, most+2, t.openOn(p, owner.Leave)) {
		out = append(out, t.sessionOn(p, Move{Day: day, From: p.From, To: p.To}))
	}
	for _, m := range p.Moved {
		if m.Day >= from && m.Day <= to && !m.Off && !owner.Leave.runs(m.Day) {
			out = append(out, t.sessionOn(p, m))
		}
	}
	out = slices.DeleteFunc(out, func(s session) bool { return !s.End.After(after) || !s.Start.Before(before) })
	slices.SortFunc(out, func(a, b session) int { return a.Start.Compare(b.Start) })
	return out[:min(len(out), most)]
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// openOn tells of which days a permanence is held: public holidays, school holidays and the counsellor's leave close it.
func (t *Turn) openOn(p permanence, leave Leave) func(day time.Time) bool {
	var breaks []SchoolBreak
	if p.When.OffSchool {
		breaks = t.schoolBreaks(territory(p.Place))
	}
	return func(day time.Time) bool {
		return !leave.runs(day.Format(dayLayout)) && p.When.closedDay(day, territory(p.Place), breaks) == ""
	}
}

func (t *Turn) sessionOn(p permanence, m Move) session {
	s := session{Day: m.Day, Where: p.Where, Place: p.Place, Was: cmp.Or(m.Was, m.Day), Told: m.Told}
	if m.Where != "" {
		s.Where, s.Place = m.Where, m.Place
	}
	zone := t.bot.Zone(s.Place)
	s.Start, s.End = instantOf(m.Day, m.From, zone), instantOf(m.Day, m.To, zone)
	return s
}

// next is the session that is held now, or the one after.
func (t *Turn) next(p permanence) (session, bool) {
	all := t.sessions(p, t.At, t.At.AddDate(0, 0, planAhead), 1)
	if len(all) == 0 {
		return session{}, false
	}
	return all[0], true
}

// savePermanence writes a permanence with its next session as facets, and plans what is due around that one: the word to those who
// asked for it, and the end, after which the one that follows is planned.
func (t *Turn) savePermanence(p permanence) {
	p.V = 1
	s, ok := t.next(p)
	state, at, place := permanenceOver, t.At, p.Place
	if ok {
		state, at, place = permanenceOpen, s.Start, s.Place
	}
	t.save("permanence", p.id, func(r *Record) { r.Owner, r.Place, r.State, r.At = p.Owner, place, state, at })
	t.Drop(p.about())
	if !ok {
		return
	}
	due := func(name string, intent intents.Intent, when time.Time) {
		t.write(Task{Key: p.group(s.Day) + "/" + name + "/" + when.UTC().Format("150405"), Group: p.about(), Lane: Reminder, Place: s.Place, At: when, Intent: intent,
			Args: Args{"permanence": p.id, "jour": s.Day}})
	}
	due("fin", sessionEndIntent, s.End)
	if eve := t.bot.eveOf(s); eve.After(t.At) {
		due("veille", sessionEveIntent, eve)
	}
}

// eveOf is when people are told of a session: the day before at the hour of reminders, or at the last decent hour before that.
func (b *Bot) eveOf(s session) time.Time {
	return b.Settings.Hours.before(b.Settings.Reminders.At.on(prevDay(s.Start)), s.Place)
}

// Intents of a permanence's own clock.
const (
	sessionEndIntent intents.Intent = "fin-permanence"
	sessionEveIntent intents.Intent = "veille-permanence"
)

// sessionEnded: the next session is planned, and its counsellor is asked what to note.
func sessionEnded(t *Turn) {
	p, ok := t.permanence(t.Values["permanence"])
	if !ok {
		return
	}
	if s, held := t.heldAt(p, t.Values["jour"]); held {
		t.askToNote(p, s)
	}
	t.savePermanence(p)
}

// ownPermanences are those of a counsellor that have a session to come, in the order of their next ones.
func (t *Turn) ownPermanences(owner string) []permanence {
	var out []permanence
	for _, rec := range t.findAll(Query{Kind: "permanence", Owner: owner, State: permanenceOpen}) {
		if p, ok := t.permanence(rec.ID); ok {
			out = append(out, p)
		}
	}
	return out
}

// onLeave changes a counsellor's leave, plans her permanences anew, and tells whom it concerns of the sessions that fall.
func (t *Turn) onLeave(who *Person, l Leave) {
	all := t.ownPermanences(t.MeID)
	before := make([][]session, len(all))
	for i, p := range all {
		before[i] = t.soonSessions(p, true)
	}
	who.Leave = l
	for i, p := range all {
		t.tellOfChanges(p, before[i])
		t.savePermanence(p)
	}
}

// sessionArgs are what every text about a session may use.
func (p permanence) sessionArgs(s session) Args {
	return Args{placeArg: s.Place, "debut": s.Start.Format(time.RFC3339), "fin": s.End.Format(time.RFC3339), "lieu": s.Where}
}

// rhythm says in words when a permanence is held: "tous les mardis".
func (t *Turn) rhythm(r Recurrence) string {
	if r.Rule == "" {
		return t.say("rythme.une-fois", Args{"jour": instant(r.First)})
	}
	f := ruleFields(r.Rule)
	var closed []string
	if open := strings.Split(f["BYMONTH"], ","); f["BYMONTH"] != "" {
		for m := 1; m <= 12; m++ {
			if !slices.Contains(open, number(m)) {
				closed = append(closed, t.say("mois."+number(m), nil))
			}
		}
	}
	out := t.recurs(r, f)
	if len(closed) > 0 {
		out += t.say("rythme.sauf-mois", Args{"mois": t.and(closed)})
	}
	return out
}

func (t *Turn) recurs(r Recurrence, f map[string]string) string {
	days, single := t.dayNames(f["BYDAY"], "jours."), t.dayNames(f["BYDAY"], "jour.")
	every := f["INTERVAL"]
	switch {
	case f["FREQ"] == "WEEKLY" && f["BYDAY"] == "MO,TU,WE,TH,FR" && (every == "" || every == "1"):
		return t.say("rythme.ouvres", nil)
	case f["FREQ"] == "WEEKLY" && days != "" && (every == "" || every == "1"):
		return t.say("rythme.semaine", Args{"jours": days})
	case f["FREQ"] == "WEEKLY" && days != "":
		return t.say("rythme.semaines", Args{"jours": days, "n": every})
	case f["BYWEEKNO"] != "" && days != "":
		parity := "rythme.impaires"
		if strings.HasPrefix(f["BYWEEKNO"], "2") {
			parity = "rythme.paires"
		}
		return t.say(parity, Args{"jours": days})
	case f["BYMONTHDAY"] == "-1":
		return t.say("rythme.fin-mois", nil)
	case f["FREQ"] == "MONTHLY" && f["BYMONTHDAY"] != "":
		return t.say("rythme.mois", Args{"n": f["BYMONTHDAY"]})
	case f["FREQ"] == "MONTHLY" && single != "":
		return t.say("rythme.nieme", Args{"jours": single})
	}
	return t.say("rythme.autre", nil)
}

// dayNames names weekdays as RFC 5545 writes them: "TU,TH" are "mardis et jeudis", "1TU" is "premier mardi". What cannot be named is "".
func (t *Turn) dayNames(codes, prefix string) string {
	var out []string
	for code := range strings.SplitSeq(codes, ",") {
		nth := strings.TrimRight(code, "MOTUWEHFRSA")
		key := prefix + strings.TrimPrefix(code, nth)
		if code == "" || !t.bot.Texts.Has(key) || nth != "" && !t.bot.Texts.Has("rang."+nth) {
			return ""
		}
		name := t.say(key, nil)
		if nth != "" {
			name = t.say("rang."+nth, nil) + " " + name
		}
		out = append(out, name)
	}
	return t.and(out)
}

// and joins words: "mardis, mercredis et jeudis".
func (t *Turn) and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + t.say("et", nil) + words[last]
}

// ruleFields are the parts of a rule by name.
func ruleFields(rule string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(rule, ";") {
		name, value, _ := strings.Cut(part, "=")
		out[strings.ToUpper(name)] = value
	}
	return out
}
