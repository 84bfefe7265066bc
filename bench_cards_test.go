//go:build unix

package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/intents/french"
	"passeur/intents/search"
)

// What the index of answered questions is measured with.
const (
	benchCardsHeld    = 100_000
	benchCardsWords   = 45_000 // that texts are made of, most of them rarely
	benchCardsTerms   = 20_000 // that must be there at least
	benchCardsAsked   = 500    // questions of each kind
	benchCardsTimes   = 5      // that each is asked; the middle counts, for other work on the machine interrupts some of them
	benchCardsChanged = 1_000
)

// benchCards looks among 100,000 answered questions, after some of them have been replaced: how long until the three best are known, how long a
// change takes, and how large the index is.
func benchCards(t *testing.T, b *bars) {
	n := size("BENCH_CARDS", benchCardsHeld)
	words := wordsOfCards(t)
	before := liveHeapMB()
	x, built := cardIndex(words, n)
	heap := liveHeapMB() - before
	cards := newTongue(words, 1).cards(n)
	terms, lists := termsOf(cards), bareLists(cards)
	if terms < benchCardsTerms && n >= benchCardsHeld {
		t.Errorf("%d distinct terms, at least %d", terms, benchCardsTerms)
	}
	replaced, added, removed := changeCards(newTongue(words, 3), x, n)
	fmt.Printf("\n%d answered questions, %d distinct terms: indexed in %.1f s, %.0f MB of heap\n", n, terms, built.Seconds(), heap)
	fmt.Printf("%-36s %8s %8s %8s %10s %8s (a loop adds up the lists of the same words)\n", "milliseconds", "p50", "p99", "worst", "bare p50", "p99")
	var all, bare []time.Duration
	for _, k := range newTongue(words, 2).questions(cards) {
		took, loop := k.ask(x, lists, n)
		tellTimes(k.name, took, loop)
		all, bare = append(all, took...), append(bare, loop...)
	}
	tellTimes(fmt.Sprintf("all %d questions", len(all)), all, bare)
	tellTimes("one replaced", replaced, nil)
	tellTimes("one added", added, nil)
	tellTimes("one removed", removed, nil)
	b.add("cards_p99_ms", rounded(exactly(all, 0.99).Seconds()*1000, 2))
	b.add("cards_heap_mb", rounded(heap, 1))
}

// cardIndex indexes n answered questions; nothing holds their texts when it returns.
func cardIndex(words []string, n int) (*search.Index, time.Duration) {
	all := newTongue(words, 1).cards(n)
	began := time.Now()
	x := search.New(all)
	return x, time.Since(began)
}

// liveHeapMB is what the heap holds; what pools held is gone with the second collection.
func liveHeapMB() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// exactly is the value below which so large a part of the values lies; 1: the largest.
func exactly(values []time.Duration, part float64) time.Duration {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}

func ms(values []time.Duration, part float64) string {
	return fmt.Sprintf("%.2f", exactly(values, part).Seconds()*1000)
}

