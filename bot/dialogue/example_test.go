package dialogue

import (
	"context"
	"fmt"
	"time"

	"passeur/bot"
)

// parrot is a bot that answers what is written to it with the same words, and knows a line that it heard before.
type parrot struct {
	setup Setup
	heard map[string]bool
}

func parrots(_ context.Context, s Setup) (House, error) { return &parrot{s, map[string]bool{}}, nil }

func (p *parrot) Hear(ctx context.Context, e bot.Event) (bot.Response, error) {
	if p.heard[e.ID] {
		return bot.Response{}, nil
	}
	p.heard[e.ID] = true
	_, err := p.setup.Senders[e.From.Network()].Send(ctx, e.From, bot.Rendered{Key: e.ID, Text: e.Text})
	return bot.Response{}, err
}

func (p *parrot) Step(context.Context, time.Time) (time.Time, error) { return time.Time{}, nil }

func (p *parrot) Close() error { return nil }

// What the bot says is written below what is said to it, unless the file expects just that.
func ExamplePlay() {
	const file = `heureux
@ 2026-12-03 18:00
sms:+33639981234 > bonjour
sms:+33639981234 > oui
sms:+33639981234 < … !
`
	result, err := Play(context.Background(), file, time.UTC, parrots)
	fmt.Println(result.Text, result.Happy, err)
	// Output:
	// heureux
	// @ 2026-12-03 18:00
	// sms:+33639981234 > bonjour
	// sms:+33639981234 < bonjour
	// sms:+33639981234 > oui
	// sms:+33639981234 < oui
	//  true <nil>
}
