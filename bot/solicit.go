package bot

import (
	"time"

	"passeur/intents"
)

// Colleagues are asked, in rings that grow, until somebody answers: each question has an hour until which it waits, and who asks always knows which.

// Intents of a question's own clock.
const (
	waitIntent intents.Intent = "attente-question" // its time is over
)

// takenWait is how much working time who said that she answers has.
const takenWait = 2 * time.Hour

// retryEvery is how much working time goes by, where there is nobody to ask, until it is tried again.
const retryEvery = 2 * time.Hour

// lastTry is how much working time after it was asked a question of which nobody ever heard is given up.
const lastTry = 24 * time.Hour

// lastWait is how much working time coordinators have before who asks is told that nobody answered.
const lastWait = 16 * time.Hour

// reach asks those who should be asked now, in wider rings where nearer ones have nobody, and returns how many they are.
func (t *Turn) reach(q inquiry) (asked int) {
	for {
		for _, pick := range q.Next(t.askables(q), t.At) {
			if t.solicit(q, pick) {
				asked++
			}
		}
		if asked > 0 || q.waited() > 0 || !q.Widen(t.peer, t.At) {
			return asked
		}
	}
}

// solicit asks one colleague, if what is known of her now still lets her be asked.
func (t *Turn) solicit(q inquiry, pick Pick) bool {
	who, known := load[Person](t, pick.ID)
	pick.Peer = t.peer(pick.ID)
	if !known || !who.Role.IsPro() {
		t.bot.colleagues.forget(pick.ID)
		return false
	}
	if !pick.askable(q.Themes, t.At) || !q.Ask(pick, t.At) {
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
	if who.first() == "" || a.Post != "" && a.Shown == state {
		return
	}
	due := Args{"jusque": q.Due.In(t.bot.Zone(homeOf(who))).Format(time.RFC3339), placeArg: homeOf(who)}
	m := &Message{Key: "question.demande", About: q.about(), Choices: t.askChoices(q, state, who.Language), Args: Args{"nom": asker.Name, "texte": cite(q.Text), "n": q.id,
		"themes": t.themeNames(who.Language, q.Themes), "etat": t.sayIn(who.Language, "question.etat."+state, due) + t.inPublic(q, who.Language)}}
	task := Task{To: a.Peer, Network: who.first().Network(), Lane: Reply, Purpose: ForNews, Place: homeOf(who), At: t.At, NotAfter: q.Due, Message: m}
	if a.Post != "" && t.At.Sub(a.At) < threadLife {
		m.Replaces, task.NotAfter = a.Post, time.Time{}
	}
	a.Post, a.Shown = t.write(task), state
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
	}
	return shownOpen
}

