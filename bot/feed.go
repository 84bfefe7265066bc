package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"passeur/intents"
)

// A counsellor's own calendar, subscribed to: entries that name a permanence are permanences, entries with a mobile number are
// appointments, all others are nobody's business. The calendar is right: what is changed is changed there.

// Feed says whose feed a calendar is.
type Feed struct {
	Name  string // as adapters call it
	Owner string // the counsellor, by her full name
}

// feedEntry takes in an entry that is new or was changed.
func feedEntry(t *Turn) {
	var e FeedEntry
	if err := json.Unmarshal([]byte(t.Values[OutsideValue]), &e); err != nil {
		t.err = fmt.Errorf("calendar entry: %w", err)
		return
	}
	owner := t.feedOwner(e.Feed)
	if owner == "" || strings.HasSuffix(e.UID, ownUID) {
		return
	}
	e.Gone = e.Gone || says(e.Summary, " annul", " pas de ", " report", " supprim", " sans permanence ")
	phones, name := t.entryPhones(e)
	_, series := t.permanence(feedID(e.Feed, e.UID)) // an exception to one may have any title
	switch {
	case len(phones) == 1 && e.Rule == "" && !e.AllDay:
		t.takeEntryRdv(e, owner, name, phones[0])
	case series || namesPermanence(e.Summary):
		e.Gone = e.Gone || says(e.Summary, " telephon", " interne ", " equipe ")
		t.takeEntryPermanence(e, owner)
	}
}

// feedOwner is the counsellor of a feed; the desk is told once when there is none of that name.
func (t *Turn) feedOwner(feed string) string {
	i := slices.IndexFunc(t.bot.Settings.Feeds, func(c Feed) bool { return c.Name == feed })
	if i < 0 {
		return ""
	}
	name := t.bot.Settings.Feeds[i].Owner
	if id := t.counsellorNamed([]string{name}); id != "" {
		return id
	}
	o, _ := load[Outside](t, "ical-"+feed)
	if !o.Nobody {
		o.V, o.Nobody = 1, true
		t.save("outside", "ical-"+feed, func(r *Record) { r.At = t.At })
		t.tellDesk("", "nouvelle.agenda-sans-conseiller", Args{"nom": name, "agenda": feed})
	}
	return ""
}

// entryPhones are the mobile numbers of a title, and the first name in it.
func (t *Turn) entryPhones(e FeedEntry) (phones []string, name string) {
	read := t.bot.Gazetteer.ReadBooking(e.Summary, t.At, nil)
	for _, p := range read.Phones {
		phones = append(phones, p.E164)
	}
	return phones, read.Name
}

// namesPermanence tells an entry that is a permanence by its title.
func namesPermanence(summary string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(plain(summary), func(r rune) bool { return r == ' ' || r == ':' || r == ',' || r == '-' }), func(w string) bool {
		return w == "permanence" || w == "permanences" || w == "perm"
	})
}

// says tells that a title holds one of some words: "Permanence annulée", "Pas de permanence", "Permanence téléphonique".
func says(summary string, words ...string) bool {
	title := " " + strings.Join(strings.FieldsFunc(plain(summary), func(r rune) bool { return !unicode.IsLetter(r) }), " ") + " "
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(title, w) })
}

// feedID is our name for an entry.
func feedID(feed, uid string) string {
	return "c" + shortHash(feed+"\x00"+uid)
}

