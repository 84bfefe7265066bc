package bot

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"
)

// Errors of a Sender. Any other error, or a wrapped RetryAfter, means that nothing was sent and that it is worth
// trying again.
var (
	// ErrRefused: the network will never take this message for this address. What it wraps is a short reason
	// that may be logged and shown: no text, no number.
	ErrRefused = errors.New("refused")
	// ErrUnreachable: the network reaches nobody at this address any more (she closed it, it is gone); the message may go another way.
	ErrUnreachable = errors.New("unreachable")
	// ErrUncertain: the request was written and no answer came. It may have arrived; it is not sent again.
	ErrUncertain = errors.New("uncertain")
)

// RetryAfter is the error of a network that asks for patience: the whole network pauses, no try is counted.
type RetryAfter struct{ Wait time.Duration }

// Error says for how long.
func (e RetryAfter) Error() string { return fmt.Sprintf("asked to wait %s", e.Wait) }

// MostPatience bounds what a server may ask for, since it pauses the whole network.
const MostPatience = time.Hour

// ParseRetryAfter reads the value of a Retry-After header (RFC 9110, 10.2.3), seconds or a date in any of its three forms, as between one
// second and MostPatience; ok is false when it is neither.
func ParseRetryAfter(header string, now time.Time) (asked RetryAfter, ok bool) {
	if seconds, err := strconv.ParseFloat(header, 64); err == nil && !math.IsNaN(seconds) {
		return RetryAfter{max(time.Duration(min(seconds, MostPatience.Seconds())*float64(time.Second)), time.Second)}, true
	}
	for _, form := range []string{"Mon, 02 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC} {
		if at, err := time.Parse(form, header); err == nil {
			return RetryAfter{min(max(at.Sub(now), time.Second), MostPatience)}, true
		}
	}
	return RetryAfter{}, false
}

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
	// ErrRefused, ErrUnreachable, ErrUncertain and RetryAfter, wrapped or not; any other means: not sent, try again.
	Send(ctx context.Context, to Address, m Rendered) (id string, err error)
}

// ErrNobody tells that nobody listens yet, or no more. Whoever called must call again.
var ErrNobody = errors.New("nobody listens")

// Ear is what a network hears with that is called (a webhook), and may be called before Listen begins and after it ended: it is open
// in between. The zero Ear is closed. It is safe for concurrent use.
type Ear struct {
	hearing sync.RWMutex // held for reading while an event is heard
	hear    Hear         // nil: closed
}

// Open has events heard from now on.
func (e *Ear) Open(hear Hear) {
	e.hearing.Lock()
	defer e.hearing.Unlock()
	e.hear = hear
}

// Close has no event heard any more. It returns once those under way have been.
func (e *Ear) Close() { e.Open(nil) }

// Hear has one event heard. Closed, it returns ErrNobody.
func (e *Ear) Hear(ctx context.Context, what Event) (Response, error) {
	e.hearing.RLock()
	defer e.hearing.RUnlock()
	if e.hear == nil {
		return Response{}, ErrNobody
	}
	answer, err := e.hear(ctx, what)
	if err != nil {
		return Response{}, fmt.Errorf("event %s: %w", what.ID, err)
	}
	return answer, nil
}

// Attachment is a file that goes with a message.
type Attachment struct {
	Name string // as its reader saves it: "cafe-visio.ics"
	Type string // its media type: "text/calendar"
	Data []byte
}

// Attach makes the attachment that Rendered.File names, as things stand now. Its error means that the message cannot be sent yet; an
// attachment without Data, that there is nothing to send any more and the message leaves alone.
type Attach func(ctx context.Context, name string) (Attachment, error)

// Abilities are what a network can do, as data for the gate and for start-up checks.
type Abilities struct {
	Receives bool                  // answers come back; without it no text may ask for one
	OneWay   bool                  // some of the ways out give no answer back: there Rendered.OneWay leaves instead
	MaxParts int                   // the most parts a message may have; 0: no limit
	Parts    func(text string) int // how many parts a text makes; nil: always one
	Fold     func(string) string   // a text as it will be read there; nil: as it is
	Price    float64               // of one part, in euros; 0: not known
	Pace     float64               // messages a second, at most; 0: no limit
	Buttons  bool                  // it shows choices as buttons and tells when one is pressed
	Forms    bool                  // it opens forms, for an event with Trigger
	Files    bool                  // it carries files
	AnyHour  bool                  // people read it when they choose: hours and daily cap do not apply (Mattermost)
}

// AnswerWords are all words that a choice may stand for which answers a question (Choice.Beside false): what a network needs to know
// that shows them by other means than buttons. The dialogues let no other pass.
var AnswerWords = []string{yes, no, skipWord, asIsWord, fullWord, "1", "2", "3", "4", "5", "6", "7", "8", "9"}
