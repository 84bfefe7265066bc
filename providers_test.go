package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
)

// eve is when Jeanne is reminded of the appointment that book makes.
var eve = time.Date(2026, 12, 3, 17, 0, 0, 0, time.UTC)

func step(t *testing.T, h *house, at time.Time) {
	t.Helper()
	if _, err := h.scheduler.Step(t.Context(), at); err != nil {
		t.Fatal(err)
	}
}

// TestTheReceiptIsQuickerThanTheAnswer: a text that is on the phone before the gateway's answer is given up for lost is no uncertain one.
func TestTheReceiptIsQuickerThanTheAnswer(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	book(t, h)
	r.fail = func(to bot.Address, m bot.Rendered) error {
		if to.Network() != "sms" {
			return nil
		}
		e := bot.Event{ID: "dlr/" + m.Key, At: eve, Role: bot.Itself, Intent: bot.ReceiptIntent, Values: map[string]string{"receipt": bot.ReceiptDelivered, "task": m.Key}}
		if _, err := h.bot.Hear(t.Context(), e); err != nil {
			t.Error(err)
		}
		return fmt.Errorf("%w: no answer", bot.ErrUncertain)
	}
	step(t, h, eve)
	step(t, h, eve.Add(time.Hour))
	if said := r.texts(); strings.Contains(said, "peut-être") || !strings.Contains(said, "Vous venez ?") {
		t.Errorf("%s", said)
	}
}

// TestAnOptOutToldToAnAnswerCounts: the gateway carries nothing more to Jeanne; it says so when she is answered, not reminded.
func TestAnOptOutToldToAnAnswerCounts(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	book(t, h)
	r.fail = func(to bot.Address, m bot.Rendered) error {
		if to.Network() == "sms" {
			return fmt.Errorf("%w: liste-noire", bot.ErrRefused)
		}
		return nil
	}
	hear(t, h, fromJeanne("j1", "oui"))
	step(t, h, noon.Add(time.Minute))
	r.fail = nil
	step(t, h, eve)
	if said := r.texts(); strings.Count(said, "ne veut plus de messages (STOP)") != 1 || strings.Contains(said, "sms:+33639981234 Rappel") || strings.Contains(said, "Vous venez") {
		t.Errorf("%s", said)
	}
}

// TestPauseHoldsUnaskedWords: the general pause lets answers leave, and nothing that nobody has asked for.
func TestPauseHoldsUnaskedWords(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	book(t, h)
	if _, err := h.bot.SetPaused(t.Context(), "sms", true, noon); err != nil {
		t.Fatal(err)
	}
	step(t, h, noon.Add(time.Minute))
	hear(t, h, fromMarie("w1", "répondre Jeanne : apportez votre carte"))
	hear(t, h, fromMarie("w2", "oui"))
	step(t, h, noon.Add(time.Minute))
	if strings.Contains(r.texts(), "sms:+33639981234") {
		t.Errorf("left during the pause:\n%s", r.texts())
	}
	if _, err := h.bot.SetPaused(t.Context(), "sms", false, noon.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	step(t, h, noon.Add(3*time.Minute))
	if !strings.Contains(r.texts(), "sms:+33639981234 Marie Lecomte : apportez votre carte") {
		t.Errorf("never left:\n%s", r.texts())
	}
}

// TestJobs: each can be kept, and is on where it has something to do.
func TestJobs(t *testing.T) {
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	names := func() (all string) {
		for _, j := range h.jobsOn() {
			if err := j.Check(); err != nil {
				t.Error(err)
			}
			all += j.Name + " "
		}
		return all
	}
	if h.cfg.SMS.LowBalance = 20; names() != "menage " {
		t.Errorf("on simulated networks: %s", names())
	}
	texts, err := smsNetwork(h.cfg, io.Discard, quiet())
	if err != nil {
		t.Fatal(err)
	}
	h.outlets["sms"] = outlet{sender: texts}
	if names() != "menage solde " {
		t.Errorf("with a provider: %s", names())
	}
	if h.cfg.SMS.LowBalance = 0; names() != "menage " {
		t.Errorf("when nobody is to be told: %s", names())
	}
}

// TestSettingsOfTwoProviders: what is wrong with a second provider, or with a definition, is said at start.
func TestSettingsOfTwoProviders(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	definition := write("x.yaml", "name: exemple\nneeds: [username, mot]\nsend: {url: 'https://sms.example.fr', json: {a: '{to}', b: '{text}'}}\nanswers: [{status: '200', is: sent}]\n")
	brevo := "provider: brevo, password: clef, from: Passeur"
	for want, settings := range map[string]string{
		"choisissez-en un autre": "sms: {" + brevo + ", backup: {" + brevo + "}}",
		"\"mot\"":                "sms: {provider: http, definition: " + definition + "}",
	} {
		_, err := config.Load(write("passeur.yaml", settings), os.LookupEnv, checkSMS)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// TestPauseWantsTheRightDatabase: an order given to a database that does not exist makes none.
func TestPauseWantsTheRightDatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "other.db")
	t.Setenv("PASSEUR_DATABASE", file)
	if out, err := passeur(t, "", "pause"); err == nil || !strings.Contains(err.Error(), "n'existe pas") {
		t.Errorf("%s, %v", out, err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a database was made")
	}
}
