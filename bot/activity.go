package bot

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Activities: what a professional reports of her work, a compte rendu d'activité, in the fields and values of the national form (La Coop). One sentence says it, or the
// form does; what was understood is shown before it is kept, and nothing of an usager is: no name, no number.

// Activity is one that is kept. Its values are those of its form's fields.
type Activity struct {
	V       int               `json:"v"`
	Form    string            `json:"form"` // its Ref: "individuel", "collectif", "animation", "evenement", "partenariat"
	Number  string            `json:"number"`
	By      string            `json:"by"` // her name
	Noted   time.Time         `json:"noted"`
	Changed time.Time         `json:"changed,omitzero"`
	Spent   string            `json:"spent,omitempty"` // where its time counts: timeAway…
	Home    string            `json:"home,omitempty"`  // the territory that it counts for
	Of      string            `json:"of,omitempty"`    // what it reports: "rdv/7", "permanence/m1/2026-12-08", "gathering/3-2026-12-08"; "" only she knows
	Values  map[string]string `json:"values"`
}

// Report is an activity as it leaves: for a file, or for the form of another tool. Its Values are those of its form's fields, as forms keep them: a day is
// 2026-12-04, a duration is in minutes, some of several options are "a,b", counts are "feminin=3,masculin=2", partners are lines "commune=Mairie de Périers".
type Report struct {
	Form    string // the form's id: "individuel", "collectif", "animation", "evenement", "partenariat"
	Number  string // by which its author names it
	By      string // her name
	Noted   time.Time
	Changed time.Time
	Values  map[string]string
	Where   string          // the place in words: "mairie de Périers"; "" not said
	Commune intents.Commune // where that is; Code "" when it is not known
	Home    intents.Commune // of who was helped; the same
}

// The forms of activities that the code speaks of, and their fields.
const (
	individualForm = "individuel"
	workshopForm   = "collectif"

	activityDay       = "date"
	activityMinutes   = "duree"
	activityThemes    = "thematiques"
	activityPlaceType = "type_lieu"
	activityPlace     = "ou"
	activityHome      = "commune_residence"
	activityNotes     = "notes"
	peopleHelped      = "personnes"
	peopleCame        = "participants_total"
	peopleBefore      = "participants_deja_accompagnes"
	cameBefore        = "deja_accompagne"
	directedTo        = "structure_de_redirection"
	wasDirected       = "oriente_vers_structure"

	atWorkplace = "lieu_activite"
	atHomePlace = "domicile"
	atDistance  = "a_distance"
)

// coordinationForms are those that only coordinators have, by the folded word that opens each.
var coordinationForms = map[string]string{"animation": "animation", "evenement": "evenement", "partenariat": "partenariat"}

// activity is one as rules handle it.
type activity struct {
	id string
	*Activity
}

func activityID(person, n string) string { return person + "-" + n }

func (a activity) about() string { return "activity/" + a.id }

// kind is its form's id.
func (a *Activity) kind() string { return formID(a.Form) }

// people is how many were helped; none in what is no help.
func (a *Activity) people() int {
	switch a.kind() {
	case individualForm:
		return max(1, sumOf(a.Values[peopleHelped]))
	case workshopForm:
		return sumOf(a.Values[peopleCame])
	}
	return 0
}

// place is where it was: "50/50394"; "" at a distance.
func (a *Activity) place() string {
	place, _ := locationOf(a.Values[activityPlace])
	return place
}

// reportActivity is an activity in words, or the wish to note one.
func reportActivity(t *Turn) {
	t.known()
	o, ordered := intents.ReadReport(t.Text)
	if ordered && o.Number > 0 && o.Rest == "" {
		t.showActivity(number(o.Number))
		return
	}
	words := t.Text
	if ordered {
		words = o.Rest
	}
	form := t.formOf(o, words)
	e, ok := t.ended(t.About)
	if ok && form == individualForm {
		form = e.form
	}
	if t.refusesForm(form) {
		return
	}
	values, told := t.readActivity(form, words)
	if t.saysOddDay(words) {
		delete(values, activityDay)
		delete(e.values, activityDay)
	} else {
		values[activityDay] = cmp.Or(values[activityDay], e.values[activityDay], t.Now.Format(dayLayout))
	}
	if !ok && coordinationForms[form] == "" && values[activityDay] != "" {
		e, _ = t.heldThen(values)
	}
	for field, value := range e.values {
		values[field] = cmp.Or(values[field], value)
	}
	if _, said := values[peopleHelped]; form == individualForm && !said {
		values[peopleHelped] = "1"
	}
	if !told && t.opens() {
		t.openForm(form, e.of, values)
		return
	}
	t.openWith(form, e.of, values)
}

