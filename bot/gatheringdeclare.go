package bot

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/dates"
)

// A gathering is announced: in one sentence, with the missing parts asked for, or in a form.

// What a gathering may hold.
const (
	longestTitle = 60
	longestLink  = 300
	mostPlaces   = 5000
)

// convene begins a gathering with all that one sentence holds.
func convene(t *Turn) {
	t.known()
	read := t.readGathering("")
	if saysNothing(read.Schedule) && read.Title == "" && read.Link == "" && len(read.Names) == 0 {
		t.openForm("rencontre", "", nil)
		return
	}
	t.Chat.close()
	t.Chat.Gathering = &Gathering{Owner: t.MeID, Kind: read.Kind}
	t.fillGathering(read)
}

// readGathering reads the text on the calendar of the place that it names, or of the one known so far.
func (t *Turn) readGathering(place string) intents.Gathering {
	places := t.bot.Settings.Places
	read := t.bot.Gazetteer.ReadGathering(t.Text, t.At.In(t.bot.Zone(place)), places)
	if cs := read.Schedule.Communes; len(cs) == 1 && cs[0].Territory != territory(place) {
		return t.bot.Gazetteer.ReadGathering(t.Text, t.At.In(t.bot.Zone(cs[0].Territory)), places)
	}
	return read
}

// completeGathering adds to a gathering, or corrects it, with what the answer holds; a title, and a place with no commune, are any words.
func completeGathering(t *Turn) {
	t.known()
	g := t.Chat.Gathering
	read := t.readGathering(g.Held.Place)
	nothing := saysNothing(read.Schedule) && read.Title == "" && read.Link == "" && len(read.Names) == 0 && read.Capacity == "" && !read.Boundless && read.Open == ""
	if t.topic() == topicAccord && nothing {
		t.Reply("rencontre.pas-compris", Args{"texte": t.Text})
		return
	}
	switch g.missing() {
	case "titre":
		if read.Title == "" {
			read = intents.Gathering{Title: strings.TrimSpace(t.Text)}
		}
	case "lieu":
		if read.PlaceText == "" && read.Link == "" {
			read.PlaceText = strings.TrimSpace(t.Text)
		}
	}
	t.fillGathering(read)
}

// answersTitle tells that a text is the title of the gathering that is being put together: free words are, but for a bare no and a command.
func (t *Turn) answersTitle() bool {
	return t.topic() == topicGathering && t.Chat.Gathering != nil && t.Chat.Gathering.missing() == "titre" && t.Read.Intent != intents.Non && !intents.Command(t.Text)
}

// missing is the part that is asked for next; "" none.
func (g *Gathering) missing() string {
	switch {
	case g.Title == "":
		return "titre"
	case g.Held.When.First == "":
		return "quand"
	case g.Held.To == 0:
		return "heures"
	case g.Held.Where == "" && g.Link == "":
		return "lieu"
	}
	return ""
}

// fillGathering takes what was read into the draft; then says what is wrong, asks for what is missing, or asks for the yes.
func (t *Turn) fillGathering(read intents.Gathering) {
	g := t.Chat.Gathering
	_, problem, args := t.mergeGathering(g, read)
	if problem == "" && g.missing() == "" {
		_, problem, args = t.unheld(g)
	}
	switch {
	case problem != "":
		t.ask(topicGathering)
		t.Reply(problem, args)
	case g.missing() != "":
		t.ask(topicGathering)
		t.Reply("rencontre.manque."+g.missing(), nil)
	default:
		t.proposeGathering(g)
	}
}

