package french

import (
	"strings"
	"sync"
)

// Memo remembers what find makes of the words of the examples, mostWords at most: most of what people write is made of the same few thousand.
// What is not remembered is found again each time: nothing of a message is kept. It is safe for concurrent use.
type Memo[T any] struct {
	find  func(string) T
	lock  sync.RWMutex
	words map[string]T
}

const mostWords = 1 << 12

// NewMemo makes a memo that remembers nothing yet.
func NewMemo[T any](find func(string) T) *Memo[T] { return &Memo[T]{find: find, words: map[string]T{}} }

// Of is what find makes of a word.
func (m *Memo[T]) Of(w string) T {
	m.lock.RLock()
	v, ok := m.words[w]
	m.lock.RUnlock()
	if ok {
		return v
	}
	return m.find(w)
}

// Keep remembers words.
func (m *Memo[T]) Keep(words []string) {
	m.lock.Lock()
	defer m.lock.Unlock()
	for _, w := range words {
		if _, ok := m.words[w]; !ok && len(m.words) < mostWords {
			m.words[strings.Clone(w)] = m.find(w)
		}
	}
}
