//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"passeur/bot"
	"passeur/store"
)

// planned is how many tasks an appointment has.
const planned = 4

// crowded is a database with many pending tasks, and what its calls took.
type crowded struct {
	db           *store.DB
	appointments int // that the store wrote
	copies       int // of each, which the server made of them
	claim        []time.Duration
	cancel       []time.Duration
	idle         []time.Duration
	chance       *rand.Rand
}

// benchPgGrowth compares what calls take among many pending tasks with what they take among few, in two databases that take turns.
func benchPgGrowth(t *testing.T, b *bars) {
	few := size("BENCH_FEW", 10_000)
	many, rounds := size("BENCH_PENDING", 1_000_000), size("BENCH_CLAIMS", 400)
	stock, now := newPgStock(t), time.Now()
	began := time.Now()
	large, small := stock.crowd(t, "many", few, many/few, now), stock.crowd(t, "few", few, 1, now)
	fmt.Printf("\n%d and %d pending tasks (filled in %.0f s, %.0f and %.0f MB; both vacuumed and analysed once), p50 and p99 of %d samples each, in turns\n",
		many, few, time.Since(began).Seconds(), stock.megabytes(t, "many"), stock.megabytes(t, "few"), rounds)
	for round := range rounds {
		for _, c := range [][]*crowded{{large, small}, {small, large}}[round%2] { // neither goes first always
			c.sample(t, round, now)
		}
	}
	for _, row := range []struct {
		name, said string
		of         func(*crowded) []time.Duration
	}{
		{"pg_claim_growth", fmt.Sprintf("claim of %d due", claimSize), func(c *crowded) []time.Duration { return c.claim }},
		{"pg_cancel_growth", fmt.Sprintf("cancel %d of a group", planned), func(c *crowded) []time.Duration { return c.cancel }},
		{"pg_idle_growth", "Due and Claim of none", func(c *crowded) []time.Duration { return c.idle }},
	} {
		much, little := row.of(large), row.of(small)
		growth := float64(exactly(much, .5)) / float64(exactly(little, .5))
		fmt.Printf("  %-22s  among many %9v %9v  among few %9v %9v  growth %.2f\n", row.said, short(much, .5), short(much, .99), short(little, .5), short(little, .99), growth)
		b.add(row.name, rounded(growth, 2))
	}
}

func short(values []time.Duration, part float64) time.Duration {
	return exactly(values, part).Round(time.Microsecond)
}

// crowd fills a database: n tasks by the store, all of them due later, and copies of these by the server, which nobody opens: they are sealed
// under the keys of those that they are made of.
func (s *pgStock) crowd(t *testing.T, name string, n, copies int, now time.Time) *crowded {
	t.Helper()
	at := s.pg.Database(t, name)
	c := &crowded{db: s.open(t, at), appointments: n / planned, copies: copies, chance: rand.New(rand.NewPCG(1, 2))}
	t.Cleanup(func() { _ = c.db.Close() })
	fillTasks(t, c.db, n, func(i int) bot.Task {
		task := reminder(i/planned, now.Add(time.Hour+time.Duration(i)*time.Second))
		task.Key, task.Group = fmt.Sprintf("%s/%d", task.Key, i%planned), groupOf(i/planned, 0)
		return task
	})
	multiply(t, at, "task", copies-1, map[string]string{
		"id": "nextval('task_id')", "key": "x.key || '/' || n", "grp": "x.grp || '/' || n", "recipient": "x.recipient || n",
		"at": "x.at + n * 1000", "next_at": "x.next_at + n * 1000",
	})
	serverDo(t, at, "VACUUM (ANALYZE)")
	return c
}

// groupOf is the group of an appointment's tasks, or of one of the server's copies of them.
func groupOf(i, copied int) string {
	group := "rdv/" + rdvOf(i)
	if copied > 0 {
		group += fmt.Sprint("/", copied)
	}
	return group
}

// sample takes each measure once.
func (c *crowded) sample(t *testing.T, round int, now time.Time) {
	t.Helper()
	c.idle = append(c.idle, elapsed(func() { c.look(t, now) }))
	group := groupOf(c.chance.IntN(c.appointments), c.chance.IntN(c.copies))
	c.cancel = append(c.cancel, elapsed(func() { commit(t, c.db, bot.Change{Now: now, Drop: []string{group}}) }))
	c.claim = append(c.claim, claimOnce(t, c.db, round, now))
}

// look finds nothing to do.
func (c *crowded) look(t *testing.T, now time.Time) {
	t.Helper()
	due, err := c.db.Due(t.Context(), "sms", bot.Reminder)
	if err != nil || !due.After(now) {
		t.Fatal("something is due at ", due, err)
	}
	if tasks, err := c.db.Claim(t.Context(), "sms", bot.Reminder, now, claimSize, time.Minute); err != nil || len(tasks) > 0 {
		t.Fatal(len(tasks), err)
	}
}

func elapsed(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}