// saysOddDay tells that words name a day on which nothing can have been done, or none that there is: it is asked for, and never guessed.
func (t *Turn) saysOddDay(words string) bool {
	for _, year := range aYear.FindAllString(words, -1) { // one of long ago is read as no date at all
		if n := sumOf(year); n > t.Now.Year() || n < t.Now.Year()-pastYears {
			return true
		}
	}
	if at := intents.ReadActivity(words, t.Now, t.bot.Gazetteer).Date; !at.IsZero() && t.Now.Sub(at) < lateYear {
		return false // it tells a number of people from a day: "mardi 2 personnes"
	}
	_, problem, _ := t.readDate(Field{Type: Date, Past: true}, words)
	return problem != "" && problem != "champ.date"
}

// lateYear is from where on a day without a year was more likely meant to be to come: "vendredi 4 décembre" on the first.
const lateYear = 300 * day

var aYear = regexp.MustCompile(`\b(?:19|20)\d\d\b`)

// openWith asks for what a form lacks, then shows it. What cannot be a value of its field is asked for.
func (t *Turn) openWith(form, of string, values map[string]string) {
	t.parkShown()
	t.Chat.close()
	filling := &Filling{Form: t.bot.Forms[form].Ref(), About: of, Values: values}
	for _, f := range t.bot.Forms[form].Fields {
		if _, problem, _ := t.readField(form, f, values[f.Name]); values[f.Name] != "" && problem != "" {
			delete(values, f.Name)
		}
		if strings.HasPrefix(of, "activity/") && f.Optional && values[f.Name] == "" {
			filling.Passed = append(filling.Passed, f.Name) // she passed over it when it was noted
		}
	}
	t.goOnFilling(filling)
}

// parkShown says that an activity which is not kept yet waits.
func (t *Turn) parkShown() {
	if t.reporting() {
		t.Reply("activite.attend", nil)
	}
}

// reporting tells whether an activity is being asked for, or shown.
func (t *Turn) reporting() bool {
	if t.topic() != topicForm || t.Chat.Filling == nil {
		return false
	}
	form, _ := t.bot.form(t.Chat.Filling.Form)
	return form.Keep == KeptAsActivity
}

// tellsNext tells whether a text is another activity, and no answer to what is asked of the one before.
func (t *Turn) tellsNext() bool {
	return t.reporting() && t.Read.Intent != moveIntent && t.Read.Intent != intents.Non && intents.TellsWork(t.Text)
}

// formOf is the form that words are about.
func (t *Turn) formOf(o intents.ReportOrder, words string) string {
	for _, w := range wordsIn(t.Text) {
		if form := coordinationForms[w]; form != "" && o.Act == intents.Activite && len(wordsIn(words)) <= 2 {
			return form
		}
	}
	if read := intents.ReadActivity(t.Text, t.Now, t.bot.Gazetteer); read.Type == intents.Collectif {
		return workshopForm
	}
	return individualForm
}

// refusesForm tells a counsellor that a form is the coordination's.
func (t *Turn) refusesForm(form string) bool {
	if coordinationForms[form] == "" || t.Role == Coordinateur {
		return false
	}
	t.Reply("activite.coordination", nil)
	return true
}

// readActivity reads the values of a form out of words; told tells whether they say any.
func (t *Turn) readActivity(form, words string) (values map[string]string, told bool) {
	values = map[string]string{}
	words = postcodes.ReplaceAllString(words, " ")
	read := intents.ReadActivity(words, t.Now, t.bot.Gazetteer)
	if !read.Date.IsZero() {
		values[activityDay] = read.Date.Format(dayLayout)
	}
	if read.Minutes > 0 {
		values[activityMinutes] = number(read.Minutes)
	}
	if coordinationForms[form] != "" {
		return values, read.Minutes > 0
	}
	t.readPlaceOf(read, words, values)
	themes := t.fieldOf(form, activityThemes)
	if value := themes.withGeneral(slices.Concat(read.Themes, read.Procedures)); value != "" {
		values[activityThemes] = value
	}
	if read.Participants > 0 {
		values[countField(form)] = number(read.Participants)
	}
	return values, read.Minutes > 0 || read.Participants > 0 || values[activityThemes] != "" || values[activityPlaceType] != ""
}

// postcodes are the numbers of départements and communes behind a place, "(50)": nobody is counted by them.
var postcodes = regexp.MustCompile(`\((?:\d{2,3}|2[AB]|\d{5})\)`)

