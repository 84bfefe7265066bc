package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/dates"
)

// What somebody answers to a campaign: she takes an appointment, wants to be called, does not want it, or writes what a person reads. Any answer
// ends the sequence.

// invitation is a place on a list, of somebody who was written to.
type invitation struct {
	campaign
	invitee
}

// invited is the invitation that this usager's message may answer, if there is one: the one that was asked last, or of several at a phone one that waits for an answer.
func (t *Turn) invited() (inv invitation, ok bool) {
	if inv, ok = t.invitationIn(t.Chat.Invited); ok && slices.Contains(t.People, inv.Person) {
		return inv, true
	}
	inv, ok = invitation{}, false
	for _, person := range t.People {
		if one, is := t.invitationOf(person); is && (!ok || one.invitee.State == inviteeSilent) {
			inv, ok = one, true
		}
	}
	return inv, ok
}

// invitationOf is the place of somebody on the list of the campaign that wrote to her last.
func (t *Turn) invitationOf(person string) (inv invitation, ok bool) {
	p, _ := load[Person](t, person)
	if p.Invited == "" {
		return inv, false
	}
	return t.invitationIn(invitee{"", &Invitee{Person: person}}.about(campaign{p.Invited, nil}))
}

// invitationIn is the place of somebody on the list of one campaign: "campaign/7/p42".
func (t *Turn) invitationIn(about string) (inv invitation, ok bool) {
	c, ok := t.campaignOf(about)
	if !ok {
		return inv, false
	}
	person := about[strings.LastIndexByte(about, '/')+1:]
	p, _ := load[Person](t, person)
	for _, a := range p.Addresses {
		id := inviteeID(c.id, a)
		if r, there := load[Invitee](t, id); there && r.Person == person {
			return invitation{c, invitee{id, r}}, true
		}
	}
	return inv, false
}

// asksInvited tells whether what she writes may be a number of an invitation: nothing else is open, and nothing was asked since. Who was given an
// appointment meanwhile, of which she knows nothing yet, answers the invitation too.
func (t *Turn) asksInvited() bool {
	if t.Role != Usager || t.About != "" || t.topic() != "" || t.talking() {
		return false
	}
	inv, ok := t.invited()
	return ok && t.Chat.askedLast(inv.invitee.about(inv.campaign)) &&
		slices.Contains([]string{inviteeSilent, inviteeToCall, inviteeAnswered, inviteeDates, inviteeCallback, inviteeNo, inviteeRdv}, inv.invitee.State)
}

// The numbers of an invitation.
const (
	inviteRdv = iota + 1
	inviteCall
	inviteNo
)

// answersInvited reads the numbers and the words of an invitation as what they stand for.
func (t *Turn) answersInvited() {
	if !t.asksInvited() {
		return
	}
	t.saysInvited()
	t.toCampaign = slices.Contains([]intents.Intent{intents.Choix, intents.Oui, intents.Non}, t.Read.Intent) && !t.namesOther(strings.Fields(plain(t.Text)))
	if t.Read.Intent != intents.Choix {
		return
	}
	t.Chat.Broadcast = "" // her number is about the invitation, and so is what she says next

	if inv, _ := t.invited(); inv.invitee.State == inviteeDates { // she was offered dates, and the question is closed: they are told again
		t.Read.Intent = intents.Oui
		return
	}
	switch t.Read.Choice {
	case inviteRdv:
		t.Read.Intent = intents.Oui
	case inviteCall:
		t.Read.Intent = intents.Humain
	case inviteNo:
		t.Read.Intent = intents.Non
	default:
		t.Read.Intent = intents.Inconnu
	}
}

