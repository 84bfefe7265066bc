package bot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryBodyEverWritten opens one body of each version of each kind, and writes it again without losing a field.
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
		for field := range was {
			if _, kept := is[field]; !kept {
				t.Errorf("%s: the field %q was lost", file, field)
			}
		}
	}
	for kind := range Kinds {
		if !seen[kind] {
			t.Errorf("no body of kind %q in testdata/bodies", kind)
		}
	}
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

func TestShortName(t *testing.T) {
	for name, want := range map[string]string{"Jeanne": "Jeanne", "Jeanne Dupont": "Jeanne D.", "Mme Roger": "Mme Roger", "  Élodie  durand martin ": "Élodie D.", "": ""} {
		if got := shortName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
