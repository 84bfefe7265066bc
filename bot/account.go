package bot

import (
	"slices"
	"strings"

	"passeur/intents"
	"passeur/intents/phones"
)

// Telegram, the usager's choice: how an account becomes another way to her line, and how she chooses between the two. No account is believed to be
// somebody's: either a link was opened in it that was sent to her number, or Telegram vouches that the number is the account's own.

// ContactIntent is that who wrote shows a number: Values hold "number" (E.164) when the network vouches that it is her own, nothing otherwise.
const ContactIntent intents.Intent = "contact"

// WordlessIntent is that who wrote sent something without words: a picture, a sound, a place.
const WordlessIntent intents.Intent = "sans-mots"

// startIntent is that an account is opened to the bot: Values hold what the link carried, if there was one, under startArg.
const startIntent intents.Intent = "ouverture"

const startArg = "lien"

// What begins what a link carries. Telegram lets 64 characters of A-Z a-z 0-9 _ - through.
const (
	startLink    = "l" // a code that was sent to a number
	startCommune = "r" // the INSEE code of a commune, of a poster: she asks to be told of its permanences
)

// Link is to which line a code leads that was sent there. It serves once.
type Link struct {
	V    int     `json:"v"`
	Line Address `json:"line"`
}

// linkLife is how long a link may be opened.
const linkLife = 7 * day

// slashed reads the commands of Telegram, which begin with a slash and may name the bot they are for: what she would write instead, or that an
// account is opened.
func (t *Turn) slashed() {
	if t.From.Network() != telegram || !strings.HasPrefix(t.Text, "/") {
		return
	}
	command, rest, _ := strings.Cut(strings.TrimSpace(t.Text[1:]), " ")
	command, _, _ = strings.Cut(command, "@")
	if command == "" {
		return
	}
	if strings.EqualFold(command, "start") {
		t.Intent, t.Values = startIntent, Args{startArg: strings.TrimSpace(rest)}
		return
	}
	t.Text = strings.TrimSpace(command + " " + rest)
}

// opened: an account is opened to the bot, by a link or without one.
func opened(t *Turn) {
	carried := t.Values[startArg]
	if code, ok := strings.CutPrefix(carried, startLink); ok {
		t.followLink(code)
		return
	}
	code, asks := strings.CutPrefix(carried, startCommune)
	if c, ok := t.bot.Gazetteer.ByCode(code); asks && ok {
		t.Text = t.keyword(c)
		subscribe(t)
		if t.line == t.From {
			t.askNumber("telegram.affiche")
		}
		return
	}
	if carried == "" && t.stopped() { // that she touched "Démarrer" is START
		restart(t)
		return
	}
	t.known()
	if t.line != t.From {
		t.Reply("telegram.bonjour", Args{"service": t.bot.Settings.Service})
		return
	}
	t.askNumber("telegram.bienvenue")
}

// followLink makes the account another way to the line to which the code of the link was sent.
func (t *Turn) followLink(code string) {
	l, ok := load[Link](t, code)
	if !ok || t.At.Sub(t.docs["link/"+code].at) > linkLife {
		t.known()
		t.askNumber("telegram.lien-fini")
		return
	}
	if t.linkTo(l.Line) {
		t.erase("link", code)
	}
}

// giveNumber: she shows her number, for which Telegram vouches; somebody else's proves nothing.
func giveNumber(t *Turn) {
	number := t.Values["number"]
	found, _ := phones.Find(number)
	switch {
	case t.From.Network() != telegram: // no other network vouches for a number
	case number == "":
		t.askNumber("telegram.pas-le-votre")
	case len(found) != 1:
		t.Reply("telegram.numero-ailleurs", nil)
	default:
		t.linkTo(smsAddress(found[0].E164))
	}
}

