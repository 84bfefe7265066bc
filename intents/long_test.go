package intents

import (
	"strings"
	"testing"
	"time"

	"passeur/intents/french"
	"passeur/intents/intentstest"
)

// TestLongTexts holds that no text keeps a processor busy: what stands behind the first characters is not looked at, so a text of
// a megabyte reads as its beginning does.
func TestLongTexts(t *testing.T) {
	reader, g := NewReader(), manche(t)
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	for _, text := range intentstest.Long() {
		short := french.Opening(text)
		for _, c := range contexts {
			got, want := reader.Read(text, c), reader.Read(short, c)
			if got.Decision == Act && got.Confidence < 1 && !got.Urgent {
				t.Errorf("%.20q in %+v: %+v, though it was cut", text, c, got)
			}
			got.Decision, got.Why = want.Decision, want.Why
			if got != want {
				t.Errorf("%.20q in %+v: %+v, its opening %+v", text, c, got, want)
			}
		}
		intentstest.Alike(t, func(text string) any { return g.ReadBooking(text, now, knownPlaces) }, text, short)
		intentstest.Alike(t, func(text string) any { return ReadActivity(text, now, g) }, text, short)
		intentstest.Alike(t, func(text string) any { return g.FindCommunes(text) }, text, short)
		intentstest.Alike(t, func(text string) any { return g.ReadCommune(text) }, text, short)
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
