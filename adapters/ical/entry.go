package ical

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
)

// entry is a VEVENT on its way to what the bot is told.
type entry struct {
	bot.FeedEntry
	*reading
	component
	until time.Time // of its rule, the last instant at which it may begin; zero: none
	stale bool      // past in any zone: what is wrong with it is no longer anybody's concern
}

// isStale says whether an entry that does not recur is past, whatever its zone: all its dates lie two days before oldest.
func isStale(c component, oldest time.Time) bool {
	dates := 0
	for _, l := range c.props {
		switch l.name {
		case "RRULE", "RDATE", "DURATION":
			return false
		case "DTSTART", "DTEND", "RECURRENCE-ID":
			s, ok := parseStamp(l.value)
			if !ok || !s.wall.Before(oldest.AddDate(0, 0, -2)) {
				return false
			}
			dates++
		}
	}
	return dates > 0
}

// understood fills the entry in. It is false, with a problem noted, when what it would tell could be wrong.
func (e *entry) understood() bool {
	e.UID = e.uid()
	e.Summary = clean(escapes.Replace(e.value("SUMMARY")), maxText)
	e.Location = clean(escapes.Replace(e.value("LOCATION")), maxText)
	e.Sequence, _ = strconv.Atoi(e.value("SEQUENCE")) // a wrong one is the first
	e.Sequence = max(0, e.Sequence)
	e.Gone = strings.EqualFold(e.value("STATUS"), "CANCELLED") || e.method == "CANCEL"
	return e.rule() && e.dates() && e.exception() && e.places() && e.exceptDays()
}

// uid is the entry's own or, when it has none or one beyond all measure (RFC 7986, 5.3: 255 octets), made of what it says.
func (e *entry) uid() string {
	uid := clean(e.value("UID"), maxText)
	if uid != "" && len(e.value("UID")) <= maxText {
		return uid
	}
	return "sans-uid-" + digest(e.value("UID"), e.value("DTSTART"), e.value("SUMMARY"), e.value("RRULE"))
}

// digest is a hash of some texts, of 32 characters.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// wrong notes a problem of the entry, unless it is stale, and is false.
func (e *entry) wrong(at int, format string, args ...any) bool {
	if e.stale {
		return false
	}
	title := clean(e.Summary, 60)
	if title == "" {
		title = "sans titre"
	}
	e.problem(at, e.UID, "« "+title+" » : "+fmt.Sprintf(format, args...))
	return false
}

// changed is when the entry was last written.
func (e *entry) changed() time.Time {
	for _, name := range []string{"LAST-MODIFIED", "DTSTAMP"} {
		if s, ok := parseStamp(e.value(name)); ok {
			return s.wall
		}
	}
	return time.Time{}
}

