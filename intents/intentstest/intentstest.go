// Package intentstest is what the tests of intents and of the packages below it share: tables, places in a text, odd texts.
package intentstest

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// Rows reads a table of testdata: columns by tabs, lines with # are comments.
func Rows(t testing.TB, name string) [][]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}

// Paris is the time zone of the tests.
func Paris(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// Inside reports an offset pair that does not lie in the text on rune boundaries.
func Inside(t *testing.T, text string, start, end int) {
	t.Helper()
	if start < 0 || end < start || end > len(text) {
		t.Fatalf("%q: offsets %d:%d", text, start, end)
	}
	for _, at := range []int{start, end} {
		if at < len(text) && utf8.ValidString(text) && !utf8.RuneStart(text[at]) {
			t.Fatalf("%q: offset %d inside a rune", text, at)
		}
	}
}

// Odd adds the texts that break readers.
func Odd(f *testing.F) {
	for _, text := range []string{"", "+", "0", "00", "+33", "O", "1️⃣", "\xff\xfe", "é\u0301", "le", "le 99", "31/02", "31 fevrier 2026", "rdv à", "M.", "Mme", "n'", "½h", "²h30", "29 février"} {
		f.Add(text)
	}
}

// Long are texts of a megabyte, each of one thing again and again.
func Long() (texts []string) {
	for _, part := range []string{"a", "1", " a", ",", ", ", "é", "e\u0301", "🙏", "\xff", "+33 ", " 00 1", "annule pas ", "je viens ", "mardi ou ", "mairie de ", "0639981234 "} {
		texts = append(texts, strings.Repeat(part, 1<<20/len(part)))
	}
	return texts
}

// Alike reports a text that is not read as its opening is.
func Alike(t *testing.T, read func(string) any, text, opening string) {
	t.Helper()
	if got, want := read(text), read(opening); !reflect.DeepEqual(got, want) {
		t.Errorf("%.20q: the whole reads %.200v, its opening %.200v", text, got, want)
	}
}
