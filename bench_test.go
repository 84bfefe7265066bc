//go:build unix

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"passeur/bot"
	"passeur/store"
)

// TestBench measures what must stay quick and small, and prints a table for each and, last, one line a figure. It runs
// with BENCH=1 (make bench) and asserts no time: other work on the machine makes every time longer, which is why the
// figures that matter are shares and ratios within one run, of rounds that take turns.
func TestBench(t *testing.T) {
	gated(t, "BENCH")
	measured(t, []part{
		{"delivery", benchDelivery}, {"claim", benchClaims}, {"inbound", benchInbound}, {"commit", benchInboundShare}, {"start", benchStart}, {"pace", benchPace}, {"telegram", benchTelegram}, {"nearest", benchNearest}, {"cards", benchCards}, {"route", benchRoute}, {"bilan", benchBilan},
	})
}

// part is one of the measures.
type part struct {
	name    string
	measure func(*testing.T, *bars)
}

// measured takes the measures one after the other, and prints their figures last.
func measured(t *testing.T, parts []part) {
	t.Helper()
	var b bars
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) { p.measure(t, &b) })
	}
	b.print()
}

func gated(t *testing.T, name string) {
	t.Helper()
	if os.Getenv(name) == "" {
		t.Skipf("takes minutes: %s=1, or make %s", name, strings.ToLower(name))
	}
}

// bars are the figures that are held against what was asked.
type bars struct{ lines []string }

func (b *bars) add(name string, value float64) {
	b.lines = append(b.lines, fmt.Sprintf("bar %s %s", name, strconv.FormatFloat(value, 'f', -1, 64)))
}

func (b *bars) print() {
	fmt.Println()
	for _, l := range b.lines {
		fmt.Println(l)
	}
}

// rounded keeps so many decimals.
func rounded(x float64, decimals int) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', decimals, 64), 64)
	return r
}

func median[T ~float64 | ~int64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// quantile is the value below which so large a part of the values lies; 1: the largest.
func quantile(values []time.Duration, part float64) time.Duration {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)].Round(100 * time.Microsecond)
}

func inMillis(d time.Duration) float64 { return rounded(float64(d.Microseconds())/1000, 1) }

