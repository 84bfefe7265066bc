package main

import (
	"context"
	"fmt"
	"time"

	"passeur/bot"
	"passeur/store"
)

type pauseCmd struct{}

// Run holds back every SMS but the replies.
func (c *pauseCmd) Run(ctx context.Context, s streams, load settings) error {
	return brake{order: pauseOrder,
		done:    "Pause générale : plus aucun rappel ni envoi groupé ne part vers les personnes. Les réponses aux personnes, STOP compris, partent toujours. Pour reprendre : passeur resume.",
		nothing: "La pause générale était déjà en place."}.turn(ctx, s, load)
}

type resumeCmd struct{}

// Run lets them go again.
func (c *resumeCmd) Run(ctx context.Context, s streams, load settings) error {
	return brake{order: resumeOrder,
		done:    "Les envois reprennent. Ce qui attendait part à son débit ; ce qui n'a plus de sens, comme un rappel après le rendez-vous, ne part pas.",
		nothing: "Il n'y avait pas de pause générale."}.turn(ctx, s, load)
}

// brake is one of the two ways to turn it, and what is said when that changed something or nothing.
type brake struct {
	order         order
	done, nothing string
}

func (b brake) turn(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	n, err := command(ctx, cfg, s, b.order, demand{})
	if err != nil {
		return err
	}
	said := b.done
	if n == 0 {
		said = b.nothing
	}
	fmt.Fprintf(s.out, "%s (base %s)\n", said, store.Name(databaseOf(cfg)))
	return nil
}

var (
	pauseOrder  = order{"pause", func(ctx context.Context, b *bot.Bot, _ demand) (int, error) { return held(ctx, b, true) }}
	resumeOrder = order{"resume", func(ctx context.Context, b *bot.Bot, _ demand) (int, error) { return held(ctx, b, false) }}
)

// held pulls or releases the brake on SMS; it counts 1 when that changed anything.
func held(ctx context.Context, b *bot.Bot, on bool) (int, error) {
	changed, err := b.SetPaused(ctx, "sms", on, time.Now())
	if changed {
		return 1, err
	}
	return 0, err
}
