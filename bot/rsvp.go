package bot

import (
	"slices"
)

// Who comes to a gathering: places, the waiting list, and who moves up.

// RSVP is what somebody answered to an occasion, or that she was invited to it. Who has a place stands on the occasion; this record is
// hers: it is erased with her, and her calendar finds it.
type RSVP struct {
	V       int    `json:"v"`
	Subject string `json:"subject"`
	Number  string `json:"number"` // the gathering's
	Day     string `json:"day"`
	State   string `json:"state"`
}

// States of an answer.
const (
	isInvited  = "invited"  // by SMS, and she has not answered
	isGoing    = "going"    // she has a place
	isWaiting  = "waiting"  // she will have the next one
	isDeclined = "declined" // she does not come
)

func rsvpID(o occasion, person string) string {
	return occasionID(o.Number, o.Day) + "-" + person
}

// setRSVP notes what somebody answered.
func (t *Turn) setRSVP(o occasion, person, state string) {
	id := rsvpID(o, person)
	r, _ := load[RSVP](t, id)
	*r = RSVP{V: 1, Subject: person, Number: o.Number, Day: o.Day, State: state}
	t.save("rsvp", id, func(rec *Record) {
		rec.Owner, rec.Subject, rec.Place, rec.State, rec.At = o.Owner, person, o.Place, state, o.First
	})
}

// place is where a person stands on one of the lists; -1 when she is not on it.
func place(list []Guest, person string) int {
	return slices.IndexFunc(list, func(g Guest) bool { return g.Person == person })
}

// isFull tells whether no place is free.
func (o occasion) isFull() bool { return o.Capacity > 0 && len(o.Going) >= o.Capacity }

// join gives somebody a place, or the last one of the waiting list. It returns where she stands, and her rank there, from 1; changed is
// false when she stood there already.
func (t *Turn) join(o occasion, g Guest) (state string, rank int, changed bool) {
	if i := place(o.Going, g.Person); i >= 0 {
		return isGoing, i + 1, false
	}
	if i := place(o.Waiting, g.Person); i >= 0 {
		return isWaiting, i + 1, false
	}
	state = isGoing
	if o.isFull() {
		o.Waiting, state = append(o.Waiting, g), isWaiting
		rank = len(o.Waiting)
	} else {
		o.Going = append(o.Going, g)
		rank = len(o.Going)
	}
	t.setRSVP(o, g.Person, state)
	t.drawSoon(o)
	t.saveOccasion(o)
	return state, rank, true
}

// leave takes somebody off the lists; the next in line has her place. What was to be said to her of it, and has not left, is out of date.
func (t *Turn) leave(o occasion, person string) {
	t.Drop(o.wordsTo(person))
	t.vacate(o, person)
	t.setRSVP(o, person, isDeclined)
}

// vacate is leave without a word of her own: she may be erased. Once the date is over her place stays, without her: the numbers by which is said
// who came are those that were shown.
func (t *Turn) vacate(o occasion, person string) {
	if o.over(t.At) {
		t.forgetGuest(o, person)
		return
	}
	on := len(o.Going) + len(o.Waiting)
	is := func(g Guest) bool { return g.Person == person }
	o.Going, o.Waiting = slices.DeleteFunc(o.Going, is), slices.DeleteFunc(o.Waiting, is)
	if len(o.Going)+len(o.Waiting) == on {
		return
	}
	t.moveUp(o)
	t.drawSoon(o)
	t.saveOccasion(o)
}

// forgetGuest keeps that a place was taken, and forgets by whom: what stands there leads to nobody.
func (t *Turn) forgetGuest(o occasion, person string) {
	nobody := t.newID("x", person)
	for _, list := range [][]Guest{o.Going, o.Waiting} {
		if i := place(list, person); i >= 0 {
			list[i].Person = nobody
		}
	}
	if i := slices.Index(o.Came, person); i >= 0 {
		o.Came[i] = nobody
	}
	t.saveOccasion(o)
}

