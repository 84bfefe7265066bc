package bot

import (
	"context"
	"slices"
	"strings"
	"time"
)

// What waits to be done, in words: for the operator, and for the page of the demo.

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
		what, err = b.plan(task, now)
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

// plan says what a wake-up will do.
func (b *Bot) plan(task Task, now time.Time) (string, error) {
	for _, r := range b.rules {
		if r.From == Itself && slices.Contains(r.On, task.Intent) {
			what, _, err := b.Texts.Render(r.Plan, Args{"quel": b.reminderName(task.Args["quel"])}, now, anyLength)
			return what, err
		}
	}
	return string(task.Intent), nil // of another release
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
