package scheduler

import (
	"sync"

	"passeur/bot"
)

// queue holds what is claimed and waits for a worker: the lower lane first, within a lane the first in first.
type queue struct {
	mu     sync.Mutex
	filled sync.Cond
	lanes  [bot.Broadcast + 1][]item
	closed bool
}

func newQueue() *queue {
	q := new(queue)
	q.filled.L = &q.mu
	return q
}

// push adds items and wakes as many workers.
func (q *queue) push(lane bot.Lane, items []item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lanes[lane] = append(q.lanes[lane], items...)
	for range items {
		q.filled.Signal()
	}
}

// pop waits for an item; ok is false once the queue is closed.
func (q *queue) pop() (it item, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed {
		for lane, items := range q.lanes {
			if len(items) > 0 {
				q.lanes[lane] = items[1:]
				return items[0], true
			}
		}
		q.filled.Wait()
	}
	return item{}, false
}

// waiting counts what waits in a lane.
func (q *queue) waiting(lane bot.Lane) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.lanes[lane])
}

// close sends the workers home and returns what nobody took.
func (q *queue) close() []item {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.filled.Broadcast()
	var left []item
	for lane, items := range q.lanes {
		left = append(left, items...)
		q.lanes[lane] = nil
	}
	return left
}
