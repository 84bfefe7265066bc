package cluster

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"passeur/bot"
	"passeur/e2e/peers"
)

// TestReplicasOfOtherClocks: replicas whose clocks differ have like shares of a pace, and no more than it together.
func TestReplicasOfOtherClocks(t *testing.T) {
	server := peers.StartRedis(t)
	for _, behind := range []time.Duration{0, 50 * time.Millisecond, 1500 * time.Millisecond, -20 * time.Minute} {
		t.Run(fmt.Sprint(behind), func(t *testing.T) {
			rate, begun := bot.Rate{PerSecond: 400, Burst: 1}, time.Now()
			var all [2]*Redis
			for i := range all {
				var err error
				if all[i], err = OpenRedis(server.URL, fmt.Sprint("clocks", behind, ":"), 2, slog.New(slog.DiscardHandler)); err != nil {
					t.Fatal(err)
				}
				defer all[i].Close()
			}
			all[1].clock = func() time.Time { return time.Now().Add(-behind) }
			var got [2]int
			for got[0]+got[1] < 400 {
				for i, r := range all {
					n, wait, err := r.Take(t.Context(), "sms", rate, 1, r.clock())
					if err != nil || wait > time.Second {
						t.Fatalf("granted %d, then %v, wait %v", got, err, wait)
					}
					got[i] += n
				}
			}
			took := time.Since(begun).Seconds()
			if most := rate.PerSecond*took + 2; float64(got[0]+got[1]) > most || min(got[0], got[1]) < 100 {
				t.Errorf("%d were granted in %.2f s, %.0f allowed", got, took, most)
			}
		})
	}
}

// TestPaceAfterAClockWasSet: a pace that was counted by a clock far ahead goes on from an empty bucket.
func TestPaceAfterAClockWasSet(t *testing.T) {
	server := peers.StartRedis(t)
	r, err := OpenRedis(server.URL, "ahead:", 2, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rate, now, granted := bot.Rate{PerSecond: 100, Burst: 10}, time.Now(), 0
	if err := r.client.Set(t.Context(), "ahead:pace/sms", now.Add(20*time.Minute).UnixMicro(), time.Hour).Err(); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		n, _, err := r.Take(t.Context(), "sms", rate, 10, now)
		if err != nil {
			t.Fatal(err)
		}
		granted, now = granted+n, now.Add(10*time.Millisecond)
	}
	if granted < 95 || granted > 101 {
		t.Errorf("%d granted in a second at 100", granted)
	}
}

// TestServerClock: what the server says counts for a while as the quickest answer has it, then as the latest has.
func TestServerClock(t *testing.T) {
	var c serverClock
	begin := time.UnixMicro(1_800_000_000_000_000)
	for _, tt := range []struct {
		asked, took, ahead, want time.Duration // what the server's clock is ahead, in the middle of the call
	}{
		{0, 200 * time.Millisecond, 3 * time.Second, 3 * time.Second},
		{time.Second, 2 * time.Millisecond, 2 * time.Second, 2 * time.Second},
		{2 * time.Second, 300 * time.Millisecond, 2100 * time.Millisecond, 2 * time.Second},
		{2500 * time.Millisecond, 300 * time.Millisecond, -10 * time.Minute, -10 * time.Minute}, // it was set
		{2800 * time.Millisecond, 2 * time.Millisecond, 2 * time.Second, 2 * time.Second},
		{3 * time.Second, time.Millisecond, 2100 * time.Millisecond, 2100 * time.Millisecond},
		{2 * time.Minute, 300 * time.Millisecond, -time.Second, -time.Second},
		{4 * time.Minute, 300 * time.Millisecond, 140 * time.Millisecond, 0},
	} {
		asked := begin.Add(tt.asked)
		c.learn(asked.Add(tt.took/2+tt.ahead).UnixMicro(), asked, asked.Add(tt.took))
		if got := c.by(asked).Sub(asked); got != tt.want {
			t.Errorf("at %v the server is %v ahead, want %v", tt.asked, got, tt.want)
		}
	}
}
