//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// TestOutageOfHours and TestStopAmongQueued hold what make chaos prints.
func TestOutageOfHours(t *testing.T) {
	if late, unsent := outageOfHours(t); late > 0 || unsent > 0 {
		t.Errorf("%d messages left too late, %d that were still useful never left", late, unsent)
	}
}

func TestStopAmongQueued(t *testing.T) {
	if n := sentAfterStop(t, 100); n > 0 {
		t.Errorf("%d messages left after the confirmation of STOP was handed over", n)
	}
}

// houseOver is a house whose SMS leave through Kannel's provider to a gateway of the test.
func houseOver(t *testing.T, gateway string, rate bot.Rate, parallel int) *house {
	t.Helper()
	cfg, err := config.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "passeur.db"), store.Options{Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	network, err := sms.Open(sms.Config{Provider: "kannel", URL: gateway, Username: "passeur", Password: "clef", From: "38000", Secret: "0123456789abcdef", Concurrency: parallel}, nil, io.Discard, quiet())
	if err != nil {
		t.Fatal(err)
	}
	lines := simulated(map[string]bot.Sender{"mattermost": &recorder{}}, ableToHear)
	lines["sms"] = outlet{sender: network, able: network.Abilities(), rate: rate, parallel: parallel}
	h, err := assemble(cfg, db, lines, nil, quiet())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// deadline is the text of a queued message: when it stops being useful.
func deadline(text string) time.Time {
	at, _ := time.Parse(time.RFC3339, strings.TrimSpace(text))
	return at
}

// outageOfHours has a gateway answer 503 from 14h to 17h, in virtual time, while messages are due whose use ends every five minutes
// from 14h05 to 18h55, four persons at each. It counts those that left after their use had ended, and those that were useful when the
// gateway was well again and never left.
func outageOfHours(t *testing.T) (late, unsent int) {
	begin := time.Date(2026, 12, 1, 13, 0, 0, 0, time.UTC) // 14h in Coutances
	well := begin.Add(3 * time.Hour)
	now, got := begin, map[time.Time]int{}
	g := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if now.Before(well) {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		until := deadline(string(body))
		if got[until]++; now.After(until) {
			late++
		}
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, "0: Accepted for delivery")
	}))
	defer g.Close()
	h := houseOver(t, g.URL, bot.Rate{}, 4)
	for i := range 4 {
		e := fromMarie(fmt.Sprintf("b%d", i), fmt.Sprintf("rdv 06 39 98 12 3%d Jeanne%c vendredi 4 décembre 1%dh mairie de Coutances", i, 'a'+i, i))
		hear(t, h, e, fromMarie(e.ID+"o", "oui"))
	}
	persons, err := h.store.Find(t.Context(), bot.Query{Kind: "rdv"})
	if err != nil || len(persons) != 4 {
		t.Fatalf("%d appointments, %v", len(persons), err)
	}
	last := begin.Add(4*time.Hour + 55*time.Minute)
	for until := begin.Add(5 * time.Minute); !until.After(last); until = until.Add(5 * time.Minute) {
		for _, p := range persons {
			task := bot.Task{Key: p.Subject + until.String(), To: p.Subject, Network: "sms", Lane: bot.Reminder, Purpose: bot.ForTalk, At: begin, NotAfter: until,
				Message: &bot.Message{Text: until.Format(time.RFC3339)}}
			if err := h.store.Commit(t.Context(), bot.Change{Now: begin, Tasks: []bot.Task{task}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for now.Before(last.Add(time.Hour)) {
		next, err := h.scheduler.Step(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		if next.IsZero() {
			break
		}
		now = next
	}
	for until := well.Add(5 * time.Minute); !until.After(last); until = until.Add(5 * time.Minute) {
		unsent += len(persons) - got[until]
	}
	return late, unsent
}

// sentAfterStop queues so many messages for one person and has her say STOP while they leave. It counts what the gateway got for her
// after the confirmation.
func sentAfterStop(t *testing.T, queued int) int {
	var mu sync.Mutex
	came, after, confirmed := 0, 0, false
	var enough atomic.Bool
	g := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		came++
		enough.Store(came > 3)
		switch {
		case confirmed:
			after++
		case strings.HasPrefix(string(body), "C'est fait : vous ne recevrez plus"):
			confirmed = true
		}
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, "0: Accepted for delivery")
	}))
	defer g.Close()
	h := houseOver(t, g.URL, bot.Rate{}, 8)
	book(t, h)
	persons, err := h.store.Find(t.Context(), bot.Query{Kind: "rdv"})
	if err != nil || len(persons) != 1 {
		t.Fatalf("%d appointments, %v", len(persons), err)
	}
	now := time.Now()
	c := bot.Change{Now: now}
	for i := range queued - 1 {
		c.Tasks = append(c.Tasks, bot.Task{Key: fmt.Sprint("q", i), To: persons[0].Subject, Network: "sms", Lane: bot.Broadcast, Purpose: bot.ForTalk, At: now, Message: &bot.Message{Text: fmt.Sprint("message ", i)}})
	}
	if err := h.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.scheduler.Run(ctx, time.Now) }()
	if !until(time.Minute, time.Millisecond, enough.Load) {
		t.Fatal("nothing leaves")
	}
	stopWord := fromJeanne("stop", "STOP")
	stopWord.At = time.Now()
	if _, err := h.bot.Hear(t.Context(), stopWord); err != nil {
		t.Fatal(err)
	}
	quietFor := 0
	before := -1
	until(time.Minute, 20*time.Millisecond, func() bool {
		mu.Lock()
		defer mu.Unlock()
		if came == before && confirmed {
			quietFor++
		} else {
			quietFor, before = 0, came
		}
		return quietFor > 150
	})
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !confirmed || came >= queued {
		t.Fatalf("%d came, confirmed: %v", came, confirmed)
	}
	return after
}
