package bot

import (
	"slices"
	"strings"
	"time"

	"passeur/intents"
	"passeur/intents/dates"
)

// The counsellor's appointments: listed, cancelled, moved, brought back.

// How far `mes rdv` looks ahead: today and the week that follows, and further when that holds little.
const (
	agendaDays  = 8
	agendaLeast = 5
)

// agenda lists the counsellor's day and week, or those of the colleague she names, numbered so that they can be named by number.
func agenda(t *Turn) {
	t.known()
	midnight := Clock(0).on(t.Now)
	if name, ok := intents.ReadAgendaOf(t.Text); ok {
		t.agendaOf(name, midnight)
		return
	}
	t.showAgenda(t.own(midnight, time.Time{}), midnight)
}

// agendaOf lists what the counsellor may see of a colleague's.
func (t *Turn) agendaOf(name string, from time.Time) {
	colleague, problem, args := t.readColleague(Field{}, name)
	if problem != "" {
		t.Reply(problem, args)
		return
	}
	all := t.ownedBy([]string{colleague}, from, time.Time{})
	if len(all) == 0 {
		t.Chat.List = nil
		t.Reply("mesrdv.rien-de", Args{"nom": name})
		return
	}
	t.showAgenda(all, from)
}

func (t *Turn) showAgenda(all []rdv, midnight time.Time) {
	end := time.Date(midnight.Year(), midnight.Month(), midnight.Day()+agendaDays, 0, 0, 0, 0, midnight.Location())
	week := slices.IndexFunc(all, func(m rdv) bool { return !m.At.Before(end) })
	if week < 0 {
		week = len(all)
	}
	shown := all[:max(week, min(agendaLeast, len(all)))]
	t.Chat.List = nil
	if len(all) == 0 {
		t.Reply("mesrdv.aucun", nil)
		return
	}
	t.Reply("mesrdv", Args{"liste": t.listed(shown) + t.beyond(len(all)-len(shown))})
}

func (t *Turn) listed(ms []rdv) string {
	var lines []string
	var day string
	for i, m := range ms {
		if d := m.At.Format(dayLayout); d != day {
			day = d
			lines = append(lines, t.say("mesrdv.jour", Args{"jour": t.dayTitle(m.At)}))
		}
		t.Chat.List = append(t.Chat.List, m.id)
		key := "mesrdv.ligne"
		if m.Owner != t.MeID {
			key = "mesrdv.ligne-pour"
		}
		lines = append(lines, t.say(key, m.args().with("n", number(i+1), "etat", t.say("etat."+t.stateOf(m), nil))))
	}
	return strings.Join(lines, "\n")
}

// stateOf is the state as the counsellor reads it.
func (t *Turn) stateOf(m rdv) string {
	if m.State == cancelled {
		return cancelled + "." + m.By
	}
	if m.State == unreached && m.Unsure != "" {
		return "uncertain"
	}
	return m.State
}

func (t *Turn) dayTitle(at time.Time) string {
	switch daysBetween(t.Now, at) {
	case 0:
		return t.say("mesrdv.aujourdhui", Args{"jour": at.Format(time.RFC3339)})
	case 1:
		return t.say("mesrdv.demain", Args{"jour": at.Format(time.RFC3339)})
	}
	return t.say("mesrdv.plus-loin", Args{"jour": at.Format(time.RFC3339)})
}

func (t *Turn) beyond(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "\n" + t.say("mesrdv.suite-un", nil)
	}
	return "\n" + t.say("mesrdv.suite", Args{"n": number(n)})
}

// own are the appointments of a span of time that are the counsellor's, or of those whom she covers today, in order; to zero: all
// that follow.
func (t *Turn) own(from, to time.Time) []rdv {
	return t.ownedBy(t.owners(), from, to)
}

