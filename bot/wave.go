package bot

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"passeur/intents"
)

// The sequence of a campaign. A wave looks at so many of those who are due, writes to them and plans the next one, all in one commit; waves follow each
// other at the pace of the network, so that little of a campaign waits to be sent at any time.

const waveIntent intents.Intent = "vague"

const (
	// waveSize is how many people one wave takes. Each may be five rows of the thousand that one change may have: a person, her place on the list, the
	// message, and where somebody else is known at her phone, its address and its chat.
	waveSize = 190
	// broadcastShare is the part of a network's pace that broadcasts may use; the rest is for reminders and answers.
	broadcastShare = 0.8
	// backlog is how long messages of broadcasts may have waited before a wave waits for them.
	backlog = time.Minute
	// messageLife is how long a message of a campaign may wait; after that its turn comes again.
	messageLife = 2 * day
)

// planWave plans the next wave, in decent hours, and forgets those planned before.
func (t *Turn) planWave(c campaign, at time.Time) {
	t.Drop(c.about())
	c.Wave++
	at = t.bot.Settings.Hours.after(at.In(t.bot.Zone(c.Place)), c.Place).Truncate(time.Second)
	t.write(Task{Key: fmt.Sprintf("%s/vague/%d", c.about(), c.Wave), Group: c.about(), Lane: Broadcast, Place: c.Place, At: at, Intent: waveIntent,
		Args: Args{"vague": number(c.Wave)}})
	t.saveCampaign(c)
}

// firstWave is when a campaign that starts now writes for the first time.
func (t *Turn) firstWave(c campaign) time.Time {
	return t.bot.Settings.Hours.after(t.At.In(t.bot.Zone(c.Place)), c.Place)
}

// wave writes to those who are due.
func wave(t *Turn) {
	c, ok := t.campaignOf(t.About)
	if !ok || c.State != campaignRunning || t.Values["vague"] != number(c.Wave) {
		return
	}
	if !t.bot.Settings.Hours.decent(t.At.In(t.bot.Zone(c.Place)), c.Place) {
		t.planWave(c, t.At)
		return
	}
	if t.departed(c.With) { // nobody would read the answers
		c.State = campaignPaused
		t.saveCampaign(c)
		t.tellCoordinator(c, "campagne.sans-conseiller", Args{"titre": c.title(), "conseiller": c.WithName, "numero": number(t.indexOfCampaign(c))}, "")
		return
	}
	if t.tooMuchWaits() {
		t.planWave(c, t.At.Add(backlog/2))
		return
	}
	due := t.find(Query{Kind: "invitee", State: c.inviteeState(inviteeSilent), To: t.At.Add(time.Second), Limit: waveSize})
	for i, rec := range due {
		if r, ok := load[Invitee](t, rec.ID); ok {
			t.nextText(c, invitee{rec.ID, r}, time.Duration(i)*time.Millisecond)
		}
	}
	if len(due) > 0 {
		c.Wrote = t.At
	}
	t.planNextWave(c, len(due))
}

// tooMuchWaits tells that the network is behind with broadcasts: what a campaign writes should not be old when it leaves.
func (t *Turn) tooMuchWaits() bool {
	if t.err != nil {
		return false
	}
	oldest, err := t.bot.Store.Due(t.ctx, "sms", Broadcast)
	if err != nil {
		t.err = storeFault{err}
	}
	return !oldest.IsZero() && t.At.Sub(oldest) > backlog
}

// planNextWave plans the wave behind one that took so many people; without anybody left the campaign is over.
func (t *Turn) planNextWave(c campaign, took int) {
	if took == waveSize {
		pause := time.Duration(0)
		if pace := t.bot.Abilities["sms"].Pace; pace > 0 {
			pause = time.Duration(waveSize / (pace * broadcastShare) * float64(time.Second))
		}
		t.planWave(c, t.At.Add(pause))
		return
	}
	if at, ok := t.nextDue(c); ok {
		t.planWave(c, maxTime(at, t.At.Add(time.Second)))
		return
	}
	if c.broadcast() && t.stillLeaving(c) {
		t.planWave(c, t.At.Add(backlog))
		return
	}
	if c.Partner != "" {
		return // another may be referred
	}
	c.State, c.Ended = campaignEnded, t.At
	t.saveCampaign(c)
	t.tellCoordinator(c, c.saying("campagne.finie"), t.shownArgs(c).with("numero", number(t.indexOfCampaign(c)), "partis", t.whatLeft(c)), c.about()+"/bilan.png")
}

