package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"passeur/adapters/lacoop"
	"passeur/bot"
	"passeur/e2e/peers"
	"passeur/intents"
)

// enumOf is the enumeration of La Coop that a field of a form takes its values from.
var enumOf = map[string]string{
	"type_lieu": "type_lieu", "materiel": "materiel", "thematiques": "thematique", "autonomie": "autonomie", "structure_de_redirection": "structure_de_redirection", "genre": "genre",
	"tranche_age": "tranche_age", "statut_social": "statut_social", "participants_genre": "genre", "participants_age": "tranche_age", "participants_statut": "statut_social",
	"niveau_atelier": "niveau_atelier", "type_animation": "type_animation", "initiative": "initiative", "thematiques_animation": "thematique_animation", "type_evenement": "type_evenement",
	"organisateurs": "organisateur", "echelon_territorial": "echelon_territorial", "nature_partenariat": "nature_partenariat", "structures_partenaires": "organisateur",
}

// easyAnswers are what she says to the questions that are not what a conversation is about; "passer" to any other.
var easyAnswers = map[string]string{"date": "hier", "duree": "1h", "type_lieu": "1", "ou": "mairie de Périers", "thematiques": "mails, démarches", "participants_total": "9", "mediateurs": "3",
	"type_animation": "1", "participants": "40", "type_evenement": "1", "organisateurs": "2", "nature_partenariat": "2", "structures_partenaires": "Emmaüs (une association)", "oriente_vers_structure": "oui",
	"type_animation_autre": "une visite", "thematique_animation_autre": "le matériel", "type_evenement_autre": "une fête", "organisateur_autre": "un collectif", "nature_partenariat_autre": "un prêt"}

// opening are the words that open each form of an activity.
var opening = map[string]string{"individuel": "activité", "collectif": "noter un atelier collectif", "animation": "noter une animation", "evenement": "noter un évènement", "partenariat": "noter un partenariat"}

// TestEveryValue: each value of each enumeration is said in a conversation, and found again in the record, in the table, and in the form of La Coop, opened with La Coop's own
// libraries.
func TestEveryValue(t *testing.T) {
	said := &valueWalk{formWalk: newFormWalk(t)}
	said.hear(bot.Event{Intent: bot.MemberIntent, Role: bot.Coordinateur, Values: map[string]string{"territories": "50", "name": "Marie Lecomte"}})
	for form := range maps.Keys(opening) {
		for _, f := range said.house.bot.Forms[form].Fields {
			for _, option := range f.Options {
				said.tell(form, f, option)
			}
		}
	}
	for _, v := range lacoop.Values() {
		if !said.has(v) {
			said.lose("no form has %s.%s", v.Enum, v.Slug)
		}
	}
	said.openAll()
	fmt.Printf("%d values said\n", len(said.told))
	fmt.Println("bar enum_lost", said.lost)
}

// valueWalk is a coordinator who says all that can be said.
type valueWalk struct {
	*formWalk
	told []toldValue
	lost int
}

// toldValue is a value that was said, and the activity that it became.
type toldValue struct {
	form, field, slug string
	report            bot.Report
}

func (w *valueWalk) lose(format string, args ...any) {
	w.lost++
	w.Errorf(format, args...)
}

// has tells whether a value was said; the two types of activities are forms.
func (w *valueWalk) has(v lacoop.Value) bool {
	return v.Enum == "type_activite" && opening[v.Slug] != "" || slices.ContainsFunc(w.told, func(s toldValue) bool { return enumOf[s.field] == v.Enum && s.slug == v.Slug })
}

// hears is says as a coordinator.
func (w *valueWalk) hears(text string) string {
	from := len(w.sent.sent)
	w.hear(bot.Event{Text: text, Role: bot.Coordinateur})
	return strings.Join(w.sent.sent[from:], " | ")
}

