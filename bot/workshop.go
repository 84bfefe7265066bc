package bot

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/phones"
)

// Gatherings that usagers come to, by SMS: who is invited, what they answer, what they are told.

// longestTitleSMS is how long the title of a gathering may be that SMS tell of, in characters: with a day and a place they are one SMS.
const longestTitleSMS = 40

// invite proposes to invite a person by SMS, or a colleague in private.
func invite(t *Turn) {
	t.known()
	o, ok := t.owned()
	if !ok || t.tooLateFor(o) {
		return
	}
	t.Chat.close()
	if names := intents.NamedIn(t.Text); len(names) > 0 {
		t.inviteColleagues(o, names)
		return
	}
	text := t.Text
	t.Text = intents.WithoutGathering(text)
	read := t.readBooking(o.Place)
	t.Text = text
	var bad *phones.Error
	switch {
	case errors.As(read.PhoneErr, &bad):
		t.Reply("probleme.numero", Args{"numero": bad.Raw, "raison": afterColon(bad.Reason)})
	case len(read.Phones) != 1 || read.Name == "":
		t.Reply("inviter.comment", Args{"n": o.Number})
	default:
		t.proposeInvite(o, &Draft{Phone: read.Phones[0].E164, Name: shortName(read.Name), Told: read.Told})
	}
}

// inviteColleagues has colleagues told in private.
func (t *Turn) inviteColleagues(o occasion, names []string) {
	channels, people, unknown := t.resolve(names)
	if unknown != "" || len(channels) > 0 {
		t.Reply("champ.collegue", Args{"nom": strings.Join(names, " ")})
		return
	}
	for _, person := range people {
		if !slices.Contains(o.Colleagues, person) {
			o.Colleagues = append(o.Colleagues, person)
			o.Posts = append(o.Posts, Post{To: person})
			t.post(o, &o.Posts[len(o.Posts)-1])
		}
	}
	t.saveOccasion(o)
	t.saveGathering(o.gathering)
	t.Reply("inviter.collegues", t.occasionArgs(o, t.Me.Language).with("noms", t.and(names), "combien", number(len(names))))
}

// proposeInvite echoes who is invited and the exact SMS, and asks for the yes.
func (t *Turn) proposeInvite(o occasion, d *Draft) {
	if _, problem, args := t.tooMuch(d, false); problem != "" {
		t.Reply(problem, args)
		return
	}
	if problem, args := unfitForSMS(o); problem != "" {
		t.Reply(problem, args)
		return
	}
	id, known := t.personID(d)
	p := &Person{Name: d.Name, Addresses: []Address{smsAddress(d.Phone)}}
	if known {
		if r, answered := load[RSVP](t, rsvpID(o, id)); answered {
			t.Reply("inviter.deja", t.occasionArgs(o, t.Me.Language).with("prenom", d.Name, "etat", t.say("inscription."+r.State, nil)))
			return
		}
		was, _ := load[Person](t, id)
		same := *was
		p = &same
	}
	if !t.willListen(d, p) {
		t.Reply("remarque.arret", Args{"prenom": d.Name})
		return
	}
	task := t.messageOf(o, "", p, "atelier.invitation")
	note := ""
	if p.Told == "" {
		note = "\n" + t.say("remarque.informee", Args{"prenom": d.Name, "comment": t.say("informee."+d.told(), nil)})
	}
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target, t.Chat.Values = string(intents.InviterRencontre), o.about(), map[string]string{"numero": d.Phone, "prenom": d.Name, "dit": d.Told}
	t.Offer("inviter.propose", t.occasionArgs(o, t.Me.Language).with("prenom", d.Name, "numero", FrenchPhone(d.Phone), "mots", cite(t.asSent(task, p)), "remarques", note), t.yesOrNo()...)
}

