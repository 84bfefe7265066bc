package store

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

func TestKeyBeside(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "passeur.db")
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if k := d.Key(); !k.Beside || k.Loose || k.Path != filepath.Join(dir, KeyFileName) {
		t.Errorf("key info %+v", k)
	}
	for _, name := range []string{KeyFileName, "passeur.db", "passeur.db.lock"} {
		stat, err := os.Stat(filepath.Join(dir, name))
		if err != nil || stat.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v, want 0600", name, stat.Mode(), err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, KeyFileName)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without its key: %v, want a missing file", err)
	}
	if _, err := os.Stat(filepath.Join(dir, KeyFileName)); err == nil {
		t.Error("a new key was made for an old database")
	}
}

func TestKeyFiles(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	path := filepath.Join(dir, "passeur.db")
	openOnce(t, path, Options{Key: testKey})
	openOnce(t, path, Options{KeyFile: file("raw", string(testKey), 0o600)})
	openOnce(t, path, Options{KeyFile: file("hex", hex.EncodeToString(testKey)+"\n", 0o600)})
	if k := openOnce(t, path, Options{KeyFile: file("base64", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n", 0o644)}); !k.Loose || k.Beside {
		t.Errorf("key info %+v, want Loose", k)
	}
	for name, o := range map[string]Options{
		"short":       {Key: []byte("short")},
		"not a key":   {KeyFile: file("bad", "hello", 0o600)},
		"not a file":  {KeyFile: filepath.Join(dir, "none")},
		"another key": {Key: bytes.Repeat([]byte{7}, keySize)},
	} {
		_, err := Open(t.Context(), path, o)
		if err == nil {
			t.Errorf("%s: it opened", name)
		}
		if name == "another key" && !errors.Is(err, ErrWrongKey) {
			t.Errorf("%s: %v, want ErrWrongKey", name, err)
		}
	}
}

func openOnce(t *testing.T, path string, o Options) KeyInfo {
	t.Helper()
	d, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return d.Key()
}

func TestRewrap(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passeur.db")
	d := openAt(t, path, Options{})
	address := bot.Record{Kind: "address", ID: "sms:+33639981234", At: benchNow, Body: []byte(`{"v":1}`)}
	if err := d.Commit(t.Context(), bot.Change{Records: []bot.Record{address}}); err != nil {
		t.Fatal(err)
	}
	fresh := bytes.Repeat([]byte{9}, keySize)
	if err := errors.Join(d.Rewrap(t.Context(), fresh), d.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{Key: testKey}); !errors.Is(err, ErrWrongKey) {
		t.Fatalf("with the old key: %v, want ErrWrongKey", err)
	}
	d = openAt(t, path, Options{Key: fresh})
	if got, err := d.Get(t.Context(), "address", address.ID); err != nil || len(got) != 1 || string(got[0].Body) != `{"v":1}` {
		t.Fatalf("with the new key: %v, %v", got, err)
	}
}

// TestNothingToRead looks into the bytes of the files for what must not be there.
func TestNothingToRead(t *testing.T) {
	dir := t.TempDir()
	d := openAt(t, filepath.Join(dir, "passeur.db"), Options{})
	secrets := []string{"Jeanne", "Exemple", "33639981234", "0639981234", "639981234", "mairie de Coutances", "Bonjour"}
	text := strings.Join(secrets, " ")
	at := benchNow
	var records []bot.Record
	for kind, k := range bot.Kinds {
		if k.Sealed {
			records = append(records, bot.Record{Kind: kind, ID: "sms:+33639981234", Subject: "p1", At: at, Body: []byte(text)})
			if !k.Keyed {
				records[len(records)-1].ID = "x"
			}
		}
	}
	tell := bot.Task{Key: "tell", At: at, Args: map[string]string{"text": text}}
	c := bot.Change{Event: "sms:gw-1", Now: at, Records: records, Tasks: []bot.Task{
		{Key: "k", To: "p1", Network: "sms", At: at, Message: &bot.Message{Text: text, Args: map[string]string{"nom": text}}}}}
	if err := d.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	tasks, err := d.Claim(t.Context(), "sms", bot.Reply, at, 1, time.Minute)
	if err != nil || len(tasks) != 1 || tasks[0].Message.Text != text {
		t.Fatal(tasks, err)
	}
	if err := d.Settle(t.Context(), []bot.Outcome{{Key: "k", Attempt: 1, Fate: bot.Failed, At: at, FollowUp: &tell}}); err != nil {
		t.Fatal(err)
	}
	grep(t, dir, secrets)
	if err := d.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	grep(t, dir, secrets)
}

func grep(t *testing.T, dir string, secrets []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "passeur.db*"))
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	seen := false
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen = seen || bytes.Contains(content, []byte("sms:gw-1"))
		for _, s := range secrets {
			if bytes.Contains(content, []byte(s)) {
				t.Errorf("%s holds %q", filepath.Base(file), s)
			}
		}
	}
	if !seen {
		t.Error("the files do not even hold the event: the test looks in the wrong place")
	}
}

func TestDamagedBodies(t *testing.T) {
	d := openTemp(t)
	c := bot.Change{
		Records: []bot.Record{{Kind: "person", ID: "p1", At: benchNow, Body: []byte("{}")}, {Kind: "person", ID: "p2", At: benchNow, Body: []byte("{}")}},
		Tasks:   []bot.Task{{Key: "k1", To: "p1", At: benchNow}, {Key: "k2", To: "p2", At: benchNow}},
	}
	if err := d.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	spoil(t, d, "UPDATE record SET body = (SELECT body FROM record WHERE id = 'p2') WHERE id = 'p1'")
	if _, err := d.Get(t.Context(), "person", "p1", "p2"); !errors.Is(err, ErrUnreadable) {
		t.Errorf("another person's body: %v, want ErrUnreadable", err)
	}
	for _, body := range []string{"x''", "x'00'", "x'0001'", "x'01'", "x'02ff'"} {
		spoil(t, d, "UPDATE record SET body = "+body+" WHERE id = 'p1'")
		if _, err := d.Get(t.Context(), "person", "p1"); !errors.Is(err, ErrUnreadable) {
			t.Errorf("body %s: %v, want ErrUnreadable", body, err)
		}
	}
	spoil(t, d, "UPDATE task SET body = x'01ffff' WHERE key = 'k1'")
	tasks, err := d.Claim(t.Context(), "", bot.Reply, benchNow, 9, time.Minute)
	if err != nil || len(tasks) != 1 || tasks[0].Key != "k2" {
		t.Fatalf("claimed %v, %v, want k2 alone", tasks, err)
	}
	rows, err := d.Tasks(t.Context(), TaskQuery{Key: "k1"}, benchNow)
	if err != nil || len(rows) != 1 || !rows[0].Unreadable || rows[0].Reason != "illisible" || rows[0].Fate != bot.Failed {
		t.Fatalf("the damaged task: %+v, %v", rows, err)
	}
}

func spoil(t *testing.T, d *DB, statement string) {
	t.Helper()
	err := d.do(t.Context(), func(c tx) error {
		_, err := c.exec(statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
