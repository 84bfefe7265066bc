// Package ical has the bot's feeds read by implementations that are not ours: Python's icalendar and dateutil, of Debian's
// package python3-icalendar. Both read the VTIMEZONE that stands in the feed, so that a client that knows no zone by its name
// is tested too.
package ical

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/adapters/ical"
	"passeur/e2e/peers"
)

//go:embed read.py
var script string

// python finds an interpreter that has the package: another one may come first in the PATH.
func python(t *testing.T) string {
	t.Helper()
	for _, candidate := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(candidate, "-c", "import icalendar, dateutil").Run() == nil {
			return candidate
		}
	}
	peers.Missing(t, "no python3 with icalendar (Debian package python3-icalendar)")
	return ""
}

// read is what read.py prints of an event. Times are Unix seconds.
type read struct {
	UID         string  `json:"uid"`
	Sequence    int     `json:"sequence"`
	Summary     string  `json:"summary"`
	Location    string  `json:"location"`
	Description string  `json:"description"`
	Status      string  `json:"status"`
	Zone        string  `json:"zone"`
	Start       int64   `json:"start"`
	End         int64   `json:"end"`
	Dates       []int64 `json:"dates"` // the first of the recurrence, without those excepted
}

// instant is an hour on the clocks of a zone, and what two readers of its VTIMEZONE make of it.
type instant struct {
	Zone      string `json:"zone"`
	Wall      string `json:"wall"`
	Icalendar int64  `json:"icalendar"`
	Dateutil  int64  `json:"dateutil"`
}

type answer struct {
	Name     string    `json:"name"`
	Events   []read    `json:"events"`
	Instants []instant `json:"instants"`
}

const wall = "2006-01-02T15:04:05"

// first is how many dates of a recurrence are compared: enough to cross a change of clocks.
const first = 45

func TestFeedIsReadByOthers(t *testing.T) {
	events := feed(t)
	c := ical.Calendar{Name: "Permanences, Manche ; été", Events: events}
	var text bytes.Buffer
	if err := ical.Write(&text, c); err != nil {
		t.Fatal(err)
	}
	question, err := json.Marshal(map[string]any{"feed": text.String(), "walls": walls(events), "first": first})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python(t), "-c", script)
	cmd.Stdin = bytes.NewReader(question)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	var got answer
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var want []read
	for _, e := range events {
		want = append(want, meant(t, e))
	}
	if diff := cmp.Diff(want, got.Events); diff != "" || got.Name != c.Name {
		t.Errorf("%s: %s\n%s", got.Name, diff, &text)
	}
	checkInstants(t, got.Instants)
}

func checkInstants(t *testing.T, all []instant) {
	t.Helper()
	for _, i := range all {
		zone, err := time.LoadLocation(i.Zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseInLocation(wall, i.Wall, zone)
		if err != nil {
			t.Fatal(err)
		}
		if at.Unix() != i.Icalendar || at.Unix() != i.Dateutil {
			t.Errorf("%s %s: %d to icalendar, %d to dateutil, want %d", i.Zone, i.Wall, i.Icalendar, i.Dateutil, at.Unix())
		}
	}
	if len(all) < 100 {
		t.Errorf("only %d instants", len(all))
	}
}

var zones = []string{"Europe/Paris", "Indian/Reunion", "America/Martinique", "America/Miquelon", "Pacific/Noumea", "Africa/Casablanca", "Australia/Sydney"}

// feed has an event that recurs weekly for each zone, and some that do not.
func feed(t *testing.T) (all []ical.Event) {
	for _, name := range zones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Date(2026, 12, 1, 14, 0, 0, 0, zone)
		all = append(all, ical.Event{UID: name + "@passeur.example", Sequence: 3, Summary: "Permanence ; « café, thé » \\o/ 😀",
			Location: "1 place de l'Exemple, Saint-Lô", Description: "Une ligne,\nune autre ; et une phrase assez longue pour être pliée, où des é è à tombent au pli",
			Start: start, End: start.Add(90 * time.Minute), Zone: name, Rule: "FREQ=WEEKLY;BYDAY=TU",
			Except: []time.Time{start.AddDate(0, 0, 21), start.AddDate(0, 0, 28)}, Stamp: start.AddDate(0, 0, -3)})
	}
	utc := time.Date(2026, 12, 1, 14, 0, 0, 0, time.UTC)
	twice := time.Date(2027, 10, 31, 1, 30, 0, 0, time.UTC) // the second 02:30 of that night in Paris
	return append(all,
		ical.Event{UID: "utc@passeur.example", Summary: "En UTC", Start: utc, End: utc.Add(time.Hour)},
		ical.Event{UID: "deux-fois@passeur.example", Summary: "L'heure qui revient", Start: twice, End: twice.Add(time.Hour), Zone: "Europe/Paris"},
		ical.Event{UID: "annule@passeur.example", Summary: "Annulé", Start: utc, End: utc, Zone: "Europe/Paris", Cancelled: true})
}

// meant is what a reader must understand of an event.
func meant(t *testing.T, e ical.Event) read {
	t.Helper()
	r := read{UID: e.UID, Sequence: e.Sequence, Summary: e.Summary, Location: e.Location, Description: e.Description,
		Status: "CONFIRMED", Zone: e.Zone, Start: e.Start.Unix(), End: e.End.Unix()}
	if e.Cancelled {
		r.Status = "CANCELLED"
	}
	if e.UID == "deux-fois@passeur.example" {
		r.Zone = ""
	}
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		t.Fatal(err)
	}
	for i := range first {
		at := e.Start.In(zone).AddDate(0, 0, 7*i)
		if e.Rule != "" && i != 3 && i != 4 {
			r.Dates = append(r.Dates, at.Unix())
		}
	}
	return r
}

// walls are hours of the clocks of each zone over three years: noon of each third week, and around each change.
func walls(events []ical.Event) map[string][]string {
	all := map[string][]string{}
	for _, name := range zones {
		zone := events[0].Start.Location()
		for _, e := range events {
			if e.Zone == name {
				zone = e.Start.Location()
			}
		}
		at := time.Date(2026, 12, 1, 12, 0, 0, 0, zone)
		until := at.AddDate(3, 0, 0)
		for t := at; t.Before(until); t = t.AddDate(0, 0, 21) {
			all[name] = append(all[name], t.Format(wall))
		}
		for t := at; ; {
			_, end := t.ZoneBounds()
			if end.IsZero() || end.After(until) {
				break
			}
			all[name] = append(all[name], end.Add(-3*time.Hour).Format(wall), end.Add(3*time.Hour).Format(wall))
			t = end.In(zone)
		}
	}
	return all
}
