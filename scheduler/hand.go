package scheduler

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"passeur/bot"
)

// Retries.
const (
	maxTries   = 24
	firstRetry = 30 * time.Second
	maxRetry   = time.Hour
	spread     = 0.2 // ± of a retry
)

// hand does claimed tasks: Step's by a clock that stands still, Run's by the running one.
type hand struct {
	*Scheduler
	clock  func() time.Time
	jitter func() float64
}

// item is a task that may be done.
type item struct {
	task    *bot.Task
	verdict *bot.Verdict // nil for a wake-up
	startBy time.Time    // later, its lease could run out before it is done
	from    time.Time    // not before: its turn among those that pace let go at once
}

// sort says what is to become of claimed tasks: the ones to do, and the outcomes of those that are not done now.
func (h *hand) sort(ctx context.Context, l *line, tasks []bot.Task, now time.Time) (ready []item, done []bot.Outcome) {
	alive := tasks[:0]
	for _, t := range tasks {
		if o, ok := l.owed.outcome(&t); ok && o.Fate != "" {
			done = append(done, o)
		} else if ok {
			done = append(done, held(&t, now.Add(l.Lease), now, "en-cours"))
		} else if expired(&t, now) {
			done = append(done, h.end(&t, bot.Expired, "trop-tard", now))
		} else {
			alive = append(alive, t)
		}
	}
	if len(alive) == 0 {
		return nil, done
	}
	startBy := now.Add(l.Lease - l.sendTimeout())
	if l.name == "" {
		for i := range alive {
			ready = append(ready, item{task: &alive[i], startBy: startBy})
		}
		return ready, done
	}
	return h.ask(ctx, alive, done, startBy, now)
}

// ask puts the tasks to the gate: all at once, or, when that fails, each by itself, so that one that cannot be read
// holds back no other. Three failures in a row mean that the trouble is not with the tasks, and so, for a while, does it when there is a verdict for none: the
// database is away, more often than not. Then no try is counted, and nothing overtakes them.
func (h *hand) ask(ctx context.Context, tasks []bot.Task, done []bot.Outcome, startBy, now time.Time) ([]item, []bot.Outcome) {
	ready := make([]item, 0, len(tasks))
	verdicts, err := h.prepare(ctx, tasks, now)
	if err == nil {
		for i := range tasks {
			ready, done = h.judge(ready, done, item{task: &tasks[i], verdict: &verdicts[i], startBy: startBy}, now)
		}
		return ready, done
	}
	h.opts.Log.Error("the gate failed", "tasks", len(tasks), "err", err)
	inRow, judged, failed := 0, false, []*bot.Task(nil)
	for i := range tasks {
		if inRow >= 3 {
			done = append(done, unjudged(&tasks[i], now))
			continue
		}
		verdicts, err := h.prepare(ctx, tasks[i:i+1], now)
		if err != nil {
			inRow++
			failed = append(failed, &tasks[i])
			continue
		}
		inRow, judged = 0, true
		ready, done = h.judge(ready, done, item{task: &tasks[i], verdict: &verdicts[0], startBy: startBy}, now)
	}
	for _, t := range failed {
		if o := unjudged(t, now); !judged && o.Hold {
			done = append(done, o)
		} else {
			done = append(done, h.again(t, now, "porte"))
		}
	}
	return ready, done
}

// unjudged puts a task off for which there was no verdict: for a second, in its place; once that was in vain for a minute, for longer, and others may overtake it.
func unjudged(t *bot.Task, now time.Time) bot.Outcome {
	if t.Attempt > int(time.Minute/poll) {
		return postponed(t, bot.Deferred, now.Add(firstRetry), now, "porte")
	}
	return held(t, now.Add(poll), now, "porte")
}

// prepare calls the gate and checks its answer.
func (h *hand) prepare(ctx context.Context, tasks []bot.Task, now time.Time) (verdicts []bot.Verdict, err error) {
	defer h.recovered(&err)
	verdicts, err = h.brain.Prepare(ctx, tasks, now)
	if err == nil && len(verdicts) != len(tasks) {
		err = fmt.Errorf("%d verdicts for %d tasks", len(verdicts), len(tasks))
	}
	return verdicts, err
}

