// Package clustertest holds what every engine of bot.Cluster must keep. An engine's own test calls Run; there is
// nothing to adapt, so what one engine is held to, all are.
package clustertest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passeur/bot"
)

// patience is how long a test waits for what must happen before it calls it missing. Nothing that works takes as long.
const patience = 20 * time.Second

// Run holds an engine to the contract. open returns one whose keys and names are used by nobody else; it is closed, if
// it needs to be, by t.Cleanup. Instants given to Take begin at the time of the test and go on from there.
func Run(t *testing.T, open func(t *testing.T) bot.Cluster) {
	tests := []struct {
		name string
		do   func(*testing.T, bot.Cluster)
	}{
		{"take/begins with the burst", takeBurst},
		{"take/says how long to wait", takeWait},
		{"take/never more than burst and rate", takeBound},
		{"take/rates that are no whole number of µs", takeOdd},
		{"take/loses nothing over an hour", takeSteady},
		{"take/keys do not share", takeKeys},
		{"take/the zero rate is no limit", takeUnlimited},
		{"take/asks for nothing", takeNothing},
		{"take/many at once", takeTogether},
		{"take/clock runs back", takeBack},
		{"hold/one at a time", holdExclusive},
		{"hold/names do not share", holdNames},
		{"hold/outlives its ttl while held", holdRenewed},
		{"hold/gives up with its context", holdContext},
		{"hold/released twice frees once", holdReleasedTwice},
		{"wake/reaches who listens", wakeReaches},
		{"wake/never blocks and coalesces", wakeCoalesces},
		{"wake/names do not share", wakeNames},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.do(t, open(t)) })
	}
}

func begin() time.Time { return time.Now().Truncate(time.Millisecond) }

func take(t *testing.T, c bot.Cluster, rate bot.Rate, n int, now time.Time) (int, time.Duration) {
	t.Helper()
	granted, wait, err := c.Take(t.Context(), "sms", rate, n, now)
	if err != nil {
		t.Fatalf("Take: %v", err)
	}
	if granted < 0 || granted > n {
		t.Fatalf("granted %d of %d", granted, n)
	}
	if n > 0 && granted == 0 && wait <= 0 {
		t.Fatalf("granted none and said to wait %s", wait)
	}
	return granted, wait
}

func takeBurst(t *testing.T, c bot.Cluster) {
	now := begin()
	rate := bot.Rate{PerSecond: 10, Burst: 5}
	if got, _ := take(t, c, rate, 3, now); got != 3 {
		t.Errorf("first: granted %d, want 3", got)
	}
	if got, _ := take(t, c, rate, 3, now); got != 2 {
		t.Errorf("rest of the burst: granted %d, want 2", got)
	}
	if got, _ := take(t, c, rate, 3, now); got != 0 {
		t.Errorf("empty: granted %d, want 0", got)
	}
	if got, _ := take(t, c, rate, 100, now.Add(time.Hour)); got != 5 {
		t.Errorf("after an hour: granted %d, want the burst of 5", got)
	}
}

// takeOdd takes one token at a time, as soon as each engine says that there is one.
func takeOdd(t *testing.T, c bot.Cluster) {
	for _, perSecond := range []float64{0.7, 3, 7, 30, 70, 300, 999} {
		rate, now := bot.Rate{PerSecond: perSecond, Burst: 1}, time.Now()
		start := now
		const wanted = 20
		tries := 0
		for got := 0; got < wanted; tries++ {
			granted, wait, err := c.Take(t.Context(), fmt.Sprint("odd", perSecond), rate, 1, now)
			if err != nil || tries > 5*wanted {
				t.Fatalf("%v/s: %d of %d after %d tries, %v", perSecond, got, wanted, tries, err)
			}
			got += granted
			now = now.Add(wait)
		}
		if took, least := now.Sub(start).Seconds(), (wanted-1)/perSecond; took < least*0.999 || took > least*1.01+0.001 {
			t.Errorf("%v/s: %d tokens in %.4f s, want %.4f", perSecond, wanted, took, least)
		}
	}
}

