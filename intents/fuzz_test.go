package intents

import (
	"testing"
	"time"
	"unicode/utf8"
)

// inside reports an offset pair that does not lie in the text on rune boundaries.
func inside(t *testing.T, text string, start, end int) {
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

func seeds(f *testing.F) {
	for _, row := range rows(f, "dates-seed.tsv") {
		f.Add(row[0])
	}
	for _, c := range bookingCases(f) {
		f.Add(c.text)
	}
	for _, text := range []string{"", "+", "0", "00", "+33", "O", "1️⃣", "\xff\xfe", "é\u0301", "le", "le 99", "31/02", "31 fevrier 2026", "rdv à", "M.", "Mme", "n'", "½h", "²h30", "29 février"} {
		f.Add(text)
	}
}

func FuzzRead(f *testing.F) {
	seeds(f)
	for i, row := range seed(f) {
		if i%16 == 0 {
			f.Add(row.text)
		}
	}
	reader := NewReader()
	f.Fuzz(func(t *testing.T, text string) {
		stop := exactStop(letters(tokenize(opening(text))))
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

func FuzzDates(f *testing.F) {
	seeds(f)
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		for _, w := range Dates(text, now) {
			inside(t, text, w.Start, w.End)
			if w.Hour < 0 || w.Hour > 23 || w.Minute < 0 || w.Minute > 59 || w.HasDay == w.Day.IsZero() {
				t.Fatalf("%q: %+v", text, w)
			}
			if w.HasDay && !w.Day.Equal(midnight(w.Day, 0)) {
				t.Fatalf("%q: %v is not midnight", text, w.Day)
			}
		}
	})
}

func FuzzPhones(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		phones, _ := Phones(text)
		for _, p := range phones {
			inside(t, text, p.Start, p.End)
			again, err := Phones(p.E164)
			if err != nil || len(again) != 1 || again[0].E164 != p.E164 {
				t.Fatalf("%q: %s reads as %v, %v", text, p.E164, again, err)
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
			inside(t, text, w.Start, w.End)
		}
		for _, h := range g.Strict(text) {
			inside(t, text, h.Start, h.End)
		}
		g.Lenient(text)
		if b.Number < 0 || b.Number > 999 {
			t.Fatalf("%q: %+v", text, b)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	reader := NewReader()
	all := seed(b)
	for i := 0; b.Loop(); i++ {
		row := all[i%len(all)]
		reader.Read(row.text, Context{Pro: row.role == "p", Open: row.ctx})
	}
}

func BenchmarkDates(b *testing.B) {
	all := rows(b, "dates-seed.tsv")
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for i := 0; b.Loop(); i++ {
		Dates(all[i%len(all)][0], now)
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
