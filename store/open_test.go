package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"database/sql"

	"passeur/bot"
)

// childEnv makes the test binary a second process: "hold", "commit" or "begin" and the path of a database, or "transfer" and where from and where to.
const childEnv = "PASSEUR_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if what, path, ok := strings.Cut(os.Getenv(childEnv), " "); ok {
		if err := child(what, path); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child opens the database and, told to commit, prints each ID once its commit has returned, until it is killed.
func child(what, path string) error {
	o := Options{Key: testKey}
	if file, server, ok := strings.Cut(path, " "); ok && what == "transfer" {
		_, err := Transfer(context.Background(), file, server, o, func(p Progress) { fmt.Println("open") })
		return err
	}
	if what == "begin" {
		o.Key = nil
	}
	d, err := Open(context.Background(), path, o)
	if err != nil {
		return err
	}
	if what == "begin" {
		return d.Close()
	}
	fmt.Println("open")
	if what == "hold" {
		_, err := bufio.NewReader(os.Stdin).ReadByte() // until the parent is done
		return errors.Join(err, d.Close())
	}
	lines := make(chan string)
	for caller := range 4 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d", caller, i)
				c := bot.Change{Event: id, Now: benchNow, Tasks: []bot.Task{{Key: id, At: benchNow}},
					Records: []bot.Record{{Kind: "person", ID: id, At: benchNow, Body: []byte(`{"v":1}`)}}}
				if err := d.Commit(context.Background(), c); err != nil {
					id = "error: " + err.Error()
				}
				lines <- id
			}
		}()
	}
	for line := range lines {
		fmt.Println(line)
	}
	return nil
}

func startChild(t *testing.T, what, path string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+what+" "+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "open" {
		t.Fatalf("the child says %q", lines.Text())
	}
	return cmd, lines
}

