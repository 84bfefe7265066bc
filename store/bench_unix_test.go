//go:build unix

package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"passeur/bot"
)

// The figures of these benchmarks depend on the disk: only ratios within one run say anything.

func openBench(b *testing.B) *DB {
	b.Helper()
	d, err := Open(b.Context(), filepath.Join(b.TempDir(), "passeur.db"), Options{Key: make([]byte, keySize)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := d.Close(); err != nil {
			b.Error(err)
		}
	})
	return d
}

func benchTask(i int, due time.Time) bot.Task {
	return bot.Task{
		Key: fmt.Sprintf("rdv/%d/v1/j-1", i), Group: fmt.Sprintf("rdv/%d", i), To: fmt.Sprintf("p%d", i),
		Network: "sms", Lane: bot.Reminder, Purpose: bot.ForRdv, Place: "50/50147", At: due, NotAfter: due.Add(24 * time.Hour),
		Message: &bot.Message{Key: "rappel.veille", Args: map[string]string{
			"quand": "2026-12-04T10:00:00+01:00", "lieu": "mairie de Coutances", "conseiller": "Camille Exemple"}},
	}
}

// fillTasks writes many tasks in few commits, past the limit of a change.
func fillTasks(b *testing.B, d *DB, n int, task func(i int) bot.Task) {
	b.Helper()
	const piece = 50_000
	for from := 0; from < n; from += piece {
		err := d.do(b.Context(), func(c tx) error {
			for i := from; i < min(n, from+piece); i++ {
				t := task(i)
				if err := c.run(d.writeTask(&t)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func fillPersons(b *testing.B, d *DB, n int) {
	b.Helper()
	const body = `{"v":1,"name":"Jeanne","addresses":["sms:+33639981234"],"lang":"fr","commune":"50147","told":true,"seen":"2026-12-01T10:00:00Z"}`
	for from := 0; from < n; from += MaxRows {
		var records []bot.Record
		for i := from; i < min(n, from+MaxRows); i++ {
			id := fmt.Sprintf("p%d", i)
			records = append(records, bot.Record{Kind: "person", ID: id, Owner: "c1", Subject: id, Place: "50/50147", At: benchNow, Body: []byte(body)})
		}
		if err := d.Commit(b.Context(), bot.Change{Records: records}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCycle is what the store costs one message: claim 500, read their persons, settle 500.
func BenchmarkCycle(b *testing.B) {
	d := openBench(b)
	const persons = 20_000
	fillPersons(b, d, persons)
	const size = 500
	written := 0
	var claim, get, settle time.Duration // of processor, however busy the machine is
	for b.Loop() {
		b.StopTimer()
		fillTasks(b, d, size, func(int) bot.Task {
			t := benchTask(written, benchNow)
			t.To = fmt.Sprintf("p%d", written*37%persons)
			written++
			return t
		})
		b.StartTimer()
		start := cpu(b)
		tasks, err := d.Claim(b.Context(), "sms", bot.Reminder, benchNow, size, time.Minute)
		if err != nil || len(tasks) != size {
			b.Fatal(len(tasks), err)
		}
		claimed := cpu(b)
		ids := make([]string, size)
		done := make([]bot.Outcome, size)
		for i, t := range tasks {
			ids[i] = t.To
			done[i] = bot.Outcome{Key: t.Key, Attempt: t.Attempt, Fate: bot.Sent, At: benchNow, Ref: "gw-123456"}
		}
		if got, err := d.Get(b.Context(), "person", ids...); err != nil || len(got) != size {
			b.Fatal(len(got), err)
		}
		read := cpu(b)
		if err := d.Settle(b.Context(), done); err != nil {
			b.Fatal(err)
		}
		claim, get, settle = claim+claimed-start, get+read-claimed, settle+cpu(b)-read
	}
	per := func(t time.Duration) float64 { return float64(t.Microseconds()) / float64(b.N*size) }
	b.ReportMetric(per(claim), "cpu-µs-claim/msg")
	b.ReportMetric(per(get), "cpu-µs-get/msg")
	b.ReportMetric(per(settle), "cpu-µs-settle/msg")
	b.ReportMetric(per(claim+get+settle), "cpu-µs/msg")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*size), "µs/msg")
}

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkGet500 reads 500 of 20,000 persons in one call.
func BenchmarkGet500(b *testing.B) {
	d := openBench(b)
	fillPersons(b, d, 20_000)
	ids := make([]string, 500)
	for i := range ids {
		ids[i] = fmt.Sprintf("p%d", i*37%20_000)
	}
	for b.Loop() {
		if got, err := d.Get(b.Context(), "person", ids...); err != nil || len(got) != 500 {
			b.Fatal(len(got), err)
		}
	}
}

// BenchmarkClaim10k and BenchmarkClaim1M claim 100 due tasks among so many pending ones: the ratio of the two is what
// the number of pending tasks costs.
func BenchmarkClaim10k(b *testing.B) { benchClaim(b, 10_000) }

// BenchmarkClaim1M is told at BenchmarkClaim10k.
func BenchmarkClaim1M(b *testing.B) { benchClaim(b, 1_000_000) }

func benchClaim(b *testing.B, pending int) {
	d := openBench(b)
	fillTasks(b, d, pending, func(i int) bot.Task { return benchTask(i, benchNow.Add(time.Hour+time.Duration(i)*time.Second)) })
	const size = 100
	round := 0
	for b.Loop() {
		b.StopTimer()
		round++
		fillTasks(b, d, size, func(i int) bot.Task {
			t := benchTask(pending+i, benchNow)
			t.Key = fmt.Sprintf("due/%d/%d", round, i)
			t.To = fmt.Sprintf("q%d", (round*size+i)%50_000)
			return t
		})
		b.StartTimer()
		tasks, err := d.Claim(b.Context(), "sms", bot.Reminder, benchNow, size, time.Minute)
		if err != nil || len(tasks) != size {
			b.Fatal(len(tasks), err)
		}
		b.StopTimer()
		done := make([]bot.Outcome, size)
		for i, t := range tasks {
			done[i] = bot.Outcome{Key: t.Key, Attempt: t.Attempt, Fate: bot.Sent, At: benchNow}
		}
		if err := d.Settle(b.Context(), done); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkCommit is what one incoming SMS leaves behind (an event, two records, two tasks), from 8 callers, against
// one bare insert of the same file system in the same run.
func BenchmarkCommit(b *testing.B) {
	b.Run("change-8-callers", func(b *testing.B) {
		d := openBench(b)
		var next atomic.Int64
		callers(b, 8, func() error {
			i := int(next.Add(1))
			return d.Commit(context.Background(), typicalChange(i))
		})
	})
	b.Run("bare-insert-1-caller", func(b *testing.B) { bareInsert(b, 1) })
	b.Run("bare-insert-8-callers", func(b *testing.B) { bareInsert(b, 8) })
}

func typicalChange(i int) bot.Change {
	id := fmt.Sprintf("p%d", i)
	answer, news := benchTask(i, benchNow), benchTask(i, benchNow)
	answer.Key, answer.Lane = fmt.Sprintf("a/%d", i), bot.Reply
	news.Key, news.To, news.Network = fmt.Sprintf("n/%d", i), "c1", "mattermost"
	return bot.Change{
		Event: fmt.Sprintf("sms:gw-%d", i), Now: benchNow,
		Records: []bot.Record{
			{Kind: "chat", ID: fmt.Sprintf("sms:+336399%05d", i), Subject: id, At: benchNow, Body: []byte(`{"v":1,"open":"rdv/42"}`)},
			{Kind: "rdv", ID: fmt.Sprint(i), Owner: "c1", Subject: id, Place: "50/50147", State: "confirmed", At: benchNow, Body: []byte(`{"v":1,"at":"2026-12-04T10:00:00+01:00"}`)},
		},
		Tasks: []bot.Task{answer, news},
	}
}

func bareInsert(b *testing.B, n int) {
	db, err := sql.Open("sqlite", dsn(filepath.Join(b.TempDir(), "bare.db"), "_journal_mode=WAL", "_synchronous=FULL"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB)"); err != nil {
		b.Fatal(err)
	}
	s, err := db.Prepare("INSERT INTO t (a, b) VALUES (?, ?)")
	if err != nil {
		b.Fatal(err)
	}
	body := make([]byte, 100)
	callers(b, n, func() error {
		_, err := s.Exec("sms:gw-1", body)
		return err
	})
}

func callers(b *testing.B, n int, do func() error) {
	var wg sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	for range n {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := do(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}
