package scheduler

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"passeur/bot"
)

// running is a scheduler at work in a bubble of virtual time.
type running struct {
	*Scheduler
	cluster *local
	stop    func() // ends the context and waits until Run returned
	began   time.Time
}

func run(t *testing.T, m *faulty, b *brain, lines map[string]Network, jobs ...Job) *running {
	t.Helper()
	r := &running{cluster: newLocal(), began: time.Now()}
	r.Scheduler = New(m, r.cluster, b, lines, jobs, quiet())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx, time.Now) }()
	r.stop = func() {
		t.Helper()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
	synctest.Wait()
	return r
}

// wait lets virtual time pass.
func wait(t *testing.T, d time.Duration) {
	t.Helper()
	pause(t.Context(), d)
	synctest.Wait()
}

func due(d time.Duration) func(*bot.Task) { return at(time.Now().Add(d)) }

// slow sends take d and end with their context.
func slow(j *journal, d time.Duration) Network {
	return Network{Sender: sender(func(ctx context.Context, m bot.Rendered) error {
		j.note(m.Key)
		pause(ctx, d)
		return ctx.Err()
	})}
}

func TestReplyLeavesWhenWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		m := newStore(t)
		r := run(t, m, &brain{}, map[string]Network{"sms": noting(&j)})
		wait(t, 1300*time.Millisecond)
		m.add(text("reply", due(0)))
		r.cluster.Wake(t.Context(), "sms")
		synctest.Wait()
		if got := m.row("reply"); got.fate != bot.Sent || time.Since(r.began) != 1300*time.Millisecond {
			t.Errorf("%s after the wake-up: %+v", time.Since(r.began), got)
		}
		r.stop()
	})
}

func TestLostWakeUpCostsASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		m := newStore(t)
		r := run(t, m, &brain{}, map[string]Network{"sms": noting(&j)})
		wait(t, 300*time.Millisecond)
		m.add(text("reply", due(0)), text("wake", wakeUp, due(0)))
		wait(t, time.Second)
		if n := m.fates()[bot.Sent]; n != 2 {
			t.Errorf("%d done a second later, want 2", n)
		}
		r.stop()
	})
}

func TestRunIsOnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent time.Time
		m := newStore(t, text("t", due(90*time.Minute+250*time.Millisecond)))
		line := Network{Sender: sender(func(context.Context, bot.Rendered) error { sent = time.Now(); return nil })}
		r := run(t, m, &brain{}, map[string]Network{"sms": line})
		wait(t, 2*time.Hour)
		if late := sent.Sub(r.began.Add(90*time.Minute + 250*time.Millisecond)); late != 0 {
			t.Errorf("%s late", late)
		}
		r.stop()
	})
}

func TestWakeUpAndWhatItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		m := newStore(t, text("wake", wakeUp, due(time.Minute)))
		wakes := make(chan func(context.Context, string), 1)
		b := &brain{handle: func(ctx context.Context, e bot.Event) error {
			m.add(text("reminder", in(bot.Reminder), at(e.At)))
			(<-wakes)(ctx, "sms")
			return nil
		}}
		r := run(t, m, b, map[string]Network{"sms": noting(&j)})
		wakes <- r.cluster.Wake
		wait(t, time.Minute)
		if got := j.list(); !same(got, []string{"reminder"}) || time.Since(r.began) != time.Minute {
			t.Errorf("sent %v", got)
		}
		r.stop()
	})
}

