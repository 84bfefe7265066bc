package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// What there is to report, and how counsellors are reminded of it: once when a permanence ends, once more on the next working morning, and then not before they noted
// something again. Nobody is reminded on leave, nor who does not want it.

// noteIntent is the wake-up on the working morning after a permanence of which nothing was noted.
const noteIntent intents.Intent = "suivi"

// noteLife is how long after a permanence a reminder of it still makes sense.
const noteLife = 7 * day

func noteGroup(person, on string) string { return "suivi/" + person + "/" + on }

// askToNote asks for the activity of a permanence that is over.
func (t *Turn) askToNote(p permanence, s session) {
	owner, ok := load[Person](t, p.Owner)
	if !ok || !owner.toNote(s.Day) || t.notedSince(p, s) {
		return
	}
	if t.tellOf(p.group(s.Day), p.Owner, "", "nouvelle.activite", p.sessionArgs(s), t.noteChoices(p.Owner)...) {
		t.write(Task{Key: p.group(s.Day) + "/suivi", Group: noteGroup(p.Owner, s.Day), Lane: Reminder, Place: s.Place, At: t.bot.nextMorning(t.At, homeOf(owner)), Intent: noteIntent,
			Args: Args{"permanence": p.id, "jour": s.Day}})
	}
}

// toNote tells whether a professional is to be reminded of what she did on a day.
func (p *Person) toNote(on string) bool {
	return p.Role.IsPro() && !p.NoteSilent && p.NoteAsked == "" && !p.Leave.runs(on)
}

func (t *Turn) noteChoices(owner string) []Choice {
	reader, _ := load[Person](t, owner)
	return []Choice{t.shortcutIn(reader.Language, "activité", "bouton.noter"), t.shortcutIn(reader.Language, "personne n'est venu", "bouton.personne"),
		t.shortcutIn(reader.Language, "plus de rappels d'activité", "bouton.plus-de-rappels")}
}

// notedOn tells whether a professional noted something of a day, be it that nobody came.
func (t *Turn) notedOn(person, on string) bool {
	month, date, ok := cutMonth(on)
	for _, c := range t.tallies(TallyQuery{Kind: activityTally, Owner: person, Dimension: byDay, From: month, To: month}) {
		if ok && c.Value == date && c.N > 0 {
			return true
		}
	}
	return false
}

// notedSince tells whether something was noted of a session: of itself, or of its day since it began; or that nobody came.
func (t *Turn) notedSince(p permanence, s session) bool {
	all := t.activitiesOf(p.Owner, s.Day, s.Day)
	if len(all) == 0 {
		return t.notedOn(p.Owner, s.Day)
	}
	return slices.ContainsFunc(all, func(a activity) bool { return a.Of == p.group(s.Day) || a.Noted.After(s.Start) })
}

// tallies are the cells asked for.
func (t *Turn) tallies(q TallyQuery) []Count {
	if t.err != nil {
		return nil
	}
	cells, err := t.bot.Store.Tally(t.ctx, q)
	if err != nil {
		t.err = storeFault{err}
	}
	return cells
}

// remindOfNote reminds once more, when she works; then no permanence is asked about before she noted something.
func remindOfNote(t *Turn) {
	p, ok := t.permanence(t.Values["permanence"])
	on := t.Values["jour"]
	s, held := t.heldAt(p, on)
	owner, known := load[Person](t, p.Owner)
	if !ok || !held || !known || !owner.toNote(on) || t.notedSince(p, s) || t.At.Sub(s.End) > noteLife {
		return
	}
	peer, _ := load[Peer](t, p.Owner)
	if at := t.whenAtWork(owner, peer); at.After(t.At) {
		t.write(Task{Key: p.group(on) + "/suivi/" + at.UTC().Format("0102150405"), Group: noteGroup(p.Owner, on), Lane: Reminder, Place: s.Place, At: at, Intent: noteIntent,
			Args: Args{"permanence": p.id, "jour": on}})
		return
	}
	owner.NoteAsked = on
	t.savePerson(p.Owner, owner)
	t.tellOf(p.group(on), p.Owner, "", "nouvelle.activite-rappel", p.sessionArgs(s), t.noteChoices(p.Owner)...)
}

