package cluster

import (
	"context"
	"strings"
	"sync"
	"time"
)

// Wake-ups between replicas. They may be lost: whoever waits for one looks at the store from time to time all the same.

// wakes are the names that are still to be told to the others, each once.
type wakes struct {
	mu    sync.Mutex
	names map[string]bool
	some  chan struct{}
}

func (w *wakes) init() { w.names, w.some = map[string]bool{}, make(chan struct{}, 1) }

func (w *wakes) add(name string) {
	w.mu.Lock()
	if len(w.names) < wakeUpsAhead {
		w.names[name] = true
	}
	w.mu.Unlock()
	select {
	case w.some <- struct{}{}:
	default:
	}
}

func (w *wakes) take() map[string]bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.names
	w.names = map[string]bool{}
	return all
}

// Wake implements bot.Cluster: this process at once, the others as soon as the server hears of it.
func (r *Redis) Wake(ctx context.Context, name string) {
	r.here.Wake(ctx, name)
	r.wakes.add(name)
}

// Woken implements bot.Cluster. Each wake-up reaches one listener in every replica.
func (r *Redis) Woken(name string) <-chan struct{} { return r.here.Woken(name) }

// publish tells the other replicas.
func (r *Redis) publish(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wakes.some:
		}
		for name := range r.wakes.take() {
			once, cancel := context.WithTimeout(ctx, askTimeout)
			_ = r.client.Publish(once, r.prefix+"wake", r.id+" "+name).Err() // lost: they look by themselves
			cancel()
		}
	}
}

// listen rings for what the others tell, and connects again for ever.
func (r *Redis) listen(ctx context.Context) {
	for ctx.Err() == nil {
		told := r.client.Subscribe(ctx, r.prefix+"wake")
		undo := context.AfterFunc(ctx, func() { _ = told.Close() }) // a read that waits heeds no context
		for {
			m, err := told.ReceiveMessage(ctx)
			if err != nil {
				break
			}
			if from, name, ok := strings.Cut(m.Payload, " "); ok && from != r.id {
				r.here.Wake(ctx, name)
			}
		}
		undo()
		_ = told.Close()
		select {
		case <-ctx.Done():
		case <-time.After(leaveAlone):
		}
	}
}
