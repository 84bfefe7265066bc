package bot

import (
	"cmp"
	"fmt"
	"maps"
	"strings"
	"time"
)

// FollowUp says what a rule waits to hear of a task that ended or goes another way: a message about an appointment, a counsellor's words, or the emergency
// numbers, that did not leave or perhaps did not arrive; news that reached no professional, which go to the desk; and an account
// that reaches its person no more. The scheduler commits it together with the outcome.
func (b *Bot) FollowUp(t Task, o Outcome) *Task {
	switch {
	case t.Message == nil || o.Fate == Sent:
		return nil
	case o.Fate == Rerouted:
		return &Task{Key: fmt.Sprintf("%s/%s/%d", t.Key, unreachableIntent, t.Attempt), Lane: Reply, At: o.At, Intent: unreachableIntent, Subject: t.To,
			Args: Args{"personne": t.To, "reseau": t.Network}}
	case t.Network == ListsNetwork:
		return b.listLost(t, o)
	case strings.HasPrefix(t.Key, askPrefix):
		return &Task{Key: t.Key + failureSuffix, Lane: Reply, At: o.At, Intent: failureIntent, Subject: t.To,
			Args: Args{"message": t.Key, "sort": string(o.Fate), "raison": o.Reason}}
	case t.Purpose == ForNews, t.Purpose == ForAlert:
		return b.toDesk(t, o, t.Message)
	case t.Message.Key == urgent && t.Message.About == "":
		return b.toDesk(t, o, &Message{Key: "nouvelle.echec.urgence-inconnue"})
	case o.Reason == OptedOut:
	case t.Message.About == "" || t.Purpose != ForRdv && t.Purpose != ForWords && t.Purpose != ForOutreach && t.Purpose != ForGathering && t.Message.Key != urgent && !strings.HasPrefix(t.Key, "thread/"):
		return nil
	}
	return &Task{Key: t.Key + failureSuffix, Lane: Reply, At: o.At, Intent: failureIntent, Subject: t.To,
		Args: Args{"message": t.Key, "sujet": t.Message.About, "sort": string(o.Fate), "raison": o.Reason, "personne": t.To}}
}