// whatLeft says for the coordinator of a campaign whether all of its messages have left.
func (t *Turn) whatLeft(c campaign) string {
	f := t.figures(c.id)
	if n := f.sum(string(Withheld)) + f.sum(string(Failed)); n > 0 {
		return t.sayTo(t.coordinator(c), "campagne.retenus", Args{"n": number(n)})
	}
	return t.sayTo(t.coordinator(c), "campagne.tous-partis", nil)
}

// nextDue is when somebody is due next, as things stand behind this turn.
func (t *Turn) nextDue(c campaign) (at time.Time, ok bool) {
	note := func(due time.Time) {
		if !ok || due.Before(at) {
			at, ok = due, true
		}
	}
	for _, rec := range t.find(Query{Kind: "invitee", State: c.inviteeState(inviteeSilent), Limit: waveSize + 1}) {
		if t.docs["invitee/"+rec.ID] == nil {
			note(rec.At)
		}
	}
	for _, d := range t.order {
		if d.rec.Kind == "invitee" && d.rec.State == c.inviteeState(inviteeSilent) && !d.gone {
			note(d.rec.At)
		}
	}
	return at, ok
}

// nextText writes the next text to somebody, unless there is a reason not to, or none is left. later keeps the people of a wave in their order.
func (t *Turn) nextText(c campaign, r invitee, later time.Duration) {
	if r.Step == 0 && !c.broadcast() && t.invitedElsewhere(c, r) {
		t.settleInvitee(c, r, inviteeElsewhere, later)
		return
	}
	p, waits := t.meetInvitee(c, r), !c.broadcast() && t.stillWaits(c, r)
	switch {
	case p == nil || p.first() == "":
		t.settleInvitee(c, r, inviteeFailed, later)
	case !p.listens():
		t.settleInvitee(c, r, inviteeOpposed, later)
	case !c.broadcast() && t.hasRdvAhead(p):
		state := inviteeRdv
		if r.Step == 0 {
			state = inviteeHadRdv
		}
		t.settleInvitee(c, r, state, later)
	case r.Step >= len(c.Texts) && !waits:
		t.settleInvitee(c, r, inviteeToCall, later)
	case waits, !c.broadcast() && t.awaited(p):
		t.saveInvitee(c, r, t.bot.Settings.Hours.after(t.At.In(t.bot.Zone(c.Place)).Add(QuestionLife), c.Place).Add(later))
	default:
		t.writeText(c, r, p, later)
	}
}

// awaited tells that somebody is to answer something else, which a text must not cut short: a question is open, or a counsellor talks with her.
func (t *Turn) awaited(p *Person) bool {
	chat, _ := load[Chat](t, string(p.line()))
	return chat.awaits(t.At) || chat.Talker != "" && t.At.Sub(chat.Talked) < talkLife
}

// stillWaits tells that the text before has not left yet: the campaign was paused, or the network is behind.
func (t *Turn) stillWaits(c campaign, r invitee) bool {
	if r.Step == 0 || t.At.Sub(r.Wrote) >= messageLife {
		return false
	}
	taken, _ := t.taken(r.textKey(c))
	return !taken
}

// invitedElsewhere tells whether another campaign is writing to somebody's phone: one at a time, or nobody would know what an answer is about.
func (t *Turn) invitedElsewhere(c campaign, r invitee) bool {
	a := smsAddress(r.Phone)
	if r.Person != "" {
		p, _ := load[Person](t, r.Person)
		a = p.On("sms")
	}
	return slices.ContainsFunc(t.peopleAt(a), func(person string) bool {
		inv, ok := t.invitationOf(person)
		return ok && inv.campaign.id != c.id && inv.campaign.State != campaignCancelled && t.spokenWith(inv)
	})
}

