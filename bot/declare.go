package bot

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/intents"
)

// A counsellor declares her permanences: in one sentence, with the missing parts asked for, or in a form.

// declare begins a permanence with all that one sentence holds.
func declare(t *Turn) {
	t.known()
	read := t.readSchedule("")
	if saysNothing(read) {
		t.openForm("permanence", "", nil)
		return
	}
	t.Chat.close()
	t.Chat.Permanence = &Permanence{Owner: t.MeID}
	t.fillPermanence(read)
}

// completePermanence adds to a permanence, or corrects it, with what the answer holds.
func completePermanence(t *Turn) {
	t.known()
	d := t.Chat.Permanence
	read := t.readSchedule(d.Place)
	if t.topic() == topicAccord && saysNothing(read) {
		t.Reply("accord.pas-compris", Args{"texte": t.Text})
		return
	}
	if d.missing() == "lieu" && read.PlaceText == "" {
		read.PlaceText = strings.TrimSpace(t.Text)
	}
	t.fillPermanence(read)
}

// saysNothing tells that a text holds no part of a permanence.
func saysNothing(s intents.Schedule) bool {
	return s.Err == nil && s.Rule == "" && s.Day.IsZero() && s.Until.IsZero() && s.From == 0 && s.To == 0 && s.PlaceText == "" && s.Access == "" &&
		s.Capacity == 0 && s.Slot == 0 && len(s.Except) == 0 && !s.OffSchool && !s.OnHolidays
}

// readSchedule reads the text on the calendar of the place that it names, or of the one known so far.
func (t *Turn) readSchedule(place string) intents.Schedule {
	places := t.bot.Settings.Places
	read := t.bot.Gazetteer.ReadSchedule(t.Text, t.At.In(t.bot.Zone(place)), places)
	if len(read.Communes) == 1 && read.Communes[0].Territory != territory(place) {
		return t.bot.Gazetteer.ReadSchedule(t.Text, t.At.In(t.bot.Zone(read.Communes[0].Territory)), places)
	}
	return read
}

// fillPermanence takes what was read into the draft; then says what is wrong, asks for what is missing, or asks for the yes.
func (t *Turn) fillPermanence(read intents.Schedule) {
	d := t.Chat.Permanence
	problem, args := t.mergeSchedule(d, read)
	if problem == "" && d.missing() == "" {
		problem, args = t.impossible(d)
	}
	switch {
	case problem != "":
		t.ask(topicPermanence)
		t.Reply(problem, args)
	case d.missing() != "":
		t.ask(topicPermanence)
		t.Reply("permanence."+d.missing(), nil)
	default:
		t.proposePermanence(d)
	}
}

// missing is the part that is asked for next; "" none.
func (p *Permanence) missing() string {
	switch {
	case p.When.First == "":
		return "quand"
	case p.To == 0:
		return "heures"
	case p.Place == "":
		return "lieu"
	}
	return ""
}

// mergeSchedule takes what was said, all that is right even when a part is not.
func (t *Turn) mergeSchedule(d *Permanence, read intents.Schedule) (problem string, args Args) {
	if read.Err != nil {
		return "permanence.probleme", Args{"raison": read.Err.Error()}
	}
	var where Draft
	problem, args = t.takePlace(&where, intents.Booking{PlaceText: read.PlaceText, Communes: read.Communes})
	if where.Place != "" {
		d.Where, d.Place = where.Where, where.Place
	}
	t.mergeWhen(d, read)
	switch {
	case read.To != 0:
		d.From, d.To = Clock(read.From), Clock(read.To)
	case read.From != 0 && problem == "":
		problem = "permanence.fin"
	}
	d.When.OffSchool = d.When.OffSchool || read.OffSchool
	d.When.OnHolidays = d.When.OnHolidays || read.OnHolidays
	for _, day := range read.Except {
		d.When.Except = append(d.When.Except, day.Format(dayLayout))
	}
	if read.Access != "" {
		d.Access = read.Access
	}
	if read.Capacity > 0 {
		d.Capacity = read.Capacity
	}
	if read.Slot > 0 {
		d.SlotMinutes, d.Access = read.Slot, intents.OnAppointment
	}
	return problem, args
}

// mergeWhen takes the days. A recurrence without a first day begins on the first day that it names.
func (t *Turn) mergeWhen(d *Permanence, read intents.Schedule) {
	today := t.At.In(t.bot.Zone(d.Place)).Format(dayLayout)
	if read.Rule == "" && !read.Day.IsZero() && read.Day.Equal(read.Until) {
		d.When.Rule, d.When.First, d.When.Last = "", read.Day.Format(dayLayout), ""
		return
	}
	if read.Rule != "" {
		d.When.Rule, d.When.First = read.Rule, firstOf(read.Rule, today)
	}
	if !read.Day.IsZero() && d.When.First != "" {
		d.When.First = firstOf(d.When.Rule, read.Day.Format(dayLayout))
	}
	if !read.Until.IsZero() {
		d.When.Last = read.Until.Format(dayLayout)
	}
}

