package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/mask"
)

// Card is a question and the answer that helped, kept for all: until it expires, because laws and screens change. Its id is its number, by which people
// name it.
type Card struct {
	V        int       `json:"v"`
	Question string    `json:"question"`
	Answer   string    `json:"answer"`
	Themes   []string  `json:"themes,omitempty"`
	Author   string    `json:"author"`            // who answered, and verifies it
	Name     string    `json:"name"`              // of hers: it stays when she leaves
	Inquiry  string    `json:"inquiry,omitempty"` // the number of the question that it comes from
	Place    string    `json:"place,omitempty"`   // the territory of who asked, whose coordinators answer for it when its author left
	Made     time.Time `json:"made"`
	Verified time.Time `json:"verified"`
	Until    time.Time `json:"until"`          // when it expires
	Post     string    `json:"post,omitempty"` // the key of its post in the channel of cards
	PostAt   time.Time `json:"post_at,omitzero"`
	Helped   int       `json:"helped,omitempty"`    // on how many days somebody found in it what she was looking for
	HelpedOn string    `json:"helped_on,omitempty"` // the last of them
	State    string    `json:"state"`
}

// States of a card.
const (
	cardLive    = "live"
	cardExpired = "expired"   // nobody has said that it still holds
	cardGone    = "withdrawn" // its text is erased
)

// How long a card holds, and how long its author has to say whether it still does.
const (
	cardLife = 365 * day
	// cardSoon is for themes whose rules change with the calendar: rights, taxes, papers.
	cardSoon  = 180 * day
	cardGrace = 14 * day
)

// changing are the themes of which cards hold less long.
var changing = []string{"social_sante", "argent_impots", "papiers_elections_citoyennete", "etrangers_europe", "famille_scolarite", "logement", "travail_formation"}

// lifeOf is how long a card of some themes holds.
func lifeOf(themes []string) time.Duration {
	if slices.ContainsFunc(themes, func(theme string) bool { return slices.Contains(changing, theme) }) {
		return cardSoon
	}
	return cardLife
}

// card is a Card as rules handle it.
type card struct {
	id string
	*Card
}

const cardAbout = "fiche/"

func (c card) about() string { return cardAbout + c.id }

func (c card) record() Record { return Record{Kind: "card", ID: c.id, Owner: c.Author, Place: c.Place} }

func (t *Turn) card(id string) (card, bool) {
	c, ok := load[Card](t, id)
	return card{id, c}, ok
}

// saveCard writes a card; its date is that of the last change, by which others see it.
func (t *Turn) saveCard(c card) {
	c.V = 1
	t.save("card", c.id, func(r *Record) { r.Owner, r.Place, r.State, r.At = c.Author, c.Place, c.State, t.At })
}

// makeCard keeps the answer that helped.
func (t *Turn) makeCard(q inquiry, peer, answer string) card {
	c, _ := t.card(number(t.nextNumber("fiche")))
	author, _ := load[Person](t, peer)
	*c.Card = Card{Question: t.withoutPeople(q.Text), Answer: t.withoutPeople(answer), Themes: q.Themes, Author: peer, Name: author.Name, Inquiry: q.id, Place: t.askerPlace(q), Made: t.At,
		State: cardLive}
	t.verify(c)
	t.publishCard(c)
	t.saveCard(c)
	return c
}

// withoutPeople is a text without what leads to a person: what was let through for one colleague is not for all.
func (t *Turn) withoutPeople(text string) string { return mask.Without(text, t.identities(text)) }

// verify notes that a card holds now, and plans when that is asked again.
func (t *Turn) verify(c card) {
	c.Verified, c.Until, c.State = t.At, t.At.Add(lifeOf(c.Themes)), cardLive
	t.Drop(c.about())
	t.planReview(c, t.bot.workTime(c.Until, 0, c.Place), "auteur")
}

// planReview asks whether a card still holds: its author, then who answers for it.
func (t *Turn) planReview(c card, at time.Time, whom string) {
	t.write(Task{Key: c.about() + "/" + whom + "/" + c.Until.UTC().Format(dayLayout), Group: c.about(), Lane: Broadcast, Place: c.Place, At: at, Intent: reviewIntent,
		Args: Args{"fiche": c.id, "qui": whom}})
}

// reviewIntent is that a card may hold no more.
const reviewIntent intents.Intent = "revoir-fiche"

// review asks whether a card still holds. Once its author has had her time, it is shown to nobody who does not look for it, and a coordinator is asked.
func review(t *Turn) {
	c, ok := t.card(t.Values["fiche"])
	if !ok || c.State == cardGone || c.Until.After(t.At) {
		return
	}
	if t.Values["qui"] == "auteur" {
		t.tellReviewer(c, c.Author)
		t.planReview(c, t.bot.workTime(t.At.Add(cardGrace), 0, c.Place), "coordination")
		return
	}
	c.State = cardExpired
	t.saveCard(c)
	if all := without(t.coordinatorsOf(c.Place), c.Author); len(all) > 0 {
		t.tellReviewer(c, all[0])
	}
}

