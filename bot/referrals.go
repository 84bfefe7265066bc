package bot

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Who was referred waits: her counsellor is told, and reminded once, then the coordinator is. A yes puts her on the partner's standing
// campaign, a no erases what was kept; the partner, whose number nobody keeps, is told of neither.

const referralWaits intents.Intent = "prescription-attend"

// What happens while nobody answers: after so many working days each.
const (
	referralPatience = 2
	patienceUntil    = Clock(9 * 60)
)

// decider is who is asked about somebody who was referred: her counsellor, or the partner's coordinator when she is one no more.
func (t *Turn) decider(r *Referral) string {
	p, ok := t.partner(r.Partner)
	if !ok || !t.departed(r.With) {
		return r.With
	}
	return t.coordinatorOf(p.Owner, p.Place)
}

// tellReferral tells a professional of somebody who waits, with the numbers and buttons by which she is invited or refused.
func (t *Turn) tellReferral(to, key string, r *Referral) {
	reader := t.reader(to)
	n := number(t.numberReferral(reader, r.Ref))
	told := len(t.change.Tasks)
	t.Tell(to, "", key, t.referralArgs(r).with("numero", n),
		Choice{Words: "inviter " + n, Label: t.sayTo(reader, "bouton.inviter", nil), Beside: true},
		Choice{Words: "refuser " + n, Label: t.sayTo(reader, "bouton.refuser", nil), Beside: true})
	for i := range t.change.Tasks[told:] {
		t.change.Tasks[told+i].Subject = r.Ref // erased with her
	}
}

func (t *Turn) referralArgs(r *Referral) Args {
	with, _ := load[Person](t, r.With)
	refusal := ""
	if _, refused := load[Refusal](t, string(smsAddress(r.Phone))); refused {
		refusal = " " + t.say("prescription.refus-avant", nil)
	}
	return Args{"refus": refusal, "structure": r.From, "prenom": r.Name, "commune": t.communeOf(r.Place), "conseiller": with.Name, "recue": r.Noted.Format(time.RFC3339), placeArg: r.Place}
}

// numberReferral is the number by which somebody names who was referred. It is never given to another: an old button means whom it meant.
func (t *Turn) numberReferral(reader, ref string) int {
	chat := t.Chat
	if chat == nil || reader != t.MeID {
		p, _ := load[Person](t, reader)
		if p.first() == "" {
			return 1
		}
		chat, _ = load[Chat](t, string(p.line()))
		defer t.saveChatOf(p.line(), chat)
	}
	for n, is := range chat.Referrals {
		if is == ref {
			return n
		}
	}
	if chat.Referrals == nil {
		chat.Referrals = map[int]string{}
	}
	chat.Referred++
	chat.Referrals[chat.Referred] = ref
	return chat.Referred
}

// remindReferral plans the reminder of that number.
func (t *Turn) remindReferral(r *Referral, n int) {
	at := workingDaysLater(t.At.In(t.bot.Zone(r.Place)), referralPatience, territory(r.Place))
	t.write(Task{Key: fmt.Sprintf("%s/%d", r.about(), n), Group: r.about(), Lane: Reply, Place: r.Place, At: patienceUntil.on(at), Intent: referralWaits, Args: Args{"fois": number(n)}})
}

// workingDaysLater is a day on which professionals work, so many of them later: from Monday to Friday, no holiday.
func workingDaysLater(t time.Time, n int, territory string) time.Time {
	for n > 0 {
		if t = nextDay(t); workday(t, territory) && t.Weekday() != time.Saturday {
			n--
		}
	}
	return t
}

// stillWaits: nobody has answered for who was referred. Her counsellor is reminded once; then the coordinator is told.
func stillWaits(t *Turn) {
	_, r, ok := t.referralOf(strings.TrimPrefix(t.About, "referral/"))
	if !ok {
		return
	}
	if t.Values["fois"] == "1" {
		t.tellReferral(t.decider(r), "nouvelle.prescription-attend", r)
		t.remindReferral(r, 2)
		return
	}
	if p, ok := t.partner(r.Partner); ok {
		t.tellReferral(t.coordinatorOf(p.Owner, p.Place), "nouvelle.prescription-sans-reponse", r)
	}
}

// referralOf finds who waits by the name of her record.
func (t *Turn) referralOf(ref string) (rec Record, r *Referral, ok bool) {
	if ref == "" {
		return rec, nil, false
	}
	for _, rec := range t.find(Query{Kind: "referral", State: ref}) {
		if r, ok := load[Referral](t, rec.ID); ok {
			return rec, r, true
		}
	}
	return rec, nil, false
}