// firstOf is the first day from one on that a rule names: every other Tuesday begins on the next Tuesday.
func firstOf(rule, day string) string {
	fields := ruleFields(rule)
	if fields["FREQ"] != "WEEKLY" || fields["BYDAY"] == "" {
		return day
	}
	weekly := Recurrence{Rule: "FREQ=WEEKLY;BYDAY=" + fields["BYDAY"], First: day}
	if found := weekly.days(day, "9999-12-31", 1, func(time.Time) bool { return true }); len(found) > 0 {
		return found[0]
	}
	return day
}

// impossible says why a permanence whose parts are all there cannot be held, and forgets the part that is wrong.
func (t *Turn) impossible(d *Permanence) (problem string, args Args) {
	today := t.At.In(t.bot.Zone(d.Place)).Format(dayLayout)
	breaks := t.schoolBreaks(territory(d.Place))
	known := schoolKnown(breaks)
	switch unkept := d.When.problem(); {
	case unkept != "":
		args = Args{"raison": t.say(unkept, Args{"regle": d.When.Rule})}
		d.When = Recurrence{}
		return "permanence.probleme", args
	case utf8.RuneCountInString(d.Where) > longestPlace:
		d.Where, d.Place = "", ""
		return "probleme.lieu-long", Args{"n": number(longestPlace)}
	case shames(d.Where):
		d.Where, d.Place = "", ""
		return "probleme.mot", nil
	case d.When.Last != "" && d.When.Last < today, d.When.Rule == "" && d.When.First < today:
		args = Args{"jour": instant(max(d.When.Last, d.When.First))}
		d.When = Recurrence{}
		return "probleme.passe", args
	case d.When.OffSchool && known == "":
		d.When.OffSchool = false
		return "permanence.vacances-inconnues", nil
	case d.When.OffSchool && d.When.First >= known:
		d.When.OffSchool = false
		return "permanence.vacances-trop-loin", Args{"jour": instant(known)}
	}
	if _, ok := t.next(permanence{"", d}); !ok {
		args = Args{"raison": t.whyNever(d, breaks)}
		d.When = Recurrence{}
		return "permanence.jamais", args
	}
	return "", nil
}

// whyNever says what closes the first day of a permanence that is never held.
func (t *Turn) whyNever(d *Permanence, breaks []SchoolBreak) string {
	day, _ := time.Parse(dayLayout, d.When.First)
	if why := d.When.closedDay(day, territory(d.Place), breaks); why != "" {
		return t.say("permanence.ferme", Args{"jour": instant(d.When.First), "raison": why})
	}
	if t.Me.Leave.runs(d.When.First) {
		return t.say("permanence.ferme", Args{"jour": instant(d.When.First), "raison": t.say("permanence.conges", nil)})
	}
	return t.say("permanence.aucun-jour", nil)
}

// proposePermanence echoes the whole permanence with its next dates, and asks for the yes.
func (t *Turn) proposePermanence(d *Permanence) {
	if twin, ok := t.samePermanence(d); ok {
		t.Chat.close()
		t.Reply("permanence.deja", t.described(twin.Permanence))
		return
	}
	t.ask(topicAccord)
	t.Chat.Act = string(intents.NouvellePermanence)
	t.Offer("permanence.propose", t.described(d).with("dates", t.nextDates(permanence{"", d}), "remarques", t.permanenceRemarks(d)), t.yesOrNo()...)
}

// described are the arguments of texts about a permanence.
func (t *Turn) described(d *Permanence) Args {
	return Args{placeArg: d.Place, "rythme": t.rhythm(d.When), "de": d.From.String(), "a": d.To.String(), "lieu": d.Where, "sauf": t.left(d), "acces": t.access(d)}
}

// left says what a permanence leaves out.
func (t *Turn) left(d *Permanence) string {
	var parts []string
	if d.When.OffSchool {
		parts = append(parts, t.say("permanence.sauf-vacances", nil))
	}
	if !d.When.OnHolidays && d.When.Rule != "" {
		parts = append(parts, t.say("permanence.sauf-feries", nil))
	}
	today := t.Now.Format(dayLayout)
	for _, day := range d.When.Except {
		if day >= today && len(parts) < 8 {
			parts = append(parts, t.say("permanence.sauf-jour", Args{"jour": instant(day)}))
		}
	}
	out := ""
	if len(parts) > 0 {
		out = t.say("permanence.sauf", Args{"quoi": t.and(parts)})
	}
	if d.When.Last != "" {
		out += t.say("permanence.jusqu-au", Args{"jour": instant(d.When.Last)})
	}
	return out
}

