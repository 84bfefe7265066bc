package sms

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"passeur/bot"
)

// When the second gateway takes over.
const (
	failuresToRest = 3 // in a row
	firstRest      = time.Minute
	longestRest    = 15 * time.Minute
	patienceToRest = 30 * time.Second       // a gateway that asks to be left alone for longer, at once or again and again, counts as failing
	turnToWait     = 100 * time.Millisecond // a text whose turn comes later goes back to where STOP and time are looked at
)

// route is a gateway and how it does. Safe for concurrent use.
type route struct {
	way
	config Config
	pace   *rate.Limiter // nil: none
	log    *slog.Logger

	mu     sync.Mutex
	failed int           // in a row
	slow   time.Time     // since when it takes nothing and asks for patience; zero: it does not
	rest   time.Duration // how long it rests when it fails again; 0: it did well last
	until  time.Time     // it rests until then
	probed bool          // its rest is over, and one text tries how it does
	cause  error         // why the last text failed; nil: it did not

	grief   string    // why the last text did not leave that the operator was told of
	grieved time.Time // when
}

// failedForCertain tells that a text did not leave, for no reason of its own, and that nobody asked for patience.
func failedForCertain(err error) bool {
	_, patient := errors.AsType[bot.RetryAfter](err)
	return err != nil && !patient && !errors.Is(err, bot.ErrUncertain) && !errors.Is(err, bot.ErrRefused)
}

// mayBeTried tells whether a gateway that rests may be disturbed: it neither asked for patience nor keeps texts without an answer.
func (r *route) mayBeTried() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cause == nil || failedForCertain(r.cause)
}

// hears tells whether answers come back: nobody can answer a name.
func (r *route) hears() bool { return r.Can().Receives && !isName(r.config.From) }

// complain tells the operator why texts do not leave: each reason once, and again when it lasts.
func (r *route) complain(err error, now time.Time) {
	if _, patient := errors.AsType[bot.RetryAfter](err); err == nil || patient || errors.Is(err, bot.ErrRefused) || errors.Is(err, context.Canceled) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if text := err.Error(); text != r.grief || now.Sub(r.grieved) > longestRest {
		r.grief, r.grieved = text, now
		r.log.Warn("un SMS n'est pas parti", "raison", text)
	}
}

func (r *route) send(ctx context.Context, t Text) (string, error) {
	if err := r.turn(ctx); err != nil {
		return "", err
	}
	id, err := r.hand(ctx, t)
	if err == nil && id != "" {
		id = r.Can().Name + ":" + id
	}
	return id, err
}

// turn waits for the text's turn in the pace of this gateway, if that comes at once.
func (r *route) turn(ctx context.Context) error {
	if r.pace == nil {
		return nil
	}
	turn := r.pace.Reserve()
	wait := turn.Delay()
	if wait > turnToWait {
		turn.Cancel()
		return bot.RetryAfter{Wait: wait}
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// rests tells whether a text should go another way. When the rest is over, one text tries first: if the gateway still hangs, only
// that one is uncertain.
func (r *route) rests(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.until) || r.probed {
		return true
	}
	r.probed = r.rest > 0
	return false
}

// note counts how a send went, and tells whether the text should go another way: it did not leave, and this gateway rests from now.
func (r *route) note(err error, now time.Time) (elsewhere bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.probed = false
	if _, ours := errors.AsType[unsaid](err); ours {
		return false
	}
	if r.cause = err; err == nil || errors.Is(err, bot.ErrRefused) {
		if r.rest > 0 {
			r.log.Info("le fournisseur répond à nouveau : il reprend les envois")
		}
		r.failed, r.rest, r.until, r.slow = 0, 0, time.Time{}, time.Time{}
		return false
	}
	asked, patient := errors.AsType[bot.RetryAfter](err)
	if patient && r.slow.IsZero() {
		r.slow = now
	}
	if patient && now.Add(asked.Wait).Sub(r.slow) < patienceToRest {
		return false
	}
	r.failed++
	switch {
	case patient:
		r.sleep(now, max(asked.Wait, firstRest))
	case r.rest > 0 && !now.Before(r.until): // it was tried again, and still fails
		r.sleep(now, min(2*r.rest, longestRest))
	case r.failed >= failuresToRest && now.After(r.until):
		r.sleep(now, firstRest)
	}
	return now.Before(r.until) && !errors.Is(err, bot.ErrUncertain)
}

func (r *route) sleep(now time.Time, d time.Duration) {
	r.rest, r.until = d, now.Add(d)
	r.log.Warn("le fournisseur est en panne : le second prend le relais", "failures", r.failed, "for", d)
}
