package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/mask"
)

// What a colleague who was asked does, and what comes of her answer.

// joins is the index of what she was asked of a question; a coordinator of who asks may take part in it unasked. -1: she may not.
func (t *Turn) joins(q inquiry) int {
	if i := q.askOf(t.MeID); i >= 0 || q.over() || t.standsFor(q.Owner) || !t.may(toSee, q.record(t.askerPlace(q))) {
		return i
	}
	q.Asks = append(q.Asks, Ask{Peer: t.MeID, Ring: RingUp, At: t.At, State: AskOpen})
	return len(q.Asks) - 1
}

// heardFrom notes what a colleague did, and what that tells of her.
func (t *Turn) heardFrom(q inquiry, i int, state AskState) *Peer {
	id := q.Asks[i].Peer
	p := t.peer(id)
	if q.Asks[i].State == AskAnswered || q.Asks[i].State == state { // what she did counts once
		return p
	}
	if q.Asks[i].Ring == RingUp {
		q.Asks[i].State = state // coordinators answer for all themes: nothing is learnt of that
	} else {
		q.Heard(i, state, p, t.At)
	}
	p.Open = without(p.Open, q.id)
	if state == AskTaken {
		p.Open = append(p.Open, q.id)
	}
	t.savePeer(id, p)
	return p
}

// takeInquiry: she will answer. Nobody else is asked meanwhile.
func takeInquiry(t *Turn) {
	q, i, ok := t.askedOf()
	if !ok {
		return
	}
	asker, _ := load[Person](t, q.Owner)
	if q.Asks[i].State == AskTaken || q.Asks[i].State == AskAnswered {
		t.replyIn(q, "question.a-vous", Args{"nom": asker.Name})
		return
	}
	t.closeOffer(q)
	t.heardFrom(q, i, AskTaken)
	q.Asks[i].Due = t.later(q, takenWait)
	q.Due = maxTime(q.Due, q.Asks[i].Due)
	t.wake(q, q.nextDue())
	t.replyIn(q, "question.a-vous", Args{"nom": asker.Name})
	t.tellAsker(q, "question.prise", t.inquiryArgs(q))
	t.saveInquiry(q)
}

// replyIn answers in the thread of a question, also to who wrote elsewhere.
func (t *Turn) replyIn(q inquiry, key string, args Args, choices ...Choice) {
	m := &Message{Key: key, Args: args, About: q.about(), Choices: choices}
	if t.ReplyTo == "" {
		m.Thread = q.Post
		if i := q.askOf(t.MeID); i >= 0 {
			m.Thread = q.Asks[i].Post
		}
	}
	t.answer(ForTalk, m)
}

// passInquiry: not her. Somebody else is asked at once, and nobody hears who passed.
func passInquiry(t *Turn) {
	q, i, ok := t.askedOf()
	if !ok {
		return
	}
	if q.Asks[i].State == AskAnswered {
		t.replyIn(q, "question.deja-repondu", nil)
		return
	}
	t.closeOffer(q)
	t.heardFrom(q, i, AskPassed)
	t.replyIn(q, "question.passee", nil)
	t.withoutHer(q)
}

// withoutHer goes on with a question that somebody passed: others are asked, and nobody is told why.
func (t *Turn) withoutHer(q inquiry) {
	if q.State == inquiryOpen {
		t.wake(q, t.At)
	}
	t.saveInquiry(q)
}

// nameColleague: she names somebody who may know, whom the router will remember.
func nameColleague(t *Turn) {
	q, _, ok := t.askedOf()
	if !ok {
		return
	}
	o, _ := intents.ReadInquiry(t.Text)
	if o.Rest == "" {
		t.openForm("relais", q.about(), nil)
		return
	}
	id, problem, args := t.colleagueIn(o.Rest)
	if problem != "" {
		t.replyIn(q, problem, args)
		return
	}
	t.passInquiryTo(q, id)
}

// askNamed is the field of the form "relais".
const askNamed = "collegue"

// handOnForm takes the colleague of the form.
func handOnForm(t *Turn, about string, values map[string]string) map[string]string {
	q, ok := t.inquiryOf(about)
	if !ok || t.joins(q) < 0 || q.over() {
		t.Reply("question.laquelle", nil)
		return nil
	}
	t.passInquiryTo(q, values[askNamed])
	return nil
}

// passInquiryTo asks a colleague whom another one named. That she was named is remembered, even if she cannot be asked now.
func (t *Turn) passInquiryTo(q inquiry, id string) {
	who, _ := load[Person](t, id)
	i := q.askOf(t.MeID)
	if id == q.Owner || id == t.MeID || who.Role == Anyone || i < 0 || q.Asks[i].Gave {
		t.replyIn(q, "question.relais-impossible", Args{"nom": who.Name})
		return
	}
	if q.Asks[i].State == AskOpen || q.Asks[i].State == AskLate || q.Asks[i].State == AskTaken {
		t.heardAside(q, i)
	}
	t.closeOffer(q)
	q.Asks[i].Gave = true
	if at := q.askOf(id); at < 0 || !q.Asks[at].Named {
		named := t.peer(id)
		named.learn(q.Themes, swayNamed, t.At)
		t.savePeer(id, named)
	}
	key := "question.relais-plus-tard"
	if q.askOf(id) >= 0 || t.askNow(q, id) {
		key = "question.relais"
	}
	t.replyIn(q, key, Args{"nom": who.Name})
	t.withoutHer(q)
}

