package sms

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// Encoding is how a text travels over the air.
type Encoding string

// The two encodings of SMS texts. One character outside GSM-7 puts the whole message into UCS-2.
const (
	GSM7 Encoding = "GSM-7" // 3GPP TS 23.038, default alphabet and extension table
	UCS2 Encoding = "UCS-2" // UTF-16 in practice: an emoji takes two units
)

// Count is what a text costs.
type Count struct {
	Encoding Encoding
	Units    int // septets or UTF-16 units, without the headers of parts
	Parts    int // messages sent and paid; 0 for the empty text
	Left     int // units that the last part can still take
}

// capacity is what one message holds alone, and what each part of a longer one holds: the header that joins
// parts takes 6 octets of 140.
type capacity struct{ alone, part int }

var capacities = map[Encoding]capacity{
	GSM7: {alone: 160, part: 153},
	UCS2: {alone: 70, part: 67},
}

// The default alphabet, without the escape, and the extension table, whose characters take two septets.
// É, Ç, Ä, Ö, Ü and Æ are in it; ç, À, È and every circumflex are not.
const (
	basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extension = "\f^{}\\[~]|€"
)

var septets = alphabet()

func alphabet() map[rune]int {
	table := make(map[rune]int, 137)
	for _, r := range basic {
		table[r] = 1
	}
	for _, r := range extension {
		table[r] = 2
	}
	return table
}

// firstPage repeats the first page of septets, where nearly every character of a French text stands: an index instead
// of a hash.
var firstPage = pageOf(septets)

func pageOf(table map[rune]int) (page [256]uint8) {
	for r, n := range table {
		if r < 256 {
			page[r] = uint8(n)
		}
	}
	return page
}

// width is how many septets a character takes; 0 when it is not in GSM-7.
func width(r rune) int {
	if 0 <= r && r < 256 {
		return int(firstPage[r])
	}
	return septets[r]
}

// folds lists what French texts hold outside GSM-7 and what a reader takes for the same.
var folds = map[rune]string{
	'â': "a", 'ç': "c", 'ê': "e", 'ë': "e", 'î': "i", 'ï': "i", 'ô': "o", 'û': "u", 'ÿ': "y", 'œ': "oe",
	'À': "A", 'Â': "A", 'È': "E", 'Ê': "E", 'Ë': "E", 'Î': "I", 'Ï': "I", 'Ô': "O", 'Ù': "U", 'Û': "U", 'Ÿ': "Y", 'Œ': "OE",

	// Iberian and Italian names, frequent in France.
	'á': "a", 'ã': "a", 'í': "i", 'ó': "o", 'õ': "o", 'ú': "u", 'ý': "y",
	'Á': "A", 'Ã': "A", 'Ì': "I", 'Í': "I", 'Ò': "O", 'Ó': "O", 'Õ': "O", 'Ú': "U", 'Ý': "Y",

	// Letters with a stroke, which are no accents: Polish, Croatian, Vietnamese, Turkish, Maltese, Sami, Icelandic.
	'ł': "l", 'Ł': "L", 'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D", 'ħ': "h", 'Ħ': "H", 'ŧ': "t", 'Ŧ': "T", 'ı': "i", 'þ': "th", 'Þ': "Th",

	'«': `"`, '»': `"`, '“': `"`, '”': `"`, '„': `"`, '‹': "'", '›': "'",
	'’': "'", '‘': "'", '‚': "'", 'ʼ': "'", '′': "'", '´': "'", '`': "'",
	'…': "...", '–': "-", '—': "-", '―': "-", '‐': "-", '\u2011': "-", '‒': "-", '−': "-",
	'•': "-", '·': "-", '°': "o", 'º': "o", 'ª': "a", '№': "No", '→': "->",
	'×': "x", '½': "1/2", '¼': "1/4", '¾': "3/4", '²': "2", '³': "3", 'ﬁ': "fi", 'ﬂ': "fl",
	'ᵉ': "e", 'ʳ': "r", 'ᵈ': "d", 'ˢ': "s", 'ᵐ': "m", '¹': "1", '⁰': "0",

	// Spaces: no-break, narrow no-break, figure, thin and their kin; a line separator is a line break.
	'\t': " ", '\u00a0': " ", '\u202f': " ", '\u2002': " ", '\u2003': " ", '\u2004': " ", '\u2005': " ",
	'\u2006': " ", '\u2007': " ", '\u2008': " ", '\u2009': " ", '\u200a': " ", '\u2028': "\n", '\u2029': "\n",

	// Invisible: soft hyphen, zero-width space and joiners, direction marks, embeddings and isolates, word joiner, byte order mark.
	'\u00ad': "", '\u200b': "", '\u200c': "", '\u200d': "", '\u200e': "", '\u200f': "", '\u2060': "", '\ufeff': "",
	'\u202a': "", '\u202b': "", '\u202c': "", '\u202d': "", '\u202e': "", '\u2066': "", '\u2067': "", '\u2068': "", '\u2069': "",
}

