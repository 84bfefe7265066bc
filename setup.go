package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"passeur/adapters/mattermost"
)

// setupCmd prepares the servers that Passeur works with.
type setupCmd struct {
	Mattermost setupMattermostCmd `cmd:"" help:"Crée sur un serveur Mattermost ce dont Passeur a besoin ; peut être relancée sans risque."`
}

type setupMattermostCmd struct {
	URL        string `required:"" placeholder:"ADRESSE" help:"L'adresse du serveur, par exemple https://discussion.exemple.fr"`
	Team       string `required:"" placeholder:"NOM" help:"L'équipe des conseillers, comme elle se lit dans l'adresse de Mattermost."`
	PublicURL  string `placeholder:"ADRESSE" help:"L'adresse de Passeur vue par Mattermost ; sans elle, ni boutons ni commande /passeur."`
	AdminToken string `required:"" env:"MATTERMOST_ADMIN_TOKEN" placeholder:"JETON" help:"Le jeton d'un administrateur système ; plutôt par la variable MATTERMOST_ADMIN_TOKEN, qui ne reste pas dans l'historique."`
	Dir        string `default:"." type:"path" placeholder:"DOSSIER" help:"Où écrire les jetons, lisibles de vous seul."`
}

// The files of the tokens, in Dir.
const (
	botTokenFile     = "mattermost-token"
	commandTokenFile = "mattermost-command-token"
)

// Run makes what is missing and says what to write into the settings.
func (c *setupMattermostCmd) Run(ctx context.Context, s streams) error {
	kept, err := os.ReadFile(filepath.Join(c.Dir, botTokenFile))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	done, found, err := mattermost.Install(ctx, mattermost.Plan{URL: c.URL, AdminToken: c.AdminToken, Team: c.Team, PublicURL: c.PublicURL,
		BotToken: strings.TrimSpace(string(kept))})
	r := &report{out: s.out}
	for _, f := range found {
		if f.OK {
			r.ok("%s", f.Text)
		} else {
			r.warn("À faire par un administrateur : %s", f.Text)
		}
	}
	if err := errors.Join(err, c.keep(botTokenFile, done.BotToken), c.keep(commandTokenFile, done.CommandToken)); err != nil {
		return err
	}
	c.show(s.out, done)
	return nil
}

// keep writes a token for its owner alone.
func (c *setupMattermostCmd) keep(name, token string) error {
	if token == "" {
		return nil
	}
	path := filepath.Join(c.Dir, name)
	if err := os.WriteFile(path, []byte(token+"\n"), 0o600); err != nil {
		return fmt.Errorf("impossible d'écrire le jeton dans %s : %w", path, err)
	}
	return os.Chmod(path, 0o600) // of a file that was there
}

func (c *setupMattermostCmd) show(out io.Writer, done mattermost.Installed) {
	fmt.Fprint(out, "\nÀ mettre dans les réglages :\n\n")
	if c.PublicURL != "" {
		fmt.Fprintf(out, "public_url: %s\n", c.PublicURL)
	}
	fmt.Fprintf(out, "desk: mattermost:#%s\nmattermost:\n  url: %s\n  token_file: %s\n", done.Desk, c.URL, filepath.Join(c.Dir, botTokenFile))
	if done.CommandToken != "" {
		fmt.Fprintf(out, "  command_token_file: %s\n", filepath.Join(c.Dir, commandTokenFile))
	}
	fmt.Fprintf(out, "  team: %s\n  channels:\n", c.Team)
	for _, m := range done.Channels {
		fmt.Fprintf(out, "    - channel: %s\n      role: %s\n", m.Channel, m.Role)
	}
}