// spokenLife is how long somebody is taken to be spoken with after she answered a campaign.
const spokenLife = 14 * day

// spokenWith tells whether a campaign still writes to somebody, or is in talk with her.
func (t *Turn) spokenWith(inv invitation) bool {
	switch inv.invitee.State {
	case inviteeSilent:
		return true
	case inviteeDates, inviteeCallback, inviteeAnswered:
		return t.At.Sub(t.docs["invitee/"+inv.invitee.id].at) < spokenLife
	}
	return false
}

// settleInvitee ends the sequence for somebody.
func (t *Turn) settleInvitee(c campaign, r invitee, state string, later time.Duration) {
	r.State = state
	t.saveInvitee(c, r, t.At.Add(later))
}

// meetInvitee is the person on the list, who has a record from her first text on; nil when she was erased since.
func (t *Turn) meetInvitee(c campaign, r invitee) *Person {
	if r.Person == "" {
		d := &Draft{Phone: r.Phone, Name: r.Name}
		id, known := t.personID(d)
		if !known {
			id = t.newID("p", string(smsAddress(d.Phone)))
			p, _ := load[Person](t, id)
			p.Told, p.ToldAt, p.Basis = toldByCampaign, t.At, c.Basis
		}
		p, _ := load[Person](t, id)
		if p.On("sms") == "" {
			p.Addresses = append(p.Addresses, smsAddress(d.Phone))
		}
		stranger := p.Name == "" // who is forgotten soon, with what leads to her
		p.Name = d.Name
		if !known || stranger {
			t.hold(smsAddress(d.Phone), id)
		}
		r.Person, r.Phone = id, ""
	}
	p, ok := load[Person](t, r.Person)
	if !ok && p.first() == "" {
		return nil
	}
	if c.broadcast() {
		t.noteBroadcast(c, r.Person, p)
		return p
	}
	t.savePerson(r.Person, p)
	return p
}

// toldByCampaign is how somebody was told who is on a list: the campaign knows the words.
const toldByCampaign = "campagne"

// hasRdvAhead tells whether somebody has an appointment to come.
func (t *Turn) hasRdvAhead(p *Person) bool {
	for _, id := range p.Rdvs {
		if m, ok := t.rdv(id); ok && m.State != cancelled && m.At.After(t.At) {
			return true
		}
	}
	return false
}

// textKey is the key of the text that is written to somebody now; one that waited too long has left its key behind, and the next attempt has
// another.
func (r invitee) textKey(c campaign) string {
	key := fmt.Sprintf("%s/%d", r.about(c), r.Step)
	if r.Again > 0 {
		key += fmt.Sprintf(".%d", r.Again)
	}
	return key
}

// writeText writes one text to somebody, and notes when the next one is due.
func (t *Turn) writeText(c campaign, r invitee, p *Person, later time.Duration) {
	text := t.bot.Abilities["sms"].fold(c.text(r.Step, r.Name))
	place := cmp.Or(r.Place, c.Place) // the hours are hers
	r.Step++
	r.Wrote = t.At
	t.write(Task{Key: r.textKey(c), Group: r.about(c), Batch: c.batch(), To: r.Person, Network: t.bot.way(p),
		Lane: Broadcast, Purpose: ForOutreach, Place: place, At: t.At, NotAfter: t.At.Add(messageLife),
		Message: &Message{Text: text, Asks: asksAnswer(text), About: r.about(c)}})
	chat, _ := load[Chat](t, string(p.line()))
	if c.broadcast() {
		chat.Broadcast = r.about(c)
		t.saveChatOf(p.line(), chat)
		t.settleInvitee(c, r, inviteeWritten, later)
		return
	}
	if chat.invite(r.about(c)) {
		t.saveChatOf(p.line(), chat)
	}
	p.Invited, p.Broadcast = c.id, ""
	wait, local := c.Waits[r.Step-1], t.At.In(t.bot.Zone(place))
	t.saveInvitee(c, r, t.bot.Settings.Hours.after(local.AddDate(0, 0, wait), place).Add(later))
}
