package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
)

// What people do in a year (TestAYear), and what they know of it afterwards.

var (
	yearTowns = []string{"Périers", "Lessay", "Coutances", "Avranches", "Valognes", "Granville", "Saint-Lô", "Créances", "Agneaux", "Portbail",
		"Torigny-les-Villes", "Gavray", "Hambye", "Pirou", "Montebourg", "Barfleur", "Quettehou", "Brécey", "Ducey", "Sartilly"}
	yearPeople = []string{"Jeanne", "Camille", "Odile", "Rémi", "Awa", "Josette", "Bernard", "Lucie", "Yvette", "Marcel"}
)

func usagerName(u int) string {
	return fmt.Sprintf("%s %c.", yearPeople[u%len(yearPeople)], 'A'+u/len(yearPeople))
}

// declare notes the i-th permanence: no counsellor has two in the same half of a day.
func (y *year) declare(i int) {
	c, n := i%counsellorsOfYear, i/counsellorsOfYear
	p := &yearPerm{owner: c, town: yearTowns[(7*i+c)%len(yearTowns)], weekday: time.Monday + time.Weekday(n%5), from: 9, to: 12}
	if n >= 5 {
		p.from, p.to = 14, 17
	}
	day := frenchDays[p.weekday]
	rhythm := []string{"tous les " + day + "s", "un " + day + " sur deux", "tous les " + day + "s", "le premier " + day + " du mois", "un " + day + " sur deux"}[i%5]
	text := fmt.Sprintf("permanence %s %dh-%dh mairie de %s", rhythm, p.from, p.to, p.town)
	if i%3 == 0 {
		text += " sauf vacances scolaires"
	}
	if i%7 == 0 {
		text += " sauf le " + dayOf(nextWeekday(y.now.AddDate(0, 2, 0), p.weekday))
	}
	proposed := y.order(c, text)
	if got := y.order(c, "oui"); !strings.Contains(got, "C'est noté : permanence") {
		y.t.Fatalf("%s: %s\n%s", text, proposed, got)
	}
	for _, rec := range y.found(bot.Query{Kind: "permanence"}) {
		if y.perms[rec.ID] == nil {
			p.id = rec.ID
			y.perms[p.id] = p
		}
	}
	y.done["permanence"]++
}

