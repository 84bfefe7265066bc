package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Inquiry is a question that a counsellor asks her colleagues. Its id is its number, by which people name it.
type Inquiry struct {
	V         int       `json:"v"`
	ID        string    `json:"number"`
	Owner     string    `json:"owner"` // who asks
	Text      string    `json:"text"`
	Added     []string  `json:"added,omitempty"` // what she added before anybody answered
	Themes    []string  `json:"themes,omitempty"`
	Asked     time.Time `json:"asked"`
	Post      string    `json:"post,omitempty"`    // the key of the post of her thread
	Channel   Address   `json:"channel,omitempty"` // where the question was marked
	Root      string    `json:"root,omitempty"`    // the network's id of the post there that begins its thread
	Ring      Ring      `json:"ring,omitempty"`    // the widest in which somebody may be asked
	Asks      []Ask     `json:"asks,omitempty"`    // in the order in which they were made, each colleague once
	Answers   []Answer  `json:"answers,omitempty"` // all that were given, numbered from 1
	Accepted  int       `json:"accepted,omitempty"`
	State     string    `json:"state"`
	Due       time.Time `json:"due,omitzero"`         // until when an answer may be expected, as she was told
	Waits     int       `json:"waits,omitempty"`      // how often a look at it was planned
	Tells     string    `json:"tells,omitempty"`      // what the next look tells her, whatever the hour: see tellsPosted
	Announced int       `json:"announced,omitempty"`  // how many asks she was told of
	Alone     bool      `json:"alone,omitempty"`      // there was nobody to ask
	Up        bool      `json:"up,omitempty"`         // the desk was told, where nobody coordinates
	UpUntil   time.Time `json:"up_until,omitzero"`    // until when the coordinators have time
	Unreached []string  `json:"unreached,omitempty"`  // who cannot be written to
	AskedBack bool      `json:"asked_back,omitempty"` // a colleague wants to know more, and she has said nothing since
}

// States of an inquiry.
const (
	inquiryOpen      = "open"      // nobody has answered
	inquiryUp        = "up"        // the same, and the coordinators know
	inquiryAnswered  = "answered"  // somebody has; who asks has not said whether it helps
	inquiryAccepted  = "accepted"  // an answer is the right one
	inquiryWithdrawn = "withdrawn" // who asks does not ask any more
)

// Ask is that one colleague was asked, and what she did. Who passed is told to nobody.
type Ask struct {
	Peer    string        `json:"peer"`
	Ring    Ring          `json:"ring,omitempty"`
	At      time.Time     `json:"at"`
	Due     time.Time     `json:"due,omitzero"` // until when she is waited for
	State   AskState      `json:"state"`
	Post    string        `json:"post,omitempty"`    // the key of her post
	Shown   string        `json:"shown,omitempty"`   // what it shows of how things stand
	Chance  float64       `json:"chance,omitempty"`  // that she answers, as it was when she was asked
	Able    float64       `json:"able,omitempty"`    // that she can, the same
	Free    time.Duration `json:"free,omitempty"`    // how long she was not free, the same
	Answers int           `json:"answers,omitempty"` // how often she had answered about the themes
	Says    bool          `json:"says,omitempty"`    // she says that she knows one of the themes
	Named   bool          `json:"named,omitempty"`   // a colleague named her
	Gave    bool          `json:"gave,omitempty"`    // she named a colleague
	Learnt  bool          `json:"learnt,omitempty"`  // that she passed was learnt
}

// AskState is what became of an ask.
type AskState string

// The states of an ask.
const (
	AskOpen     AskState = "open"     // she has said nothing yet
	AskTaken    AskState = "taken"    // she will answer
	AskPassed   AskState = "passed"   // not her, or not now
	AskAnswered AskState = "answered" // at least once
	AskLate     AskState = "late"     // her time was over before she said anything; she may still answer
)

// Answer is what a colleague answered.
type Answer struct {
	Peer    string    `json:"peer"`
	At      time.Time `json:"at"`
	Text    string    `json:"text"`
	Thanked bool      `json:"thanked,omitempty"` // she was thanked for it
	NoHelp  bool      `json:"no_help,omitempty"` // who asks said that it does not help
}

