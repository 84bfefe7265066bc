package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents"
)

// Forms that need no code: words open them, what is filled in is kept under a number, and a coordinator has it as a table.

// Filled is a kept form that somebody filled in.
type Filled struct {
	V      int               `json:"v"`
	Form   string            `json:"form"` // its Ref
	Number string            `json:"number"`
	By     string            `json:"by"` // her name
	At     time.Time         `json:"at"`
	Values map[string]string `json:"values,omitempty"`
}

// keptIntent is a text that is about a kept form: it opens one, lists them, takes what was filled in back, or wants it as a table.
const keptIntent intents.Intent = "formulaire-libre"

// What a text does with a kept form.
const (
	listsKept   = "formulaires"
	removesKept = "retirer"
	exportsKept = "exporter"
)

// keptForms are the present kept forms, by their ids.
func (b *Bot) keptForms() (all []Form) {
	for id, f := range b.Forms {
		if f.Keep == KeptInTable && !strings.Contains(id, "@") {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(a, b Form) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// keptOrder reads what a text does with a kept form, and with which: "diagnostic d'un lieu", "formulaires", "retirer diagnostic 3", "exporter diagnostic".
func (t *Turn) keptOrder() (do string, form Form, n int, ok bool) {
	words := wordsIn(t.Text)
	if len(words) == 1 && words[0] == listsKept {
		return listsKept, form, 0, true
	}
	if len(words) > 1 && (words[0] == removesKept || words[0] == exportsKept) {
		do, words = words[0], words[1:]
	}
	if last := len(words) - 1; do == removesKept {
		if n, _ = strconv.Atoi(words[last]); n < 1 {
			return "", form, 0, false
		}
		words = words[:last]
	}
	if len(words) > 1 && words[0] == "formulaire" {
		words = words[1:]
	}
	said := strings.Join(words, " ")
	for _, f := range t.bot.keptForms() {
		for _, name := range append([]string{f.ID, t.say("form."+f.ID+".title", nil)}, f.Opens...) {
			if said != "" && said == strings.Join(wordsIn(name), " ") {
				return do, f, n, true
			}
		}
	}
	return "", form, 0, false
}

// readsKept takes words that are about a kept form for what they are, where nothing is open that they might answer.
func (t *Turn) readsKept() {
	if t.Role.IsPro() && t.topic() == "" && t.subject() == "" && t.About == "" && len(t.Text) < longestLine {
		if _, _, _, ok := t.keptOrder(); ok {
			t.Read.Intent = keptIntent
		}
	}
}

// withKept does it.
func withKept(t *Turn) {
	t.known()
	do, form, n, _ := t.keptOrder()
	switch {
	case do == listsKept:
		t.listKept()
	case do == removesKept:
		t.removeFilled(form, number(n))
	case do == exportsKept && t.Role != Coordinateur:
		t.Reply("formulaire.coordination", nil)
	case do == exportsKept:
		t.answer(ForTalk, &Message{Key: "formulaire.export", Args: Args{"titre": t.say("form."+form.ID+".title", nil)}, File: FilledFiles + form.ID + "/" + t.MeID + ".csv"})
	default:
		t.openForm(form.ID, "", nil)
	}
}

// listKept lists the kept forms, and how each is opened.
func (t *Turn) listKept() {
	var lines []string
	for _, f := range t.bot.keptForms() {
		word := f.ID
		if len(f.Opens) > 0 {
			word = f.Opens[0]
		}
		lines = append(lines, t.say("formulaires.ligne", Args{"titre": t.say("form."+f.ID+".title", nil), "mot": word}))
	}
	if len(lines) == 0 {
		t.Reply("formulaires.aucun", nil)
		return
	}
	t.Reply("formulaires", Args{"liste": strings.Join(lines, "\n")})
}

// keepFilled keeps what was filled in. Free text that leads to a person stays out of it.
func (t *Turn) keepFilled(form Form, values map[string]string) (wrong map[string]string) {
	for _, f := range form.Fields { // a dialog brings all at once
		if sentence := t.namesSomebody(form, f, values[f.Name]); sentence != "" {
			return map[string]string{f.Name: sentence}
		}
	}
	id := formID(form.ID)
	n := number(t.nextNumber("form/" + id))
	kept, _ := load[Filled](t, id+"-"+n)
	*kept = Filled{V: 1, Form: form.Ref(), Number: n, By: t.Me.Name, At: t.At, Values: values}
	t.save("filled", id+"-"+n, func(r *Record) {
		r.Owner, r.Subject, r.Place, r.State, r.At = t.MeID, t.MeID, homeOf(t.Me), id, t.At
	})
	t.Reply("formulaire.note", Args{"titre": t.say("form."+form.ID+".title", nil), "n": n, "mot": id, "liste": t.valueLines(form, values)})
	return nil
}

// namesSomebody says in a sentence what in the free text of a kept form leads to a person; "" nothing does.
func (t *Turn) namesSomebody(form Form, f Field, value string) string {
	if form.Keep == "" || !f.Type.written() {
		return ""
	}
	found := t.identities(value)
	if len(found) == 0 {
		return ""
	}
	return t.say("fiche.identites", Args{"trouve": t.namedIdentities(value, found)})
}

// removeFilled takes back what she filled in.
func (t *Turn) removeFilled(form Form, n string) {
	id := form.ID + "-" + n
	kept, ok := load[Filled](t, id)
	rec := t.docs["filled/"+id].rec
	if !ok || kept.Number != n || !t.may(toChange, rec) {
		t.Reply("formulaire.introuvable", Args{"titre": t.say("form."+form.ID+".title", nil), "n": n})
		return
	}
	t.erase("filled", id)
	t.Reply("formulaire.retire", Args{"titre": t.say("form."+form.ID+".title", nil), "n": n})
}

// FilledFiles begins the names of the tables of kept forms: "reponses/<form>/<person>.csv".
const FilledFiles = "reponses/"

// FilledTable is what was filled in of a kept form in the territories of a coordinator, the oldest first: a row of titles, then one a form. ok is false when there is
// no such form, or she coordinates nothing.
func (b *Bot) FilledTable(ctx context.Context, id, person string, at time.Time) (rows [][]string, ok bool, err error) {
	t := b.looking(ctx, at)
	form, known := b.Forms[id]
	who, _ := load[Person](t, person)
	if !known || form.Keep != KeptInTable || who.Role != Coordinateur || t.err != nil {
		return nil, false, t.err
	}
	titles := []string{t.say("formulaire.colonne-numero", nil), t.say("formulaire.colonne-date", nil), t.say("formulaire.colonne-auteur", nil)}
	for _, f := range form.Fields {
		titles = append(titles, t.say(fieldKey(form.ID, f.Name), nil))
	}
	rows = [][]string{titles}
	for _, place := range who.Territories {
		for _, rec := range t.findAll(Query{Kind: "filled", Place: place, State: id}) {
			var kept Filled
			if decode(rec, &kept) == nil {
				rows = append(rows, t.filledRow(form, kept))
			}
		}
	}
	return rows, true, t.err
}

// filledRow is one form that was filled in, in the columns of the present version.
func (t *Turn) filledRow(form Form, kept Filled) []string {
	row := []string{kept.Number, kept.At.In(t.bot.Zone("")).Format("02/01/2006"), kept.By}
	for _, f := range form.Fields {
		value := kept.Values[f.Name]
		if value != "" {
			value = t.shownValue(form, f, value)
		}
		row = append(row, value)
	}
	return row
}
