package scheduler

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/bot"
	"passeur/store"
)

// noon is when most tests begin: a Thursday, 12:00 in Paris.
var noon = time.Date(2026, 12, 3, 11, 0, 0, 0, time.UTC)

// row is what became of a task.
type row struct {
	bot.Task
	next   time.Time // due, or the end of the lease
	leased bool
	fate   bot.Fate // "" pending
	reason string
}

// faulty is a store that fails when a test wants it to.
type faulty struct {
	*store.DB
	t      *testing.T
	mu     sync.Mutex
	groups []int // the size of every settle
	broken func(op string, done []bot.Outcome) error
}

func newStore(t *testing.T, tasks ...bot.Task) *faulty {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "passeur.db"), store.Options{Key: make([]byte, 32), Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &faulty{DB: db, t: t}
	s.add(tasks...)
	return s
}

func (s *faulty) add(tasks ...bot.Task) {
	s.t.Helper()
	for some := range slices.Chunk(tasks, store.MaxRows) {
		if err := s.DB.Commit(s.t.Context(), bot.Change{Now: noon, Tasks: some}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// tried counts failed tries of the only task that is due.
func (s *faulty) tried(n int) {
	s.t.Helper()
	for range n {
		tasks, err := s.DB.Claim(s.t.Context(), "sms", bot.Reply, noon, 1, time.Minute)
		if err != nil || len(tasks) != 1 {
			s.t.Fatalf("claimed %v, error %v", tasks, err)
		}
		if err := s.DB.Settle(s.t.Context(), []bot.Outcome{{Key: tasks[0].Key, Attempt: tasks[0].Attempt, Fate: bot.Retry, At: noon, Next: noon}}); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *faulty) fails(op string, done []bot.Outcome) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken == nil {
		return nil
	}
	return s.broken(op, done)
}

func (s *faulty) Claim(ctx context.Context, network string, lane bot.Lane, now time.Time, n int, lease time.Duration) ([]bot.Task, error) {
	if err := s.fails("claim", nil); err != nil {
		return nil, err
	}
	return s.DB.Claim(ctx, network, lane, now, n, lease)
}

func (s *faulty) Settle(ctx context.Context, done []bot.Outcome) error {
	done = slices.Clone(done) // which broken may change
	if err := s.fails("settle", done); err != nil {
		return err
	}
	s.mu.Lock()
	s.groups = append(s.groups, len(done))
	s.mu.Unlock()
	return s.DB.Settle(ctx, done)
}

func (s *faulty) Due(ctx context.Context, network string, lane bot.Lane) (time.Time, error) {
	if err := s.fails("due", nil); err != nil {
		return time.Time{}, err
	}
	return s.DB.Due(ctx, network, lane)
}

// row returns what is stored of a task.
func (s *faulty) row(key string) row {
	s.t.Helper()
	for _, r := range s.rows(store.TaskQuery{Key: key}) {
		return r
	}
	return row{}
}

func (s *faulty) rows(q store.TaskQuery) (all []row) {
	s.t.Helper()
	q.Limit = 10_000
	found, err := s.Tasks(s.t.Context(), q, time.UnixMilli(1)) // so that a lease that ran out is shown as one
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range found {
		one := row{r.Task, r.Next, r.State == store.Leased, r.Fate, r.Reason}
		if r.State == store.Pending || r.State == store.Leased {
			one.fate = ""
		}
		all = append(all, one)
	}
	return all
}

// fates counts the tasks by fate; "" are pending, "leased" are in somebody's hands.
func (s *faulty) fates() map[bot.Fate]int {
	s.t.Helper()
	n := make(map[bot.Fate]int)
	for _, r := range s.rows(store.TaskQuery{}) {
		if r.fate == "" && r.leased {
			r.fate = "leased"
		}
		n[r.fate]++
	}
	return n
}

// local is a bot.Cluster: one bucket a key, a mutex a name.
type local struct {
	mu     sync.Mutex
	tokens map[string]float64
	asOf   map[string]time.Time
	bells  map[string]chan struct{}
	holds  map[string]chan struct{}
}

func newLocal() *local {
	return &local{
		tokens: make(map[string]float64), asOf: make(map[string]time.Time),
		bells: make(map[string]chan struct{}), holds: make(map[string]chan struct{}),
	}
}

func (c *local) Take(_ context.Context, key string, rate bot.Rate, n int, now time.Time) (int, time.Duration, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.asOf[key]; !ok {
		c.tokens[key], c.asOf[key] = float64(rate.Burst), now
	}
	c.tokens[key] = min(float64(rate.Burst), c.tokens[key]+rate.PerSecond*now.Sub(c.asOf[key]).Seconds())
	c.asOf[key] = now
	got := min(n, int(c.tokens[key]+1e-6))
	c.tokens[key] -= float64(got)
	return got, time.Duration((1 - c.tokens[key]) / rate.PerSecond * float64(time.Second)), nil
}

type localLease struct{ name chan struct{} }

func (l localLease) Lost() <-chan struct{} { return nil }
func (l localLease) Release()              { <-l.name }

func (c *local) Hold(ctx context.Context, name string, _ time.Duration) (bot.Lease, error) {
	select {
	case c.channel(c.holds, name) <- struct{}{}:
		return localLease{c.channel(c.holds, name)}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *local) Wake(_ context.Context, name string) {
	select {
	case c.channel(c.bells, name) <- struct{}{}:
	default:
	}
}

func (c *local) Woken(name string) <-chan struct{} { return c.channel(c.bells, name) }

func (c *local) channel(of map[string]chan struct{}, name string) chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if of[name] == nil {
		of[name] = make(chan struct{}, 1)
	}
	return of[name]
}

// brain is a Brain; what is nil does the simplest thing.
type brain struct {
	handle  func(ctx context.Context, e bot.Event) error
	prepare func(ts []bot.Task, now time.Time) ([]bot.Verdict, error)
	hears   func(t bot.Task, o bot.Outcome) *bot.Task
	resume  func(ctx context.Context) error
	held    func(network string) bool
}

func (b *brain) Paused(_ context.Context, network string) (bool, error) {
	return b.held != nil && b.held(network), nil
}

func (b *brain) Handle(ctx context.Context, e bot.Event) error {
	if b.handle == nil {
		return nil
	}
	return b.handle(ctx, e)
}

func (b *brain) Prepare(_ context.Context, ts []bot.Task, now time.Time) ([]bot.Verdict, error) {
	if b.prepare != nil {
		return b.prepare(ts, now)
	}
	verdicts := make([]bot.Verdict, len(ts))
	for i, t := range ts {
		verdicts[i] = send(t)
	}
	return verdicts, nil
}

func send(t bot.Task) bot.Verdict {
	return bot.Verdict{Act: bot.Send, To: bot.Address("sms:" + t.To), Message: bot.Rendered{Key: t.Key, Attempt: t.Attempt}}
}

func (b *brain) Count(bot.Task, bot.Outcome) *bot.Count { return nil }

func (b *brain) FollowUp(t bot.Task, o bot.Outcome) *bot.Task {
	if b.hears == nil {
		return nil
	}
	return b.hears(t, o)
}

func (b *brain) HandleInbox(ctx context.Context) error {
	if b.resume == nil {
		return nil
	}
	return b.resume(ctx)
}

// journal notes what is sent, in order.
type journal struct {
	mu   sync.Mutex
	keys []string
}

func (j *journal) note(key string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.keys = append(j.keys, key)
}

func (j *journal) list() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.keys)
}

// twice returns the keys noted more than once.
func (j *journal) twice() []string {
	n := make(map[string]int)
	for _, key := range j.list() {
		n[key]++
	}
	maps.DeleteFunc(n, func(_ string, n int) bool { return n == 1 })
	return slices.Sorted(maps.Keys(n))
}

// sender is a bot.Sender.
type sender func(ctx context.Context, m bot.Rendered) error

func (f sender) Send(ctx context.Context, _ bot.Address, m bot.Rendered) (string, error) {
	return "id-" + m.Key, f(ctx, m)
}

// noting is a sender that notes and takes everything.
func noting(j *journal) Network {
	return Network{Sender: sender(func(_ context.Context, m bot.Rendered) error {
		j.note(m.Key)
		return nil
	})}
}

// quiet are options whose log goes nowhere.
func quiet() Options { return Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))} }

