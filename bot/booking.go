package bot

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/intents"
)

// book begins a booking with all that one sentence holds.
func book(t *Turn) {
	t.known()
	if t.opens() && t.namesNothing(t.readBooking("")) {
		t.openBooking(&Draft{})
		return
	}
	t.Chat.close()
	t.Chat.Draft = &Draft{}
	t.fillDraft()
}

// fillDraft reads the text into the draft; then says what is wrong, asks for what is missing, or asks for the yes.
func (t *Turn) fillDraft() {
	d := t.Chat.Draft
	read := t.readBooking(d.Place)
	if t.Chat.Topic == topicAccord && t.tellsNothing(read) {
		t.Reply("accord.pas-compris", Args{"texte": t.Text})
		return
	}
	problem, args := t.readInto(d, read)
	if problem != "" {
		t.ask(topicDraft)
		t.Reply(problem, args)
		return
	}
	t.goOn(d)
}

// goOn asks for the first part that is missing, the form of the whole a button away; or proposes the appointment.
func (t *Turn) goOn(d *Draft) {
	if d.missing() == "" {
		t.propose(d)
		return
	}
	d.Asks = d.missing()
	t.ask(topicDraft)
	m := &Message{Key: fieldKey("rdv", d.Asks) + ".question"}
	if t.bot.Abilities[t.From.Network()].Forms {
		m.Choices = []Choice{t.shortcut("formulaire", "bouton.formulaire", nil)}
	}
	t.answer(ForTalk, m)
}

// propose asks for the yes, once nothing of the draft is too much.
func (t *Turn) propose(d *Draft) {
	person, known := t.personOf(d)
	if _, problem, args := t.tooMuch(d, known); problem != "" {
		t.ask(topicDraft)
		t.Reply(problem, args)
		return
	}
	t.offerBooking(d, person, known)
}

// offerBooking echoes the whole appointment and asks for the yes.
func (t *Turn) offerBooking(d *Draft, person *Person, known bool) {
	at := t.at(d)
	if known {
		if twin, ok := t.notedAlready(person, at); ok {
			t.Chat.close()
			t.Reply("probleme.deja", twin.args())
			return
		}
	}
	t.ask(topicAccord)
	t.Chat.Act = string(intents.NouveauRdv)
	args := Args{"prenom": d.Name, "numero": FrenchPhone(d.Phone), "rdv": at.Format(time.RFC3339), "lieu": d.Where,
		"rappels": t.announce(t.MeID, at, d.Place, t.willListen(d, person)), "remarques": t.remarks(d, person, known), placeArg: d.Place}
	t.Offer("rdv.propose", args, t.yesOrNo()...)
}

// What one appointment may hold: more would not fit in an SMS, or is no phone that people share.
const (
	longestName  = 40
	longestPlace = 80
	mostHolders  = 20
)

// tooMuch refuses what would not fit, and forgets it so that it is asked anew; part is the one to blame.
func (t *Turn) tooMuch(d *Draft, known bool) (part, problem string, args Args) {
	switch {
	case utf8.RuneCountInString(d.Name) > longestName:
		d.Name = ""
		return askName, "probleme.nom-long", Args{"n": number(longestName)}
	case shames(d.Name), shames(d.Where):
		part = askPlace
		if shames(d.Name) {
			part = askName
		}
		d.Name, d.Where, d.Place = cleared(d.Name), cleared(d.Where), ""
		return part, "probleme.mot", nil
	case utf8.RuneCountInString(d.Where) > longestPlace:
		d.Where, d.Place = "", ""
		return askPlace, "probleme.lieu-long", Args{"n": number(longestPlace)}
	}
	if holders, _ := load[Holders](t, string(smsAddress(d.Phone))); !known && len(holders.People) >= mostHolders {
		d.Phone = ""
		return askPhone, "probleme.trop-partage", Args{"n": number(mostHolders)}
	}
	return "", "", nil
}

func cleared(text string) string {
	if shames(text) {
		return ""
	}
	return text
}

// willListen tells whether the person of a draft (nil: not on file yet) accepts messages at its number.
func (t *Turn) willListen(d *Draft, p *Person) bool {
	o, _ := load[Objection](t, string(smsAddress(d.Phone)))
	return !o.Stopped && !o.Paused && (p == nil || p.listens())
}

// announce says to a counsellor when a person will be reminded: what she can tell her. listens is false for one who wants no
// messages or has no number.
func (t *Turn) announce(to string, at time.Time, place string, listens bool) string {
	if !listens {
		return t.sayTo(to, "rappels.arret", nil)
	}
	times := t.bot.reminders(at, place, t.At)
	if len(times) == 0 {
		return t.sayTo(to, "rappels.aucun", nil)
	}
	var lines []string
	for _, r := range times {
		key := "rappels.un"
		if r.name == morningReminder {
			key = "rappels.matin"
		}
		lines = append(lines, t.sayTo(to, key, Args{"rappel": r.at.Format(time.RFC3339), placeArg: place}))
	}
	return t.sayTo(to, "rappels", Args{"liste": strings.Join(lines, ", ")})
}

