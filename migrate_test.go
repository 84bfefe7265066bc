package main

import (
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"passeur/e2e/peers"
	"passeur/store"
)

// TestMigrate walks the way of an operator from the file to the server.
func TestMigrate(t *testing.T) {
	h := inDatabase(t)
	book(t, h)
	refuses(t, "", []string{"migrate"}, "dites d'abord où", "postgres.url")
	server := peers.StartPostgres(t).DSN
	t.Setenv("PASSEUR_POSTGRES_URL", server)
	refuses(t, "", []string{"migrate"}, "il faut aussi une clé")
	t.Setenv("PASSEUR_KEY", base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 32))))
	shut(t, h)
	refuses(t, "", []string{"migrate"}, "la clé n'est pas celle de cette base", "passeur.key (key_file)")
	key, err := os.ReadFile(store.KeyFileName)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PASSEUR_KEY", string(key))
	h, _ = testHouse(t, "passeur.db")
	refuses(t, "", []string{"migrate"}, "déjà utilisée par un autre processus : arrêtez-le")
	shut(t, h)

	said := does(t, []string{"migrate"}, "De passeur.db vers passeur (PostgreSQL, ", "Copie : fiches, ", "Comparaison : tâches, ", "DANS LE FICHIER", "Tout est identique : le déménagement est fini.")
	if strings.Contains(said, "postgres@") || strings.Count(said, "\n") > 25 {
		t.Errorf("it says too much:\n%s", said)
	}
	does(t, []string{"migrate"}, "Tout est identique : le déménagement était déjà fini.")
	does(t, []string{"status", "06 39 98 12 34"}, "prévu")
	does(t, []string{"pause"}, "(base passeur (PostgreSQL, ")
	refuses(t, "", []string{"migrate"}, "base passeur.db : cette base a été déménagée vers passeur (PostgreSQL, ", "qui a servi depuis : il n'y a rien à faire")
	t.Setenv("PASSEUR_POSTGRES_URL", "")
	refuses(t, "", []string{"pause"}, "cette base a été déménagée vers passeur (PostgreSQL, ", "remettez la copie de ce fichier faite avant")
}
