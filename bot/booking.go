package bot

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
)

// Draft is an appointment that a counsellor is putting together, or one being moved.
type Draft struct {
	Phone string `json:"phone,omitempty"` // E.164
	Name  string `json:"name,omitempty"`
	Day   string `json:"day,omitempty"`   // "2026-12-04"
	Clock string `json:"clock,omitempty"` // "10:00", on the wall clock of the place
	Where string `json:"where,omitempty"` // as it was named
	Place string `json:"place,omitempty"` // "50/50147"
	Told  string `json:"told,omitempty"`  // how the person was told that she gets messages
	Asks  string `json:"asks,omitempty"`  // which part was asked for last
}

// Parts of a draft, in the order in which they are asked for.
const (
	askPhone = "numero"
	askName  = "prenom"
	askDay   = "jour"
	askClock = "heure"
	askPlace = "lieu"
)

const (
	dayLayout   = "2006-01-02"
	clockLayout = "15:04"
)

// toldDefault is how a person was told, unless the counsellor says otherwise.
const toldDefault = "vive_voix"

// book begins a booking with all that one sentence holds.
func book(t *Turn) {
	t.known()
	t.Chat.close()
	t.Chat.Draft = &Draft{}
	t.fillDraft()
}

// complete adds to the booking, or corrects it, with what the answer holds.
func complete(t *Turn) {
	t.known()
	if t.Chat.Draft == nil {
		t.Reply("accord.oui-ou-non", nil)
		return
	}
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
	switch missing := d.missing(); {
	case problem != "":
		t.Chat.ask(topicDraft, t.At)
		t.Reply(problem, args)
	case missing != "":
		d.Asks = missing
		t.Chat.ask(topicDraft, t.At)
		t.Reply("demande."+missing, Args{"prenom": d.Name})
	default:
		t.propose(d)
	}
}

func (d *Draft) missing() string {
	switch {
	case d.Phone == "":
		return askPhone
	case d.Name == "":
		return askName
	case d.Day == "":
		return askDay
	case d.Clock == "":
		return askClock
	case d.Place == "":
		return askPlace
	}
	return ""
}

// readInto takes what the text holds into the draft, all that is right even when a part is not; problem is the key of the
// sentence that says what is wrong first.
func (t *Turn) readInto(d *Draft, read intents.Booking) (problem string, args Args) {
	if d.Name == "" || t.bareName(read) && d.Asks != askPlace {
		d.Name = shortName(read.Name)
	}
	if read.Told != "" {
		d.Told = read.Told
	}
	if d.Asks == askPlace && read.PlaceText == "" && t.tellsNothing(read) {
		read.PlaceText = t.Text
	}
	steps := []func() (string, Args){
		func() (string, Args) { return d.takePhone(read) },
		func() (string, Args) { return t.takePlace(d, read) },
		func() (string, Args) { return t.takeTime(d, read.Whens) },
		func() (string, Args) { return t.checkTime(d) },
	}
	for _, take := range steps {
		if p, a := take(); problem == "" {
			problem, args = p, a
		}
	}
	return problem, args
}

// bareName tells that the text is a name and nothing else.
func (t *Turn) bareName(read intents.Booking) bool {
	return read.Name != "" && strings.EqualFold(strings.TrimSpace(t.Text), read.Name)
}

// tellsNothing tells that a text holds no part of a booking.
func (t *Turn) tellsNothing(read intents.Booking) bool {
	return len(read.Phones) == 0 && read.PhoneErr == nil && len(read.Whens) == 0 && read.PlaceText == "" && read.Told == "" && !t.bareName(read)
}

// readBooking reads the text on the wall clock of the place it names, or of the one known so far: "demain" may be another day
// there.
func (t *Turn) readBooking(place string) intents.Booking {
	read := t.readAt(t.At.In(t.bot.Zone(place)))
	if len(read.Communes) == 1 {
		if there := t.bot.Zone(read.Communes[0].Territory); there != t.bot.Zone(place) {
			return t.readAt(t.At.In(there))
		}
	}
	return read
}

