package main

import (
	"fmt"
	"strings"
	"testing"

	"passeur/bot"
)

const someResources = "Id;Titre;Résumé;Lien;Thématiques;Remarque\n" +
	"12;Créer une boîte mail;Un pas à pas illustré.;https://exemple.fr/bases/12;mails | débuter;x\n" +
	"13;Faire une carte grise;;https://exemple.fr/bases/13;;\n"

// known are the answers that a house holds, by their ids.
func known(t *testing.T, h *house) map[string]bot.KnownAnswer {
	t.Helper()
	all, err := bot.AnswersIn(t.Context(), h.store)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]bot.KnownAnswer{}
	for _, a := range all {
		byID[a.ID] = a
	}
	return byID
}

// TestImportResources: beside a running bot, what is new or changed takes its place, and the other answers stay.
func TestImportResources(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "aide")
	obeying(t, h)
	does(t, []string{"import", "answers", put(t, "a.tsv", someAnswers)})
	imports := func(file string, wanted ...string) {
		t.Helper()
		does(t, []string{"import", "resources", put(t, "r.csv", file)}, wanted...)
	}
	imports(someResources, "2 ressource(s) nouvelles ou changées, sur 2")
	imports(someResources, "Rien n'a changé : ces 2 ressource(s)")
	imports(strings.Replace(someResources, "/bases/13", "/bases/treize", 1), "1 ressource(s) nouvelles ou changées, sur 2")
	all := known(t, h)
	want := bot.KnownAnswer{V: 1, ID: "labase/12", Question: "Créer une boîte mail", Answer: "Un pas à pas illustré.", Themes: []string{"mails", "débuter"},
		Link: "https://exemple.fr/bases/12", Source: "La Base"}
	if got := fmt.Sprint(all["labase/12"]); got != fmt.Sprint(want) {
		t.Errorf("got %s, want %v", got, want)
	}
	if a := all["labase/13"]; a.Answer != "Faire une carte grise" || a.Link != "https://exemple.fr/bases/treize" || len(a.Themes) > 0 {
		t.Errorf("without a description, its link changed: %+v", a)
	}
	if a := all["R-3"]; len(all) != 5 || a.Question != "Comment faire une carte grise ?" {
		t.Errorf("%d answers, %+v", len(all), a)
	}
	if found := searched(t, "créer sa boite mail\n"); len(found[0].Results) == 0 || found[0].Results[0].ID != "labase/12" {
		t.Errorf("%+v", found)
	}
}

// TestImportResourcesOfAnyFile: columns in any order under any of their titles, commas or tabs, Windows-1252, a workbook; without an id one is made of the link.
func TestImportResourcesOfAnyFile(t *testing.T) {
	text := func(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }
	row := func(cells ...string) string {
		return "<row>" + text(strings.Join(cells, `</t></is></c><c t="inlineStr"><is><t>`)) + "</row>"
	}
	workbook := row("URL", "Nom", "Contenu", "Tags") + row("https://exemple.fr/1", "Scanner à la maison", "Avec un téléphone.", "matériel, débuter")
	csv := func(text string) func(*testing.T) string {
		return func(t *testing.T) string { return put(t, "r.csv", text) }
	}
	for name, file := range map[string]func(*testing.T) string{
		"commas":   csv("Adresse,title,description,thèmes\nhttps://exemple.fr/1,Scanner à la maison,Avec un téléphone.,\"matériel, débuter\"\n"),
		"tabs":     csv("Les ressources de 2026\nNom\tThématique\tContenu\tLien\nScanner à la maison\tmatériel;débuter\tAvec un téléphone.\thttps://exemple.fr/1\n"),
		"latin":    csv("titre;lien;r\xe9sum\xe9;th\xe8mes\nScanner \xe0 la maison;https://exemple.fr/1;Avec un t\xe9l\xe9phone.;mat\xe9riel, d\xe9buter\n"),
		"workbook": func(t *testing.T) string { return putWorkbook(t, "r.xlsx", workbook) },
	} {
		t.Run(name, func(t *testing.T) {
			shut(t, inDatabase(t))
			does(t, []string{"import", "resources", "--source", " Les  Bases 50", file(t)}, "1 ressource(s)")
			h, _ := testHouse(t, "passeur.db")
			for id, a := range known(t, h) {
				if !strings.HasPrefix(id, "lesbases50/") || len(id) != len("lesbases50/")+16 || a.Question != "Scanner à la maison" || a.Answer != "Avec un téléphone." ||
					strings.Join(a.Themes, "+") != "matériel+débuter" || a.Link != "https://exemple.fr/1" || a.Source != "Les Bases 50" {
					t.Errorf("%s: %+v", id, a)
				}
			}
		})
	}
}

