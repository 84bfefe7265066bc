package intents

import (
	"strings"
	"sync"
	"sync/atomic"
)

// memo remembers what was found out about words: most of what people write is made of the same few thousand. It is safe for concurrent use,
// and learns words of the examples alone, mostWords at most: nothing of a message is kept.
type memo[T any] struct {
	lock  sync.RWMutex
	words map[string]T
}

const mostWords = 1 << 12

// learning tells that the examples are being read.
var learning atomic.Bool

// of is what find says of a word.
func (m *memo[T]) of(w string, find func(string) T) T {
	m.lock.RLock()
	v, ok := m.words[w]
	m.lock.RUnlock()
	if ok {
		return v
	}
	v = find(w)
	if !learning.Load() {
		return v
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.words == nil {
		m.words = map[string]T{}
	}
	if len(m.words) < mostWords {
		m.words[strings.Clone(w)] = v
	}
	return v
}
