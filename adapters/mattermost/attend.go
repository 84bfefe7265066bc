package mattermost

import (
	"context"
	"time"

	"passeur/bot"
)

// leaseTTL is how long the name of who hears what is posted is held without being renewed: another process takes over that long after a crash.
const leaseTTL = 10 * time.Second

// attend waits until this process is the one that hears what is posted; meanwhile calls are heard, and who is there is read. Without a lease and
// an error ctx ended; an error is a mend error.
func (a *Network) attend(ctx context.Context, hear bot.Hear) (bot.Lease, error) {
	if a.cfg.Hold == nil {
		return alone{}, nil
	}
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	besides, taken := context.WithCancel(waiting)
	held := make(chan bot.Lease, 1) // nil: ctx ended
	go func() {
		lease, err := a.cfg.Hold(waiting, name, leaseTTL)
		if err != nil {
			lease = nil
		}
		held <- lease
		taken()
	}()
	select {
	case lease := <-held: // at once: there is nobody else
		return lease, nil
	case <-time.After(a.cfg.Pause):
	}
	err := a.listener(hear, true).during(besides, (*listener).besides)
	stop()
	lease := <-held
	if err != nil && lease != nil {
		lease.Release()
		lease = nil
	}
	return lease, err
}

// besides is a session without the socket: calls are heard, and what the socket would tell of people is read from time to time.
func (l *listener) besides(ctx context.Context, wait *backoff) error {
	if err := l.prepare(ctx); err != nil {
		return err
	}
	wait.reset()
	l.ear.Open(l.hearCall)
	l.log.Info("mattermost: another process hears what is posted")
	l.noteRoster(notice{})
	probe := time.NewTicker(l.cfg.Probe)
	defer probe.Stop()
	for probes := 1; ; probes++ {
		select {
		case <-ctx.Done():
			return nil
		case err := <-l.mustMend():
			return err
		case <-probe.C:
			if _, _, err := l.whoami(ctx); err != nil {
				return err
			}
			l.noteRoster(notice{statuses: probes%sweepEvery != 0})
		}
	}
}

// noteRoster has the roster look, if there is one.
func (l *listener) noteRoster(n notice) {
	if l.who != nil {
		l.who.notice(n)
	}
}

// alone is the lease of a process that is alone.
type alone struct{}

// Lost implements bot.Lease.
func (alone) Lost() <-chan struct{} { return nil }

// Release implements bot.Lease.
func (alone) Release() {}
