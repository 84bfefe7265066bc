package dialogue

import (
	"context"
	"errors"
	"fmt"
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

// reaches tells whether somebody can write from there.
func (p *player) reaches(who string) error {
	switch network := bot.Address(who).Network(); {
	case network == "telegram" && p.setup.Telegram == "":
		return errors.New("écrivez « telegram PasseurBot » avant la première heure : sans cette ligne, personne ne nous joint par Telegram")
	case network != "telegram" && network != "sms":
		return fmt.Errorf("« %s » n'est l'adresse de personne : sms:+33639981234, telegram:4217", who)
	}
	return nil
}

// account is what somebody does in her account of Telegram.
func account(does func(p *player, words []string) bot.Event) deed {
	return func(p *player, ctx context.Context, words []string) error {
		if bot.Address(words[0]).Network() != "telegram" {
			return errShape
		}
		if err := p.reaches(words[0]); err != nil {
			return err
		}
		e := does(p, words)
		e.From, e.Role = bot.Address(words[0]), bot.Usager
		return p.tell(ctx, e)
	}
}

// noteStart keeps what the link of a message carries.
func (p *player) noteStart(text string) {
	if _, carried, ok := strings.Cut(text, StartLink(p.setup.Telegram, "")); ok && p.setup.Telegram != "" {
		p.start, _, _ = strings.Cut(carried, " ")
	}
}

func openLink(p *player, _ []string) bot.Event { return bot.Event{Text: "/start " + p.start} }

func giveNumber(_ *player, words []string) bot.Event {
	e := bot.Event{Intent: bot.ContactIntent, Values: map[string]string{}}
	number := strings.Join(words[1:], "")
	if national, ok := strings.CutPrefix(number, "0"); ok {
		number = "+33" + national
	}
	if strings.HasPrefix(number, "+") {
		e.Values["number"] = number
	}
	return e
}

func block(*player, []string) bot.Event { return bot.Event{Intent: bot.BlockedIntent} }

func sendPicture(*player, []string) bot.Event { return bot.Event{Intent: bot.WordlessIntent} }
