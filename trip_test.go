package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/e2e/peers"
	"passeur/intents/dates"
	"passeur/store"
)

// TestTheWholeTrip books an appointment in a real Mattermost, reminds by a real Kannel, answers from a phone of its SMSC,
// and reads the news in Mattermost. Only the scheduler's clock is moved: to the evening before.
func TestTheWholeTrip(t *testing.T) {
	mm := peers.StartMattermost(t)
	marie := mm.NewUser(t, "marie")
	kannel, env := onKannel(t, mm)
	ahead := startServer(t, env)

	day := workdayAfterWorkday(time.Now().In(paris(t)))
	first := mm.Post(t, marie, fmt.Sprintf("rdv 06 39 98 12 34 Jeanne %s 10h mairie de Coutances", dates.FrenchDay(day)))
	proposal := mm.NextPost(t, marie, first)
	contains(t, proposal.Message, "**Jeanne** (06 39 98 12 34)", dates.FrenchDay(day)+fmt.Sprint(" ", day.Year(), " à 10h"), "informé(e) de vive voix")
	mm.Press(t, marie, proposal, "Oui")
	peers.Until(t, time.Minute, "", func() error {
		p := last(mm.Posts(t, marie))
		if p.Id != proposal.Id || !strings.Contains(p.Message, "C'est noté") || len(p.Attachments()) > 0 {
			return fmt.Errorf("%s with %d attachments", p.Message, len(p.Attachments()))
		}
		return nil
	})

	ahead(day.AddDate(0, 0, -1).Add(18 * time.Hour))
	reminder := kannel.SMSC.Next(t)
	contains(t, reminder.Text, "demain "+dates.FrenchDay(day)+" à 10h", "mairie de Coutances", "1 oui, 2 non, 3 changer")
	if !strings.HasSuffix(reminder.To, "639981234") || reminder.Parts != 1 {
		t.Errorf("the reminder went to %s in %d parts", reminder.To, reminder.Parts)
	}

	before := last(mm.Posts(t, marie))
	answered := time.Now()
	kannel.SMSC.Type(t, "33639981234", "38000", "Non dsl, jpeu pa 😔")
	news := mm.NextPost(t, marie, before)
	t.Logf("news in Mattermost %s after the SMS", time.Since(answered).Round(time.Millisecond))
	contains(t, news.Message, "**Jeanne** ne vient pas", "> Non dsl, jpeu pa 😔")
	contains(t, kannel.SMSC.Next(t).Text, "vous ne venez pas", "Une erreur ? Répondez 1.")

	before = news
	kannel.SMSC.Type(t, "33639981234", "38000", "1")
	contains(t, mm.NextPost(t, marie, before).Message, "vient finalement")
	contains(t, kannel.SMSC.Next(t).Text, "vous venez")

	agenda := mm.Post(t, marie, "mes rdv")
	contains(t, mm.NextPost(t, marie, agenda).Message, "10h · **Jeanne** · mairie de Coutances · ✅ vient")

	before = last(mm.Posts(t, marie))
	kannel.SMSC.Type(t, "33639981234", "38000", "STOP")
	contains(t, mm.NextPost(t, marie, before).Message, "STOP")
	if last := nextSMS(t, kannel, "vous ne recevrez plus de messages"); !strings.Contains(last, "START") {
		t.Errorf("how to undo is not told: %s", last)
	}
}

// onKannel starts a real Kannel, and gives the settings of a server between it and a Mattermost.
func onKannel(t *testing.T, mm *peers.Mattermost) (*peers.Kannel, map[string]string) {
	t.Helper()
	port := peers.FreePort(t)
	public := "http://" + peers.Addr(port)
	const secret = "un-secret-de-test-bien-long"
	kannel := peers.StartKannel(t, peers.KannelConfig{MOURL: public + "/sms/kannel/mo?secret=" + secret + "&from=%p&to=%P&id=%I&ts=%t"})
	return kannel, map[string]string{"PASSEUR_LISTEN": peers.Addr(port), "PASSEUR_PUBLIC_URL": public,
		"PASSEUR_SMS_PROVIDER": "kannel", "PASSEUR_SMS_URL": kannel.URL, "PASSEUR_SMS_USERNAME": kannel.Username,
		"PASSEUR_SMS_PASSWORD": kannel.Password, "PASSEUR_SMS_SECRET": secret, "PASSEUR_SMS_FROM": "38000",
		"PASSEUR_MATTERMOST_URL": mm.URL, "PASSEUR_MATTERMOST_TOKEN": mm.Token}
}

// nextSMS waits for a text that holds some words. (The reminders planned anew when Jeanne comes back are due at once for a
// clock that was moved ahead: they may come before.)
func nextSMS(t *testing.T, k *peers.Kannel, words string) string {
	t.Helper()
	for range 3 {
		if m := k.SMSC.Next(t); strings.Contains(m.Text, words) {
			return m.Text
		}
	}
	t.Fatalf("no SMS says %q", words)
	return ""
}

// startServer runs the real server with these settings until the test ends. ahead moves the scheduler's clock to a
// wall-clock hour in Paris and lets it run on from there.
func startServer(t *testing.T, env map[string]string) (ahead func(time.Time)) {
	t.Helper()
	env["PASSEUR_DATABASE"] = filepath.Join(t.TempDir(), "passeur.db")
	cfg, err := config.Load("", func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	if err != nil {
		t.Fatal(err)
	}
	var logs bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logs, nil))
	db, err := store.Open(t.Context(), cfg.Database, store.Options{Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	srv, err := newServer(cfg, db, streams{out: &logs}, log)
	if err != nil {
		t.Fatal(err)
	}
	var offset atomic.Int64
	srv.clock = func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- srv.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(logs.String())
		}
		for _, word := range []string{"Jeanne", "39981234", "Coutances"} {
			if strings.Contains(logs.String(), word) {
				t.Errorf("the log tells %q", word)
			}
		}
	})
	return func(to time.Time) {
		offset.Store(int64(time.Until(to)))
		srv.house.cluster.Wake(ctx, "")
	}
}

func paris(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// workdayAfterWorkday is midnight of the next day, two days away or more, whose eve is a working day too.
func workdayAfterWorkday(now time.Time) time.Time {
	works := func(d time.Time) bool { return d.Weekday() != time.Sunday && bot.Holiday(d, "50") == "" }
	for n := 2; ; n++ {
		day := time.Date(now.Year(), now.Month(), now.Day()+n, 0, 0, 0, 0, now.Location())
		if works(day) && works(day.AddDate(0, 0, -1)) {
			return day
		}
	}
}

func contains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("%q does not stand in:\n%s", w, text)
		}
	}
}

func last[T any](list []T) T { return list[len(list)-1] }
