package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"passeur/e2e/peers"
)

// TestSetupMattermost prepares a server that has never seen Passeur, starts the bot with what the command says, and books the
// first appointment by the slash command and a button; then it prepares the server again.
func TestSetupMattermost(t *testing.T) {
	m := peers.StartMattermost(t)
	forget(t, m)
	dir, listen := t.TempDir(), peers.Addr(peers.FreePort(t))
	setup := func(token string) (string, error) {
		var out bytes.Buffer
		t.Setenv("MATTERMOST_ADMIN_TOKEN", token)
		err := run(t.Context(), []string{"setup", "mattermost", "--url", m.URL, "--team", "manche", "--public-url", "http://" + listen, "--dir", dir}, nil, &out, &out)
		return out.String(), err
	}
	for token, says := range map[string]string{model.NewId(): "refuse le jeton", m.NewUser(t, "zoe").API.AuthToken: "n'administre pas"} {
		if _, err := setup(token); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	said, err := setup(m.Admin.AuthToken)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	contains(t, said, "« manche » est créée", "@passeur est créé", "nouveau jeton", "« passeur-accueil » est créé", "« passeur-conseillers » est créé", "« passeur-coordination » est créé",
		"  channels:\n    - channel: passeur-conseillers\n      role: conseiller\n    - channel: passeur-coordination\n      role: coordinateur\n", "/passeur est créée", "desk: mattermost:#", "command_token_file:")
	tokens := map[string]string{}
	for _, name := range []string{botTokenFile, commandTokenFile} {
		info, err := os.Stat(filepath.Join(dir, name))
		raw, _ := os.ReadFile(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 || strings.Contains(said, strings.TrimSpace(string(raw))) {
			t.Errorf("%s: %v, %v; or it was shown", name, err, info)
		}
		tokens[name] = string(raw)
	}

	said, err = setup(m.Admin.AuthToken)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(said, "est créé") || strings.Contains(said, "nouveau") || strings.Contains(said, "sont écrits") || !strings.Contains(said, "À mettre dans les réglages") {
		t.Errorf("made twice:\n%s", said)
	}
	for name, before := range tokens {
		if now, _ := os.ReadFile(filepath.Join(dir, name)); string(now) != before {
			t.Errorf("%s changed", name)
		}
	}

	roomsOfRoles(t, m)
	startServer(t, map[string]string{"PASSEUR_CONFIG": filepath.Join(dir, settingsFile), "PASSEUR_LISTEN": listen}) // the settings that were written
	firstAppointment(t, m)
}

// roomsOfRoles looks at the channels that give roles: private, with the bot in both and the administrator in the coordinators'.
func roomsOfRoles(t *testing.T, m *peers.Mattermost) {
	t.Helper()
	passeur, _, err := m.Admin.GetUserByUsername(t.Context(), "passeur", "")
	if err != nil {
		t.Fatal(err)
	}
	admin, _, err := m.Admin.GetMe(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, members := range map[string][]string{"passeur-conseillers": {passeur.Id}, "passeur-coordination": {passeur.Id, admin.Id}} {
		c := channelOf(t, m, name)
		if c.Type != model.ChannelTypePrivate {
			t.Errorf("%s is of type %s", name, c.Type)
		}
		for _, user := range members {
			if _, _, err := m.Admin.GetChannelMember(t.Context(), c.Id, user, ""); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// channelOf finds a channel of the team that was made.
func channelOf(t *testing.T, m *peers.Mattermost, name string) *model.Channel {
	t.Helper()
	team, _, err := m.Admin.GetTeamByName(t.Context(), "manche", "")
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := m.Admin.GetChannelByName(t.Context(), name, team.Id, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// forget renames the bot of the other tests, so that the server has no account of that name.
func forget(t *testing.T, m *peers.Mattermost) {
	t.Helper()
	other := "autre-bot"
	if _, _, err := m.Admin.PatchBot(t.Context(), m.BotID, &model.BotPatch{Username: &other}); err != nil {
		t.Fatal(err)
	}
}

// firstAppointment is typed by a counsellor of the new team in its public channel, and kept by a button.
func firstAppointment(t *testing.T, m *peers.Mattermost) {
	t.Helper()
	ctx := context.Background()
	marie := m.NewUser(t, "marie")
	team, _, err := m.Admin.GetTeamByName(ctx, "manche", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Admin.AddTeamMember(ctx, team.Id, marie.Id); err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Admin.AddChannelMember(ctx, channelOf(t, m, "passeur-conseillers").Id, marie.Id); err != nil {
		t.Fatal(err)
	}
	square, _, err := marie.API.GetChannelByName(ctx, model.DefaultChannelName, team.Id, "")
	if err != nil {
		t.Fatal(err)
	}
	bot, _, err := marie.API.GetUserByUsername(ctx, "passeur", "")
	if err != nil {
		t.Fatal(err)
	}
	direct, _, err := marie.API.CreateDirectChannel(ctx, marie.Id, bot.Id)
	if err != nil {
		t.Fatal(err)
	}
	latest := func(says string) (found *model.Post) {
		peers.Until(t, time.Minute, "", func() error {
			list, _, err := marie.API.GetPostsForChannel(ctx, direct.Id, 0, 1, "", false, false)
			if err != nil || len(list.Order) == 0 {
				return fmt.Errorf("no post: %v", err)
			}
			if found = list.Posts[list.Order[0]]; !strings.Contains(found.Message, says) {
				return fmt.Errorf("%q does not say %q", found.Message, says)
			}
			return nil
		})
		return found
	}
	latest("Je suis Passeur")                      // she is welcomed once, for being there
	peers.Until(t, time.Minute, "", func() error { // the bot may still be connecting: the command says so and does nothing
		answer, _, err := marie.API.ExecuteCommand(ctx, square.Id, "/passeur rdv 06 39 98 12 34 Jeanne vendredi 10h mairie de Coutances")
		if err == nil && !strings.Contains(answer.Text, "Je vous réponds") {
			err = fmt.Errorf("answered %q", answer.Text)
		}
		return err
	})
	question := latest("C'est bon ?")
	if public, _, err := marie.API.GetPostsForChannel(ctx, square.Id, 0, 20, "", false, false); err != nil || strings.Contains(fmt.Sprint(public.Posts), "39 98") {
		t.Errorf("the channel shows the number, or %v", err)
	}
	m.Press(t, marie, question, "Oui")
	latest("C'est noté")
}
