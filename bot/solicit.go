package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Colleagues are asked, in rings that grow, until somebody answers: each question has an hour until which it waits, and who asks always knows which. It is
// looked at by wake-ups alone, so that nobody is asked by an event that is heard late; what happens to it (a pass, a wish for more) only has it looked at
// again. Who asks is told at the hour that she was told, and not before: she would learn who passed. Only that
// somebody was found where there had been nobody is told at once.

// Intents of a question's own clock.
const (
	waitIntent intents.Intent = "attente-question" // it is to be looked at
)

// How much working time is waited for whom.
const (
	takenWait  = 2 * time.Hour  // who said that she answers
	lastWait   = 16 * time.Hour // coordinators, before who asks is told that nobody answered
	retryEvery = RingWait       // where there is nobody to ask, until it is tried again
	lastTry    = 24 * time.Hour // until a question of which nobody ever heard is given up
)

// mostAsks is how many colleagues one question is put to, at most.
const mostAsks = 40

// tellsOf are the first words, behind "question.", of the keys of texts that tell who asks how things stand.
const (
	tellsPosted  = "posee"
	tellsOpened  = "ouverture" // it waited for an hour, or for somebody
	tellsFurther = "plus-loin" // she wanted more asked
	tellsOver    = "suite"     // an hour is over
)

// look is a question's clock: those whose time is over are waited for no longer, others are asked, and who asks is told if it is time to.
func look(t *Turn) {
	q, ok := t.inquiry(t.Values["question"])
	if !ok || q.over() || t.Values["attente"] != number(q.Waits) {
		return
	}
	asker, _ := load[Person](t, q.Owner)
	switch {
	case asker.Role == Anyone:
		t.endInquiry(q)
		return
	case q.State == inquiryAnswered:
		t.tellAsker(q, "question.alors", t.inquiryArgs(q), t.answerChoices(q, asker.Language)...)
		return
	}
	tells := q.Tells
	if tells == "" && !t.At.Before(q.Due) {
		tells = tellsOver
	}
	word := t.moveOn(q)
	t.tellState(q, cmp.Or(tells, q.Tells), word) // that somebody was found at last is told at once
	t.saveInquiry(q)
}

// tellState tells who asks how things stand, unless there is nothing to tell.
func (t *Turn) tellState(q inquiry, tells, word string) {
	if tells == "" {
		return
	}
	q.Tells, q.Announced = "", len(q.Asks)
	if word == "a-l-ouverture" {
		q.Tells = tellsOpened
	}
	args := t.inquiryArgs(q).with("themes", t.askerThemes(q))
	if tells == tellsPosted {
		q.Post = t.tellAskerIn(q, &Message{Key: "question." + tells + "." + word, Args: args, Replaces: q.Post})
		t.inChannel(q, "question.canal."+word, args)
		return
	}
	t.tellAsker(q, "question."+tells+"."+word, args)
}

func (t *Turn) askerThemes(q inquiry) string {
	asker, _ := load[Person](t, q.Owner)
	return t.themeNames(asker.Language, q.Themes)
}

// moveOn does with a question what is to be done at this hour, and says in a word how it stands then.
func (t *Turn) moveOn(q inquiry) (word string) {
	switch {
	case q.State == inquiryUp && t.At.Before(q.UpUntil):
		t.promise(q, q.UpUntil)
		t.wake(q, q.UpUntil)
		return q.upWord()
	case q.State == inquiryUp, !t.At.Before(t.givesUp(q)):
		q.State, q.Due = inquiryUp, t.At
		return "rien"
	}
	if begins := t.later(q, 0); begins.After(t.At) {
		t.promise(q, begins)
		t.wake(q, begins)
		return "a-l-ouverture"
	}
	return t.goAsk(q)
}

// promise sets the hour at which who asks hears again. One that she was told stands until then.
func (t *Turn) promise(q inquiry, at time.Time) {
	if q.Tells != "" || !t.At.Before(q.Due) {
		q.Due = at
	}
}