// judge adds a task to those that are ready or done, by its verdict.
func (h *hand) judge(ready []item, done []bot.Outcome, it item, now time.Time) ([]item, []bot.Outcome) {
	switch v := it.verdict; v.Act {
	case bot.Send:
		return append(ready, it), done
	case bot.Later:
		return ready, append(done, postponed(it.task, bot.Deferred, v.At, now, v.Reason))
	case bot.Elsewhere:
		return ready, append(done, rerouted(it.task, v.Network, now))
	default:
		return ready, append(done, h.end(it.task, bot.Withheld, v.Reason, now))
	}
}

// rerouted is an outcome that leaves the task pending on another network, due at once.
func rerouted(t *bot.Task, network string, now time.Time) bot.Outcome {
	o := postponed(t, bot.Rerouted, now, now, "autre-moyen")
	o.Network = network
	return o
}

// attempt does one task now, unless its network pauses or its lease is too short.
func (h *hand) attempt(ctx context.Context, l *line, it item) bot.Outcome {
	now := h.clock()
	switch shut := l.health.shutUntil(); {
	case shut.After(now):
		l.health.spare()
		return held(it.task, now.Add(time.Millisecond), now, "panne") // to whoever finds the network well
	case expired(it.task, now):
		return h.end(it.task, bot.Expired, "trop-tard", now)
	case now.After(it.startBy):
		return held(it.task, now, now, "bail")
	}
	l.owed.begin(it.task.Key)
	return l.owed.end(h.try(ctx, l, it, now))
}

// try does it, and says what became of it.
func (h *hand) try(ctx context.Context, l *line, it item, now time.Time) bot.Outcome {
	ctx, cancel := context.WithTimeout(ctx, l.sendTimeout())
	defer cancel()
	ref, err := h.do(ctx, l, it, now)
	now = h.clock()
	if err != nil {
		return h.failed(ctx, l, it, err, now)
	}
	l.health.succeeded(now)
	o := h.end(it.task, bot.Sent, "", now)
	o.Ref = ref
	return o
}

// do sends the message, or hands the wake-up to the bot.
func (h *hand) do(ctx context.Context, l *line, it item, now time.Time) (ref string, err error) {
	defer h.recovered(&err)
	if it.verdict != nil {
		return l.Sender.Send(ctx, it.verdict.To, it.verdict.Message)
	}
	t := it.task
	return "", h.brain.Handle(ctx, bot.Event{
		ID: t.Key, At: now, Role: bot.Itself, About: t.Group, Intent: t.Intent, Values: t.Args,
	})
}

// failed says what becomes of a task whose send or handling failed, and what that tells about the network. A request
// without an answer counts against the network like an error: a network that hangs would lose everything in minutes.
func (h *hand) failed(ctx context.Context, l *line, it item, err error, now time.Time) bot.Outcome {
	t := it.task
	patience, asked := errors.AsType[bot.RetryAfter](err)
	switch {
	case errors.Is(err, bot.ErrUnreachable) && it.verdict != nil:
		l.health.succeeded(now)
		return h.unreachable(it, now)
	case errors.Is(err, bot.ErrRefused):
		l.health.succeeded(now)
		return h.end(t, bot.Failed, refusal(err), now)
	case errors.Is(err, bot.ErrUncertain):
		h.notWell(l, now, "sans-reponse")
		return h.end(t, bot.Uncertain, "sans-reponse", now)
	case asked:
		return postponed(t, bot.Deferred, l.health.wait(now, patience.Wait), now, "patience")
	case errors.Is(context.Cause(ctx), errStopping):
		return held(t, now, now, "arret")
	}
	reason := "erreur"
	switch {
	case errors.Is(err, errPanic):
		reason = "panique"
	case errors.Is(err, context.DeadlineExceeded):
		reason = "delai"
	}
	h.opts.Log.Debug("task failed", "network", l.name, "task", t.Key, "tries", t.Tries, "reason", reason)
	if until := h.notWell(l, now, reason); !until.IsZero() {
		return postponed(t, bot.Deferred, until, now, reason)
	}
	return h.again(t, now, reason)
}

// unreachable says what becomes of a message whose network reaches nobody at the address: it goes the other way, if there is one.
func (h *hand) unreachable(it item, now time.Time) bot.Outcome {
	if it.verdict.Network == "" {
		return h.end(it.task, bot.Failed, bot.Unreachable, now)
	}
	o := rerouted(it.task, it.verdict.Network, now)
	o.FollowUp, _ = h.hears(it.task, o)
	return o
}

