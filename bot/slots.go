package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents"
	"passeur/intents/dates"
)

// An usager who wants another date is offered free times of her counsellor's permanences, picks one by its number, and can go back.

// Slot holds who has a time of a counsellor's permanence: two people who pick it at the same moment meet here, and one of them asks anew.
type Slot struct {
	V    int      `json:"v"`
	Rdvs []string `json:"rdvs,omitempty"`
}

// freeTime is a time that may be picked.
type freeTime struct {
	At     time.Time
	Where  string
	Place  string
	places int // how many people may come at once
}

// How free times are looked for.
const (
	slotsAhead  = 30 * day       // no further
	slotsNotice = 18 * time.Hour // nobody is offered a time of the same day
	slotsShown  = 3
)

// heldBy is a session and its permanence.
type heldBy struct {
	session
	p permanence
}

// freeTimes are at most three times that suit: on the day that was named if there are any, else the first of each session to come, those
// at the place of the appointment before others.
func (t *Turn) freeTimes(m rdv, wanted time.Time) []freeTime {
	var sessions []heldBy
	for _, p := range t.keptPermanences(m.Owner) {
		for _, s := range t.sessions(p, t.At.Add(slotsNotice), t.At.Add(slotsAhead), 12) {
			sessions = append(sessions, heldBy{s, p})
		}
	}
	slices.SortStableFunc(sessions, func(a, b heldBy) int {
		if here := a.Place == m.Place; here != (b.Place == m.Place) {
			return map[bool]int{true: -1, false: 1}[here]
		}
		return a.Start.Compare(b.Start)
	})
	var out, more []freeTime
	for _, s := range sessions {
		free := t.freeIn(s.p, s.session, m)
		if !wanted.IsZero() && daysBetween(wanted, s.Start) == 0 {
			out = append(out, free...)
		} else if wanted.IsZero() && len(free) > 0 {
			out, more = append(out, free[0]), append(more, free[1:]...)
		}
	}
	out = append(out, more...)
	out = out[:min(len(out), slotsShown)]
	slices.SortFunc(out, func(a, b freeTime) int { return a.At.Compare(b.At) })
	return out
}

// freeIn are the times of a session that nobody has.
func (t *Turn) freeIn(p permanence, s session, m rdv) []freeTime {
	taken := t.find(Query{Kind: "rdv", Owner: p.Owner, From: s.Start.Add(-longestRdv), To: s.End})
	var out []freeTime
	for at := s.Start; !at.Add(p.slot()).After(s.End); at = at.Add(p.slot()) {
		n := 0
		for _, r := range taken {
			if r.ID != m.id && r.State != cancelled && r.At.Before(at.Add(p.slot())) && at.Before(r.At.Add(t.takes(r, p.slot()))) {
				n++
			}
		}
		if places := max(p.Capacity, 1); n < places && at.After(t.At.Add(slotsNotice)) && !at.Equal(m.At) {
			out = append(out, freeTime{at, s.Where, s.Place, places})
		}
	}
	return out
}

// longestRdv is how far back one looks for an appointment that still lasts.
const longestRdv = 8 * time.Hour

// takes is how long an appointment lasts, where that is known.
func (t *Turn) takes(r Record, otherwise time.Duration) time.Duration {
	if m, ok := t.rdv(r.ID); ok && m.Lasts > 0 {
		return m.lasts()
	}
	return otherwise
}

// offerTimes asks which of the free times suits; false: there is none to offer.
func (t *Turn) offerTimes(m rdv, news string) bool {
	wanted := time.Time{}
	if whens := dates.Mentioned(t.Text, t.At.In(m.At.Location())); len(whens) > 0 && whens[0].HasDay && whens[0].Err == nil && daysBetween(whens[0].Day, m.At) != 0 {
		wanted = whens[0].Day
	}
	free := t.freeTimes(m, wanted)
	if len(free) == 0 && !wanted.IsZero() {
		free = t.freeTimes(m, time.Time{})
	}
	if len(free) == 0 {
		return false
	}
	t.Chat.close()
	t.Chat.answered(m.id)
	t.ask(topicTimes)
	t.Chat.Target = m.id
	var lines, told []string
	lines = t.timeLines(free, m.Where)
	for _, f := range free {
		told = append(told, t.sayTo(m.Owner, "nouvelle.une-date", f.args()))
	}
	args := m.args().with("liste", strings.Join(lines, "\n"), "dates", strings.Join(told, ", "))
	t.passWords(m.Owner, m.Subject, news, args)
	t.Reply("rdv.quelle-date", args)
	return true
}

