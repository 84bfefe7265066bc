package sim

import (
	"container/heap"
	"math"
)

// play is a year under one strategy.
type play struct {
	*world
	events   queue
	seq      int
	answered []int         // minute of the first answer; -1 none
	asked    [][]int       // by person: when
	answers  []map[int]int // by person: answers of a week
}

// event is something that happens at a minute; of the same minute in the order in which they were foreseen.
type event struct {
	at, seq int
	do      func(now int)
}

type queue []event

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].seq < q[j].seq
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(event)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// strategy brings question q to people at a minute.
type strategy func(p *play, q, now int)

// run plays all questions of a world. dropped is asked at the end of those that nobody answered: whether nobody was told.
func run(w *world, ask strategy, dropped func(q int) bool) Outcome {
	p := &play{world: w, answered: make([]int, len(w.questions)), asked: make([][]int, len(w.people)), answers: make([]map[int]int, len(w.people))}
	for i := range p.answers {
		p.answers[i] = map[int]int{}
	}
	for q := range w.questions {
		p.answered[q] = -1
		p.at(w.questions[q].at, func(now int) { ask(p, q, now) })
	}
	for len(p.events) > 0 {
		e := heap.Pop(&p.events).(event)
		e.do(e.at)
	}
	return p.outcome(dropped)
}

func (p *play) at(minute int, do func(now int)) {
	p.seq++
	heap.Push(&p.events, event{minute, p.seq, do})
}

// able tells whether a person can answer a question: what no strategy may ask before she was asked.
func (p *play) able(q, person int) bool {
	return p.drawn(q, person, "able").Float64() < p.people[person].able[p.questions[q].theme]
}

// willing tells whether she has the will to, and tires her if so.
func (p *play) willing(q, person, now int, share float64) bool {
	week := now / (5 * p.day)
	if p.drawn(q, person, "willing").Float64() >= share*math.Pow(1-p.Weariness, float64(p.answers[person][week])) {
		return false
	}
	p.answers[person][week]++
	return true
}

func (p *play) answer(q, now int) {
	if p.answered[q] < 0 {
		p.answered[q] = now
	}
}

func (p *play) outcome(dropped func(q int) bool) (o Outcome) {
	var hours []float64
	for q, at := range p.answered {
		took := p.NeverHours
		if at >= 0 {
			took = float64(at-p.questions[q].at) / 60
		} else {
			o.Never++
			if dropped(q) {
				o.Dropped++
			}
		}
		hours = append(hours, took)
	}
	counts := make([]int, len(p.asked))
	for person, times := range p.asked {
		counts[person] = len(times)
		o.Asks += float64(len(times))
		o.Over += p.beyond(times)
	}
	n := float64(len(p.answered))
	o.Median, o.Never, o.Asks, o.Gini = median(hours), o.Never/n, o.Asks/n, gini(counts)
	return o
}

// beyond counts the asks that were more than the budget of the seven days before them.
func (p *play) beyond(times []int) (n int) {
	for i, at := range times {
		if i >= p.Budget && p.clock(at).Sub(p.clock(times[i-p.Budget])).Hours() < 7*24 {
			n++
		}
	}
	return n
}
