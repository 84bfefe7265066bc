package bot

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"passeur/intents"
)

// After two appointments with one person a counsellor directs her to somebody nearer or better placed: a place of the national
// directory. The bot proposes, the counsellor sends with one tap.

// keptBefore is how many kept appointments come before a direction is proposed.
const keptBefore = 2

// direction is one of the first-class choices: what a person needs, and which places answer it.
type direction struct {
	name string              // of the texts orienter.<name>
	fits func(v *Venue) bool // nil: no place, the choice is an address of its own
}

// directions are the choices in the order in which they are shown.
func directions() []direction {
	service := func(name string) func(*Venue) bool {
		return func(v *Venue) bool { return slices.Contains(v.Services, name) }
	}
	programme := func(name, kind string) func(*Venue) bool {
		return func(v *Venue) bool {
			return slices.Contains(v.Programmes, name) || kind != "" && slices.Contains(v.Types, kind)
		}
	}
	return []direction{
		{"demarches", service("Aide aux démarches administratives")},
		{"apprendre", service("Maîtrise des outils numériques du quotidien")},
		{"france-services", programme("France Services", "RFS")},
		{"epn", programme("", "EPN")},
		{"aidants-connect", programme("Aidants Connect", "")},
		{"pass-numerique", func(v *Venue) bool {
			return slices.ContainsFunc(v.Labels, func(l string) bool { return strings.Contains(plain(l), "pass numerique") })
		}},
		{"pix", func(v *Venue) bool {
			return slices.ContainsFunc(append(slices.Clone(v.Labels), v.Programmes...), func(l string) bool { return strings.Contains(plain(l), "pix") })
		}},
		{"materiel", service("Acquisition de matériel informatique à prix solidaire")},
		{"solidarite-numerique", nil},
	}
}

// directTo begins to direct somebody: the one of the thread, or of a name.
func directTo(t *Turn) {
	t.known()
	person := t.subject()
	if name := intents.ReadDirected(t.Text); name != "" {
		found := t.peopleNamed(name)
		if len(found) != 1 {
			t.Reply("orienter.qui", nil)
			return
		}
		person = found[0]
	}
	if person == "" {
		t.Reply("orienter.qui", nil)
		return
	}
	t.askDirection(person)
}

// directions are those that this installation can offer.
func (t *Turn) directions() []direction {
	return slices.DeleteFunc(directions(), func(d direction) bool { return d.fits == nil && t.bot.Settings.Solidarity == "" })
}

// askDirection asks what the person needs.
func (t *Turn) askDirection(person string) {
	p, ok := load[Person](t, person)
	if !ok || !t.talksWith(person) {
		t.Reply("repondre.partie", nil)
		return
	}
	t.Chat.close()
	t.ask(topicDirection)
	t.Chat.Target = person
	var lines []string
	var choices []Choice
	for i, d := range t.directions() {
		t.Chat.Choices = append(t.Chat.Choices, d.name)
		lines = append(lines, t.say("champ.option", Args{"n": number(i + 1), "option": t.say("orienter."+d.name, nil)}))
		choices = append(choices, t.offered(number(i+1), "orienter."+d.name, nil))
	}
	t.Offer("orienter.quoi", Args{"prenom": p.called(t), "liste": strings.Join(lines, "\n")}, choices...)
}

// foundVenue is a place with its distance.
type foundVenue struct {
	*Venue
	km float64
}

// venuesNear are the nearest places that answer a need, three at most.
func (t *Turn) venuesNear(place string, d direction) []foundVenue {
	_, code, _ := strings.Cut(place, "/")
	from, ok := t.bot.Gazetteer.ByCode(code)
	if !ok {
		return nil
	}
	var out []foundVenue
	for _, served := range t.bot.Settings.Territories {
		all, err := t.bot.Venues(t.ctx, served)
		if err != nil {
			t.err = storeFault{err}
			return nil
		}
		for _, v := range all {
			if km := Kilometres(from.Lat, from.Lon, v.Lat, v.Lon); km <= farthest && v.Lat != 0 && d.fits(&v) {
				out = append(out, foundVenue{&v, km})
			}
		}
	}
	slices.SortFunc(out, func(a, b foundVenue) int { return cmp.Or(cmp.Compare(a.km, b.km), strings.Compare(a.Name, b.Name)) })
	return out[:min(len(out), 3)]
}

