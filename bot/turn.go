package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Turn is the answer to one event in the making: verbs for the rules, no business. What it reads and writes is
// committed at once or not at all. Its first error sticks: rules go on with empty records, and nothing is committed.
type Turn struct {
	Event
	Read   intents.Reading
	Chat   *Chat   // of the line of the address that wrote; never nil when there is one
	Me     *Person // who wrote; the first of those reached at the address
	MeID   string
	People []string  // everybody reached at the address
	Now    time.Time // of the event, in the installation's zone

	line     Address  // where what is said with who wrote is kept: From, or the number to which that account is linked
	response Response // what the network takes back on the spot

	found      []string       // what a doubtful text may mean
	read       bool           // a person was told what may be distress
	passed     bool           // a person was told her words
	toSigner   bool           // a bare answer to the broadcast that wrote to her last
	toCampaign bool           // a bare answer to the invitation that she was asked last
	guess      intents.Intent // what a text that was not understood was taken for
	question   *Question      // the open one with buttons, as it was before
	replaced   bool           // an answer takes its place
	expired    bool           // a question was open and is too old to be answered
	bot        *Bot
	ctx        context.Context
	docs       map[string]*doc
	order      []*doc
	change     Change
	said       int
	err        error
}

// doc is a record as this turn sees it.
type doc struct {
	rec   Record // as read; Version 0: it was not there
	body  any
	state string    // of an appointment as it was read
	at    time.Time // the same: its hour
	dirty bool
	gone  bool
}

// looking is a turn that no event caused and of which nothing is committed.
func (b *Bot) looking(ctx context.Context, now time.Time) *Turn {
	return b.open(ctx, Event{At: now, Role: Itself})
}

// open reads what is known about who wrote.
func (b *Bot) open(ctx context.Context, e Event) *Turn {
	t := &Turn{Event: e, bot: b, ctx: ctx, docs: map[string]*doc{}, Now: e.At.In(b.Zone(""))}
	t.change.Event, t.change.Now = e.ID, e.At
	if e.From == "" {
		return t
	}
	t.line = t.lineOf(e.From)
	holders, _ := load[Holders](t, string(t.line))
	t.Chat, _ = load[Chat](t, string(t.line))
	t.question = t.Chat.Question
	holders.People = slices.DeleteFunc(holders.People, func(id string) bool {
		_, ok := load[Person](t, id)
		return !ok // retention has ended
	})
	t.People = slices.Clone(holders.People)
	if len(t.People) > 0 {
		t.be(t.People[0])
	}
	t.readsIn()
	t.backInThread()
	return t
}

// readsIn notes in which language a professional reads, when her network says it.
func (t *Turn) readsIn() {
	if t.Me == nil || t.Role == Usager || t.Values["locale"] == "" {
		return
	}
	if language := LanguageOf(t.Values["locale"], t.bot.Foreign); language != t.Me.Language {
		t.Me.Language = language
		t.savePerson(t.MeID, t.Me)
	}
}

// be makes a person of this address the one who writes.
func (t *Turn) be(id string) {
	t.MeID = id
	t.Me, _ = load[Person](t, id)
}

// known makes sure that who writes has a record: professionals by their name, strangers without one. What is known already is not written
// again: keepContact renews it in time.
func (t *Turn) known() {
	if t.MeID == "" {
		t.meet()
	}
	was := *t.Me
	if name := t.Values["name"]; name != "" && t.Role != Usager {
		t.Me.Name = name
	}
	if t.Role.IsPro() {
		t.Me.Role, t.Me.Welcomed = t.Role, true
	}
	if t.docs["person/"+t.MeID].rec.Version == 0 || !reflect.DeepEqual(was, *t.Me) {
		t.savePerson(t.MeID, t.Me)
	}
}

// meet makes the record of somebody who has none; it must be saved.
func (t *Turn) meet() {
	t.MeID = t.newID("p")
	t.Me, _ = load[Person](t, t.MeID)
	t.Me.Addresses = []Address{t.line}
	t.hold(t.line, t.MeID)
	if t.From != t.line {
		t.Me.prefer(t.From)
	}
	t.readsIn()
}

