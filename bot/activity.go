package bot

import (
	"cmp"
	"maps"
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
	Of      string            `json:"of,omitempty"`    // what it reports: "rdv/7", "permanence/m1/2026-12-08", "gathering/3/2026-12-08"; "" only she knows
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
func (a *Activity) kind() string {
	id, _, _ := strings.Cut(a.Form, "@")
	return id
}

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
	values[activityDay] = cmp.Or(values[activityDay], e.values[activityDay], t.Now.Format(dayLayout))
	if !ok && coordinationForms[form] == "" {
		e, _ = t.heldThen(values)
	}
	for field, value := range e.values {
		values[field] = cmp.Or(values[field], value)
	}
	if !told && t.opens() {
		t.openForm(form, e.of, values)
		return
	}
	t.openWith(form, e.of, values)
}

// openWith asks for what a form lacks, then shows it.
func (t *Turn) openWith(form, of string, values map[string]string) {
	t.parkShown()
	t.Chat.close()
	if form == individualForm {
		values[peopleHelped] = cmp.Or(values[peopleHelped], "1")
	}
	t.goOnFilling(&Filling{Form: t.bot.Forms[form].Ref(), About: of, Values: values})
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
		args["liste"] = t.valueLines(form, a.Values)
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

// amends tells whether words correct the activity that is shown: "non, 4 personnes et 1h30", "en fait c'était hier", "ajoute les impôts".
func (t *Turn) amends() bool {
	form, _ := t.bot.form(t.Chat.Filling.Form)
	if !t.Chat.Filling.Shown || form.Keep != KeptAsActivity || !amending[firstFolded(t.Text)] {
		return false
	}
	values, _ := t.readActivity(formID(form.Ref()), t.Text)
	return len(values) > 0
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
	if first := firstFolded(t.Text); values[activityThemes] != "" && (strings.HasPrefix(first, "ajout") || first == "aussi" || first == "et") {
		values[activityThemes] = t.fieldOf(id, activityThemes).inOrder(strings.Split(values[activityThemes]+","+filling.Values[activityThemes], ","))
	}
	maps.Copy(filling.Values, values)
	filling.Shown = false
	t.Chat.Filling, t.Chat.Question = filling, nil
	t.askField("")
}
