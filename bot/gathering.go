package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents"
)

// Gathering is a café-visio, a webinaire, a workshop, a working group: announced to channels and people, held once or again and again. Its
// id is its number, by which people name it. Who comes stands on its dates: see Occasion.
type Gathering struct {
	V          int            `json:"v"`
	Owner      string         `json:"owner"` // who organises it
	Kind       string         `json:"kind"`  // intents.CafeVisio…; "" a gathering, without more
	Title      string         `json:"title"`
	Link       string         `json:"link,omitempty"`       // where it is held on the Web
	Capacity   int            `json:"capacity,omitempty"`   // 0: no limit
	Channels   []NamedChannel `json:"channels,omitempty"`   // where it is announced
	Colleagues []string       `json:"colleagues,omitempty"` // who is told in private
	Open       string         `json:"open,omitempty"`       // the commune whose subscribers are invited by SMS: "50/50394"
	Held       Permanence     `json:"held"`                 // when, and where: Where "" on the Web alone; Owner is empty, so that no leave closes it
	Day        string         `json:"day,omitempty"`        // the date to which one can come now; "" none
}

// NamedChannel is a channel, and its short name as people know it.
type NamedChannel struct {
	To   Address `json:"to"`
	Name string  `json:"name"` // "entraide"
}

// Occasion is one date of a gathering, and who comes to it: all that decides who has a place. Its id is the gathering's number and the day
// that its rule gives, which stays when it is moved.
type Occasion struct {
	V        int       `json:"v"`
	Number   string    `json:"number"`
	Day      string    `json:"day"`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	First    time.Time `json:"first"` // Start as it was announced first: the hour of the records of those who answered
	Where    string    `json:"where,omitempty"`
	Place    string    `json:"place"`
	Off      bool      `json:"off,omitempty"`     // cancelled; it may be brought back
	Changes  int       `json:"changes,omitempty"` // raised whenever it is moved, cancelled or brought back
	Going    []Guest   `json:"going,omitempty"`   // in the order in which they came
	Waiting  []Guest   `json:"waiting,omitempty"` // the next in line first
	Posts    []Post    `json:"posts,omitempty"`   // where it is announced
	Drawing  bool      `json:"drawing,omitempty"` // the posts will be brought up to date
	Draws    int       `json:"draws,omitempty"`   // how often that was planned
	Drawn    time.Time `json:"drawn,omitzero"`    // when it was done last
	Came     []string  `json:"came,omitempty"`    // persons who came, as the organiser said
	Attended bool      `json:"attended,omitempty"`
}

// Guest is somebody on the list of an occasion.
type Guest struct {
	Person string `json:"p"`           // of who was erased when it was over, an id of nobody
	Usager bool   `json:"u,omitempty"` // she reads SMS, and her decent hours hold
}

// Post is a message that announces an occasion.
type Post struct {
	To  string    `json:"to"`  // a channel's address, or a person
	Key string    `json:"key"` // of the task that wrote it last
	At  time.Time `json:"at"`
}

// States of a gathering and of an occasion.
const (
	gatheringOpen = "open" // a date is to come
	gatheringOver = "over"
	gatheringOff  = "off" // of an occasion that was cancelled
)

// gathering is a gathering as rules handle it.
type gathering struct {
	id string
	*Gathering
}

func (g gathering) record() Record {
	return Record{Kind: "gathering", ID: g.id, Owner: g.Owner, Place: g.Held.Place}
}

// held are the hours of a gathering, for what reads those of permanences.
func (g gathering) held() permanence { return permanence{g.id, &g.Held} }

// occasion is one date as rules handle it.
type occasion struct {
	gathering
	*Occasion
}

func occasionID(number, day string) string { return number + "-" + day }

// about names it: events about one occasion wait for each other.
func (o occasion) about() string { return "gathering/" + occasionID(o.Number, o.Occasion.Day) }

// words is the group of what is said to people of an occasion and has not left.
func (o occasion) words() string { return o.about() + "/mots" }

// wordsTo is what of it is said to one person.
func (o occasion) wordsTo(person string) string { return o.words() + "/" + person }

// over tells whether it has ended.
func (o occasion) over(now time.Time) bool { return !o.End.After(now) }

// file is the name of its calendar entry, for those who come.
func (o occasion) file() string { return o.about() + ".ics" }

func (t *Turn) gathering(id string) (gathering, bool) {
	g, ok := load[Gathering](t, id)
	return gathering{id, g}, ok
}

// occasion loads one date of a gathering; "" the one to which one can come now.
func (t *Turn) occasion(number, day string) (occasion, bool) {
	g, ok := t.gathering(number)
	if day == "" {
		day = g.Day
	}
	if !ok || day == "" {
		return occasion{g, &Occasion{}}, false
	}
	o, known := load[Occasion](t, occasionID(number, day))
	zone := t.bot.Zone(o.Place)
	o.Start, o.End = o.Start.In(zone), o.End.In(zone)
	return occasion{g, o}, known
}

