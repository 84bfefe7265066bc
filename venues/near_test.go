package venues

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

func TestChoices(t *testing.T) {
	all := append(slices.Clone(sampleVenues),
		bot.Venue{ID: "pix", Services: []string{"x"}, Labels: []string{"certification pix"}, Lat: 49, Lon: -1},
		bot.Venue{ID: "msap", Types: []string{"RFS"}, Lat: 49, Lon: -1})
	ids := func(w Wants) (got []string) {
		for _, v := range all {
			if w.Fit(v) {
				got = append(got, v.ID)
			}
		}
		return got
	}
	for choice, want := range map[Choice][]string{
		PassNumerique:  {"exemple-50-3"},
		EPN:            {"exemple-50-3"},
		FranceServices: {"exemple-50-2", "msap"},
		AidantsConnect: {"exemple-50-2"},
		Pix:            {"pix"},
	} {
		w, ok := choice.Wants()
		if diff := cmp.Diff(want, ids(w)); !ok || diff != "" {
			t.Errorf("%s: %s", choice, diff)
		}
	}
	if _, ok := SolidariteNumerique.Wants(); ok {
		t.Error("a telephone is no place")
	}
	for want, w := range map[string]Wants{
		"[exemple-50-2 exemple-50-4]":              {Service: "aide aux démarches administratives"},
		"[exemple-50-1 exemple-50-2 exemple-50-4]": {OnlyFree: true},
		"[exemple-50-2]":                           {Service: "Accès internet et matériel informatique", Types: []string{"rfs"}, OnlyFree: true},
		"[]":                                       {Labels: []string{""}},
	} {
		if got := fmt.Sprint(ids(w)); got != want {
			t.Errorf("%+v: %s, want %s", w, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	at := func(id, name string, lat, lon float64, travelling bool) bot.Venue {
		return bot.Venue{ID: id, Name: name, Lat: lat, Lon: lon, Travelling: travelling}
	}
	all := []bot.Venue{at("e", "Bus", 49, -1, true), at("d", "Ecole", 49, -1, false), at("c", "Zone", 49, -1, false), at("b", "École", 49, -1, false),
		at("a", "Loin", 50, -1, false), at("z", "Nulle part", 0, 0, false)}
	got := ""
	for _, f := range Nearest(all, 49, -1, Wants{}, 10) {
		got += f.Venue.ID
	}
	if got != "bdcea" {
		t.Error(got)
	}
	// A degree of latitude on the mean sphere is 111.195 km.
	if f := Nearest(all, 49, -1, Wants{}, 5)[4]; math.Abs(f.Km-111.195) > 0.001 {
		t.Error(f.Km)
	}
	if f := Nearest(all, 49, -1, Wants{}, 0); len(f) > 0 || len(Nearest(all, 49, -1, Wants{}, -1)) > 0 || Nearest(nil, 49, -1, Wants{}, 3) != nil {
		t.Error(f)
	}
	if f := Nearest(all, math.NaN(), -1, Wants{}, 5); f != nil || Nearest(all, 49, math.Inf(1), Wants{}, 5) != nil {
		t.Error(f)
	}
}

// TestNearestByBruteForce: again and again the nearest that is left, with the law of cosines for the distance.
func TestNearestByBruteForce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var all []bot.Venue
	for i := range 500 {
		all = append(all, bot.Venue{ID: fmt.Sprint(i), Name: fmt.Sprint(rnd.IntN(50)), Lat: 41 + 10*rnd.Float64(), Lon: -5 + 14*rnd.Float64(),
			Services: []string{servicesB["accesinternetetmaterielinformatique"]}, Fees: []string{[]string{"Gratuit", "Payant"}[rnd.IntN(2)]}})
	}
	cosines := func(lat, lon float64, v bot.Venue) float64 {
		r := math.Pi / 180
		return 6371.0088 * math.Acos(min(1, math.Sin(lat*r)*math.Sin(v.Lat*r)+math.Cos(lat*r)*math.Cos(v.Lat*r)*math.Cos((v.Lon-lon)*r)))
	}
	for range 50 {
		lat, lon := 41+10*rnd.Float64(), -5+14*rnd.Float64()
		left := slices.DeleteFunc(slices.Clone(all), func(v bot.Venue) bool { return v.Fees[0] != "Gratuit" })
		for i, f := range Nearest(all, lat, lon, Wants{Service: "Accès internet et matériel informatique", OnlyFree: true}, 20) {
			best := 0
			for j := range left {
				if cosines(lat, lon, left[j]) < cosines(lat, lon, left[best]) {
					best = j
				}
			}
			if f.Venue.ID != left[best].ID || math.Abs(f.Km-cosines(lat, lon, left[best])) > 1e-4 {
				t.Fatalf("place %d: %s at %v, want %s", i, f.Venue.ID, f.Km, left[best].ID)
			}
			left = slices.Delete(left, best, best+1)
		}
	}
}
