// Package venues reads the national directory of digital-mediation places, tells when they are open and finds the nearest.
//
// A counsellor who redirects somebody needs a place that exists, is open and offers the service. The directory is written by many hands and passes
// through spreadsheets, so Read takes what is unambiguous, whatever its spelling, mends what can be mended without guessing, and leaves out only the row
// that is wrong, with its line, its column and the reason: nobody corrects a file that is refused whole. What cannot be understood is never
// guessed: opening hours that ParseHours refuses are shown as they are written.
//
// Where to look: row (the columns: a new one is its constant, its name, and what is done with it), check (what may be wrong with each), vocabulary (the values that
// some may have), commune, phone; csv, json (files); read and report; hours, hoursparse, hourstokens, hoursfrench (opening hours). What people
// are shown of a place is bot/direction.go.
//
// The format is the standard « lieux de médiation numérique » 1.0.2 (LaMednum/standard-mediation-num, schema.json).
package venues

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"passeur/bot"
	"passeur/intents"
)

// What a file may hold at most: the national file has some 20,000 places and 20 MB.
const (
	maxBytes = 64 << 20
	maxRows  = 100_000
)

// Read reads the directory, CSV or JSON, whichever it is, and returns the places in the communes of a gazetteer, in the order of the
// file, and a report of all others. CSV may be separated by comma, semicolon or tab, in UTF-8 or Windows-1252, its columns in any order; JSON is an
// array of objects. Of rows with one id the newest date_maj counts, at the same date the last. A place without coordinates gets those of its commune's
// centre. The error, in French, is of the file as a whole: not such a file, larger than 64 MiB or 100,000 places, or r's own; then
// there are no places.
func Read(r io.Reader, g *intents.Gazetteer) (places []bot.Venue, report Report, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, Report{}, fmt.Errorf("le fichier des lieux ne se lit pas : %w", err)
	}
	if len(data) > maxBytes {
		return nil, Report{}, fmt.Errorf("le fichier des lieux dépasse %d Mio : gardez les départements utiles", maxBytes>>20)
	}
	im := &importer{communes: communes{g, map[[2]string]located{}}, known: map[string]int{}}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if start := bytes.TrimLeft(data, " \t\r\n"); len(start) > 0 && (start[0] == '[' || start[0] == '{') {
		err = im.readJSON(data)
	} else {
		err = im.readCSV(data)
	}
	if err != nil {
		return nil, im.report, err
	}
	return im.places(), im.report, nil
}

// importer gathers the rows of a file.
type importer struct {
	communes communes
	report   Report
	found    []candidate
	known    map[string]int // id → its place in found
}

// candidate is a row without errors; a newer one of the same id takes its place.
type candidate struct {
	state state
	venue bot.Venue
}

type state uint8

const (
	refused state = iota
	kept
	outside
	closed
)

// counts takes note of one more row.
func (im *importer) counts() error {
	if im.report.Read == maxRows {
		return fmt.Errorf("le fichier a plus de %d lieux : gardez les départements utiles", maxRows)
	}
	im.report.Read++
	return nil
}

// refuse leaves out a row that cannot be read at all.
func (im *importer) refuse(line int, reason string) error {
	if err := im.counts(); err != nil {
		return err
	}
	im.report.Problems = append(im.report.Problems, Problem{line, "", reason})
	return nil
}

// take reads a row.
func (im *importer) take(r *row) error {
	if r.empty() {
		return nil
	}
	if err := im.counts(); err != nil {
		return err
	}
	c := &check{row: r, communes: im.communes}
	next := candidate{state: c.read(), venue: c.venue}
	if next.state == refused {
		im.report.Problems = append(im.report.Problems, c.problems...)
		return nil
	}
	if next.state == kept {
		im.report.Warnings = append(im.report.Warnings, c.warnings...)
	}
	im.settle(next)
	return nil
}

// settle puts a row beside the others, or in the place of an older one.
func (im *importer) settle(next candidate) {
	id := next.venue.ID
	at, again := im.known[id]
	if id == "" || next.venue.Updated == "" || !again {
		if id != "" && next.venue.Updated != "" {
			im.known[id] = len(im.found)
		}
		im.found = append(im.found, next)
		return
	}
	im.report.Duplicates++
	if next.venue.Updated >= im.found[at].venue.Updated {
		im.found[at] = next
	}
}

// places counts what became of the rows and returns those that are kept.
func (im *importer) places() []bot.Venue {
	var places []bot.Venue
	for _, c := range im.found {
		switch c.state {
		case outside:
			im.report.Outside++
		case closed:
			im.report.Closed++
		default:
			places = append(places, c.venue)
		}
	}
	im.report.Kept = len(places)
	return slices.Clip(places)
}
