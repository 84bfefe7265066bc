//go:build unix

package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"passeur/bot"
)

// benchPace sends 500 messages through a provider that takes 50 a second, and looks for the second in which most came: a provider
// that counts by the second would refuse what comes in a burst.
func benchPace(t *testing.T, b *bars) {
	const n, perSecond = 500, 50
	var mu sync.Mutex
	var came []time.Time
	gateway, err := openGateway(func(h handedOver) {
		mu.Lock()
		defer mu.Unlock()
		came = append(came, h.at)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	h := houseOver(t, gateway.url(), smooth(perSecond), 4)
	now := time.Now()
	c := bot.Change{Now: now}
	for i := range n {
		c.Tasks = append(c.Tasks, bot.Task{Key: fmt.Sprint("p", i), To: fmt.Sprintf("sms:+3363998%04d", i), Network: "sms", Lane: bot.Reminder, Purpose: bot.ForTalk, At: now,
			Message: &bot.Message{Text: fmt.Sprint("message ", i)}})
	}
	if err := h.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.scheduler.Run(ctx, time.Now) }()
	all := until(time.Minute, 20*time.Millisecond, func() bool { mu.Lock(); defer mu.Unlock(); return len(came) >= n })
	stop()
	if err := <-done; err != nil || !all {
		t.Fatalf("%d of %d came, %v", len(came), n, err)
	}
	slices.SortFunc(came, time.Time.Compare)
	most := mostInASecond(came)
	took := came[n-1].Sub(came[0])
	fmt.Printf("\n%d messages at %d a second: %d at most in any second, %.1f s in all\n", n, perSecond, most, took.Seconds())
	b.add("pace_max_window", float64(most))
}

// mostInASecond is how many instants, given in their order, lie in the second in which most do.
func mostInASecond(came []time.Time) (most int) {
	for i, j := 0, 0; j < len(came); j++ {
		for came[j].Sub(came[i]) >= time.Second {
			i++
		}
		most = max(most, j-i+1)
	}
	return most
}
