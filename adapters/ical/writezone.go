package ical

import (
	"fmt"
	"slices"
	"time"
)

// Years that a VTIMEZONE is checked over, beyond those of the events: a rule must hold for all of them, or each change is written.
const (
	yearsBefore = 1
	yearsAfter  = 10
)

// used is a zone with the years in which it is used.
type used struct {
	zone        *time.Location
	name        string // as the events have it
	first, last int
}

// usedZones are the zones of some events, in alphabetical order.
func usedZones(events []Event) (all []used, err error) {
	for _, e := range events {
		i := slices.IndexFunc(all, func(u used) bool { return u.name == e.Zone })
		if i < 0 {
			zone := time.UTC
			if e.Zone != "" {
				zone = load(e.Zone)
			}
			if zone == nil {
				return nil, fmt.Errorf("event %s: no such zone: %q", clean(e.UID, maxText), e.Zone)
			}
			i = len(all)
			all = append(all, used{zone, e.Zone, e.Start.UTC().Year(), e.Start.UTC().Year()})
		}
		u := &all[i]
		for _, t := range []time.Time{e.Start, e.End} {
			if !t.IsZero() {
				u.first, u.last = min(u.first, t.UTC().Year()), max(u.last, t.UTC().Year())
			}
		}
	}
	slices.SortFunc(all, func(a, b used) int {
		if a.name < b.name {
			return -1
		}
		return 1
	})
	return all, nil
}

func zoneOf(all []used, name string) *time.Location {
	i := slices.IndexFunc(all, func(u used) bool { return u.name == name })
	return all[i].zone
}

// zone writes a VTIMEZONE (RFC 5545, 3.6.5): two rules when the zone has them in all the years, else each change; one offset when
// there is none.
func (p *page) zone(u used) {
	from := time.Date(u.first-yearsBefore, 1, 1, 0, 0, 0, 0, time.UTC)
	until := time.Date(u.last+yearsAfter, 1, 1, 0, 0, 0, 0, time.UTC)
	if isUTC(from.In(u.zone)) {
		return
	}
	p.line("BEGIN:VTIMEZONE")
	p.line("TZID:" + u.zone.String())
	changes := transitions(u.zone, from, until)
	if rules := yearlyRules(changes, until.Year()-from.Year()); rules != nil {
		for i, rule := range rules {
			p.observance(changes[i], rule)
		}
	} else {
		name, _ := from.In(u.zone).Zone()
		now := offset(from, u.zone)
		p.observance(change{at: from, from: now, to: now, name: name}, "")
		for _, c := range changes {
			p.observance(c, "")
		}
	}
	p.line("END:VTIMEZONE")
}

// observance writes one STANDARD or DAYLIGHT: its onset is on the wall clock of before.
func (p *page) observance(c change, rule string) {
	kind := "STANDARD"
	if c.to > c.from {
		kind = "DAYLIGHT"
	}
	p.line("BEGIN:" + kind)
	p.line("DTSTART:" + c.wall().Format(wallForm))
	p.line("TZOFFSETFROM:" + offsetText(c.from))
	p.line("TZOFFSETTO:" + offsetText(c.to))
	if rule != "" {
		p.line("RRULE:" + rule)
	}
	p.text("TZNAME", c.name)
	p.line("END:" + kind)
}

// wall is what the clocks show when they are set anew.
func (c change) wall() time.Time { return c.at.Add(c.from) }

// offsetText writes "+0100"; seconds, which old local times have, as "+000921".
func offsetText(d time.Duration) string {
	sign := '+'
	if d < 0 {
		sign, d = '-', -d
	}
	s := int(d / time.Second)
	text := fmt.Sprintf("%c%02d%02d", sign, s/3600, s/60%60)
	if s%60 != 0 {
		text += fmt.Sprintf("%02d", s%60)
	}
	return text
}

// yearlyRules finds the rules of the two changes of each year; nil when there are not two that always fall alike.
func yearlyRules(changes []change, years int) []string {
	if len(changes) != 2*years || years < 1 {
		return nil
	}
	rules := make([]string, 2)
	for kind := range rules {
		var same []change
		for i := kind; i < len(changes); i += 2 {
			same = append(same, changes[i])
		}
		if rules[kind] = yearlyRule(same); rules[kind] == "" {
			return nil
		}
	}
	return rules
}

// yearlyRule is the rule of changes that fall on the same weekday, counted from the start or the end of a month; "" when they do not.
func yearlyRule(same []change) string {
	first := same[0]
	nth, end := (first.wall().Day()+6)/7, true
	for _, c := range same {
		a, b := first.wall(), c.wall()
		alike := a.Month() == b.Month() && a.Weekday() == b.Weekday() && a.Format("150405") == b.Format("150405") && c.from == first.from && c.to == first.to
		if !alike {
			return ""
		}
		if (b.Day()+6)/7 != nth {
			nth = 0
		}
		end = end && b.AddDate(0, 0, 7).Month() != b.Month()
	}
	switch {
	case end:
		nth = -1
	case nth == 0:
		return ""
	}
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", first.wall().Month(), nth, weekdays[first.wall().Weekday()])
}