// takeEntryRdv takes an entry with a mobile number for an appointment.
func (t *Turn) takeEntryRdv(e FeedEntry, owner, name, phone string) {
	if name == "" && !e.Gone {
		t.Tell(owner, "", "nouvelle.agenda-sans-prenom", Args{"titre": e.Summary})
		return
	}
	b := OutsideRdv{Source: "ical", ID: feedID(e.Feed, e.UID+e.Recurs.UTC().Format(time.RFC3339)), Event: "updated", Written: t.At, Status: outsideUnknown, Start: e.Start, End: e.End,
		Where: e.Location, AtHome: isHome(e.Location) || isHome(e.Summary), Participants: []OutsideUsager{{ID: "1", Name: name, Phone: phone, Status: outsideUnknown}}}
	if hits := t.bot.Gazetteer.FindCommunes(e.Location); len(hits) > 0 {
		b.Commune = hits[len(hits)-1].Commune.Name
	}
	if e.Gone {
		b.Event = "destroyed"
	}
	o, _ := load[Outside](t, "ical-"+b.ID)
	o.V, o.Written, o.Feed, o.UID = 1, t.At, e.Feed, e.UID
	if o.Rdvs == nil {
		o.Rdvs = map[string]string{}
	}
	t.save("outside", "ical-"+b.ID, func(r *Record) { r.Owner, r.State, r.At = owner, "ical/"+e.Feed, maxTime(e.Start, t.At) })
	if e.Gone {
		t.withdraw(&b, o, nil)
		return
	}
	t.takeParticipant(&b, b.Participants[0], owner, o)
}

// takeEntryPermanence takes an entry for a permanence, or for a session of one that is held otherwise.
func (t *Turn) takeEntryPermanence(e FeedEntry, owner string) {
	p, known := t.permanence(feedID(e.Feed, e.UID))
	if e.Gone && !known {
		return
	}
	before := t.soonSessions(p, known)
	if problem := t.readEntry(p, e, owner); problem != "" {
		t.Tell(owner, "", "nouvelle.agenda-illisible", Args{"titre": e.Summary, "raison": problem})
		return
	}
	t.tellOfChanges(p, before)
	t.savePermanence(p)
}

// soonSessions are the sessions of a permanence that people may have been told of.
func (t *Turn) soonSessions(p permanence, known bool) []session {
	if !known {
		return nil
	}
	return slices.DeleteFunc(t.sessions(p, t.At, t.At.Add(newsAhead+movedAhead), 50), func(s session) bool { return !t.soon(s) })
}

// readEntry brings a permanence to what its entry says, or says why it cannot be.
func (t *Turn) readEntry(p permanence, e FeedEntry, owner string) (problem string) {
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		zone = t.bot.Zone("")
	}
	start, end := e.Start.In(zone), e.End.In(zone)
	if !e.Recurs.IsZero() {
		return t.readException(p, e, start, end, e.Recurs.In(zone).Format(dayLayout))
	}
	if e.Gone {
		t.endNow(p)
		return ""
	}
	read := t.bot.Gazetteer.ReadSchedule(e.Location, t.At, nil)
	if len(read.Communes) == 0 {
		read = t.bot.Gazetteer.ReadSchedule(e.Summary, t.At, nil)
	}
	switch {
	case e.AllDay || start.Format(dayLayout) != end.Format(dayLayout):
		return t.say("agenda.heures", nil)
	case len(read.Communes) != 1:
		return t.say("agenda.commune", nil)
	}
	when := Recurrence{Rule: e.Rule, First: start.Format(dayLayout), Except: e.Except, OnHolidays: true}
	if unkept := when.problem(); unkept != "" {
		return t.say(unkept, Args{"regle": e.Rule})
	}
	p.Owner, p.Feed, p.UID = owner, e.Feed, e.UID
	p.Where, p.Place = read.PlaceText, read.Communes[0].Territory+"/"+read.Communes[0].Code
	p.From, p.To, p.When = clockOf(start), clockOf(end), when
	if p.Access == "" {
		p.Access = intents.WalkIn
	}
	return ""
}

