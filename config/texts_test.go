package config

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestLoadTexts(t *testing.T) {
	files := fstest.MapFS{
		"texts/fr.yaml": {Data: []byte("merci: Merci.\nrappel:\n  - Rendez-vous demain à 10h, mairie de Coutances.\n  - 'RDV demain 10h : mairie'\nlong: |\n  Bonjour,\n  à demain.\noui: yes\n")},
		"texts/br.yaml": {Data: []byte("merci: Trugarez.\n")},
		"texts/LISEZ":   {Data: []byte("not read")},
	}
	got, err := loadTexts(files)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string][]string{
		"fr": {
			"merci":  {"Merci."},
			"rappel": {"Rendez-vous demain à 10h, mairie de Coutances.", "RDV demain 10h : mairie"},
			"long":   {"Bonjour,\nà demain."},
			"oui":    {"yes"},
		},
		"br": {"merci": {"Trugarez."}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoadTextsRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"twice":     {"fr", "a: x\nb: y\na: z", "texts/fr.yaml, ligne 3, clé « a » : cette clé existe déjà ligne 1"},
		"empty":     {"fr", "a: x\nb:", "texts/fr.yaml, ligne 2, clé « b » : ce texte est vide"},
		"blank":     {"fr", "a: ' '", "un texte est vide, ligne 1"},
		"no list":   {"fr", "a: []", "ce texte est vide"},
		"blank one": {"fr", "a:\n  - x\n  - ''", "un texte est vide, ligne 3"},
		"nested":    {"fr", "a:\n  b: c", "ligne 1, clé « a » : un texte ou une liste de textes est attendu"},
		"colon":     {"fr", "a:\n  - Vous venez : oui ?", "un texte est attendu ligne 2"},
		"syntax":    {"fr", "a: \"x", "texts/fr.yaml : écriture, ligne 1"},
		"list":      {"fr", "- a", "texts/fr.yaml, ligne 1 : des textes sont attendus"},
		"nothing":   {"fr", "", "texts/fr.yaml, ligne 1 : des textes sont attendus"},
		"language":  {"francais", "a: b", "texts/francais.yaml : le nom du fichier doit être une langue"},
	} {
		_, err := loadTexts(fstest.MapFS{"texts/" + c.file + ".yaml": {Data: []byte(c.text)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEmbeddedTextsAreValid(t *testing.T) {
	got, err := Texts()
	if err != nil {
		t.Fatal(err)
	}
	if len(got["fr"]) == 0 {
		t.Errorf("no French text in %v", got)
	}
}
