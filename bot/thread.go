package bot

import (
	"strings"
	"time"
)

// Thread is the conversation of a counsellor with an usager, as Mattermost shows it: all that is said of one person stands
// below the first post about her.
type Thread struct {
	V     int       `json:"v"`
	Root  string    `json:"root"` // the key of the task whose post begins it
	Begun time.Time `json:"begun"`
	// Unsure is the key of her words of which nobody knew whether they arrived: a receipt may still tell.
	Unsure string `json:"unsure,omitempty"`
}

// threadLife is how long one thread goes on: the store must still know which post its first task made. Then a new one begins.
const threadLife = KeepEnded - 5*day

// desk stands for a counsellor in the threads of those who have none.
const desk = "desk"

func threadID(owner, subject string) string { return owner + "-" + subject }

// aboutPerson is what the posts of a thread are about: not one appointment, all there is with her.
func aboutPerson(id string) string { return "person/" + id }

// subject is the usager in whose thread a professional writes; "" elsewhere.
func (t *Turn) subject() string {
	if !t.Role.IsPro() {
		return ""
	}
	if id, ok := strings.CutPrefix(t.About, "person/"); ok {
		return id
	}
	return ""
}

// inThread puts a message about a person where her counsellor reads of her. The first one begins the thread.
func (t *Turn) inThread(owner string, task Task) Task {
	if task.Subject == "" {
		return task
	}
	task.Message.About = aboutPerson(task.Subject)
	if th, live := t.liveThread(owner, task.Subject); live {
		task.Message.Thread = th.Root
		return task
	}
	task.Key = t.nextKey()
	t.beginThread(owner, task.Subject, task.Key)
	return task
}

func (t *Turn) liveThread(owner, subject string) (th *Thread, live bool) {
	th, ok := load[Thread](t, threadID(owner, subject))
	return th, ok && t.At.Sub(th.Begun) < threadLife
}

// threadHere is the thread of the person that the event is about, for one that knows no post of it: a form that was filled in.
func (t *Turn) threadHere() (th *Thread, live bool) {
	if t.subject() == "" {
		return nil, false
	}
	return t.liveThread(t.MeID, t.subject())
}

func (t *Turn) beginThread(owner, subject, root string) {
	id := threadID(owner, subject)
	th, _ := load[Thread](t, id)
	*th = Thread{V: 1, Root: root, Begun: t.At}
	t.saveThread(owner, subject, th)
}

func (t *Turn) saveThread(owner, subject string, th *Thread) {
	t.save("thread", threadID(owner, subject), func(r *Record) { r.Owner, r.Subject, r.At = owner, subject, th.Begun })
}

// replyOf answers a professional with news of a person; the first post about her begins her thread.
func (t *Turn) replyOf(person, key string, args Args) (task string) {
	task, _ = t.answer(ForTalk, &Message{Key: key, Args: args, About: aboutPerson(person)})
	if _, live := t.liveThread(t.MeID, person); !live && t.ReplyTo == "" {
		t.beginThread(t.MeID, person, task)
	}
	return task
}

// elsewhere tells that a professional writes in the thread of one person, or of a question to colleagues, while the open question was asked in another
// place: an "oui" to Jeanne agrees to nothing about Paul.
func (t *Turn) elsewhere() bool {
	_, inquiry := t.inquiryThread()
	return (t.subject() != "" || inquiry) && t.About != t.Chat.In
}

// topic is the open question that this event may answer; "" none.
func (t *Turn) topic() string {
	if t.elsewhere() {
		return ""
	}
	return t.Chat.Topic
}

// ask opens a question where the event was written. It clears nothing of the one before but its topic: a draft goes on, and what was
// offered just before stands. Close the chat first where nothing is to be kept.
func (t *Turn) ask(topic string) {
	t.Chat.Topic, t.Chat.Asked, t.Chat.In, t.Chat.Thread = topic, t.At, t.About, t.ReplyTo
}

// backInThread puts the press of an open question's button where the question was asked.
func (t *Turn) backInThread() {
	if t.Role != Usager && t.Pressed != "" && t.question != nil && t.question.Task == t.Pressed {
		t.About, t.ReplyTo = t.Chat.In, t.Chat.Thread
	}
}

// redraw brings the cards of appointments up to date: each is one post that always says how things stand.
func (t *Turn) redraw() {
	for _, d := range t.order {
		r, ok := d.body.(*Rdv)
		if !ok || !d.dirty || d.rec.Version == 0 || r.Card == "" || d.state == r.State && d.at.Equal(r.At) || t.At.Sub(r.CardAt) > threadLife {
			continue
		}
		m := rdv{d.rec.ID, r}
		card := Task{Key: t.nextKey(), To: r.Owner, Subject: r.Subject, Network: mattermost, Lane: Reply, Purpose: ForNews, At: t.At,
			Message: &Message{Key: "carte." + t.stateOf(m), Args: m.args(), Replaces: r.Card}}
		r.Card, r.CardAt = t.write(card), t.At
	}
}

// mattermost is the network of professionals.
const mattermost = "mattermost"
