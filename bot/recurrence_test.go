package bot

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The other reading of a recurrence: day by day, by arithmetic on the calendar, with a table and an Easter of its own. It knows
// nothing of RFC 5545.

type dayTest func(day time.Time) bool

// drawn is a rule drawn at random, in both languages.
type drawn struct {
	rule string
	on   dayTest
}

var codes = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func drawRule(r *rand.Rand, first time.Time) drawn {
	days := drawDays(r)
	names := make([]string, len(days))
	for i, d := range days {
		names[i] = codes[d]
	}
	byday := strings.Join(names, ",")
	every := 1 + r.IntN(4)
	switch r.IntN(7) {
	case 0:
		return drawn{fmt.Sprintf("FREQ=WEEKLY;INTERVAL=%d;BYDAY=%s", every, byday), func(d time.Time) bool {
			return slices.Contains(days, d.Weekday()) && weeksApart(first, d)%every == 0
		}}
	case 1:
		return drawn{fmt.Sprintf("FREQ=DAILY;INTERVAL=%d", every), func(d time.Time) bool { return daysApart(first, d)%every == 0 }}
	case 2:
		nth := []int{1, 2, 3, 4, -1}[r.IntN(5)]
		return drawn{fmt.Sprintf("FREQ=MONTHLY;BYDAY=%d%s", nth, names[0]), func(d time.Time) bool { return isNth(d, nth, days[0]) }}
	case 3:
		day := 1 + r.IntN(28)
		return drawn{fmt.Sprintf("FREQ=MONTHLY;BYMONTHDAY=%d", day), func(d time.Time) bool { return d.Day() == day }}
	case 4:
		return drawn{"FREQ=MONTHLY;BYMONTHDAY=-1", func(d time.Time) bool { return d.AddDate(0, 0, 1).Day() == 1 }}
	case 5:
		parity := r.IntN(2)
		var weeks []string
		for w := 1; w <= 53; w++ {
			if w%2 == parity {
				weeks = append(weeks, strconv.Itoa(w))
			}
		}
		return drawn{"FREQ=YEARLY;BYWEEKNO=" + strings.Join(weeks, ",") + ";BYDAY=" + byday, func(d time.Time) bool {
			return slices.Contains(days, d.Weekday()) && isoWeek(d)%2 == parity
		}}
	}
	closed := time.Month(1 + r.IntN(12))
	var open []string
	for m := 1; m <= 12; m++ {
		if time.Month(m) != closed {
			open = append(open, strconv.Itoa(m))
		}
	}
	return drawn{"FREQ=WEEKLY;BYDAY=" + byday + ";BYMONTH=" + strings.Join(open, ","), func(d time.Time) bool {
		return slices.Contains(days, d.Weekday()) && d.Month() != closed
	}}
}

func drawDays(r *rand.Rand) []time.Weekday {
	var out []time.Weekday
	for d := time.Sunday; d <= time.Saturday; d++ {
		if r.IntN(4) == 0 {
			out = append(out, d)
		}
	}
	if len(out) == 0 {
		out = append(out, time.Weekday(r.IntN(7)))
	}
	return out
}

func daysApart(a, b time.Time) int { return int(b.Sub(a).Hours() / 24) }

// weeksApart counts weeks that begin on Monday.
func weeksApart(a, b time.Time) int {
	monday := func(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }
	return daysApart(monday(a), monday(b)) / 7
}

func isNth(d time.Time, nth int, weekday time.Weekday) bool {
	if d.Weekday() != weekday {
		return false
	}
	if nth < 0 {
		return d.AddDate(0, 0, 7).Month() != d.Month()
	}
	return (d.Day()-1)/7+1 == nth
}

// isoWeek counts from the week that holds the 4th of January.
func isoWeek(d time.Time) int {
	thursday := d.AddDate(0, 0, 3-(int(d.Weekday())+6)%7)
	return (thursday.YearDay()-1)/7 + 1
}

// easter is Gauss's rule in the form of Meeus, Jones and Butcher.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	n := h + l - 7*m
	month := (n + 90) / 25
	return time.Date(year, time.Month(month), (n+33*month+19)%32, 0, 0, 0, 0, time.UTC)
}

func feastOf(d time.Time) bool {
	switch d.Format("01-02") {
	case "01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25":
		return true
	}
	since := daysApart(easter(d.Year()), d)
	return since == 1 || since == 39 || since == 50
}

