package bot

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/intents"
)

// A gathering changes: a date is moved or cancelled or brought back, a place, a link, a title or the number of places is another, or it ends.

// changeGathering asks before it changes: people are told.
func changeGathering(t *Turn) {
	t.known()
	o, ok := t.owned()
	if !ok || t.tooLateFor(o) {
		return
	}
	t.Chat.close()
	text := t.Text
	t.Text = intents.WithoutGathering(text)
	read := t.readGathering(o.Place)
	t.Text = text
	values, problem, args := t.changesOf(o, read)
	if problem != "" {
		t.Reply(problem, args)
		return
	}
	if len(values) == 0 {
		t.Reply("rencontre.changer-comment", Args{"n": o.Number})
		return
	}
	after := t.changed(o, values)
	if problem, args = t.cannotBe(o, after, values); problem != "" {
		t.Reply(problem, args)
		return
	}
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target, t.Chat.Values = string(intents.ChangerRencontre), o.about(), values
	t.Offer("rencontre.changer", t.occasionArgs(o, t.Me.Language).with("apres", t.say("rencontre.etat", t.stateArgs(after)), "avant", t.say("rencontre.etat", t.stateArgs(o)),
		"prevenus", t.toldOf(o, movesPeople(values))), t.yesOrNo()...)
}

// changesOf are the parts that a text says anew, by their names; with another beginning alone it takes as long as before.
func (t *Turn) changesOf(o occasion, read intents.Gathering) (values map[string]string, problem string, args Args) {
	g := Gathering{Held: Permanence{Place: o.Place}}
	o.keepLength(&read.Schedule)
	if problem, args = t.takeHours(&g, read.Schedule); problem != "" {
		return nil, problem, args
	}
	if problem, args = t.takeWhere(&g, read.Schedule); problem != "" {
		return nil, problem, args
	}
	if problem, args = g.takeCapacity(read); problem != "" {
		return nil, problem, args
	}
	if g.Held.When.Rule != "" {
		return nil, "rencontre.une-date", nil
	}
	values = map[string]string{"jour": g.Held.When.First, "lieu": g.Held.Where, "lien": read.Link, "titre": read.Title}
	if g.Held.To != 0 {
		values["de"], values["a"] = number(int(g.Held.From)), number(int(g.Held.To))
	}
	if g.Held.Where != "" {
		values["ou"] = g.Held.Place
	}
	if g.Capacity > 0 {
		values["places"] = number(g.Capacity)
	}
	if read.Boundless {
		values["places"] = "0"
	}
	maps.DeleteFunc(values, func(_, v string) bool { return v == "" })
	return values, "", nil
}

// keepLength ends an occasion of which only another beginning was said after as long as before, if that is the same day.
func (o occasion) keepLength(read *intents.Schedule) {
	if end := read.From + int(clockOf(o.End)-clockOf(o.Start)); read.From != 0 && read.To == 0 && end < 24*60 {
		read.To = end
	}
}

// changed is the occasion as it will be; what was not said stays.
func (t *Turn) changed(o occasion, values map[string]string) occasion {
	g, raw := *o.Gathering, *o.Occasion
	after := occasion{gathering{o.id, &g}, &raw}
	if values["lieu"] != "" {
		raw.Where, raw.Place = values["lieu"], values["ou"]
	}
	zone := t.bot.Zone(raw.Place)
	day, from, to := o.Start.Format(dayLayout), clockOf(o.Start), clockOf(o.End)
	if values["jour"] != "" {
		day = values["jour"]
	}
	if values["a"] != "" {
		from, to = minutesIn(values["de"]), minutesIn(values["a"])
	}
	raw.Start, raw.End = instantOf(day, from, zone), instantOf(day, to, zone)
	if values["lien"] != "" {
		g.Link = values["lien"]
	}
	if values["titre"] != "" {
		g.Title = clean(values["titre"])
	}
	if values["places"] != "" {
		g.Capacity = int(minutesIn(values["places"]))
	}
	return after
}

