package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Calls: who stayed silent to the last, or asked to be called, is called by a person, and what came of it is noted.

// shownCalls is how many calls a list shows.
const shownCalls = 10

// mostCalls is after how many calls without an answer one stops.
const mostCalls = 3

// listCalls lists whom a professional may call: those who asked for it first.
func listCalls(t *Turn) {
	t.known()
	t.Chat.close()
	t.Chat.Calls = nil
	var lines []string
	for _, inv := range t.toCall() {
		t.Chat.Calls = append(t.Chat.Calls, inv.invitee.about(inv.campaign))
		lines = append(lines, t.say("appels.ligne", t.callArgs(inv).with("numero", number(len(lines)+1))))
	}
	if len(lines) == 0 {
		t.Reply("appels.aucun", nil)
		return
	}
	t.Reply("appels", Args{"liste": strings.Join(lines, "\n")})
}

// choosingLife is how long somebody has to pick one of the dates that she was offered, before a person calls her.
const choosingLife = day

// toCall are the first of those whom who asks may call now.
func (t *Turn) toCall() (all []invitation) {
	for _, state := range []string{inviteeCallback, inviteeDates, inviteeToCall} {
		until := t.At.Add(time.Millisecond)
		if state == inviteeDates {
			until = t.At.Add(-choosingLife)
		}
		for _, c := range t.campaignsToCall() {
			page := t.find(Query{Kind: "invitee", State: c.inviteeState(state), To: until, Limit: shownCalls})
			slices.SortStableFunc(page, func(a, b Record) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Subject, b.Subject)) }) // ids are sealed: their order is none
			for _, rec := range page {
				if inv, ok := t.invitationIn(c.about() + "/" + rec.Subject); ok {
					all = append(all, inv)
				}
			}
		}
	}
	return all[:min(len(all), shownCalls)]
}

// campaignsToCall are the campaigns whose people who asks may call: her own, those of who she covers, and those of a coordinator's territories.
func (t *Turn) campaignsToCall() (all []campaign) {
	for _, state := range []string{campaignRunning, campaignPaused, campaignEnded, campaignCancelled} {
		for _, rec := range t.findAll(Query{Kind: "campaign", State: state}) {
			if c, ok := t.campaign(rec.ID); ok && t.mayCall(c) {
				all = append(all, c)
			}
		}
	}
	slices.SortFunc(all, func(a, b campaign) int { return a.Started.Compare(b.Started) })
	return all
}

func (t *Turn) mayCall(c campaign) bool { return t.standsFor(c.With) || t.may(toChange, c.record()) }

func (t *Turn) callArgs(inv invitation) Args {
	state := inv.invitee.State
	if !slices.Contains([]string{inviteeCallback, inviteeDates, inviteeToCall}, state) {
		state = inviteeToCall
	}
	return Args{"prenom": inv.Name, "commune": t.communeOf(cmp.Or(inv.invitee.Place, inv.campaign.Place)), "titre": inv.title(), "essais": number(inv.Calls),
		"pourquoi": t.say("appels.pourquoi."+state, Args{"n": number(inv.Step)})}
}

// callOutcomes are the words for what came of a call, by the state that follows; the first is its button's.
var callOutcomes = []struct {
	words []string
	state string
}{
	{[]string{"pas de réponse", "repondeur", "messagerie", "occupe", "occupee", "absent", "absente", "ne repond pas", "pas repondu", "n'a pas repondu", "pas joignable", "injoignable"}, inviteeToCall},
	{[]string{"joint", "jointe", "joignable", "fait", "parle"}, inviteeReached},
	{[]string{"ne veut pas", "non", "refus", "refuse", "refusee"}, inviteeNo},
	{[]string{"mauvais numero", "faux numero"}, inviteeFailed},
}

// call shows the number of somebody on the list, or notes what came of the call.
func call(t *Turn) {
	t.known()
	order, _ := intents.ReadCampaign(t.Text)
	inv, ok := t.onCallList(order.Number)
	if !ok {
		t.Reply("appels.lequel", nil)
		return
	}
	if order.Rest == "" {
		t.showNumber(inv, order.Number)
		return
	}
	said := plain(order.Rest)
	for _, o := range callOutcomes {
		if slices.ContainsFunc(o.words, func(w string) bool { return plain(w) == said }) {
			t.noteCall(inv, o.state)
			return
		}
	}
	t.Reply("appels.issue", Args{"texte": order.Rest})
}

// inviteeCalled are the states of those who are on the list of calls, or were: a STOP or an appointment that came since stays.
var inviteeCalled = []string{inviteeCallback, inviteeToCall, inviteeDates, inviteeReached, inviteeMissed, inviteeFailed}

// callAbout is what the message about somebody is about who was called by a number of the list: her buttons stay hers when the list is another.
func callAbout(n int, inv invitation) string {
	return fmt.Sprintf("call/%d/%s", n, inv.invitee.about(inv.campaign))
}

// onCallList is the person of a number, if who asks may still call her: who had it in the message below which it is said, else on the list that
// was shown last.
func (t *Turn) onCallList(n int) (inv invitation, ok bool) {
	about, told := strings.CutPrefix(t.About, fmt.Sprintf("call/%d/", n))
	switch {
	case told:
	case n < 1 || n > len(t.Chat.Calls):
		return inv, false
	default:
		about = t.Chat.Calls[n-1]
	}
	inv, ok = t.invitationIn(about)
	return inv, ok && t.mayCall(inv.campaign) && slices.Contains(inviteeCalled, inv.invitee.State)
}

// showNumber shows the number to call, and buttons for what comes of it.
func (t *Turn) showNumber(inv invitation, n int) {
	p, _ := load[Person](t, inv.Person)
	var choices []Choice
	for _, o := range callOutcomes {
		choices = append(choices, t.shortcut("appel "+number(n)+" "+o.words[0], "bouton.appel-"+o.state, nil))
	}
	t.answer(ForTalk, &Message{Key: "appels.numero", Args: t.callArgs(inv).with("telephone", FrenchPhone(p.On("sms").ID()), "numero", number(n)),
		About: callAbout(n, inv), Choices: choices})
}

// noteCall notes what came of a call; without an answer it is tried again on another day, three times in all.
func (t *Turn) noteCall(inv invitation, state string) {
	key := "appels.note"
	at := t.At
	if state == inviteeToCall {
		inv.Calls++
		key = "appels.plus-tard"
		at = t.bot.Settings.Hours.after(t.Now.AddDate(0, 0, 1), inv.campaign.Place)
		if inv.invitee.State == inviteeCallback {
			state = inviteeCallback // who asked for it stays first
		}
		if inv.Calls >= mostCalls {
			state, key = inviteeMissed, "appels.injoignable"
		}
	}
	t.mark(inv, state)
	t.saveInvitee(inv.campaign, inv.invitee, at)
	p, _ := load[Person](t, inv.Person)
	if a := p.On("sms"); a != "" && (state == inviteeNo || state == inviteeFailed) {
		t.refuse(a, state == inviteeFailed)
	}
	t.Reply(key, t.callArgs(inv))
}