func takeWait(t *testing.T, c bot.Cluster) {
	now := begin()
	rate := bot.Rate{PerSecond: 4, Burst: 1}
	take(t, c, rate, 1, now)
	_, wait := take(t, c, rate, 1, now)
	if wait > 251*time.Millisecond {
		t.Errorf("wait %s for a quarter of a second", wait)
	}
	if got, _ := take(t, c, rate, 1, now.Add(wait)); got != 1 {
		t.Errorf("granted %d after the wait, want 1", got)
	}
}

// takeBound asks greedily at odd moments and counts what is granted in every window.
func takeBound(t *testing.T, c bot.Cluster) {
	now := begin()
	rate := bot.Rate{PerSecond: 30, Burst: 4}
	type grant struct {
		at time.Time
		n  int
	}
	var grants []grant
	for i := range 400 {
		now = now.Add(time.Duration(i*7919%97) * time.Millisecond)
		got, _ := take(t, c, rate, 1+i%9, now)
		grants = append(grants, grant{now, got})
	}
	for i := range grants {
		sum := 0
		for _, g := range grants[i:] {
			sum += g.n
			most := float64(rate.Burst) + rate.PerSecond*g.at.Sub(grants[i].at).Seconds()
			if float64(sum) > most+0.001 {
				t.Fatalf("%d granted within %s, at most %.2f allowed", sum, g.at.Sub(grants[i].at), most)
			}
		}
	}
}

func takeSteady(t *testing.T, c bot.Cluster) {
	start := begin()
	rate := bot.Rate{PerSecond: 0.5, Burst: 1}
	sum := 0
	for now := start; now.Sub(start) < time.Hour; {
		got, wait := take(t, c, rate, 1, now)
		sum += got
		now = now.Add(wait)
	}
	if sum < 1790 || sum > 1801 {
		t.Errorf("%d granted in an hour at one in two seconds", sum)
	}
}

func takeKeys(t *testing.T, c bot.Cluster) {
	now := begin()
	rate := bot.Rate{PerSecond: 1, Burst: 1}
	for i := range 5 {
		key := fmt.Sprintf("telegram/%d", i)
		got, _, err := c.Take(t.Context(), key, rate, 1, now)
		if err != nil || got != 1 {
			t.Errorf("%s: granted %d, %v", key, got, err)
		}
	}
}

func takeUnlimited(t *testing.T, c bot.Cluster) {
	now := begin()
	for range 3 {
		if got, wait := take(t, c, bot.Rate{}, 100_000, now); got != 100_000 || wait != 0 {
			t.Errorf("granted %d, wait %s", got, wait)
		}
	}
}

func takeNothing(t *testing.T, c bot.Cluster) {
	now := begin()
	rate := bot.Rate{PerSecond: 1, Burst: 1}
	if got, wait := take(t, c, rate, 0, now); got != 0 || wait != 0 {
		t.Errorf("asked for none: granted %d, wait %s", got, wait)
	}
	if got, _ := take(t, c, rate, 1, now); got != 1 {
		t.Errorf("asking for none took a token")
	}
}

func takeTogether(t *testing.T, c bot.Cluster) {
	now := begin()
	rate := bot.Rate{PerSecond: 1, Burst: 50}
	var sum atomic.Int64
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 10 {
				got, _, err := c.Take(t.Context(), "sms", rate, 1, now)
				if err != nil {
					t.Error(err)
				}
				sum.Add(int64(got))
			}
		})
	}
	all.Wait()
	if sum.Load() != 50 {
		t.Errorf("%d granted of a burst of 50", sum.Load())
	}
}

func takeBack(t *testing.T, c bot.Cluster) {
	now := begin()
	rate := bot.Rate{PerSecond: 1, Burst: 10}
	take(t, c, rate, 10, now)
	for i := range 10 {
		back := now.Add(-time.Duration(i) * time.Second)
		if got, _ := take(t, c, rate, 1, back); got != 0 {
			t.Fatalf("a clock %s back was granted %d", now.Sub(back), got)
		}
		if got, _ := take(t, c, rate, 1, now); got != 0 {
			t.Fatalf("coming back from %s back granted %d", now.Sub(back), got)
		}
	}
}

