package mask

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/french"
)

// The guard shows what leads to a person to the one who wrote it, who decides. Text forgets too much rather than too little; here each word
// too many is a question too many to a counsellor who is busy, so what is doubtful is left alone.

// Identity is something in a text by which a person could be known.
type Identity struct {
	Kind       Kind
	Start, End int // bytes of the text, on rune boundaries
}

// Kind says what an Identity is.
type Kind string

// The kinds of identities.
const (
	Telephone Kind = "telephone" // of a mobile or of a fixed line; numbers in 08, which are services' alone, are none
	Mail      Kind = "mail"      // an e-mail address, also one in words; those of a service ("contact@…") are none
	NIR       Kind = "nir"       // a number of the social security, whole or told as such
	Name      Kind = "nom"       // names and first names, without the title before them
	Address   Kind = "adresse"   // number and street; postcode and commune are not part of it
	Number    Kind = "numero"    // what is told to be the number of a file, an account or a paper, an IBAN, a bank card, a day of birth
)

// standIns stand in the place of what was found.
var standIns = map[Kind]string{
	Telephone: "[téléphone]", Mail: maskedMail, NIR: "[NIR]", Name: maskedName, Address: maskedPlace, Number: "[numéro]",
}

// guarded are all the placeholders that a text may hold already: nothing is found in them.
var guarded = append(slices.Clone(placeholders), standIns[Telephone], standIns[NIR], standIns[Number])

// Identities finds in a text of any length what may identify a person, in the order in which it stands, nothing overlapping. names are people of
// whom the writer may speak: their names are found in any case, without accents, and with a capital also with one slip; a part that is an everyday
// word ("Petit") needs the rest of the name beside it, or a capital and a sign that a person is meant. g spares the communes of the territory; it
// may be nil.
//
// Names that nobody told it are known by what stands before them ("Mme", "usagère", "s'appelle") or as usual first names that stand as a person:
// with a capital, and with a sign beside them if they are everyday words, things or written small. In what Without makes of a text, it finds
// nothing more.
func Identities(text string, names []string, g *intents.Gazetteer) []Identity {
	known := namesIn(names)
	var found []Identity
	for {
		more := identitiesOnce(seen(Without(text, found)), known, g)
		if len(more) == 0 {
			return found
		}
		found = merged(found, more)
	}
}

// seen is a text as it is read, of the same bytes: the signs of emphasis around words are spaces.
func seen(text string) string {
	out := []byte(text)
	before := ' '
	for i, r := range text {
		if r < utf8.RuneSelf {
			after, _ := utf8.DecodeRuneInString(text[i+1:])
			if emphasizes(before, r, after) {
				out[i] = ' '
			}
		}
		before = r
	}
	return string(out)
}

