package scheduler

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"passeur/bot"
)

// heldPoll is when Step looks again at what a general pause keeps back.
const heldPoll = time.Minute

// line is one network: its sender, its pace, its health, and the sends that are not noted yet.
type line struct {
	Network
	name    string
	whole   bucket                 // what all lanes share
	patient bucket                 // what broadcasts may use of it: all but the last fifth
	wanted  [bot.Broadcast + 1]int // how many tasks of each lane are asked for at once: about as many as were there, by the one goroutine that claims
	health  health
	owed    owed

	turns [bot.Broadcast + 1]time.Time // of what is handed out next in each lane, by the one goroutine that does

	held  bool      // a general pause, replies excepted, as of asked
	asked time.Time // by the one goroutine that claims
}

// paused tells whether there is a general pause; it is looked up once a second.
func (s *Scheduler) paused(ctx context.Context, l *line, now time.Time) (bool, error) {
	if l.name == "" || !l.asked.IsZero() && now.Sub(l.asked).Abs() < poll {
		return l.held, nil
	}
	held, err := s.brain.Paused(ctx, l.name)
	if err != nil {
		return false, fmt.Errorf("pause of network %q: %w", l.name, err)
	}
	if held != l.held {
		s.opts.Log.Warn("general pause", "network", l.name, "on", held)
	}
	l.held, l.asked = held, now
	return held, nil
}

func newLine(name string, l Network, opts Options) *line {
	l.Lease = cmp.Or(l.Lease, opts.Lease)
	if l.Parallel <= 0 {
		l.Parallel = sendPool
		if name == "" {
			l.Parallel = wakeUpPool
		}
	}
	fourFifths := bot.Rate{PerSecond: l.Rate.PerSecond * 4 / 5, Burst: max(l.Rate.Burst*4/5, 1)}
	return &line{
		Network: l,
		name:    name,
		whole:   bucket{key: name, rate: l.Rate},
		patient: bucket{key: name + "/broadcast", rate: fourFifths},
		health:  health{log: opts.Log.With("network", name)},
	}
}

// claimed is one claim: tasks of one lane, in the order in which they are to be done.
type claimed struct {
	lane  bot.Lane
	tasks []bot.Task
}

// claim leases the first due tasks of the first lane that has any, at most room(lane) and what pace allows. When it
// leases none, next says when to look again; zero: nothing is pending, or there is no room.
func (s *Scheduler) claim(ctx context.Context, l *line, now time.Time, room func(bot.Lane) int) (c claimed, next time.Time, err error) {
	shut := l.health.shutUntil()
	held, err := s.paused(ctx, l, now)
	if err != nil {
		return claimed{}, time.Time{}, err
	}
	for _, lane := range bot.Lanes {
		due, err := s.store.Due(ctx, l.name, lane)
		switch {
		case err != nil:
			return claimed{}, time.Time{}, fmt.Errorf("next due task of network %q: %w", l.name, err)
		case due.IsZero():
			continue
		case due.After(now):
			next = sooner(next, later(due, shut))
			continue
		case shut.After(now):
			next = sooner(next, shut)
			continue
		case held && lane != bot.Reply:
			next = sooner(next, now.Add(heldPoll))
			continue
		}
		n := min(room(lane), batchSize)
		if n <= 0 {
			continue
		}
		tasks, at, err := s.claimLane(ctx, l, lane, n, now)
		if err != nil || len(tasks) > 0 {
			return claimed{lane, tasks}, time.Time{}, err
		}
		next = sooner(next, at)
	}
	return claimed{}, next, nil
}

// claimLane leases at most n tasks of a lane that has something due. When it leases none, at says when to look again:
// when pace allows one more, or, if all that is due waits for another message of the same recipient, after a while.
func (s *Scheduler) claimLane(ctx context.Context, l *line, lane bot.Lane, n int, now time.Time) (tasks []bot.Task, at time.Time, err error) {
	n, wait, err := l.afford(ctx, s.cluster, lane, l.sought(lane, n), now)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("pace of network %q: %w", l.name, err)
	}
	if n == 0 {
		return nil, now.Add(wait), nil
	}
	tasks, err = s.store.Claim(ctx, l.name, lane, now, n, l.Lease)
	if err != nil {
		err = fmt.Errorf("claim of network %q: %w", l.name, err)
	}
	l.refund(lane, n-len(tasks))
	l.found(lane, n, len(tasks))
	return tasks, now.Add(poll), err
}

