package mattermost_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"passeur/bot"
	"passeur/e2e/peers"

	"github.com/mattermost/mattermost/server/public/model"
)

var people atomic.Int64

func uniqueName() string { return fmt.Sprintf("marie%d", people.Add(1)) }

func firstMessage(t *testing.T, s *peers.Mattermost) {
	l := listen(t, config(s), nil)
	marie := person(t, s)
	post := s.Post(t, marie, "Bonjour, que sais-tu faire ?")
	e := l.wait(t, marie, 1)[0]
	want := bot.Event{
		ID: "mattermost/" + post.Id, At: time.UnixMilli(post.CreateAt).UTC(), From: address(marie), Role: bot.Conseiller,
		Text: post.Message, Cursor: post.Id, Resuming: "mattermost:" + post.ChannelId,
	}
	if name := e.Values["name"]; name != marie.FirstName+" Exemple" {
		t.Errorf("name %q", name)
	}
	e.Values = nil
	if fmt.Sprint(e) != fmt.Sprint(want) {
		t.Errorf("heard\n%v\nwant\n%v", e, want)
	}
}

func firstMessageMissed(t *testing.T, s *peers.Mattermost) {
	marie, paul := person(t, s), person(t, s)
	s.Post(t, marie, "un")
	s.Post(t, marie, "deux")
	say(t, s, paul, "Bienvenue") // the bot spoke first, less than a quarter of an hour ago, and was not heard listening since
	s.Post(t, paul, "merci")
	l := listen(t, config(s), nil)
	if got := texts(l.wait(t, marie, 2)); got != "un|deux" {
		t.Errorf("heard %s", got)
	}
	l.wait(t, paul, 1)
}

