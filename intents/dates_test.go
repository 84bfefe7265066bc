package intents

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// rows reads a table of testdata: columns by tabs, lines with # are comments.
func rows(t testing.TB, name string) [][]string {
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

func paris(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// matches reports whether w is one of the wanted days ("2025-11-25|2025-11-26") at the wanted hour or part ("14:00", "soir", "-").
func matches(w When, now time.Time, days, hour string) bool {
	day := w.Day
	if !w.HasDay {
		day = midnight(now, 0)
	}
	if !strings.Contains(days, day.Format(time.DateOnly)) {
		return false
	}
	got := w.Part
	if w.HasTime {
		got = time.Date(2000, 1, 1, w.Hour, w.Minute, 0, 0, time.UTC).Format("15:04")
	}
	return hour == "-" && got == "" || got == hour
}

func TestDatesSeed(t *testing.T) {
	now := time.Date(2025, 11, 19, 10, 0, 0, 0, paris(t))
	for _, row := range rows(t, "dates-seed.tsv") {
		got := Dates(row[0], now)
		if len(got) != 1 || !matches(got[0], now, row[1], row[2]) || errors.Is(got[0].Err, ErrNoSuchDate) {
			t.Errorf("%q: %+v, want %s %s", row[0], got, row[1], row[2])
		}
	}
}

func TestDatesInMessages(t *testing.T) {
	now := time.Date(2025, 11, 19, 10, 0, 0, 0, paris(t))
	for _, row := range rows(t, "dates-messages-seed.tsv") {
		got := Dates(row[0], now)
		if row[1] == "-" {
			if len(got) > 0 {
				t.Errorf("%q: %+v, want no date", row[0], got)
			}
			continue
		}
		if len(got) != 1 || !matches(got[0], now, row[1], row[2]) {
			t.Errorf("%q: %+v, want %s %s", row[0], got, row[1], row[2])
		}
	}
}
