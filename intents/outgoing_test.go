package intents

import (
	"strings"
	"testing"
)

func TestReadOutgoing(t *testing.T) {
	for text, want := range map[string]Outgoing{
		"répondre oui, à vendredi":                     {Words: "oui, à vendredi"},
		"  Répondre   oui":                             {Words: "oui"},
		"REPONDS d'accord\nà demain":                   {Words: "d'accord\nà demain"},
		"répondre":                                     {},
		"répondre :":                                   {},
		"répondre : oui":                               {Words: "oui"},
		"répondre à Jeanne : oui":                      {Words: "à Jeanne : oui", To: "Jeanne", Rest: "oui"},
		"répondre Jeanne D.: rendez-vous à 10:30":      {Words: "Jeanne D.: rendez-vous à 10:30", To: "Jeanne D.", Rest: "rendez-vous à 10:30"},
		"écrire à Jeanne : d'accord":                   {Words: "à Jeanne : d'accord", To: "Jeanne", Rest: "d'accord"},
		"répondre À : oui":                             {Words: "À : oui", To: "À", Rest: "oui"},
		"répondre Attention : apportez vos papiers":    {Words: "Attention : apportez vos papiers", To: "Attention", Rest: "apportez vos papiers"},
		"répondre bonjour\nrendez-vous à 10 : 30":      {Words: "bonjour\nrendez-vous à 10 : 30"},
		"réponds-lui oui":                              {Words: "oui"},
		"répondre " + strings.Repeat("a", 50) + " : b": {Words: strings.Repeat("a", 50) + " : b"},
	} {
		if got, ok := ReadOutgoing(text); !ok || got != want {
			t.Errorf("%q is read as %+v (%v), want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "oui", "répond", "répondu oui", "écrire un mail", "je vais répondre oui", "\u200brépondre oui", "réponse : oui", ": répondre"} {
		if got, ok := ReadOutgoing(text); ok {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func TestLeading(t *testing.T) {
	for _, c := range []struct {
		words    string
		n        int
		to, rest string
		ok       bool
	}{
		{"à Jeanne apportez vos papiers", 1, "Jeanne", "apportez vos papiers", true},
		{"Jeanne, à demain", 1, "Jeanne", "à demain", true},
		{"Jeanne D.  oui\nnon", 2, "Jeanne D.", "oui\nnon", true},
		{"Jeanne", 1, "Jeanne", "", true},
		{"Jeanne", 2, "", "", false},
		{"", 1, "", "", false},
	} {
		to, rest, ok := Outgoing{Words: c.words}.Leading(c.n)
		if to != c.to || rest != c.rest || ok != c.ok {
			t.Errorf("%q, %d: %q, %q, %v", c.words, c.n, to, rest, ok)
		}
	}
}

func TestAgendaOf(t *testing.T) {
	for text, want := range map[string]string{"agenda de Marie Lecomte": "Marie Lecomte", " Agenda d'Ahmed": "Ahmed", "agenda d’Élise": "Élise", "agenda du Goff": "Goff",
		"agenda": "", "agenda de": "", "agenda d": "", "mon agenda de la semaine": "", "l'agenda de Marie": "", "": ""} {
		if got, ok := ReadAgendaOf(text); got != want && ok || ok != (want != "") {
			t.Errorf("%q is read as %q (%v), want %q", text, got, ok, want)
		}
	}
}

// FuzzReadOutgoing: the words are a piece of the text, never made up.
func FuzzReadOutgoing(f *testing.F) {
	f.Add("répondre à Jeanne : oui")
	f.Fuzz(func(t *testing.T, text string) {
		if name, ok := ReadAgendaOf(text); ok && !strings.Contains(text, name) {
			t.Errorf("%q does not hold %q", text, name)
		}
		out, _ := ReadOutgoing(text)
		to, rest, _ := out.Leading(2)
		for _, piece := range []string{out.Words, out.To, out.Rest, to, rest} {
			if !strings.Contains(text, piece) {
				t.Errorf("%q does not hold %q", text, piece)
			}
		}
	})
}

// TestCalendarIsACommand: also in the thread of somebody, where only exact words are.
func TestCalendarIsACommand(t *testing.T) {
	for text, want := range map[string]bool{"mon calendrier": true, " Nouveau lien calendrier, svp": true, "mon calendrier est plein": false, "nouveau numéro": false, "": false} {
		if Command(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
