package dates

import (
	"maps"
	"math/bits"
	"slices"

	"passeur/intents/french"
)

// dateReader reads one sort of day or hour, or what only looks like one.
type dateReader struct {
	read   func(p *Parser, i int) (Piece, bool)
	digits bool     // a number may begin one
	slips  bool     // so may a word that a slip of the finger keeps from being a weekday
	starts []string // and these words
}

// dateReaders are all of them; the first that knows what stands at a token has it. A new sort is a row.
var dateReaders = []dateReader{
	{read: (*Parser).lookalike, digits: true, starts: slices.Concat(keys(numerals), keys(wishes), keys(numbered), keys(streetNames),
		[]string{"midi", "tous", "toutes", "chaque", "autre"})},
	{read: (*Parser).neighbour, starts: keys(neighbours)},
	{read: (*Parser).feast, starts: keys(feasts)},
	{read: (*Parser).relative, digits: true, starts: append(keys(relatives), "dans", "sous", "d")},
	{read: (*Parser).ordinal, digits: true, starts: slices.Concat(keys(Ordinals), keys(monthParts), []string{"en", "de", "dernier"})},
	{read: (*Parser).Weekday, slips: true, starts: keys(Weekdays)},
	{read: (*Parser).numeric, digits: true},
	{read: (*Parser).named, digits: true, starts: append(keys(numerals), "le")},
	{read: (*Parser).spaced, digits: true, starts: append(keys(numerals), "le")},
	{read: (*Parser).monthDay, starts: []string{"le", "du", "au"}},
	{read: (*Parser).hour, digits: true, starts: append(keys(numerals), "midi", "minuit", "heure", "heures", "h")},
	{read: (*Parser).bareHour, digits: true, starts: keys(numerals)},
	{read: (*Parser).part, starts: keys(dayParts)},
}

func keys[M ~map[string]V, V any](m M) []string { return slices.Collect(maps.Keys(m)) }

// readerSet says which of dateReaders something may begin for, by a bit for each.
type readerSet uint64

// starters say by what a day, an hour or what looks like one begins: few words do, and the others need no look.
var starters = startersOf(dateReaders)

type starting struct {
	words         map[string]readerSet
	digits, slips readerSet
}

func startersOf(readers []dateReader) starting {
	s := starting{words: map[string]readerSet{}}
	for k, r := range readers {
		bit := readerSet(1) << k
		for _, w := range r.starts {
			s.words[w] |= bit
		}
		if r.digits {
			s.digits |= bit
		}
		if r.slips {
			s.slips |= bit
		}
	}
	for w := range s.words {
		if _, typed := typedDay(w); typed {
			s.words[w] |= s.slips
		}
	}
	return s
}

// of says for which readers something may begin with a token.
func (s *starting) of(t *french.Token) readerSet {
	switch t.Kind {
	case french.Word:
		if set, ok := s.words[t.Norm]; ok {
			return set
		}
		if _, typed := typedDay(t.Norm); typed {
			return s.slips
		}
	case french.Number:
		return s.digits
	}
	return 0
}

// read reads a day or an hour that begins at token i, or something that only looks like one.
func (p *Parser) read(i int) (Piece, bool) {
	for set := starters.of(&p.toks[i]); set != 0; set &= set - 1 {
		if found, ok := dateReaders[bits.TrailingZeros64(uint64(set))].read(p, i); ok {
			return found, true
		}
	}
	return Piece{}, false
}