// wordsOfCards are the words that texts are made of, the frequent ones first: those of the table of synonyms, then invented ones.
func wordsOfCards(t *testing.T) []string {
	t.Helper()
	table, err := os.ReadFile("intents/search/data/synonymes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(7, 7))
	known := map[string]bool{}
	for _, w := range strings.Fields(french.Folded(string(table))) {
		known[w] = len(w) > 3 && !french.EmptyWords[w]
	}
	maps.DeleteFunc(known, func(_ string, telling bool) bool { return !telling })
	words := slices.Sorted(maps.Keys(known))
	dice.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	for len(words) < benchCardsWords {
		if w := coined(dice); !known[w] {
			known[w] = true
			words = append(words, w)
		}
	}
	return words
}

var (
	onsets  = strings.Fields("b br c ch cl cr d dr f fl fr g gl gr j l m n p pl pr qu r s st t tr v")
	vowels  = strings.Fields("a e i o u ai au eau en eu in oi on ou")
	endings = strings.Fields("- - - age aire al ant el er esse eur euse ible ien ier if ique isme ite ment oir sion tion ure")
)

// coined is a word that no dictionary holds, of two to four syllables, as a French one is built.
func coined(dice *rand.Rand) string {
	of := func(list []string) string { return list[dice.IntN(len(list))] }
	w := of(onsets) + of(vowels)
	for range 1 + dice.IntN(2) {
		w += of(onsets) + of(vowels)
	}
	return w + strings.Trim(of(endings), "-")
}

// tongue makes texts that look like French: nearly half of them words of grammar, the others by Zipf's law. The same seed makes the same texts.
type tongue struct {
	dice    *rand.Rand
	rank    *rand.Zipf
	words   []string
	grammar []string
}

func newTongue(words []string, seed uint64) *tongue {
	dice := rand.New(rand.NewPCG(seed, 1))
	return &tongue{dice, rand.NewZipf(dice, 1.05, 12, uint64(len(words)-1)), words, slices.Sorted(maps.Keys(french.EmptyWords))}
}

// text is of n words, the telling ones among the most frequent, or among all if among is 0.
func (g *tongue) text(n, among int) string {
	out := make([]string, n)
	for i := range out {
		switch {
		case g.dice.Float64() < 0.45:
			out[i] = g.grammar[g.dice.IntN(len(g.grammar))]
		case among > 0:
			out[i] = g.words[g.dice.IntN(among)]
		default:
			out[i] = g.words[g.rank.Uint64()]
		}
	}
	return strings.Join(out, " ")
}

// cards are n answered questions, of some 12 and 40 words.
func (g *tongue) cards(n int) []search.Answer {
	out := make([]search.Answer, n)
	for i := range out {
		out[i] = g.card(cardID(i))
	}
	return out
}

// cardID is as long as an id of Mattermost.
func cardID(i int) string { return fmt.Sprintf("carte%021d", i) }

func (g *tongue) card(id string) search.Answer {
	return search.Answer{ID: id, Question: g.text(8+g.dice.IntN(9), 0) + " ?", Answer: g.text(30+g.dice.IntN(21), 0)}
}

// cardKind is one way of asking.
type cardKind struct {
	name      string
	questions []string
}

// questions are those of each kind.
func (g *tongue) questions(cards []search.Answer) []cardKind {
	some := func(make func() string) (all []string) {
		for range benchCardsAsked {
			all = append(all, make())
		}
		return all
	}
	part := func() string { return g.part(cards[g.dice.IntN(len(cards))].Question) }
	return []cardKind{
		{"half of an answered one, and others", some(part)},
		{"the same with slips", some(func() string { return g.slips(part()) })},
		{"10 of the 200 most frequent words", some(func() string { return g.text(10, 200) })},
		{"60 words", some(func() string { return g.text(60, 0) })},
	}
}

// part is about half of the words of a question, and some others.
func (g *tongue) part(question string) string {
	kept := slices.DeleteFunc(strings.Fields(question), func(string) bool { return g.dice.IntN(2) == 0 })
	return strings.Join(kept, " ") + " " + g.text(4, 0)
}

// slips exchanges two letters of every long word.
func (g *tongue) slips(question string) string {
	words := strings.Fields(question)
	for i, w := range words {
		if len(w) >= 6 {
			at := 1 + g.dice.IntN(len(w)-2)
			words[i] = w[:at] + w[at+1:at+2] + w[at:at+1] + w[at+2:]
		}
	}
	return strings.Join(words, " ")
}

// ask asks the index, and the bare loop in turn: how long each question takes.
func (k cardKind) ask(x *search.Index, lists map[string][]int32, n int) (took, bare []time.Duration) {
	scores := make([]float32, n)
	times, loops := make([][]time.Duration, len(k.questions)), make([][]time.Duration, len(k.questions))
	for range benchCardsTimes {
		for i, q := range k.questions {
			began := time.Now()
			x.Search(q, 3)
			times[i] = append(times[i], time.Since(began))
			words := strings.Fields(q)
			began = time.Now()
			bareSum(lists, words, scores)
			loops[i] = append(loops[i], time.Since(began))
		}
	}
	for i := range k.questions {
		took, bare = append(took, median(times[i])), append(bare, median(loops[i]))
	}
	return took, bare
}

// tellTimes prints a row: what the index takes, and the bare loop if there is one.
func tellTimes(name string, took, bare []time.Duration) {
	fmt.Printf("  %-34s %8s %8s %8s", name, ms(took, 0.5), ms(took, 0.99), ms(took, 1))
	if bare != nil {
		fmt.Printf(" %10s %8s", ms(bare, 0.5), ms(bare, 0.99))
	}
	fmt.Println()
}

// termsOf is how many distinct stems questions and answers hold, words of grammar left out.
func termsOf(cards []search.Answer) int {
	words, stems := map[string]bool{}, map[string]bool{}
	for _, c := range cards {
		for _, w := range strings.Fields(c.Question + " " + c.Answer) {
			if !words[w] && !french.EmptyWords[w] {
				words[w], stems[french.Stem(w)] = true, true
			}
		}
	}
	return len(stems)
}

// bareLists are the questions and answers that hold each word, words of grammar left out, as the index leaves them out.
func bareLists(cards []search.Answer) map[string][]int32 {
	lists := map[string][]int32{}
	for i, c := range cards {
		for _, w := range strings.Fields(c.Question + " " + c.Answer) {
			if list := lists[w]; !french.EmptyWords[w] && (len(list) == 0 || list[len(list)-1] != int32(i)) {
				lists[w] = append(list, int32(i))
			}
		}
	}
	return lists
}

// bareSum counts, for each answered question, how many of the words it holds, and looks for the highest count.
func bareSum(lists map[string][]int32, words []string, scores []float32) (best int) {
	clear(scores)
	for _, w := range words {
		for _, a := range lists[w] {
			scores[a]++
		}
	}
	for a, s := range scores {
		if s > scores[best] {
			best = a
		}
	}
	return best
}

// changeCards replaces answered questions by others, and adds as many, which it takes out again.
func changeCards(g *tongue, x *search.Index, n int) (replaced, added, removed []time.Duration) {
	timed := func(do func()) time.Duration {
		began := time.Now()
		do()
		return time.Since(began)
	}
	for range benchCardsChanged {
		there, other := g.card(cardID(g.dice.IntN(n))), g.card(cardID(n))
		replaced = append(replaced, timed(func() { x.Put(there) }))
		added = append(added, timed(func() { x.Put(other) }))
		removed = append(removed, timed(func() { x.Remove(other.ID) }))
	}
	return replaced, added, removed
}
