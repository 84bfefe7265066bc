package bot

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Activities that are kept: once, under a number of hers, counted, and changed by her alone.

// keepActivity keeps what was filled in, or changes what was kept. about is "activity/<id>" of one that is changed, else what it reports.
func (t *Turn) keepActivity(form Form, about string, values map[string]string) (wrong map[string]string) {
	if t.refusesForm(formID(form.Ref())) { // she may have been a coordinator when it began
		return nil
	}
	for _, f := range form.Fields { // a dialog brings all at once
		if sentence := t.namesSomebody(form, f, values[f.Name]); sentence != "" {
			return map[string]string{f.Name: sentence}
		}
	}
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	id, changes := strings.CutPrefix(about, "activity/")
	if t.Read.Intent == FormIntent && t.twin(form, id, values) != "" { // a dialog is not shown again unless it looks like another
		t.goOnFilling(&Filling{Form: form.Ref(), About: about, Values: values})
		return nil
	}
	if changes {
		t.changeActivity(form, id, values)
		return nil
	}
	n := number(t.nextNumber("activity/" + t.MeID))
	kept, _ := load[Activity](t, activityID(t.MeID, n))
	*kept = Activity{V: 1, Form: form.Ref(), Number: n, By: t.Me.Name, Noted: t.At, Of: about, Values: values}
	a := activity{activityID(t.MeID, n), kept}
	t.saveActivity(a)
	t.notedAgain(values[activityDay])
	t.Offer("activite.gardee", t.activityArgs(form, a), t.activityShortcuts(a)...)
	return nil
}

// changeActivity puts other values in the place of those that were kept.
func (t *Turn) changeActivity(form Form, id string, values map[string]string) {
	kept, ok := load[Activity](t, id)
	a := activity{id, kept}
	if !ok || !strings.HasPrefix(id, t.MeID+"-") {
		t.Reply("question-fermee", nil)
		return
	}
	t.countActivity(a, -1)
	a.Form, a.Values, a.Changed = form.Ref(), values, t.At
	t.saveActivity(a)
	t.Offer("activite.corrigee", t.activityArgs(form, a), t.activityShortcuts(a)...)
}

// saveActivity writes it and counts it.
func (t *Turn) saveActivity(a activity) {
	a.Spent, a.Home = t.whereSpent(a), cmp.Or(territory(a.place()), homeOf(t.Me))
	t.countActivity(a, 1)
	t.save("activity", a.id, func(r *Record) {
		r.Owner, r.Subject, r.Place, r.State = t.MeID, t.MeID, cmp.Or(a.place(), homeOf(t.Me)), a.kind()
		r.At = activityDate(a.Values[activityDay])
	})
}

// activityDate is the moment under which an activity of a day stands, the same wherever it was: noon, UTC.
func activityDate(on string) time.Time {
	at, err := time.Parse(dayLayout, on)
	if err != nil {
		return time.Time{}
	}
	return at.Add(12 * time.Hour)
}

// startOf is when a day begins where she works.
func (t *Turn) startOf(day string) time.Time {
	at, err := time.ParseInLocation(dayLayout, day, t.bot.Zone(homeOf(t.Me)))
	if err != nil {
		return t.At
	}
	return at
}

// twin is the number of an activity of hers that looks the same: of that day and form, as long, at the same place, with as many people; "" none. id is the one that is
// being changed.
func (t *Turn) twin(form Form, id string, values map[string]string) string {
	for _, a := range t.activitiesOf(t.MeID, values[activityDay], values[activityDay]) {
		if a.id == id || a.kind() != formID(form.Ref()) {
			continue
		}
		other := &Activity{Form: form.Ref(), Values: values}
		if a.Values[activityMinutes] == values[activityMinutes] && a.Values[activityPlaceType] == values[activityPlaceType] && a.place() == other.place() && a.people() == other.people() &&
			a.Values[activityThemes] == values[activityThemes] {
			return a.Number
		}
	}
	return ""
}

// twinLine says that an activity looks like one that is kept; "" it does not.
func (t *Turn) twinLine(form Form, filling *Filling) string {
	id, _ := strings.CutPrefix(filling.About, "activity/")
	n := t.twin(form, id, filling.Values)
	if n == "" {
		return ""
	}
	return t.say("activite.double", Args{"n": n}) + "\n"
}

