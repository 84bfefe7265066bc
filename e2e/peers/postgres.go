package peers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Postgres is a private PostgreSQL instance: trust authentication, loopback and a socket in its run folder, user postgres.
type Postgres struct {
	Port int
	DSN  string // of the database "passeur", empty at start: a URL that every driver reads

	owner    testing.TB // until whose end the instance runs, whoever starts it again
	bin, run string
	cmd      *exec.Cmd
}

// StartPostgres starts a PostgreSQL of Debian's packages with an empty database "passeur" and stops it when the test
// ends. Settings are given as "name=value" ("fsync=off"); the defaults, which are durable, hold for all others.
// PostgreSQL refuses to run as root: there it runs as the user postgres that the package made.
func StartPostgres(t testing.TB, settings ...string) *Postgres {
	t.Helper()
	p := &Postgres{Port: FreePort(t), owner: t, bin: postgresBin(t), run: runFolder(t, "passeur-pg")}
	p.initialise(t)
	p.Start(t, settings...)
	p.DSN = p.Database(t, "passeur")
	return p
}

// Database creates an empty database and returns its URL.
func (p *Postgres) Database(t testing.TB, name string) string {
	t.Helper()
	out, err := exec.Command(filepath.Join(p.bin, "createdb"), "-h", "127.0.0.1", "-p", fmt.Sprint(p.Port), "-U", "postgres", name).CombinedOutput()
	if err != nil {
		t.Fatalf("createdb %s: %v\n%s", name, err, out)
	}
	return p.URL(name)
}

// URL returns the address of a database of this instance.
func (p *Postgres) URL(name string) string {
	return fmt.Sprintf("postgres://postgres@%s/%s?sslmode=disable&connect_timeout=10", Addr(p.Port), name)
}

func (p *Postgres) initialise(t testing.TB) {
	t.Helper()
	cmd := asPostgres(filepath.Join(p.bin, "initdb"), "-D", filepath.Join(p.run, "data"),
		"-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	cmd.Dir = p.run
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
}

// Start starts the instance on its port and data: StartPostgres has done so once, call it again after Kill.
func (p *Postgres) Start(t testing.TB, settings ...string) {
	t.Helper()
	args := []string{filepath.Join(p.bin, "postgres"), "-D", filepath.Join(p.run, "data"), "-p", fmt.Sprint(p.Port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + p.run}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	p.cmd = asPostgres(args...)
	p.cmd.Dir = p.run
	logFile := filepath.Join(p.run, "postgres.log")
	Start(p.owner, logFile, p.cmd)
	pid := p.cmd.Process.Pid
	p.owner.Cleanup(func() { interrupt(pid) }) // runs before the SIGTERM of Start, which would wait for every client to leave
	Until(t, 30*time.Second, logFile, func() error {
		return exec.Command(filepath.Join(p.bin, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", fmt.Sprint(p.Port), "-U", "postgres").Run()
	})
}

// Kill ends the instance at once, as a crash would: what it holds in memory alone is lost.
func (p *Postgres) Kill(t testing.TB) {
	t.Helper()
	_ = syscall.Kill(p.cmd.Process.Pid, syscall.SIGQUIT)
	untilGone(t, p.cmd.Process.Pid)
}

// interrupt asks for PostgreSQL's fast shutdown.
func interrupt(pid int) { _ = syscall.Kill(pid, syscall.SIGINT) }

// asPostgres prepares a command that runs as postgres when this process is root, and dies with this process.
func asPostgres(args ...string) *exec.Cmd {
	if os.Geteuid() == 0 {
		args = append([]string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=KILL"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "HOME=/nonexistent", "LC_ALL=C.UTF-8")
	return cmd
}

// postgresBin finds the newest PostgreSQL: Debian keeps it out of PATH.
func postgresBin(t testing.TB) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(initdb)
	}
	Missing(t, "PostgreSQL (apt-get install postgresql)")
	return ""
}

// runFolder makes a folder that postgres may enter whoever runs the tests. It is not t.TempDir, whose parents are
// closed to other users and whose path is too long for a Unix socket.
func runFolder(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() && os.Getenv("PEERS_KEEP") != "" {
			t.Logf("run folder kept: %s", dir)
			return
		}
		_ = os.RemoveAll(dir)
	})
	if os.Geteuid() == 0 {
		if out, err := exec.Command("chown", "postgres:postgres", dir).CombinedOutput(); err != nil {
			Missing(t, "the user postgres (apt-get install postgresql): %s", strings.TrimSpace(string(out)))
		}
	}
	return dir
}

// untilGone waits until a process started by Start has ended and was waited for.
func untilGone(t testing.TB, pid int) {
	t.Helper()
	Until(t, 20*time.Second, "", func() error {
		if err := syscall.Kill(pid, 0); err == nil {
			return fmt.Errorf("process %d still runs", pid)
		}
		return nil
	})
}