func (t *Turn) readAt(now time.Time) intents.Booking {
	places := make([]intents.Place, len(t.bot.Settings.Places))
	for i, p := range t.bot.Settings.Places {
		places[i] = intents.Place{Label: p.Label, Commune: p.Commune}
	}
	return t.bot.Gazetteer.ReadBooking(t.Text, now, places)
}

func (d *Draft) takePhone(read intents.Booking) (problem string, args Args) {
	var bad *intents.PhoneError
	switch {
	case errors.As(read.PhoneErr, &bad):
		return "probleme.numero", Args{"numero": bad.Raw, "raison": afterColon(bad.Reason)}
	case len(read.Phones) > 1:
		return "probleme.deux-numeros", nil
	case len(read.Phones) == 1:
		d.Phone = read.Phones[0].E164
	}
	return "", nil
}

// takePlace needs a commune that is served: hours, holidays and the time zone come from it.
func (t *Turn) takePlace(d *Draft, read intents.Booking) (problem string, args Args) {
	switch {
	case read.PlaceText == "":
		return "", nil
	case len(read.Communes) == 0:
		return "probleme.lieu", Args{"lieu": read.PlaceText}
	case len(read.Communes) > 1:
		names := make([]string, len(read.Communes))
		for i, c := range read.Communes {
			names[i] = c.Name + " (" + c.Code + ")"
		}
		return "probleme.deux-lieux", Args{"lieu": read.PlaceText, "liste": strings.Join(names, ", ")}
	}
	c := read.Communes[0]
	d.Where, d.Place = read.PlaceText, c.Territory+"/"+c.Code
	return "", nil
}

// takeTime takes one day and one hour. What cannot be, or could be two things, is said, and what was read before stays.
func (t *Turn) takeTime(d *Draft, whens []intents.When) (problem string, args Args) {
	var days, clocks []string
	for _, w := range whens {
		if w.Err != nil {
			return "probleme.date", Args{"texte": strings.TrimSpace(t.Text[w.Start:w.End]), "raison": afterColon(w.Err.Error())}
		}
		if w.HasDay {
			days = append(days, w.Day.Format(dayLayout))
		}
		if w.HasTime {
			clocks = append(clocks, time.Date(2000, 1, 1, w.Hour, w.Minute, 0, 0, time.UTC).Format(clockLayout))
		}
	}
	days, clocks = slices.Compact(days), slices.Compact(clocks)
	if len(days) > 1 {
		return "probleme.deux-dates", Args{"une": dayOn(days[0]), "autre": dayOn(days[1])}
	}
	if len(clocks) > 1 {
		return "probleme.deux-heures", nil
	}
	if len(days) == 1 {
		d.Day = days[0]
	}
	if len(clocks) == 1 {
		d.Clock = clocks[0]
	}
	return "", nil
}

// afterColon writes a sentence as the continuation of another.
func afterColon(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToLower(first)) + sentence[size:]
}

func dayOn(day string) string {
	at, _ := time.Parse(dayLayout, day)
	return dayName(at)
}

// at is the moment of the draft, in the zone of its place.
func (t *Turn) at(d *Draft) time.Time {
	at, _ := time.ParseInLocation(dayLayout+" "+clockLayout, d.Day+" "+d.Clock, t.bot.Zone(d.Place))
	return at
}

// furthest is how many months ahead one can book: what is kept about a person lasts two years.
const furthest = 18

