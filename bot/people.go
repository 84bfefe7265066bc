package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Person is somebody the bot reaches or answers. The number of an usager stands here and nowhere else.
type Person struct {
	V         int       `json:"v"`
	Name      string    `json:"name,omitempty"` // "Jeanne", "Jeanne D.", "Marie Lecomte"; empty: she wrote, nobody named her
	Addresses []Address `json:"addresses"`      // in the order in which she wants to be reached
	Stopped   bool      `json:"stopped,omitempty"`
	Paused    bool      `json:"paused,omitempty"`  // said in free words that it is too much, and was asked
	FirstRdv  string    `json:"greeted,omitempty"` // the first appointment: its messages tell how to stop them
	Told      string    `json:"told,omitempty"`    // how she was told that she gets messages: "vive_voix"…
	ToldAt    time.Time `json:"told_at,omitzero"`
	Basis     string    `json:"basis,omitempty"`     // on what legal basis she is written to: publicTask
	Directed  string    `json:"directed,omitempty"`  // when she was directed to a place, "2026-12-04"; "proposed": it was proposed
	Rdvs      []string  `json:"rdvs,omitempty"`      // appointments that may still be to come
	Invited   string    `json:"invited,omitempty"`   // the outreach that wrote to her last
	Broadcast string    `json:"broadcast,omitempty"` // the broadcast that wrote to her since
	OpinionAt time.Time `json:"opinion,omitzero"`    // when she was asked last what she thinks

	// Of a professional, as the channels she is in say; see members.go.
	Role        Role     `json:"role,omitempty"`        // Conseiller or Coordinateur; Anyone when she left, and of usagers
	Territories []string `json:"territories,omitempty"` // départements: "50"; of who left, those in which she was
	Hubs        []string `json:"hubs,omitempty"`        // names of hubs régionaux
	Language    string   `json:"language,omitempty"`    // that she reads: "en"; "" French
	Welcomed    bool     `json:"welcomed,omitempty"`    // she was welcomed, or wrote first: she knows the bot
	Leave       Leave    `json:"leave,omitzero"`        // when somebody covers her
	Covers      []string `json:"covers,omitempty"`      // whom she covers, or once covered: their leave says when
	Quiet       Quiet    `json:"quiet,omitzero"`        // the hours in which news wait
	CheckIn     bool     `json:"check_in,omitempty"`    // she wants to be asked for a sign after a visit at home
	Digest      bool     `json:"digest,omitempty"`      // she wants the day's appointments in the morning
	NoteSilent  bool     `json:"note_silent,omitempty"` // she wants no reminder of activities
	NoteAsked   string   `json:"note_asked,omitempty"`  // the day of which she was reminded last, and noted nothing since: nothing more is asked
	LinkNumber  int      `json:"calendar,omitempty"`    // of the links of her calendar: another number is a link that she revoked
}

// Leave is a span of days during which somebody else may do all that the one on leave may do.
type Leave struct {
	From  string `json:"from"`  // the first day, "2026-12-24", in the installation's zone
	To    string `json:"to"`    // the last day, included
	Cover string `json:"cover"` // the id of who covers
}

// runs tells whether a day ("2026-12-24") is one of the leave.
func (l Leave) runs(day string) bool { return l.From != "" && l.From <= day && day <= l.To }

// covers tells whether somebody covers on a day.
func (l Leave) covers(person, day string) bool {
	return person != "" && l.Cover == person && l.runs(day)
}

// On returns the person's address on a network; "" when she has none there.
func (p *Person) On(network string) Address {
	for _, a := range p.Addresses {
		if a.Network() == network {
			return a
		}
	}
	return ""
}

// listens tells whether she accepts messages that she did not ask for.
func (p *Person) listens() bool { return !p.Stopped && !p.Paused }

// first is where she wants to be reached; "" when she cannot be.
func (p *Person) first() Address {
	if len(p.Addresses) == 0 {
		return ""
	}
	return p.Addresses[0]
}

// right is something that one does with a record about somebody.
type right int

// The rights.
const (
	toSee    right = iota
	toChange       // move, cancel, bring back
	toAnswer       // write to the usager
)

