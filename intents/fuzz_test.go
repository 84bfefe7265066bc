package intents

import (
	"strings"
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
	for i, w := range everyExample() {
		if i%64 == 0 {
			f.Add(w.text)
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
	for _, row := range append(rows(f, "dates-messages.tsv"), rows(f, "dates-libres.txt")...) {
		f.Add(row[0])
	}
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		all := MentionedDates(text, now)
		if asked, ok := Asked(text, now); ok {
			if !asked.HasDay && !asked.HasTime && asked.Part == "" {
				t.Fatalf("%q: nothing is asked, %+v", text, asked)
			}
			all = append(all, asked)
		}
		for _, w := range append(all, Dates(text, now)...) {
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

func FuzzActivity(f *testing.F) {
	seeds(f)
	for _, row := range rows(f, "activites.tsv") {
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
			inside(t, text, d.Start, d.End)
		}
		for _, c := range Counts(text) {
			inside(t, text, c.Start, c.End)
		}
	})
}

func BenchmarkActivity(b *testing.B) {
	g := manche(b)
	all := rows(b, "activites.tsv")
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

func BenchmarkAsked(b *testing.B) {
	all := rows(b, "dates-messages.tsv")
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for i := 0; b.Loop(); i++ {
		Asked(all[i%len(all)][0], now)
	}
}

func FuzzSearch(f *testing.F) {
	answers, questions := devSearch(f)
	for _, q := range questions[:40] {
		f.Add(q.question, 3)
	}
	for _, text := range []string{"", "?", "\xff\xfe", "ééééé", "^imprim", "=12", "jjjjjj", "l' d'", "1234567", "ouiiiiiiii"} {
		f.Add(text, 2)
	}
	x := NewIndex(answers)
	f.Fuzz(func(t *testing.T, question string, limit int) {
		found := x.Search(question, limit)
		if len(found) > max(0, limit) {
			t.Fatalf("%q: %d results, at most %d", question, len(found), limit)
		}
		for i, r := range found {
			if r.Score <= 0 || r.Score > 1.0001 || i > 0 && (r.Score > found[i-1].Score || r.Show && !found[0].Show) {
				t.Fatalf("%q: %+v", question, found)
			}
		}
	})
}
