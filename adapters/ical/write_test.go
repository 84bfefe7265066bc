package ical

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

// TestWrite pins what is written, character for character: testdata/written.ics, with the line ends of Windows.
func TestWrite(t *testing.T) {
	paris := zoneNamed(t, "Europe/Paris")
	start := time.Date(2026, 12, 1, 14, 0, 0, 0, paris)
	c := Calendar{Name: "Permanences, Manche", Events: []Event{{
		UID: "permanence-1@passeur.example", Sequence: 2, Summary: "Permanence ; mairie", Location: "1 place de l'Exemple, Saint-Lô",
		Description: "Apportez :\nvotre téléphone, et de quoi écrire si vous voulez garder les étapes sur papier \\o/",
		Start:       start, End: start.Add(3 * time.Hour), Zone: "Europe/Paris", Rule: "FREQ=WEEKLY;BYDAY=TU",
		Except: []time.Time{start.AddDate(0, 0, 21)}, Stamp: time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC),
	}, {UID: "rdv-2@passeur.example", Start: start.AddDate(0, 1, 0), Zone: "Indian/Reunion", Cancelled: true}}}
	want, err := os.ReadFile("testdata/written.ics")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\n", "\r\n"), string(written(t, c))); diff != "" {
		t.Error(diff)
	}
}

func written(t testing.TB, c Calendar) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWriteRefuses: what would be no calendar is an error, and nothing is written.
func TestWriteRefuses(t *testing.T) {
	good := Event{UID: "u", Start: today, Zone: "Europe/Paris"}
	for name, change := range map[string]func(*Event){
		"no UID":         func(e *Event) { e.UID = "\r\n" },
		"no start":       func(e *Event) { e.Start = time.Time{} },
		"end first":      func(e *Event) { e.End = e.Start.Add(-time.Second) },
		"no zone":        func(e *Event) { e.Zone = "Europe/Exemple" },
		"Local":          func(e *Event) { e.Zone = "Local" },
		"rule":           func(e *Event) { e.Rule = "FREQ=PARFOIS" },
		"smuggled lines": func(e *Event) { e.Rule = "FREQ=DAILY\r\nSUMMARY:x" },
	} {
		e := good
		change(&e)
		var b bytes.Buffer
		if err := Write(&b, Calendar{Events: []Event{good, e}}); err == nil || b.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", name, err, b.Len())
		}
	}
}

// TestZonesWritten: a VTIMEZONE says what the zone does, by rules where it has some, else change by change. It is read back by its
// offsets alone, under a name that nobody knows.
func TestZonesWritten(t *testing.T) {
	for zone, rules := range map[string]int{
		"Europe/Paris": 2, "Europe/London": 2, "America/New_York": 2, "America/Miquelon": 2, "Australia/Sydney": 2,
		"Indian/Reunion": 0, "Asia/Kolkata": 0, "Pacific/Marquesas": 0, "America/Cayenne": 0, "UTC": 0, "Africa/Casablanca": 0,
	} {
		e := Event{UID: "u", Summary: "x", Start: time.Date(2027, 7, 1, 12, 0, 0, 0, time.UTC), Zone: zone, Rule: "FREQ=DAILY"}
		text := string(written(t, Calendar{Events: []Event{e}}))
		if got := strings.Count(text, "RRULE:FREQ=YEARLY"); got != rules {
			t.Errorf("%s: %d rules, want %d", zone, got, rules)
		}
		if zone == "UTC" || zone == "Africa/Casablanca" { // nothing to read back; changes that no rule says
			continue
		}
		text = strings.ReplaceAll(text, zone, "Un fuseau")
		entries, problems, err := Parse(strings.NewReader(text), today, zoneNamed(t, "Europe/Paris"))
		if err != nil || len(entries) != 1 || !entries[0].Start.Equal(e.Start) {
			t.Errorf("%s: %v %v %v", zone, entries, problems, err)
		}
	}
}

var (
	someZones = []string{"Europe/Paris", "Indian/Reunion", "America/Martinique", "America/Miquelon", "Pacific/Noumea", "Africa/Casablanca", "UTC", "Australia/Lord_Howe"}
	someRules = []string{"", "", "FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=-1MO;COUNT=5", "FREQ=DAILY;UNTIL=20400101T000000Z"}
	someText  = []rune("aé€😀 ,;\\:\"'\n\tœ\u00a0漢")
)

