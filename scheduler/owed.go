package scheduler

import (
	"sync"

	"passeur/bot"
)

// owed holds the sends of a network from their beginning until the store took their outcome. A task whose lease ran
// out meanwhile, because a commit hangs or a sender does not obey its context, is claimed again; it is answered from
// here instead of being done twice. Safe for concurrent use.
type owed struct {
	mu    sync.Mutex
	sends map[string]bot.Outcome // without a Fate: in flight
}

func (w *owed) begin(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sends == nil {
		w.sends = make(map[string]bot.Outcome)
	}
	w.sends[key] = bot.Outcome{Key: key}
}

// end keeps what ended the task; one that is to be tried again may be. It returns the outcome under the attempt that the task was claimed for last, so that it
// counts.
func (w *owed) end(o bot.Outcome) bot.Outcome {
	w.mu.Lock()
	defer w.mu.Unlock()
	o.Attempt = max(o.Attempt, w.sends[o.Key].Attempt)
	if pending(o) {
		delete(w.sends, o.Key)
	} else {
		w.sends[o.Key] = o
	}
	return o
}

// settled forgets what the store took.
func (w *owed) settled(outcomes []bot.Outcome) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range outcomes {
		if !pending(o) {
			delete(w.sends, o.Key)
		}
	}
}

// outcome returns what became of a task that was claimed again, under its new attempt.
func (w *owed) outcome(t *bot.Task) (o bot.Outcome, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if o, ok = w.sends[t.Key]; ok {
		o.Attempt = t.Attempt
		w.sends[t.Key] = o
	}
	return o, ok
}
