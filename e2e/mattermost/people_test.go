package mattermost_test

import (
	"context"
	"fmt"
	"io"
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

// room makes a channel of the team with the bot in it.
func room(t *testing.T, s *peers.Mattermost, kind model.ChannelType) *model.Channel {
	t.Helper()
	name := uniqueName()
	c, _, err := s.Admin.CreateChannel(context.Background(), &model.Channel{TeamId: s.Team.Id, Name: name, DisplayName: name, Type: kind})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Admin.AddTeamMember(context.Background(), s.Team.Id, s.BotID); err != nil {
		t.Fatal(err)
	}
	enter(t, s, c, s.BotID)
	return c
}

func enter(t *testing.T, s *peers.Mattermost, c *model.Channel, users ...string) {
	t.Helper()
	for _, user := range users {
		if _, _, err := s.Admin.AddChannelMember(context.Background(), c.Id, user); err != nil {
			t.Fatal(err)
		}
	}
}

func leave(t *testing.T, s *peers.Mattermost, c *model.Channel, user string) {
	t.Helper()
	if _, err := s.Admin.RemoveUserFromChannel(context.Background(), c.Id, user); err != nil {
		t.Fatal(err)
	}
}

// house is a team whose counsellors are those of one channel, and whose places are others.
type house struct {
	counsellors, coordinators, manche, normandie *model.Channel
	cfg                                          mattermost.Config
}

func newHouse(t *testing.T, s *peers.Mattermost) *house {
	t.Helper()
	h := &house{counsellors: room(t, s, model.ChannelTypePrivate), coordinators: room(t, s, model.ChannelTypePrivate),
		manche: room(t, s, model.ChannelTypeOpen), normandie: room(t, s, model.ChannelTypeOpen), cfg: config(s)}
	h.cfg.Team = s.Team.Name
	h.cfg.Channels = []bot.Membership{{Channel: h.counsellors.Name, Role: bot.Conseiller}, {Channel: h.coordinators.Name, Role: bot.Coordinateur},
		{Channel: h.manche.Name, Territory: "50"}, {Channel: h.normandie.Name, Territory: "14", Hub: "Normandie"}}
	return h
}

// told is what the bot was told of somebody last, "" when it was told nothing: role, territories, hubs.
func (l *listening) told(u *peers.User) string {
	events := l.news(u)
	if len(events) == 0 {
		return ""
	}
	e := events[len(events)-1]
	return fmt.Sprintf("%s|%s|%s", e.Role, e.Values["territories"], e.Values["hubs"])
}

func (l *listening) untilTold(t *testing.T, u *peers.User, want string) {
	t.Helper()
	peers.Until(t, limit, "", func() error {
		if got := l.told(u); got != want {
			return fmt.Errorf("of %s was told %q, want %q", u.Username, got, want)
		}
		return nil
	})
}

// rolesByChannel: what the bot is told at the start, and the role of words.
func rolesByChannel(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	marie, sophie, both, nobody := person(t, s), person(t, s), person(t, s), person(t, s)
	enter(t, s, h.counsellors, marie.Id, both.Id)
	enter(t, s, h.coordinators, sophie.Id, both.Id)
	enter(t, s, h.manche, marie.Id, both.Id, nobody.Id)
	enter(t, s, h.normandie, both.Id)
	h.cfg.SwapNames = true
	l := listen(t, h.cfg, nil)
	l.untilTold(t, marie, "conseiller|50|")
	l.untilTold(t, sophie, "coordinateur||")
	l.untilTold(t, both, "coordinateur|50 14|Normandie")
	e := l.news(marie)[0]
	if e.Values["name"] != "Exemple "+marie.FirstName || e.Values["locale"] != marie.Locale || e.Cursor != "" || !strings.HasPrefix(e.ID, "mattermost/member/"+marie.Id+"/") {
		t.Errorf("told %+v", e)
	}
	for u, want := range map[*peers.User]bot.Role{marie: bot.Conseiller, sophie: bot.Coordinateur, both: bot.Coordinateur, nobody: bot.Anyone} {
		s.Post(t, u, "bonjour")
		if e := l.wait(t, u, 1)[0]; e.Role != want {
			t.Errorf("%s writes as %q, want %q", u.Username, e.Role, want)
		}
	}
	if got := l.told(nobody); got != "" {
		t.Errorf("of somebody without a role was told %q", got)
	}
	if got := l.told(&peers.User{User: &model.User{Id: s.BotID}}); got != "" {
		t.Errorf("of the bot was told %q", got)
	}
}

// comingAndGoing follows one counsellor by the server's events alone: there is no sweep meanwhile.
func comingAndGoing(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	h.cfg.Probe = limit
	marie, other := person(t, s), person(t, s)
	enter(t, s, h.counsellors, other.Id)
	l := listen(t, h.cfg, nil)
	l.untilTold(t, other, "conseiller||") // the start is over
	for _, step := range []struct {
		what string
		do   func()
		want string
	}{
		{"enters", func() { enter(t, s, h.counsellors, marie.Id) }, "conseiller||"},
		{"is given a territory", func() { enter(t, s, h.manche, marie.Id) }, "conseiller|50|"},
		{"and another", func() { enter(t, s, h.normandie, marie.Id) }, "conseiller|50 14|Normandie"},
		{"coordinates", func() { enter(t, s, h.coordinators, marie.Id) }, "coordinateur|50 14|Normandie"},
		{"does so no more", func() { leave(t, s, h.coordinators, marie.Id) }, "conseiller|50 14|Normandie"},
		{"loses a territory", func() { leave(t, s, h.manche, marie.Id) }, "conseiller|14|Normandie"},
		{"is deactivated", func() { active(t, s, marie, false) }, "||"},
		{"is back", func() { active(t, s, marie, true) }, "conseiller|14|Normandie"},
		{"leaves the counsellors", func() { leave(t, s, h.counsellors, marie.Id) }, "||"},
		{"enters once more", func() { enter(t, s, h.counsellors, marie.Id) }, "conseiller|14|Normandie"},
		{"leaves the team", func() { exclude(t, s, marie) }, "||"},
	} {
		step.do()
		l.untilTold(t, marie, step.want)
	}
	if got := l.told(other); got != "conseiller||" {
		t.Errorf("of the other was told %q", got)
	}
}

func active(t *testing.T, s *peers.Mattermost, u *peers.User, yes bool) {
	t.Helper()
	if _, err := s.Admin.UpdateUserActive(context.Background(), u.Id, yes); err != nil {
		t.Fatal(err)
	}
}

func exclude(t *testing.T, s *peers.Mattermost, u *peers.User) {
	t.Helper()
	if _, err := s.Admin.RemoveTeamMember(context.Background(), s.Team.Id, u.Id); err != nil {
		t.Fatal(err)
	}
}

// rolesByTeam: without a channel that makes counsellors the team does, and is followed in the same way.
func rolesByTeam(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	h.cfg.Probe, h.cfg.Channels = limit, h.cfg.Channels[1:]
	marie, zoe := person(t, s), s.NewStranger(t, uniqueName())
	enter(t, s, h.manche, marie.Id)
	l := listen(t, h.cfg, nil)
	l.untilTold(t, marie, "conseiller|50|")
	if _, _, err := s.Admin.AddTeamMember(t.Context(), s.Team.Id, zoe.Id); err != nil {
		t.Fatal(err)
	}
	l.untilTold(t, zoe, "conseiller||")
	enter(t, s, h.coordinators, zoe.Id)
	l.untilTold(t, zoe, "coordinateur||")
	exclude(t, s, zoe)
	l.untilTold(t, zoe, "||")
	exclude(t, s, marie)
	l.untilTold(t, marie, "||")
}

// renamed: a name and a language are told as they change.
func renamed(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	h.cfg.Probe = limit
	marie := person(t, s)
	enter(t, s, h.counsellors, marie.Id)
	l := listen(t, h.cfg, nil)
	l.untilTold(t, marie, "conseiller||")
	last, locale := "Lecomte", "en"
	if _, _, err := marie.API.PatchUser(t.Context(), marie.Id, &model.UserPatch{LastName: &last, Locale: &locale}); err != nil {
		t.Fatal(err)
	}
	peers.Until(t, limit, "", func() error {
		if news := l.news(marie); len(news) != 2 || news[1].Values["name"] != marie.FirstName+" Lecomte" || news[1].Values["locale"] != "en" {
			return fmt.Errorf("told %v", news)
		}
		return nil
	})
}

// muffled is a WebSocket of which nothing is heard once it is deaf.
type muffled struct {
	io.ReadWriteCloser
	deaf *atomic.Bool
}

func (m muffled) Read(p []byte) (int, error) {
	for {
		if n, err := m.ReadWriteCloser.Read(p); err != nil || !m.deaf.Load() {
			return n, err
		}
	}
}

// losing is a way to the server on which events are lost from the moment that deaf is set.
func losing(t *testing.T, s *peers.Mattermost) (address string, deaf *atomic.Bool) {
	t.Helper()
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	deaf = &atomic.Bool{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(r *http.Response) error {
		if socket, ok := r.Body.(io.ReadWriteCloser); ok && r.StatusCode == http.StatusSwitchingProtocols {
			r.Body = muffled{socket, deaf}
		}
		return nil
	}
	way := httptest.NewServer(proxy)
	t.Cleanup(way.CloseClientConnections)
	t.Cleanup(way.Close)
	return way.URL, deaf
}

// eventsLost: what no event told is found by the sweep.
func eventsLost(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	marie, paul, gone := person(t, s), person(t, s), person(t, s)
	enter(t, s, h.counsellors, paul.Id, gone.Id)
	enter(t, s, h.manche, paul.Id)
	var deaf *atomic.Bool
	h.cfg.URL, deaf = losing(t, s)
	l := listen(t, h.cfg, nil)
	l.untilTold(t, paul, "conseiller|50|")
	l.untilTold(t, gone, "conseiller||")
	deaf.Store(true)
	enter(t, s, h.counsellors, marie.Id)
	leave(t, s, h.manche, paul.Id)
	active(t, s, gone, false)
	l.untilTold(t, marie, "conseiller||")
	l.untilTold(t, paul, "conseiller||")
	l.untilTold(t, gone, "||")
}

// goneMeanwhile: who stopped being a counsellor while the bot was down is told of at the next start.
func goneMeanwhile(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	marie, paul := person(t, s), person(t, s)
	enter(t, s, h.counsellors, marie.Id)
	h.cfg.Professionals = func(context.Context) ([]bot.Address, error) { return []bot.Address{address(marie), address(paul)}, nil }
	l := listen(t, h.cfg, nil)
	l.untilTold(t, marie, "conseiller||")
	l.untilTold(t, paul, "||")
}

// notTakenYet: news that the bot could not keep are told again.
func notTakenYet(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	marie, paul := person(t, s), person(t, s)
	enter(t, s, h.counsellors, paul.Id)
	l := listen(t, h.cfg, nil)
	l.untilTold(t, paul, "conseiller||")
	var tried atomic.Int64
	l.mu.Lock()
	l.refuse = func(e bot.Event) bool { return e.From == address(marie) && tried.Add(1) < 4 }
	l.mu.Unlock()
	enter(t, s, h.counsellors, marie.Id)
	l.untilTold(t, marie, "conseiller||")
	if n := len(l.news(marie)); n != 1 || tried.Load() != 4 {
		t.Errorf("%d events kept of %d told", n, tried.Load())
	}
}

// opened: a channel that gives a role and becomes public gives none any more, and a person must mend that.
func opened(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	h.cfg.Probe = limit
	marie, sophie := person(t, s), person(t, s)
	enter(t, s, h.counsellors, marie.Id, sophie.Id)
	enter(t, s, h.coordinators, sophie.Id)
	l := listen(t, h.cfg, nil)
	l.untilTold(t, marie, "conseiller||")
	l.untilTold(t, sophie, "coordinateur||")
	convert(t, s, h.counsellors)
	err := <-l.ended
	l.ended <- nil // for stop
	if err == nil || !strings.Contains(err.Error(), "il est public") || !strings.Contains(err.Error(), h.counsellors.Name) {
		t.Errorf("Listen: %v", err)
	}
	if got := l.told(marie); got != "||" {
		t.Errorf("the bot was told %q", got)
	}
	if got := l.told(sophie); got != "coordinateur||" {
		t.Errorf("of the coordinator was told %q", got)
	}
}

// convert makes a private channel public.
func convert(t *testing.T, s *peers.Mattermost, c *model.Channel) {
	t.Helper()
	if _, _, err := s.Admin.UpdateChannelPrivacy(context.Background(), c.Id, model.ChannelTypeOpen); err != nil {
		t.Fatal(err)
	}
}

// openedUnheard: between the moment at which the channel becomes public and the one at which the bot learns it, who enters
// has no role.
func openedUnheard(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	h.cfg.Probe = limit
	marie, paul := person(t, s), person(t, s)
	enter(t, s, h.counsellors, paul.Id)
	way, deaf := losing(t, s)
	l, d := commanded(t, s, func(c *mattermost.Config) {
		c.URL, c.Team, c.Channels, c.Probe = way, h.cfg.Team, h.cfg.Channels, limit
	})
	l.untilTold(t, paul, "conseiller||")
	deaf.Store(true)
	convert(t, s, h.counsellors)
	enter(t, s, h.counsellors, marie.Id)
	d.typed(t, s, marie, "mes rdv")
	if e := l.wait(t, marie, 1)[0]; e.Role != bot.Anyone {
		t.Errorf("heard as %q", e.Role)
	}
}

// badChannels: what settings may not name is said by check, and ends Listen before anything is heard.
func badChannels(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	public, without := room(t, s, model.ChannelTypeOpen), room(t, s, model.ChannelTypePrivate)
	leave(t, s, without, s.BotID)
	openWithout := room(t, s, model.ChannelTypeOpen)
	leave(t, s, openWithout, s.BotID)
	for name, test := range map[string]struct {
		channel bot.Membership
		says    string
	}{
		"public":                {bot.Membership{Channel: public.Name, Role: bot.Conseiller}, "il est public : n'importe qui peut y entrer"},
		"public, coordinator":   {bot.Membership{Channel: public.Name, Role: bot.Coordinateur, Territory: "50"}, "Rendez-le privé"},
		"unknown":               {bot.Membership{Channel: "inconnu", Territory: "50"}, "Ajoutez le bot à ce canal"},
		"private, without bot":  {bot.Membership{Channel: without.Name, Role: bot.Conseiller}, "n'est pas membre du canal « " + without.Name},
		"public, without bot":   {bot.Membership{Channel: openWithout.Name, Territory: "50"}, "n'est pas membre du canal « " + openWithout.Name},
		"nothing wrong at all":  {bot.Membership{Channel: public.Name, Territory: "61", Hub: "Normandie"}, ""},
		"a role, nothing wrong": {bot.Membership{Channel: h.counsellors.Name, Territory: "61", Role: bot.Conseiller}, ""},
	} {
		cfg := h.cfg
		cfg.Channels = []bot.Membership{test.channel}
		var bad, good string
		for _, f := range sender(cfg).Check(t.Context()) {
			if f.OK {
				good += f.Text + "\n"
			} else {
				bad += f.Text
			}
		}
		if test.says == "" {
			if bad != "" || !strings.Contains(good, "département 61") {
				t.Errorf("%s: check says %q, and %q", name, bad, good)
			}
			continue
		}
		if !strings.Contains(bad, test.says) {
			t.Errorf("%s: check says %q, want %q", name, bad, test.says)
		}
		err := sender(cfg).Listen(t.Context(), func(context.Context, bot.Event) (bot.Response, error) {
			t.Error("an event was heard")
			return bot.Response{}, nil
		})
		if err == nil || err.Error() != bad {
			t.Errorf("%s: Listen: %v, check: %s", name, err, bad)
		}
	}
}

// synchronised: a public channel whose members are those of an administrator's groups gives a role.
func synchronised(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	yes := true
	c := room(t, s, model.ChannelTypeOpen)
	if _, _, err := s.Admin.PatchChannel(t.Context(), c.Id, &model.ChannelPatch{GroupConstrained: &yes}); err != nil {
		t.Fatal(err)
	}
	h.cfg.Channels = []bot.Membership{{Channel: c.Name, Role: bot.Conseiller}}
	for _, f := range sender(h.cfg).Check(t.Context()) {
		if !f.OK {
			t.Error(f.Text)
		}
	}
}

// openTeam: a team that makes counsellors and that anybody may join is worth thinking about.
func openTeam(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	minded := func(cfg mattermost.Config) (said string) {
		for _, f := range sender(cfg).Check(t.Context()) {
			if f.Mind {
				said += f.Text
			}
			if !f.OK {
				t.Error(f.Text)
			}
		}
		return said
	}
	if said := minded(h.cfg); said != "" {
		t.Errorf("with a channel of counsellors: %s", said)
	}
	h.cfg.Channels = nil
	if said := minded(h.cfg); !strings.Contains(said, "elle est ouverte") {
		t.Errorf("without: %q", said)
	}
}
