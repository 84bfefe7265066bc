package mattermost

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// The names of what Install makes.
const (
	botName     = "passeur"
	deskName    = "passeur-accueil"
	commandName = "passeur"
)

// roleChannels are the private channels that give roles.
var roleChannels = []struct {
	means                 bot.Membership
	display, purpose, who string
}{
	{bot.Membership{Channel: "passeur-conseillers", Role: bot.Conseiller}, "Passeur, conseillers",
		"Qui est ici est conseiller pour Passeur", "tous les conseillers"},
	{bot.Membership{Channel: "passeur-coordination", Role: bot.Coordinateur}, "Passeur, coordination",
		"Qui est ici est coordinateur pour Passeur", "les coordinateurs"},
}

// Plan is what Install is to make, and with whose rights.
type Plan struct {
	URL        string // of the server
	AdminToken string // access token of a system administrator: used here, kept nowhere
	Team       string // short name of the counsellors' team
	PublicURL  string // where the server reaches Passeur; "" no slash command
	BotToken   string // from an earlier time; kept while it works
}

// Installed is what the settings need to know.
type Installed struct {
	BotToken     string
	CommandToken string           // "" without a PublicURL
	Desk         string           // id of the private channel for what has no counsellor
	Channels     []bot.Membership // of the team: those whose members are counsellors, and coordinators
}

// Install makes, on a server, all that Passeur needs and that is not there: the team, the bot's account and its token, the
// private channels of the desk, of the counsellors and of the coordinators, the slash command. What is there is left as it is, so it may be run again at any time. The
// findings say in French what was done, and what an administrator must still switch on; an error is a sentence, and what was
// made before it stays.
func Install(ctx context.Context, p Plan) (Installed, []Finding, error) {
	p.URL, p.PublicURL = strings.TrimRight(p.URL, "/"), strings.TrimRight(p.PublicURL, "/")
	in := &installer{Plan: p}
	in.api, _ = newClient(p.URL, p.AdminToken, timeout)
	for _, step := range []func(context.Context) error{in.admits, in.switches, in.makeTeam, in.makeBot, in.makeToken, in.makeDesk, in.makeRoleChannels, in.makeCommand} {
		if err := step(ctx); err != nil {
			return in.done, in.found, err
		}
	}
	return in.done, in.found, nil
}

type installer struct {
	Plan
	api   *model.Client4
	me    *model.User
	team  *model.Team
	bot   string // its user id
	done  Installed
	found []Finding
}

func (in *installer) did(format string, args ...any) {
	in.found = append(in.found, Finding{OK: true, Text: fmt.Sprintf(format, args...)})
}

func (in *installer) todo(format string, args ...any) {
	in.found = append(in.found, Finding{Text: fmt.Sprintf(format, args...)})
}

// admits makes sure that the token is an administrator's.
func (in *installer) admits(ctx context.Context) (err error) {
	if err := checkAddress(in.URL); err != nil {
		return err
	}
	var resp *model.Response
	in.me, resp, err = in.api.GetMe(ctx, "")
	switch {
	case status(resp) == http.StatusUnauthorized:
		return &mend{"Mattermost refuse le jeton d'administrateur. Créez-en un : Profil > Sécurité > Jetons d'accès personnels", err}
	case err != nil:
		return &mend{fmt.Sprintf("Le serveur Mattermost ne répond pas à l'adresse %s (%s)", in.URL, cause(err)), err}
	case !in.me.IsSystemAdmin():
		return &mend{"Ce jeton est celui de @" + in.me.Username + ", qui n'administre pas le serveur : il faut le jeton d'un administrateur système", nil}
	}
	in.found = append(in.found, version(resp.ServerVersion))
	return nil
}

