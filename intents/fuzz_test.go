package intents

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"passeur/intents/french"
	"passeur/intents/intentstest"
)

func seeds(f *testing.F) {
	for _, c := range bookingCases(f) {
		f.Add(c.text)
	}
	intentstest.Odd(f)
}

func FuzzRead(f *testing.F) {
	seeds(f)
	for i, w := range everyExample() {
		if i%64 == 0 {
			f.Add(w.text)
		}
	}
	reader := NewReader()
	f.Fuzz(func(t *testing.T, text string) {
		stop := exactStop(letters(french.Tokenize(french.Opening(text))))
		for _, c := range contexts {
			got := reader.Read(text, c)
			if got.Intent == "" || got.Confidence <= 0 || got.Confidence > 1 || got.Why == "" {
				t.Fatalf("%q in %+v: %+v", text, c, got)
			}
			if stop != (got.Intent == Stop) {
				t.Fatalf("%q in %+v: %+v, exact STOP %v", text, c, got, stop)
			}
			if got.Choice < -1 || got.Choice > c.Choices || (got.Choice != 0) != (got.Intent == Choix) {
				t.Fatalf("%q in %+v: %+v", text, c, got)
			}
		}
	})
}

func FuzzBooking(f *testing.F) {
	seeds(f)
	g := manche(f)
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		b := g.ReadBooking(text, now, knownPlaces)
		for _, w := range b.Whens {
			intentstest.Inside(t, text, w.Start, w.End)
		}
		for _, h := range g.FindCommunes(text) {
			intentstest.Inside(t, text, h.Start, h.End)
		}
		g.ReadCommune(text)
		if b.Number < 0 || b.Number > 999 {
			t.Fatalf("%q: %+v", text, b)
		}
	})
}

func FuzzActivity(f *testing.F) {
	seeds(f)
	for _, row := range intentstest.Rows(f, "activites.tsv") {
		f.Add(row[0])
	}
	g := manche(f)
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		for _, g := range []*Gazetteer{g, nil} {
			a := ReadActivity(text, now, g)
			if a.Participants < 0 || a.Participants > mostPeople || a.Minutes < 0 || a.Minutes > longestActivity || a.Date.After(now) || a.Type == "" {
				t.Fatalf("%q: %+v", text, a)
			}
			if utf8.ValidString(text) && !strings.Contains(text, a.Place) && a.Place != "domicile" {
				t.Fatalf("%q: place %q", text, a.Place)
			}
		}
		for _, d := range Durations(text) {
			intentstest.Inside(t, text, d.Start, d.End)
		}
		for _, c := range countsOf(text) {
			intentstest.Inside(t, text, c.Start, c.End)
		}
	})
}

func BenchmarkActivity(b *testing.B) {
	g := manche(b)
	all := intentstest.Rows(b, "activites.tsv")
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for i := 0; b.Loop(); i++ {
		ReadActivity(all[i%len(all)][0], now, g)
	}
}

func BenchmarkUnderstand(b *testing.B) {
	lines := examplesOf(false)
	reader, g, now := NewReader(), manche(b), time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	models()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		l := lines[i*7%len(lines)]
		Understand(reader, g, l.text, Context{Open: l.open}, now)
	}
}

func BenchmarkRead(b *testing.B) {
	reader := NewReader()
	all := everyExample()
	for i := 0; b.Loop(); i++ {
		w := all[i%len(all)]
		reader.Read(w.text, w.ctx)
	}
}

func BenchmarkBooking(b *testing.B) {
	g := manche(b)
	all := bookingCases(b)
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for i := 0; b.Loop(); i++ {
		g.ReadBooking(all[i%len(all)].text, now, knownPlaces)
	}
}