func TestImportResourcesFaults(t *testing.T) {
	shut(t, inDatabase(t))
	const good = "id;titre;lien;description\n1;Un titre;https://exemple.fr/1;x\n"
	for name, c := range map[string]struct{ file, want string }{
		"empty":      {"titre;lien\n", "ce fichier ne contient aucune ressource, rien n'a été importé"},
		"columns":    {"nom;site\nx;https://exemple.fr\n", "il manque la colonne lien"},
		"two titles": {"titre;titre;lien\na;b;https://exemple.fr\n", "deux colonnes peuvent être titre"},
		"no title":   {good + "2;;https://exemple.fr/2;x\n", "ligne 3, colonne B (titre) : vide"},
		"no link":    {good + "2;Un titre;;x\n", "ligne 3, colonne C (lien) : vide"},
		"all faults": {good + "2;;;x\n3;Un titre;;x\n", "ligne 4, colonne C (lien) : vide"},
		"both":       {good + "2;;;x\n", "ligne 3, colonne B (titre) : vide : donnez un titre\n✗ ligne 3, colonne C (lien) : vide"},
		"no scheme":  {good + "2;Un titre;www.exemple.fr/2;x\n", "ligne 3, colonne C (lien) : ce n'est pas l'adresse d'une page"},
		"scheme":     {good + "2;Un titre;javascript:alert(1);x\n", "ce n'est pas l'adresse d'une page"},
		"ftp":        {good + "2;Un titre;ftp://exemple.fr/2;x\n", "ce n'est pas l'adresse d'une page"},
		"no host":    {good + "2;Un titre;https:///2;x\n", "ce n'est pas l'adresse d'une page"},
		"port alone": {good + "2;Un titre;https://:80/2;x\n", "ce n'est pas l'adresse d'une page"},
		"two links":  {good + "2;Un titre;https://exemple.fr/2 https://exemple.fr/3;x\n", "il y a plusieurs mots"},
		"brackets":   {good + "2;Un titre;https://exemple.fr/[x](https://exemple.org);x\n", "cette adresse contient un signe"},
		"user":       {good + "2;Un titre;https://caf.fr@exemple.org/;x\n", "cette adresse contient un signe"},
		"nonsense":   {good + "2;Un titre;https://exemple.fr/%zz;x\n", "ce n'est pas l'adresse d'une page"},
		"id twice":   {good + "R;Un titre;https://exemple.fr/2;x\nr;Un titre;https://exemple.fr/3;x\n", "ligne 4, colonne A (id) : l'id « r » est déjà à la ligne 3"},
		"link twice": {"titre;lien\nUn titre;https://exemple.fr/1\n\nUn autre;https://exemple.fr/1\n", "ligne 4, colonne B (lien) : ce lien est déjà à la ligne 2"},
		"twice, bad": {good + "2;;https://exemple.fr/2;x\n2;Un titre;https://exemple.fr/3;x\n", "ligne 4, colonne A (id) : l'id « 2 » est déjà à la ligne 3"},
		"long title": {good + "2;" + strings.Repeat("é", 2001) + ";https://exemple.fr/2;x\n", "ligne 3, colonne B (titre) : 2001 caractères, plus de 2000 : raccourcissez"},
		"long link":  {good + "2;x;https://exemple.fr/" + strings.Repeat("a", 2000) + ";x\n", "ligne 3, colonne C (lien) : 2019 caractères, plus de 2000"},
		"long text":  {good + "2;x;https://exemple.fr/2;" + strings.Repeat("é", 10_001) + "\n", "ligne 3, colonne D (description) : 10001 caractères, plus de 10000"},
		"long id":    {good + strings.Repeat("2", 94) + ";x;https://exemple.fr/2;x\n", "ligne 3, colonne A (id) : 94 caractères, plus de 93"},
		"unreadable": {good + "2;\"x;https://exemple.fr/2;x\n", "ligne 3 : "},
		"too many":   {"titre;lien\n" + strings.Repeat("x;https://exemple.fr/1\n", bot.MostAnswers+1), "plus de 50000 ressources"},
	} {
		t.Run(name, func(t *testing.T) {
			refuses(t, "", []string{"import", "resources", put(t, "r.csv", c.file)}, c.want, "rien n'a été importé")
		})
	}
	fine := put(t, "r.csv", good)
	for _, source := range []string{"", " ", "…", strings.Repeat("é", bot.LongestSource+1), "La\x1b[31m Base"} {
		refuses(t, "", []string{"import", "resources", "--source", source, fine}, "--source : donnez un nom")
	}
	refuses(t, "", []string{"import", "resources", "absent.csv"}, "absent.csv", "vérifiez le chemin")
	h, _ := testHouse(t, "passeur.db")
	if all := known(t, h); len(all) > 0 {
		t.Errorf("after refusals: %+v", all)
	}
}

// TestSameLinkTwice: two resources may lead to the same page when each has an id of its own.
func TestSameLinkTwice(t *testing.T) {
	h := inDatabase(t)
	obeying(t, h)
	does(t, []string{"import", "resources", put(t, "r.csv", "id;titre;lien\n1;Ouvrir un compte;https://exemple.fr/1\n2;Fermer un compte;https://exemple.fr/1\n")}, "2 ressource(s)")
	if all := known(t, h); len(all) != 2 {
		t.Errorf("%+v", all)
	}
}

// TestResourcesOfALargeFile: what is too much for an order is refused before it is asked.
func TestResourcesOfALargeFile(t *testing.T) {
	shut(t, inDatabase(t))
	var b strings.Builder
	b.WriteString("titre;lien;description\n")
	for n := 0; b.Len() < longestAnswers+1<<20; n++ {
		fmt.Fprintf(&b, "x;https://exemple.fr/%d;%s\n", n, strings.Repeat("a", 9_000))
	}
	refuses(t, "", []string{"import", "resources", put(t, "r.csv", b.String())}, "30 Mio de texte", "rien n'a été importé")
}
