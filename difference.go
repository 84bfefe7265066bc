package main

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"passeur/bot"
)

// difference is what a file of appointments changes.
type difference struct {
	source  string
	version int64 // of the record that it was compared with
	was     bot.Source
	zone    *time.Location // of the installation, for what is known by its instant alone

	added, changed  []appointment
	unchanged, past []appointment
	removed         []string // ids that the file does not have any more
}

// sort sorts the rows of a file by what they change. What is over by now is history: such a row is not taken in when it is new, and its going
// cancels nothing.
func (d *difference) sort(rows []appointment, now time.Time) {
	there := map[string]bool{}
	for _, a := range rows {
		there[a.id] = true
		known, before := d.was.Rows[a.id]
		switch {
		case before && known.Hash == a.digest():
			d.unchanged = append(d.unchanged, a)
		case before:
			d.changed = append(d.changed, a)
		case !a.start.After(now):
			d.past = append(d.past, a)
		default:
			d.added = append(d.added, a)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.was.Rows)) {
		if !there[id] && d.was.Rows[id].At.After(now) {
			d.removed = append(d.removed, id)
		}
	}
}

// print shows every change with its line, and counts the rest.
func (d *difference) print(s streams) {
	for _, a := range d.added {
		fmt.Fprintf(s.out, "+ %v\n", a)
	}
	for _, a := range d.changed {
		if was := d.was.Rows[a.id].At; !was.Equal(a.start) {
			fmt.Fprintf(s.out, "~ %v (c'était %s)\n", a, dayAndHour(was.In(a.start.Location())))
			continue
		}
		fmt.Fprintf(s.out, "~ %v\n", a)
	}
	for _, id := range d.removed {
		fmt.Fprintf(s.out, "- (id %s) : %s, n'est plus dans le fichier\n", id, dayAndHour(d.was.Rows[id].At.In(d.zone)))
	}
	fmt.Fprintf(s.out, "Ajoutés : %d. Changés : %d. Retirés : %d. Inchangés : %d. Déjà passés, laissés : %d.\n",
		len(d.added), len(d.changed), len(d.removed), len(d.unchanged), len(d.past))
}

// told are the events of the changes.
func (d *difference) told() []bot.OutsideRdv {
	var all []bot.OutsideRdv
	for _, a := range d.added {
		all = append(all, a.told(d.source, "created"))
	}
	for _, a := range d.changed {
		all = append(all, a.told(d.source, "updated"))
	}
	for _, id := range d.removed {
		all = append(all, bot.OutsideRdv{Source: bot.SourceCSV, ID: bot.CSVRdvID(d.source, id), Event: "destroyed", Status: "unknown", Start: d.was.Rows[id].At})
	}
	return all
}

// orderFor is what the bot is asked to do.
func (d *difference) orderFor() bot.RdvImport {
	return bot.RdvImport{Source: d.source, Base: d.version, Told: d.told(), Rows: d.remembered()}
}

// remembered is what the next file is compared with.
func (d *difference) remembered() map[string]bot.SourceRow {
	rows := map[string]bot.SourceRow{}
	for _, a := range slices.Concat(d.added, d.changed, d.unchanged) {
		rows[a.id] = bot.SourceRow{Hash: a.digest(), At: a.start.UTC()}
	}
	return rows
}
