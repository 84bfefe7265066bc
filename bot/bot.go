// Package bot is what Passeur knows and decides. An event comes in, a turn goes out: the first rule of one table
// that fits the event fills in a turn, and the store commits all that the turn leaves behind at once — records, tasks,
// cancellations and the event's ID — so that the same event is handled once. What is due later is again an event: a
// reminder is an intent that the bot sends to its future self.
//
// The package is pure: no network, no database, no clock. The time of an event is in the event.
//
// Where to look:
//
//   - the engine: bot (hear, decide, commit), event, turn (its verbs), rules (the table), decide (which rule), understand (what a text
//     means), question (what is open), meaning (what a doubtful text may mean), inbox, locks;
//   - contracts: store, task, network, receipt, cluster, replica (who is there), settings;
//   - what is kept: kinds (each kind of record, for how long), bodies;
//   - may it leave: gate (asked before each send, and by previews), hours (nights, Sundays, holidays), pause (stopped by the operator), shaming (what
//     no text says), usagertexts (what usagers may be told, in how many SMS), explain (what waits, in words);
//   - who: roles, people, ways (by which network), account (Telegram), members (who Mattermost says is one), names, language, consent (STOP, QUI, EFFACER), preferences;
//   - appointments: draft, booking, appointment, answers, reminder, agenda, attendance, slots (another date), visit (at home);
//   - permanences: recurrence, school, declare, permanence, sessions, sessionmove, subscribe, nearest, territory, priority, poster;
//   - gatherings: gathering, gatheringdeclare, announce (the posts, and what those who come are told), rsvp (places and the waiting list), gatheringchange, workshop
//     and workshopanswer (usagers, by SMS), came (who was there);
//   - other tools: outside, outsiderdv (their appointments), feed (their calendars), calendar (ours for them), direction and directory (places to go to);
//   - outreach: list (what a row must be), listimport, campaign (what is kept), campaignform, campaignshow (what is approved), campaigns (held, counted), wave
//     (the sequence), invitation (what people answer), calls; to people who are known: broadcast (what it is, its form, what they answer), audience (who they
//     are), broadcastshow (what is approved);
//   - peers: asking (a question to colleagues, until it is put), inquiry (what is kept of it), colleagues and library (who may be asked, and what was answered, in
//     memory), presence (who is there), workhours, peer (what is known of one) and route (whom to ask, arithmetic), solicit (rings, deadlines, coordinators),
//     inquirythread (which question words are about), answering (what who is asked does), settling (what who asked does with it), helping (what she says of herself and may take back), card (an answer that helped, until it
//     expires), inquiryfigures (what coordinators see);
//   - referral: partner (who refers, by a code or a form), referral (the line and its checks), referrals (who waits for a yes);
//   - imports: source, rdvimport, schoolimport, answer;
//   - talking: talk (words passed on), words (a counsellor's own), thread, news, delivery (what became of a message), misread;
//   - mandates: mandate, mandateend;
//   - activities: activity (words that become one, and the form), activitykeep (kept, changed, once), activitytally (counted), activityend (what is over, and who is asked to note it),
//     bilan (figures), activitysteer (what coordinators see, and tables), opinion (what usagers think, by SMS);
//   - saying: texts (the catalogue), choice (buttons), form, formread and formvalues (what answers mean), fill, formmoves (back, correct, stop, resume), formkeep (forms without code), help.
//
// What it keeps, under which keys, is the list Kinds. Package dialogue reads and plays the dialogues of testdata. Errors of functions that read or
// write the store are the store's, unless they say more.
package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"passeur/intents"
)

