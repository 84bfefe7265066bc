package bot

import (
	"slices"
	"strconv"
	"strings"

	"passeur/intents"
)

// What a text means: the open question that it may answer, what cannot be meant now, and what to do when it is not sure. The reading itself is
// that of package intents.

// understand fills in what the event means, unless the network knew.
func (t *Turn) understand() {
	if t.Role == Usager && t.Intent != BlockedIntent && t.Intent != OptOutIntent {
		t.reopen()
		t.slashed()
	}
	t.Read = intents.Reading{Intent: t.Intent, Confidence: 1}
	if t.Chat == nil || t.Intent != "" {
		return
	}
	if t.Chat.Topic != "" && t.At.Sub(t.Chat.Asked) > openFor(t.Chat.Topic) {
		t.Chat.close()
		t.expired = true
	}
	if t.Role == Usager {
		t.Chat.Wrote = t.At
	}
	t.dropOther()
	t.Text = t.chosen(t.Text)
	context := t.readingContext()
	t.Read = t.bot.Reader.Read(t.Text, context)
	t.readsUnnamed(context)
	if len(t.Files) > 0 && t.Role.IsPro() && t.subject() == "" {
		t.Read = intents.Reading{Intent: fileIntent, Confidence: 1}
	}
	if t.wholeReferral() {
		t.Read.Urgent, t.Read.Distress, t.Read.Worrying = false, false, false
	}
	if note, yes := intents.Acknowledges(t.Text); note && t.saidNo() { // "ok merci" behind a no is no yes
		t.Read.Intent, t.Read.Decision = intents.Merci, intents.Act
		if yes {
			t.Read.Intent = intents.Inconnu
		}
	}
	if t.toSigner = t.toBroadcast(); !t.toSigner {
		t.answersInvited()
	}
	t.doubt()
	t.answersTimes()
	t.answersMeaning()
	if n, ok := bareNumber(t.Text); ok && topics[t.topic()] == answerChoice {
		t.Read.Intent, t.Read.Choice = intents.Choix, n // a number is a choice, be it off the list
	}
	t.answersOpinion()
	if t.subject() != "" && t.topic() == "" && !intents.Command(t.Text) {
		t.Read.Intent = intents.Inconnu // words for her, whatever they speak of
	}
	t.readsKept()
	t.readInThread()
	t.answersElsewhere()
	if t.answersTitle() {
		t.Read.Intent = intents.Inconnu // any words are a title
	}
	if t.tellsNext() {
		t.Read.Intent = intents.Activite
	} else if t.answersField() {
		t.Read.Intent = fieldIntent
	}
}

// dropOther closes the open question when an usager pressed a button that is about something else.
func (t *Turn) dropOther() {
	if t.Role == Usager && t.About != "" && (t.topic() != topicMissed || t.About != "rdv/"+t.Chat.Target) {
		t.Chat.close()
	}
}

// saidNo tells that what this usager answered last, to which nothing was asked since, was a no or that she be called.
func (t *Turn) saidNo() bool {
	if t.Role != Usager || t.topic() != "" || t.talking() {
		return false
	}
	if inv, ok := t.invited(); ok && t.Chat.askedLast(inv.invitee.about(inv.campaign)) {
		return inv.invitee.State == inviteeNo || inv.invitee.State == inviteeCallback
	}
	if o, ok := t.talkedOccasion(); ok {
		r, _ := load[RSVP](t, rsvpID(o, t.guestHere(o)))
		return r.State == isDeclined && len(t.askedOccasions()) == 0 && len(t.askedRdvs()) == 0
	}
	m, ok := t.meant()
	return ok && m.State == cancelled && m.By == "usager" && !m.over(t.Now)
}

