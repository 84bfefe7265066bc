package phones

import (
	"testing"

	"passeur/intents/intentstest"
)

func FuzzPhones(f *testing.F) {
	intentstest.Odd(f)
	f.Fuzz(func(t *testing.T, text string) {
		phones, _ := Find(text)
		for _, p := range phones {
			intentstest.Inside(t, text, p.Start, p.End)
			again, err := Find(p.E164)
			if err != nil || len(again) != 1 || again[0].E164 != p.E164 {
				t.Fatalf("%q: %s reads as %v, %v", text, p.E164, again, err)
			}
		}
	})
}
