package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/intents"
	"passeur/intents/mask"
	"passeur/intents/phones"
)

// Saying no, saying yes again, asking who writes, asking to be forgotten. These answers leave even after STOP.

// stop holds at once, for the number and for everyone reached at it, on every network, until START.
func stop(t *Turn) {
	t.known()
	if t.stopped() {
		return // she has the confirmation already
	}
	t.Chat.close()
	t.setStopped(t.line, true)
	t.ReplyFor(ForService, "arret", nil)
	t.tellOwners("nouvelle.arret")
}

// stopElsewhere: she told the provider to stop. That holds here too, once; she is not written to about it.
func stopElsewhere(t *Turn) {
	o, _ := load[Objection](t, string(t.line))
	if o.Elsewhere {
		return
	}
	already := o.Stopped
	t.heardElsewhere(t.line)
	if already {
		return
	}
	t.Chat.close()
	t.tellOwners("nouvelle.arret")
}

// heardElsewhere notes that a provider carries nothing to an address any more: it was told STOP there. A START that comes later counts
// more than the list of the provider, whoever said it first.
func (t *Turn) heardElsewhere(a Address) {
	o, _ := load[Objection](t, string(a))
	o.Elsewhere = true
	t.setStopped(a, true)
}

// stopped tells whether this address said STOP.
func (t *Turn) stopped() bool {
	o, _ := load[Objection](t, string(t.line))
	return o.Stopped
}

// restart: after STOP only the word START brings messages back; after a pause, any that say so.
func restart(t *Turn) {
	if t.stopped() && t.Read.Confidence < 1 {
		passOn(t)
		return
	}
	t.known()
	t.Chat.close()
	t.setStopped(t.line, false)
	t.agreeAgain(t.line)
	t.ReplyFor(ForService, "reprise", nil)
	t.tellOwners("nouvelle.reprise")
	t.seatWaiting()
}

// setStopped notes whether an address said STOP; what waits to be sent there is dropped.
func (t *Turn) setStopped(a Address, stopped bool) {
	t.setObjection(a, Objection{Stopped: stopped})
	if stopped {
		for _, id := range t.peopleAt(a) {
			t.DropTo(id)
		}
		t.offLists(a)
	}
}

// setObjection writes what an address does not want, there and on everybody reached at it.
func (t *Turn) setObjection(a Address, now Objection) {
	o, _ := load[Objection](t, string(a))
	now.V, now.Elsewhere = 1, o.Elsewhere
	*o = now
	t.save("objection", string(a), func(r *Record) { r.At = t.At })
	t.docs["objection/"+string(a)].gone = !o.Stopped && !o.Paused && !o.Elsewhere
	for _, id := range t.peopleAt(a) {
		if p, ok := load[Person](t, id); ok { // who was forgotten is not made anew, without an address
			p.Stopped, p.Paused = o.Stopped, o.Paused
			t.savePerson(id, p)
		}
	}
}

// refuse notes a no to campaigns at an address, and takes it off the lists that have not written to it.
func (t *Turn) refuse(a Address, notHers bool) {
	r, _ := load[Refusal](t, string(a))
	r.V, r.NotHers = 1, r.NotHers || notHers
	t.save("refusal", string(a), func(rec *Record) { rec.At = t.At })
	t.offLists(a)
}

// isHers notes that a number is somebody's after all: an appointment is noted with her there.
func (t *Turn) isHers(a Address) {
	if r, _ := load[Refusal](t, string(a)); r.NotHers {
		t.agreeAgain(a)
	}
}

// takesInvitations tells whether who was referred may be written to at an address: nobody said STOP there, and it is hers.
func (t *Turn) takesInvitations(a Address) bool {
	o, _ := load[Objection](t, string(a))
	r, _ := load[Refusal](t, string(a))
	return o.listens() && !r.NotHers
}

// agreeAgain takes a no back: she answered that she wants it after all.
func (t *Turn) agreeAgain(a Address) {
	if _, ok := load[Refusal](t, string(a)); ok {
		t.erase("refusal", string(a))
	}
}

