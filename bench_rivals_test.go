//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"passeur/e2e/peers"
)

// rivals are the queues of e2e/rivals, which are given the messages of a delivery.
type rivals struct {
	*delivery
	program  string
	pg       *pgStock
	messages string // the file
	settings []string
}

// builtRivals builds them; they are a module of their own.
func builtRivals(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rivals")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Dir = filepath.Join("e2e", "rivals")
	if out, err := cmd.CombinedOutput(); err != nil {
		peers.Missing(t, "the rivals (e2e/rivals): %v\n%s", err, out)
	}
	return path
}

// write writes what a job of each message is given: what the bare loop's request says.
func (r *rivals) write(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	lines := json.NewEncoder(out)
	for i, q := range r.requests() {
		if i == 0 {
			err = lines.Encode(r.common(q))
		}
		if err == nil {
			err = lines.Encode(map[string]string{"key": r.keys[i], "text": q.body, "to": q.header["X-Kannel-To"][0], "coding": q.header["X-Kannel-Coding"][0]})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	return path
}

// common is what all requests say.
func (r *rivals) common(q request) map[string]any {
	header := q.header.Clone()
	receipts, _, _ := strings.Cut(q.header["X-Kannel-Dlr-Url"][0], "&task=")
	for _, own := range []string{"X-Kannel-To", "X-Kannel-Coding", "X-Kannel-Dlr-Url"} {
		delete(header, own)
	}
	return map[string]any{"URL": r.gateway.url + "/cgi-bin/sendsms", "Header": http.Header(header), "Receipts": receipts + "&task="}
}

func (r *rivals) asynq(t *testing.T) spent {
	t.Helper()
	redis := peers.StartRedis(t)
	defer redis.Stop(t)
	return r.run(t, "asynq", redis.URL)
}

func (r *rivals) river(t *testing.T) spent {
	t.Helper()
	r.pg.copies++
	name := fmt.Sprint("river", r.pg.copies)
	at := r.pg.pg.Database(t, name)
	defer r.pg.exec(t, "DROP DATABASE "+name+" WITH (FORCE)")
	return r.run(t, "river", at)
}

// run has one of them put the messages into its queue and deliver them.
func (r *rivals) run(t *testing.T, name, at string) spent {
	t.Helper()
	rival, end := startFar(t, exec.Command(r.program, name, at, r.messages))
	defer end()
	if !rival.lines.Scan() || !strings.HasPrefix(rival.lines.Text(), "ready ") {
		t.Fatalf("%s is not ready: %s", name, rival.lines.Text())
	}
	r.note(strings.TrimPrefix(rival.lines.Text(), "ready "))
	server := serverOf(t, at)
	before := server.used()
	took := spent{n: r.n}
	said := rival.line(t)
	if _, err := fmt.Sscanf(said, "took %d %d", (*int64)(&took.wall), (*int64)(&took.cpu)); err != nil {
		t.Fatalf("%s: %q, %v", name, said, err)
	}
	took.server = server.used() - before
	return r.arrived(t, took)
}

// note keeps the settings of each once.
func (r *rivals) note(settings string) {
	if !slices.Contains(r.settings, settings) {
		r.settings = append(r.settings, settings)
	}
}
