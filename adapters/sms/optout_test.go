package sms

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"passeur/bot"
)

// TestBlacklistIsTold: each number of the list is told once; what was not kept is told again, what cannot be read tells nothing.
func TestBlacklistIsTold(t *testing.T) {
	answer, asked := `["+33639981234","0033639980042","?"]`, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.URL.Path
		_, _ = w.Write([]byte(answer))
	}))
	defer server.Close()
	n, err := Open(Config{Provider: "ovhcloud", URL: server.URL, Account: "sms-xx12345-1", Username: "a", Password: "b", Token: "c"}, nil, io.Discard, discard())
	if err != nil {
		t.Fatal(err)
	}
	var heard []string
	var broken error
	n.ear.Open(func(_ context.Context, e bot.Event) (bot.Response, error) {
		if broken == nil && e.Intent == bot.OptOutIntent && e.Role == bot.Usager {
			heard = append(heard, e.From.ID())
		}
		return bot.Response{}, broken
	})
	told := map[string]bool{}
	look := func() error { return n.tellStopped(t.Context(), n.routes[0], told) }

	broken = errors.New("disque plein")
	if err := look(); !errors.Is(err, broken) {
		t.Errorf("an event that was not kept: %v", err)
	}
	broken = nil
	for range 2 {
		if err := look(); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"+33639981234", "+33639980042"}; !slices.Equal(heard, want) || asked != "GET /sms/sms-xx12345-1/blacklists" {
		t.Errorf("asked %q, heard %q, want %q", asked, heard, want)
	}
	for _, answer = range []string{`{"message":"no"}`, `<html>`, ``} {
		if err := look(); err == nil {
			t.Errorf("%q was read", answer)
		}
	}
}
