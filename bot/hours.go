package bot

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/fr"

	"passeur/intents"
	"passeur/intents/dates"
)

// String writes a clock as people read it: "18h", "10h30".
func (c Clock) String() string { return dates.FrenchHour(int(c)/60, int(c)%60) }

// on puts the clock on the day of t, in t's zone.
func (c Clock) on(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), int(c)/60, int(c)%60, 0, 0, t.Location())
}

// clockOf reads the time of day off t.
func clockOf(t time.Time) Clock { return Clock(t.Hour()*60 + t.Minute()) }

// territory is the département of a place: "50" of "50/50147".
func territory(place string) string {
	t, _, _ := strings.Cut(place, "/")
	return t
}

// zones keeps the time zones that were asked for; they are read once at start.
func zones(territories []string) (map[string]*time.Location, error) {
	out := map[string]*time.Location{}
	for _, t := range territories {
		loc, err := time.LoadLocation(intents.Zone(t))
		if err != nil {
			return nil, fmt.Errorf("time zone of %q: %w", t, err)
		}
		out[t] = loc
	}
	return out, nil
}

// decent says whether an unasked message may leave at t, given in the recipient's zone: within the hours, Monday to
// Saturday, no public holiday of the place.
func (h Hours) decent(t time.Time, place string) bool {
	c := clockOf(t)
	return c >= h.Open && c < h.Close && workday(t, territory(place))
}

// after is the first decent moment from t on.
func (h Hours) after(t time.Time, place string) time.Time {
	if h.decent(t, place) {
		return t
	}
	day := t
	if clockOf(t) >= h.Close {
		day = nextDay(t)
	}
	for !workday(day, territory(place)) {
		day = nextDay(day)
	}
	return h.Open.on(day)
}

// before is t itself when it is decent, else the beginning of the last decent hour before it (Saturday 18h for a Sunday).
func (h Hours) before(t time.Time, place string) time.Time {
	if h.decent(t, place) {
		return t
	}
	day := t
	if clockOf(t) < h.Open {
		day = prevDay(t)
	}
	for !workday(day, territory(place)) {
		day = prevDay(day)
	}
	return (h.Close - 60).on(day)
}

// Days are counted on the calendar, from noon: a day may have 23 or 25 hours.
func nextDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+1, 12, 0, 0, 0, t.Location())
}

func prevDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()-1, 12, 0, 0, 0, t.Location())
}

func workday(t time.Time, territory string) bool {
	return t.Weekday() != time.Sunday && Holiday(t, territory) == ""
}

// Holiday names the public holiday that t's day is in a département, in French; "" for none. France's own come from
// rickar/cal; Alsace-Moselle's two more days from the Code du travail, article L3134-13, and the overseas days of the
// abolition of slavery from the law of 30 June 1983 and its decrees.
func Holiday(t time.Time, territory string) string {
	day := dayOf(t)
	if name := holidays(t.Year())[day]; name != "" {
		return name
	}
	if slices.Contains(alsaceMoselle, territory) {
		goodFriday := cal.CalcEasterOffset(&cal.Holiday{Offset: -2}, t.Year())
		if dayOf(goodFriday) == day {
			return "Vendredi saint"
		}
		if day == (monthDay{time.December, 26}) {
			return "Saint-Étienne"
		}
	}
	if abolition[territory] == day {
		return "Abolition de l'esclavage"
	}
	return ""
}

type monthDay struct {
	month time.Month
	day   int
}

func dayOf(t time.Time) monthDay { return monthDay{t.Month(), t.Day()} }

var byYear sync.Map // int → map[monthDay]string: the gate asks for every message, and Easter is slow to find

func holidays(year int) map[monthDay]string {
	if days, ok := byYear.Load(year); ok {
		return days.(map[monthDay]string)
	}
	days := map[monthDay]string{}
	for _, h := range fr.Holidays {
		actual, _ := h.Calc(year)
		days[dayOf(actual)] = h.Name
	}
	byYear.Store(year, days)
	return days
}

var alsaceMoselle = []string{"57", "67", "68"}

var abolition = map[string]monthDay{
	"971": {time.May, 27}, "972": {time.May, 22}, "973": {time.June, 10}, "974": {time.December, 20},
	"976": {time.April, 27}, "977": {time.October, 9}, "978": {time.May, 28},
}