// Deps are what the bot is made of. Every field but CalendarLink, PartnerLink, StartLink, Presence, Wake and Trace is needed.
type Deps struct {
	Store     Store
	Settings  Settings
	Reader    intents.Reader
	Gazetteer *intents.Gazetteer
	Texts     *Catalogue            // French
	Foreign   map[string]*Catalogue // by language: what may be read instead
	Forms     map[string]Form       // by id
	Abilities map[string]Abilities  // by network
	// CalendarLink makes the secret address of a professional's calendar, of the number that her links hold; nil: there are no addresses.
	CalendarLink func(person string, n int) string
	// PartnerCode makes the code of a partner, six of intents.CodeLetters that nobody guesses; another one for each n. PartnerLink makes the
	// secret address of its form; nil: there are no addresses.
	PartnerCode func(partner string, n int) string
	PartnerLink func(partner string) string
	// StartLink is the link that opens our account of Telegram and carries a word there, of at most 64 characters of A-Z a-z 0-9 _ -; nil: there is
	// none. LinkCode makes such a word of at most 32 that nobody guesses, always the same for the same thing.
	StartLink func(carried string) string
	LinkCode  func(of string) string
	// CoopLink is the link that opens La Coop's form with an activity filled in, "" when it has no form for it; nil: there are no links.
	CoopLink func(Report) string
	// Presence tells whether a professional is there now, at once and without asking anybody; nil: nobody knows.
	Presence func(Address) Presence
	Wake     func(ctx context.Context, network string) // told after a commit that something is due there; may be nil
	Trace    func(rule string)                         // told which rule took an event; for tests; may be nil
	Log      *slog.Logger
}

// Bot handles events. It is safe for concurrent use; events of one person, or about one thing, wait for each other.
type Bot struct {
	Deps
	rules  []Rule
	bound  map[Role][]intents.Intent // intents that only rules with an About take
	spoken intents.Languages         // how each language is asked for
	zones  map[string]*time.Location
	school map[string][]SchoolBreak // by zone
	week   WorkHours                // of professionals who say nothing else
	locks  locks

	colleagues colleagues // who may be asked
	library    library    // what was answered
}

// New puts a bot together. It fails on settings that name a département without a time zone, on forms that have no use here, and on a
// language that does not say how one asks for it.
func New(p Deps) (*Bot, error) {
	if err := checkForms(p.Forms); err != nil {
		return nil, err
	}
	if err := CheckOpinions(p.Settings.Opinions, p.Forms); err != nil {
		return nil, fmt.Errorf("opinions : %w", err)
	}
	if err := checkPromises(p.Texts, p.Abilities); err != nil {
		return nil, err
	}
	places, err := zones(p.Settings.Territories)
	if err != nil {
		return nil, err
	}
	school, err := ReadSchoolBreaks(schoolTable)
	if err != nil {
		return nil, err
	}
	spoken, err := LanguagesOf(p.Texts, p.Foreign)
	if err != nil {
		return nil, err
	}
	table := rules()
	return &Bot{Deps: p, rules: table, bound: boundIntents(table), spoken: spoken, zones: places, school: school, week: weekOf(p.Settings.Work)}, nil
}

// texts is the catalogue of a language; French for those there is none of.
func (b *Bot) texts(language string) *Catalogue {
	if c := b.Foreign[language]; c != nil {
		return c
	}
	return b.Texts
}

// Zone is the time zone of a place ("50/50147"); the installation's own for "" and for places it does not serve.
func (b *Bot) Zone(place string) *time.Location {
	if loc := b.zones[territory(place)]; loc != nil {
		return loc
	}
	return b.zones[b.Settings.Territories[0]]
}

// Hear takes an event in. An event with a cursor is first kept in the inbox, in one commit with the cursor, because its
// network will not repeat it; from then on it is the bot's to handle, and Hear returns nil. Any other event is
// handled on the spot: an error means that nothing was kept and the network must repeat it.
func (b *Bot) Hear(ctx context.Context, e Event) (Response, error) {
	if e.Cursor == "" {
		return b.handle(ctx, e)
	}
	err := b.keep(ctx, e)
	if errors.Is(err, ErrSeen) {
		return Response{}, nil
	}
	if err != nil {
		return Response{}, err
	}
	answer, err := b.handle(ctx, e)
	if err != nil {
		b.Log.Warn("event stays in the inbox", "event", e.ID, "err", err)
	}
	return answer, nil
}

// keep writes the event into the inbox and moves its network's cursor.
func (b *Bot) keep(ctx context.Context, e Event) error {
	body, err := json.Marshal(cursor{V: 1, At: e.Cursor})
	if err != nil {
		return err
	}
	resume := Record{Kind: "cursor", ID: e.Resuming, At: e.At, Body: body}
	entry, err := inboxRecord(e, "waiting")
	if err != nil {
		return err
	}
	return again(ctx, func() error {
		was, err := b.Store.Get(ctx, "cursor", e.Resuming)
		if err != nil {
			return err
		}
		if len(was) > 0 {
			resume.Version = was[0].Version
		}
		return b.Store.Commit(ctx, Change{Event: "kept/" + e.ID, Now: e.At, Records: []Record{entry, resume}})
	})
}

