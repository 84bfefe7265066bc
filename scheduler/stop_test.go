package scheduler

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"passeur/bot"
)

// TestGracefulStop ends Run in the middle of a broadcast, then starts another on the same store.
func TestGracefulStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		m := newStore(t, texts("t", 1000, in(bot.Broadcast), due(0))...)
		m.add(texts("w", 40, wakeUp, due(0))...)
		b := &brain{handle: func(ctx context.Context, e bot.Event) error {
			j.note(e.ID)
			pause(ctx, 3*time.Second)
			return ctx.Err()
		}}
		lines := map[string]Network{"sms": slow(&j, 3*time.Second)}
		r := run(t, m, b, lines)
		wait(t, 4*time.Second)
		stopped := time.Now()
		r.stop()
		fates := m.fates()
		if took := time.Since(stopped); took > 3*time.Second {
			t.Errorf("stopping took %s, sends in flight had 2 s to go", took)
		}
		if fates["leased"] != 0 || fates[bot.Sent] != len(j.list()) || fates[bot.Sent] == 0 {
			t.Errorf("after the stop: %v, begun %d", fates, len(j.list()))
		}
		for _, key := range []string{"t0100", "t0900"} {
			if got := m.row(key); got.fate == "" && got.next.After(time.Now()) || got.Tries != 0 {
				t.Errorf("%s is not due at once: %+v", key, got)
			}
		}
		r = run(t, m, b, lines)
		wait(t, 10*time.Minute)
		r.stop()
		if n := m.fates()[bot.Sent]; n != 1040 || j.twice() != nil {
			t.Errorf("%d done in the end, twice: %v", n, j.twice())
		}
	})
}

// TestStopAfterGrace: sends that need longer than grace are cut off, and what they say then is still noted.
func TestStopAfterGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newStore(t, text("clean", due(0)), text("written", due(0)))
		line := Network{Sender: sender(func(ctx context.Context, m bot.Rendered) error {
			<-ctx.Done()
			if m.Key == "written" {
				return bot.ErrUncertain
			}
			return ctx.Err()
		})}
		r := &running{cluster: newLocal()}
		opts := quiet()
		opts.Lease, opts.Grace = 90*time.Second, 5*time.Second
		s := New(m, r.cluster, &brain{}, map[string]Network{"sms": line}, nil, opts)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx, time.Now) }()
		synctest.Wait()
		stopped := time.Now()
		cancel()
		if err := <-done; err != nil || time.Since(stopped) != 5*time.Second {
			t.Errorf("Run: %v after %s", err, time.Since(stopped))
		}
		if got := m.row("clean"); got.fate != "" || got.leased || got.Tries != 0 || got.reason != "arret" {
			t.Errorf("not sent: %+v", got)
		}
		if got := m.row("written"); got.fate != bot.Uncertain {
			t.Errorf("written: %+v", got)
		}
	})
}

func TestSendThatDoesNotObey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		release := make(chan struct{})
		m := newStore(t, text("deaf", due(0)))
		m.add(texts("t", 10, due(0))...)
		line := Network{Sender: sender(func(_ context.Context, m bot.Rendered) error {
			j.note(m.Key)
			if m.Key == "deaf" {
				<-release
			}
			return nil
		})}
		r := run(t, m, &brain{}, map[string]Network{"sms": line})
		wait(t, 5*time.Minute)
		if got := m.row("deaf"); got.fate != "" || got.reason != "en-cours" || got.Attempt < 4 || j.twice() != nil {
			t.Errorf("%+v, sent twice: %v", got, j.twice())
		}
		r.stop()
		if got := m.fates(); got[bot.Sent] != 10 || got[""]+got["leased"] != 1 {
			t.Errorf("%v, want all but one sent", got)
		}
		close(release)
	})
}

// TestSettleTrouble: the store takes nothing for ten minutes, then everything but one outcome. Nothing is sent twice,
// and the one holds back no other.
func TestSettleTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		began := time.Now()
		m := newStore(t, texts("t", 300, due(0))...)
		m.broken = func(op string, done []bot.Outcome) error {
			if op != "settle" {
				return nil
			}
			if time.Since(began) < 10*time.Minute {
				return errors.New("disk full")
			}
			for _, o := range done {
				if o.Key == "t0042" {
					return errors.New("unwritable")
				}
			}
			return nil
		}
		r := run(t, m, &brain{}, map[string]Network{"sms": noting(&j)})
		wait(t, 9*time.Minute)
		if n := m.fates()[bot.Sent]; n != 0 {
			t.Fatalf("%d noted by a store that takes nothing", n)
		}
		wait(t, 10*time.Minute)
		if n := m.fates()[bot.Sent]; n != 299 || len(j.list()) != 300 || j.twice() != nil {
			t.Errorf("%d noted, %d sent, twice: %v", n, len(j.list()), j.twice())
		}
		m.mu.Lock()
		m.broken = nil
		m.mu.Unlock()
		wait(t, time.Minute)
		if n := m.fates()[bot.Sent]; n != 300 || len(j.list()) != 300 {
			t.Errorf("%d noted, %d sent once all is well", n, len(j.list()))
		}
		r.stop()
	})
}

func TestClaimTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		var calls atomic.Int64
		m := newStore(t, text("t", due(0)))
		m.broken = func(op string, _ []bot.Outcome) error {
			if op != "due" {
				return nil
			}
			if calls.Add(1) > 8 {
				return nil
			}
			panic("driver")
		}
		r := run(t, m, &brain{}, map[string]Network{"sms": noting(&j)})
		wait(t, 2*time.Minute)
		if len(j.list()) != 1 {
			t.Errorf("sent %v", j.list())
		}
		r.stop()
	})
}

// TestStopEndsAJob: a job at work when Run ends hears of it, and its tick comes again.
func TestStopEndsAJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newStore(t)
		tries := 0
		job := Job{Name: "long", Spec: "@every 1m", Zone: paris(t), Do: func(ctx context.Context, _ time.Time) error {
			if tries++; tries == 1 {
				<-ctx.Done()
			}
			return ctx.Err()
		}}
		r := run(t, m, &brain{}, nil, job)
		wait(t, 90*time.Second)
		r.stop()
		r = run(t, m, &brain{}, nil, job)
		wait(t, time.Second)
		r.stop()
		if tries != 2 {
			t.Errorf("%d tries, want the same tick again after the restart", tries)
		}
	})
}
