package tables

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// decoding appends the text that bytes stand for to dst, in UTF-8. It returns how many bytes it took: all, but for a character that is cut off, unless
// these are the last ones.
type decoding func(dst, src []byte, last bool) ([]byte, int)

// asUTF8 reads UTF-8, and byte by byte as Windows-1252 what is not: files are pasted together from several, and one bad byte must not spoil the rest.
func asUTF8(dst, src []byte, last bool) ([]byte, int) {
	at := 0
	for at < len(src) {
		if b := src[at]; b < utf8.RuneSelf {
			dst = append(dst, b)
			at++
			continue
		}
		if !last && !utf8.FullRune(src[at:]) {
			break
		}
		r, n := utf8.DecodeRune(src[at:])
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(src[at])
		}
		dst = utf8.AppendRune(dst, r)
		at += n
	}
	return dst, at
}

func asBytesOf(set *charmap.Charmap) decoding {
	return func(dst, src []byte, _ bool) ([]byte, int) {
		for _, b := range src {
			if b < utf8.RuneSelf {
				dst = append(dst, b)
			} else {
				dst = utf8.AppendRune(dst, set.DecodeByte(b))
			}
		}
		return dst, len(src)
	}
}

func asUTF16(order binary.ByteOrder) decoding {
	return func(dst, src []byte, last bool) ([]byte, int) {
		at := 0
		for at+1 < len(src) {
			r, n := rune(order.Uint16(src[at:])), 2
			if utf16.IsSurrogate(r) {
				if !last && at+3 >= len(src) {
					return dst, at
				}
				second := rune(0)
				if at+3 < len(src) {
					second = rune(order.Uint16(src[at+2:]))
				}
				if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
					n = 4
				}
			}
			dst = utf8.AppendRune(dst, r)
			at += n
		}
		if last {
			at = len(src)
		}
		return dst, at
	}
}

// place is what stands beside a byte that is not ASCII: whether a small or a large letter is to be expected there.
type place int

const (
	alone       place = iota // between what is no letter
	beginning                // of a word that goes on in small letters
	amongSmall               // letters
	afterVowel               // among small letters
	amongLarge               // letters
	placesOfOne              // how many
)

// placeOf is the place behind two bytes and before another.
func placeOf(behind [2]byte, after byte) place {
	small := func(b byte) bool { return 'a' <= b && b <= 'z' }
	large := func(b byte) bool { return 'A' <= b && b <= 'Z' }
	other := func(b byte) bool { return b < utf8.RuneSelf && !small(b) && !large(b) }
	before := behind[1]
	switch {
	case large(before) && other(behind[0]) && other(after):
		return beginning // the end as well: Lô
	case small(before), small(after) && (large(before) || before >= utf8.RuneSelf):
		if strings.IndexByte("aeiou", before|0x20) >= 0 {
			return afterVowel
		}
		return amongSmall
	case small(after):
		return beginning
	case large(before), large(after):
		return amongLarge
	}
	return alone
}

// survey is what the bytes of a whole file tell of its encoding.
type survey struct {
	size       int64
	controls   int64    // that no text has
	zeros      [2]int64 // at even and at odd places
	valid, odd int64    // characters of UTF-8 beyond ASCII; bytes that are none
	seen       [128][placesOfOne]int64
	behind     [2]byte
	notBlank   bool
	startsAt   int64 // behind the byte order mark
	markedAs   decoding
}

// encodingOf finds the encoding of a text, and where it begins.
func encodingOf(in *input) (decoding, int64, error) {
	s := &survey{}
	buf, kept := make([]byte, 64<<10), 0
	for last := false; !last; {
		n, err := in.ReadAt(buf[kept:], s.size+int64(kept))
		if err != nil && err != io.EOF {
			return nil, 0, err
		}
		last = err == io.EOF || n == 0
		p := buf[:kept+n]
		if s.size == 0 {
			s.mark(p)
		}
		took := s.take(p, last)
		s.size += int64(took)
		kept = copy(buf, p[took:])
	}
	if !s.notBlank {
		return nil, 0, errors.New(emptyFile)
	}
	d := s.decide()
	if d == nil {
		return nil, 0, errors.New("ce n'est ni un classeur Excel (.xlsx), ni un tableau CSV : " + notATable)
	}
	return d, s.startsAt, nil
}

