package main

import (
	"io"
	"path/filepath"
	"testing"

	"passeur/config"
	"passeur/store"
)

// TestNetworks: each row has what the program asks of every network, opens when the settings choose it, and is called as its adapter is.
func TestNetworks(t *testing.T) {
	environ := []string{
		"PASSEUR_MATTERMOST_URL=http://127.0.0.1:1",
		"PASSEUR_MATTERMOST_TOKEN=jeton",
		"PASSEUR_RDV_SECRET=s3cret-demo",
		"PASSEUR_TELEGRAM_TOKEN=123456:jeton",
		"PASSEUR_TELEGRAM_ACCOUNT=PasseurEssaiBot",
		"PASSEUR_PUBLIC_URL=https://passeur.exemple.fr",
	}
	cfg, err := config.LoadEnviron("", environ, checks()...)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "p.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	srv, err := newServer(cfg, db, streams{out: io.Discard}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if len(srv.networks) != len(networks) {
		t.Fatalf("%d of %d networks are open", len(srv.networks), len(networks))
	}
	for i, n := range networks {
		if name := srv.networks[i].Name(); name != n.name {
			t.Errorf("the row %s opens %s", n.name, name)
		}
		_, spoken := srv.house.outlets[n.name]
		if n.probe == nil || spoken != (n.shown != nil) {
			t.Errorf("%s: is it checked, and shown if it is written to?", n.name)
		}
	}
	if srv.house.fetch == nil || srv.house.bot.Presence == nil {
		t.Error("nobody reads files, or says who is there")
	}
}
