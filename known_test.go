package main

import (
	"path/filepath"
	"testing"

	"passeur/bot"
)

// TestWhoIsKnownIsNotWrittenAgain: a message that tells nothing new of who wrote it leaves her record alone.
func TestWhoIsKnownIsNotWrittenAgain(t *testing.T) {
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	book(t, h)
	versions := func() map[string]int64 {
		recs, err := h.store.Find(t.Context(), bot.Query{Kind: "person"})
		if err != nil || len(recs) != 2 {
			t.Fatalf("%d persons, %v", len(recs), err)
		}
		return map[string]int64{recs[0].ID: recs[0].Version, recs[1].ID: recs[1].Version}
	}
	before := versions()
	hear(t, h, fromMarie("k1", "mes rdv"), fromMarie("k2", "aide"), fromJeanne("k3", "oui"))
	for id, v := range versions() {
		if v != before[id] {
			t.Errorf("the record of %s went from version %d to %d", id, before[id], v)
		}
	}
	renamed := fromMarie("k4", "aide")
	renamed.Values = map[string]string{"name": "Marie Durand"}
	hear(t, h, renamed)
	changed := 0
	for id, v := range versions() {
		if v != before[id] {
			changed++
		}
	}
	if changed != 1 {
		t.Errorf("a new name changed %d records", changed)
	}
}
