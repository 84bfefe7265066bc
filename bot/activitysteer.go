package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// What coordinators see of the activities of their territories: days on which a permanence was held and nothing noted, messages that did not arrive, and all
// activities as a table. Counts, by name; nobody is ranked.

// lookBackDays is how far back coordinators look unless they say a month.
const lookBackDays = 30

// whoNoted tells of how many days with a permanence each colleague noted nothing.
func whoNoted(t *Turn) {
	t.known()
	o, _ := intents.ReadReport(t.Text)
	from, to := t.Now.AddDate(0, 0, -lookBackDays), t.Now
	if p, _, _ := intents.ReadPeriod(o.Rest, t.Now); p.From != "" {
		from, to = t.startOf(p.From+"-01"), minTime(nextDay(t.startOf(lastDay(p.To))), t.Now)
	}
	held := t.daysHeld(from, to)
	var lines []string
	for _, who := range t.colleaguesByName(held) {
		silent := 0
		for _, on := range held[who] {
			if !t.notedOn(who, on) {
				silent++
			}
		}
		if silent > 0 {
			p, _ := load[Person](t, who)
			lines = append(lines, t.say("activites.manquent", Args{"nom": p.Name, "n": number(silent), "sur": number(len(held[who]))}))
		}
	}
	args := Args{"de": instant(from.Format(dayLayout)), "a": instant(to.Format(dayLayout)), "liste": strings.Join(lines, "\n")}
	switch {
	case len(held) == 0:
		t.Reply("activites.aucune-permanence", args)
	case len(lines) == 0:
		t.Reply("activites.toutes", args)
	default:
		t.Reply("activites.manquantes", args)
	}
}

// daysHeld are the days on which each counsellor held a permanence that is over, in her territories between two moments.
func (t *Turn) daysHeld(from, to time.Time) map[string][]string {
	days := map[string][]string{}
	for _, place := range t.Me.Territories {
		for _, rec := range t.findAll(Query{Kind: "permanence", Place: place}) {
			var held Permanence
			if decode(rec, &held) != nil {
				continue
			}
			for _, s := range t.sessions(permanence{rec.ID, &held}, from, to, 400) {
				if !s.End.After(t.At) && !slices.Contains(days[held.Owner], s.Day) {
					days[held.Owner] = append(days[held.Owner], s.Day)
				}
			}
		}
	}
	return days
}

// colleaguesByName are who held a permanence, in the order of their names.
func (t *Turn) colleaguesByName(held map[string][]string) (ids []string) {
	name := map[string]string{}
	for id := range held {
		if p, ok := load[Person](t, id); ok && p.Role.IsPro() {
			name[id] = plain(p.Name)
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(name[a]+a, name[b]+b) })
	return ids
}

// whatFailed tells how many appointments to come wait whose last message did not arrive, by counsellor.
func whatFailed(t *Turn) {
	t.known()
	count, name := map[string]int{}, map[string]string{}
	for _, place := range t.Me.Territories {
		for _, rec := range t.findAll(Query{Kind: "rdv", Place: place, State: unreached, From: t.At}) {
			var m Rdv
			if decode(rec, &m) == nil {
				count[m.Owner]++
				name[m.Owner] = m.With
			}
		}
	}
	var lines []string
	for owner, n := range count {
		lines = append(lines, t.say("echecs.ligne", Args{"nom": name[owner], "n": number(n)}))
	}
	slices.Sort(lines)
	if len(lines) == 0 {
		t.Reply("echecs.aucun", nil)
		return
	}
	t.Reply("echecs", Args{"liste": strings.Join(lines, "\n")})
}

// ActivityFiles begins the names of tables of activities: "activites/<person>/<from>/<to>.xlsx", of territories "activites/<person>/<from>/<to>/territoire.xlsx".
const ActivityFiles = "activites/"

// exportActivities gives a professional her activities as a table, a coordinator those of her territories if she says so.
func exportActivities(t *Turn) {
	t.known()
	o, _ := intents.ReadReport(t.Text)
	p, whole, _ := intents.ReadPeriod(o.Rest, t.Now)
	if whole && t.Role != Coordinateur {
		t.Reply("activites.coordination", nil)
		return
	}
	if p.From == "" {
		p = intents.Period{From: t.Now.Format("2006") + "-01", To: t.Now.Format(monthOnly)}
	}
	key, file := "activites.export", ActivityFiles+t.MeID+"/"+p.From+"/"+p.To
	if whole {
		key, file = "activites.export-territoire", file+"/territoire"
	}
	args := Args{"de": p.From + "-01T00:00:00Z", "a": p.To + "-01T00:00:00Z"}
	t.answer(ForTalk, &Message{Key: key, Args: args, File: file + ".xlsx"})
}

// Activities are a professional's of some months, or with whole those of the territories that she coordinates, the earlier first; ok is false for anybody else.
// It writes nothing.
func (b *Bot) Activities(ctx context.Context, person string, p intents.Period, whole bool, at time.Time) (all []Report, ok bool, err error) {
	t := b.looking(ctx, at)
	t.be(person)
	if !t.Me.Role.IsPro() || whole && t.Me.Role != Coordinateur {
		return nil, false, t.err
	}
	if !whole {
		for _, a := range t.activitiesOf(person, p.From+"-01", lastDay(p.To)) {
			all = append(all, t.asReport(a))
		}
		return all, true, t.err
	}
	for _, place := range t.Me.Territories {
		all = append(all, t.reportsIn(place, p)...)
	}
	return all, true, t.err
}

// ActivitiesIn are all activities of a territory in some months, the earlier first. It writes nothing.
func (b *Bot) ActivitiesIn(ctx context.Context, territory string, p intents.Period, at time.Time) ([]Report, error) {
	t := b.looking(ctx, at)
	all := t.reportsIn(territory, p)
	return all, t.err
}

// reportsIn are the activities of a territory, page after page.
func (t *Turn) reportsIn(territory string, p intents.Period) (all []Report) {
	for _, rec := range t.findAll(Query{Kind: "activity", Place: territory, From: activityDate(p.From + "-01"), To: activityDate(lastDay(p.To)).Add(time.Minute)}) {
		var a Activity
		if decode(rec, &a) == nil {
			all = append(all, t.asReport(activity{rec.ID, &a}))
		}
	}
	return all
}
