package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"passeur/bot"
)

var crowdTests = []test{
	{"300 at once commit the same event once", func(b *bench) {
		var done, seen atomic.Int64
		crowd(300, func(i int) {
			err := b.Store.Commit(b.Context(), bot.Change{Event: "sms:1", Now: now, Tally: []bot.Count{{Kind: "k", N: 1}}})
			switch {
			case err == nil:
				done.Add(1)
			case errors.Is(err, bot.ErrSeen):
				seen.Add(1)
			default:
				b.Error(err)
			}
		})
		b.same("committed and seen", []int64{done.Load(), seen.Load()}, []int64{1, 299})
		b.tallied(bot.TallyQuery{Kind: "k"}, bot.Count{Kind: "k", N: 1})
	}},
	{"each gets its own answer", func(b *bench) {
		var wrong atomic.Int64
		crowd(200, func(i int) {
			c := bot.Change{Event: fmt.Sprint("e", i), Now: now, Records: []bot.Record{person(fmt.Sprint("p", i/2), "{}")}}
			if err := b.Store.Commit(b.Context(), c); err != nil && !errors.Is(err, bot.ErrConflict) {
				b.Error(err)
			} else if err != nil {
				wrong.Add(1)
			}
		})
		b.same("conflicts", wrong.Load(), int64(100))
		b.same("records", len(b.find(bot.Query{Kind: "person"})), 100)
	}},
	{"no addition is lost", func(b *bench) {
		b.write(person("p1", "{}"))
		crowd(16, func(int) {
			for !b.raise("p1") {
			}
		})
		b.same("version", b.get("person", "p1")[0].Version, int64(17))
	}},
	{"of two that read what the other writes, one must read again", testSkew},
	{"nor do many at once wait for each other for ever", testKnots},
	{"8 claimers never share a task or a recipient", testClaimers},
}

func crowd(n int, do func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { do(i) })
	}
	wg.Wait()
}

// testSkew has the two of each pair read that there is no record of the other, and write their own, at the same time.
func testSkew(b *bench) {
	const pairs = 50
	var done [pairs]atomic.Int64
	crowd(2*pairs, func(i int) {
		mine, other := fmt.Sprintf("p%d-%d", i/2, i%2), fmt.Sprintf("p%d-%d", i/2, 1-i%2)
		err := b.Store.Commit(b.Context(), bot.Change{Now: now, Reads: []bot.Read{{Kind: "person", ID: other}}, Records: []bot.Record{person(mine, "{}")}})
		if err == nil {
			done[i/2].Add(1)
		} else if !errors.Is(err, bot.ErrConflict) {
			b.Error(err)
		}
	})
	for i := range done {
		if n := done[i].Load(); n != 1 {
			b.Errorf("%d of pair %d were committed, want 1", n, i)
		}
	}
}

// testKnots has changes write the same records, tasks and cells in every order.
func testKnots(b *bench) {
	const names, rounds = 6, 60
	var counted atomic.Int64
	crowd(rounds, func(i int) {
		c := bot.Change{Now: now}
		for j := range names {
			name := fmt.Sprint((i*(j+1) + j) % 7)
			c.Tasks = append(c.Tasks, task(name, "p"+name))
			c.Tally = append(c.Tally, bot.Count{Kind: "k", Value: name, N: 1})
			c.Reads = append(c.Reads, bot.Read{Kind: "person", ID: "p" + name})
			c.Drop = append(c.Drop, "g"+name)
		}
		if err := b.Store.Commit(b.Context(), c); err != nil {
			b.Error(err)
			return
		}
		counted.Add(names)
	})
	cells, err := b.Store.Tally(b.Context(), bot.TallyQuery{Kind: "k"})
	if err != nil {
		b.Fatal(err)
	}
	var sum int64
	for _, n := range cells {
		sum += n.N
	}
	b.same("counted", sum, counted.Load())
}

// raise writes a record again, as it was read; false when somebody else did so meanwhile.
func (b *bench) raise(id string) bool {
	got, err := b.Store.Get(b.Context(), "person", id)
	if err == nil {
		err = b.Store.Commit(b.Context(), bot.Change{Now: now, Records: got})
	}
	if err != nil && !errors.Is(err, bot.ErrConflict) {
		b.Error(err)
		return true
	}
	return err == nil
}

// testClaimers has three tasks for each of 100 persons sent by 8 workers, with failures between.
func testClaimers(b *bench) {
	var tasks []bot.Task
	for i := range 300 {
		tasks = append(tasks, task(fmt.Sprint("t", i), fmt.Sprint("p", i%100)))
	}
	b.plan(tasks...)
	var (
		mu   sync.Mutex
		busy = map[string]bool{}
		sent = map[string]int{}
	)
	crowd(8, func(int) {
		for {
			got, err := b.Store.Claim(b.Context(), "sms", bot.Reminder, now, 7, minute)
			if err != nil {
				b.Error(err)
				return
			}
			mu.Lock()
			for _, k := range got {
				if busy[k.To] {
					b.Errorf("%s has two tasks at once", k.To)
				}
				busy[k.To] = true
			}
			done := len(sent) == len(tasks)
			mu.Unlock()
			if done || b.Failed() {
				return
			}
			mu.Lock()
			outcomes := b.send(got, busy, sent)
			mu.Unlock()
			if err := b.Store.Settle(b.Context(), outcomes); err != nil {
				b.Error(err)
				return
			}
		}
	})
	for key, n := range sent {
		if n != 1 {
			b.Errorf("%s was sent %d times", key, n)
		}
	}
	b.same("tasks sent", len(sent), len(tasks))
}

// send makes the outcomes of what was claimed: a third of first attempts fails.
func (b *bench) send(got []bot.Task, busy map[string]bool, sent map[string]int) []bot.Outcome {
	var done []bot.Outcome
	for i, k := range got {
		o := outcome(k, bot.Sent, now)
		if i%3 == 0 && k.Attempt == 1 {
			o.Fate, o.Next = bot.Retry, now
		} else {
			sent[k.Key]++
		}
		delete(busy, k.To)
		done = append(done, o)
	}
	return done
}