// answersTimes reads the words that answer free times: "mardi 15", "le 8 à 14h" are the only one of them on that day, at that hour; "aucune" is a no.
// What names none of them, or several, stays what it is.
func (t *Turn) answersTimes() {
	said := plain(t.Text)
	switch {
	case t.topic() != topicTimes && t.topic() != topicSlots || strings.Contains(said, "?"):
	case strings.HasPrefix(said, "aucun"):
		t.Read.Intent = intents.Non
	case slices.Contains([]intents.Intent{intents.RepDate, intents.Reporter, intents.Oui, intents.Confirmer, intents.MonRdv, intents.Inconnu}, t.Read.Intent):
		if n := t.choiceNamed(); n > 0 {
			t.Read.Intent, t.Read.Choice = intents.Choix, n
		}
	}
}

// choiceNamed is the number of the only free time that the text names; 0: there is none such.
func (t *Turn) choiceNamed() (n int) {
	for i, c := range t.Chat.Choices {
		at, _, _, _ := parseChoice(c, t)
		whens := dates.Read(t.Text, t.At.In(at.Location()))
		if len(whens) != 1 || !isMoment(whens[0], at) {
			continue
		}
		if n > 0 {
			return 0
		}
		n = i + 1
	}
	return n
}

// isMoment tells whether what a text says is a moment: its day, its hour or both.
func isMoment(w dates.When, at time.Time) bool {
	return w.Err == nil && !w.Approx && (w.HasDay || w.HasTime) && (!w.HasDay || daysBetween(w.Day, at) == 0) && (!w.HasTime || w.Hour == at.Hour() && w.Minute == at.Minute())
}

// pickTime: she picked a number. The time is hers if nobody was quicker.
func pickTime(t *Turn) {
	id, ok := t.choice()
	m, known := t.rdv(t.Chat.Target)
	if !known || !slices.Contains(t.People, m.Subject) {
		t.Chat.close()
		t.Reply("rdv.aucun", nil)
		return
	}
	if !ok {
		t.Reply("lequel.hors-liste", Args{"n": number(len(t.Chat.Choices))})
		return
	}
	at, place, places, where := parseChoice(id, t)
	if !t.held(m.Owner, place, at) || !t.takeSlot(m, at, places) { // the session was called off, or somebody was quicker
		if !t.offerTimes(m, "nouvelle.changer-propose") {
			t.wishPassed(m)
		}
		return
	}
	before := m.args()
	m.Was = &Was{At: m.At, Where: m.Where, Place: m.Place, State: m.State}
	m.At, m.Where, m.Place = at, where, place
	m.State, m.By, m.Known, m.Telling = confirmed, "", time.Time{}, ""
	t.plan(m)
	t.keepRdv(m)
	t.saveRdv(m)
	t.Chat.settle(m.id)
	args := m.args().with("avant", before["rdv"])
	t.Reply("rdv.date-changee", args)
	t.Tell(m.Owner, m.Subject, "nouvelle.date-changee", args.with("rappels", t.announceTo(t.reader(m.Owner), m)))
}

func parseChoice(choice string, t *Turn) (at time.Time, place string, places int, where string) {
	f := strings.SplitN(choice, "|", 4)
	at, _ = time.Parse(time.RFC3339, f[0])
	if len(f) == 4 {
		place, where = f[1], f[3]
		places, _ = strconv.Atoi(f[2])
	}
	return at.In(t.bot.Zone(place)), place, places, where
}

// timeLines numbers free times, and keeps them as the choices of the open question.
func (t *Turn) timeLines(free []freeTime, where string) (lines []string) {
	for i, f := range free {
		t.Chat.Choices = append(t.Chat.Choices, f.At.Format(time.RFC3339)+"|"+f.Place+"|"+number(f.places)+"|"+f.Where)
		key := "rdv.une-date"
		if f.Where != where {
			key = "rdv.une-date-ailleurs"
		}
		lines = append(lines, t.say(key, f.args().with("n", number(i+1))))
	}
	return lines
}