// ownedBy are the appointments of some counsellors that who writes may see.
func (t *Turn) ownedBy(owners []string, from, to time.Time) []rdv {
	var out []rdv
	for _, owner := range owners {
		for _, rec := range t.find(Query{Kind: "rdv", Owner: owner, From: from, To: to}) {
			if m, ok := t.rdv(rec.ID); ok && t.may(toSee, m.record()) {
				out = append(out, m)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b rdv) int { return a.At.Compare(b.At) })
	return out
}

// cancel asks before cancelling: the person is told by SMS.
func cancel(t *Turn) {
	t.known()
	read := t.readBooking("")
	if t.topic() != "" && t.namesNothing(read) {
		abandon(t)
		return
	}
	m, ok := t.mean(read, intents.Annuler, nil)
	if !ok {
		return
	}
	t.askAccord(intents.Annuler, m, nil)
}

func (t *Turn) namesNothing(read intents.Booking) bool {
	return read.Number == 0 && read.Name == "" && len(read.Whens) == 0 && len(read.Phones) == 0 && read.PlaceText == ""
}

// move asks before moving: the person is told by SMS.
func move(t *Turn) {
	t.known()
	read := t.readBooking("")
	d := &Draft{}
	if problem, args := t.takePlace(d, read); problem != "" {
		t.Reply(problem, args)
		return
	}
	if problem, args := t.takeTime(d, read.Whens); problem != "" {
		t.Reply(problem, args)
		return
	}
	read.Whens = nil // they say where to, not which
	values := map[string]string{"day": d.Day, "clock": d.Clock, "where": d.Where, "place": d.Place}
	if m, ok := t.mean(read, intents.DeplacerRdv, values); ok {
		t.askAccord(intents.DeplacerRdv, m, values)
	}
}

// mean finds the appointment that a counsellor names: by the thread she writes in, by number in the last list, by name,
// by day. Several: it asks; none: it says so.
func (t *Turn) mean(read intents.Booking, act intents.Intent, values map[string]string) (rdv, bool) {
	if read.Number > 0 {
		if len(t.Chat.List) == 0 {
			t.Reply("rdv.introuvable", nil)
			return rdv{}, false
		}
		if read.Number > len(t.Chat.List) {
			t.Reply("lequel.hors-liste", Args{"n": number(len(t.Chat.List))})
			return rdv{}, false
		}
		m, ok := t.rdv(t.Chat.List[read.Number-1])
		if ok = ok && t.may(toChange, m.record()); !ok {
			t.Reply("rdv.introuvable", nil)
		}
		return m, ok
	}
	found := t.matching(read)
	if len(found) == 0 && act == intents.DeplacerRdv {
		found = t.toTakeUp(read)
	}
	switch len(found) {
	case 0:
		t.Reply("rdv.introuvable", nil)
		return rdv{}, false
	case 1:
		return found[0], true
	}
	t.askWhich(found, act, "lequel")
	t.Chat.Values = values
	return rdv{}, false
}

func (t *Turn) namesOnlyThread(read intents.Booking) bool {
	return read.Number == 0 && read.Name == "" && len(read.Phones) == 0
}

// matching are the counsellor's appointments to come that fit the name and the day that were said.
func (t *Turn) matching(read intents.Booking) []rdv {
	return t.fitting(slices.DeleteFunc(t.own(t.At, time.Time{}), func(m rdv) bool { return m.State == cancelled }), read)
}

// toTakeUp are those of the last weeks to which nobody came, or that were put off, and that fit: they may be given another date.
func (t *Turn) toTakeUp(read intents.Booking) []rdv {
	if read.Name == "" && len(read.Phones) == 0 && t.subject() == "" {
		return nil
	}
	all := t.fitting(slices.DeleteFunc(t.own(t.At.Add(-30*day), t.At), func(m rdv) bool { return !m.lapsed() }), read)
	return all[max(0, len(all)-1):]
}

// lapsed tells an appointment that another date may follow.
func (m rdv) lapsed() bool { return m.State == missed || m.State == postponed }

// fitting are the appointments that fit who and which day was said.
func (t *Turn) fitting(ms []rdv, read intents.Booking) []rdv {
	if here := t.subject(); here != "" && t.namesOnlyThread(read) {
		ms = slices.DeleteFunc(ms, func(m rdv) bool { return m.Subject != here })
	}
	if read.Name != "" {
		ms = slices.DeleteFunc(ms, func(m rdv) bool { return !sameName(m.Name, read.Name) })
	}
	if day := firstDay(read.Whens); !day.IsZero() {
		ms = slices.DeleteFunc(ms, func(m rdv) bool { return daysBetween(day, m.At) != 0 })
	}
	if len(read.Phones) > 0 {
		ms = slices.DeleteFunc(ms, func(m rdv) bool {
			p, _ := load[Person](t, m.Subject)
			return p.On("sms") != smsAddress(read.Phones[0].E164)
		})
	}
	return ms
}

func firstDay(whens []dates.When) time.Time {
	for _, w := range whens {
		if w.HasDay && w.Err == nil {
			return w.Day
		}
	}
	return time.Time{}
}

// askAccord echoes what will be done and asks for the yes.
func (t *Turn) askAccord(act intents.Intent, m rdv, values map[string]string) {
	t.Chat.close()
	switch {
	case t.isOutside(m):
		return
	case m.State == cancelled:
		t.Reply("rdv.deja-annule", m.args())
		return
	case !m.At.After(t.At) && !(act == intents.DeplacerRdv && m.lapsed()):
		t.Reply("rdv.deja-passe", m.args())
		return
	}
	if act == intents.DeplacerRdv {
		to, problem, args := t.moved(m, values)
		if problem != "" {
			t.Reply(problem, args)
			return
		}
		t.Chat.Values = values
		t.Offer("deplacer.propose", m.args().with("nouveau", to.At.Format(time.RFC3339), "nouveau-lieu", to.Where, "prevenue", t.willHear(rdv{m.id, &to}, "rdv.deplace-par")), t.yesOrNo()...)
	} else {
		t.Offer("annuler.propose", m.args().with("prevenue", t.willHear(m, "rdv.annule-par")), t.yesOrNo()...)
	}
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target = string(act), m.id
}

// moved is the appointment where it goes to: what was not said stays.
func (t *Turn) moved(m rdv, values map[string]string) (to Rdv, problem string, args Args) {
	d := &Draft{Day: m.At.Format(dayLayout), Clock: m.At.Format(clockLayout), Where: m.Where, Place: m.Place}
	for field, into := range map[string]*string{"day": &d.Day, "clock": &d.Clock, "where": &d.Where, "place": &d.Place} {
		if values[field] != "" {
			*into = values[field]
		}
	}
	if problem, args = t.checkTime(d); problem != "" {
		return to, problem, args
	}
	to = *m.Rdv
	to.At, to.Where, to.Place = t.at(d), d.Where, d.Place
	if to.Where != m.Where {
		to.Home = isHome(to.Where)
	}
	if to.At.Equal(m.At) && to.Where == m.Where {
		return to, "deplacer.rien", m.args()
	}
	return to, "", nil
}

// cancelRdv cancels, kills the reminders, tells the person, and can be taken back.
func (t *Turn) cancelRdv(m rdv) {
	if m.State == cancelled {
		t.Reply("rdv.deja-annule", m.args())
		return
	}
	t.end(m, cancelled, "conseiller")
	t.Chat.Undo = m.id
	t.tellOwner(m, "nouvelle.annule-par")
	t.Reply("annuler.fait", m.args().with("prevenue", t.notify(m, "rdv.annule-par")))
}

// moveRdv moves, plans the reminders anew and asks the person about the new date.
func (t *Turn) moveRdv(m rdv, values map[string]string) {
	to, problem, args := t.moved(m, values)
	if problem != "" || m.State == cancelled {
		if problem == "" {
			problem, args = "rdv.deja-annule", m.args()
		}
		t.Reply(problem, args)
		return
	}
	before := m.args()["rdv"]
	*m.Rdv = to
	t.keepRdv(m)
	v := t.retime(m)
	t.tellOwner(m, "nouvelle.deplace-par")
	t.Reply("deplacer.fait", m.args().with("avant", before, "rappels", t.announceTo(t.MeID, m), "prevenue", t.outlook(v, "prevenue.oui")))
}

// tellOwner tells a counsellor what somebody else did with her appointment.
func (t *Turn) tellOwner(m rdv, key string) {
	owner, _ := load[Person](t, m.Owner)
	if m.Owner != t.MeID && t.coverOf(owner) != t.MeID {
		t.Tell(m.Owner, m.Subject, key, m.args().with("collegue", t.Me.Name))
	}
}

// end closes an appointment, in a state that somebody's word gives it: it is saved, and nothing is left to remind of, to tell or to ask.
func (t *Turn) end(m rdv, state, by string) {
	m.State, m.By = state, by
	m.heard()
	t.saveRdv(m)
	t.silence(m)
	t.unask(m)
}

// unask notes in the person's chat that an appointment is no question any more, and was talked of last.
func (t *Turn) unask(m rdv) {
	p, _ := load[Person](t, m.Subject)
	if a := p.first(); a != "" {
		chat, _ := load[Chat](t, string(a))
		if chat.Target == m.id {
			chat.close()
		}
		chat.answered(m.id)
		t.saveChatOf(a, chat)
	}
}

// notify tells the usager about a change, and returns what the counsellor should know of it.
func (t *Turn) notify(m rdv, key string) string {
	return t.outlook(t.inform(m, key), "prevenue.oui")
}

// outlook says to the counsellor what becomes of a message to the usager; now is the key for one that leaves at once.
func (t *Turn) outlook(v Verdict, now string) string {
	switch {
	case v.Reason == onHold:
		return t.say("prevenue.en-pause", nil)
	case v.Act == Send:
		return t.say(now, nil)
	case v.Act == Later:
		return t.say("prevenue.plus-tard", Args{"quand": v.At.Format(time.RFC3339)})
	}
	return t.say("prevenue.non", nil)
}

// announceTo says to a professional when the person of an appointment will be reminded of it.
func (t *Turn) announceTo(reader string, m rdv) string {
	p, _ := load[Person](t, m.Subject)
	return t.announce(reader, m.At, m.Place, p.listens() && p.first() != "")
}

// willHear says before a change whether the usager will hear of it by SMS.
func (t *Turn) willHear(m rdv, key string) string {
	p, _ := load[Person](t, m.Subject)
	return t.outlook(t.foresee(t.messageAbout(m, p, key), p), "prevenue.sera")
}

// restore brings back the appointment that the counsellor cancelled last.
func restore(t *Turn) {
	t.known()
	if t.restoreSession() {
		return
	}
	if t.restoreOccasion() {
		return
	}
	m, ok := t.rdv(t.Chat.Undo)
	if t.Chat.Undo == "" || !ok || m.State != cancelled || !t.may(toChange, m.record()) || !m.At.After(t.At) {
		t.Reply("retablir.rien", nil)
		return
	}
	t.Chat.close()
	t.Chat.Undo = ""
	m.State, m.By = silent, ""
	t.plan(m)
	t.saveRdv(m)
	t.wonderAbout(m)
	t.tellOwner(m, "nouvelle.retabli-par")
	t.Reply("retablir.fait", m.args().with("rappels", t.announceTo(t.MeID, m), "prevenue", t.notify(m, "rdv.retabli")))
}
