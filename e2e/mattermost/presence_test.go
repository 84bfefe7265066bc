package mattermost_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"passeur/bot"
	"passeur/e2e/peers"

	"github.com/mattermost/mattermost/server/public/model"
)

func setStatus(t *testing.T, u *peers.User, status string) {
	t.Helper()
	if _, _, err := u.API.UpdateUserStatus(t.Context(), u.Id, &model.Status{UserId: u.Id, Status: status}); err != nil {
		t.Fatal(err)
	}
}

func (l *listening) untilThere(t *testing.T, u *peers.User, want bot.Presence) {
	t.Helper()
	peers.Until(t, limit, "", func() error {
		if got := l.Presence(address(u)); got != want {
			return fmt.Errorf("%s is %q, want %q", u.Username, got, want)
		}
		return nil
	})
}

// presence: each status that Mattermost has, of who has a role; of nobody else, and of her only while she has it.
func presence(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	marie, zoe := person(t, s), person(t, s)
	enter(t, s, h.counsellors, marie.Id)
	for _, u := range []*peers.User{marie, zoe} {
		setStatus(t, u, model.StatusAway)
	}
	l := listen(t, h.cfg, nil)
	if got := l.Presence(address(marie)); got != bot.PresenceUnknown && got != bot.PresenceAway {
		t.Errorf("at the start %q", got)
	}
	l.untilThere(t, marie, bot.PresenceAway)
	for status, want := range map[string]bot.Presence{model.StatusOnline: bot.PresenceOnline, model.StatusDnd: bot.PresenceBusy, model.StatusOffline: bot.PresenceOffline} {
		setStatus(t, marie, status)
		l.untilThere(t, marie, want)
	}
	if got := l.Presence(address(zoe)); got != bot.PresenceUnknown {
		t.Errorf("of who has no role: %q", got)
	}
	leave(t, s, h.counsellors, marie.Id)
	l.untilTold(t, marie, "||")
	l.untilThere(t, marie, bot.PresenceUnknown)
}

// presenceAtOnce: when listening begins the statuses are read without waiting for a probe.
func presenceAtOnce(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	h.cfg.Probe = limit * 10
	marie := person(t, s)
	enter(t, s, h.counsellors, marie.Id)
	setStatus(t, marie, model.StatusDnd)
	listen(t, h.cfg, nil).untilThere(t, marie, bot.PresenceBusy)
}

// presenceRefused: that statuses cannot be read ends nothing, and what was read stays for a while.
func presenceRefused(t *testing.T, s *peers.Mattermost) {
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	var broken atomic.Bool
	var asked atomic.Int64
	proxy := httputil.NewSingleHostReverseProxy(to)
	way := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/users/status/ids") && broken.Load() {
			asked.Add(1)
			http.Error(w, `{"id":"trouble","message":"trouble","status_code":500}`, http.StatusInternalServerError)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(way.CloseClientConnections)
	h := newHouse(t, s)
	h.cfg.URL = way.URL
	marie := person(t, s)
	enter(t, s, h.counsellors, marie.Id)
	setStatus(t, marie, model.StatusDnd)
	l := listen(t, h.cfg, nil)
	l.untilThere(t, marie, bot.PresenceBusy)
	refused := func(times int64) {
		peers.Until(t, limit, "", func() error {
			if n := asked.Load(); n < times {
				return fmt.Errorf("asked %d times", n)
			}
			return nil
		})
	}
	broken.Store(true)
	refused(1) // none that was let through is on its way any more
	setStatus(t, marie, model.StatusOnline)
	refused(3)
	s.Post(t, marie, "bonjour")
	l.wait(t, marie, 1)
	if got := l.Presence(address(marie)); got != bot.PresenceBusy {
		t.Errorf("meanwhile %q", got)
	}
	broken.Store(false)
	l.untilThere(t, marie, bot.PresenceOnline)
}
