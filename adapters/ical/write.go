package ical

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Calendar is a feed of the bot's.
type Calendar struct {
	Name   string // what the tools of those who subscribe show
	Events []Event
}

// Event is an entry of a Calendar. What it says is read by whoever has the address of the feed.
type Event struct {
	UID         string // stable, and no one else's: "rdv-42@passeur.example.fr"
	Sequence    int    // rises when its dates change
	Summary     string
	Location    string
	Description string
	Start, End  time.Time   // instants; End zero: none
	Zone        string      // IANA name of its wall clock, on which Rule counts; "" UTC
	Rule        string      // the value of a RRULE; "" once
	Except      []time.Time // instants of the recurrence that do not take place
	Cancelled   bool
	Stamp       time.Time // when it was last changed; zero: Start, so that a feed that did not change stays the same
}

// refresh is how often those who subscribe are asked to read again (RFC 7986, 5.7; the second property is Outlook's).
const refresh = "PT1H"

// Write writes a feed: RFC 5545, with a VTIMEZONE for each zone but UTC. An event without UID, Start or a later End, of a zone that does not
// exist or of a rule that makes no sense is an error, and nothing is written. Control characters of texts are dropped.
//
// The second of the hours that a zone has twice can only be said in UTC, which is what an event gets that does not recur; the first
// of a recurring one is told an hour too early.
func Write(w io.Writer, c Calendar) error {
	var p page
	p.line("BEGIN:VCALENDAR")
	p.line("VERSION:2.0")
	p.line("PRODID:-//Passeur//Passeur//FR")
	p.line("CALSCALE:GREGORIAN")
	p.text("X-WR-CALNAME", c.Name)
	p.text("NAME", c.Name)
	p.line("REFRESH-INTERVAL;VALUE=DURATION:" + refresh)
	p.line("X-PUBLISHED-TTL:" + refresh)
	used, err := usedZones(c.Events)
	if err != nil {
		return err
	}
	for _, u := range used {
		p.zone(u)
	}
	for _, e := range c.Events {
		if err := p.event(e, zoneOf(used, e.Zone)); err != nil {
			return err
		}
	}
	p.line("END:VCALENDAR")
	if _, err := w.Write(p.Bytes()); err != nil {
		return fmt.Errorf("writing a calendar: %w", err)
	}
	return nil
}

// page is a calendar being written.
type page struct{ bytes.Buffer }

// foldAt is the most octets of a line, without its end (RFC 5545, 3.1).
const foldAt = 75

// line writes a content line, folded so that no rune is cut.
func (p *page) line(s string) {
	for room := foldAt; len(s) > room; room = foldAt - 1 {
		cut := room
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		if cut == 0 {
			cut = room // no UTF-8
		}
		p.WriteString(s[:cut] + "\r\n ")
		s = s[cut:]
	}
	p.WriteString(s + "\r\n")
}

var escaped = strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`, "\n", `\n`)

// text writes a property of type TEXT, if there is one.
func (p *page) text(name, value string) {
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(value, "\r\n", "\n"), ""))
	if value != "" {
		p.line(name + ":" + escaped.Replace(value))
	}
}

func (p *page) event(e Event, zone *time.Location) error {
	uid := clean(e.UID, maxText)
	if uid == "" || !usual(e.Start.UTC()) || !e.End.IsZero() && (e.End.Before(e.Start) || !usual(e.End.UTC())) {
		return fmt.Errorf("event %q: no UID, or no sensible start and end", uid)
	}
	rule := ""
	if e.Rule != "" {
		var wrong string
		if rule, _, wrong = checkRule(e.Rule); wrong != "" {
			return fmt.Errorf("event %s: rule: %s", uid, wrong)
		}
	}
	stamp := e.Stamp
	if stamp.IsZero() {
		stamp = e.Start
	}
	p.line("BEGIN:VEVENT")
	p.text("UID", uid)
	p.line("DTSTAMP:" + inUTC(stamp))
	p.line("LAST-MODIFIED:" + inUTC(stamp))
	p.line(fmt.Sprintf("SEQUENCE:%d", max(0, e.Sequence)))
	p.dates(e, rule, zone)
	p.text("SUMMARY", e.Summary)
	p.text("LOCATION", e.Location)
	p.text("DESCRIPTION", e.Description)
	if e.Cancelled {
		p.line("STATUS:CANCELLED")
	} else {
		p.line("STATUS:CONFIRMED")
	}
	p.line("END:VEVENT")
	return nil
}

func (p *page) dates(e Event, rule string, zone *time.Location) {
	p.date("DTSTART", e.Start, zone, rule != "")
	if !e.End.IsZero() {
		p.date("DTEND", e.End, zone, false)
	}
	if rule != "" {
		p.line("RRULE:" + rule)
	}
	for _, t := range e.Except {
		p.date("EXDATE", t, zone, true)
	}
}

const wallForm = "20060102T150405"

func inUTC(t time.Time) string { return t.UTC().Format(wallForm) + "Z" }

// date writes an instant on the wall clock of a zone. One that this wall clock does not say is written in UTC, unless it must
// be local.
func (p *page) date(name string, t time.Time, zone *time.Location, local bool) {
	t = t.In(zone).Truncate(time.Second)
	switch {
	case isUTC(t), !local && !wallIn(t, zone).Equal(t):
		p.line(name + ":" + inUTC(t))
	default:
		p.line(fmt.Sprintf("%s;TZID=%s:%s", name, zone, t.Format(wallForm)))
	}
}
