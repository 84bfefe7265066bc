package french

import (
	"maps"
	"slices"
	"strings"
)

// ClassBook tells which classes a word belongs to: see data/classes.tsv.
type ClassBook struct {
	exact    map[string][]string
	prefixes map[string][]string
	longest  int
	Met      *Memo[[]string]
}

// NewClassBook makes a book of classes and their words.
func NewClassBook(classes map[string]string) *ClassBook {
	b := &ClassBook{exact: map[string][]string{}, prefixes: map[string][]string{}}
	b.Met = NewMemo(b.find)
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

// Of are the classes of a word.
func (b *ClassBook) Of(w string) []string { return b.Met.Of(w) }

func (b *ClassBook) find(w string) []string {
	out := b.exact[w]
	for n := 2; n <= min(len(w), b.longest); n++ {
		if more := b.prefixes[w[:n]]; more != nil {
			out = append(slices.Clip(out), more...)
		}
	}
	return out
}

// ReadClasses reads lines of "class<TAB>words".
func ReadClasses(table string) map[string]string {
	classes := map[string]string{}
	for line := range strings.Lines(table) {
		if name, words, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(line, "#") {
			classes[name] = words
		}
	}
	return classes
}
