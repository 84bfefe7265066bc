package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/papers/tables"
)

// someCards are cards of every sort: one that an author typed with care, one that expired and that a spreadsheet would run, one that was withdrawn.
func someCards(t *testing.T, h *house) {
	t.Helper()
	made := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	card := func(id string, c bot.Card) bot.Record {
		c.V, c.Made, c.Verified, c.Until = 1, made, made, made.AddDate(1, 0, 0)
		return record(t, "card", id, c, bot.Record{Owner: c.Author, State: c.State, At: made})
	}
	commit(t, h.store, bot.Change{Now: made, Records: []bot.Record{
		card("10", bot.Card{Question: "Comment récupérer\nune boîte mail ?", Answer: "1. Ouvrir https://exemple.fr/mot_de_passe\n2. Cliquer sur « Oublié »\n\nSinon : Paramètres > Compte.",
			Themes: []string{"email", "securite_numerique"}, Author: "u-marie", Name: "Marie Lecomte", State: "live"}),
		card("9", bot.Card{Question: "=HYPERLINK(\"https://x.example\") ?", Answer: "# Non\n---\n<b>jamais</b> [ici](https://x.example) | *vrai*", State: "expired"}),
		card("2", bot.Card{State: "withdrawn"}),
	}})
}

// TestCardsAsATable: all cards but those that were withdrawn, by their numbers; nothing in it is run by a spreadsheet.
func TestCardsAsATable(t *testing.T) {
	h := inDatabase(t)
	someCards(t, h)
	got, err := h.attach(t.Context(), bot.CardFiles+"fiches.csv", noon)
	if err != nil || got.Name != "fiches.csv" || got.Type != "text/csv" {
		t.Fatalf("%q, %q, %v", got.Name, got.Type, err)
	}
	want := "\ufefffiche;question;réponse;thèmes;auteur;vérifiée le;expire le;à vérifier\r\n" +
		"9;\"'=HYPERLINK(\"\"https://x.example\"\") ?\";\"# Non\r\n---\r\n<b>jamais</b> [ici](https://x.example) | *vrai*\";;;05/10/2026;05/10/2027;oui\r\n" +
		"10;\"Comment récupérer\r\nune boîte mail ?\";\"1. Ouvrir https://exemple.fr/mot_de_passe\r\n2. Cliquer sur « Oublié »\r\n\r\nSinon : Paramètres > Compte.\";" +
		"\"mails ; sécurité, mots de passe, arnaques\";Marie Lecomte;05/10/2026;05/10/2027;\r\n"
	if string(got.Data) != want {
		t.Errorf("got  %q\nwant %q", got.Data, want)
	}
	table, err := tables.Open(bytes.NewReader(got.Data), int64(len(got.Data)), []tables.Column{{Name: "question", Titles: []string{"question"}, Needed: true}})
	if err != nil {
		t.Fatal(err)
	}
	for row, err := table.Next(); err == nil; row, err = table.Next() {
		if row.Cells[0].Formula {
			t.Errorf("a spreadsheet would calculate %q", row.Cells[0].Text)
		}
	}
}

// TestCardsAsAText: one heading a card, and what its author typed is text.
func TestCardsAsAText(t *testing.T) {
	h := inDatabase(t)
	none, err := h.attach(t.Context(), bot.CardFiles+"fiches.md", noon)
	if err != nil || string(none.Data) != "# Fiches\n\nÉtat du 25/11/2026 : 0 fiche(s).\n" {
		t.Errorf("without a card: %q, %v", none.Data, err)
	}
	someCards(t, h)
	got, err := h.attach(t.Context(), bot.CardFiles+"fiches.md", noon)
	if err != nil || got.Name != "fiches.md" || !strings.HasPrefix(got.Type, "text/markdown") {
		t.Fatalf("%q, %q, %v", got.Name, got.Type, err)
	}
	want := `# Fiches

État du 25/11/2026 : 2 fiche(s).

## Fiche n° 9 : =HYPERLINK("https://x.example") ?

⚠️ **À vérifier** : personne n'a confirmé que cette fiche est toujours vraie.

\# Non··
\---··
\<b>jamais\</b> \[ici\](https://x.example) \| \*vrai\*

Vérifiée le 05/10/2026, a expiré le 05/10/2027

## Fiche n° 10 : Comment récupérer une boîte mail ?

1. Ouvrir https://exemple.fr/mot_de_passe··
2. Cliquer sur « Oublié »

Sinon : Paramètres > Compte.

Thèmes : mails ; sécurité, mots de passe, arnaques · Auteur : Marie Lecomte · Vérifiée le 05/10/2026, expire le 05/10/2027
`
	if text := strings.ReplaceAll(string(got.Data), "  \n", "··\n"); text != want {
		t.Errorf("got:\n%s\nwant:\n%s", text, want)
	}
}

func TestMarkdownLine(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "  \t ": "", "a  b": "a b", "    code": "code",
		"# a": `\# a`, "a #": `a \#`, "C# et n°#1": "C# et n°#1", "> a > b": `\> a > b`,
		"- a - b": "- a - b", "1. # a": `1. \# a`, "- > a": `- \> a`, "2026) > a": `2026) \> a`,
		"---": `\---`, "- - -": `\- - -`, "===": `\===`, "-": `\-`, ":-:": `\:-:`, "***": `\*\*\*`, "= 3": "= 3",
		"```": "\\`\\`\\`", "~~~": `\~\~\~`, "<!-- a": `\<!-- a`, "![x](y)": `!\[x\](y)`, "a|b": `a\|b`, `C:\a_b`: `C:\\a\_b`,
		"https://exemple.fr/a_b#c": "https://exemple.fr/a_b#c", "https://x.example/](y": `https://x.example/\](y`, "[a]: https://x.example": `\[a\]: https://x.example`,
	} {
		if got := markdownLine(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

// TestExportCards: the command writes what coordinators have, beside a running bot.
func TestExportCards(t *testing.T) {
	h := inDatabase(t)
	someCards(t, h)
	out := does(t, []string{"export", "cards"})
	if !strings.HasPrefix(out, "\ufefffiche;question;") || strings.Count(out, "05/10/2026") != 2 {
		t.Errorf("a table is %q", out)
	}
	put(t, "fiches.md", "what was there")
	for _, flag := range []string{"--out", "--output"} {
		does(t, []string{"export", "cards", "--format", "md", flag, "fiches.md"}, "Les fiches sont écrites : ", "fiches.md")
		text, err := os.ReadFile("fiches.md")
		if err != nil || !strings.HasPrefix(string(text), "# Fiches\n") || strings.Count(string(text), "\n## Fiche n° ") != 2 {
			t.Errorf("%s: %q, %v", flag, text, err)
		}
	}
	refuses(t, "", []string{"export", "cards", "--format", "pdf"}, `"csv","md"`)
	refuses(t, "", []string{"export", "cards", "--out", "absent/fiches.csv"}, "vérifiez le dossier")
	refuses(t, "", []string{"export"}, "NUMÉRO")
	t.Chdir(t.TempDir())
	refuses(t, "", []string{"export", "cards"}, "n'existe pas")
}
