package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

func withButtons(key byte) *Network {
	return reachedAt("https://passeur.example.fr/", "http://127.0.0.1:1", key)
}

func reachedAt(public, server string, key byte) *Network {
	none := func(context.Context) (map[string]string, error) { return nil, nil }
	return New(Config{URL: server, PublicURL: public, ProofKey: bytes.Repeat([]byte{key}, 32)}, none, slog.New(slog.DiscardHandler))
}

// pressOf is what the server sends when user presses the first button of a message to marie, as the adapter made it.
func pressOf(t testing.TB, a *Network, marie, user string, made time.Time) []byte {
	t.Helper()
	shown := a.buttons(marie, bot.Rendered{Key: "q1", Choices: []bot.Choice{{Words: "oui", Label: "Oui"}}}, made)
	if len(shown) != 1 || shown[0].Actions[0].Integration.URL != "https://passeur.example.fr/mattermost/press" {
		t.Fatalf("shown %+v", shown)
	}
	body, err := json.Marshal(model.PostActionIntegrationRequest{UserId: user, TriggerId: model.NewId(), Context: shown[0].Actions[0].Integration.Context})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestPressIsJudged(t *testing.T) {
	a := withButtons(1)
	marie, zoe, now := model.NewId(), model.NewId(), time.Now()
	for name, test := range map[string]struct {
		body   []byte
		status int
		says   string
	}{
		"proven, nobody listens": {pressOf(t, a, marie, marie, now), 200, "reponse-pas-notee"},
		"too old":                {pressOf(t, a, marie, marie, now.Add(-pressLife-time.Minute)), 200, "bouton-ancien"},
		"the last minute":        {pressOf(t, a, marie, marie, now.Add(time.Minute-pressLife)), 200, "reponse-pas-notee"},
		"somebody else":          {pressOf(t, a, marie, zoe, now), 403, "sans preuve"},
		"another installation":   {pressOf(t, withButtons(2), marie, marie, now), 403, "sans preuve"},
		"too old and forged":     {pressOf(t, a, marie, zoe, now.Add(-2*pressLife)), 403, "sans preuve"},
		"no JSON":                {[]byte("user_id=1"), 400, "illisible"},
		"nothing in it":          {[]byte("{}"), 403, "sans preuve"},
	} {
		w := httptest.NewRecorder()
		a.ServeHTTP(w, httptest.NewRequest(http.MethodPost, pressPath, bytes.NewReader(test.body)))
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// sharedPress is what the server sends when somebody presses the first shortcut of a message that a channel reads.
func sharedPress(t *testing.T, a *Network, made, pressed, user string) *model.PostActionIntegrationRequest {
	t.Helper()
	m := bot.Rendered{Key: "q1", About: "gathering/3-2026-12-10", Choices: []bot.Choice{{Words: "oui", Label: "Oui"}, {Words: "je viens 3", Label: "Je viens", Beside: true}}}
	shown := a.buttons("#"+made, m, time.Now())
	if len(shown) != 1 || len(shown[0].Actions) != 1 {
		t.Fatalf("shown %+v: a channel has its shortcuts and no question", shown)
	}
	return &model.PostActionIntegrationRequest{UserId: user, ChannelId: pressed, TriggerId: model.NewId(), Context: shown[0].Actions[0].Integration.Context}
}

// What a channel shows anybody there may press, weeks later too; nobody elsewhere, and not as the answer to a question.
func TestSharedPress(t *testing.T) {
	a, channel, now := withButtons(1), model.NewId(), time.Now()
	for range 2 {
		r := sharedPress(t, a, channel, channel, model.NewId())
		e, shared, err := a.pressed(r, now.Add(10*pressLife))
		if err != nil || !shared || e.Text != "je viens 3" || e.About != "gathering/3-2026-12-10" || e.Pressed != "" {
			t.Errorf("%+v, shared %v, %v", e, shared, err)
		}
	}
	// An edit leaves the shortcuts' names as clients know them, and gives a question's new ones.
	names := func(key string) (of []string) {
		m := bot.Rendered{Key: key, About: "gathering/3-2026-12-10", Choices: []bot.Choice{{Words: "je viens 3", Label: "Je viens", Beside: true}, {Words: "oui", Label: "Oui"}}}
		for _, action := range a.buttons(model.NewId(), m, now)[0].Actions {
			of = append(of, action.Id)
		}
		return of
	}
	if one, two := names("q1"), names("q2"); one[0] != two[0] || one[1] == two[1] {
		t.Errorf("the names of buttons before and behind an edit: %v, %v", one, two)
	}
	if _, _, err := a.pressed(sharedPress(t, a, channel, model.NewId(), model.NewId()), now); !errors.Is(err, errForged) {
		t.Errorf("pressed in another channel: %v", err)
	}
	for field, value := range map[string]any{ctxQuestion: "q1", ctxWords: "je viens 4", ctxAbout: "gathering/4-2026-12-10", ctxUntil: "99999999999"} {
		r := sharedPress(t, a, channel, channel, model.NewId())
		r.Context[field] = value
		if _, _, err := a.pressed(r, now); !errors.Is(err, errForged) {
			t.Errorf("with another %s: %v", field, err)
		}
	}
}

// Without a key nothing is proven, also not by a proof made without one.
func TestPressWithoutKey(t *testing.T) {
	a := withButtons(1)
	a.cfg.ProofKey = nil
	marie := model.NewId()
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodPost, pressPath, bytes.NewReader(pressOf(t, a, marie, marie, time.Now()))))
	if w.Code != http.StatusForbidden {
		t.Errorf("answered %d", w.Code)
	}
}

// Nor is a command's call proven by the token that nobody set.
func TestCommandWithoutToken(t *testing.T) {
	form := "token=&trigger_id=a&text=aide&user_id=" + model.NewId()
	r := httptest.NewRequest(http.MethodPost, commandPath, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Token ")
	w := httptest.NewRecorder()
	withButtons(1).ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("answered %d", w.Code)
	}
}

func TestNoButtons(t *testing.T) {
	m := bot.Rendered{Key: "q1", Choices: []bot.Choice{{Words: "oui", Label: "Oui"}}}
	for _, addresses := range [][2]string{{"", "https://discussion.example.fr"}, {"http://127.0.0.1:8080", "https://discussion.example.fr"},
		{"http://localhost:8080/", "http://192.0.2.1:8065"}, {"http://[::1]:8080", "https://discussion.example.fr"}} {
		a := reachedAt(addresses[0], addresses[1], 1)
		if b := a.buttons(model.NewId(), m, time.Now()); b != nil || a.Abilities().Forms {
			t.Errorf("buttons at %q, which %s cannot call", addresses[0], addresses[1])
		}
	}
	if !reachedAt("http://127.0.0.1:8080", "http://localhost:8065", 1).Abilities().Forms {
		t.Error("no buttons on one machine")
	}
	if b := withButtons(1).buttons("#"+model.NewId(), m, time.Now()); b != nil {
		t.Error("buttons for a room, which nobody could press")
	}
}

// FuzzPress: whatever comes, nothing is heard or taken that was not proven.
func FuzzPress(f *testing.F) {
	a, marie := withButtons(1), "so6jhfrj33rkzbeswgnt4y3tch" // the same in every process of the fuzzer
	f.Add(pressOf(f, a, marie, marie, time.Now()))
	f.Add([]byte(`{"user_id":"` + marie + `","trigger_id":"a","context":{"words":"oui","question":"q1","until":"` + strconv.Itoa(1<<40) + `","proof":""}}`))
	f.Add([]byte(`{"context":{"proof":[1]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		w := httptest.NewRecorder()
		a.ServeHTTP(w, httptest.NewRequest(http.MethodPost, pressPath, bytes.NewReader(body)))
		if w.Code >= 400 {
			return
		}
		var r model.PostActionIntegrationRequest
		if err := json.Unmarshal(body, &r); err != nil && json.NewDecoder(bytes.NewReader(body)).Decode(&r) != nil {
			t.Fatalf("%d for %q", w.Code, body)
		}
		if r.Context[ctxWords] != "oui" || r.Context[ctxQuestion] != "q1" || r.UserId != marie {
			t.Errorf("taken: %q", body)
		}
	})
}
