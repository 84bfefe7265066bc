package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"passeur/bot"
	"passeur/intents/search"
)

const someAnswers = "id\tquestion\tréponse\tthèmes\n" +
	"R-1\tComment récupérer une boîte Gmail sans le mot de passe ?\tPar la page de récupération de Google.\tmessagerie\n" +
	"R-2\tL'imprimante n'est plus reconnue\tRefaire la connexion wifi depuis son menu.\téquipement, wifi\n" +
	"R-3\tComment faire une carte grise ?\tSur le site de l'ANTS, avec le code de cession.\n"

// searched runs the search on lines and reads what it says.
func searched(t *testing.T, input string, args ...string) []searchResults {
	t.Helper()
	out, err := passeur(t, input, append([]string{"search"}, args...)...)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var all []searchResults
	for line := range strings.Lines(out) {
		var r searchResults
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.Results == nil {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, r)
	}
	return all
}

func TestSearchCommand(t *testing.T) {
	shut(t, inDatabase(t))
	if got := searched(t, "la carte grise\n"); len(got) != 1 || len(got[0].Results) != 0 {
		t.Errorf("without answers: %+v", got)
	}
	does(t, []string{"import", "answers", put(t, "a.tsv", someAnswers)}, "3 réponse(s) nouvelles ou changées, sur 3")
	long := strings.Repeat("é", longestLine) + " carte grise"
	got := searched(t, "immatriculation d'une voiture\n\n\xff\xfe\x00\r\n"+long+"\nmon imprimente marche plus\nrien de tel ici", "--limit", "2")
	if len(got) != 6 {
		t.Fatalf("%d answers to 6 lines", len(got))
	}
	for line, want := range map[int]string{0: "R-3", 4: "R-2"} {
		if r := got[line].Results; len(r) == 0 || r[0].ID != want || r[0].Score <= 0 || r[0].Score > 1 {
			t.Errorf("line %d: %+v", line, r)
		}
	}
	for _, line := range []int{1, 2, 3, 5} {
		if len(got[line].Results) != 0 {
			t.Errorf("line %d: %+v", line, got[line])
		}
	}
	if got := searched(t, ""); len(got) != 0 {
		t.Errorf("to no line: %+v", got)
	}
	if out, _ := passeur(t, "zzz\n", "search"); out != "{\"results\":[]}\n" {
		t.Errorf("nothing found is %q", out)
	}
	refuses(t, "x\n", []string{"search", "--limit", "0"}, "--limit va de 1")
}

// TestSearchAnswersEachLine: who asks over a pipe has the answer before the next question.
func TestSearchAnswersEachLine(t *testing.T) {
	shut(t, inDatabase(t))
	does(t, []string{"import", "answers", put(t, "a.tsv", someAnswers)})
	in, ask := io.Pipe()
	tell, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(t.Context(), []string{"search"}, in, out, out) }()
	answers := bufio.NewReader(tell)
	for range 3 {
		fmt.Fprintln(ask, "gmail")
		line, err := answers.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		contains(t, line, `{"results":[{"id":"R-1","score":`)
	}
	ask.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestImportSearchLearnStatusNeedADatabase: one and the same sentence, without a file and with an empty one.
func TestImportSearchLearnStatusNeedADatabase(t *testing.T) {
	t.Chdir(t.TempDir())
	answers := put(t, "a.tsv", someAnswers)
	for range 2 {
		for _, args := range [][]string{{"search"}, {"import", "answers", answers}, {"learn", "t.tsv"}, {"status"}} {
			_, err := passeur(t, "x\n", args...)
			if want := "la base passeur.db n'existe pas : est-ce le bon fichier de réglages (-c) ? Si oui, lancez d'abord passeur serve"; err == nil || err.Error() != want {
				t.Errorf("%v: %v, want %s", args, err, want)
			}
		}
		put(t, "passeur.db", "")
	}
}

// TestSearchLeavesOutNothings: a result whose score rounds to 0 is none.
func TestSearchLeavesOutNothings(t *testing.T) {
	got := found([]search.Result{{ID: "a", Score: 0.0006}, {ID: "b", Score: 0.0004}})
	if len(got.Results) != 1 || got.Results[0].ID != "a" {
		t.Errorf("%+v", got)
	}
}

// TestSearchUnderstandEndQuietly: being told to stop while a line is waited for is no fault.
func TestSearchUnderstandEndQuietly(t *testing.T) {
	shut(t, inDatabase(t))
	for _, args := range [][]string{{"search"}, {"understand"}} {
		ctx, cancel := context.WithCancel(t.Context())
		in, ask := io.Pipe()
		tell, out := io.Pipe()
		done := make(chan error, 1)
		go func() { done <- run(ctx, args, in, out, io.Discard) }()
		fmt.Fprintln(ask, "oui")
		if _, err := bufio.NewReader(tell).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("%v: %v", args, err)
		}
		ask.Close()
	}
}

// manyAnswers holds so many answers, which say word.
func manyAnswers(n int, word string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d\tQuestion %d sur %s\tRéponse %d\n", i, i, word, i)
	}
	return b.String()
}

