package bot

import (
	"context"
	"regexp"
	"strings"
	"time"

	"passeur/intents"
)

// What hangs on the door of a permanence, in the words in which the bot itself tells of it.

// PosterFiles begins the names of what goes with a message and is a poster: "poster/<permanence>.pdf", or "poster/<permanence>-telegram.pdf" of one whose
// square opens Telegram.
const (
	PosterFiles    = "poster/"
	TelegramPoster = "-telegram"
)

// PosterFacts are what a poster says of a permanence, in French.
type PosterFacts struct {
	ID         string   // of the permanence
	Counsellor string   // "Marie Lecomte"; "" nobody knows
	Where      string   // "Mairie de Périers"; the commune is named, whatever the place is called
	Commune    string   // "Périers"
	Rhythm     string   // "tous les mardis, 14h-17h", as counsellors read it
	When       []string // "Tous les mardis, de 14h à 17h", then what is left out and until when
	Access     string   // "Sans rendez-vous"
	Keyword    string   // what asks by SMS to be told of it: "RAPPEL PERIERS"
	Telegram   string   // the link that asks the same in Telegram; "" there is no account
}

// Posters describes every permanence that has a session after now, in the order of those sessions. It writes nothing.
func (b *Bot) Posters(ctx context.Context, now time.Time) (all []PosterFacts, err error) {
	t := b.looking(ctx, now)
	for _, rec := range t.findAll(Query{Kind: "permanence", State: permanenceOpen}) {
		if p, ok := t.permanence(rec.ID); ok {
			if facts, held := t.poster(p); held {
				all = append(all, facts)
			}
		}
	}
	return all, t.err
}

// Poster describes one permanence; false when it has no session after now, or does not exist. It writes nothing.
func (b *Bot) Poster(ctx context.Context, id string, now time.Time) (facts PosterFacts, held bool, err error) {
	t := b.looking(ctx, now)
	if p, ok := t.permanence(id); ok {
		facts, held = t.poster(p)
	}
	return facts, held && t.err == nil, t.err
}

func (t *Turn) poster(p permanence) (PosterFacts, bool) {
	next, held := t.next(p)
	if !held {
		return PosterFacts{}, false
	}
	shown := *p.Permanence
	if shown.When.Rule == "" { // once, which may have been moved
		shown.When.First, shown.From, shown.To, shown.Where, shown.Place = next.Day, clockOf(next.Start), clockOf(next.End), next.Where, next.Place
	}
	owner, _ := load[Person](t, p.Owner)
	facts := PosterFacts{ID: p.id, Counsellor: owner.Name, Where: capital(shown.Where), Access: t.access(&shown)}
	rhythm := t.rhythm(shown.When)
	facts.Rhythm = rhythm + ", " + shown.From.String() + "-" + shown.To.String()
	facts.When = []string{capital(rhythm) + ", de " + shown.From.String() + " à " + shown.To.String()}
	if strings.HasPrefix(rhythm, t.say("rythme.autre", nil)) { // words that would send nobody there on a day
		facts.When = append(facts.When, capital(t.nextDates(p)))
	}
	if left := strings.TrimPrefix(t.left(&shown), ", "); left != "" {
		facts.When = append(facts.When, capital(left))
	}
	_, code, _ := strings.Cut(shown.Place, "/")
	if c, ok := t.bot.Gazetteer.ByCode(code); ok {
		facts.Commune, facts.Keyword = c.Name, t.keyword(c)
		if t.bot.StartLink != nil {
			facts.Telegram = t.bot.StartLink(startCommune + c.Code)
		}
		if !strings.Contains(plain(facts.Where), plain(c.Name)) {
			facts.Where += ", " + c.Name
		}
	}
	return facts, true
}

// posterFor sends a counsellor the poster of the permanence that she names, by its number in the last list, its place or its hours.
func posterFor(t *Turn) {
	t.known()
	t.Chat.close()
	opens := map[string]string{}
	if strings.Contains(plain(t.Text), telegram) {
		opens[opensTelegram] = yes
		t.Text = telegramWord.ReplaceAllString(t.Text, " ")
	}
	switch {
	case len(t.ownPermanences(t.MeID)) == 0:
		t.Reply("permanences.aucune", nil)
		return
	case opens[opensTelegram] != "" && t.bot.StartLink == nil:
		t.Reply("affiche.sans-telegram", nil)
		return
	}
	switch found := t.permanencesNamed(t.readSchedule("")); len(found) {
	case 0:
		t.Reply("permanence.introuvable", nil)
	case 1:
		t.sendPoster(found[0], opens)
	default:
		t.askWhichPermanence(found, intents.Affiche, opens)
	}
}

var telegramWord = regexp.MustCompile(`(?i)\btelegram\b`)

// opensTelegram is the value of an order of a poster whose square opens Telegram.
const opensTelegram = "telegram"

func (t *Turn) sendPoster(p permanence, opens map[string]string) {
	key, kind := "affiche", ""
	if opens[opensTelegram] != "" {
		key, kind = "affiche.telegram", TelegramPoster
	}
	t.answer(ForTalk, &Message{Key: key, Args: t.described(p.Permanence), File: PosterFiles + p.id + kind + ".pdf"})
}

// keyword is what asks for reminders of a commune: its name as one types it, with its postcode when the name alone is not understood.
func (t *Turn) keyword(c intents.Commune) string {
	name := strings.ToUpper(strings.NewReplacer("œ", "oe", "Œ", "OE", "’", "'").Replace(plain(c.Name)))
	tries := []string{name}
	for _, post := range c.Postcodes {
		tries = append(tries, post, name+" "+post)
	}
	for _, words := range tries {
		found := t.communesIn("RAPPEL "+words, true)
		if len(found) == 1 && found[0].Code == c.Code {
			return "RAPPEL " + words
		}
	}
	return "RAPPEL " + name // she will be asked which one
}
