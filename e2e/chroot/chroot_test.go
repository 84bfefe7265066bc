//go:build linux

// Package chroot proves that the program of the Dockerfile needs nothing but what the Dockerfile gives it. It reads the
// build flags, the user and the environment off that file and runs the program in a folder that holds itself, the
// certificates and an empty data folder.
package chroot

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"passeur/e2e/peers"
)

const (
	root    = "../.." // of the repository
	bundle  = "/etc/ssl/certs/ca-certificates.crt"
	reunion = "41-la-reunion.txt" // a dialogue in Indian/Reunion
)

func TestProgramAlone(t *testing.T) {
	if os.Getuid() != 0 {
		peers.Missing(t, "chroot needs root: sudo go test ./e2e/chroot")
	}
	j := build(t)

	t.Run("check", func(t *testing.T) {
		j.says(t, j.command("check"), "✓ Réglages lus.", "/data/passeur.db : elle sera créée")
	})
	t.Run("serve", func(t *testing.T) { j.serves(t) })
	t.Run("segments", func(t *testing.T) {
		j.says(t, j.command("segments", "Pensez à l'heure du départ"), "GSM-7, 1 partie, 134 caractères libres")
	})
	t.Run("time zones", func(t *testing.T) {
		j.copyIn(t, filepath.Join(root, "bot/testdata", reunion), "data/"+reunion)
		j.says(t, j.command("play", "/data/"+reunion), "comme écrit")
	})
	t.Run("certificates", func(t *testing.T) { j.trusts(t) })
}

// jail is the folder and how the program is run in it.
type jail struct {
	dir  string
	user uint32
	env  []string
}

// build makes the program with the Dockerfile's own command and lays the folder out.
func build(t *testing.T) *jail {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	j := &jail{dir: t.TempDir(), user: userOf(t, string(file))}
	for _, m := range regexp.MustCompile(`(?m)^ENV (\S+=\S+)$`).FindAllStringSubmatch(string(file), -1) {
		j.env = append(j.env, m[1])
	}
	command := first(t, `(?m)^RUN (.* go build .*) -o \S+ \.$`, string(file))
	cmd := exec.Command("sh", "-c", command+" -o "+filepath.Join(j.dir, "passeur")+" .")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	if err := os.MkdirAll(filepath.Join(j.dir, filepath.Dir(bundle)), 0o755); err != nil {
		t.Fatal(err)
	}
	j.copyIn(t, bundle, bundle)
	if err := os.Mkdir(filepath.Join(j.dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(filepath.Join(j.dir, "data"), int(j.user), int(j.user)); err != nil {
		t.Fatal(err)
	}
	return j
}

func userOf(t *testing.T, dockerfile string) uint32 {
	t.Helper()
	id, err := strconv.ParseUint(first(t, `(?m)^USER (\d+):\d+$`, dockerfile), 10, 32)
	if err != nil || id == 0 {
		t.Fatalf("the Dockerfile's user must be a number and not root: %v", err)
	}
	return uint32(id)
}

func first(t *testing.T, pattern, text string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("the Dockerfile has no line %s", pattern)
	}
	return m[1]
}

func (j *jail) copyIn(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(j.dir, to), raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// command runs the program inside, as the Dockerfile's user, with the Dockerfile's environment and what is added to it.
func (j *jail) command(args ...string) *exec.Cmd {
	cmd := exec.Command("/passeur", args...)
	cmd.Dir, cmd.Env = "/", slices.Clone(j.env)
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: j.dir, Credential: &syscall.Credential{Uid: j.user, Gid: j.user}, Pdeathsig: syscall.SIGKILL}
	return cmd
}

// says runs a command that must succeed and looks for words in what it prints.
func (j *jail) says(t *testing.T, cmd *exec.Cmd, words ...string) {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	for _, w := range words {
		if !strings.Contains(string(out), w) {
			t.Errorf("%v does not say %q:\n%s", cmd.Args, w, out)
		}
	}
}

// serves starts the bot, asks for its health, reads beside it, and has it stop.
func (j *jail) serves(t *testing.T) {
	addr := peers.Addr(peers.FreePort(t))
	cmd := j.command("serve")
	cmd.Env = append(cmd.Env, "PASSEUR_LISTEN="+addr)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	peers.Until(t, 20*time.Second, "", func() error { return healthy(addr) })

	j.says(t, j.command("status"), "À VENIR", "Événements à traiter : 0. Mis de côté : 0.")
	j.says(t, j.command("check"), "/data/passeur.db : elle s'ouvre", "/data/passeur.key")
	j.says(t, j.command("retry"), "0 événement(s) repris.")
	key, err := os.Stat(filepath.Join(j.dir, "data/passeur.key"))
	if err != nil {
		t.Fatal(err)
	}
	if owner := key.Sys().(*syscall.Stat_t).Uid; owner != j.user || key.Mode().Perm() != 0o600 {
		t.Errorf("the key belongs to %d with mode %s", owner, key.Mode())
	}

	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("SIGTERM ends it with %v:\n%s", err, out.String())
	}
}

func healthy(addr string) error {
	res, err := http.Get("http://" + addr + "/health")
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		err = fmt.Errorf("health: %s", res.Status)
	}
	return errors.Join(err, res.Body.Close())
}

// trusts calls a Mattermost over TLS whose authority stands in the bundle and nowhere else.
func (j *jail) trusts(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v4/system/ping" {
			_ = json.NewEncoder(w).Encode(map[string]string{"status": "OK"})
			return
		}
		http.Error(w, `{"id":"api.context.session_expired.app_error"}`, http.StatusUnauthorized)
	}))
	defer srv.Close()
	const refused = "certificate"
	reaches := func() string {
		cmd := j.command("check")
		cmd.Env = append(cmd.Env, "PASSEUR_MATTERMOST_URL="+srv.URL, "PASSEUR_MATTERMOST_TOKEN=un-jeton-qui-ne-vaut-rien")
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("a worthless token passes:\n%s", out)
		}
		return string(out)
	}
	if out := reaches(); !strings.Contains(out, refused) {
		t.Errorf("an unknown authority is trusted:\n%s", out)
	}
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	f, err := os.OpenFile(filepath.Join(j.dir, bundle), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(authority)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if out := reaches(); strings.Contains(out, refused) || !strings.Contains(out, "jeton") {
		t.Errorf("the bundle is not read:\n%s", out)
	}
}