// mergeGathering takes what was said, all that is right even when a part is not; field is the part that is wrong first.
func (t *Turn) mergeGathering(g *Gathering, read intents.Gathering) (field, problem string, args Args) {
	note := func(where, key string, more Args) {
		if problem == "" && key != "" {
			field, problem, args = where, key, more
		}
	}
	if read.Kind != "" {
		g.Kind = read.Kind
	}
	switch n := utf8.RuneCountInString(read.Title); {
	case n > longestTitle:
		note(askTitle, "rencontre.titre-long", Args{"n": number(longestTitle)})
	case n > 0:
		g.Title = clean(read.Title)
	}
	if len(read.Link) > longestLink {
		note(askLink, "champ.long", Args{"n": number(longestLink)})
	} else if read.Link != "" {
		g.Link = read.Link
	}
	p, a := g.takeCapacity(read)
	note(askPlaces, p, a)
	p, a = t.takeHours(g, read.Schedule)
	note(askDays, p, a)
	p, a = t.takeWhere(g, read.Schedule)
	note(askPlace, p, a)
	p, a = t.takeOpen(g, read)
	note(askOpen, p, a)
	channels, people, unknown := t.resolve(read.Names)
	if unknown != "" {
		note(askChannels, "rencontre.canal-inconnu", Args{"nom": unknown})
	}
	for _, c := range channels {
		if !slices.Contains(g.Channels, c) {
			g.Channels = append(g.Channels, c)
		}
	}
	g.Colleagues = append(g.Colleagues, slices.DeleteFunc(people, func(id string) bool { return slices.Contains(g.Colleagues, id) })...)
	return field, problem, args
}

func (g *Gathering) takeCapacity(read intents.Gathering) (problem string, args Args) {
	if read.Boundless {
		g.Capacity = 0
	}
	if read.Capacity == "" {
		return "", nil
	}
	n, err := strconv.ParseUint(read.Capacity, 10, 32) // "-3", "3 de plus" are no number of places
	if err != nil || n < 1 || n > mostPlaces {
		return "rencontre.nombre", Args{"n": number(mostPlaces)}
	}
	g.Capacity = int(n)
	return "", nil
}

// takeHours takes days and hours.
func (t *Turn) takeHours(g *Gathering, read intents.Schedule) (problem string, args Args) {
	switch {
	case errors.Is(read.Err, intents.ErrTwoRanges):
		return "rencontre.deux-horaires", nil
	case errors.Is(read.Err, intents.ErrBackwards):
		return "rencontre.a-l-envers", nil
	case errors.Is(read.Err, intents.ErrTwoDays):
		return "rencontre.deux-jours", nil
	case errors.Is(read.Err, dates.ErrPast):
		return "rencontre.passe", nil
	case read.Err != nil:
		return "permanence.probleme", Args{"raison": read.Err.Error()}
	}
	t.mergeWhen(&g.Held, read)
	g.Held.When.OffSchool = g.Held.When.OffSchool || read.OffSchool
	g.Held.When.OnHolidays = g.Held.When.OnHolidays || read.OnHolidays
	for _, day := range read.Except {
		g.Held.When.Except = append(g.Held.When.Except, day.Format(dayLayout))
	}
	switch {
	case read.To != 0:
		g.Held.From, g.Held.To = Clock(read.From), Clock(read.To)
	case read.From != 0:
		return "rencontre.fin", nil
	}
	return "", nil
}

// takeWhere takes a place with its commune. What is held on the Web alone is on the clock of its organiser's territory.
func (t *Turn) takeWhere(g *Gathering, read intents.Schedule) (problem string, args Args) {
	if g.Held.Place == "" {
		g.Held.Place = t.bot.Settings.Territories[0]
		if len(t.Me.Territories) > 0 {
			g.Held.Place = t.Me.Territories[0]
		}
	}
	if read.Err != nil || read.PlaceText == "" {
		return "", nil
	}
	var where Draft
	problem, args = t.takePlace(&where, intents.Booking{PlaceText: read.PlaceText, Communes: read.Communes})
	switch {
	case problem != "":
		return problem, args
	case utf8.RuneCountInString(where.Where) > longestPlace:
		return "probleme.lieu-long", Args{"n": number(longestPlace)}
	case shames(where.Where):
		return "probleme.mot", nil
	}
	if where.Place != "" {
		g.Held.Where, g.Held.Place = where.Where, where.Place
	}
	return "", nil
}

