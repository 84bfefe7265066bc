package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"passeur/bot"
	"passeur/intents"
)

// manche are the communes of the département.
func manche(t testing.TB, g *intents.Gazetteer) []intents.Commune {
	t.Helper()
	var all []intents.Commune
	for code := 50001; code < 50700; code++ {
		if c, ok := g.ByCode(fmt.Sprint(code)); ok {
			all = append(all, c)
		}
	}
	if len(all) < 440 {
		t.Fatalf("%d communes", len(all))
	}
	return all
}

// weekly is a permanence of the test: one hour a week, or two weeks, on a day, in a commune.
type weekly struct {
	id    string
	place intents.Commune
	first time.Time // of its first session
	every int       // weeks
}

// next is its session at or after an instant, by counting on from the first one: on the wall clock.
func (w weekly) next(at time.Time) time.Time {
	s := w.first
	for !s.Add(time.Hour).After(at) {
		s = time.Date(s.Year(), s.Month(), s.Day()+7*w.every, s.Hour(), s.Minute(), 0, 0, s.Location())
	}
	return s
}

var weekdayCode = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// sow writes n permanences spread over the communes.
func sow(t testing.TB, h *house, all []intents.Commune, n int, now time.Time) []weekly {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	zone := h.bot.Zone("50")
	var out []weekly
	c := bot.Change{Now: now}
	for i := range n {
		first := time.Date(now.Year(), now.Month(), now.Day()+r.IntN(14), 8+r.IntN(9), 30*r.IntN(2), 0, 0, zone)
		w := weekly{fmt.Sprintf("m%03d", i), all[r.IntN(len(all))], first, 1 + r.IntN(2)}
		start := bot.Clock(first.Hour()*60 + first.Minute())
		body, err := json.Marshal(bot.Permanence{V: 1, Owner: "p1", Where: "mairie de " + w.place.Name, Place: "50/" + w.place.Code, From: start, To: start + 60,
			When: bot.Recurrence{Rule: fmt.Sprintf("FREQ=WEEKLY;INTERVAL=%d;BYDAY=%s", w.every, weekdayCode[first.Weekday()]), First: first.Format(time.DateOnly), OnHolidays: true}})
		if err != nil {
			t.Fatal(err)
		}
		c.Records = append(c.Records, bot.Record{Kind: "permanence", ID: w.id, Owner: "p1", Place: "50/" + w.place.Code, State: "open", At: first, Body: body})
		out = append(out, w)
	}
	if err := h.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return out
}

// chord is the distance of two communes by the chord between them, not by the formula that the bot uses.
func chord(a, b intents.Commune) float64 {
	point := func(c intents.Commune) [3]float64 {
		lat, lon := c.Lat*math.Pi/180, c.Lon*math.Pi/180
		return [3]float64{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
	}
	p, q := point(a), point(b)
	d := math.Sqrt(math.Pow(p[0]-q[0], 2) + math.Pow(p[1]-q[1], 2) + math.Pow(p[2]-q[2], 2))
	return 2 * 6371 * math.Asin(d/2)
}

// TestNearest compares what people are told with a look at all permanences, from each commune, at several moments of the year.
func TestNearest(t *testing.T) {
	t.Parallel()
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	all := manche(t, h.bot.Gazetteer)
	now := time.Date(2026, 9, 1, 7, 0, 0, 0, time.UTC)
	sown := sow(t, h, all, 60, now)
	wrong := 0
	for _, at := range []time.Time{now, now.AddDate(0, 0, 30), time.Date(2026, 10, 24, 10, 30, 0, 0, time.UTC), time.Date(2027, 3, 27, 23, 0, 0, 0, time.UTC)} {
		for _, from := range all {
			got, err := h.bot.Nearest(t.Context(), from.Code, at, 3)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.Clone(sown)
			slices.SortFunc(want, func(a, b weekly) int {
				if da, db := chord(from, a.place), chord(from, b.place); math.Abs(da-db) > 1e-6 {
					return int(math.Copysign(1, da-db))
				}
				return a.next(at).Compare(b.next(at))
			})
			for i, w := range want[:3] {
				if chord(from, w.place) > 60 {
					want = want[:i]
					break
				}
			}
			want = want[:min(3, len(want))]
			if !slices.EqualFunc(got, want, func(g bot.Nearby, w weekly) bool {
				return g.Start.Equal(w.next(at)) && math.Abs(g.Km-chord(from, w.place)) < 1e-6 && g.Place == "50/"+w.place.Code
			}) {
				wrong++
				t.Errorf("from %s at %s: %+v, want %+v", from.Name, at, got, want)
			}
		}
	}
	fmt.Printf("bar nearest_wrong %d\n", wrong)
}

// benchNearest asks from every commune of the Manche where and when the next permanences are, among as many as a département has.
func benchNearest(t *testing.T, b *bars) {
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	all := manche(t, h.bot.Gazetteer)
	now := time.Date(2026, 9, 1, 7, 0, 0, 0, time.UTC)
	const permanences = 120
	sow(t, h, all, permanences, now)
	var took, bare []time.Duration
	at := now.AddDate(0, 0, 9)
	for range 5 {
		for _, from := range all {
			began := time.Now()
			if near, err := h.bot.Nearest(t.Context(), from.Code, at, 3); err != nil || len(near) != 3 {
				t.Fatalf("%s: %+v, %v", from.Name, near, err)
			}
			took = append(took, time.Since(began))
			began = time.Now()
			if _, err := h.store.Find(t.Context(), bot.Query{Kind: "permanence", Place: "50", State: "open"}); err != nil {
				t.Fatal(err)
			}
			bare = append(bare, time.Since(began))
		}
	}
	slices.Sort(took)
	slices.Sort(bare)
	p := func(all []time.Duration, share float64) time.Duration { return all[int(share*float64(len(all)-1))] }
	fmt.Printf("\n%d communes, %d permanences, three nearest: p50 %s, p99 %s, worst %s; reading their records alone: p50 %s, p99 %s\n", len(all), permanences,
		p(took, 0.5), p(took, 0.99), took[len(took)-1], p(bare, 0.5), p(bare, 0.99))
	b.add("nearest_p99_us", float64(p(took, 0.99).Microseconds()))
}
