package mattermost

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"passeur/bot"
)

// backoff is how long to wait after failures in a row: first, doubled up to 30 times first, and up to a quarter more or
// less, so that a hundred readers do not come back at the same instant.
type backoff struct {
	first time.Duration
	tries int
}

func (b *backoff) next() time.Duration {
	d := min(b.first<<min(b.tries, 5), 30*b.first)
	b.tries++
	return d*3/4 + rand.N(d/2+1)
}

func (b *backoff) reset() { b.tries = 0 }

// sleep waits for the next pause after a failure, or until ctx ends. A server that asks for patience gets what it asks for, no
// less and no more.
func (b *backoff) sleep(ctx context.Context, failure error) {
	d := b.next()
	if asked, ok := errors.AsType[bot.RetryAfter](failure); ok {
		d = asked.Wait
	}
	pause(ctx, d)
}

// pause waits; it returns false when ctx ended before.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
