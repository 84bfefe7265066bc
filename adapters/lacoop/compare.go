package lacoop

import (
	"cmp"
	"maps"
	"slices"

	"passeur/bot"
)

// Comparison is what is here and what La Coop has, held against each other.
type Comparison struct {
	Both      int          // activities that are in both, counted as La Coop counts them
	OnlyHere  []bot.Report // of which La Coop has not all, by day, then number
	OnlyThere []Remote     // by day, then ID
}

// Compare holds reports against the activities of La Coop. Nothing links the two, so they are matched by what they say: an activity of the same day and type,
// of as many minutes, and of the same commune if both have one; two of the same need two. Several people who were helped one after the other are as many
// activities in La Coop, of their part of the time (see Links.To): a report of which some are missing there is among OnlyHere. Only individual reports and
// workshops are compared, since the API has no others; an activity that comes twice under one ID counts once.
//
// So it can be wrong: who corrected the day, the duration or the commune while saving makes one in each list; who rounded the parts of several people
// otherwise, as many; two counsellors who did the same on the same day are taken for one another where La Coop tells no commune, as of its own places; the
// arrondissements of Paris, Lyon and Marseille are not their commune. And the API gives what the whole country did: the caller gives this function only the
// activities of those whose reports it gives, by Remote.Author, and both of the same days.
func Compare(here []bot.Report, there []Remote) Comparison {
	here, there = compared(here), once(there)
	groups := map[likeness]group{}
	for i, r := range here {
		g, at := groupOf(groups, likeness{day(r), r.Form, minutes(r)}), commune(r)
		g.here[at] = append(g.here[at], slices.Repeat([]int{i}, copies(r))...)
	}
	for i, r := range there {
		g := groupOf(groups, likeness{r.Date, r.Type, r.Minutes})
		g.there[r.INSEE] = append(g.there[r.INSEE], i)
	}
	var c Comparison
	var left, missing []int
	for _, g := range groups {
		c.Both += g.match()
		left = append(left, positions(g.here)...)
		missing = append(missing, positions(g.there)...)
	}
	slices.Sort(left)
	slices.Sort(missing)
	for _, i := range slices.Compact(left) {
		c.OnlyHere = append(c.OnlyHere, here[i])
	}
	for _, i := range missing {
		c.OnlyThere = append(c.OnlyThere, there[i])
	}
	return c
}

// compared are the reports of which La Coop's API has the like, by day and number.
func compared(reports []bot.Report) []bot.Report {
	kept := slices.DeleteFunc(slices.Clone(reports), func(r bot.Report) bool { return r.Form != individual && r.Form != collective })
	slices.SortStableFunc(kept, func(a, b bot.Report) int { return cmp.Or(cmp.Compare(day(a), day(b)), numbers(a.Number, b.Number)) })
	return kept
}

// numbers compares numbers as people count: 9 before 10.
func numbers(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }

// once are the activities that can be compared, each once, by day and ID.
func once(all []Remote) []Remote {
	kept := slices.DeleteFunc(slices.Clone(all), func(r Remote) bool { return r.Type != individual && r.Type != collective })
	slices.SortStableFunc(kept, func(a, b Remote) int { return cmp.Compare(a.ID, b.ID) })
	kept = slices.CompactFunc(kept, func(a, b Remote) bool { return a.ID == b.ID }) // the first is the last state
	slices.SortStableFunc(kept, func(a, b Remote) int { return cmp.Compare(a.Date, b.Date) })
	return kept
}

// copies is how many activities of La Coop a report is.
func copies(r bot.Report) int {
	if r.Form == individual {
		return people(r)
	}
	return 1
}

// commune is where La Coop says that a report's activity was; "" when it may say anything: at a distance it is her employer's.
func commune(r bot.Report) string {
	if r.Values["type_lieu"] == "a_distance" {
		return ""
	}
	return r.Commune.Code
}

// likeness is what two activities must share to be one.
type likeness struct {
	day, form string
	minutes   int
}

// group are the activities of one likeness, by commune: positions in both lists, several times for several people.
type group struct{ here, there map[string][]int }

// groupOf finds a group, or makes it.
func groupOf(groups map[likeness]group, l likeness) group {
	g, ok := groups[l]
	if !ok {
		g = group{map[string][]int{}, map[string][]int{}}
		groups[l] = g
	}
	return g
}

// match pairs as many as can be: those of one commune first, then those whose commune only one list knows, since they fit nothing else; those of no commune
// last. It returns how many pairs there are, and leaves what has no pair.
func (g group) match() (pairs int) {
	known := slices.DeleteFunc(slices.Sorted(maps.Keys(g.here)), func(c string) bool { return c == "" })
	for _, c := range known {
		pairs += g.pair(c, c)
	}
	for _, c := range known {
		pairs += g.pair(c, "")
	}
	for _, c := range slices.Backward(slices.Sorted(maps.Keys(g.there))) { // none last
		pairs += g.pair("", c)
	}
	return pairs
}

// pair pairs what is of one commune here with what is of another one there.
func (g group) pair(here, there string) int {
	n := min(len(g.here[here]), len(g.there[there]))
	g.here[here], g.there[there] = g.here[here][n:], g.there[there][n:]
	return n
}

// positions are all that a side of a group holds.
func positions(side map[string][]int) (all []int) {
	for _, of := range side {
		all = append(all, of...)
	}
	return all
}
