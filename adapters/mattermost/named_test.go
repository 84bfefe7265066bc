package mattermost

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// TestNamed: a channel is known by its name only if who names it and the bot are both in it; an account, if it is a full one.
func TestNamed(t *testing.T) {
	me, marie, karim := model.NewId(), model.NewId(), model.NewId()
	channels := map[string]*model.Channel{"entraide": {Id: model.NewId()}, "coordination": {Id: model.NewId()}, "prive": {Id: model.NewId()}, "ancien": {Id: model.NewId(), DeleteAt: 1}}
	absent := map[string]bool{channels["coordination"].Id + "/" + marie: true, channels["prive"].Id + "/" + me: true}
	answer := func(w http.ResponseWriter, found bool, v any) {
		w.Header().Set("Content-Type", "application/json")
		if !found {
			w.WriteHeader(http.StatusNotFound)
			v = map[string]any{"id": "app.not_found", "message": "not found", "status_code": http.StatusNotFound}
		}
		_ = json.NewEncoder(w).Encode(v)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v4/users/me", func(w http.ResponseWriter, _ *http.Request) { answer(w, true, &model.User{Id: me}) })
	mux.HandleFunc("GET /api/v4/users/username/{name}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("name") == "channel" { // no name that an account can have
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]any{"id": "api.context.invalid_url_param.app_error", "message": "invalid", "status_code": http.StatusBadRequest})
			return
		}
		answer(w, r.PathValue("name") != "personne", &model.User{Id: karim, IsBot: r.PathValue("name") == "robot"})
	})
	mux.HandleFunc("GET /api/v4/teams/{team}/channels/name/{name}", func(w http.ResponseWriter, r *http.Request) {
		c := channels[r.PathValue("name")]
		answer(w, c != nil, c)
	})
	mux.HandleFunc("GET /api/v4/channels/{channel}/members/{user}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, !absent[r.PathValue("channel")+"/"+r.PathValue("user")], &model.ChannelMember{})
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	p := &person{listener: &listener{Network: reachedAt("", server.URL, 1), team: model.NewId()}, id: marie, role: bot.Conseiller}
	e := bot.Event{Text: "webinaire ~entraide ~coordination ~prive @karim", Values: map[string]string{"field.canaux": "~ancien ~inconnu", "field.titre": "@personne @robot @channel"}}
	if err := p.lookUp(t.Context(), &e); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"named.~entraide": "mattermost:#" + channels["entraide"].Id, "named.@karim": "mattermost:" + karim}
	for key, value := range e.Values {
		if strings.HasPrefix(key, bot.NamedPrefix) && want[key] != value {
			t.Errorf("%s is %s", key, value)
		}
	}
	for key, value := range want {
		if e.Values[key] != value {
			t.Errorf("%s is %q, want %q", key, e.Values[key], value)
		}
	}
	stranger := &person{listener: p.listener, id: marie}
	e = bot.Event{Text: "~entraide", Values: map[string]string{}}
	if err := stranger.lookUp(t.Context(), &e); err != nil || len(e.Values) > 0 {
		t.Errorf("somebody without a role: %v, %v", e.Values, err)
	}
}
