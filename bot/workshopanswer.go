package bot

import (
	"slices"
	"strings"

	"passeur/intents"
)

// What usagers answer to the workshops that they were invited to: which one they mean, that they come or do not, what they ask.

// wonderAboutOccasion notes that she is asked whether she comes to an occasion; an open question stays open, and appointments that wait for an answer
// go on waiting.
func (c *Chat) wonderAboutOccasion(about string) {
	c.turn()
	c.Talker, c.Occasion = "", about
	if !slices.Contains(c.Occasions, about) {
		c.Occasions = append(c.Occasions[max(0, len(c.Occasions)-mostAsked+1):], about)
	}
}

// mostAsked is how many invitations without an answer one chat remembers: a list by SMS is no longer.
const mostAsked = 5

// heardOfOccasion ends what was asked about an occasion.
func (c *Chat) heardOfOccasion(about string) {
	c.close()
	c.Occasions = slices.DeleteFunc(c.Occasions, func(a string) bool { return a == about })
	c.turn()
	c.Occasion = about
}

// askedOccasions are those that an usager was asked about and may still answer.
func (t *Turn) askedOccasions() (out []occasion) {
	if t.Chat == nil {
		return nil
	}
	for _, about := range t.Chat.Occasions {
		if o, ok := t.occasionOf(about); ok && !o.over(t.At) {
			out = append(out, o)
		}
	}
	return out
}

// askedRdvs are the appointments that she was asked about and may still answer.
func (t *Turn) askedRdvs() []rdv {
	return slices.DeleteFunc(among(t.rdvs(), t.Chat.Rdvs...), func(m rdv) bool { return !t.asks(m) })
}

// talkedOccasion is the one to come that was talked of last, if nothing else was since.
func (t *Turn) talkedOccasion() (occasion, bool) {
	o, ok := t.lastOccasion()
	return o, ok && !o.over(t.At)
}

// lastOccasion is the same, be it over: its organiser reads what nobody else does.
func (t *Turn) lastOccasion() (occasion, bool) { return t.occasionOf(t.Chat.Occasion) }

// answeredOccasions are those to come that she answered once: of which she may speak by the word "atelier".
func (t *Turn) answeredOccasions() (out []occasion) {
	for _, person := range t.People {
		out = append(out, t.expects(person)...)
	}
	return out
}

// readerHere is who reads what an usager writes who has no appointment: the organiser of the workshop talked of last, who signed the
// broadcast or the campaign that wrote to her, the organiser of a workshop that is over, "" the desk; and who of those at the address was written to.
func (t *Turn) readerHere() (owner, subject string) {
	if o, ok := t.talkedOccasion(); ok {
		return o.Owner, t.guestHere(o)
	}
	if inv, ok := t.broadcastMeant(); ok {
		return inv.With, inv.Person
	}
	if c, person, ok := t.inviter(); ok {
		return c.With, person
	}
	if o, ok := t.lastOccasion(); ok {
		return o.Owner, t.guestHere(o)
	}
	return "", t.MeID
}

// notHer takes somebody off the lists whose number is somebody else's, and tells the organisers.
func (t *Turn) notHer(person string) {
	for _, o := range t.expects(person) {
		p, _ := load[Person](t, person)
		t.leave(o, person)
		t.Tell(o.Owner, person, "nouvelle.atelier-mauvais-numero", t.occasionArgs(o, "").with("prenom", p.called(t)))
	}
}

// expects are the occasions to come that somebody was asked to, whatever she answered.
func (t *Turn) expects(person string) (all []occasion) {
	for _, rec := range t.find(Query{Kind: "rsvp", Subject: person}) {
		r, _ := load[RSVP](t, rec.ID)
		if o, ok := t.occasion(r.Number, r.Day); ok && !o.Off && !o.over(t.At) {
			all = append(all, o)
		}
	}
	return all
}