// object: too many messages, said in free words. Nothing leaves until she says which of the two she wants.
func object(t *Turn) {
	if t.stopped() {
		passOn(t)
		return
	}
	t.known()
	t.setObjection(t.line, Objection{Paused: true})
	t.ReplyFor(ForService, "objection", nil)
	t.tellOwners("nouvelle.objection")
}

// peopleAt is everybody at an address, the one just met included.
func (t *Turn) peopleAt(a Address) []string {
	holders, _ := load[Holders](t, string(a))
	return holders.People
}

// organiserTexts are what organisers are told in the place of what speaks of an appointment.
var organiserTexts = map[string]string{"nouvelle.arret": "nouvelle.arret.atelier"}

// tellOwners tells each counsellor about each person at this address who has an appointment to come with her, or is to come to a workshop of hers, once.
func (t *Turn) tellOwners(key string, values ...string) {
	told := map[string]bool{}
	for _, m := range t.rdvs() {
		if !m.over(t.Now) && m.State != cancelled && !told[m.Owner+m.Subject] {
			told[m.Owner+m.Subject] = true
			t.passWords(m.Owner, m.Subject, key, m.args().with(values...))
		}
	}
	for _, person := range t.People {
		for _, o := range t.expects(person) {
			if !told[o.Owner+person] {
				told[o.Owner+person] = true
				p, _ := load[Person](t, person)
				t.passWords(o.Owner, person, cmp.Or(organiserTexts[key], key), t.occasionArgs(o, "").with("prenom", p.called(t)).with(values...))
			}
		}
	}
}

// whoWrites names the sender, the counsellor and how to stop; no appointment, since somebody else may hold the phone.
func whoWrites(t *Turn) {
	args := Args{"service": t.bot.Settings.Service, "telephone": t.bot.Settings.Phone}
	if inv, ok := t.broadcastMeant(); ok {
		t.ReplyFor(ForService, "qui.diffusion", args.with("conseiller", inv.WithName))
		return
	}
	if all := t.rdvs(); len(all) > 0 {
		t.ReplyFor(ForService, t.phoned("qui.conseiller"), args.with("conseiller", all[len(all)-1].With))
		return
	}
	if o, ok := t.occasionOf(t.Chat.Occasion); ok {
		organiser, _ := load[Person](t, o.Owner)
		t.ReplyFor(ForService, t.phoned("qui.conseiller"), args.with("conseiller", organiser.Name))
		return
	}
	if c, _, ok := t.inviter(); ok {
		key := "qui.invitation"
		if c.Partner != "" { // who gave her number must be told to her (RGPD, article 14)
			key = "qui.adressee"
		}
		t.ReplyFor(ForService, key, args.with("conseiller", t.signer(c), "lieu", c.Where, "structure", c.Title))
		return
	}
	t.ReplyFor(ForService, t.phoned("qui"), args)
}

// phoned chooses the twin of a text that names the number where a person answers, when there is one.
func (t *Turn) phoned(key string) string {
	if t.bot.Settings.Phone != "" {
		return key + ".tel"
	}
	return key
}

// wrongNumber: who holds the phone is not who we believe. The number is taken off those who were reached at it, so that
// nothing about them is said there any more; their counsellors check it.
func wrongNumber(t *Turn) {
	who := t.whoIsNot()
	if inv, ok := t.invited(); ok && slices.Contains(who, inv.Person) {
		t.mark(inv, inviteeFailed)
	}
	for _, m := range t.rdvs() {
		if m.over(t.Now) || m.State == cancelled || !slices.Contains(who, m.Subject) {
			continue
		}
		m.State = unreached
		t.saveRdv(m)
		t.silence(m)
		t.Tell(m.Owner, m.Subject, "nouvelle.mauvais-numero", m.args())
	}
	for _, person := range who {
		t.notHer(person)
	}
	t.refuse(t.line, true)
	stopped := t.stopped()
	t.detach(who)
	if !stopped {
		t.ReplyFor(ForService, "erreur-numero", nil)
	}
}

