package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// What suits a professional: hours in which news wait, the morning's summary, leave and who covers it.

// Quiet are the hours in which news wait, on the installation's wall clock; the zero Quiet is none. It may run over midnight.
type Quiet struct{ From, To Clock }

// until is the end of the quiet hours that run at a moment; that moment itself when none do.
func (q Quiet) until(now time.Time) time.Time {
	c := clockOf(now)
	inside := c >= q.From && c < q.To
	if q.From > q.To {
		inside = c >= q.From || c < q.To
	}
	switch {
	case q.From == q.To || !inside:
		return now
	case c < q.To:
		return q.To.on(now)
	}
	return q.To.on(nextDay(now))
}

// Fields of the form "reglages".
const (
	askQuietFrom = "calme_de"
	askQuietTo   = "calme_a"
	askDigest    = "resume"
	askLeaveFrom = "conge_du"
	askLeaveTo   = "conge_au"
	askCover     = "remplacant"
	askSigns     = "visites"
)

// prefer opens the form of what suits a professional.
func prefer(t *Turn) {
	t.known()
	known := map[string]string{}
	if t.opens() { // in words only what changes is asked
		known = t.preferences()
	}
	t.openForm("reglages", "", known)
}

// preferences are the values of the form as they stand.
func (t *Turn) preferences() map[string]string {
	p := t.Me
	out := map[string]string{askDigest: no, askSigns: no, askLeaveFrom: p.Leave.From, askLeaveTo: p.Leave.To, askCover: p.Leave.Cover}
	if p.Digest {
		out[askDigest] = yes
	}
	if p.CheckIn {
		out[askSigns] = yes
	}
	if p.Quiet != (Quiet{}) {
		out[askQuietFrom], out[askQuietTo] = p.Quiet.From.layout(), p.Quiet.To.layout()
	}
	return out
}

// layout writes a clock as forms keep it: "08:30".
func (c Clock) layout() string { return c.on(time.Time{}).Format(clockLayout) }

func clockIn(value string) Clock {
	at, _ := time.Parse(clockLayout, value)
	return clockOf(at)
}

// preferencesForm keeps what was filled in; a field that was passed over stays as it is.
func preferencesForm(t *Turn, _ string, values map[string]string) map[string]string {
	now := t.preferences()
	for name, value := range values {
		now[name] = value
	}
	if wrong := t.wrongPreferences(now); len(wrong) > 0 {
		return wrong
	}
	t.setQuiet(now)
	t.setDigest(now[askDigest] == yes)
	t.Me.CheckIn = now[askSigns] == yes
	t.setLeave(Leave{From: now[askLeaveFrom], To: now[askLeaveTo], Cover: now[askCover]})
	t.savePerson(t.MeID, t.Me)
	t.Reply("reglages.notes", Args{"liste": t.preferred()})
	return nil
}

func (t *Turn) wrongPreferences(v map[string]string) map[string]string {
	wrong := map[string]string{}
	today := t.Now.Format(dayLayout)
	switch {
	case (v[askQuietFrom] == "") != (v[askQuietTo] == ""):
		wrong[askQuietTo] = t.say("reglages.deux-heures", nil)
	case (v[askLeaveFrom] == "") != (v[askLeaveTo] == ""):
		wrong[askLeaveTo] = t.say("reglages.deux-jours", nil)
	case v[askLeaveTo] < v[askLeaveFrom]:
		wrong[askLeaveTo] = t.say("reglages.conge-a-l-envers", nil)
	case v[askLeaveTo] != "" && v[askLeaveTo] < today && v[askLeaveTo] != t.Me.Leave.To:
		wrong[askLeaveTo] = t.say("reglages.conge-passe", nil)
	case v[askCover] == t.MeID:
		wrong[askCover] = t.say("reglages.soi-meme", nil)
	case v[askCover] != "" && v[askLeaveFrom] == "":
		wrong[askLeaveFrom] = t.say("reglages.quels-jours", nil)
	}
	return wrong
}

func (t *Turn) setQuiet(v map[string]string) {
	t.Me.Quiet = Quiet{}
	if v[askQuietFrom] != "" {
		t.Me.Quiet = Quiet{clockIn(v[askQuietFrom]), clockIn(v[askQuietTo])}
	}
}

