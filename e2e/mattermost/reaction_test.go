package mattermost_test

import (
	"fmt"
	"testing"
	"time"

	"passeur/bot"
	"passeur/e2e/peers"

	"github.com/mattermost/mattermost/server/public/model"
)

func react(t *testing.T, u *peers.User, post, emoji string) {
	t.Helper()
	if _, _, err := u.API.SaveReaction(t.Context(), &model.Reaction{UserId: u.Id, PostId: post, EmojiName: emoji}); err != nil {
		t.Fatal(err)
	}
}

// shownReactions are the emojis below a post that somebody put there.
func shownReactions(t *testing.T, s *peers.Mattermost, post, user string) (names []string) {
	t.Helper()
	all, _, err := s.Admin.GetReactions(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.UserId == user {
			names = append(names, r.EmojiName)
		}
	}
	return names
}

func reacted(t *testing.T, s *peers.Mattermost) {
	l := listen(t, config(s), nil)
	marie := person(t, s)
	post := asked(t, s, l, marie, "q1")
	if len(post.Attachments()) > 0 {
		t.Errorf("buttons that nobody can press: %+v", post.Attachments())
	}
	if names := shownReactions(t, s, post.Id, me(t, s)); len(names) != 2 {
		t.Errorf("offered %v, want a yes and a no", names)
	}
	react(t, marie, post.Id, "white_check_mark")
	e := l.wait(t, marie, 2)[1]
	if e.Pressed != "q1" || e.Text != "oui" || e.Role != bot.Conseiller || e.Values["name"] == "" {
		t.Errorf("heard %+v", e)
	}
	sent(t, l.Network, address(marie), bot.Rendered{Key: "q1b", Text: "C'est noté.", Replace: post.Id})
	if names := shownReactions(t, s, post.Id, me(t, s)); len(names) != 0 {
		t.Errorf("still offered: %v", names)
	}

	second := find(t, s, marie, sent(t, l.Network, address(marie), bot.Rendered{Key: "q2", Text: "Vous venez ?", Choices: choices}))
	l.stop()
	react(t, marie, second.Id, "x")
	again := listen(t, config(s), l.cursors)
	if e := again.wait(t, marie, 1)[0]; e.Pressed != "q2" || e.Text != "non" {
		t.Errorf("heard %+v", e)
	}
	closed(t, again, marie, second.Id)
}

// reactedElsewhere: what other people react to, with other emojis, on other posts, in other channels answers nothing.
func reactedElsewhere(t *testing.T, s *peers.Mattermost) {
	l := listen(t, config(s), nil)
	marie := person(t, s)
	post := asked(t, s, l, marie, "q1")
	own := s.Post(t, marie, "à demain")
	l.wait(t, marie, 2)
	said := sent(t, l.Network, address(marie), bot.Rendered{Key: "n1", Text: "Jeanne vient."})
	shortcut := sent(t, l.Network, address(marie), bot.Rendered{Key: "n2", Text: "Jeanne écrit.", Choices: []bot.Choice{{Words: "oui", Label: "Répondre", Beside: true}}})
	for _, id := range []string{own.Id, said, shortcut} {
		react(t, marie, id, "white_check_mark")
	}
	react(t, marie, post.Id, "heart")
	room := square(t, s)
	if _, _, err := s.Admin.AddChannelMember(t.Context(), room, me(t, s)); err != nil {
		t.Fatal(err)
	}
	public := sent(t, l.Network, bot.Address("mattermost:#"+room), bot.Rendered{Key: "q3", Text: "Qui vient ?", Choices: choices})
	react(t, marie, public, "white_check_mark")
	fake, _, err := marie.API.CreatePost(t.Context(), &model.Post{ChannelId: s.DM(t, marie).Id, Message: "moi aussi",
		Props: model.StringInterface{"passeur_key": "q1", "passeur_choices": map[string]any{"white_check_mark": "oui"}}})
	if err != nil {
		t.Fatal(err)
	}
	react(t, marie, fake.Id, "white_check_mark")
	l.wait(t, marie, 3)
	react(t, marie, post.Id, "x") // the last frame: when it was heard, those before were
	peers.Until(t, 20*time.Second, "", func() error {
		events := l.from(marie)
		if last := events[len(events)-1]; last.Pressed != "q1" {
			return fmt.Errorf("heard last %+v", last)
		}
		return nil
	})
	if events := l.from(marie); len(events) != 4 || events[3].Text != "non" {
		t.Errorf("heard %+v", events)
	}
	closed(t, l, marie, post.Id)
}

// closed ends a question, as the bot does: who listens from then on hears none of its reactions.
func closed(t *testing.T, l *listening, u *peers.User, post string) {
	t.Helper()
	sent(t, l.Network, address(u), bot.Rendered{Key: model.NewId(), Text: "C'est noté.", Replace: post})
}

func square(t *testing.T, s *peers.Mattermost) string {
	t.Helper()
	c, _, err := s.Admin.GetChannelByName(t.Context(), model.DefaultChannelName, s.Team.Id, "")
	if err != nil {
		t.Fatal(err)
	}
	return c.Id
}

// reactedBefore: a yes that stood below a post before it was edited to ask something is no answer to that.
func reactedBefore(t *testing.T, s *peers.Mattermost) {
	l := listen(t, config(s), nil)
	marie := person(t, s)
	s.Post(t, marie, "bonjour")
	l.wait(t, marie, 1)
	which := bot.Rendered{Key: "q1", Text: "Lequel ?", Choices: []bot.Choice{{Words: "1", Label: "Jeanne"}, {Words: "2", Label: "Paul"}}}
	post := sent(t, l.Network, address(marie), which)
	react(t, marie, post, "white_check_mark")
	react(t, marie, post, "one")
	l.wait(t, marie, 2)
	sent(t, l.Network, address(marie), bot.Rendered{Key: "q2", Text: "J'annule ?", Replace: post, Choices: choices})
	react(t, marie, post, "x")
	if e := l.wait(t, marie, 3)[2]; e.Pressed != "q2" || e.Text != "non" {
		t.Errorf("heard %+v", e)
	}
	closed(t, l, marie, post)
}