// may tells whether who acts in this turn may do something with a record. Every rule that shows or changes somebody's record
// asks it. A counsellor may all with what is hers, and so may her cover while her leave runs. A coordinator sees and changes what lies
// in her territories, and leaves the talking to the counsellor. What is the coordination's is nobody's own. Nobody else's colleague may
// anything. Usagers see and change what tells about them.
func (t *Turn) may(do right, r Record) bool {
	if t.Role == Usager {
		return do != toAnswer && slices.Contains(t.People, r.Subject)
	}
	return t.Role.IsPro() && (!Kinds[r.Kind].Common && t.standsFor(r.Owner) || slices.Contains(t.Role.rank().over, do) && t.Me != nil && slices.Contains(t.Me.Territories, territory(r.Place)))
}

// standsFor tells whether who acts is the owner of a record, or covers her today.
func (t *Turn) standsFor(owner string) bool {
	if owner == "" || owner == t.MeID {
		return owner != ""
	}
	p, _ := load[Person](t, owner)
	return p.Leave.covers(t.MeID, t.Now.Format(dayLayout))
}

// publicTask is the legal basis of reminders: a task in the public interest, RGPD article 6.1.e. She may object at any time.
const publicTask = "mission-interet-public"

// Holders is who is reached at an address: the people of a line, or the line of a linked account.
type Holders struct {
	V       int      `json:"v"`
	People  []string `json:"persons,omitempty"`
	Account Address  `json:"account,omitempty"` // that is another way to them
	Line    Address  `json:"line,omitempty"`    // of an account: the number whose people are reached there too
}

// Objection is what an address said it does not want. It holds for everybody reached there, also for those who come later.
type Objection struct {
	V         int  `json:"v"`
	Stopped   bool `json:"stopped,omitempty"`   // STOP, until START
	Paused    bool `json:"paused,omitempty"`    // too much, in free words, until she chooses
	Elsewhere bool `json:"elsewhere,omitempty"` // the provider's list said so once: a START that came later counts more
}

// listens tells whether messages may go to the address.
func (o *Objection) listens() bool { return !o.Stopped && !o.Paused }

// Refusal is that somebody at an address said no to a campaign, or that its number is not whose it was thought to be: for six months no list invites
// there, from whatever hand. The words of a counsellor and appointments still go there.
type Refusal struct {
	V       int  `json:"v"`
	NotHers bool `json:"not_hers,omitempty"` // the number is somebody else's
}

// Chat is what was said with an address, and asked there last. There is one open question.
type Chat struct {
	V int `json:"v"`
	Asking
	Asked       time.Time      `json:"asked,omitzero"`        // when the last question was opened
	Rdvs        []string       `json:"rdvs,omitempty"`        // appointments she was asked about and did not answer
	Last        string         `json:"last,omitempty"`        // the appointment talked of last
	List        []string       `json:"list,omitempty"`        // the last list of appointments shown, numbered from 1
	Commune     string         `json:"commune,omitempty"`     // that an usager asked about last: its INSEE code
	Permanences []string       `json:"permanences,omitempty"` // the last list of permanences shown, numbered from 1
	Occasions   []string       `json:"occasions,omitempty"`   // workshops she was invited to and did not answer: "gathering/3-2026-12-10"
	Occasion    string         `json:"occasion,omitempty"`    // the one talked of last, if no appointment was since
	Invited     string         `json:"invited,omitempty"`     // the invitation of a campaign that she was asked last of all: "campaign/7/p42"
	Broadcast   string         `json:"broadcast,omitempty"`   // the broadcast that wrote to her, if nothing was said since: "campaign/8/p42"
	Ended       string         `json:"ended,omitempty"`       // the one of which an organiser was asked last who came
	Campaigns   []string       `json:"campaigns,omitempty"`   // campaigns that were shown, by their numbers, from 1
	Calls       []string       `json:"calls,omitempty"`       // the last list of calls to make, numbered from 1: campaign and recipient
	Partners    []string       `json:"partners,omitempty"`    // the last list of partners shown, numbered from 1
	Referrals   map[int]string `json:"referrals,omitempty"`   // those who wait for a yes, by the numbers she was told
	Referred    int            `json:"referred,omitempty"`    // the last of those numbers
	WrongCodes  int            `json:"wrong_codes,omitempty"` // that were no partner's, on Day
	Paused      *Filling       `json:"paused,omitempty"`      // the form that was begun last and not ended
	PausedAt    time.Time      `json:"paused_at,omitzero"`    // when something was asked of it last
	Done        string         `json:"done,omitempty"`        // the key of the last question with buttons that was closed
	Undo        string         `json:"undo,omitempty"`        // the appointment cancelled last, which "rétablir" brings back
	Listed      bool           `json:"listed,omitempty"`      // the last numbers she was shown were those of what her words may mean, and none was chosen
	Wrote       time.Time      `json:"wrote,omitzero"`        // when an usager wrote last
	Talker      string         `json:"talker,omitempty"`      // the counsellor whose own words she got last, unless she was asked something since
	TalkedTo    string         `json:"talked_to,omitempty"`   // to whom of those at this address
	Talked      time.Time      `json:"talked,omitzero"`       // when
	Day         string         `json:"day,omitempty"`         // the day of Said
	Said        int            `json:"said,omitempty"`        // answers given that day
}

