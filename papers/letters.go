package papers

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// longest is how many characters a text may have before it is measured at all: a whole poster holds fewer.
const longest = 2000

// The typeface is DejaVu Sans Condensed 2.37, as Debian ships it (fonts/LICENSE).
var (
	//go:embed fonts/DejaVuSansCondensed.ttf
	regularTTF []byte
	//go:embed fonts/DejaVuSansCondensed-Bold.ttf
	boldTTF []byte
)

// Heights of the typeface, in sizes of the type (its table hhea, and the letter H).
const (
	ascent       = 0.928
	capital      = 0.729
	letterHeight = 1.164 // from the highest accent to the lowest tail
)

// lineHeight is the distance of two baselines, in sizes of the type. It is more than letterHeight: lines never touch.
const lineHeight = 1.2

// letters measures one weight of the typeface. It is not for two goroutines at once.
type letters struct {
	font *sfnt.Font
	buf  sfnt.Buffer
	seen map[rune]float64 // advances, in sizes of the type; negative: the typeface lacks it
}

// typeface is the two weights that papers are set in.
type typeface struct{ regular, bold *letters }

func newTypeface() (*typeface, error) {
	regular, err := newLetters(regularTTF)
	if err != nil {
		return nil, err
	}
	bold, err := newLetters(boldTTF)
	if err != nil {
		return nil, err
	}
	return &typeface{regular, bold}, nil
}

func newLetters(ttf []byte) (*letters, error) {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("papers: typeface: %w", err)
	}
	return &letters{font: f, seen: map[rune]float64{}}, nil
}

func (f *typeface) of(bold bool) *letters {
	if bold {
		return f.bold
	}
	return f.regular
}

// advance is how far a letter moves the pen, in sizes of the type; ok is false for one that the typeface lacks.
func (l *letters) advance(r rune) (a float64, ok bool) {
	a, known := l.seen[r]
	if !known {
		a = l.look(r)
		l.seen[r] = a
	}
	return a, a >= 0
}

func (l *letters) look(r rune) float64 {
	i, err := l.font.GlyphIndex(&l.buf, r)
	if err != nil || i == 0 {
		return -1
	}
	em := l.font.UnitsPerEm()
	a, err := l.font.GlyphAdvance(&l.buf, i, fixed.I(int(em)), font.HintingNone)
	if err != nil {
		return -1
	}
	return float64(a) / 64 / float64(em)
}

// width is that of a text of size 1, without kerning, as both fpdf and the map draw it.
func (l *letters) width(text string) float64 {
	sum := 0.0
	for _, r := range text {
		a, _ := l.advance(r)
		sum += a
	}
	return sum
}

// tidy makes a text ready to be set: accents joined to their letters (a Mac sends them apart), one space between words, what
// nobody sees left out. What cannot be printed is an error that names the text by what.
func (f *typeface) tidy(what, text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", unreadable(what)
	}
	if utf8.RuneCountInString(text) > longest {
		return "", &TooLong{what, text}
	}
	text = strings.TrimFunc(strings.Map(plain, norm.NFC.String(text)), unicode.IsSpace)
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " ")
	for _, r := range text {
		if !f.has(r) {
			return "", fmt.Errorf("%s : le caractère « %c » (U+%04X) ne peut pas être imprimé. Retirez-le ou remplacez-le", what, printable(r), r)
		}
	}
	return text, nil
}

// has says whether a character can be printed as it should look: the typeface also holds Arabic letters, say, but nothing here
// joins them or turns their direction.
func (f *typeface) has(r rune) bool {
	_, regular := f.regular.advance(r)
	_, bold := f.bold.advance(r)
	return regular && bold && r <= 0xffff && unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common)
}

// plain is the character that is set for another: any space is a space, or one at which no line ends; hyphens are one.
func plain(r rune) rune {
	switch {
	case r == '\u00a0' || r == '\u202f' || r == '\u2007':
		return '\u00a0'
	case r == '\u2010' || r == '\u2011':
		return '-'
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.Cf, r): // soft hyphens, byte order marks, joiners: what Word and telephones leave behind
		return -1
	}
	return r
}

// printable keeps control characters out of a message.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return '\ufffd'
}
