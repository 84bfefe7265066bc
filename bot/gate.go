package bot

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Act is what the gate decides about a message.
type Act int

// The acts of the gate.
const (
	Send      Act = iota // now, as rendered
	Later                // at Verdict.At, not before
	Never                // Reason tells why; the task ends
	Elsewhere            // by Verdict.Network: there is no way to the person by the task's
)

// Verdict is the gate's answer for one task.
type Verdict struct {
	Act     Act
	To      Address   // of Send
	Message Rendered  // of Send
	Network string    // of Elsewhere; of Send, the one by which she is reached if this one turns out to reach her no more, "" none
	At      time.Time // of Later
	Reason  string    // of Later and Never: a short word for status, never a text, a name or a number
}

// Prepare asks the gate about claimed tasks, in one read: the verdicts come in the order of the tasks.
func (b *Bot) Prepare(ctx context.Context, tasks []Task, now time.Time) ([]Verdict, error) {
	ids := make([]string, 0, len(tasks))
	for _, t := range tasks {
		if !isChannel(t.To) {
			ids = append(ids, t.To)
		}
	}
	recs, err := b.Store.Get(ctx, "person", ids...)
	if err != nil {
		return nil, err
	}
	persons := make(map[string]*Person, len(recs))
	for _, rec := range recs {
		if p := new(Person); decode(rec, p) == nil {
			persons[rec.ID] = p
		} else {
			persons[rec.ID] = &Person{} // without an address: nothing leaves for a record that cannot be read
		}
	}
	held, err := b.heldCampaigns(ctx, tasks)
	if err != nil {
		return nil, err
	}
	verdicts := make([]Verdict, len(tasks))
	for i := range tasks {
		verdicts[i] = b.Gate(&tasks[i], persons[tasks[i].To], now)
		if state := held[tasks[i].Batch]; state == campaignPaused && verdicts[i].Act != Never {
			verdicts[i] = Verdict{Act: Later, At: now.Add(pauseLook), Reason: "campagne-en-pause"}
		} else if state != "" && state != campaignPaused {
			verdicts[i] = never("campagne-annulee")
		}
	}
	return verdicts, nil
}

// pauseLook is when one looks again at the messages of a campaign that is paused.
const pauseLook = time.Minute

