package search

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

var (
	//go:embed data/synonymes.tsv
	synonymTable string
)

// entry is one word or some words that stand together, as a member of a group of synonyms.
type entry struct {
	stems []string
	group string // "=12", which no stem is
}

// synonyms are the entries of the table, by their first stem.
type synonyms map[string][]entry

// readSynonyms reads the table; stems takes an entry apart as it does a text.
func readSynonyms(stems func(string) []string) synonyms {
	all := synonyms{}
	n := 0
	for line := range strings.Lines(synonymTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		n++
		for written := range strings.SplitSeq(strings.TrimSpace(line), "\t") {
			s := stems(written)
			if len(s) == 0 {
				continue
			}
			e := entry{s, "=" + strconv.Itoa(n)}
			if !slices.ContainsFunc(all[s[0]], func(o entry) bool { return o.group == e.group && slices.Equal(o.stems, e.stems) }) {
				all[s[0]] = append(all[s[0]], e)
			}
		}
	}
	return all
}

// at are the entries that some stems begin with.
func (s synonyms) at(stems []string) []entry {
	var found []entry
	for _, e := range s[stems[0]] {
		if len(e.stems) <= len(stems) && slices.Equal(e.stems, stems[:len(e.stems)]) {
			found = append(found, e)
		}
	}
	return found
}