// schoolOf reads the table of zone B by itself: every line of it, with the years that the table knows.
func schoolOf(t *testing.T) (off dayTest, known time.Time) {
	raw, err := os.ReadFile("data/vacances-scolaires.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var spans [][2]time.Time
	for line := range strings.Lines(string(raw)) {
		f := strings.Split(line, "\t")
		if line[0] == '#' || !strings.Contains(f[0], "B") {
			continue
		}
		from, _ := time.Parse(time.DateOnly, f[2])
		back, _ := time.Parse(time.DateOnly, f[3])
		spans = append(spans, [2]time.Time{from, back})
		if back.After(known) {
			known = back
		}
	}
	return func(d time.Time) bool {
		return slices.ContainsFunc(spans, func(s [2]time.Time) bool { return !d.Before(s[0]) && d.Before(s[1]) })
	}, known
}

// parisOffset is the European rule: summer time between the last Sundays of March and October, 01:00 UTC.
func parisOffset(wall time.Time) time.Duration {
	lastSunday := func(m time.Month) time.Time {
		d := time.Date(wall.Year(), m, 31, 0, 0, 0, 0, time.UTC)
		return d.AddDate(0, 0, -int(d.Weekday()))
	}
	day := time.Date(wall.Year(), wall.Month(), wall.Day(), 0, 0, 0, 0, time.UTC)
	if !day.Before(lastSunday(time.March)) && day.Before(lastSunday(time.October)) { // permanences begin after 3 in the morning
		return 2 * time.Hour
	}
	return time.Hour
}

// TestRecurrence compares 500 rules drawn at random, over two years with four changes of the clock.
func TestRecurrence(t *testing.T) {
	off, known := schoolOf(t)
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	table, err := ReadSchoolBreaks(schoolTable)
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 5))
		first := time.Date(2025, time.September, 1+r.IntN(400), 0, 0, 0, 0, time.UTC)
		d := drawRule(r, first)
		rec := Recurrence{Rule: d.rule, First: first.Format(dayLayout), OffSchool: r.IntN(2) == 0, OnHolidays: r.IntN(3) == 0}
		if r.IntN(3) == 0 {
			rec.Last = first.AddDate(0, 0, r.IntN(500)).Format(dayLayout)
		}
		for range r.IntN(6) {
			rec.Except = append(rec.Except, first.AddDate(0, 0, r.IntN(300)).Format(dayLayout))
		}
		if err := rec.problem(); err != "" {
			t.Fatalf("seed %d: %v", seed, err)
		}
		from := first.AddDate(0, 0, r.IntN(200)-50)
		to := from.AddDate(0, 0, 1+r.IntN(500))
		var want []string
		for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
			s := day.Format(dayLayout)
			switch {
			case day.Before(first), rec.Last != "" && s > rec.Last, !d.on(day), slices.Contains(rec.Except, s):
			case !rec.OnHolidays && feastOf(day), rec.OffSchool && (off(day) || !day.Before(known)):
			default:
				want = append(want, s)
			}
		}
		got := rec.days(from.Format(dayLayout), to.Format(dayLayout), 1000, func(day time.Time) bool { return rec.closedDay(day, "50", table["B"]) == "" })
		if !slices.Equal(got, want) {
			wrong++
			t.Errorf("seed %d: %+v from %s to %s\n got %v\nwant %v", seed, rec, from.Format(dayLayout), to.Format(dayLayout), got, want)
		}
		minutes := 6*60 + r.IntN(15*60)
		for _, s := range got {
			day, _ := time.Parse(dayLayout, s)
			utc := day.Add(time.Duration(minutes) * time.Minute).Add(-parisOffset(day))
			if at := instantOf(s, Clock(minutes), paris); !at.Equal(utc) {
				wrong++
				t.Errorf("seed %d: %s at %s is %s, want %s", seed, s, Clock(minutes), at.UTC(), utc)
			}
		}
	}
	fmt.Printf("bar recurrence_wrong %d\n", wrong)
}

// TestRecurrenceOfStrangers: rules of other calendars neither hang nor crash.
func TestRecurrenceOfStrangers(t *testing.T) {
	open := func(time.Time) bool { return true }
	for rule, want := range map[string]int{
		"FREQ=DAILY":                             31,
		"FREQ=DAILY;COUNT=5":                     0, // long over
		"FREQ=WEEKLY;BYDAY=TU":                   5,
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30":    0, // never
		"FREQ=MONTHLY;BYMONTHDAY=31":             1,
		"FREQ=WEEKLY;INTERVAL=100000;BYDAY=TU":   0,
		"FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,30":  31,
		"FREQ=WEEKLY;UNTIL=20200101T000000Z":     0,
		"FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1":   1,
		"FREQ=SECONDLY":                          -1,
		"FREQ=FORTNIGHTLY":                       -1,
		"BYDAY=TU":                               -1,
		"FREQ=WEEKLY;BYDAY=XX":                   -1,
		"FREQ=WEEKLY;INTERVAL=-1":                -1,
		"FREQ=YEARLY;BYWEEKNO=54;BYDAY=TU":       -1,
		strings.Repeat("FREQ=WEEKLY;", 2000):     -1,
		"FREQ=DAILY;BYMONTH=13":                  -1,
		"FREQ=MONTHLY;BYMONTHDAY=32;INTERVAL=2 ": -1,
	} {
		r := Recurrence{Rule: rule, First: "1970-01-06"}
		if bad := r.problem() != ""; bad != (want < 0) {
			t.Errorf("%.60s: %v", rule, r.problem())
		}
		if got := len(r.days("2026-12-01", "2026-12-31", 1000, open)); got != max(want, 0) {
			t.Errorf("%.60s: %d days, want %d", rule, got, want)
		}
	}
}
