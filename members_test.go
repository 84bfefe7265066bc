package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

// told is what the server says of Marie.
func told(id string, role bot.Role, territories, hubs string) bot.Event {
	return bot.Event{ID: id, At: noon, From: "mattermost:u-marie", Role: role, Intent: bot.MemberIntent,
		Values: map[string]string{"name": "Marie Lecomte", "locale": "fr", "territories": territories, "hubs": hubs}}
}

// TestMember: what is told of somebody is kept; told again it writes nothing; who left is no professional any more.
func TestMember(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	kept := func() (p bot.Person, version int64) {
		t.Helper()
		ids, err := bot.PeopleAt(t.Context(), h.store, "mattermost:u-marie")
		if err != nil || len(ids) != 1 {
			t.Fatalf("persons %v (%v)", ids, err)
		}
		recs, err := h.store.Get(t.Context(), "person", ids...)
		if err != nil || len(recs) != 1 || json.Unmarshal(recs[0].Body, &p) != nil {
			t.Fatalf("records %v (%v)", recs, err)
		}
		return p, recs[0].Version
	}
	hear(t, h, told("m1", bot.Coordinateur, "50 14", "Normandie|Hub du Sud"))
	p, version := kept()
	want := bot.Person{V: 1, Name: "Marie Lecomte", Addresses: []bot.Address{"mattermost:u-marie"}, Role: bot.Coordinateur,
		Territories: []string{"50", "14"}, Hubs: []string{"Normandie", "Hub du Sud"}, Welcomed: true}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	hear(t, h, told("m2", bot.Coordinateur, "50 14", "Normandie|Hub du Sud"))
	if _, again := kept(); again != version {
		t.Errorf("the same told again wrote version %d after %d", again, version)
	}
	professionals(t, h, "mattermost:u-marie")

	hear(t, h, told("m3", bot.Anyone, "", ""), told("m4", bot.Anyone, "", ""))
	if p, again := kept(); p.Role != bot.Anyone || !slices.Equal(p.Territories, want.Territories) || p.Hubs != nil || p.Name == "" || again != version+1 {
		t.Errorf("after she left, version %d: %+v", again, p)
	}
	professionals(t, h)
	if got := strings.Count(r.texts(), "Je suis Passeur"); got != 1 {
		t.Errorf("welcomed %d times:\n%s", got, r.texts())
	}
}

func professionals(t *testing.T, h *house, want ...bot.Address) {
	t.Helper()
	got, err := bot.Professionals(t.Context(), h.store, "mattermost")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("professionals (-want +got):\n%s", diff)
	}
}

// TestMemberWhoIsNobody: of who never had a role nothing is kept.
func TestMemberWhoIsNobody(t *testing.T) {
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	hear(t, h, told("m1", bot.Anyone, "50", ""))
	if ids, err := bot.PeopleAt(t.Context(), h.store, "mattermost:u-marie"); err != nil || len(ids) != 0 {
		t.Errorf("persons %v (%v)", ids, err)
	}
}

// TestWhoWritesIsNotForgotten: a counsellor who writes every month is the same person after three years, and so is an usager.
func TestWhoWritesIsNotForgotten(t *testing.T) {
	t.Parallel()
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	for now := noon; now.Before(noon.AddDate(3, 0, 0)); now = now.AddDate(0, 0, 6) {
		marie, jeanne := fromMarie("m"+now.Format(time.DateOnly), "bonjour"), fromJeanne("j"+now.Format(time.DateOnly), "bonjour")
		marie.At, jeanne.At = now, now
		for _, e := range []bot.Event{marie, jeanne} {
			if _, err := h.bot.Hear(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.scheduler.Step(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	persons, err := h.store.Find(t.Context(), bot.Query{Kind: "person"})
	if err != nil || len(persons) != 2 {
		t.Errorf("%d persons, %v", len(persons), err)
	}
}
