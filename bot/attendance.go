package bot

import (
	"fmt"
	"time"

	"passeur/intents"
)

// Did she come? The counsellor says it in one tap when the appointment is over. Silence counts as nothing.

// States of an appointment once its hour has passed.
const (
	seen      = "seen"
	missed    = "noshow"
	postponed = "postponed" // they agreed on another date
)

// rdvEndIntent is the wake-up at the end of an appointment.
const rdvEndIntent intents.Intent = "fin-rdv"

// missedIntent is the wake-up of the day after an appointment to which nobody came.
const missedIntent intents.Intent = "absence"

// planEnd wakes the bot when an appointment is over.
func (t *Turn) planEnd(m rdv) {
	t.write(Task{Key: fmt.Sprintf("%s/v%d/fin", m.about(), m.PlanVersion), Group: m.about(), Subject: m.Subject, Lane: Reminder, Place: m.Place, At: m.At.Add(m.lasts()), Intent: rdvEndIntent})
}

// rdvEnded asks the counsellor whether she came, unless somebody said so already.
func rdvEnded(t *Turn) {
	m, ok := t.rdvOf(t.About)
	if !ok || m.State == cancelled || m.attended() {
		return
	}
	beside := func(words, label string) Choice {
		return Choice{Words: words, Label: t.sayTo(t.reader(m.Owner), label, nil), Beside: true}
	}
	choices := []Choice{beside("venue", "bouton.venue"), beside("absente", "bouton.absente"), beside("reportée", "bouton.reportee")}
	key := "nouvelle.venue"
	if owner, _ := load[Person](t, m.Owner); m.Home && owner.CheckIn {
		key, choices = "nouvelle.visite", append([]Choice{beside("rentrée", "bouton.rentree")}, choices...)
	}
	t.Tell(m.Owner, m.Subject, key, m.args(), choices...)
}

// lasts is how long an appointment takes.
func (m rdv) lasts() time.Duration {
	if m.Lasts > 0 && m.Lasts <= 24*60 {
		return time.Duration(m.Lasts) * time.Minute
	}
	return rdvLength
}

// attended tells whether it is known what became of an appointment.
func (m rdv) attended() bool { return m.State == seen || m.State == missed || m.State == postponed }

// noteAttendance: the counsellor says whether she came, in her thread or by her name.
func noteAttendance(t *Turn) {
	t.known()
	state, name, _ := intents.ReadAttendance(t.Text)
	m, ok := t.lastRdv(name)
	if !ok {
		t.Reply("presence.de-qui", nil)
		return
	}
	if state == intents.Back {
		t.isBack(m)
		return
	}
	next := ""
	m.By = "" // her word stands, whatever another tool said before
	if t.setAttendance(m, state) {
		next = t.say("presence.sms", nil)
	}
	if state != postponed {
		t.report(m, state)
	}
	var beside []Choice
	if m.State == seen {
		beside = append(beside, t.shortcut("activité", "bouton.noter", nil))
	}
	t.Offer("presence."+m.State, m.args().with("suite", next), beside...)
}

// lastRdv is the counsellor's last appointment that has begun, with the person of the thread or of a name; within a fortnight.
func (t *Turn) lastRdv(name string) (rdv, bool) {
	var found rdv
	ok := false
	for _, m := range t.own(t.At.Add(-14*day), t.At.Add(time.Minute)) {
		if m.State == cancelled || name == "" && m.Subject != t.subject() && !(m.Home && t.subject() == "") || name != "" && !sameName(m.Name, name) || !t.may(toChange, m.record()) {
			continue
		}
		found, ok = m, true // they come in order
	}
	return found, ok
}

// setAttendance notes it, and takes back what the opposite had planned; it tells whether who did not come will be offered another date.
func (t *Turn) setAttendance(m rdv, state string) (asks bool) {
	t.countAttendance(m, state)
	m.State = state
	t.saveRdv(m)
	if state == seen {
		t.proposeDirection(m.Owner, m.Subject)
	}
	t.Drop(m.missed())
	t.planOpinion(m)
	p, _ := load[Person](t, m.Subject)
	if state != missed || m.Asked || !p.listens() || p.first() == "" || t.comesBack(m) {
		return false
	}
	at := t.bot.Settings.Hours.after(t.bot.Settings.Hours.Open.on(nextDay(m.At)), m.Place)
	if at.Before(t.At) {
		at = t.bot.Settings.Hours.after(t.At.In(m.At.Location()), m.Place)
	}
	t.write(Task{Key: m.about() + "/absence", Group: m.missed(), Subject: m.Subject, Lane: Reminder, Place: m.Place, At: at, NotAfter: at.Add(7 * day), Intent: missedIntent})
	return true
}

// missed is the group of the wake-up of the day after.
func (m rdv) missed() string { return m.about() + "/absence" }

// askAgain offers another date, once, to who did not come.
func askAgain(t *Turn) {
	m, ok := t.rdvOf(t.About)
	if !ok || m.State != missed || m.Asked || t.comesBack(m) {
		return
	}
	p, _ := load[Person](t, m.Subject)
	if p.first() == "" {
		return
	}
	m.Asked = true
	t.saveRdv(m)
	chat, _ := load[Chat](t, string(p.line()))
	chat.close()
	chat.Topic, chat.Asked, chat.Target = topicMissed, t.At, m.id
	t.saveChatOf(p.line(), chat)
	t.write(Task{Key: m.about() + "/absence/sms", Group: m.missed(), To: m.Subject, Network: t.bot.way(p), Lane: Reminder, Purpose: ForRdv, Place: m.Place, At: t.At,
		NotAfter: t.At.Add(2 * day), Message: &Message{Key: t.visited(m, "absence", "absence.visite"), Args: t.usagerArgs(m, p.Language).with("arret", ""), About: m.about()}})
}

// comesBack tells that somebody has another appointment to come.
func (t *Turn) comesBack(m rdv) bool {
	p, _ := load[Person](t, m.Subject)
	for _, id := range p.Rdvs {
		if other, ok := t.rdv(id); ok && other.State != cancelled && other.At.After(t.At) {
			return true
		}
	}
	return false
}

// wantsAgain: yes, another date.
func wantsAgain(t *Turn) {
	m, ok := t.closeAbout()
	if ok && !t.offerTimes(m, "nouvelle.voudrait-autre-date") {
		t.passWords(m.Owner, m.Subject, "nouvelle.veut-une-date", m.args())
		t.Reply("absence.transmis", m.args())
	}
}

// wantsNoMore: no other date.
func wantsNoMore(t *Turn) {
	if m, ok := t.closeAbout(); ok {
		t.passWords(m.Owner, m.Subject, "nouvelle.pas-d-autre-date", m.args())
		t.Reply("absence.non", m.args())
	}
}
