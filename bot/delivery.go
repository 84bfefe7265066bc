package bot

import (
	"context"
	"maps"
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
	case o.Reason == OptedOut:
	case t.Message.About == "" || t.Purpose != ForRdv && t.Message.Key != "urgence" && !isWords(t.Key):
		return nil
	}
	if t.Message.Key == "urgence" {
		o.Reason = "urgence"
	}
	return &Task{Key: t.Key + failureSuffix, Lane: Reply, At: o.At, Intent: failureIntent, Subject: t.To,
		Args: Args{"sujet": t.Message.About, "sort": string(o.Fate), "raison": o.Reason, "personne": t.To}}
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
func failed(t *Turn) {
	task, fate, reason := strings.TrimSuffix(t.ID, failureSuffix), Fate(t.Values["sort"]), t.Values["raison"]
	if fate == Uncertain {
		if _, arrived := t.taken(task); arrived {
			return // its receipt was quicker than the end of our patience
		}
	}
	if about := t.Values["sujet"]; about != "" {
		t.unreach(about, task, fate, reason)
	} else if p, _ := load[Person](t, "person", t.Values["personne"]); reason == OptedOut && !p.Stopped {
		t.optedOut(t.Values["personne"])
		t.tellAbout(t.Values["personne"], "nouvelle.arret")
	}
}

// tellAbout tells each counsellor about a person's appointments to come with her.
func (t *Turn) tellAbout(person, key string) {
	p, _ := load[Person](t, "person", person)
	told := map[string]bool{}
	for _, id := range p.Rdvs {
		if m, ok := t.meeting(id); ok && !m.over(t.Now) && m.State != cancelled && !told[m.Owner] {
			told[m.Owner] = true
			t.Tell(m.Owner, m.Subject, key, m.args())
		}
	}
}

// failureSuffix makes the key of a failure of that of the message which failed.
const failureSuffix = "/echec"

// soon is when a receipt is looked at again that came before the message was noted as sent.
const soon = time.Minute

// receipt: a network says what became of a message it took.
func receipt(t *Turn) {
	task := t.Values["task"]
	if task == "" {
		task = t.sentAs(t.Values["ref"])
	}
	if task == "" && t.Values["again"] == "" {
		again := maps.Clone(t.Values)
		again["again"] = "1"
		t.write(Task{Key: t.ID + "/encore", Lane: Reply, At: t.At.Add(soon), Intent: ReceiptIntent, Args: again})
	}
	word, reason := NoteLost, NoteLost
	switch t.Values["receipt"] {
	case ReceiptDelivered:
		word = NoteArrived
	case ReceiptOpposed:
		reason = OptedOut
	}
	if _, arrived := t.taken(task); arrived && word == NoteLost {
		return
	}
	if task != "" {
		t.change.Notes = append(t.change.Notes, Note{task, word})
	}
	kind, rest, _ := strings.Cut(task, "/")
	id, _, _ := strings.Cut(rest, "/")
	switch {
	case kind != "rdv" && kind != "thread":
	case word == NoteArrived:
		t.arrived(kind+"/"+id, task)
	default:
		t.unreach(kind+"/"+id, task, Failed, reason)
	}
}

// sentAs is the key of the task that a network calls ref, "" when it is not known.
func (t *Turn) sentAs(ref string) string {
	if t.err != nil {
		return ""
	}
	key, err := t.bot.Store.Named(t.ctx, "sms", ref)
	if err != nil {
		t.err = storeFault{err}
	}
	return key
}

// lowCredit: soon nothing leaves any more. Whoever hears what has no counsellor hears this too.
func lowCredit(t *Turn) {
	t.tellDesk("", "nouvelle.credit", Args{"fournisseur": t.Values["provider"], "reste": t.Values["left"], "unite": t.Values["unit"]})
}

// isWords tells the key of a counsellor's own words.
func isWords(key string) bool { return strings.HasPrefix(key, "thread/") }

// unreach notes that a message, the task of that key, did not arrive, or perhaps not, and tells the counsellor.
func (t *Turn) unreach(about, task string, fate Fate, reason string) {
	if thread, ok := strings.CutPrefix(about, "thread/"); ok {
		t.unsent(thread, task, fate, reason)
		return
	}
	m, ok := t.meeting(strings.TrimPrefix(about, "rdv/"))
	if !ok || m.over(t.Now) && fate != Expired {
		return
	}
	if m.State == silent && reason != "urgence" {
		m.State = unreached
	}
	m.Failure, m.Unsure, m.Lost = reason, "", ""
	switch {
	case fate == Uncertain:
		m.Unsure = task
	case reason == NoteLost:
		m.Lost = task
	}
	t.saveRdv(m)
	if reason == OptedOut {
		t.optedOut(m.Subject)
	}
	key := t.orElse("nouvelle.echec."+reason, "nouvelle.echec."+string(fate))
	t.Tell(m.Owner, m.Subject, key, m.args().with("raison", t.reason(m.Owner, reason)))
}

// arrived settles what was uncertain, or said to be lost: the message is on the phone after all.
func (t *Turn) arrived(about, task string) {
	if thread, ok := strings.CutPrefix(about, "thread/"); ok {
		t.wordsArrived(thread, task)
		return
	}
	m, ok := t.meeting(strings.TrimPrefix(about, "rdv/"))
	if !ok || m.Unsure != task && m.Lost != task {
		return
	}
	if m.State == unreached {
		m.State = silent
	}
	m.Failure, m.Unsure, m.Lost = "", "", ""
	t.saveRdv(m)
	t.Tell(m.Owner, m.Subject, "nouvelle.arrive", m.args())
}

// optedOut: the gateway carries no message any more to somebody who told it to stop. That holds here too.
func (t *Turn) optedOut(person string) {
	p, ok := load[Person](t, "person", person)
	if ok && p.first() != "" {
		t.setStopped(p.first(), true)
	}
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
	var out Rendered
	able := b.Abilities[task.Network]
	if _, reason := b.renderText(&out, task.Message, French, able, now); reason == "" || able.Receives {
		return p.Name, out.Text, nil
	}
	what, _, err = b.Texts.Render(task.Message.Key, task.Message.Args, now, able.short)
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
