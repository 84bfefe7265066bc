package bot

import (
	"slices"
	"sync"
)

// locks makes events that share a key wait for each other, in this process. The zero value is ready.
type locks struct {
	mu   sync.Mutex
	held map[string]*lock
}

type lock struct {
	sync.Mutex
	users int // holders and waiters: the last one removes it
}

// take waits for every key, in sorted order so that two takers never wait for each other, and returns what gives
// them back.
func (l *locks) take(keys ...string) (release func()) {
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for _, k := range keys {
		l.join(k).Lock()
	}
	return func() {
		for _, k := range keys {
			l.leave(k)
		}
	}
}

func (l *locks) join(key string) *lock {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]*lock{}
	}
	k := l.held[key]
	if k == nil {
		k = &lock{}
		l.held[key] = k
	}
	k.users++
	return k
}

func (l *locks) leave(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.held[key]
	k.Unlock()
	if k.users--; k.users == 0 {
		delete(l.held, key)
	}
}