// askNumber says something below which her number can be shown.
func (t *Turn) askNumber(key string) {
	t.answer(ForTalk, &Message{Key: key, Args: Args{"service": t.bot.Settings.Service}, Choices: []Choice{{Label: t.say("bouton.numero", nil), Beside: true, Number: true}}})
}

// linkTo makes the account that wrote another way to everybody on a line, and the first one. A line has one account: the one before is let go. Who has
// the phone hears of it there. A line that said STOP hears nothing, so that nothing is linked to it: START comes first, from there. It reports
// whether they are linked.
func (t *Turn) linkTo(line Address) bool {
	if o, _ := load[Objection](t, string(line)); o.Stopped && t.line != line {
		t.known()
		t.ReplyFor(ForService, "telegram.arret", nil)
		return false
	}
	holders, _ := load[Holders](t, string(line))
	mine, _ := load[Holders](t, string(t.From))
	fresh := mine.Line != line
	if fresh {
		t.keepNo(mine.Line, t.From)
		t.unlink(mine.Line)
		t.letGo(line)
		t.joinLine(line, mine, holders)
	}
	t.eachOn(line, func(p *Person) { p.prefer(t.From) })
	t.stepInto(line)
	if t.stopped() {
		t.ReplyFor(ForService, "telegram.lie-arret", nil)
		return true
	}
	t.Reply("telegram.lie", nil)
	if fresh {
		t.tellPhone()
	}
	return true
}

// tellPhone tells who has the phone that messages arrive in an account from now on, and how to take that back.
func (t *Turn) tellPhone() {
	t.write(Task{To: t.MeID, Network: t.line.Network(), Lane: Reply, Purpose: ForTalk, At: t.At, Message: &Message{Key: "telegram.avis"}})
}

// letGo unlinks the account of a line and tells it so: there she is a stranger from now on, soon forgotten. It reports whether there was one.
func (t *Turn) letGo(line Address) bool {
	holders, _ := load[Holders](t, string(line))
	account := holders.Account
	if account == "" {
		return false
	}
	t.unlink(line)
	stranger := t.newID("p", string(account))
	p, _ := load[Person](t, stranger)
	p.Addresses = []Address{account}
	t.savePerson(stranger, p)
	t.hold(account, stranger)
	t.keepNo(line, account)
	t.write(Task{To: stranger, Network: account.Network(), Lane: Reply, Purpose: ForTalk, At: t.At, Message: &Message{Key: "telegram.delie"}})
	return true
}

// joinLine brings to a line what was known at the account: who it was, what she asked for, that she said no.
func (t *Turn) joinLine(line Address, mine, holders *Holders) {
	said, _ := load[Objection](t, string(t.From))
	gone := func(id string) bool { _, ok := load[Person](t, id); return !ok }
	mine.People, holders.People = slices.DeleteFunc(mine.People, gone), slices.DeleteFunc(holders.People, gone)
	for _, id := range slices.Clone(mine.People) {
		if len(holders.People) > 0 {
			t.become(id, holders.People[0])
			continue
		}
		t.comesTo(id, line, holders)
	}
	if len(holders.People) == 0 {
		t.comesTo(t.newID("p", string(line)), line, holders)
	}
	mine.Line, mine.People, holders.Account = line, nil, t.From
	t.saveHolders(t.From, mine)
	t.saveHolders(line, holders)
	if heard, _ := load[Objection](t, string(line)); said.Stopped || said.Paused || heard.Stopped || heard.Paused {
		t.setObjection(line, Objection{Stopped: said.Stopped || heard.Stopped, Paused: said.Paused || heard.Paused})
	}
	t.erase("objection", string(t.From))
}

// keepNo has what was refused at one address refused at another, which parts from it.
func (t *Turn) keepNo(from, to Address) {
	if o, _ := load[Objection](t, string(from)); from != "" && !o.listens() {
		t.setObjection(to, Objection{Stopped: o.Stopped, Paused: o.Paused})
	}
}

