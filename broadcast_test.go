package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// fromSylvie is what a coordinator of the Manche writes.
func fromSylvie(id, text string) bot.Event {
	return bot.Event{ID: id, At: noon, From: "mattermost:u-sylvie", Role: bot.Coordinateur, Text: text, Values: map[string]string{"name": "Sylvie Aubert"}}
}

// wantsBroadcast is the form of a broadcast to Périers, filled in.
func wantsBroadcast(id string) bot.Event {
	e := fromSylvie(id, "")
	e.Intent = bot.FormIntent
	e.Values = map[string]string{"name": "Sylvie Aubert", "form": "diffusion", "field.public": "commune", "field.lequel": "Périers", "field.conseiller": "u-sylvie",
		"field.texte": "Bonjour {prenom}, {conseiller} ne sera pas là mardi.", "field.base": "mission", "field.information": "affiche"}
	return e
}

// coordinates makes Sylvie a coordinator of the Manche.
func coordinates(t *testing.T, h *house) {
	t.Helper()
	e := fromSylvie("member", "")
	e.Intent = bot.MemberIntent
	e.Values = map[string]string{"name": "Sylvie Aubert", "territories": "50"}
	hear(t, h, e)
}

// follow has so many people ask to be told of Périers, from a number on.
func follow(t *testing.T, h *house, from, n int) {
	t.Helper()
	for i := range n {
		e := bot.Event{ID: fmt.Sprintf("follow/%d", from+i), At: noon, From: bot.Address(fmt.Sprintf("sms:+3363998%04d", from+i)), Role: bot.Usager, Text: "RAPPEL PERIERS"}
		if _, err := h.bot.Hear(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	hear(t, h)
}

// stepAndDie does what is due with a house on a file, as a house that is killed before the second page of an audience is committed.
func stepAndDie(t *testing.T, file string, now time.Time) {
	t.Helper()
	cfg, err := config.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), file, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, die := context.WithCancel(t.Context())
	defer die()
	pages := 0
	trace := func(rule string) {
		if pages++; rule == "destinataires" && pages == 2 {
			die()
		}
	}
	h, err := assemble(cfg, db, simulated(map[string]bot.Sender{"sms": &recorder{}, "mattermost": &recorder{}}, ableToHear), trace, quiet())
	if err != nil {
		t.Fatal(err)
	}
	_, _ = h.scheduler.Step(ctx, now) // it dies
	if pages < 2 {
		t.Fatalf("%d pages: there was nothing to die of", pages)
	}
}

// TestAudienceSurvivesRestarts: an audience of several pages is gathered, whatever page the bot dies at, each person once; and once more when it
// was approved. While it is, another question may be opened: that one comes first.
func TestAudienceSurvivesRestarts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.db")
	h, _ := testHouse(t, file)
	coordinates(t, h)
	follow(t, h, 0, 450)
	if _, err := h.bot.Hear(t.Context(), wantsBroadcast("form")); err != nil {
		t.Fatal(err)
	}
	if _, err := h.bot.Hear(t.Context(), fromSylvie("other", "rdv 06 39 98 77 77 Zoé")); err != nil {
		t.Fatal(err)
	}
	h.store.Close()
	now := noon
	for range 3 {
		stepAndDie(t, file, now)
		now = now.Add(time.Hour) // what was begun is free again
	}
	h, r := testHouse(t, file)
	say := func(id, text string) {
		e := fromSylvie(id, text)
		e.At = now
		if _, err := h.bot.Hear(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		if _, err := h.scheduler.Step(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.scheduler.Step(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	say("no", "non")
	if !strings.Contains(r.texts(), "450 personnes") || !strings.Contains(r.texts(), "Une autre question vous attend") {
		t.Fatalf("not shown:\n%.2000s", r.texts())
	}
	say("show", "campagne 1")
	say("start", "démarrer 450")
	for range 8 { // waves, and a last look
		now = now.Add(time.Minute)
		if _, err := h.scheduler.Step(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	texts := map[string]int{}
	for line := range strings.Lines(r.texts()) {
		if to, _, ok := strings.Cut(line, " Bonjour, Sylvie Aubert ne sera pas là mardi. STOP"); ok && strings.HasPrefix(to, "sms:") {
			texts[to]++
		}
	}
	for to, n := range texts {
		if n != 1 {
			t.Errorf("%s got %d texts", to, n)
		}
	}
	if len(texts) != 450 {
		t.Errorf("%d people got one", len(texts))
	}
	if !strings.Contains(r.texts(), "tous les SMS sont partis") {
		t.Errorf("not over:\n%.500s", r.texts()[max(0, len(r.texts())-500):])
	}
}

// TestBroadcastTellsPriceAndDuration: before anything leaves, where a price and a pace are known.
func TestBroadcastTellsPriceAndDuration(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	able := h.bot.Abilities["sms"]
	able.Price, able.Pace = 0.05, 1
	h.bot.Abilities["sms"] = able
	coordinates(t, h)
	follow(t, h, 0, 100)
	hear(t, h, wantsBroadcast("form"))
	contains(t, r.texts(), "**100 SMS** en tout, soit 5,00 €. L'envoi dure environ 3 min, aux heures permises.")
}
