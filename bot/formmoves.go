package bot

import (
	"maps"
	"slices"
	"strings"

	"passeur/intents"
)

// Moving within a form that is asked in words: back, to another field, out of it for a while, and into it again.

const (
	// moveIntent is a text that moves within a form, and answers no question of it.
	moveIntent intents.Intent = "formulaire-aller"

	// formLife is how long a form that was begun waits to be taken up again.
	formLife = 7 * day
)

// The moves, by what formMoves and corrections read.
const (
	dropsForm    = "abandon"
	stopsForm    = "arret"
	goesBack     = "retour"
	correctsForm = "correction"
	keepsForm    = "oui"
	fullsForm    = "completer"
	amendsForm   = "precision"
	endsForm     = "fini"
)

// fullWord asks for what only some tell too.
const fullWord = "compléter"

// formMoves are the folded words that move within a form.
var formMoves = map[string]string{
	"annuler": dropsForm, "abandonner": dropsForm, "stop": stopsForm, "pause": stopsForm, "arreter": stopsForm, "plus tard": stopsForm,
	"completer": fullsForm, "tout remplir": fullsForm, "plus de details": fullsForm, "fini": endsForm, "c est fini": endsForm, "c est tout": endsForm,
	"retour": goesBack, "revenir": goesBack, "precedent": goesBack, "question precedente": goesBack,
}

// moveInForm is how a text moves within the form that is open; "" it does not.
func (t *Turn) moveInForm() string {
	if move := formMoves[strings.Join(wordsIn(t.Text), " ")]; move != "" && !(move == endsForm && t.Chat.Filling.Shown) {
		return move
	}
	if t.Chat.Filling.Shown && intents.BareYes(t.Text) {
		return keepsForm
	}
	if t.amends() {
		return amendsForm
	}
	if _, _, ok := t.correction(); ok {
		return correctsForm
	}
	return ""
}

// moveFilling does it.
func moveFilling(t *Turn) {
	t.known()
	switch t.moveInForm() {
	case stopsForm:
		t.Chat.close()
		t.Reply("formulaire.garde", nil)
	case goesBack:
		t.backInForm()
	case correctsForm:
		t.correctInForm()
	case keepsForm:
		t.askField("")
	case fullsForm:
		t.askAll()
	case endsForm:
		t.passRest()
	case amendsForm:
		t.amendActivity()
	}
}

// askAll asks for what only some tell too, in a dialog if one can be opened now.
func (t *Turn) askAll() {
	filling := t.clonedFilling()
	filling.Full, filling.Shown, filling.Passed = true, false, nil
	t.reopenForm(filling)
}

// passRest passes over the optional fields that were not asked yet.
func (t *Turn) passRest() {
	filling := t.clonedFilling()
	form, _ := t.bot.form(filling.Form)
	for _, f := range form.Fields {
		if f.Optional && filling.Values[f.Name] == "" {
			filling.Passed = append(without(filling.Passed, f.Name), f.Name)
		}
	}
	t.Chat.Filling = filling
	t.askField("")
}

// backInForm asks again for the field before the one that is being asked.
func (t *Turn) backInForm() {
	filling := t.clonedFilling()
	form, _ := t.bot.form(filling.Form)
	at := slices.IndexFunc(form.Fields, func(f Field) bool { return f.Name == filling.Field })
	if filling.Shown {
		at = len(form.Fields)
	}
	for i := at - 1; i >= 0; i-- {
		if f := form.Fields[i]; f.applies(filling.Values) && (filling.Values[f.Name] != "" || slices.Contains(filling.Passed, f.Name)) {
			delete(filling.Values, f.Name)
			filling.Field, filling.Shown, filling.Passed = f.Name, false, without(filling.Passed, f.Name)
			t.Chat.Filling = filling
			t.askFor(form.ID, f)
			return
		}
	}
	f, _ := t.asked()
	t.askAgain(form.ID, f, t.say("formulaire.debut", nil))
}