// answersADay is how many answers an address gets in a day (UTC), at most: beyond that it is a machine that answers a machine.
const answersADay = 40

// countAnswer counts one more answer, and tells whether it may be given.
func (c *Chat) countAnswer(now time.Time) bool {
	c.newDay(now)
	c.Said++
	return c.Said <= answersADay
}

// newDay begins to count anew on another day.
func (c *Chat) newDay(now time.Time) {
	if day := now.UTC().Format(dayLayout); c.Day != day {
		c.Day, c.Said, c.WrongCodes = day, 0, 0
	}
}

// subject is the person whom the open question is about: what is asked is erased with her.
func (c *Chat) subject(t *Turn) (person string) {
	switch {
	case c.Filling != nil:
		return strings.TrimPrefix(c.Filling.About, "person/")
	case agreements()[intents.Intent(c.Act)].aboutPerson:
		return c.Target
	case c.Act == string(intents.InviterRencontre):
		person, _ = t.personID(&Draft{Phone: c.Values["numero"], Name: c.Values["prenom"]})
	case c.Draft != nil && c.Draft.Phone != "":
		person, _ = t.personID(c.Draft)
	}
	return person
}

// answered notes that she was heard about an appointment.
func (c *Chat) answered(rdv string) {
	c.Rdvs = slices.DeleteFunc(c.Rdvs, func(id string) bool { return id == rdv })
	c.turn()
	c.Last = rdv
}

// turn leaves what was said last for something else.
func (c *Chat) turn() {
	c.yield()
	c.Occasion, c.Invited, c.Broadcast = "", "", ""
}

// yield ends a question that anything else may cut short: what she thinks of an appointment.
func (c *Chat) yield() {
	if c.Topic == topicOpinion {
		c.close()
	}
}

// awaits tells that an answer is waited for, which nothing may cut short.
func (c *Chat) awaits(now time.Time) bool {
	return c.Topic != "" && c.Topic != topicOpinion && now.Sub(c.Asked) < QuestionLife
}

// invite notes that she is asked about the invitation of a campaign; changed is false when that needs no note, because nothing else was ever asked.
func (c *Chat) invite(about string) (changed bool) {
	if c.askedLast(about) && c.Broadcast == "" {
		return false
	}
	c.turn()
	c.Invited = about
	return true
}

// askedLast tells whether an invitation is what she was asked last: a bare number answers that and nothing else.
func (c *Chat) askedLast(about string) bool {
	return c.Invited == about || c.Invited == "" && c.Last == "" && c.Occasion == "" && len(c.Rdvs) == 0 && len(c.Occasions) == 0
}

// settle ends the open question with an answer about an appointment.
func (c *Chat) settle(rdv string) {
	c.close()
	c.answered(rdv)
}

// wonder notes that she is asked about an appointment: what she says next answers that, and no older question.
func (c *Chat) wonder(rdv string) {
	c.close()
	c.Talker = ""
	c.answered(rdv)
	c.Rdvs = append(c.Rdvs, rdv)
}

// strangerLife is how long a number that nobody named is kept after its last message.
const strangerLife = 30 * day

// lastContact is the moment from which the retention of a person counts; a stranger's is set back, so that it ends sooner, unless she
// asked to be told of something.
func lastContact(p *Person, now time.Time) time.Time {
	if p.Name == "" && p.Told == "" {
		return now.Add(strangerLife - Kinds["person"].Retention)
	}
	return now
}

// PeopleAt are the ids of those reached at an address.
func PeopleAt(ctx context.Context, s Store, a Address) ([]string, error) {
	recs, err := s.Get(ctx, "address", string(a))
	if err != nil || len(recs) == 0 {
		return nil, err
	}
	var h Holders
	if err := decode(recs[0], &h); err != nil {
		return nil, err
	}
	if h.Line != "" {
		return PeopleAt(ctx, s, h.Line)
	}
	return h.People, nil
}
