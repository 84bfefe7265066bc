package ical

import (
	"slices"
	"strings"
	"time"
)

// Bounds of what a hostile feed can make us look up.
const (
	maxZones  = 200 // names
	maxCustom = 50  // zones that are only known by their offsets
)

// zones finds the zones that one feed names.
type zones struct {
	own     *time.Location
	now     time.Time
	defined map[string]component // VTIMEZONE, by TZID
	found   map[string]*time.Location
	custom  int // how many were compared by their offsets
}

func newZones(now time.Time, own *time.Location) *zones {
	return &zones{own: own, now: now, defined: map[string]component{}, found: map[string]*time.Location{}}
}

// define keeps a VTIMEZONE. It never fails.
func (z *zones) define(c component) error {
	id := tzid(c.value("TZID"))
	if _, known := z.defined[id]; !known && len(z.defined) < maxZones {
		z.defined[id] = c
	}
	return nil
}

// find returns the zone of a TZID; nil when it is unknown.
func (z *zones) find(id string) *time.Location {
	id = tzid(id)
	zone, known := z.found[id]
	if !known && len(z.found) < maxZones {
		zone = z.look(id)
		z.found[id] = zone
	}
	return zone
}

func tzid(s string) string { return strings.Trim(strings.TrimSpace(s), `"`) }

// look tries, in this order: the name; the location that its VTIMEZONE gives; what its VTIMEZONE says of its offsets.
func (z *zones) look(id string) *time.Location {
	if zone := named(id); zone != nil {
		return zone
	}
	c, known := z.defined[id]
	if !known {
		return nil
	}
	if zone := named(c.value("X-LIC-LOCATION")); zone != nil { // Zimbra, Evolution and all that use libical
		return zone
	}
	if z.custom >= maxCustom {
		return nil
	}
	z.custom++
	return z.alike(c)
}

// named finds a zone by one of the names that it goes by.
func named(id string) *time.Location {
	switch strings.ToLower(id) {
	case "":
		return nil
	case "z", "utc", "etc/utc", "(utc)", "tzone://microsoft/utc", "coordinated universal time":
		return time.UTC
	}
	for _, w := range windowsZones {
		if strings.EqualFold(w.windows, id) {
			return load(w.iana)
		}
	}
	for rest := id; ; { // "/freeassociation.sourceforge.net/Europe/Paris", "/mozilla.org/20050126_1/Europe/Paris"
		if zone := load(rest); zone != nil {
			return zone
		}
		_, after, more := strings.Cut(rest, "/")
		if !more || !strings.HasPrefix(id, "/") {
			return nil
		}
		rest = after
	}
}

// load finds a zone by its IANA name; nil when there is none. "Local" is none.
func load(name string) *time.Location {
	if name == "" || len(name) > 64 || name == "Local" {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return zone
}

// alike finds an IANA zone that has the same offsets this year and the next: what a rule needs is a zone that goes on, and what
// people read is its name. The feed's own zone comes first.
func (z *zones) alike(c component) *time.Location {
	year := z.now.Year()
	from := time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC)
	base, changes, ok := plain(c, year)
	if !ok {
		return nil
	}
	same := func(zone *time.Location) bool {
		return zone != nil && offset(from, zone) == base && slices.Equal(changes, bare(transitions(zone, from, from.AddDate(2, 0, 0))))
	}
	if same(z.own) {
		return z.own
	}
	if hours := int(base / time.Hour); base%time.Hour == 0 {
		if zone := load(etc(hours)); same(zone) {
			return zone
		}
	}
	for _, w := range windowsZones {
		if zone := load(w.iana); same(zone) {
			return zone
		}
	}
	return nil
}

// change is an instant at which the clocks of a zone are set anew.
type change struct {
	at       time.Time     // UTC
	from, to time.Duration // ahead of UTC
	name     string        // of the time that begins, "CEST"
}

// transitions are the changes of a zone in [from, until).
func transitions(zone *time.Location, from, until time.Time) (all []change) {
	for t := from.In(zone); ; {
		_, end := t.ZoneBounds()
		if end.IsZero() || !end.Before(until) {
			return all
		}
		c := change{at: end.UTC(), from: offset(end.Add(-time.Second), zone), to: offset(end, zone)}
		if c.name, _ = end.In(zone).Zone(); c.from != c.to {
			all = append(all, c)
		}
		t = end.In(zone)
	}
}

// bare forgets the names.
func bare(all []change) []change {
	for i := range all {
		all[i].name = ""
	}
	return all
}
