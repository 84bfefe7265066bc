package peers

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Redis is a private Redis (or Valkey) server on the loopback, which keeps nothing.
type Redis struct {
	URL  string
	Port int

	owner testing.TB // until whose end it runs, whoever starts it again
	bin   string
	dir   string
	cmd   *exec.Cmd
}

// StartRedis starts one of Debian's packages and stops it when the test ends.
func StartRedis(t testing.TB) *Redis {
	t.Helper()
	r := &Redis{Port: FreePort(t), owner: t, bin: redisServer(t), dir: t.TempDir()}
	r.URL = "redis://" + Addr(r.Port) + "/0"
	r.Start(t)
	return r
}

// Start starts it on its port: StartRedis has done so once, call it again after Stop. It has forgotten everything.
func (r *Redis) Start(t testing.TB) {
	t.Helper()
	log := filepath.Join(r.dir, "redis.log")
	r.cmd = exec.Command(r.bin, "--port", fmt.Sprint(r.Port), "--bind", "127.0.0.1", "--dir", r.dir, "--save", "", "--appendonly", "no")
	Start(r.owner, log, r.cmd)
	Until(t, 20*time.Second, log, func() error {
		if out, err := r.cli("ping"); err != nil || out != "PONG\n" {
			return fmt.Errorf("%s, %v", out, err)
		}
		return nil
	})
}

// Stop ends it, as a crash would.
func (r *Redis) Stop(t testing.TB) {
	t.Helper()
	_ = syscall.Kill(r.cmd.Process.Pid, syscall.SIGKILL)
	untilGone(t, r.cmd.Process.Pid)
}

// Flush has it forget everything.
func (r *Redis) Flush(t testing.TB) {
	t.Helper()
	if out, err := r.cli("flushall"); err != nil {
		t.Fatalf("flushall: %s, %v", out, err)
	}
}

// UntilKey waits until a key is there.
func (r *Redis) UntilKey(t testing.TB, key string) {
	t.Helper()
	Until(t, 20*time.Second, "", func() error {
		if out, err := r.cli("exists", key); err != nil || out != "1\n" {
			return fmt.Errorf("%s: %s, %v", key, out, err)
		}
		return nil
	})
}

func (r *Redis) cli(words ...string) (string, error) {
	out, err := exec.Command("redis-cli", append([]string{"-h", "127.0.0.1", "-p", fmt.Sprint(r.Port)}, words...)...).CombinedOutput()
	return string(out), err
}

func redisServer(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(t, "Redis (apt-get install redis-server)")
	return ""
}
