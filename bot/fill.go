package bot

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"passeur/intents"
)

// Filling a form in: opened as a dialog, or asked one question after the other; both end in the same place.

// Filling is a form that is asked one question after the other.
type Filling struct {
	Form   string            `json:"form"`
	About  string            `json:"about,omitempty"` // "person/7": who it is about
	Field  string            `json:"field"`           // asked last
	Values map[string]string `json:"values,omitempty"`
	Passed []string          `json:"passed,omitempty"` // optional fields that were passed over
	Shown  bool              `json:"shown,omitempty"`  // all was asked, and is shown before it is kept: Field is ""
	Full   bool              `json:"full,omitempty"`   // what only some tell is asked too
}

// filler is what is done with a filled form: it says or asks what follows, or returns what is wrong, by field, as sentences for
// people. about is the person in whose thread it was opened, or "".
type filler func(t *Turn, about string, values map[string]string) (wrong map[string]string)

// use is what a form is for.
type use struct {
	fill  filler
	reads []string // the fields that fill reads: those of the form's file, by their constants
}

// fillers are what the forms are for. A form needs one, and each needs a form.
func fillers() map[string]use {
	return map[string]use{
		"rdv":        {bookForm, []string{askPhone, askName, askDay, askClock, askPlace, askTold}},
		"repondre":   {wordsForm, []string{askReply}},
		"reglages":   {preferencesForm, []string{askQuietFrom, askQuietTo, askDigest, askLeaveFrom, askLeaveTo, askCover, askSigns}},
		"campagne":   {campaignForm, []string{askTitle, askWith, askPlace, askBasis, askNotice, askInvite, askWait1, askNext, askWait2, askLast, askWait3}},
		"diffusion":  {broadcastForm, []string{askAudience, askWhose, askWith, askText, askBasis, askNotice}},
		"rencontre":  {gatheringForm, []string{askKind, askTitle, askDays, askHours, askPlace, askLink, askPlaces, askChannels, askOpen}},
		"question":   {inquiryForm, []string{askInquiryText}},
		"relais":     {handOnForm, []string{askNamed}},
		"fiche":      {cardForm, []string{askCardQuestion, askCardAnswer}},
		"entraide":   {helpingForm, []string{askHelps, askBudget, askWorkOf, askWorkTo, askWorkDay}},
		"permanence": {permanenceForm, []string{askDays, askHours, askPlace, askAccess, askSchool, askOffice}},
	}
}

// checkers say what is wrong of what was answered so far, and do nothing else; a form without one is checked at its end.
func checkers() map[string]filler {
	return map[string]filler{"campagne": checkCampaign, "diffusion": checkNewBroadcast}
}

// Fields of forms that are read here; those of each capability stand with it.
const (
	askTold  = "informee"
	askReply = "mots"
)

// checkForms makes sure that each form has its use, and each of its fields a reader. A past version may lack fields that came later.
func checkForms(forms map[string]Form) error {
	present := map[string]bool{}
	for ref, form := range forms {
		if form.Keep == "" {
			present[formID(ref)] = true
		}
	}
	have, need := slices.Sorted(maps.Keys(present)), slices.Sorted(maps.Keys(fillers()))
	if !slices.Equal(have, need) {
		return fmt.Errorf("forms are %v, their uses %v", have, need)
	}
	for ref, form := range forms {
		if form.Keep != "" {
			continue
		}
		f := form.use()
		for _, field := range form.Fields {
			if !slices.Contains(f.reads, field.Name) {
				return fmt.Errorf("form %s: nothing reads its field %q", ref, field.Name)
			}
		}
		for _, name := range f.reads {
			if !strings.Contains(ref, "@") && !slices.ContainsFunc(form.Fields, func(field Field) bool { return field.Name == name }) {
				return fmt.Errorf("form %s: its use reads a field %q that it has not", ref, name)
			}
		}
	}
	return nil
}

// openForm has a form filled in: in a dialog if one can be opened now, else in words, beginning with the first field that is not known.
func (t *Turn) openForm(id, about string, known map[string]string) {
	form := t.bot.Forms[id]
	if t.opens() {
		t.response.Form = t.dialog(form, about, known)
		return
	}
	t.Chat.close()
	t.goOnFilling(&Filling{Form: form.Ref(), About: about, Values: known})
}

// opens tells whether a dialog can be opened for who caused the event.
func (t *Turn) opens() bool { return t.Trigger && t.bot.Abilities[t.From.Network()].Forms }