// whoIsNot are those that the person who wrote says not to be: the ones she names, else the one she was written to about.
func (t *Turn) whoIsNot() []string {
	var named []string
	for _, id := range t.People {
		if p, _ := load[Person](t, id); p.Name != "" && strings.Contains(plain(t.Text), plain(p.Name)) {
			named = append(named, id)
		}
	}
	if m, ok := t.meant(); len(named) == 0 && ok {
		named = []string{m.Subject}
	}
	if inv, ok := t.invited(); len(named) == 0 && ok {
		named = []string{inv.Person}
	}
	if o, ok := t.talkedOccasion(); len(named) == 0 && ok {
		named = []string{t.guestHere(o)}
	}
	return named
}

// detach takes the line off persons, with its account; when nobody is left on it, who wrote is a stranger from now on.
func (t *Turn) detach(who []string) {
	holders, _ := load[Holders](t, string(t.line))
	for _, id := range who {
		p, _ := load[Person](t, id)
		p.Addresses = slices.DeleteFunc(p.Addresses, func(a Address) bool { return a == t.line || a == holders.Account })
		t.savePerson(id, p)
	}
	holders.People = slices.DeleteFunc(holders.People, func(id string) bool { return slices.Contains(who, id) })
	t.saveHolders(t.line, holders)
	*t.Chat = Chat{Day: t.Chat.Day, Said: t.Chat.Said}
	t.People, t.MeID, t.Me = holders.People, "", nil
	if len(t.People) > 0 {
		t.be(t.People[0])
		return
	}
	t.unlink(t.line)
	t.leaveLine()
}

// leaveLine: whoever writes here is a stranger, at this very address.
func (t *Turn) leaveLine() {
	if t.line != t.From {
		t.saveChat()
		said := t.Chat.Said
		t.line = t.From
		t.Chat, _ = load[Chat](t, string(t.From))
		t.Chat.Said = said
	}
}

// askErase: erasing cannot be undone, so it is asked.
func askErase(t *Turn) {
	t.Chat.close()
	t.ask(topicErase)
	t.offerFor(ForService, "effacer.sur", nil, t.yesOrNo()...)
}

// keepMe: she changed her mind.
func keepMe(t *Turn) {
	t.Chat.close()
	t.ReplyFor(ForService, "effacer.garde", nil)
}

// eraseMe erases everybody at the address: who holds the phone speaks for it.
func eraseMe(t *Turn) {
	if !intents.BareYes(t.Text) { // what cannot be undone wants the word and nothing else: a number may answer an older question
		askErase(t)
		return
	}
	reads := ""
	if t.Me != nil {
		reads = t.Me.Language
	}
	for _, id := range t.People {
		t.erasePerson(id)
	}
	t.offLists(t.line)
	t.erase("chat", string(t.line))
	t.line, t.Chat = t.From, nil
	t.goodbye(reads)
}

// goodbye answers an address that belongs to nobody any more, in the language that was read there. The answer goes to a stranger whom the next sweep forgets.
func (t *Turn) goodbye(language string) {
	t.MeID, t.Me = "", nil
	t.known()
	t.Me.Language = language
	t.ReplyFor(ForService, "effacer.fait", nil)
	t.forgetSoon()
}

// forgetSoon has the next sweep forget who wrote.
func (t *Turn) forgetSoon() {
	t.savePerson(t.MeID, t.Me)
	for _, kept := range []string{"person/" + t.MeID, "address/" + string(t.From)} {
		if d := t.docs[kept]; d != nil {
			d.rec.At = t.At.Add(-Kinds[d.rec.Kind].Retention)
		}
	}
}

// erasePerson erases what is known about a person: her records, the messages to her and those that tell of her. Counsellors
// who wait for her learn that she is gone, by the hour alone. The address keeps whether it said STOP.
func (t *Turn) erasePerson(id string) {
	t.change.Forget = append(t.change.Forget, id)
	p, _ := load[Person](t, id)
	for _, a := range p.Addresses {
		holders, _ := load[Holders](t, string(a))
		if holders.Line != "" {
			continue // it goes with its line
		}
		holders.People = without(holders.People, id)
		t.saveHolders(a, holders)
		if len(holders.People) == 0 {
			t.unlink(a)
			load[Chat](t, string(a))
			t.erase("chat", string(a))
		}
	}
	for _, rec := range t.find(Query{Subject: id}) {
		t.eraseFound(rec)
	}
	if !p.Role.IsPro() {
		t.maskInInquiries(p)
	}
}

