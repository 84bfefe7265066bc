package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"passeur/bot"
)

// What tells a Step that never ends from a long one.
const (
	maxClaims  = 10      // of one task: it is settled, and due again, and so on
	maxBatches = 100_000 // wake-ups that make wake-ups that make wake-ups
)

// Step resumes the inbox and then does everything that is due at now, one after the other: jobs in their order, the
// bot's own wake-ups, networks by name, within each the lanes in order. After every batch it begins again at the top,
// since a wake-up makes replies that are due now. Two runs over the same store and brain give the same order of sends.
//
// next is when the next thing falls due: a task, a lease that runs out, the end of a pause, a token, a job; it is after
// now, and zero when nothing is pending. A store or a cluster that fails ends the Step at once; a job or an inbox that
// fails is reported when the rest is done, and so is a task that would be due at now again and again.
func (s *Scheduler) Step(ctx context.Context, now time.Time) (next time.Time, err error) {
	if s.invalid != nil {
		return time.Time{}, s.invalid
	}
	w := walk{hand: s.stepHand(now), now: now, claims: make(map[string]int)}
	w.note(s.resume(ctx))
	for range maxBatches {
		did, next, err := w.batch(ctx)
		if err != nil {
			return time.Time{}, errors.Join(append(w.faults, err)...)
		}
		if !did {
			return next, errors.Join(w.faults...)
		}
	}
	return time.Time{}, fmt.Errorf("%d batches and still something due at %s", maxBatches, now)
}

func (s *Scheduler) stepHand(now time.Time) *hand {
	h := &hand{Scheduler: s, clock: func() time.Time { return now }, jitter: s.opts.Jitter}
	if h.jitter == nil {
		h.jitter = func() float64 { return 0 }
	}
	return h
}

func (s *Scheduler) resume(ctx context.Context) (err error) {
	defer s.recovered(&err)
	if err := s.brain.HandleInbox(ctx); err != nil {
		return fmt.Errorf("events in the inbox: %w", err)
	}
	return nil
}

// walk is one Step.
type walk struct {
	*hand
	now    time.Time
	claims map[string]int // by task
	faults []error
}

func (w *walk) note(err error) {
	if err != nil {
		w.faults = append(w.faults, err)
	}
}

// batch does the first thing that is due. When nothing is, next says when something will be.
func (w *walk) batch(ctx context.Context) (did bool, next time.Time, err error) {
	for _, j := range w.jobs {
		ran, at, err := w.tick(ctx, j, w.now)
		w.note(err)
		if ran {
			return true, time.Time{}, nil
		}
		next = sooner(next, at)
	}
	everything := func(bot.Lane) int { return batchSize }
	for _, l := range w.lines {
		c, at, err := w.claim(ctx, l, w.now, l.probeOr(everything))
		if err != nil {
			return false, time.Time{}, err
		}
		if len(c.tasks) > 0 {
			return true, time.Time{}, w.do(ctx, l, c)
		}
		next = sooner(next, at)
	}
	return false, next, nil
}

// do does one claim, in order, and settles it.
func (w *walk) do(ctx context.Context, l *line, c claimed) error {
	var endless error
	for _, t := range c.tasks {
		if w.claims[t.Key]++; w.claims[t.Key] > maxClaims {
			endless = fmt.Errorf("task %s was done %d times and is still due at %s", t.Key, maxClaims, w.now)
		}
	}
	ready, done := w.sort(ctx, l, c.tasks, w.now)
	for _, it := range ready {
		done = append(done, w.attempt(ctx, l, it))
	}
	if err := w.settle(ctx, l, done); err != nil {
		return err
	}
	for _, o := range done {
		if pending(o) && o.Fate != bot.Rerouted && !o.Next.After(w.now) {
			return fmt.Errorf("task %s (%s) is due at %s again", o.Key, o.Reason, w.now)
		}
	}
	return endless
}

// settle hands outcomes to the store, and wakes whoever hears of them.
func (s *Scheduler) settle(ctx context.Context, l *line, done []bot.Outcome) error {
	if err := s.store.Settle(ctx, done); err != nil {
		return fmt.Errorf("settle %d tasks of network %q: %w", len(done), l.name, err)
	}
	l.owed.settled(done)
	for i := range done {
		if done[i].FollowUp != nil {
			s.cluster.Wake(ctx, done[i].FollowUp.Network)
		}
		if done[i].Fate == bot.Rerouted {
			s.cluster.Wake(ctx, done[i].Network)
		}
	}
	return nil
}

// probeOr leaves room for one task only while the network is believed down.
func (l *line) probeOr(room func(bot.Lane) int) func(bot.Lane) int {
	if !l.health.tripped() {
		return room
	}
	return func(lane bot.Lane) int { return min(room(lane), 1) }
}

func pending(o bot.Outcome) bool {
	return o.Fate == bot.Deferred || o.Fate == bot.Retry || o.Fate == bot.Rerouted
}
