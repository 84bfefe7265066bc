package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/bot"
)

// noon is when most tests begin: a Thursday, 12:00 in Paris.
var noon = time.Date(2026, 12, 3, 11, 0, 0, 0, time.UTC)

// row is a task as the store keeps it.
type row struct {
	bot.Task
	seq    int
	next   time.Time // due, or the end of the lease
	leased bool
	fate   bot.Fate // "" pending
	reason string
}

// memory is a bot.Store in maps: tasks and records only, with the contract's leases, fences and order.
type memory struct {
	mu      sync.Mutex
	rows    map[string]*row
	records map[string]bot.Record
	groups  []int // the size of every settle
	broken  func(op string, done []bot.Outcome) error
}

func newMemory(tasks ...bot.Task) *memory {
	m := &memory{rows: make(map[string]*row), records: make(map[string]bot.Record)}
	m.add(tasks...)
	return m
}

func (m *memory) add(tasks ...bot.Task) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.write(tasks...)
}

func (m *memory) write(tasks ...bot.Task) {
	for _, t := range tasks {
		if old := m.rows[t.Key]; old != nil && old.fate == bot.Sent {
			continue
		}
		m.rows[t.Key] = &row{Task: t, seq: len(m.rows), next: t.At}
	}
}

func (m *memory) fails(op string, done []bot.Outcome) error {
	if m.broken == nil {
		return nil
	}
	return m.broken(op, done)
}

func (m *memory) Get(_ context.Context, kind string, ids ...string) (found []bot.Record, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		if r, ok := m.records[kind+"/"+id]; ok {
			found = append(found, r)
		}
	}
	return found, m.fails("get", nil)
}

func (m *memory) Find(context.Context, bot.Query) ([]bot.Record, error) {
	return nil, errors.ErrUnsupported
}

func (m *memory) Tally(context.Context, bot.TallyQuery) ([]bot.Count, error) {
	return nil, errors.ErrUnsupported
}

func (m *memory) Commit(_ context.Context, c bot.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.fails("commit", nil); err != nil {
		return err
	}
	for _, r := range c.Records {
		if m.records[r.Kind+"/"+r.ID].Version != r.Version {
			return bot.ErrConflict
		}
	}
	for _, r := range c.Records {
		r.Version++
		m.records[r.Kind+"/"+r.ID] = r
	}
	m.write(c.Tasks...)
	return nil
}

func (m *memory) Claim(_ context.Context, network string, lane bot.Lane, now time.Time, n int, lease time.Duration) ([]bot.Task, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.fails("claim", nil); err != nil {
		return nil, err
	}
	busy := make(map[string]bool)
	var due []*row
	for _, r := range m.rows {
		if r.fate != "" {
			continue
		}
		if r.leased && r.next.After(now) {
			busy[r.To] = r.To != ""
		} else if r.Network == network && r.Lane == lane && !r.next.After(now) {
			due = append(due, r)
		}
	}
	slices.SortFunc(due, func(a, b *row) int { return cmp.Or(a.next.Compare(b.next), cmp.Compare(a.seq, b.seq)) })
	var tasks []bot.Task
	for _, r := range due {
		if len(tasks) == n || busy[r.To] {
			continue
		}
		busy[r.To] = r.To != ""
		r.leased, r.next = true, now.Add(lease)
		r.Attempt++
		tasks = append(tasks, r.Task)
	}
	return tasks, nil
}

func (m *memory) Settle(_ context.Context, done []bot.Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.fails("settle", done); err != nil {
		return err
	}
	m.groups = append(m.groups, len(done))
	for _, o := range done {
		r := m.rows[o.Key]
		if r == nil || r.fate != "" || r.Attempt != o.Attempt {
			continue
		}
		r.leased, r.reason = false, o.Reason
		switch o.Fate {
		case bot.Retry:
			r.Tries++
			r.next = o.Next.Truncate(time.Millisecond)
		case bot.Deferred:
			r.next = o.Next.Truncate(time.Millisecond)
		default:
			r.fate = o.Fate
		}
		if o.Tell != nil {
			m.write(*o.Tell)
		}
	}
	return nil
}

func (m *memory) Taken(context.Context, string) (taken, arrived bool, err error) {
	return false, false, nil
}

func (m *memory) Named(context.Context, string, string) (string, error) { return "", nil }

func (m *memory) Due(_ context.Context, network string, lane bot.Lane) (next time.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.rows {
		if r.fate == "" && r.Network == network && r.Lane == lane {
			next = sooner(next, r.next)
		}
	}
	return next, m.fails("due", nil)
}

// row returns a copy of what is stored.
func (m *memory) row(key string) row {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.rows[key]; r != nil {
		return *r
	}
	return row{}
}

// fates counts the tasks by fate; "" are pending, "leased" are in somebody's hands.
func (m *memory) fates() map[bot.Fate]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := make(map[bot.Fate]int)
	for _, r := range m.rows {
		fate := r.fate
		if fate == "" && r.leased {
			fate = "leased"
		}
		n[fate]++
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

func (b *brain) Held(_ context.Context, network string) (bool, error) {
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

func (b *brain) Hears(t bot.Task, o bot.Outcome) *bot.Task {
	if b.hears == nil {
		return nil
	}
	return b.hears(t, o)
}

func (b *brain) Resume(ctx context.Context) error {
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
func noting(j *journal) Line {
	return Line{Sender: sender(func(_ context.Context, m bot.Rendered) error {
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
