package intents

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"passeur/intents/dates"
	"passeur/intents/french"
	"passeur/intents/intentstest"
	"passeur/intents/phones"
)

// TestLongTexts holds that no text keeps a processor busy: what stands behind the first characters is not looked at, so a text of
// a megabyte reads as its beginning does.
func TestLongTexts(t *testing.T) {
	reader, g := NewReader(), manche(t)
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	for _, part := range []string{"a", "1", " a", ",", ", ", "é", "e\u0301", "🙏", "\xff", "+33 ", " 00 1", "annule pas ", "je viens ", "mardi ou ", "mairie de ", "0639981234 "} {
		text := strings.Repeat(part, 1<<20/len(part))
		short := french.Opening(text)
		if n := utf8.RuneCountInString(short); n != french.LongestText || !strings.HasPrefix(text, short) {
			t.Fatalf("%q: an opening of %d characters", part, n)
		}
		for _, c := range contexts {
			got, want := reader.Read(text, c), reader.Read(short, c)
			if got.Decision == Act && got.Confidence < 1 && !got.Urgent {
				t.Errorf("%q in %+v: %+v, though it was cut", part, c, got)
			}
			got.Decision, got.Why = want.Decision, want.Why
			if got != want {
				t.Errorf("%q in %+v: %+v, its opening %+v", part, c, got, want)
			}
		}
		alike(t, part, func(text string) any { return dates.Read(text, now) }, text, short)
		alike(t, part, func(text string) any { phones, err := phones.Find(text); return []any{phones, err} }, text, short)
		alike(t, part, func(text string) any { return g.ReadBooking(text, now, knownPlaces) }, text, short)
		alike(t, part, func(text string) any { return ReadActivity(text, now, g) }, text, short)
		alike(t, part, func(text string) any { return g.Strict(text) }, text, short)
		alike(t, part, func(text string) any { return g.Lenient(text) }, text, short)
	}
}

func alike(t *testing.T, part string, read func(string) any, long, short string) {
	t.Helper()
	if got, want := read(long), read(short); !reflect.DeepEqual(got, want) {
		t.Errorf("%q: the whole reads %.200v, its opening %.200v", part, got, want)
	}
}

// TestOpening holds that a cut falls between two characters and that offsets stay right.
func TestOpening(t *testing.T) {
	for _, fill := range []string{"a", "é", "🙏"} {
		lead := strings.Repeat(fill, french.LongestText-20) + " "
		text := lead + "06 39 98 12 34 " + strings.Repeat(fill, 50)
		short := french.Opening(text)
		if !utf8.ValidString(short) || utf8.RuneCountInString(short) != french.LongestText {
			t.Errorf("%q: cut at %d", fill, len(short))
		}
		found, err := phones.Find(text)
		if err != nil || len(found) != 1 || found[0].Start != len(lead) {
			t.Errorf("%q: %+v, %v", fill, found, err)
		}
		if found, _ := phones.Find(strings.Repeat(fill, french.LongestText) + " 06 39 98 12 34"); len(found) > 0 {
			t.Errorf("%q: a number read behind the opening", fill)
		}
	}
	for _, text := range []string{"", "oui", strings.Repeat("é", french.LongestText)} {
		if french.Opening(text) != text {
			t.Errorf("a text of %d bytes was cut", len(text))
		}
	}
}

func TestNoSlipIsSoughtInLongWords(t *testing.T) {
	for w, want := range map[string]bool{
		"annulre": true, "nuls": false, "envie": false, "grave": false,
		strings.Repeat("a", longestTypo): true, strings.Repeat("a", longestTypo+1): false,
	} {
		if mayBeTypo(w) != want {
			t.Errorf("%q: %v", w, !want)
		}
	}
	b := newRules().usager
	for _, w := range b.words {
		if len(w) > longestTypo {
			t.Errorf("%q is longer than the longest word in which a slip is sought", w)
		}
	}
}

// TestTrueWordsAreNotRules holds that no word that counts as itself hides a word of the rules.
func TestTrueWordsAreNotRules(t *testing.T) {
	r := newRules()
	for w := range french.TrueWords {
		if french.Folded(w) != w {
			t.Errorf("%q is not folded", w)
		}
		found := false
		for _, b := range []*book{r.usager, r.pro, r.signs} {
			for _, rule := range b.words {
				found = found || rule != w && french.Near(rule, w)
			}
		}
		if !found {
			t.Errorf("%q is near to no word of the rules", w)
		}
	}
}
