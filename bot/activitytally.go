package bot

import (
	"cmp"
	"slices"
	"strings"
)

// Figures of activities, kept in the commit of each: by who noted it and by the territory where it was. They live on when activities are erased.

// The figures: Owner is a person or a territory, Month that of the day of the activity.
const (
	activityTally = "activity"

	byForm     = "fiches"    // activities, by form
	byHelp     = "personnes" // accompaniments, by form: a workshop of six is six
	byKnown    = "deja"      // of these, people who had come before: "oui"
	bySubject  = "theme"     // accompaniments, by theme and procedure
	byPlace    = "lieu"      // accompaniments, by kind of place
	byCommune  = "commune"   // accompaniments, by INSEE code
	byTime     = "temps"     // minutes, by where: see whereSpent
	byLength   = "duree"     // activities, by how long they took: see activitySpells
	byRedirect = "oriente"   // accompaniments that were directed elsewhere, by kind of structure; "oui" nobody said where
	byDay      = "jour"      // activities, by day of the month; of persons only
)

// activitySpells are the upper bounds of durations, in minutes, as La Coop groups them; the last has none.
var activitySpells = []int{30, 60, 120, 0}

// Where working time is spent.
const (
	timeAway   = "delocalise" // in a permanence away from the office
	timeOffice = "bureau"
	timeHome   = "domicile"
	timeRemote = "distance"
	timeOther  = "ailleurs"
)

// countActivity counts an activity, or with -1 takes it out again.
func (t *Turn) countActivity(a activity, sign int64) {
	month, day, _ := cutMonth(a.Values[activityDay])
	owners := []string{t.MeID}
	if a.Home != "" {
		owners = append(owners, a.Home)
	}
	for i, owner := range owners {
		for _, c := range a.cells() {
			c.Kind, c.Owner, c.Month, c.N = activityTally, owner, month, sign*c.N
			t.change.Tally = append(t.change.Tally, c)
		}
		if i == 0 {
			t.change.Tally = append(t.change.Tally, Count{Kind: activityTally, Owner: owner, Month: month, Dimension: byDay, Value: day, N: sign})
		}
	}
}

// cutMonth cuts "2026-12-04" into its month and its day.
func cutMonth(date string) (month, day string, ok bool) {
	if len(date) != len(dayLayout) {
		return "", "", false
	}
	return date[:7], date[8:], true
}

// cells are what an activity counts for.
func (a *Activity) cells() (cells []Count) {
	add := func(dimension, value string, n int) {
		if value != "" && n > 0 {
			cells = append(cells, Count{Dimension: dimension, Value: value, N: int64(n)})
		}
	}
	people, minutes := a.people(), sumOf(a.Values[activityMinutes])
	add(byForm, a.kind(), 1)
	add(byHelp, a.kind(), people)
	add(byKnown, yes, a.before())
	for slug := range strings.SplitSeq(a.Values[activityThemes], ",") {
		add(bySubject, slug, people)
	}
	add(byPlace, a.Values[activityPlaceType], people)
	_, code, _ := strings.Cut(a.place(), "/")
	add(byCommune, code, people)
	add(byTime, a.Spent, minutes)
	if minutes > 0 {
		add(byLength, number(spellOf(minutes, activitySpells)), 1)
	}
	if a.Values[wasDirected] == yes {
		add(byRedirect, cmp.Or(a.Values[directedTo], yes), people)
	}
	return cells
}

// spellOf is the upper bound of the spell that minutes lie in.
func spellOf(minutes int, spells []int) int {
	return spells[slices.IndexFunc(spells, func(most int) bool { return most == 0 || minutes < most })]
}

// before is how many of those who came had come before.
func (a *Activity) before() int {
	if a.kind() == workshopForm {
		return sumOf(a.Values[peopleBefore])
	}
	if a.Values[cameBefore] == yes {
		return a.people()
	}
	return 0
}

// whereSpent tells where the time of an activity was spent. A place of work is her office if she said so of a permanence held there; any other is away from it.
func (t *Turn) whereSpent(a activity) string {
	switch a.Values[activityPlaceType] {
	case atHomePlace:
		return timeHome
	case atDistance:
		return timeRemote
	case atWorkplace:
		if t.isOffice(a.Values[activityPlace]) {
			return timeOffice
		}
		return timeAway
	}
	return timeOther
}

// isOffice tells whether a place is where she works anyway, as one of her permanences says.
func (t *Turn) isOffice(value string) bool {
	place, words := locationOf(value)
	return slices.ContainsFunc(t.allPermanences(t.MeID), func(p permanence) bool {
		return p.Office && p.Place == place && plain(p.Where) == plain(words)
	})
}

// allPermanences are those of a counsellor, over or not.
func (t *Turn) allPermanences(owner string) (all []permanence) {
	for _, rec := range t.findAll(Query{Kind: "permanence", Owner: owner}) {
		var p Permanence // not loaded: the turn does not depend on when its next session is
		if decode(rec, &p) == nil {
			all = append(all, permanence{rec.ID, &p})
		}
	}
	return all
}
