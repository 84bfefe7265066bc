package ical

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"passeur/bot"
)

// found is what a feed holds.
type found struct {
	entries  []bot.FeedEntry
	problems []Problem
	unread   []string // UIDs of entries that were not understood: they are not gone
}

// reading is a feed being read.
type reading struct {
	found
	zones  *zones
	oldest time.Time // what ended before is past
	kept   map[string]*version
	order  []*version
	live   int // of order, that are not past
	more   int // problems that are not kept
}

// version is what is known of one entry so far.
type version struct {
	entry   *bot.FeedEntry // nil when past
	order   int            // SEQUENCE
	changed int64          // LAST-MODIFIED, else DTSTAMP, in Unix seconds
}

// Properties that are read.
var (
	ofEvents = map[string]bool{"UID": true, "SEQUENCE": true, "DTSTAMP": true, "LAST-MODIFIED": true, "SUMMARY": true, "LOCATION": true,
		"DTSTART": true, "DTEND": true, "DURATION": true, "RRULE": true, "EXDATE": true, "RDATE": true, "EXRULE": true, "RECURRENCE-ID": true,
		"STATUS": true}
	ofZones = map[string]bool{"TZID": true, "X-LIC-LOCATION": true, "DTSTART": true, "TZOFFSETFROM": true, "TZOFFSETTO": true, "RRULE": true, "RDATE": true}
)

// read goes through the file twice, since zones may be defined behind the entries that use them.
func read(from io.Reader, now time.Time, zone *time.Location) (*found, error) {
	data, err := all(from)
	if err != nil {
		return nil, err
	}
	if zone == nil {
		zone = time.UTC
	}
	r := &reading{zones: newZones(now, zone), oldest: now.AddDate(0, 0, -1), kept: map[string]*version{}}
	zonesOf := &scan{want: "VTIMEZONE", keep: ofZones, most: maxZoneProps, yield: r.zones.define}
	if err := zonesOf.run(data); err != nil {
		return nil, err
	}
	switch {
	case zonesOf.calendars == 0:
		return nil, ErrNoCalendar
	case !zonesOf.ended:
		return nil, ErrCut
	}
	if err := (&scan{want: "VEVENT", keep: ofEvents, most: maxProps, yield: r.event}).run(data); err != nil {
		return nil, err
	}
	return r.done(), nil
}

// all reads a feed up to its limit.
func all(from io.Reader) ([]byte, error) {
	var b bytes.Buffer
	switch n, err := b.ReadFrom(io.LimitReader(from, MaxBytes+1)); {
	case err != nil:
		return nil, fmt.Errorf("lecture du calendrier : %w", err)
	case n > MaxBytes:
		return nil, ErrTooLarge
	}
	return b.Bytes(), nil
}

// event takes one VEVENT in. Its error is ErrTooMany.
func (r *reading) event(c component) error {
	e := entry{reading: r, component: c, stale: isStale(c, r.oldest)}
	if !e.understood() {
		if e.stale {
			return nil
		}
		if r.unread = append(r.unread, e.UID); len(r.unread) > MaxEntries {
			return ErrTooMany
		}
		return nil
	}
	v := version{order: e.Sequence, changed: e.changed().Unix()}
	if !e.last().Before(r.oldest) {
		kept := e.FeedEntry // without the lines that it was read from
		v.entry = &kept
	}
	return r.keep(key(e.FeedEntry), v)
}

// key tells entries apart: an exception is an entry of its own.
func key(e bot.FeedEntry) string {
	if e.Recurs.IsZero() {
		return e.UID
	}
	return fmt.Sprint(e.UID, "\x00", e.Recurs.Unix())
}

func (r *reading) keep(key string, v version) error {
	old, known := r.kept[key]
	switch {
	case !known:
		old = &version{}
		r.kept[key] = old
		r.order = append(r.order, old)
	case v.order < old.order, v.order == old.order && v.changed < old.changed:
		return nil
	}
	if old.entry != nil {
		r.live--
	}
	if v.entry != nil {
		r.live++
	}
	*old = v
	if r.live > MaxEntries {
		return ErrTooMany
	}
	return nil
}

func (r *reading) problem(at int, uid, text string) {
	if len(r.problems) < maxProblem-1 {
		r.problems = append(r.problems, Problem{at, uid, text})
		return
	}
	r.more++
}

func (r *reading) done() *found {
	for _, v := range r.order {
		if v.entry != nil {
			r.entries = append(r.entries, *v.entry)
		}
	}
	if r.more > 0 {
		r.problems = append(r.problems, Problem{Text: fmt.Sprintf("%d autres remarques ne sont pas montrées.", r.more)})
	}
	return &r.found
}
