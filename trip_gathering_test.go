package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"passeur/e2e/peers"
	"passeur/intents/dates"
)

// TestAGatheringOnMattermost: Marie names a channel of a real server; Karim and Paul press the button that all see there, each has his own answer in
// private, and the post shows the count. A channel in which Marie is not is none that she may name.
func TestAGatheringOnMattermost(t *testing.T) {
	mm := peers.StartMattermost(t)
	marie, karim, paul := mm.NewUser(t, "marie"), mm.NewUser(t, "karim"), mm.NewUser(t, "paul")
	_, env := onKannel(t, mm)
	env["PASSEUR_MATTERMOST_TEAM"] = mm.Team.Name
	if _, _, err := mm.Admin.AddTeamMember(t.Context(), mm.Team.Id, mm.BotID); err != nil {
		t.Fatal(err)
	}
	room := channelWith(t, mm, "entraide", marie, karim, paul)
	channelWith(t, mm, "coordination", karim)
	startServer(t, env)
	contains(t, mm.NextPost(t, marie, nil).Message, "Bonjour Marie")

	day := dates.FrenchDay(workdayAfterWorkday(time.Now().In(paris(t))))
	words := fmt.Sprintf(`webinaire %s 14h-15h "Pix" 1 place https://visio.example.org/abc `, day)
	refused := mm.NextPost(t, marie, mm.Post(t, marie, words+"~coordination"))
	contains(t, refused.Message, "~coordination")
	proposal := mm.NextPost(t, marie, mm.Post(t, marie, words+"~entraide @channel"))
	contains(t, proposal.Message, "Je ne peux pas écrire à")
	mm.Press(t, marie, mm.NextPost(t, marie, mm.Post(t, marie, words+"~entraide")), "Oui")
	var post *model.Post
	peers.Until(t, time.Minute, "", func() (err error) { post, err = announced(mm, marie, room, "0 inscrit, 1 place libre"); return err })
	for _, u := range []*peers.User{karim, paul} {
		mm.Press(t, u, post, "Je viens")
	}
	peers.Until(t, time.Minute, "", func() error { return says(mm, karim, "", "vous venez : **Pix**") })
	peers.Until(t, time.Minute, "", func() error { return says(mm, paul, "", "numéro 1 sur la liste d'attente") })
	peers.Until(t, time.Minute, "", func() error {
		_, err := announced(mm, marie, room, "1 inscrit, 0 place libre, 1 en attente")
		return err
	})
	mm.Press(t, karim, post, "Je ne viens pas")
	peers.Until(t, time.Minute, "", func() error { return says(mm, paul, "", "Une place s'est libérée") })
	peers.Until(t, time.Minute, "", func() error {
		_, err := announced(mm, marie, room, "1 inscrit, 0 place libre.")
		return err
	})
}

// channelWith makes a public channel of the team with the bot and some people in it.
func channelWith(t *testing.T, mm *peers.Mattermost, name string, people ...*peers.User) (id string) {
	t.Helper()
	c, _, err := mm.Admin.CreateChannel(t.Context(), &model.Channel{TeamId: mm.Team.Id, Name: name, DisplayName: name, Type: model.ChannelTypeOpen})
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{mm.BotID}
	for _, u := range people {
		ids = append(ids, u.Id)
	}
	for _, user := range ids {
		if _, _, err := mm.Admin.AddChannelMember(t.Context(), c.Id, user); err != nil {
			t.Fatal(err)
		}
	}
	return c.Id
}

// announced is the bot's post in a channel that holds some words.
func announced(mm *peers.Mattermost, u *peers.User, channel, words string) (*model.Post, error) {
	list, _, err := u.API.GetPostsForChannel(context.Background(), channel, 0, 200, "", false, false)
	if err != nil {
		return nil, err
	}
	for _, p := range list.Posts {
		if p.UserId == mm.BotID && strings.Contains(p.Message, words) {
			return p, nil
		}
	}
	return nil, fmt.Errorf("no post in the channel says %q", words)
}