// RingWait is how much working time a ring has, once the first of those who were asked is free, before the next one is asked.
const RingWait = 45 * time.Minute

// Wait is how much working time is waited for those who were asked last, from the index from on: as long as the first of them to be free needs.
func (q *Inquiry) Wait(from int) time.Duration {
	free := time.Duration(-1)
	for _, a := range q.Asks[min(from, len(q.Asks)):] {
		if free < 0 || a.Free < free {
			free = a.Free
		}
	}
	return RingWait + max(0, free)
}

// nextDue and lastDue are when the first, and the last, of those who are waited for has no more time.
func (q *Inquiry) nextDue() (at time.Time) {
	for _, a := range q.Asks {
		if a.waited() && (at.IsZero() || a.Due.Before(at)) {
			at = a.Due
		}
	}
	return at
}

func (q *Inquiry) lastDue() (at time.Time) {
	for _, a := range q.Asks {
		if a.waited() {
			at = maxTime(at, a.Due)
		}
	}
	return at
}

// waited tells that a colleague is waited for.
func (a Ask) waited() bool { return a.State == AskOpen || a.State == AskTaken }

// Next are those who should be asked now, of all who might be: enough of those in the rings that are open, besides those who are being asked and have
// said nothing yet. It is nobody while somebody has taken the question.
func (q *Inquiry) Next(all []Candidate, now time.Time) []Pick {
	var asking []float64
	for _, a := range q.Asks {
		switch a.State {
		case AskTaken:
			return nil
		case AskOpen:
			asking = append(asking, a.Chance)
		}
	}
	all = slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool { return q.askOf(c.ID) >= 0 || slices.Contains(q.Unreached, c.ID) })
	picks := Rank(q.Themes, q.Ring, now, all)
	if len(picks) == 0 && len(asking) == 0 && q.Ring+1 == rings {
		picks = RankSpare(q.Themes, now, all)
	}
	return Choose(picks, asking...)
}

// askOf is the index of what was asked of somebody; -1: she was not asked.
func (q *Inquiry) askOf(person string) int {
	return slices.IndexFunc(q.Asks, func(a Ask) bool { return a.Peer == person })
}

// Ask notes that a colleague is asked. It returns false, and notes nothing, when her budget is used up.
func (q *Inquiry) Ask(p Pick, now time.Time) bool {
	if !p.Peer.Ask(now) {
		return false
	}
	a := Ask{Peer: p.ID, Ring: p.Ring, At: now, State: AskOpen, Chance: p.Chance, Able: p.Able, Free: p.Free}
	for _, theme := range q.Themes {
		a.Answers += p.Peer.Known[theme].Answers
		a.Says = a.Says || slices.Contains(p.Peer.Declared, theme)
	}
	q.Asks = append(q.Asks, a)
	return true
}

// Heard notes what a colleague who was asked did, and what that tells of her.
func (q *Inquiry) Heard(i int, state AskState, p *Peer, now time.Time) {
	was := q.Asks[i].State
	q.Asks[i].State = state
	if was == AskOpen || was == AskLate {
		p.heed(true, now)
	}
	switch state {
	case AskAnswered:
		p.learn(q.Themes, swayAnswered, now)
	case AskPassed:
		if !q.Asks[i].Learnt {
			p.learn(q.Themes, swayPassed, now)
		}
		q.Asks[i].Learnt = true
	}
}

// Expire waits no longer for those whose time is over; what is known of each is what peer gives. It tells whether there were any.
func (q *Inquiry) Expire(peer func(id string) *Peer, now time.Time) (any bool) {
	for i, a := range q.Asks {
		if !a.waited() || a.Due.After(now) {
			continue
		}
		any = true
		q.Asks[i].State = AskLate
		p := peer(a.Peer)
		p.Open = slices.DeleteFunc(p.Open, func(id string) bool { return id == q.ID })
		if a.State == AskOpen && a.Ring != RingUp {
			p.heed(false, now)
		}
	}
	return any
}

