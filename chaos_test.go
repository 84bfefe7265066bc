//go:build unix

package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// TestChaos ends the running program again and again while it sends, and counts at the gateway what came, what came
// twice and what never came. It runs with CHAOS=1 (make chaos), prints tables and, last, one line a figure, and fails
// when a message was lost or stuck, or sent twice by a stop that was asked for.
func TestChaos(t *testing.T) {
	gated(t, "CHAOS")
	program := built(t)
	var b bars
	t.Run("kill", func(t *testing.T) {
		r := endAgainAndAgain(t, program, "kill -9", (*process).kill)
		b.add("lost", float64(r.lost))
		b.add("duplicates_per_kill", rounded(float64(r.again)/float64(r.ends), 2))
		b.add("stuck", float64(r.stuck))
	})
	t.Run("term", func(t *testing.T) {
		r := endAgainAndAgain(t, program, "SIGTERM", (*process).stop)
		if r.again > 0 {
			t.Errorf("%d messages were sent twice although the program was asked to stop", r.again)
		}
		b.add("duplicates_sigterm", float64(r.again))
	})
	t.Run("repeated", func(t *testing.T) { b.add("handled_of_300", float64(repeated(t, program))) })
	t.Run("telegram", func(t *testing.T) {
		lost, twice := pollAndDie(t, program)
		b.add("telegram_lost", float64(lost))
		b.add("telegram_twice", float64(twice))
	})
	t.Run("outage", func(t *testing.T) {
		late, unsent := outageOfHours(t)
		b.add("late_sent", float64(late))
		b.add("useful_unsent", float64(unsent))
	})
	t.Run("stop", func(t *testing.T) { b.add("after_stop", float64(sentAfterStop(t, 1000))) })
	b.print()
}

// result is what a night of trouble left.
type result struct {
	ends  int // how often the program was ended
	again int // messages that the gateway got once more
	lost  int // messages that it never got and that nobody calls uncertain
	stuck int // messages still pending when nothing moved any more
}

const chaosRate = 500 // messages a second

// endAgainAndAgain has the program send 40,000 due messages and ends it ten times at random moments.
func endAgainAndAgain(t *testing.T, program binary, how string, end func(*process, *testing.T)) result {
	n, r := size("CHAOS_DUE", 40_000), result{ends: size("CHAOS_ENDS", 10)}
	var count tally
	gateway, err := openGateway(count.took)
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	set := overKannel(filepath.Join(t.TempDir(), "passeur.db"), gateway.url())
	set["PASSEUR_SMS_RATE"] = fmt.Sprint(chaosRate)
	fillTalk(t, set, n)
	fmt.Printf("\n%s, %d times, while %d due messages leave at %d/s\n", how, r.ends, n, chaosRate)
	for range r.ends {
		endWhileSending(t, program, set, &count, end)
		if unique, again := count.counts(); unique >= n {
			t.Fatal("everything had left before the program was ended often enough")
		} else {
			fmt.Printf("  ended when %d had come, %d again; %d had come and were not noted\n", unique, again, unique-noted(t, set))
		}
	}
	r.stuck = drain(t, program, set)
	r.lost = missing(t, set, n, &count)
	unique, again := count.counts()
	r.again = again
	fmt.Printf("  in the end: %d came, %d again, %d lost, %d stuck\n", unique, r.again, r.lost, r.stuck)
	if r.lost > 0 || r.stuck > 0 {
		t.Errorf("%d messages lost, %d stuck", r.lost, r.stuck)
	}
	return r
}

