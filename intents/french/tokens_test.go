package french

import (
	"strings"
	"testing"
	"unicode/utf8"

	"passeur/intents/intentstest"
)

// TestOpening holds that a cut falls between two characters, behind as many as are looked at.
func TestOpening(t *testing.T) {
	for _, text := range intentstest.Long() {
		short := Opening(text)
		if n := utf8.RuneCountInString(short); n != LongestText || !strings.HasPrefix(text, short) || utf8.ValidString(text) != utf8.ValidString(short) {
			t.Errorf("%.20q: an opening of %d characters", text, n)
		}
	}
	for _, text := range []string{"", "oui", strings.Repeat("é", LongestText)} {
		if Opening(text) != text {
			t.Errorf("a text of %d bytes was cut", len(text))
		}
	}
}

// FuzzTokenize: tokens come in order, lie in the text and are folded already.
func FuzzTokenize(f *testing.F) {
	intentstest.Odd(f)
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, tok := range Tokenize(text) {
			intentstest.Inside(t, text, tok.Start, tok.End)
			if tok.Start < end || tok.End <= tok.Start || tok.Norm == "" {
				t.Fatalf("%q: %+v behind %d", text, tok, end)
			}
			end = tok.End
		}
	})
}
