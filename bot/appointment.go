package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Rdv is an appointment between an usager and a counsellor. The body is the truth; the record's facets repeat what is
// asked about.
type Rdv struct {
	V        int       `json:"v"`
	Owner    string    `json:"owner"`   // the counsellor
	Subject  string    `json:"subject"` // the usager
	Name     string    `json:"name"`    // of the usager
	With     string    `json:"with"`    // name of the counsellor
	At       time.Time `json:"at"`      // with the offset of its place
	Where    string    `json:"where"`   // "mairie de Coutances"
	Place    string    `json:"place"`   // "50/50147"
	State    string    `json:"state"`
	Schedule int       `json:"schedule"` // raised whenever the reminders are planned anew
	Booked   time.Time `json:"booked"`
	By       string    `json:"by,omitempty"`      // who cancelled: "usager" or "conseiller"
	Failure  string    `json:"failure,omitempty"` // why the last message failed
	Known    time.Time `json:"known,omitzero"`    // until then she has not read where it was moved to: an answer is about the old hour
}

// States of an appointment, until its hour.
const (
	silent    = "silent"    // no answer yet
	confirmed = "confirmed" // she said that she comes
	cancelled = "cancelled"
	unreached = "failed" // no answer, and the last message failed
)

// meeting is an appointment as rules handle it.
type meeting struct {
	id string
	*Rdv
}

func (m meeting) about() string { return "rdv/" + m.id }

// placeArg names the argument that no text shows: the place on whose calendar the others are read.
const placeArg = "place"

// args are what every text about an appointment may use.
func (m meeting) args() Args {
	return Args{placeArg: m.Place, "rdv": m.At.Format(time.RFC3339), "lieu": m.Where, "conseiller": m.With, "prenom": m.Name}
}

func (a Args) with(more ...string) Args {
	for i := 0; i+1 < len(more); i += 2 {
		a[more[i]] = more[i+1]
	}
	return a
}

func (t *Turn) meeting(id string) (meeting, bool) {
	r, ok := load[Rdv](t, "rdv", id)
	if ok {
		r.At = r.At.In(t.bot.Zone(r.Place))
	}
	return meeting{id, r}, ok
}

func (t *Turn) saveRdv(m meeting) {
	m.V = 1
	t.save("rdv", m.id, func(r *Record) {
		r.Owner, r.Subject, r.Place, r.State, r.At = m.Owner, m.Subject, m.Place, m.State, m.At
	})
}

// meetings are the appointments that this usager's message may be about: those she was asked about, the last one
// talked of, and those to come of everybody at the address; past ones only when she was asked about them.
func (t *Turn) meetings() []meeting {
	ids := slices.Clone(t.Chat.Rdvs)
	if t.Chat.Last != "" {
		ids = append(ids, t.Chat.Last)
	}
	for _, person := range t.People {
		p, _ := load[Person](t, "person", person)
		ids = append(ids, p.Rdvs...)
	}
	if id, ok := strings.CutPrefix(t.About, "rdv/"); ok {
		ids = append(ids, id)
	}
	var out []meeting
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			continue
		}
		if m, ok := t.meeting(id); ok && slices.Contains(t.People, m.Subject) {
			out = append(out, m)
		}
	}
	return out
}

// grace is how long after its hour an appointment can still be answered: she may be on her way.
const grace = time.Hour

func (m meeting) over(now time.Time) bool { return now.Sub(m.At) > grace }

// which finds the appointment that a message is about. When several are possible it asks, and act is done with the one
// chosen; when none is left it says so. ok is false in both cases.
func (t *Turn) which(act intents.Intent) (meeting, bool) {
	all := slices.DeleteFunc(t.meetings(), func(m meeting) bool { return m.over(t.Now) })
	open := t.named(all)
	if len(open) == 0 {
		open = t.candidates(all)
	}
	switch {
	case len(open) == 0:
		t.tooLate()
		return meeting{}, false
	case len(open) > 1:
		t.askWhich(open, act, "lequel.usager")
		return meeting{}, false
	}
	return open[0], t.means(open[0], act)
}

