// Package peers starts the real programs that Passeur talks to (PostgreSQL, Redis, Mattermost, Kannel, Telegram's emulator, Chromium) as private
// instances on the loopback, for tests. Each start function takes free ports, keeps its files in one run folder, waits
// for readiness by polling and stops what it started, by pid, when the test ends.
//
// A program that cannot be had skips the test with the reason; with CI=true or PEERS=required that is a failure.
package peers

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Missing ends the test because a peer cannot be had: a skip on a developer's machine, a failure where peers are required.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" || os.Getenv("PEERS") == "required" {
		t.Fatalf("required peer missing: "+format, args...)
	}
	t.Skipf("peer missing: "+format, args...)
}

// FreePort returns a loopback port that was free a moment ago, and no test of this process has had. It lies below those that the system gives to
// connections (net.ipv4.ip_local_port_range begins at 32768): none of them takes it meanwhile.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 200 {
		port := 20_000 + rand.IntN(12_000)
		if _, had := ports.LoadOrStore(port, true); had {
			continue
		}
		if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// ports are those that FreePort gave.
var ports sync.Map

// Until polls ready every 20 ms until it returns nil; after limit the test fails with its last error and the tail of
// the log file, if there is one.
func Until(t testing.TB, limit time.Duration, logFile string, ready func() error) {
	t.Helper()
	deadline := time.Now().Add(limit)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ready()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not ready after %s: %v\n%s", limit, err, tail(logFile))
		}
		<-tick.C
	}
}

func tail(file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	return string(b[max(0, len(b)-4000):])
}

// Start runs cmd in the background with its output in logFile, in a process group of its own. When the test ends the
// group gets SIGTERM, and SIGKILL if it is still there after five seconds; Start waits until it is gone.
func Start(t testing.TB, logFile string, cmd *exec.Cmd) {
	t.Helper()
	out, err := os.Create(logFile)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = out
	if cmd.Stdout == nil { // else the test reads it
		cmd.Stdout = out
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }()
	t.Cleanup(func() {
		defer out.Close()
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-gone:
		case <-time.After(5 * time.Second):
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-gone
		}
	})
}

// Addr joins the loopback and a port.
func Addr(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
