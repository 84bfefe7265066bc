package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
	"passeur/e2e/peers"
)

// fullFile is a file with a row of every kind and in every state, and thousands more.
func fullFile(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "passeur.db")
	d := openAt(t, path, Options{})
	keep(t, d)
	for page := range 6 {
		c := bot.Change{Now: benchNow, Event: fmt.Sprint("page/", page)}
		for i := range 450 {
			id := fmt.Sprintf("%d-é-%d", page, i)
			c.Tasks = append(c.Tasks, keptTask("plus/"+id))
			c.Records = append(c.Records, bot.Record{Kind: "rdv", ID: id, Owner: "c2", Subject: "p2", State: "prévu", At: benchNow, Body: []byte(`{"v":1}`)})
		}
		mustCommit(t, d, c)
	}
	err := d.do(t.Context(), func(x tx) error {
		return x.run(step{query: "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO event (id, at) SELECT 'plus/' || i, i FROM n"})
	})
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func nothing(Progress) {}

// transferred moves a file, or goes on.
func transferred(t *testing.T, file, server string) Transferred {
	t.Helper()
	done, err := Transfer(t.Context(), file, server, Options{Key: testKey}, nothing)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// stopped moves a file until a page is the last one.
func stopped(t *testing.T, file, server string, last func(page int, p Progress) bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	page := 0
	_, err := Transfer(ctx, file, server, Options{Key: testKey}, func(p Progress) {
		if page++; last(page, p) {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "relancez la même commande") {
		t.Fatalf("got %v", err)
	}
}

func comparing(_ int, p Progress) bool { return p.Comparing }

func readContents(t *testing.T, at string) contents {
	t.Helper()
	d := openAt(t, at, Options{})
	all := contentsOf(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTransfer(t *testing.T) {
	home := oldHome{peers.StartPostgres(t, "fsync=off"), fullFile(t)}
	for name, test := range map[string]func(t *testing.T, home oldHome){
		"all of it":           testTransferAll,
		"in pieces":           testTransferInPieces,
		"killed":              testTransferKilled,
		"without the server":  testTransferServerStops,
		"finds what differs":  testTransferDiffers,
		"names of any bytes":  testTransferOddNames,
		"refuses":             testTransferRefuses,
		"is given up":         testTransferGivenUp,
		"leaves out no table": testTransferTables,
	} {
		t.Run(name, func(t *testing.T) { test(t, home) })
	}
}

// oldHome is a full file, and where its copies go.
type oldHome struct {
	pg   *peers.Postgres
	full string
}

// file is a copy for a test.
func (h oldHome) file(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "passeur.db")
	whole, err := os.ReadFile(h.full)
	if err == nil {
		err = os.WriteFile(path, whole, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// server is a new database for a test.
func (h oldHome) server(t *testing.T) string {
	t.Helper()
	return h.pg.Database(t, strings.ToLower(strings.ReplaceAll(t.Name(), "/", "_")))
}

func testTransferAll(t *testing.T, home oldHome) {
	file, server := home.file(t), home.server(t)
	want := readContents(t, file)
	done := transferred(t, file, server)
	if done.Before || len(done.Tables) != 5 || slices.ContainsFunc(done.Tables, func(m Moved) bool { return m.There == 0 || m.There != m.Here }) {
		t.Errorf("moved %+v", done)
	}
	if again := transferred(t, file, server); !again.Before || !cmp.Equal(again.Tables, done.Tables) {
		t.Errorf("the second time %+v", again)
	}
	if _, err := Open(t.Context(), file, Options{Key: testKey}); !errors.Is(err, ErrMoved) || !strings.Contains(err.Error(), "PostgreSQL") {
		t.Errorf("the file opens: %v", err)
	}
	openAt(t, file, Options{ReadOnly: true})
	if diff := cmp.Diff(want, readContents(t, server)); diff != "" {
		t.Errorf("moved (+), it was (-):\n%s", diff)
	}
	d := openAt(t, server, Options{})
	for i := range 20 {
		mustCommit(t, d, bot.Change{Tasks: []bot.Task{keptTask(fmt.Sprint("after", i)), keptTask("wake")}})
	}
	if _, err := Transfer(t.Context(), file, server, Options{Key: testKey}, nothing); !errors.Is(err, ErrMoved) {
		t.Errorf("moved again once the server's was used: %v", err)
	}
}

func testTransferInPieces(t *testing.T, home oldHome) {
	file, server := home.file(t), home.server(t)
	want := readContents(t, file)
	for _, pages := range []int{1, 2, 2} {
		stopped(t, file, server, func(page int, _ Progress) bool { return page == pages })
		for _, readOnly := range []bool{false, true} {
			if _, err := Open(t.Context(), server, Options{Key: testKey, ReadOnly: readOnly}); !errors.Is(err, ErrMoving) {
				t.Errorf("opens half moved: %v", err)
			}
		}
	}
	stopped(t, file, server, comparing)
	transferred(t, file, server)
	if diff := cmp.Diff(want, readContents(t, server)); diff != "" {
		t.Errorf("moved (+), it was (-):\n%s", diff)
	}
}

func testTransferKilled(t *testing.T, home oldHome) {
	file, server := home.file(t), home.server(t)
	want := readContents(t, file)
	for pages := range 3 {
		cmd, lines := startChild(t, "transfer", file+" "+server)
		for range pages {
			lines.Scan()
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
	}
	transferred(t, file, server)
	if diff := cmp.Diff(want, readContents(t, server)); diff != "" {
		t.Errorf("moved (+), it was (-):\n%s", diff)
	}
}

func testTransferServerStops(t *testing.T, home oldHome) {
	file, server := home.file(t), home.server(t)
	want := readContents(t, file)
	page := 0
	_, err := Transfer(t.Context(), file, server, Options{Key: testKey}, func(Progress) {
		if page++; page == 3 {
			home.pg.Kill(t)
		}
	})
	if err == nil || !strings.Contains(err.Error(), "PostgreSQL") || !strings.Contains(err.Error(), "relancez la même commande") {
		t.Errorf("got %v", err)
	}
	home.pg.Start(t)
	transferred(t, file, server)
	if diff := cmp.Diff(want, readContents(t, server)); diff != "" {
		t.Errorf("moved (+), it was (-):\n%s", diff)
	}
}

func testTransferDiffers(t *testing.T, home oldHome) {
	file, server := home.file(t), home.server(t)
	stopped(t, file, server, comparing)
	for _, tt := range []struct{ change, back, says string }{
		{"UPDATE task SET body = set_byte(body, 20, get_byte(body, 20) # 1) WHERE key = 'wake'", "", "body diffère"},
		{"UPDATE tally SET n = n + 1 WHERE value = 'rdv'", "UPDATE tally SET n = n - 1 WHERE value = 'rdv'", `tally "rdv" "c1" "2026-12" "etat" "rdv" : n diffère`},
		{"UPDATE record SET state = 'é' WHERE id = 'c1-p1'", "UPDATE record SET state = 'etat' WHERE id = 'c1-p1'", `record "thread" "c1-p1" : state diffère`},
		{"UPDATE event SET id = 'page/1x' WHERE id = 'page/1'", "UPDATE event SET id = 'page/1' WHERE id = 'page/1x'", `event "page/1" : manque sur le serveur`},
		{"INSERT INTO event VALUES ('zzz', 1)", "DELETE FROM event WHERE id = 'zzz'", `event "zzz" : n'est pas dans le fichier`},
	} {
		back := tt.back
		if back == "" { // the same again
			back = tt.change
		}
		ask(t, server, tt.change)
		if _, err := Transfer(t.Context(), file, server, Options{Key: testKey}, nothing); !errors.Is(err, ErrDiffers) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want %s", tt.change, err, tt.says)
		}
		ask(t, server, back)
	}
	if done := transferred(t, file, server); done.Before {
		t.Error("what differed was taken for finished")
	}
}

// testTransferOddNames moves rows as releases before this one wrote them, with bytes of which PostgreSQL makes no text.
func testTransferOddNames(t *testing.T, home oldHome) {
	const odd, latin = "e\x00\xff", "caf\xe9"
	file, server := filepath.Join(t.TempDir(), "passeur.db"), home.server(t)
	d := openAt(t, file, Options{})
	k := keptTask(odd)
	k.Group = latin
	mustCommit(t, d, bot.Change{Event: latin, Tasks: []bot.Task{k}, Records: []bot.Record{{Kind: "person", ID: odd, Owner: latin, At: benchNow, Body: []byte(`{"v":1}`)}}})
	old := func(s string) []byte { return []byte(s) }
	record, task := d.seal.seal("record\x00person\x00"+odd, []byte(`{"v":1}`)), d.seal.seal("task\x00"+odd, encodeTask(&k))
	err := d.do(t.Context(), func(x tx) error {
		for _, s := range []step{
			{query: "UPDATE task SET key = CAST(? AS TEXT), grp = CAST(? AS TEXT), body = ?", args: []any{old(odd), old(latin), task}},
			{query: "UPDATE record SET id = CAST(? AS TEXT), owner = CAST(? AS TEXT), body = ?", args: []any{old(odd), old(latin), record}},
			{query: "INSERT INTO event (id, at) VALUES (CAST(? AS TEXT), 1), (CAST(? AS TEXT), 1)", args: []any{old(odd), old(latin)}}, // the second one came again since
		} {
			if err := x.run(s); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	done := transferred(t, file, server)
	if n := done.Tables[1]; n.Here != 2 {
		t.Errorf("events: %+v", n)
	}
	d = openAt(t, server, Options{})
	tasks, err := d.Tasks(t.Context(), TaskQuery{}, benchNow)
	if err != nil || len(tasks) != 1 || tasks[0].Unreadable || tasks[0].Key != keptName(odd) || tasks[0].Group != keptName(latin) {
		t.Errorf("tasks %+v, %v", tasks, err)
	}
	people, err := d.Get(t.Context(), "person", odd)
	if err != nil || len(people) != 1 || people[0].Owner != keptName(latin) || string(people[0].Body) != `{"v":1}` {
		t.Errorf("records %+v, %v", people, err)
	}
	for _, e := range []string{odd, latin} {
		if err := d.Commit(t.Context(), bot.Change{Event: e, Now: benchNow}); !errors.Is(err, bot.ErrSeen) {
			t.Errorf("event %q: %v", e, err)
		}
	}
}

func testTransferRefuses(t *testing.T, home oldHome) {
	file, server := home.file(t), home.server(t)
	absent := filepath.Join(t.TempDir(), "absent.db")
	used, foreign := home.pg.Database(t, "servie"), home.pg.Database(t, "etrangere")
	if err := openAt(t, used, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	ask(t, foreign, "CREATE TABLE clients (nom text)")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		file, server string
		key          []byte
		is           error
	}{
		{absent, server, testKey, fs.ErrNotExist},
		{file, used, testKey, ErrNotEmpty},
		{file, foreign, testKey, ErrNotOurs},
		{file, server, []byte(strings.Repeat("x", keySize)), ErrWrongKey},
	} {
		if _, err := Transfer(t.Context(), tt.file, tt.server, Options{Key: tt.key}, nothing); !errors.Is(err, tt.is) {
			t.Errorf("got %v, want %v", err, tt.is)
		}
	}
	if _, err := os.Stat(absent); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a file was made")
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("the file changed (%v)", err)
	}
	for at, want := range map[string]int{server: 0, foreign: 1} {
		if n := number(t, at, countTables); n != want {
			t.Errorf("%s has %d tables, it had %d", Name(at), n, want)
		}
	}
	bot := openAt(t, file, Options{})
	if _, err := Transfer(t.Context(), file, server, Options{Key: testKey}, nothing); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "arrêtez-le") {
		t.Errorf("beside a running bot: %v", err)
	}
	if _, err := bot.Due(t.Context(), "sms", 0); err != nil {
		t.Error(err)
	}
}

// testTransferGivenUp: a file that is used before all of it was moved is not moved in two states.
func testTransferGivenUp(t *testing.T, home oldHome) {
	file, server := home.file(t), home.server(t)
	stopped(t, file, server, func(page int, _ Progress) bool { return page == 2 })
	d := openAt(t, file, Options{})
	mustCommit(t, d, bot.Change{Event: "since"})
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a refusal begins nothing
		if _, err := Transfer(t.Context(), file, server, Options{Key: testKey}, nothing); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("got %v", err)
		}
	}
}

// testTransferTables: the tables are all that there are, with the same columns on both sides.
func testTransferTables(t *testing.T, home oldHome) {
	file, server := openTemp(t), openAt(t, home.server(t), Options{})
	tables, err := tablesOf(t.Context(), file.engine)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string][]string{}
	for _, table := range tables {
		said[table.name] = slices.Sorted(strings.SplitSeq(names(table.columns), ", "))
	}
	for engine, query := range map[*DB]string{
		file:   "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> 'goose_db_version'",
		server: "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'goose_db_version'",
	} {
		found := map[string][]string{}
		err := engine.engine.each(t.Context(), query, nil, func(scan func(...any) error) (bool, error) {
			var table, column string
			err := scan(&table, &column)
			found[table] = append(found[table], column)
			return true, err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, columns := range found {
			slices.Sort(columns)
		}
		if diff := cmp.Diff(found, said); diff != "" {
			t.Errorf("there are (-), are moved (+):\n%s", diff)
		}
	}
}