// goAsk asks whoever should be asked now.
func (t *Turn) goAsk(q inquiry) (word string) {
	more := true
	if q.Expire(t.peer, t.At) && q.Waited() == 0 {
		more = q.Widen()
	}
	t.savePeers(q)
	if more && (t.reach(q) > 0 || q.Waited() > 0) {
		if q.Alone {
			q.Alone, q.Tells = false, tellsOpened
		}
		t.wake(q, q.nextDue())
		t.promise(q, q.lastDue())
		return "collegues"
	}
	return t.goUp(q)
}

// goUp tells the coordinators of who asks, who answer or name somebody. Where there are none, another hour may find somebody.
func (t *Turn) goUp(q inquiry) (word string) {
	if t.tellUp(q) {
		q.State, q.UpUntil = inquiryUp, t.later(q, lastWait)
		t.promise(q, q.UpUntil)
		t.wake(q, q.Due)
		return q.upWord()
	}
	if !q.Alone && t.At.Before(q.Due) && q.Tells == "" {
		t.wake(q, q.Due)
		return "personne"
	}
	q.Ring, q.Alone, q.Due = RingTerritory, true, t.givesUp(q)
	t.wake(q, t.later(q, retryEvery))
	return "personne"
}

// upWord says who has a question that went up.
func (q inquiry) upWord() string {
	if q.Up {
		return "accueil"
	}
	return "coordination"
}

// savePeers writes what is known of all who were asked.
func (t *Turn) savePeers(q inquiry) {
	for _, a := range q.Asks {
		t.savePeer(a.Peer, t.peer(a.Peer))
	}
}

// reach asks those who should be asked now, in wider rings where nearer ones have nobody, and returns how many they are.
func (t *Turn) reach(q inquiry) (asked int) {
	t.bot.colleagues.refresh(t)
	for len(q.Asks) < mostAsks {
		picks := q.Next(t.askables(q), t.At)
		from := len(q.Asks)
		for _, pick := range picks {
			if t.solicit(q, pick) {
				asked++
			}
		}
		due := t.later(q, q.Wait(from))
		for i := from; i < len(q.Asks); i++ {
			q.Asks[i].Due = due
		}
		switch {
		case asked > 0:
			return asked
		case len(picks) > 0: // they are not what they were: there may be others
		case q.Waited() > 0 || !q.Widen():
			return 0
		}
	}
	return asked
}

// solicit asks one colleague, if what is known of her now still lets her be asked.
func (t *Turn) solicit(q inquiry, pick Pick) bool {
	who, known := load[Person](t, pick.ID)
	pick.Peer = t.peer(pick.ID)
	if !known || !who.Role.IsPro() {
		t.bot.colleagues.forget(pick.ID)
		return false
	}
	clocks := wallClocks{bot: t.bot, at: t.At}
	if !clocks.atWork(who, pick.Peer) || !pick.askable(q.Themes, t.At) || !q.Ask(pick, t.At) {
		return false
	}
	pick.Peer.Open = append(pick.Peer.Open, q.id)
	t.savePeer(pick.ID, pick.Peer)
	return true
}

// postAsk writes the post of an ask, or brings it up to date: of one question a colleague gets one.
func (t *Turn) postAsk(q inquiry, i int) {
	a := &q.Asks[i]
	who, _ := load[Person](t, a.Peer)
	asker, _ := load[Person](t, q.Owner)
	state := q.shownTo(i)
	if who.first() == "" || a.Post != "" && a.Shown == state || a.Post == "" && q.over() {
		return
	}
	zone := t.bot.Zone(homeOf(who))
	due := Args{"jusque": a.Due.In(zone).Format(time.RFC3339), placeArg: homeOf(who)}
	m := &Message{Key: "question.demande", About: q.about(), Choices: t.askChoices(q, state, who.Language), Args: Args{"nom": asker.Name, "texte": cite(q.whole()), "n": q.id,
		"themes": t.themeNames(who.Language, q.Themes), "etat": t.sayIn(who.Language, "question.etat."+state, due) + t.inPublic(q, who.Language)}}
	task := Task{Key: askKey(q.id, a.Peer, q.Waits), To: a.Peer, Network: who.first().Network(), Lane: Reply, Purpose: ForNews, Place: homeOf(who), At: t.At, Message: m}
	if a.Post != "" && t.At.Sub(a.At) < threadLife {
		m.Replaces, task.Key = a.Post, ""
	} else if closes := t.bot.workHours(t.peer(a.Peer)).To.on(t.At.In(zone)); a.Ring != RingUp {
		task.NotAfter = minTime(a.Due, closes)
	}
	a.Post, a.Shown = t.write(task), state
}

