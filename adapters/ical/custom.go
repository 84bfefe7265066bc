package ical

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// observance is a STANDARD or a DAYLIGHT of a VTIMEZONE (RFC 5545, 3.6.5).
type observance struct {
	start    time.Time     // the wall clock of its first onset
	from, to time.Duration // TZOFFSETFROM, TZOFFSETTO
	rule     *yearly       // nil: one onset
}

// ahead says whether o is one change that is still to come.
func (o *observance) ahead(year int) bool {
	return o != nil && o.rule == nil && o.from != o.to && o.start.Year() >= year
}

// yearly is "the last Sunday of March".
type yearly struct {
	month   time.Month
	weekday time.Weekday
	nth     int // 1 to 5, or -1 to -5 from the end
}

// plain reads a VTIMEZONE of one offset, or of two that alternate each year by a rule: base is the offset on 1 January of year,
// and the changes are those of that year and the next. It is false for any other.
func plain(c component, year int) (base time.Duration, changes []change, ok bool) {
	standard, okS := latest(c, "STANDARD", year)
	daylight, okD := latest(c, "DAYLIGHT", year)
	switch {
	case !okS || !okD || standard == nil && daylight == nil || standard.ahead(year) || daylight.ahead(year):
		return 0, nil, false
	case daylight == nil || standard != nil && daylight.rule == nil && daylight.start.Before(standard.start):
		return standard.to, nil, true
	case standard == nil || standard.rule == nil && daylight.rule == nil:
		return daylight.to, nil, true
	case standard.rule == nil || daylight.rule == nil:
		return 0, nil, false
	}
	for y := year; y < year+2; y++ {
		changes = append(changes, standard.in(y), daylight.in(y))
	}
	slices.SortFunc(changes, func(a, b change) int { return a.at.Compare(b.at) })
	return changes[0].from, changes, true
}

// in is the change of a year.
func (o *observance) in(year int) change {
	day := o.rule.day(year)
	wall := time.Date(year, day.Month(), day.Day(), o.start.Hour(), o.start.Minute(), o.start.Second(), 0, time.UTC)
	return change{at: wall.Add(-o.from), from: o.from, to: o.to}
}

// day is the day of a year. A fifth that a month does not have is in the next month: no zone has such a rule, so it matches none.
func (y *yearly) day(year int) time.Time {
	if y.nth < 0 {
		last := time.Date(year, y.month+1, 0, 0, 0, 0, 0, time.UTC)
		back := (int(last.Weekday()) - int(y.weekday) + 7) % 7
		return last.AddDate(0, 0, -back+7*(y.nth+1))
	}
	first := time.Date(year, y.month, 1, 0, 0, 0, 0, time.UTC)
	ahead := (int(y.weekday) - int(first.Weekday()) + 7) % 7
	return first.AddDate(0, 0, ahead+7*(y.nth-1))
}

// latest is the observance of a kind that began last and is not over in year; nil when there is none. It is false when one cannot
// be read or is not yearly.
func latest(c component, kind string, year int) (last *observance, ok bool) {
	for _, part := range c.parts {
		if part.name != kind || over(part, year) {
			continue
		}
		o, ok := observed(part)
		if !ok {
			return nil, false
		}
		if last == nil || cmp.Compare(o.start.Unix(), last.start.Unix()) > 0 {
			last = o
		}
	}
	return last, true
}

var untilYear = regexp.MustCompile(`UNTIL=(\d{4})`)

// over says whether the rule of an observance ended before year.
func over(part component, year int) bool {
	m := untilYear.FindStringSubmatch(strings.ToUpper(part.value("RRULE")))
	if m == nil {
		return false
	}
	until, _ := strconv.Atoi(m[1])
	return until < year
}

func observed(part component) (*observance, bool) {
	start, okS := parseStamp(part.value("DTSTART"))
	from, okF := parseOffset(part.value("TZOFFSETFROM"))
	to, okT := parseOffset(part.value("TZOFFSETTO"))
	if _, dates := part.first("RDATE"); dates || !okS || !okF || !okT {
		return nil, false
	}
	o := &observance{start: start.wall, from: from, to: to}
	rule := part.value("RRULE")
	if rule == "" {
		return o, true
	}
	var ok bool
	o.rule, ok = parseYearly(rule)
	return o, ok
}

var (
	offsetForm = regexp.MustCompile(`^([+-])(\d\d)(\d\d)(\d\d)?$`)
	nthForm    = regexp.MustCompile(`^([+-]?[1-5])(SU|MO|TU|WE|TH|FR|SA)$`)
)

// parseOffset reads "+0100".
func parseOffset(s string) (time.Duration, bool) {
	m := offsetForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	var seconds int
	for i, unit := range []int{3600, 60, 1} {
		n, _ := strconv.Atoi(m[i+2])
		seconds += n * unit
	}
	if m[1] == "-" {
		seconds = -seconds
	}
	return time.Duration(seconds) * time.Second, seconds > -86400 && seconds < 86400
}

// parseYearly reads "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU".
func parseYearly(rule string) (*yearly, bool) {
	y := &yearly{}
	for part := range strings.SplitSeq(strings.ToUpper(rule), ";") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "FREQ":
			if value != "YEARLY" {
				return nil, false
			}
		case "BYMONTH":
			n, _ := strconv.Atoi(value)
			y.month = time.Month(n)
		case "BYDAY":
			m := nthForm.FindStringSubmatch(value)
			if m == nil {
				return nil, false
			}
			y.nth, _ = strconv.Atoi(m[1])
			y.weekday = time.Weekday(slices.Index(weekdays[:], m[2]))
		case "INTERVAL":
			if value != "1" {
				return nil, false
			}
		case "WKST", "":
		default: // UNTIL, COUNT, BYMONTHDAY
			return nil, false
		}
	}
	return y, y.nth != 0 && y.month >= 1 && y.month <= 12
}

// weekdays are those of RFC 5545, in the order of time.Weekday.
var weekdays = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// etc is the IANA name of a zone without changes, whose sign is that of POSIX: 2 hours ahead of UTC are "Etc/GMT-2".
func etc(hours int) string {
	if hours == 0 {
		return "Etc/GMT"
	}
	return fmt.Sprintf("Etc/GMT%+d", -hours)
}
