package dates

import (
	"testing"
	"time"

	"passeur/intents/intentstest"
)

func FuzzDates(f *testing.F) {
	intentstest.Odd(f)
	for _, row := range intentstest.Rows(f, "dates-seed.tsv") {
		f.Add(row[0])
	}
	for _, row := range append(intentstest.Rows(f, "dates-messages.tsv"), intentstest.Rows(f, "dates-libres.txt")...) {
		f.Add(row[0])
	}
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		all := Mentioned(text, now)
		if asked, ok := Proposed(text, now); ok {
			if !asked.HasDay && !asked.HasTime && asked.Part == "" {
				t.Fatalf("%q: nothing is asked, %+v", text, asked)
			}
			all = append(all, asked)
		}
		for _, w := range append(all, Read(text, now)...) {
			intentstest.Inside(t, text, w.Start, w.End)
			if w.Hour < 0 || w.Hour > 23 || w.Minute < 0 || w.Minute > 59 || w.HasDay == w.Day.IsZero() {
				t.Fatalf("%q: %+v", text, w)
			}
			if w.HasDay && !w.Day.Equal(Midnight(w.Day, 0)) {
				t.Fatalf("%q: %v is not midnight", text, w.Day)
			}
		}
	})
}

func BenchmarkDates(b *testing.B) {
	all := intentstest.Rows(b, "dates-seed.tsv")
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for i := 0; b.Loop(); i++ {
		Read(all[i%len(all)][0], now)
	}
}

func BenchmarkAsked(b *testing.B) {
	all := intentstest.Rows(b, "dates-messages.tsv")
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for i := 0; b.Loop(); i++ {
		Proposed(all[i%len(all)][0], now)
	}
}
