package venues

import (
	"slices"
	"time"
)

// Hours are opening hours in the language of OpenStreetMap (wiki.openstreetmap.org/wiki/Key:opening_hours/specification), as far as
// ParseHours reads it. The zero Hours are never open.
type Hours struct {
	rules []hoursRule
}

// Span is a time at which a place is open on one day: minutes after midnight on that day's wall clock, 0 <= From < To <= 1440. Note is the
// comment of the rule that opens it, "sur rendez-vous" for instance: a condition, so that whoever shows the span shows it too.
type Span struct {
	From, To int
	Note     string
}

// dayEnd is midnight at the end of a day, in minutes.
const dayEnd = 24 * 60

// hoursRule is one rule: when it applies, and what holds then.
type hoursRule struct {
	dates      []dateRange // months or days of the year; none: the whole year
	weeks      []weekRange // ISO 8601 weeks; none: all
	days       []dayRange  // days of the week; none, and no holiday either: all
	holiday    bool        // PH: on public holidays, whatever day of the week it is
	times      []Span      // none: the whole day
	off        bool
	note       string
	additional bool // begun with "," rather than ";": adds to the rules before it
}

// dateRange goes from a day of the year to another, both counted as 100·month + day; over the new year if from is greater.
type dateRange struct{ from, to int }

// weekRange is every step-th week from one to another.
type weekRange struct{ from, to, step int }

// dayRange goes from a day of the week to another, over Sunday if from is greater; with nth, only those of the month: 1 the first, -1 the
// last.
type dayRange struct {
	from, to time.Weekday
	nth      []int
}

// dated reports whether a rule is for some days only.
func (r *hoursRule) dated() bool {
	return len(r.dates)+len(r.weeks)+len(r.days) > 0 || r.holiday
}

// Open returns when the place is open on the calendar day of t, in the zone that t bears, in the order of time. holiday says whether that day is a
// public holiday. As the specification has it, a rule that opens replaces all that rules before it say of a day, one that closes only takes
// away its hours, and an additional one adds: after "PH off; Tu 09:00-12:00" a Tuesday is open even if it is a holiday.
func (h Hours) Open(t time.Time, holiday bool) []Span {
	var holding []*hoursRule
	for i := range h.rules {
		r := &h.rules[i]
		if !r.on(t, holiday) {
			continue
		}
		if !r.additional && !r.off {
			holding = holding[:0]
		}
		holding = append(holding, r)
	}
	return paint(holding)
}

// paint lays rules over a day, the last one on top, and reads off what is open.
func paint(rules []*hoursRule) []Span {
	var by [dayEnd]*hoursRule // who opens each minute
	for _, r := range rules {
		owner := r
		if r.off {
			owner = nil
		}
		for _, s := range r.spans() {
			for m := s.From; m < s.To; m++ {
				by[m] = owner
			}
		}
	}
	var open []Span
	for m, r := range by {
		if r == nil {
			continue
		}
		if last := len(open) - 1; last >= 0 && open[last].To == m && open[last].Note == r.note {
			open[last].To = m + 1
			continue
		}
		open = append(open, Span{m, m + 1, r.note})
	}
	return open
}

// spans are the hours of a rule: the whole day if it names none.
func (r *hoursRule) spans() []Span {
	if len(r.times) == 0 {
		return []Span{{From: 0, To: dayEnd}}
	}
	return r.times
}

// on reports whether a rule applies to a day.
func (r *hoursRule) on(t time.Time, holiday bool) bool {
	return matches(r.dates, t, dateRange.on) && matches(r.weeks, t, weekRange.on) && r.onWeekday(t, holiday)
}

// matches reports whether a day is in one of the ranges, or there are none.
func matches[R any](ranges []R, t time.Time, on func(R, time.Time) bool) bool {
	return len(ranges) == 0 || slices.ContainsFunc(ranges, func(r R) bool { return on(r, t) })
}

func (r *hoursRule) onWeekday(t time.Time, holiday bool) bool {
	if !r.holiday {
		return matches(r.days, t, dayRange.on)
	}
	return holiday || len(r.days) > 0 && matches(r.days, t, dayRange.on)
}

func (d dateRange) on(t time.Time) bool {
	return cyclic(d.from, d.to, 100*int(t.Month())+t.Day())
}

func (w weekRange) on(t time.Time) bool {
	_, week := t.ISOWeek()
	return w.from <= week && week <= w.to && (week-w.from)%w.step == 0
}

func (d dayRange) on(t time.Time) bool {
	if !cyclic(int(d.from), int(d.to), int(t.Weekday())) {
		return false
	}
	last := time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	first, fromEnd := (t.Day()-1)/7+1, -((last-t.Day())/7 + 1)
	return len(d.nth) == 0 || slices.Contains(d.nth, first) || slices.Contains(d.nth, fromEnd)
}

// cyclic reports whether x lies between from and to on a circle.
func cyclic(from, to, x int) bool {
	if from <= to {
		return from <= x && x <= to
	}
	return x >= from || x <= to
}