// TestHurriedLanesOvertake: with a broadcast claimed and in flight on a slow network, a reminder goes before the rest of
// it, and a reply before both.
func TestHurriedLanesOvertake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		line := slow(&j, time.Second)
		line.Parallel = 2
		m := newStore(t, texts("b", 50, in(bot.Broadcast), due(0))...)
		r := run(t, m, &brain{}, map[string]Network{"sms": line})
		wait(t, 2500*time.Millisecond)
		before := len(j.list())
		m.add(text("reminder1", in(bot.Reminder), due(0)), text("reminder2", in(bot.Reminder), due(0)), text("reply", due(0)))
		r.cluster.Wake(t.Context(), "sms")
		wait(t, 2*time.Second)
		got := j.list()[before:]
		if len(got) != 4 || got[0] != "reply" && got[1] != "reply" || got[2][:1] != "r" && got[3][:1] != "r" {
			t.Errorf("sent next: %v", got)
		}
		r.stop()
		if twice := j.twice(); twice != nil {
			t.Errorf("sent twice: %v", twice)
		}
	})
}

func TestOneRecipientInOrderInRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		m := newStore(t, texts("t", 20, to("jeanne"), due(0))...)
		m.add(texts("other", 20, due(0))...)
		r := run(t, m, &brain{}, map[string]Network{"sms": slow(&j, 100*time.Millisecond)})
		wait(t, 2*time.Second)
		last, n := "", 0
		for _, key := range j.list() {
			if key[:1] != "t" {
				continue
			}
			if n++; key < last {
				t.Errorf("%s after %s", key, last)
			}
			last = key
		}
		if n != 20 {
			t.Errorf("%d of 20 sent in the time that they take", n)
		}
		r.stop()
	})
}

// TestRetryInRun: ± 20 % by chance, and then it leaves.
func TestRetryInRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var times []time.Time
		m := newStore(t, text("t", due(0)))
		line := Network{Sender: sender(func(context.Context, bot.Rendered) error {
			if times = append(times, time.Now()); len(times) < 3 {
				return errors.New("500")
			}
			return nil
		})}
		r := run(t, m, &brain{}, map[string]Network{"sms": line})
		wait(t, 5*time.Minute)
		if len(times) != 3 || m.row("t").fate != bot.Sent {
			t.Fatalf("tried at %v: %+v", times, m.row("t"))
		}
		for i, base := range []time.Duration{30 * time.Second, time.Minute} {
			gap := times[i+1].Sub(times[i])
			if gap < base*8/10 || gap > base*12/10+time.Millisecond {
				t.Errorf("gap %s, want %s ± 20 %%", gap, base)
			}
		}
		r.stop()
	})
}

func TestBreakerInRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int64
		var up atomic.Bool
		m := newStore(t, texts("t", 600, due(0))...)
		line := Network{Sender: sender(func(ctx context.Context, _ bot.Rendered) error {
			tries.Add(1)
			pause(ctx, 50*time.Millisecond)
			if up.Load() {
				return nil
			}
			return errors.New("502")
		})}
		r := run(t, m, &brain{}, map[string]Network{"sms": line})
		wait(t, 29*time.Second)
		if n := tries.Load(); n < 5 || n > 64+4 {
			t.Errorf("%d tries before the pause, want those in flight when the fifth failed at most", n)
		}
		first := tries.Load()
		wait(t, 20*time.Minute)
		if n := tries.Load() - first; n < 4 || n > 7 {
			t.Errorf("%d probes in 20 minutes", n)
		}
		up.Store(true)
		wait(t, 10*time.Minute)
		if n := m.fates()[bot.Sent]; n != 600 {
			t.Errorf("%d sent once the network is back: %v", n, m.fates())
		}
		r.stop()
	})
}

func TestPatienceInRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int64
		began := time.Now()
		m := newStore(t, texts("t", 500, due(0))...)
		line := Network{Sender: sender(func(context.Context, bot.Rendered) error {
			tries.Add(1)
			if time.Since(began) < time.Minute {
				return bot.RetryAfter{Wait: time.Minute}
			}
			return nil
		})}
		r := run(t, m, &brain{}, map[string]Network{"sms": line})
		wait(t, 59*time.Second)
		if n := tries.Load(); n > 64 {
			t.Errorf("%d tries while the network asks for patience", n)
		}
		wait(t, 2*time.Second)
		if n := m.fates()[bot.Sent]; n != 500 || m.row("t0001").Tries != 0 {
			t.Errorf("%v after the pause, first one %+v", m.fates(), m.row("t0001"))
		}
		r.stop()
	})
}

func TestPaceOfRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		line := noting(&j)
		line.Rate = bot.Rate{PerSecond: 30, Burst: 3}
		m := newStore(t, texts("t", 1000, in(bot.Reminder), due(0))...)
		r := run(t, m, &brain{}, map[string]Network{"sms": line})
		for s := range 20 {
			wait(t, time.Second)
			if n := len(j.list()); n > 3+30*(s+1) || n < 28*(s+1) {
				t.Errorf("%d sent in %d s at 30/s", n, s+1)
			}
		}
		r.stop()
	})
}

// TestPacedClaimIsSpread: what pace lets go leaves one by one, so that a crash finds little that is not noted.
func TestPacedClaimIsSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		at := make(map[time.Duration]int) // how many were sent in each 2 ms
		began := time.Now()
		line := Network{Rate: bot.Rate{PerSecond: 500, Burst: 50}, Sender: sender(func(context.Context, bot.Rendered) error {
			mu.Lock()
			defer mu.Unlock()
			at[time.Since(began).Truncate(2*time.Millisecond)]++
			return nil
		})}
		m := newStore(t, texts("t", 2000, in(bot.Reminder), due(0))...)
		r := run(t, m, &brain{}, map[string]Network{"sms": line})
		wait(t, 5*time.Second)
		if n := m.fates()[bot.Sent]; n != 2000 {
			t.Errorf("%d sent in 5 s at 500/s", n)
		}
		for when, n := range at {
			if n > 3 {
				t.Errorf("%d at once after %s", n, when)
			}
		}
		r.stop()
	})
}

// TestLeaseOutlivesSends: a network so slow that most of what is claimed cannot be begun in time. Nothing may be in two
// hands at once, nor be sent twice.
func TestLeaseOutlivesSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		var mu sync.Mutex
		inHand := make(map[string]bool)
		line := Network{Parallel: 4, Sender: sender(func(ctx context.Context, m bot.Rendered) error {
			mu.Lock()
			if inHand[m.Key] {
				t.Errorf("%s is in two hands", m.Key)
			}
			inHand[m.Key] = true
			mu.Unlock()
			j.note(m.Key)
			pause(ctx, 9*time.Second)
			mu.Lock()
			defer mu.Unlock()
			delete(inHand, m.Key)
			return ctx.Err()
		})}
		m := newStore(t, texts("t", 200, due(0))...)
		r := run(t, m, &brain{}, map[string]Network{"sms": line})
		wait(t, 200/4*9*time.Second+time.Minute)
		if n := m.fates()[bot.Sent]; n != 200 || j.twice() != nil {
			t.Errorf("%d sent, twice: %v", n, j.twice())
		}
		r.stop()
	})
}

func TestSendThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newStore(t, text("t", due(0)))
		line := Network{Sender: sender(func(ctx context.Context, _ bot.Rendered) error { <-ctx.Done(); return ctx.Err() })}
		r := run(t, m, &brain{}, map[string]Network{"sms": line})
		wait(t, 11*time.Second)
		if got := m.row("t"); got.Tries != 1 || got.reason != "delai" || got.leased {
			t.Errorf("%+v, want one try that took too long", got)
		}
		r.stop()
	})
}

// TestSettlesInGroups: what waits when a commit ends goes into one commit, 500 at most.
func TestSettlesInGroups(t *testing.T) {
	m := newStore(t)
	s := New(m, newLocal(), &brain{}, map[string]Network{"sms": noting(new(journal))}, nil, quiet())
	r := newRunner(s.stepHand(noon), s.lines[1])
	for i := range 1200 {
		r.results <- bot.Outcome{Key: fmt.Sprint(i), Fate: bot.Sent, At: noon}
	}
	finished := make(chan struct{})
	close(finished)
	r.open.Store(1200)
	r.settleAll(t.Context(), finished)
	if !same(m.groups, []int{500, 500, 200}) || r.open.Load() != 0 {
		t.Errorf("groups of %v, %d still open", m.groups, r.open.Load())
	}
}

