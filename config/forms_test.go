package config

import (
	"reflect"
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
		"unknown key":              {change("    most: 40", "    moste: 40"), []string{"ligne 9", "« moste » n'est pas connu", "most"}},
		"unknown type":             {change("type: line", "type: ligne"), []string{"ligne 6", "« ligne » n'existe pas", "line, paragraph"}},
		"no question":              {change("    question: Quel nom ?\n", ""), []string{"ligne 5", "il manque « question »"}},
		"the same field":           {change("name: comment", "name: nom"), []string{"« nom » existe déjà ligne 5"}},
		"a name with an é":         {change("name: nom", "name: prénom"), []string{"ligne 5", "sans accent"}},
		"options of a line":        {change("    most: 40", "    options: {a: A, b: B}"), []string{"ligne 9", "n'a pas d'options"}},
		"one option":               {change("      courriel: {fr: Par mail, en: By mail}\n", ""), []string{"deux options"}},
		"no options":               {goodForm[:strings.Index(goodForm, "    options:")], []string{"ligne 10", "il lui manque « options »"}},
		"a reserved option":        {change("courrier: Par", "hint: Par"), []string{"ligne 16", "« hint »"}},
		"a number that is no":      {change("most: 40", "most: beaucoup"), []string{"ligne 9", "plus grand que zéro"}},
		"a yes that is none":       {change("optional: true", "optional: oui"), []string{"ligne 14", "« oui »"}},
		"a brace":                  {change("Quel nom ?", "\"{nom} ?\""), []string{"ligne 8", "accolade"}},
		"no fields":                {"title: Essai\nsubmit: Voir\nfields: []\n", []string{"ligne 3", "1 à 25 champs"}},
		"a list":                   {"- a\n", []string{"ligne 1", "un formulaire est attendu"}},
		"not YAML":                 {"title: [\n", []string{"YAML"}},
		"no French":                {change("{fr: Nom, en: Name}", "{en: Name}"), []string{"ligne 7", "texte français"}},
		"a long language":          {change("{fr: Nom, en: Name}", "{francais: Nom}"), []string{"ligne 7", "deux lettres"}},
		"a condition of nothing":   {goodForm + "    if: {lieu: [a]}\n", []string{"ligne 18", "« lieu », qui n'est pas un champ au-dessus"}},
		"a condition that is none": {goodForm + "    if: oui\n", []string{"ligne 18", "une condition est attendue"}},
		"a condition of no value":  {goodForm + "  - {name: rue, type: line, label: Rue, question: Quelle rue ?, unless: {comment: [pigeon]}}\n", []string{"ligne 18", "« pigeon » n'est pas une valeur", "courrier, courriel"}},
		"words of no option":       {goodForm + "    keywords: {pigeon: [oiseau]}\n", []string{"ligne 18", "« pigeon » n'est pas une option"}},
		"words of a line":          {change("    most: 40", "    keywords: {a: [b]}"), []string{"ligne 9", "des mots par option"}},
		"a check of a line":        {goodForm + "checks:\n  - {of: [nom], some: true, says: Trop}\n", []string{"ligne 19", "« nom » n'est pas un champ de type number"}},
		"a check of nothing":       {goodForm + "checks:\n  - {of: [nom], says: Trop}\n", []string{"« most: » et un champ, ou « some: true »"}},
		"a past line":              {change("    most: 40", "    past: true"), []string{"ligne 9", "« past » est pour un champ de type date"}},
		"more that is needed":      {strings.Replace(goodForm, "    most: 40\n", "    more: true\n", 1), []string{"ligne 9", "optional: true"}},
		"kept in no known way":     {"keep: dossier\n" + goodForm, []string{"ligne 1", "table, activity, tally"}},
		"a tally of more than one": {"keep: tally\n" + goodForm, []string{"« keep: tally » est pour une question seule"}},
		"words that open a use":    {"opens: [essai]\n" + goodForm, []string{"ligne 1", "« keep: table »"}},
		"a version that is none":   {"version: deux\n" + goodForm, []string{"ligne 1", "plus grand que zéro"}},
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

// TestFormConditions reads when a field is asked, the words that choose an option, and what must hold in the end.
func TestFormConditions(t *testing.T) {
	forms, texts, err := loadForms(formFiles(goodForm + `    keywords: {courriel: [mail, "messagerie*"]}
  - {name: rue, type: line, label: Rue, question: Quelle rue ?, if: {comment: courrier}}
  - {name: femmes, type: number, label: Femmes, question: Combien de femmes ?, unless: {comment: [courriel]}}
  - {name: tous, type: number, label: Tous, question: Combien en tout ?}
checks:
  - {of: femmes, most: tous, says: Il y a plus de femmes que de personnes.}
  - {of: [femmes, tous], some: true, says: Il faut au moins une personne.}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := bot.Form{ID: "essai", Version: 1, Fields: []bot.Field{{Name: "nom", Type: bot.Line, Most: 40},
		{Name: "comment", Type: bot.SomeOf, Optional: true, Options: []string{"courrier", "courriel"}, Keywords: map[string][]string{"courriel": {"mail", "messagerie*"}}},
		{Name: "rue", Type: bot.Line, If: []bot.Condition{{Field: "comment", Is: []string{"courrier"}}}},
		{Name: "femmes", Type: bot.Number, If: []bot.Condition{{Field: "comment", Is: []string{"courriel"}, Not: true}}}, {Name: "tous", Type: bot.Number}},
		Checks: []bot.Check{{Of: []string{"femmes"}, Most: "tous"}, {Of: []string{"femmes", "tous"}, Some: true}}}
	if got := forms["essai"]; !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v\nwant %+v", got, want)
	}
	if got := texts["fr"]["form.essai.check.2"]; len(got) != 1 || got[0] != "Il faut au moins une personne." {
		t.Errorf("the sentence of a check is %q", got)
	}
}

// TestFormVersions: a past version stays beside the present one, and says which it is.
func TestFormVersions(t *testing.T) {
	files := func(past, present string) fstest.MapFS {
		return fstest.MapFS{"forms/essai@1.yaml": {Data: []byte(past)}, "forms/essai.yaml": {Data: []byte(present)}}
	}
	forms, texts, err := loadForms(files(goodForm, "version: 2\n"+strings.Replace(goodForm, "Quel nom ?", "Quel est son nom ?", 1)))
	if err != nil || forms["essai"].Version != 2 || forms["essai@1"].Version != 1 || forms["essai@1"].Ref() != "essai" || forms["essai"].Ref() != "essai@2" {
		t.Fatalf("%+v, %v", forms, err)
	}
	if texts["fr"]["form.essai@1.nom.question"][0] != "Quel nom ?" || texts["fr"]["form.essai.nom.question"][0] != "Quel est son nom ?" {
		t.Error("each version has its texts")
	}
	for name, wrong := range map[string]fstest.MapFS{"the same version": files(goodForm, goodForm), "another version": files("version: 3\n"+goodForm, "version: 4\n"+goodForm),
		"no present one": {"forms/essai@1.yaml": {Data: []byte(goodForm)}}} {
		if _, _, err := loadForms(wrong); err == nil || !strings.Contains(err.Error(), "forms/essai@1.yaml : une version passée") {
			t.Errorf("%s: %v", name, err)
		}
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
