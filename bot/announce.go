package bot

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// What is said of a gathering: the posts that announce a date and always show how things stand, and what those who answered are told.

// drawEvery is how long after an edit of a post the next one waits: of a crowd that presses at once, one edit shows the sum.
const drawEvery = 5 * time.Second

// announceOccasion posts an occasion to the channels and to the colleagues, once.
func (t *Turn) announceOccasion(o occasion) {
	if len(o.Posts) > 0 {
		return
	}
	for _, c := range o.Channels {
		o.Posts = append(o.Posts, Post{To: string(c.To)})
	}
	for _, person := range o.Colleagues {
		o.Posts = append(o.Posts, Post{To: person})
	}
	for i := range o.Posts {
		t.post(o, &o.Posts[i])
	}
	if o.Open != "" {
		t.inviteCommune(o)
	}
	t.saveOccasion(o)
}

// post writes a post, or edits the one that is there: a new one when that is too old to be found.
func (t *Turn) post(o occasion, p *Post) {
	language, network := French, mattermost
	if !isChannel(p.To) {
		who, ok := load[Person](t, p.To)
		if !ok || who.first() == "" {
			return
		}
		language, network = who.Language, who.first().Network()
	}
	m := &Message{Key: "rencontre.annonce", Args: t.announcement(o, language), About: o.about()}
	switch {
	case o.Off:
		m.Key = "rencontre.annonce-annulee"
	case o.over(t.At):
		m.Key = "rencontre.annonce-finie"
	default:
		m.Choices = []Choice{{Words: "je viens " + o.Number, Label: t.sayIn(language, "bouton.viens", nil), Beside: true},
			{Words: "je ne viens pas " + o.Number, Label: t.sayIn(language, "bouton.ne-viens-pas", nil), Beside: true}}
	}
	if p.Key != "" && t.At.Sub(p.At) < threadLife {
		m.Replaces = p.Key
	}
	p.Key = t.write(Task{To: p.To, Network: network, Lane: Reminder, Purpose: ForNews, Place: o.Place, At: t.At, Message: m})
	p.At = t.At
}

// announcement are the arguments of the text that announces an occasion.
func (t *Turn) announcement(o occasion, language string) Args {
	args := t.occasionArgs(o, language)
	args["compte"], args["rythme"] = t.countOf(o, language), ""
	if o.Held.When.Rule != "" {
		args["rythme"] = "\n" + t.sayIn(language, "rencontre.rythme", Args{"rythme": t.rhythm(o.Held.When)})
	}
	return args
}

// countOf says how many come, how many places are left and how many wait.
func (t *Turn) countOf(o occasion, language string) string {
	parts := []string{t.sayIn(language, "rencontre.inscrits", Args{"n": number(len(o.Going))})}
	if o.Capacity > 0 {
		parts = append(parts, t.sayIn(language, "rencontre.places", Args{"n": number(max(0, o.Capacity-len(o.Going)))}))
	}
	if len(o.Waiting) > 0 {
		parts = append(parts, t.sayIn(language, "rencontre.en-attente", Args{"n": number(len(o.Waiting))}))
	}
	return strings.Join(parts, ", ")
}

// drawSoon has the posts in channels brought up to date: at once, or a moment after the last time. What happens until then is shown with it.
func (t *Turn) drawSoon(o occasion) {
	if slices.ContainsFunc(o.Posts, func(p Post) bool { return isChannel(p.To) }) {
		t.planDraw(o)
	}
}

// planDraw is drawSoon whether or not there are such posts.
func (t *Turn) planDraw(o occasion) {
	if o.Drawing {
		return
	}
	o.Drawing = true
	o.Draws++
	t.write(Task{Key: fmt.Sprintf("%s/affichage/%d", o.about(), o.Draws), Group: o.about(), Lane: Reminder, Place: o.Place,
		At: maxTime(t.At, o.Drawn.Add(drawEvery)), Intent: drawIntent, Args: o.wakeArgs()})
}

// draw brings the posts in channels up to date.
func draw(t *Turn) {
	o, ok := t.woken()
	if !ok {
		return
	}
	o.Drawing, o.Drawn = false, t.At
	t.moveUp(o) // what was left of it
	for i := range o.Posts {
		if p := &o.Posts[i]; isChannel(p.To) && t.At.Sub(p.At) < threadLife {
			t.post(o, p)
		}
	}
	t.saveOccasion(o)
}