func TestTwoReplicas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		m := newStore(t, texts("t", 800, due(0))...)
		a := run(t, m, &brain{}, map[string]Network{"sms": slow(&j, 100*time.Millisecond)})
		b := run(t, m, &brain{}, map[string]Network{"sms": slow(&j, 130*time.Millisecond)})
		wait(t, time.Minute)
		a.stop()
		b.stop()
		if n := m.fates()[bot.Sent]; n != 800 || j.twice() != nil {
			t.Errorf("%d sent, twice %v", n, j.twice())
		}
	})
}

func TestJobsAndInboxInRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ticks journal
		resumed := 0
		b := &brain{resume: func(context.Context) error {
			if resumed++; resumed < 3 {
				return errors.New("locked")
			}
			return nil
		}}
		jobs := []Job{
			{Name: "bilan", Spec: "15,45 1 * * *", Zone: paris(t), Do: func(_ context.Context, tick time.Time) error {
				ticks.note(fmt.Sprint(tick.Equal(time.Now()), tick.Format(" 15:04")))
				return nil
			}},
		}
		r := run(t, newStore(t), b, nil, jobs...)
		wait(t, 50*time.Minute) // the bubble begins at 1 in the morning in Paris
		r.stop()
		if got := ticks.list(); !same(got, []string{"true 01:15", "true 01:45"}) {
			t.Errorf("ticks %v", got)
		}
		if resumed < 1000 {
			t.Errorf("resumed %d times", resumed)
		}
	})
}

func TestQueue(t *testing.T) {
	q := newQueue()
	tasks := texts("t", 6)
	q.push(bot.Broadcast, []item{{task: &tasks[0]}, {task: &tasks[1]}})
	q.push(bot.Reply, []item{{task: &tasks[2]}})
	q.push(bot.Reminder, []item{{task: &tasks[3]}, {task: &tasks[4]}})
	q.push(bot.Reply, []item{{task: &tasks[5]}})
	for _, want := range []string{"t0002", "t0005", "t0003", "t0004"} {
		if it, ok := q.pop(); !ok || it.task.Key != want {
			t.Errorf("got %v, want %s", it.task, want)
		}
	}
	if left := q.close(); len(left) != 2 || left[0].task.Key != "t0000" {
		t.Errorf("left %v", left)
	}
	if _, ok := q.pop(); ok {
		t.Error("something after the end")
	}
}

// TestSendOutlivesItsLease: a send under way when the clock is set a minute forward, so that its lease seems to have run out, ends the task, and is not begun again.
func TestSendOutlivesItsLease(t *testing.T) {
	for _, ends := range []error{bot.ErrUncertain, bot.ErrRefused, nil} {
		synctest.Test(t, func(t *testing.T) {
			m := newStore(t, text("first", to("p1"), due(0)), text("second", to("p1"), due(time.Second)))
			var j journal
			var ahead atomic.Int64
			begun := time.Now()
			line := Network{Sender: sender(func(ctx context.Context, r bot.Rendered) error {
				j.note(fmt.Sprint(r.Key, " at ", time.Since(begun)))
				pause(ctx, 5*time.Second)
				return ends
			})}
			s := New(m, newLocal(), &brain{}, map[string]Network{"sms": line}, nil, quiet())
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- s.Run(ctx, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }) }()
			wait(t, 2*time.Second)
			ahead.Store(int64(time.Minute))
			wait(t, 3*time.Minute)
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
			if got := j.list(); !same(got, []string{"first at 0s", "second at 5s"}) {
				t.Errorf("ends with %v: %v", ends, got)
			}
		})
	}
}