// args are what a text about a free time may use.
func (f freeTime) args() Args {
	return Args{placeArg: f.Place, "rdv": f.At.Format(time.RFC3339), "lieu": f.Where}
}

// takeSlot gives a time of a counsellor to an appointment, unless others have it.
func (t *Turn) takeSlot(m rdv, at time.Time, places int) bool {
	if !at.After(t.At) {
		return false
	}
	id := m.Owner + "-" + at.UTC().Format("20060102T1504")
	s, _ := load[Slot](t, id)
	s.Rdvs = slices.DeleteFunc(s.Rdvs, func(rdv string) bool {
		other, ok := t.rdv(rdv)
		return rdv == m.id || !ok || other.State == cancelled || !other.At.Equal(at)
	})
	taken := 0
	for _, r := range t.find(Query{Kind: "rdv", Owner: m.Owner, From: at.Add(-longestRdv), To: at.Add(time.Minute)}) {
		if r.ID != m.id && r.State != cancelled && at.Before(r.At.Add(t.takes(r, time.Minute))) {
			taken++
		}
	}
	if max(taken, len(s.Rdvs)) >= max(places, 1) {
		return false
	}
	s.V, s.Rdvs = 1, append(s.Rdvs, m.id)
	t.save("slot", id, func(r *Record) { r.Owner, r.At = m.Owner, at })
	return true
}

// keptPermanences are those in which a counsellor receives people: none when she is one no more.
func (t *Turn) keptPermanences(owner string) []permanence {
	if t.departed(owner) {
		return nil
	}
	return t.ownPermanences(owner)
}

// held tells that a time lies in a session that a counsellor holds at a place.
func (t *Turn) held(owner, place string, at time.Time) bool {
	for _, p := range t.keptPermanences(owner) {
		for _, s := range t.sessions(p, at, at.Add(time.Minute), 2) {
			if s.Place == place {
				return true
			}
		}
	}
	return false
}

// cancelledAt tells that a time lies in the hours of a session that its counsellor cancelled, or moved away.
func (t *Turn) cancelledAt(owner, place string, at time.Time) bool {
	at = at.In(t.bot.Zone(place))
	return !t.held(owner, place, at) && slices.ContainsFunc(t.ownPermanences(owner), func(p permanence) bool {
		return p.Place == place && p.From <= clockOf(at) && clockOf(at) < p.To && slices.Contains(p.When.Except, at.Format(dayLayout))
	})
}

// closeAbout ends the open question, and returns the appointment that it was about; without one, what she wrote is passed on.
func (t *Turn) closeAbout() (rdv, bool) {
	m, ok := t.rdv(t.Chat.Target)
	t.Chat.close()
	if ok = ok && slices.Contains(t.People, m.Subject); !ok {
		passOn(t)
	}
	return m, ok
}

// noTimeFits: none of the dates suits; a person reads what she writes.
func noTimeFits(t *Turn) {
	if m, ok := t.closeAbout(); ok {
		t.wishPassed(m)
	}
}

// goBack: she wants the date back that she changed last.
func goBack(t *Turn) {
	t.known()
	for _, m := range t.rdvs() {
		if m.Was == nil || m.over(t.Now) || m.id != t.Chat.Last {
			continue
		}
		was := *m.Was
		if was.State == cancelled || t.cancelledAt(m.Owner, was.Place, was.At) || !t.takeSlot(m, was.At.In(t.bot.Zone(was.Place)), 1) {
			args := m.args().with("avant", was.At.Format(time.RFC3339))
			t.passWords(m.Owner, m.Subject, "nouvelle.retour-impossible", args)
			t.Reply("rdv.retour-impossible", args)
			return
		}
		before := m.args()["rdv"]
		m.At, m.Where, m.Place, m.State, m.Was = was.At.In(t.bot.Zone(was.Place)), was.Where, was.Place, confirmed, nil
		t.plan(m)
		t.saveRdv(m)
		t.Chat.settle(m.id)
		t.Reply(t.visited(m, "rdv.confirme", "rdv.confirme.visite"), m.args())
		t.Tell(m.Owner, m.Subject, "nouvelle.date-changee", m.args().with("avant", before, "rappels", t.announceTo(t.reader(m.Owner), m)))
		return
	}
	passOn(t)
}