// sought is how many of n to pay for. Tokens that nobody needs melt, and other lanes and replicas would miss them: so where reminders fall due one by one, one
// is paid for, and where many wait, twice as many each time.
func (l *line) sought(lane bot.Lane, n int) int {
	if !(l.Rate.PerSecond > 0) {
		return n
	}
	return min(n, max(l.wanted[lane], 1))
}

// found learns from a claim of n that leased so many.
func (l *line) found(lane bot.Lane, n, leased int) {
	if leased < n {
		l.wanted[lane] = leased
		return
	}
	l.wanted[lane] = min(max(l.wanted[lane], 2*n), batchSize)
}

// afford buys up to n tokens for a lane. When it gets none, wait is above zero.
func (l *line) afford(ctx context.Context, cluster bot.Cluster, lane bot.Lane, n int, now time.Time) (int, time.Duration, error) {
	if !(l.Rate.PerSecond > 0) {
		return n, 0, nil
	}
	n = min(n, l.whole.chunk())
	if lane < bot.Broadcast {
		got, wait, err := l.whole.buy(ctx, cluster, n, now)
		return got, l.patience(lane, wait), err
	}
	most, wait, err := l.patient.buy(ctx, cluster, n, now)
	if err != nil || most == 0 {
		return 0, l.patience(lane, wait), err
	}
	got, wait, err := l.whole.buy(ctx, cluster, most, now)
	l.patient.spare += most - got
	return got, l.patience(lane, wait), err
}

// patience lets the patient lanes wait for half a claim instead of for one token, so that a paced network is not
// claimed from message by message. A reply waits no longer than it must.
func (l *line) patience(lane bot.Lane, wait time.Duration) time.Duration {
	wait = max(wait, time.Millisecond)
	if lane == bot.Reply {
		return wait
	}
	half := float64(min(l.whole.chunk(), l.Rate.Burst)) / 2 / l.Rate.PerSecond
	return max(wait, time.Duration(half*float64(time.Second)))
}

// spread gives the tasks of a claim their turns, behind those of the claim before in its lane and as far apart as the pace is: one after the other over a tenth of a
// second, instead of all at once. So what was sent and is not noted yet, which a crash would send again, stays small.
func (l *line) spread(lane bot.Lane, ready []item, now time.Time) {
	if !(l.Rate.PerSecond > 0) {
		return
	}
	turn := l.turns[lane]
	if turn.Sub(now) > time.Second { // the clock was set back
		turn = now
	}
	for i := range ready {
		ready[i].from = later(now, turn)
		turn = ready[i].from.Add(time.Duration(float64(time.Second) / l.Rate.PerSecond))
	}
	l.turns[lane] = turn
}

// refund puts back tokens for which no task was found.
func (l *line) refund(lane bot.Lane, n int) {
	l.whole.spare += n
	if lane == bot.Broadcast {
		l.patient.spare += n
	}
}

// bucket buys tokens of one key and keeps those that were not used. What is kept melts at the rate at which the
// cluster's own bucket fills, so that both together never hold more than the burst.
type bucket struct {
	key   string
	rate  bot.Rate
	spare int
	asOf  time.Time
}

// chunk is how many tokens are bought at once: a tenth of a second of the rate.
func (b *bucket) chunk() int {
	return int(min(max(math.Ceil(b.rate.PerSecond/10), 1), batchSize))
}

// buy gets up to n tokens, kept ones first. It returns none and how long to wait, or some.
func (b *bucket) buy(ctx context.Context, cluster bot.Cluster, n int, now time.Time) (int, time.Duration, error) {
	melted := math.Ceil(max(now.Sub(b.asOf).Seconds(), 0) * b.rate.PerSecond)
	b.spare -= int(min(float64(b.spare), melted))
	b.asOf = now
	if b.spare >= n {
		b.spare -= n
		return n, 0, nil
	}
	got, wait, err := cluster.Take(ctx, b.key, b.rate, n-b.spare, now)
	if err != nil {
		return 0, 0, err
	}
	got += b.spare
	b.spare = 0
	return got, wait, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
