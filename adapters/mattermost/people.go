package mattermost

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// person is who writes in a channel. The server is asked once for each reading of the channel, so that rights are
// never older than that.
type person struct {
	*listener
	id    string
	asked bool

	role   bot.Role
	called string
	locale string // "fr", "en": what the person reads Mattermost in
	speaks bool
}

// ask learns what the person may do, is called and reads. Guests, bots and deactivated accounts do not speak to the bot. Who is neither
// in the team nor in a channel that gives a role may speak and has no rights.
func (p *person) ask(ctx context.Context) error {
	if p.asked {
		return nil
	}
	u, resp, err := p.api.GetUser(ctx, p.id, "")
	if gone(resp) {
		p.asked = true
		return nil
	}
	if err != nil {
		return fmt.Errorf("mattermost: read an account: %w", err)
	}
	p.called, p.locale = callName(u, p.cfg.SwapNames), u.Locale
	p.locales.Store(p.id, p.locale)
	if fullAccount(u) {
		if p.role, err = p.rights(ctx); err != nil {
			return err
		}
		p.speaks = true
	}
	p.asked = true
	return nil
}

// sign says on an event whose it is, once that was asked.
func (p *person) sign(e *bot.Event) {
	if e.Values == nil {
		e.Values = map[string]string{}
	}
	e.From, e.Role = bot.Address(name+":"+p.id), p.role
	e.Values["name"], e.Values["locale"] = p.called, p.locale
}

// fullAccount says whether an account is an active person's and no guest's.
func fullAccount(u *model.User) bool { return !u.IsBot && !u.IsGuest() && u.DeleteAt == 0 }

// callName is how the bot speaks of somebody: first and last name, or else the nickname, or else the user name.
func callName(u *model.User, swap bool) string {
	first, last := strings.TrimSpace(u.FirstName), strings.TrimSpace(u.LastName)
	if swap {
		first, last = last, first
	}
	for _, called := range []string{strings.TrimSpace(first + " " + last), strings.TrimSpace(u.Nickname)} {
		if called != "" {
			return called
		}
	}
	return u.Username
}

// findTeam returns the counsellors' team. A team that the bot cannot see is a mend error.
func (a *Network) findTeam(ctx context.Context) (*model.Team, error) {
	team, resp, err := a.api.GetTeamByName(ctx, a.cfg.Team, "")
	if err == nil {
		return a.inTeam(ctx, team)
	}
	if gone(resp) {
		return nil, &mend{fmt.Sprintf("Le bot ne voit pas l'équipe Mattermost « %s ». Vérifiez son nom court dans les réglages "+
			"(celui de l'adresse de l'équipe) et ajoutez le bot à cette équipe", a.cfg.Team), err}
	}
	return nil, fmt.Errorf("mattermost: find the team: %w", err)
}

// inTeam makes sure that the bot is a member: only members may read who else is.
func (a *Network) inTeam(ctx context.Context, team *model.Team) (*model.Team, error) {
	me, err := a.myself(ctx)
	if err != nil {
		return nil, err
	}
	in, err := a.isInTeam(ctx, team.Id, me)
	if err != nil && !errors.Is(err, errUnseen) {
		return nil, err
	}
	if !in {
		return nil, &mend{fmt.Sprintf("Le bot n'est pas membre de l'équipe Mattermost « %s » : il ne peut pas savoir qui est conseiller. "+
			"Ajoutez-le à cette équipe (menu de l'équipe > Ajouter des membres)", a.cfg.Team), err}
	}
	return team, nil
}
