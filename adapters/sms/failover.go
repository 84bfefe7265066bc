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
	patienceToRest = 30 * time.Second // a gateway that asks to be left alone for longer counts as failing
)

// route is a gateway and how it does. Safe for concurrent use.
type route struct {
	way
	config Config
	pace   *rate.Limiter // nil: none
	log    *slog.Logger

	mu     sync.Mutex
	failed int           // in a row
	rest   time.Duration // how long it rests when it fails again; 0: it did well last
	until  time.Time     // it rests until then
}

// Send hands one text over. The id is the gateway's name and its own id, "" where it gives none. A text that would be cut,
// an address that cannot receive SMS and a number kept for fiction are refused before anything leaves.
//
// A text goes to one gateway. Only when that one certainly did not take it, and has failed too often by now, is it handed to the next.
func (n *Network) Send(ctx context.Context, to bot.Address, m bot.Rendered) (id string, err error) {
	for i, r := range n.routes {
		last := i == len(n.routes)-1
		if !last && r.rests(time.Now()) {
			continue
		}
		if id, err = r.send(ctx, to, m); last || !r.note(err, time.Now()) {
			break
		}
	}
	return id, err
}

func (r *route) send(ctx context.Context, to bot.Address, m bot.Rendered) (string, error) {
	t, err := write(to, m, r.Can())
	if err != nil {
		return "", err
	}
	if r.pace != nil {
		if err := r.pace.Wait(ctx); err != nil { // its turn comes after the time that there is
			return "", bot.RetryAfter{Wait: time.Second}
		}
	}
	id, err := r.hand(ctx, t)
	if err == nil && id != "" {
		id = r.Can().Name + ":" + id
	}
	return id, err
}

func (r *route) rests(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.until)
}

// note counts how a send went, and tells whether the text should go another way: it did not leave, and this gateway rests from now.
func (r *route) note(err error, now time.Time) (elsewhere bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil || errors.Is(err, bot.ErrRefused) {
		if r.rest > 0 {
			r.log.Info("le fournisseur répond à nouveau : il reprend les envois")
		}
		r.failed, r.rest, r.until = 0, 0, time.Time{}
		return false
	}
	asked, patient := errors.AsType[bot.RetryAfter](err)
	if patient && asked.Wait < patienceToRest {
		return false
	}
	r.failed++
	switch {
	case patient:
		r.sleep(now, asked.Wait)
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