// heardAside notes that she passed for a reason that says nothing of what she knows: she is not there, or somebody else knows better.
func (t *Turn) heardAside(q inquiry, i int) {
	p := t.peer(t.MeID)
	if was := q.Asks[i].State; q.Asks[i].Ring != RingUp && (was == AskOpen || was == AskLate) {
		p.heed(true, t.At)
	}
	q.Asks[i].State = AskPassed
	p.Open = without(p.Open, q.id)
	t.savePeer(t.MeID, p)
}

// askNow asks one colleague who was named, if she may be asked now.
func (t *Turn) askNow(q inquiry, id string) bool {
	who, _ := load[Person](t, id)
	asker, _ := load[Person](t, q.Owner)
	clocks := wallClocks{bot: t.bot, at: t.At}
	p := t.peer(id)
	c := Candidate{ID: id, Ring: ringOf(asker, who), Presence: t.bot.presence(who.first()), Free: t.occupied(id), Peer: p}
	if who.first() == "" || !clocks.atWork(who, p) || !c.askable(q.Themes, t.At) {
		return false
	}
	from := len(q.Asks)
	if from >= mostAsks || !t.solicit(q, c.weigh(q.Themes, t.At)) {
		return false
	}
	q.Asks[from].Named, q.Asks[from].Due = true, t.later(q, q.Wait(from))
	return true
}

// speakInInquiry takes words in the thread of a question.
func speakInInquiry(t *Turn) {
	t.known()
	q, _ := t.inquiryThread()
	switch {
	case strings.TrimSpace(t.Text) == "":
	case q.State == inquiryWithdrawn:
		t.Reply("question.close", Args{"n": q.id})
	case utf8.RuneCountInString(t.Text) > longestInquiry:
		t.Reply("question.longue", Args{"n": number(longestInquiry)})
	case q.askOf(t.MeID) >= 0 && q.Owner != t.MeID:
		t.tryAnswer(q, strings.TrimSpace(t.Text))
	default:
		t.tryToAdd(q, strings.TrimSpace(t.Text))
	}
}

// fewestOfAnswer is how many words an answer has, at least, that is not asked about.
const fewestOfAnswer = 3

// tryAnswer gives an answer on, unless something in it leads to a person, or it is so short, or so empty, that it may be none: then she is asked first. A question
// is none.
func (t *Turn) tryAnswer(q inquiry, text string) {
	found := t.identitiesFor(q, text)
	i := q.askOf(t.MeID)
	switch {
	case len(found) > 0:
		t.askToPass(q, stepAnswer, text, found)
	case intents.AsksBack(text):
		t.askBack(q, text)
	case i >= 0 && q.Asks[i].State != AskAnswered && (len(strings.Fields(text)) < fewestOfAnswer || intents.SaysNothing(text)):
		t.askWhetherAnswer(q, text)
	default:
		t.giveAnswer(q, text)
	}
}

// askBack gives a colleague's question to who asks: it is no answer, and others are waited for as before.
func (t *Turn) askBack(q inquiry, text string) {
	asker, _ := load[Person](t, q.Owner)
	t.closeOffer(q)
	if q.State == inquiryWithdrawn {
		t.Reply("question.close", Args{"n": q.id})
		return
	}
	q.AskedBack = !q.over()
	t.saveInquiry(q)
	t.tellAsker(q, "question.precision", Args{"nom": t.Me.Name, "texte": cite(text)})
	t.replyIn(q, "question.precision-demandee", Args{"nom": asker.Name})
}

// giveOrAskBack gives on what she let through: an answer, or a question.
func (t *Turn) giveOrAskBack(q inquiry, text string) {
	if intents.AsksBack(text) {
		t.askBack(q, text)
		return
	}
	t.giveAnswer(q, text)
}

// askWhetherAnswer asks whether some words are an answer to a question.
func (t *Turn) askWhetherAnswer(q inquiry, text string) {
	t.Chat.close()
	t.step(stepAnswer, map[string]string{"texte": text})
	t.Chat.Target = q.about()
	t.Offer("question.est-ce-reponse", Args{"n": q.id, "texte": cite(text)}, t.offered(yes, "bouton.transmettre-reponse", nil),
		t.shortcut("pas moi "+q.id, "bouton.pas-moi", nil), t.shortcut("je réponds "+q.id, "bouton.plus-tard", nil), t.offered(no, "bouton.non", nil))
}