// checkTime refuses what lies in the past, and asks for the part anew.
func (t *Turn) checkTime(d *Draft) (problem string, args Args) {
	if d.Day == "" {
		return "", nil
	}
	if d.Day < t.At.In(t.bot.Zone(d.Place)).Format(dayLayout) {
		args = Args{"jour": dayOn(d.Day)}
		d.Day = ""
		return "probleme.passe", args
	}
	if d.Clock != "" && t.at(d).After(t.At.AddDate(0, furthest, 0)) {
		d.Day = ""
		return "probleme.trop-loin", Args{"n": number(furthest)}
	}
	if d.Clock != "" && !t.at(d).After(t.At) {
		args = Args{"rdv": t.at(d).Format(time.RFC3339)}
		d.Clock = ""
		return "probleme.heure-passee", args
	}
	return "", nil
}

// propose echoes the whole appointment and asks for the yes.
func (t *Turn) propose(d *Draft) {
	person, known := t.personOf(d)
	at := t.at(d)
	if problem, args := t.tooMuch(d, known); problem != "" {
		t.Chat.ask(topicDraft, t.At)
		t.Reply(problem, args)
		return
	}
	if known {
		if twin, ok := t.bookedAlready(person, at); ok {
			t.Chat.close()
			t.Reply("probleme.deja", twin.args())
			return
		}
	}
	t.Chat.ask(topicAccord, t.At)
	t.Chat.Act = string(intents.NouveauRdv)
	args := Args{"prenom": d.Name, "numero": spaced(d.Phone), "rdv": at.Format(time.RFC3339), "lieu": d.Where,
		"rappels": t.announce(at, d.Place, t.willListen(d, person)), "remarques": t.remarks(d, person, known), placeArg: d.Place}
	t.Reply("rdv.propose", args)
}

// What one appointment may hold: more would not fit in an SMS, or is no phone that people share.
const (
	longestName  = 40
	longestPlace = 80
	mostHolders  = 20
)

// tooMuch refuses what would not fit, and forgets it so that it is asked anew.
func (t *Turn) tooMuch(d *Draft, known bool) (problem string, args Args) {
	switch {
	case utf8.RuneCountInString(d.Name) > longestName:
		d.Name = ""
		return "probleme.nom-long", Args{"n": number(longestName)}
	case shames(d.Name), shames(d.Where):
		d.Name, d.Where, d.Place = cleared(d.Name), cleared(d.Where), ""
		return "probleme.mot", nil
	case utf8.RuneCountInString(d.Where) > longestPlace:
		d.Where, d.Place = "", ""
		return "probleme.lieu-long", Args{"n": number(longestPlace)}
	}
	if holders, _ := load[Holders](t, "address", string(smsAddress(d.Phone))); !known && len(holders.Persons) >= mostHolders {
		d.Phone = ""
		return "probleme.trop-partage", Args{"n": number(mostHolders)}
	}
	return "", nil
}

func cleared(text string) string {
	if shames(text) {
		return ""
	}
	return text
}

// willListen tells whether the person of a draft (nil: not on file yet) accepts messages at its number.
func (t *Turn) willListen(d *Draft, p *Person) bool {
	o, _ := load[Objection](t, "objection", string(smsAddress(d.Phone)))
	return !o.Stopped && !o.Paused && (p == nil || p.listens())
}

// announce says when a person will be reminded: what the counsellor can tell her. listens is false for one who wants no
// messages or has no number.
func (t *Turn) announce(at time.Time, place string, listens bool) string {
	if !listens {
		return t.say("rappels.arret", nil)
	}
	times := t.bot.reminders(at, place, t.At)
	if len(times) == 0 {
		return t.say("rappels.aucun", nil)
	}
	var lines []string
	for _, r := range times {
		key := "rappels.un"
		if r.name == morningReminder {
			key = "rappels.matin"
		}
		lines = append(lines, t.say(key, Args{"rappel": r.at.Format(time.RFC3339), placeArg: place}))
	}
	return t.say("rappels", Args{"liste": strings.Join(lines, ", ")})
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
	return load[Person](t, "person", id)
}

