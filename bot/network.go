package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Errors of a Sender. Any other error, or a wrapped RetryAfter, means that nothing was sent and that it is worth
// trying again.
var (
	// ErrRefused: the network will never take this message for this address. What it wraps is a short reason
	// that may be logged and shown: no text, no number.
	ErrRefused = errors.New("refused")
	// ErrUncertain: the request was written and no answer came. It may have arrived; it is not sent again.
	ErrUncertain = errors.New("uncertain")
)

// RetryAfter is the error of a network that asks for patience: the whole network pauses, no try is counted.
type RetryAfter struct{ Wait time.Duration }

// Error says for how long.
func (e RetryAfter) Error() string { return fmt.Sprintf("asked to wait %s", e.Wait) }

// Network is one way to reach people. A Network that is also an http.Handler is served at /<name>/.
type Network interface {
	// Name is the first part of its addresses: "sms".
	Name() string
	// Listen hears until ctx ends, reconnecting by itself, and then returns nil. It returns an error only when a
	// person must mend something (a revoked token); the error says what.
	Listen(ctx context.Context, hear Hear) error
}

// Sender is a Network that can speak.
type Sender interface {
	// Send hands one message over and returns the network's id of it, if it gives one. Its errors are
	// ErrRefused, ErrUncertain and RetryAfter, wrapped or not; any other means: not sent, try again.
	Send(ctx context.Context, to Address, m Rendered) (id string, err error)
}

// Abilities are what a network can do, as data for the gate and for start-up checks.
type Abilities struct {
	Receives  bool                  // answers come back; without it no text may ask for one
	Deaf      bool                  // some of the ways out give no answer back: there Rendered.Deaf leaves instead
	MaxParts  int                   // the most parts a message may have; 0: no limit
	Parts     func(text string) int // how many parts a text makes; nil: always one
	Fold      func(string) string   // a text as it will be read there; nil: as it is
	Buttons   bool                  // it shows choices as buttons and tells when one is pressed
	Forms     bool                  // it opens forms, for an event with Trigger
	Immediate bool                  // people read it when they choose: hours and daily cap do not apply (Mattermost)
}
