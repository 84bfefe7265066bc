package ical

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// stamp is a DATE or a DATE-TIME as it is written, not yet in a zone.
type stamp struct {
	wall time.Time // its wall clock, as if it were UTC
	date bool      // a whole day
	utc  bool      // written with a Z
}

// The years that an entry may lie in. Outside of them a date is a mistake of who wrote it, and time.Time has no JSON beyond 9999.
const (
	firstYear = 1900
	lastYear  = 2200
)

// parseStamp reads "20261201", "20261201T100000" or "20261201T100000Z" (RFC 5545, 3.3.4 and 3.3.5); seconds may be missing.
func parseStamp(s string) (stamp, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	var got stamp
	s, got.utc = strings.CutSuffix(s, "Z")
	layout := map[int]string{8: "20060102", 13: "20060102T1504", 15: "20060102T150405"}[len(s)]
	if layout == "" {
		return stamp{}, false
	}
	got.date = len(s) == 8
	if len(s) == 15 && strings.HasSuffix(s, "60") {
		s = s[:13] + "59" // a leap second
	}
	wall, err := time.Parse(layout, s)
	got.wall = wall
	return got, err == nil
}

// usual says whether t lies in years that a calendar is about.
func usual(t time.Time) bool { return t.Year() >= firstYear && t.Year() <= lastYear }

// in is the instant of the stamp in a zone, unless it names UTC itself.
func (s stamp) in(zone *time.Location) time.Time {
	if s.utc && !s.date {
		return s.wall
	}
	return wallIn(s.wall, zone)
}

// wallIn is the instant at which the clocks of zone show wall's date and time. RFC 5545, 3.3.5: an hour that a zone has twice is
// the first one; one that it skips counts with the offset before the gap. (time.Date promises neither.)
func wallIn(wall time.Time, zone *time.Location) time.Time {
	u := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, time.UTC)
	before, after := offset(u.Add(-24*time.Hour), zone), offset(u.Add(24*time.Hour), zone)
	first, second := u.Add(-before), u.Add(-after)
	if offset(first, zone) != before && offset(second, zone) == after {
		return second.In(zone)
	}
	return first.In(zone)
}

// offset is how far the clocks of zone are ahead of UTC at t.
func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// duration is a DURATION (RFC 5545, 3.3.6): days are of the wall clock, the rest is exact.
type duration struct {
	days  int
	exact time.Duration
}

var durationForm = regexp.MustCompile(`^([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$`)

func parseDuration(s string) (duration, bool) {
	m := durationForm.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(s)))
	if m == nil {
		return duration{}, false
	}
	var n [5]int
	for i, digits := range m[2:] {
		n[i], _ = strconv.Atoi(digits) // "" is 0
	}
	d := duration{
		days:  7*n[0] + n[1],
		exact: time.Duration(n[2])*time.Hour + time.Duration(n[3])*time.Minute + time.Duration(n[4])*time.Second,
	}
	if m[1] == "-" {
		d.days, d.exact = -d.days, -d.exact
	}
	return d, true
}

// after is the end of what begins at t and lasts d.
func (d duration) after(t time.Time) time.Time {
	if d.days != 0 {
		zone := t.Location()
		_, o := t.Zone()
		t = wallIn(t.Add(time.Duration(o)*time.Second).UTC().AddDate(0, 0, d.days), zone)
	}
	return t.Add(d.exact)
}