// occasionOf is the occasion of a name: "gathering/3-2026-12-10", or of what belongs to it.
func (t *Turn) occasionOf(about string) (occasion, bool) {
	id, ok := strings.CutPrefix(about, "gathering/")
	id, _, _ = strings.Cut(id, "/")
	number, day, dated := strings.Cut(id, "-")
	if !ok || !dated {
		return occasion{}, false
	}
	return t.occasion(number, day)
}

func (t *Turn) saveOccasion(o occasion) {
	o.Occasion.V = 1
	state := gatheringOpen
	switch {
	case o.Off:
		state = gatheringOff
	case o.over(t.At):
		state = gatheringOver
	}
	t.save("occasion", occasionID(o.Number, o.Occasion.Day), func(r *Record) {
		r.Owner, r.Place, r.State, r.At = o.Owner, o.Place, state, o.Start
	})
}

// saveGathering writes a gathering with its next date as facets.
func (t *Turn) saveGathering(g gathering) {
	g.V = 1
	state, at := gatheringOver, t.At
	if o, _ := load[Occasion](t, occasionID(g.id, g.Day)); g.Day != "" {
		state, at = gatheringOpen, o.Start
	}
	t.save("gathering", g.id, func(r *Record) { r.Owner, r.Place, r.State, r.At = g.Owner, g.Held.Place, state, at })
}

// freeNumber is the smallest number that no gathering has: people type it.
func (t *Turn) freeNumber() string {
	const page = 100
	for first := 1; t.err == nil; first += page {
		ids := make([]string, page)
		for i := range ids {
			ids[i] = number(first + i)
		}
		recs, err := t.bot.Store.Get(t.ctx, "gathering", ids...)
		if err != nil {
			t.err = storeFault{err}
			return ""
		}
		for _, id := range ids {
			if !slices.ContainsFunc(recs, func(r Record) bool { return r.ID == id }) {
				return id
			}
		}
	}
	return ""
}

// nextDate is the first date of a gathering's rule that begins after an instant and behind a day; false when there is none.
func (t *Turn) nextDate(g gathering, behind string, after time.Time) (session, bool) {
	for _, s := range t.sessions(g.held(), after, after.AddDate(0, 0, planAhead), 500) {
		if s.Day > behind && s.Start.After(after) {
			return s, true
		}
	}
	return session{}, false
}

// advance makes the next date of a gathering the one to which one can come. It is known already when it was the current one before
// another was brought back.
func (t *Turn) advance(g gathering, behind string) (occasion, bool) {
	s, ok := t.nextDate(g, behind, t.At)
	if !ok {
		g.Day = ""
		t.saveGathering(g)
		return occasion{}, false
	}
	g.Day = s.Day
	raw, known := load[Occasion](t, occasionID(g.id, s.Day))
	if !known {
		*raw = Occasion{Number: g.id, Day: s.Day, Start: s.Start, End: s.End, First: s.Start, Where: s.Where, Place: s.Place}
	}
	o := occasion{g, raw}
	t.planOccasion(o)
	t.saveOccasion(o)
	t.saveGathering(g)
	return o, true
}

// Intents of a gathering's own clock.
const (
	gatheringEndIntent intents.Intent = "fin-rencontre"
	announceIntent     intents.Intent = "annonce-rencontre"
	drawIntent         intents.Intent = "affichage-rencontre"
	tellGuestsIntent   intents.Intent = "dire-rencontre"
	inviteIntent       intents.Intent = "invitation-rencontre"
)

// planOccasion sets anew what falls due about an occasion: reminders to those who come, the end.
func (t *Turn) planOccasion(o occasion) {
	plan := o.about() + "/plan"
	t.Drop(plan)
	due := func(name string, intent intents.Intent, at, notAfter time.Time, more ...string) {
		if !at.After(t.At) {
			return
		}
		t.write(Task{Key: fmt.Sprintf("%s/%d/%s", plan, o.Changes, name), Group: plan, Lane: Reminder, Place: o.Place, At: at, NotAfter: notAfter, Intent: intent,
			Args: o.wakeArgs().with(more...)})
	}
	day := prevDay(o.Start)
	due("veille", tellGuestsIntent, t.bot.Settings.Reminders.At.on(day), o.Start, "texte", "veille", "qui", toPros)
	due("veille-sms", tellGuestsIntent, t.bot.Settings.Hours.before(t.bot.Settings.Reminders.At.on(day), o.Place), o.Start, "texte", "veille", "qui", toUsagers)
	due("heure", tellGuestsIntent, o.Start.Add(-time.Hour), o.lastCall(), "texte", "heure", "qui", toPros)
	due("fin", gatheringEndIntent, o.End, time.Time{})
}

// lastCall is until when "in an hour" may be said.
func (o occasion) lastCall() time.Time { return o.Start.Add(-30 * time.Minute) }