// meantOccasions are the occasions that a yes or no of an usager may be about, and the appointments, when it is not sure: what she names, what
// she was asked, what was talked of last.
func (t *Turn) meantOccasions() (os []occasion, ms []rdv) {
	if t.Role != Usager || t.Chat == nil {
		return nil, nil
	}
	if t.About != "" { // whose button she pressed
		if o, ok := t.occasionOf(t.About); ok && t.aboutHers() {
			return []occasion{o}, nil
		}
		return nil, nil
	}
	asked, talked := t.askedOccasions(), []occasion(nil)
	if o, ok := t.talkedOccasion(); ok {
		talked = []occasion{o}
	}
	words := strings.Fields(plain(t.Text))
	named := namedBy(slices.Concat(asked, talked), words)
	switch {
	case namesRdv(words):
		return nil, nil
	case namesWorkshop(words):
		if all := namedBy(t.answeredOccasions(), words); len(all) > 0 {
			return all, nil
		}
		if len(asked) > 0 {
			return asked, nil
		}
		if len(talked) > 0 {
			return talked, nil
		}
		return t.answeredOccasions(), nil
	case len(named) > 0:
		return named, nil
	case len(asked) > 0 && len(talked) > 0 && t.undoes(talked[0]):
		if _, number := bareNumber(t.Text); number {
			return talked, nil
		}
		return append(talked, asked...), t.askedRdvs()
	case len(asked) > 0:
		return asked, t.askedRdvs()
	case len(talked) > 0: // she was told of it behind a question about an appointment: "2" may be for either
		return talked, t.askedRdvs()
	}
	return nil, nil
}

// undoes tells that an answer takes back the one that she gave last, while others wait: "Un empêchement ? Répondez 2" was said to who comes, "Une
// erreur ? Répondez 1" to who does not.
func (t *Turn) undoes(o occasion) bool {
	if slices.Contains(t.Chat.Occasions, o.about()) {
		return false
	}
	r, _ := load[RSVP](t, rsvpID(o, t.guestHere(o)))
	switch t.Read.Intent {
	case intents.Non, intents.Annuler:
		return r.State == isGoing || r.State == isWaiting
	case intents.Oui, intents.Confirmer:
		return r.State == isDeclined
	}
	return false
}

func namesRdv(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "rdv") || strings.HasPrefix(w, "rendez") })
}

func namesWorkshop(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(strings.TrimPrefix(w, "l'"), "atelier") })
}

// namedBy are the occasions that words name by the most words of their titles; none when they name none.
func namedBy(all []occasion, words []string) (named []occasion) {
	most := 0
	for _, o := range all {
		if slices.ContainsFunc(named, func(other occasion) bool { return other.about() == o.about() }) {
			continue
		}
		switch n := len(titleWords(o.Title, words)); {
		case n > most:
			named, most = []occasion{o}, n
		case n == most && n > 0:
			named = append(named, o)
		}
	}
	return named
}

// titleWords are those words that stand in a title, or begin one of it: "ordi" for "Ordinateur".
func titleWords(title string, words []string) (found []string) {
	of := wordsIn(title)
	for _, w := range words {
		said := w[strings.LastIndexAny(w, "'’")+1:]
		if len(said) >= shortestName && !slices.Contains(found, w) && slices.ContainsFunc(of, func(word string) bool { return strings.HasPrefix(word, strings.TrimFunc(said, notLetter)) }) {
			found = append(found, w)
		}
	}
	return found
}

// shortestName is how many letters a word has at least that names a workshop.
const shortestName = 4

// readsUnnamed reads an answer that names the one workshop which it is for, and was not surely understood, without that name: "oui pour l'atelier
// ordinateur" is a yes.
func (t *Turn) readsUnnamed(c intents.Context) {
	words := strings.Fields(plain(t.Text))
	if t.Read.Decision == intents.Act || t.Read.Urgent || t.Role != Usager || t.topic() != "" || t.talking() || !t.oneOccasion() {
		return
	}
	os, _ := t.meantOccasions()
	named := titleWords(os[0].Title, words)
	rest := slices.DeleteFunc(words, func(w string) bool { return slices.Contains(named, w) || namesWorkshop([]string{w}) })
	if r := t.bot.Reader.Read(strings.Join(rest, " "), c); len(named) > 0 && r.Decision == intents.Act && (r.Intent == intents.Confirmer || r.Intent == intents.Annuler) {
		t.Read = r
	}
}

// oneOccasion tells that an answer is about one occasion for sure, severalMeant that it must be asked which.
func (t *Turn) oneOccasion() bool {
	os, ms := t.meantOccasions()
	return len(os) == 1 && len(ms) == 0
}

func (t *Turn) severalMeant() bool {
	os, ms := t.meantOccasions()
	return len(os) > 0 && len(os)+len(ms) > 1
}

