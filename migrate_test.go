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
	pg := peers.StartPostgres(t)
	server := pg.DSN
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
	const first = "lancez d'abord passeur migrate, qui l'y déménage"
	refuses(t, "", []string{"pause"}, "est vide, et il y a un fichier passeur.db", first)
	checked(t, first)

	said := does(t, []string{"migrate"}, "De passeur.db vers passeur (PostgreSQL, ", "Copie : fiches, ", "Comparaison : tâches, ", "DANS LE FICHIER", "Tout est identique : le déménagement est fini.")
	if strings.Contains(said, "postgres@") || strings.Count(said, "\n") > 25 {
		t.Errorf("it says too much:\n%s", said)
	}
	does(t, []string{"migrate"}, "Tout est identique : le déménagement était déjà fini.")
	t.Run("to another server it is not moved twice", func(t *testing.T) {
		t.Setenv("PASSEUR_POSTGRES_URL", pg.Database(t, "autre"))
		refuses(t, "", []string{"migrate"}, "cette base a été déménagée vers passeur (PostgreSQL, ", "et la base du serveur est vide", "remettez la copie du fichier faite avant")
	})
	does(t, []string{"status", "06 39 98 12 34"}, "prévu")
	does(t, []string{"pause"}, "(base passeur (PostgreSQL, ")
	refuses(t, "", []string{"migrate"}, "base passeur.db : cette base a été déménagée vers passeur (PostgreSQL, ", "qui a servi depuis : il n'y a rien à faire")
	t.Setenv("PASSEUR_POSTGRES_URL", "")
	checked(t, "✗ Base passeur.db : elle a été déménagée vers passeur (PostgreSQL, ")
	refuses(t, "", []string{"pause"}, "cette base a été déménagée vers passeur (PostgreSQL, ", "remettez la copie de ce fichier faite avant")
}