func TestImportAnswers(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "aide")
	obeying(t, h) // beside a running bot
	imports := func(file string, wanted ...string) {
		t.Helper()
		does(t, []string{"import", "answers", put(t, "a.tsv", file)}, wanted...)
	}
	imports(manyAnswers(2100, "Doctolib"), "2100 réponse(s) nouvelles ou changées, sur 2100")
	imports(manyAnswers(2100, "Doctolib"), "Rien n'a changé")
	imports("\ufeffThèmes\tRéponse\tQuestion\tID\r\nm\t\"Avec \"\"elle\"\"\"\tEt la carte ?\t7\r\n", "1 réponse(s) nouvelles ou changées, sur 1")
	imports("latin\tUne r\xe9ponse ?\tOui\n", "1 réponse(s)")
	all, err := bot.AnswersIn(t.Context(), h.store)
	records, err2 := everyRecord(t.Context(), h.store, bot.Query{Kind: "answer"})
	if err != nil || err2 != nil || len(all) != 2101 || len(records) != 2101 {
		t.Fatalf("%d answers, %d records (%v, %v)", len(all), len(records), err, err2)
	}
	for _, a := range all {
		switch {
		case a.ID == "7" && (a.Question != "Et la carte ?" || a.Answer != `Avec "elle"` || len(a.Themes) != 1):
			t.Errorf("changed: %+v", a)
		case a.ID == "latin" && a.Question != "Une réponse ?":
			t.Errorf("Windows-1252: %+v", a)
		}
	}
	found := searched(t, "une carte\n")
	if len(found) != 1 || len(found[0].Results) == 0 || found[0].Results[0].ID != "7" {
		t.Errorf("%+v", found)
	}
}

func TestImportAnswersFaults(t *testing.T) {
	h := inDatabase(t)
	shut(t, h)
	good := "1\tQuestion ?\tRéponse.\n"
	for name, c := range map[string]struct{ file, want string }{
		"empty":     {"# rien\n\nid\tquestion\tanswer\n", "aucune réponse"},
		"columns":   {good + "2;Question;Réponse\n", "ligne 2 : 1 colonne(s)"},
		"too many":  {good + "2\ta\tb\tc\td\n", "ligne 2 : 5 colonne(s)"},
		"no id":     {good + "\tQuestion ?\tRéponse.\n", "ligne 2 : l'id manque"},
		"no answer": {good + "\n2\tQuestion ?\t \n3\t\tx\n", "ligne 3 : la réponse manque"},
		"all lines": {good + "\n2\tQuestion ?\t \n3\t\tx\n", "ligne 4 : la question manque"},
		"twice":     {good + "1\tAutre ?\tRéponse.\n", "ligne 2 : l'id « 1 » est déjà à la ligne 1"},
		"case":      {"id\tquestion\tréponse\n# x\nr-1\tQuestion ?\tRéponse.\n" + "R-1\tAutre ?\tRéponse.\n", "ligne 4 : l'id « R-1 » est déjà à la ligne 3"},
		"no title":  {"r-1\tQuestion ?\tRéponse.\n\n" + "R-1\tAutre ?\tRéponse.\n", "ligne 3 : l'id « R-1 » est déjà à la ligne 1"},
		"columns 2": {"id\tquestion\tréponse\tAnswer\n" + good, "ligne 1 : la colonne « answer » est là deux fois"},
		"themes":    {"id\tquestion\tréponse\tThème\tThèmes\n" + good, "ligne 1 : la colonne « thèmes » est là deux fois"},
		"UTF-16":    {"\xff\xfe1\x00\t\x00", "enregistrez le fichier en UTF-8"},
		"UTF-16 BE": {"\xfe\xff\x00", "enregistrez le fichier en UTF-8"},
		"NUL":       {good + "2\ta\x00\tb\n", "enregistrez le fichier en UTF-8"},
		"ESC":       {good + "2\ta\x1b[31m\tb\n", "ligne 2 : elle contient un caractère de commande (U+001B)"},
		"long":      {"1\t" + strings.Repeat("a", 2001) + "\tb\n", "ligne 1 : la question a 2001 caractères"},
	} {
		t.Run(name, func(t *testing.T) {
			refuses(t, "", []string{"import", "answers", put(t, "x.tsv", c.file)}, c.want, "rien n'a été importé")
		})
	}
	h, _ = testHouse(t, "passeur.db")
	if records, err := h.store.Find(t.Context(), bot.Query{Kind: "answer"}); err != nil || len(records) > 0 {
		t.Errorf("%d records after refusals (%v)", len(records), err)
	}
}

// TestImportAnswersCutShort: an import that did not end is not seen, and the same one again ends it.
func TestImportAnswersCutShort(t *testing.T) {
	h := inDatabase(t)
	before, _ := bot.ReadAnswers(manyAnswers(1000, "avant"))
	if n, err := h.bot.ImportAnswers(t.Context(), before, noon); err != nil || n != 1000 {
		t.Fatal(n, err)
	}
	after, _ := bot.ReadAnswers(manyAnswers(1900, "après"))
	whole := h.bot.Store
	for commits := range 4 {
		h.bot.Store = &dyingStore{Store: whole, commits: commits}
		if _, err := h.bot.ImportAnswers(t.Context(), after, noon); err == nil {
			t.Fatalf("not cut short after %d commits", commits)
		}
		h.bot.Store = whole
		if all, err := bot.AnswersIn(t.Context(), h.store); err != nil || len(all) != 1000 || !strings.HasSuffix(all[0].Question, "avant") {
			t.Fatalf("after %d commits: %d answers (%v)", commits, len(all), err)
		}
	}
	if err := h.bot.SweepImports(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	if records, err := everyRecord(t.Context(), h.store, bot.Query{Kind: "answer"}); err != nil || len(records) != 1000 {
		t.Errorf("%d records after the sweep (%v)", len(records), err)
	}
	if n, err := h.bot.ImportAnswers(t.Context(), after, noon); err != nil || n != 1900 {
		t.Fatal(n, err)
	}
	if all, err := bot.AnswersIn(t.Context(), h.store); err != nil || len(all) != 1900 || !strings.HasSuffix(all[0].Question, "après") {
		t.Errorf("%d answers (%v)", len(all), err)
	}
}