// setLeave notes the leave, and with her cover that she covers.
func (t *Turn) setLeave(l Leave) {
	if l.From == "" {
		l = Leave{}
	}
	if t.Me.Leave != l {
		t.onLeave(t.Me, l)
	}
	if l.Cover == "" {
		return
	}
	cover, _ := load[Person](t, l.Cover)
	if !slices.Contains(cover.Covers, t.MeID) {
		cover.Covers = append(cover.Covers, t.MeID)
		t.savePerson(l.Cover, cover)
	}
}

// preferred lists what suits her, one a line.
func (t *Turn) preferred() string {
	p, lines := t.Me, []string{}
	note := func(key string, args Args) { lines = append(lines, t.say(key, args)) }
	if p.Quiet == (Quiet{}) {
		note("reglages.sans-calme", nil)
	} else {
		note("reglages.calme", Args{"de": p.Quiet.From.on(t.Now).Format(time.RFC3339), "a": p.Quiet.To.on(t.Now).Format(time.RFC3339)})
	}
	if p.Digest {
		note("reglages.resume", nil)
	} else {
		note("reglages.sans-resume", nil)
	}
	if p.CheckIn {
		note("reglages.visites", nil)
	}
	switch {
	case p.Leave.To < t.Now.Format(dayLayout):
		note("reglages.sans-conge", nil)
	case p.Leave.Cover == "":
		note("reglages.conge", Args{"du": instant(p.Leave.From), "au": instant(p.Leave.To)})
	default:
		cover, _ := load[Person](t, p.Leave.Cover)
		note("reglages.remplacee", Args{"du": instant(p.Leave.From), "au": instant(p.Leave.To), "nom": cover.called(t)})
	}
	return strings.Join(lines, "\n")
}

// coverOf is who gets the news of a professional today; "" herself.
func (t *Turn) coverOf(p *Person) string {
	if today := t.Now.Format(dayLayout); !p.Leave.covers(p.Leave.Cover, today) {
		return ""
	}
	if cover, ok := load[Person](t, p.Leave.Cover); !ok || cover.Role == Anyone {
		return "" // who covered is a professional no more
	}
	return p.Leave.Cover
}

// reader is who reads the news of a professional today: herself, who covers her, or her heir when she left.
func (t *Turn) reader(professional string) string {
	p, _ := load[Person](t, professional)
	return cmp.Or(t.coverOf(p), t.heir(professional), professional)
}

// The morning's summary.

const digestAt Clock = 8 * 60

func digestGroup(person string) string { return "resume/" + person }

// setDigest turns the morning's summary on or off.
func (t *Turn) setDigest(on bool) {
	if on == t.Me.Digest {
		return
	}
	if t.Me.Digest = on; !on {
		t.Drop(digestGroup(t.MeID))
		return
	}
	t.nextDigest(t.MeID)
}

// nextDigest wakes the bot on the next morning.
func (t *Turn) nextDigest(person string) {
	at := digestAt.on(t.Now)
	for !at.After(t.Now) || !workday(at, territory(t.bot.Settings.Territories[0])) {
		at = digestAt.on(nextDay(at))
	}
	t.write(Task{Key: digestGroup(person) + "/" + at.Format(dayLayout), Group: digestGroup(person), Subject: person, Lane: Reply, At: at, Intent: digestIntent})
}

// digest: the morning came. She gets the day's appointments, if there are any and she is at work.
func digest(t *Turn) {
	id := strings.TrimPrefix(t.About, digestGroup(""))
	p, ok := load[Person](t, id)
	if !ok || !p.Digest {
		return
	}
	t.nextDigest(id)
	today := t.Now.Format(dayLayout)
	if clockOf(t.Now) >= 12*60 || p.Role == Anyone || p.Leave.From != "" && p.Leave.From <= today && today <= p.Leave.To {
		return
	}
	t.be(id)
	t.Role = p.Role
	midnight := Clock(0).on(t.Now)
	ms := slices.DeleteFunc(t.own(midnight, Clock(0).on(nextDay(midnight))), func(m rdv) bool { return m.State == cancelled })
	if len(ms) == 0 || p.first() == "" {
		return
	}
	t.Chat, _ = load[Chat](t, string(p.line()))
	t.Chat.List = nil
	list := t.listed(ms)
	t.saveChatOf(p.line(), t.Chat)
	t.Chat = nil
	t.write(Task{To: id, Network: p.first().Network(), Lane: Reply, Purpose: ForNews, At: t.At, Message: &Message{Key: "resume", Args: Args{"liste": list}}})
}

// digestIntent is the wake-up of the morning's summary.
const digestIntent intents.Intent = "resume"
