package main

import (
	"os"
	"path/filepath"
	"testing"

	"passeur/bot"
)

// TestErasureReachesEveryKind: a record about a person is erased with her, whatever its kind.
func TestErasureReachesEveryKind(t *testing.T) {
	for kind := range bot.Kinds {
		t.Run(kind, func(t *testing.T) {
			h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
			book(t, h)
			jeanne := personAt(t, h, "sms:+33639981234")
			body, err := os.ReadFile("bot/testdata/bodies/" + kind + ".v1.json")
			if err != nil {
				t.Fatal(err)
			}
			about := bot.Record{Kind: kind, ID: "sms:+33639989999", Subject: jeanne, At: noon, Body: body}
			if err := h.store.Commit(t.Context(), bot.Change{Now: noon, Records: []bot.Record{about}}); err != nil {
				t.Fatal(err)
			}
			if _, err := h.bot.Erase(t.Context(), "sms:+33639981234", noon); err != nil {
				t.Fatal(err)
			}
			left, err := h.store.Find(t.Context(), bot.Query{Subject: jeanne})
			if err != nil {
				t.Fatal(err)
			}
			for _, rec := range left {
				t.Errorf("%s %s lives on", rec.Kind, rec.ID)
			}
		})
	}
}

// personAt is the id of the one person who is reached at an address.
func personAt(t *testing.T, h *house, a bot.Address) string {
	t.Helper()
	found, err := bot.PeopleAt(t.Context(), h.store, a)
	if err != nil || len(found) != 1 {
		t.Fatalf("at %s: %v, %v", a, found, err)
	}
	return found[0]
}