// askWhichOccasion numbers what her answer may be about: workshops and appointments.
func askWhichOccasion(t *Turn) {
	os, ms := t.meantOccasions()
	act := intents.Confirmer
	if t.Read.Intent == intents.Non || t.Read.Intent == intents.Annuler {
		act = intents.Annuler
	}
	t.Chat.close()
	t.ask(topicWhich)
	t.Chat.Act = string(act)
	var lines []string
	note := func(id, key string, args Args) {
		t.Chat.Choices = append(t.Chat.Choices, id)
		lines = append(lines, t.say(key, args.with("n", number(len(lines)+1))))
	}
	for _, m := range ms {
		note(m.id, "lequel.atelier.rdv", m.args())
	}
	for _, o := range os {
		note(o.about(), "lequel.atelier.ligne", t.usagerOccasion(o, t.Me.Language))
	}
	t.Reply("lequel.atelier", Args{"liste": strings.Join(lines, "\n")})
}

// chooseOccasion does what was asked with an occasion that was picked from a list; false: it was something else.
func (t *Turn) chooseOccasion(act intents.Intent, id string) bool {
	o, ok := t.occasionOf(id)
	if !ok {
		return false
	}
	if act == intents.Confirmer {
		t.usagerComes(o)
	} else {
		t.usagerComesNot(o)
	}
	return true
}

// attends: an usager comes to a workshop.
func attends(t *Turn) {
	if os, _ := t.meantOccasions(); len(os) > 0 {
		t.usagerComes(os[0])
	}
}

// attendsNot: she does not.
func attendsNot(t *Turn) {
	if os, _ := t.meantOccasions(); len(os) > 0 {
		t.usagerComesNot(os[0])
	}
}

// guestHere is who, of those at this address, an answer to an occasion is about: who is named in it, who has not answered yet, the first who was
// invited.
func (t *Turn) guestHere(o occasion) string {
	words := strings.Fields(plain(t.Text))
	best, rank := t.MeID, 0
	for _, person := range t.People {
		r, ok := load[RSVP](t, rsvpID(o, person))
		if !ok {
			continue
		}
		is := 1
		if r.State == isInvited {
			is = 2
		}
		if p, _ := load[Person](t, person); slices.Contains(words, plain(p.Name)) {
			is = 3
		}
		if is > rank {
			best, rank = person, is
		}
	}
	return best
}

func (t *Turn) usagerComes(o occasion) {
	t.Chat.heardOfOccasion(o.about())
	if t.lateForUsager(o) {
		return
	}
	t.be(t.guestHere(o))
	state, rank, changed := t.join(o, Guest{Person: t.MeID, Usager: true})
	args := t.usagerOccasion(o, t.Me.Language).with("rang", number(rank))
	key, news := "atelier.inscrit", "nouvelle.atelier-vient"
	if state == isWaiting {
		key, news = "atelier.attente", "nouvelle.atelier-attend"
	}
	t.Reply(key, args)
	if changed {
		t.tellOrganiser(o, news, rank)
	}
}

func (t *Turn) usagerComesNot(o occasion) {
	t.Chat.heardOfOccasion(o.about())
	if t.lateForUsager(o) {
		return
	}
	t.be(t.guestHere(o))
	t.leave(o, t.MeID)
	t.Reply("atelier.parti", t.usagerOccasion(o, t.Me.Language))
	t.tellOrganiser(o, "nouvelle.atelier-ne-vient-pas", 0)
}

// lateForUsager tells a person that the occasion of which she speaks is cancelled.
func (t *Turn) lateForUsager(o occasion) bool {
	if o.Off {
		t.Reply("atelier.annulee-deja", t.usagerOccasion(o, t.Me.Language))
	}
	return o.Off
}

// myWorkshop: she asks when and where; any other question the organiser reads too.
func myWorkshop(t *Turn) {
	os, _ := t.meantOccasions()
	if len(os) == 0 {
		return
	}
	o := os[0]
	args := t.usagerOccasion(o, t.Me.Language)
	if asksWhen(t.Text) {
		t.Reply("atelier.le-votre", args)
		return
	}
	t.passWords(o.Owner, t.guestHere(o), "nouvelle.message", Args{"prenom": t.name()})
	t.Reply("atelier.le-votre.transmis", args)
}

// tellOrganiser gives the organiser news of a person who answered.
func (t *Turn) tellOrganiser(o occasion, key string, rank int) {
	t.Tell(o.Owner, t.MeID, key, t.occasionArgs(o, "").with("prenom", t.name(), "rang", number(rank), "mots", t.moreWords()))
}
