package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A counsellor's calendar, for the tools that she subscribes to it with. Whoever has its link reads it, and most often that is a server of
// somebody else's: it names people as she does, and holds neither numbers nor what anybody wrote.

// How much of the time around now a calendar shows.
const (
	calendarPast  = 30 * day // appointments and sessions, and how long what was cancelled is shown as such
	calendarAhead = 90 * day // sessions; appointments are shown however far
)

// ownUID ends the UIDs of our own entries: a subscribed calendar that holds a copy of them says nothing new.
const ownUID = "@passeur"

// CalendarItem is one entry of a counsellor's calendar.
type CalendarItem struct {
	UID        string // stable, and no other entry's
	Sequence   int    // rises when the entry changes
	Summary    string // "RDV Jeanne"
	Location   string
	Start, End time.Time // in Zone
	Zone       string    // IANA name of the zone of the place
	Cancelled  bool
}

// CalendarNumber is the number that the links of a professional's calendar hold now; false when there is no such professional. A link with
// another number is one that she revoked.
func (b *Bot) CalendarNumber(ctx context.Context, person string) (n int, ok bool, err error) {
	t := b.looking(ctx, time.Time{})
	p, ok := load[Person](t, person)
	return p.LinkNumber, ok && p.Role != Anyone, t.err
}

// Calendar is what a professional's calendar shows at a moment: her appointments from 30 days ago on, cancelled ones as cancelled, and each
// session of her permanences until 90 days ahead. name is the calendar's, for people. It is false when there is no such professional; who
// left is none. Errors are the store's.
func (b *Bot) Calendar(ctx context.Context, person string, now time.Time) (items []CalendarItem, name string, ok bool, err error) {
	t := b.looking(ctx, now)
	p, ok := load[Person](t, person)
	if !ok || p.Role == Anyone || t.err != nil {
		return nil, "", false, t.err
	}
	t.be(person)
	items = slices.Concat(t.calendarOfRdvs(person), t.calendarOfSessions(person), t.calendarOfGatherings(person))
	name = t.say("calendrier.nom", Args{"service": b.Settings.Service, "nom": p.Name})
	if t.err != nil {
		return nil, "", false, t.err
	}
	return items, name, true, nil
}

func (t *Turn) calendarOfRdvs(owner string) (items []CalendarItem) {
	for _, rec := range t.findAll(Query{Kind: "rdv", Owner: owner, From: t.At.Add(-calendarPast)}) {
		m, ok := t.rdv(rec.ID)
		if !ok {
			continue
		}
		items = append(items, CalendarItem{UID: "rdv-" + m.id + ownUID, Sequence: m.sequence(), Summary: t.say("calendrier.rdv", m.args()), Location: m.Where,
			Start: m.At, End: m.At.Add(m.lasts()), Zone: m.At.Location().String(), Cancelled: m.State == cancelled})
	}
	return items
}

// sequence counts the changes of an appointment as calendars do: two for each of its schedules, since a cancellation makes no new one.
func (m rdv) sequence() int {
	if m.State == cancelled {
		return 2*m.PlanVersion + 1
	}
	return 2 * m.PlanVersion
}

// sessionsShown bounds the sessions of one permanence: one each day is 120.
const sessionsShown = 200

func (t *Turn) calendarOfSessions(owner string) (items []CalendarItem) {
	used := map[string]int{}
	for _, rec := range t.findAll(Query{Kind: "permanence", Owner: owner}) {
		p, ok := t.permanence(rec.ID)
		if !ok {
			continue
		}
		for _, s := range t.sessions(p, t.At.Add(-calendarPast), t.At.Add(calendarAhead), sessionsShown) {
			items = append(items, CalendarItem{UID: sessionUID(p.id, s.Day, used), Sequence: p.Changes, Summary: t.say("calendrier.permanence", p.sessionArgs(s)), Location: s.Where,
				Start: s.Start, End: s.End, Zone: s.Start.Location().String()})
		}
	}
	return items
}

// sessionUID names a session by its permanence and its day; a second one of that day, which was moved there, gets a number.
func sessionUID(permanence, day string, used map[string]int) string {
	name := permanence + "-" + day
	used[name]++
	if n := used[name]; n > 1 {
		name += "-" + strconv.Itoa(n)
	}
	return name + ownUID
}

// calendarOfGatherings are the dates to which she goes, and those that she organises.
func (t *Turn) calendarOfGatherings(person string) (items []CalendarItem) {
	seen := map[string]bool{}
	add := func(o occasion, ok bool) {
		if ok && !seen[o.about()] {
			seen[o.about()] = true
			items = append(items, t.calendarItem(o))
		}
	}
	for _, rec := range t.findAll(Query{Kind: "rsvp", Subject: person, State: isGoing, From: t.At.Add(-calendarPast)}) {
		r, _ := load[RSVP](t, rec.ID)
		add(t.occasion(r.Number, r.Day))
	}
	for _, rec := range t.findAll(Query{Kind: "occasion", Owner: person, From: t.At.Add(-calendarPast)}) {
		o, _ := load[Occasion](t, rec.ID)
		add(t.occasion(o.Number, o.Day))
	}
	return items
}

func (t *Turn) calendarItem(o occasion) CalendarItem {
	return CalendarItem{UID: "gathering-" + occasionID(o.Number, o.Day) + ownUID, Sequence: o.Changes, Summary: t.sayIn(French, "calendrier.rencontre", t.occasionArgs(o, French)),
		Location: t.whereIn(o.Where, o.Link), Start: o.Start, End: o.End, Zone: o.Start.Location().String(), Cancelled: o.Off}
}

// GatheringFiles begins the names of the calendar entries that go with messages (Message.File): "gathering/3-2026-12-10.ics".
const GatheringFiles = "gathering/"

// OccasionItem is one date of a gathering as its calendar entry, of the name that messages carry ("gathering/3-2026-12-10.ics"); false when it
// is no more. Errors are the store's.
func (b *Bot) OccasionItem(ctx context.Context, name string, now time.Time) (item CalendarItem, ok bool, err error) {
	t := b.looking(ctx, now)
	about, named := strings.CutSuffix(name, ".ics")
	o, known := t.occasionOf(about)
	if !named || !known || t.err != nil {
		return CalendarItem{}, false, t.err
	}
	item = t.calendarItem(o)
	return item, t.err == nil, t.err
}

// myCalendar answers the link of her calendar, or why there is none.
func myCalendar(t *Turn) {
	t.known()
	t.calendarLink("calendrier.lien")
}

// newCalendar revokes the links that were given, and answers another.
func newCalendar(t *Turn) {
	t.known()
	t.Me.LinkNumber++
	t.savePerson(t.MeID, t.Me)
	t.calendarLink("calendrier.nouveau")
}

func (t *Turn) calendarLink(key string) {
	if t.bot.CalendarLink == nil {
		t.Reply("calendrier.sans-adresse", nil)
		return
	}
	t.Reply(key, Args{"lien": t.bot.CalendarLink(t.MeID, t.Me.LinkNumber)})
}