// personID is, of those reached at the number, the one of this name, or a stranger whom the name now fits.
func (t *Turn) personID(d *Draft) (id string, ok bool) {
	holders, _ := load[Holders](t, "address", string(smsAddress(d.Phone)))
	for _, id := range holders.Persons {
		p, _ := load[Person](t, "person", id)
		if p.Name == "" || strings.EqualFold(p.Name, d.Name) {
			return id, true
		}
	}
	return "", false
}

// othersAt names who else is reached at the number: the counsellor's own people by name, others not.
func (t *Turn) othersAt(d *Draft) string {
	holders, _ := load[Holders](t, "address", string(smsAddress(d.Phone)))
	var names []string
	for _, id := range holders.Persons {
		p, _ := load[Person](t, "person", id)
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

// serves tells whether the counsellor has, or had, an appointment with a person.
func (t *Turn) serves(p *Person) bool {
	return slices.ContainsFunc(p.Rdvs, func(id string) bool {
		m, ok := t.meeting(id)
		return ok && m.Owner == t.MeID
	})
}

func (t *Turn) bookedAlready(p *Person, at time.Time) (meeting, bool) {
	for _, id := range p.Rdvs {
		if m, ok := t.meeting(id); ok && m.At.Equal(at) && m.State != cancelled && m.Owner == t.MeID {
			return m, true
		}
	}
	return meeting{}, false
}

func smsAddress(e164 string) Address { return Address("sms:" + e164) }

// spaced writes a French number as people do: "06 39 98 12 34".
func spaced(e164 string) string {
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

// agreed does what was proposed.
func agreed(t *Turn) {
	t.known()
	act, target, d := intents.Intent(t.Chat.Act), t.Chat.Target, t.Chat.Draft
	values := t.Chat.Values
	t.Chat.close()
	if act == intents.NouveauRdv {
		t.keepBooking(d)
		return
	}
	m, ok := t.meeting(target)
	if !ok || m.Owner != t.MeID {
		t.Reply("rdv.introuvable", nil)
		return
	}
	switch act {
	case intents.Annuler:
		t.cancelMeeting(m)
	case intents.DeplacerRdv:
		t.moveMeeting(m, values)
	}
}

// abandon leaves everything as it was.
func abandon(t *Turn) {
	t.Chat.close()
	t.Reply("abandon", nil)
}

// keepBooking writes the person, the appointment and its reminders.
func (t *Turn) keepBooking(d *Draft) {
	if !t.at(d).After(t.At) {
		t.Reply("probleme.heure-passee", Args{"rdv": t.at(d).Format(time.RFC3339)})
		return
	}
	person := t.keepPerson(d)
	m, _ := t.meeting(t.newID("r"))
	*m.Rdv = Rdv{Owner: t.MeID, Subject: person, Name: d.Name, With: t.Me.Name, At: t.at(d), Where: d.Where, Place: d.Place,
		State: silent, Booked: t.At}
	t.plan(m)
	t.saveRdv(m)
	p, _ := load[Person](t, "person", person)
	p.Rdvs = append(t.stillToCome(p.Rdvs), m.id)
	t.savePerson(person, p)
	t.Chat.Last = m.id
	t.Reply("rdv.note", m.args().with("rappels", t.announceTo(m)))
}

func (t *Turn) stillToCome(ids []string) []string {
	return slices.DeleteFunc(ids, func(id string) bool {
		m, ok := t.meeting(id)
		return !ok || m.over(t.Now)
	})
}

// keepPerson makes or completes the person of a booking.
func (t *Turn) keepPerson(d *Draft) (id string) {
	a := smsAddress(d.Phone)
	id, known := t.personID(d)
	if !known {
		id = t.newID("p")
	}
	p, _ := load[Person](t, "person", id)
	if p.On("sms") == "" {
		p.Addresses = append(p.Addresses, a)
	}
	p.Name = d.Name
	if p.Told == "" || d.Told != "" {
		p.Told, p.ToldAt, p.Basis = d.told(), t.At, publicTask
	}
	t.savePerson(id, p)
	t.hold(a, id)
	return id
}
