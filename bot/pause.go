package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A general pause: the brake that an operator pulls when something is wrong with what leaves. It holds on every replica, and across
// restarts, until it is let go.

// pause is the body of a hold record; its id is the network.
type pause struct {
	V int `json:"v"`
}

// SetPaused keeps back what would leave on a network, replies excepted, or lets it go again. It reports whether that changed anything.
func (b *Bot) SetPaused(ctx context.Context, network string, on bool, now time.Time) (changed bool, err error) {
	err = again(ctx, func() error {
		recs, err := b.Store.Get(ctx, "hold", network)
		if changed = err == nil && on != (len(recs) > 0); !changed {
			return err
		}
		rec := Record{Kind: "hold", ID: network, At: now}
		if on {
			if rec.Body, err = encode(&pause{V: 1}, nil); err != nil {
				return err
			}
		} else {
			rec = recs[0]
			rec.Body = nil
		}
		return b.Store.Commit(ctx, Change{Event: fmt.Sprintf("pause/%s/%d", network, now.UnixNano()), Now: now, Records: []Record{rec}})
	})
	if errors.Is(err, ErrSeen) {
		return false, nil
	}
	return changed, err
}

// onHold is why a message waits that may leave only once a general pause ends.
const onHold = "pause-generale"

// holdsBack tells whether a message waits for the end of a general pause.
func (t *Turn) holdsBack(task Task) bool {
	if task.Lane == Reply {
		return false
	}
	_, on := load[pause](t, pauseOf(task.Network))
	return on
}

// pauseOf is the network whose pause holds for another: one brake stops all that leaves to usagers.
func pauseOf(network string) string {
	if network == telegram {
		return "sms"
	}
	return network
}

// Paused tells whether what would leave on a network is kept back, replies excepted.
func (b *Bot) Paused(ctx context.Context, network string) (bool, error) {
	recs, err := b.Store.Get(ctx, "hold", pauseOf(network))
	return len(recs) > 0, err
}
