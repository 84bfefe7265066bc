package dialogue

import (
	"context"
	"strings"

	"passeur/bot"
)

// Telegram: the bot's account there, and what people do in theirs.

// StartLink is what opens the bot's account of a name in Telegram, carrying a word there.
func StartLink(account, carried string) string {
	return "https://t.me/" + account + "?start=" + carried
}

func (p *player) telegram(_ context.Context, words []string) error {
	p.setup.Telegram = words[0]
	p.setup.Able["telegram"] = bot.Abilities{Receives: true, Buttons: true}
	p.setup.Senders["telegram"] = &sender{p, "telegram"}
	return nil
}

// noteStart keeps what the link of a message carries.
func (p *player) noteStart(text string) {
	if _, carried, ok := strings.Cut(text, StartLink(p.setup.Telegram, "")); ok && p.setup.Telegram != "" {
		p.start, _, _ = strings.Cut(carried, " ")
	}
}

func (p *player) opens(ctx context.Context, words []string) error {
	return p.tell(ctx, bot.Event{From: bot.Address(words[0]), Role: bot.Usager, Text: "/start " + p.start})
}

func (p *player) gives(ctx context.Context, words []string) error {
	e := bot.Event{From: bot.Address(words[0]), Role: bot.Usager, Intent: bot.ContactIntent, Values: map[string]string{}}
	number := strings.Join(words[1:], "")
	if national, ok := strings.CutPrefix(number, "0"); ok {
		number = "+33" + national
	}
	if strings.HasPrefix(number, "+") {
		e.Values["number"] = number
	}
	return p.tell(ctx, e)
}

func (p *player) blocks(ctx context.Context, words []string) error {
	return p.tell(ctx, bot.Event{From: bot.Address(words[0]), Role: bot.Usager, Intent: bot.BlockedIntent})
}

func (p *player) pictures(ctx context.Context, words []string) error {
	return p.tell(ctx, bot.Event{From: bot.Address(words[0]), Role: bot.Usager, Intent: bot.WordlessIntent})
}
