package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestGeneralPauseIsForeseen: in a general pause nobody is said to be told who is not told, and an answer to the old hour is none to the
// new one, which she has not read.
func TestGeneralPauseIsForeseen(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	said := func(text, want string) {
		t.Helper()
		before := len(r.texts())
		e := fromMarie("p-"+text, text)
		if strings.HasPrefix(text, "Jeanne: ") {
			e = fromJeanne("p-"+text, strings.TrimPrefix(text, "Jeanne: "))
		}
		hear(t, h, e)
		if got := r.texts()[before:]; !strings.Contains(got, want) {
			t.Errorf("%q is answered\n%s\nwithout %q", text, got, want)
		}
	}
	if _, err := h.bot.SetPaused(t.Context(), "sms", true, noon); err != nil {
		t.Fatal(err)
	}
	book(t, h)
	said("répondre Jeanne : apportez votre carte", "envoi à la fin de la pause générale :")
	said("oui", "✉️ Pour **Jeanne**, 1 SMS, envoi à la fin de la pause générale")
	said("déplacer Jeanne vendredi 4 décembre 14h", "Le SMS attend : les envois sont en pause générale")
	said("oui ", "Le SMS attend : les envois sont en pause générale")
	said("Jeanne: oui", "a changé")
	said("annuler Jeanne", "Le SMS attend : les envois sont en pause générale")
	said("oui  ", "Le SMS attend : les envois sont en pause générale")
	if got := r.texts(); strings.Contains(got, "est prévenue") || strings.Contains(got, "sera prévenue") || strings.Contains(got, "Envoyé") {
		t.Errorf("in the pause it is said:\n%s", got)
	}
}

// TestMovedDuringAPause: once the pause is over and she has read the new date, her first yes is one to it.
func TestMovedDuringAPause(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	pause := func(on bool, at time.Time) {
		t.Helper()
		if _, err := h.bot.SetPaused(t.Context(), "sms", on, at); err != nil {
			t.Fatal(err)
		}
	}
	pause(true, noon)
	book(t, h)
	hear(t, h, fromMarie("m1", "déplacer Jeanne vendredi 4 décembre 14h"), fromMarie("m2", "oui"))
	pause(false, noon.Add(time.Second))
	if _, err := h.scheduler.Step(t.Context(), noon.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.texts(), "a déplacé votre rendez-vous") {
		t.Fatalf("she was not told:\n%s", r.texts())
	}
	before := len(r.texts())
	hear(t, h, fromJeanne("s1", "oui"))
	if got := r.texts()[before:]; !strings.Contains(got, "C'est noté : vous venez") || strings.Contains(got, "a changé") {
		t.Errorf("her yes is answered\n%s", got)
	}
}