func hold(t *testing.T, c bot.Cluster, name string) bot.Lease {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	l, err := c.Hold(ctx, name, 2*time.Second)
	if err != nil {
		t.Fatalf("Hold %s: %v", name, err)
	}
	return l
}

func holdExclusive(t *testing.T, c bot.Cluster) {
	var inside, most, turns atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 3 {
				l, err := c.Hold(t.Context(), "job/bilan", time.Second)
				if err != nil {
					t.Error(err)
					return
				}
				if n := inside.Add(1); n > most.Load() {
					most.Store(n)
				}
				turns.Add(1)
				inside.Add(-1)
				l.Release()
			}
		})
	}
	all.Wait()
	if most.Load() != 1 || turns.Load() != 24 {
		t.Errorf("%d at once, %d turns; want 1 and 24", most.Load(), turns.Load())
	}
}

func holdNames(t *testing.T, c bot.Cluster) {
	defer hold(t, c, "a").Release()
	hold(t, c, "b").Release()
}

func holdRenewed(t *testing.T, c bot.Cluster) {
	l := hold(t, c, "ws")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := c.Hold(ctx, "ws", 2*time.Second); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("held by another: %v, want the context's error", err)
	}
	select {
	case <-l.Lost():
		t.Error("lost while it was held")
	default:
	}
	l.Release()
	hold(t, c, "ws").Release()
}

func holdContext(t *testing.T, c bot.Cluster) {
	l := hold(t, c, "ws")
	ctx, cancel := context.WithCancel(t.Context())
	gave := make(chan error)
	go func() {
		_, err := c.Hold(ctx, "ws", time.Second)
		gave <- err
	}()
	cancel()
	if err := <-gave; !errors.Is(err, context.Canceled) {
		t.Errorf("waiting: %v, want context.Canceled", err)
	}
	l.Release()
	if _, err := c.Hold(ctx, "ws", time.Second); !errors.Is(err, context.Canceled) {
		t.Errorf("free, but the context had ended: %v, want context.Canceled", err)
	}
	hold(t, c, "ws").Release()
}

func holdReleasedTwice(t *testing.T, c bot.Cluster) {
	first := hold(t, c, "ws")
	first.Release()
	second := hold(t, c, "ws")
	first.Release()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := c.Hold(ctx, "ws", time.Second); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the second holder's name was freed by the first: %v", err)
	}
	second.Release()
}

func woken(t *testing.T, bell <-chan struct{}) {
	t.Helper()
	select {
	case <-bell:
	case <-time.After(patience):
		t.Fatal("not woken")
	}
}

func silent(t *testing.T, bell <-chan struct{}) {
	t.Helper()
	select {
	case <-bell:
		t.Error("woken once more")
	case <-time.After(100 * time.Millisecond):
	}
}

func wakeReaches(t *testing.T, c bot.Cluster) {
	bell := c.Woken("sms")
	for range 3 {
		c.Wake(t.Context(), "sms")
		woken(t, bell)
	}
}

func wakeCoalesces(t *testing.T, c bot.Cluster) {
	bell := c.Woken("sms")
	for range 1000 {
		c.Wake(t.Context(), "sms")
	}
	c.Wake(t.Context(), "nobody listens")
	woken(t, bell)
	// Some may still be on their way; in the end there is silence, far before a thousand.
	n := 0
	for quiet := false; !quiet; n++ {
		select {
		case <-bell:
		case <-time.After(100 * time.Millisecond):
			quiet = true
		}
	}
	if n >= 1000 {
		t.Errorf("woken %d times by 1000 calls", n)
	}
}

func wakeNames(t *testing.T, c bot.Cluster) {
	sms, mattermost := c.Woken("sms"), c.Woken("mattermost")
	c.Wake(t.Context(), "mattermost")
	woken(t, mattermost)
	silent(t, sms)
}
