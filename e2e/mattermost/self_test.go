package mattermost_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"passeur/adapters/mattermost"
	"passeur/e2e/peers"
)

// doorAt opens an address of the loopback that the server may call, 127.0.0.1, or may not, any other.
func doorAt(t *testing.T, ip string, inside http.Handler) string {
	t.Helper()
	l, err := net.Listen("tcp", ip+":0")
	if err != nil {
		t.Fatal(err)
	}
	d := &httptest.Server{Listener: l, Config: &http.Server{Handler: inside}}
	d.Start()
	t.Cleanup(d.Close)
	return d.URL
}

func answers(code int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	})
}

// checkButtons: the bot presses a button of its own; the running bot, another instance with the same key, answers.
func checkButtons(t *testing.T, s *peers.Mattermost) {
	key := func(b byte) *mattermost.Network {
		cfg := config(s)
		cfg.PublicURL, cfg.ProofKey = "http://127.0.0.1", bytes.Repeat([]byte{b}, 32)
		return sender(cfg)
	}
	running, other := key(7), key(8)
	for name, test := range map[string]struct {
		at   string
		ok   bool
		says []string
	}{
		"reachable":           {doorAt(t, "127.0.0.1", running), true, []string{"essayé", " ms)"}},
		"blocked":             {doorAt(t, "127.0.0.2", running), false, []string{"répond pourtant d'ici", "Ajoutez 127.0.0.2 à AllowedUntrustedInternalConnections"}},
		"nobody":              {"http://127.0.0.1:1", false, []string{"personne ne répond", "Corrigez public_url"}},
		"a server of others":  {doorAt(t, "127.0.0.1", answers(404, "404 page not found")), false, []string{"n'est pas ce Passeur", "public_url"}},
		"one that takes all":  {doorAt(t, "127.0.0.1", answers(200, `{"update":{"message":"bonjour"}}`)), false, []string{"n'est pas ce Passeur"}},
		"another Passeur":     {doorAt(t, "127.0.0.1", other), false, []string{"n'est pas ce Passeur"}},
		"a page of the house": {doorAt(t, "127.0.0.1", answers(200, "<html>Bienvenue</html>")), false, []string{"n'est pas ce Passeur"}},
	} {
		cfg := config(s)
		cfg.PublicURL, cfg.ProofKey = test.at, bytes.Repeat([]byte{7}, 32)
		found := sender(cfg).Check(t.Context())
		got := found[len(found)-1]
		if got.OK != test.ok {
			t.Errorf("%s: %+v", name, got)
		}
		for _, words := range append(test.says, test.at) {
			if !strings.Contains(got.Text, words) {
				t.Errorf("%s: %q does not say %q", name, got.Text, words)
			}
		}
	}
	if running.Forged() != 0 || other.Forged() != 2 { // by the server, and by the check that looks why
		t.Errorf("%d and %d calls counted as forged, want 0 and 2", running.Forged(), other.Forged())
	}
	own, _, err := s.Bot.CreateDirectChannel(t.Context(), s.BotID, s.BotID)
	if err != nil {
		t.Fatal(err)
	}
	if left, _, err := s.Bot.GetPostsForChannel(t.Context(), own.Id, 0, 60, "", false, false); err != nil || len(left.Order) != 0 {
		t.Errorf("%d posts of the checks stand, %v", len(left.Order), err)
	}
}

// selfForged: what is not quite the bot's own press is counted and does nothing.
func selfForged(t *testing.T, s *peers.Mattermost) {
	l, d := reachable(t, s)
	cfg := config(s)
	cfg.PublicURL, cfg.ProofKey = d.URL, bytes.Repeat([]byte{7}, 32)
	for _, f := range sender(cfg).Check(t.Context()) {
		if !f.OK {
			t.Errorf("not well: %s", f.Text)
		}
	}
	genuine, _ := d.last()
	call := func(path, from, to string) int {
		return d.post(t, path, "application/json", "", bytes.Replace(genuine, []byte(from), []byte(to), 1))
	}
	for name, code := range map[string]int{
		"another user":          call("/mattermost/self", s.BotID, person(t, s).Id),
		"no proof":              call("/mattermost/self", `"proof":"`, `"proof":"A`),
		"a later end":           call("/mattermost/self", `"until":"1`, `"until":"9`),
		"as a press":            call("/mattermost/press", "", ""),
		"nothing of it is left": call("/mattermost/self", `"context"`, `"other"`),
	} {
		if code != http.StatusForbidden {
			t.Errorf("%s: answered %d", name, code)
		}
	}
	if n := l.Forged(); n != 5 {
		t.Errorf("%d counted, want 5", n)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e.Cursor == "" { // no post: a call
			t.Errorf("heard %s of %s", e.ID, e.From)
		}
	}
}
