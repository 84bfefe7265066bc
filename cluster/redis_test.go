package cluster_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passeur/bot"
	"passeur/cluster"
	"passeur/cluster/clustertest"
	"passeur/e2e/peers"
)

var prefixes atomic.Int64

// replica is an engine on a server; replicas of one prefix know each other.
func replica(t *testing.T, server *peers.Redis, prefix string, among int) *cluster.Redis {
	t.Helper()
	r, err := cluster.OpenRedis(server.URL, prefix, among, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func ownPrefix() string { return fmt.Sprintf("essai%d:", prefixes.Add(1)) }

func TestRedis(t *testing.T) {
	server := peers.StartRedis(t)
	clustertest.Run(t, func(t *testing.T) bot.Cluster { return replica(t, server, ownPrefix(), 1) })
}

func TestRedisURL(t *testing.T) {
	if _, err := cluster.OpenRedis("http://secret@x", "", 1, slog.Default()); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}

// TestReplicasSharePace: two replicas that take as fast as they can get no more than the burst and the rate together.
func TestReplicasSharePace(t *testing.T) {
	t.Parallel()
	server, prefix := peers.StartRedis(t), ownPrefix()
	rate := bot.Rate{PerSecond: 200, Burst: 20}
	var sum atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for range 2 {
		r := replica(t, server, prefix, 2)
		all.Go(func() {
			for time.Since(start) < time.Second {
				got, _, err := r.Take(t.Context(), "sms", rate, 5, time.Now())
				if err != nil {
					t.Error(err)
				}
				sum.Add(int64(got))
			}
		})
	}
	all.Wait()
	took := time.Since(start).Seconds()
	if most := float64(rate.Burst) + rate.PerSecond*took; float64(sum.Load()) > most || sum.Load() < 20 {
		t.Errorf("%d granted in %.2f s, %.0f allowed", sum.Load(), took, most)
	}
}

// TestReplicasHoldInTurn: a name that one replica holds is nobody else's until it is released, or its lease ends because the holder died.
func TestReplicasHoldInTurn(t *testing.T) {
	t.Parallel()
	server, prefix := peers.StartRedis(t), ownPrefix()
	a, b := replica(t, server, prefix, 2), replica(t, server, prefix, 2)
	const ttl = 3 * time.Second
	first, err := a.Hold(t.Context(), "telegram", ttl)
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), ttl+time.Second)
	defer cancel()
	if _, err := b.Hold(short, "telegram", ttl); err == nil {
		t.Fatal("two replicas hold one name")
	}
	first.Release()
	second, err := b.Hold(t.Context(), "telegram", ttl)
	if err != nil {
		t.Fatal(err)
	}
	_ = b.Close() // it dies, as far as the server can see
	began := time.Now()
	third, err := a.Hold(t.Context(), "telegram", ttl)
	if err != nil || time.Since(began) > 10*ttl {
		t.Fatalf("taken over after %s, %v", time.Since(began), err)
	}
	defer third.Release()
	select {
	case <-second.Lost():
	case <-time.After(10 * time.Second):
		t.Error("the dead one believes that it still holds the name")
	}
}

func TestReplicasWakeEachOther(t *testing.T) {
	t.Parallel()
	server, prefix := peers.StartRedis(t), ownPrefix()
	a, b := replica(t, server, prefix, 2), replica(t, server, prefix, 2)
	bell := b.Woken("sms")
	for end := time.Now().Add(20 * time.Second); ; { // the other may not be listening yet: wake-ups may be lost
		a.Wake(t.Context(), "sms")
		select {
		case <-bell:
			return
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(end) {
			t.Fatal("not woken")
		}
	}
}

// TestRedisForgets: FLUSHALL takes no name from who holds it, and gives nobody else one.
func TestRedisForgets(t *testing.T) {
	t.Parallel()
	server, prefix := peers.StartRedis(t), ownPrefix()
	a, b := replica(t, server, prefix, 2), replica(t, server, prefix, 2)
	const ttl = 3 * time.Second
	l, err := a.Hold(t.Context(), "ws", ttl)
	if err != nil {
		t.Fatal(err)
	}
	server.Flush(t)
	server.UntilKey(t, prefix+"hold/ws") // it renews three times in a lease
	short, cancel := context.WithTimeout(t.Context(), ttl+time.Second)
	defer cancel()
	if _, err := b.Hold(short, "ws", ttl); err == nil {
		t.Error("another one holds it too")
	}
	select {
	case <-l.Lost():
		t.Error("lost")
	default:
	}
	l.Release()
}

// TestRedisDown: without the server each replica keeps to its share of a pace, lets its names go before anybody could have them, and is never held up; it
// goes on as before when the server is back.
func TestRedisDown(t *testing.T) {
	t.Parallel()
	server, prefix := peers.StartRedis(t), ownPrefix()
	a := replica(t, server, prefix, 4)
	const ttl = 3 * time.Second
	l, err := a.Hold(t.Context(), "ws", ttl)
	if err != nil {
		t.Fatal(err)
	}
	server.Stop(t)
	stopped := time.Now()
	select {
	case <-l.Lost():
		if took := time.Since(stopped); took > 2*ttl {
			t.Errorf("lost only after %s", took)
		}
	case <-time.After(20 * time.Second):
		t.Error("it believes that it holds the name")
	}
	begun, rate, sum := time.Now(), bot.Rate{PerSecond: 40, Burst: 8}, 0
	for now := begun; now.Sub(begun) < 10*time.Second; {
		got, wait, err := a.Take(t.Context(), "sms", rate, 1, now)
		if err != nil || got == 0 && wait <= 0 {
			t.Fatalf("%d, %s, %v", got, wait, err)
		}
		sum += got
		now = now.Add(wait)
	}
	if sum < 80 || sum > 101 {
		t.Errorf("%d granted in ten seconds of 40 a second among 4", sum)
	}
	a.Wake(t.Context(), "sms")
	<-a.Woken("sms") // this replica's own is heard all the same
	server.Start(t)
	l.Release()
	again, err := a.Hold(t.Context(), "ws", ttl)
	if err != nil {
		t.Fatal(err)
	}
	again.Release()
	if err := a.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	for end, got := time.Now().Add(20*time.Second), 0; got < 8; { // of a burst that all share again
		var err error
		if got, _, err = a.Take(t.Context(), "other", rate, 8, time.Now()); err != nil || time.Now().After(end) {
			t.Fatalf("%d, %v", got, err)
		}
	}
}

// TestRedisCloses: closing ends all that was started, at whatever moment it comes.
func TestRedisCloses(t *testing.T) {
	t.Parallel()
	server := peers.StartRedis(t)
	for i := range 100 {
		r, err := cluster.OpenRedis(server.URL, ownPrefix(), 1, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		r.Wake(t.Context(), "sms")
		<-time.After(time.Duration(i%10) * time.Millisecond)
		_ = r.Close()
	}
}