// hold notes that a person is reached at an address; an address that said STOP has stopped her too. Of an account it is that of its line.
func (t *Turn) hold(a Address, person string) {
	holders, _ := load[Holders](t, string(a))
	if holders.Line != "" && holders.Line != a {
		t.hold(holders.Line, person)
		return
	}
	if !slices.Contains(holders.People, person) {
		holders.People = append(holders.People, person)
	}
	if holders.Account != "" { // which is known as long as its line is
		account, _ := load[Holders](t, string(holders.Account))
		t.saveHolders(holders.Account, account)
	}
	objection, _ := load[Objection](t, string(a))
	p, _ := load[Person](t, person)
	t.sameWays(p, holders)
	p.Stopped, p.Paused = p.Stopped || objection.Stopped, p.Paused || objection.Paused
	t.saveHolders(a, holders)
}

// newID makes an identifier that is the same when the same event is tried again. What an event may make several of is told apart by of.
func (t *Turn) newID(prefix string, of ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{prefix, t.ID}, of...), "\x00")))
	return prefix + hex.EncodeToString(sum[:6])
}

// load reads the record whose body is a T; ok is false when it does not exist, and the body is then empty, never nil. The
// same record is the same body for the whole turn.
func load[T any](t *Turn, id string) (body *T, ok bool) {
	kind := kindOf[T]()
	key := kind + "/" + id
	if d := t.docs[key]; d != nil {
		return d.body.(*T), d.rec.Version > 0 || d.dirty
	}
	d := &doc{rec: Record{Kind: kind, ID: id}, body: new(T)}
	t.docs[key], t.order = d, append(t.order, d)
	if t.err != nil {
		return d.body.(*T), false
	}
	recs, err := t.bot.Store.Get(t.ctx, kind, id)
	if err != nil {
		t.err = storeFault{err}
		return d.body.(*T), false
	}
	if len(recs) == 0 {
		return d.body.(*T), false
	}
	d.rec = recs[0]
	d.state, d.at = d.rec.State, d.rec.At
	d.rec.ID = id // of a keyed kind: in the clear, as it was asked for
	if err := decode(recs[0], d.body); err != nil {
		t.err = err
	}
	return d.body.(*T), true
}

// find asks for records; those that are acted on must be loaded.
func (t *Turn) find(q Query) []Record {
	if t.err != nil {
		return nil
	}
	recs, err := t.bot.Store.Find(t.ctx, q)
	if err != nil {
		t.err = storeFault{err}
	}
	return recs
}

// findAll is find, page after page.
func (t *Turn) findAll(q Query) (all []Record) {
	for {
		page := t.find(q)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		q.AfterAt, q.AfterID = page[len(page)-1].At, page[len(page)-1].ID
	}
}

// save writes a loaded record's body and facets at the end of the turn.
func (t *Turn) save(kind, id string, set func(*Record)) {
	d := t.docs[kind+"/"+id]
	d.dirty = true
	set(&d.rec)
}

func (t *Turn) savePerson(id string, p *Person) {
	p.V = 1
	t.save("person", id, func(r *Record) { r.Subject, r.State, r.At = id, string(p.Role), lastContact(p, t.At) })
}

func (t *Turn) saveHolders(a Address, h *Holders) {
	h.V = 1
	t.save("address", string(a), func(r *Record) { r.At = t.At })
	t.docs["address/"+string(a)].gone = len(h.People) == 0 && h.Line == ""
}

func (t *Turn) saveChat() {
	if t.Chat != nil {
		t.saveChatOf(t.line, t.Chat)
	}
}

func (t *Turn) saveChatOf(a Address, c *Chat) {
	c.V = 1
	about := c.subject(t)
	t.save("chat", string(a), func(r *Record) { r.At, r.Subject = t.At, about })
}

// erase removes a loaded record at the end of the turn.
func (t *Turn) erase(kind, id string) {
	if d := t.docs[kind+"/"+id]; d != nil {
		d.gone = true
	}
}

