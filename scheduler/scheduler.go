// Package scheduler decides when things leave: the bot's own wake-ups, messages on each network, and recurring jobs.
//
// # Two ways to turn it
//
// Step does everything due at a given instant, one after the other in a fixed order, and says when the next thing is
// due. Dialogues, play and demo call it with the time they choose, so two runs give the same transcript. Run does the
// same side by side: per network one feeder, a pool of workers and one settler. Both share what decides (hand.go),
// what claims (line.go), what protects a network in trouble (health.go) and the jobs (job.go).
//
// # The path of a task
//
//	Due → Take (pace) → Claim (lease) → expired? → Prepare (gate) → Send → FollowUp → Settle
//
// A claim is a lease of 30 s (Options.Lease; a send gets a third of it): who dies in the middle lets it run out, and the task is due again. Nothing is started so late
// that its send could outlive its lease, so a task is never in two hands at once. Results are settled in groups: all
// those that wait when the previous commit ends, at most 500, so that durability costs one fsync for many messages. An
// outcome that the store did not take is kept and offered again; if its lease runs out meanwhile and the task is
// claimed anew, it is answered from what is kept, not sent twice.
//
// # Order and pace
//
// Lanes are served in order: a broadcast never holds a reminder back, nor a reminder a reply, neither in the store (one
// claim a lane) nor among what is claimed and waits for a worker (three queues). Claims are small: a tenth of a second
// of the rate, so a cancellation is effective at once and few tasks wait for the lease of a process that died. Run gives
// each task of such a claim its own instant, so that few of them are sent and not yet noted at any time.
// Broadcasts use four fifths of the rate and of its burst at most; replies and reminders may use all of it.
//
// # Trouble
//
// A network that asks for patience is paused as long as it asks, an hour at most, and no try is counted. One that fails
// five times in a row is believed down: it is paused for 30 s, doubling up to 5 min, with one probe after each pause,
// until one succeeds (health.go; one of two SMS gateways that rests is adapters/sms/failover.go). Meanwhile no try is counted, neither of the probes nor of what was in flight: an outage of days
// loses nothing, except what is too late by then (NotAfter) and probes that may have arrived (uncertain). A task that
// fails while its network does well is tried again after min(2^tries · 30 s, 1 h) ± 20 %, 24 times in all: about 17
// hours. A panic of a sender counts as an error: it is tried again with Attempt above 1, so that a network that can be
// asked is.
package scheduler

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"passeur/bot"
)

// Brain is what the scheduler asks of the bot. Its methods are called from many goroutines at once.
type Brain interface {
	// Handle handles a due wake-up; nil when it was committed, seen before or parked. An error is tried again later.
	Handle(ctx context.Context, e bot.Event) error
	// Prepare is the gate's answer: one verdict a task, in the order of the tasks.
	Prepare(ctx context.Context, ts []bot.Task, now time.Time) ([]bot.Verdict, error)
	// FollowUp returns what a rule waits to hear of a task that ended or was rerouted, nil for nothing. It is committed with the outcome.
	FollowUp(t bot.Task, o bot.Outcome) *bot.Task
	// Count returns the figure that an ended task is counted in, nil for none. It is committed with the outcome.
	Count(t bot.Task, o bot.Outcome) *bot.Count
	// Paused tells whether a network's messages are kept back at present, replies excepted.
	Paused(ctx context.Context, network string) (bool, error)
	// HandleInbox handles the events that wait in the inbox.
	HandleInbox(ctx context.Context) error
}

// Network is one network as the scheduler sees it.
type Network struct {
	Sender   bot.Sender    // nil only under the name "": the bot's own wake-ups
	Rate     bot.Rate      // the zero Rate is no limit
	Lease    time.Duration // how long a claimed task is ours, where that is not Options.Lease
	Parallel int           // sends at once, in Run; 0: 64, and 8 for the bot's own wake-ups
}

// Options tune a Scheduler. The zero Options are right for production.
type Options struct {
	Lease time.Duration // how long a claimed task is ours; a send gets a third of it; 0: 30 s
	Grace time.Duration // how long Run lets sends in flight finish once its context ended; 0: 10 s
	Log   *slog.Logger  // nil: slog.Default()
	// Jitter returns a number in [-1, 1): where within ± 20 % a retry falls. nil: by chance in Run, 0 in Step.
	Jitter func() float64
}

// How much at once.
const (
	batchSize  = 500              // tasks of one claim, outcomes of one settle
	poll       = time.Second      // how long Run sleeps at most: a lost wake-up costs no more
	retrySpan  = 30 * time.Second // between two tries of the store, at most
	wakeUpPool = 8
	sendPool   = 64
)

// Scheduler does due things. Make it with New; use Step or Run, not both at once.
type Scheduler struct {
	store   bot.Store
	cluster bot.Cluster
	brain   Brain
	lines   []*line // the bot itself first, then by name
	jobs    []*job
	opts    Options
	invalid error // of the jobs: reported by Step and Run
}

// New puts a scheduler together. Lines are keyed by network; the line "" is added when missing, and lines without a
// Sender are left out: their tasks wait. A job that cannot be kept (see Job.Check) is reported by Step and Run, which
// then do nothing.
func New(store bot.Store, cluster bot.Cluster, brain Brain, lines map[string]Network, jobs []Job, opts Options) *Scheduler {
	if opts.Lease <= 0 {
		opts.Lease = 30 * time.Second
	}
	if opts.Grace <= 0 {
		opts.Grace = 10 * time.Second
	}
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	s := &Scheduler{store: store, cluster: cluster, brain: brain, opts: opts}
	s.jobs, s.invalid = newJobs(jobs)
	s.lines = append(s.lines, newLine("", lines[""], opts))
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		if name != "" && lines[name].Sender != nil {
			s.lines = append(s.lines, newLine(name, lines[name], opts))
		}
	}
	return s
}

// sooner returns the earlier of two instants; the zero time is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
