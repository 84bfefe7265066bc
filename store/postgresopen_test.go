package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"passeur/bot"
	"passeur/e2e/peers"
)

// ask runs statements beside the store.
func ask(t testing.TB, at string, queries ...string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	for _, q := range queries {
		if _, err := c.Exec(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// number reads one number beside the store.
func number(t testing.TB, at, query string) (n int) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if err := c.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

const countTables = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"

func TestOpenOnPostgres(t *testing.T) {
	pg := peers.StartPostgres(t)
	made := pg.Database(t, "faite")
	if err := openAt(t, made, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	newer := pg.Database(t, "recente")
	if err := openAt(t, newer, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	ask(t, newer, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)")
	foreign := pg.Database(t, "autre")
	ask(t, foreign, "CREATE TABLE clients (nom text)")
	withGoose := pg.Database(t, "goose")
	ask(t, withGoose, "CREATE TABLE clients (nom text)", "CREATE TABLE goose_db_version (version_id bigint)")
	nobody := fmt.Sprintf("postgres://personne:mdp-7@%s/faite?sslmode=disable", peers.Addr(pg.Port))
	for name, tt := range map[string]struct {
		at   string
		o    Options
		is   error
		says string
	}{
		"another program's":                {foreign, Options{Key: testKey}, ErrNotOurs, "createdb"},
		"another program's, to be read":    {foreign, Options{Key: testKey, ReadOnly: true}, ErrNotOurs, "createdb"},
		"another one's that has goose too": {withGoose, Options{Key: testKey}, ErrNotOurs, "createdb"},
		"with another key":                 {made, Options{Key: []byte(strings.Repeat("x", keySize))}, ErrWrongKey, "la clé"},
		"without a key":                    {made, Options{}, nil, "key_file"},
		"of a later release":               {newer, Options{Key: testKey}, ErrNewer, "mettez le programme à jour"},
		"of a later release, to be read":   {newer, Options{Key: testKey, ReadOnly: true}, ErrNewer, "mettez le programme à jour"},
		"empty, to be read":                {pg.URL("passeur"), Options{Key: testKey, ReadOnly: true}, fs.ErrNotExist, "passeur serve"},
		"of no name":                       {pg.URL("nulle"), Options{Key: testKey}, nil, "createdb"},
		"of nobody":                        {nobody, Options{Key: testKey}, nil, "refuse cet utilisateur"},
		"nowhere":                          {fmt.Sprintf("postgres://passeur:mdp-7@%s/faite", peers.Addr(peers.FreePort(t))), Options{Key: testKey}, nil, "ne répond pas"},
		"of an address that does not read": {"postgres://passeur:mdp-7@%zz/faite", Options{Key: testKey}, nil, "ne se lit pas"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), tt.at, tt.o)
			if err == nil || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want %v that says %q", err, tt.is, tt.says)
			}
			if err != nil && strings.Contains(err.Error(), "mdp-7") {
				t.Errorf("the password is in %v", err)
			}
		})
	}
	if err := openAt(t, made, Options{ReadOnly: true}).Commit(t.Context(), whole("1")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("written to what is only read: %v", err)
	}
	for at, want := range map[string]int{foreign: 1, withGoose: 2, pg.URL("passeur"): 0} {
		if n := number(t, at, countTables); n != want {
			t.Errorf("%s has %d tables, it had %d", Name(at), n, want)
		}
	}
}

// TestNameOfServer: neither user nor password is spoken of.
func TestNameOfServer(t *testing.T) {
	got := Name("postgres://marie:mdp-7@127.0.0.1:5433/passeur?sslmode=disable")
	if want := "passeur (PostgreSQL, 127.0.0.1:5433)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTenStarts has ten processes find an empty database at once: they make it once, with one key.
func TestTenStarts(t *testing.T) {
	pg := peers.StartPostgres(t, "fsync=off")
	for round := range 2 {
		at := pg.Database(t, fmt.Sprint("dix", round))
		var all [10]*DB
		var errs [10]error
		var wg sync.WaitGroup
		for i := range all {
			wg.Go(func() { all[i], errs[i] = Open(t.Context(), at, Options{Key: testKey}) })
		}
		wg.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			t.Fatal(err)
		}
		sealed := bot.Record{Kind: "address", ID: "sms:+33639981234", At: benchNow, Body: []byte(`{"v":1}`)}
		mustCommit(t, all[0], bot.Change{Records: []bot.Record{sealed}})
		for _, d := range all {
			if got, err := d.Get(t.Context(), "address", sealed.ID); err != nil || len(got) != 1 {
				t.Errorf("what the first one wrote: %v, %v", got, err)
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// whole is a change that leaves four traces, of which there must always be all or none.
func whole(id string) bot.Change {
	return bot.Change{Event: id, Now: benchNow, Tasks: []bot.Task{{Key: id, At: benchNow}}, Tally: []bot.Count{{Kind: "k", Value: id, N: 1}},
		Records: []bot.Record{{Kind: "person", ID: id, At: benchNow, Body: []byte(`{"v":1}`)}}}
}

const (
	sqlTraces = "SELECT id FROM event UNION ALL SELECT id FROM record UNION ALL SELECT key FROM task UNION ALL SELECT value FROM tally WHERE n = 1"
	cut       = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'passeur'"
)

// halfDone counts the changes of which one finds some traces and not all, and wholly those of which one finds all.
func halfDone(t *testing.T, at string) (half, wholly int) {
	t.Helper()
	half = number(t, at, "SELECT count(*) FROM (SELECT id FROM ("+sqlTraces+") AS all_of GROUP BY id HAVING count(*) <> 4) AS h")
	return half, number(t, at, "SELECT count(*) FROM event")
}

// TestCutConnections has the server close every connection between calls: the next ones work, or say that they did not.
func TestCutConnections(t *testing.T) {
	at := peers.StartPostgres(t).Database(t, "coupee")
	d := openAt(t, at, Options{})
	failed, done := 0, 0
	for round := range 20 {
		var errs [8]error
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { errs[i] = d.Commit(t.Context(), whole(fmt.Sprintf("%d-%d", round, i))) })
		}
		wg.Wait()
		for _, err := range errs {
			switch {
			case err == nil:
				done++
			case strings.Contains(err.Error(), "PostgreSQL"):
				failed++
			default:
				t.Errorf("no sentence: %v", err)
			}
		}
		ask(t, at, cut)
	}
	half, wholly := halfDone(t, at)
	if half > 0 || wholly != done {
		t.Errorf("%d changes are half done; %d are done, %d were acknowledged", half, wholly, done)
	}
	t.Logf("%d commits, %d of them failed", done+failed, failed)
	mustCommit(t, d, whole("after"))
}

// TestStoppedServer kills the server while changes are committed, and starts it again: all that was acknowledged is there, nothing is half
// done, and what failed is done once when it comes again.
func TestStoppedServer(t *testing.T) {
	pg := peers.StartPostgres(t)
	at := pg.Database(t, "arretee")
	d := openAt(t, at, Options{})
	acked := map[string]bool{}
	for round := range 3 {
		var mu sync.Mutex
		var wg sync.WaitGroup
		enough := make(chan struct{})
		for caller := range 8 {
			wg.Go(func() {
				for i := 0; ; i++ {
					id := fmt.Sprintf("%d-%d-%d", round, caller, i)
					err := d.Commit(t.Context(), whole(id))
					mu.Lock()
					acked[id] = err == nil
					if len(acked) == (round+1)*300 {
						close(enough)
					}
					mu.Unlock()
					if err != nil {
						return
					}
				}
			})
		}
		<-enough
		pg.Kill(t)
		wg.Wait()
		pg.Start(t)
		again(t, d, acked)
		if half, wholly := halfDone(t, at); half > 0 || wholly != len(acked) {
			t.Errorf("%d changes are half done; %d are done, of %d", half, wholly, len(acked))
		}
	}
}

// again commits all that was tried once more: what was acknowledged is known, what was not is known or done now.
func again(t *testing.T, d *DB, acked map[string]bool) {
	t.Helper()
	lost, unknown := 0, 0
	for id, acknowledged := range acked {
		err := d.Commit(t.Context(), whole(id))
		for err != nil && !errors.Is(err, bot.ErrSeen) { // by a connection that died with the server
			err = d.Commit(t.Context(), whole(id))
		}
		switch {
		case acknowledged && err == nil:
			lost++
		case !acknowledged && err != nil:
			unknown++
		}
		acked[id] = true
	}
	if lost > 0 {
		t.Errorf("%d changes were acknowledged and are lost", lost)
	}
	t.Logf("%d changes; of those that failed, %d had been done", len(acked), unknown)
}

// TestIdleTransaction: a transaction that the server gave up because nothing was asked for too long is not run again, since it would take as long.
func TestIdleTransaction(t *testing.T) {
	at := peers.StartPostgres(t, "fsync=off").Database(t, "oisive")
	d := openAt(t, at, Options{})
	runs := 0
	err := d.do(t.Context(), func(x tx) error {
		runs++
		var pid int
		if _, err := x.exec("SET idle_in_transaction_session_timeout = '10ms'"); err != nil {
			return err
		}
		if _, err := x.get("SELECT pg_backend_pid()", nil, &pid); err != nil {
			return err
		}
		peers.Until(t, 10*time.Second, "", func() error {
			if number(t, at, fmt.Sprint("SELECT count(*) FROM pg_stat_activity WHERE pid = ", pid)) > 0 {
				return errors.New("the server does not give it up")
			}
			return nil
		})
		_, err := x.exec("UPDATE task SET attempt = 1")
		return err
	})
	if err == nil || runs != 1 {
		t.Errorf("%d runs, %v", runs, err)
	}
	mustCommit(t, d, whole("after"))
}