// moveUp gives the free places to the first of the waiting list whom it can be told, and tells them. Who wants no messages keeps her rank. What one
// turn cannot do for all is gone on with when the posts are brought up to date.
func (t *Turn) moveUp(o occasion) {
	for i, moved := 0, 0; i < len(o.Waiting) && !o.isFull() && !o.Off && !o.over(t.At); {
		if moved == guestPage {
			t.planDraw(o)
			return
		}
		next := o.Waiting[i]
		if p, ok := load[Person](t, next.Person); !ok || p.first() == "" || next.Usager && !p.listens() {
			i++
			continue
		}
		o.Waiting = slices.Delete(o.Waiting, i, i+1)
		o.Going = append(o.Going, next)
		moved++
		t.setRSVP(o, next.Person, isGoing)
		t.tellGuest(o, next, "place", "place/"+t.ID)
	}
}

// seatWaiting gives those at this address, who may be told again, the places that were free while they waited and could not be.
func (t *Turn) seatWaiting() {
	for _, person := range t.People {
		for _, o := range t.expects(person) {
			if place(o.Waiting, person) < 0 || o.isFull() {
				continue
			}
			t.moveUp(o)
			t.drawSoon(o)
			t.saveOccasion(o)
		}
	}
}

// tellGuest tells somebody on the lists about an occasion; what is said under a name, once, is not said to her again. Professionals have it as
// news, with the entry for their calendar; usagers by SMS.
func (t *Turn) tellGuest(o occasion, g Guest, text, once string) {
	p, ok := load[Person](t, g.Person)
	if !ok || p.first() == "" {
		return
	}
	if g.Usager {
		t.tellUsager(o, g.Person, p, "atelier."+text, once)
		return
	}
	key := "rencontre." + text
	task := Task{Key: o.about() + "/pro/" + g.Person + "/" + once, Group: o.words(), Batch: o.wordsTo(g.Person), To: g.Person, Network: p.first().Network(), Lane: Reply, Purpose: ForNews, Place: o.Place,
		At: t.At, NotAfter: o.End, Message: &Message{Key: key, Args: t.occasionArgs(o, p.Language), About: o.about()}}
	switch text {
	case "veille":
		task.NotAfter = o.Start
	case "heure":
		task.NotAfter = o.lastCall()
	}
	if text != "veille" && text != "heure" {
		task.Message.File = o.file()
	}
	if text != "annulee" {
		task.Message.Choices = []Choice{{Words: "je ne viens pas " + o.Number, Label: t.sayIn(p.Language, "bouton.ne-viens-pas", nil), Beside: true}}
	}
	t.write(task)
}

// comesTo: a professional comes.
func comesTo(t *Turn) {
	t.known()
	o, ok := t.numberNamed()
	if !ok || t.tooLateFor(o) {
		return
	}
	state, rank, changed := t.join(o, Guest{Person: t.MeID})
	key := "rencontre.inscrit"
	switch {
	case state == isWaiting:
		key = "rencontre.attente"
	case !changed:
		key = "rencontre.deja"
	}
	t.answerGuest(o, key, rank, state == isGoing)
}

// comesNot: a professional does not come, or no more.
func comesNot(t *Turn) {
	t.known()
	if o, ok := t.numberNamed(); ok && !t.tooLateFor(o) {
		t.leave(o, t.MeID)
		t.answerGuest(o, "rencontre.parti", 0, false)
	}
}

// tooLateFor says that one can no more come to an occasion.
func (t *Turn) tooLateFor(o occasion) bool {
	switch {
	case o.Off:
		t.Reply("rencontre.est-annulee", t.occasionArgs(o, t.Me.Language))
	case o.over(t.At):
		t.Reply("rencontre.passee", t.occasionArgs(o, t.Me.Language))
	default:
		return false
	}
	return true
}

