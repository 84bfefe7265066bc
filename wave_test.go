package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestAFullWave: a wave of people at whose phones somebody else is known, and was asked something, is one change, and leaves.
func TestAFullWave(t *testing.T) {
	const people = 400
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	base := dueHour(t)
	fillAskedAt(t, h.store, people, base)
	fillCampaign(t, h.store, people, base)
	for now := base; ; {
		next, err := h.scheduler.Step(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		if next.IsZero() || next.After(base.AddDate(0, 0, 1)) {
			break
		}
		now = next
	}
	if n := strings.Count(r.texts(), "vous aide gratuitement"); n != people {
		t.Errorf("%d of %d people were written to", n, people)
	}
}
