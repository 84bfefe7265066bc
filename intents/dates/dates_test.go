package dates

import (
	"errors"
	"strings"
	"testing"
	"time"

	"passeur/intents/french"
	"passeur/intents/intentstest"
)

// matches reports whether w is one of the wanted days ("2025-11-25|2025-11-26") at the wanted hour or part ("14:00", "soir", "-").
func matches(w When, now time.Time, days, hour string) bool {
	day := w.Day
	if !w.HasDay {
		day = Midnight(now, 0)
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
	now := time.Date(2025, 11, 19, 10, 0, 0, 0, intentstest.Paris(t))
	for _, row := range intentstest.Rows(t, "dates-seed.tsv") {
		got := Read(row[0], now)
		if len(got) != 1 || !matches(got[0], now, row[1], row[2]) || errors.Is(got[0].Err, ErrNoSuchDate) {
			t.Errorf("%q: %+v, want %s %s", row[0], got, row[1], row[2])
		}
	}
}

func TestDatesInMessages(t *testing.T) {
	now := time.Date(2025, 11, 19, 10, 0, 0, 0, intentstest.Paris(t))
	for _, row := range intentstest.Rows(t, "dates-messages-seed.tsv") {
		got := Read(row[0], now)
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

func TestDates(t *testing.T) {
	wednesday := time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	tuesday := time.Date(2026, 11, 24, 10, 0, 0, 0, intentstest.Paris(t))
	for _, c := range []struct {
		text string
		now  time.Time
		want string // as When.String writes it, by " | "
	}{
		{"vendredi 4 décembre 10h", wednesday, "2026-12-04 10:00"},
		{"vendredi 5 décembre 10h", wednesday, "2026-12-05 10:00 !weekday"},
		{"jeudi 4", wednesday, "2026-12-04 !weekday"},
		{"le 31 novembre", wednesday, "none !no such"},
		{"29 février", wednesday, "none !no such"},
		{"29 février 2028", wednesday, "2028-02-29"},
		{"31/11/2026", wednesday, "none !no such"},
		{"20 novembre", wednesday, "2027-11-20 !passed"},
		{"20/11/2026", wednesday, "2026-11-20 !passed"},
		{"le 12 mars", wednesday, "2027-03-12"},
		{"hier", wednesday, "2026-11-24 !passed"},
		{"aujourd'hui 9h", wednesday, "2026-11-25 09:00 !passed"},
		{"aujourd'hui 11h", wednesday, "2026-11-25 11:00"},
		{"mardi en huit", tuesday, "2026-12-01"},
		{"mardi en huit", wednesday, "2026-12-08"},
		{"mercredi", wednesday, "2026-12-02"},
		{"ce mercredi 15h", wednesday, "2026-11-25 15:00"},
		{"mercredi prochain", tuesday, "2026-11-25"},
		{"lundi 10h ou mardi 14h", wednesday, "2026-11-30 10:00 | 2026-12-01 14:00"},
		{"10h vendredi", wednesday, "2026-11-27 10:00"},
		{"à 10h le 12", wednesday, "2026-12-12 10:00"},
		{"2h de l'après-midi", wednesday, "none 14:00"},
		{"dix-sept heures trente", wednesday, "none 17:30"},
		{"le vingt-deux décembre", wednesday, "2026-12-22"},
		{"2026-12-04", wednesday, "2026-12-04"},
		{"le 4/12 de 9h à 12h", wednesday, "2026-12-04 09:00"},
		{"lundi 7 décembre 9 h 15", wednesday, "2026-12-07 09:15"},
		{"midi moins le quart", wednesday, "none 11:45"},
		{"jeudi 3h", wednesday, "2026-11-26 15:00"},
		{"3h du matin", wednesday, "none 03:00"},
		{"le deuxième jeudi de décembre", wednesday, "2026-12-10"},
		{"le premier lundi après Noël", wednesday, "2026-12-28"},
		{"mardi ou jeudi pas possible", wednesday, ""},
		{"mardi je peux pas jeudi oui", wednesday, "2026-11-26"},
		{"jeudi oui pas mardi", wednesday, "2026-11-26"},
		{"pas jeudi, plutôt le lendemain", wednesday, "2026-11-27"},
		{"bon mardi", wednesday, ""},
		{"rue du 8 mai 1945", wednesday, ""},
		{"vendredi quatre", wednesday, "2026-12-04"},
		{"28.11 à 9.30h", wednesday, "2026-11-28 09:30"},
		{"le 1ier décembre", wednesday, "2026-12-01"},
		{"dans la huitaine", wednesday, "2026-12-02"},
		{"24h/24 7j/7", wednesday, ""},
		{"né le 3 mars 1950", wednesday, ""},
		{"au 12 rue de la mairie", wednesday, ""},
		{"06 39 98 12 34", wednesday, ""},
		{"j'ai 65 ans", wednesday, ""},
		{"pendant 2h", wednesday, ""},
		{"en retard de 2h", wednesday, ""},
		{"appelez le 15", wednesday, ""},
		{"bonne après-midi", wednesday, ""},
		{"j'aime avril et mai", wednesday, ""},
		{"je peux pas mardi", wednesday, ""},
		{"mardi je peux pas", wednesday, ""},
		{"pas mardi, jeudi", wednesday, "2026-11-26"},
	} {
		var list []string
		for _, w := range Read(c.text, c.now) {
			list = append(list, w.String())
		}
		if got := strings.Join(list, " | "); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

// TestDatesKeepWallClock holds that a day is midnight in the place's own zone, also where clocks change at midnight or in winter.
func TestDatesKeepWallClock(t *testing.T) {
	for _, zone := range []string{"Europe/Paris", "America/Guadeloupe", "Indian/Reunion", "America/Miquelon"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 10, 24, 18, 0, 0, 0, loc)
		got := Read("lundi 10h", now)
		if len(got) != 1 || !got[0].At().Equal(time.Date(2026, 10, 26, 10, 0, 0, 0, loc)) || got[0].Day.Location() != loc {
			t.Errorf("%s: %+v", zone, got)
		}
	}
}

func TestDateErrorsSpeakFrench(t *testing.T) {
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"lundi 1er décembre": "Vous dites lundi, mais le 1er décembre 2026 est un mardi. Quel jour est le bon ?",
		"31 novembre":        "Le 31 novembre n'existe pas. Donnez une autre date, par exemple « vendredi 4 décembre 10h ».",
		"20 novembre":        "Le vendredi 20 novembre 2026 est passé. Redites la date, avec l'année si elle est plus lointaine.",
	} {
		got := Read(text, now)
		if len(got) != 1 || got[0].Err == nil || got[0].Err.Error() != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// TestReadLongTexts: what stands behind the opening is not read.
func TestReadLongTexts(t *testing.T) {
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	for _, text := range intentstest.Long() {
		intentstest.Alike(t, func(text string) any { return Read(text, now) }, text, french.Opening(text))
	}
}
