package main

import (
	"fmt"
	"testing"
	"time"

	"passeur/bot"
)

// TestCompare: what each row is, by what was known of it and by when it is.
func TestCompare(t *testing.T) {
	at := func(hours int) time.Time { return noon.Add(time.Duration(hours) * time.Hour) }
	row := func(hours int) appointment { return appointment{id: "1", name: "Jeanne", start: at(hours)} }
	known := func(hours int) map[string]bot.SourceRow {
		return map[string]bot.SourceRow{"1": {Hash: row(hours).digest(), At: at(hours)}}
	}
	cases := []struct {
		name string
		rows []appointment
		was  map[string]bot.SourceRow
		want string // added, changed, removed, unchanged, past; then the rows remembered
	}{
		{"new", []appointment{row(1)}, nil, "1 0 0 0 0, 1"},
		{"new and over", []appointment{row(-1)}, nil, "0 0 0 0 1, 0"},
		{"the same", []appointment{row(1)}, known(1), "0 0 0 1 0, 1"},
		{"the same, over by now", []appointment{row(-1)}, known(-1), "0 0 0 1 0, 1"},
		{"moved", []appointment{row(2)}, known(1), "0 1 0 0 0, 1"},
		{"moved into the past", []appointment{row(-1)}, known(1), "0 1 0 0 0, 1"},
		{"an import was cut short", []appointment{row(1)}, map[string]bot.SourceRow{"1": {At: at(1)}}, "0 1 0 0 0, 1"},
		{"gone", nil, known(1), "0 0 1 0 0, 0"},
		{"gone once it was over", nil, known(-1), "0 0 0 0 0, 0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := &difference{source: "csv", version: 3, was: bot.Source{Rows: c.was}, zone: time.UTC}
			d.sort(c.rows, noon)
			got := fmt.Sprint(len(d.added), len(d.changed), len(d.removed), len(d.unchanged), len(d.past))
			if got += fmt.Sprintf(", %d", len(d.remembered())); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
