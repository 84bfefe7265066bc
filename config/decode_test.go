package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type described struct {
	Name  string
	URL   string
	Max   int
	Price float64
	Ready bool
	Needs []string
	Send  struct {
		Headers map[string]string
		JSON    any
	}
	Answers []struct{ Status, Is string }
}

func TestDecode(t *testing.T) {
	text := "name: essai\nurl: https://x.example\nmax: 8\nprice: 0,05\nready: true\nneeds: username\nsend:\n  headers: {api-key: \"{password}\"}\n" +
		"  json:\n    to: [\"{to}\"]\n    n: 1\n    flag: true\n    quoted: \"1\"\n    none:\nanswers:\n  - {status: 2xx, is: sent}\n"
	var got described
	if err := Decode("essai.yaml", []byte(text), &got); err != nil {
		t.Fatal(err)
	}
	want := described{Name: "essai", URL: "https://x.example", Max: 8, Price: 0.05, Ready: true, Needs: []string{"username"}}
	want.Send.Headers = map[string]string{"api-key": "{password}"}
	want.Send.JSON = map[string]any{"to": []any{"{to}"}, "n": 1.0, "flag": true, "quoted": "1", "none": nil}
	want.Answers = []struct{ Status, Is string }{{"2xx", "sent"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"nome: x":                            "essai.yaml : clé inconnue « nome », ligne 1, colonne 1 : les noms possibles ici sont name, url, max",
		"name: x\nname: y":                   "name, ligne 2, colonne 1 : cette clé est donnée deux fois",
		"max: huit":                          "max, ligne 1, colonne 6 : « huit » n'est pas un nombre entier",
		"send: x":                            "send, ligne 1, colonne 7 : des clés sont attendues : headers, json",
		"send: {headers: [a]}":               "send.headers, ligne 1, colonne",
		"answers:\n  - status: x\n    si: y": "clé inconnue « si », ligne 3",
		"needs: {a: b}":                      "une liste est attendue",
		"name: [a]":                          "name, ligne 1",
		"- a":                                "écriture, ligne 1, colonne 1 : des clés sont attendues",
		"name: \"x":                          "essai.yaml : écriture, ligne 1",
	} {
		var into described
		if err := Decode("essai.yaml", []byte(text), &into); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("name: essai\nsend: {json: {a: [1, {b: true}]}}\nanswers: [{status: 2xx}]")
	f.Fuzz(func(t *testing.T, text string) {
		var into described
		_ = Decode("essai.yaml", []byte(text), &into)
	})
}