// switches reads the settings that only an administrator changes. Without bot accounts nothing more can be done.
func (in *installer) switches(ctx context.Context) error {
	cfg, _, err := in.api.GetConfig(ctx)
	if err != nil {
		return failed("lire les réglages du serveur", err)
	}
	s := &cfg.ServiceSettings
	if !value(s.EnableBotAccountCreation) {
		return &mend{"Le serveur n'admet pas de comptes de bot. Console système > Intégrations > Comptes de bot : activez la création, puis relancez", nil}
	}
	if value(s.SiteURL) == "" {
		in.todo("L'adresse du site (SiteURL) n'est pas réglée : Console système > Serveur Web")
	}
	if locale := value(cfg.LocalizationSettings.DefaultClientLocale); locale != "fr" {
		in.todo("Les nouveaux comptes liront Mattermost en « %s », et Passeur en anglais si c'est « en » : Console système > Localisation > Langue du client par défaut", locale)
	}
	if in.PublicURL == "" {
		return nil
	}
	if !value(s.EnableCommands) {
		in.todo("Les commandes sont coupées : Console système > Intégrations > Gestion : activez les commandes slash")
	}
	if host := hostOf(in.PublicURL); private(host) && !strings.Contains(value(s.AllowedUntrustedInternalConnections), host) {
		in.todo("Ajoutez %s à AllowedUntrustedInternalConnections (Console système > Développeur) : sinon les boutons et /%s échouent sans rien dire", host, commandName)
	}
	return nil
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// private tells whether Mattermost takes a host for one of the inside, to which it calls only when told to.
func private(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast())
}

func failed(doing string, err error) error {
	return &mend{fmt.Sprintf("Mattermost n'a pas voulu %s (%s)", doing, cause(err)), err}
}

func (in *installer) makeTeam(ctx context.Context) error {
	team, resp, err := in.api.GetTeamByName(ctx, in.Team, "")
	if gone(resp) {
		team, _, err = in.api.CreateTeam(ctx, &model.Team{Name: in.Team, DisplayName: in.Team, Type: model.TeamInvite})
		if err == nil {
			in.did("L'équipe « %s » est créée, sur invitation", in.Team)
		}
	} else if err == nil {
		in.did("L'équipe « %s » existe", in.Team)
	}
	if err != nil {
		return failed("donner l'équipe « "+in.Team+" »", err)
	}
	in.team = team
	return nil
}

// makeBot makes the account, or wakes it, and makes it a member of the team: only members see who else is.
func (in *installer) makeBot(ctx context.Context) error {
	u, resp, err := in.api.GetUserByUsername(ctx, botName, "")
	switch {
	case gone(resp):
		b, _, err := in.api.CreateBot(ctx, &model.Bot{Username: botName, DisplayName: "Passeur",
			Description: "Rendez-vous, rappels par SMS, réponses des personnes. Écrivez-moi : aide"})
		if err != nil {
			return failed("créer le compte de bot", err)
		}
		in.bot = b.UserId
		in.did("Le compte de bot @%s est créé", botName)
	case err != nil:
		return failed("chercher le compte @"+botName, err)
	case !u.IsBot:
		return &mend{fmt.Sprintf("Le nom @%s est celui d'une personne : renommez ce compte, puis relancez", botName), nil}
	default:
		in.bot = u.Id
		if u.DeleteAt > 0 {
			if _, _, err := in.api.EnableBot(ctx, u.Id); err != nil {
				return failed("réactiver le compte de bot", err)
			}
		}
		in.did("Le compte de bot @%s existe", botName)
	}
	if _, _, err := in.api.AddTeamMember(ctx, in.team.Id, in.bot); err != nil {
		return failed("ajouter le bot à l'équipe", err)
	}
	return nil
}

// makeToken keeps a token that works, since the server never shows one again, and makes one otherwise.
func (in *installer) makeToken(ctx context.Context) error {
	if in.BotToken != "" {
		own := model.NewAPIv4Client(in.URL)
		own.HTTPClient = in.api.HTTPClient
		own.SetToken(in.BotToken)
		if u, _, err := own.GetMe(ctx, ""); err == nil && u.Id == in.bot {
			in.done.BotToken = in.BotToken
			in.did("Le jeton du bot vaut toujours")
			return nil
		}
	}
	made, _, err := in.api.CreateUserAccessToken(ctx, in.bot, "Passeur")
	if err != nil {
		return failed("donner un jeton au bot", err)
	}
	in.done.BotToken = made.Token
	in.did("Le bot a un nouveau jeton")
	return nil
}