// correction is the field before that a text corrects, and its new value, "" if it is to be asked for: "corriger lieu", "non, 4 personnes".
func (t *Turn) correction() (f Field, value string, ok bool) {
	words := wordsIn(t.Text)
	now, asked := t.asked()
	free := now.Type.free() // any words may be its answer
	if !asked && !t.Chat.Filling.Shown || len(words) < 2 || words[0] != "corriger" && words[0] != "corrige" && (free || words[0] != "non") {
		return f, "", false
	}
	rest := strings.TrimLeft(strings.TrimSpace(t.Text)[len(firstField(t.Text)):], " ,:")
	form, _ := t.bot.form(t.Chat.Filling.Form)
	before := t.fieldsBefore(form)
	if named, ok := t.namedField(form, before, rest); ok {
		if read := t.readCorrection(form, named, rest); words[0] != "non" || read != "" {
			return named, read, true
		}
	}
	var found []Field
	for _, f := range before {
		if read := t.readCorrection(form, f, rest); read != "" && !free {
			found, value = append(found, f), read
		}
	}
	if len(found) != 1 {
		return f, "", false
	}
	return found[0], value, true
}

// fieldsBefore are those that were answered or passed over before the one that is being asked; where all is shown, all that apply.
func (t *Turn) fieldsBefore(form Form) (all []Field) {
	for _, f := range form.Fields {
		if f.Name == t.Chat.Filling.Field {
			break
		}
		if t.Chat.Filling.Shown && f.applies(t.Chat.Filling.Values) || t.Chat.Filling.Values[f.Name] != "" || slices.Contains(t.Chat.Filling.Passed, f.Name) {
			all = append(all, f)
		}
	}
	return all
}

// namedField is the field of which words name the most of the label, and of those the longest: "lieu" is "Lieu" before "Type de lieu", "orientée vers" not "Orientée".
func (t *Turn) namedField(form Form, fields []Field, words string) (named Field, ok bool) {
	said, least, longest := singular(wordsIn(words)), 0, 0
	for _, f := range fields {
		label := singular(wordsIn(t.say(fieldKey(form.ID, f.Name), nil)))
		unsaid := len(slices.DeleteFunc(slices.Clone(label), func(w string) bool { return slices.Contains(said, w) }))
		if t.namesField(form, f, words) && (!ok || unsaid < least || unsaid == least && len(label) > longest) {
			named, least, longest, ok = f, unsaid, len(label), true
		}
	}
	return named, ok
}

// firstField is the first word of a text, as it was typed.
func firstField(text string) string {
	fields := strings.FieldsFunc(strings.TrimSpace(text), func(r rune) bool { return r == ' ' || r == ',' || r == ':' })
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
}

// namesField tells whether words name a field by a word of its label.
func (t *Turn) namesField(form Form, f Field, words string) bool {
	said := singular(wordsIn(words))
	return slices.ContainsFunc(singular(wordsIn(t.say(fieldKey(form.ID, f.Name), nil))), func(w string) bool { return len(w) > 2 && slices.Contains(said, w) })
}

// readCorrection is the value of a field in words that may hold more than it: "4 personnes", "lieu Périers"; "" if they hold none. Free text is only what stands behind
// the field's name.
func (t *Turn) readCorrection(form Form, f Field, words string) string {
	rest := t.behindName(form, f, words)
	if rest == "" || f.Type.free() && !t.namesField(form, f, words) {
		return ""
	}
	value, problem, _ := t.readField(form.ID, f, rest)
	if problem != "" {
		return ""
	}
	return value
}

// behindName are words without those of a field's name. Of what she words herself only the name in front is left out; of anything else the words of the question too.
func (t *Turn) behindName(form Form, f Field, words string) string {
	name := wordsIn(t.say(fieldKey(form.ID, f.Name), nil))
	fields := strings.Fields(words)
	if f.Type.written() {
		for len(fields) > 0 && slices.Contains(name, strings.Join(wordsIn(fields[0]), "")) {
			fields = fields[1:]
		}
		return strings.TrimLeft(strings.Join(fields, " "), " :,")
	}
	name = append(name, wordsIn(t.say(fieldKey(form.ID, f.Name)+".question", nil))...)
	return strings.Join(slices.DeleteFunc(fields, func(w string) bool { return slices.Contains(name, strings.Join(wordsIn(w), "")) }), " ")
}

