package cluster

import (
	"sync"
	"time"
)

// serverClock is how far the server's clock is before this machine's, as its answers tell: replicas whose clocks differ count a pace by the one that they share, or
// the one behind would always come too late. Safe for concurrent use.
type serverClock struct {
	mu     sync.Mutex
	ahead  time.Duration
	within time.Duration // how long the answer took that told so
	told   time.Time
}

const (
	trusted = time.Minute           // how long the quickest answer is believed: clocks drift
	slack   = 10 * time.Millisecond // beyond what answers may err by: then a clock was set
)

// known tells whether the server ever said what time it has.
func (c *serverClock) known() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.told.IsZero()
}

// by is an instant of this machine's clock as the server would say it.
func (c *serverClock) by(now time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return now.Add(c.ahead)
}

// learn takes what the server's clock said, in µs since 1970, between two instants of this machine's. Half of what the answer took may be an error: a difference
// within it is none. One that is larger than both errors together means that a clock was set, and counts at once.
func (c *serverClock) learn(µs int64, asked, answered time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	took := answered.Sub(asked)
	ahead := time.UnixMicro(µs).Sub(asked.Add(took / 2))
	set := (ahead - c.ahead).Abs() > (took+c.within)/2+slack
	if !set && took > c.within && answered.Sub(c.told) < trusted {
		return
	}
	c.ahead, c.within, c.told = ahead, took, answered
	if c.ahead.Abs() <= took/2 {
		c.ahead = 0
	}
}