// saysInvited reads words that answer an invitation: who asks for an appointment takes what it offers, who cannot come is called. What names
// a day is read by a person; what names a workshop is left as it was read.
func (t *Turn) saysInvited() {
	said := plain(t.Text)
	words := strings.Fields(said)
	asks := strings.Contains(said, "?") && t.Read.Decision != intents.Act
	switch {
	case len(t.rdvs()) > 0:
	case t.Read.Intent == intents.Permanence && !asks && namesRdv(words) && len(t.bot.Gazetteer.FindCommunes(t.Text)) == 0:
		t.Read.Intent, t.Read.Decision = intents.Oui, intents.Act
	case t.Read.Intent == intents.Annuler && !namesWorkshop(words) && len(dates.Mentioned(t.Text, t.At.In(t.bot.Zone("")))) > 0:
		t.Read.Intent, t.Read.Decision = intents.Inconnu, intents.Act
	case t.Read.Intent == intents.Annuler && !namesWorkshop(words) && intents.CannotCome(t.Text):
		t.Read.Intent, t.Read.Decision = intents.Humain, intents.Act
	}
}

// namesOther tells that an answer says that it is about something else: an appointment that she has, a workshop.
func (t *Turn) namesOther(words []string) bool {
	return namesRdv(words) && len(t.rdvs()) > 0 || namesWorkshop(words)
}

// bareWords is how many words an answer has at most that says no more than yes.
const bareWords = 5

// wantsRdv: she wants an appointment, and is offered free times of the counsellor; without any she is called.
func wantsRdv(t *Turn) {
	t.known()
	inv, _ := t.invited()
	t.be(inv.Person)
	t.agreeAgain(t.line)
	if len(strings.Fields(t.Text)) > bareWords && t.Read.Intent == intents.Oui {
		t.passWords(inv.With, inv.Person, "nouvelle.message", Args{"prenom": t.name()}) // "à la maison", "pour ma mère": a person reads what she wishes
	}
	if !t.offerSlots(inv) {
		t.callBack(inv, "invitation.rappel-dates", "nouvelle.campagne-dates")
	}
}

// offerSlots asks which of the free times suits.
func (t *Turn) offerSlots(inv invitation) bool {
	free := t.freeTimes(rdv{"", &Rdv{Owner: inv.With, Place: inv.campaign.Place, Where: inv.Where}}, time.Time{})
	if len(free) == 0 {
		return false
	}
	t.Chat.close()
	t.ask(topicSlots)
	t.Chat.Target = inv.invitee.about(inv.campaign)
	lines := t.timeLines(free, inv.Where)
	t.mark(inv, inviteeDates)
	t.Reply("invitation.dates", Args{placeArg: inv.campaign.Place, "lieu": inv.Where, "liste": strings.Join(lines, "\n")})
	return true
}

// pickSlot: she picked a number. The time is hers if nobody was quicker.
func pickSlot(t *Turn) {
	inv, known := t.invitationIn(t.Chat.Target)
	picked, ok := t.choice()
	switch {
	case !known || !slices.Contains(t.People, inv.Person):
		t.Chat.close()
		passOn(t)
		return
	case !ok:
		t.Reply("lequel.hors-liste", Args{"n": number(len(t.Chat.Choices))})
		return
	}
	t.be(inv.Person)
	at, place, places, where := parseChoice(picked, t)
	m, _ := t.rdv(t.newID("r"))
	with, _ := load[Person](t, inv.With)
	*m.Rdv = Rdv{Owner: inv.With, Subject: inv.Person, Name: inv.Name, With: with.Name, At: at, Where: where, Place: place, State: confirmed, NotedAt: t.At}
	if !t.held(m.Owner, place, at) || !t.takeSlot(m, at, places) { // the session was called off, or somebody was quicker
		t.forgetRdv(m)
		if !t.offerSlots(inv) {
			t.callBack(inv, "invitation.rappel-dates", "nouvelle.campagne-dates")
		}
		return
	}
	t.plan(m)
	t.keepRdv(m)
	t.saveRdv(m)
	t.Chat.settle(m.id)
	t.mark(inv, inviteeRdv)
	args := m.args()
	t.Reply("rdv.confirme", args)
	t.Tell(m.Owner, m.Subject, "nouvelle.campagne-rdv", m.args().with("titre", inv.title(), "rappels", t.announceTo(t.reader(m.Owner), m)))
}

