package search

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// changing is an index that changes, beside what it should hold.
type changing struct {
	index  *Index
	should map[string]Answer
}

func newChanging(answers ...Answer) *changing {
	c := &changing{New(answers), map[string]Answer{}}
	for _, a := range answers {
		c.should[a.ID] = a
	}
	return c
}

func (c *changing) put(a Answer) {
	c.index.Put(a)
	c.should[a.ID] = a
}

func (c *changing) remove(id string) {
	c.index.Remove(id)
	delete(c.should, id)
}

// compare holds the index against a new one of the same answers: what they find, to the last bit, and what they know.
func (c *changing) compare(t *testing.T, questions []asked) {
	t.Helper()
	fresh := New(slices.Collect(maps.Values(c.should)))
	for _, q := range questions {
		if got, want := c.index.Search(q.question, 6), fresh.Search(q.question, 6); !slices.Equal(got, want) {
			t.Fatalf("%q among %d:\n%+v, a new index finds\n%+v", q.question, len(c.should), got, want)
		}
	}
	sameNames(t, "ids", c.index.ids, fresh.ids)
	sameNames(t, "terms", c.index.terms, fresh.terms)
	sameNames(t, "words", c.index.words.numbers, fresh.words.numbers)
}

func sameNames(t *testing.T, what string, got, want numbers) {
	t.Helper()
	if got, want := slices.Sorted(maps.Keys(got.of)), slices.Sorted(maps.Keys(want.of)); !slices.Equal(got, want) {
		t.Fatalf("%d %s, a new index has %d", len(got), what, len(want))
	}
}

// TestPutRemove changes an index at random; now and then it is compared with a new one.
func TestPutRemove(t *testing.T) {
	dev, asked := devSearch(t)
	texts, questions := slices.Concat(dev, distractors(t, 300, 5)), asked[:60]
	for seed := range uint64(6) {
		dice := rand.New(rand.NewPCG(seed, 1))
		dice.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
		c := newChanging(texts[:40*seed]...)
		for i := range 600 {
			a := texts[dice.IntN(len(texts))]
			if a.ID = texts[dice.IntN(1+i/3)].ID; dice.IntN(5) < 3 {
				c.put(a)
			} else {
				c.remove(a.ID)
			}
			if i%100 == 99 {
				c.compare(t, questions)
			}
		}
		for id := range maps.Clone(c.should) {
			c.remove(id)
		}
		c.compare(t, questions)
	}
}

// TestPutReplaces: of several with the same ID the last counts, and what it does not say finds nothing any more.
func TestPutReplaces(t *testing.T) {
	x := New([]Answer{{"a", "scanner un document", "", nil}, {"a", "carte grise", "au guichet", nil}, {"b", "caf", "", nil}})
	finds := func(step string, want map[string]string) {
		for question, id := range want {
			if found := x.Search(question, 3); id == "" && len(found) > 0 || id != "" && (len(found) != 1 || found[0].ID != id) {
				t.Errorf("%s, %q: %+v, want %q", step, question, found, id)
			}
		}
	}
	finds("new", map[string]string{"scanner": "", "carte grise": "a", "guichet": "a", "caf": "b"})
	x.Put(Answer{"a", "L'imprimante", "", nil})
	finds("replaced", map[string]string{"carte grise": "", "guichet": "", "imprimante": "a", "caf": "b"})
	x.Remove("a")
	x.Remove("nobody")
	finds("removed", map[string]string{"imprimante": "", "imprimant": "", "caf": "b"})
}

// TestSearchWhilePutting changes and searches side by side, with the race detector; at the end all that was done has been done.
func TestSearchWhilePutting(t *testing.T) {
	dev, questions := devSearch(t)
	c := newChanging(dev...)
	more := distractors(t, 200, 9)
	var all sync.WaitGroup
	for part := range 4 {
		all.Go(func() {
			for i := part; i < len(more); i += 4 {
				c.index.Put(more[i])
				if i%3 == 0 {
					c.index.Remove(more[i].ID)
				}
			}
		})
		all.Go(func() {
			for i := part; i < len(questions); i += 4 {
				found := c.index.Search(questions[i].question, 3)
				if !slices.IsSortedFunc(found, func(a, b Result) int { return int(1e6 * (b.Score - a.Score)) }) {
					t.Errorf("%q: %+v", questions[i].question, found)
				}
			}
		})
	}
	all.Wait()
	for i, a := range more {
		if i%3 != 0 {
			c.should[a.ID] = a
		}
	}
	c.compare(t, questions)
}

// FuzzPutRemove: each byte puts or removes one of eight answers, whose text is one of a few or what the fuzzer made.
func FuzzPutRemove(f *testing.F) {
	dev, questions := devSearch(f)
	f.Add([]byte{0, 1, 2, 0x80, 0x81, 3, 0x13, 0x83}, "imprimante")
	f.Add([]byte{0x10, 0x10, 0x90, 0x90, 0x70, 0x70}, "mot de passe mot de passe =12 \xff 1234567")
	f.Fuzz(func(t *testing.T, steps []byte, text string) {
		c := newChanging()
		for _, s := range steps[:min(len(steps), 100)] {
			a := dev[s>>3&0xf]
			if a.ID = fmt.Sprint(s & 7); s>>3&0xf == 0 {
				a.Question = text
			}
			if s < 0x80 {
				c.put(a)
			} else {
				c.remove(a.ID)
			}
		}
		c.compare(t, append(questions[:20:20], asked{question: text}))
	})
}
