package bot

import (
	"fmt"
	"slices"
	"time"
)

// What an usager is told about an appointment without asking: reminders and changes.

// plan sets anew what falls due about an appointment: its reminders, its end, and the sign after a visit. What was planned before dies, and
// so do messages to its person that have not left. It raises m.PlanVersion and forgets what was uncertain: save m behind it.
func (t *Turn) plan(m rdv) {
	m.PlanVersion++
	m.heard()
	t.silence(m)
	for _, r := range t.bot.remindersOf(m, t.At) {
		t.write(Task{Key: fmt.Sprintf("%s/v%d/%s", m.about(), m.PlanVersion, r.name), Group: m.about(), Subject: m.Subject,
			Lane: Reminder, Place: m.Place, At: r.at, NotAfter: m.At, Intent: remindIntent, Args: Args{"quel": r.name}})
	}
	t.planEnd(m)
	t.planSign(m)
}

// silence kills what is pending about an appointment: its reminders, messages that have not left, and the offer of another date to who
// did not come.
func (t *Turn) silence(m rdv) {
	t.Drop(m.about())
	t.Drop(m.words())
	t.Drop(m.missed())
}

// retime asks the person of an appointment about the date that it was moved to, plans what falls due, and saves it.
func (t *Turn) retime(m rdv) Verdict {
	m.State = silent
	t.plan(m)
	t.wonderAbout(m)
	v := t.inform(m, "rdv.deplace-par")
	m.Known, m.Telling = time.Time{}, ""
	switch {
	case v.Act == Later && v.Reason == onHold:
		m.Telling = m.message(t)
	case v.Act == Later:
		m.Known = v.At
	}
	t.saveRdv(m)
	return v
}

// words is the group of the messages to the usager about an appointment.
func (m rdv) words() string { return m.about() + "/sms" }

// remindersOf are those of an appointment whose person wants them.
func (b *Bot) remindersOf(m rdv, now time.Time) []reminder {
	if m.NoReminders {
		return nil
	}
	return b.reminders(m.At, m.Place, now)
}

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

// remind: a reminder fell due. She is asked, or told that she is expected if she said yes; in the morning only who has not answered.
func remind(t *Turn) {
	m, ok := t.rdvOf(t.About)
	if !ok || m.State == cancelled || m.attended() || (t.Values["quel"] == morningReminder && m.State == confirmed) {
		return
	}
	key := "rappel"
	if m.State == confirmed {
		key = "rappel.confirme"
		t.speakOf(m)
	} else {
		t.wonderAbout(m)
	}
	if v := t.inform(m, key); v.Reason == "sans-adresse" {
		t.Tell(m.Owner, m.Subject, "nouvelle.echec.sans-adresse", m.args())
	}
}

// wonderAbout notes in the person's chat that she is asked about the appointment.
func (t *Turn) wonderAbout(m rdv) {
	p, _ := load[Person](t, m.Subject)
	if len(p.Addresses) == 0 {
		return
	}
	chat, _ := load[Chat](t, string(p.line()))
	chat.Rdvs, chat.Listed = t.stillToCome(chat.Rdvs), false
	chat.wonder(m.id)
	t.saveChatOf(p.line(), chat)
}

// speakOf notes in the person's chat that she hears of the appointment last: a bare number answers that, and no campaign.
func (t *Turn) speakOf(m rdv) {
	p, _ := load[Person](t, m.Subject)
	if chat, ok := load[Chat](t, string(p.line())); ok && (chat.Last != m.id || chat.Invited != "" || chat.Occasion != "" || chat.Broadcast != "") {
		chat.turn()
		chat.Last = m.id
		t.saveChatOf(p.line(), chat)
	}
}

// inform tells the usager about an appointment, within decent hours and before it. What was said before about the same
// appointment and has not left yet is out of date: it dies. It returns what the gate says of it as things stand.
func (t *Turn) inform(m rdv, key string) Verdict {
	p, _ := load[Person](t, m.Subject)
	if p.first() == "" {
		return never("sans-adresse")
	}
	if p.FirstRdv == "" {
		p.FirstRdv = m.about()
		t.savePerson(m.Subject, p)
	}
	task := t.messageAbout(m, p, key)
	t.Drop(m.words())
	t.write(task)
	return t.foresee(task, p)
}

// messageAbout is a message to the usager about an appointment, not yet written. Those of a person's first appointment tell how to stop them.
func (t *Turn) messageAbout(m rdv, p *Person, key string) Task {
	stop := ""
	if p.FirstRdv == "" || p.FirstRdv == m.about() {
		stop = t.howToStop(p)
	}
	key = t.visited(m, key, t.orElse(key+".visite", key))
	return Task{Key: m.message(t), Group: m.words(), To: m.Subject, Network: t.bot.way(p), Lane: Reminder, Purpose: ForRdv,
		Place: m.Place, At: t.At, NotAfter: m.At, Message: &Message{Key: key, Args: t.usagerArgs(m, p.Language).with("arret", stop), About: m.about()}}
}

// howToStop ends the first message to somebody, in the word for what arrives there.
func (t *Turn) howToStop(p *Person) string {
	return t.sayIn(p.Language, t.orElse("arret.comment."+t.bot.way(p), "arret.comment"), nil)
}

// message is the key of what the turn says to the usager about the appointment.
func (m rdv) message(t *Turn) string { return m.about() + "/" + t.ID }

// usagerArgs are the arguments of a text that the usager of an appointment reads.
func (t *Turn) usagerArgs(m rdv, language string) Args {
	args := m.args()
	t.atHome(language, args)
	return args
}

// foresee asks the gate what will become of a message; too late is never, and so is what the gate will refuse when its hour comes. Nobody
// knows when a general pause ends: what waits for it is Later for the reason onHold, at the last moment at which it may leave, if it has one.
func (t *Turn) foresee(task Task, p *Person) Verdict {
	v := t.bot.Gate(&task, p, t.At)
	if v.Act == Later {
		if !task.NotAfter.IsZero() && v.At.After(task.NotAfter) {
			return never("trop-tard")
		}
		if then := t.bot.Gate(&task, p, v.At); then.Act == Never {
			return then
		}
	}
	if v.Act != Never && t.holdsBack(task) {
		return Verdict{Act: Later, At: task.NotAfter, Reason: onHold}
	}
	return v
}
