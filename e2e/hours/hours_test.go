// Package hours compares how we read opening hours with npm's opening_hours, the evaluator that OpenStreetMap's own tools use: what both
// say is open is not only our idea of the specification.
package hours

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/e2e/peers"
	"passeur/venues"
)

// holidays are the public holidays of metropolitan France in 2026 and 2027 (Code du travail, article L3133-1).
var holidays = []string{"2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14", "2026-08-15", "2026-11-01",
	"2026-11-11", "2026-12-25", "2027-01-01", "2027-03-29", "2027-05-01", "2027-05-06", "2027-05-08", "2027-05-17", "2027-07-14", "2027-08-15", "2027-11-01",
	"2027-11-11", "2027-12-25"}

// written are hours as the directory has them, and what is hard in the language.
var written = []string{
	"Tu-Fr 10:00-18:00; Sa 10:00-17:00", "Mo-Fr 09:00-12:30,13:30-17:00", "We 14:00-18:00; Sa 09:00-12:00", "PH off; Tu 09:00-12:00", "week 1-53/2 Th 14:00-17:00",
	"Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-17:00; PH off", "Mo,We 14:00-18:00", "24/7", "off", "Jul-Aug Mo 10:00-12:00", "Tu[1] 09:00-12:00",
	`Mo-Fr 09:00-12:00 "sur rendez-vous"`, `"sur rendez-vous"`, "Tu[1,3] 09:00-12:00", "Tu[-1] 09:00-12:00", "Fr[2-4] 09:00-12:00; PH off", "Fr-Mo 09:00-12:00",
	"Nov-Feb Mo-Fr 09:00-12:00", "Mo-Fr 09:00-18:00; Aug off", "Mo-Fr 09:00-18:00; Dec 24-Jan 2 off", "Mo-Fr 09:00-18:00; Dec 24-26 off \"congés\"",
	"week 2-52/2 We 09:00-12:00", "week 1,5,10-20 We 09:00-12:00", "Mo-Fr 09:00-18:00; We 12:00-14:00 off", "Mo-Fr 09:00-12:00, We 14:00-18:00",
	"Mo-Fr 09:00-12:00, We 11:00-18:00; PH 10:00-11:00", "Sa,Su,PH 10:00-12:00", "Su,PH off", "Mo-Fr 09:00-17:00; Su,PH off", "PH,Mo 10:00-12:00", "24/7; Su off",
	"Mo-Su 10:00-24:00", "Mo 20:00-00:00", "10:00-12:00; Dec 25 off", "Jul 14-Aug 15 Mo-Fr 10:00-12:00", "Jul-Aug: Mo-Fr 10:00-12:00", "Feb 29 10:00-12:00",
	"Jan,Mar-May,Dec 1-15 Th 10:00-12:00", "Mo-Fr closed; We 10:00-12:00", "Mo-Fr open; We 10:00-12:00", "Dec 24 week 52 Th 10:00-12:00", "open; Mo off",
}

// random are hours made by the grammar that venues.ParseHours reads, n of them, always the same.
func random(n int) []string {
	r := rand.New(rand.NewPCG(20, 26))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	rule := func() string {
		when := pick("", "", "", "", "Jul-Aug ", "Oct-Feb ", "Sep ", "Dec 20-Jan 4 ", "May 8 ") + pick("", "", "", "week 1-53/2 ", "week 2-52/2 ", "week 10-30 ", "week 53 ")
		days := pick("Mo-Fr", "Mo", "Tu,Th", "Sa-Su", "Fr-Tu", "We[1]", "We[-1]", "Th[2,4]", "Sa,PH", "PH", "Mo-Su")
		from := 7 + r.IntN(6)
		return when + days + pick(
			" off", " off", fmt.Sprintf(" %02d:00-%02d:30", from, from+1+r.IntN(8)), fmt.Sprintf(" %02d:15-12:45,%02d:00-19:00", 7+r.IntN(5), 13+r.IntN(5)),
			fmt.Sprintf(" %02d:00-%02d:00 off", from, from+2), "")
	}
	var all []string
	for range n {
		s := rule()
		for range r.IntN(4) {
			s += pick("; ", "; ", ", ")
			s += rule()
		}
		if _, err := venues.ParseHours(s); err == nil {
			all = append(all, s)
		}
	}
	return all
}

var first, last = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)

// theirs asks npm's opening_hours: for each value the intervals of each day, by the days since the first; nil where
// it refuses what the specification allows, several "Th[2,4]" in a month range for instance.
func theirs(t *testing.T, values []string) []map[int][]venues.Span {
	t.Helper()
	var in bytes.Buffer
	for _, v := range values {
		line, err := json.Marshal(map[string]string{"value": v, "from": first.Format(time.DateOnly), "to": last.Format(time.DateOnly)})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	cmd := peers.Node(t, "hours.mjs")
	if _, err := os.Stat(filepath.Join(cmd.Dir, "node_modules", "opening_hours")); err != nil {
		peers.Missing(t, "opening_hours is not among the packages of e2e/node: run make peers")
	}
	cmd.Stdin, cmd.Env = &in, append(os.Environ(), "TZ=UTC")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var all []map[int][]venues.Span
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var said struct {
			Open  [][4]any
			Error string
		}
		if err := dec.Decode(&said); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if said.Error != "" {
			t.Logf("%s: their reader says %s", values[len(all)], said.Error)
			all = append(all, nil)
			continue
		}
		all = append(all, days(said.Open))
	}
	if len(all) != len(values) {
		t.Fatalf("%d answers to %d questions", len(all), len(values))
	}
	return all
}

func days(open [][4]any) map[int][]venues.Span {
	byDay := map[int][]venues.Span{}
	for _, o := range open {
		day := int(o[0].(float64))
		byDay[day] = append(byDay[day], venues.Span{From: int(o[1].(float64)), To: int(o[2].(float64)), Note: o[3].(string)})
	}
	return byDay
}

// joined leaves the notes out where they differ by design (npm's library calls a holiday by its name), and joins what then touches.
func joined(spans []venues.Span, notes bool) []venues.Span {
	var out []venues.Span
	for _, s := range spans {
		if !notes {
			s.Note = ""
		}
		if n := len(out) - 1; n >= 0 && out[n].To == s.From && out[n].Note == s.Note {
			out[n].To = s.To
			continue
		}
		out = append(out, s)
	}
	return out
}

func TestHours(t *testing.T) {
	values := append(slices.Clone(written), random(400)...)
	compared, refused := 0, 0
	for i, all := range theirs(t, values) {
		if all == nil {
			refused++
			continue
		}
		h, err := venues.ParseHours(values[i])
		if err != nil {
			t.Errorf("%s: %v", values[i], err)
			continue
		}
		notes := strings.Contains(values[i], `"`) && !strings.Contains(values[i], "PH")
		for n, day := 0, first; day.Before(last); n, day = n+1, day.AddDate(0, 0, 1) {
			ours := h.Open(day, slices.Contains(holidays, day.Format(time.DateOnly)))
			if diff := cmp.Diff(joined(all[n], notes), joined(ours, notes)); diff != "" {
				t.Errorf("%s on %s: %s", values[i], day.Format("Mon 2006-01-02"), diff)
				break
			}
			compared++
		}
	}
	t.Logf("%d values, %d days, %d values that their reader refuses", len(values), compared, refused)
	if refused > len(values)/10 {
		t.Error("too few values were compared")
	}
}