// activitiesOf are a professional's of some days, both included ("2026-12-01"), the earlier first. They are not loaded: the turn does not depend on them.
func (t *Turn) activitiesOf(person, from, to string) (all []activity) {
	for _, rec := range t.findAll(Query{Kind: "activity", Owner: person, From: activityDate(from), To: activityDate(to).Add(time.Minute)}) {
		var a Activity
		if decode(rec, &a) == nil {
			all = append(all, activity{rec.ID, &a})
		}
	}
	slices.SortStableFunc(all, func(a, b activity) int {
		return cmp.Or(strings.Compare(a.Values[activityDay], b.Values[activityDay]), sumOf(a.Number)-sumOf(b.Number))
	})
	return all
}

// removeActivity takes back what she noted.
func removeActivity(t *Turn) {
	t.known()
	o, _ := intents.ReadReport(t.Text)
	a, ok := t.ownActivity(number(o.Number))
	if !ok {
		t.askWhichActivity()
		return
	}
	t.countActivity(a, -1)
	t.erase("activity", a.id)
	form, known := t.bot.form(a.Form)
	lines := ""
	if known {
		lines = t.valueLines(form, a.Values)
	}
	t.Reply("activite.retiree", Args{"n": a.Number, "liste": lines})
}

// correctActivity opens one that is kept. Words behind its number correct it: "corriger activité 12 : 4 personnes".
func correctActivity(t *Turn) {
	t.known()
	o, _ := intents.ReadReport(t.Text)
	a, ok := t.ownActivity(number(o.Number))
	form, known := t.bot.form(a.Form)
	if !ok || !known {
		t.askWhichActivity()
		return
	}
	values := maps.Clone(a.Values)
	more, told := t.readActivity(a.kind(), o.Rest)
	switch {
	case told || len(more) > 0 || t.saysOddDay(o.Rest):
		maps.Copy(values, more)
		if t.saysOddDay(o.Rest) {
			delete(values, activityDay)
		}
		t.openWith(formID(form.Ref()), a.about(), values)
		return
	case o.Rest != "":
		t.Reply("activite.rien-a-corriger", Args{"texte": cutAt(oneLine(o.Rest), 60)})
		t.openWith(formID(form.Ref()), a.about(), values)
		return
	}
	if t.opens() {
		t.response.Form = t.dialog(form, a.about(), values)
		return
	}
	t.openWith(formID(form.Ref()), a.about(), values)
}

// askWhichActivity says that none of hers was named.
func (t *Turn) askWhichActivity() {
	if lines := t.lastLines(); lines != "" {
		t.Reply("activite.laquelle", Args{"liste": lines})
		return
	}
	t.Reply("activite.pas-de-derniere", nil)
}

// latelyDays is how far back "the last time" is looked for, and what is listed unless a period is said.
const latelyDays = 60

// last is her last activity of help; ok is false when there was none lately.
func (t *Turn) last() (activity, bool) {
	all := t.activitiesOf(t.MeID, t.Now.AddDate(0, 0, -latelyDays).Format(dayLayout), t.Now.Format(dayLayout))
	all = slices.DeleteFunc(all, func(a activity) bool { return a.people() == 0 })
	if len(all) == 0 {
		return activity{}, false
	}
	return slices.MaxFunc(all, func(a, b activity) int { return cmp.Or(a.Noted.Compare(b.Noted), sumOf(a.Number)-sumOf(b.Number)) }), true
}

// afterLast is her last activity and what her words say beside the order; without one it says so, and ok is false.
func (t *Turn) afterLast() (a activity, rest string, ok bool) {
	t.known()
	o, _ := intents.ReadReport(t.Text)
	a, ok = t.last()
	if !ok {
		t.Reply("activite.pas-de-derniere", nil)
	}
	return a, o.Rest, ok
}

