package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"passeur/bot"
)

// TestFiguresSpeak: each figure of `passeur status` has something to say of an installation in which there is something of everything. A new
// figure for which this house has nothing needs its line here.
func TestFiguresSpeak(t *testing.T) {
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	book(t, h)
	if _, err := h.bot.SetPaused(t.Context(), "sms", true, noon); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile("bot/testdata/bodies/misread.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	misread := bot.Record{Kind: "misread", ID: "m1", At: noon, Body: body}
	if err := h.store.Commit(t.Context(), bot.Change{Event: "figures", Now: noon, Records: []bot.Record{misread}}); err != nil {
		t.Fatal(err)
	}
	sum, err := h.store.Summary(t.Context(), noon)
	if err != nil {
		t.Fatal(err)
	}
	for i, figure := range figures {
		var out strings.Builder
		o := &overview{Writer: &out, cfg: h.cfg, db: h.store, now: noon, sum: sum}
		if err := figure(t.Context(), o); err != nil || strings.TrimSpace(out.String()) == "" {
			t.Errorf("figure %d says %q: %v", i, out.String(), err)
		}
	}
}
