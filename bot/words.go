package bot

import (
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// A counsellor's own words to an usager. Nothing that is typed in a thread leaves by itself: what leaves was asked to be sent,
// and its exact text was shown first.

const (
	// talkLife is how long a counsellor's words wait for their answer: until then, or until the bot asks something itself, a
	// bare "oui" is for her and confirms nothing.
	talkLife = 12 * time.Hour
	// liveTalk is how long after them the bot keeps quiet: two people are talking.
	liveTalk = time.Hour
	// justWrote is how long after an usager's message an answer may leave at once, whatever the hour: the phone is in her hand.
	justWrote = time.Hour
	// longestCall is how many words a name may have where no colon ends it: "Jeanne", "Jeanne D."
	longestCall = 2
	// longestShortcut is how long a text may be that a button offers to send, in bytes.
	longestShortcut = 2000
)

// write shows the words that a counsellor wants to send, or asks for them.
func write(t *Turn) {
	t.known()
	out, _ := intents.ReadOutgoing(t.Text)
	person, words := t.addressee(out)
	switch {
	case person == "":
	case words == "":
		t.askWords(person)
	default:
		t.proposeWords(person, words)
	}
}

// addressee is the person whom words are for: the one named, else the one of the thread. It answers and returns "" when there is none.
func (t *Turn) addressee(out intents.Outgoing) (person, words string) {
	here := t.subject()
	if here != "" {
		if p, ok := load[Person](t, here); ok && out.To != "" && sameName(p.Name, out.To) {
			return here, out.Rest
		}
		if out.To != "" && len(t.peopleNamed(out.To)) > 0 {
			t.Reply("repondre.a-qui", nil) // words for another, in the wrong thread
			return "", ""
		}
		return here, out.Words
	}
	found, out := t.namedIn(out)
	switch {
	case len(found) == 1:
		return found[0], out.Rest
	case out.To == "":
		t.Reply("repondre.a-qui", nil)
	case len(found) == 0:
		t.Reply("repondre.inconnue", Args{"nom": out.To})
	default:
		t.Reply("repondre.plusieurs", Args{"nom": out.To})
	}
	return "", ""
}

// namedIn are the people whom words name, before a colon or with their first words: out comes back with that name, if any.
func (t *Turn) namedIn(out intents.Outgoing) ([]string, intents.Outgoing) {
	if out.To != "" {
		return t.peopleNamed(out.To), out
	}
	for n := longestCall; n > 0; n-- {
		to, rest, ok := out.Leading(n)
		if !ok {
			continue
		}
		if found := t.peopleNamed(to); len(found) > 0 {
			out.To, out.Rest = to, rest
			return found, out
		}
	}
	return nil, out
}

// peopleNamed are those of this name in whose thread the counsellor reads, and to whom she may write.
func (t *Turn) peopleNamed(name string) []string {
	var found []string
	for _, rec := range t.find(Query{Kind: "thread", Owner: t.MeID}) {
		if p, ok := load[Person](t, rec.Subject); ok && sameName(p.Name, name) && t.talksWith(rec.Subject) {
			found = append(found, rec.Subject)
		}
	}
	return found
}

// askWords asks what to send.
func (t *Turn) askWords(person string) {
	p, ok := load[Person](t, person)
	if !ok || !t.talksWith(person) {
		t.Reply("repondre.partie", nil)
		return
	}
	if _, refused := t.refuses(p, t.outgoing(person, p, "…")); !refused {
		t.openForm("repondre", aboutPerson(person), nil)
	}
}

// proposeWords shows the exact text, and in how many SMS and when it will leave, and asks for the yes.
func (t *Turn) proposeWords(person, words string) {
	p, ok := load[Person](t, person)
	t.Chat.close()
	if !ok || !t.talksWith(person) {
		t.Reply("repondre.partie", nil)
		return
	}
	task := t.outgoing(person, p, t.signed(p, words))
	v, refused := t.refuses(p, task)
	if refused {
		return
	}
	key, args := t.posted("repondre.propose", p, task, v)
	t.Offer(key, args, t.offered(yes, "bouton.envoyer", nil), t.offered(no, "bouton.ne-pas-envoyer", nil))
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target, t.Chat.Values = string(intents.Repondre), person, map[string]string{"text": task.Message.Text}
}

// refuses tells whether words can never leave, and answers why.
func (t *Turn) refuses(p *Person, task Task) (v Verdict, refused bool) {
	v = t.foresee(task, p)
	if v.Act == Never {
		t.Reply(t.orElse("repondre.refus."+v.Reason, "repondre.refus"), Args{"prenom": p.called(t), "raison": t.reason(t.MeID, v.Reason)})
	}
	return v, v.Act == Never
}

// posted is a text about a message to a person: its exact words, how many SMS they make, and when they leave if that is not now.
func (t *Turn) posted(key string, p *Person, task Task, v Verdict) (string, Args) {
	args := Args{"prenom": p.called(t), "mots": cite(task.Message.Text), "sms": t.partsOf(task), placeArg: task.Place}
	switch {
	case v.Reason == onHold:
		return key + ".en-pause", args
	case v.Act == Later:
		return key + ".plus-tard", args.with("quand", v.At.Format(time.RFC3339))
	}
	return key, args
}

// talksWith tells whether the counsellor may write to a person: she has, or had, an appointment with her, signs what a campaign wrote to her, or
// organises a workshop that the person answered.
func (t *Turn) talksWith(person string) bool {
	return slices.ContainsFunc(t.contacts(person), func(r Record) bool { return t.may(toAnswer, r) })
}

// contacts are the records by which counsellors, their owners, have to do with a person.
func (t *Turn) contacts(person string) []Record {
	answered := slices.DeleteFunc(t.find(Query{Kind: "rsvp", Subject: person}), func(r Record) bool { return r.State == isInvited })
	return slices.Concat(t.find(Query{Kind: "rdv", Subject: person}), t.find(Query{Kind: "invitee", Subject: person}), answered)
}

// signed is the text as the usager reads it, character for character.
func (t *Turn) signed(p *Person, words string) string {
	return t.bot.Abilities[t.bot.way(p)].fold(t.sayIn(French, "mots", Args{"conseiller": t.Me.Name, "mots": words}))
}

// outgoing is the message as it would leave now.
func (t *Turn) outgoing(person string, p *Person, text string) Task {
	thread := "thread/" + threadID(t.MeID, person)
	task := Task{Key: thread + "/" + t.ID, To: person, Network: t.bot.way(p), Lane: Reminder, Purpose: ForWords, Place: t.placeOf(p), At: t.At,
		Message: &Message{Text: text, About: thread}}
	if chat, ok := load[Chat](t, string(p.line())); ok && t.At.Sub(chat.Wrote) < justWrote {
		task.Lane = Reply
	}
	return task
}

// placeOf is where the counsellor meets a person: whose hours and holidays rule.
func (t *Turn) placeOf(p *Person) string {
	for _, id := range p.Rdvs {
		if m, ok := t.rdv(id); ok && t.may(toAnswer, m.record()) {
			return m.Place
		}
	}
	return ""
}

func (t *Turn) partsOf(task Task) string {
	if task.Network != "sms" {
		return t.say("moyen.nom."+task.Network, nil)
	}
	if n := t.bot.Abilities[task.Network].parts(task.Message.Text); n > 1 {
		return t.say("sms.n", Args{"n": number(n)})
	}
	return t.say("sms.un", nil)
}

// sendWords sends what was shown, if it still may leave.
func (t *Turn) sendWords(person, text string) {
	p, ok := load[Person](t, person)
	if !ok || !t.talksWith(person) {
		t.Reply("repondre.partie", nil)
		return
	}
	task := t.outgoing(person, p, text)
	v, refused := t.refuses(p, task)
	if refused {
		return
	}
	t.write(task)
	t.talk(person, p)
	t.Reply(t.posted("repondre.envoye", p, task, v))
}

// talk notes in the usager's chat that a counsellor wrote to her.
func (t *Turn) talk(person string, p *Person) {
	chat, _ := load[Chat](t, string(p.line()))
	chat.yield()
	chat.Talker, chat.TalkedTo, chat.Talked = t.MeID, person, t.At
	t.saveChatOf(p.line(), chat)
}

// talking tells whether an usager may be answering a counsellor's words.
func (t *Turn) talking() bool {
	return t.Role == Usager && t.About == "" && t.Chat.Topic == "" && t.Chat.Talker != "" && t.At.Sub(t.Chat.Talked) < talkLife && !t.answersReminder()
}

// answersReminder tells that a text is a bare number while a reminder, which numbers its answers, waits for one.
func (t *Turn) answersReminder() bool {
	_, number := bareNumber(t.Text)
	return number && len(t.Chat.Rdvs) > 0
}

// stayed says that what was written in an usager's thread left nowhere, and how it would.
func stayed(t *Turn) {
	t.known()
	p, _ := load[Person](t, t.subject())
	m := &Message{Key: "fil.reste", Args: Args{"prenom": p.called(t)}}
	if t.Text != "" && len(t.Text) <= longestShortcut {
		m.Choices = []Choice{t.shortcut("répondre "+t.Text, "bouton.lui-envoyer", nil)}
	}
	t.answer(ForTalk, m)
}

// orElse is the first of two texts if there is one of that key.
func (t *Turn) orElse(key, other string) string {
	if t.bot.Texts.Has(key) {
		return key
	}
	return other
}

// unsent: a counsellor's words did not arrive, or perhaps not.
func (t *Turn) unsent(thread, task string, fate Fate, reason string) {
	owner, person, _ := strings.Cut(thread, "-")
	p, ok := load[Person](t, person)
	if !ok {
		return
	}
	if fate == Uncertain || reason == ReceiptLost {
		t.unsure(thread, task)
	}
	if reason == OptedOut {
		t.optedOut(person)
	}
	key := t.orElse("nouvelle.sans-reponse."+reason, t.orElse("nouvelle.sans-reponse."+string(fate), "nouvelle.sans-reponse"))
	t.Tell(owner, person, key, Args{"prenom": p.called(t), "raison": t.reason(owner, reason)})
}

// wordsArrived: words of which nobody knew are on the phone after all.
func (t *Turn) wordsArrived(thread, task string) {
	owner, person, _ := strings.Cut(thread, "-")
	th, ok := load[Thread](t, thread)
	p, known := load[Person](t, person)
	if !ok || !known || th.Unsure != task {
		return
	}
	t.unsure(thread, "")
	t.Tell(owner, person, "nouvelle.reponse-arrivee", Args{"prenom": p.called(t)})
}

// unsure notes of which words in a thread nobody knows whether they arrived.
func (t *Turn) unsure(thread, task string) {
	th, ok := load[Thread](t, thread)
	if !ok {
		return
	}
	th.Unsure = task
	owner, person, _ := strings.Cut(thread, "-")
	t.saveThread(owner, person, th)
}