// mark reads a byte order mark.
func (s *survey) mark(p []byte) {
	switch {
	case len(p) > 2 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf:
		s.startsAt = 3
	case len(p) > 1 && p[0] == 0xff && p[1] == 0xfe:
		s.startsAt, s.markedAs = 2, asUTF16(binary.LittleEndian)
	case len(p) > 1 && p[0] == 0xfe && p[1] == 0xff:
		s.startsAt, s.markedAs = 2, asUTF16(binary.BigEndian)
	}
}

// take counts bytes, and returns how many: a few may wait for what follows them.
func (s *survey) take(p []byte, last bool) int {
	at := 0
	if s.size == 0 {
		at = int(s.startsAt)
	}
	for at < len(p) && (last || at+utf8.UTFMax <= len(p)) {
		b := p[at]
		if b < utf8.RuneSelf {
			switch {
			case b > ' ':
				s.notBlank = true
			case b == 0:
				s.zeros[(s.size+int64(at))&1]++
			case b < ' ' && (b < '\t' || b > '\r') && b != 0x1a:
				s.controls++
			}
			s.behind = [2]byte{s.behind[1], b}
			at++
			continue
		}
		s.notBlank = true
		r, n := utf8.DecodeRune(p[at:])
		if r != utf8.RuneError || n > 1 {
			s.valid++
		} else {
			s.odd++
			after := byte(' ')
			if at+1 < len(p) {
				after = p[at+1]
			}
			s.seen[b-utf8.RuneSelf][placeOf(s.behind, after)]++
		}
		s.behind = [2]byte{s.behind[1], b}
		at += n
	}
	return at
}

// decide chooses a decoding, nil if this is no text.
func (s *survey) decide() decoding {
	even, odd := s.zeros[0], s.zeros[1]
	switch {
	case s.markedAs != nil:
		return s.markedAs
	case odd*4 > s.size && even*10 < odd:
		return asUTF16(binary.LittleEndian)
	case even*4 > s.size && odd*10 < even:
		return asUTF16(binary.BigEndian)
	case (even+odd+s.controls)*200 > s.size:
		return nil
	case s.odd <= s.valid:
		return asUTF8
	}
	best, most := sets[0], s.score(sets[0])+likelier
	for _, set := range sets[1:] {
		if n := s.score(set); n > most {
			best, most = set, n
		}
	}
	return asBytesOf(best)
}

// sets are the encodings of one byte a character in which French files come; of equals the first is taken.
var sets = []*charmap.Charmap{charmap.Windows1252, charmap.ISO8859_15, charmap.Macintosh, charmap.CodePage850}

// likelier is how much more others must have for them than the first, which is by far the most frequent: one letter that fits better is not enough.
const likelier = 3

// score tells how French the bytes are in an encoding: its letters, small ones among small ones, and no sign that no French text has.
func (s *survey) score(set *charmap.Charmap) (total int64) {
	for i, places := range s.seen {
		r := set.DecodeByte(byte(i + utf8.RuneSelf))
		for at, n := range places {
			if n > 0 {
				total += n * likelihood(r, place(at))
			}
		}
	}
	return total
}

// How often French uses letters beyond ASCII, and other signs.
var (
	letterWeights = map[rune]int64{'é': 9, 'è': 7, 'à': 7, 'ê': 6, 'ç': 6, 'ô': 5, 'â': 5, 'î': 4, 'ë': 4, 'ï': 4, 'û': 4, 'ù': 3, 'œ': 3, 'ü': 1, 'ö': 1, 'ä': 1, 'ÿ': 1, 'æ': 1, 'ñ': 0, 'ó': 0, 'á': 0, 'í': 0, 'ã': 0}
	signs         = map[rune]bool{'«': true, '»': true, '’': true, '‘': true, '“': true, '”': true, '–': true, '—': true, '…': true, '€': true, '°': true, '²': true, '·': true, '•': true, '\u00a0': true}
)

func likelihood(r rune, at place) int64 {
	switch {
	case r < 0xa0 || r == utf8.RuneError:
		return -12
	case unicode.IsLetter(r):
		large := unicode.IsUpper(r)
		if large && (at == amongSmall || at == afterVowel || at == alone) || !large && at == amongLarge {
			return -2
		}
		if large && at == beginning && !strings.ContainsRune("ÉÈÊÀÂÇÎÔŒ", r) {
			return -2
		}
		if at == amongSmall && strings.ContainsRune("ëï", r) || at == afterVowel && strings.ContainsRune("àâ", r) {
			return 1 // Noël and Loïc, but Château
		}
		if w, ok := letterWeights[unicode.ToLower(r)]; ok {
			return w
		}
		return -1
	case signs[r] && (at == alone || at == beginning || r == '’'):
		return 1
	case signs[r]:
		return -1
	}
	return -5
}
