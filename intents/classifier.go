package intents

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// A classifier is a multinomial logistic regression: for each intent the sum of the weights of the features that a text shows,
// turned into probabilities.
type classifier struct {
	labels  []Intent
	index   *table // feature → its row
	weights []int8 // a row of len(labels) for each feature, in units of unit: a quarter of the memory, and half a cache line a row
	unit    float32
}

// guess is an intent and its probability.
type guess struct {
	Intent Intent
	P      float64
	Words  float64 // its probability by the words alone, without what the rules found
}

// guesses returns the labels that are allowed, the likeliest first, for a text with these rows, as rowsApart returns them.
func (c *classifier) guesses(plain, ruled []row, allowed func(Intent) bool) []guess {
	p, words := make([]float32, len(c.labels)), make([]float32, len(c.labels))
	c.sum(plain, words)
	copy(p, words)
	c.sum(ruled, p)
	softmax(words)
	softmax(p)
	out := make([]guess, 0, len(p))
	for k, l := range c.labels {
		if allowed(l) {
			out = append(out, guess{l, float64(p[k]), float64(words[k])})
		}
	}
	slices.SortStableFunc(out, func(a, b guess) int { return cmp.Compare(b.P, a.P) })
	return out
}

// sum adds the weights of rows.
func (c *classifier) sum(rows []row, to []float32) {
	for _, r := range rows {
		w, value := c.weights[r.at:][:len(to)], r.value*c.unit
		for k := range to {
			to[k] += float32(w[k]) * value
		}
	}
}

func softmax(p []float32) {
	top, sum := slices.Max(p), float32(0)
	for k, v := range p {
		p[k] = float32(math.Exp(float64(v - top)))
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
}

// row is a known feature of a text: where its weights begin, and how much it counts.
type row struct {
	at    int32
	value float32
}

// marks are as many as there are rows.
func (t *table) marks() met { return make(met, t.n/64+1) }

// met marks the rows that a text has shown already.
type met []uint64

// first marks a row, and reports whether it was not marked yet.
func (m met) first(row int32) bool {
	word, bit := row>>6, uint64(1)<<(row&63)
	if m[word]&bit != 0 {
		return false
	}
	m[word] |= bit
	return true
}

// rowsApart appends the rows of what the words show to plain, each once, and those of what the rules found to ruled; width is how many weights
// a row has. The weight of a kind of features is shared among those that are known. It leaves m as it was: without a mark.
func (t *table) rowsApart(fs []feature, width int, m met, plain, ruled []row) ([]row, []row) {
	var count [16]int
	for _, f := range fs {
		at, ok := t.row(f)
		if !ok || !m.first(at) {
			continue
		}
		count[f.kind()]++
		if r := (row{at, float32(f.kind())}); f.kind() == kindRule {
			ruled = append(ruled, r)
		} else {
			plain = append(plain, r)
		}
	}
	var value [16]float32
	for k := range kinds {
		value[k] = kindWeight[k] / float32(math.Sqrt(float64(max(1, count[k]))))
	}
	for _, rows := range [][]row{plain, ruled} {
		for i, r := range rows {
			m[r.at>>6] = 0
			rows[i] = row{r.at * int32(width), value[int(r.value)]}
		}
	}
	return plain, ruled
}

// table finds the row of a feature: open addressing, since a message looks for hundreds of them. Of each it keeps the upper half, which
// mistakes one of some hundred thousand millions for another.
type table struct {
	slots []slot
	mask  uint64
	n     int
}

type slot struct {
	mark uint32 // 0: free
	row  int32
}

func newTable(fs []feature) *table {
	size := 1 << bits.Len(uint(len(fs)*4/3))
	t := &table{make([]slot, size), uint64(size - 1), len(fs)}
	for row, f := range fs {
		at := t.home(f)
		for t.slots[at].mark != 0 {
			at = (at + 1) & t.mask
		}
		t.slots[at] = slot{mark(f), int32(row)}
	}
	return t
}

// home is where a feature is looked for first.
func (t *table) home(f feature) uint64 { return uint64(f) * 0x9e3779b97f4a7c15 >> 20 & t.mask }

func mark(f feature) uint32 { return uint32(f>>32) | 1 }

// row is the row of a feature; false when it is not known.
func (t *table) row(f feature) (int32, bool) {
	m := mark(f)
	for at := t.home(f); t.slots[at].mark != 0; at = (at + 1) & t.mask {
		if t.slots[at].mark == m {
			return t.slots[at].row, true
		}
	}
	return 0, false
}