// tellReviewer asks somebody for the one tap that a card needs.
func (t *Turn) tellReviewer(c card, person string) {
	who, _ := load[Person](t, t.reader(person))
	t.Tell(person, "", "fiche.revoir", t.cardArgs(c, who.Language), t.reviewChoices(c)...)
}

// reviewChoices are the taps that settle whether a card still holds.
func (t *Turn) reviewChoices(c card) []Choice {
	return []Choice{t.shortcut("toujours vraie "+c.id, "bouton.toujours-vraie", nil), t.shortcut("corriger fiche "+c.id, "bouton.corriger", nil),
		t.shortcut("retirer fiche "+c.id, "bouton.retirer", nil)}
}

// publishCard posts a card in the channel of cards, or brings its post up to date.
func (t *Turn) publishCard(c card) {
	to := t.bot.Settings.Cards
	if to == "" {
		return
	}
	m := &Message{Key: "fiche.publiee", Args: t.cardArgs(c, French), About: c.about()}
	if c.State == cardGone {
		m.Key = "fiche.publiee-retiree"
	}
	if c.Post != "" && t.At.Sub(c.PostAt) < threadLife {
		m.Replaces = c.Post
	} else if c.State == cardGone {
		return
	}
	c.Post, c.PostAt = t.write(Task{To: string(to), Network: to.Network(), Lane: Broadcast, Purpose: ForNews, At: t.At, Message: m}), t.At
}

// cardArgs are what all texts about a card may use.
func (t *Turn) cardArgs(c card, language string) Args {
	state := ""
	if c.State == cardExpired {
		state = " · " + t.sayIn(language, "fiche.a-verifier", nil)
	}
	return Args{"fiche": c.id, "question": cite(c.Question), "reponse": cite(c.Answer), "auteur": cmp.Or(c.Name, t.sayIn(language, "fiche.sans-auteur", nil)),
		"themes": t.themeNames(language, c.Themes), "verifiee": c.Verified.Format(time.RFC3339), "jusque": c.Until.Format(time.RFC3339), "etat": state}
}

// cardChoices are the buttons of a card for its author.
func (t *Turn) cardChoices(c card, language string) []Choice {
	return []Choice{t.shortcutIn(language, "corriger fiche "+c.id, "bouton.corriger"), t.shortcutIn(language, "retirer fiche "+c.id, "bouton.retirer")}
}

// cardNamed is the card that an order names by its number, if she may change it; it answers when there is none.
func (t *Turn) cardNamed() (card, bool) {
	t.known()
	o, _ := intents.ReadInquiry(t.Text)
	if o.Number == 0 {
		t.Reply("fiche.laquelle", nil)
		return card{}, false
	}
	c, ok := t.card(number(o.Number))
	switch {
	case !ok || c.State == cardGone:
		t.Reply("fiche.introuvable", Args{"fiche": number(o.Number)})
		return c, false
	case !t.may(toChange, c.record()):
		t.Reply("fiche.pas-a-vous", Args{"fiche": c.id, "auteur": c.Name})
		return c, false
	}
	return c, true
}

// stillTrue: a card still holds.
func stillTrue(t *Turn) {
	c, ok := t.cardNamed()
	if !ok {
		return
	}
	t.verify(c)
	t.saveCard(c)
	t.Reply("fiche.verifiee", t.cardArgs(c, t.Me.Language))
}

// changeCard opens a card to be written anew, or takes it out; an answer behind its number is the new one.
func changeCard(t *Turn) {
	c, ok := t.cardNamed()
	if !ok {
		return
	}
	o, _ := intents.ReadInquiry(t.Text)
	switch {
	case t.Read.Intent == intents.RetirerFiche:
		t.withdrawCard(c)
	case utf8.RuneCountInString(o.Rest) > longestInquiry:
		t.Reply("question.longue", Args{"n": number(longestInquiry)})
	case o.Rest != "":
		if wrong := cardForm(t, c.about(), map[string]string{askCardAnswer: o.Rest}); wrong != nil {
			t.Reply("fiche.refusee", Args{"raison": wrong[askCardAnswer]})
		}
	case t.opens():
		t.openForm("fiche", c.about(), map[string]string{askCardQuestion: c.Question, askCardAnswer: c.Answer})
	default: // in words only what changes is asked
		t.openForm("fiche", c.about(), nil)
	}
}

// signalCard tells who answers for a card what a reader found wrong with it.
func signalCard(t *Turn) {
	t.known()
	o, _ := intents.ReadInquiry(t.Text)
	c, ok := t.card(number(o.Number))
	switch found := t.identities(o.Rest); {
	case o.Number == 0:
		t.Reply("fiche.laquelle", nil)
	case !ok || c.State == cardGone:
		t.Reply("fiche.introuvable", Args{"fiche": number(o.Number)})
	case len(found) > 0:
		t.Reply("fiche.identites", Args{"trouve": t.namedIdentities(o.Rest, found)})
	case t.may(toChange, c.record()):
		t.Reply("fiche.a-vous", Args{"fiche": c.id})
	default:
		t.passSignal(c, o.Rest)
	}
}

