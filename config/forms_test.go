package config

import (
	"strings"
	"testing"
	"testing/fstest"

	"passeur/bot"
)

const goodForm = `# Un essai
title: Essai
submit: Envoyer
fields:
  - name: nom
    type: line
    label: {fr: Nom, en: Name}
    question: Quel nom ?
    most: 40
  - name: comment
    type: choices
    label: Comment
    question: Comment ?
    optional: true
    options:
      courrier: Par courrier
      courriel: {fr: Par mail, en: By mail}
`

func formFiles(text string) fstest.MapFS {
	return fstest.MapFS{"forms/essai.yaml": {Data: []byte(text)}}
}

func TestForms(t *testing.T) {
	forms, texts, err := loadForms(formFiles(goodForm))
	if err != nil {
		t.Fatal(err)
	}
	f := forms["essai"]
	if len(f.Fields) != 2 || f.Fields[0].Most != 40 || f.Fields[1].Type != bot.SomeOf || !f.Fields[1].Optional || strings.Join(f.Fields[1].Options, " ") != "courrier courriel" {
		t.Errorf("read %+v", f)
	}
	for key, want := range map[string]string{"fr form.essai.title": "Essai", "fr form.essai.nom": "Nom", "en form.essai.nom": "Name", "fr form.essai.nom.question": "Quel nom ?",
		"fr form.essai.comment.courriel": "Par mail", "en form.essai.comment.courriel": "By mail"} {
		language, key, _ := strings.Cut(key, " ")
		if got := texts[language][key]; len(got) != 1 || got[0] != want {
			t.Errorf("%s %s is %q, want %q", language, key, got, want)
		}
	}
}

// TestFormFaults: each fault is told with its file, its line and how to mend it.
func TestFormFaults(t *testing.T) {
	change := func(old, new string) string { return strings.Replace(goodForm, old, new, 1) }
	for name, c := range map[string]struct {
		text string
		says []string
	}{
		"unknown key":         {change("    most: 40", "    moste: 40"), []string{"ligne 9", "« moste » n'est pas connu", "most"}},
		"unknown type":        {change("type: line", "type: ligne"), []string{"ligne 6", "« ligne » n'existe pas", "line, paragraph"}},
		"no question":         {change("    question: Quel nom ?\n", ""), []string{"ligne 5", "il manque « question »"}},
		"the same field":      {change("name: comment", "name: nom"), []string{"« nom » existe déjà ligne 5"}},
		"a name with an é":    {change("name: nom", "name: prénom"), []string{"ligne 5", "sans accent"}},
		"options of a line":   {change("    most: 40", "    options: {a: A, b: B}"), []string{"ligne 9", "n'a pas d'options"}},
		"one option":          {change("      courriel: {fr: Par mail, en: By mail}\n", ""), []string{"deux options"}},
		"no options":          {goodForm[:strings.Index(goodForm, "    options:")], []string{"ligne 10", "il lui manque « options »"}},
		"a reserved option":   {change("courrier: Par", "hint: Par"), []string{"ligne 16", "« hint »"}},
		"a number that is no": {change("most: 40", "most: beaucoup"), []string{"ligne 9", "plus grand que zéro"}},
		"a yes that is none":  {change("optional: true", "optional: oui"), []string{"ligne 14", "« oui »"}},
		"a brace":             {change("Quel nom ?", "\"{nom} ?\""), []string{"ligne 8", "accolade"}},
		"no fields":           {"title: Essai\nsubmit: Voir\nfields: []\n", []string{"ligne 3", "1 à 25 champs"}},
		"a list":              {"- a\n", []string{"ligne 1", "un formulaire est attendu"}},
		"not YAML":            {"title: [\n", []string{"YAML"}},
		"no French":           {change("{fr: Nom, en: Name}", "{en: Name}"), []string{"ligne 7", "texte français"}},
		"a long language":     {change("{fr: Nom, en: Name}", "{francais: Nom}"), []string{"ligne 7", "deux lettres"}},
	} {
		_, _, err := loadForms(formFiles(c.text))
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		for _, says := range append(c.says, "forms/essai.yaml") {
			if !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v\ndoes not say %q", name, err, says)
			}
		}
	}
	if _, _, err := loadForms(fstest.MapFS{"forms/Mon essai.yaml": {Data: []byte(goodForm)}}); err == nil || !strings.Contains(err.Error(), "nom du fichier") {
		t.Errorf("a file of that name: %v", err)
	}
}

// FuzzForms: no file panics, and what is taken can be asked.
func FuzzForms(f *testing.F) {
	f.Add(goodForm)
	f.Add("title: {}\nfields:\n  - name:\n")
	f.Fuzz(func(t *testing.T, text string) {
		forms, texts, err := loadForms(formFiles(text))
		if err != nil {
			return
		}
		for _, field := range forms["essai"].Fields {
			if field.Name == "" || len(texts) == 0 || field.Type.HasOptions() != (len(field.Options) > 0) {
				t.Errorf("taken: %+v", field)
			}
		}
	})
}
