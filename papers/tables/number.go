package tables

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// exact is up to where a float64 holds every whole number.
const exact = 1 << 53

// number is what a cell shows of a number: 6.39981234E8 is 639981234, and in a style of dates 46360 is 2026-12-04.
func (s style) number(raw []byte, from1904 bool) string {
	raw = bytes.TrimSpace(raw)
	x, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return oneLine(raw)
	}
	if s.date || s.clock {
		if text, ok := s.moment(x, from1904); ok {
			return text
		}
	}
	if x == math.Trunc(x) && math.Abs(x) <= exact {
		text := strconv.FormatInt(int64(x), 10)
		if zeros := s.digits - len(text); zeros > 0 && x >= 0 {
			text = strings.Repeat("0", zeros) + text
		}
		return text
	}
	if math.Abs(x) >= exact || math.Abs(x) < 1e-9 {
		return oneLine(raw)
	}
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64) // a spreadsheet shows no more digits
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// lastDay is 31 December 9999.
const lastDay = 2_958_465

// moment is a number of days since 30 December 1899 as a day, an hour, or both: what its style shows, but an hour of no day is an hour.
func (s style) moment(x float64, from1904 bool) (string, bool) {
	if x < 0 || x > lastDay {
		return "", false
	}
	days := math.Floor(x)
	seconds := int(math.Round((x - days) * 86400))
	if seconds == 86400 {
		seconds, days = 0, days+1
	}
	clock, date := s.clock, s.date
	if days == 0 && x > 0 && !from1904 {
		clock, date = true, false
	}
	if s.elapsed && !date {
		seconds += int(days) * 86400
	}
	switch {
	case clock && date:
		return dayOf(days, from1904) + " " + hourOf(seconds), true
	case clock:
		return hourOf(seconds), true
	}
	return dayOf(days, from1904), true
}

func dayOf(days float64, from1904 bool) string {
	n := int(days)
	switch {
	case from1904:
		n += 1462
	case n < 60:
		n++ // spreadsheets count a 29 February 1900
	}
	return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func hourOf(seconds int) string {
	text := fmt.Sprintf("%02d:%02d", seconds/3600, seconds/60%60)
	if seconds%60 > 0 {
		text += fmt.Sprintf(":%02d", seconds%60)
	}
	return text
}

// isoMoment reads a day as the standard writes it in a cell of the type d: 2026-12-04T10:30:00.
func isoMoment(raw []byte) string {
	s := oneLine(raw)
	t, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(s, "Z"))
	switch {
	case err != nil:
		return s
	case t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0:
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateOnly) + " " + hourOf(t.Hour()*3600+t.Minute()*60+t.Second())
}
