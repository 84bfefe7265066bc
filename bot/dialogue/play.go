package dialogue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"passeur/bot"
)

// House is the bot that a dialogue plays against.
type House interface {
	// Hear takes what a person wrote.
	Hear(ctx context.Context, e bot.Event) (bot.Response, error)
	// Step does everything due at now and says when the next thing is due; zero: nothing is.
	Step(ctx context.Context, now time.Time) (next time.Time, err error)
	// Close stops the bot as a kill would: what it did not commit is lost.
	Close() error
}

// Setup is what a dialogue says about the house it wants.
type Setup struct {
	Settings  []func(*bot.Settings)        // what it changes of the settings that hold unless said, in this order
	Venues    []bot.Venue                  // of the national directory; without coordinates they are in the middle of their commune
	Senders   map[string]bot.Sender        // by network; what leaves reaches the player
	Able      map[string]bot.Abilities     // by network: Receives, Buttons, Forms
	Files     map[string][]byte            // what people have sent so far, by the id of bot.File
	Present   map[bot.Address]bot.Presence // what a network shows of professionals
	NoAddress bool                         // nobody reaches the bot from outside: it gives no link
	Telegram  string                       // the name of the bot's account there; "": it has none
	Trace     func(rule string)            // told which rule took an event
}

// Build opens the house; after a `redémarrage` it is called again and must find what was kept.
type Build func(ctx context.Context, s Setup) (House, error)

// Result is what a dialogue was when it was played.
type Result struct {
	Text  string   // the file as the bot plays it now; equal to the source when all is as expected
	Rules []string // the rules passed, in order, repetitions of a line left out
	Happy bool     // the file says heureux
}

// Play plays a dialogue. The error tells that it could not be played, or that a repeated line was not taken as
// one; a bot that says something else than the file shows in Result.Text.
func Play(ctx context.Context, src string, zone *time.Location, build Build) (Result, error) {
	lines, err := parse(src, zone)
	if err != nil {
		return Result{}, err
	}
	p := &player{zone: zone, build: build, names: map[bot.Address]string{}, posts: map[string][]bot.Rendered{}, lastKey: map[string]string{}, locales: map[string]string{}, state: map[string]state{}}
	p.setup.Able = map[string]bot.Abilities{"sms": {Receives: true}, "mattermost": {Receives: true}}
	p.setup.Files = map[string][]byte{}
	p.setup.Present = map[bot.Address]bot.Presence{}
	p.setup.Senders = map[string]bot.Sender{"sms": &sender{p, "sms"}, "mattermost": &sender{p, "mattermost"}}
	p.setup.Trace = func(rule string) {
		if !p.repeating {
			p.result.Rules = append(p.result.Rules, rule)
		}
	}
	defer p.close()
	for i := range lines {
		if err := p.play(ctx, lines[i:]); err != nil {
			return p.result, fmt.Errorf("ligne %d : %w", lines[i].number, err)
		}
	}
	p.result.Text = strings.Join(p.out, "\n") + "\n"
	return p.result, nil
}

type player struct {
	zone        *time.Location
	build       Build
	house       House
	setup       Setup
	names       map[bot.Address]string // addresses to what files call them
	people      []professional
	state       map[string]state // what is wrong, by network
	now         time.Time
	posts       map[string][]bot.Rendered // by who got them
	lastKey     map[string]string         // of the last message, by network
	form        *bot.Dialog               // opened last
	partner     string                    // whose link was given last
	start       string                    // what the link of Telegram carries that was given last
	locales     map[string]string         // by who reads in one
	events      int
	markedPosts int
	repeating   bool
	sent        []message // since the last line
	expected    []line    // the `<` lines that follow the one being played
	out         []string
	result      Result
}

type professional struct {
	handle, name string
	role         bot.Role
}

type message struct {
	kind      kind
	who, text string
}

// play plays the first of the lines that are left.
func (p *player) play(ctx context.Context, left []line) error {
	l := left[0]
	switch l.kind {
	case gets, seesEdited, opens:
		return nil // taken with the line before it
	case comment:
		p.out = append(p.out, l.raw)
		return nil
	}
	p.expect(left[1:])
	switch l.kind {
	case clock:
		return p.moveTo(ctx, l)
	case directs:
		return p.direct(ctx, l)
	default:
		return p.say(ctx, l)
	}
}

// expect gathers the expected lines right behind the one being played.
func (p *player) expect(following []line) {
	p.expected = nil
	for _, l := range following {
		if !l.kind.got() {
			return
		}
		p.expected = append(p.expected, l)
	}
}

func (p *player) open(ctx context.Context) (err error) {
	if p.house == nil {
		p.house, err = p.build(ctx, p.setup)
	}
	return err
}

