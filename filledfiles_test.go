package main

import (
	"strings"
	"testing"

	"passeur/bot"
)

// TestFilledTable: a coordinator has the kept forms of her territories as a table, in words; nobody else has, and what is typed is no formula.
func TestFilledTable(t *testing.T) {
	h := led(t, "50")
	fill := func(n, place string, values map[string]string) bot.Record {
		f := bot.Filled{V: 1, Form: "diagnostic", Number: n, By: "Marie Lecomte", At: noon, Values: values}
		return record(t, "filled", "diagnostic-"+n, f, bot.Record{Owner: "marie", Subject: "marie", Place: place, State: "diagnostic", At: noon})
	}
	commit(t, h.store, bot.Change{Now: noon, Records: []bot.Record{
		fill("1", "50", map[string]string{"lieu": "=cmd|' /C calc'!A0", "visite": "2026-11-24", "internet": "lent", "postes": "3", "calme": "non", "acces": "pied,bus"}),
		fill("2", "14", map[string]string{"lieu": "ailleurs"})}})
	table := func(name string) string {
		t.Helper()
		a, err := h.attach(t.Context(), bot.FilledFiles+name, noon)
		if err != nil {
			t.Fatal(err)
		}
		return string(a.Data)
	}
	text := table("diagnostic/sylvie.csv")
	for _, want := range []string{"Lieu", "Connexion à internet", "Oui, lent", "À pied, du centre, En bus", "Marie Lecomte", "'=cmd"} {
		if !strings.Contains(text, want) {
			t.Errorf("the table does not hold %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "ailleurs") {
		t.Errorf("it holds another territory's:\n%s", text)
	}
	for _, name := range []string{"diagnostic/marie.csv", "rdv/sylvie.csv", "inconnu/sylvie.csv", "diagnostic/.csv"} {
		if text := table(name); text != "" {
			t.Errorf("%s: %s", name, text)
		}
	}
}