// eraseFound erases a record about her; a counsellor learns of an appointment that was to come.
func (t *Turn) eraseFound(rec Record) {
	if campaign, state, ok := strings.Cut(rec.State, "/"); ok && rec.Kind == "invitee" {
		cell := Count{Kind: campaignTally, Owner: campaign, Dimension: byState}
		was, is := cell, cell
		was.Value, was.N, is.Value, is.N = state, -1, inviteeOpposed, 1
		t.change.Tally = append(t.change.Tally, was, is)
	}
	if rec.Kind == "rsvp" {
		t.freeSeat(rec)
	}
	if rec.Kind != "rdv" {
		t.eraseRecord(rec)
		return
	}
	m, _ := t.rdv(rec.ID)
	t.erase("rdv", m.id)
	t.silence(m)
	if !m.over(t.Now) && m.State != cancelled {
		t.Tell(m.Owner, "", "nouvelle.effacee", Args{"rdv": m.args()["rdv"], "lieu": m.Where})
	}
}

// maskInInquiries takes what leads to a person out of the questions, answers and cards that name an usager, or her number, whatever somebody let through.
func (t *Turn) maskInInquiries(p *Person) {
	for _, rec := range t.findAll(Query{Kind: "inquiry"}) {
		var seen Inquiry // loaded only if she is named: the turn must not depend on all the others
		if decode(rec, &seen) == nil && slices.ContainsFunc(seen.texts(), func(text *string) bool { return namesPerson(*text, p) }) {
			q, _ := t.inquiry(rec.ID)
			t.mask(p, q.texts())
			t.saveInquiry(q)
		}
	}
	for _, rec := range t.findAll(Query{Kind: "card"}) {
		var seen Card
		if decode(rec, &seen) == nil && (namesPerson(seen.Question, p) || namesPerson(seen.Answer, p)) {
			c, _ := t.card(rec.ID)
			t.mask(p, []*string{&c.Question, &c.Answer})
			t.publishCard(c)
			t.saveCard(c)
		}
	}
}

// mask takes what leads to a person out of the texts that name somebody.
func (t *Turn) mask(p *Person, texts []*string) {
	for _, text := range texts {
		if namesPerson(*text, p) {
			found := mask.Identities(*text, []string{p.Name}, t.bot.Gazetteer)
			*text = mask.Without(*text, slices.DeleteFunc(found, func(f mask.Identity) bool { return !namesPerson((*text)[f.Start:f.End], p) }))
		}
	}
}

// namesPerson tells whether a text holds somebody's name or number.
func namesPerson(text string, p *Person) bool {
	found, _ := phones.Find(text)
	for _, number := range found {
		if slices.ContainsFunc(p.Addresses, func(a Address) bool { return a.ID() == number.E164 }) {
			return true
		}
	}
	words := wordsIn(text) // her name may be an everyday word: what is masked is decided by mask.Identities
	return p.Name != "" && !slices.ContainsFunc(wordsIn(p.Name), func(w string) bool { return !slices.Contains(words, w) })
}

// Erase erases everybody reached at an address, by order of the operator, and says how many they were.
func (b *Bot) Erase(ctx context.Context, a Address, now time.Time) (persons int, err error) {
	defer b.locks.take(string(a))()
	err = again(ctx, func() error {
		t := b.open(ctx, Event{ID: fmt.Sprintf("erase/%d", now.UnixNano()), At: now, From: a, Role: Usager})
		persons = len(t.People)
		for _, id := range t.People {
			t.erasePerson(id)
		}
		if listed := t.offLists(a); persons == 0 {
			if !listed {
				return t.err
			}
			persons = 1 // on a list, and no record of a person yet
		}
		return b.commit(ctx, t)
	})
	return persons, err
}