// sameAgain is an activity like the last one, today unless the words say otherwise.
func sameAgain(t *Turn) {
	a, rest, ok := t.afterLast()
	if !ok {
		return
	}
	values := maps.Clone(a.Values)
	for _, field := range ofThePerson {
		delete(values, field)
	}
	values[activityDay] = t.Now.Format(dayLayout)
	more, _ := t.readActivity(a.kind(), rest)
	maps.Copy(values, more)
	if t.saysOddDay(rest) {
		delete(values, activityDay)
	}
	t.openWith(a.kind(), "", values)
}

// ofThePerson are the fields that say something of who was helped, or of that time alone.
var ofThePerson = []string{activityNotes, "precisions_demarche", "autonomie", wasDirected, directedTo, cameBefore, activityHome, "genre", "tranche_age", "statut_social", peopleBefore, "participants_genre",
	"participants_age", "participants_statut"}

// nextOne is another activity of the day and the place of the last one.
func nextOne(t *Turn) {
	a, rest, ok := t.afterLast()
	if !ok {
		return
	}
	form := individualForm
	if intents.ReadActivity(t.Text, t.Now, t.bot.Gazetteer).Type == intents.Collectif {
		form = workshopForm
	}
	values, _ := t.readActivity(form, rest)
	for _, field := range []string{activityDay, activityPlaceType, activityPlace} {
		if value := a.Values[field]; value != "" {
			values[field] = cmp.Or(values[field], value)
		}
	}
	if form == individualForm {
		values[peopleHelped] = cmp.Or(values[peopleHelped], "1")
	}
	t.openWith(form, a.Of, values)
}

// listActivities lists hers of some months, else the last ones.
func listActivities(t *Turn) {
	t.known()
	o, _ := intents.ReadReport(t.Text)
	p, _, _ := intents.ReadPeriod(o.Rest, t.Now)
	if p.From == "" {
		lines := t.lastLines()
		if lines == "" {
			t.Reply("activites.aucune", nil)
			return
		}
		t.Reply("activites", Args{"liste": lines})
		return
	}
	all := t.activitiesOf(t.MeID, p.From+"-01", lastDay(p.To))
	if len(all) == 0 {
		t.Reply("activites.aucune", nil)
		return
	}
	t.Reply("activites", Args{"liste": t.activityList(all)})
}

// mostActivities is how many activities a list shows.
const mostActivities = 15

// lastDay is the last day of a month: "2026-11-30".
func lastDay(month string) string {
	at, _ := time.Parse(monthOnly, month)
	return at.AddDate(0, 1, -1).Format(dayLayout)
}

// monthOnly is how tallies write a month.
const monthOnly = "2006-01"

// lastLines are her last activities, one a line; "" none.
func (t *Turn) lastLines() string {
	all := t.activitiesOf(t.MeID, t.Now.AddDate(0, 0, -latelyDays).Format(dayLayout), t.Now.Format(dayLayout))
	return t.activityList(all)
}

// activityList are activities, one a line; of many the last ones, and how many there are before.
func (t *Turn) activityList(all []activity) string {
	var lines []string
	if before := len(all) - mostActivities; before > 0 {
		lines, all = append(lines, t.say("activites.avant", Args{"n": number(before)})), all[before:]
	}
	for _, a := range all {
		lines = append(lines, t.say("activites.ligne", Args{"n": a.Number, "jour": instant(a.Values[activityDay]), "quoi": t.briefly(a)}))
	}
	return strings.Join(lines, "\n")
}

// briefly says an activity in some words: "3 personnes, mails, 2h, mairie de Périers".
func (t *Turn) briefly(a activity) string {
	var parts []string
	if n := a.people(); n > 0 {
		parts = append(parts, t.say("activite."+a.kind(), Args{"n": number(n)}))
	} else {
		parts = append(parts, t.say("form."+a.kind()+".title", nil))
	}
	for slug := range strings.SplitSeq(a.Values[activityThemes], ",") {
		if slug != "" && slug != generalProcedure {
			parts = append(parts, t.say("theme."+slug, nil))
		}
	}
	if minutes := sumOf(a.Values[activityMinutes]); minutes > 0 {
		parts = append(parts, hours(minutes))
	}
	if _, where := locationOf(a.Values[activityPlace]); where != "" {
		parts = append(parts, plainWords.Replace(where))
	}
	return strings.Join(parts, ", ")
}
