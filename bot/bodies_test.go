package bot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestEveryBodyEverWritten opens one body of each version of each kind, and writes it again without losing a value.
func TestEveryBodyEverWritten(t *testing.T) {
	files, _ := filepath.Glob("testdata/bodies/*.json")
	seen := map[string]bool{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(filepath.Base(file), ".")
		seen[kind] = true
		body := Kinds[kind].New()
		if err := decode(Record{Kind: kind, Body: raw}, body); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		again, err := encode(body, raw)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		var was, is map[string]any
		if json.Unmarshal(raw, &was) != nil || json.Unmarshal(again, &is) != nil {
			t.Fatalf("%s: not JSON: %s", file, again)
		}
		if !holds(is, was) {
			t.Errorf("%s: written again it is %s", file, again)
		}
	}
	for kind := range Kinds {
		if !seen[kind] {
			t.Errorf("no body of kind %q in testdata/bodies", kind)
		}
	}
}

// holds tells whether all that was there is there.
func holds(is, was any) bool {
	before, ok := was.(map[string]any)
	if !ok {
		return reflect.DeepEqual(is, was)
	}
	now, _ := is.(map[string]any)
	for field, value := range before {
		if _, there := now[field]; !there || !holds(now[field], value) {
			return false
		}
	}
	return true
}

func TestUnknownFieldsSurvive(t *testing.T) {
	was := []byte(`{"v":2,"name":"Jeanne","addresses":["sms:+33639981234"],"langue":"ar","later":{"a":[1,2]}}`)
	p := new(Person)
	if err := decode(Record{Body: was}, p); err != nil {
		t.Fatal(err)
	}
	p.Name = "Jeanne D."
	got, err := encode(p, was)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"v":2,"name":"Jeanne D.","addresses":["sms:+33639981234"],"langue":"ar","later":{"a":[1,2]}}`
	if string(got) != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestFieldsOfAPartAreKnown: a field that stands in an embedded struct is the body's own. Once emptied it is gone, not kept from the old body.
func TestFieldsOfAPartAreKnown(t *testing.T) {
	was := []byte(`{"v":1,"topic":"accord","act":"annuler","last":"r1","later":true}`)
	c := new(Chat)
	if err := decode(Record{Body: was}, c); err != nil {
		t.Fatal(err)
	}
	if c.Topic != "accord" || c.Act != "annuler" {
		t.Errorf("read %+v", c.Asking)
	}
	c.close()
	got, err := encode(c, was)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"v":1,"last":"r1","later":true}`; string(got) != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestShortName(t *testing.T) {
	for name, want := range map[string]string{"Jeanne": "Jeanne", "Jeanne Dupont": "Jeanne D.", "Mme Roger": "Mme Roger", "  Élodie  durand martin ": "Élodie D.", "": "",
		"ALI": "Ali", "jeanne": "Jeanne", "JEAN-PIERRE": "Jean-Pierre", "jean-Pierre": "Jean-Pierre", "N'GOLO": "N'Golo", "n’golo kanté": "N’Golo K.", "McDonald": "McDonald", "ÉLODIE": "Élodie",
		"Marie Claude": "Marie Claude", "JEAN PIERRE": "Jean Pierre", "marie-thérèse": "Marie-Thérèse", "Marie Thérèse dupont": "Marie Thérèse D.", "Marie Martin": "Marie M.",
		"Jean Bernard": "Jean B.", "mme LE GOFF": "Mme Le Goff", "Mme de La Tour": "Mme de La Tour", "m. roger": "M. Roger", "Jeanne D.": "Jeanne D.", "محمد": "محمد", "-": "-"} {
		if got := shortName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestListName: in a column of first names titles fall, and two people are none.
func TestListName(t *testing.T) {
	for text, want := range map[string]string{"ALI": "Ali", "mr ali": "Ali", "M. Ali": "Ali", "MME Marie Claude": "Marie Claude", "Mlle jeanne dupont": "Jeanne D.", "Jean PIERRE": "Jean Pierre",
		"Élodie et Paul": "!plusieurs-prenoms", "Élodie/Paul": "!plusieurs-prenoms", "M. et Mme Dupont": "!plusieurs-prenoms", "ali & zoé": "!plusieurs-prenoms", "Li Ou": "Li O.",
		"Mme": "!prenom", "": "!prenom-vide", "06": "!prenom"} {
		got, fault := readListName(text)
		if fault != "" {
			got = "!" + string(fault)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
