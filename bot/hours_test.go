package bot

import (
	"testing"
	"time"
)

var office = Hours{Open: 9 * 60, Close: 19 * 60}

func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	out, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDecentHours(t *testing.T) {
	cases := []struct{ zone, place, now, after, before string }{
		{"Europe/Paris", "50/50147", "2026-12-03 18:00", "2026-12-03 18:00", "2026-12-03 18:00"},
		{"Europe/Paris", "50", "2026-12-03 19:00", "2026-12-04 09:00", "2026-12-03 18:00"},
		{"Europe/Paris", "50", "2026-12-03 08:59", "2026-12-03 09:00", "2026-12-02 18:00"},
		{"Europe/Paris", "50", "2026-12-06 18:00", "2026-12-07 09:00", "2026-12-05 18:00"}, // a Sunday
		{"Europe/Paris", "50", "2026-11-11 18:00", "2026-11-12 09:00", "2026-11-10 18:00"}, // Armistice
		{"Europe/Paris", "50", "2026-12-26 10:00", "2026-12-26 10:00", "2026-12-26 10:00"},
		{"Europe/Paris", "67", "2026-12-26 10:00", "2026-12-28 09:00", "2026-12-24 18:00"}, // Alsace; 25 is Christmas
		{"Europe/Paris", "68", "2027-03-26 10:00", "2027-03-27 09:00", "2027-03-25 18:00"}, // Good Friday in Alsace
		{"Europe/Paris", "50", "2027-03-27 20:00", "2027-03-30 09:00", "2027-03-27 18:00"}, // spring night, then Easter Monday
		{"Europe/Paris", "50", "2026-10-24 23:30", "2026-10-26 09:00", "2026-10-24 18:00"}, // autumn night
		{"Indian/Reunion", "974/97411", "2026-12-20 10:00", "2026-12-21 09:00", "2026-12-19 18:00"},
		{"Indian/Reunion", "974/97411", "2027-12-20 10:00", "2027-12-21 09:00", "2027-12-18 18:00"}, // abolition, a Monday
		{"America/Guadeloupe", "971", "2027-05-27 10:00", "2027-05-28 09:00", "2027-05-26 18:00"},
	}
	for _, c := range cases {
		now := at(t, c.zone, c.now)
		if got, want := office.after(now, c.place), at(t, c.zone, c.after); !got.Equal(want) {
			t.Errorf("%s %s: after = %s, want %s", c.place, c.now, got, want)
		}
		if got, want := office.before(now, c.place), at(t, c.zone, c.before); !got.Equal(want) {
			t.Errorf("%s %s: before = %s, want %s", c.place, c.now, got, want)
		}
	}
}

func TestHolidayIsNamed(t *testing.T) {
	for day, want := range map[string]string{"2026-11-11": "Armistice de 1918", "2027-03-29": "Lundi de Pâques", "2026-12-04": ""} {
		if got := Holiday(at(t, "Europe/Paris", day+" 12:00"), "50"); got != want {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
}

func FuzzHours(f *testing.F) {
	f.Add(int64(1796000000), "50")
	f.Fuzz(func(t *testing.T, unix int64, place string) {
		if unix < 0 || unix > 4_000_000_000 {
			return
		}
		loc, _ := time.LoadLocation("Europe/Paris")
		now := time.Unix(unix, 0).In(loc)
		after, before := office.after(now, place), office.before(now, place)
		if after.Before(now) || before.After(now) || !office.decent(after, place) || !office.decent(before, place) {
			t.Errorf("%s in %q: after %s, before %s", now, place, after, before)
		}
		if after.Sub(now) > 5*24*time.Hour || now.Sub(before) > 5*24*time.Hour {
			t.Errorf("%s in %q: too far: after %s, before %s", now, place, after, before)
		}
	})
}