// forgetRdv takes an appointment back that was not saved.
func (t *Turn) forgetRdv(m rdv) { *m.Rdv = Rdv{} }

// noSlotFits: none of the dates suits; she is called.
func noSlotFits(t *Turn) {
	inv, ok := t.invitationIn(t.Chat.Target)
	if !ok {
		passOn(t)
		return
	}
	t.be(inv.Person)
	t.callBack(inv, "invitation.rappel-dates", "nouvelle.campagne-dates")
}

// wantsCall: she wants to be called.
func wantsCall(t *Turn) {
	t.known()
	inv, _ := t.invited()
	t.be(inv.Person)
	t.agreeAgain(t.line)
	t.callBack(inv, "invitation.rappel", "nouvelle.campagne-rappel")
}

// callBack puts her among those to call, and tells her and the counsellor.
func (t *Turn) callBack(inv invitation, reply, news string) {
	t.Chat.close()
	t.mark(inv, inviteeCallback)
	t.Tell(inv.With, inv.Person, news, Args{"prenom": inv.Name, "titre": inv.title(), "mots": quote(t.Text)})
	t.Reply(reply, Args{"conseiller": t.signer(inv.campaign)})
}

// declines: she does not want it. She is not written to about it any more.
func declines(t *Turn) {
	t.known()
	inv, _ := t.invited()
	t.be(inv.Person)
	t.Chat.close()
	t.mark(inv, inviteeNo)
	t.refuse(t.line, false)
	t.Reply("invitation.non", Args{"conseiller": t.signer(inv.campaign)})
}

// mark notes what became of an invitation, and drops what waits to be sent of it.
func (t *Turn) mark(inv invitation, state string) {
	inv.invitee.State = state
	t.saveInvitee(inv.campaign, inv.invitee, t.At)
	t.Drop(inv.invitee.about(inv.campaign))
}

// signer is who a campaign promises to people: its counsellor, or any when she is one no more.
func (t *Turn) signer(c campaign) string { return t.calledNow(c.With, c.WithName) }

// inviter is the campaign that wrote to one of those at this address last, and to whom; its list may be gone by now.
func (t *Turn) inviter() (c campaign, person string, ok bool) {
	for _, person := range t.People {
		p, _ := load[Person](t, person)
		if p.Invited == "" {
			continue
		}
		if c, ok := t.campaign(p.Invited); ok && c.With != "" {
			return c, person, true
		}
	}
	return c, "", false
}

// heardInvited ends the sequence for who wrote anything at all, whatever rule took it.
func (t *Turn) heardInvited() {
	if t.Role != Usager || t.Text == "" || t.Chat == nil {
		return
	}
	state := inviteeToCall // what the bot alone has answered, a person follows up
	if t.passed {
		state = inviteeAnswered
	}
	moved := []string{inviteeSilent, inviteeToCall}
	if o, _ := load[Objection](t, string(t.line)); !o.listens() {
		state, moved = inviteeOpposed, append(moved, inviteeCallback, inviteeDates, inviteeAnswered)
	}
	for _, person := range t.People {
		if inv, ok := t.invitationOf(person); ok && slices.Contains(moved, inv.invitee.State) {
			t.mark(inv, state)
		}
	}
}

// hasAppointment notes that somebody has an appointment, by whatever way: she is not invited any more.
func (t *Turn) hasAppointment(person string) {
	if inv, ok := t.invitationOf(person); ok && inv.invitee.State != inviteeRdv {
		t.mark(inv, inviteeRdv)
	}
}