// wakeArgs are what a wake-up about an occasion carries.
func (o occasion) wakeArgs() Args { return Args{"rencontre": o.Number, "jour": o.Occasion.Day} }

// woken is the occasion that a wake-up is about.
func (t *Turn) woken() (occasion, bool) { return t.occasion(t.Values["rencontre"], t.Values["jour"]) }

// occasionArgs are what every text about an occasion may use.
func (t *Turn) occasionArgs(o occasion, language string) Args {
	owner, _ := load[Person](t, o.Owner)
	return Args{placeArg: o.Place, "debut": o.Start.Format(time.RFC3339), "fin": o.End.Format(time.RFC3339), "lieu": o.Where, "ou": t.whereIn(o.Where, o.Link),
		"titre": o.Title, "genre": t.sayIn(language, "rencontre.genre."+genre(o.Kind), nil), "conseiller": owner.Name, "n": o.Number}
}

// genre is the key of a kind's name.
func genre(kind string) string {
	if kind == "" {
		return "autre"
	}
	return kind
}

// whereIn says where a gathering is held: a place, a link, or both.
func (t *Turn) whereIn(where, link string) string {
	parts := slices.DeleteFunc([]string{where, link}, func(s string) bool { return s == "" })
	return strings.Join(parts, " · ")
}

// numberNamed is the gathering that a text names by its number, at the date to which one can come; it says so when there is none, or when it was
// not named.
func (t *Turn) numberNamed() (occasion, bool) {
	return t.dateNamed(func(g gathering) (occasion, bool) { return t.occasion(g.id, "") })
}

// dateNamed is numberNamed at another date.
func (t *Turn) dateNamed(date func(gathering) (occasion, bool)) (occasion, bool) {
	n := intents.GatheringNumber(t.Text)
	if about, ok := t.occasionOf(t.About); ok && about.Number == number(n) {
		return about, true // a button is that of its date
	}
	if n == 0 {
		t.Reply("rencontre.laquelle", nil)
		return occasion{}, false
	}
	g, known := t.gathering(strconv.Itoa(n))
	if !known {
		t.Reply("rencontre.introuvable", Args{"n": number(n)})
		return occasion{}, false
	}
	o, ok := date(g)
	if !ok {
		t.Reply("rencontre.finie", Args{"n": number(n), "titre": g.Title})
	}
	return o, ok
}

// owned is numberNamed for what only its organiser, who covers her or a coordinator may do.
func (t *Turn) owned() (occasion, bool) {
	o, ok := t.numberNamed()
	if ok && !t.may(toChange, o.record()) {
		t.Reply("rencontre.pas-a-vous", t.occasionArgs(o, t.Me.Language))
		return o, false
	}
	return o, ok
}

// listGatherings lists the dates to come that she organises, and those to which she goes.
func listGatherings(t *Turn) {
	t.known()
	var all []occasion
	add := func(o occasion, ok bool) {
		if ok && !o.Off && !o.over(t.At) && !slices.ContainsFunc(all, func(a occasion) bool { return a.about() == o.about() }) {
			all = append(all, o)
		}
	}
	for _, rec := range t.findAll(Query{Kind: "gathering", Owner: t.MeID, State: gatheringOpen}) {
		add(t.occasion(rec.ID, ""))
	}
	for _, rec := range t.findAll(Query{Kind: "rsvp", Subject: t.MeID}) {
		r, _ := load[RSVP](t, rec.ID)
		if r.State == isGoing || r.State == isWaiting {
			add(t.occasion(r.Number, r.Day))
		}
	}
	if len(all) == 0 {
		t.Reply("rencontres.aucune", nil)
		return
	}
	slices.SortStableFunc(all, func(a, b occasion) int { return a.Start.Compare(b.Start) })
	lines := make([]string, len(all))
	for i, o := range all {
		key := "rencontres.ligne"
		if o.Owner == t.MeID {
			key = "rencontres.la-mienne"
		}
		lines[i] = t.say(key, t.occasionArgs(o, t.Me.Language).with("compte", t.countOf(o, t.Me.Language)))
	}
	t.Reply("rencontres", Args{"liste": strings.Join(lines, "\n"), "gestes": t.gestures(all)})
}

// gestures are what she may write about the gatherings of a list, each with the number of one: what she organises is hers to change, what she goes
// to is hers to leave.
func (t *Turn) gestures(all []occasion) string {
	var said []string
	say := func(key string, is func(occasion) bool) {
		if i := slices.IndexFunc(all, is); i >= 0 {
			said = append(said, t.say(key, Args{"n": all[i].Number}))
		}
	}
	say("rencontres.organisees", func(o occasion) bool { return o.Owner == t.MeID })
	say("rencontres.inscrites", func(o occasion) bool { return place(o.Going, t.MeID) >= 0 || place(o.Waiting, t.MeID) >= 0 })
	return strings.Join(said, ", ")
}
