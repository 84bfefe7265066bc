package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

// TestAttachments: what nothing makes is an error; each row has a name of its own, which none before it takes.
func TestAttachments(t *testing.T) {
	h := inDatabase(t)
	if _, err := h.attach(t.Context(), "unknown/1.pdf", time.Now()); err == nil || !strings.Contains(err.Error(), "unknown/1.pdf") {
		t.Errorf("a name that nothing makes: %v", err)
	}
	for i, a := range attachments {
		if !strings.HasSuffix(a.prefix, "/") || slices.IndexFunc(attachments, func(b attachment) bool { return strings.HasPrefix(a.prefix, b.prefix) }) != i {
			t.Errorf("%q is no beginning of its own", a.prefix)
		}
		if got, err := h.attach(t.Context(), a.prefix+"unknown.bin", time.Now()); err != nil || len(got.Data) > 0 {
			t.Errorf("%s: of a thing that is gone %d bytes and %v, want nothing", a.prefix, len(got.Data), err)
		}
	}
}

// TestPosterGoesWithAMessage: the poster that a counsellor asks for is made of what is known as it leaves, with its code.
func TestPosterGoesWithAMessage(t *testing.T) {
	h := inDatabase(t)
	overShortCode(t, "38000")
	sayNow(t, h, "permanence tous les mardis 14h-17h mairie de Périers", "oui")
	all, err := h.bot.Posters(t.Context(), time.Now())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d posters, %v", len(all), err)
	}
	name := bot.PosterFiles + all[0].ID + ".pdf"
	made := time.Now()
	got, err := h.attach(t.Context(), name, made)
	if err != nil || got.Name != "affiche-periers.pdf" || got.Type != "application/pdf" || !bytes.HasPrefix(got.Data, []byte("%PDF-")) {
		t.Fatalf("%q, %q, %.10q, %v", got.Name, got.Type, got.Data, err)
	}
	if again, err := h.attach(t.Context(), name, made); err != nil || !bytes.Equal(got.Data, again.Data) {
		t.Errorf("made twice it differs: %v", err)
	}
	if got, err := h.attach(t.Context(), name, made.AddDate(9, 0, 0)); err != nil || len(got.Data) == 0 {
		t.Errorf("a permanence without an end, years later: %d bytes, %v", len(got.Data), err)
	}
	sayNow(t, h, "arrêter permanence", "oui")
	if got, err := h.attach(t.Context(), name, time.Now()); err != nil || len(got.Data) > 0 {
		t.Errorf("after its end: %d bytes, %v", len(got.Data), err)
	}
}