// randomEvent is any event that says something about the years to come: half of them begin near a change of clocks.
func randomEvent(r *rand.Rand, i int) Event {
	zone := someZones[r.IntN(len(someZones))]
	at := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(3*365*24*60)) * time.Minute)
	if loc := load(zone); r.IntN(2) == 0 {
		if near := transitions(loc, at, at.AddDate(1, 0, 0)); len(near) > 0 {
			at = near[r.IntN(len(near))].at.Add(time.Duration(r.IntN(6*60)-3*60) * time.Minute)
		}
	}
	e := Event{UID: fmt.Sprintf("%d@passeur.example", i), Sequence: r.IntN(4), Summary: randomText(r), Location: randomText(r), Description: randomText(r),
		Start: at, End: at.Add(time.Duration(r.IntN(48*60)) * time.Minute), Zone: zone, Rule: someRules[r.IntN(len(someRules))], Cancelled: r.IntN(5) == 0}
	if e.Rule != "" && !wallIn(at.In(load(zone)), load(zone)).Equal(at) {
		e.Rule = "" // the second of two hours: said in UTC, and only once
	}
	for range r.IntN(3) {
		if e.Rule != "" {
			e.Except = append(e.Except, at.AddDate(0, 0, 7*(1+r.IntN(20))))
		}
	}
	return e
}

func randomText(r *rand.Rand) string {
	text := make([]rune, r.IntN(200))
	for i := range text {
		text[i] = someText[r.IntN(len(someText))]
	}
	return string(text)
}

// told is what Parse must make of an event.
func told(e Event, own *time.Location) bot.FeedEntry {
	zone := load(e.Zone)
	if e.Rule == "" && (zone.String() == "UTC" || !wallIn(e.Start.In(zone), zone).Equal(e.Start)) {
		zone = own
	}
	got := bot.FeedEntry{UID: e.UID, Sequence: e.Sequence, Summary: clean(e.Summary, maxText), Location: clean(e.Location, maxText),
		Start: e.Start.In(zone), End: e.End.In(zone), Zone: zone.String(), Rule: e.Rule, Gone: e.Cancelled}
	for _, t := range e.Except {
		got.Except = append(got.Except, t.In(load(e.Zone)).Format(time.DateOnly))
	}
	slices.Sort(got.Except)
	got.Except = slices.Compact(got.Except)
	return got
}

// TestRoundTrip: what is written is read as it was meant, whatever the text, the zone and the clocks.
func TestRoundTrip(t *testing.T) {
	paris := zoneNamed(t, "Europe/Paris")
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		c := Calendar{Name: randomText(r)}
		var want []string
		for i := range 50 {
			e := randomEvent(r, i)
			c.Events = append(c.Events, e)
			want = append(want, show(told(e, paris)))
		}
		text := written(t, c)
		checkLines(t, text)
		entries, problems, err := Parse(bytes.NewReader(text), today, paris)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, showAll(entries, problems)); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
}

func checkLines(t *testing.T, text []byte) {
	t.Helper()
	for l := range bytes.SplitSeq(bytes.TrimSuffix(text, []byte("\r\n")), []byte("\r\n")) {
		if len(l) > foldAt || !utf8.Valid(l) || bytes.ContainsAny(l, "\r\n\x00") {
			t.Fatalf("line %q", l)
		}
	}
}

// FuzzWrite: whatever texts say, a calendar has the lines that it should have.
func FuzzWrite(f *testing.F) {
	f.Add("résumé, \\n", "lieu\r\nEND:VEVENT", "\xff\x00")
	f.Add("", "a;b", strings.Repeat("é", 100))
	f.Fuzz(func(t *testing.T, summary, location, name string) {
		e := Event{UID: "u", Summary: summary, Location: location, Description: name, Start: today, Zone: "Europe/Paris"}
		text := written(t, Calendar{Name: name, Events: []Event{e}})
		checkLines(t, text)
		entries, problems, err := Parse(bytes.NewReader(text), today, time.UTC)
		if err != nil || len(entries) != 1 || len(problems) > 0 {
			t.Fatal(entries, problems, err)
		}
		if want := clean(strings.ToValidUTF8(strings.ReplaceAll(summary, "\r\n", "\n"), ""), maxText); entries[0].Summary != want {
			t.Errorf("got %q, want %q", entries[0].Summary, want)
		}
	})
}