// text is one of the catalogue's.
func (w *valueWalk) text(key string) string {
	out, _, err := w.house.bot.Texts.Render(key, nil, w.now, func(string) bool { return true })
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// words are how she says an option of a field.
func (w *valueWalk) words(form string, f bot.Field, option string) string {
	key := "form." + form + "." + f.Name + "." + option
	switch f.Type {
	case bot.Themes:
		return w.text("theme." + option)
	case bot.Counts:
		return "2 " + w.text(key)
	case bot.Partners:
		return "Le Fournil (" + w.text(key) + ")"
	}
	return w.text(key)
}

// tell fills in a form with one value of one field, and looks for it in the record.
func (w *valueWalk) tell(form string, target bot.Field, option string) {
	fields := w.house.bot.Forms[form].Fields
	answer := w.hears(opening[form])
	for steps := 0; !strings.Contains(answer, "C'est gardé"); steps++ {
		if steps > 40 {
			w.Fatalf("%s.%s = %s never ends: %s", form, target.Name, option, answer)
		}
		if strings.Contains(answer, "avant de garder") {
			if target.More && steps < 20 && !strings.Contains(answer, w.text("form."+form+"."+target.Name)+" :") {
				answer = w.hears("compléter")
				continue
			}
			answer = w.hears("oui")
			continue
		}
		i := slices.IndexFunc(fields, func(f bot.Field) bool { return strings.Contains(answer, w.text("form."+form+"."+f.Name+".question")) })
		if i < 0 {
			w.Fatalf("%s.%s = %s: nothing is asked by %q", form, target.Name, option, answer)
		}
		answer = w.hears(w.answer(form, fields[i], target, option))
	}
	w.keepTold(form, target, option)
}

func (w *valueWalk) answer(form string, asked, target bot.Field, option string) string {
	if asked.Name == target.Name {
		return w.words(form, target, option)
	}
	if easy := easyAnswers[asked.Name]; easy != "" {
		return easy
	}
	return "passer"
}

// keepTold looks for a value in the activity that was kept last.
func (w *valueWalk) keepTold(form string, f bot.Field, option string) {
	all, ok, err := w.house.bot.Activities(w.Context(), w.person(), intents.Period{From: "2026-11", To: "2026-12"}, false, w.now)
	if err != nil || !ok || len(all) == 0 {
		w.Fatal(ok, err)
	}
	last := slices.MaxFunc(all, func(a, b bot.Report) int { return a.Noted.Compare(b.Noted) })
	if value := last.Values[f.Name]; !slices.Contains(strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == '=' || r == '\n' }), option) {
		w.lose("%s.%s: %q became %q", form, f.Name, w.words(form, f, option), value)
	}
	w.told = append(w.told, toldValue{form, f.Name, option, last})
}

// person is the id of who writes.
func (w *valueWalk) person() string {
	for id, p := range bodiesOf[bot.Person](w.T, w.house, "person") {
		if p.Name == "Marie Lecomte" {
			return id
		}
	}
	w.Fatal("nobody")
	return ""
}

// openAll looks for what was said in the tables, and in the forms that the links open.
func (w *valueWalk) openAll() {
	links, err := lacoop.NewLinks("", lacoop.Format)
	if err != nil {
		w.Fatal(err)
	}
	var in bytes.Buffer
	for _, s := range w.told {
		link, ok := links.To(s.report)
		if !ok {
			w.lose("%s has no link", s.form)
		}
		fmt.Fprintln(&in, link)
		table := append(lacoop.Table([]bot.Report{s.report}, lacoop.Own), lacoop.Coordination([]bot.Report{s.report}, lacoop.Own)...)
		label := lacoop.Label(enumOf[s.field], s.slug)
		if !strings.Contains(fmt.Sprint(table), label) && !starred(s) {
			w.lose("%s.%s: the table does not say %q: %q", s.form, s.field, label, table)
		}
	}
	cmd := peers.Node(w.T, "lacoop.mjs")
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		w.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(w.told) {
		w.Fatalf("%d links, %d answers", len(w.told), len(lines))
	}
	for i, s := range w.told {
		w.found(s, lines[i])
	}
}

// starred tells that La Coop's table says a level as "2/3".
func starred(s toldValue) bool { return s.field == "autonomie" || s.field == "niveau_atelier" }

// found looks for the code of a value in an opened form.
func (w *valueWalk) found(s toldValue, line string) {
	var opened struct {
		Form  string
		State map[string]any
		Error string
	}
	if err := json.Unmarshal([]byte(line), &opened); err != nil || opened.Error != "" || !strings.HasSuffix(opened.Form, "/"+s.form) {
		w.Fatalf("%s: %v", line, err)
	}
	code := ""
	for _, v := range lacoop.Values() {
		if v.Enum == enumOf[s.field] && v.Slug == s.slug {
			code = v.Code
		}
	}
	state, _ := json.Marshal(opened.State)
	if code == "" || !strings.Contains(string(state), code+`"`) {
		w.lose("%s.%s = %s: no %q in %s", s.form, s.field, s.slug, code, state)
	}
}
