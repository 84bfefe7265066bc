// Package playground is the page of the demonstration: a counsellor's Mattermost, the phones of the people she helps,
// and a clock that moves when one wants it to. Everything runs on one machine, without any account.
//
// The page is an adapter like the others. What somebody types on it becomes a bot.Event, what the bot sends comes in
// by a bot.Sender, and nothing of the bot is simulated: main gives it as a [World], with a virtual clock. The page
// itself knows nothing about appointments.
//
// The server is the only one that remembers. It keeps a board of posts, each with the number of its last change; a
// browser is told what changed after the number that it saw last (Server-Sent Events with Last-Event-ID), so that a
// reload, a second tab and a lost connection all show the same thing. What is typed, and each move of the clock, is
// done one after the other.
//
// A page on the loopback can be reached by every site that the same browser visits. Therefore the Host header must
// name this machine (DNS rebinding), posts must come from the page itself and be JSON (cross-site requests), and the
// page loads nothing from elsewhere and runs no script written in it (Content-Security-Policy).
package playground

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"passeur/bot"
)

// The networks that the page stands for; they are the first parts of its addresses.
const (
	SMS        = "sms"
	Mattermost = "mattermost"
)

// Counsellor is the professional whose Mattermost is shown.
type Counsellor struct {
	Address bot.Address // "mattermost:marie"
	Name    string      // "Marie Lecomte"
}

// Phone is an usager's phone.
type Phone struct {
	Address bot.Address // "sms:+33639981234"
	Name    string      // "Jeanne"
}

// Planned is one thing that will happen by itself.
type Planned struct {
	At       time.Time
	To, What string // in French, as the page shows them
}

// World is the bot behind the page. Hear, Planned, Advance, Next and Reset are called one at a time; Now at any
// moment, also by a Sender while Hear or Advance runs: it must not wait for them.
type World interface {
	// Now is the virtual time, in the installation's zone.
	Now() time.Time
	// Hear takes in a line typed by somebody.
	Hear(ctx context.Context, e bot.Event) error
	// Attach makes what goes with a message; a Sender calls it, while Hear or Advance runs.
	Attach(ctx context.Context, name string) (bot.Attachment, error)
	// Planned lists what is scheduled, soonest first.
	Planned(ctx context.Context) ([]Planned, error)
	// Advance moves the time to `to` and does everything due on the way.
	Advance(ctx context.Context, to time.Time) error
	// Next says when the next thing is due; false: nothing is scheduled.
	Next(ctx context.Context) (time.Time, bool)
	// Reset forgets everything and starts over.
	Reset(ctx context.Context) error
}

// Playground is the page, its live stream and its two senders. It is an http.Handler for the root of its host, or
// of a folder behind http.StripPrefix.
type Playground struct {
	counsellor Counsellor
	phones     []Phone
	world      World
	fold       func(string) string
	parts      func(string) int

	board  *board
	turn   chan struct{} // holds one token: who has it may call the world
	mux    http.Handler
	closed chan struct{}
	close  sync.Once
	hosts  map[string]bool // names of this machine beside the loopback's, set by Allow
}

// actionTime is how long one move of the world may take: a month of a small installation takes a second.
const actionTime = time.Minute

// New makes the page of one counsellor and of the given phones. fold and parts are those of the SMS network: the text
// as a phone shows it, and the number of SMS it costs.
func New(counsellor Counsellor, phones []Phone, world World, fold func(string) string, parts func(string) int) *Playground {
	p := &Playground{
		counsellor: counsellor,
		phones:     phones,
		world:      world,
		fold:       fold,
		parts:      parts,
		board:      newBoard(),
		turn:       make(chan struct{}, 1),
		closed:     make(chan struct{}),
		hosts:      map[string]bool{},
	}
	p.mux = p.routes()
	return p
}

// Allow names hosts under which the page may be opened, beside the loopback and the address that it listens on. Call
// it before the page is served.
func (p *Playground) Allow(hosts ...string) {
	for _, h := range hosts {
		p.hosts[h] = true
	}
}

// Close ends the live streams, which otherwise keep http.Server.Shutdown waiting: give it to RegisterOnShutdown.
func (p *Playground) Close() { p.close.Do(func() { close(p.closed) }) }

// Sender returns the side of the page that receives what the bot sends by a network, SMS or Mattermost. It refuses
// (bot.ErrRefused) an address that is not on the page; an attempt that repeats one that arrived is shown once.
func (p *Playground) Sender(network string) bot.Sender { return sender{p, network} }

