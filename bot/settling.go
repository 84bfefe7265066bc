package bot

import (
	"slices"
	"strings"

	"passeur/intents"
)

// What who asked does with the answers: one is the right one and becomes a card, thanks, or others are asked; or she does not ask any more.

// hers is the question that an order of who asked it is about; it answers when there is none.
func (t *Turn) hers() (q inquiry, ok bool) {
	t.known()
	q, ok = t.inquiryMeant()
	switch {
	case !ok:
		t.Reply("question.laquelle", nil)
	case !t.standsFor(q.Owner):
		ok = false
		t.Reply("question.pas-a-vous", Args{"n": q.id})
	}
	return q, ok
}

// hersOpen is hers, if it is not settled; it answers when it is.
func (t *Turn) hersOpen() (q inquiry, ok bool) {
	if q, ok = t.hers(); ok && q.over() {
		t.replyIn(q, "question.close", Args{"n": q.id})
		return q, false
	}
	return q, ok
}

// answerMeant is the answer that an order speaks of: the one of its number, in the thread of the question, where no other number is said; else the last.
// -1: there is none.
func (t *Turn) answerMeant(q inquiry) int {
	o, _ := intents.ReadInquiry(t.Text)
	if _, here := t.inquiryThread(); here && o.Number > len(q.Answers) {
		return -1
	} else if here && o.Number > 0 {
		return o.Number - 1
	}
	return len(q.Answers) - 1
}

// acceptAnswer: an answer is the right one. It is thanked, and becomes a card.
func acceptAnswer(t *Turn) {
	q, ok := t.hers()
	if !ok {
		return
	}
	if _, here := t.inquiryThread(); !here && len(q.answerers()) > 1 && q.State == inquiryAnswered {
		t.askWhichAnswer(q)
		return
	}
	t.accept(q, t.answerMeant(q))
}

// accept takes the answer of an index for the right one.
func (t *Turn) accept(q inquiry, n int) {
	if n < 0 || n >= len(q.Answers) || q.over() {
		t.noSuchAnswer(q)
		return
	}
	t.closeOffer(q)
	q.State, q.Accepted = inquiryAccepted, n+1
	a := q.Answers[n]
	t.sways(q, a.Peer, swayAccepted)
	t.countInquiry(t.askerPlace(q), inquiryAccepted)
	card := t.makeCard(q, a.Peer, q.answerOf(n))
	t.settled(q)
	author, _ := load[Person](t, a.Peer)
	t.replyIn(q, "question.acceptee", Args{"nom": author.Name, "fiche": card.id})
	if i := q.askOf(a.Peer); i >= 0 {
		t.tellPeer(q, q.Asks[i], "question.merci-fiche", t.cardArgs(card, author.Language).with("nom", t.Me.Name), t.cardChoices(card, author.Language)...)
	}
	t.saveInquiry(q)
}

// askWhichAnswer asks which answer is the right one, outside the thread in which their numbers are theirs.
func (t *Turn) askWhichAnswer(q inquiry) {
	t.Chat.close()
	t.step(stepAccept, map[string]string{})
	t.Chat.Target = q.about()
	var lines []string
	var choices []Choice
	for i, a := range q.Answers {
		author, _ := load[Person](t, a.Peer)
		lines = append(lines, t.say("question.reponse-ligne", Args{"rang": number(i + 1), "nom": author.Name, "texte": plainWords.Replace(cutAt(oneLine(a.Text), 80))}))
		t.Chat.Choices = append(t.Chat.Choices, number(i))
		choices = append(choices, t.offered(number(i+1), "bouton.la-reponse", Args{"rang": number(i + 1)}))
	}
	t.Offer("question.laquelle-reponse", t.inquiryArgs(q).with("liste", strings.Join(lines, "\n")), choices...)
}

// acceptChosen takes the answer that was chosen off the list, by its rank: "2", "ça répond 2".
func (t *Turn) acceptChosen() {
	q, ok := t.inquiryOf(t.Chat.Target)
	rank := t.Read.Choice
	if o, said := intents.ReadInquiry(t.Text); said && o.Act == intents.CaRepond {
		rank = o.Number
	}
	if !ok || rank < 1 || rank > len(t.Chat.Choices) {
		t.Reply("lequel.hors-liste", Args{"n": number(len(t.Chat.Choices))})
		return
	}
	t.accept(q, rank-1)
}

// noSuchAnswer says that there is none, none of that number, or that the question is settled.
func (t *Turn) noSuchAnswer(q inquiry) {
	key := "question.sans-reponse"
	switch {
	case q.State == inquiryAccepted:
		key = "question.deja-acceptee"
	case q.over():
		key = "question.close"
	case len(q.Answers) > 0:
		key = "question.pas-cette-reponse"
	}
	t.replyIn(q, key, Args{"combien": number(len(q.Answers)), "n": q.id})
}

