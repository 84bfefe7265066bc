package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

// TestOlderSchemas opens what an earlier release wrote: each schema before this one is kept as the SQL that the program sqlite3 makes of
// a file, filled by keep. Before a migration is added, keep the schema that it ends:
//
//	KEEP=/tmp/kept.db go test -run TestKeep ./store
//	(echo 'PRAGMA application_id = 1347638098;'; sqlite3 /tmp/kept.db .dump) > store/testdata/schema-2.sql
func TestOlderSchemas(t *testing.T) {
	steps, err := migrations.ReadDir("migrations/sqlite")
	if err != nil {
		t.Fatal(err)
	}
	now := openTemp(t)
	keep(t, now)
	want := contentsOf(t, now)
	if len(want.Got) != len(keptKinds) || len(want.Tasks) != 7 || want.Named != "sent" || !want.Seen {
		t.Fatalf("not all that was written is read: %+v", want)
	}
	for schema := 1; schema < len(steps); schema++ {
		t.Run(fmt.Sprint(schema), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "passeur.db")
			restore(t, fmt.Sprintf("testdata/schema-%d.sql", schema), path)
			old := openAt(t, path, Options{})
			if diff := cmp.Diff(want, contentsOf(t, old)); diff != "" {
				t.Errorf("what was kept (+) is not what is written now (-):\n%s", diff)
			}
			var found string
			if _, err := old.engine.get(t.Context(), "PRAGMA integrity_check", nil, &found); err != nil || found != "ok" {
				t.Errorf("integrity: %s %v", found, err)
			}
		})
	}
}

// TestKeep fills a new file for TestOlderSchemas.
func TestKeep(t *testing.T) {
	path := os.Getenv("KEEP")
	if path == "" {
		t.Skip("KEEP names no file")
	}
	keep(t, openAt(t, path, Options{}))
}

func restore(t *testing.T, dump, path string) {
	t.Helper()
	statements, err := os.ReadFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), string(statements)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// keptKinds are those of the first schema, with an id that their records may have.
var keptKinds = map[string]string{"person": "p1", "rdv": "42", "thread": "c1-p1", "inbox": "e1", "cursor": "mattermost", "job": "ménage",
	"address": "sms:+33639981234", "objection": "sms:+33639981234", "chat": "sms:+33639981234"}

// keep writes a record of each of keptKinds, and a task in each state. It writes the same for ever.
func keep(t *testing.T, d *DB) {
	t.Helper()
	for kind, id := range keptKinds {
		commit(t, d, bot.Change{Event: "event/" + kind, Now: benchNow, Tally: []bot.Count{{Kind: "rdv", Owner: "c1", Month: "2026-12", Dimension: "etat", Value: kind, N: 1}},
			Records: []bot.Record{{Kind: kind, ID: id, Owner: "c1", Subject: "p1", Place: "50/50147", State: "etat", At: benchNow, Body: []byte(`{"v":1,"nom":"Jeanne"}`)}}})
	}
	var tasks []bot.Task
	for _, key := range []string{"sent", "retry", "refused", "deferred", "leased"} {
		tasks = append(tasks, keptTask(key))
	}
	dropped, wake := keptTask("dropped"), bot.Task{Key: "wake", Group: "rdv/42", Place: "50/50147", At: benchNow.Add(time.Hour), Intent: "rappel", Args: map[string]string{"jour": "1"}}
	dropped.Group = "rdv/43"
	commit(t, d, bot.Change{Now: benchNow, Tasks: append(tasks, dropped, wake)})
	commit(t, d, bot.Change{Now: benchNow, Drop: []string{dropped.Group}})
	claimed, err := d.Claim(t.Context(), "sms", bot.Reminder, benchNow, 9, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	later := benchNow.Add(time.Minute)
	outcomes := map[string]bot.Outcome{
		"sent": {Fate: bot.Sent, Ref: "ref-1"}, "refused": {Fate: bot.Withheld, Reason: "stop"},
		"retry": {Fate: bot.Retry, Next: later, Reason: "reseau"}, "deferred": {Fate: bot.Deferred, Next: later},
	}
	var done []bot.Outcome
	for _, k := range claimed {
		if o, ok := outcomes[k.Key]; ok {
			o.Key, o.Attempt, o.At = k.Key, k.Attempt, benchNow
			done = append(done, o)
		}
	}
	if err := d.Settle(t.Context(), done); err != nil {
		t.Fatal(err)
	}
}

func keptTask(key string) bot.Task {
	return bot.Task{Key: key, Group: "rdv/42", Batch: "camp/7", To: "p-" + key, Subject: "p1", Network: "sms", Lane: bot.Reminder, Purpose: bot.ForRdv, Place: "50/50147",
		At: benchNow, NotAfter: benchNow.Add(24 * time.Hour), Message: &bot.Message{Key: "rappel", Args: map[string]string{"prenom": "Jeanne"}, About: "rdv/42"}}
}

func commit(t *testing.T, d *DB, c bot.Change) {
	t.Helper()
	if err := d.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// contents is all that a database holds, in the clear.
type contents struct {
	Found  []bot.Record // by whom they tell about
	Got    []bot.Record // by kind and id
	Tasks  []TaskRow
	Counts []bot.Count
	Named  string // the task of the ref that a network gave
	Seen   bool   // an event that was handled
}

func contentsOf(t *testing.T, d *DB) (all contents) {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	all.Found, err = d.Find(t.Context(), bot.Query{Subject: "p1"})
	must(err)
	slices.SortFunc(all.Found, func(a, b bot.Record) int { return strings.Compare(a.Kind, b.Kind) })
	for i, r := range all.Found {
		if bot.Kinds[r.Kind].Keyed {
			all.Found[i].ID = "" // each file has its own key
		}
		got, err := d.Get(t.Context(), r.Kind, keptKinds[r.Kind])
		must(err)
		all.Got = append(all.Got, got...)
	}
	all.Tasks, err = d.Tasks(t.Context(), TaskQuery{}, benchNow)
	must(err)
	all.Counts, err = d.Tally(t.Context(), bot.TallyQuery{Kind: "rdv"})
	must(err)
	all.Named, err = d.KeyOf(t.Context(), "sms", "ref-1")
	must(err)
	all.Seen = errors.Is(d.Commit(t.Context(), bot.Change{Event: "event/rdv", Now: benchNow}), bot.ErrSeen)
	return all
}