func (p *player) close() error {
	if p.house == nil {
		return nil
	}
	err := p.house.Close()
	p.house = nil
	return err
}

// moveTo plays what falls due on the way, each at its own time, then the new moment itself.
func (p *player) moveTo(ctx context.Context, l line) error {
	if l.at.Before(p.now) {
		return errors.New("le temps ne recule pas")
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	if p.now.IsZero() {
		p.now = l.at
	}
	expected := p.expected
	p.expected = nil
	for {
		next, err := p.house.Step(ctx, p.now)
		if err != nil {
			return err
		}
		if len(p.sent) > 0 && p.now.Before(l.at) {
			p.out = append(p.out, writeClock(p.now.In(p.zone)))
			p.flush()
		}
		if next.IsZero() || next.After(l.at) {
			break
		}
		if !next.After(p.now) {
			return p.at(ctx, l, expected)
		}
		p.now = next
	}
	return p.at(ctx, l, expected)
}

func (p *player) at(ctx context.Context, l line, expected []line) error {
	p.now = l.at
	if _, err := p.house.Step(ctx, p.now); err != nil {
		return err
	}
	p.out = append(p.out, l.raw)
	p.expected = expected
	p.flush()
	return nil
}

// say delivers what a person writes, twice.
func (p *player) say(ctx context.Context, l line) error {
	e, err := p.event(l)
	if err != nil {
		return err
	}
	p.out = append(p.out, l.raw)
	return p.twice(ctx, e)
}

// begun tells whether there is a bot to speak to: the first hour starts it, once all that comes before was read.
func (p *player) begun() error {
	if p.now.IsZero() {
		return errors.New("il faut d'abord une heure, par exemple « @ 2026-11-25 10:00 »")
	}
	return nil
}

// tell has the bot hear, twice, what a network or another tool says.
func (p *player) tell(ctx context.Context, e bot.Event) error {
	e.ID, e.At = p.newID(), p.now
	return p.twice(ctx, e)
}

func (p *player) newID() string {
	p.events++
	return fmt.Sprintf("dialogue/%d", p.events)
}

// twice has the bot hear an event, and hear it again.
func (p *player) twice(ctx context.Context, e bot.Event) error {
	if err := p.begun(); err != nil {
		return err
	}
	if err := p.hear(ctx, e); err != nil {
		return err
	}
	p.flush()
	p.repeating = true
	defer func() { p.repeating = false }()
	if err := p.hear(ctx, e); err != nil {
		return err
	}
	if len(p.sent) > 0 {
		return fmt.Errorf("la même ligne livrée deux fois a été répondue deux fois : « %s »", p.sent[0].text)
	}
	return nil
}

func (p *player) hear(ctx context.Context, e bot.Event) error {
	answer, err := p.house.Hear(ctx, e)
	if err != nil {
		return err
	}
	if !p.repeating {
		p.takeBack(e, answer)
	}
	_, err = p.house.Step(ctx, p.now)
	return err
}

// takeBack shows a form that opens, or what is wrong with the one that was sent.
func (p *player) takeBack(e bot.Event, answer bot.Response) {
	p.showReferral(e, answer)
	if answer.Form != nil {
		p.form = answer.Form
		lines := []string{answer.Form.Title}
		for _, f := range answer.Form.Fields {
			lines = append(lines, strings.TrimSpace(f.Label+" : "+f.Typed))
		}
		p.sent = append(p.sent, message{opens, p.names[e.From], strings.Join(lines, "\n")})
	}
	if len(answer.Errors) > 0 && p.form != nil {
		lines := []string{p.form.Title}
		for _, f := range p.form.Fields {
			if wrong := answer.Errors[f.Name]; wrong != "" {
				lines = append(lines, f.Label+" ✗ "+wrong)
			}
		}
		p.sent = append(p.sent, message{opens, p.names[e.From], strings.Join(lines, "\n")})
	}
}

// address maps @marie and ~accueil to the ids a real network would have.
func address(handle string) bot.Address {
	if room, ok := strings.CutPrefix(handle, "~"); ok {
		return bot.Address("mattermost:#" + room)
	}
	return bot.Address("mattermost:id-" + strings.TrimPrefix(handle, "@"))
}

// flush writes what was sent, in the words of the file where they fit.
func (p *player) flush() {
	for i, m := range p.sent {
		if i < len(p.expected) && p.expected[i].kind == m.kind && p.expected[i].who == m.who && matches(p.expected[i].text, m.text) {
			p.out = append(p.out, p.expected[i].raw)
			continue
		}
		p.out = append(p.out, writeGets(m))
	}
	p.sent, p.expected = nil, nil
}
