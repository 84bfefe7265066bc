package mattermost_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"passeur/adapters/mattermost"
	"passeur/bot"
	"passeur/e2e/peers"

	"github.com/mattermost/mattermost/server/public/model"
)

func sender(cfg mattermost.Config) *mattermost.Network {
	none := func(context.Context) (map[string]string, error) { return nil, nil }
	return mattermost.New(cfg, none, slog.New(slog.DiscardHandler))
}

func sent(t *testing.T, a *mattermost.Network, to bot.Address, m bot.Rendered) string {
	t.Helper()
	id, err := a.Send(t.Context(), to, m)
	if err != nil || id == "" {
		t.Fatalf("Send: id %q, %v", id, err)
	}
	return id
}

func send(t *testing.T, s *peers.Mattermost) {
	a, marie := sender(config(s)), person(t, s)
	to := address(marie)
	root := sent(t, a, to, bot.Rendered{Key: "k1", About: "rdv/1", Text: "un"})
	p := s.NextPost(t, marie, nil)
	if p.Id != root || p.Message != "un" || p.GetProp("passeur_key") != "k1" || p.GetProp("passeur_about") != "rdv/1" {
		t.Errorf("posted %q with %v", p.Message, p.GetProps())
	}
	in := sent(t, a, to, bot.Rendered{Key: "k2", Text: "deux", Thread: root})
	below := sent(t, a, to, bot.Rendered{Key: "k3", Text: "trois", Thread: in}) // a reply, no root: the server refuses it as one
	for _, id := range []string{in, below} {
		if got := find(t, s, marie, id).RootId; got != root {
			t.Errorf("root %q, want %s", got, root)
		}
	}
	if id := sent(t, a, to, bot.Rendered{Key: "k4", Text: "un bis", Replace: root}); id != root {
		t.Errorf("replaced %s, want %s", id, root)
	}
	if p := find(t, s, marie, root); p.Message != "un bis" || p.GetProp("passeur_about") != "rdv/1" {
		t.Errorf("replaced by %q with %v", p.Message, p.GetProps())
	}
	if _, err := s.Bot.DeletePost(t.Context(), root); err != nil {
		t.Fatal(err)
	}
	if id := sent(t, a, to, bot.Rendered{Key: "k5", Text: "un ter", Replace: root}); id == root {
		t.Error("a deleted post was edited")
	}
	if id := sent(t, a, to, bot.Rendered{Key: "k6", Text: "quatre", Thread: root}); find(t, s, marie, id).RootId != "" {
		t.Error("posted in a thread that is gone")
	}
}

// sendBelow: an answer to a colleague's post stands in its thread, of a root and of a reply alike; when that post is gone it stands in the channel.
func sendBelow(t *testing.T, s *peers.Mattermost) {
	a, marie, c := sender(config(s)), person(t, s), room(t, s, model.ChannelTypePrivate)
	enter(t, s, c, marie.Id)
	to := bot.Address("mattermost:#" + c.Id)
	root := s.PostIn(t, marie, c.Id, "", "Qui connaît la carte mobilité inclusion ?")
	reply := s.PostIn(t, marie, c.Id, root.Id, "Je précise")
	for key, below := range map[string]string{"k1": root.Id, "k2": reply.Id} {
		id := sent(t, a, to, bot.Rendered{Key: key, Text: "Karim a répondu.", Thread: below})
		if p := find(t, s, marie, id); p.RootId != root.Id || p.ChannelId != c.Id {
			t.Errorf("below %s: in the thread of %q", below, p.RootId)
		}
	}
	if _, err := marie.API.DeletePost(t.Context(), root.Id); err != nil {
		t.Fatal(err)
	}
	id := sent(t, a, to, bot.Rendered{Key: "k3", Text: "Karim a répondu.", Thread: root.Id})
	if p := find(t, s, marie, id); p.RootId != "" || p.ChannelId != c.Id {
		t.Errorf("the post is gone: in the thread of %q", p.RootId)
	}
	leave(t, s, c, s.BotID)
	if _, err := a.Send(t.Context(), to, bot.Rendered{Key: "k4", Text: "Karim a répondu.", Thread: root.Id}); !errors.Is(err, bot.ErrRefused) {
		t.Errorf("to a channel without the bot: %v, want a refusal", err)
	}
}

