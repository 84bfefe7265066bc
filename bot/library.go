package bot

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"passeur/intents"
	"passeur/intents/search"
)

// What was answered already, in memory, to be looked through: the cards, and the answers that an operator imported.

// library is the index of all of them. Reading it again reads what changed since.
type library struct {
	mu       sync.Mutex
	index    *search.Index
	imported Source // whose answers are in it
	ids      []string
	upto     time.Time // of the newest card that was read
}

// The refs of what an index holds: a card by its number, an imported answer by its record.
const (
	cardRef   = "card/"
	answerRef = "answer/"
)

// refreshed is the index as things stand. (The index itself may be asked and changed at once.)
func (l *library) refreshed(t *Turn) *search.Index {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.index == nil {
		l.index = search.New(nil)
	}
	l.readAnswers(t)
	l.readCards(t)
	return l.index
}

// readAnswers takes the imported answers in when there was another import.
func (l *library) readAnswers(t *Turn) {
	if t.err != nil {
		return
	}
	src, _, err := sourceIn(t.ctx, t.bot.Store, SourceAnswers)
	if err != nil {
		t.err = storeFault{err}
		return
	}
	if src.Batch == l.imported.Batch {
		return
	}
	all := t.findAll(Query{Kind: "answer", State: src.Batch})
	if t.err != nil || len(all) != src.N {
		return // it is being swept: the next question sees the one that follows
	}
	for _, id := range l.ids {
		l.index.Remove(id)
	}
	l.ids = l.ids[:0]
	for _, rec := range all {
		var a KnownAnswer
		if decode(rec, &a) == nil {
			l.ids = append(l.ids, answerRef+rec.ID)
			l.index.Put(search.Answer{ID: answerRef + rec.ID, Question: a.Question, Answer: a.Answer, Themes: a.Themes})
		}
	}
	l.imported = src
}

// rewind has the next reading begin early enough for a card that was written with an older date.
func (l *library) rewind(at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.upto = minTime(l.upto, at)
}

func (l *library) readCards(t *Turn) {
	from := l.upto
	if !from.IsZero() {
		from = from.Add(-lookBack)
	}
	for _, rec := range t.findAll(Query{Kind: "card", From: from}) {
		var c Card
		if decode(rec, &c) != nil {
			continue
		}
		l.upto = maxTime(l.upto, rec.At)
		if c.State == cardGone {
			l.index.Remove(cardRef + rec.ID)
			continue
		}
		l.index.Put(search.Answer{ID: cardRef + rec.ID, Question: c.Question, Answer: c.Answer, Themes: c.Themes})
	}
}

// Warm reads what a question needs at once, all that was answered and who might be asked: with much of it that takes a moment, before anybody asks.
func (b *Bot) Warm(ctx context.Context, now time.Time) error {
	t := b.looking(ctx, now)
	b.library.refreshed(t)
	b.colleagues.refresh(t)
	return t.err
}

// answered is an answered question as it is shown.
type answered struct {
	ref               string
	question, answer  string
	author, link      string
	number            string // of a card
	verified, expired time.Time
}

// alike are answered questions that resemble one, good enough to be shown: at most mostAlike. A card of which nobody says that it still holds is not.
func (t *Turn) alike(text string) (out []answered) {
	for _, r := range t.bot.library.refreshed(t).Search(text, 2*mostAlike) {
		if !r.Show || len(out) == mostAlike {
			continue
		}
		if k, ok := t.answeredOf(r.ID); ok && k.expired.IsZero() {
			out = append(out, k)
		}
	}
	return out
}

// How many answered questions are shown: to who asks, and to who looks for cards.
const (
	mostAlike = 3
	mostCards = 5
)

// answeredOf loads what an index found.
func (t *Turn) answeredOf(ref string) (answered, bool) {
	if id, is := strings.CutPrefix(ref, cardRef); is {
		c, ok := t.card(id)
		k := answered{ref: ref, question: c.Question, answer: c.Answer, author: c.Name, number: id, verified: c.Verified}
		if c.State == cardExpired {
			k.expired = c.Until
		}
		return k, ok && c.State != cardGone
	}
	a, ok := load[KnownAnswer](t, strings.TrimPrefix(ref, answerRef))
	return answered{ref: ref, question: a.Question, answer: a.Answer, author: a.Source, link: a.Link}, ok
}

// cardLine is an answered question in a list.
func (t *Turn) cardLine(n int, k answered) string {
	args := Args{"n": number(n), "question": plainWords.Replace(oneLine(k.question)), "reponse": quote(k.answer), "origine": t.origin(k)}
	return t.say("fiche.ligne", args)
}

// origin says where an answer comes from, and until when it was looked at.
func (t *Turn) origin(k answered) string {
	var parts []string
	if k.number != "" {
		parts = append(parts, t.say("fiche.numero", Args{"fiche": k.number}))
	}
	if k.author != "" {
		parts = append(parts, k.author)
	}
	if !k.verified.IsZero() {
		parts = append(parts, t.say("fiche.verifiee-le", Args{"jour": k.verified.Format(time.RFC3339)}))
	}
	if !k.expired.IsZero() {
		parts = append(parts, t.say("fiche.a-verifier", nil))
	}
	if k.link != "" {
		parts = append(parts, k.link)
	}
	return strings.Join(parts, " · ")
}

// oneLine writes a text on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// helped notes that somebody found what she was looking for, once a day.
func (t *Turn) helped(ref string) {
	id, is := strings.CutPrefix(ref, cardRef)
	if !is {
		return
	}
	c, ok := t.card(id)
	today := t.At.UTC().Format(dayLayout)
	if !ok || c.State == cardGone || c.HelpedOn == today { // else one person could say it all day
		return
	}
	c.Helped, c.HelpedOn = c.Helped+1, today
	t.saveCard(c)
	if c.Author != t.MeID {
		p := t.peer(c.Author)
		p.learn(c.Themes, swayThanked, t.At)
		t.savePeer(c.Author, p)
	}
}

// lookForCards shows cards: the one of a number, or those about some words.
func lookForCards(t *Turn) {
	t.known()
	o, said := intents.ReadInquiry(t.Text)
	words := o.Rest
	if !said {
		words = t.Text
	}
	switch {
	case o.Number > 0:
		t.showCard(strconv.Itoa(o.Number))
		return
	case strings.TrimSpace(words) == "":
		t.Reply("fiches.comment", nil)
		return
	}
	var lines []string
	for _, r := range t.bot.library.refreshed(t).Search(words, mostCards) {
		if k, ok := t.answeredOf(r.ID); ok {
			lines = append(lines, t.cardLine(len(lines)+1, k))
		}
	}
	if len(lines) == 0 {
		t.Reply("fiches.aucune", Args{"mots": plainWords.Replace(cut(oneLine(words)))})
		return
	}
	t.Reply("fiches", Args{"liste": strings.Join(lines, "\n")})
}

func (t *Turn) showCard(id string) {
	c, ok := t.card(id)
	if !ok || c.State == cardGone {
		t.Reply("fiche.introuvable", Args{"fiche": id})
		return
	}
	m := &Message{Key: "fiche", Args: t.cardArgs(c, t.Me.Language)}
	if t.may(toChange, c.record()) {
		m.Choices = t.reviewChoices(c)
	}
	t.answer(ForTalk, m)
}
