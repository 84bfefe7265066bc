package ical

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// line is one content line (RFC 5545, 3.1), unfolded and decoded.
type line struct {
	at     int    // the line of the file on which it begins, from 1
	name   string // upper case
	params string // "TZID=Europe/Paris;VALUE=DATE"
	value  string // raw
}

// lines cuts a file into content lines.
type lines struct {
	rest []byte
	at   int
}

func newLines(data []byte) *lines {
	return &lines{rest: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))} // the BOM of Windows
}

// next returns the next content line. Lines without a name or a colon are passed over: they are what remains of text that was
// not folded.
func (l *lines) next() (line, bool) {
	for len(l.rest) > 0 {
		raw := l.physical()
		at := l.at
		if l.folds() {
			raw = bytes.Clone(raw)
		}
		for l.folds() {
			raw = append(raw, l.physical()[1:]...) // octets: a fold may cut a rune
		}
		if got, ok := split(decode(raw)); ok {
			got.at = at
			return got, true
		}
	}
	return line{}, false
}

// folds says whether what follows belongs to the same content line.
func (l *lines) folds() bool { return len(l.rest) > 0 && (l.rest[0] == ' ' || l.rest[0] == '\t') }

// physical takes one line of the file, whatever its ending. It never returns less than the first byte of a fold.
func (l *lines) physical() []byte {
	raw, rest, _ := bytes.Cut(l.rest, []byte("\n"))
	l.rest = rest
	l.at++
	return bytes.TrimRight(raw, "\r")
}

// dated are the properties whose values hold no colon, so that the last one of the line ends the parameters: Outlook writes
// TZID=(UTC+01:00) Bruxelles… and tzone://Microsoft/Utc without quotes.
var dated = map[string]bool{"DTSTART": true, "DTEND": true, "EXDATE": true, "RECURRENCE-ID": true, "DTSTAMP": true, "LAST-MODIFIED": true}

// maxParams is the most octets of parameters that are looked at. Outlook puts whole pages into the ALTREP of a text.
const maxParams = 1000

// split cuts a content line into its name, its parameters and its value.
func split(s string) (line, bool) {
	end := strings.IndexAny(s, ";:")
	if end <= 0 {
		return line{}, false
	}
	got := line{name: strings.ToUpper(strings.TrimSpace(s[:end]))}
	colon := outside(s, ':')
	if dated[got.name] || colon < 0 { // a quote that is never closed
		colon = strings.LastIndexByte(s, ':')
	}
	if colon < end {
		return line{}, false
	}
	got.value = s[colon+1:]
	switch {
	case colon == end:
	case colon-end <= maxParams:
		got.params = s[end+1 : colon]
	case dated[got.name]: // without its zone a date is a guess
		return line{}, false
	}
	return got, true
}

// outside finds the first c that stands in no quotes; -1 when there is none.
func outside(s string, c byte) int {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == c && !quoted:
			return i
		}
	}
	return -1
}

// param is the value of a parameter, without its quotes; "" when there is none.
func (l line) param(name string) string {
	for rest := l.params; rest != ""; {
		one := rest
		if i := outside(rest, ';'); i >= 0 {
			one, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		key, value, _ := strings.Cut(one, "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}

// decode reads octets as UTF-8 or, when they are not, as Windows-1252, which holds Latin-1.
func decode(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	var b strings.Builder
	for _, c := range raw {
		if c >= 0x80 && c < 0xa0 {
			b.WriteRune(windows1252[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// windows1252 are its characters 0x80 to 0x9f, as the WHATWG Encoding Standard has them; the five that have none are controls.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}