// emphasizes reports whether r, between two runes, only shows how words look: "**Mme** Lepercq". An underscore within a word is part of it.
func emphasizes(before, r, after rune) bool {
	return r == '*' || r == '~' || r == '_' && !(letterOrDigit(before) && letterOrDigit(after))
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Titled tells whether a title stands right before the byte at of a text: "Mme".
func Titled(text string, at int) bool {
	before := strings.Fields(text[:at])
	if len(before) == 0 {
		return false
	}
	words := french.Tokenize(french.Opening(before[len(before)-1]))
	return len(words) > 0 && french.Titles[words[0].Norm]
}

// Without returns a text in which a word in brackets stands in the place of each thing that was found: "[téléphone]", "[mail]", "[NIR]", "[nom]",
// "[adresse]", "[numéro]". The rest stays byte for byte. found must be in order and lie in the text, as Identities returns it.
func Without(text string, found []Identity) string {
	parts := make([]stretch, 0, len(found))
	for _, f := range found {
		parts = append(parts, stretch{f.Start, f.End, standIns[f.Kind]})
	}
	return replaced(text, parts)
}

// merged adds what was found in the text without found; more is told in bytes of that text.
func merged(found, more []Identity) []Identity {
	all := slices.Clone(found)
	longer, next := 0, 0 // how much longer the text is than what stands for it, up to the next one found
	for _, m := range more {
		for next < len(found) && found[next].Start-longer <= m.Start {
			longer += found[next].End - found[next].Start - len(standIns[found[next].Kind])
			next++
		}
		all = append(all, Identity{m.Kind, m.Start + longer, m.End + longer})
	}
	slices.SortFunc(all, func(a, b Identity) int { return cmp.Compare(a.Start, b.Start) })
	return all
}

// identitiesOnce finds what the text shows as it stands. What is surest comes first: nothing that overlaps it counts.
func identitiesOnce(text string, known map[string]bool, g *intents.Gazetteer) []Identity {
	f := newFinder(text, known, g)
	var all []Identity
	for _, find := range []func() []Identity{f.mails, f.links, f.toldNumbers, f.births, f.accounts, f.nirs, f.telephones, f.streets, f.people} {
		for _, one := range find() {
			if f.claim(one) {
				all = append(all, one)
			}
		}
	}
	slices.SortFunc(all, func(a, b Identity) int { return cmp.Compare(a.Start, b.Start) })
	return all
}

// finder finds the identities of one text.
type finder struct {
	reading
	known  map[string]bool
	taken  []bool // by what was found, or by a link: nothing else is found there
	begins []bool // the first word of a sentence or of a line: its capital says nothing
	shouts []bool // in a sentence without small letters: capitals say nothing
	things []bool // the words of a name that somebody has whom everybody knows, or a firm: "Marie Curie", "Yves Rocher"
}

func newFinder(text string, known map[string]bool, g *intents.Gazetteer) *finder {
	f := &finder{reading: read(text, guarded), known: known}
	n := len(f.toks)
	f.taken, f.begins, f.shouts, f.things = make([]bool, n), make([]bool, n), make([]bool, n), make([]bool, n)
	if g != nil {
		f.placeAll(g)
	}
	f.cutSentences()
	for i := range f.toks {
		f.taken[i] = f.held(i)
		f.bar(i)
	}
	return f
}

// claim takes the tokens of what was found, unless one of them is taken already.
func (f *finder) claim(one Identity) bool {
	first, end := f.tokensOf(one.Start, one.End)
	if first == end || slices.Contains(f.taken[first:end], true) {
		return false
	}
	f.take(one.Start, one.End)
	return true
}

func (f *finder) take(start, end int) {
	for i, last := f.tokensOf(start, end); i < last; i++ {
		f.taken[i] = true
	}
}

// tokensOf are the tokens that lie, were it in part, within some bytes of the text.
func (f *finder) tokensOf(start, end int) (first, last int) {
	first, _ = slices.BinarySearchFunc(f.toks, start, func(t french.Token, at int) int { return cmp.Compare(t.End, at+1) })
	last, _ = slices.BinarySearchFunc(f.toks, end, func(t french.Token, at int) int { return cmp.Compare(t.Start, at) })
	return first, max(first, last)
}

// free reports whether token i is a word that nothing else took.
func (f *finder) free(i int) bool {
	return i >= 0 && i < len(f.toks) && f.reading.free(i) && !f.taken[i]
}

// typed is token i as it was written.
func (f *finder) typed(i int) string { return f.text[f.toks[i].Start:f.toks[i].End] }

// norm is the folded token i, "" beyond the text.
func (f *finder) norm(i int) string {
	if i < 0 || i >= len(f.toks) {
		return ""
	}
	return f.toks[i].Norm
}

// gap is what stands between token i and the one before.
func (f *finder) gap(i int) string {
	if i == 0 {
		return "\n"
	}
	return f.text[f.toks[i-1].End:f.toks[i].Start]
}

// placeAll marks the communes of the whole text, of which the gazetteer reads only openings.
func (f *finder) placeAll(g *intents.Gazetteer) {
	for at := 0; at < len(f.text); {
		piece := french.Opening(f.text[at:])
		if cut := strings.LastIndexAny(piece, " \n"); cut > 0 && at+len(piece) < len(f.text) {
			piece = piece[:cut]
		}
		f.place(g.FindCommunes(piece), at)
		at += len(piece)
	}
}

// cutSentences marks where sentences begin, and those that shout.
func (f *finder) cutSentences() {
	start := 0
	for i := range f.toks {
		if i == 0 || f.endsBefore(i) {
			f.hush(start, i)
			start = i
		}
		f.begins[i] = i == start || pauses[f.norm(i-1)] || f.begins[i-1] && f.toks[i-1].Kind == french.Sign
	}
	f.hush(start, len(f.toks))
}

// endsBefore reports whether a sentence or a line ends before token i.
func (f *finder) endsBefore(i int) bool {
	if strings.ContainsRune(f.gap(i), '\n') {
		return true
	}
	if !sentenceEnds[f.norm(i-1)] || f.toks[i-1].Glued && f.toks[i].Glued {
		return false
	}
	return f.norm(i-1) != "." || i < 2 || !f.toks[i-1].Glued || !f.abbreviates(i-2)
}

// hush marks the tokens from start to end as shouted when they hold two words or more, and no small letter.
func (f *finder) hush(start, end int) {
	words := 0
	for i := start; i < end; i++ {
		if f.toks[i].Kind != french.Word || f.held(i) {
			continue
		}
		if words++; strings.ToUpper(f.typed(i)) != f.typed(i) {
			return
		}
	}
	for i := start; i < end && words > 1; i++ {
		f.shouts[i] = true
	}
}

// written reports whether the word i has a capital that says something.
func (f *finder) written(i int) bool { return f.capital(i) && !f.shouts[i] }

// caps reports whether the word i is all capitals, two at least.
func (f *finder) caps(i int) bool {
	return len(f.norm(i)) > 1 && strings.ToUpper(f.typed(i)) == f.typed(i)
}
