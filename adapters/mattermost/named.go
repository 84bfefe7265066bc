package mattermost

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// Names that people type: "~entraide" is a channel of the team, "@karim" an account. The bot knows ids alone, since names change hands.

// lookUp notes on the event of a professional what the names in her words, or in the fields of her form, stand for. A channel is known only if she
// and the bot are both in it: nobody has the bot write where she may not.
func (p *person) lookUp(ctx context.Context, e *bot.Event) error {
	if !p.role.IsPro() {
		return nil
	}
	texts := []string{e.Text}
	for _, key := range slices.Sorted(maps.Keys(e.Values)) {
		if strings.HasPrefix(key, "field.") {
			texts = append(texts, e.Values[key])
		}
	}
	for _, name := range bot.Named(strings.Join(texts, " ")) {
		to, err := p.named(ctx, name)
		if err != nil {
			return err
		}
		if to != "" {
			e.Values[bot.NamedPrefix+name] = string(to)
		}
	}
	return nil
}

// noName says that the server knows nothing by a name, or that nothing can have it: "@channel" is answered with 400. People type anything, and
// what they wrote must be heard all the same.
func noName(resp *model.Response) bool { return gone(resp) || status(resp) == http.StatusBadRequest }

// named is the address that a name stands for; "" when there is none that she may name.
func (p *person) named(ctx context.Context, typed string) (bot.Address, error) {
	if account, ok := strings.CutPrefix(typed, "@"); ok {
		u, resp, err := p.api.GetUserByUsername(ctx, account, "")
		switch {
		case noName(resp) || err == nil && !fullAccount(u):
			return "", nil
		case err != nil:
			return "", fmt.Errorf("mattermost: find an account: %w", err)
		}
		return bot.Address(name + ":" + u.Id), nil
	}
	if p.team == "" {
		return "", nil
	}
	c, resp, err := p.api.GetChannelByName(ctx, strings.TrimPrefix(typed, "~"), p.team, "")
	switch {
	case noName(resp) || err == nil && c.DeleteAt > 0:
		return "", nil
	case err != nil:
		return "", fmt.Errorf("mattermost: find a channel: %w", err)
	}
	me, err := p.myself(ctx)
	if err != nil {
		return "", err
	}
	for _, user := range []string{me, p.id} {
		in, err := p.isIn(ctx, c.Id, user)
		if errors.Is(err, errUnseen) || err == nil && !in {
			return "", nil
		}
		if err != nil {
			return "", err
		}
	}
	return bot.Address(name + ":#" + c.Id), nil
}
