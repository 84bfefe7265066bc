package scheduler

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"passeur/bot"
)

// Run does what is due, all networks and jobs side by side, until ctx ends; then it returns nil. clock tells the
// time; it must run at the speed of the timers (time.Now).
//
// A reply leaves as soon as cluster.Wake names its network, everything else when the store says that it is due; a look
// every second makes up for wake-ups that were lost. Trouble with the store is logged and tried again.
//
// When ctx ends nothing more is claimed, what is claimed and not begun is given back to the store, due at once, and
// what is in flight has Options.Grace to finish and be noted. So a stop sends nothing twice and holds nothing up. A
// send that does not obey its context even then is left behind; its lease runs out by itself.
//
// Run returns an error only for jobs that cannot be kept (see Job.Check), before it does anything.
func (s *Scheduler) Run(ctx context.Context, clock func() time.Time) error {
	if s.invalid != nil {
		return s.invalid
	}
	h := &hand{Scheduler: s, clock: clock, jitter: s.opts.Jitter}
	if h.jitter == nil {
		h.jitter = func() float64 { return 2*rand.Float64() - 1 }
	}
	var all sync.WaitGroup
	for _, l := range s.lines {
		all.Go(func() { newRunner(h, l).run(ctx) })
	}
	for _, j := range s.jobs {
		all.Go(func() { h.keep(ctx, j) })
	}
	all.Go(func() { h.resumeAlways(ctx) })
	all.Wait()
	return nil
}

// keep does one job, again and again. It looks at least once a minute, should the clock be set.
func (h *hand) keep(ctx context.Context, j *job) {
	for ctx.Err() == nil {
		now := h.clock()
		_, next, _ := h.tick(ctx, j, now) // logged there, and tried again at next
		wait := time.Minute
		if !next.IsZero() {
			wait = min(wait, max(next.Sub(now), time.Millisecond))
		}
		pause(ctx, wait)
	}
}

// resumeAlways looks into the inbox: at once, and then for what another process left when it died.
func (h *hand) resumeAlways(ctx context.Context) {
	wait := poll
	for ctx.Err() == nil {
		if err := h.resume(ctx); err == nil {
			wait = poll
		} else if ctx.Err() == nil {
			wait = min(2*wait, retrySpan)
			h.opts.Log.Error("inbox not resumed", "again", wait, "err", err)
		}
		pause(ctx, wait)
	}
}

// pause waits for d, or less if ctx ends.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// runner is one network at work. One goroutine feeds: it claims. One asks the gate and fills the queue. Workers send. One
// goroutine settles. So a batch is claimed while the one before is judged, another one is sent, and one more is committed.
type runner struct {
	*hand
	line    *line
	claims  chan batch
	queue   *queue
	results chan bot.Outcome // has room for everything that is claimed: nobody waits for a commit
	settled chan struct{}    // something was settled since the feeder looked
	open    atomic.Int64     // tasks claimed and not settled
	took    atomic.Int64     // what a send takes, in ns, roughly
}

// batch is a claim, and when it was made.
type batch struct {
	claimed
	at time.Time
}

const (
	maxOpen  = 4 * batchSize   // one batch claimed, two wait for workers, one for its commit
	bookTime = 5 * time.Second // after grace, to note what became of the last sends
)

func newRunner(h *hand, l *line) *runner {
	return &runner{
		hand:    h,
		line:    l,
		claims:  make(chan batch),
		queue:   newQueue(),
		results: make(chan bot.Outcome, max(maxOpen, 2*l.Parallel)+2*l.Parallel+batchSize),
		settled: make(chan struct{}, 1),
	}
}

