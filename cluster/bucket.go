package cluster

import (
	"math"
	"time"

	"passeur/bot"
)

// bucket holds tokens as of a moment.
type bucket struct {
	tokens float64
	asOf   time.Time
	fullAt time.Time // from then on it is as good as a new one
}

// buckets are the buckets by key. Those that are full again are forgotten, so that keys for single recipients do not
// pile up.
type buckets struct {
	byKey   map[string]*bucket
	sweepAt int // the number of keys at which to sweep next
}

const (
	backwards = time.Minute // how far a clock may run back before it counts as set anew
	longest   = 24 * time.Hour
	sweepFrom = 1024 // keys: below, full buckets are not worth sweeping
	hair      = 1e-6 // of a token: what float arithmetic may lose
)

func newBuckets() buckets {
	return buckets{byKey: make(map[string]*bucket), sweepAt: sweepFrom}
}

// unlimited tells whether the rate is no limit.
func unlimited(rate bot.Rate) bool {
	return !(rate.PerSecond > 0) || math.IsInf(rate.PerSecond, 1)
}

func (b *buckets) take(key string, rate bot.Rate, n int, now time.Time) (int, time.Duration) {
	k, ok := b.byKey[key]
	if !ok {
		b.sweep(now)
		k = &bucket{tokens: float64(max(rate.Burst, 1)), asOf: now}
		b.byKey[key] = k
	}
	k.fill(rate, now)
	granted := min(n, int(k.tokens+hair))
	k.tokens = max(k.tokens-float64(granted), 0)
	k.fullAt = now.Add(seconds((float64(max(rate.Burst, 1)) - k.tokens) / rate.PerSecond))
	if granted > 0 {
		return granted, 0
	}
	return 0, k.asOf.Sub(now) + seconds((1-k.tokens)/rate.PerSecond)
}

// fill adds what the time since the last look brought.
func (k *bucket) fill(rate bot.Rate, now time.Time) {
	passed := now.Sub(k.asOf)
	if passed < 0 && passed >= -backwards {
		passed = 0
	} else {
		k.asOf = now
	}
	k.tokens += max(passed.Seconds(), 0) * rate.PerSecond
	k.tokens = min(k.tokens, float64(max(rate.Burst, 1)))
}

// sweep forgets full buckets, each time the number of keys has doubled.
func (b *buckets) sweep(now time.Time) {
	if len(b.byKey) < b.sweepAt {
		return
	}
	for key, k := range b.byKey {
		if !now.Before(k.fullAt) {
			delete(b.byKey, key)
		}
	}
	b.sweepAt = max(2*len(b.byKey), sweepFrom)
}

// seconds turns s into a duration, rounded up, a day at most.
func seconds(s float64) time.Duration {
	if s >= longest.Seconds() {
		return longest
	}
	return time.Duration(math.Ceil(s * float64(time.Second)))
}