// unfitForSMS says why SMS cannot tell of a gathering.
func unfitForSMS(o occasion) (problem string, args Args) {
	switch {
	case utf8.RuneCountInString(o.Title) > longestTitleSMS:
		return "rencontre.titre-sms", Args{"n": number(longestTitleSMS)}
	case shames(o.Title), shames(o.Where):
		return "probleme.mot", nil
	case hasLink(o.Title), hasLink(o.Where):
		return "probleme.lien", nil
	case o.Where == "":
		return "rencontre.lieu-sms", nil
	}
	return "", nil
}

// asSent is the text of a message as its network will carry it.
func (t *Turn) asSent(task Task, p *Person) string {
	v := t.bot.Gate(&task, p, t.At)
	if v.Act == Later {
		v = t.bot.Gate(&task, p, v.At)
	}
	return v.Message.Text
}

// keepInvite invites a person: her record, what she is asked, the SMS.
func (t *Turn) keepInvite(q Asking) {
	o, ok := t.occasionOf(q.Target)
	if !ok || !t.may(toChange, o.record()) {
		t.Reply("rencontre.introuvable", Args{"n": o.Number})
		return
	}
	if t.tooLateFor(o) {
		return
	}
	person := t.keepPerson(&Draft{Phone: q.Values["numero"], Name: q.Values["prenom"], Told: q.Values["dit"]})
	if !t.inviteUsager(o, person) {
		t.Reply("remarque.arret", Args{"prenom": q.Values["prenom"]})
		return
	}
	t.Reply("inviter.fait", t.occasionArgs(o, t.Me.Language).with("prenom", q.Values["prenom"]))
}

// inviteUsager asks a person whether she comes, once; ok is false when she wants no messages.
func (t *Turn) inviteUsager(o occasion, person string) (ok bool) {
	if _, answered := load[RSVP](t, rsvpID(o, person)); answered {
		return true
	}
	p, ok := load[Person](t, person)
	if !ok || !p.listens() || p.first() == "" {
		return false
	}
	t.setRSVP(o, person, isInvited)
	t.tellUsager(o, person, p, "atelier.invitation", onceInvited)
	return true
}

// tellUsager writes to an usager about an occasion, within decent hours and before it. What it says that asks for an answer is noted in her
// chat: she may answer days later.
func (t *Turn) tellUsager(o occasion, person string, p *Person, key, once string) {
	at, leaves := p.line(), t.At
	switch chat, known := load[Chat](t, string(at)); {
	case asksToCome[key]:
		if chat.Topic != "" && chat.Topic != topicOpinion && o.Start.Sub(t.At) > 2*QuestionLife {
			leaves = maxTime(t.At, chat.Asked.Add(QuestionLife)) // what she answers first is the question that is open
		}
		chat.wonderAboutOccasion(o.about())
		t.saveChatOf(at, chat)
	case known && key != "atelier.annulee":
		chat.turn()
		chat.Occasion = o.about()
		t.saveChatOf(at, chat)
	}
	if p.FirstRdv == "" {
		p.FirstRdv = o.about()
		t.savePerson(person, p)
	}
	task := t.messageOf(o, person, p, key)
	task.Key, task.At = o.toUsager(person, once), leaves
	t.write(task)
}

// asksToCome are the texts that ask whether she comes.
var asksToCome = map[string]bool{"atelier.invitation": true, "atelier.deplacee": true, "atelier.retablie": true}

// onceInvited names the invitation of a person to an occasion.
const onceInvited = "invitation"

// toUsager is the key of what is said to a person about an occasion under a name; guestOf is the person of such a key.
func (o occasion) toUsager(person, once string) string {
	return o.about() + "/sms/" + person + "/" + once
}

func guestOf(task string) (person string) {
	_, rest, _ := strings.Cut(task, "/sms/")
	person, _, _ = strings.Cut(rest, "/")
	return person
}

