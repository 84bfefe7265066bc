package bot

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Where there is no permanence: what a coordinator asks of her territories.

// How far and how soon a permanence must be to count, unless somebody says otherwise.
const (
	ReachKm    = 15 // kilometres, as the crow flies
	ReachWeeks = 4
)

// The most that may be asked for: beyond, everything is near and soon.
const (
	MaxReachKm    = 100
	MaxReachWeeks = 52
)

// CommuneCoverage is how a commune is served.
type CommuneCoverage struct {
	Commune  intents.Commune
	Km       float64   // to the nearest permanence that has a session to come, between the centres of the communes; infinite: there is none
	Next     time.Time // the beginning of its next session, in the zone of its place; of several that are as near, the first one. Zero: there is none
	Priority []string  // the lists that the commune stands on: FRR, QPV
	Covered  bool      // the permanence is near enough and its next session soon enough
}

// Coverage tells of each commune of a territory ("50") whether, at an instant, a permanence is no further than so many kilometres and its next
// session no later than so many weeks. Permanences of all territories served count: borders keep nobody away. The communes that are not
// covered come first, and of these those of a priority list, then the furthest away, then by name. Communes whose coordinates are not known are left out.
// It writes nothing.
func (b *Bot) Coverage(ctx context.Context, territory string, at time.Time, km, weeks int) ([]CommuneCoverage, error) {
	t := b.looking(ctx, at)
	open, lists := t.openSessions(), t.priorities()
	if t.err != nil {
		return nil, t.err
	}
	latest := at.AddDate(0, 0, 7*weeks)
	var out []CommuneCoverage
	for c := range b.Gazetteer.All(territory) {
		if c.Lat == 0 && c.Lon == 0 {
			continue
		}
		served := CommuneCoverage{Commune: c, Km: math.Inf(1), Priority: lists[c.Code]}
		for _, s := range open {
			served.consider(s)
		}
		served.Covered = served.Km <= float64(km) && !served.Next.After(latest)
		out = append(out, served)
	}
	slices.SortFunc(out, byNeed)
	return out, nil
}

// openSession is the next session of a permanence, where its commune lies.
type openSession struct {
	lat, lon float64
	start    time.Time
}

// openSessions are the next sessions of all permanences, one of each, where that is known.
func (t *Turn) openSessions() []openSession {
	var out []openSession
	for _, served := range t.bot.Settings.Territories {
		for _, rec := range t.findAll(Query{Kind: "permanence", Place: served, State: permanenceOpen}) {
			p, known := t.permanence(rec.ID)
			if !known {
				continue
			}
			s, held := t.next(p)
			_, code, _ := strings.Cut(s.Place, "/")
			if c, ok := t.bot.Gazetteer.ByCode(code); held && ok && (c.Lat != 0 || c.Lon != 0) {
				out = append(out, openSession{c.Lat, c.Lon, s.Start})
			}
		}
	}
	return out
}

// consider takes a session that is nearer than the one known so far, or as near and sooner.
func (c *CommuneCoverage) consider(s openSession) {
	km := Kilometres(c.Commune.Lat, c.Commune.Lon, s.lat, s.lon)
	if km < c.Km || km == c.Km && s.start.Before(c.Next) {
		c.Km, c.Next = km, s.start
	}
}

func byNeed(a, b CommuneCoverage) int {
	first := func(a, b bool) int {
		switch {
		case a == b:
			return 0
		case a:
			return -1
		}
		return 1
	}
	return cmp.Or(first(!a.Covered, !b.Covered), first(len(a.Priority) > 0, len(b.Priority) > 0), cmp.Compare(b.Km, a.Km),
		strings.Compare(a.Commune.Name, b.Commune.Name), strings.Compare(a.Commune.Code, b.Commune.Code))
}

// mostNeeds is how many communes an answer names.
const mostNeeds = 20

// whereNone answers "territoire 10 km 2 semaines": the communes of a coordinator's territories that no permanence serves.
func whereNone(t *Turn) {
	t.known()
	reach := intents.ReadReach(t.Text)
	km, weeks := cmp.Or(reach.Km, ReachKm), cmp.Or(reach.Weeks, ReachWeeks)
	switch {
	case t.Role != Coordinateur:
		t.Reply("territoire.coordination", nil)
		return
	case len(t.Me.Territories) == 0:
		t.Reply("territoire.aucun", nil)
		return
	case km > MaxReachKm, weeks > MaxReachWeeks:
		t.Reply("territoire.bornes", Args{"km": number(MaxReachKm), "semaines": number(MaxReachWeeks)})
		return
	}
	all := t.coverage(km, weeks)
	needs := slices.IndexFunc(all, func(c CommuneCoverage) bool { return c.Covered })
	if needs < 0 {
		needs = len(all)
	}
	args := Args{"communes": number(len(all)), "ou": t.and(t.Me.Territories), "km": number(km), "delai": t.within(weeks)}
	switch needs {
	case 0:
		t.Reply("territoire.couvert", args)
	case 1:
		t.Reply("territoire.une", args.with("liste", t.needs(all[:1])))
	default:
		t.Reply("territoire", args.with("n", number(needs), "liste", t.needs(all[:needs])))
	}
}

func (t *Turn) within(weeks int) string {
	if weeks == 1 {
		return t.say("territoire.une-semaine", nil)
	}
	return t.say("territoire.semaines", Args{"n": number(weeks)})
}

// coverage is that of all of the coordinator's territories, by need.
func (t *Turn) coverage(km, weeks int) (all []CommuneCoverage) {
	for _, territory := range t.Me.Territories {
		part, err := t.bot.Coverage(t.ctx, territory, t.At, km, weeks)
		if err != nil && t.err == nil {
			t.err = err
		}
		all = append(all, part...)
	}
	slices.SortStableFunc(all, byNeed)
	return all
}

// needs lists communes, one a line, and counts those beyond the list.
func (t *Turn) needs(all []CommuneCoverage) string {
	var lines []string
	for _, c := range all[:min(len(all), mostNeeds)] {
		lines = append(lines, t.need(c))
	}
	switch more := len(all) - len(lines); more {
	case 0:
	case 1:
		lines = append(lines, t.say("territoire.une-autre", nil))
	default:
		lines = append(lines, t.say("territoire.autres", Args{"n": number(more)}))
	}
	return strings.Join(lines, "\n")
}

func (t *Turn) need(c CommuneCoverage) string {
	args := Args{"commune": c.Commune.Name, "priorite": ""}
	if len(c.Priority) > 0 {
		args["priorite"] = t.say("territoire.priorite", Args{"listes": strings.Join(c.Priority, ", ")})
	}
	if c.Next.IsZero() {
		return t.say("territoire.ligne-rien", args)
	}
	return t.say("territoire.ligne", args.with("km", number(int(math.Round(c.Km))), "debut", c.Next.Format(time.RFC3339)))
}
