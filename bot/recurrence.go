package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// Recurrence says on which days something is held, on the calendar of its place: days have no hour, so that a change of the clock moves
// nothing.
type Recurrence struct {
	Rule       string   `json:"rule,omitempty"`        // RRULE of RFC 5545: "FREQ=WEEKLY;BYDAY=TU"; "" on First alone
	First      string   `json:"first"`                 // the first day on which it may be held: DTSTART
	Last       string   `json:"last,omitempty"`        // the last one; "" no end
	Except     []string `json:"except,omitempty"`      // days on which it is not held: EXDATE
	OffSchool  bool     `json:"off_school,omitempty"`  // not during school holidays
	OnHolidays bool     `json:"on_holidays,omitempty"` // also on public holidays
}

// problem is the name of the text that says why a rule cannot be kept, which takes the rule as "regle"; "" when it can be.
func (r Recurrence) problem() string {
	if !isDay(r.First) || r.Last != "" && !isDay(r.Last) {
		return "repetition.date"
	}
	if r.Rule == "" {
		return ""
	}
	o, err := r.option(r.First)
	if err == nil {
		_, err = rrule.NewRRule(*o)
	}
	switch {
	case err != nil, o.Interval < 0:
		return "repetition.illisible"
	case o.Freq > rrule.DAILY:
		return "repetition.trop-souvent"
	}
	return ""
}

// option is the rule for the library, up to a day.
func (r Recurrence) option(until string) (*rrule.ROption, error) {
	o, err := rrule.StrToROption(r.Rule)
	if err != nil {
		return nil, err
	}
	if o.Dtstart, err = time.Parse(dayLayout, r.First); err != nil {
		return nil, err
	}
	o.Byhour, o.Byminute, o.Bysecond = nil, nil, nil
	for _, end := range []string{until, r.Last} {
		if last, err := time.Parse(dayLayout, end); err == nil && (o.Until.IsZero() || last.Before(o.Until)) {
			o.Until = last
		}
	}
	return o, nil
}

// days are the days from..to (both included) on which it is held, in order, at most that many; open tells whether a day is not closed
// for another reason. What cannot be read is held on no day: check said so when it was written.
func (r Recurrence) days(from, to string, most int, open func(day time.Time) bool) (out []string) {
	if r.Last != "" && r.Last < to {
		to = r.Last
	}
	r.each(from, to, func(day time.Time) bool {
		if s := day.Format(dayLayout); s >= from && !slices.Contains(r.Except, s) && open(day) {
			out = append(out, s)
		}
		return len(out) < most
	})
	return out
}

// each walks the days of the rule up to a day, exceptions among them, until next says no.
func (r Recurrence) each(from, to string, next func(day time.Time) bool) {
	if r.Rule == "" {
		if day, err := time.Parse(dayLayout, r.First); err == nil && r.First <= to {
			next(day)
		}
		return
	}
	o, err := r.option(to)
	if err != nil || o.Freq > rrule.DAILY {
		return
	}
	r.skipAhead(o, from)
	rule, err := rrule.NewRRule(*o)
	if err != nil {
		return
	}
	for iterate := rule.Iterator(); ; {
		day, ok := iterate()
		if !ok || !next(day) {
			return
		}
	}
}

// skipAhead moves the beginning of a plain weekly or daily rule near a day: what went by in years need not be walked again.
func (r Recurrence) skipAhead(o *rrule.ROption, from string) {
	day, err := time.Parse(dayLayout, from)
	if err != nil || o.Count > 0 || o.Freq != rrule.WEEKLY && o.Freq != rrule.DAILY || len(o.Bysetpos) > 0 || o.Wkst.Day() != 0 || !hasDays(o) {
		return
	}
	unit := max(o.Interval, 1)
	if o.Freq == rrule.WEEKLY {
		unit *= 7
	}
	if gone := int(day.Sub(o.Dtstart).Hours()/24) / unit; gone > 1 {
		o.Dtstart = o.Dtstart.AddDate(0, 0, (gone-1)*unit)
	}
}

// hasDays tells that a rule names its weekdays, or needs none: without them they are those of its beginning.
func hasDays(o *rrule.ROption) bool { return o.Freq == rrule.DAILY || len(o.Byweekday) > 0 }

// closedDay tells why a day of a recurrence is not held at a place: "" when it is.
func (r Recurrence) closedDay(day time.Time, territory string, breaks []SchoolBreak) string {
	s := day.Format(dayLayout)
	if !r.OnHolidays {
		if name := Holiday(day, territory); name != "" {
			return name
		}
	}
	if !r.OffSchool {
		return ""
	}
	if s >= schoolKnown(breaks) {
		return "vacances inconnues"
	}
	for _, b := range breaks {
		if b.holds(s) {
			return strings.ToLower(b.Name)
		}
	}
	return ""
}

// instantOf is an hour of a day's wall clock.
func instantOf(day string, c Clock, zone *time.Location) time.Time {
	d, err := time.ParseInLocation(dayLayout, day, zone)
	if err != nil {
		return time.Time{}
	}
	return c.on(d)
}
