// Package storetest is the contract of bot.Store as tests. Every store passes the same ones: they use nothing but the
// interface, times are given and never read, and each test opens an empty store of its own.
package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

// Run runs the whole suite. open returns an empty store and closes it when its test ends.
func Run(t *testing.T, open func(t *testing.T) bot.Store) {
	for _, group := range [][]test{changeTests, recordTests, taskTests, claimTests, settleTests, crowdTests} {
		for _, tt := range group {
			t.Run(tt.name, func(t *testing.T) { tt.run(&bench{T: t, Store: open(t)}) })
		}
	}
}

type test struct {
	name string
	run  func(b *bench)
}

// now is the instant at which everything begins.
var now = time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return now.Add(d) }

// bench is a store under test, with words for what tests do with it.
type bench struct {
	*testing.T
	Store bot.Store
}

func (b *bench) commit(c bot.Change) {
	b.Helper()
	b.commitIs(nil, c)
}

func (b *bench) commitIs(want error, c bot.Change) {
	b.Helper()
	if c.Now.IsZero() {
		c.Now = now
	}
	if err := b.Store.Commit(b.Context(), c); !errors.Is(err, want) {
		b.Fatalf("commit: got %v, want %v", err, want)
	}
}

func (b *bench) write(records ...bot.Record) {
	b.Helper()
	b.commit(bot.Change{Records: records})
}

func (b *bench) plan(tasks ...bot.Task) {
	b.Helper()
	b.commit(bot.Change{Tasks: tasks})
}

func (b *bench) get(kind string, ids ...string) []bot.Record {
	b.Helper()
	got, err := b.Store.Get(b.Context(), kind, ids...)
	if err != nil {
		b.Fatalf("get: %v", err)
	}
	return got
}

func (b *bench) find(q bot.Query) []bot.Record {
	b.Helper()
	got, err := b.Store.Find(b.Context(), q)
	if err != nil {
		b.Fatalf("find: %v", err)
	}
	return got
}

// found compares the ids of a page.
func (b *bench) found(q bot.Query, want ...string) {
	b.Helper()
	b.same("records found", ids(b.find(q)), want)
}

func (b *bench) same(what string, got, want any) {
	b.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

const minute = time.Minute

// claim leases up to n reminders by SMS for a minute.
func (b *bench) claim(at time.Time, n int) []bot.Task {
	b.Helper()
	return b.claimFrom("sms", bot.Reminder, at, n)
}

func (b *bench) claimFrom(network string, lane bot.Lane, at time.Time, n int) []bot.Task {
	b.Helper()
	got, err := b.Store.Claim(b.Context(), network, lane, at, n, minute)
	if err != nil {
		b.Fatalf("claim: %v", err)
	}
	return got
}

// claimed claims as many as there are and compares their keys.
func (b *bench) claimed(at time.Time, want ...string) []bot.Task {
	b.Helper()
	got := b.claim(at, 100)
	b.same("keys claimed", keys(got), want)
	return got
}

func (b *bench) settle(done ...bot.Outcome) {
	b.Helper()
	if err := b.Store.Settle(b.Context(), done); err != nil {
		b.Fatalf("settle: %v", err)
	}
}

func (b *bench) due(want time.Time) {
	b.Helper()
	got, err := b.Store.Due(b.Context(), "sms", bot.Reminder)
	if err != nil || !got.Equal(want) {
		b.Fatalf("due: got %v, %v, want %v", got, err, want)
	}
}

func ids(records []bot.Record) []string {
	var out []string
	for _, r := range records {
		out = append(out, r.ID)
	}
	return out
}

func keys(tasks []bot.Task) []string {
	var out []string
	for _, t := range tasks {
		out = append(out, t.Key)
	}
	return out
}

// task is a reminder by SMS to a person, due at once.
func task(key, to string) bot.Task {
	return bot.Task{Key: key, To: to, Network: "sms", Lane: bot.Reminder, Purpose: bot.ForRdv, At: now,
		Message: &bot.Message{Key: "rappel"}}
}

func dueAt(t bot.Task, at time.Time) bot.Task {
	t.At = at
	return t
}

func outcome(t bot.Task, fate bot.Fate, at time.Time) bot.Outcome {
	return bot.Outcome{Key: t.Key, Attempt: t.Attempt, Fate: fate, At: at}
}

func person(id, body string) bot.Record {
	return bot.Record{Kind: "person", ID: id, Subject: id, At: now, Body: []byte(body)}
}

// manyTasks are n tasks, each of another person.
func manyTasks(n int) []bot.Task {
	out := make([]bot.Task, n)
	for i := range out {
		out[i] = task(fmt.Sprintf("t%04d", i), fmt.Sprintf("p%04d", i))
	}
	return out
}
