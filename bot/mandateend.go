package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// The end of a mandate: the wake-ups before it, the list by which a counsellor looks at what ends when, and taking one back.

// mandateIntent is the wake-up before the end of a mandate.
const mandateIntent intents.Intent = "rappel-mandat"

// What a wake-up of a mandate is for.
const (
	mandateMonth = "mois"    // a month before the end
	mandateWeek  = "semaine" // a week before
	mandateKeep  = "garde"   // the person must not be forgotten before the mandate ends
)

// mandateOver is the moment at which a mandate has ended: the midnight after its last day.
func (t *Turn) mandateOver(m mandate) time.Time {
	end, _ := time.ParseInLocation(dayLayout, m.Until, t.Now.Location())
	return Clock(0).on(nextDay(end))
}

// mandateDue is one reminder of a mandate.
type mandateDue struct {
	name string // mandateMonth or mandateWeek
	at   time.Time
}

// mandateAt is when a counsellor is reminded of a mandate, on the wall clock of the place.
const mandateAt Clock = 9 * 60

// mandateReminders are those that are still to come: a month and a week before the end, or on the last work day before that.
func (t *Turn) mandateReminders(m mandate) []mandateDue {
	place := t.mandatePlace(m)
	end, _ := time.ParseInLocation(dayLayout, m.Until, t.bot.Zone(place))
	month := time.Date(end.Year(), end.Month()-1, 1, 12, 0, 0, 0, end.Location())
	last := month.AddDate(0, 1, -1).Day() // of that month: there is no 31 February
	var out []mandateDue
	for _, due := range []mandateDue{{mandateMonth, month.AddDate(0, 0, min(end.Day(), last)-1)}, {mandateWeek, end.AddDate(0, 0, -7)}} {
		for due.at.Weekday() == time.Saturday || !workday(due.at, territory(place)) {
			due.at = prevDay(due.at)
		}
		if due.at = mandateAt.on(due.at); due.at.After(t.At) {
			out = append(out, due)
		}
	}
	return out
}

// mandatePlace is where the counsellor meets the person, else the installation's own place: whose clock and holidays count.
func (t *Turn) mandatePlace(m mandate) string {
	p, _ := load[Person](t, m.Subject)
	return cmp.Or(t.placeOf(p), t.bot.Settings.Territories[0])
}

// planMandate sets the wake-ups of a mandate anew.
func (t *Turn) planMandate(m mandate) {
	t.Drop(m.about())
	for _, due := range t.mandateReminders(m) {
		t.wakeForMandate(m, due)
	}
	t.keepMandator(m)
}

func (t *Turn) wakeForMandate(m mandate, due mandateDue) {
	t.write(Task{Key: m.about() + "/" + m.Until + "/" + due.name + "/" + due.at.UTC().Format("20060102"), Group: m.about(), Subject: m.Subject, Lane: Reminder, Place: t.mandatePlace(m),
		At: due.at, NotAfter: t.mandateOver(m), Intent: mandateIntent, Args: Args{"mandat": m.id, "fin": m.Until, "quel": due.name}})
}

// keepMandator wakes the bot in a year when a mandate lasts longer: a person is forgotten two years after the last contact, and a mandate
// that runs is one.
func (t *Turn) keepMandator(m mandate) {
	if year := t.At.AddDate(1, 0, 0); year.Before(t.mandateOver(m)) {
		t.wakeForMandate(m, mandateDue{mandateKeep, year})
	}
}

// mandateEnds: the end of a mandate is near. Nothing is said of one that was removed, or ends another day now.
func mandateEnds(t *Turn) {
	m, ok := t.mandate(t.Values["mandat"])
	p, known := load[Person](t, m.Subject)
	if !ok || !known || m.Until != t.Values["fin"] {
		return
	}
	if t.Values["quel"] == mandateKeep {
		t.savePerson(m.Subject, p)
		for _, a := range p.Addresses {
			t.hold(a, m.Subject)
		}
		t.keepMandator(m)
		return
	}
	name := p.Name
	if name == "" {
		name = t.sayTo(t.reader(m.Owner), "inconnue", nil)
	}
	t.Tell(m.Owner, m.Subject, "nouvelle.mandat", Args{"prenom": name, "fin": instant(m.Until)})
}

// owners are those for whom who writes may act: herself, and colleagues whom she covers today.
func (t *Turn) owners() []string {
	return slices.DeleteFunc(append([]string{t.MeID}, t.Me.Covers...), func(owner string) bool { return !t.standsFor(owner) })
}

// ownMandates are those that who writes may see, the one that ends first before the others, with the names of the persons. One that is acted on
// must be loaded.
func (t *Turn) ownMandates() (out []mandate, names map[string]string) {
	var ids []string
	for _, owner := range t.owners() {
		for _, rec := range t.findAll(Query{Kind: "mandate", Owner: owner}) {
			m := mandate{rec.ID, new(Mandate)}
			if decode(rec, m.Mandate) == nil && t.may(toSee, rec) {
				out, ids = append(out, m), append(ids, m.Subject)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b mandate) int { return strings.Compare(a.Until, b.Until) })
	names = map[string]string{}
	for id, p := range t.glance(ids) {
		names[id] = p.called(t)
	}
	return out, names
}

// mostListed is how many mandates a list shows; the rest is counted.
const mostListed = 50

// listMandates lists them with the days that are left.
func listMandates(t *Turn) {
	t.known()
	all, names := t.ownMandates()
	if len(all) == 0 {
		t.Reply("mandats.aucun", nil)
		return
	}
	var lines []string
	for _, m := range all[:min(len(all), mostListed)] {
		key, args := "mandats.ligne", t.mandateArgs(m, names[m.Subject])
		if m.Owner != t.MeID {
			colleague, _ := load[Person](t, m.Owner)
			key, args = "mandats.ligne-pour", args.with("conseiller", colleague.Name)
		}
		lines = append(lines, t.say(key, args))
	}
	t.Reply("mandats", Args{"liste": strings.Join(lines, "\n") + t.beyond(len(all)-len(lines))})
}

// endMandate removes the mandate that is named, by the person or by the thread; the reminders die with it.
func endMandate(t *Turn) {
	t.known()
	t.Chat.close()
	name := t.readMandate().Name
	if name == "" && t.subject() == "" {
		t.Reply("mandat.fini-de-qui", nil)
		return
	}
	found, names := t.mandatesOf(name)
	switch {
	case len(found) == 0:
		t.Reply("mandat.introuvable", nil)
	case len(found) > 1:
		t.Reply("mandat.lequel", Args{"nom": name})
	default:
		t.dropMandate(found[0].id, names[found[0].Subject])
	}
}

// mandatesOf are the mandates of the persons of a name, or of the thread's person when there is no name; among several of one name it is hers.
func (t *Turn) mandatesOf(name string) ([]mandate, map[string]string) {
	all, names := t.ownMandates()
	here := t.subject()
	all = slices.DeleteFunc(all, func(m mandate) bool {
		return name != "" && !sameName(names[m.Subject], name) || name == "" && m.Subject != here
	})
	if slices.ContainsFunc(all, func(m mandate) bool { return m.Subject == here }) {
		all = slices.DeleteFunc(all, func(m mandate) bool { return m.Subject != here })
	}
	return all, names
}

func (t *Turn) dropMandate(id, name string) {
	m, ok := t.mandate(id)
	if !ok || !t.may(toChange, m.record()) {
		t.Reply("mandat.introuvable", nil)
		return
	}
	t.erase("mandate", m.id)
	t.Drop(m.about())
	t.Reply("mandat.retire", t.mandateArgs(m, name))
}
