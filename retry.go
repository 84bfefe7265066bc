package main

import (
	"context"
	"fmt"
	"time"

	"passeur/bot"
)

type retryCmd struct{}

// Run takes up what was parked.
func (c *retryCmd) Run(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	n, err := command(ctx, cfg, s, retryOrder, demand{})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d événement(s) repris.\n", n)
	return nil
}

var retryOrder = order{"retry", func(ctx context.Context, b *bot.Bot, _ demand) (int, error) { return b.Retry(ctx, time.Now()) }}
