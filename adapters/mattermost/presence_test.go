package mattermost

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// TestPresence: what was read is believed for five minutes.
func TestPresence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := New(Config{}, nil, nil)
		see := func(when string, to bot.Address, want bot.Presence) {
			t.Helper()
			if got := a.Presence(to); got != want {
				t.Errorf("%s, %s is %q, want %q", when, to, got, want)
			}
		}
		see("before anything was read", "mattermost:"+marieID, bot.PresenceUnknown)
		a.there.at, a.there.of = time.Now(), map[string]bot.Presence{marieID: bot.PresenceAway}
		time.Sleep(statusesKept)
		see("read", "mattermost:"+marieID, bot.PresenceAway)
		see("read", "mattermost:"+sophieID, bot.PresenceUnknown)
		see("read", "mattermost:#"+marieID, bot.PresenceUnknown)
		see("read", "sms:"+marieID, bot.PresenceUnknown)
		see("read", "", bot.PresenceUnknown)
		time.Sleep(time.Second)
		see("read long ago", "mattermost:"+marieID, bot.PresenceUnknown)
	})
}

// statusServer says of everybody whose id ends so what the status is, and counts what it is asked.
func statusServer(t *testing.T, broken *atomic.Bool, asked *[]int) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var ids []string
		if err := json.NewDecoder(r.Body).Decode(&ids); err != nil || r.URL.Path != "/api/v4/users/status/ids" {
			t.Errorf("asked %s: %v", r.URL.Path, err)
		}
		*asked = append(*asked, len(ids))
		if broken.Load() {
			http.Error(w, "trouble", http.StatusInternalServerError)
			return
		}
		var all []model.Status
		for _, id := range ids {
			_, status, _ := strings.Cut(id, ":")
			all = append(all, model.Status{UserId: id, Status: status})
		}
		_ = json.NewEncoder(w).Encode(all)
	}))
	t.Cleanup(s.Close)
	return s
}

// TestStatuses: of all who have a role, some at a time; a failure is said once and leaves what was read.
func TestStatuses(t *testing.T) {
	var broken atomic.Bool
	var asked []int
	var said strings.Builder
	s := statusServer(t, &broken, &asked)
	d := &roster{listener: &listener{Network: New(Config{URL: s.URL}, nil, slog.New(slog.NewTextHandler(&said, nil)))}, told: map[string]standing{}}
	d.seeWhoIsThere(t.Context())
	if len(asked) > 0 {
		t.Errorf("asked about nobody: %v", asked)
	}
	for i := range 2*statusesAtOnce + 1 {
		d.told[fmt.Sprintf("%d:away", i)] = standing{role: bot.Conseiller}
	}
	d.told["x:ooo"], d.told["x:new"], d.told["gone:online"] = standing{role: bot.Coordinateur}, standing{role: bot.Conseiller}, untold
	d.seeWhoIsThere(t.Context())
	if len(asked) != 3 || asked[0] != statusesAtOnce || asked[1] != statusesAtOnce || asked[2] != 3 {
		t.Errorf("asked about %v", asked)
	}
	wants := map[string]bot.Presence{"0:away": bot.PresenceAway, "x:ooo": bot.PresenceOffline, "x:new": bot.PresenceUnknown, "gone:online": bot.PresenceUnknown}
	broken.Store(true)
	for range 3 {
		for id, want := range wants {
			if got := d.Presence(bot.Address("mattermost:" + id)); got != want {
				t.Errorf("%s is %q, want %q", id, got, want)
			}
		}
		d.seeWhoIsThere(t.Context())
	}
	broken.Store(false)
	d.seeWhoIsThere(t.Context())
	broken.Store(true)
	d.seeWhoIsThere(t.Context())
	if n := strings.Count(said.String(), "who is there could not be read"); n != 2 {
		t.Errorf("said %d times:\n%s", n, said.String())
	}
}
