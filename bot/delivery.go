package bot

import (
	"context"
	"strings"
	"time"
)

// Hears says what a rule waits to hear of an ended task: a message about an appointment, a counsellor's words, or the emergency
// numbers, that did not leave or perhaps did not arrive; and news that reached no professional, which go to the desk. The
// scheduler commits it together with the outcome.
func (b *Bot) Hears(t Task, o Outcome) *Task {
	switch {
	case t.Message == nil || o.Fate == Sent:
		return nil
	case t.Purpose == ForNews, t.Purpose == ForAlert:
		return b.toDesk(t, o, t.Message)
	case t.Message.Key == "urgence" && t.Message.About == "":
		return b.toDesk(t, o, &Message{Key: "nouvelle.echec.urgence-inconnue"})
	case t.Message.About == "" || t.Purpose != ForRdv && t.Message.Key != "urgence" && !isWords(t.Key):
		return nil
	}
	if t.Message.Key == "urgence" {
		o.Reason = "urgence"
	}
	return &Task{Key: t.Key + "/echec", Lane: Reply, At: o.At, Intent: failureIntent, Subject: t.To,
		Args: Args{"sujet": t.Message.About, "sort": string(o.Fate), "raison": o.Reason}}
}

// toDesk sends words that did not leave to whoever hears what has no counsellor.
func (b *Bot) toDesk(t Task, o Outcome, m *Message) *Task {
	to := b.Settings.Desk
	if to == "" || t.To == string(to) {
		return nil
	}
	there := *m
	there.Thread, there.ReplyTo, there.Replaces, there.Choices = "", "", "", nil // those are of another channel
	return &Task{Key: t.Key + "/accueil", To: string(to), Subject: t.Subject, Network: to.Network(), Lane: Reply, Purpose: ForNews,
		At: o.At, Message: &there}
}

// failed: a message about an appointment did not leave. The counsellor learns why, and what is left to do.
func failed(t *Turn) { t.unreach(t.Values["sujet"], Fate(t.Values["sort"]), t.Values["raison"]) }

// receipt: a network says what became of a message it took.
func receipt(t *Turn) {
	if t.Values["receipt"] == "delivered" {
		return
	}
	kind, rest, _ := strings.Cut(t.Values["task"], "/")
	id, _, _ := strings.Cut(rest, "/")
	if kind == "rdv" || kind == "thread" {
		t.unreach(kind+"/"+id, Failed, "non-remis")
	}
}

// isWords tells the key of a counsellor's own words.
func isWords(key string) bool { return strings.HasPrefix(key, "thread/") }

func (t *Turn) unreach(about string, fate Fate, reason string) {
	if thread, ok := strings.CutPrefix(about, "thread/"); ok {
		t.unsent(thread, fate, reason)
		return
	}
	m, ok := t.meeting(strings.TrimPrefix(about, "rdv/"))
	if !ok || m.over(t.Now) && fate != Expired {
		return
	}
	if m.State == silent && reason != "urgence" {
		m.State = unreached
	}
	m.Failure = reason
	t.saveRdv(m)
	key := t.orElse("nouvelle.echec."+reason, "nouvelle.echec."+string(fate))
	t.Tell(m.Owner, m.Subject, key, m.args().with("raison", t.reason(m.Owner, reason)))
}

// reason is why a message did not leave, as words for a person: those of the gate and of the senders are codes.
func (t *Turn) reason(reader, code string) string {
	return t.sayTo(reader, t.orElse("raison."+code, "raison"), Args{"code": code})
}

// Explain says in French who a task is for and what it says or will do, as it would leave at a given time.
func (b *Bot) Explain(ctx context.Context, task Task, at time.Time) (to, what string, err error) {
	who := task.To
	if who == "" {
		who = task.Subject
	}
	recs, err := b.Store.Get(ctx, "person", who)
	if err != nil {
		return "", "", err
	}
	var p Person
	if len(recs) > 0 {
		if err := decode(recs[0], &p); err != nil {
			return "", "", err
		}
	}
	now := at.In(b.Zone(task.Place))
	if task.Message == nil {
		what, _, err = b.Texts.Render("prevu."+string(task.Intent), Args{"quel": b.reminderName(task.Args["quel"])}, now, anyLength)
		return p.Name, what, err
	}
	if task.Message.Key == "" {
		return p.Name, task.Message.Text, nil
	}
	what, _, err = b.Texts.Render(task.Message.Key, task.Message.Args, now, b.Abilities[task.Network].short)
	return p.Name, what, err
}

// reminderName writes which reminder it is, "j-4" or "matin", for people.
func (b *Bot) reminderName(quel string) string {
	key, days := "prevu.jours", strings.TrimPrefix(quel, "j-")
	switch {
	case quel == morningReminder:
		key = "prevu.matin"
	case days == "1":
		key = "prevu.veille"
	}
	name, _, _ := b.Texts.Render(key, Args{"n": days}, time.Time{}, anyLength)
	return name
}

func anyLength(string) bool { return true }