// countField is the field of how many people there were.
func countField(form string) string {
	if form == workshopForm {
		return peopleCame
	}
	return peopleHelped
}

// fieldOf is a field of a form by its name.
func (t *Turn) fieldOf(form, name string) Field {
	for _, f := range t.bot.Forms[form].Fields {
		if f.Name == name {
			return f
		}
	}
	return Field{}
}

// readPlaceOf reads where it was. A place whose kind no word tells is one of work; a commune alone is the place of her own that lies there.
func (t *Turn) readPlaceOf(read intents.Activity, words string, values map[string]string) {
	if read.PlaceType != "" {
		values[activityPlaceType] = read.PlaceType
	}
	if read.Place == "" || read.PlaceType == atDistance {
		return
	}
	value, problem, _ := t.readLocation(Field{}, read.Place)
	if problem != "" {
		value = t.onlyCommune(words)
	}
	if value == "" {
		return
	}
	values[activityPlace] = t.ownPlace(value)
	if values[activityPlaceType] == "" {
		kinds := t.fieldOf(individualForm, activityPlaceType)
		values[activityPlaceType] = cmp.Or(kinds.byKeyword(read.Place), atWorkplace)
	}
}

// onlyCommune is the commune that words name, as a place, if they name one: "à domicile à Périers".
func (t *Turn) onlyCommune(words string) string {
	var found []intents.Commune
	for _, hit := range t.bot.Gazetteer.FindCommunes(words) {
		if !slices.ContainsFunc(found, func(c intents.Commune) bool { return c.Code == hit.Commune.Code }) {
			found = append(found, hit.Commune)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0].Territory + "/" + found[0].Code + " " + found[0].Name
}

// ownPlace is the place of her permanences that lies in the commune of one that is but its commune.
func (t *Turn) ownPlace(value string) string {
	place, words := locationOf(value)
	_, code, _ := strings.Cut(place, "/")
	if c, ok := t.bot.Gazetteer.ByCode(code); !ok || plain(c.Name) != plain(words) {
		return value
	}
	var found []string
	for _, p := range t.allPermanences(t.MeID) {
		if own := p.Place + " " + p.Where; p.Place == place && !slices.Contains(found, own) {
			found = append(found, own)
		}
	}
	if len(found) != 1 {
		return value
	}
	return found[0]
}

// showActivity shows one that is kept.
func (t *Turn) showActivity(n string) {
	a, ok := t.ownActivity(n)
	if !ok {
		t.Reply("activite.introuvable", Args{"n": n})
		return
	}
	form, known := t.bot.form(a.Form)
	if !known {
		t.Reply("question-fermee", nil)
		return
	}
	t.Offer("activite.montree", t.activityArgs(form, a).with("liste", t.valueLines(form, a.Values)), t.activityShortcuts(a)...)
}

// ownActivity is one of hers, by its number.
func (t *Turn) ownActivity(n string) (activity, bool) {
	a, ok := load[Activity](t, activityID(t.MeID, n))
	return activity{activityID(t.MeID, n), a}, ok
}

// activityArgs are what texts about a kept activity use. Where there is no link to La Coop, all its values are told: they are what is copied there.
func (t *Turn) activityArgs(form Form, a activity) Args {
	args := Args{"titre": t.say("form."+form.ID+".title", nil), "n": a.Number, "coop": t.coopLine(a), "liste": t.say("activite.brievement", Args{"quoi": t.briefly(a)})}
	if args["coop"] == "" {
		args["liste"], args["coop"] = t.valueLines(form, a.Values), "\n"+t.say("activite.a-recopier", nil)
	}
	return args
}

// activityShortcuts go on after one that is kept.
func (t *Turn) activityShortcuts(a activity) []Choice {
	return []Choice{t.shortcut("encore une activité", "bouton.encore-une", nil), t.shortcut("corriger activité "+a.Number, "bouton.corriger", nil),
		t.shortcut("retirer activité "+a.Number, "bouton.retirer", nil)}
}

// coopLine is the link to La Coop's form with the activity filled in; "" there is none.
func (t *Turn) coopLine(a activity) string {
	if t.bot.CoopLink == nil {
		return ""
	}
	link := t.bot.CoopLink(t.asReport(a))
	if link == "" {
		return ""
	}
	if n := a.people(); a.kind() == individualForm && n > 1 {
		return "\n" + t.say("activite.coop-plusieurs", Args{"lien": link, "n": number(n), "duree": hours(max(1, (sumOf(a.Values[activityMinutes])+n/2)/n))})
	}
	return "\n" + t.say("activite.coop", Args{"lien": link})
}

// asReport is an activity as it leaves.
func (t *Turn) asReport(a activity) Report {
	commune := func(field string) (c intents.Commune) {
		place, _ := locationOf(a.Values[field])
		_, code, _ := strings.Cut(place, "/")
		c, _ = t.bot.Gazetteer.ByCode(code)
		return c
	}
	_, where := locationOf(a.Values[activityPlace])
	return Report{Form: a.kind(), Number: a.Number, By: a.By, Noted: a.Noted, Changed: cmp.Or(a.Changed, a.Noted), Values: a.Values, Where: where,
		Commune: commune(activityPlace), Home: commune(activityHome)}
}

// takeRest takes what else an answer says than what was asked: "3 personnes, CAF et mails, 2h" of the themes, "mairie de Périers" of the kind of place.
func (t *Turn) takeRest(form Form, asked Field, values map[string]string) {
	switch asked.Name {
	case activityThemes:
		more, _ := t.readActivity(formID(form.Ref()), t.Text)
		delete(more, activityThemes)
		maps.Copy(values, more)
	case activityPlaceType:
		if value, problem, _ := t.readLocation(Field{}, t.Text); problem == "" && values[activityPlaceType] != atDistance {
			values[activityPlace] = value
		}
	}
}

// takesOut are the folded words that begin what is to go: "enlève les mails", "sans la CAF".
var takesOut = map[string]bool{"enleve": true, "enlever": true, "sans": true, "supprime": true, "pas": true}

// amends tells whether words correct the activity that is shown: "non, 4 personnes et 1h30", "en fait c'était hier", "ajoute les impôts".
func (t *Turn) amends() bool {
	form, _ := t.bot.form(t.Chat.Filling.Form)
	first := firstFolded(t.Text)
	if !t.Chat.Filling.Shown || form.Keep != KeptAsActivity || intents.Command(t.Text) {
		return false
	}
	values, _ := t.readActivity(formID(form.Ref()), t.Text)
	return (len(values) > 0 || amending[first] && t.saysOddDay(t.Text)) && first != "corriger" && first != "corrige"
}

// amending are the folded words that begin a correction of what is shown; "corriger" and a field is read before.
var amending = map[string]bool{"non": true, "en": true, "plutot": true, "finalement": true, "ajoute": true, "ajouter": true, "aussi": true, "et": true, "c": true, "pardon": true, "enfin": true}

func firstFolded(text string) string {
	if words := wordsIn(text); len(words) > 0 {
		return words[0]
	}
	return ""
}

// amendActivity takes what such words say; themes behind "ajoute" come to those that stand.
func (t *Turn) amendActivity() {
	filling := t.clonedFilling()
	id := formID(filling.Form)
	values, _ := t.readActivity(id, t.Text)
	t.amendThemes(id, filling.Values, values)
	if kind := values[activityPlaceType]; kind == atHomePlace && values[activityPlace] == "" { // of the place before, the commune alone
		place, _ := locationOf(filling.Values[activityPlace])
		values[activityPlace] = t.locationValue(place, "")
	}
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	maps.Copy(filling.Values, values)
	if t.saysOddDay(t.Text) {
		delete(filling.Values, activityDay)
	}
	filling.Shown = false
	t.Chat.Filling, t.Chat.Question = filling, nil
	t.askField("")
}

// amendThemes tells which themes stand after words: those that are named, or beside them or without them the ones that stood.
func (t *Turn) amendThemes(form string, was, values map[string]string) {
	named := values[activityThemes]
	if named == "" {
		return
	}
	f, words := t.fieldOf(form, activityThemes), wordsIn(t.Text)
	stood := strings.Split(was[activityThemes], ",")
	switch first := words[0]; {
	case takesOut[first] || first == "non" && len(words) > 1 && words[1] == "pas":
		out := strings.Split(named, ",")
		kept := slices.DeleteFunc(stood, func(slug string) bool { return slices.Contains(out, slug) && slug != generalProcedure })
		if !slices.ContainsFunc(kept, intents.IsProcedure) && slices.ContainsFunc(out, intents.IsProcedure) {
			kept = without(kept, generalProcedure)
		}
		values[activityThemes] = f.inOrder(kept)
	case strings.HasPrefix(first, "ajout") || first == "aussi" || first == "et":
		values[activityThemes] = f.inOrder(append(stood, strings.Split(named, ",")...))
		delete(values, countField(form))
	}
}