func (r *runner) run(ctx context.Context) {
	// What was begun is finished and noted although ctx ended: work carries the sends, books the store.
	work, stopWork := context.WithCancelCause(context.WithoutCancel(ctx))
	books, closeBooks := context.WithCancel(context.WithoutCancel(ctx))
	defer closeBooks()
	defer stopWork(nil)
	go func() {
		<-ctx.Done()
		pause(books, r.opts.Grace)
		stopWork(errStopping)
		pause(books, bookTime)
		closeBooks()
	}()
	var workers, judge, settler sync.WaitGroup
	for range r.line.Parallel {
		workers.Go(func() { r.work(work) })
	}
	finished := make(chan struct{})
	settler.Go(func() { r.settleAll(books, finished) })
	judge.Go(func() { r.judgeAll(books) })

	r.feed(ctx, books)
	close(r.claims)
	judge.Wait()
	now := r.clock()
	for _, it := range r.queue.close() {
		r.results <- held(it.task, now, now, "arret")
	}
	r.await(&workers)
	close(finished)
	settler.Wait()
}

// await waits for the workers, a little longer than grace at most.
func (r *runner) await(workers *sync.WaitGroup) {
	home := make(chan struct{})
	go func() { workers.Wait(); close(home) }()
	limit := time.NewTimer(r.opts.Grace + poll)
	defer limit.Stop()
	select {
	case <-home:
	case <-limit.C:
		r.opts.Log.Error("a send does not obey its context and is left behind", "network", r.line.name)
	}
}

func (r *runner) work(ctx context.Context) {
	for {
		it, ok := r.queue.pop()
		if !ok {
			return
		}
		if !it.from.IsZero() {
			pause(ctx, it.from.Sub(r.clock()))
		}
		began := time.Now()
		o := r.attempt(ctx, r.line, it)
		if o.Fate != bot.Deferred {
			r.learn(time.Since(began))
		}
		r.results <- o
	}
}

// learn keeps a running mean of what a send takes. Two workers may overwrite each other: it is only a hint.
func (r *runner) learn(took time.Duration) {
	mean := r.took.Load()
	if mean == 0 {
		mean = int64(took)
	}
	r.took.Store(mean + (int64(took)-mean)/8)
}

// feed claims until ctx ends. What it asks of the store and the gate is not cut off by that: a claim that was
// cancelled half-way would leave its tasks leased by nobody.
func (r *runner) feed(ctx, books context.Context) {
	woken := r.cluster.Woken(r.line.name)
	trouble := poll
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		did, wait, err := r.fill(books)
		if did {
			trouble = poll
			continue
		}
		if err != nil {
			wait, trouble = trouble, min(2*trouble, retrySpan)
			r.opts.Log.Error("nothing can be claimed", "network", r.line.name, "again", wait, "err", err)
		}
		timer.Reset(wait)
		select {
		case <-ctx.Done():
		case <-woken:
		case <-r.settled:
		case <-timer.C:
		}
	}
}

// fill claims one batch and has it queued. When there is none, wait says for how long at most.
func (r *runner) fill(ctx context.Context) (did bool, wait time.Duration, err error) {
	defer r.recovered(&err)
	now := r.clock()
	c, next, err := r.claim(ctx, r.line, now, r.line.probeOr(r.room))
	switch {
	case err != nil:
		return false, 0, err
	case len(c.tasks) > 0:
		r.open.Add(int64(len(c.tasks)))
		r.claims <- batch{c, now}
		return true, 0, nil
	case next.IsZero():
		return false, poll, nil
	}
	return false, min(max(next.Sub(now), time.Millisecond), poll), nil
}

// judgeAll asks the gate about what is claimed, one claim after the other.
func (r *runner) judgeAll(ctx context.Context) {
	for b := range r.claims {
		r.handOut(ctx, b.claimed, b.at)
	}
}

// handOut queues what may leave and passes on what may not.
func (r *runner) handOut(ctx context.Context, c claimed, now time.Time) {
	ready, done := r.sort(ctx, r.line, c.tasks, now)
	for _, o := range done {
		if pending(o) && o.Fate != bot.Rerouted && !o.Next.After(now) {
			r.opts.Log.Error("put off to no later than now", "task", o.Key, "reason", o.Reason)
			o.Next = now.Add(poll)
		}
		r.results <- o
	}
	r.line.spread(c.lane, ready, r.clock())
	r.queue.push(c.lane, ready)
}