// heldCampaigns are the states of those campaigns, by the batch of their messages, that are not running.
func (b *Bot) heldCampaigns(ctx context.Context, tasks []Task) (map[string]string, error) {
	var ids []string
	for i := range tasks {
		if id, ok := strings.CutPrefix(tasks[i].Batch, "messages/"); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	recs, err := b.Store.Get(ctx, "campaign", ids...)
	held := map[string]string{}
	for _, rec := range recs {
		if rec.State == campaignPaused || rec.State == campaignCancelled {
			held[campaign{rec.ID, nil}.batch()] = rec.State
		}
	}
	return held, err
}

// isChannel tells an address from the id of a person.
func isChannel(to string) bool { return Address(to).ID() != "" }

// Gate says whether a message may leave, now, this way; p is the person it goes to, nil for a channel or an erased
// person. It alone decides so, by STOP, purpose, hours, daily cap and abilities, and it is pure: previews call it too.
func (b *Bot) Gate(t *Task, p *Person, now time.Time) Verdict {
	to := Address(t.To)
	if !isChannel(t.To) {
		if p == nil {
			return never("personne-effacee")
		}
		to = p.On(t.Network)
	}
	able, open := b.Abilities[t.Network]
	other := ""
	if p != nil && !t.Message.Redraws {
		other = b.otherWay(p, t.Network)
	}
	if (to == "" || !open) && other != "" {
		return Verdict{Act: Elsewhere, Network: other}
	}
	if to == "" {
		return never("sans-adresse")
	}
	if v, closed := b.closed(t, p, able, now); closed {
		return v
	}
	language := French
	if p != nil && p.Language != "" {
		language = p.Language
	}
	v := b.render(t, to, language, able, now)
	v.Network = other
	return v
}

func never(reason string) Verdict { return Verdict{Act: Never, Reason: reason} }

// closed says what keeps a message back: STOP, a pause, the hours, the daily cap.
func (b *Bot) closed(t *Task, p *Person, able Abilities, now time.Time) (Verdict, bool) {
	if p != nil && p.Stopped && t.Purpose != ForService {
		return never("stop"), true
	}
	unasked := t.Purpose == ForRdv || t.Purpose == ForWords || t.Purpose == ForPermanence || t.Purpose == ForOutreach || t.Purpose == ForGathering
	if p != nil && t.Purpose == ForNews && t.Message.Replaces == "" {
		if local := now.In(b.Zone("")); p.Quiet.until(local).After(local) {
			return Verdict{Act: Later, At: p.Quiet.until(local), Reason: "calme"}, true
		}
	}
	if p != nil && p.Paused && unasked {
		return never("pause"), true
	}
	if able.AnyHour || !unasked || t.Purpose == ForWords && t.Lane == Reply { // she has just written: the phone is in her hand
		return Verdict{}, false
	}
	local := now.In(b.Zone(t.Place))
	if open := b.Settings.Hours.after(local, t.Place); open.After(local) {
		return Verdict{Act: Later, At: open, Reason: "heures"}, true
	}
	if t.Purpose != ForWords && t.SentToday >= b.Settings.DailyCap {
		return Verdict{Act: Later, At: b.Settings.Hours.after(b.Settings.Hours.Open.on(nextDay(local)), t.Place), Reason: "plafond"}, true
	}
	return Verdict{}, false
}

// render writes the message for the day and the network on which it leaves. Where answers cannot come back, the
// text's twin `<key>.muet` leaves instead; a text that asks for an answer never does. Usagers get the texts of UsagerTexts, and no other.
func (b *Bot) render(t *Task, to Address, language string, able Abilities, now time.Time) Verdict {
	m := t.Message
	if _, listed := UsagerTextOf(m.Key); m.Key != "" && !listed && !able.AnyHour {
		return never("texte-sans-budget")
	}
	out := Rendered{Key: t.Key, About: m.About, Attempt: t.Attempt, Text: m.Text, Thread: t.ThreadID, Replace: t.ReplaceID, Redraws: m.Redraws}
	if m.Redraws && t.ReplaceID == "" {
		return never("message-remplace")
	}
	if able.Buttons {
		out.Choices = m.Choices
		if len(m.Choices) == 0 && !able.AnyHour {
			out.Choices = b.answersTo(m, language)
		}
	}
	if able.Files {
		out.File = m.File
	}
	if out.Thread == "" {
		out.Thread = m.ReplyTo
	}
	parts := 0 // of out.Text, once they were counted
	if m.Key != "" {
		reason := ""
		if parts, reason = b.renderText(&out, m, language, able, now.In(b.Zone(t.Place))); reason != "" {
			return never(reason)
		}
	} else if m.Asks && !able.Receives {
		return never("sans-retour")
	} else if able.OneWay && !m.Asks {
		out.OneWay = out.Text
	}
	reason := able.forbids(out.Text, parts)
	if out.OneWay != "" && out.OneWay != out.Text && reason == "" {
		reason = able.forbids(out.OneWay, 0)
	}
	if reason != "" {
		return never(reason)
	}
	return Verdict{Act: Send, To: to, Message: out}
}

// answersTo are the answers that a text for usagers takes, as buttons beside it.
func (b *Bot) answersTo(m *Message, language string) (choices []Choice) {
	row, _ := UsagerTextOf(m.Key)
	for _, a := range row.Answers {
		label, _, _ := b.texts(language).Render(a.label, nil, time.Time{}, anyLength)
		choices = append(choices, Choice{Words: a.words, Label: label, Beside: true})
	}
	return choices
}

// forbids says why a text may not leave by a network; "" when it may. parts is 0 when they were not counted.
func (a Abilities) forbids(text string, parts int) string {
	if !a.AnyHour && shames(text) {
		return "mot-interdit"
	}
	if a.MaxParts == 0 {
		return ""
	}
	if parts == 0 {
		parts = a.parts(text)
	}
	if parts > a.MaxParts {
		return "trop-long"
	}
	return ""
}

// renderText writes a text of the catalogue, and its twin where no answer comes back; or says why it cannot leave. parts are those
// of the text, 0 when they were not counted.
func (b *Bot) renderText(out *Rendered, m *Message, language string, able Abilities, now time.Time) (parts int, reason string) {
	fits := func(text string) bool { parts = able.parts(text); return parts <= 1 }
	say := func(key string) (text string, asks bool, err error) {
		return b.texts(language).Render(key, m.Args, now, fits)
	}
	twin := ""
	if b.Texts.Has(m.Key + ".muet") {
		twin = m.Key + ".muet"
	}
	key := m.Key
	if !able.Receives && twin != "" {
		key = twin
	}
	text, asks, err := say(key)
	switch {
	case err != nil:
		return parts, "texte"
	case asks && !able.Receives:
		return parts, "sans-retour"
	}
	out.Text = text
	if !able.OneWay {
		return parts, ""
	}
	if out.OneWay = text; asks && twin != "" {
		counted := parts
		out.OneWay, asks, err = say(twin)
		parts = counted
	}
	if asks || err != nil {
		out.OneWay = ""
	}
	return parts, ""
}

// short tells whether a text fits in one part.
func (a Abilities) short(text string) bool { return a.parts(text) <= 1 }

// fold writes a text as it will be read there.
func (a Abilities) fold(text string) string {
	if a.Fold == nil {
		return text
	}
	return a.Fold(text)
}

// parts counts what a text makes; one where the network does not cut.
func (a Abilities) parts(text string) int {
	if a.Parts == nil {
		return 1
	}
	return a.Parts(text)
}