// listReferrals lists who waits for a yes.
func listReferrals(t *Turn) {
	t.known()
	t.Chat.close()
	byNumber := map[int]string{}
	for _, rec := range t.waitingFor() {
		if r, ok := load[Referral](t, rec.ID); ok {
			n := t.numberReferral(t.MeID, r.Ref)
			byNumber[n] = t.say("prescriptions.ligne", t.referralArgs(r).with("numero", number(n)))
		}
	}
	if len(byNumber) == 0 {
		t.Reply("prescriptions.aucune", nil)
		return
	}
	var lines []string
	for _, n := range slices.Sorted(maps.Keys(byNumber)) {
		lines = append(lines, byNumber[n])
	}
	t.Reply("prescriptions", Args{"liste": strings.Join(lines, "\n")})
}

// referralMeant is who has the number that was said; without one the only one who waits. What cannot be found is said.
func (t *Turn) referralMeant() (rec Record, r *Referral, ok bool) {
	order, _ := intents.ReadPartner(t.Text)
	ref := t.Chat.Referrals[order.Number]
	if waiting := t.waitingFor(); order.Number == 0 && len(waiting) == 1 {
		ref = waiting[0].State
	}
	rec, r, ok = t.referralOf(ref)
	if !ok || !t.may(toChange, rec) {
		t.Reply("prescription.laquelle", nil)
		return rec, r, false
	}
	return rec, r, true
}

// settleReferral erases what was kept of who waited.
func (t *Turn) settleReferral(rec Record, r *Referral, outcome string) {
	t.erase("referral", rec.ID)
	t.Drop(r.about())
	t.countReferral(r.Partner, outcome)
	for n, ref := range t.Chat.Referrals {
		if ref == r.Ref {
			delete(t.Chat.Referrals, n)
		}
	}
}

// refuseReferred: a no. She was not written to, and nothing of her is kept.
func refuseReferred(t *Turn) {
	t.known()
	rec, r, ok := t.referralMeant()
	if !ok {
		return
	}
	args := t.referralArgs(r)
	t.settleReferral(rec, r, referralRefused)
	t.Reply("prescription.refusee", args)
}

// inviteReferred: a yes. She is invited as the people of a list are.
func inviteReferred(t *Turn) {
	t.known()
	rec, r, ok := t.referralMeant()
	if !ok {
		return
	}
	args := t.referralArgs(r)
	a := smsAddress(r.Phone)
	p, known := t.partner(r.Partner)
	refused := t.uninvited(r)
	if refused == "" && !known {
		refused = "prescription.invitee-ailleurs"
	}
	if refused != "" {
		t.settleReferral(rec, r, referralRefused)
		t.Reply(refused, args)
		return
	}
	c := t.standing(p)
	c.People++
	c.Names = countName(c.Names, r.Name)
	id := inviteeID(c.id, a)
	who, _ := load[Invitee](t, id)
	*who = Invitee{Name: r.Name, Phone: r.Phone, Place: r.Place, State: inviteeSilent}
	t.saveInvitee(c, invitee{id, who}, t.At)
	t.settleReferral(rec, r, referralAccepted)
	if c.State == campaignPaused {
		t.saveCampaign(c)
		t.Reply("prescription.invitee-en-pause", args.with("titre", c.title()))
		return
	}
	t.planWave(c, t.At)
	t.Reply("prescription.invitee", args.with("debut", t.firstWave(c).Format(time.RFC3339), placeArg, c.Place))
}

// uninvited is the key of why somebody who was referred is not invited any more; "" she is.
func (t *Turn) uninvited(r *Referral) string {
	a := smsAddress(r.Phone)
	switch {
	case !t.takesInvitations(a):
		return "prescription.plus-de-sms"
	case t.onList(a):
		return "prescription.invitee-ailleurs"
	case t.expected(&Draft{Phone: r.Phone, Name: r.Name}):
		return "prescription.invitee-rdv"
	}
	return ""
}

// expected tells whether somebody is known and has an appointment to come: she needs no invitation.
func (t *Turn) expected(d *Draft) bool {
	id, known := t.personID(d)
	p, _ := load[Person](t, id)
	return known && t.hasRdvAhead(p)
}

// standing is the campaign of a partner: usual texts, never at an end, one person after the other. One that was called off is not revived.
func (t *Turn) standing(p partner) campaign {
	c, ok := t.campaign(p.Campaign)
	if p.Campaign != "" && ok && (c.State == campaignRunning || c.State == campaignPaused) {
		return c
	}
	p.Campaign = t.newID("c")
	t.savePartner(p)
	c, _ = t.campaign(p.Campaign)
	*c.Campaign = Campaign{Partner: p.id, Title: p.Name, Owner: p.Owner, With: p.With, WithName: p.WithName, Where: p.Where, Place: p.Place, Basis: ownWish,
		Notice: t.sayIn(French, "prescription.information", Args{"structure": p.Name}), Texts: t.usualTexts(), Waits: []int{usualWait, usualWait, usualWait},
		State: campaignRunning, Noted: t.At, Started: t.At}
	return c
}