// text is a message task due at noon, to a person of its own.
func text(key string, change ...func(*bot.Task)) bot.Task {
	t := bot.Task{Key: key, To: "p-" + key, Network: "sms", At: noon, Purpose: bot.ForTalk, Message: &bot.Message{Text: "Bonjour"}}
	for _, f := range change {
		f(&t)
	}
	return t
}

func texts(prefix string, n int, change ...func(*bot.Task)) []bot.Task {
	var ts []bot.Task
	for i := range n {
		ts = append(ts, text(fmt.Sprintf("%s%04d", prefix, i), change...))
	}
	return ts
}

func in(lane bot.Lane) func(*bot.Task)      { return func(t *bot.Task) { t.Lane = lane } }
func at(when time.Time) func(*bot.Task)     { return func(t *bot.Task) { t.At = when } }
func to(person string) func(*bot.Task)      { return func(t *bot.Task) { t.To = person } }
func by(network string) func(*bot.Task)     { return func(t *bot.Task) { t.Network = network } }
func before(when time.Time) func(*bot.Task) { return func(t *bot.Task) { t.NotAfter = when } }
func wakeUp(t *bot.Task)                    { t.Network, t.To, t.Message, t.Intent = "", "", nil, "rappel" }
func after(d time.Duration) time.Time       { return noon.Add(d) }
func same[T comparable](got, want []T) bool { return slices.Equal(got, want) }
func has(err error, part string) bool       { return err != nil && strings.Contains(err.Error(), part) }
func step(t *testing.T, s *Scheduler, now time.Time) time.Time {
	t.Helper()
	next, err := s.Step(t.Context(), now)
	if err != nil {
		t.Fatalf("Step at %s: %v", now.Sub(noon), err)
	}
	if !next.IsZero() && !next.After(now) {
		t.Fatalf("Step at %s: next is %s, not later", now.Sub(noon), next.Sub(noon))
	}
	return next
}