// means tells whether an answer can be taken for the appointment as it stands. One that names another day or another hour
// is a wish; one to an hour that was changed meanwhile, which she has not read yet, is asked again.
func (t *Turn) means(m meeting, act intents.Intent) bool {
	switch {
	case t.At.Before(m.Known):
		m.Known = time.Time{}
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
func (t *Turn) namesAnother(m meeting) bool {
	for _, w := range intents.MentionedDates(t.Text, t.At.In(m.At.Location())) {
		if w.HasDay && daysBetween(w.Day, m.At) != 0 || w.HasTime && Clock(w.Hour*60+w.Minute) != clockOf(m.At) {
			return true
		}
	}
	return false
}

// candidates are, first, the appointments she was asked about; else the one talked of last; else all that stand.
func (t *Turn) candidates(all []meeting) []meeting {
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
func standing(ms []meeting) []meeting {
	return slices.DeleteFunc(slices.Clone(ms), func(m meeting) bool { return m.State == cancelled })
}

// meant is the appointment that words without an act are about: one she was asked about, the one talked of last, the next
// to come, or the one before.
func (t *Turn) meant() (m meeting, ok bool) {
	all := t.meetings()
	if len(all) == 0 {
		return meeting{}, false
	}
	slices.SortStableFunc(all, func(a, b meeting) int { return a.At.Compare(b.At) })
	coming := slices.DeleteFunc(slices.Clone(all), func(m meeting) bool { return m.over(t.Now) })
	for _, some := range [][]meeting{among(coming, t.Chat.Rdvs...), among(coming, t.Chat.Last), standing(coming), coming} {
		if len(some) > 0 {
			return some[0], true
		}
	}
	return all[len(all)-1], true
}

func among(ms []meeting, ids ...string) []meeting {
	var out []meeting
	for _, m := range ms {
		if slices.Contains(ids, m.id) {
			out = append(out, m)
		}
	}
	return out
}

// named keeps the appointments whose day stands in the text.
func (t *Turn) named(ms []meeting) []meeting {
	return slices.DeleteFunc(slices.Clone(ms), func(m meeting) bool {
		whens := intents.MentionedDates(t.Text, t.At.In(m.At.Location()))
		return !slices.ContainsFunc(whens, func(w intents.When) bool { return w.HasDay && daysBetween(w.Day, m.At) == 0 })
	})
}

// askWhich numbers the appointments and asks which one is meant.
func (t *Turn) askWhich(ms []meeting, act intents.Intent, key string) {
	t.Chat.close()
	t.Chat.ask(topicWhich, t.At)
	t.Chat.Act = string(act)
	lines := make([]string, len(ms))
	for i, m := range ms {
		t.Chat.Choices = append(t.Chat.Choices, m.id)
		lines[i] = t.say(key+".ligne", m.args().with("n", number(i+1)))
	}
	t.Reply(key, Args{"liste": strings.Join(lines, "\n")})
}

// tooLate answers what comes after the hour.
func (t *Turn) tooLate() {
	past := t.meetings()
	m := past[len(past)-1]
	t.passWords(m.Owner, m.Subject, m.about(), "nouvelle.apres", m.args())
	t.Reply("rdv.passe", m.args())
}

// come: she says that she will be there.
func come(t *Turn) {
	if m, ok := t.which(intents.Confirmer); ok {
		t.confirm(m)
	}
}

func (t *Turn) confirm(m meeting) {
	t.Chat.close()
	t.Chat.answered(m.id)
	if m.State == cancelled {
		t.comeBack(m)
		return
	}
	m.State, m.By, m.Failure = confirmed, "", ""
	t.saveRdv(m)
	t.Reply("rdv.confirme", m.args())
	t.Tell(m.Owner, m.Subject, m.about(), "nouvelle.vient", m.args().with("mots", t.moreWords()))
}

// moreWords are the words of an answer that says more than yes.
func (t *Turn) moreWords() string {
	if len(strings.Fields(t.Text)) < 3 {
		return ""
	}
	return "\n" + quote(t.Text)
}

// comeBack: she cancelled, and comes after all, unless the hour was given away.
func (t *Turn) comeBack(m meeting) {
	switch {
	case m.By != "usager":
		t.passWords(m.Owner, m.Subject, m.about(), "nouvelle.message", m.args())
		t.Reply("rdv.annule-deja", m.args())
	case t.taken(m):
		t.passWords(m.Owner, m.Subject, m.about(), "nouvelle.voudrait-revenir", m.args())
		t.Reply("rdv.place-prise", m.args())
	default:
		t.plan(m)
		m.State, m.By, m.Failure = confirmed, "", ""
		t.saveRdv(m)
		t.Reply("rdv.confirme", m.args())
		t.Tell(m.Owner, m.Subject, m.about(), "nouvelle.revient", m.args().with("rappels", t.announceTo(m)))
	}
}

// taken tells whether the counsellor gave the hour of an appointment to somebody else.
func (t *Turn) taken(m meeting) bool {
	others := t.find(Query{Kind: "rdv", Owner: m.Owner, From: m.At, To: m.At.Add(time.Minute)})
	return slices.ContainsFunc(others, func(r Record) bool { return r.ID != m.id && r.State != cancelled })
}

// notCome: she says that she will not be there.
func notCome(t *Turn) {
	if m, ok := t.which(intents.Annuler); ok {
		t.decline(m)
	}
}

func (t *Turn) decline(m meeting) {
	t.Chat.close()
	t.Chat.answered(m.id)
	if m.State == cancelled {
		t.Reply("rdv.annule-deja", m.args())
		return
	}
	m.State, m.By = cancelled, "usager"
	t.saveRdv(m)
	t.silence(m)
	t.Reply("rdv.annule", m.args())
	t.passWords(m.Owner, m.Subject, m.about(), "nouvelle.ne-vient-pas", m.args())
}

// change: she wants another date. Nothing moves before the counsellor says so.
func change(t *Turn) {
	if m, ok := t.which(intents.Reporter); ok {
		t.wish(m)
	}
}

func (t *Turn) wish(m meeting) {
	t.Chat.close()
	t.Chat.answered(m.id)
	t.passWords(m.Owner, m.Subject, m.about(), "nouvelle.changer", m.args())
	if m.State == cancelled {
		t.Reply("rdv.changer-annule", m.args())
		return
	}
	t.Reply("rdv.changer", m.args())
}

// late: she comes, but later.
func late(t *Turn) {
	if m, ok := t.which(intents.Retard); ok {
		t.delay(m)
	}
}

func (t *Turn) delay(m meeting) {
	t.Chat.close()
	t.Chat.answered(m.id)
	if m.State == cancelled {
		t.passWords(m.Owner, m.Subject, m.about(), "nouvelle.message", m.args())
		t.Reply("rdv.annule-deja", m.args())
		return
	}
	m.State = confirmed
	t.saveRdv(m)
	t.passWords(m.Owner, m.Subject, m.about(), "nouvelle.retard", m.args())
	t.Reply("rdv.retard", m.args())
}

// mine: she asks when and where.
func mine(t *Turn) {
	coming := slices.DeleteFunc(t.meetings(), func(m meeting) bool { return m.over(t.Now) || m.State == cancelled })
	if len(coming) == 0 {
		t.Reply("rdv.aucun", nil)
		return
	}
	slices.SortFunc(coming, func(a, b meeting) int { return a.At.Compare(b.At) })
	lines := make([]string, len(coming))
	for i, m := range coming {
		lines[i] = t.say("rdv.le-votre", m.args())
	}
	t.Reply("rdv.les-votres", Args{"liste": strings.Join(lines, "\n")})
}

// choose takes the numbered appointment that was picked, and does with it what was asked.
func choose(t *Turn) {
	ids := t.Chat.Choices
	if t.Read.Choice != -1 {
		id, ok := t.choice()
		if !ok {
			t.Reply("lequel.hors-liste", Args{"n": number(len(ids))})
			return
		}
		ids = []string{id}
	}
	act := intents.Intent(t.Chat.Act)
	values := t.Chat.Values
	for _, id := range ids {
		if m, ok := t.meeting(id); ok {
			t.act(act, m, values)
		} else {
			t.Reply("rdv.introuvable", nil)
		}
	}
}

// act does with one appointment what an intent says.
func (t *Turn) act(act intents.Intent, m meeting, values map[string]string) {
	if t.Role != Usager {
		t.askAccord(act, m, values)
		return
	}
	switch act {
	case intents.Confirmer:
		t.confirm(m)
	case intents.Annuler:
		t.decline(m)
	case intents.Reporter:
		t.wish(m)
	case intents.Retard:
		t.delay(m)
	}
}

// plan sets the reminders of an appointment anew; those planned before die.
func (t *Turn) plan(m meeting) []time.Time {
	m.Schedule++
	t.silence(m)
	var times []time.Time
	for _, r := range t.bot.reminders(m.At, m.Place, t.At) {
		times = append(times, r.at)
		t.write(Task{Key: fmt.Sprintf("%s/v%d/%s", m.about(), m.Schedule, r.name), Group: m.about(), Subject: m.Subject,
			Lane: Reminder, Place: m.Place, At: r.at, NotAfter: m.At, Intent: remindIntent, Args: Args{"quel": r.name}})
	}
	return times
}

// silence kills what is pending about an appointment: its reminders, and messages that have not left.
func (t *Turn) silence(m meeting) {
	t.Drop(m.about())
	t.Drop(m.words())
}

// words is the group of the messages to the usager about an appointment.
func (m meeting) words() string { return m.about() + "/sms" }

type reminder struct {
	name string // "j-4", "j-1", "matin"
	at   time.Time
}

// reminders says when an appointment booked now is recalled: so many days before on the place's wall clock, or at the
// last decent hour before that, and the same morning. What would lie in the past is left out.
func (b *Bot) reminders(at time.Time, place string, now time.Time) []reminder {
	s := b.Settings.Reminders
	at = at.In(b.Zone(place))
	var out []reminder
	add := func(name string, when time.Time) {
		same := slices.ContainsFunc(out, func(r reminder) bool { return r.at.Equal(when) })
		if when.After(now) && !same {
			out = append(out, reminder{name, when})
		}
	}
	for _, days := range s.Days {
		day := time.Date(at.Year(), at.Month(), at.Day()-days, 12, 0, 0, 0, at.Location())
		add(fmt.Sprintf("j-%d", days), b.Settings.Hours.before(s.At.on(day), place))
	}
	if morning := s.Morning.on(at); clockOf(at) >= s.MorningFrom && b.Settings.Hours.decent(morning, place) {
		add(morningReminder, morning)
	}
	return out
}

const morningReminder = "matin"

// remind: a reminder fell due. She is asked, unless she answered or the appointment is gone.
func remind(t *Turn) {
	id := strings.TrimPrefix(t.About, "rdv/")
	m, ok := t.meeting(id)
	if !ok || m.State == cancelled || (t.Values["quel"] == morningReminder && m.State == confirmed) {
		return
	}
	key := "rappel"
	if m.State == confirmed {
		key = "rappel.confirme"
	} else {
		t.wonderAbout(m)
	}
	if v := t.inform(m, key); v.Reason == "sans-adresse" {
		t.Tell(m.Owner, m.Subject, m.about(), "nouvelle.echec.sans-adresse", m.args())
	}
}

// wonderAbout notes in the person's chat that she is asked about the appointment.
func (t *Turn) wonderAbout(m meeting) {
	p, _ := load[Person](t, "person", m.Subject)
	if len(p.Addresses) == 0 {
		return
	}
	chat, _ := load[Chat](t, "chat", string(p.Addresses[0]))
	chat.Rdvs = t.stillToCome(chat.Rdvs)
	chat.wonder(m.id)
	t.saveChatOf(p.Addresses[0], chat)
}

// inform tells the usager about an appointment, within decent hours and before it. What was said before about the same
// appointment and has not left yet is out of date: it dies. It returns what the gate says of it as things stand.
func (t *Turn) inform(m meeting, key string) Verdict {
	p, _ := load[Person](t, "person", m.Subject)
	if p.first() == "" {
		return never("sans-adresse")
	}
	if p.Greeted == "" {
		p.Greeted = m.about()
		t.savePerson(m.Subject, p)
	}
	task := t.about(m, p, key)
	t.Drop(m.words())
	t.write(task)
	return t.foresee(task, p)
}

// about writes a message to the usager about an appointment. Those of a person's first appointment tell how to stop them.
func (t *Turn) about(m meeting, p *Person, key string) Task {
	stop := ""
	if p.Greeted == "" || p.Greeted == m.about() {
		stop = t.say("arret.comment", nil)
	}
	return Task{Key: m.about() + "/" + t.ID, Group: m.words(), To: m.Subject, Network: p.first().Network(), Lane: Reminder, Purpose: ForRdv,
		Place: m.Place, At: t.At, NotAfter: m.At, Message: &Message{Key: key, Args: m.args().with("arret", stop), About: m.about()}}
}

// foresee asks the gate what will become of a message; too late is never.
func (t *Turn) foresee(task Task, p *Person) Verdict {
	v := t.bot.Gate(&task, p, t.At)
	if v.Act == Later && v.At.After(task.NotAfter) {
		return never("trop-tard")
	}
	return v
}
