package bot

import (
	"slices"
	"strings"
	"time"

	"passeur/intents"
	"passeur/intents/dates"
)

// Rdv is an appointment between an usager and a counsellor. The body is the truth; the record's facets repeat what is
// asked about.
type Rdv struct {
	V           int       `json:"v"`
	Owner       string    `json:"owner"`   // the counsellor
	Subject     string    `json:"subject"` // the usager
	Name        string    `json:"name"`    // of the usager
	With        string    `json:"with"`    // name of the counsellor
	At          time.Time `json:"at"`      // with the offset of its place
	Where       string    `json:"where"`   // "mairie de Coutances"
	Place       string    `json:"place"`   // "50/50147"
	State       string    `json:"state"`
	PlanVersion int       `json:"schedule"` // raised whenever the reminders are planned anew
	NotedAt     time.Time `json:"booked"`
	By          string    `json:"by,omitempty"`      // who cancelled: "usager" or "conseiller"
	Unsure      string    `json:"unsure,omitempty"`  // the key of a message of which nobody knew whether it arrived: a receipt may still tell
	Lost        string    `json:"lost,omitempty"`    // the key of one that a receipt said lost: another may say that it arrived
	Closed      string    `json:"closed,omitempty"`  // the session of a permanence with which it was cancelled: "permanence/m1/2026-12-08"
	Lasts       int       `json:"lasts,omitempty"`   // minutes; 0: rdvLength
	Outside     string    `json:"outside,omitempty"` // the tool that keeps it and its names for it: "rsp/90210/777"
	NoReminders bool      `json:"quiet,omitempty"`   // she wants no reminder of it
	Home        bool      `json:"home,omitempty"`    // a visit: Where names the commune, and usagers read "chez vous"
	Back        bool      `json:"back,omitempty"`    // the counsellor said that she is back from it
	Counted     string    `json:"counted,omitempty"` // how it counts among those that were kept or missed: "rappele/seen"
	Was         *Was      `json:"was,omitempty"`     // before the usager changed the date herself
	Asked       bool      `json:"asked,omitempty"`   // who did not come was offered another date
	Card        string    `json:"card,omitempty"`    // the key of the counsellor's post that shows how it stands
	CardAt      time.Time `json:"card_at,omitzero"`  // when that was written
	Known       time.Time `json:"known,omitzero"`    // until then she has not read where it was moved to: an answer is about the old hour
	Telling     string    `json:"telling,omitempty"` // the message that says so, while a general pause holds it back: nobody knows until when
}

// Was is where an appointment stood.
type Was struct {
	At    time.Time `json:"at"` // with the offset of its place
	Where string    `json:"where"`
	Place string    `json:"place"`
	State string    `json:"state"`
}

// States of an appointment, until its hour.
const (
	silent    = "silent"    // no answer yet
	confirmed = "confirmed" // she said that she comes
	cancelled = "cancelled"
	unreached = "failed" // no answer, and the last message failed
)

// rdv is an appointment as rules handle it.
type rdv struct {
	id string
	*Rdv
}

// heard forgets the message of which nobody knew whether it arrived, or that was said lost: what a receipt tells of it now is old news.
func (m rdv) heard() { m.Unsure, m.Lost = "", "" }

func (m rdv) about() string { return "rdv/" + m.id }

// record is what rights are decided by.
func (m rdv) record() Record {
	return Record{Kind: "rdv", ID: m.id, Owner: m.Owner, Subject: m.Subject, Place: m.Place}
}

// placeArg names the argument that no text shows: the place on whose calendar the others are read.
const placeArg = "place"

// args are what every text about an appointment may use.
func (m rdv) args() Args {
	args := Args{placeArg: m.Place, "rdv": m.At.Format(time.RFC3339), "lieu": m.Where, "conseiller": m.With, "prenom": m.Name}
	if m.Home {
		args[homeArg] = yes
	}
	return args
}

func (a Args) with(more ...string) Args {
	for i := 0; i+1 < len(more); i += 2 {
		a[more[i]] = more[i+1]
	}
	return a
}

func (t *Turn) rdv(id string) (rdv, bool) {
	r, ok := load[Rdv](t, id)
	if ok {
		r.At = r.At.In(t.bot.Zone(r.Place))
	}
	return rdv{id, r}, ok
}