// answerGuest answers a professional, in private wherever she pressed; with the entry for her calendar when she has a place.
func (t *Turn) answerGuest(o occasion, key string, rank int, goes bool) {
	m := &Message{Key: key, Args: t.occasionArgs(o, t.Me.Language).with("rang", number(rank)), About: o.about()}
	if goes {
		m.File = o.file()
	}
	if key == "rencontre.parti" {
		m.Choices = []Choice{t.shortcut("je viens "+o.Number, "bouton.viens", nil)}
	} else {
		m.Choices = []Choice{t.shortcut("je ne viens pas "+o.Number, "bouton.ne-viens-pas", nil)}
	}
	t.answer(ForTalk, m)
}

// listGuests names who comes, and who waits; when no date is to come, who came to the last one.
func listGuests(t *Turn) {
	t.known()
	o, ok := t.dateNamed(t.currentOrLast)
	if !ok {
		return
	}
	if !t.may(toSee, o.record()) {
		t.Reply("rencontre.pas-a-vous", t.occasionArgs(o, t.Me.Language))
		return
	}
	args := t.occasionArgs(o, t.Me.Language).with("attente", "")
	if len(o.Waiting) > 0 {
		args["attente"] = "\n" + t.say("inscrits.attente", Args{"liste": t.namesOf(o.Waiting)})
	}
	switch {
	case len(o.Going) == 0 && o.over(t.At):
		t.Reply("inscrits.aucun-passe", args)
	case len(o.Going) == 0:
		t.Reply("inscrits.aucun", args)
	case o.over(t.At):
		t.listPast(o, args)
	default:
		t.Reply("inscrits", args.with("liste", t.namesOf(o.Going)))
	}
}

// listPast names who had a place on a date that is over, and marks who came; what she says of them next is about this list.
func (t *Turn) listPast(o occasion, args Args) {
	t.Chat.Ended = o.about()
	key := "inscrits.passe"
	if o.Attended {
		key = "inscrits.venus"
		args = args.with(t.cameArgs(o)...)
	}
	t.Reply(key, args.with("liste", t.namesBy(o.Going, func(person string) string {
		if slices.Contains(o.Came, person) {
			return "inscrits.ligne-venue"
		}
		return "inscrits.ligne"
	})))
}

// currentOrLast is the date of a gathering to which one can come, else the last one that was held and is still kept.
func (t *Turn) currentOrLast(g gathering) (last occasion, ok bool) {
	if o, ok := t.occasion(g.id, ""); ok {
		return o, true
	}
	for _, rec := range t.findAll(Query{Kind: "occasion", Owner: g.Owner, State: gatheringOver}) {
		raw, _ := load[Occasion](t, rec.ID)
		if raw.Number == g.id && (!ok || raw.Start.After(last.Start)) {
			last, ok = t.occasion(raw.Number, raw.Day)
		}
	}
	return last, ok
}

// namesOf numbers people by their names.
func (t *Turn) namesOf(list []Guest) string {
	return t.namesBy(list, func(string) string { return "inscrits.ligne" })
}

// mostNamed is how many people one list names: more are a page that nobody reads.
const mostNamed = 300

// namesBy names people, each with her number of the list, by the text that key gives for her; "" leaves her out.
func (t *Turn) namesBy(list []Guest, key func(person string) string) (out string) {
	shown := 0
	for i, g := range list {
		line := key(g.Person)
		if line == "" {
			continue
		}
		if shown++; shown > mostNamed {
			return out + "\n" + t.say("inscrits.autres", Args{"n": number(len(list))})
		}
		p, ok := load[Person](t, g.Person)
		name := p.toldApart(t)
		if !ok {
			name = t.say("inscrits.effacee", nil)
		}
		if out != "" {
			out += "\n"
		}
		out += t.say(line, Args{"n": number(i + 1), "nom": name})
	}
	return out
}

// freeSeat: the person of an answer is erased.
func (t *Turn) freeSeat(rec Record) {
	r, ok := load[RSVP](t, rec.ID)
	if !ok {
		return
	}
	if o, known := t.occasion(r.Number, r.Day); known {
		t.vacate(o, rec.Subject)
	}
}
