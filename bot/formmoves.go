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
)

// formMoves are the folded words that move within a form.
var formMoves = map[string]string{
	"annuler": dropsForm, "abandonner": dropsForm, "stop": stopsForm, "pause": stopsForm, "arreter": stopsForm, "plus tard": stopsForm,
	"retour": goesBack, "revenir": goesBack, "precedent": goesBack, "question precedente": goesBack,
}

// moveInForm is how a text moves within the form that is open; "" it does not.
func (t *Turn) moveInForm() string {
	if move := formMoves[strings.Join(wordsIn(t.Text), " ")]; move != "" {
		return move
	}
	if t.Chat.Filling.Shown && intents.BareYes(t.Text) {
		return keepsForm
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
	}
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
		if f := form.Fields[i]; f.applies(filling.Values) {
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
	free := now.Type == Line || now.Type == Paragraph // any words may be its answer
	if !asked && !t.Chat.Filling.Shown || len(words) < 2 || words[0] != "corriger" && words[0] != "corrige" && (free || words[0] != "non") {
		return f, "", false
	}
	rest := strings.TrimLeft(strings.TrimSpace(t.Text)[len(firstField(t.Text)):], " ,:")
	form, _ := t.bot.form(t.Chat.Filling.Form)
	var found []Field
	for _, before := range form.Fields {
		if before.Name == t.Chat.Filling.Field {
			break
		}
		if t.Chat.Filling.Values[before.Name] == "" && !slices.Contains(t.Chat.Filling.Passed, before.Name) {
			continue
		}
		read := t.readCorrection(form, before, rest)
		named := t.namesField(form, before, rest)
		if named && (words[0] != "non" || read != "") {
			return before, read, true
		}
		if read != "" && !free {
			found, value = append(found, before), read
		}
	}
	if len(found) != 1 {
		return f, "", false
	}
	return found[0], value, true
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
	label := wordsIn(t.say(fieldKey(form.ID, f.Name), nil) + " " + t.say(fieldKey(form.ID, f.Name)+".question", nil))
	var kept []string
	for _, w := range strings.Fields(words) {
		if !slices.Contains(label, strings.Join(wordsIn(w), "")) {
			kept = append(kept, w)
		}
	}
	rest := strings.Join(kept, " ")
	if rest == "" || (f.Type == Line || f.Type == Paragraph) && !t.namesField(form, f, words) {
		return ""
	}
	value, problem, _ := t.readField(form.ID, f, rest)
	if problem != "" {
		return ""
	}
	return value
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
	if check := checkers()[form.ID]; check != nil {
		if sentence := check(t, filling.About, filling.Values)[f.Name]; sentence != "" {
			delete(filling.Values, f.Name)
			filling.Field = f.Name
			t.askAgain(form.ID, f, sentence)
			return
		}
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
	t.Offer("formulaire.relire", Args{"titre": t.say("form."+form.ID+".title", nil), "liste": t.valueLines(form, filling.Values)},
		t.offered(yes, "bouton.garder", nil), t.offered(no, "bouton.non", nil))
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
	if !f.Type.HasOptions() {
		return t.typed(f, value)
	}
	var labels []string
	for o := range strings.SplitSeq(value, ",") {
		labels = append(labels, t.say(optionKey(form.ID, f.Name, o), nil))
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