// notWell counts a failure against a network and returns until when that is left alone, if it is believed down; the
// bot itself has no breaker, since one bad wake-up says nothing of the next.
func (h *hand) notWell(l *line, now time.Time, reason string) (until time.Time) {
	if l.name == "" {
		return time.Time{}
	}
	return l.health.failed(now, reason)
}

// again is a counted try, of a task that failed while its network did well: another one after the backoff, until there
// were enough.
func (h *hand) again(t *bot.Task, now time.Time, reason string) bot.Outcome {
	if t.Tries+1 >= maxTries {
		return h.end(t, bot.Failed, "essais-epuises", now)
	}
	return postponed(t, bot.Retry, now.Add(backoff(t.Tries, h.jitter())), now, reason)
}

// end is an outcome that ends the task, with what a rule waits to hear of it.
func (h *hand) end(t *bot.Task, fate bot.Fate, reason string, now time.Time) bot.Outcome {
	o := bot.Outcome{Key: t.Key, Attempt: t.Attempt, Fate: fate, At: now, Reason: reason}
	o.FollowUp, o.Count = h.hears(t, o)
	return o
}

func (h *hand) hears(t *bot.Task, o bot.Outcome) (tell *bot.Task, count *bot.Count) {
	var err error
	defer func() {
		if err != nil {
			h.opts.Log.Error("nobody hears of a task", "task", t.Key, "fate", o.Fate, "err", err)
		}
	}()
	defer h.recovered(&err)
	return h.brain.FollowUp(*t, o), h.brain.Count(*t, o)
}

func (l *line) sendTimeout() time.Duration { return l.Lease / 3 }

var (
	errPanic    = errors.New("panic")
	errStopping = errors.New("stopping")
)

// recovered turns a panic into an error. Of the value only runtime errors are kept: others might hold a text.
func (s *Scheduler) recovered(err *error) {
	p := recover()
	if p == nil {
		return
	}
	*err = fmt.Errorf("%w: %T", errPanic, p)
	if fault, ok := p.(runtime.Error); ok {
		*err = fmt.Errorf("%w: %w", errPanic, fault)
	}
	s.opts.Log.Error("panic recovered", "err", *err, "stack", string(debug.Stack()))
}

// postponed is an outcome that leaves the task pending. One that would fall due after its NotAfter falls due just past
// it instead, so that it expires then and a rule hears of it in time. Next is rounded up to the store's millisecond.
func postponed(t *bot.Task, fate bot.Fate, next, now time.Time, reason string) bot.Outcome {
	if !t.NotAfter.IsZero() && next.After(t.NotAfter) {
		next = later(t.NotAfter, now).Add(time.Millisecond)
	}
	if cut := next.Truncate(time.Millisecond); cut.Before(next) {
		next = cut.Add(time.Millisecond)
	}
	return bot.Outcome{Key: t.Key, Attempt: t.Attempt, Fate: fate, At: now, Next: next, Reason: reason}
}

// held is an outcome that leaves the task pending, and its recipient held until then: nothing planned behind it leaves before it.
func held(t *bot.Task, next, now time.Time, reason string) bot.Outcome {
	o := postponed(t, bot.Deferred, next, now, reason)
	o.Hold = true
	return o
}

// expired tells whether it is too late for the task: at NotAfter itself it may still leave.
func expired(t *bot.Task, now time.Time) bool {
	return !t.NotAfter.IsZero() && now.After(t.NotAfter)
}

// backoff is how long a task waits after its n-th failure, counted from 0; jitter is in [-1, 1).
func backoff(tries int, jitter float64) time.Duration {
	d := maxRetry
	if tries < 7 { // 2^7 · 30 s is above an hour
		d = firstRetry << max(tries, 0)
	}
	return d + time.Duration(jitter*spread*float64(d))
}

// refusal is the short word in an ErrRefused. What looks like a number or a text is not passed on.
func refusal(err error) string {
	word := strings.ReplaceAll(err.Error(), bot.ErrRefused.Error(), "")
	word = strings.Trim(word, ": \n")
	digits := 0
	for _, r := range word {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if word == "" || len(word) > 60 || digits > 5 {
		return "refus"
	}
	return word
}