// rdvOf is the appointment that a name of it, or of what belongs to it, begins with: "rdv/7", "rdv/7/absence".
func (t *Turn) rdvOf(about string) (rdv, bool) {
	id, ok := strings.CutPrefix(about, "rdv/")
	if !ok {
		return rdv{}, false
	}
	id, _, _ = strings.Cut(id, "/")
	return t.rdv(id)
}

func (t *Turn) saveRdv(m rdv) {
	m.V = 1
	t.save("rdv", m.id, func(r *Record) {
		r.Owner, r.Subject, r.Place, r.State, r.At = m.Owner, m.Subject, m.Place, m.State, m.At
	})
}

// keepRdv makes sure that an appointment is among those that its person may still come to.
func (t *Turn) keepRdv(m rdv) {
	p, _ := load[Person](t, m.Subject)
	if !slices.Contains(p.Rdvs, m.id) {
		p.Rdvs = append(t.stillToCome(p.Rdvs), m.id)
		t.savePerson(m.Subject, p)
		t.hasAppointment(m.Subject)
	}
}

// stillToCome leaves out of some appointments those that are over or erased.
func (t *Turn) stillToCome(ids []string) []string {
	return slices.DeleteFunc(ids, func(id string) bool {
		m, ok := t.rdv(id)
		return !ok || m.over(t.Now)
	})
}

// rdvs are the appointments that this usager's message may be about: those she was asked about, the last one
// talked of, and those to come of everybody at the address; past ones only when she was asked about them.
func (t *Turn) rdvs() []rdv {
	ids := slices.Clone(t.Chat.Rdvs)
	if t.Chat.Last != "" {
		ids = append(ids, t.Chat.Last)
	}
	for _, person := range t.People {
		p, _ := load[Person](t, person)
		ids = append(ids, p.Rdvs...)
	}
	if id, ok := strings.CutPrefix(t.About, "rdv/"); ok {
		ids = append(ids, id)
	}
	var out []rdv
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			continue
		}
		if m, ok := t.rdv(id); ok && slices.Contains(t.People, m.Subject) {
			out = append(out, m)
		}
	}
	return out
}

// grace is how long after its hour an appointment can still be answered: she may be on her way.
const grace = time.Hour

func (m rdv) over(now time.Time) bool { return now.Sub(m.At) > grace }

// which finds the appointment that a message is about. When several are possible it asks, and act is done with the one
// chosen; when none is left it says so. ok is false in both cases.
func (t *Turn) which(act intents.Intent) (rdv, bool) {
	all := slices.DeleteFunc(t.rdvs(), func(m rdv) bool { return m.over(t.Now) })
	open := among(all, strings.TrimPrefix(t.About, "rdv/")) // whose button she pressed
	if len(open) == 0 {
		open = t.named(all)
	}
	if len(open) == 0 {
		open = t.candidates(all)
	}
	switch {
	case len(open) == 0:
		t.tooLate()
		return rdv{}, false
	case len(open) > 1:
		t.askWhich(open, act, "lequel.usager")
		return rdv{}, false
	}
	return open[0], t.means(open[0], act)
}

// unread tells whether she has not read yet where the appointment was moved to.
func (t *Turn) unread(m rdv) bool {
	if m.Telling != "" {
		taken, _ := t.taken(m.Telling)
		return !taken
	}
	return t.At.Before(m.Known)
}

// means tells whether an answer can be taken for the appointment as it stands. One that names another day or another hour
// is a wish; one to an hour that was changed meanwhile, which she has not read yet, is asked again.
func (t *Turn) means(m rdv, act intents.Intent) bool {
	switch {
	case t.unread(m):
		m.Known, m.Telling = time.Time{}, ""
		t.saveRdv(m)
		t.Chat.wonder(m.id)
		t.Reply("rdv.deplace-depuis", m.args())
	case act != intents.Retard && t.namesAnother(m):
		t.wish(m)
	default:
		return true
	}
	return false
}