func find(t *testing.T, s *peers.Mattermost, u *peers.User, id string) *model.Post {
	t.Helper()
	p, _, err := u.API.GetPost(t.Context(), id, "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// lossy is a reverse proxy that lets requests through and loses the next answer to a new post.
func lossy(t *testing.T, target string) (address string, lose *atomic.Bool) {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	lose = &atomic.Bool{}
	proxy := httputil.NewSingleHostReverseProxy(u)
	proxy.ModifyResponse = func(r *http.Response) error {
		if r.Request.Method == http.MethodPost && strings.HasSuffix(r.Request.URL.Path, "/posts") && lose.Swap(false) {
			return errors.New("lost")
		}
		return nil
	}
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL, lose
}

func lostAnswer(t *testing.T, s *peers.Mattermost) {
	cfg := config(s)
	var lose *atomic.Bool
	cfg.URL, lose = lossy(t, s.URL)
	a, marie := sender(cfg), person(t, s)
	lose.Store(true)
	m := bot.Rendered{Key: "perdu", Attempt: 1, Text: strings.Repeat("mot ", 6000)}
	if _, err := a.Send(t.Context(), address(marie), m); err == nil || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrUncertain) {
		t.Fatalf("the answer was lost: %v", err)
	}
	s.Restart(t) // the server forgets the pending post ids that it has seen
	m.Attempt = 2
	id := sent(t, a, address(marie), m)
	posts := s.Posts(t, marie)
	if len(posts) != 2 || posts[0].Id != id {
		t.Errorf("%d posts stand, want the first part and the second; first %s, want %s", len(posts), posts[0].Id, id)
	}
}

func longText(t *testing.T, s *peers.Mattermost) {
	a, marie := sender(config(s)), person(t, s)
	paragraph := strings.Repeat(strings.Repeat("é", 99)+"\n", 30) // of 3,000 runes: five make a post, and no line is torn from its own
	text := strings.TrimSpace(strings.Repeat(paragraph+"\n", 12))
	id := sent(t, a, address(marie), bot.Rendered{Key: "long", Text: text})
	if again := sent(t, a, address(marie), bot.Rendered{Key: "long", Text: text, Attempt: 2}); again != id {
		t.Errorf("another attempt gave %s, want %s", again, id)
	}
	posts := s.Posts(t, marie)
	var joined []string
	for _, p := range posts {
		joined = append(joined, p.Message)
	}
	if len(posts) != 3 || posts[0].Id != id || strings.Join(joined, "\n\n") != text {
		t.Errorf("%d parts, first %s, want 3 and %s", len(posts), posts[0].Id, id)
	}
}

func nobodyCalled(t *testing.T, s *peers.Mattermost) {
	ctx := t.Context()
	marie := person(t, s)
	room, _, err := s.Admin.CreateChannel(ctx, &model.Channel{TeamId: s.Team.Id, Name: "entraide-" + marie.Username, DisplayName: "Entraide", Type: model.ChannelTypeOpen})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Admin.AddTeamMember(ctx, s.Team.Id, s.BotID); err != nil {
		t.Fatal(err)
	}
	for id, api := range map[string]*model.Client4{marie.Id: marie.API, s.BotID: s.Bot} { // who is added by another is mentioned
		if _, _, err := api.AddChannelMember(ctx, room.Id, id); err != nil {
			t.Fatal(err)
		}
	}
	mentions := func() int64 {
		member, _, err := s.Admin.GetChannelMember(ctx, room.Id, marie.Id, "")
		if err != nil {
			t.Fatal(err)
		}
		return member.MentionCount
	}
	for _, text := range []string{"@all venez", "oui @channel!", "&#64;here", `\@all`, "_@All_", "@here.", "a.@channel"} {
		sent(t, sender(config(s)), bot.Address("mattermost:#"+room.Id), bot.Rendered{Text: text})
		if n := mentions(); n != 0 {
			t.Fatalf("%q called %d times", text, n)
		}
	}
	if _, _, err := s.Bot.CreatePost(ctx, &model.Post{ChannelId: room.Id, Message: "@all"}); err != nil {
		t.Fatal(err)
	}
	peers.Until(t, limit, "", func() error { // the test's own proof: what is not made harmless does call
		if mentions() != 1 {
			return errors.New("nobody was called")
		}
		return nil
	})
}

func refused(t *testing.T, s *peers.Mattermost) {
	a, marie, gone := sender(config(s)), person(t, s), person(t, s)
	if _, err := s.Admin.UpdateUserActive(t.Context(), gone.Id, false); err != nil {
		t.Fatal(err)
	}
	for _, to := range []bot.Address{address(gone), bot.Address("mattermost:" + model.NewId()), bot.Address("mattermost:#" + model.NewId()), "mattermost:marie", "sms:+33639981234"} {
		if _, err := a.Send(t.Context(), to, bot.Rendered{Key: "refus", Text: "bonjour"}); !errors.Is(err, bot.ErrRefused) {
			t.Errorf("to %s: %v, want a refusal", to, err)
		}
	}
	cfg := config(s)
	cfg.Token = model.NewId()
	if _, err := sender(cfg).Send(t.Context(), address(marie), bot.Rendered{Text: "bonjour"}); err == nil || errors.Is(err, bot.ErrRefused) {
		t.Errorf("with a wrong token: %v, want an error that is worth another try", err)
	}
}

func check(t *testing.T, s *peers.Mattermost) {
	for _, f := range sender(config(s)).Check(t.Context()) {
		if !f.OK {
			t.Errorf("not well: %s", f.Text)
		}
	}
	person := person(t, s)
	for name, test := range map[string]struct {
		change func(*mattermost.Config)
		says   string
	}{
		"address":     {func(c *mattermost.Config) { c.URL = "mattermost.example.org" }, "pas valable"},
		"unreachable": {func(c *mattermost.Config) { c.URL = "http://" + peers.Addr(peers.FreePort(t)) }, "ne répond pas"},
		"token":       {func(c *mattermost.Config) { c.Token = model.NewId() }, "refuse le jeton"},
		"person":      {func(c *mattermost.Config) { c.Token = person.API.AuthToken }, "celui d'une personne"},
		"team":        {func(c *mattermost.Config) { c.Team = "inconnue" }, "ne voit pas l'équipe"},
	} {
		cfg := config(s)
		test.change(&cfg)
		var bad []string
		for _, f := range sender(cfg).Check(t.Context()) {
			if !f.OK {
				bad = append(bad, f.Text)
			}
		}
		if len(bad) != 1 || !strings.Contains(bad[0], test.says) {
			t.Errorf("%s: %q, want one finding with %q", name, bad, test.says)
		}
	}
}

func revoked(t *testing.T, s *peers.Mattermost) {
	s.NewToken(t) // one of its own: the others stay valid
	cfg := config(s)
	l := listen(t, cfg, nil)
	marie := person(t, s)
	s.Post(t, marie, "bonjour")
	l.wait(t, marie, 1)
	if _, err := s.Admin.RevokeUserAccessToken(t.Context(), s.TokenID); err != nil {
		t.Fatal(err)
	}
	err := <-l.ended
	if err == nil || !strings.Contains(err.Error(), "créez un nouveau jeton") {
		t.Errorf("Listen: %v", err)
	}
	l.ended <- nil // for stop
	if err := sender(cfg).Listen(t.Context(), l.hear); err == nil || !strings.Contains(err.Error(), "créez un nouveau jeton") {
		t.Errorf("Listen with a revoked token: %v", err)
	}
	s.NewToken(t)
}