// reopenForm shows a form that was begun, as a dialog if one can be opened now.
func (t *Turn) reopenForm(filling *Filling) {
	if form, ok := t.bot.form(filling.Form); ok && t.opens() {
		t.response.Form = t.dialog(form, filling.About, filling.Values)
		return
	}
	t.Chat.endForm()
	again := *filling
	again.Field, again.Shown = "", false // what was shown is shown again: nobody agreed to it
	t.goOnFilling(&again)
}

// goOnFilling asks for what comes next in a form.
func (t *Turn) goOnFilling(filling *Filling) {
	t.ask(topicForm)
	t.Chat.Filling = filling
	t.askField(filling.Field)
}

// askField asks for the next field after one; when all were asked, the form is filled.
func (t *Turn) askField(after string) {
	filling := t.Chat.Filling
	form, ok := t.bot.form(filling.Form)
	if !ok { // of a release that is gone
		t.Chat.endForm()
		t.Reply("question-fermee", nil)
		return
	}
	i := 0
	if after != "" {
		i = 1 + slices.IndexFunc(form.Fields, func(f Field) bool { return f.Name == after })
	}
	for ; i < len(form.Fields); i++ {
		if f := form.Fields[i]; filling.asks(f) && filling.Values[f.Name] == "" {
			filling.Field = f.Name
			t.askFor(form.ID, f)
			return
		}
	}
	if form.Keep != "" && !filling.Shown {
		t.showFilling(form, filling)
		return
	}
	t.Chat.endForm()
	if wrong := t.fillIn(form, filling.About, filling.Values); len(wrong) > 0 {
		t.again(filling, form, wrong)
	}
}

// asks tells whether a field belongs to what is being asked.
func (filling *Filling) asks(f Field) bool {
	return (filling.Full || !f.More) && f.applies(filling.Values) && !slices.Contains(filling.Passed, f.Name)
}

// fillIn does with a form what it is for, once its checks hold; what no condition asks for is left out.
func (t *Turn) fillIn(form Form, about string, values map[string]string) (wrong map[string]string) {
	kept := map[string]string{}
	for _, f := range form.Fields {
		if value, said := values[f.Name]; said && f.applies(kept) {
			kept[f.Name] = value
		}
	}
	if wrong = t.checked(form, kept); len(wrong) > 0 {
		return wrong
	}
	return form.use().fill(t, about, kept)
}

// checked are the checks of a form that do not hold, as sentences, by the last field of each.
func (t *Turn) checked(form Form, values map[string]string) (wrong map[string]string) {
	for i, c := range form.Checks {
		if !c.holds(values) {
			return map[string]string{c.Of[len(c.Of)-1]: t.say(fmt.Sprintf("form.%s.check.%d", form.ID, i+1), nil)}
		}
	}
	return nil
}

// again asks for what turned out to be wrong once all was said.
func (t *Turn) again(filling *Filling, form Form, wrong map[string]string) {
	for _, f := range form.Fields {
		if sentence := wrong[f.Name]; sentence != "" {
			delete(filling.Values, f.Name)
			filling.Field, filling.Shown = f.Name, false
			t.Chat.Filling = filling
			t.askAgain(form.ID, f, sentence)
			return
		}
	}
}

// askFor asks for a field, with a button for each answer that can be listed.
func (t *Turn) askFor(form string, f Field) {
	args := Args{"question": t.questionOf(form, f)}
	t.Offer("champ", args, t.answersTo(form, f)...)
	t.ask(topicForm)
}

// askAgain says what is wrong with an answer, and asks for the field again.
func (t *Turn) askAgain(form string, f Field, wrong string) {
	t.Offer("champ.non", Args{"raison": wrong, "question": t.questionOf(form, f)}, t.answersTo(form, f)...)
	t.ask(topicForm)
}

// questionOf is the question for a field; its options are numbered.
func (t *Turn) questionOf(form string, f Field) string {
	lines := []string{t.say(fieldKey(form, f.Name)+".question", nil)}
	for i, o := range f.Options {
		if f.Type == OneOf || f.Type == SomeOf {
			lines = append(lines, t.say("champ.option", Args{"n": number(i + 1), "option": t.say(f.optionKey(form, o), nil)}))
		}
	}
	if f.Type == Duration {
		for i, minutes := range usualDurations {
			lines = append(lines, t.say("champ.option", Args{"n": number(i + 1), "option": hours(minutes)}))
		}
	}
	if f.Type == SomeOf {
		lines = append(lines, t.say("champ.plusieurs", nil))
	}
	switch filling := t.Chat.Filling; {
	case f.Optional && filling != nil && filling.Full:
		lines = append(lines, t.say("champ.assez", nil))
	case f.Optional:
		lines = append(lines, t.say("champ.facultatif", nil))
	}
	return strings.Join(lines, "\n")
}

