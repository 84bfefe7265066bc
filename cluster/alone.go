package cluster

import (
	"context"
	"sync"
	"time"

	"passeur/bot"
)

// InProcess is the engine of a process that has no replicas. Make it with Alone.
type InProcess struct {
	mu    sync.Mutex
	pace  buckets
	holds map[string]*hold
	bells map[string]chan struct{}
}

var _ bot.Cluster = (*InProcess)(nil)

// Alone returns an engine whose counts, leases and wake-ups are known to this process only and end with it. It needs
// no closing, starts no goroutine and is safe for concurrent use.
func Alone() *InProcess {
	return &InProcess{
		pace:  newBuckets(),
		holds: make(map[string]*hold),
		bells: make(map[string]chan struct{}),
	}
}

// Take implements bot.Cluster. It returns no error but ctx's. A now that stands up to a minute before the latest one
// seen gains nothing; one further back is taken for a clock that was set, and the bucket goes on filling from there.
func (c *InProcess) Take(ctx context.Context, key string, rate bot.Rate, n int, now time.Time) (int, time.Duration, error) {
	if err := ctx.Err(); err != nil {
		return 0, 0, err
	}
	if n <= 0 {
		return 0, 0, nil
	}
	if unlimited(rate) {
		return n, 0, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	granted, wait := c.pace.take(key, rate, n, now)
	return granted, wait, nil
}

// Wake implements bot.Cluster. A wake-up that nobody listens for yet waits for the first who does.
func (c *InProcess) Wake(_ context.Context, name string) {
	select {
	case c.bell(name) <- struct{}{}:
	default:
	}
}

// Woken implements bot.Cluster. All callers with one name get the same channel; each wake-up reaches one of them.
func (c *InProcess) Woken(name string) <-chan struct{} { return c.bell(name) }

func (c *InProcess) bell(name string) chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	bell, ok := c.bells[name]
	if !ok {
		bell = make(chan struct{}, 1)
		c.bells[name] = bell
	}
	return bell
}