// answerOf is all that who gave an answer had said up to it.
func (q *Inquiry) answerOf(n int) string {
	var said []string
	for _, a := range q.Answers[:n+1] {
		if a.Peer == q.Answers[n].Peer {
			said = append(said, a.Text)
		}
	}
	return strings.Join(said, "\n")
}

// sways notes what became of a colleague's answer.
func (t *Turn) sways(q inquiry, peer string, s sway) {
	if i := q.askOf(peer); i < 0 || q.Asks[i].Ring == RingUp {
		return
	}
	p := t.peer(peer)
	p.learn(q.Themes, s, t.At)
	t.savePeer(peer, p)
}

// settled ends the waiting of all who were asked.
func (t *Turn) settled(q inquiry) {
	t.Drop(q.waiting())
	for _, a := range q.Asks {
		p := t.peer(a.Peer)
		if slices.Contains(p.Open, q.id) {
			p.Open = without(p.Open, q.id)
			t.savePeer(a.Peer, p)
		}
	}
}

// longestThanks is how many words thanks have, at most: what has more says something.
const longestThanks = 4

// thank passes thanks on: of who asks, to who answered last, of whom they say something. Thanks are no answer, and no part of a question; what says more is
// words like others.
func thank(t *Turn) {
	t.known()
	q, _ := t.inquiryThread()
	words := Args{"nom": t.Me.Name, "texte": cite(t.Text)}
	switch n := len(q.Answers); {
	case len(strings.Fields(t.Text)) > longestThanks || q.State == inquiryWithdrawn || len(t.identitiesFor(q, t.Text)) > 0:
		speakInInquiry(t)
	case !t.standsFor(q.Owner):
		t.tellAsker(q, "question.ajout", words)
	case n == 0:
		for _, a := range q.Asks {
			if a.State != AskPassed {
				t.tellPeer(q, a, "question.ajout", words)
			}
		}
	default:
		t.thankAnswer(q, n-1)
	}
}

// thankAnswer thanks for one of the answers, once.
func (t *Turn) thankAnswer(q inquiry, n int) {
	peer := q.Answers[n].Peer
	if i := q.askOf(peer); i >= 0 && !q.Answers[n].Thanked {
		t.sways(q, peer, swayThanked)
		t.tellPeer(q, q.Asks[i], "question.merci", Args{"nom": t.Me.Name})
	}
	q.Answers[n].Thanked = true
	t.saveInquiry(q)
	author, _ := load[Person](t, peer)
	key := "question.remerciee"
	if q.over() {
		key = "question.remerciee.fiche"
	}
	t.replyIn(q, key, Args{"nom": author.Name}, t.answerChoices(q, t.Me.Language)...)
}

// noHelp: an answer does not help; others are asked, further away.
func noHelp(t *Turn) {
	q, ok := t.hers()
	if !ok {
		return
	}
	n := t.answerMeant(q)
	if n < 0 || q.over() {
		t.noSuchAnswer(q)
		return
	}
	t.closeOffer(q)
	if !q.Answers[n].NoHelp {
		q.Answers[n].NoHelp = true
		t.sways(q, q.Answers[n].Peer, swayNoHelp)
	}
	t.further(q)
}

// further has more colleagues asked, in the next ring, unless some are being asked now.
func (t *Turn) further(q inquiry) {
	if q.State != inquiryAnswered && !q.Alone && t.At.Before(q.Due) { // whoever is waited for: it would tell who passed
		t.replyIn(q, "question.deja-demandee", t.inquiryArgs(q))
		t.saveInquiry(q)
		return
	}
	q.State, q.Tells = inquiryOpen, tellsFurther
	q.Widen()
	t.wake(q, t.At)
	t.saveInquiry(q)
}

// askFurther: she wants more colleagues asked.
func askFurther(t *Turn) {
	if q, ok := t.hersOpen(); ok {
		t.further(q)
	}
}

// withdrawInquiry: she does not ask any more.
func withdrawInquiry(t *Turn) {
	if q, ok := t.hersOpen(); ok {
		t.closeOffer(q)
		t.endInquiry(q)
		t.replyIn(q, "question.retiree", Args{"n": q.id})
	}
}

// endInquiry ends a question; those who were asked see it on their posts.
func (t *Turn) endInquiry(q inquiry) {
	q.State = inquiryWithdrawn
	t.countInquiry(t.askerPlace(q), inquiryWithdrawn)
	t.settled(q)
	t.inChannel(q, "question.canal-retiree", nil)
	t.saveInquiry(q)
}
