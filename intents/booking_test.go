package intents

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"passeur/intents/intentstest"
)

// bookingCase is a block of testdata/bookings.txt.
type bookingCase struct {
	text string
	want map[string]string
}

func bookingCases(t testing.TB) []bookingCase {
	t.Helper()
	raw, err := os.ReadFile("testdata/bookings.txt")
	if err != nil {
		t.Fatal(err)
	}
	var cases []bookingCase
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "  "):
			part, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
			if !ok {
				t.Fatalf("bookings.txt: %q is no part", line)
			}
			cases[len(cases)-1].want[part] = value
		default:
			cases = append(cases, bookingCase{line, map[string]string{}})
		}
	}
	return cases
}

var knownPlaces = []Place{
	{"Mairie de Coutances", "50147"}, {"Médiathèque de Coutances", "50147"}, {"Mairie de Périers", "50394"},
	{"France Services Lessay", "50267"}, {"CMS de Carentan", "50099"},
}

func manche(t testing.TB) *Gazetteer {
	t.Helper()
	g, err := NewGazetteer([]string{"50"})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestReadBooking(t *testing.T) {
	g := manche(t)
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	cases := bookingCases(t)
	if len(cases) < 60 {
		t.Fatalf("%d sentences in bookings.txt", len(cases))
	}
	for _, c := range cases {
		got := shown(g.ReadBooking(c.text, now, knownPlaces))
		for _, part := range []string{"phones", "phone error", "when", "name", "number", "place", "communes", "told"} {
			want := c.want[part]
			if part == "phone error" && want != "" && strings.Contains(got[part], want) {
				continue
			}
			if got[part] != want {
				t.Errorf("%q: %s: %q, want %q", c.text, part, got[part], want)
			}
		}
	}
}

// shown writes a booking as bookings.txt does.
func shown(b Booking) map[string]string {
	m := map[string]string{"name": b.Name, "place": b.PlaceText, "told": b.Told}
	var list []string
	for _, p := range b.Phones {
		list = append(list, p.E164)
	}
	m["phones"] = strings.Join(list, ",")
	if b.PhoneErr != nil {
		m["phone error"] = b.PhoneErr.Error()
	}
	if b.Number > 0 {
		m["number"] = fmt.Sprint(b.Number)
	}
	list = nil
	for _, c := range b.Communes {
		list = append(list, c.Code)
	}
	m["communes"] = strings.Join(list, ",")
	list = nil
	for _, w := range b.Whens {
		list = append(list, w.String())
	}
	m["when"] = strings.Join(list, " | ")
	return m
}