func nextWeekday(at time.Time, day time.Weekday) time.Time {
	for at.Weekday() != day {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

func (y *year) found(q bot.Query) []bot.Record {
	all, err := everyRecord(y.t.Context(), y.house.store, q)
	if err != nil {
		y.t.Fatal(err)
	}
	return all
}

func at(day time.Time, hour int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, day.Location())
}

// somePerm is one of the permanences, and a day on which it may be held, within so many days.
func (y *year) somePerm(days int) (*yearPerm, time.Time) {
	ids := make([]string, 0, len(y.perms))
	for id := range y.perms {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	p := y.perms[ids[y.r.IntN(len(ids))]]
	return p, nextWeekday(y.now.AddDate(0, 0, y.r.IntN(days)), p.weekday)
}

func dayKey(at time.Time) string { return at.Format(time.DateOnly) }

// book: half of the appointments are within a permanence.
func (y *year) book() {
	p, day := y.somePerm(25)
	a := &yearRdv{usager: y.r.IntN([]int{usagersOfYear, subscribersOfYear}[y.r.IntN(2)]), owner: p.owner, town: p.town, byHand: true, told: map[string]int{}}
	if a.at = at(day, p.from+y.r.IntN(3)); y.r.IntN(2) == 0 {
		a.at, a.town = at(day, 8+y.r.IntN(11)), yearTowns[y.r.IntN(len(yearTowns))]
	}
	if y.pendingOf(a.usager) != nil || !a.at.After(y.now) || y.calledOff(a.owner, a.town, a.at) {
		if y.done["booked"]+y.done["missing"] < rdvsOfYear && y.done["again"] < 3000 {
			y.done["again"]++
			y.book()
		}
		return
	}
	got := y.order(a.owner, fmt.Sprintf("rdv %s %s %s %s mairie de %s", spokenNumber(a.usager), usagerName(a.usager), spokenDay(a.at), hourOf(a.at), a.town))
	known := map[string]bool{}
	span := bot.Query{Kind: "rdv", From: a.at, To: a.at.Add(time.Minute)}
	for _, rec := range y.found(span) {
		known[rec.ID] = true
	}
	if said := y.order(a.owner, "oui"); !strings.Contains(said, "C'est noté : **") {
		y.t.Logf("not booked: %s\n%s", got, said)
		y.done["missing"]++
		return
	}
	for _, rec := range y.found(span) {
		if !known[rec.ID] {
			a.id = rec.ID
			y.rdvs[a.id] = a
		}
	}
	y.done["booked"]++
	if p := y.permAt(a.owner, a.town, a.at); p != nil && y.r.IntN(8) == 0 { // ill, in the middle of it
		y.plan(a.at.Add(30*time.Minute), func() { y.drop(p, a.at) })
	}
}

// permAt is the permanence whose hours and weekday an hour is in.
func (y *year) permAt(owner int, town string, at time.Time) *yearPerm {
	for _, p := range y.perms {
		if p.owner == owner && p.town == town && p.weekday == at.Weekday() && p.from <= at.Hour() && at.Hour() < p.to {
			return p
		}
	}
	return nil
}

func spokenDay(at time.Time) string {
	return fmt.Sprintf("%s %s %d", frenchDays[at.Weekday()], dayOf(at), at.Year())
}

// pendingOf is the appointment to come of an usager, cancelled or not.
func (y *year) pendingOf(u int) *yearRdv {
	for _, a := range y.rdvs {
		if a.usager == u && a.at.Add(2*time.Hour).After(y.now) {
			return a
		}
	}
	return nil
}

// someRdv is one of those to come that stand (or were cancelled).
func (y *year) someRdv(fits func(a *yearRdv) bool) *yearRdv {
	var all []*yearRdv
	for _, a := range y.rdvs {
		if a.at.After(y.now) && fits(a) {
			all = append(all, a)
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortFunc(all, func(a, b *yearRdv) int { return strings.Compare(a.id, b.id) })
	return all[y.r.IntN(len(all))]
}

func stands(a *yearRdv) bool { return !a.cancelled }

// calledOff tells that an hour lies in a session that is not held.
func (y *year) calledOff(owner int, town string, at time.Time) bool {
	for _, off := range y.off {
		if off.owner == owner && off.town == town && !at.Before(off.start) && at.Before(off.end) {
			return true
		}
	}
	return false
}

// something is one thing that somebody does.
func (y *year) something() {
	acts := []func(){y.cancelRdv, y.moveRdv, y.answers, y.answers, y.wishes, y.cancelSession, y.cancelSession, y.moveSession, y.stops, y.attends}
	acts[y.r.IntN(len(acts))]()
}

func (y *year) soonAgain() time.Time { return y.now.Add(time.Duration(1+y.r.IntN(600)) * time.Minute) }

// meanwhile has a session cancelled in which an hour is, before what comes next.
func (y *year) meanwhile(owner int, town string, at, next time.Time) {
	if p := y.permAt(owner, town, at); p != nil && y.r.IntN(3) == 0 {
		y.plan(y.now.Add(next.Sub(y.now)/2), func() { y.drop(p, at) })
	}
}

// cancelRdv: a counsellor cancels an appointment, and half of the time brings it back if it was her last act.
func (y *year) cancelRdv() {
	a := y.someRdv(stands)
	if a == nil {
		return
	}
	y.order(a.owner, "annuler "+spokenNumber(a.usager))
	y.agree(a.owner, "Annulé : **", func() {
		a.cancelled, a.byUsager = true, false
		a.told["cancel"]++
		y.done["rdv cancelled"]++
		y.undo[a.owner] = func() {
			a.cancelled, a.byHand = false, true
			a.told["restore"]++
			y.done["rdv restored"]++
		}
	})
	if a.cancelled && y.r.IntN(2) == 0 {
		y.plan(y.soonAgain(), func() { y.restore(a.owner) })
	}
}

// restore: what the counsellor cancelled last is brought back, whatever that is by now.
func (y *year) restore(c int) {
	y.witness.expect[counsellorAddress(c)] = expected{"Rétabli : **|aura bien lieu.", func() {
		if y.undo[c] == nil {
			y.t.Errorf("%s: counsellor %d brought back what she had not cancelled: %s", y.now, c, y.witness.reply)
			return
		}
		y.undo[c]()
		y.undo[c] = nil
	}}
	y.order(c, "rétablir")
}

// moveRdv: a counsellor moves an appointment, and one time in three back again.
func (y *year) moveRdv() {
	a := y.someRdv(stands)
	if a == nil {
		return
	}
	before := a.at
	y.moveTo(a, at(nextWeekday(y.now.AddDate(0, 0, 1+y.r.IntN(20)), time.Monday+time.Weekday(y.r.IntN(5))), 8+y.r.IntN(11)))
	if y.r.IntN(3) == 0 {
		y.plan(y.soonAgain(), func() { y.moveTo(a, before) })
	}
}

func (y *year) moveTo(a *yearRdv, to time.Time) {
	if a.cancelled || !to.After(y.now) || !a.at.After(y.now) || y.calledOff(a.owner, a.town, to) {
		return
	}
	y.order(a.owner, fmt.Sprintf("déplacer %s %s %s", spokenNumber(a.usager), spokenDay(to), hourOf(to)))
	y.agree(a.owner, "Déplacé : **", func() {
		a.at, a.byHand = to, true
		a.told["move"]++
		y.done["rdv moved"]++
	})
}

// answers: an usager says that she comes, or does not, and perhaps thinks better of it.
func (y *year) answers() {
	a := y.someRdv(func(a *yearRdv) bool { return !y.stopped[usagerAddress(a.usager)] })
	if a == nil {
		return
	}
	if y.r.IntN(2) == 0 {
		y.comes(a)
		return
	}
	y.asking(a.usager, "non je ne viens pas", "C'est noté : vous ne venez pas", func() {
		a.cancelled, a.byUsager = true, true
		y.done["rdv declined"]++
	})
	if a.cancelled && y.r.IntN(2) == 0 {
		again := y.soonAgain()
		y.meanwhile(a.owner, a.town, a.at, again)
		y.plan(again, func() { y.comes(a) })
	}
}

func (y *year) comes(a *yearRdv) {
	y.asking(a.usager, "oui je viens", "C'est noté : vous venez", func() {
		if a.cancelled {
			a.byHand = false
			y.done["rdv taken up"]++
		}
		a.cancelled = false
		y.done["rdv confirmed"]++
	})
}

// wishes: an usager wants another date, and takes one of those she is shown, some hours later; sometimes back again.
func (y *year) wishes() {
	a := y.someRdv(stands)
	if a == nil {
		return
	}
	offered := offeredHours.FindAllStringSubmatch(y.ask(a.usager, "je voudrais changer de jour"), -1)
	if len(offered) == 0 {
		return
	}
	one, again, back := offered[y.r.IntN(len(offered))], y.soonAgain(), y.now.Add(11*time.Hour)
	y.meanwhile(a.owner, cmp.Or(one[5], a.town), y.hourOffered(one), again)
	y.plan(again, func() { y.picks(a, one[1]) })
	if y.r.IntN(2) == 0 {
		y.meanwhile(a.owner, a.town, a.at, back)
		y.plan(back, func() { y.picks(a, "retour") })
	}
}

// offeredHours are lines like "1 mercredi 4 novembre à 9h, mairie de Lessay".
var offeredHours = regexp.MustCompile(`(?m)^(\d) \S+ (\d+)(?:er)? (\S+) à (\d+)h\d*(?:, mairie de (.+))?$`)

func (y *year) hourOffered(line []string) time.Time {
	day, _ := strconv.Atoi(line[2])
	hour, _ := strconv.Atoi(line[4])
	now := y.now.In(y.zone)
	out := time.Date(now.Year(), time.Month(slices.Index(frenchMonths, line[3])), day, hour, 0, 0, 0, y.zone)
	if out.Before(now) {
		out = out.AddDate(1, 0, 0)
	}
	return out
}

// picks: the hour that she gets is what she is told, of the appointment that she was asked about last: this one, or one she missed.
func (y *year) picks(a *yearRdv, word string) {
	y.asking(a.usager, word, "C'est noté : votre rendez-vous|C'est noté : vous venez|C'est noté : vous ne venez", func() {
		for _, one := range y.rdvs {
			if now := y.stored(one.id); one.usager == a.usager && one.at.Add(15*24*time.Hour).After(y.now) {
				y.follow(one, now, word)
			}
		}
	})
}

// follow takes over what an usager was told of her appointment.
func (y *year) follow(a *yearRdv, now bot.Rdv, word string) {
	if at := now.At.In(y.zone); !at.Equal(a.at) {
		y.done["rdv "+map[bool]string{true: "went back", false: "picked"}[word == "retour"]]++
		a.at, a.town, a.byHand, a.cancelled = at, strings.TrimPrefix(now.Where, "mairie de "), false, false
		if y.calledOff(a.owner, a.town, a.at) {
			y.witness.note(&y.witness.after, "%s was given an hour of a session that is cancelled", a)
		}
	} else if a.at.After(y.now) && a.cancelled != (now.State == "cancelled") && strings.Contains(y.witness.reply, readMoment(a.at)) {
		a.cancelled = strings.Contains(y.witness.reply, "vous ne venez pas")
		a.byUsager = a.cancelled
	}
}

func (y *year) stored(id string) (now bot.Rdv) {
	recs, err := y.house.store.Get(y.t.Context(), "rdv", id)
	if err != nil || len(recs) == 0 || json.Unmarshal(recs[0].Body, &now) != nil {
		y.t.Fatalf("%s is lost: %v", id, err)
	}
	return now
}

// which answers the question which permanence is meant, if it was asked.
func (y *year) which(p *yearPerm, got string) string {
	if !strings.Contains(got, "Laquelle ?") {
		return got
	}
	for l := range strings.Lines(got) {
		if strings.Contains(l, fmt.Sprintf("%dh-%dh**", p.from, p.to)) && strings.Contains(l, "mairie de "+p.town+" ") {
			n, _, _ := strings.Cut(l, ".")
			return y.order(p.owner, n)
		}
	}
	return ""
}

func (y *year) changed(s sitting, what string) {
	if y.changes[s] == nil {
		y.changes[s] = map[string]int{}
	}
	y.changes[s][what]++
}

// within are the appointments of a session that have not begun.
func (y *year) within(p *yearPerm, off *absence) (all []*yearRdv) {
	for _, a := range y.rdvs {
		if !a.cancelled && a.owner == p.owner && a.town == p.town && !a.at.Before(off.start) && a.at.Before(off.end) && a.at.After(y.now) {
			all = append(all, a)
		}
	}
	return all
}

// cancelSession: a counsellor cancels a session, and one time in three brings it back if that was her last act.
func (y *year) cancelSession() {
	y.drop(y.somePerm(14))
}

func (y *year) drop(p *yearPerm, day time.Time) {
	s := sitting{p.id, dayKey(day)}
	got := y.which(p, y.order(p.owner, "annuler permanence "+spokenDay(day)))
	if !strings.Contains(got, "mairie de "+p.town) || !strings.Contains(got, fmt.Sprintf("%s à %dh", spokenDay(day), p.from)) {
		y.order(p.owner, "non")
		return
	}
	off := &absence{owner: p.owner, town: p.town, start: at(day, p.from), end: at(day, p.to)}
	y.agree(p.owner, "est annulée.", func() {
		off.took = y.within(p, off)
		for _, a := range off.took {
			a.cancelled, a.byUsager = true, false
			a.told["cancel"]++
		}
		y.off[s] = off
		y.changed(s, "annulee")
		y.done["session cancelled"]++
		y.undo[p.owner] = func() { y.restored(s) }
	})
	if y.off[s] == off && y.r.IntN(3) == 0 {
		y.plan(y.soonAgain(), func() { y.restore(p.owner) })
	}
}

// restored: the session is held after all, with the appointments that went with it.
func (y *year) restored(s sitting) {
	for _, a := range y.off[s].took {
		if a.cancelled && !a.byUsager {
			a.cancelled = false
			a.told["restore"]++
		}
	}
	delete(y.off, s)
	y.changed(s, "retablie")
	y.done["session restored"]++
}

// moveSession: a counsellor holds a session another day, at the same hours.
func (y *year) moveSession() {
	p, day := y.somePerm(14)
	to := day.AddDate(0, 0, 1+y.r.IntN(5))
	s, there := sitting{p.id, dayKey(day)}, sitting{p.id, dayKey(to)}
	if to.Month() != day.Month() || to.Weekday() == time.Sunday || y.off[s] != nil || y.off[there] != nil {
		return
	}
	got := y.which(p, y.order(p.owner, fmt.Sprintf("déplacer permanence du %d au %s", day.Day(), dayOf(to))))
	if !strings.Contains(got, "mairie de "+p.town) || !strings.Contains(got, fmt.Sprintf("%s à %dh", spokenDay(day), p.from)) {
		y.order(p.owner, "non")
		return
	}
	off := &absence{owner: p.owner, town: p.town, start: at(day, p.from), end: at(day, p.to)}
	y.agree(p.owner, "Déplacée : ", func() {
		y.toldMove[s] = map[bot.Address]bool{}
		for _, a := range y.within(p, off) {
			a.at = at(to, a.at.Hour())
			a.told["move"]++
			y.toldMove[s][usagerAddress(a.usager)] = true
		}
		y.off[s] = off
		y.changed(s, "deplacee")
		y.done["session moved"]++
	})
}

// stops: somebody says STOP, and most say START some days later.
func (y *year) stops() {
	u := y.r.IntN(usagersOfYear)
	a := usagerAddress(u)
	if y.stopped[a] {
		return
	}
	y.asking(u, "STOP", "C'est fait : vous ne", func() { y.stopped[a] = true; y.done["stop"]++ })
	if y.r.IntN(4) > 0 {
		y.plan(y.now.Add(time.Duration(1+y.r.IntN(200))*time.Hour), func() {
			y.asking(u, "START", "C'est fait : vous rec", func() { y.stopped[a] = false; y.done["start"]++ })
		})
	}
}

// compare holds what the store knows of the appointments against what people know.
func (y *year) compare() {
	for id, a := range y.rdvs {
		if now := y.stored(id); (now.State == "cancelled") != a.cancelled || !now.At.Equal(a.at) {
			y.t.Errorf("year to %s: %s is %s at %s, and to people cancelled: %v", y.now.Format(time.DateOnly), a, now.State, now.At, a.cancelled)
		}
	}
}

// attends: a counsellor says who came last, or did not.
func (y *year) attends() {
	var last *yearRdv
	for _, a := range y.rdvs {
		if !a.cancelled && a.at.Before(y.now) && y.now.Sub(a.at) < 7*24*time.Hour && (last == nil || a.at.After(last.at) || a.at.Equal(last.at) && a.id > last.id) {
			last = a
		}
	}
	if last != nil {
		got := y.order(last.owner, []string{"venue ", "absente "}[y.r.IntN(2)]+usagerName(last.usager))
		y.done["attended"] += strings.Count(got, "C'est noté")
	}
}
