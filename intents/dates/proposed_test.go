package dates

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"passeur/intents/intentstest"
)

// askedRight reports whether w is one of the days, "-" for none, at the hour or in the part of the day, "-" for none.
func askedRight(w When, days, hour string) bool {
	day, at := "-", "-"
	if w.HasDay {
		day = w.Day.Format(time.DateOnly)
	}
	switch {
	case w.HasTime:
		at = fmt.Sprintf("%02d:%02d", w.Hour, w.Minute)
	case w.Part != "":
		at = w.Part
	}
	for want := range strings.SplitSeq(days, "|") {
		if want == day {
			return hour == at
		}
	}
	return false
}

// TestAsked reads messages as many people write them, with a date and without.
func TestAsked(t *testing.T) {
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	right, invented := 0, 0
	with := intentstest.Rows(t, "dates-messages.tsv")
	for _, row := range with {
		if got, ok := Proposed(row[0], now); ok && askedRight(got, row[1], row[2]) {
			right++
		} else {
			t.Errorf("%q: %s, want %s %s", row[0], got.String(), row[1], row[2])
		}
	}
	without := intentstest.Rows(t, "dates-libres.txt")
	for _, row := range without {
		if got, ok := Proposed(row[0], now); ok {
			invented++
			t.Errorf("%q: %s, want nothing", row[0], got.String())
		}
	}
	t.Logf("%d of %d right, %d of %d invented", right, len(with), invented, len(without))
}

// TestAskedByPro reads the days on which counsellors are away, and what they call off.
func TestAskedByPro(t *testing.T) {
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	for text, want := range map[string]string{
		"je suis absent lundi, formation à Caen":       "2026-11-30",
		"pas là vendredi, enfant malade":               "2026-11-27",
		"jeudi je suis malade":                         "2026-11-26",
		"annule mardi":                                 "2026-12-01",
		"annuler la permanence de vendredi":            "2026-11-27",
		"mes rdv du 3":                                 "2026-12-03",
		"M. Ahmadi ne peut pas lundi, mets-le jeudi 3": "2026-12-03",
		"je ne peux pas lundi":                         "-",
		"malade depuis lundi":                          "-",
		"je suis malade aujourd'hui":                   "2026-11-25",
		"je serai absente demain, gastro":              "2026-11-26",
		"Je pars en formation du 7 au 11 décembre":     "2026-12-07",
	} {
		got, ok := ProposedByPro(text, now)
		if !askedRight(When{Day: got.Day, HasDay: ok && got.HasDay}, want, "-") {
			t.Errorf("%q: %s, want %s", text, got.String(), want)
		}
	}
}

// TestProDates reads the day and the hour of counsellors' messages.
func TestProDates(t *testing.T) {
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	for _, row := range intentstest.Rows(t, "dates-pro.tsv") {
		if got, ok := ProposedByPro(row[0], now); !ok || !askedRight(got, row[1], row[2]) {
			t.Errorf("%q: %s, want %s %s", row[0], got.String(), row[1], row[2])
		}
	}
}
