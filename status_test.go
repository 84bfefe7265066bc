package main

import (
	"bytes"
	"net"
	"net/http"
	"strings"
	"testing"

	"passeur/config"
)

// TestStatusWithoutABotThatAnswers: that none runs is one thing, that it is of another release and knows no such question is another.
func TestStatusWithoutABotThatAnswers(t *testing.T) {
	t.Chdir(t.TempDir())
	cfg := &config.Config{Database: "passeur.db"}
	said := func() string {
		var out bytes.Buffer
		printRunning(t.Context(), &out, cfg)
		return out.String()
	}
	if got := said(); got != "Le robot ne tourne pas.\n" {
		t.Errorf("nobody is there: %s", got)
	}
	l, err := net.Listen("unix", controlSocket(cfg))
	if err != nil {
		t.Fatal(err)
	}
	older := &http.Server{Handler: http.NotFoundHandler()}
	stopped := make(chan error, 1)
	go func() { stopped <- older.Serve(l) }()
	if got := said(); !strings.HasPrefix(got, "Le robot tourne, et ne dit pas où il en est : ") {
		t.Errorf("an older one: %s", got)
	}
	if err := older.Close(); err != nil {
		t.Error(err)
	}
	<-stopped
}
