package ical

import (
	"regexp"
	"strings"
)

const maxRule = 500 // octets; the longest that can mean something is below 300

// ruleForms are the parts of a RRULE and what their values look like (RFC 5545, 3.3.10; the last two: RFC 7529).
var ruleForms = map[string]*regexp.Regexp{
	"FREQ":       regexp.MustCompile(`^(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$`),
	"UNTIL":      regexp.MustCompile(`^\d{8}(T\d{4}(\d{2})?Z?)?$`),
	"COUNT":      regexp.MustCompile(`^0*[1-9]\d{0,6}$`),
	"INTERVAL":   regexp.MustCompile(`^0*[1-9]\d{0,6}$`),
	"BYSECOND":   numbers,
	"BYMINUTE":   numbers,
	"BYHOUR":     numbers,
	"BYDAY":      regexp.MustCompile(`^([+-]?\d{0,2}(SU|MO|TU|WE|TH|FR|SA))(,[+-]?\d{0,2}(SU|MO|TU|WE|TH|FR|SA))*$`),
	"BYMONTHDAY": numbers,
	"BYYEARDAY":  numbers,
	"BYWEEKNO":   numbers,
	"BYMONTH":    numbers,
	"BYSETPOS":   numbers,
	"WKST":       regexp.MustCompile(`^(SU|MO|TU|WE|TH|FR|SA)$`),
	"RSCALE":     regexp.MustCompile(`^GREGORIAN$`),
	"SKIP":       regexp.MustCompile(`^(OMIT|BACKWARD|FORWARD)$`),
}

var numbers = regexp.MustCompile(`^[+-]?\d{1,3}(,[+-]?\d{1,3})*$`)

// checkRule returns the value of a RRULE as it is kept, and its UNTIL; wrong is the part that makes no sense, in French quotes, or "".
func checkRule(value string) (rule, until, wrong string) {
	rule = strings.Trim(strings.TrimSpace(value), ";")
	if len(rule) > maxRule {
		return "", "", "trop longue"
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(strings.ToUpper(rule), ";") {
		key, val, _ := strings.Cut(part, "=")
		_, twice := parts[key]
		if form := ruleForms[key]; form == nil || twice || !form.MatchString(val) {
			return "", "", "« " + clean(part, 60) + " »"
		}
		parts[key] = val
	}
	if parts["FREQ"] == "" {
		return "", "", "sans FREQ"
	}
	return rule, parts["UNTIL"], ""
}