type sender struct {
	p       *Playground
	network string
}

// Send shows the message, and what goes with it as it is at that moment. It never waits for the world.
func (s sender) Send(ctx context.Context, to bot.Address, m bot.Rendered) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	pane, ok := s.p.pane(to)
	if !ok || to.Network() != s.network {
		return "", fmt.Errorf("%w: not on the page", bot.ErrRefused)
	}
	item := post{Pane: pane, Author: "Passeur", Text: m.Text, Thread: m.Thread, about: m.About, key: m.Key}
	item.stamp(s.p.world.Now())
	if s.network == SMS {
		item.Text = s.p.fold(m.Text)
		item.Parts = s.p.parts(item.Text)
	} else {
		item.Blocks = parseMarkdown(m.Text)
		for _, c := range m.Choices {
			item.choices, item.Labels = append(item.choices, c), append(item.Labels, c.Label)
		}
	}
	if m.File != "" {
		file, err := s.p.world.Attach(ctx, m.File)
		if err != nil {
			return "", err
		}
		if len(file.Data) > 0 {
			item.file, item.File = file, file.Name
		}
	}
	return s.p.board.receive(item, m.Replace, m.Attempt), nil
}

// pane is the part of the page that belongs to an address: "mattermost", or the number of a phone.
func (p *Playground) pane(a bot.Address) (string, bool) {
	if a == p.counsellor.Address {
		return Mattermost, true
	}
	for _, phone := range p.phones {
		if a == phone.Address {
			return a.ID(), true
		}
	}
	return "", false
}

// act does one thing with the world while nothing else does, then shows what is planned.
func (p *Playground) act(ctx context.Context, do func(context.Context) error) error {
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.turn }()
	// A browser that leaves must not stop the bot in the middle of a day.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), actionTime)
	defer cancel()
	err := do(ctx)
	p.refresh(ctx)
	return err
}

// refresh shows the clock and what is planned. Only who has the turn calls it.
func (p *Playground) refresh(ctx context.Context) {
	planned, err := p.world.Planned(ctx)
	if err != nil {
		slog.Error("playground: list what is planned", "error", err)
	}
	_, more := p.world.Next(ctx)
	p.board.show(p.scene(p.world.Now(), planned, more))
}

// catchUp refreshes what is planned after messages that came by themselves, unless an action will do it.
func (p *Playground) catchUp(ctx context.Context) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
		if p.board.stale() {
			p.refresh(context.WithoutCancel(ctx))
		}
	default:
	}
}

// say takes in a line that somebody typed in a pane.
func (p *Playground) say(ctx context.Context, from bot.Address, text, replyTo string) error {
	pane, _ := p.pane(from)
	name, role := p.who(from)
	return p.act(ctx, func(ctx context.Context) error {
		now := p.world.Now()
		item := post{Pane: pane, Author: name, Mine: true, Text: text, Thread: replyTo}
		item.stamp(now)
		id := p.board.add(item)
		err := p.world.Hear(ctx, bot.Event{
			ID:      p.board.eventID(id),
			At:      now,
			From:    from,
			Role:    role,
			About:   p.board.about(replyTo),
			ReplyTo: replyTo,
			Text:    text,
			Values:  map[string]string{"name": name},
		})
		if err != nil {
			p.board.fail(id)
		}
		return err
	})
}

// press takes in a button that the counsellor pressed: an answer to its question, or a shortcut, which is as if its words were
// written in the thread.
func (p *Playground) press(ctx context.Context, from bot.Address, in post, c bot.Choice) error {
	name, role := p.who(from)
	return p.act(ctx, func(ctx context.Context) error {
		e := bot.Event{ID: p.board.pressID(), At: p.world.Now(), From: from, Role: role, Text: c.Words, Values: map[string]string{"name": name}}
		if c.Beside {
			e.ReplyTo = cmp.Or(in.Thread, in.ID)
			e.About = p.board.about(e.ReplyTo)
		} else {
			e.Pressed = in.key
		}
		return p.world.Hear(ctx, e)
	})
}

func (p *Playground) who(from bot.Address) (string, bot.Role) {
	for _, phone := range p.phones {
		if phone.Address == from {
			return phone.Name, bot.Usager
		}
	}
	return p.counsellor.Name, bot.Conseiller
}
