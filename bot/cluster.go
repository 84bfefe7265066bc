package bot

import (
	"context"
	"time"
)

// Rate is how fast something may go. The zero Rate is no limit.
type Rate struct {
	PerSecond float64
	Burst     int // how many at once, at least 1
}

// Lease is a name held by this process alone, for as long as it renews it.
type Lease interface {
	// Lost is closed when the lease could not be kept: stop what it guards.
	Lost() <-chan struct{}
	// Release gives it up.
	Release()
}

// While is ctx for as long as a lease is held: it is done when the lease is lost, too. Stop it, which releases nothing.
func While(ctx context.Context, l Lease) (held context.Context, stop context.CancelFunc) {
	held, stop = context.WithCancel(ctx)
	go func() {
		select {
		case <-l.Lost():
			stop()
		case <-held.Done():
		}
	}()
	return held, stop
}

// Cluster is what replicas agree on and may lose at any moment.
type Cluster interface {
	// Take asks for n tokens of key at now. It grants between 0 and n; when it grants none, wait says how long until
	// one may be asked for. Replies may use the whole rate; the caller keeps patient lanes from the last fifth.
	Take(ctx context.Context, key string, rate Rate, n int, now time.Time) (granted int, wait time.Duration, err error)
	// Hold waits for the name to be free and takes it; it returns ctx's error when ctx ends first.
	Hold(ctx context.Context, name string, ttl time.Duration) (Lease, error)
	// Wake says that something fell due under this name (a network's). It never blocks.
	Wake(ctx context.Context, name string)
	// Woken returns the channel that gets one value after one or more calls of Wake.
	Woken(name string) <-chan struct{}
}