// answersTo are the buttons of a question.
func (t *Turn) answersTo(form string, f Field) []Choice {
	var out []Choice
	switch f.Type {
	case YesNo:
		out = t.yesOrNo()
	case OneOf:
		for i, o := range f.Options {
			out = append(out, t.offered(number(i+1), optionKey(form, f.Name, o), nil))
		}
	case Duration:
		for i, minutes := range usualDurations {
			out = append(out, Choice{Words: number(i + 1), Label: hours(minutes)})
		}
	}
	if f.Optional {
		out = append(out, t.offered(skipWord, "bouton.passer", nil))
	}
	return out
}

// usualDurations are offered by number, in minutes: La Coop's.
var usualDurations = []int{15, 30, 45, 60, 90, 120}

// skipWord leaves an optional field out.
const skipWord = "passer"

// asked is the field of the open form that was asked last.
func (t *Turn) asked() (f Field, ok bool) {
	if t.topic() != topicForm || t.Chat.Filling == nil {
		return f, false
	}
	form, _ := t.bot.form(t.Chat.Filling.Form)
	fields := form.Fields
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == t.Chat.Filling.Field })
	if i < 0 {
		return f, false
	}
	return fields[i], true
}

// answersField tells whether a text answers the question that a form asked, whatever else it might mean: free words do, but for
// a bare no; and so does what is a value of the field.
func (t *Turn) answersField() bool {
	if t.topic() != topicForm || t.Chat.Filling == nil || t.Read.Intent == intents.Formulaire {
		return false
	}
	switch move := t.moveInForm(); {
	case move == dropsForm:
		t.Read.Intent = intents.Non // it leaves the form, whatever is asked
		return false
	case move != "":
		t.Read.Intent = moveIntent
		return false
	}
	f, ok := t.asked()
	if !ok {
		return false
	}
	if f.Type.free() {
		return t.Read.Intent != intents.Non && !intents.Order(t.Text)
	}
	form, _ := t.bot.form(t.Chat.Filling.Form)
	if f.Type == Location && intents.Command(t.Text) {
		return false // "permanence tous les mardis mairie de Périers" names a place too
	}
	_, problem, _ := t.readField(form.ID, f, byListNumber(f, emptied(f, t.Text)))
	return problem == "" || skips(f, t.Text)
}

// fillField takes the answer to the question that a form asked, and goes on.
func fillField(t *Turn) {
	t.known()
	f, ok := t.asked()
	if form, known := t.bot.form(t.Chat.Filling.Form); !ok && known && t.Chat.Filling.Shown { // neither a yes nor a correction
		t.showFilling(form, t.Chat.Filling)
		return
	}
	if !ok { // the form is another release's
		t.Chat.endForm()
		t.Reply("question-fermee", nil)
		return
	}
	filling := *t.Chat.Filling
	form, _ := t.bot.form(filling.Form)
	filling.Values = maps.Clone(filling.Values)
	if filling.Values == nil {
		filling.Values = map[string]string{}
	}
	if skips(f, t.Text) { // what is passed over has no value, which is not the same as an empty one
		filling.Passed = append(without(filling.Passed, f.Name), f.Name)
	} else {
		value, problem, args := t.readField(form.ID, f, byListNumber(f, emptied(f, t.Text)))
		if problem != "" {
			t.askAgain(form.ID, f, t.say(problem, args))
			return
		}
		if sentence := t.namesSomebody(form, f, value); sentence != "" {
			t.askAgain(form.ID, f, sentence)
			return
		}
		filling.Values[f.Name] = value
		if form.Keep == KeptAsActivity {
			t.takeRest(form, f, filling.Values)
		}
		if sentence := t.wrongNow(form, filling.About, filling.Values, f); sentence != "" {
			t.askAgain(form.ID, f, sentence)
			return
		}
	}
	t.Chat.Filling, t.Chat.Question = &filling, nil
	t.askField(f.Name)
}