// askChoices are the buttons of an ask.
func (t *Turn) askChoices(q inquiry, state, language string) []Choice {
	answer := t.shortcutIn(language, "je réponds "+q.id, "bouton.je-reponds")
	leave := []Choice{t.shortcutIn(language, "pas moi "+q.id, "bouton.pas-moi"), t.shortcutIn(language, "quelqu'un d'autre "+q.id, "bouton.autre-collegue")}
	switch state {
	case shownOpen, shownUp:
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

// wait plans when a question goes on if nobody answers until then.
func (t *Turn) wait(q inquiry, due time.Time) {
	q.Due = due
	q.Waits++
	t.Drop(q.waiting())
	t.write(Task{Key: q.waiting() + "/" + number(q.Waits), Group: q.waiting(), Subject: q.Owner, Lane: Reply, Place: t.askerPlace(q), At: due, Intent: waitIntent,
		Args: Args{"question": q.id, "attente": number(q.Waits)}})
}

// waiting is the group of the clock of a question.
func (q inquiry) waiting() string { return q.about() + "/attente" }

// later is the moment at which so much working time of who asks has gone by.
func (t *Turn) later(q inquiry, spell time.Duration) time.Time {
	return t.bot.workTime(t.At, spell, t.askerPlace(q))
}

// proceed asks whoever should be asked now, and tells how things stand: the last word of a text's key, and its arguments.
func (t *Turn) proceed(q inquiry) (key string, args Args) {
	if begins := t.later(q, 0); begins.After(t.At) {
		t.wait(q, begins)
		return "a-l-ouverture", t.inquiryArgs(q)
	}
	q.Alone = false
	if t.reach(q) > 0 || q.waited() > 0 {
		t.wait(q, t.later(q, q.Wait()))
		return "collegues", t.inquiryArgs(q)
	}
	return t.goUp(q)
}

// goUp tells the coordinators of who asks, who answer or name somebody. Where there are none, another hour may find somebody.
func (t *Turn) goUp(q inquiry) (key string, args Args) {
	q.Due = t.later(q, lastWait)
	if heard := q.State == inquiryUp || t.tellUp(q); heard {
		q.State = inquiryUp
		t.wait(q, q.Due)
		if q.Up {
			return "accueil", t.inquiryArgs(q)
		}
		return "coordination", t.inquiryArgs(q)
	}
	q.Ring, q.Alone = RingTerritory, true
	t.wait(q, t.later(q, retryEvery))
	return "personne", t.inquiryArgs(q)
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
		q.Asks = append(q.Asks, Ask{Peer: id, Ring: RingUp, At: t.At, State: AskOpen})
	case q.Asks[i].State == AskPassed:
		return false
	default: // as a colleague she was asked already
		q.Asks[i].Ring, q.Asks[i].State = RingUp, AskOpen
		t.tellPeer(q, q.Asks[i], "question.a-la-coordination", t.inquiryArgs(q))
	}
	p := t.peer(id)
	p.Open = append(without(p.Open, q.id), q.id)
	t.savePeer(id, p)
	return true
}

// inquiryArgs are what all texts about a question may use.
func (t *Turn) inquiryArgs(q inquiry) Args {
	return Args{"n": q.id, "texte": quote(q.Text), "combien": number(q.waited()), "jusque": q.Due.Format(time.RFC3339), "fin": t.givesUp(q).Format(time.RFC3339),
		placeArg: t.askerPlace(q)}
}

// givesUp is when a question of which nobody heard is given up.
func (t *Turn) givesUp(q inquiry) time.Time { return t.bot.workTime(q.Asked, lastTry, t.askerPlace(q)) }

// waitOver: nobody answered in time. The question goes on to the next ring, to the coordinators, and at last who asks is told that nobody did.
func waitOver(t *Turn) {
	q, ok := t.inquiry(t.Values["question"])
	if !ok || q.State != inquiryOpen && q.State != inquiryUp || t.Values["attente"] != number(q.Waits) {
		return
	}
	if asker, _ := load[Person](t, q.Owner); asker.Role == Anyone {
		t.endInquiry(q)
		return
	}
	text, args := t.goesOn(q)
	for _, a := range q.Asks {
		t.savePeer(a.Peer, t.peer(a.Peer))
	}
	if text != "" {
		t.tellAsker(q, text, args)
	}
	t.saveInquiry(q)
}

// goesOn is what a question does whose time is over, and the text that tells it; "" it was told already.
func (t *Turn) goesOn(q inquiry) (text string, args Args) {
	if q.State == inquiryUp || !t.At.Before(t.givesUp(q)) {
		q.State = inquiryUp
		return "question.suite.rien", t.inquiryArgs(q)
	}
	alone, begun := q.Alone, len(q.Asks) > 0
	key := ""
	if begun && !alone && !q.Widen(t.peer, t.At) {
		key, args = t.goUp(q)
	} else {
		key, args = t.proceed(q)
	}
	switch {
	case q.Alone && alone:
		return "", nil
	case begun:
		return "question.suite." + key, args
	}
	return "question.ouverture." + key, args
}

// tellAsker tells who asks something in the thread of her question.
func (t *Turn) tellAsker(q inquiry, key string, args Args, beside ...Choice) {
	who, _ := load[Person](t, q.Owner)
	if who.first() == "" {
		return
	}
	t.write(Task{To: q.Owner, Network: who.first().Network(), Lane: Reply, Purpose: ForNews, Place: args[placeArg], At: t.At,
		Message: &Message{Key: key, Args: args, About: q.about(), Thread: q.Post, Choices: beside}})
}

// inChannel says something below the post that was marked, if the question comes from one.
func (t *Turn) inChannel(q inquiry, key string, args Args) {
	if q.Channel == "" {
		return
	}
	t.write(Task{To: string(q.Channel), Network: q.Channel.Network(), Lane: Reply, Purpose: ForNews, Place: args[placeArg], At: t.At,
		Message: &Message{Key: key, Args: args, ReplyTo: q.Root}})
}