// identitiesFor are those of a text, without the names of who asks, of who writes and of who answered: people greet each other. Behind a title such a name is
// somebody else's; and of whoever else was asked nothing may be told.
func (t *Turn) identitiesFor(q inquiry, text string) []mask.Identity {
	var known []string
	for _, id := range append([]string{q.Owner, t.MeID}, q.answerers()...) {
		p, _ := load[Person](t, id)
		known = append(known, strings.Fields(plain(p.Name))...)
	}
	return slices.DeleteFunc(t.identities(text), func(f mask.Identity) bool {
		others := slices.ContainsFunc(strings.Fields(plain(text[f.Start:f.End])), func(w string) bool { return !slices.Contains(known, w) })
		return f.Kind == mask.Name && !others && !mask.Titled(text, f.Start)
	})
}

// answerers are those who answered.
func (q *Inquiry) answerers() []string {
	var ids []string
	for _, a := range q.Answers {
		if !slices.Contains(ids, a.Peer) {
			ids = append(ids, a.Peer)
		}
	}
	return ids
}

// askToPass asks what becomes of what leads to a person in words for a colleague.
func (t *Turn) askToPass(q inquiry, step, text string, found []mask.Identity) {
	t.Chat.close()
	t.step(step, map[string]string{"texte": text})
	t.Chat.Target = q.about()
	t.offerMasked("question.mots-identites", "bouton.transmettre", text, found)
}

// giveAnswer gives a colleague's answer to who asks; nobody else needs to be waited for.
func (t *Turn) giveAnswer(q inquiry, text string) {
	i := q.askOf(t.MeID)
	asker, _ := load[Person](t, q.Owner)
	if asker.Role == Anyone && !q.over() {
		t.endInquiry(q)
	}
	if i < 0 || q.State == inquiryWithdrawn {
		t.Reply("question.close", Args{"n": q.id})
		return
	}
	if len(q.Answers) == 0 {
		t.countFirst(q)
	}
	t.heardFrom(q, i, AskAnswered)
	q.Answers = append(q.Answers, Answer{Peer: t.MeID, At: t.At, Text: text})
	if q.State == inquiryOpen || q.State == inquiryUp {
		q.State = inquiryAnswered
		t.wake(q, t.bot.nextMorning(t.At, t.askerPlace(q))) // by then she knows whether it helps
	}
	q.AskedBack = false
	key := "question.reponse"
	switch {
	case q.over():
		key = "question.ajout"
	case len(q.Answers) > 1:
		key = "question.reponse-encore"
	}
	args := Args{"nom": t.Me.Name, "texte": cite(text), "n": q.id, "rang": number(len(q.Answers))}
	t.tellAsker(q, key, args, t.answerChoices(q, asker.Language)...)
	t.inChannel(q, "question.canal-reponse", Args{"nom": t.Me.Name, "texte": cite(text)})
	t.replyIn(q, "question.transmise", Args{"nom": asker.Name})
	t.saveInquiry(q)
}

// answerChoices are the buttons below an answer.
func (t *Turn) answerChoices(q inquiry, language string) []Choice {
	if q.over() {
		return nil
	}
	n := number(len(q.Answers))
	return []Choice{t.shortcutIn(language, "ça répond "+n, "bouton.ca-repond"), t.shortcutIn(language, "ça ne répond pas "+n, "bouton.ne-repond-pas")}
}

// tryToAdd passes on what who asks adds, unless something in it leads to a person: then she is asked first.
func (t *Turn) tryToAdd(q inquiry, text string) {
	if found := t.identitiesFor(q, text); len(found) > 0 {
		t.askToPass(q, stepAddition, text, found)
		return
	}
	t.addToInquiry(q, text)
}

// addToInquiry passes on what who asks adds: to who answered last, else to all who are being asked.
func (t *Turn) addToInquiry(q inquiry, text string) {
	to := map[string]bool{}
	q.AskedBack = false
	if q.State == inquiryAnswered || q.State == inquiryAccepted {
		to[q.Answers[len(q.Answers)-1].Peer] = true
	} else {
		for _, a := range q.Asks {
			to[a.Peer] = a.State != AskPassed
		}
		q.Added = append(q.Added, text) // who is asked later reads it too
	}
	for _, a := range q.Asks {
		if to[a.Peer] {
			t.tellPeer(q, a, "question.ajout", Args{"nom": t.Me.Name, "texte": cite(text)})
		}
	}
	t.saveInquiry(q)
	t.replyIn(q, "question.ajoutee", nil) // the same, whoever is there to read it: it would tell who passed
}

// tellPeer tells something to a colleague in the thread of what she was asked.
func (t *Turn) tellPeer(q inquiry, a Ask, key string, args Args, beside ...Choice) {
	who, _ := load[Person](t, a.Peer)
	if who.first() == "" || a.Post == "" || who.Role == Anyone {
		return
	}
	t.write(Task{To: a.Peer, Network: who.first().Network(), Lane: Reply, Purpose: ForNews, At: t.whenAtWork(who, t.peer(a.Peer)),
		Message: &Message{Key: key, Args: args, About: q.about(), Thread: a.Post, Choices: beside}})
}
