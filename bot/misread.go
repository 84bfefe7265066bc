package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/intents"
	"passeur/intents/mask"
)

// What was not understood is how the reader learns: such a text is kept, masked, until somebody says what it means, and writes it beside the
// examples. Nothing is learnt by itself.

// Misread is a text that was not understood, or whose writer had to say what it means. Its record leads to no person: the text is masked, its
// id is a hash of what it holds, and its date is a day.
type Misread struct {
	V      int            `json:"v"`
	Text   string         `json:"text"`             // masked
	Role   Role           `json:"role"`             // of who wrote: Usager or Conseiller
	Open   string         `json:"open,omitempty"`   // the open question, as the examples call it: "rdv"; "" none
	Guess  intents.Intent `json:"guess"`            // the label that was guessed
	Reason string         `json:"reason"`           // misreadRejected or misreadCorrected
	Chosen intents.Intent `json:"chosen,omitempty"` // the label that she chose
}

// The reasons of a Misread.
const (
	misreadRejected  = "rejeté"  // it was not understood
	misreadCorrected = "corrigé" // it might have meant several things, and she chose
)

// mostMisreads is how many texts wait at most: beyond, new ones are not kept. It is more than anybody labels in the month that they last.
const mostMisreads = 500

// keepRejected keeps a text that was not understood.
func (t *Turn) keepRejected() {
	if t.Read.Decision != intents.Reject || t.Read.Intent != intents.Inconnu || t.Pressed != "" {
		return
	}
	if t.topic() == topicErase || t.topic() != "" && t.Role.IsPro() {
		return // she wants nothing kept; it is a part of what she was asked for
	}
	t.keepMisread(t.Text, Misread{Open: t.readingContext().Open, Guess: t.guess, Reason: misreadRejected})
}

// keepCorrected keeps the text that an open question of meaning is about, with what she chose.
func (t *Turn) keepCorrected(chosen string) {
	t.keepMisread(t.Chat.Values["texte"], Misread{Open: t.Chat.Values["contexte"], Guess: intents.Intent(t.Chat.Choices[0]), Reason: misreadCorrected,
		Chosen: intents.Intent(chosen)})
}

func (t *Turn) keepMisread(text string, m Misread) {
	if !t.bot.Settings.KeepMisread || t.private() || m.Open != "" && !slices.Contains(intents.OpenQuestions, m.Open) {
		return
	}
	m.V, m.Role, m.Text = 1, t.Role.voice(), mask.Text(text, t.namesAround(), t.bot.Gazetteer)
	pro := m.Role == Conseiller
	m.Guess, m.Chosen = intents.LabelOf(m.Guess, pro), intents.LabelOf(m.Chosen, pro)
	if m.Text == "" {
		return
	}
	id := shortHash(strings.Join([]string{string(m.Role), m.Open, m.Text}, "\x00"))
	kept, there := load[Misread](t, id)
	if there || len(t.find(Query{Kind: "misread", Limit: mostMisreads})) == mostMisreads {
		return
	}
	*kept = m
	t.save("misread", id, func(r *Record) { r.At = t.At.UTC().Truncate(day) })
}

// private tells that nothing of what she writes is kept: she wants no messages, a counsellor talks with her, or it stands in a thread.
func (t *Turn) private() bool {
	if t.Role == Itself || t.Role == Anyone || t.subject() != "" || t.Chat.Talker != "" && t.At.Sub(t.Chat.Talked) < talkLife {
		return true
	}
	o, _ := load[Objection](t, string(t.line))
	return !o.listens() || slices.ContainsFunc(t.People, func(id string) bool {
		p, _ := load[Person](t, id)
		return !p.listens()
	})
}

// namesSince is how long ago the appointments were whose names a counsellor's words may hold.
const namesSince = 90 * day

// namesAround are the names that may be met in a text: of those who write from this address, of their counsellors, and of those whom a
// counsellor meets.
func (t *Turn) namesAround() []string {
	names := []string{t.Values["name"]}
	for _, id := range t.People {
		p, _ := load[Person](t, id)
		names = append(names, p.Name)
	}
	for _, m := range t.rdvs() {
		names = append(names, m.Name, m.With)
	}
	if !t.Role.IsPro() || t.MeID == "" {
		return names
	}
	for _, rec := range t.findAll(Query{Kind: "rdv", Owner: t.MeID, From: t.At.Add(-namesSince)}) {
		var r Rdv
		if err := decode(rec, &r); err != nil {
			t.err = cmp.Or(t.err, err)
		}
		names = append(names, r.Name)
	}
	return names
}

// KeptMisread is a Misread and the id of its record.
type KeptMisread struct {
	ID string
	Misread
}

// Misreads are the texts that wait to be labelled, the older days first.
func Misreads(ctx context.Context, s Store) (all []KeptMisread, err error) {
	for rec, err := range AllRecords(ctx, s, Query{Kind: "misread"}) {
		if err != nil {
			return nil, err
		}
		k := KeptMisread{ID: rec.ID}
		if err := decode(rec, &k.Misread); err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, nil
}

// EraseMisreads erases kept texts, and returns how many were there.
func (b *Bot) EraseMisreads(ctx context.Context, ids []string, now time.Time) (n int, err error) {
	err = again(ctx, func() error {
		recs, err := b.Store.Get(ctx, "misread", ids...)
		if n = len(recs); err != nil || n == 0 {
			return err
		}
		for i := range recs {
			recs[i].Body = nil
		}
		return b.Store.Commit(ctx, Change{Event: fmt.Sprintf("learnt/%d", now.UnixNano()), Now: now, Records: recs})
	})
	return n, err
}