// access says how one comes.
func (t *Turn) access(d *Permanence) string {
	key := "acces.libre"
	if d.Access == intents.OnAppointment {
		key = "acces.rdv"
	}
	out := t.say(key, Args{"n": number(int(d.slot().Minutes()))})
	if d.Capacity > 0 {
		out += t.say("acces.places", Args{"n": number(d.Capacity)})
	}
	return out
}

// rdvLength is how long an appointment takes when nobody said: an hour, as most do in La Coop's reports.
const rdvLength = time.Hour

// slot is how long one person takes.
func (p *Permanence) slot() time.Duration {
	if p.SlotMinutes > 0 {
		return time.Duration(p.SlotMinutes) * time.Minute
	}
	return rdvLength
}

// nextDates names the next sessions.
func (t *Turn) nextDates(p permanence) string {
	var out []string
	for _, s := range t.sessions(p, t.At, t.At.AddDate(0, 0, planAhead), 3) {
		key := "permanence.date"
		if s.Start.Year() != t.Now.Year() {
			key = "permanence.date-an"
		}
		out = append(out, t.say(key, Args{"jour": s.Start.Format(time.RFC3339), placeArg: s.Place}))
	}
	return strings.Join(out, ", ")
}

// permanenceRemarks are what the counsellor should know before saying yes, one a line.
func (t *Turn) permanenceRemarks(d *Permanence) string {
	var lines []string
	if d.When.OffSchool && d.When.Rule != "" {
		lines = append(lines, t.say("permanence.vacances-jusqu-au", Args{"jour": instant(schoolKnown(t.schoolBreaks(territory(d.Place))))}))
	}
	if other, ok := t.clash(d); ok {
		lines = append(lines, t.say("permanence.en-meme-temps", t.described(other.Permanence)))
	}
	if len(lines) == 0 {
		return ""
	}
	return "\n" + strings.Join(lines, "\n")
}

// samePermanence finds one of the counsellor's that is held at the same place, days and hours.
func (t *Turn) samePermanence(d *Permanence) (permanence, bool) {
	for _, p := range t.ownPermanences(t.MeID) {
		if p.Where == d.Where && p.Place == d.Place && p.From == d.From && p.To == d.To && p.When.Rule == d.When.Rule && (d.When.Rule != "" || p.When.First == d.When.First) {
			return p, true
		}
	}
	return permanence{}, false
}

// clash finds one of the counsellor's whose next sessions meet those of a new one.
func (t *Turn) clash(d *Permanence) (permanence, bool) {
	mine := t.sessions(permanence{"", d}, t.At, t.At.AddDate(0, 0, planAhead), 5)
	for _, p := range t.ownPermanences(t.MeID) {
		for _, s := range t.sessions(p, t.At, t.At.AddDate(0, 0, planAhead), 20) {
			if slices.ContainsFunc(mine, func(m session) bool { return m.Start.Before(s.End) && s.Start.Before(m.End) }) {
				return p, true
			}
		}
	}
	return permanence{}, false
}

// keepPermanence writes what was agreed.
func (t *Turn) keepPermanence(d *Permanence) {
	if problem, args := t.impossible(d); problem != "" {
		t.Reply(problem, args)
		return
	}
	p, _ := t.permanence(t.newID("m"))
	*p.Permanence = *d
	if p.Access == "" {
		p.Access = intents.WalkIn // as it was shown
	}
	t.savePermanence(p)
	t.Chat.Permanences = []string{p.id}
	t.Reply("permanence.note", t.described(d).with("dates", t.nextDates(p)))
}

// Fields of the form "permanence", beside askPlace.
const (
	askDays   = "jours"
	askHours  = "heures"
	askAccess = "acces"
	askSchool = "vacances"
	askOffice = "bureau"
)

// permanenceForm is what a filled form "permanence" says, read as the sentence that it makes.
func permanenceForm(t *Turn, _ string, values map[string]string) (wrong map[string]string) {
	said := []string{values[askDays], values[askHours], values[askPlace]}
	if values[askSchool] == yes {
		said = append(said, "sauf vacances scolaires")
	}
	t.Text = strings.Join(said, " ")
	d := &Permanence{Owner: t.MeID, Office: values[askOffice] == yes, Access: values[askAccess]}
	problem, args := t.mergeSchedule(d, t.readSchedule(""))
	if problem == "" && d.missing() == "" {
		problem, args = t.impossible(d)
	}
	if problem == "" && d.missing() != "" {
		problem = "permanence." + d.missing()
	}
	if problem != "" {
		return map[string]string{permanenceField(d): t.say(problem, args)}
	}
	t.Chat.close()
	t.Chat.Permanence = d
	t.proposePermanence(d)
	return nil
}

// permanenceField is the field of the form in which something is missing or wrong.
func permanenceField(d *Permanence) string {
	return map[string]string{"quand": askDays, "heures": askHours, "lieu": askPlace, "": askDays}[d.missing()]
}