// askKey is the key of the post that asks somebody a question.
func askKey(inquiry, person string, n int) string {
	return fmt.Sprintf("%s%s/%s/%d", askPrefix, inquiry, person, n)
}

const askPrefix = "ask/"

// unasked: a colleague was never reached: it is as if she had not been asked.
func (t *Turn) unasked(key string, fate Fate) {
	parts := strings.Split(strings.TrimPrefix(key, askPrefix), "/")
	q, ok := t.inquiry(parts[0])
	if !ok || len(parts) < 2 {
		return
	}
	i := q.askOf(parts[1])
	if i < 0 || q.Asks[i].Post != key || q.Asks[i].State != AskOpen && q.Asks[i].State != AskLate {
		return
	}
	p := t.peer(parts[1])
	p.unask(q.Asks[i])
	p.Open = without(p.Open, q.id)
	t.savePeer(parts[1], p)
	q.Asks = slices.Delete(q.Asks, i, i+1)
	if fate != Expired {
		q.Unreached = append(q.Unreached, parts[1])
	}
	if q.State == inquiryOpen {
		t.wake(q, t.At)
	}
	t.saveInquiry(q)
}

// inPublic tells that an answer is posted in a channel too.
func (t *Turn) inPublic(q inquiry, language string) string {
	if q.Channel == "" || q.over() {
		return ""
	}
	return "\n" + t.sayIn(language, "question.etat.canal", nil)
}

// What the post of an ask shows at its end, by the last words of a text's key.
const (
	shownOpen      = "attendue"
	shownTaken     = "prise" // by somebody else
	shownHers      = "a-vous"
	shownUp        = "coordination" // who reads coordinates
	shownGiven     = "la-votre"
	shownAnswered  = "repondue" // by somebody else
	shownPassed    = "passee"
	shownOver      = "finie"
	shownWithdrawn = "retiree"
	shownLate      = "encore" // her time is over, and nobody has answered
)

// shownTo is what the post of an ask shows.
func (q inquiry) shownTo(i int) string {
	switch {
	case q.State == inquiryWithdrawn:
		return shownWithdrawn
	case q.State == inquiryAccepted:
		return shownOver
	case q.Asks[i].State == AskPassed:
		return shownPassed
	case q.Asks[i].State == AskAnswered:
		return shownGiven
	case q.Asks[i].State == AskTaken:
		return shownHers
	case q.State == inquiryAnswered:
		return shownAnswered
	case q.takenBy() != "":
		return shownTaken
	case q.Asks[i].Ring == RingUp:
		return shownUp
	case q.Asks[i].State == AskLate:
		return shownLate
	}
	return shownOpen
}

// askChoices are the buttons of an ask.
func (t *Turn) askChoices(q inquiry, state, language string) []Choice {
	answer := t.shortcutIn(language, "je réponds "+q.id, "bouton.je-reponds")
	leave := []Choice{t.shortcutIn(language, "pas moi "+q.id, "bouton.pas-moi"), t.shortcutIn(language, "quelqu'un d'autre "+q.id, "bouton.autre-collegue")}
	switch state {
	case shownOpen, shownUp, shownLate:
		return append([]Choice{answer}, leave...)
	case shownHers:
		return leave
	case shownTaken, shownPassed:
		return []Choice{answer}
	}
	return nil
}

// takenBy is the colleague who said that she will answer; "" nobody.
func (q *Inquiry) takenBy() string {
	for _, a := range q.Asks {
		if a.State == AskTaken {
			return a.Peer
		}
	}
	return ""
}

// showAsks writes the posts of all who are asked, or brings them up to date.
func (t *Turn) showAsks(q inquiry) {
	for i := range q.Asks {
		t.postAsk(q, i)
	}
}

