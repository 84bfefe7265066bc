package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// listener is one call of Listen.
type listener struct {
	*Network
	hear     bot.Hear
	cursors  map[string]string // as stored when it began; nil: not yet read
	team     string            // id of the counsellors' team; "" none is set
	channels []teamChannel     // in that team
	quiet    bool              // another process hears what is posted, and tells of people
	who      *roster           // of that team; nil without one
	began    int64             // the server's time (ms) when it began, less startGrace
	slots    chan struct{}
	wg       sync.WaitGroup

	mu            sync.Mutex
	conversations map[string]*conversation
}

const (
	readers    = 8  // channels read at the same time
	sweepEvery = 10 // probes between two looks at all channels, in case the server lost a ring
	startGrace = 15 * time.Minute
)

// Listen hears what people write to the bot in private until ctx ends, and then returns nil. It comes back by itself
// from a server that is down or unreachable. It returns an error only when a person must mend the settings
// or the account; its text is a French sentence that says how.
//
// Events have ID "mattermost/<post id>", At the server's time of the post in UTC, From "mattermost:<user id>", Text
// as it was written, Values["name"], ReplyTo the thread's first post, About what the bot said that post was about, and
// Cursor; of a professional also the Files that came with it. hear is called for one event at a time in each channel, and may be called for several channels at once.
//
// Who puts Config.AskEmoji below what a person wrote in a team's channel in which the bot is, public or private, is heard too: events with ID
// "mattermost/mark/<post id>/<user id>/<ms>", At the instant of the mark in UTC, From and Role hers (she may have none), Text the post's, Intent
// bot.MarkIntent with its Values, and no cursor. One that was missed or not taken is told after the next connection, within bot.QuestionLife.
//
// With a team, everybody who has a role is told of at the start, and whenever her role, name, language or place changes: events with ID
// "mattermost/member/<user id>/<ms>", Intent bot.MemberIntent and no cursor. One that is not taken is told again.
//
// Of several processes one hears what is posted and tells of people (Config.Hold); the others hear calls and read who is there, and one of them
// takes over, from the stored cursors, when that one is gone.
func (a *Network) Listen(ctx context.Context, hear bot.Hear) error {
	if err := a.checkURL(); err != nil {
		return err
	}
	defer a.ear.Close()
	for ctx.Err() == nil {
		lease, err := a.attend(ctx, hear)
		if err != nil || lease == nil {
			return err
		}
		held, stop := bot.While(ctx, lease)
		err = a.listener(hear, false).during(held, (*listener).session)
		stop()
		lease.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *Network) listener(hear bot.Hear, quiet bool) *listener {
	return &listener{Network: a, hear: hear, quiet: quiet, slots: make(chan struct{}, readers), conversations: map[string]*conversation{}}
}

// during has sessions, one after the other, until ctx ends. Its error is a mend error.
func (l *listener) during(ctx context.Context, session func(*listener, context.Context, *backoff) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer l.wg.Wait()
	defer stop()
	wait := &backoff{first: l.cfg.Pause}
	for ctx.Err() == nil {
		err := session(l, ctx, wait)
		var person *mend
		if errors.As(err, &person) {
			return person
		}
		if ctx.Err() != nil {
			break
		}
		if wait.tries == 0 {
			l.log.Warn("mattermost: connection lost, trying again", "error", err)
		}
		l.wire.CloseIdleConnections() // what ended this one may have ended them, in silence
		wait.sleep(ctx, err)
	}
	return nil
}

// session connects, catches up and follows the bell until the connection ends; it returns why.
func (l *listener) session(ctx context.Context, wait *backoff) error {
	if err := l.prepare(ctx); err != nil {
		return err
	}
	s, err := l.dial(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if err := l.sweep(ctx); err != nil {
		return err
	}
	wait.reset()
	l.ear.Open(l.hearCall)
	meanwhile, over := context.WithCancel(ctx) // the next connection begins anew
	defer over()
	l.wg.Go(func() { l.catchReactions(meanwhile) })
	l.wg.Go(func() { l.catchMarks(meanwhile) })
	l.log.Info("mattermost: listening")
	return l.follow(ctx, s)
}

// prepare learns what must be known before anything is heard, once each: who the bot is, its team, its cursors.
func (l *listener) prepare(ctx context.Context) error {
	_, resp, err := l.whoami(ctx)
	if err != nil {
		return err
	}
	if l.began == 0 {
		l.began = serverTime(resp).Add(-startGrace).UnixMilli()
	}
	if l.who == nil && l.cfg.Team != "" {
		if err := l.gather(ctx); err != nil {
			return err
		}
	}
	if l.cursors == nil {
		cursors, err := l.Network.cursors(ctx)
		if err != nil {
			return fmt.Errorf("mattermost: read the cursors: %w", err)
		}
		l.cursors = cursors
		if l.cursors == nil {
			l.cursors = map[string]string{}
		}
	}
	return nil
}

// gather finds the team and its channels, and begins to keep the directory of their people. A channel that the bot does not see, or
// that gives a role and is open to anybody, is a mend error.
func (l *listener) gather(ctx context.Context) error {
	team, err := l.findTeam(ctx)
	if err != nil {
		return err
	}
	channels, faults := l.findChannels(ctx, team.Id)
	if len(faults) > 0 {
		return faults[0]
	}
	l.team, l.channels = team.Id, channels
	who, err := newRoster(ctx, l)
	if err != nil {
		return err
	}
	l.who = who
	l.wg.Go(func() { who.run(ctx) })
	return nil
}

// serverTime is the clock of the server, to the second; posts carry its times.
func serverTime(resp *model.Response) time.Time {
	if resp != nil {
		if t, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
			return t
		}
	}
	return time.Now()
}

// follow rings for every frame that asks for it and proves the token from time to time: the server leaves the socket of a
// revoked token open.
func (l *listener) follow(ctx context.Context, s *socket) error {
	probe := time.NewTicker(l.cfg.Probe)
	defer probe.Stop()
	me, _ := l.myself(ctx)
	for probes := 1; ; {
		select {
		case <-ctx.Done():
			return nil
		case frame, open := <-s.frames:
			if !open {
				return errors.New("mattermost: the server closed the websocket")
			}
			l.take(ctx, parsed(frame), me)
		case err := <-l.mustMend():
			return err
		case <-probe.C:
			if err := l.probe(ctx, probes%sweepEvery == 0); err != nil {
				return err
			}
			probes++
		}
	}
}

// take rings where an event says that something may be unread, or that somebody's place may have changed.
func (l *listener) take(ctx context.Context, e *model.WebSocketEvent, me string) {
	if channel, from, post, ok := bell(e, me); ok {
		l.ring(ctx, channel, from, post)
		return
	}
	if r, ok := reactionOf(e, me); ok && (saysSomething[r.EmojiName] || l.asks(r.EmojiName)) {
		l.wg.Go(func() { l.look(ctx, r.PostId) })
		return
	}
	if n, ok := news(e, l.team); ok && l.who != nil {
		l.who.notice(n)
	}
}

// mustMend gets an error when the directory cannot go on without a person; nil without a directory.
func (l *listener) mustMend() <-chan error {
	if l.who == nil {
		return nil
	}
	return l.who.ended
}

func (l *listener) probe(ctx context.Context, sweep bool) error {
	if _, _, err := l.whoami(ctx); err != nil {
		return err
	}
	if sweep {
		return l.sweep(ctx)
	}
	if l.who != nil {
		l.who.notice(notice{statuses: true})
	}
	return nil
}

// catchReactions looks, after each connection, for the reactions that were made meanwhile: they ring no bell of their own later.
func (l *listener) catchReactions(ctx context.Context) {
	me, _ := l.myself(ctx)
	channels, err := l.ownChannels(ctx)
	since := time.Now().Add(-bot.QuestionLife).UnixMilli()
	for _, c := range channels {
		if err == nil && otherOf(c, me) != "" && c.LastPostAt > since {
			err = l.missedReactions(ctx, c)
		}
	}
	if err != nil && ctx.Err() == nil {
		l.log.Warn("mattermost: the reactions made meanwhile could not be read", "error", err)
	}
}

// sweep rings for every direct channel in which something was posted since it was last read, the latest first, and has all
// lists of people read.
func (l *listener) sweep(ctx context.Context) error {
	if l.who != nil {
		l.who.notice(notice{})
	}
	me, _ := l.myself(ctx)
	channels, err := l.ownChannels(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(channels, func(x, y *model.Channel) int { return int(y.LastPostAt - x.LastPostAt) })
	for _, c := range channels {
		other := otherOf(c, me)
		if other != "" && c.LastPostAt > 0 && l.moved(c.Id, c.LastPostAt) {
			l.ring(ctx, c.Id, other, "")
		}
	}
	return nil
}

// ownChannels are all channels that the bot is in, of whatever type.
func (a *Network) ownChannels(ctx context.Context) (model.ChannelList, error) {
	me, err := a.myself(ctx)
	if err != nil {
		return nil, err
	}
	channels, _, err := a.api.GetChannelsForUserWithLastDeleteAt(ctx, me, 0)
	if err != nil {
		return nil, fmt.Errorf("mattermost: list the channels: %w", err)
	}
	return channels, nil
}

// otherOf returns with whom the bot speaks in a direct channel, "" for any other channel and for the bot's own.
func otherOf(c *model.Channel, me string) string {
	one, two, _ := strings.Cut(c.Name, "__")
	switch {
	case c.Type != model.ChannelTypeDirect || one == two:
		return ""
	case one == me:
		return two
	case two == me:
		return one
	}
	return ""
}