// makeDesk makes the private channel where what has no counsellor is read, with the bot and the administrator in it.
func (in *installer) makeDesk(ctx context.Context) error {
	c, err := in.makeChannel(ctx, deskName, "Passeur, accueil", "Ce que Passeur reçoit et qui n'a pas de conseiller, appels à l'aide compris",
		"ajoutez-y qui doit lire ce qui n'a pas de conseiller")
	if err != nil {
		return err
	}
	if c.Type != model.ChannelTypePrivate {
		in.todo("Le canal « %s » est public, et des personnes y seront nommées : rendez-le privé", deskName)
	}
	in.done.Desk = c.Id
	return nil
}

// makeRoleChannels makes the private channels whose members are counsellors, and coordinators; the administrator is the first of the latter.
func (in *installer) makeRoleChannels(ctx context.Context) error {
	for _, r := range roleChannels {
		c, err := in.makeChannel(ctx, r.means.Channel, r.display, r.purpose, "ajoutez-y "+r.who)
		if err != nil {
			return err
		}
		if !guarded(c) {
			in.todo("Le canal « %s » est public, et Passeur refuse qu'il donne un rôle : rendez-le privé", c.Name)
		}
		if r.means.Role == bot.ProRoles()[0] {
			if _, _, err := in.api.AddChannelMember(ctx, c.Id, in.me.Id); err != nil {
				return failed("vous ajouter au canal « "+c.Name+" »", err)
			}
		}
		in.done.Channels = append(in.done.Channels, r.means)
	}
	return nil
}

// makeChannel makes a private channel, or finds the one of that name, and has the bot in it; then says what is left to do with a new one.
func (in *installer) makeChannel(ctx context.Context, name, display, purpose, then string) (*model.Channel, error) {
	c, resp, err := in.api.GetChannelByName(ctx, name, in.team.Id, "")
	if gone(resp) {
		c, _, err = in.api.CreateChannel(ctx, &model.Channel{TeamId: in.team.Id, Name: name, DisplayName: display, Type: model.ChannelTypePrivate, Purpose: purpose})
		if err == nil {
			in.did("Le canal privé « %s » est créé : %s", name, then)
		}
	} else if err == nil {
		in.did("Le canal « %s » existe", name)
	}
	if err != nil {
		return nil, failed("donner le canal « "+name+" »", err)
	}
	if _, _, err := in.api.AddChannelMember(ctx, c.Id, in.bot); err != nil {
		return nil, failed("ajouter le bot au canal « "+name+" »", err)
	}
	return c, nil
}

// makeCommand makes the slash command, or has the one that is there call where Passeur is now.
func (in *installer) makeCommand(ctx context.Context) error {
	if in.PublicURL == "" {
		in.did("Sans adresse publique, pas de commande /%s ni de boutons : tout se fait en écrivant au bot", commandName)
		return nil
	}
	all, _, err := in.api.ListCommands(ctx, in.team.Id, true)
	if err != nil {
		return failed("lister les commandes", err)
	}
	want := model.Command{TeamId: in.team.Id, Trigger: commandName, Method: model.CommandMethodPost, URL: in.PublicURL + commandPath, DisplayName: "Passeur",
		Description: "Écrire à Passeur depuis n'importe quel canal", AutoComplete: true,
		AutoCompleteDesc: "Rendez-vous et rappels, en message direct", AutoCompleteHint: "aide | mes rdv | rdv 06… Jeanne vendredi 10h mairie"}
	for _, c := range all {
		if c.Trigger == commandName {
			return in.keepCommand(ctx, c, want)
		}
	}
	c, _, err := in.api.CreateCommand(ctx, &want)
	if err != nil {
		return failed("créer la commande /"+commandName, err)
	}
	in.done.CommandToken = c.Token
	in.did("La commande /%s est créée", commandName)
	return nil
}

func (in *installer) keepCommand(ctx context.Context, c *model.Command, want model.Command) error {
	in.done.CommandToken = c.Token
	if c.URL == want.URL && c.Method == want.Method {
		in.did("La commande /%s existe", commandName)
		return nil
	}
	want.Id, want.Token, want.CreatorId = c.Id, c.Token, c.CreatorId
	want.CreateAt, want.UpdateAt = c.CreateAt, c.UpdateAt
	updated, _, err := in.api.UpdateCommand(ctx, &want)
	if err != nil {
		return failed("changer l'adresse de la commande /"+commandName, err)
	}
	in.done.CommandToken = cmp.Or(updated.Token, c.Token)
	in.did("La commande /%s appelle maintenant %s", commandName, want.URL)
	return nil
}