// redrawAll brings every post up to date: when, where or whether it is held has changed.
func (t *Turn) redrawAll(o occasion) {
	for i := range o.Posts {
		t.post(o, &o.Posts[i])
	}
}

// announceNext posts the next date of a gathering that is held again and again.
func announceNext(t *Turn) {
	if o, ok := t.woken(); ok && !o.Off && o.Gathering.Day == o.Day {
		t.announceOccasion(o)
	}
}

// announceAhead is how long before a date that follows another it is announced at most.
const announceAhead = 28 * day

// planAnnounce has a date that follows another announced in time.
func (t *Turn) planAnnounce(o occasion) {
	at := maxTime(t.At, o.Start.Add(-announceAhead))
	t.write(Task{Key: o.about() + "/annonce", Group: o.about(), Lane: Reminder, Place: o.Place, At: at, NotAfter: o.Start, Intent: announceIntent, Args: o.wakeArgs()})
}

// Who is told by a wake-up, in Values["qui"].
const (
	toPros    = "pros"
	toUsagers = "usagers"
	toAll     = "tous"     // on either list
	toInvited = "invitees" // usagers who were invited and have not answered
)

// tellAll has everybody on the lists of an occasion told of a change, page after page, and those whom an SMS invited.
func (t *Turn) tellAll(o occasion, text string) {
	t.Drop(o.words())
	for _, who := range []string{toAll, toInvited} {
		t.write(Task{Key: fmt.Sprintf("%s/%s/%s/%d", o.about(), text, who, o.Changes), Group: o.about(), Lane: Reminder, Place: o.Place, At: t.At, NotAfter: maxTime(o.End, t.At.Add(day)),
			Intent: tellGuestsIntent, Args: o.wakeArgs().with("texte", text, "qui", who)})
	}
}

// guestPage is how many people one turn tells: each is a task, and an usager's chat.
const guestPage = 150

// tellGuests tells one page of those whom a wake-up is for; the pages go by the persons' ids, so that nobody is left out who stays on a list.
func tellGuests(t *Turn) {
	o, ok := t.woken()
	reminder := t.Values["texte"] == "veille" || t.Values["texte"] == "heure"
	if !ok || reminder && (o.Off || o.over(t.At)) {
		return
	}
	all := t.guestsFor(o, t.Values["qui"])
	slices.SortFunc(all, func(a, b Guest) int { return strings.Compare(a.Person, b.Person) })
	all = slices.DeleteFunc(all, func(g Guest) bool { return g.Person <= t.Values["apres"] })
	for _, g := range all[:min(len(all), guestPage)] {
		t.tellInPage(o, g)
	}
	if len(all) <= guestPage {
		return
	}
	next := Args(maps.Clone(t.Values)).with("apres", all[guestPage-1].Person)
	t.write(Task{Key: t.ID + "+", Group: o.about(), Lane: Reminder, Place: o.Place, At: t.At, Intent: tellGuestsIntent, Args: next})
}

// tellInPage tells one of them. Who was invited, and has not read it yet, is told nothing of a cancellation, and invited to what holds now.
func (t *Turn) tellInPage(o occasion, g Guest) {
	text := t.Values["texte"]
	if p, ok := load[Person](t, g.Person); ok && t.Values["qui"] == toInvited {
		if read, _ := t.taken(o.toUsager(g.Person, onceInvited)); !read {
			if !o.Off && p.first() != "" {
				t.tellUsager(o, g.Person, p, "atelier.invitation", onceInvited)
			}
			return
		}
	}
	t.tellGuest(o, g, text, fmt.Sprintf("%s/%d", text, o.Changes))
}

// guestsFor are those whom a wake-up is for: reminders are for who said yes.
func (t *Turn) guestsFor(o occasion, who string) (out []Guest) {
	switch who {
	case toAll:
		return slices.Concat(o.Going, o.Waiting)
	case toInvited:
		for _, rec := range t.findAll(Query{Kind: "rsvp", Owner: o.Owner, State: isInvited, From: o.First, To: o.First.Add(time.Millisecond)}) {
			if r, ok := load[RSVP](t, rec.ID); ok && r.Number == o.Number {
				out = append(out, Guest{Person: r.Subject, Usager: true})
			}
		}
		return out
	}
	for _, g := range o.Going {
		if g.Usager == (who == toUsagers) {
			out = append(out, g)
		}
	}
	return out
}