// takeOpen takes the commune whose subscribers are invited.
func (t *Turn) takeOpen(g *Gathering, read intents.Gathering) (problem string, args Args) {
	switch {
	case read.Open == "":
		return "", nil
	case len(read.Communes) != 1:
		return "rencontre.quelle-commune", Args{"commune": read.Open}
	case len(t.Me.Territories) > 0 && !slices.Contains(t.Me.Territories, read.Communes[0].Territory):
		return "campagne.pas-son-territoire", nil
	}
	g.Open = read.Communes[0].Territory + "/" + read.Communes[0].Code
	return "", nil
}

// unheld says why a gathering whose parts are all there cannot be held, and forgets the part that is wrong.
func (t *Turn) unheld(g *Gathering) (field, problem string, args Args) {
	if unkept := g.Held.When.problem(); unkept != "" {
		args = Args{"raison": t.say(unkept, Args{"regle": g.Held.When.Rule})}
		g.Held.When = Recurrence{}
		return askDays, "permanence.probleme", args
	}
	breaks := t.schoolBreaks(territory(g.Held.Place))
	if g.Held.When.OffSchool && schoolKnown(breaks) == "" {
		g.Held.When.OffSchool = false
		return askDays, "permanence.vacances-inconnues", nil
	}
	s, ok := t.nextDate(gathering{"", g}, "", t.At)
	if !ok {
		first, _ := time.Parse(dayLayout, g.Held.When.First)
		args = Args{"jour": instant(g.Held.When.First), "raison": g.Held.When.closedDay(first, territory(g.Held.Place), breaks)}
		past := g.Held.When.Rule == "" && !instantOf(g.Held.When.First, g.Held.From, t.bot.Zone(g.Held.Place)).After(t.At)
		g.Held.When = Recurrence{}
		switch {
		case past:
			return askDays, "rencontre.passe", nil
		case args["raison"] != "":
			return askDays, "rencontre.ferme", args
		}
		return askDays, "rencontre.jamais", nil
	}
	if g.Open == "" {
		return "", "", nil
	}
	if problem, args = unfitForSMS(occasion{gathering{"", g}, &Occasion{Where: s.Where}}); problem == "" {
		return "", "", nil
	}
	switch problem {
	case "rencontre.lieu-sms":
		field = askPlace
	default:
		field, g.Title = askTitle, ""
	}
	return field, problem, args
}

// proposeGathering echoes the gathering with its next dates, the exact post and who gets it, and asks for the yes.
func (t *Turn) proposeGathering(g *Gathering) {
	t.ask(topicAccord)
	t.Chat.Act = string(intents.NouvelleRencontre)
	shown := gathering{t.freeNumber(), g}
	s, _ := t.nextDate(shown, "", t.At)
	o := occasion{shown, &Occasion{Number: shown.id, Day: s.Day, Start: s.Start, End: s.End, Where: s.Where, Place: s.Place}}
	args := Args{"annonce": t.say("rencontre.annonce", t.announcement(o, t.Me.Language)), "pour": t.audience(g), "dates": "", "sms": ""}
	if g.Held.When.Rule != "" {
		args["dates"] = "\n" + t.say("rencontre.dates", Args{"rythme": t.rhythm(g.Held.When), "dates": t.nextDates(shown.held())})
	}
	if g.Open != "" {
		p := &Person{Addresses: []Address{"sms:+33639980000"}} // as who hears of us for the first time reads it
		args["sms"] = "\n" + t.say("rencontre.sms", Args{"commune": t.communeOf(g.Open), "n": number(t.subscribers(g.Open)),
			"mots": cite(t.asSent(t.messageOf(o, "", p, "atelier.invitation"), p))})
	}
	t.Offer("rencontre.propose", args, t.yesOrNo()...)
}