// TestKilledAtTheStart kills first starts at any instant: the next start begins again, with the key that was made.
func TestKilledAtTheStart(t *testing.T) {
	for range 25 {
		path := filepath.Join(t.TempDir(), "passeur.db")
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"=begin "+path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		<-time.After(rand.N(120 * time.Millisecond))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		d, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCutShort opens what a first start leaves that was cut short at each of its steps.
func TestCutShort(t *testing.T) {
	for name, leave := range map[string]func(path, key string) error{
		"an empty file":       func(path, _ string) error { return os.WriteFile(path, nil, 0o600) },
		"a header":            func(path, _ string) error { return claimFile(context.Background(), path) },
		"half a key":          func(_, key string) error { return os.WriteFile(key+".tmp", []byte("abc"), 0o600) },
		"a key and a header":  func(path, key string) error { return errors.Join(claimFile(context.Background(), path), makeKey(key)) },
		"an empty log beside": func(path, _ string) error { return os.WriteFile(path+"-wal", nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "passeur.db")
			if err := leave(path, filepath.Join(dir, KeyFileName)); err != nil {
				t.Fatal(err)
			}
			d, err := Open(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestEmptied: a database whose file was lost is not begun anew in silence.
func TestEmptied(t *testing.T) {
	for name, lose := range map[string]func(path string) error{
		"emptied": func(path string) error { return os.Truncate(path, 0) },
		"removed": os.Remove,
		"its log is left": func(path string) error {
			return errors.Join(os.Remove(path), os.Remove(filepath.Join(filepath.Dir(path), KeyFileName)), os.WriteFile(path+"-wal", []byte("x"), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "passeur.db")
			d, err := Open(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(d.Close(), lose(path)); err != nil {
				t.Fatal(err)
			}
			for _, readOnly := range []bool{false, true} {
				if _, err = Open(t.Context(), path, Options{ReadOnly: readOnly}); !errors.Is(err, ErrEmptied) || !strings.Contains(err.Error(), "restaurez une sauvegarde") {
					t.Errorf("read only %v: %v", readOnly, err)
				}
			}
		})
	}
}

// TestDamagedFile: what SQLite says of a damaged file comes with what to do.
func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passeur.db")
	d, err := Open(t.Context(), path, Options{Key: testKey})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 100; i < len(raw); i++ {
		raw[i] = 0xa5
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), path, Options{Key: testKey})
	if err == nil || !strings.Contains(err.Error(), "abîmé : arrêtez Passeur et restaurez une sauvegarde") {
		t.Errorf("got %v", err)
	}
}

func TestKilledInTheMiddle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passeur.db")
	total := 0
	for range 3 {
		cmd, lines := startChild(t, "commit", path)
		var acked []string
		for lines.Scan() {
			acked = append(acked, lines.Text())
			if len(acked) == 200 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // it was killed
		total += countAcked(t, path, acked)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d acknowledged commits, all found", total)
}

// countAcked opens what the killed process left and looks for all that it had acknowledged.
func countAcked(t *testing.T, path string, acked []string) int {
	d, err := Open(t.Context(), path, Options{Key: testKey})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if len(acked) < 200 {
		t.Fatalf("only %d acknowledged: %v", len(acked), acked)
	}
	if got, err := d.Get(t.Context(), "person", acked...); err != nil || len(got) != len(acked) {
		t.Fatalf("%d acknowledged, %d found, %v", len(acked), len(got), err)
	}
	for _, id := range acked {
		if err := d.Commit(t.Context(), bot.Change{Event: id, Now: benchNow}); !errors.Is(err, bot.ErrSeen) {
			t.Fatalf("event %s: %v", id, err)
		}
	}
	return len(acked)
}

func TestOneWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passeur.db")
	cmd, _ := startChild(t, "hold", path)
	if _, err := Open(t.Context(), path, Options{Key: testKey}); !errors.Is(err, ErrInUse) {
		t.Fatalf("beside another process: %v, want ErrInUse", err)
	}
	openAt(t, path, Options{ReadOnly: true})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	d := openAt(t, path, Options{})
	if _, err := Open(t.Context(), path, Options{Key: testKey}); !errors.Is(err, ErrInUse) {
		t.Fatalf("twice in one process: %v, want ErrInUse", err)
	}
	if _, err := d.Due(t.Context(), "sms", bot.Reply); err != nil {
		t.Fatalf("the first one suffered: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passeur.db")
	if _, err := Open(t.Context(), path, Options{Key: testKey, ReadOnly: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("no file: %v", err)
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 0 {
		t.Fatalf("reading left %v", files)
	}
	w := openAt(t, path, Options{})
	r := openAt(t, path, Options{ReadOnly: true})
	record := bot.Record{Kind: "person", ID: "p1", At: benchNow, Body: []byte(`{"v":1}`)}
	if err := w.Commit(t.Context(), bot.Change{Records: []bot.Record{record}}); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Get(t.Context(), "person", "p1"); err != nil || len(got) != 1 {
		t.Fatalf("what the writer committed: %v, %v", got, err)
	}
	for what, err := range map[string]error{
		"commit": r.Commit(t.Context(), bot.Change{}), "checkpoint": r.Checkpoint(t.Context()),
		"settle": r.Settle(t.Context(), []bot.Outcome{{Key: "k", Fate: bot.Sent}}), "rewrap": r.Rewrap(t.Context(), testKey),
	} {
		if !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v, want ErrReadOnly", what, err)
		}
	}
}

func TestClosed(t *testing.T) {
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "passeur.db"), Options{Key: testKey})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.Close(), d.Close()); err != nil {
		t.Fatal(err)
	}
	if err := d.Commit(t.Context(), bot.Change{}); !errors.Is(err, ErrClosed) {
		t.Fatalf("commit: %v, want ErrClosed", err)
	}
}

// TestNotOurs opens files of others: each is refused and not one byte changes, nor is anything left beside it.
func TestNotOurs(t *testing.T) {
	foreign := func(path string) error {
		db, err := sql.Open("sqlite", dsn(path, "_journal_mode=WAL"))
		if err != nil {
			return err
		}
		_, err = db.Exec("CREATE TABLE t (a); PRAGMA application_id = 7")
		return errors.Join(err, db.Close())
	}
	write := func(content string) func(string) error {
		return func(path string) error { return os.WriteFile(path, []byte(content), 0o600) }
	}
	for name, make := range map[string]func(string) error{
		"another program's": foreign,
		"a text":            write("service: Passeur\n"),
		"garbage":           write(strings.Repeat("\xde\xad\xbe\xef", 4096)),
		"a cut header":      write("SQLite format 3\x00"),
	} {
		for _, readOnly := range []bool{false, true} {
			t.Run(fmt.Sprint(name, readOnly), func(t *testing.T) { refused(t, make, Options{Key: testKey, ReadOnly: readOnly}) })
		}
	}
}

func refused(t *testing.T, make func(string) error, o Options) {
	path := filepath.Join(t.TempDir(), "other.db")
	if err := make(path); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, o); !errors.Is(err, ErrNotOurs) {
		t.Fatalf("got %v, want ErrNotOurs", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Fatalf("the file changed (%v)", err)
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Fatalf("left beside it: %v", files)
	}
}

func TestNewer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passeur.db")
	d := openAt(t, path, Options{})
	err := d.do(t.Context(), func(c tx) error {
		_, err := c.exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
		return err
	})
	if err = errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	for _, readOnly := range []bool{false, true} {
		if _, err := Open(t.Context(), path, Options{Key: testKey, ReadOnly: readOnly}); !errors.Is(err, ErrNewer) {
			t.Fatalf("got %v, want ErrNewer", err)
		}
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Fatal("the file changed")
	}
}