// room is how many more tasks of a lane may be claimed: as many as are begun within a sixth of a lease at the speed at
// which this network sends, and at least two a worker. Claims wait until a quarter is free, so that they stay large: a
// claim costs a commit, however few it takes. But a hurried lane has room for a task a worker whatever the patient ones
// hold.
//
// While the network is believed down there is room for a probe only when nothing else is open.
func (r *runner) room(lane bot.Lane) int {
	open, workers := int(r.open.Load()), r.line.Parallel
	if r.line.health.tripped() && open > 0 {
		return 0
	}
	depth := 2 * workers
	if took := time.Duration(r.took.Load()); took > 0 {
		within := int(r.line.Lease / 6 * time.Duration(workers) / took)
		depth = max(min(within, maxOpen), depth)
	}
	free := depth - open
	if free < depth/4 {
		free = 0
	}
	if lane < bot.Broadcast {
		free = max(free, workers-r.queue.waiting(lane))
	}
	return min(free, cap(r.results)-open)
}

// settleAll commits results until finished is closed and nothing is left: all that wait when the last commit ends, 500
// at most. What the store does not take is offered again, in smaller parts and last, so that one outcome it cannot
// take holds back no other.
func (r *runner) settleAll(ctx context.Context, finished <-chan struct{}) {
	var waiting []bot.Outcome
	size, trouble := batchSize, poll/10
	for {
		var more bool
		if waiting, more = r.collect(waiting, finished); !more && len(waiting) == 0 {
			return
		}
		n := min(size, len(waiting))
		if err := r.settleSafely(ctx, waiting[:n]); err != nil {
			if ctx.Err() != nil {
				r.opts.Log.Error("outcomes not noted", "network", r.line.name, "tasks", len(waiting), "err", err)
				return
			}
			r.opts.Log.Error("outcomes not noted yet", "tasks", n, "err", err)
			left := latest(append(waiting[n:], waiting[:n:n]...))
			r.open.Add(int64(len(left) - len(waiting)))
			waiting = left
			size = max(n/2, 1)
			pause(ctx, trouble)
			trouble = min(2*trouble, 5*poll)
			continue
		}
		waiting = append(waiting[:0], waiting[n:]...)
		size, trouble = min(2*size, batchSize), poll/10
		r.open.Add(int64(-n))
		select {
		case r.settled <- struct{}{}:
		default:
		}
	}
}

// collect takes in the results that are there; without any it waits for one. more is false when finished is closed.
func (r *runner) collect(waiting []bot.Outcome, finished <-chan struct{}) (_ []bot.Outcome, more bool) {
	more = true
	if len(waiting) == 0 {
		select {
		case o := <-r.results:
			waiting = append(waiting, o)
		case <-finished:
			more = false
		}
	}
	for len(waiting) < batchSize {
		select {
		case o := <-r.results:
			waiting = append(waiting, o)
		default:
			return waiting, more
		}
	}
	return waiting, more
}

// latest keeps, of several outcomes of one task, the last: the others are fenced out by now.
func latest(outcomes []bot.Outcome) []bot.Outcome {
	last := make(map[string]int, len(outcomes))
	for i, o := range outcomes {
		if j, ok := last[o.Key]; !ok || outcomes[j].Attempt <= o.Attempt {
			last[o.Key] = i
		}
	}
	kept := outcomes[:0]
	for i, o := range outcomes {
		if last[o.Key] == i {
			kept = append(kept, o)
		}
	}
	return kept
}

func (r *runner) settleSafely(ctx context.Context, done []bot.Outcome) (err error) {
	defer r.recovered(&err)
	return r.settle(ctx, r.line, done)
}