// chooseDirection shows the nearest places, with the exact words that each would be sent as.
func chooseDirection(t *Turn) {
	name, ok := t.choice()
	person := t.Chat.Target
	p, known := load[Person](t, person)
	if !ok || !known || !t.talksWith(person) {
		t.Reply("lequel.hors-liste", Args{"n": number(len(t.Chat.Choices))})
		return
	}
	all := t.directions()
	d := all[slices.IndexFunc(all, func(d direction) bool { return d.name == name })]
	var texts, lines []string
	if d.fits == nil {
		texts = append(texts, t.signed(p, t.sayIn(French, "orienter.sms-"+d.name, Args{"telephone": t.bot.Settings.Solidarity})))
		lines = append(lines, t.say("orienter.texte", Args{"n": "1", "mots": cite(texts[0])}))
	}
	for _, v := range t.placesFor(p, d) {
		texts = append(texts, t.signed(p, t.venueWords(v)))
		lines = append(lines, t.say("orienter.lieu", Args{"n": number(len(texts)), "nom": v.Name, "km": kilometresText(v.km), "mots": cite(texts[len(texts)-1]), "details": t.venueDetails(v)}))
	}
	t.Chat.close()
	if len(texts) == 0 {
		t.Reply("orienter.aucun", Args{"quoi": t.say("orienter."+name, nil)})
		return
	}
	t.ask(topicVenue)
	t.Chat.Target, t.Chat.Choices, t.Chat.Values = person, texts, map[string]string{"quoi": name}
	var choices []Choice
	for i := range texts {
		choices = append(choices, t.offered(number(i+1), "bouton.envoyer-n", Args{"n": number(i + 1)}))
	}
	t.Offer("orienter.lesquels", Args{"prenom": p.called(t), "liste": strings.Join(lines, "\n")}, append(choices, t.offered(no, "bouton.ne-pas-envoyer", nil))...)
}

// placesFor are the places near a person that answer a need.
func (t *Turn) placesFor(p *Person, d direction) []foundVenue {
	if d.fits == nil {
		return nil
	}
	place := t.placeOf(p)
	if place == "" {
		place = t.lastPlace(p)
	}
	return t.venuesNear(place, d)
}

// lastPlace is where a person was met last.
func (t *Turn) lastPlace(p *Person) (place string) {
	if p.first() == "" {
		return ""
	}
	holders, _ := load[Holders](t, string(p.line()))
	for _, person := range holders.People {
		for _, rec := range t.find(Query{Kind: "rdv", Subject: person}) {
			place = rec.Place // they come in the order of their hours
		}
	}
	return place
}

// venueWords is what an usager reads of a place: name, address, hours, telephone.
func (t *Turn) venueWords(v foundVenue) string {
	words := t.sayIn(French, "orienter.sms", Args{"nom": v.Name, "adresse": v.Address})
	if v.Opening != "" {
		words += t.sayIn(French, "orienter.sms-horaires", Args{"horaires": v.Opening})
	}
	if v.Phone != "" {
		words += t.sayIn(French, "orienter.sms-tel", Args{"telephone": FrenchPhone(v.Phone)})
	}
	return words
}

// venueDetails is what the counsellor reads besides.
func (t *Turn) venueDetails(v foundVenue) string {
	var parts []string
	if v.Opening == "" && v.Hours != "" {
		parts = append(parts, t.say("orienter.horaires-ecrits", Args{"horaires": v.Hours}))
	}
	parts = append(parts, v.Access...)
	parts = append(parts, v.Fees...)
	if v.Booking != "" {
		parts = append(parts, v.Booking)
	}
	if len(parts) == 0 {
		return ""
	}
	return " · " + strings.Join(parts, " · ")
}

func kilometresText(km float64) string { return number(int(math.Round(km))) }

// sendVenue sends the words of the place that was picked, as they were shown, and counts the direction.
func sendVenue(t *Turn) {
	text, ok := t.choice()
	person, what := t.Chat.Target, t.Chat.Values["quoi"]
	if !ok {
		t.Reply("lequel.hors-liste", Args{"n": number(len(t.Chat.Choices))})
		return
	}
	if !t.shown() {
		t.Reply("repondre.pas-encore-montre", nil)
		return
	}
	t.Chat.close()
	p, known := load[Person](t, person)
	if !known || !t.talksWith(person) {
		t.Reply("repondre.partie", nil)
		return
	}
	if _, refused := t.refuses(p, t.outgoing(person, p, text)); refused {
		return
	}
	p.Directed = t.At.Format(dayLayout)
	t.savePerson(person, p)
	t.change.Tally = append(t.change.Tally, Count{Kind: "orientation", Owner: t.MeID, Month: monthOf(t.At), Dimension: "vers", Value: what, N: 1})
	t.sendWords(person, text)
}

// proposeDirection offers to direct somebody whose kept appointments are enough, once.
func (t *Turn) proposeDirection(owner, person string) {
	p, ok := load[Person](t, person)
	if !ok || p.Directed != "" || t.keptBy(person) < keptBefore {
		return
	}
	p.Directed = "proposed"
	t.savePerson(person, p)
	t.Tell(owner, person, "nouvelle.orienter", Args{"prenom": p.called(t), "n": number(t.keptBy(person))},
		Choice{Words: "orienter", Label: t.sayTo(t.reader(owner), "bouton.orienter", nil), Beside: true})
}

// keptBy is how many appointments a person kept, with whomever; those that this turn changes count as they will be.
func (t *Turn) keptBy(person string) int {
	n := 0
	for _, rec := range t.find(Query{Kind: "rdv", Subject: person}) {
		if m, ok := t.rdv(rec.ID); ok && m.State == seen {
			n++
		}
	}
	return n
}