// doubt settles what to do about a text that was not surely understood: offer what it may mean, once, or have a person read it.
func (t *Turn) doubt() {
	switch t.Read.Decision {
	case intents.Ask:
		_, answers := t.broadcastMeant() // her counsellor reads what she says of it
		if found := t.meanings(); t.topic() != "" || t.talking() || t.asksInvited() || answers || t.Read.Worrying || len(found) == 0 {
			t.Read.Intent = intents.Inconnu
		} else {
			t.Read.Intent, t.found = meaningIntent, found
		}
	case intents.Reject:
		t.guess, t.Read.Intent = t.Read.Intent, intents.Inconnu
	}
}

// readingContext is what the reader of a text must know of the moment.
func (t *Turn) readingContext() intents.Context {
	c := intents.Context{Pro: t.Role.IsPro(), Never: t.never(), Languages: t.bot.spoken}
	switch open := topics[t.topic()]; {
	case open == answerChoice:
		c.Open, c.Choices = string(open), len(t.Chat.Choices)
	case open != "":
		c.Open = string(open)
	case t.asksInvited():
		c.Open, c.Choices = string(answerChoice), inviteNo
	case t.topic() == "" && t.Role == Usager && !t.talking() && (len(t.rdvs()) > 0 || t.oneOccasion() || t.severalMeant()):
		c.Open, c.Choices = string(answerRdv), 3
	}
	return c
}

// bareNumber is the number that a text is, if it is nothing else.
func bareNumber(text string) (n int, ok bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	return n, err == nil
}

// choice is the one that was picked from what was numbered; false when it was none of them.
func (t *Turn) choice() (id string, ok bool) {
	n := t.Read.Choice
	if n < 1 || n > len(t.Chat.Choices) {
		return "", false
	}
	return t.Chat.Choices[n-1], true
}

// answersMeaning reads what answers, or answers no more, the question what her words mean. A yes means the only thing that was offered; beside
// several it means nothing. A number that comes when the list is closed would mean another thing than she read: a person reads it.
func (t *Turn) answersMeaning() {
	_, isNumber := bareNumber(t.Text)
	switch yes := t.Read.Intent == intents.Oui || t.Read.Intent == intents.Confirmer; {
	case t.topic() != topicMeaning:
		if t.Role == Usager && t.Chat.Listed && isNumber {
			t.Read.Intent = intents.Inconnu
		}
	case yes && intents.BareYes(t.Text):
		t.Read.Intent, t.Read.Choice = intents.Choix, 0
		if len(t.Chat.Choices) == 1 {
			t.Read.Choice = 1
		}
	case t.Role == Usager && t.Read.Intent == intents.Non:
		t.Read.Intent = intents.Inconnu
	}
}

// never are the intents that cannot be meant in the present state, as the rules table has it: without an appointment there is
// nothing to confirm.
func (t *Turn) never() (out []intents.Intent) {
	for _, i := range t.bot.bound[t.Role.voice()] {
		if !t.possible(i) {
			out = append(out, i)
		}
	}
	return out
}

// possible tells whether a rule of her own would take an intent in the present state.
func (t *Turn) possible(i intents.Intent) bool {
	read := t.Read
	defer func() { t.Read = read }()
	t.Read = intents.Reading{Intent: i}
	return slices.ContainsFunc(t.bot.rules, func(r Rule) bool { return len(r.On) > 0 && r.From != Anyone && r.fits(t) })
}

// boundIntents are the intents of each role that mean something in some states only: every rule that takes them has an About.
func boundIntents(table []Rule) map[Role][]intents.Intent {
	free := map[Role]map[intents.Intent]bool{}
	for _, r := range table {
		for _, i := range r.On {
			if free[r.From.voice()] == nil {
				free[r.From.voice()] = map[intents.Intent]bool{}
			}
			free[r.From.voice()][i] = free[r.From.voice()][i] || r.About == ""
		}
	}
	bound := map[Role][]intents.Intent{}
	for role, of := range free {
		for i, is := range of {
			if !is {
				bound[role] = append(bound[role], i)
			}
		}
	}
	return bound
}
