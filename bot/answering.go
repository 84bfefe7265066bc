package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/mask"
)

// What a colleague who was asked does, and what comes of her answer. In the thread of a question words are for whom it is with: a colleague's are an answer,
// those of who asks go to who answered.

// inquiryThread is the question in whose thread a professional writes.
func (t *Turn) inquiryThread() (inquiry, bool) {
	if !t.Role.IsPro() || !strings.HasPrefix(t.About, inquiryAbout) {
		return inquiry{}, false
	}
	q, ok := t.inquiryOf(t.About)
	return q, ok && (t.standsFor(q.Owner) || q.askOf(t.MeID) >= 0)
}

// readInThread reads words in the thread of a question: what is said of the question itself is an order, and anything else is for whom it is with, whatever it
// speaks of.
func (t *Turn) readInThread() {
	q, here := t.inquiryThread()
	if !here || t.topic() != "" || len(strings.Fields(t.Text)) <= 2 && intents.Command(t.Text) { // "mes rdv", "aide": nobody answers so
		return
	}
	o, ok := intents.ReadInquiry(t.Text)
	if ok && o.InThread() && (o.Act != intents.AutreCollegue || t.namesColleague(o.Rest)) {
		return
	}
	said := intents.ReadAsked(t.Text)
	if t.standsFor(q.Owner) {
		said = intents.ReadAsker(t.Text)
	}
	switch {
	case said == intents.CaRepond || said == intents.NeRepondPas:
		t.Read.Intent = wordsIntent
		if q.State == inquiryAnswered {
			t.Read.Intent = verdictIntent
		}
	case said != "":
		t.Read.Intent = said
	case t.Read.Intent != intents.Merci:
		t.Read.Intent = wordsIntent
	}
}

// verdict: she says in passing whether an answer helps: one tap makes it sure, since it ends the question or has others asked.
func verdict(t *Turn) {
	t.known()
	q, _ := t.inquiryThread()
	t.replyIn(q, "question.alors", t.inquiryArgs(q), t.answerChoices(q, t.Me.Language)...)
}

// longestColleague is how many words the name of a colleague has, at most.
const longestColleague = 3

// namesColleague tells whether words behind "plutôt" and "demander à" are somebody's name, and not the beginning of an answer: "demander à la préfecture".
func (t *Turn) namesColleague(words string) bool {
	name := strings.TrimRight(words, " .!?")
	if name == "" || strings.HasPrefix(name, "@") {
		return true
	}
	if _, problem, _ := t.readColleague(Field{}, name); problem == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(name)
	return unicode.IsUpper(first) && len(strings.Fields(name)) <= longestColleague
}

// inquiryMeant is the question that an order is about: the one it names, that of its thread, or the only one that it can be about. In the thread of a question
// the number of an answer is none of a question.
func (t *Turn) inquiryMeant() (inquiry, bool) {
	here, inThread := t.inquiryThread()
	o, _ := intents.ReadInquiry(t.Text)
	ofAnswer := inThread && (o.Act == intents.CaRepond || o.Act == intents.NeRepondPas)
	if o.Number > 0 && !ofAnswer {
		q, ok := t.inquiry(number(o.Number))
		return q, ok && (q.askOf(t.MeID) >= 0 || t.may(toSee, q.record(t.askerPlace(q))))
	}
	if inThread {
		return here, true
	}
	all := t.openInquiries()
	if len(all) != 1 {
		return inquiry{}, false
	}
	return all[0], true
}

// openInquiries are the questions that she asked, or was asked, and that are not settled.
func (t *Turn) openInquiries() (all []inquiry) {
	if t.MeID == "" {
		return nil
	}
	for _, id := range t.peer(t.MeID).Open {
		if q, ok := t.inquiry(id); ok && !q.over() {
			all = append(all, q)
		}
	}
	for _, state := range []string{inquiryOpen, inquiryUp, inquiryAnswered} {
		for _, rec := range t.find(Query{Kind: "inquiry", Owner: t.MeID, State: state}) {
			if q, ok := t.inquiry(rec.ID); ok {
				all = append(all, q)
			}
		}
	}
	return all
}