// correctInForm takes another value for a field that was answered, or asks for it again, and goes on where it was.
func (t *Turn) correctInForm() {
	f, value, _ := t.correction()
	filling := t.clonedFilling()
	form, _ := t.bot.form(filling.Form)
	now, asked := t.asked()
	filling.Values[f.Name], filling.Shown, filling.Passed = value, false, without(filling.Passed, f.Name)
	t.Chat.Filling, t.Chat.Question = filling, nil
	if value == "" {
		delete(filling.Values, f.Name)
		filling.Field = f.Name
		t.askFor(form.ID, f)
		return
	}
	sentence := t.wrongNow(form, filling.About, filling.Values, f)
	if sentence == "" {
		sentence = t.namesSomebody(form, f, value)
	}
	if sentence != "" {
		delete(filling.Values, f.Name)
		filling.Field = f.Name
		t.askAgain(form.ID, f, sentence)
		return
	}
	said := t.say("formulaire.corrige", Args{"champ": t.say(fieldKey(form.ID, f.Name), nil), "valeur": t.shownValue(form, f, value)})
	if asked && now.applies(filling.Values) {
		t.askAgain(form.ID, now, said)
		return
	}
	t.askField("")
}

// showFilling shows all that was filled in, before it is kept.
func (t *Turn) showFilling(form Form, filling *Filling) {
	filling.Field, filling.Shown = "", true
	t.ask(topicForm)
	t.Chat.Filling = filling
	args := Args{"titre": t.say("form."+form.ID+".title", nil), "liste": t.valueLines(form, filling.Values)}
	choices, more := []Choice{t.offered(yes, "bouton.garder", nil)}, ""
	if !filling.Full && slices.ContainsFunc(form.Fields, func(f Field) bool { return f.More }) {
		choices, more = append(choices, t.offered(fullWord, "bouton.completer", nil)), t.say("activite.plus", nil)
	}
	choices = append(choices, t.offered(no, "bouton.non", nil))
	if form.Keep == KeptAsActivity {
		t.Offer("activite.relire", args.with("double", t.twinLine(form, filling), "plus", more), choices...)
		return
	}
	t.Offer("formulaire.relire", args, choices...)
}

// valueLines are the values of a form, one a line; what was passed over is left out.
func (t *Turn) valueLines(form Form, values map[string]string) string {
	var lines []string
	for _, f := range form.Fields {
		if value := values[f.Name]; value != "" && f.applies(values) {
			if f.Type == Date {
				lines = append(lines, t.say("formulaire.ligne-jour", Args{"champ": t.say(fieldKey(form.ID, f.Name), nil), "jour": instant(value)}))
				continue
			}
			lines = append(lines, t.say("formulaire.ligne", Args{"champ": t.say(fieldKey(form.ID, f.Name), nil), "valeur": plainWords.Replace(oneLine(t.shownValue(form, f, value)))}))
		}
	}
	return strings.Join(lines, "\n")
}

// shownValue is a value in words for people.
func (t *Turn) shownValue(form Form, f Field, value string) string {
	if !f.Type.chosen() {
		return t.typed(form.ID, f, value)
	}
	var labels []string
	for o := range strings.SplitSeq(value, ",") {
		labels = append(labels, t.say(f.optionKey(form.ID, o), nil))
	}
	if f.Type == Themes {
		return strings.Join(labels, " ; ") // their names hold commas
	}
	return strings.Join(labels, ", ")
}

// clonedFilling is the open form, to be changed.
func (t *Turn) clonedFilling() *Filling {
	filling := *t.Chat.Filling
	filling.Values = maps.Clone(filling.Values)
	if filling.Values == nil {
		filling.Values = map[string]string{}
	}
	return &filling
}

// resumeForm takes up the form that was begun last.
func resumeForm(t *Turn) {
	t.known()
	paused, since := t.Chat.Paused, t.Chat.PausedAt
	if t.topic() == topicForm && t.Chat.Filling != nil {
		paused, since = t.Chat.Filling, t.Chat.Asked
	}
	if paused == nil || t.At.Sub(since) > formLife {
		t.Reply("formulaire.rien", nil)
		return
	}
	t.Chat.Paused = nil
	t.reopenForm(paused)
}