// namesAnother tells that the text speaks of another day or hour than the appointment's.
func (t *Turn) namesAnother(m rdv) bool {
	for _, w := range dates.Mentioned(t.Text, t.At.In(m.At.Location())) {
		if w.HasDay && daysBetween(w.Day, m.At) != 0 || w.HasTime && Clock(w.Hour*60+w.Minute) != clockOf(m.At) {
			return true
		}
	}
	return false
}

// candidates are, first, the appointments she was asked about; else the one talked of last; else all that stand.
func (t *Turn) candidates(all []rdv) []rdv {
	if asked := among(all, t.Chat.Rdvs...); len(asked) > 0 {
		return asked
	}
	if last := among(all, t.Chat.Last); len(last) > 0 {
		return last
	}
	if stand := standing(all); len(stand) > 0 {
		return stand
	}
	return all
}

// standing are those that were not cancelled.
func standing(ms []rdv) []rdv {
	return slices.DeleteFunc(slices.Clone(ms), func(m rdv) bool { return m.State == cancelled })
}

// meant is the appointment that words without an act are about: one she was asked about, the one talked of last, the next
// to come, or the one before.
func (t *Turn) meant() (m rdv, ok bool) {
	all := t.rdvs()
	if len(all) == 0 {
		return rdv{}, false
	}
	slices.SortStableFunc(all, func(a, b rdv) int { return a.At.Compare(b.At) })
	coming := slices.DeleteFunc(slices.Clone(all), func(m rdv) bool { return m.over(t.Now) })
	for _, some := range [][]rdv{among(coming, strings.TrimPrefix(t.About, "rdv/")), among(coming, t.Chat.Rdvs...), among(coming, t.Chat.Last), standing(coming), coming} {
		if len(some) > 0 {
			return some[0], true
		}
	}
	return all[len(all)-1], true
}

func among(ms []rdv, ids ...string) []rdv {
	var out []rdv
	for _, m := range ms {
		if slices.Contains(ids, m.id) {
			out = append(out, m)
		}
	}
	return out
}

// named keeps the appointments whose day stands in the text.
func (t *Turn) named(ms []rdv) []rdv {
	return slices.DeleteFunc(slices.Clone(ms), func(m rdv) bool {
		whens := dates.Mentioned(t.Text, t.At.In(m.At.Location()))
		return !slices.ContainsFunc(whens, func(w dates.When) bool { return w.HasDay && daysBetween(w.Day, m.At) == 0 })
	})
}

// askWhich numbers the appointments and asks which one is meant.
func (t *Turn) askWhich(ms []rdv, act intents.Intent, key string) {
	t.Chat.close()
	t.ask(topicWhich)
	t.Chat.Act = string(act)
	lines, choices := make([]string, len(ms)), make([]Choice, len(ms))
	for i, m := range ms {
		t.Chat.Choices = append(t.Chat.Choices, m.id)
		lines[i] = t.say(key+".ligne", m.args().with("n", number(i+1)))
		choices[i] = t.offered(number(i+1), "bouton.rdv", m.args())
	}
	t.Offer(key, Args{"liste": strings.Join(lines, "\n")}, choices...)
}

// tooLate answers what comes after the hour.
func (t *Turn) tooLate() {
	past := t.rdvs()
	m := past[len(past)-1]
	t.passWords(m.Owner, m.Subject, "nouvelle.apres", m.args())
	t.Reply("rdv.passe", m.args())
}

// tally keeps the figures of appointments: how many are in each state, by counsellor and by the month of their hour. They
// live on when the appointment is erased.
func (t *Turn) tally(d *doc) {
	t.change.Tally = append(t.change.Tally, tallyInvitee(d)...)
	month, before := monthOf(d.rec.At), monthOf(d.at)
	if d.rec.Kind != "rdv" || d.state == d.rec.State && before == month {
		return
	}
	cell := Count{Kind: "rdv", Owner: d.rec.Owner, Dimension: "state"}
	if d.state != "" {
		was := cell
		was.Month, was.Value, was.N = before, d.state, -1
		t.change.Tally = append(t.change.Tally, was)
	}
	cell.Month, cell.Value, cell.N = month, d.rec.State, 1
	t.change.Tally = append(t.change.Tally, cell)
}

func monthOf(at time.Time) string { return at.UTC().Format("2006-01") }