// audience says who gets the announcement.
func (t *Turn) audience(g *Gathering) string {
	var who []string
	for _, c := range g.Channels {
		who = append(who, "~"+c.Name)
	}
	for _, id := range g.Colleagues {
		p, _ := load[Person](t, id)
		who = append(who, p.called(t))
	}
	if len(who) == 0 {
		return t.say("rencontre.pour-personne", nil)
	}
	return t.and(who)
}

// keepGathering writes what was agreed, and announces its first date.
func (t *Turn) keepGathering(draft *Gathering) {
	if draft == nil {
		t.Reply("question-fermee", nil)
		return
	}
	if _, problem, args := t.unheld(draft); problem != "" {
		t.Reply(problem, args)
		return
	}
	g, _ := t.gathering(t.freeNumber())
	*g.Gathering = *draft
	o, ok := t.advance(g, "")
	if !ok {
		t.Reply("rencontre.jamais", nil)
		return
	}
	t.announceOccasion(o)
	t.Reply("rencontre.notee", t.occasionArgs(o, t.Me.Language).with("pour", t.audience(draft)))
}

// Fields of the form "rencontre", beside askDays, askHours and askPlace.
const (
	askKind     = "type"
	askLink     = "lien"
	askPlaces   = "places"
	askChannels = "canaux"
	askOpen     = "ouverte"
)

// gatheringForm is what a filled form "rencontre" says, read as the sentence that it makes.
func gatheringForm(t *Turn, _ string, values map[string]string) (wrong map[string]string) {
	t.Text = strings.Join([]string{values[askDays], values[askHours], values[askPlace]}, " ")
	read := t.readGathering("")
	read.Kind, read.Title, read.Link, read.Capacity = values[askKind], values[askTitle], values[askLink], values[askPlaces]
	if read.Capacity == "0" {
		read.Capacity, read.Boundless = "", true
	}
	if read.Open = values[askOpen]; read.Open != "" {
		read.Communes = t.bot.Gazetteer.ReadCommune(read.Open)
	}
	g := &Gathering{Owner: t.MeID, Channels: channelsOf(values[askChannels])}
	field, problem, args := t.mergeGathering(g, read)
	if problem == "" && g.Link != "" && !strings.HasPrefix(g.Link, "https://") && !strings.HasPrefix(g.Link, "http://") {
		field, problem = askLink, "rencontre.lien"
	}
	if problem == "" && g.missing() != "" {
		field = map[string]string{"titre": askTitle, "quand": askDays, "heures": askHours, "lieu": askPlace}[g.missing()]
		problem = "rencontre.manque." + g.missing()
	}
	if problem == "" {
		field, problem, args = t.unheld(g)
	}
	if problem != "" {
		return map[string]string{field: t.say(problem, args)}
	}
	t.Chat.close()
	t.Chat.Gathering = g
	t.proposeGathering(g)
	return nil
}

// readChannels reads the names of channels, "~entraide ~visio", as the network that heard them knows them: "entraide=mattermost:#…". Nobody names a
// channel by its id: the bot would post where who writes may not be.
func (t *Turn) readChannels(_ Field, text string) (value, problem string, args Args) {
	var names []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
		name := "~" + strings.TrimPrefix(word, "~")
		to := t.Values[NamedPrefix+name]
		if to == "" {
			return "", "rencontre.canal-inconnu", Args{"nom": name}
		}
		names = append(names, strings.TrimPrefix(name, "~")+"="+to)
	}
	return strings.Join(names, " "), "", nil
}

// channelsOf are the channels that readChannels kept.
func channelsOf(value string) (out []NamedChannel) {
	for _, one := range strings.Fields(value) {
		if name, to, ok := strings.Cut(one, "="); ok {
			out = append(out, NamedChannel{Address(to), name})
		}
	}
	return out
}