// eraseRecord removes a record that a query found, of whatever kind, loaded or not.
func (t *Turn) eraseRecord(rec Record) {
	key := rec.Kind + "/" + rec.ID
	if t.docs[key] == nil {
		d := &doc{rec: rec, body: Kinds[rec.Kind].New()}
		t.docs[key], t.order = d, append(t.order, d)
	}
	t.docs[key].gone = true
}

// gather turns what was loaded and saved into the change.
func (t *Turn) gather() error {
	if t.err != nil {
		return t.err
	}
	for _, d := range t.order {
		if !d.dirty && !d.gone {
			t.change.Reads = append(t.change.Reads, Read{d.rec.Kind, d.rec.ID, d.rec.Version})
			continue
		}
		rec := d.rec
		if d.gone {
			if rec.Version == 0 {
				continue
			}
			rec.Body = nil
		} else {
			body, err := encode(d.body, d.rec.Body)
			if err != nil {
				return err
			}
			rec.Body = body
			t.tally(d)
		}
		t.change.Records = append(t.change.Records, rec)
	}
	t.change.Tally = Summed(t.change.Tally)
	return nil
}

// ReplyFor says something to who wrote, in the thread they wrote in. It leaves at once.
func (t *Turn) ReplyFor(purpose Purpose, key string, args Args) {
	t.answer(purpose, &Message{Key: key, Args: args})
}

// answer returns the key of the task, unless nothing more may be said today. The first answer to a button takes the place of
// the question.
func (t *Turn) answer(purpose Purpose, m *Message) (key string, ok bool) {
	if t.MeID == "" {
		t.known()
	}
	if purpose == ForTalk && t.Role == Usager && !t.Chat.countAnswer(t.At) {
		return "", false
	}
	if t.Role == Usager {
		t.atHome(t.Me.Language, m.Args)
	}
	if m.ReplyTo = t.ReplyTo; m.ReplyTo != "" && m.About == "" {
		m.About = t.About
	}
	if th, live := t.threadHere(); live && m.ReplyTo == "" {
		m.Thread, m.About = th.Root, t.About
	}
	if t.replaceQuestion() {
		m.Replaces = t.Pressed
	}
	return t.write(Task{To: t.MeID, Network: t.From.Network(), Lane: Reply, Purpose: purpose, At: t.At, Message: m}), true
}

// Reply is ReplyFor talk: it does not leave after STOP.
func (t *Turn) Reply(key string, args Args) { t.ReplyFor(ForTalk, key, args) }

// nextKey makes a task's key of the event's.
func (t *Turn) nextKey() string {
	t.said++
	return fmt.Sprintf("%s/%d", t.ID, t.said)
}

// write adds a task, with a key made of the event's unless it has one, and returns its key.
func (t *Turn) write(task Task) string {
	if task.Key == "" {
		task.Key = t.nextKey()
	}
	if task.Place == "" && task.Message != nil {
		task.Place = task.Message.Args[placeArg] // "demain" is that of the place
	}
	t.change.Tasks = append(t.change.Tasks, task)
	return task.Key
}

// Drop kills the pending tasks of a group; those written in this turn live.
func (t *Turn) Drop(group string) { t.change.Drop = append(t.change.Drop, group) }

// DropTo kills the pending tasks to a person; those written in this turn live.
func (t *Turn) DropTo(person string) { t.change.DropTo = append(t.change.DropTo, person) }

// say renders a text now, for who wrote and for a place inside another text.
func (t *Turn) say(key string, args Args) string {
	language := French
	if t.Me != nil {
		language = t.Me.Language
	}
	return t.sayIn(language, key, args)
}

// sayTo is say for another person.
func (t *Turn) sayTo(person, key string, args Args) string {
	p, _ := load[Person](t, person)
	return t.sayIn(p.Language, key, args)
}

func (t *Turn) sayIn(language, key string, args Args) string {
	out, _, err := t.bot.texts(language).Render(key, args, t.At.In(t.bot.Zone(args[placeArg])), anyLength)
	if err != nil && t.err == nil {
		t.err = err
	}
	return out
}