// messageOf is a message to an usager about an occasion, not yet written. Those of the first thing she hears of tell how to stop them.
func (t *Turn) messageOf(o occasion, person string, p *Person, key string) Task {
	stop := ""
	if p.FirstRdv == "" || p.FirstRdv == o.about() {
		stop = t.howToStop(p)
	}
	until := o.Start
	if key == "atelier.annulee" {
		until = o.End
	}
	return Task{Group: o.words(), Batch: o.wordsTo(person), To: person, Network: t.bot.way(p), Lane: Reminder, Purpose: ForGathering,
		Place: o.Place, At: t.At, NotAfter: until, Message: &Message{Key: key, Args: t.usagerOccasion(o, p.Language).with("arret", stop), About: o.about()}}
}

// usagerOccasion are the arguments of texts that usagers read: no link, no number.
func (t *Turn) usagerOccasion(o occasion, language string) Args {
	args := t.occasionArgs(o, language)
	delete(args, "ou")
	delete(args, "n")
	return args
}

// inviteCommune has those who asked to be told of a commune invited, page after page.
func (t *Turn) inviteCommune(o occasion) {
	t.write(Task{Key: o.about() + "/invitation", Group: o.about(), Lane: Reminder, Place: o.Place, At: t.At, NotAfter: o.Start, Intent: inviteIntent, Args: o.wakeArgs()})
}

// inviteSubscribers invites one page of them.
func inviteSubscribers(t *Turn) {
	o, ok := t.woken()
	if !ok || o.Off || o.Open == "" {
		return
	}
	q := Query{Kind: "subscription", Place: o.Open, Limit: guestPage, AfterID: t.Values["apres"]}
	if t.Values["apres-le"] != "" {
		q.AfterAt, _ = time.Parse(time.RFC3339Nano, t.Values["apres-le"])
	}
	page := t.find(q)
	for _, rec := range page {
		t.inviteUsager(o, rec.Subject)
	}
	if len(page) < guestPage {
		return
	}
	last := page[len(page)-1]
	t.write(Task{Key: t.ID + "+", Group: o.about(), Lane: Reminder, Place: o.Place, At: t.At, NotAfter: o.Start, Intent: inviteIntent,
		Args: o.wakeArgs().with("apres", last.ID, "apres-le", last.At.Format(time.RFC3339Nano))})
}

// unreachGuest tells the organiser that a message to a person did not leave, or did not arrive.
func (t *Turn) unreachGuest(about, task string, fate Fate, reason string) {
	o, ok := t.occasionOf(about)
	person := guestOf(task)
	p, known := load[Person](t, person)
	if !ok || !known || o.over(t.At) {
		return
	}
	if reason == OptedOut {
		t.optedOut(person)
	}
	key := "nouvelle.echec-atelier"
	if fate == Uncertain {
		key = "nouvelle.atelier-incertain"
	}
	t.Tell(o.Owner, person, key, t.occasionArgs(o, "").with("prenom", p.called(t), "raison", t.reason(o.Owner, reason)))
}

// resolve finds the channels and colleagues that names stand for, as the network that heard them knows them; unknown is the first that it does
// not.
func (t *Turn) resolve(names []string) (channels []NamedChannel, people []string, unknown string) {
	for _, name := range names {
		to := Address(t.Values[NamedPrefix+name])
		if strings.HasPrefix(name, "~") {
			if to == "" {
				return nil, nil, name
			}
			channels = append(channels, NamedChannel{To: to, Name: strings.TrimPrefix(name, "~")})
			continue
		}
		holders, _ := load[Holders](t, string(to))
		if to == "" || len(holders.People) != 1 {
			return nil, nil, name
		}
		if p, _ := load[Person](t, holders.People[0]); !p.Role.IsPro() {
			return nil, nil, name
		}
		people = append(people, holders.People[0])
	}
	return channels, people, ""
}

// NamedPrefix begins the Values of an event in which a network says what a name in its text stands for there: "named.~entraide" is the
// address of that channel, if who wrote is in it and the bot may post there; "named.@karim" that of an account.
const NamedPrefix = "named."

// Named are the names in a text that a network is to look up: "~entraide", "@karim".
func Named(text string) []string { return intents.NamedIn(text) }