// last is the last instant that the entry may be about; far away when it recurs without an end.
func (e *entry) last() time.Time {
	last := e.End
	if e.Rule != "" && e.until.IsZero() {
		return time.Date(lastYear, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if until := e.until.Add(e.End.Sub(e.Start)); !e.until.IsZero() && until.After(last) {
		last = until
	}
	if e.Recurs.After(last) {
		last = e.Recurs
	}
	return last
}

// rule reads RRULE.
func (e *entry) rule() bool {
	l, _ := e.first("RRULE")
	if strings.TrimSpace(l.value) == "" {
		return true
	}
	rule, _, wrong := checkRule(l.value)
	if wrong != "" {
		return e.wrong(l.at, "sa règle de répétition n'est pas comprise (%s), l'entrée n'est pas lue. Dans l'agenda, refaites sa répétition.", wrong)
	}
	e.Rule = rule
	return true
}

// dates reads DTSTART and DTEND or DURATION.
func (e *entry) dates() bool {
	l, ok := e.first("DTSTART")
	if !ok && e.Gone { // an exception that was cancelled may only say which
		l, ok = e.first("RECURRENCE-ID")
	}
	if !ok {
		return e.wrong(e.at, "elle n'a pas de date de début (DTSTART), elle n'est pas lue. Dans l'agenda, donnez-lui une date.")
	}
	start, whole, ok := e.when(l)
	if !ok {
		return false
	}
	e.Start, e.AllDay = start, whole
	if isUTC(start) && e.Rule == "" { // an instant, whose hour people read in their own zone
		e.Start = start.In(e.zones.own)
	}
	e.Zone = e.Start.Location().String()
	return e.end()
}

// isUTC says whether t is of UTC, or of the zone that Go calls so.
func isUTC(t time.Time) bool { return t.Location().String() == "UTC" }

// end reads DTEND or DURATION; without them a whole day is one day, and any other entry an instant (RFC 5545, 3.6.1).
func (e *entry) end() bool {
	e.End = e.Start
	if e.AllDay {
		e.End = duration{days: 1}.after(e.Start)
	}
	if l, ok := e.first("DTEND"); ok {
		end, _, ok := e.when(l)
		if !ok {
			return false
		}
		return e.ends(l, end)
	}
	if l, ok := e.first("DURATION"); ok {
		d, ok := parseDuration(l.value)
		if !ok {
			return e.wrong(l.at, "sa durée n'est pas comprise (« %s »), l'entrée n'est pas lue. Dans l'agenda, refaites ses horaires.", clean(l.value, 40))
		}
		return e.ends(l, d.after(e.Start))
	}
	return true
}

// ends takes an end, unless it lies before the start. The same day as start and end, which many write, is one day.
func (e *entry) ends(l line, end time.Time) bool {
	end = end.In(e.Start.Location())
	switch {
	case end.Before(e.Start), !usual(end):
		return e.wrong(l.at, "sa fin est avant son début ou trop lointaine, l'entrée n'est pas lue. Dans l'agenda, refaites ses horaires.")
	case e.AllDay && end.Equal(e.Start):
		return true
	}
	e.End = end
	return true
}

// exception reads RECURRENCE-ID.
func (e *entry) exception() bool {
	l, ok := e.first("RECURRENCE-ID")
	if !ok {
		return true
	}
	t, _, ok := e.when(l)
	if !ok {
		return false
	}
	e.Recurs = t.In(e.Start.Location())
	if strings.EqualFold(l.param("RANGE"), "THISANDFUTURE") {
		e.wrong(l.at, "elle change aussi toutes les dates suivantes, ce qui n'est pas lu : seule cette date change. Dans l'agenda, arrêtez la répétition et faites-en une nouvelle.")
	}
	return true
}

// places reads the end of the rule, and says what of the recurrence is not read.
func (e *entry) places() bool {
	if l, ok := e.first("RDATE"); ok {
		e.wrong(l.at, "des dates ajoutées une à une ne sont pas lues. Dans l'agenda, faites une entrée pour chacune.")
	}
	if l, ok := e.first("EXRULE"); ok {
		e.wrong(l.at, "des dates ôtées par une règle (EXRULE) ne sont pas lues. Dans l'agenda, ôtez-les une à une.")
	}
	rules := 0
	for _, l := range e.props {
		if l.name == "RRULE" {
			if rules++; rules == 2 {
				return e.wrong(l.at, "elle a plusieurs règles de répétition, elle n'est pas lue. Dans l'agenda, faites une entrée pour chacune.")
			}
		}
	}
	_, until, _ := checkRule(e.Rule)
	if until == "" {
		return true
	}
	s, ok := parseStamp(until)
	if !ok {
		return e.wrong(e.at, "la fin de sa répétition n'est pas une date (« %s »), l'entrée n'est pas lue. Dans l'agenda, refaites sa répétition.", until)
	}
	e.until = s.in(e.Start.Location())
	if s.date {
		e.until = e.until.Add(24 * time.Hour)
	}
	return true
}

// maxExcept is the most days of one entry that are excepted: a daily one of five years.
const maxExcept = 2000

// exceptDays reads EXDATE: the days on the wall clock of the entry's zone.
func (e *entry) exceptDays() bool {
	for _, l := range e.props {
		if l.name != "EXDATE" {
			continue
		}
		for one := range strings.SplitSeq(l.value, ",") {
			if strings.TrimSpace(one) == "" {
				continue
			}
			if len(e.Except) == maxExcept {
				return e.wrong(l.at, "plus de %d de ses dates sont exclues, l'entrée n'est pas lue. Dans l'agenda, refaites sa répétition.", maxExcept)
			}
			day := line{at: l.at, name: l.name, params: l.params, value: one}
			t, whole, ok := e.when(day)
			if !ok {
				return false
			}
			if !whole {
				t = t.In(e.Start.Location())
			}
			e.Except = append(e.Except, t.Format(time.DateOnly))
		}
	}
	slices.Sort(e.Except)
	e.Except = slices.Compact(e.Except)
	return true
}

// when reads a date and its zone; whole says that it is a day. Its failure is noted.
func (e *entry) when(l line) (t time.Time, whole, ok bool) {
	s, ok := parseStamp(l.value)
	if !ok || !usual(s.wall) {
		return t, false, e.wrong(l.at, "une date n'est pas comprise (%s « %s »), l'entrée n'est pas lue. Dans l'agenda, refaites ses dates.", l.name, clean(l.value, 40))
	}
	zone := e.zones.own
	if id := l.param("TZID"); id != "" && !s.date && !s.utc {
		zone = e.zones.find(id)
		if zone == nil {
			return t, false, e.wrong(l.at, "le fuseau horaire « %s » est inconnu, l'entrée n'est pas lue. Dans l'agenda, choisissez-lui un fuseau qui porte le nom d'une ville, comme Europe/Paris.", clean(id, 60))
		}
	}
	return s.in(zone), s.date, true
}
