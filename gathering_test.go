package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

// TestGatheringFile: who comes gets an entry that calendars know again: moved it has the same name and a higher number, cancelled it says so.
func TestGatheringFile(t *testing.T) {
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	hear(t, h, fromMarie("g1", `café-visio jeudi 31 décembre 14h-15h "Pix, en douceur" https://visio.example.org/abc`), fromMarie("g2", "oui"))
	recs, err := h.store.Find(t.Context(), bot.Query{Kind: "occasion"})
	if err != nil || len(recs) != 1 {
		t.Fatalf("%d dates, %v", len(recs), err)
	}
	name := "gathering/" + recs[0].ID + ".ics"
	page := func() string {
		t.Helper()
		a, err := h.attach(t.Context(), name, time.Now())
		if err != nil || !strings.HasSuffix(a.Name, ".ics") || a.Type != "text/calendar; charset=utf-8" {
			t.Fatalf("%+v, %v", a, err)
		}
		return string(a.Data)
	}
	uid := "UID:gathering-" + recs[0].ID + "@passeur"
	for _, want := range []string{uid, "SEQUENCE:0", "STATUS:CONFIRMED", `SUMMARY:Café-visio : Pix\, en douceur`, "LOCATION:https://visio.example.org/abc", "DTSTART;TZID=Europe/Paris:20261231T140000"} {
		if got := page(); !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	hear(t, h, fromMarie("g3", "déplacer rencontre 1 mercredi 30 décembre 10h-11h"), fromMarie("g4", "oui"))
	for _, want := range []string{uid, "SEQUENCE:1", "DTSTART;TZID=Europe/Paris:20261230T100000"} {
		if got := page(); !strings.Contains(got, want) {
			t.Errorf("moved: %q is not in\n%s", want, got)
		}
	}
	hear(t, h, fromMarie("g5", "annuler rencontre 1"), fromMarie("g6", "oui"))
	for _, want := range []string{uid, "SEQUENCE:2", "STATUS:CANCELLED"} {
		if got := page(); !strings.Contains(got, want) {
			t.Errorf("cancelled: %q is not in\n%s", want, got)
		}
	}
	if a, err := h.attach(t.Context(), "gathering/9-2026-12-31.ics", time.Now()); err != nil || a.Data != nil {
		t.Errorf("of no gathering: %+v, %v", a, err)
	}
	items, _, _, err := h.bot.Calendar(t.Context(), recs[0].Owner, noon.Add(time.Hour))
	if err != nil || len(items) != 1 || !items[0].Cancelled {
		t.Errorf("the organiser's calendar: %+v, %v", items, err)
	}
}

// TestGatheringFigures: how many said yes and came lives on in the tallies, and what was said wrongly is taken back.
func TestGatheringFigures(t *testing.T) {
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	at := func(e bot.Event, later time.Duration) bot.Event { e.At = e.At.Add(later); return e }
	hear(t, h, fromMarie("f1", `webinaire jeudi 31 décembre 14h-15h "Pix" https://visio.example.org/abc`), fromMarie("f2", "oui"), fromMarie("f3", "je viens 1"))
	over := time.Date(2026, 12, 31, 14, 30, 0, 0, time.UTC)
	if _, err := h.scheduler.Step(t.Context(), over); err != nil {
		t.Fatal(err)
	}
	later := over.Sub(fromMarie("f4", "").At)
	hear(t, h, at(fromMarie("f4", "présents tous"), later), at(fromMarie("f5", "présents aucun"), later), at(fromMarie("f6", "présents 1"), later))
	cells, err := h.store.Tally(t.Context(), bot.TallyQuery{Kind: "gathering"})
	got := map[string]int64{}
	for _, c := range cells {
		got[c.Dimension+" "+c.Value+" "+c.Month] = c.N
	}
	if err != nil || len(got) != 3 || got["held webinaire 2026-12"] != 1 || got["going webinaire 2026-12"] != 1 || got["came webinaire 2026-12"] != 1 {
		t.Errorf("%v, %v", got, err)
	}
}