// say posts as the bot, without the adapter.
func say(t *testing.T, s *peers.Mattermost, u *peers.User, text string) *model.Post {
	t.Helper()
	p, _, err := s.Bot.CreatePost(context.Background(), &model.Post{ChannelId: s.DM(t, u).Id, Message: text})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// earlierLife dates posts back, which only administrators may do.
func earlierLife(t *testing.T, s *peers.Mattermost) {
	marie := person(t, s)
	promote(t, s, marie.Id, "system_user system_admin")
	promote(t, s, s.BotID, "system_user system_admin")
	defer promote(t, s, s.BotID, "system_user")
	channel := s.DM(t, marie).Id
	for _, line := range []struct {
		as   *model.Client4
		text string
		ago  time.Duration
	}{
		{marie.API, "oubliée", 40 * 24 * time.Hour}, {marie.API, "répondue", 2 * time.Hour}, {s.Bot, "réponse", time.Hour},
		{marie.API, "sans réponse", 30 * time.Minute}, {s.Bot, "rappel", time.Minute},
	} {
		at := time.Now().Add(-line.ago).UnixMilli()
		if _, _, err := line.as.CreatePost(t.Context(), &model.Post{ChannelId: channel, Message: line.text, CreateAt: at}); err != nil {
			t.Fatal(err)
		}
	}
	l := listen(t, config(s), nil)
	if got := texts(l.wait(t, marie, 1)); got != "sans réponse" {
		t.Errorf("heard %s", got)
	}
}

func promote(t *testing.T, s *peers.Mattermost, user, roles string) {
	t.Helper()
	if _, err := s.Admin.UpdateUserRoles(context.Background(), user, roles); err != nil {
		t.Fatal(err)
	}
}

func reply(t *testing.T, s *peers.Mattermost) {
	l := listen(t, config(s), nil)
	marie := person(t, s)
	root, err := l.Send(t.Context(), address(marie), bot.Rendered{Key: "rdv/42/news/" + marie.Id, About: "rdv/42", Text: "Jeanne D. vient demain."})
	if err != nil {
		t.Fatal(err)
	}
	s.Reply(t, marie, root, "merci")
	own := s.Post(t, marie, "une question à moi")
	s.Reply(t, marie, own.Id, "la suite")
	events := l.wait(t, marie, 3)
	if e := events[0]; e.About != "rdv/42" || e.ReplyTo != root {
		t.Errorf("reply: about %q, to %q; want rdv/42, %s", e.About, e.ReplyTo, root)
	}
	if e := events[1]; e.About != "" || e.ReplyTo != "" {
		t.Errorf("message: about %q, to %q", e.About, e.ReplyTo)
	}
	if e := events[2]; e.About != "" || e.ReplyTo != own.Id {
		t.Errorf("own thread: about %q, to %q; want none, %s", e.About, e.ReplyTo, own.Id)
	}
}

func ignored(t *testing.T, s *peers.Mattermost) {
	l := listen(t, config(s), nil)
	marie := person(t, s)
	say(t, s, marie, "je parle tout seul")
	for _, mark := range []string{model.PostPropsFromWebhook, model.PostPropsFromBot} {
		p := &model.Post{ChannelId: s.DM(t, marie).Id, Message: "pas d'une personne"}
		p.AddProp(mark, "true")
		if _, _, err := marie.API.CreatePost(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	first := s.Post(t, marie, "première version")
	l.wait(t, marie, 1)
	edited := "seconde version"
	if _, _, err := marie.API.PatchPost(t.Context(), first.Id, &model.PostPatch{Message: &edited}); err != nil {
		t.Fatal(err)
	}
	s.Post(t, marie, "fin")
	if got := texts(l.wait(t, marie, 2)); got != "première version|fin" {
		t.Errorf("heard %s", got)
	}
}

func deactivated(t *testing.T, s *peers.Mattermost) {
	marie, paul := person(t, s), person(t, s)
	s.Post(t, marie, "avant de partir")
	s.Post(t, paul, "je reste")
	if _, err := s.Admin.UpdateUserActive(t.Context(), marie.Id, false); err != nil {
		t.Fatal(err)
	}
	l := listen(t, config(s), nil)
	l.wait(t, paul, 1)
	peers.Until(t, limit, "", l.idle(t, s))
	if got := l.from(marie); len(got) != 0 {
		t.Errorf("heard %d events of a deactivated account", len(got))
	}
}

// idle tells when everything posted before it was called has been heard: a new person's words come last.
func (l *listening) idle(t *testing.T, s *peers.Mattermost) func() error {
	t.Helper()
	last := person(t, s)
	s.Post(t, last, "dernier")
	return func() error {
		if len(l.from(last)) == 0 {
			return fmt.Errorf("the last words were not heard")
		}
		return nil
	}
}

func members(t *testing.T, s *peers.Mattermost) {
	if _, _, err := s.Admin.AddTeamMember(t.Context(), s.Team.Id, s.BotID); err != nil {
		t.Fatal(err)
	}
	cfg := config(s)
	cfg.Team, cfg.SwapNames = s.Team.Name, true
	l := listen(t, cfg, nil)
	marie, left, stranger := person(t, s), person(t, s), s.NewStranger(t, uniqueName())
	if _, err := s.Admin.RemoveTeamMember(t.Context(), s.Team.Id, left.Id); err != nil {
		t.Fatal(err)
	}
	for u, want := range map[*peers.User]bot.Role{marie: bot.Conseiller, left: bot.Anyone, stranger: bot.Anyone} {
		s.Post(t, u, "bonjour")
		e := l.wait(t, u, 1)[0]
		if e.Role != want {
			t.Errorf("%s has role %q, want %q", u.Username, e.Role, want)
		}
		if e.Values["name"] != "Exemple "+u.FirstName {
			t.Errorf("name %q", e.Values["name"])
		}
	}
}

func notTaken(t *testing.T, s *peers.Mattermost) {
	marie, paul := person(t, s), person(t, s)
	l := listen(t, config(s), nil)
	var tried atomic.Int64
	l.mu.Lock()
	l.refuse = func(e bot.Event) bool { return e.From == address(marie) && e.Text == "un" && tried.Add(1) < 4 }
	l.mu.Unlock()
	s.Post(t, marie, "un")
	s.Post(t, marie, "deux")
	s.Post(t, paul, "trois")
	l.wait(t, paul, 1)
	if got := texts(l.wait(t, marie, 2)); got != "un|deux" {
		t.Errorf("heard %s", got)
	}
	if n := tried.Load(); n != 4 {
		t.Errorf("tried %d times, want 4", n)
	}
}

func deletedCursor(t *testing.T, s *peers.Mattermost) {
	marie := person(t, s)
	first := s.Post(t, marie, "un")
	l := listen(t, config(s), nil)
	l.wait(t, marie, 1)
	l.stop()
	if _, err := marie.API.DeletePost(t.Context(), first.Id); err != nil {
		t.Fatal(err)
	}
	s.Post(t, marie, "deux")
	again := listen(t, config(s), l.cursors)
	if got := texts(again.wait(t, marie, 1)); got != "deux" {
		t.Errorf("heard %s", got)
	}
	// A cursor that the server does not know at all (retention) must not silence the channel.
	lost := listen(t, config(s), map[string]string{"mattermost:" + first.ChannelId: model.NewId()})
	if got := texts(lost.wait(t, marie, 1)); got != "deux" {
		t.Errorf("heard %s", got)
	}
}

func caughtUp(t *testing.T, s *peers.Mattermost) {
	const many = 300
	marie := person(t, s)
	l := listen(t, config(s), nil)
	s.Post(t, marie, "0")
	l.wait(t, marie, 1)
	for i := 1; i <= many; i++ {
		s.Post(t, marie, fmt.Sprint(i))
		if i == 20 {
			l.wait(t, marie, 21)
			l.stop()
		}
	}
	again := listen(t, config(s), l.cursors)
	s.Restart(t)
	for i, e := range again.wait(t, marie, many-20) {
		if e.Text != fmt.Sprint(21+i) {
			t.Fatalf("event %d is %q", 21+i, e.Text)
		}
	}
	s.Post(t, marie, "après") // by the new socket
	again.wait(t, marie, many-20+1)
	again.mu.Lock()
	defer again.mu.Unlock()
	for id, n := range again.times {
		if n > 1 {
			t.Errorf("%s passed %d times in one process", id, n)
		}
	}
}

func twoAdapters(t *testing.T, s *peers.Mattermost) {
	marie := person(t, s)
	one, two := listen(t, config(s), nil), listen(t, config(s), nil)
	for i := range 5 {
		s.Post(t, marie, fmt.Sprint(i))
	}
	a, b := one.wait(t, marie, 5), two.wait(t, marie, 5)
	for i := range a {
		if a[i].ID != b[i].ID || a[i].Text != fmt.Sprint(i) {
			t.Errorf("event %d: %s and %s", i, a[i].ID, b[i].ID)
		}
	}
}