// offLists takes an address off the lists of campaigns that have not written to it: what they will cost, and to how many, changes with that. It tells whether it was on
// one, or among those who were referred and wait.
func (t *Turn) offLists(a Address) (listed bool) {
	if r, ok := load[Referral](t, string(a)); ok {
		t.erase("referral", string(a))
		t.Drop(r.about())
		t.change.Forget = append(t.change.Forget, r.Ref)
		listed = true
	}
	for _, state := range liveCampaigns {
		for _, rec := range t.findAll(Query{Kind: "campaign", State: state}) {
			id := inviteeID(rec.ID, a)
			r, ok := load[Invitee](t, id)
			if !ok || r.Person != "" { // who was written to is found by her record
				continue
			}
			listed = true
			t.erase("invitee", id)
			t.uncount(rec.ID, r)
		}
	}
	return listed
}

// uncount takes somebody out of the figures of a campaign who was not written to.
func (t *Turn) uncount(id string, r *Invitee) {
	c, _ := t.campaign(id)
	if c.State == campaignReading {
		c.Left++
		t.saveCampaign(c)
		return
	}
	c.People--
	if n := utf8.RuneCountInString(r.Name); n < len(c.Names) {
		c.Names[n]--
	}
	t.saveCampaign(c)
	t.change.Tally = append(t.change.Tally, Count{Kind: campaignTally, Owner: id, Dimension: byState, Value: r.State, N: -1})
}

// ListedAt are the records of lists, and of those who were referred and wait, that hold an address and belong to no person yet.
func ListedAt(ctx context.Context, s Store, a Address) (all []Record, err error) {
	if all, err = s.Get(ctx, "referral", string(a)); err != nil {
		return nil, err
	}
	for c, err := range AllRecords(ctx, s, Query{Kind: "campaign"}) {
		if err != nil {
			return nil, err
		}
		recs, err := s.Get(ctx, "invitee", inviteeID(c.ID, a))
		if err != nil {
			return nil, err
		}
		all = append(all, slices.DeleteFunc(recs, func(r Record) bool { return r.Subject != "" })...)
	}
	return all, nil
}

// textFailed: a text of a campaign did not leave, or did not arrive.
func (t *Turn) textFailed(about string, fate Fate, reason string) {
	inv, ok := t.invitationIn(about)
	if reason == OptedOut {
		t.optedOut(about[strings.LastIndexByte(about, '/')+1:])
	}
	if !ok {
		return
	}
	c, r := inv.campaign, inv.invitee
	if !slices.Contains([]string{inviteeSilent, inviteeWritten, inviteeToCall}, r.State) {
		return
	}
	switch {
	case fate == Uncertain: // it may have arrived
	case fate == Expired && r.State != inviteeToCall:
		r.Step, r.Again = max(r.Step-1, 0), r.Again+1
		t.settleInvitee(c, r, inviteeSilent, time.Duration(t.docs["invitee/"+r.id].rec.At.Nanosecond())) // in the order of their wave
		if c.State == campaignRunning || c.State == campaignEnded {                                      // somebody is left after all
			c.State = campaignRunning
			t.planWave(c, t.At)
		}
	case fate == Expired: // the last one: she is called all the same
	case reason == OptedOut, reason == "stop", reason == "pause":
		t.settleInvitee(c, r, inviteeOpposed, 0)
	default:
		t.settleInvitee(c, r, inviteeFailed, 0)
	}
}

// textOf is which text of a campaign a message was: "campaign/7/p42/2" is the second, "campaign/7/p42/2.1" the second written once more. ok is false for other messages.
func textOf(key string) (campaign string, step string, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 || parts[0] != "campaign" {
		return "", "", false
	}
	step, _, _ = strings.Cut(parts[3], ".")
	return parts[1], step, true
}

// countText is the figure of what became of a text; nil for other messages.
func countText(key, what string) *Count {
	c, step, ok := textOf(key)
	if !ok {
		return nil
	}
	return &Count{Kind: campaignTally, Owner: c, Dimension: byText, Value: fmt.Sprintf("%s-%s", step, what), N: 1}
}
