package main

import (
	"context"
	"io"
	"testing"

	"passeur/e2e/peers"
	"passeur/store"
)

// TestServeReadsBeforeItListens: a bot that cannot read what was answered does not start; one that is told to stop meanwhile ends without a word.
func TestServeReadsBeforeItListens(t *testing.T) {
	t.Chdir(t.TempDir())
	cfg := configured(t, map[string]string{"PASSEUR_LISTEN": peers.Addr(peers.FreePort(t)), "PASSEUR_DATABASE": "passeur.db"})
	db, err := store.Open(t.Context(), cfg.Database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	srv, err := newServer(cfg, db, streams{out: io.Discard}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := srv.run(stopped); err != nil {
		t.Errorf("told to stop as it starts: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	err = srv.run(t.Context())
	if err == nil {
		t.Fatal("it started on a database that is shut")
	}
	contains(t, err.Error(), "impossible de relire les fiches et les réponses connues", "vérifiez la base")
}