// notedAgain ends what a day is asked about; she notes again, and is asked again after the next permanence.
func (t *Turn) notedAgain(on string) {
	t.Drop(noteGroup(t.MeID, on))
	if t.Me.NoteAsked != "" {
		t.Me.NoteAsked = ""
		t.savePerson(t.MeID, t.Me)
	}
}

// turnNoteReminders turns reminders of activities off or on.
func turnNoteReminders(t *Turn) {
	t.known()
	t.Me.NoteSilent, t.Me.NoteAsked = t.Read.Intent == intents.PlusDeRappels, ""
	t.savePerson(t.MeID, t.Me)
	if t.Me.NoteSilent {
		if e, ok := t.ended(t.About); ok {
			t.Drop(noteGroup(t.MeID, e.values[activityDay]))
		}
		t.Reply("rappels-activite.finis", nil)
		return
	}
	t.Reply("rappels-activite.repris", nil)
}

// nobodyCame notes that there is nothing to note of a permanence.
func nobodyCame(t *Turn) {
	t.known()
	e, ok := t.ended(t.About)
	if !ok {
		e, ok = t.lastUnnoted()
	}
	if !ok {
		t.Reply("activite.aucune-permanence", nil)
		return
	}
	on := e.values[activityDay]
	if t.notedOn(t.MeID, on) {
		t.Reply("activite.deja-notee", Args{"jour": instant(on)})
		return
	}
	month, date, _ := cutMonth(on)
	t.change.Tally = append(t.change.Tally, Count{Kind: activityTally, Owner: t.MeID, Month: month, Dimension: byDay, Value: date, N: 1})
	t.notedAgain(on)
	t.Reply("activite.personne", Args{"jour": instant(on)})
}

// lastUnnoted is her last session of the week of which nothing is noted.
func (t *Turn) lastUnnoted() (endedThing, bool) {
	for back := range 8 {
		on := t.Now.AddDate(0, 0, -back).Format(dayLayout)
		if all := t.heldOn(on); len(all) > 0 && !t.notedOn(t.MeID, on) {
			last := all[len(all)-1]
			return t.endedSession(last.permanence, last.session), true
		}
	}
	return endedThing{}, false
}

// endedThing is something of hers that is over, and what an activity says of it.
type endedThing struct {
	of     string // "rdv/7", "permanence/m1/2026-12-08", "gathering/3-2026-12-08"
	form   string
	values map[string]string
}

// ended is what a name says: that of an appointment, of a session, of a date of a gathering; in the thread of a person, her last appointment.
func (t *Turn) ended(about string) (endedThing, bool) {
	if m, ok := t.rdvOf(about); ok && t.may(toChange, m.record()) {
		return t.endedRdv(m), true
	}
	if o, ok := t.occasionOf(about); ok && t.may(toChange, o.record()) {
		return t.endedOccasion(o), true
	}
	if id, day, ok := strings.Cut(strings.TrimPrefix(about, "permanence/"), "/"); ok && strings.HasPrefix(about, "permanence/") {
		p, known := t.permanence(id)
		s, held := t.heldAt(p, day)
		return t.endedSession(p, s), known && held && t.may(toChange, p.record())
	}
	if m, ok := t.lastRdv(""); ok && t.subject() != "" {
		return t.endedRdv(m), true
	}
	return endedThing{}, false
}

func (t *Turn) endedRdv(m rdv) endedThing {
	kind := atWorkplace
	if m.Home {
		kind = atHomePlace
	}
	return endedThing{m.about(), individualForm, map[string]string{activityDay: m.At.Format(dayLayout), activityMinutes: number(int(m.lasts().Minutes())), activityPlaceType: kind,
		activityPlace: t.locationValue(m.Place, m.Where)}}
}

