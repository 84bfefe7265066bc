package intents

import (
	"cmp"
	"hash/fnv"
	"io"
	"math"
	"slices"
)

// Training is always the same to the bit, on one architecture: features are numbered in the order of their hashes, samples are taken in the order
// of theirs, and nothing is summed in the order of a map.

// How the classifier is trained: stochastic gradient descent with AdaGrad's steps. Each number is the best of a few by cross-validation between
// authors; its neighbours differ by less than the noise.
const (
	epochs     = 5    // times that each sample is seen
	averaged   = 3    // last epochs after which the weights are averaged, so that the order of the samples matters less
	firstStep  = 0.2  // of AdaGrad
	steady     = 0.1  // added to the size of past gradients, so that a rare feature is not believed at once
	negligible = 0.01 // error of a probability that is not corrected
	rarest     = 2    // samples in which a feature must stand to be known
	rarestMany = 3    // the same of kinds of which a text shows many
)

// sample is an example made ready for training.
type sample struct {
	features []feature
	label    int
	key      uint64 // of the example: where it stands in the order
}

// keyOf is the key of an example: it depends on nothing else, so that one more example leaves the order of the others as it is.
func keyOf(e example) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, e.open+"\t"+string(e.intent)+"\t"+e.text)
	return h.Sum64()
}

// trainer holds what training needs and the classifier does not keep.
type trainer struct {
	weights, squares []float32 // squares: the sums of the squares of past gradients
	p                []float32
	wrong            []int
}

// train makes a classifier of samples, whose features it lets go. The result depends on nothing but its arguments.
func train(labels []Intent, samples []sample) *classifier {
	index, width := known(samples), len(labels)
	rows, m := make([][]row, len(samples)), index.marks()
	for i, s := range samples {
		plain, ruled := index.rowsApart(s.features, width, m, make([]row, 0, len(s.features)), nil)
		rows[i], samples[i].features = append(plain, ruled...), nil
	}
	t := trainer{weights: make([]float32, index.n*width), squares: make([]float32, index.n*width), p: make([]float32, width)}
	mean, order := make([]float32, len(t.weights)), make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	for epoch := range epochs {
		shuffled := func(i int) uint64 { return (samples[i].key ^ uint64(epoch)) * 0x9e3779b97f4a7c15 }
		slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(shuffled(a), shuffled(b)), cmp.Compare(a, b)) })
		for _, i := range order {
			t.step(rows[i], samples[i].label)
		}
		if epoch >= epochs-averaged {
			for i, w := range t.weights {
				mean[i] += w / averaged
			}
		}
	}
	c := &classifier{labels: labels, index: index}
	c.weights, c.unit = rounded(mean)
	return c
}

// step moves the weights of one sample towards its label. Errors too small to matter are left alone, which saves most of the work
// once a sample is learnt.
func (t *trainer) step(rows []row, label int) {
	width := len(t.p)
	clear(t.p)
	for _, r := range rows {
		for k, w := range t.weights[r.at:][:width] {
			t.p[k] += w * r.value
		}
	}
	softmax(t.p)
	t.p[label]--
	t.wrong = t.wrong[:0]
	for k, g := range t.p {
		if g > negligible || g < -negligible {
			t.wrong = append(t.wrong, k)
		}
	}
	for _, r := range rows {
		w, s := t.weights[r.at:][:width], t.squares[r.at:][:width]
		for _, k := range t.wrong {
			g := t.p[k] * r.value
			s[k] += g * g
			w[k] -= firstStep * g / (float32(math.Sqrt(float64(s[k]))) + steady)
		}
	}
}

// rounded writes weights in eight bits, and the unit that they then have.
func rounded(weights []float32) ([]int8, float32) {
	most := float32(1e-9)
	for _, w := range weights {
		most = max(most, w, -w)
	}
	unit, out := most/math.MaxInt8, make([]int8, len(weights))
	for i, w := range weights {
		out[i] = int8(math.Round(float64(w / unit)))
	}
	return out, unit
}

// known numbers the features that stand in enough samples.
func known(samples []sample) *table {
	n := 0
	for _, s := range samples {
		n += len(s.features)
	}
	all := make([]feature, 0, n)
	for _, s := range samples {
		begin := len(all)
		all = append(all, s.features...)
		slices.Sort(all[begin:])
		all = all[:begin+len(slices.Compact(all[begin:]))]
	}
	slices.Sort(all)
	kept := all[:0]
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j] == all[i] {
			j++
		}
		if j-i >= leastSeen(all[i].kind()) {
			kept = append(kept, all[i])
		}
		i = j
	}
	return newTable(kept)
}

func leastSeen(kind int) int {
	switch kind {
	case kindLetters, kindClassPair, kindSound:
		return rarestMany
	}
	return rarest
}