// size is a number of rounds or messages that a variable may change, for a quick look.
func size(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// used is the processor time that this process has taken so far.
func used(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// spent is what a piece of work took.
type spent struct {
	n      int
	wall   time.Duration
	cpu    time.Duration // of the processes that did it
	server time.Duration // of the database's server
}

func (s spent) perSecond() float64 { return float64(s.n) / s.wall.Seconds() }

func (s spent) cpuEach() float64 { return float64(s.cpu.Microseconds()) / float64(s.n) }

func (s spent) serverEach() float64 { return float64(s.server.Microseconds()) / float64(s.n) }

// timed does a piece of work of n parts.
func timed(tb testing.TB, n int, do func()) spent {
	tb.Helper()
	start, cpu := time.Now(), used(tb)
	do()
	return spent{n: n, wall: time.Since(start), cpu: used(tb) - cpu}
}

// labelled does something, and all that it starts, under a label by which profiles are told apart: go test -cpuprofile,
// then go tool pprof -tagfocus.
func labelled(label string, do func()) {
	pprof.Do(context.Background(), pprof.Labels("path", label), func(context.Context) { do() })
}

// claimSize is how many tasks a measured claim takes.
const claimSize = 100

// benchClaims compares the time of a claim among many pending tasks with that among few.
func benchClaims(t *testing.T, b *bars) {
	many, rounds := size("BENCH_PENDING", 1_000_000), size("BENCH_CLAIMS", 200)
	now := time.Now()
	crowded, sparse := filledStore(t, many, now), filledStore(t, many/100, now)
	var slow, quick []time.Duration
	for round := range rounds {
		if round%2 == 0 { // neither goes first always
			slow = append(slow, claimOnce(t, crowded, round, now))
		}
		quick = append(quick, claimOnce(t, sparse, round, now))
		if round%2 == 1 {
			slow = append(slow, claimOnce(t, crowded, round, now))
		}
	}
	growth := float64(median(slow)) / float64(median(quick))
	fmt.Printf("\nclaim of %d due tasks, median of %d\n  among %7d pending: %v\n  among %7d pending: %v\n  growth: %.2f\n",
		claimSize, rounds, many, median(slow), many/100, median(quick), growth)
	b.add("claim_growth", rounded(growth, 2))
}

func filledStore(t *testing.T, pending int, now time.Time) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "passeur.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	fillTasks(t, db, pending, func(i int) bot.Task { return reminder(i, now.Add(time.Hour+time.Duration(i)*time.Second)) })
	return db
}

// claimOnce writes due tasks, claims them, and settles them.
func claimOnce(t *testing.T, db *store.DB, round int, now time.Time) time.Duration {
	t.Helper()
	fillTasks(t, db, claimSize, func(i int) bot.Task {
		task := reminder(i, now)
		task.Key = fmt.Sprintf("due/%d/%d", round, i)
		task.To = fmt.Sprintf("q%012x", round*claimSize+i)
		return task
	})
	start := time.Now()
	tasks, err := db.Claim(t.Context(), "sms", bot.Reminder, now, claimSize, time.Minute)
	took := time.Since(start)
	if err != nil || len(tasks) != claimSize {
		t.Fatalf("claimed %d: %v", len(tasks), err)
	}
	done := make([]bot.Outcome, len(tasks))
	for i, task := range tasks {
		done[i] = bot.Outcome{Key: task.Key, Attempt: task.Attempt, Fate: bot.Sent, At: now, Ref: task.Key}
	}
	if err := db.Settle(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	return took
}

// benchStart starts the program as an operator does, each time on a new database.
func benchStart(t *testing.T, b *bars) {
	program := built(t)
	var ready []time.Duration
	var rest float64
	fmt.Printf("\nstart of the program to /health, provider log\n")
	for round := range 5 {
		p := program.start(t, map[string]string{})
		ready = append(ready, p.ready)
		fmt.Printf("  round %d: %v\n", round+1, p.ready.Round(time.Millisecond))
		if round == 4 {
			<-time.After(10 * time.Second)
			rest = memoryMB(t, p.cmd.Process.Pid, "VmRSS:")
			fmt.Printf("  10 s later: %.1f MB resident\n", rest)
		}
		p.stop(t)
	}
	b.add("ready_ms", rounded(float64(median(ready).Milliseconds()), 0))
	b.add("rest_mb", rounded(rest, 1))
}

// memoryMB is a figure of a process's memory, by its name in proc(5): what it has now, the most that it has had.
func memoryMB(t *testing.T, pid int, figure string) float64 {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(raw), figure)
	var kB float64
	if _, err := fmt.Sscan(after, &kB); err != nil {
		t.Fatal(err)
	}
	return kB / 1024
}

// binary is the program, built from this source.
type binary string

func built(t *testing.T) binary {
	t.Helper()
	path := filepath.Join(t.TempDir(), "passeur")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary(path)
}

// process is a running `passeur serve`.
type process struct {
	cmd   *exec.Cmd
	url   string
	ready time.Duration // from its start to the first 200 of /health
	errs  *lockedBuffer
	ended chan error
}

// start runs `serve` with these settings over those of a small installation, and waits until it is ready. Without a
// database it gets a new one.
func (b binary) start(t *testing.T, set map[string]string) *process {
	t.Helper()
	listen := cmp.Or(set["PASSEUR_LISTEN"], freePort(t))
	p := &process{cmd: exec.Command(string(b), "serve"), url: "http://" + listen, errs: new(lockedBuffer), ended: make(chan error, 1)}
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "PASSEUR_TERRITORIES=50", "PASSEUR_LISTEN=" + listen}
	if set["PASSEUR_DATABASE"] == "" {
		p.cmd.Env = append(p.cmd.Env, "PASSEUR_DATABASE="+filepath.Join(t.TempDir(), "passeur.db"))
	}
	for name, value := range set {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stderr = p.errs
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	if !until(time.Minute, 2*time.Millisecond, func() bool { return healthy(p.url) || len(p.ended) > 0 }) || len(p.ended) > 0 {
		t.Fatalf("serve is not ready, or ended at once:\n%s", p.errs)
	}
	p.ready = time.Since(began)
	return p
}

func healthy(url string) bool {
	res, err := http.Get(url + "/health")
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode == http.StatusOK
}

// stop ends the process as an operator does.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-p.ended; err != nil {
		t.Errorf("serve did not stop well: %v\n%s", err, p.errs)
	}
}

// kill ends it as a power cut does.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.ended
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// until asks again and again, for so long at most, and says whether it became true.
func until(limit, every time.Duration, is func() bool) bool {
	end := time.After(limit)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for !is() {
		select {
		case <-end:
			return false
		case <-tick.C:
		}
	}
	return true
}

// lockedBuffer keeps what a process writes, for a test that fails.
type lockedBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