func (t *Turn) endedSession(p permanence, s session) endedThing {
	return endedThing{p.group(s.Day), individualForm, map[string]string{activityDay: s.Day, activityMinutes: number(int(s.End.Sub(s.Start).Minutes())), activityPlaceType: atWorkplace,
		activityPlace: t.locationValue(s.Place, s.Where)}}
}

// endedOccasion is a workshop, or work of the coordination.
func (t *Turn) endedOccasion(o occasion) endedThing {
	came := len(o.Going)
	if o.Attended {
		came = len(o.Came)
	}
	e := endedThing{o.about(), workshopForm, map[string]string{activityDay: o.Start.Format(dayLayout), activityMinutes: number(int(o.End.Sub(o.Start).Minutes()))}}
	if o.Kind == intents.Atelier || o.Kind == "" {
		themes, procedures := intents.Themes(o.Title)
		e.values["titre_atelier"], e.values[activityThemes] = o.Title, t.fieldOf(workshopForm, activityThemes).withGeneral(append(themes, procedures...))
		e.values[peopleCame] = number(came)
		e.values[activityPlaceType] = atDistance
		if value := t.locationValue(o.Place, o.Where); value != "" {
			e.values[activityPlaceType], e.values[activityPlace] = atWorkplace, value
		}
		return e
	}
	e.form = "animation"
	e.values["mediateurs"], e.values["type_animation"] = number(came), gatheringAs[o.Kind]
	return e
}

// gatheringAs are the kinds of gatherings as La Coop calls them.
var gatheringAs = map[string]string{intents.CafeVisio: "echange", intents.Webinaire: "webinaire", intents.Groupe: "groupe_de_travail"}

// locationValue is a place as forms keep it; "" when its commune is not known or no place is named.
func (t *Turn) locationValue(place, words string) string {
	if value := place + " " + cmp.Or(words, t.communeName(place)); words != "" || t.communeName(place) != "" {
		if known, _ := locationOf(value); known != "" {
			return value
		}
	}
	return ""
}

// communeName is the name of the commune of a place.
func (t *Turn) communeName(place string) string {
	_, code, _ := strings.Cut(place, "/")
	c, _ := t.bot.Gazetteer.ByCode(code)
	return c.Name
}

// heldAt is the session of a permanence on a day of its place's calendar, over or not.
func (t *Turn) heldAt(p permanence, on string) (session, bool) {
	from, err := time.ParseInLocation(dayLayout, on, t.bot.Zone(p.Place))
	if err != nil {
		return session{}, false
	}
	for _, s := range t.sessions(p, from, nextDay(from), 4) {
		if s.Day == on {
			return s, true
		}
	}
	return session{}, false
}

// heldSession is one of hers.
type heldSession struct {
	permanence
	session
}

// heldOn are her sessions of a day that have begun, in order.
func (t *Turn) heldOn(on string) (all []heldSession) {
	from := t.startOf(on)
	until := minTime(nextDay(from), t.At.Add(time.Minute))
	for _, p := range t.allPermanences(t.MeID) {
		for _, s := range t.sessions(p, from, until, 3) {
			if s.Day == on {
				all = append(all, heldSession{p, s})
			}
		}
	}
	return all
}

// heldThen is the session of hers that an activity of a day belongs to: the only one of the day, or of the place that was said. It tells how long the activity took
// while nothing else is noted of it.
func (t *Turn) heldThen(values map[string]string) (endedThing, bool) {
	said, _ := locationOf(values[activityPlace])
	var found []heldSession
	for _, h := range t.heldOn(values[activityDay]) {
		if said == "" || h.session.Place == said {
			found = append(found, h)
		}
	}
	if len(found) != 1 || values[activityPlaceType] != "" && values[activityPlaceType] != atWorkplace {
		return endedThing{}, false
	}
	e := t.endedSession(found[0].permanence, found[0].session)
	if t.notedOn(t.MeID, values[activityDay]) {
		delete(e.values, activityMinutes)
	}
	return e, true
}