// noted counts the messages that the database calls sent.
func noted(t *testing.T, set map[string]string) (n int) {
	t.Helper()
	db := chaosStore(t, set, true)
	defer db.Close()
	sum, err := db.Summary(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range sum.Ended {
		if e.Fate == string(bot.Sent) {
			n += e.N
		}
	}
	return n
}

// endWhileSending starts the program and ends it a while after it began to send.
func endWhileSending(t *testing.T, program binary, set map[string]string, count *tally, end func(*process, *testing.T)) {
	before, _ := count.counts()
	p := program.start(t, set)
	if !until(2*time.Minute, 5*time.Millisecond, func() bool { unique, _ := count.counts(); return unique > before }) {
		t.Fatalf("nothing leaves:\n%s", p.errs)
	}
	<-time.After(rand.N(4 * time.Second))
	end(p, t)
}

// fillTalk writes due messages that leave at any hour of any day.
func fillTalk(t *testing.T, set map[string]string, n int) {
	t.Helper()
	db := chaosStore(t, set, false)
	now := time.Now()
	fillUsagers(t, db, 0, n, now)
	fillTasks(t, db, n, func(i int) bot.Task { return talk(i, now) })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// talk is due since so many milliseconds before now that no two are at once: by that it is found again in pages.
func talk(i int, now time.Time) bot.Task {
	task := reminder(i, now.Add(-time.Duration(i+1)*time.Millisecond))
	task.Purpose, task.NotAfter, task.Message.Key = bot.ForTalk, time.Time{}, "rdv.confirme"
	return task
}

func chaosStore(t *testing.T, set map[string]string, readOnly bool) *store.DB {
	t.Helper()
	cfg := &config.Config{Database: set["PASSEUR_DATABASE"]}
	db, err := open(t.Context(), cfg, readOnly)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// drain runs the program until nothing is pending, or nothing has left for two minutes: longer than any lease. Then it
// stops it and returns what is still pending.
func drain(t *testing.T, program binary, set map[string]string) (stuck int) {
	t.Helper()
	p := program.start(t, set)
	db := chaosStore(t, set, true)
	defer db.Close()
	stuck = pendingSMS(t, db)
	for stuck > 0 {
		left := stuck
		if !until(2*time.Minute, 500*time.Millisecond, func() bool { left = pendingSMS(t, db); return left < stuck }) {
			break
		}
		stuck = left
	}
	p.stop(t)
	return pendingSMS(t, db)
}

// pendingSMS counts the messages to usagers that have not ended, leased ones included.
func pendingSMS(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	sum, err := db.Summary(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range sum.Lanes {
		if l.Network == "sms" {
			n += l.Pending
		}
	}
	return n
}

// missing counts the messages that the gateway never got and that are not noted as uncertain.
func missing(t *testing.T, set map[string]string, n int, count *tally) (lost int) {
	t.Helper()
	db := chaosStore(t, set, true)
	defer db.Close()
	uncertain := map[string]bool{}
	for q := (store.TaskQuery{Network: "sms", Fate: bot.Uncertain}); ; {
		rows, err := db.Tasks(t.Context(), q, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			uncertain[r.Key] = true
		}
		q.Offset += len(rows)
	}
	for i := range n {
		if key := talk(i, time.Time{}).Key; count.of(key) == 0 && !uncertain[key] {
			lost++
		}
	}
	fmt.Printf("  %d noted as uncertain\n", len(uncertain))
	return lost
}

// repeated posts the same incoming SMS 300 times at once to the running program. It returns how often that was
// handled: 1 when there is one reply, one piece of news and one event; else the number that is farthest from it.
func repeated(t *testing.T, program binary) (handled int) {
	const times = 300
	var count tally
	gateway, err := openGateway(count.took)
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	set := overKannel(filepath.Join(t.TempDir(), "passeur.db"), gateway.url())
	db := chaosStore(t, set, false)
	fillAsked(t, db, 1)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	p := program.start(t, set)
	taken := atOnce(times, func() error { return newWebhooks(p.url, "", 1).send("same", 0, "oui") })
	read := chaosStore(t, set, true)
	defer read.Close()
	until(time.Minute, 20*time.Millisecond, func() bool { unique, _ := count.counts(); return unique > 0 && pendingSMS(t, read) == 0 })
	p.stop(t) // what is under way is finished: what has not come by now never will

	unique, again := count.counts()
	figures := map[string]int{"replies": unique + again, "replies written": tasksOf(t, read, store.TaskQuery{To: personOf(0)}),
		"news": tasksOf(t, read, store.TaskQuery{Subject: personOf(0)}), "events": eventsNamed(t, set["PASSEUR_DATABASE"], "sms/kannel/same")}
	fmt.Printf("\nthe same SMS %d times at once: %d taken, %v\n", times, taken, figures)
	handled = 1
	for name, n := range figures {
		if n != 1 {
			t.Errorf("%d %s of one message", n, name)
			handled = n
		}
	}
	if taken != times {
		t.Errorf("only %d of %d were answered 200", taken, times)
	}
	return handled
}

// atOnce does the same from many goroutines that wait for each other at the start, and counts the successes.
func atOnce(times int, do func() error) (ok int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	for range times {
		all.Go(func() {
			<-start
			err := do()
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				ok++
			}
		})
	}
	close(start)
	all.Wait()
	return ok
}

func tasksOf(t *testing.T, db *store.DB, q store.TaskQuery) int {
	t.Helper()
	rows, err := db.Tasks(t.Context(), q, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return len(rows)
}

// eventsNamed counts the handled events of an id, in the file itself: no contract shows them.
func eventsNamed(t *testing.T, database, id string) (n int) {
	t.Helper()
	file := url.URL{Scheme: "file", Path: database, RawQuery: "mode=ro"}
	db, err := sql.Open("sqlite", file.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(context.Background(), "SELECT count(*) FROM event WHERE id = ?", id).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
