package bot

import (
	"cmp"
	"slices"
	"strings"
)

// Choice is one answer that a message offers. Its words are what one would write instead: pressing and writing do the same,
// so that a network without buttons, or a phone that shows none, loses nothing.
type Choice struct {
	Words string `json:"words"` // "oui", "2"
	Label string `json:"label"` // on the button, for the reader
	// Beside marks a shortcut, which answers no question: pressing it is writing its words in the message's thread, at any time.
	Beside bool `json:"beside,omitempty"`
	// Number marks a shortcut by which she shows her own number, where a network vouches for it; it has no words, and other networks do not show it.
	Number bool `json:"number,omitempty"`
}

// Question is a message that offers choices and was not answered yet.
type Question struct {
	Task    string   `json:"task"` // its key, by which a press names it
	Message *Message `json:"message"`
	Network string   `json:"network,omitempty"` // on which it was asked
}

// Offer is Reply with buttons; the question stays open until the chat's topic is closed.
func (t *Turn) Offer(key string, args Args, choices ...Choice) {
	t.offerFor(ForTalk, key, args, choices...)
}

// offerFor is Offer for a purpose.
func (t *Turn) offerFor(purpose Purpose, key string, args Args, choices ...Choice) {
	m := &Message{Key: key, Args: args, Choices: choices}
	task, ok := t.answer(purpose, m)
	if ok && slices.ContainsFunc(choices, func(c Choice) bool { return !c.Beside }) {
		t.Chat.Question = &Question{Task: task, Message: m, Network: t.From.Network()}
	}
}

// offered is a choice of words under a label of the catalogue.
func (t *Turn) offered(words, label string, args Args) Choice {
	return Choice{Words: words, Label: t.say(label, args)}
}

// shortcut is a button beside a message.
func (t *Turn) shortcut(words, label string, args Args) Choice {
	c := t.offered(words, label, args)
	c.Beside = true
	return c
}

// shortcutIn is a shortcut for a reader of another language.
func (t *Turn) shortcutIn(language, words, label string) Choice {
	return Choice{Words: words, Label: t.sayIn(language, label, nil), Beside: true}
}

// yesOrNo are the choices of a question that is answered so.
func (t *Turn) yesOrNo() []Choice {
	return []Choice{t.offered("oui", "bouton.oui", nil), t.offered("non", "bouton.non", nil)}
}

// chosen is the words of the open question's choice whose label was typed; a text that is no label is left as it is.
func (t *Turn) chosen(text string) string {
	if t.topic() == "" || t.Chat.Question == nil {
		return text
	}
	for _, c := range t.Chat.Question.Message.Choices {
		if !c.Beside && plain(strings.TrimSpace(text)) == plain(c.Label) {
			return c.Words
		}
	}
	return text
}

// replaceQuestion has an answer take the place of the question whose button was pressed: the first one, which it tells.
func (t *Turn) replaceQuestion() bool {
	if t.replaced || t.Pressed == "" || t.question == nil || t.question.Task != t.Pressed {
		return false
	}
	t.replaced = true
	return true
}

// shown tells whether who answers can have seen the open question: its button was pressed, or its network has taken it.
func (t *Turn) shown() bool {
	if t.Pressed != "" || t.Chat.Question == nil {
		return true
	}
	taken, _ := t.taken(t.Chat.Question.Task)
	return taken
}

// taken tells whether a network has taken the message of a task, and whether it arrived.
func (t *Turn) taken(task string) (taken, arrived bool) {
	taken, arrived, err := t.bot.Store.Taken(t.ctx, task)
	if err != nil && t.err == nil {
		t.err = storeFault{err}
	}
	return taken, arrived
}

// stale tells that a button was pressed whose question is not the open one.
func (t *Turn) stale() bool {
	return t.Pressed != "" && (t.Chat.Question == nil || t.Chat.Question.Task != t.Pressed) || t.Role == Usager && t.About != "" && !t.aboutHers()
}

// aboutHers tells whether what a pressed button is about is hers, and still to come.
func (t *Turn) aboutHers() bool {
	if id, ok := strings.CutPrefix(t.About, "rdv/"); ok {
		ms := among(t.rdvs(), id)
		return len(ms) > 0 && (!ms[0].over(t.Now) || t.topic() == topicMissed && t.Chat.Target == id)
	}
	o, ok := t.occasionOf(t.About)
	return ok && !o.over(t.At) && slices.ContainsFunc(t.People, func(id string) bool { _, ok := load[RSVP](t, rsvpID(o, id)); return ok })
}

// tooLateToPress says that the question is closed. The second press of a double click is nothing to speak of.
func tooLateToPress(t *Turn) {
	switch {
	case t.Pressed != "" && t.Pressed == t.Chat.Done:
	case t.Role == Usager:
		t.Reply("bouton-passe", nil)
	default:
		t.Reply("question-fermee", nil)
	}
}

// endQuestion takes the buttons off a question that is open no more, unless the answer stands in its place.
func (t *Turn) endQuestion() {
	was := t.question
	if t.Chat == nil || was == nil || t.Chat.Question != nil && t.Chat.Question.Task == was.Task {
		return
	}
	t.Chat.Done = was.Task
	network := cmp.Or(was.Network, t.From.Network()) // an older release did not note it
	if t.replaced || !t.bot.Abilities[network].Buttons {
		return
	}
	m := *was.Message
	m.Choices, m.Replaces, m.Redraws = nil, was.Task, true
	t.write(Task{To: t.MeID, Network: network, Lane: Reply, Purpose: ForTalk, At: t.At, Message: &m})
}