// wrongNow says what is wrong with the value of a field beside those that stand; "" nothing is.
func (t *Turn) wrongNow(form Form, about string, values map[string]string, f Field) string {
	if check := checkers()[form.ID]; check != nil {
		return check(t, about, values)[f.Name]
	}
	for i, c := range form.Checks {
		if c.Most != "" && c.Of[len(c.Of)-1] == f.Name && !c.holds(values) {
			return t.say(fmt.Sprintf("form.%s.check.%d", form.ID, i+1), nil)
		}
	}
	return ""
}

// skips tells that an optional field is passed over.
func skips(f Field, text string) bool {
	return f.Optional && plain(strings.TrimSpace(text)) == skipWord
}

// emptied is the text for a field, nothing for one that is to be emptied.
func emptied(f Field, text string) string {
	if f.Optional && slices.Contains([]string{"aucun", "aucune", "rien", "jamais", "none"}, plain(strings.TrimSpace(text))) {
		return ""
	}
	return text
}

// submit takes a dialog. Every field is read again: a client can send anything.
func submit(t *Turn) {
	t.known()
	form, ok := t.bot.form(t.Values["form"])
	if !ok {
		t.Reply("question-fermee", nil)
		return
	}
	values, wrong := map[string]string{}, map[string]string{}
	for _, f := range form.Fields {
		if !f.applies(values) {
			continue
		}
		value, problem, args := t.readField(form.ID, f, t.Values["field."+f.Name])
		if problem != "" {
			wrong[f.Name] = t.say(problem, args)
		}
		values[f.Name] = value
	}
	if len(wrong) == 0 {
		t.Chat.endForm()
		wrong = t.fillIn(form, t.About, values)
	}
	t.response.Errors = wrong
}

// reopen opens the form of the question that is being asked, as a dialog if that is possible.
func reopen(t *Turn) {
	t.known()
	switch {
	case t.topic() == topicForm && t.Chat.Filling != nil:
		t.reopenForm(t.Chat.Filling)
	case t.Chat.Draft != nil && t.topic() != "":
		t.openBooking(t.Chat.Draft)
	default:
		t.openBooking(&Draft{})
	}
}

// openBooking opens the form of an appointment with what is known of it.
func (t *Turn) openBooking(d *Draft) {
	if !t.opens() {
		t.Chat.Draft = d
		t.goOn(d)
		return
	}
	t.openForm("rdv", "", map[string]string{askPhone: d.Phone, askName: d.Name, askDay: d.Day, askClock: d.Clock, askPlace: d.Where, askTold: d.Told})
}

// bookForm proposes the appointment of a filled form.
func bookForm(t *Turn, _ string, values map[string]string) map[string]string {
	d := &Draft{Phone: values[askPhone], Name: shortName(values[askName]), Day: values[askDay], Clock: values[askClock], Told: values[askTold]}
	wrong := map[string]string{}
	note := func(field, problem string, args Args) {
		if problem != "" {
			wrong[field] = t.say(problem, args)
		}
	}
	if ofSeveral(values[askName]) {
		note(askName, "probleme.deux-prenoms", nil)
	}
	problem, args := t.takePlace(d, t.readPlace(values[askPlace]))
	note(askPlace, problem, args)
	if problem, args = t.checkTime(d); d.Day == "" {
		note(askDay, problem, args)
	} else {
		note(askClock, problem, args)
	}
	if len(wrong) > 0 {
		return wrong
	}
	person, known := t.personOf(d)
	if part, problem, args := t.tooMuch(d, known); problem != "" {
		return map[string]string{part: t.say(problem, args)}
	}
	t.Chat.Draft = d
	t.offerBooking(d, person, known)
	return nil
}

// readPlace reads a text that is a place and nothing else.
func (t *Turn) readPlace(text string) intents.Booking {
	was := t.Text
	t.Text = text
	read := t.readBooking("")
	t.Text = was
	if read.PlaceText == "" {
		read.PlaceText = text
	}
	return read
}

// wordsForm shows the words to a person as they will leave.
func wordsForm(t *Turn, about string, values map[string]string) map[string]string {
	person, words := strings.TrimPrefix(about, "person/"), values[askReply]
	if out, ok := intents.ReadOutgoing(words); ok && t.Read.Intent != FormIntent { // typed: the verb came again; in a dialog it is a word like another
		words = out.Words
	}
	t.proposeWords(person, words)
	return nil
}
