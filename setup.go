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
	Dir        string `default:"." type:"path" placeholder:"DOSSIER" help:"Où écrire les jetons, lisibles de vous seul, et passeur.yaml s'il n'y est pas."`
}

// The files of the tokens, in Dir.
const (
	botTokenFile     = "mattermost-token"
	commandTokenFile = "mattermost-command-token"
	settingsFile     = "passeur.yaml" // written once, never over one that is there
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
	return c.settings(s.out, done)
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

// settings writes a file of settings where there is none, and otherwise says what to add to it.
func (c *setupMattermostCmd) settings(out io.Writer, done mattermost.Installed) error {
	path := filepath.Join(c.Dir, settingsFile)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if errors.Is(err, os.ErrExist) {
		fmt.Fprintf(out, "\nÀ mettre dans les réglages :\n\n")
		return c.write(out, done)
	}
	if err != nil {
		return fmt.Errorf("impossible d'écrire les réglages dans %s : %w", path, err)
	}
	if err := errors.Join(c.write(f, done), f.Close()); err != nil {
		return fmt.Errorf("impossible d'écrire les réglages dans %s : %w", path, err)
	}
	fmt.Fprintf(out, "\nLes réglages sont écrits dans %s :\n\n", path)
	if err := c.write(out, done); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nEnsuite : passeur check -c %[1]s, puis passeur serve -c %[1]s\n", path)
	return nil
}

// write writes the settings that Mattermost needs.
func (c *setupMattermostCmd) write(out io.Writer, done mattermost.Installed) error {
	var b strings.Builder
	if c.PublicURL != "" {
		fmt.Fprintf(&b, "public_url: %s\n", c.PublicURL)
	}
	fmt.Fprintf(&b, "desk: mattermost:#%s\nmattermost:\n  url: %s\n  token_file: %s\n", done.Desk, c.URL, filepath.Join(c.Dir, botTokenFile))
	if done.CommandToken != "" {
		fmt.Fprintf(&b, "  command_token_file: %s\n", filepath.Join(c.Dir, commandTokenFile))
	}
	fmt.Fprintf(&b, "  team: %s\n  channels:\n", c.Team)
	for _, m := range done.Channels {
		fmt.Fprintf(&b, "    - channel: %s\n      role: %s\n", m.Channel, m.Role)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