// comesTo makes a line that of somebody who is there alone.
func (t *Turn) comesTo(person string, line Address, holders *Holders) {
	p, _ := load[Person](t, person)
	p.Addresses = []Address{line}
	t.savePerson(person, p)
	holders.People = append(holders.People, person)
}

// become is that a stranger is somebody who is known: what she asked to be told of goes over, the rest of the stranger is forgotten.
func (t *Turn) become(stranger, person string) {
	p, _ := load[Person](t, person)
	was, _ := load[Person](t, stranger)
	for _, rec := range t.find(Query{Kind: "subscription", Subject: stranger}) {
		t.keepSubscription(person, rec.Place)
		if p.Told == "" {
			p.Told, p.ToldAt, p.Basis = was.Told, was.ToldAt, was.Basis
		}
	}
	t.savePerson(person, p)
	t.erasePerson(stranger)
}

// stepInto goes on with what is said on a line.
func (t *Turn) stepInto(line Address) {
	t.line, t.People = line, t.peopleAt(line)
	t.Chat, _ = load[Chat](t, string(line))
	load[Chat](t, string(t.From))
	t.erase("chat", string(t.From))
	t.question = t.Chat.Question
	if len(t.People) > 0 {
		t.be(t.People[0])
	}
}

// unlink lets the account of a line go; its line "" has none.
func (t *Turn) unlink(line Address) {
	of, _ := load[Holders](t, string(line))
	if of.Account == "" {
		return
	}
	account := of.Account
	t.eachOn(line, func(p *Person) { p.Addresses = p.without(account) })
	of.Account = ""
	t.saveHolders(line, of)
	gone, _ := load[Holders](t, string(account))
	gone.Line = ""
	t.saveHolders(account, gone)
}

// byTelegram: she wants messages there. An account must be linked first: a bot cannot write to somebody who did not open it.
func byTelegram(t *Turn) {
	t.known()
	t.alsoWords()
	holders, _ := load[Holders](t, string(t.line))
	switch {
	case t.bot.StartLink == nil:
		t.Reply("telegram.absent", nil)
	case t.From.Network() == telegram && t.line == t.From:
		t.askNumber("telegram.pas-relie")
	case t.From.Network() == telegram:
		if t.Me.first() != t.From {
			t.tellPhone()
		}
		t.reachAt(t.From)
	case holders.Account != "" && t.Me.On(telegram) != "":
		t.reachAt(holders.Account)
	default:
		t.giveLink()
	}
}

// bySMS: she wants messages on the telephone. Said there, it lets the account go as well: whoever has it may not be she.
func bySMS(t *Turn) {
	t.known()
	t.alsoWords()
	switch {
	case t.line.Network() != "sms":
		t.askNumber("telegram.sans-numero")
	case t.From == t.line && t.letGo(t.line):
		t.Reply("moyen.sms.delie", nil)
	default:
		t.reachAt(t.line)
	}
}

// alsoWords passes on what may be the answer to a counsellor's own words too: "par SMS".
func (t *Turn) alsoWords() {
	if t.talking() {
		t.passTo(t.Chat.Talker)
	}
}

// reachAt has everybody on the line reached at an address first.
func (t *Turn) reachAt(a Address) {
	t.eachOn(t.line, func(p *Person) { p.prefer(a) })
	key := "moyen." + a.Network()
	if a == t.line && t.Me.On(telegram) != "" {
		key = "moyen.sms.retour"
	}
	t.Reply(key, nil)
}

// giveLink sends a link that makes the account in which it is opened hers.
func (t *Turn) giveLink() {
	code := t.bot.LinkCode(string(t.line) + "\n" + t.ID)
	l, _ := load[Link](t, code)
	*l = Link{V: 1, Line: t.line}
	t.save("link", code, func(r *Record) { r.Subject, r.At = t.MeID, t.At })
	t.Reply("telegram.lien", Args{"lien": t.bot.StartLink(startLink + code), "jours": number(int(linkLife / day))})
}
