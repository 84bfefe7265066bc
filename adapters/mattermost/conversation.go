package mattermost

import (
	"context"
	"errors"
	"fmt"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// conversation is one direct channel. Its reader alone touches the fields of the first group; the listener's
// lock guards the second.
type conversation struct {
	channel, other string
	at             place
	seen           seen
	late           int // readings in a row that ended with errBehind

	again  bool            // something may be unread
	busy   bool            // a reader is at work
	rung   map[string]bool // posts that rang and were not yet met
	readTo int64           // create_at of the newest post read: what is not newer need not be read
}

const (
	remembered = 512 // posts of a channel that are known to be heard
	patience   = 5   // readings for a post that rang but is not listed: a replica that lags, or deleted at once
)

// errBehind: a post rang that the server does not list yet.
var errBehind = errors.New("mattermost: a post was announced that is not listed yet")

// place is where reading stands: the newest post met. Its time is 0 while only its id is known.
type place struct {
	id   string
	time int64
}

// seen remembers the last posts met, oldest first.
type seen struct {
	ids   map[string]bool
	order []string
}

func (s *seen) has(id string) bool { return s.ids[id] }

func (s *seen) add(id string) {
	if s.ids == nil {
		s.ids = map[string]bool{}
	}
	s.ids[id] = true
	s.order = append(s.order, id)
	if len(s.order) > remembered {
		delete(s.ids, s.order[0])
		s.order = s.order[1:]
	}
}

// moved says whether a channel may hold something unread.
func (l *listener) moved(channel string, lastPostAt int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.conversations[channel]
	return c == nil || c.again || lastPostAt > c.readTo
}

// ring has a channel read. Other is with whom the bot speaks there; post is the post that rang, "" when none did.
func (l *listener) ring(ctx context.Context, channel, other, post string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.conversations[channel]
	if c == nil {
		c = &conversation{channel: channel, other: other, rung: map[string]bool{}}
		c.at.id = l.cursors[cursorName(channel)]
		l.conversations[channel] = c
	}
	if post != "" {
		c.rung[post] = true
	}
	c.again = true
	if !c.busy {
		c.busy = true
		l.wg.Go(func() { l.read(ctx, c) })
	}
}

func cursorName(channel string) string { return name + ":" + channel }

// read reads the channel until nothing is left, waiting longer and longer while that fails.
func (l *listener) read(ctx context.Context, c *conversation) {
	wait := &backoff{first: l.cfg.Pause}
	for l.begin(ctx, c) {
		err := l.turn(ctx, c)
		if err == nil || ctx.Err() != nil {
			wait.reset()
			continue
		}
		l.log.Warn("mattermost: a channel could not be read, trying again", "channel", c.channel, "failures", wait.tries+1, "error", err)
		l.anew(c)
		wait.sleep(ctx, err)
	}
}

// begin says whether there is something to read, and takes it on.
func (l *listener) begin(ctx context.Context, c *conversation) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.busy = c.again && ctx.Err() == nil
	c.again = false
	return c.busy
}

func (l *listener) anew(c *conversation) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.again = true
}

// turn reads the channel once, when one of the reading places is free.
func (l *listener) turn(ctx context.Context, c *conversation) error {
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	waited := l.waiting(c)
	h, err := l.unread(ctx, c)
	if err != nil {
		return err
	}
	who := &person{listener: l, id: c.other}
	for _, p := range h.posts {
		if c.seen.has(p.Id) {
			continue
		}
		if err := l.pass(ctx, c, h, who, p); err != nil {
			return err
		}
		l.met(c, p)
	}
	return l.finish(c, h, waited)
}

// waiting returns the posts that had rung before the channel was read.
func (l *listener) waiting(c *conversation) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := make([]string, 0, len(c.rung))
	for id := range c.rung {
		ids = append(ids, id)
	}
	return ids
}

// met notes that a post was heard, or was nothing to hear.
func (l *listener) met(c *conversation, p *model.Post) {
	c.seen.add(p.Id)
	if p.CreateAt >= c.at.time {
		c.at = place{p.Id, p.CreateAt}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(c.rung, p.Id)
}

// finish ends a reading. It returns errBehind while posts that rang before the reading were not met; after some readings
// they are given up: their author deleted them.
func (l *listener) finish(c *conversation, h *history, waited []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.readTo = max(c.readTo, h.newest)
	behind := false
	for _, id := range waited {
		behind = behind || c.rung[id] && !c.seen.has(id)
	}
	if behind && c.late < patience {
		c.late++
		return errBehind
	}
	c.late = 0
	for _, id := range waited {
		delete(c.rung, id)
	}
	return nil
}

// pass has one post heard, if it is the words of somebody who may speak to the bot.
func (l *listener) pass(ctx context.Context, c *conversation, h *history, who *person, p *model.Post) error {
	if p.UserId != c.other || !words(p) {
		return nil
	}
	if err := who.ask(ctx); err != nil || !who.speaks {
		return err
	}
	about, err := l.about(ctx, h, p.RootId)
	if err != nil {
		return err
	}
	e := event(c, p)
	e.About = about
	who.sign(&e)
	if e.Role.IsPro() {
		if e.Files, err = l.filesOf(ctx, p); err != nil {
			return err
		}
	}
	if err := who.lookUp(ctx, &e); err != nil {
		return err
	}
	if _, err := l.hear(ctx, e); err != nil {
		return fmt.Errorf("mattermost: post %s not taken: %w", p.Id, err)
	}
	return nil
}

// event returns what a post alone tells; whose it is, person.sign says. A post that appeared behind others does not set the cursor back.
func event(c *conversation, p *model.Post) bot.Event {
	cursor := p.Id
	if p.CreateAt < c.at.time {
		cursor = c.at.id
	}
	return bot.Event{
		ID:       name + "/" + p.Id,
		At:       time.UnixMilli(p.CreateAt).UTC(),
		ReplyTo:  p.RootId,
		Text:     p.Message,
		Cursor:   cursor,
		Resuming: cursorName(c.channel),
	}
}

// about returns what the bot said the thread was about when it began it.
func (l *listener) about(ctx context.Context, h *history, root string) (string, error) {
	if root == "" {
		return "", nil
	}
	p := h.all[root]
	if p == nil {
		found, resp, err := l.api.GetPost(ctx, root, "")
		if gone(resp) {
			return "", nil
		}
		if err != nil {
			return "", fmt.Errorf("mattermost: read the thread's first post: %w", err)
		}
		p = found
	}
	me, err := l.myself(ctx)
	if err != nil || p.UserId != me {
		return "", err
	}
	return aboutOf(p), nil
}
