package lacoop

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
)

// What a report says, read from the values of its form. What cannot be read is as if it had not been said.

const (
	mostPeople = 10_000    // of a workshop: what La Coop takes
	mostNumber = 1_000_000 // of any other number: far above what happens
	yes        = "oui"
	no         = "non"
	other      = "autre" // the value of several enumerations that asks for words of its own
)

// whole reads a whole number, zero or more.
func whole(value string) (n int, ok bool) {
	n, err := strconv.Atoi(strings.TrimSpace(value))
	return n, err == nil && n >= 0 && n <= mostNumber
}

// clean is a text without what no text should hold.
func clean(value string) string { return strings.TrimSpace(strings.ToValidUTF8(value, "")) }

// several are the slugs of some of several options, each once.
func several(value string) (slugs []string) {
	for slug := range strings.SplitSeq(value, ",") {
		if slug = strings.TrimSpace(slug); slug != "" && !slices.Contains(slugs, slug) {
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

// day is the day of a report, 2026-12-04; "" when it has none.
func day(r bot.Report) string {
	at, err := time.Parse(time.DateOnly, strings.TrimSpace(r.Values["date"]))
	if err != nil {
		return ""
	}
	return at.Format(time.DateOnly)
}

// people is how many were helped one after the other, at least one.
func people(r bot.Report) int {
	n, ok := whole(r.Values["personnes"])
	if !ok {
		return 1
	}
	return max(1, min(n, mostPeople))
}

// minutes is how long one activity took, as La Coop counts them: of people who were helped one after the other each has her part, rounded, of one minute at
// least. 0 when it is not known.
func minutes(r bot.Report) int {
	total, ok := whole(r.Values["duree"])
	if !ok || total == 0 {
		return 0
	}
	if r.Form != individual {
		return total
	}
	n := people(r)
	return max(1, (total+n/2)/n)
}

// themes are the slugs of a report's themes. A procedure always has the theme of procedures with it.
func themes(r bot.Report) []string {
	slugs := several(r.Values["thematiques"])
	first := slices.IndexFunc(slugs, func(slug string) bool { return valueOf[[2]string{"thematique", slug}].Group == procedures })
	if first < 0 || slices.Contains(slugs, procedureTheme) {
		return slugs
	}
	return slices.Insert(slugs, first, procedureTheme)
}

// participants is how many came to a workshop; ok is false when that is not known, or more than La Coop takes.
func participants(r bot.Report) (n int, ok bool) {
	n, ok = whole(r.Values["participants_total"])
	return n, ok && n <= mostPeople
}

// count is how many people have a value.
type count struct {
	Value
	n int
}

// family shares out the people of a workshop among the values of an enumeration, in order; who is not counted did not say. Counts that come to more people than
// there were say nothing.
func family(enum, counted string, total int) (shares []count) {
	left, silent := total, 0
	said := counts(counted)
	for _, v := range valuesOf(enum) {
		if v.Slug == notTold {
			silent = len(shares)
			shares = append(shares, count{Value: v})
			continue
		}
		shares = append(shares, count{v, said[v.Slug]})
		left -= said[v.Slug]
	}
	if left < 0 {
		for i := range shares {
			shares[i].n = 0
		}
		left = total
	}
	shares[silent].n = left
	return shares
}

// counts reads "feminin=3,masculin=2".
func counts(value string) map[string]int {
	of := map[string]int{}
	for part := range strings.SplitSeq(value, ",") {
		slug, n, _ := strings.Cut(part, "=")
		if n, ok := whole(n); ok {
			of[strings.TrimSpace(slug)] = n
		}
	}
	return of
}

// partner is a structure of a partnership: its name, and its kind as an organiser; "" not said.
type partner struct{ name, kind string }

// partners reads lines "commune=Mairie de Périers"; a line of no kind is a name.
func partners(value string) (all []partner) {
	for line := range strings.Lines(value) {
		p := partner{name: clean(line)}
		if kind, name, ok := strings.Cut(p.name, "="); ok && code("organisateur", strings.TrimSpace(kind)) != "" {
			p = partner{clean(name), strings.TrimSpace(kind)}
		}
		if p.name != "" {
			all = append(all, p)
		}
	}
	return all
}

// fraction is "2/9".
func fraction(n, of int) string { return fmt.Sprintf("%d/%d", n, of) }
