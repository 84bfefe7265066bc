package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"passeur/bot"
	"passeur/cluster"
	"passeur/cluster/clustertest"
)

func TestAlone(t *testing.T) {
	clustertest.Run(t, func(*testing.T) bot.Cluster { return cluster.Alone() })
}

func TestHoldIsFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := cluster.Alone()
		l, err := c.Hold(t.Context(), "x", time.Second)
		if err != nil {
			t.Fatal(err)
		}
		order := make(chan int, 10)
		quitter, quit := context.WithCancel(t.Context())
		for i := range 10 {
			ctx := t.Context()
			if i == 4 {
				ctx = quitter
			}
			go func() {
				l, err := c.Hold(ctx, "x", time.Second)
				if errors.Is(err, context.Canceled) {
					return
				}
				order <- i
				l.Release()
			}()
			synctest.Wait() // it is queued
		}
		quit()
		synctest.Wait()
		l.Release()
		for _, want := range []int{0, 1, 2, 3, 5, 6, 7, 8, 9} {
			if got := <-order; got != want {
				t.Errorf("turn of %d, want %d", got, want)
			}
		}
	})
}

// TestHoldGivenUpWhileGranted lets waiters give up at the very moment at which they are granted the name.
func TestHoldGivenUpWhileGranted(t *testing.T) {
	c := cluster.Alone()
	for range 500 {
		l, err := c.Hold(t.Context(), "x", time.Second)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			if l, err := c.Hold(ctx, "x", time.Second); err == nil {
				l.Release()
			}
		}()
		go cancel()
		l.Release()
		<-done
	}
	if l, err := c.Hold(t.Context(), "x", time.Second); err != nil {
		t.Fatal(err)
	} else {
		l.Release()
	}
}

func TestWakeBeforeAnyoneListens(t *testing.T) {
	c := cluster.Alone()
	c.Wake(t.Context(), "sms")
	select {
	case <-c.Woken("sms"):
	default:
		t.Error("forgotten")
	}
}

func TestTakeHeedsItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := cluster.Alone().Take(ctx, "sms", bot.Rate{}, 1, time.Now()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

// TestManyKeys asks for as many keys as a network with a limit per chat has; what is full again must not change what
// others are granted.
func TestManyKeys(t *testing.T) {
	c := cluster.Alone()
	now := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	rate := bot.Rate{PerSecond: 1, Burst: 1}
	slow := bot.Rate{PerSecond: 1.0 / 3600, Burst: 1}
	if got, _, _ := c.Take(t.Context(), "slow", slow, 1, now); got != 1 {
		t.Fatal("nothing granted")
	}
	for i := range 20_000 {
		now = now.Add(time.Millisecond)
		if got, _, _ := c.Take(t.Context(), fmt.Sprint("chat/", i), rate, 1, now); got != 1 {
			t.Fatalf("chat %d granted %d", i, got)
		}
	}
	if got, _, _ := c.Take(t.Context(), "slow", slow, 1, now); got != 0 {
		t.Error("a bucket that was not full was forgotten")
	}
}

func FuzzTake(f *testing.F) {
	f.Add(uint64(1), 30.0, 3)
	f.Add(uint64(2), 1000.0, 100)
	f.Add(uint64(3), 0.001, 1)
	f.Add(uint64(4), 1e12, 0)
	f.Fuzz(func(t *testing.T, seed uint64, perSecond float64, burst int) {
		if !(perSecond > 1e-6) || perSecond > 1e9 || burst < 0 || burst > 1e6 {
			t.Skip()
		}
		c := cluster.Alone()
		rate := bot.Rate{PerSecond: perSecond, Burst: burst}
		r := rand.New(rand.NewPCG(seed, 0))
		start := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
		now, sum := start, 0
		for range 200 {
			n := 1 + r.IntN(20)
			got, wait, err := c.Take(t.Context(), "k", rate, n, now)
			if err != nil || got < 0 || got > n || (got == 0 && wait <= 0) {
				t.Fatalf("granted %d of %d, wait %s, %v", got, n, wait, err)
			}
			sum += got
			most := float64(max(burst, 1)) + perSecond*now.Sub(start).Seconds()
			if float64(sum) > most*(1+1e-9)+0.01 {
				t.Fatalf("%d granted, %f allowed", sum, most)
			}
			now = now.Add(time.Duration(r.Int64N(int64(2*time.Second)/int64(1+r.IntN(1000))) + 1))
		}
	})
}
