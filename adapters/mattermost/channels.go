package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// Circles: channels of the team in which being a member means something. Anybody may enter a public channel, so it says at
// most where somebody works; a role comes from a channel that lets nobody in by himself.

// teamChannel is one of them, as the server knows it.
type teamChannel struct {
	bot.Membership
	id string
}

// guarded says whether nobody enters a channel by himself: it is private, or its members are those of an administrator's groups.
func guarded(c *model.Channel) bool {
	return c.Type == model.ChannelTypePrivate || c.IsGroupConstrained()
}

// findChannels asks the server for all channels. What is wrong with one is a fault: a mend error, or one that may pass.
func (a *Network) findChannels(ctx context.Context, team string) (found []teamChannel, faults []error) {
	for _, m := range a.cfg.Channels {
		c, err := a.findChannel(ctx, team, m)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		found = append(found, c)
	}
	return found, faults
}

// findChannel makes sure that the bot is a member: only members may read who else is.
func (a *Network) findChannel(ctx context.Context, team string, m bot.Membership) (teamChannel, error) {
	me, err := a.myself(ctx)
	if err != nil {
		return teamChannel{}, err
	}
	c, resp, err := a.api.GetChannelByName(ctx, m.Channel, team, "")
	if gone(resp) {
		return teamChannel{}, a.unseen(m, err)
	}
	if err != nil {
		return teamChannel{}, fmt.Errorf("mattermost: find a channel: %w", err)
	}
	in, err := a.isIn(ctx, c.Id, me)
	if errors.Is(err, errUnseen) || err == nil && !in {
		return teamChannel{}, a.unseen(m, err)
	}
	if err != nil {
		return teamChannel{}, err
	}
	return teamChannel{m, c.Id}, vouches(m, c)
}

func (a *Network) unseen(m bot.Membership, err error) error {
	return &mend{fmt.Sprintf("Le bot n'est pas membre du canal « %s » de l'équipe « %s », ou ce canal n'existe pas. Ajoutez le bot à ce canal "+
		"(menu du canal > Ajouter des membres), ou corrigez son nom court dans les réglages (mattermost.channels)", m.Channel, a.cfg.Team), err}
}

// vouches refuses a channel that gives a role and that anybody may enter.
func vouches(m bot.Membership, c *model.Channel) error {
	if m.Role == bot.Anyone || guarded(c) {
		return nil
	}
	return &mend{fmt.Sprintf("Le canal « %s » donne le rôle %s, et il est public : n'importe qui peut y entrer. Rendez-le privé (menu du canal > "+
		"Convertir en canal privé), ou retirez-lui « role » dans les réglages (mattermost.channels)", m.Channel, m.Role), nil}
}

// byChannel says whether counsellors are the members of a channel, and no more those of the team.
func (a *Network) byChannel() bool {
	return slices.ContainsFunc(a.cfg.Channels, func(m bot.Membership) bool { return m.Role == bot.Conseiller })
}

// errUnseen: the bot may not know who is there, since it is not a member itself any more.
var errUnseen = errors.New("mattermost: the bot is no member")

// isIn asks the server whether somebody is in a channel. It returns errUnseen when the server does not tell the bot.
func (a *Network) isIn(ctx context.Context, channel, user string) (bool, error) {
	_, resp, err := a.api.GetChannelMember(ctx, channel, user, "")
	return membership(resp, err)
}

// isInTeam is isIn for a team.
func (a *Network) isInTeam(ctx context.Context, team, user string) (bool, error) {
	m, resp, err := a.api.GetTeamMember(ctx, team, user, "")
	in, err := membership(resp, err)
	return in && m.DeleteAt == 0, err
}

func membership(resp *model.Response, err error) (bool, error) {
	switch {
	case err == nil:
		return true, nil
	case status(resp) == http.StatusNotFound:
		return false, nil
	case status(resp) == http.StatusForbidden:
		return false, errUnseen
	}
	return false, fmt.Errorf("mattermost: read a membership: %w", err)
}

// rights asks for the highest role that the person has now, and stops at the first that she has. Of a channel that she is in
// it is asked again whether it is guarded: it may have been opened since.
func (p *person) rights(ctx context.Context) (bot.Role, error) {
	for _, role := range bot.ProRoles() {
		if has, err := p.isVouched(ctx, role); err != nil || has {
			return role, err
		}
	}
	switch {
	case p.byChannel():
		return bot.Anyone, nil
	case p.team == "":
		return bot.Conseiller, nil
	}
	if in, err := p.isInTeam(ctx, p.team, p.id); err != nil || !in {
		return bot.Anyone, err
	}
	return bot.Conseiller, nil
}

func (p *person) isVouched(ctx context.Context, role bot.Role) (bool, error) {
	for _, c := range p.channels {
		if c.Role != role {
			continue
		}
		in, err := p.isIn(ctx, c.id, p.id)
		if err != nil {
			return false, err
		}
		if !in {
			continue
		}
		channel, resp, err := p.api.GetChannel(ctx, c.id)
		switch {
		case gone(resp):
		case err != nil:
			return false, fmt.Errorf("mattermost: read a channel: %w", err)
		case channel.DeleteAt == 0 && guarded(channel):
			return true, nil
		}
	}
	return false, nil
}
