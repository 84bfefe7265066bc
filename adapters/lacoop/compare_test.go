package lacoop

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"passeur/bot"
	"passeur/intents"
)

// ours is a report by its number: of a day of December, minutes, people and a commune.
func ours(number, form, day, duration, people, insee string) bot.Report {
	r := report(form, "date", "2026-12-"+day, "duree", duration, "personnes", people)
	r.Number, r.Commune = number, intents.Commune{Code: insee}
	return r
}

// had is an activity that La Coop has.
func had(id, form, day string, minutes int, insee string) Remote {
	return Remote{ID: id, Type: form, Date: "2026-12-" + day, Minutes: minutes, INSEE: insee}
}

// told is a comparison in a line.
func told(c Comparison) string {
	var here, there []string
	for _, r := range c.OnlyHere {
		here = append(here, r.Number)
	}
	for _, r := range c.OnlyThere {
		there = append(there, r.ID)
	}
	return fraction(c.Both, len(here)+len(there)) + " here " + strings.Join(here, ",") + " there " + strings.Join(there, ",")
}

func TestCompare(t *testing.T) {
	distant := ours("1", "individuel", "04", "30", "1", "50502")
	distant.Values["type_lieu"] = "a_distance"
	for _, c := range []struct {
		name  string
		here  []bot.Report
		there []Remote
		want  string
	}{
		{"nothing", nil, nil, "0/0 here  there "},
		{"the same", []bot.Report{ours("1", "individuel", "04", "30", "1", "50502")}, []Remote{had("a", "individuel", "04", 30, "50502")}, "1/0 here  there "},
		{"a commune that one knows", []bot.Report{ours("1", "individuel", "04", "30", "1", "50502")}, []Remote{had("a", "individuel", "04", 30, "")}, "1/0 here  there "},
		{"a commune that the other knows", []bot.Report{ours("1", "individuel", "04", "30", "1", "")}, []Remote{had("a", "individuel", "04", 30, "50502")}, "1/0 here  there "},
		{"another commune", []bot.Report{ours("1", "individuel", "04", "30", "1", "50502")}, []Remote{had("a", "individuel", "04", 30, "50129")}, "0/2 here 1 there a"},
		{"her employer's commune", []bot.Report{distant}, []Remote{had("a", "individuel", "04", 30, "50129")}, "1/0 here  there "},
		{"another day, type, duration", []bot.Report{ours("1", "individuel", "04", "30", "1", "")}, []Remote{had("a", "individuel", "05", 30, ""), had("b", "collectif", "04", 30, ""), had("c", "individuel", "04", 45, "")},
			"0/4 here 1 there b,c,a"},
		{"twice here", []bot.Report{ours("10", "individuel", "04", "30", "1", ""), ours("9", "individuel", "04", "30", "1", "")}, []Remote{had("a", "individuel", "04", 30, "")}, "1/1 here 10 there "},
		{"several people", []bot.Report{ours("1", "individuel", "04", "100", "3", "")}, []Remote{had("a", "individuel", "04", 33, ""), had("b", "individuel", "04", 33, ""), had("c", "individuel", "04", 33, "")}, "3/0 here  there "},
		{"several people of whom one is missing", []bot.Report{ours("1", "individuel", "04", "90", "3", "")}, []Remote{had("a", "individuel", "04", 30, ""), had("b", "individuel", "04", 30, "")}, "2/1 here 1 there "},
		{"a workshop is one", []bot.Report{ours("1", "collectif", "04", "90", "3", "")}, []Remote{had("a", "collectif", "04", 90, "")}, "1/0 here  there "},
		{"the like of which they have none", []bot.Report{ours("1", "animation", "04", "90", "1", "")}, []Remote{had("a", "ponctuel", "04", 90, "")}, "0/0 here  there "},
		{"one ID twice", []bot.Report{ours("1", "individuel", "04", "30", "1", "")}, []Remote{had("a", "individuel", "04", 30, ""), had("a", "individuel", "04", 45, "")}, "1/0 here  there "},
		{"no day", []bot.Report{ours("1", "individuel", "40", "30", "1", "")}, []Remote{had("a", "individuel", "04", 30, "")}, "0/2 here 1 there a"},
		{"who fits nothing else goes first", []bot.Report{ours("1", "individuel", "04", "30", "1", ""), ours("2", "individuel", "04", "30", "1", "50502"), ours("3", "individuel", "04", "30", "1", "50129")},
			[]Remote{had("a", "individuel", "04", 30, ""), had("b", "individuel", "04", 30, "50129"), had("c", "individuel", "04", 30, "50218")}, "3/0 here  there "},
	} {
		if got := told(Compare(c.here, c.there)); got != c.want {
			t.Errorf("%s: %s, not %s", c.name, got, c.want)
		}
	}
}

// TestCompareAsMany: as many pairs as there can be at all, whatever the order in which both lists come.
func TestCompareAsMany(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 26))
	communes := []string{"", "", "50502", "50129", "50218"}
	for range 300 {
		var here []bot.Report
		var there []Remote
		for i := range r.IntN(7) {
			here = append(here, ours(string(rune('1'+i)), "individuel", "04", "30", "1", communes[r.IntN(5)]))
		}
		for i := range r.IntN(7) {
			there = append(there, had(string(rune('a'+i)), "individuel", "04", 30, communes[r.IntN(5)]))
		}
		got := Compare(here, there)
		if most := mostPairs(here, there); got.Both != most || got.Both+len(got.OnlyHere) != len(here) || got.Both+len(got.OnlyThere) != len(there) {
			t.Fatalf("%d pairs, of %d: %s", got.Both, most, told(got))
		}
		r.Shuffle(len(here), func(i, j int) { here[i], here[j] = here[j], here[i] })
		r.Shuffle(len(there), func(i, j int) { there[i], there[j] = there[j], there[i] })
		if again := told(Compare(here, there)); again != told(got) {
			t.Fatalf("%s, and in another order %s", told(got), again)
		}
	}
}

// mostPairs tries all ways to pair.
func mostPairs(here []bot.Report, there []Remote) int {
	if len(here) == 0 {
		return 0
	}
	most := mostPairs(here[1:], there)
	for i, o := range there {
		if c := here[0].Commune.Code; c == o.INSEE || c == "" || o.INSEE == "" {
			most = max(most, 1+mostPairs(here[1:], slices.Concat(there[:i], there[i+1:])))
		}
	}
	return most
}