// cursor is the body of a cursor record: where a network resumes listening, in its own words.
type cursor struct {
	V  int    `json:"v"`
	At string `json:"at"`
}

// ReadCursor reads where a network resumes listening off a cursor record.
func ReadCursor(rec Record) (string, error) {
	var c cursor
	err := decode(rec, &c)
	return c.At, err
}

// Handle handles an event now. It returns nil when the event was committed, was seen before, or was parked because
// its rule fails; an error when the store could not keep anything of it.
func (b *Bot) Handle(ctx context.Context, e Event) error {
	_, err := b.handle(ctx, e)
	return err
}

const (
	ruleTries     = 3  // then the event is parked
	conflictTries = 12 // against other replicas, and for what all share, such as the number of the next question
)

// handle decides and commits; an event that was kept leaves the inbox with it, or is parked there.
func (b *Bot) handle(ctx context.Context, e Event) (answer Response, err error) {
	defer b.locks.take(lockKeys(e)...)()
	for try := 1; try <= ruleTries; try++ {
		err = again(ctx, func() (err error) { answer, err = b.turn(ctx, e, inInbox(e)...); return err })
		var fault storeFault
		switch {
		case err == nil:
			return answer, nil
		case errors.Is(err, ErrSeen):
			return Response{}, b.forgetKept(ctx, e)
		case errors.As(err, &fault), ctx.Err() != nil:
			return Response{}, err
		}
	}
	b.Log.Error("event parked", "event", e.ID, "err", err)
	return Response{}, b.park(ctx, e)
}

func lockKeys(e Event) []string {
	var keys []string
	if e.From != "" {
		keys = append(keys, string(e.From))
	}
	if e.About != "" {
		keys = append(keys, e.About)
	}
	return keys
}

// again repeats try while it meets a conflict, with growing jitter.
func again(ctx context.Context, try func() error) error {
	err := try()
	for n := 1; errors.Is(err, ErrConflict) && n < conflictTries; n++ {
		select {
		case <-time.After(rand.N(time.Millisecond << n)):
		case <-ctx.Done():
			return ctx.Err()
		}
		err = try()
	}
	return err
}

// storeFault marks an error of the store: nothing is wrong with the event, it is worth repeating.
type storeFault struct{ error }

func (f storeFault) Unwrap() error { return f.error }

// turn decides and commits once; done are the records to erase with it. A rule that panics is a rule that fails.
func (b *Bot) turn(ctx context.Context, e Event, done ...Record) (answer Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("rule panicked: %v\n%s", p, debug.Stack())
		}
	}()
	t := b.open(ctx, e)
	if t.err != nil {
		return answer, t.err
	}
	if err := b.decide(t); err != nil {
		return answer, err
	}
	if len(t.response.Errors) > 0 {
		return t.response, nil // nothing is done: the same form may come again, mended
	}
	t.change.Records = append(t.change.Records, done...)
	return t.response, b.commit(ctx, t)
}

func (b *Bot) commit(ctx context.Context, t *Turn) error {
	if err := t.gather(); err != nil {
		return err
	}
	err := b.Store.Commit(ctx, t.change)
	if err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrSeen) {
		return storeFault{err}
	}
	if err == nil {
		b.rewind(t.change.Records)
		b.wake(ctx, t.change.Tasks)
	}
	return err
}

// rewind has what is kept in memory read records again that were written with an older date.
func (b *Bot) rewind(written []Record) {
	for _, rec := range written {
		switch {
		case rec.Kind == "peer", rec.Kind == "person" && Role(rec.State).IsPro():
			b.colleagues.rewind(rec.At)
		case rec.Kind == "card":
			b.library.rewind(rec.At)
		}
	}
}

func (b *Bot) wake(ctx context.Context, tasks []Task) {
	if b.Wake == nil {
		return
	}
	woken := map[string]bool{}
	for _, task := range tasks {
		if !woken[task.Network] {
			woken[task.Network] = true
			b.Wake(ctx, task.Network)
		}
	}
}
