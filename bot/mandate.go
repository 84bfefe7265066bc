package bot

import (
	"cmp"
	"slices"
	"time"

	"passeur/intents"
)

// Mandats Aidants Connect: a counsellor acts for somebody until a day, and is reminded before it. Of a mandate the bot keeps who, for
// whom and until when: what it allows stands in Aidants Connect, and nothing of it is ever said to the usager.

// Mandate is that a counsellor may act for a person until the end of a day. A counsellor has one for each person: a new one takes the
// place of the last.
type Mandate struct {
	V       int    `json:"v"`
	Owner   string `json:"owner"`   // the counsellor
	Subject string `json:"subject"` // the person
	Until   string `json:"until"`   // the last day, "2027-06-30", in the installation's zone
}

// mandate is a Mandate as rules handle it.
type mandate struct {
	id string
	*Mandate
}

func mandateID(owner, subject string) string { return owner + "-" + subject }

// about is the group that the wake-ups of a mandate die with.
func (m mandate) about() string { return "mandate/" + m.id }

func (m mandate) record() Record { return Record{Kind: "mandate", Owner: m.Owner, Subject: m.Subject} }

func (t *Turn) mandate(id string) (mandate, bool) {
	m, ok := load[Mandate](t, id)
	return mandate{id, m}, ok
}

// longestMandate is how far ahead a mandate may end. Aidants Connect offers a day, a month, six months or a year; what is further away than this is a
// year that was mistyped.
const longestMandate = 10 // years

// noteMandate reads a mandate and asks for the yes.
func noteMandate(t *Turn) {
	t.known()
	t.Chat.close()
	read := t.readMandate()
	who, problem, args := t.mandator(read)
	if problem != "" {
		t.Reply(problem, args)
		return
	}
	until, problem, args := t.mandateEnd(read)
	if problem != "" {
		t.Reply(problem, args)
		return
	}
	t.proposeMandate(who, until)
}

func (t *Turn) readMandate() intents.Mandate { return t.bot.Gazetteer.ReadMandate(t.Text, t.Now) }

// mandator is whom a mandate is from: somebody known (an id), or who becomes so with the yes (a number and a name).
type mandator struct{ id, name, phone string }

// mandator finds the person of a text: by number and name, by the name alone among the counsellor's people, or by the thread.
func (t *Turn) mandator(read intents.Mandate) (who mandator, problem string, args Args) {
	d := &Draft{Name: shortName(read.Name)}
	if problem, args = d.takePhone(intents.Booking{Phones: read.Phones, PhoneErr: read.PhoneErr}); problem != "" {
		return who, problem, args
	}
	switch {
	case d.Phone == "":
		return t.mandatorNamed(d.Name)
	case d.Name == "":
		return who, "mandat.prenom", Args{"numero": FrenchPhone(d.Phone)}
	}
	id, known := t.personID(d)
	if _, problem, args = t.tooMuch(d, known); problem != "" {
		return who, problem, args
	}
	return mandator{id, d.Name, d.Phone}, "", nil
}

// mandatorNamed is the one of the counsellor's people who has this name, or the person of the thread when there is none.
func (t *Turn) mandatorNamed(name string) (who mandator, problem string, args Args) {
	found := []string{t.subject()}
	if name != "" {
		found = t.hersNamed(name)
	}
	switch len(found) {
	case 0:
		return who, "mandat.inconnue", Args{"nom": name}
	case 1:
		if p, ok := load[Person](t, found[0]); ok && found[0] != "" {
			return mandator{id: found[0], name: p.called(t)}, "", nil
		}
		return who, "mandat.de-qui", nil
	}
	return who, "mandat.plusieurs", Args{"nom": name}
}

// hersNamed are the persons of a name with whom the counsellor, or one she covers today, has a thread, an appointment or a mandate; the
// one of the thread comes alone.
func (t *Turn) hersNamed(name string) []string {
	var ids []string
	for _, owner := range t.owners() {
		for _, kind := range []string{"thread", "rdv", "mandate"} {
			for _, rec := range t.findAll(Query{Kind: kind, Owner: owner}) {
				ids = append(ids, rec.Subject)
			}
		}
	}
	var found []string
	for id, p := range t.glance(ids) {
		if sameName(p.Name, name) {
			found = append(found, id)
		}
	}
	if here := t.subject(); here != "" && slices.Contains(found, here) {
		return []string{here}
	}
	return found
}

// glance reads persons, by id, in one look, without making them part of the turn: what happens to one of hundreds of people is no reason to
// decide again.
func (t *Turn) glance(ids []string) map[string]*Person {
	out := map[string]*Person{}
	if t.err != nil || len(ids) == 0 {
		return out
	}
	slices.Sort(ids)
	recs, err := t.bot.Store.Get(t.ctx, "person", slices.Compact(ids)...)
	if err != nil {
		t.err = storeFault{err}
	}
	for _, rec := range recs {
		if p := new(Person); decode(rec, p) == nil {
			out[rec.ID] = p
		}
	}
	return out
}