// cannotBe says why an occasion cannot be as it was said.
func (t *Turn) cannotBe(o, after occasion, values map[string]string) (problem string, args Args) {
	next, follows := t.nextDate(o.gathering, o.Day, o.Start)
	switch {
	case !after.Start.After(t.At):
		return "rencontre.passe", nil
	case follows && !after.Start.Before(next.Start):
		return "rencontre.apres-la-suivante", Args{"jour": next.Start.Format(time.RFC3339)}
	case utf8.RuneCountInString(after.Title) > longestTitle:
		return "rencontre.titre-long", Args{"n": number(longestTitle)}
	case len(after.Link) > longestLink:
		return "champ.long", Args{"n": number(longestLink)}
	case values["places"] != "" && after.Capacity > 0 && after.Capacity < len(o.Going):
		return "rencontre.trop-peu", Args{"n": number(len(o.Going))}
	}
	if o.Open != "" || slices.ContainsFunc(slices.Concat(o.Going, o.Waiting), func(g Guest) bool { return g.Usager }) || len(t.guestsFor(o, toInvited)) > 0 {
		return unfitForSMS(after)
	}
	return "", nil
}

// stateArgs are the arguments of the line that says how an occasion stands.
func (t *Turn) stateArgs(o occasion) Args {
	args := t.occasionArgs(o, t.Me.Language)
	args["places"] = t.say("rencontre.sans-limite", nil)
	if o.Capacity > 0 {
		args["places"] = t.say("rencontre.offertes", Args{"n": number(o.Capacity)})
	}
	return args
}

// movesPeople tells whether a change is one that those who come must know of.
func movesPeople(values map[string]string) bool {
	return values["jour"] != "" || values["a"] != "" || values["lieu"] != "" || values["lien"] != ""
}

// toldOf says who will be told of a change; nobody is when it moves nobody.
func (t *Turn) toldOf(o occasion, moves bool) string {
	n := len(o.Going) + len(o.Waiting) + len(t.guestsFor(o, toInvited))
	switch {
	case !moves:
		return t.say("rencontre.personne-prevenu", nil)
	case n == 0:
		return t.say("rencontre.personne-inscrit", nil)
	case n == 1:
		return t.say("rencontre.prevenus.un", nil)
	}
	return t.say("rencontre.prevenus", Args{"n": number(n)})
}

// applyChange changes the gathering, tells who must know, and brings the posts up to date; who waits moves up in order.
func (t *Turn) applyChange(o occasion, values map[string]string) {
	after := t.changed(o, values)
	if problem, args := t.cannotBe(o, after, values); problem != "" { // meanwhile
		t.Reply(problem, args)
		return
	}
	*o.Gathering, *o.Occasion = *after.Gathering, *after.Occasion
	if movesPeople(values) {
		o.Changes++
		t.planOccasion(o)
		t.tellAll(o, "deplacee")
	}
	t.moveUp(o)
	t.redrawAll(o)
	t.saveOccasion(o)
	t.saveGathering(o.gathering)
	t.Reply("rencontre.changee", t.occasionArgs(o, t.Me.Language).with("apres", t.say("rencontre.etat", t.stateArgs(o)), "prevenus", t.toldOf(o, movesPeople(values))))
}

// cancelGathering asks before a date is cancelled.
func cancelGathering(t *Turn) {
	t.known()
	o, ok := t.owned()
	if !ok || t.tooLateFor(o) {
		return
	}
	t.Chat.close()
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target = string(intents.AnnulerRencontre), o.about()
	t.Offer("rencontre.annuler", t.occasionArgs(o, t.Me.Language).with("prevenus", t.toldOf(o, true)), t.yesOrNo()...)
}

// dropOccasion cancels a date, tells who must know, and goes on to the next one.
func (t *Turn) dropOccasion(o occasion, _ map[string]string) {
	t.callOff(o)
	t.Chat.Undo = o.about()
	t.Reply("rencontre.annulee-fait", t.occasionArgs(o, t.Me.Language).with("prevenus", t.toldOf(o, true), "suite", t.following(o)))
}