// wake has a question looked at, at a moment.
func (t *Turn) wake(q inquiry, at time.Time) {
	q.Waits++
	t.Drop(q.waiting())
	t.write(Task{Key: q.waiting() + "/" + number(q.Waits), Group: q.waiting(), Subject: q.Owner, Lane: Reply, Place: t.askerPlace(q), At: at, Intent: waitIntent,
		Args: Args{"question": q.id, "attente": number(q.Waits)}})
}

// waiting is the group of the clock of a question.
func (q inquiry) waiting() string { return q.about() + "/attente" }

// later is the moment at which so much working time of who asks has gone by.
func (t *Turn) later(q inquiry, spell time.Duration) time.Time {
	return t.bot.workTime(t.At, spell, t.askerPlace(q))
}

// tellUp tells all coordinators of who asks, else the desk; it tells whether anybody hears it.
func (t *Turn) tellUp(q inquiry) (heard bool) {
	for _, id := range t.coordinatorsOf(t.askerPlace(q)) {
		heard = t.solicitUp(q, id) || heard
	}
	if heard || q.Up {
		return heard || q.Up
	}
	asker, _ := load[Person](t, q.Owner)
	q.Up = t.tellDesk("", "question.accueil", t.inquiryArgs(q).with("nom", asker.Name))
	return q.Up
}

// solicitUp asks a coordinator: it is her part, whatever her budget.
func (t *Turn) solicitUp(q inquiry, id string) bool {
	who, known := load[Person](t, id)
	if id == q.Owner || !known || who.first() == "" || who.Leave.runs(t.Now.Format(dayLayout)) {
		return false
	}
	i := q.askOf(id)
	switch {
	case i < 0:
		q.Asks = append(q.Asks, Ask{Peer: id, Ring: RingUp, At: t.At, Due: t.later(q, lastWait), State: AskOpen})
	case q.Asks[i].State == AskPassed:
		return false
	default: // as a colleague she was asked already
		q.Asks[i].Ring, q.Asks[i].State, q.Asks[i].Due = RingUp, AskOpen, t.later(q, lastWait)
		t.tellPeer(q, q.Asks[i], "question.a-la-coordination", t.inquiryArgs(q))
	}
	p := t.peer(id)
	p.Open = append(without(p.Open, q.id), q.id)
	t.savePeer(id, p)
	return true
}

// inquiryArgs are what all texts about a question may use.
func (t *Turn) inquiryArgs(q inquiry) Args {
	return Args{"n": q.id, "texte": quote(q.Text), "combien": number(q.Waited()), "jusque": q.Due.Format(time.RFC3339), "fin": t.givesUp(q).Format(time.RFC3339),
		placeArg: t.askerPlace(q)}
}

// givesUp is when a question of which nobody heard is given up.
func (t *Turn) givesUp(q inquiry) time.Time { return t.bot.workTime(q.Asked, lastTry, t.askerPlace(q)) }

// tellAsker tells who asks something in the thread of her question.
func (t *Turn) tellAsker(q inquiry, key string, args Args, beside ...Choice) {
	t.tellAskerIn(q, &Message{Key: key, Args: args, Thread: q.Post, Choices: beside})
}

func (t *Turn) tellAskerIn(q inquiry, m *Message) (key string) {
	who, _ := load[Person](t, q.Owner)
	if who.first() == "" {
		return q.Post
	}
	m.About = q.about()
	return t.write(Task{To: q.Owner, Network: who.first().Network(), Lane: Reply, Purpose: ForNews, Place: m.Args[placeArg], At: t.At, Message: m})
}

// inChannel says something below the post that was marked, if the question comes from one.
func (t *Turn) inChannel(q inquiry, key string, args Args) {
	if q.Channel == "" {
		return
	}
	t.write(Task{To: string(q.Channel), Network: q.Channel.Network(), Lane: Reply, Purpose: ForNews, Place: args[placeArg], At: t.At,
		Message: &Message{Key: key, Args: args, ReplyTo: q.Root}})
}