// mandateEnd is the last day of a mandate, "2027-06-30", or what is wrong with it.
func (t *Turn) mandateEnd(read intents.Mandate) (until, problem string, args Args) {
	d := &Draft{}
	if problem, args = t.takeTime(d, read.Ends); problem != "" {
		return "", problem, args
	}
	switch {
	case d.Day == "":
		return "", "mandat.quand", nil
	case d.Day < t.Now.Format(dayLayout):
		return "", "mandat.passe", Args{"jour": instant(d.Day)}
	case d.Day > t.Now.AddDate(longestMandate, 0, 0).Format(dayLayout):
		return "", "mandat.trop-long", Args{"jour": instant(d.Day), "n": number(longestMandate)}
	}
	return d.Day, "", nil
}

// proposeMandate echoes it with the whole date, and asks for the yes.
func (t *Turn) proposeMandate(who mandator, until string) {
	m := mandate{mandateID(t.MeID, who.id), &Mandate{Owner: t.MeID, Subject: who.id, Until: until}}
	before := ""
	if was, ok := t.mandate(m.id); ok && who.id != "" {
		if was.Until == until {
			t.Reply("mandat.deja", t.mandateArgs(m, who.name))
			return
		}
		before = t.say("mandat.remplace", Args{"jour": instant(was.Until)})
	}
	t.Offer("mandat.propose", t.mandateArgs(m, who.name).with("numero", t.inBrackets(who.phone), "rappels", t.mandateOutlook(m), "avant", before), t.yesOrNo()...)
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target = string(intents.Mandat), who.id
	t.Chat.Values = map[string]string{"fin": until, "prenom": who.name, "numero": who.phone}
}

func (t *Turn) inBrackets(phone string) string {
	if phone == "" {
		return ""
	}
	return " (" + FrenchPhone(phone) + ")"
}

// mandateArgs are what every text about a mandate may use.
func (t *Turn) mandateArgs(m mandate, name string) Args {
	return Args{"prenom": name, "fin": instant(m.Until), "reste": t.daysLeft(m.Until)}
}

// daysLeft says how long until a day: "aujourd'hui est le dernier jour", "encore 12 jours".
func (t *Turn) daysLeft(until string) string {
	end, _ := time.ParseInLocation(dayLayout, until, t.Now.Location())
	switch n := daysBetween(t.Now, end); {
	case n < 0:
		return t.say("mandat.fini-depuis", nil)
	case n == 0:
		return t.say("mandat.dernier-jour", nil)
	case n == 1:
		return t.say("mandat.encore-un", nil)
	default:
		return t.say("mandat.encore", Args{"n": number(n)})
	}
}

// mandateOutlook says when the counsellor will be reminded.
func (t *Turn) mandateOutlook(m mandate) string {
	var days []string
	for _, due := range t.mandateReminders(m) {
		days = append(days, t.say("mandat.jour", Args{"jour": due.at.Format(time.RFC3339)}))
	}
	if len(days) == 0 {
		return t.say("mandat.sans-rappel", nil)
	}
	return t.say("mandat.rappels", Args{"jours": t.and(days)})
}

// correctMandate takes another end for the mandate that was proposed; false: something else was proposed.
func (t *Turn) correctMandate() bool {
	if t.Chat.Act != string(intents.Mandat) {
		return false
	}
	until, problem, args := t.mandateEnd(t.readMandate())
	switch problem {
	case "":
		v := t.Chat.Values
		t.proposeMandate(mandator{t.Chat.Target, v["prenom"], v["numero"]}, until)
	case "mandat.quand":
		t.Reply("mandat.oui-non-ou-date", nil)
	default:
		t.Reply(problem, args)
	}
	return true
}

// keepMandate writes what was agreed; a person who is not on file yet is from now on.
func (t *Turn) keepMandate(person string, values map[string]string) {
	d := &Draft{Phone: values["numero"], Name: values["prenom"]}
	if values["fin"] < t.Now.Format(dayLayout) {
		t.Reply("mandat.passe", Args{"jour": instant(values["fin"])})
		return
	}
	if d.Phone != "" {
		person = t.mandatorOf(d)
	} else if _, ok := load[Person](t, person); !ok {
		t.Reply("mandat.de-qui", nil)
		return
	}
	m, _ := t.mandate(mandateID(t.MeID, person))
	*m.Mandate = Mandate{V: 1, Owner: t.MeID, Subject: person, Until: values["fin"]}
	t.save("mandate", m.id, func(r *Record) { r.Owner, r.Subject, r.At = m.Owner, m.Subject, t.mandateOver(m) })
	t.planMandate(m)
	t.replyOf(person, "mandat.note", t.mandateArgs(m, d.Name).with("rappels", t.mandateOutlook(m)))
}

// mandatorOf finds or makes the person of a number and a name. She is not told that she gets messages, for she gets none: who books
// an appointment for her says that.
func (t *Turn) mandatorOf(d *Draft) string {
	id, known := t.personID(d)
	if !known {
		id = t.newID("p")
	}
	p, _ := load[Person](t, id)
	p.Name = cmp.Or(p.Name, d.Name)
	if p.On("sms") == "" {
		p.Addresses = append(p.Addresses, smsAddress(d.Phone))
	}
	t.savePerson(id, p)
	t.hold(smsAddress(d.Phone), id)
	return id
}