// goOnAfter goes on to the date that follows one that is over or cancelled, and has it announced.
func (t *Turn) goOnAfter(o occasion) (next occasion, ok bool) {
	if next, ok = t.advance(o.gathering, o.Day); ok {
		t.planAnnounce(next)
	}
	return next, ok
}

// following is goOnAfter, and says which date it is.
func (t *Turn) following(o occasion) string {
	next, ok := t.goOnAfter(o)
	if !ok {
		return ""
	}
	return "\n" + t.say("rencontre.suivante", t.occasionArgs(next, t.Me.Language))
}

// restoreOccasion brings back the date that was cancelled last; false: it was no gathering's.
func (t *Turn) restoreOccasion() bool {
	o, ok := t.occasionOf(t.Chat.Undo)
	if !strings.HasPrefix(t.Chat.Undo, "gathering/") {
		return false
	}
	t.Chat.close()
	t.Chat.Undo = ""
	if !ok || !o.Off || !o.Start.After(t.At) || !t.may(toChange, o.record()) {
		t.Reply("retablir.rien", nil)
		return true
	}
	if later, known := t.occasion(o.Number, ""); known {
		t.Drop(later.about()) // it is announced when its turn comes, if it was not yet
		t.Drop(later.about() + "/plan")
		if later.Drawing {
			later.Drawing = false
			t.saveOccasion(later)
		}
	}
	o.Off = false
	o.Changes++
	o.Gathering.Day = o.Day
	t.planOccasion(o)
	t.tellAll(o, "retablie")
	t.moveUp(o)
	t.redrawAll(o)
	t.saveOccasion(o)
	t.saveGathering(o.gathering)
	t.Reply("rencontre.retablie-fait", t.occasionArgs(o, t.Me.Language).with("prevenus", t.toldOf(o, true)))
	return true
}

// stopGathering asks before a gathering ends for good.
func stopGathering(t *Turn) {
	t.known()
	o, ok := t.owned()
	if !ok {
		return
	}
	t.Chat.close()
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target = string(intents.ArreterRencontre), o.about()
	t.Offer("rencontre.arreter", t.occasionArgs(o, t.Me.Language).with("rythme", t.rhythm(o.Held.When), "prevenus", t.toldOf(o, true)), t.yesOrNo()...)
}

// endGathering ends it: the date to come is cancelled, and no other follows.
func (t *Turn) endGathering(o occasion, _ map[string]string) {
	o.Held.When.Last = prevDay(t.Now).Format(dayLayout)
	for _, rec := range t.findAll(Query{Kind: "occasion", Owner: o.Owner, From: t.At}) { // another one may be announced already
		raw, _ := load[Occasion](t, rec.ID)
		if one, ok := t.occasion(raw.Number, raw.Day); ok && one.Number == o.Number && !one.Off {
			t.callOff(one)
		}
	}
	o.Gathering.Day = ""
	t.saveGathering(o.gathering)
	t.Reply("rencontre.arretee", t.occasionArgs(o, t.Me.Language).with("prevenus", t.toldOf(o, true)))
}

// callOff cancels a date and tells who must know.
func (t *Turn) callOff(o occasion) {
	o.Off = true
	o.Changes++
	t.Drop(o.about())
	t.Drop(o.about() + "/plan")
	o.Drawing = false // that went with it
	t.tellAll(o, "annulee")
	t.redrawAll(o)
	t.saveOccasion(o)
}

// withOccasion does something with the occasion that a question is about, if she still may.
func withOccasion(do func(*Turn, occasion, map[string]string)) func(*Turn, Asking) {
	return func(t *Turn, q Asking) {
		o, ok := t.occasionOf(q.Target)
		switch {
		case !ok || !t.may(toChange, o.record()):
			t.Reply("rencontre.introuvable", Args{"n": o.Number})
		case !t.tooLateFor(o):
			do(t, o, q.Values)
		}
	}
}
