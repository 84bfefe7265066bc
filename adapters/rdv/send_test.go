package rdv

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

func TestSend(t *testing.T) {
	for _, status := range []string{"excused", "revoked", "seen", "noshow"} {
		s := newService()
		n := s.start(t, nil)
		id, err := n.Send(context.Background(), "rdv:777", bot.Rendered{Text: status})
		if err != nil || id != "" || s.statuses["777"] != status {
			t.Errorf("%s: %q, %v, the service has %s", status, id, err, s.statuses["777"])
		}
		if want := []string{"POST /oauth/token", "PATCH /api/v1/participations/777"}; !slices.Equal(s.askedFor(), want) {
			t.Errorf("%s: asked something else", status)
		}
	}
}

// TestSendFails: how each failure reads, and what is left of it in the error: nothing that the service wrote.
func TestSendFails(t *testing.T) {
	const patch = "/api/v1/participations/"
	for name, c := range map[string]struct {
		to, text string
		fail     func(http.ResponseWriter, *http.Request) bool
		refused  bool
		wait     time.Duration
		says     string
	}{
		"other network":      {"sms:777", "seen", nil, true, 0, reasonAddress},
		"no id":              {"rdv:", "seen", nil, true, 0, reasonAddress},
		"a path":             {"rdv:777/../1", "seen", nil, true, 0, reasonAddress},
		"a user":             {"rdv:u501", "seen", nil, true, 0, reasonAddress},
		"unknown status":     {"rdv:777", "unknown", nil, true, 0, reasonStatus},
		"no status":          {"rdv:777", "", nil, true, 0, reasonStatus},
		"nobody there":       {"rdv:778", "seen", nil, true, 0, reasonGone},
		"unprocessable":      {"rdv:777", "seen", answering(patch, 422), true, 0, reasonRefused},
		"bad request":        {"rdv:777", "seen", answering(patch, 400), true, 0, reasonRefused},
		"unauthorised":       {"rdv:777", "seen", answering(patch, 401), false, 0, "vérifier l'accès"},
		"forbidden":          {"rdv:777", "seen", answering(patch, 403), false, 0, "vérifier l'accès"},
		"moved":              {"rdv:777", "seen", answering(patch, 301, "Location", "https://example.org/"), false, 0, "vérifier l'adresse"},
		"too fast":           {"rdv:777", "seen", answering(patch, 429, "Retry-After", "30"), false, 30 * time.Second, "wait"},
		"too fast, no word":  {"rdv:777", "seen", answering(patch, 429), false, slowDown, "wait"},
		"too fast, for long": {"rdv:777", "seen", answering(patch, 429, "Retry-After", "86400"), false, bot.MostPatience, "wait"},
		"maintenance":        {"rdv:777", "seen", answering(patch, 503, "Retry-After", "120"), false, 2 * time.Minute, "wait"},
		"broken":             {"rdv:777", "seen", answering(patch, 503), false, 0, "503"},
		"broken inside":      {"rdv:777", "seen", answering(patch, 500), false, 0, "500"},
		"no token":           {"rdv:777", "seen", answering("/oauth/token", 401), false, 0, "vérifier l'accès"},
		"tokens too fast":    {"rdv:777", "seen", answering("/oauth/token", 429, "Retry-After", "7"), false, 7 * time.Second, "wait"},
		"tokens broken":      {"rdv:777", "seen", answering("/oauth/token", 502), false, 0, "502"},
		"no JSON of tokens":  {"rdv:777", "seen", answering("/oauth/token", 200), false, 0, "vérifier l'accès"},
		"cut":                {"rdv:777", "seen", func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }, false, 0, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService()
			s.fail = c.fail
			_, err := s.start(t, nil).Send(context.Background(), bot.Address(c.to), bot.Rendered{Text: c.text})
			wait, _ := errors.AsType[bot.RetryAfter](err)
			if err == nil || errors.Is(err, bot.ErrRefused) != c.refused || wait.Wait != c.wait || errors.Is(err, bot.ErrUncertain) || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("%v (%s)", err, wait.Wait)
			}
			for _, private := range []string{"Camille", "639980001", "777", "refresh-", "127.0.0.1/"} {
				if strings.Contains(err.Error(), private) {
					t.Errorf("the error tells %s: %v", private, err)
				}
			}
		})
	}
}

func TestSendWithoutAPI(t *testing.T) {
	n, _ := open(t, nil)
	if _, err := n.Send(context.Background(), "rdv:777", bot.Rendered{Text: "seen"}); !errors.Is(err, bot.ErrRefused) || !strings.Contains(err.Error(), reasonNoAPI) {
		t.Errorf("%v", err)
	}
}

// TestNoAnswer: a service that stays silent costs the timeout and no more, and nothing is uncertain.
func TestNoAnswer(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	n, _ := open(t, func(c *Config) {
		c.API, c.ClientID, c.ClientSecret, c.Tokens, c.Timeout = server.URL, "passeur", "key", newMemoryTokens("refresh-1"), time.Millisecond
	})
	if _, err := n.Send(context.Background(), "rdv:777", bot.Rendered{Text: "seen"}); err == nil || errors.Is(err, bot.ErrUncertain) || errors.Is(err, bot.ErrRefused) {
		t.Errorf("%v", err)
	}
}
