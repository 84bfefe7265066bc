package cluster

import (
	"context"
	"slices"
	"sync"
	"time"

	"passeur/bot"
)

// hold is a name that is held, and those who wait for it, the first to come first.
type hold struct{ waiting []chan struct{} }

// Hold implements bot.Cluster: first come, first served. Within one process a holder cannot lose touch with itself, so
// the lease needs no renewal, ttl is not looked at, and Lost is never closed.
func (c *InProcess) Hold(ctx context.Context, name string, _ time.Duration) (bot.Lease, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	turn := c.queue(name)
	if turn != nil {
		select {
		case <-turn:
		case <-ctx.Done():
			c.leave(name, turn)
			return nil, ctx.Err()
		}
	}
	return &lease{lost: make(chan struct{}), release: sync.OnceFunc(func() { c.pass(name) })}, nil
}

// queue takes a free name and returns nil, or queues up and returns what is closed when it is the caller's turn.
func (c *InProcess) queue(name string) chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, held := c.holds[name]
	if !held {
		c.holds[name] = &hold{}
		return nil
	}
	turn := make(chan struct{})
	h.waiting = append(h.waiting, turn)
	return turn
}

// leave quits the queue. If the turn came at the same moment, it goes to the next.
func (c *InProcess) leave(name string, turn chan struct{}) {
	c.mu.Lock()
	h := c.holds[name]
	i := -1
	if h != nil {
		i = slices.Index(h.waiting, turn)
	}
	if i >= 0 {
		h.waiting = slices.Delete(h.waiting, i, i+1)
	}
	c.mu.Unlock()
	if i < 0 {
		c.pass(name)
	}
}

// pass gives the name to the next in the queue, or frees it.
func (c *InProcess) pass(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.holds[name]
	if len(h.waiting) == 0 {
		delete(c.holds, name)
		return
	}
	close(h.waiting[0])
	h.waiting = h.waiting[1:]
}

// lease implements bot.Lease.
type lease struct {
	lost    chan struct{}
	release func()
}

func (l *lease) Lost() <-chan struct{} { return l.lost }

func (l *lease) Release() { l.release() }
