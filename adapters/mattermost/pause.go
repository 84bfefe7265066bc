package mattermost

import (
	"context"
	"math/rand/v2"
	"time"
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

// sleep waits for the next pause, or until ctx ends.
func (b *backoff) sleep(ctx context.Context) {
	t := time.NewTimer(b.next())
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
