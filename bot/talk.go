package bot

import (
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// maxWords is how much of an usager's message is shown to a counsellor, in characters.
const maxWords = 1500

// passWords tells a counsellor the news together with what the usager wrote. Without a counsellor it goes to the desk; it
// says whether somebody reads it. Words that may be distress are marked.
func (t *Turn) passWords(owner, subject, key string, args Args) bool {
	if t.Read.Worrying && key == "nouvelle.message" {
		key = "nouvelle.inquietude"
	}
	t.read, t.passed = t.read || t.Read.Worrying, true
	args["mots"] = quote(t.Text)
	if owner == "" {
		return t.tellDesk(subject, key, args)
	}
	if t.departed(owner) { // whose words nobody else may answer in her place
		return t.Tell(owner, subject, key, args)
	}
	return t.Tell(owner, subject, key, args, Choice{Words: "répondre", Label: t.sayTo(t.reader(owner), "bouton.repondre", nil), Beside: true})
}

// quote cites somebody's words, cut when they are very long.
func quote(words string) string {
	if r := []rune(words); len(r) > maxWords {
		words = string(r[:maxWords]) + "…"
	}
	return cite(words)
}

// cite writes words as a Markdown quotation, whole. No link in them has another name than its address.
func cite(words string) string {
	return "> " + plainWords.Replace(strings.TrimSpace(words))
}

var plainWords = strings.NewReplacer("\r\n", "\n> ", "\n", "\n> ", "\r", "\n> ", "\u2028", "\n> ", "\u2029", "\n> ", "\v", " ", "\f", " ",
	"[", "\\[", "]", "\\]", "`", "\\`", "\\", "\\\\")

// passOn takes any message that no other rule takes: it reaches a person, and she is told whom.
func passOn(t *Turn) {
	t.known()
	t.Chat.Listed = false
	if t.topic() == topicMeaning {
		t.Chat.close() // what is asked below takes its place
	}
	if t.talking() && t.passTo(t.Chat.Talker) {
		return
	}
	if t.Chat.Broadcast != "" && t.answersBroadcast() {
		return
	}
	if o, ok := t.talkedOccasion(); ok {
		t.toOrganiser(o)
		return
	}
	if t.answersBroadcast() {
		return
	}
	if m, ok := t.meant(); ok {
		key := "transmis"
		if t.asks(m) {
			key = "transmis.rdv"
		}
		t.handOn(m.Owner, m.Subject, m.args(), key, m.args().with("conseiller", t.calledNow(m.Owner, m.With)))
		return
	}
	if c, person, ok := t.inviter(); ok {
		t.be(person)
		t.handOn(c.With, person, Args{"prenom": t.name()}, "transmis", Args{"conseiller": t.signer(c)})
		return
	}
	if o, ok := t.lastOccasion(); ok {
		t.toOrganiser(o)
		return
	}
	if t.line.Network() == telegram && t.Chat.Said >= strangerADay {
		return
	}
	args := Args{"prenom": t.name(), "service": t.bot.Settings.Service, "telephone": t.bot.Settings.Phone}
	if t.passWords("", t.MeID, "nouvelle.message", args) {
		t.Reply("transmis.accueil", args)
		return
	}
	if t.From.Network() == telegram && t.line == t.From {
		t.askNumber("telegram.inconnu")
		return
	}
	t.Reply(t.phoned("personne"), args)
}

// strangerADay is how many answers somebody gets in a day of whom only an account is known, which costs nothing; what she writes beyond that reaches nobody,
// unless it may be distress.
const strangerADay = 20

// toOrganiser hands her words on to who organises a workshop.
func (t *Turn) toOrganiser(o occasion) {
	organiser, _ := load[Person](t, o.Owner)
	t.handOn(o.Owner, t.guestHere(o), Args{"prenom": t.name()}, "transmis", Args{"conseiller": t.calledNow(o.Owner, organiser.Name)})
}

// handOn has a counsellor read what an usager wrote, and tells her so; or that nobody will.
func (t *Turn) handOn(owner, subject string, args Args, reply string, replyArgs Args) {
	if !t.passWords(owner, subject, "nouvelle.message", args) {
		reply, replyArgs = t.phoned("sans-lecteur"), Args{"service": t.bot.Settings.Service, "telephone": t.bot.Settings.Phone}
	}
	t.Reply(reply, replyArgs)
}

// passTo gives an usager's words to the counsellor who wrote to her; it tells whether she is one of hers. While they talk the
// bot keeps quiet.
func (t *Turn) passTo(owner string) bool {
	talker, ok := load[Person](t, owner)
	who := t.talkedTo(owner)
	if !ok || talker.Role == Anyone || !t.stillHers(owner, who) {
		return false
	}
	t.be(who)
	t.passWords(owner, who, "nouvelle.message", Args{"prenom": t.name()})
	if t.At.Sub(t.Chat.Talked) > liveTalk {
		t.Reply("transmis", Args{"conseiller": talker.Name})
	}
	return true
}

// stillHers tells whether a counsellor who wrote to somebody may still answer her: her leave as cover may have ended.
func (t *Turn) stillHers(talker, person string) bool {
	return slices.ContainsFunc(t.contacts(person), func(r Record) bool { return r.Owner == talker || t.reader(r.Owner) == talker })
}

// talkedTo is who, of those at this address, the counsellor wrote to.
func (t *Turn) talkedTo(owner string) string {
	if slices.Contains(t.People, t.Chat.TalkedTo) {
		return t.Chat.TalkedTo
	}
	for _, id := range t.People {
		if _, ok := load[Thread](t, threadID(owner, id)); ok {
			return id
		}
	}
	return t.MeID
}

// name is how who wrote is called before a professional.
func (t *Turn) name() string { return t.Me.called(t) }

// asks tells whether she was asked about an appointment, which stands, and has not answered.
func (t *Turn) asks(m rdv) bool {
	return slices.Contains(t.Chat.Rdvs, m.id) && m.State != cancelled && !m.over(t.Now)
}

// alertLife is how long the emergency numbers are of use: what has not left by then is told to a person.
const alertLife = time.Hour

// distress: fixed public numbers, and an alert to a person. It comes on top of whatever else the message asks.
func distress(t *Turn) {
	t.known()
	numbers := &Message{Key: urgent, ReplyTo: t.ReplyTo}
	if m, ok := t.meant(); ok {
		numbers.About = m.about() // who is told if it does not leave
	}
	t.write(Task{Key: urgentKey(numbers.About, t.ID), To: t.MeID, Network: t.From.Network(), Lane: Reply, Purpose: ForService, At: t.At,
		NotAfter: t.At.Add(alertLife), Message: numbers})
	owners := map[string]bool{}
	for _, m := range t.rdvs() {
		if !owners[m.Owner] {
			owners[m.Owner] = true
			t.passWords(m.Owner, m.Subject, "nouvelle.urgence", Args{"prenom": m.Name})
		}
	}
	if len(owners) == 0 {
		owner, subject := t.readerHere()
		key := "nouvelle.urgence"
		if t.line.Network() == telegram {
			key = "nouvelle.urgence.sans-numero"
		}
		t.passWords(owner, subject, key, Args{"prenom": t.name()})
	}
}

// shareWorry has a person read what may be distress, when nobody is told of it otherwise.
func (t *Turn) shareWorry() {
	if t.Role != Usager || !t.Read.Worrying || t.read {
		return
	}
	t.known()
	if m, ok := t.meant(); ok {
		t.passWords(m.Owner, m.Subject, "nouvelle.message", m.args())
		return
	}
	owner, subject := t.readerHere()
	t.passWords(owner, subject, "nouvelle.message", Args{"prenom": t.name()})
}

// usagerHelp says what can be answered.
func usagerHelp(t *Turn) {
	key := "aide.usager"
	if len(t.rdvs()) > 0 {
		key = "aide.usager-rdv"
	}
	t.ReplyFor(ForService, t.phoned(key), Args{"service": t.bot.Settings.Service, "telephone": t.bot.Settings.Phone})
}

// greetUsager answers a greeting, and thanks with thanks; an open question stays open.
func greetUsager(t *Turn) {
	if t.Read.Intent == intents.Merci {
		t.Reply("merci.usager", nil)
		return
	}
	if m, ok := t.meant(); ok && t.asks(m) {
		t.Reply("bonjour.rdv", m.args())
		return
	}
	if !t.stopped() {
		usagerHelp(t)
	}
}

// greet answers a professional's greeting with what can be done.
func greet(t *Turn) {
	t.known()
	if t.Read.Intent == intents.Merci {
		t.Reply("merci", nil)
		return
	}
	t.Reply("bonjour", Args{"prenom": t.Me.Name, "service": t.bot.Settings.Service})
}

// answering is what a rule does that answers one text and no more: whose affair something is, or how it is said.
func answering(key string) func(*Turn) {
	return func(t *Turn) {
		t.known()
		t.Reply(key, nil)
	}
}

// notUnderstood says so, and how to say it.
func notUnderstood(t *Turn) {
	if t.expired {
		t.Reply("question-fermee", nil)
		return
	}
	if intents.AsksBack(t.Text) && len(strings.Fields(t.Text)) > fewestWords && t.subject() == "" {
		t.consider(map[string]string{"texte": strings.TrimSpace(t.Text), "sur": no})
		return
	}
	t.Reply("incompris", nil)
}

// unknownRole: somebody who may nothing here.
func unknownRole(t *Turn) {
	if t.Text != "" {
		t.ReplyFor(ForService, "sans-role", nil)
	}
}

func without(list []string, item string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == item })
}
