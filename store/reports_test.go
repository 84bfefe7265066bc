package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"passeur/bot"
	"passeur/e2e/peers"
)

var views = []string{"messages", "a_venir", "chiffres", "fiches"}

// TestReports reads the views as a tool for dashboards does, with the rights that the guide gives it: it reads them, and nothing else.
func TestReports(t *testing.T) {
	pg := peers.StartPostgres(t, "fsync=off")
	ask(t, pg.DSN, "CREATE ROLE passeur LOGIN", "ALTER DATABASE passeur OWNER TO passeur")
	owner := strings.Replace(pg.DSN, "postgres@", "passeur@", 1)
	d := openAt(t, owner, Options{})
	keep(t, d)
	ask(t, pg.DSN, rightsOfGuide(t))
	reader := strings.Replace(pg.DSN, "postgres@", "metabase@", 1)
	for view, want := range map[string]string{
		"messages": "(2026-12-03,sms,rappels,annulés,\"\",1)\n(2026-12-03,sms,rappels,partis,\"\",1)\n(2026-12-03,sms,rappels,retenus,stop,1)\n",
		"a_venir":  "(robot,réponses,1,", // what is late depends on the day
		"chiffres": "(rdv,c1,2026-12,etat,address,1)\n",
		"fiches":   "(objections,50,\"\",2026-12-01,1)\n(personnes,50,etat,2026-12-01,1)\n(rendez-vous,50,etat,2026-12-01,1)\n",
	} {
		if got := viewOf(t, reader, view); !strings.HasPrefix(got, want) {
			t.Errorf("%s holds\n%s, want\n%s", view, got, want)
		}
	}
	for _, view := range views {
		if found := regexp.MustCompile(`p1|p-|camp/|rdv/|ref-1|6399|Jeanne|[0-9a-f]{16}`).FindString(viewOf(t, reader, view)); found != "" {
			t.Errorf("%s shows %q", view, found)
		}
	}
	for _, hidden := range []string{"task", "record", "event", "tally", "meta", "goose_db_version"} {
		if err := tryRead(t, reader, "SELECT 1 FROM "+hidden); !refusedRight(err) {
			t.Errorf("%s is read: %v", hidden, err)
		}
	}
	ask(t, owner, "CREATE VIEW rapport.autre AS SELECT 1 AS un")
	if err := tryRead(t, reader, "SELECT 1 FROM rapport.autre"); err != nil {
		t.Errorf("a view that a later release brings: %v", err)
	}
}

// rightsOfGuide are the commands by which the guide makes the role.
func rightsOfGuide(t *testing.T) string {
	t.Helper()
	guide, err := os.ReadFile("../docs/exploitation.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```sql\n(CREATE ROLE metabase .*?)```").FindSubmatch(guide)
	if m == nil {
		t.Fatal("the guide does not make the role any more")
	}
	return string(m[1])
}

func tryRead(t *testing.T, at, query string) error {
	t.Helper()
	c, err := pgx.Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	_, err = c.Exec(t.Context(), query)
	return err
}

func refusedRight(err error) bool {
	fault, ok := errors.AsType[*pgconn.PgError](err)
	return ok && fault.Code == "42501"
}

// viewOf is all that a view holds, as text.
func viewOf(t *testing.T, at, view string) string {
	t.Helper()
	c, err := pgx.Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	var text string
	query := fmt.Sprintf(`SELECT coalesce(string_agg(v::text, E'\n' ORDER BY v::text COLLATE "C") || E'\n', '') FROM rapport.%s v`, view)
	if err := c.QueryRow(t.Context(), query).Scan(&text); err != nil {
		t.Fatalf("%s: %v", view, err)
	}
	return text
}

// TestReportsCountAll: each lane and each fate has its word, so that nothing is left out; and a database without the views gets them.
func TestReportsCountAll(t *testing.T) {
	at := peers.StartPostgres(t, "fsync=off").Database(t, "tout")
	openAt(t, at, Options{})
	n := 0
	for _, lane := range bot.Lanes {
		for _, fate := range []bot.Fate{bot.Sent, bot.Uncertain, bot.Failed, bot.Withheld, bot.Expired, "dropped", ""} {
			n++
			ask(t, at, fmt.Sprintf(`INSERT INTO task (key, next_at, until, ended, at, attempt, tries, state, lane, says, network, recipient, grp, batch, subject, fate, reason, ref, body)
VALUES ('%d', 1, 0, 1, 1, 1, 0, %d, %d, 1, 'sms', '', '', '', '', '%s', '', '', '')`, n, min(len(fate), 1), lane, fate))
		}
	}
	const all = "SELECT (SELECT sum(nombre) FROM rapport.messages) + (SELECT sum(nombre) FROM rapport.a_venir WHERE en_retard = nombre AND plus_ancien < now())"
	if got := number(t, at, all); got != n {
		t.Errorf("%d of %d tasks are counted", got, n)
	}
	ask(t, at, "DROP SCHEMA rapport CASCADE", "DELETE FROM goose_db_version WHERE version_id > 1")
	if _, err := Open(t.Context(), at, Options{Key: testKey, ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "version plus ancienne") {
		t.Errorf("read before it is brought up to date: %v", err)
	}
	openAt(t, at, Options{})
	if got := number(t, at, all); got != n {
		t.Errorf("%d of %d tasks are counted once the views are back", got, n)
	}
}
