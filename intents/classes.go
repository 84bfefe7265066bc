package intents

import (
	"maps"
	"slices"
	"strings"
)

// classBook tells which classes a word belongs to: see data/classes.tsv.
type classBook struct {
	exact    map[string][]string
	prefixes map[string][]string
	longest  int
	met      *memo[[]string]
}

// newClassBook makes a book of classes and their words.
func newClassBook(classes map[string]string) *classBook {
	b := &classBook{exact: map[string][]string{}, prefixes: map[string][]string{}}
	b.met = newMemo(b.find)
	for _, n := range slices.Sorted(maps.Keys(classes)) {
		for _, w := range strings.Fields(classes[n]) {
			if p, ok := strings.CutSuffix(w, "*"); ok {
				b.prefixes[p] = append(b.prefixes[p], n)
				b.longest = max(b.longest, len(p))
			} else {
				b.exact[w] = append(b.exact[w], n)
			}
		}
	}
	return b
}

// of are the classes of a word.
func (b *classBook) of(w string) []string { return b.met.of(w) }

func (b *classBook) find(w string) []string {
	out := b.exact[w]
	for n := 2; n <= min(len(w), b.longest); n++ {
		if more := b.prefixes[w[:n]]; more != nil {
			out = append(slices.Clip(out), more...)
		}
	}
	return out
}

// readClasses reads lines of "class<TAB>words".
func readClasses(table string) map[string]string {
	classes := map[string]string{}
	for line := range strings.Lines(table) {
		if name, words, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(line, "#") {
			classes[name] = words
		}
	}
	return classes
}