// remarks are what the counsellor should know before saying yes, one a line.
func (t *Turn) remarks(d *Draft, person *Person, known bool) string {
	var lines []string
	note := func(key string, args Args) { lines = append(lines, t.say(key, args)) }
	at := t.at(d)
	if name := Holiday(at, territory(d.Place)); name != "" {
		note("remarque.ferie", Args{"fete": name, "rdv": at.Format(time.RFC3339)})
	} else if at.Weekday() == time.Sunday {
		note("remarque.dimanche", nil)
	}
	if !t.willListen(d, person) {
		note("remarque.arret", Args{"prenom": d.Name})
	}
	if others := t.othersAt(d); others != "" {
		note("remarque.partage", Args{"noms": others})
	}
	if !known || person.Told == "" {
		note("remarque.informee", Args{"prenom": d.Name, "comment": t.say("informee."+d.told(), nil)})
	}
	if len(lines) == 0 {
		return ""
	}
	return "\n" + strings.Join(lines, "\n")
}

func (d *Draft) told() string {
	if d.Told == "" {
		return toldDefault
	}
	return d.Told
}

// personOf finds the person of this number and name; known is false when she is not on file yet.
func (t *Turn) personOf(d *Draft) (p *Person, known bool) {
	id, ok := t.personID(d)
	if !ok {
		return nil, false
	}
	return load[Person](t, id)
}

// personID is, of those reached at the number, the one of this name, or a stranger whom the name now fits.
func (t *Turn) personID(d *Draft) (id string, ok bool) {
	holders, _ := load[Holders](t, string(smsAddress(d.Phone)))
	for _, id := range holders.People {
		p, _ := load[Person](t, id)
		if p.Name == "" || strings.EqualFold(p.Name, d.Name) {
			return id, true
		}
	}
	return "", false
}

// othersAt names who else is reached at the number: the counsellor's own people by name, others not.
func (t *Turn) othersAt(d *Draft) string {
	holders, _ := load[Holders](t, string(smsAddress(d.Phone)))
	var names []string
	for _, id := range holders.People {
		p, _ := load[Person](t, id)
		switch {
		case p.Name == "" || strings.EqualFold(p.Name, d.Name):
		case t.serves(p):
			names = append(names, p.Name)
		default:
			names = append(names, t.say("remarque.quelqu-un", nil))
		}
	}
	return strings.Join(names, ", ")
}

// serves tells whether a person has, or had, an appointment that the counsellor may see.
func (t *Turn) serves(p *Person) bool {
	return slices.ContainsFunc(p.Rdvs, func(id string) bool {
		m, ok := t.rdv(id)
		return ok && t.may(toSee, m.record())
	})
}

func (t *Turn) notedAlready(p *Person, at time.Time) (rdv, bool) {
	for _, id := range p.Rdvs {
		if m, ok := t.rdv(id); ok && m.At.Equal(at) && m.State != cancelled && m.Owner == t.MeID {
			return m, true
		}
	}
	return rdv{}, false
}

func smsAddress(e164 string) Address { return Address("sms:" + e164) }

// FrenchPhone writes a French number (E.164) as people do: "06 39 98 12 34". Short codes and numbers from elsewhere stay as they are.
func FrenchPhone(e164 string) string {
	digits := e164
	for _, code := range []string{"+33", "+262", "+590", "+594", "+596"} {
		if national, ok := strings.CutPrefix(e164, code); ok {
			digits = "0" + national
		}
	}
	if len(digits) != 10 || digits[0] != '0' {
		return e164
	}
	return strings.Join([]string{digits[:2], digits[2:4], digits[4:6], digits[6:8], digits[8:]}, " ")
}

// keepBooking writes the person, the appointment and its reminders.
func (t *Turn) keepBooking(d *Draft) {
	if !t.at(d).After(t.At) {
		t.Reply("probleme.heure-passee", Args{"rdv": t.at(d).Format(time.RFC3339)})
		return
	}
	person := t.keepPerson(d)
	m, _ := t.rdv(t.newID("r"))
	*m.Rdv = Rdv{Owner: t.MeID, Subject: person, Name: d.Name, With: t.Me.Name, At: t.at(d), Where: d.Where, Place: d.Place,
		Home: d.Home, State: silent, NotedAt: t.At}
	t.plan(m)
	t.keepRdv(m)
	t.Chat.Last = m.id
	m.Card, m.CardAt = t.replyOf(person, "rdv.note", m.args().with("rappels", t.announceTo(t.MeID, m))), t.At
	t.saveRdv(m)
	t.proposeDirection(m.Owner, person)
}

// keepPerson makes or completes the person of a booking.
func (t *Turn) keepPerson(d *Draft) (id string) {
	a := smsAddress(d.Phone)
	id, known := t.personID(d)
	if !known {
		id = t.newID("p", string(a), d.Name) // several may take part in one appointment of another tool
	}
	p, _ := load[Person](t, id)
	if p.On("sms") == "" {
		p.Addresses = append(p.Addresses, a)
	}
	p.Name = d.Name
	if p.Told == "" || d.Told != "" {
		p.Told, p.ToldAt, p.Basis = d.told(), t.At, publicTask
	}
	t.savePerson(id, p)
	t.hold(a, id)
	t.isHers(a)
	return id
}
