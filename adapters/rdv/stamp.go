package rdv

import (
	"errors"
	"strings"
	"time"
)

// stamps are the forms in which the service has written dates: as Ruby prints them ("2026-10-14 10:30:00 +0200", in webhooks), and
// ISO 8601. Fractions of a second are taken in all of them.
var stamps = []string{"2006-01-02 15:04:05 -0700", "2006/01/02 15:04:05 -0700", time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00"}

// floating are the forms without an offset: they say when only beside a zone.
var floating = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05"}

var errStamp = errors.New("no date that can be read")

// readStamp reads a date, with the offset that it is written with. One without an offset is of the zone; without a zone it is
// refused, since nobody knows when it is.
func readStamp(s string, zone *time.Location) (time.Time, error) {
	s = strings.TrimSpace(s)
	if utc, ok := strings.CutSuffix(s, " UTC"); ok {
		s = utc + " +0000"
	}
	for _, layout := range stamps {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	if zone == nil {
		return time.Time{}, errStamp
	}
	for _, layout := range floating {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errStamp
}

// zone is the appointment's, or its organisation's; nil when there is none that is known here.
func (a *appointment) zone() *time.Location {
	for _, z := range []text{a.TimeZone, a.Organisation.TimeZone} {
		if !strings.Contains(string(z), "/") { // "Local", "UTC", "Paris" are not names of a place in the database
			continue
		}
		if location, err := time.LoadLocation(string(z)); err == nil {
			return location
		}
	}
	return nil
}