// Widen opens the next ring, and tells whether there was one.
func (q *Inquiry) Widen() bool {
	if q.Ring+1 >= rings {
		return false
	}
	q.Ring++
	return true
}

// whole is the question with all that was added to it: what colleagues read.
func (q *Inquiry) whole() string { return strings.Join(append([]string{q.Text}, q.Added...), "\n") }

// texts are all that people wrote in a question.
func (q *Inquiry) texts() []*string {
	all := []*string{&q.Text}
	for i := range q.Added {
		all = append(all, &q.Added[i])
	}
	for i := range q.Answers {
		all = append(all, &q.Answers[i].Text)
	}
	return all
}

// over tells whether nothing more is expected of anybody.
func (q *Inquiry) over() bool { return q.State == inquiryAccepted || q.State == inquiryWithdrawn }

// Waited is how many colleagues are waited for.
func (q *Inquiry) Waited() (n int) {
	for _, a := range q.Asks {
		if a.waited() {
			n++
		}
	}
	return n
}

// inquiry is an Inquiry as rules handle it.
type inquiry struct {
	id string
	*Inquiry
}

const inquiryAbout = "question/"

func (q inquiry) about() string { return inquiryAbout + q.id }

func (q inquiry) record(place string) Record {
	return Record{Kind: "inquiry", ID: q.id, Owner: q.Owner, Place: place}
}

func (t *Turn) inquiry(id string) (inquiry, bool) {
	q, ok := load[Inquiry](t, id)
	return inquiry{id, q}, ok
}

// inquiryOf is the inquiry of a name: "question/12".
func (t *Turn) inquiryOf(about string) (inquiry, bool) {
	id, ok := strings.CutPrefix(about, inquiryAbout)
	if id, _, _ = strings.Cut(id, "/"); !ok || id == "" {
		return inquiry{}, false
	}
	return t.inquiry(id)
}

// saveInquiry writes an inquiry, and shows how it stands to those who are asked; it stands in the territory of who asks, whose coordinators answer for what nobody answers.
func (t *Turn) saveInquiry(q inquiry) {
	q.V = 1
	t.showAsks(q)
	place := t.askerPlace(q)
	t.save("inquiry", q.id, func(r *Record) {
		r.Owner, r.Subject, r.Place, r.State, r.At = q.Owner, q.Owner, place, q.State, q.Asked
	})
}

// askerPlace is the territory of who asks.
func (t *Turn) askerPlace(q inquiry) string {
	asker, _ := load[Person](t, q.Owner)
	return cmp.Or(homeOf(asker), t.bot.Settings.Territories[0])
}

// peer is what is known of a professional as one who may be asked.
func (t *Turn) peer(person string) *Peer {
	p, _ := load[Peer](t, person)
	return p
}

func (t *Turn) savePeer(person string, p *Peer) {
	p.V = 1
	t.save("peer", person, func(r *Record) { r.Subject, r.At = person, t.At })
}

// Counter is the last number that was given to something that people name by its number.
type Counter struct {
	V int `json:"v"`
	N int `json:"n"`
}

// nextNumber is a number that nothing of a name had before.
func (t *Turn) nextNumber(name string) int {
	c, _ := load[Counter](t, name)
	c.V, c.N = 1, c.N+1
	t.save("counter", name, func(r *Record) { r.At = t.At })
	return c.N
}

// themesOf are the themes of a question, the likeliest to tell colleagues apart first: at most mostThemes.
func themesOf(text string) []string {
	all := allThemesOf(text)
	return all[:min(len(all), mostThemes)]
}

const (
	mostThemes   = 3
	anyProcedure = "aide_aux_demarches_administratives"
)

// themeNames are themes as people read them: "famille, CAF · mails"; a question of none is about anything.
func (t *Turn) themeNames(language string, themes []string) string {
	var names []string
	for _, theme := range themes {
		names = append(names, t.sayIn(language, "theme."+theme, nil))
	}
	if len(names) == 0 {
		return t.sayIn(language, "theme.autre", nil)
	}
	return strings.Join(names, " · ")
}
