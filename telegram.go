package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"passeur/adapters/telegram"
	"passeur/bot"
	"passeur/config"
)

// Telegram, for usagers who want it: off unless the settings name an account.

// telegramChosen is the name of the account.
func telegramChosen(cfg *config.Config) string { return cfg.Telegram.Account }

func openTelegram(s site) (opened, error) {
	set := telegramConfig(s.cfg)
	set.Hold = func(ctx context.Context, name string, ttl time.Duration) (bot.Lease, error) {
		return s.cluster().Hold(ctx, name, ttl)
	}
	set.Take = func(ctx context.Context, key string, rate bot.Rate, n int, now time.Time) (int, time.Duration, error) {
		return s.cluster().Take(ctx, key, rate, n, now)
	}
	set.KeyOf = func(ctx context.Context, ref string) (string, error) { return s.db.KeyOf(ctx, "telegram", ref) }
	n, err := telegram.New(set, s.log)
	if err != nil {
		return opened{}, err
	}
	return opened{Network: n, outlet: outlet{sender: n, able: n.Abilities(), rate: telegram.Rate, parallel: telegramParallel}}, nil
}

// telegramParallel is how many messages are on their way or wait for their chat's turn: a second's at the pace of all, twice.
const telegramParallel = 50

// telegramConfig is what the settings say of the account.
func telegramConfig(cfg *config.Config) telegram.Config {
	t := cfg.Telegram
	return telegram.Config{Token: t.Token.Reveal(), Account: t.Account, Secret: t.Secret.Reveal(), PublicURL: cfg.PublicURL, URL: t.URL}
}

// probeTelegram asks who the account is.
func probeTelegram(ctx context.Context, r *report, cfg *config.Config, _ []byte) {
	if telegramChosen(cfg) == "" {
		return
	}
	n, err := telegram.New(telegramConfig(cfg), quiet())
	if err != nil {
		r.bad("Telegram : %v", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for _, f := range n.Check(ctx) {
		r.say("Telegram", f.OK, f.Mind, f.Text)
	}
}

// shownTelegram: texts are as long as they are, and have buttons.
func shownTelegram(*config.Config) outlet {
	return outlet{able: bot.Abilities{Receives: true, Buttons: true, Pace: telegram.Rate.PerSecond}}
}

// startLinks makes the links that open the account; nil when there is none.
func startLinks(cfg *config.Config) func(carried string) string {
	if telegramChosen(cfg) == "" {
		return nil
	}
	return func(carried string) string { return telegram.Link(cfg.Telegram.Account, carried) }
}

// linkCodes makes what these links carry: 128 bits that nobody guesses, as 22 letters.
func linkCodes(key func() []byte) func(of string) string {
	return func(of string) string {
		mac := hmac.New(sha256.New, key())
		mac.Write([]byte("telegram/link/" + of))
		return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
	}
}

// simulateTelegram is there when a dialogue says so.
func simulateTelegram(to bot.Sender, able bot.Abilities) outlet {
	return outlet{sender: to, able: able}
}