// passSignal passes on what a reader says of a card: to its author, or where she left to a coordinator.
func (t *Turn) passSignal(c card, words string) {
	to := c.Author
	if author, _ := load[Person](t, to); author.Role == Anyone {
		if all := without(t.coordinatorsOf(c.Place), c.Author); len(all) > 0 {
			to = all[0]
		}
	}
	who, _ := load[Person](t, t.reader(to))
	args := t.cardArgs(c, who.Language).with("nom", t.Me.Name)
	if words != "" {
		words = "\n" + quote(words)
	}
	p := t.reader(to)
	who, _ = load[Person](t, p)
	if who.first() != "" && who.Role != Anyone {
		t.write(Task{To: p, Network: who.first().Network(), Lane: Reply, Purpose: ForNews, Place: homeOf(who), At: t.whenAtWork(who, t.peer(p)),
			Message: &Message{Key: "fiche.signalee", Args: args.with("mots", words), Choices: t.reviewChoices(c)}})
	}
	t.Reply("fiche.signalement", Args{"fiche": c.id})
}

// myCards lists the cards that somebody answers for as their author.
func myCards(t *Turn) {
	t.known()
	var lines []string
	for _, rec := range t.find(Query{Kind: "card", Owner: t.MeID}) {
		c, ok := t.card(rec.ID)
		if !ok || c.State == cardGone {
			continue
		}
		key := "fiche.mienne"
		if c.State == cardExpired {
			key = "fiche.mienne-a-verifier"
		}
		lines = append(lines, t.say(key, Args{"fiche": c.id, "question": plainWords.Replace(cutAt(oneLine(c.Question), 80)), "jusque": c.Until.Format(time.RFC3339)}))
	}
	if len(lines) == 0 {
		t.Reply("fiches.aucune-mienne", nil)
		return
	}
	t.Reply("fiches.miennes", Args{"liste": strings.Join(lines, "\n")})
}

// Fields of the form "fiche".
const (
	askCardQuestion = "question"
	askCardAnswer   = "reponse"
)

// cardForm takes a corrected card. What leads to a person stays out of it.
func cardForm(t *Turn, about string, values map[string]string) map[string]string {
	c, ok := t.card(strings.TrimPrefix(about, cardAbout))
	if !ok || c.State == cardGone || !t.may(toChange, c.record()) {
		t.Reply("fiche.introuvable", Args{"fiche": c.id})
		return nil
	}
	wrong := map[string]string{}
	for _, field := range []string{askCardQuestion, askCardAnswer} {
		if found := t.identities(values[field]); len(found) > 0 {
			wrong[field] = t.say("fiche.identites", Args{"trouve": t.namedIdentities(values[field], found)})
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	c.Question, c.Answer = cmp.Or(values[askCardQuestion], c.Question), cmp.Or(values[askCardAnswer], c.Answer)
	if themes := themesOf(c.Question + "\n" + c.Answer); len(themes) > 0 {
		c.Themes = themes
	}
	t.verify(c)
	t.publishCard(c)
	t.saveCard(c)
	t.Reply("fiche.corrigee", t.cardArgs(c, t.Me.Language))
	return nil
}

// withdrawCard takes a card out: nothing of its text is kept.
func (t *Turn) withdrawCard(c card) {
	c.State, c.Question, c.Answer, c.Themes = cardGone, "", "", nil
	t.Drop(c.about())
	key := "fiche.retiree"
	if c.Post != "" && t.At.Sub(c.PostAt) >= threadLife {
		key = "fiche.retiree-canal"
	}
	t.publishCard(c)
	t.saveCard(c)
	t.Reply(key, Args{"fiche": c.id})
}

// CardFiles begins the names of the files of cards: "fiches/fiches.csv", "fiches/fiches.md".
const CardFiles = "fiches/"

// exportCards gives a coordinator all cards as a file: a table, or a text if she says so.
func exportCards(t *Turn) {
	t.known()
	file := "fiches.csv"
	if words := plain(t.Text); strings.Contains(words, "markdown") || strings.Contains(words, "texte") || slices.Contains(strings.Fields(words), "md") {
		file = "fiches.md"
	}
	t.answer(ForTalk, &Message{Key: "fiches.export", File: CardFiles + file})
}

// ExportedCard is a card as it leaves for other tools.
type ExportedCard struct {
	Number string
	Card
	ThemeNames []string // in French
	Expired    bool     // nobody has said that it still holds
}

// ExportCards are all cards, in the order of their numbers; those that were withdrawn are left out.
func (b *Bot) ExportCards(ctx context.Context, at time.Time) (all []ExportedCard, err error) {
	t := b.looking(ctx, at)
	for _, rec := range t.findAll(Query{Kind: "card"}) {
		c, ok := t.card(rec.ID)
		if !ok || c.State == cardGone {
			continue
		}
		e := ExportedCard{Number: c.id, Card: *c.Card, Expired: c.State == cardExpired}
		for _, theme := range c.Themes {
			e.ThemeNames = append(e.ThemeNames, t.sayIn(French, "theme."+theme, nil))
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b ExportedCard) int {
		return cmp.Or(cmp.Compare(len(a.Number), len(b.Number)), cmp.Compare(a.Number, b.Number))
	})
	return all, t.err
}