// onlyAsked is the question that she was asked, if it is the only one that waits for her.
func (t *Turn) onlyAsked() (inquiry, bool) {
	if t.MeID == "" || len(t.peer(t.MeID).Open) != 1 {
		return inquiry{}, false
	}
	q, ok := t.inquiry(t.peer(t.MeID).Open[0])
	return q, ok && !q.over()
}

// askedOf is the question that an order of a colleague who was asked is about, and what was asked of her; it answers when there is none.
func (t *Turn) askedOf() (q inquiry, i int, ok bool) {
	t.known()
	if q, ok = t.inquiryMeant(); ok {
		i = t.joins(q)
	}
	switch {
	case !ok || i < 0:
		t.Reply("question.laquelle", nil)
		return q, -1, false
	case q.over():
		t.Reply("question.close", Args{"n": q.id})
		return q, i, false
	}
	return q, i, true
}

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
	id, problem, args := t.readColleague(Field{}, strings.TrimRight(o.Rest, " .!?"))
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
	q.Asks[i].State = AskPassed
	if q.Asks[i].Ring != RingUp {
		p.heed(true, t.At)
	}
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

// tryAnswer gives an answer on, unless something in it leads to a person, or it is so short that it may be none: then she is asked first.
func (t *Turn) tryAnswer(q inquiry, text string) {
	found := t.identitiesFor(q, text)
	i := q.askOf(t.MeID)
	switch {
	case len(found) > 0:
		t.askToPass(q, stepAnswer, text, found)
	case i >= 0 && q.Asks[i].State != AskAnswered && len(strings.Fields(text)) < fewestOfAnswer:
		t.askWhetherAnswer(q, text)
	default:
		t.giveAnswer(q, text)
	}
}

// askWhetherAnswer asks whether some words are an answer to a question.
func (t *Turn) askWhetherAnswer(q inquiry, text string) {
	t.Chat.close()
	t.step(stepAnswer, map[string]string{"texte": text})
	t.Chat.Target = q.about()
	t.Offer("question.est-ce-reponse", Args{"n": q.id, "texte": cite(text)}, t.offered(yes, "bouton.transmettre-reponse", nil), t.offered(no, "bouton.non", nil))
}

// identitiesFor are those of a text, without the names of who asks and of who answers: people greet each other.
func (t *Turn) identitiesFor(q inquiry, text string) []mask.Identity {
	var known []string
	for _, id := range append([]string{q.Owner, t.MeID}, q.peers()...) {
		p, _ := load[Person](t, id)
		known = append(known, strings.Fields(plain(p.Name))...)
	}
	return slices.DeleteFunc(t.identities(text), func(f mask.Identity) bool {
		return f.Kind == mask.Name && !slices.ContainsFunc(strings.Fields(plain(text[f.Start:f.End])), func(w string) bool { return !slices.Contains(known, w) })
	})
}

// peers are all who were asked.
func (q *Inquiry) peers() []string {
	var ids []string
	for _, a := range q.Asks {
		ids = append(ids, a.Peer)
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
	if q.State == inquiryAnswered || q.State == inquiryAccepted {
		to[q.Answers[len(q.Answers)-1].Peer] = true
	} else {
		for _, a := range q.Asks {
			to[a.Peer] = a.State != AskPassed
		}
		q.Text += "\n" + text // who is asked later reads it too
	}
	told := 0
	for _, a := range q.Asks {
		if to[a.Peer] {
			t.tellPeer(q, a, "question.ajout", Args{"nom": t.Me.Name, "texte": cite(text)})
			told++
		}
	}
	t.saveInquiry(q)
	key := "question.ajoutee"
	if told == 0 {
		key = "question.ajoutee-personne"
	}
	t.replyIn(q, key, nil)
}

// tellPeer tells something to a colleague in the thread of what she was asked.
func (t *Turn) tellPeer(q inquiry, a Ask, key string, args Args, beside ...Choice) {
	who, _ := load[Person](t, a.Peer)
	if who.first() == "" || a.Post == "" || who.Role == Anyone {
		return
	}
	t.write(Task{To: a.Peer, Network: who.first().Network(), Lane: Reply, Purpose: ForNews, At: t.bot.opens(t.At, t.bot.workHours(t.peer(a.Peer)), homeOf(who)),
		Message: &Message{Key: key, Args: args, About: q.about(), Thread: a.Post, Choices: beside}})
}