// foldRune is what a character outside GSM-7 is folded to: as listed, or the letter of the Latin alphabet under its accents, so that the name of one
// person (Wałęsa, Nguyễn, Šimić) does not triple the price of what is written to her.
func foldRune(r rune) (folded string, ok bool) {
	if folded, ok = folds[r]; ok || !unicode.Is(unicode.Latin, r) {
		return folded, ok
	}
	folded = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(string(r)))
	return folded, isGSM(folded)
}

// innerSpaces drops the space that French typography puts inside quotation marks, which `"` does not take.
var innerSpaces = strings.NewReplacer(
	"« ", "«", "«\u00a0", "«", "«\u202f", "«", "«\u2009", "«", "“ ", "“", "“\u00a0", "“", "“\u202f", "“", "“\u2009", "“",
	" »", "»", "\u00a0»", "»", "\u202f»", "»", "\u2009»", "»", " ”", "”", "\u00a0”", "”", "\u202f”", "”", "\u2009”", "”",
)

// Fold returns the text as it leaves: unchanged if it fits into GSM-7; with accents, quotation marks, dashes and
// spaces brought into GSM-7 where readers take them for the same; unchanged again if a character stays that cannot be
// folded (an emoji, Arabic), because UCS-2 then carries everything. Folding twice is folding once.
func Fold(text string) string {
	if isGSM(text) {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	for _, r := range innerSpaces.Replace(norm.NFC.String(text)) {
		if width(r) > 0 {
			out.WriteRune(r)
			continue
		}
		folded, ok := foldRune(r)
		if !ok {
			return text
		}
		out.WriteString(folded)
	}
	return out.String()
}

// Offending returns the characters that put the text into UCS-2, each once, in the order of the text: those that
// are neither in GSM-7 nor folded into it. Show them to the author.
func Offending(text string) []rune {
	var out []rune
	seen := map[rune]bool{}
	for _, r := range norm.NFC.String(text) {
		if _, ok := foldRune(r); !ok && width(r) == 0 && !seen[r] {
			seen[r] = true
			out = append(out, r)
		}
	}
	return out
}

// Segments counts the text as it stands, without folding it. A character of the extension table and its escape, or
// the two halves of an emoji, are never split between two parts.
func Segments(text string) Count {
	if isGSM(text) {
		return count(text, GSM7, width)
	}
	return count(text, UCS2, utf16.RuneLen)
}

func count(text string, e Encoding, width func(rune) int) Count {
	c, room := Count{Encoding: e}, capacities[e]
	last := 0 // units in the last part
	for _, r := range text {
		w := width(r)
		c.Units += w
		if last+w > room.part {
			c.Parts++
			last = 0
		}
		last += w
	}
	if c.Units <= room.alone {
		c.Parts, c.Left = min(c.Units, 1), room.alone-c.Units
		return c
	}
	c.Parts, c.Left = c.Parts+1, room.part-last
	return c
}

// Split cuts a text, as it stands, where networks will: into as many pieces as Segments counts parts.
func Split(text string) []string {
	c := Segments(text)
	if c.Parts <= 1 {
		return []string{text}[:c.Parts]
	}
	wide := utf16.RuneLen
	if c.Encoding == GSM7 {
		wide = width
	}
	var pieces []string
	begin, units := 0, 0
	for i, r := range text {
		if w := wide(r); units+w > capacities[c.Encoding].part {
			pieces = append(pieces, text[begin:i])
			begin, units = i, 0
		}
		units += wide(r)
	}
	return append(pieces, text[begin:])
}

func isGSM(text string) bool {
	for _, r := range text {
		if width(r) == 0 {
			return false
		}
	}
	return true
}