// readException takes a session of a series that is held otherwise, or not at all.
func (t *Turn) readException(p permanence, e FeedEntry, start, end time.Time, day string) (problem string) {
	if p.Owner == "" {
		return "" // the series was not a permanence, or could not be read
	}
	told := slices.ContainsFunc(p.Moved, func(m Move) bool { return m.Was == day && m.Told })
	p.Moved = slices.DeleteFunc(p.Moved, func(m Move) bool { return m.Was == day })
	if !slices.Contains(p.When.Except, day) {
		p.When.Except = append(p.When.Except, day)
	}
	if e.Gone {
		return ""
	}
	m := Move{Was: day, Day: start.Format(dayLayout), From: clockOf(start), To: clockOf(end), Told: told}
	if read := t.bot.Gazetteer.ReadSchedule(e.Location, t.At, nil); len(read.Communes) == 1 {
		m.Where, m.Place = read.PlaceText, read.Communes[0].Territory+"/"+read.Communes[0].Code
	}
	p.Moved = append(p.Moved, m)
	return ""
}

// movedAhead is how far a session may be put off for people to be told its new day, not that it is not held.
const movedAhead = 31 * day

// tellOfChanges tells those whom it concerns, once, of each session soon to come that is no longer held as it was.
func (t *Turn) tellOfChanges(p permanence, before []session) {
	after := t.sessions(p, t.At, t.At.Add(newsAhead+movedAhead), 50)
	for _, s := range before {
		if slices.ContainsFunc(after, func(a session) bool { return a.Start.Equal(s.Start) && a.End.Equal(s.End) && a.Place == s.Place }) {
			continue
		}
		p.Changes++
		t.Drop(p.group(s.Was))
		for _, m := range t.rdvsIn(s, p.Owner) {
			if m.Outside == "" {
				t.Tell(p.Owner, m.Subject, "nouvelle.agenda-rdv", m.args())
			}
		}
		day := s.Day
		if i := slices.IndexFunc(p.Moved, func(m Move) bool { return m.Was == s.Was }); i >= 0 {
			day, p.Moved[i].Told = p.Moved[i].Day, true
		}
		if i := slices.IndexFunc(after, func(a session) bool { return a.Day == day }); i >= 0 {
			t.tellSubscribers(p, s, "permanence.deplacee", "nouveau", after[i].Start.Format(time.RFC3339), "nouvelle-fin", after[i].End.Format(time.RFC3339), "nouveau-lieu", after[i].Where)
		} else {
			t.tellSubscribers(p, s, "permanence.annulee")
		}
	}
}

// feedState: what the calendar does not hold any more is gone, unless it is over. A calendar that holds nothing at all is taken for a
// fault of the tool: its counsellor is told, and nothing changes.
func feedState(t *Turn) {
	var s FeedState
	if err := json.Unmarshal([]byte(t.Values[OutsideValue]), &s); err != nil {
		t.err = fmt.Errorf("calendar state: %w", err)
		return
	}
	owner := t.feedOwner(s.Feed)
	if owner == "" || t.feedEmptied(s, owner) {
		return
	}
	for _, p := range t.ownPermanences(owner) {
		if p.Feed != s.Feed || slices.Contains(s.UIDs, p.UID) {
			continue
		}
		before := t.soonSessions(p, true)
		t.endNow(p)
		t.tellOfChanges(p, before)
		t.savePermanence(p)
	}
	for _, rec := range t.findAll(Query{Kind: "outside", State: "ical/" + s.Feed, From: t.At}) {
		if o, ok := load[Outside](t, rec.ID); ok && !slices.Contains(s.UIDs, o.UID) {
			t.withdraw(&OutsideRdv{}, o, nil)
		}
	}
}

// feedEmptied tells whether a calendar of which something was taken holds nothing any more; its counsellor is told once.
func (t *Turn) feedEmptied(s FeedState, owner string) bool {
	o, _ := load[Outside](t, "ical-"+s.Feed)
	if was := o.Empty; was != (len(s.UIDs) == 0) {
		o.V, o.Empty = 1, !was
		t.save("outside", "ical-"+s.Feed, func(r *Record) { r.At = t.At })
		if o.Empty {
			t.Tell(owner, "", "nouvelle.agenda-vide", nil)
		}
	}
	return o.Empty
}
