package scheduler

import (
	"log/slog"
	"sync"
	"time"
)

// The circuit breaker.
const (
	tripAfter  = 5 // failures in a row
	firstPause = 30 * time.Second
	maxPause   = 5 * time.Minute
	maxAsked   = time.Hour // a network that asks for more is asked again after this
)

// health is what is known of a network in trouble. Safe for concurrent use.
//
// While it is believed down no failure says anything of the task that met it, so that no try is counted.
//
//	well ──5 failures in a row──▶ paused 30 s ──▶ one probe ──success──▶ well
//	                                 ▲                └──failure: twice as long, 5 min at most──┐
//	                                 └───────────────────────────────────────────────────────────┘
type health struct {
	log *slog.Logger

	mu     sync.Mutex
	asked  time.Time // the network asked to be left alone until then
	inRow  int       // failures since the last success
	since  time.Time // when the breaker tripped; zero: it did not
	until  time.Time // the end of the present pause
	pause  time.Duration
	spared int // tasks put off without a try since it tripped
	probes int
}

// shutUntil returns the instant before which nothing is sent; the zero time when nothing holds.
func (h *health) shutUntil() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return later(h.asked, h.until)
}

// tripped tells whether the network is believed down: one probe at a time.
func (h *health) tripped() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.since.IsZero()
}

// succeeded notes that the network answered.
func (h *health) succeeded(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.inRow = 0
	if h.since.IsZero() {
		return
	}
	h.log.Info("network answers again", "down", now.Sub(h.since), "probes", h.probes, "put_off", h.spared)
	h.since, h.until, h.pause, h.spared, h.probes = time.Time{}, time.Time{}, 0, 0, 0
}

// failed notes that the network did not answer, or not as it should, and returns until when it is left alone: the zero
// time while it is believed well. While paused, what was in flight when the breaker tripped changes nothing.
func (h *health) failed(now time.Time, reason string) (until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.inRow++
	switch {
	case h.since.IsZero() && h.inRow >= tripAfter:
		h.since, h.pause = now, firstPause
		h.log.Warn("network fails, sending pauses", "failures", h.inRow, "reason", reason, "pause", h.pause)
	case h.since.IsZero() || now.Before(h.until):
		return h.until
	default:
		h.probes++
		h.pause = min(2*h.pause, maxPause)
	}
	h.until = now.Add(h.pause)
	return h.until
}

// wait notes that the network asks for patience, and returns until when.
func (h *health) wait(now time.Time, d time.Duration) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	until := now.Add(min(max(d, time.Second), maxAsked))
	if until.After(h.asked) {
		if !h.asked.After(now) {
			h.log.Info("network asks for patience", "wait", until.Sub(now))
		}
		h.asked = until
	}
	return h.asked
}

// spare counts a task that was put off without a try.
func (h *health) spare() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.spared++
}