// Count says in which figure an ended task is counted: the texts of campaigns, by what became of them.
func (b *Bot) Count(t Task, o Outcome) *Count {
	if t.Purpose != ForOutreach {
		return nil
	}
	return countText(t.Key, string(o.Fate))
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

// failureSuffix follows the key of a message in that of its follow-up.
const failureSuffix = "/echec"

// failed: a message about an appointment did not leave. The counsellor learns why, and what is left to do.
func failed(t *Turn) {
	fate, reason := Fate(t.Values["sort"]), t.Values["raison"]
	task := cmp.Or(t.Values["message"], strings.TrimSuffix(t.ID, failureSuffix)) // the first release gave the ID alone
	if strings.HasPrefix(task, askPrefix) {
		t.unasked(task, fate)
		return
	}
	if fate == Uncertain {
		if _, arrived := t.taken(task); arrived {
			return // its receipt was quicker than the end of our patience
		}
	}
	if about := t.Values["sujet"]; about != "" {
		t.unreach(about, task, fate, reason)
	} else if p, _ := load[Person](t, t.Values["personne"]); reason == OptedOut && !p.Stopped {
		t.optedOut(t.Values["personne"])
		t.tellAbout(t.Values["personne"], "nouvelle.arret")
	}
}

// tellAbout tells each counsellor about a person's appointments to come with her.
func (t *Turn) tellAbout(person, key string) {
	p, _ := load[Person](t, person)
	told := map[string]bool{}
	for _, id := range p.Rdvs {
		if m, ok := t.rdv(id); ok && !m.over(t.Now) && m.State != cancelled && !told[m.Owner] {
			told[m.Owner] = true
			t.Tell(m.Owner, m.Subject, key, m.args())
		}
	}
}

// soon is when a receipt is looked at again that came before the message was noted as sent.
const soon = time.Minute

// receipt: a network says what became of a message it took.
func receipt(t *Turn) {
	task := t.Values["task"]
	if task == "" {
		task = t.sentAs(t.Values["ref"])
	}
	if task == "" {
		t.lookAgain()
		return
	}
	word, reason := ReceiptLost, ReceiptLost
	switch t.Values["receipt"] {
	case ReceiptDelivered:
		word = ReceiptArrived
	case ReceiptOpposed:
		reason = OptedOut
	}
	if _, arrived := t.taken(task); arrived && word == ReceiptLost {
		return
	}
	t.change.Receipts = append(t.change.Receipts, Receipt{task, word})
	if c := countText(task, word); c != nil {
		t.change.Tally = append(t.change.Tally, *c)
	}
	if about := aboutOf(task); word == ReceiptArrived {
		t.arrived(about, task)
	} else {
		t.unreach(about, task, Failed, reason)
	}
}

// lookAgain takes a receipt up once more, in a while: its message is not noted as sent yet.
func (t *Turn) lookAgain() {
	if t.Values["again"] != "" {
		return
	}
	again := maps.Clone(t.Values)
	again["again"] = "1"
	t.write(Task{Key: t.ID + "/encore", Lane: Reply, At: t.At.Add(soon), Intent: ReceiptIntent, Args: again})
}

// aboutOf is what the message of a key is about, "rdv/7", "thread/3-7" or "gathering/3-2026-12-10"; "" when nobody waits to hear what became of it.
func aboutOf(task string) string {
	if campaign, _, ok := textOf(task); ok {
		return "campaign/" + campaign + "/" + strings.Split(task, "/")[2]
	}
	kind, rest, _ := strings.Cut(task, "/")
	id, _, _ := strings.Cut(rest, "/")
	if kind != "rdv" && kind != "thread" && kind != "gathering" {
		return ""
	}
	return kind + "/" + id
}

// urgent is the text of the emergency numbers, and what the key of their message holds behind what it is about.
const urgent = "urgence"

// urgentKey is the key of the message that answers an event with the emergency numbers; about may be "".
func urgentKey(about, event string) string {
	return strings.TrimPrefix(about+"/"+urgent+"/"+event, "/")
}

// isUrgent tells the key of the emergency numbers.
func isUrgent(task string) bool {
	return strings.HasPrefix(strings.TrimPrefix(task, aboutOf(task)+"/"), urgent+"/")
}

// sentAs is the key of the task that a network calls ref, "" when it is not known.
func (t *Turn) sentAs(ref string) string {
	if t.err != nil {
		return ""
	}
	key, err := t.bot.Store.KeyOf(t.ctx, "sms", ref)
	if err != nil {
		t.err = storeFault{err}
	}
	return key
}

// lowCredit: soon nothing leaves any more. Whoever hears what has no counsellor hears this too.
func lowCredit(t *Turn) {
	t.tellDesk("", "nouvelle.credit", Args{"fournisseur": t.Values["provider"], "reste": t.Values["left"], "unite": t.Values["unit"]})
}

// unreach notes that a message, the task of that key, did not arrive, or perhaps not, and tells the counsellor.
func (t *Turn) unreach(about, task string, fate Fate, reason string) {
	if strings.HasPrefix(about, "campaign/") {
		t.textFailed(about, fate, reason)
		return
	}
	numbers := isUrgent(task) || reason == urgent // the emergency numbers; the first release said it by the reason
	if thread, ok := strings.CutPrefix(about, "thread/"); ok {
		t.unsent(thread, task, fate, reason)
		return
	}
	if strings.HasPrefix(about, "gathering/") {
		t.unreachGuest(about, task, fate, reason)
		return
	}
	m, ok := t.rdvOf(about)
	switch {
	case !ok && numbers:
		t.tellDesk("", "nouvelle.echec.urgence-inconnue", nil)
		return
	case !ok, m.over(t.Now) && fate != Expired && !numbers:
		return
	}
	if m.State == silent && !numbers {
		m.State = unreached
	}
	m.heard()
	switch {
	case fate == Uncertain:
		m.Unsure = task
	case reason == ReceiptLost:
		m.Lost = task
	}
	t.saveRdv(m)
	if reason == OptedOut {
		t.optedOut(m.Subject)
	}
	key := t.orElse("nouvelle.echec."+reason, "nouvelle.echec."+string(fate))
	if numbers {
		key = "nouvelle.echec.urgence"
	}
	t.Tell(m.Owner, m.Subject, key, m.args().with("raison", t.reason(m.Owner, reason)))
}

// arrived settles what was uncertain, or said to be lost: the message is on the phone after all.
func (t *Turn) arrived(about, task string) {
	if thread, ok := strings.CutPrefix(about, "thread/"); ok {
		t.wordsArrived(thread, task)
		return
	}
	m, ok := t.rdvOf(about)
	if !ok || m.Unsure != task && m.Lost != task {
		return
	}
	if m.State == unreached {
		m.State = silent
	}
	m.heard()
	t.saveRdv(m)
	t.Tell(m.Owner, m.Subject, "nouvelle.arrive", m.args())
}

// optedOut: the gateway carries no message any more to somebody who told it to stop. That holds here too.
func (t *Turn) optedOut(person string) {
	p, ok := load[Person](t, person)
	if ok && p.first() != "" {
		t.heardElsewhere(p.line())
	}
}

// reason is why a message did not leave, as words for a person: those of the gate and of the senders are codes.
func (t *Turn) reason(reader, code string) string {
	return t.sayTo(reader, t.orElse("raison."+code, "raison"), Args{"code": code})
}
