package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

// renderedAnswers are the same activity in each rendering of its form, by field: what is typed, and what a dialog submits.
var renderedAnswers = map[string]map[string][2]string{
	"individuel": {"date": {"", "2026-12-01"}, "personnes": {"", "1"}, "thematiques": {"mails, démarches", "email,aide_aux_demarches_administratives"}, "duree": {"2", "30 min"}, "type_lieu": {"1", "lieu_activite"},
		"ou": {"mairie de Périers", "mairie de Périers"}, "materiel": {"1,3", "ordinateur,tablette"}, "precisions_demarche": {"prime d'activité", "prime d'activité"}, "autonomie": {"2", "partiellement_autonome"},
		"oriente_vers_structure": {"1", "oui"}, "structure_de_redirection": {"6", "aide_aux_demarches_administratives"}, "deja_accompagne": {"2", "non"}, "commune_residence": {"Périers", "Périers"},
		"genre": {"1", "feminin"}, "tranche_age": {"7", "soixante_dix_plus"}, "statut_social": {"1", "retraite"}, "notes": {"revient bientôt", "revient bientôt"}},
	"collectif": {"date": {"", "2026-12-01"}, "participants_total": {"9", "9"}, "thematiques": {"mails", "email"}, "duree": {"6", "2h"}, "type_lieu": {"2", "autre"}, "ou": {"salle des fêtes de Lessay", "salle des fêtes de Lessay"},
		"titre_atelier": {"Trier ses mails", "Trier ses mails"}, "niveau_atelier": {"1", "debutant"}, "participants_deja_accompagnes": {"4", "4"}, "participants_genre": {"4 femmes et 2 hommes", "4 femmes, 2 hommes"},
		"participants_age": {"2 seniors, 1 ado", "70 ans et plus : 2, 12 - 17 ans : 1"}, "participants_statut": {"5 retraités", "5 retraités"}, "materiel": {"passer", ""}, "notes": {"passer", ""}},
}

// TestRenderings: one form in words, with buttons, and as a dialog: what is kept is the same.
func TestRenderings(t *testing.T) {
	differ := 0
	for form, answers := range renderedAnswers {
		inWords, pressed, submitted := inWords(t, form, answers), withButtons(t, form, answers), asDialog(t, form, answers)
		for _, field := range slices.Sorted(maps.Keys(answers)) {
			if w, p, s := inWords[field], pressed[field], submitted[field]; w != p || w != s || w == "" && answers[field][1] != "" {
				differ++
				t.Errorf("%s.%s: in words %q, pressed %q, submitted %q", form, field, w, p, s)
			}
		}
	}
	fmt.Println("bar renderings_differ", differ)
}

// keptValues are those of the only activity that is kept.
func keptValues(w *formWalk) map[string]string {
	w.Helper()
	for _, a := range bodiesOf[bot.Activity](w.T, w.house, "activity") {
		return a.Values
	}
	w.Fatalf("nothing is kept: %s", w.log())
	return nil
}

// askedIn is the field that is asked: what was asked before may be shown again, without its buttons.
func askedIn(w *formWalk, form string) string {
	for _, chat := range bodiesOf[bot.Chat](w.T, w.house, "chat") {
		if chat.Filling != nil && strings.HasPrefix(chat.Filling.Form, form) {
			return chat.Filling.Field
		}
	}
	return ""
}

// converse answers what is asked until all is kept.
func converse(w *formWalk, form string, answers map[string][2]string, answer string, say func(string) string) map[string]string {
	w.Helper()
	full := false
	for range mostSteps {
		field := askedIn(w, form)
		switch {
		case strings.Contains(answer, "C'est gardé"):
			return keptValues(w)
		case strings.Contains(answer, "avant de garder") && !full:
			full, answer = true, say("compléter")
		case strings.Contains(answer, "avant de garder"):
			answer = say("oui")
		case field == "":
			w.Fatalf("nothing is asked: %s", answer)
		default:
			answer = say(answers[field][0])
		}
	}
	w.Fatalf("it does not end: %s", w.log())
	return nil
}

func inWords(t *testing.T, form string, answers map[string][2]string) map[string]string {
	w := newFormWalk(t)
	return converse(w, form, answers, w.says(opening[form]), w.says)
}

// withButtons presses whatever has a button.
func withButtons(t *testing.T, form string, answers map[string][2]string) map[string]string {
	w := newFormWalk(t, bot.Abilities{Receives: true, Buttons: true})
	pressed := 0
	press := func(text string) string {
		for _, chat := range bodiesOf[bot.Chat](t, w.house, "chat") {
			if q := chat.Question; q != nil && slices.ContainsFunc(q.Message.Choices, func(c bot.Choice) bool { return c.Words == text }) {
				from := len(w.sent.sent)
				w.hear(bot.Event{Text: text, Pressed: q.Task})
				pressed++
				return strings.Join(w.sent.sent[from:], " | ")
			}
		}
		return w.says(text)
	}
	values := converse(w, form, answers, w.says(opening[form]), press)
	if pressed < 4 {
		t.Errorf("%s: only %d answers had a button", form, pressed)
	}
	return values
}

// asDialog submits the dialog that opens.
func asDialog(t *testing.T, form string, answers map[string][2]string) map[string]string {
	w := newFormWalk(t, bot.Abilities{Receives: true, Buttons: true, Forms: true})
	w.events++
	opened, err := w.house.bot.Hear(t.Context(), bot.Event{ID: "open", At: w.now, From: "mattermost:marie", Role: bot.Conseiller, Text: opening[form], Trigger: true})
	if err != nil || opened.Form == nil {
		t.Fatalf("no dialog opens: %+v, %v", opened, err)
	}
	values := map[string]string{"form": opened.Form.Form}
	for _, f := range opened.Form.Fields {
		values["field."+f.Name] = answers[f.Name][1]
	}
	taken, err := w.house.bot.Hear(t.Context(), bot.Event{ID: "submit", At: w.now.Add(time.Minute), From: "mattermost:marie", Role: bot.Conseiller, Intent: bot.FormIntent, Values: values})
	if err != nil || len(taken.Errors) > 0 {
		t.Fatalf("the dialog is not taken: %v, %v", taken.Errors, err)
	}
	return keptValues(w)
}
