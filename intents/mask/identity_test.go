package mask

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/french"
	"passeur/intents/intentstest"
)

// acquainted are the people whom the writer of testdata/identities.tsv knows.
var acquainted = []string{"Fatou Diallo", "Mme Rose Petit", "Mehdi Lepercq"}

// What the guard must reach over testdata/identities.tsv, in percent of the identities: found, and found rightly.
const (
	leastRecall    = 96
	leastPrecision = 99
)

// mark is an identity as the table writes it: "⟦nom:Dupont⟧"; with "?" it is missed knowingly, with "!" found though it is none.
var mark = regexp.MustCompile(`⟦([?!]?)([a-z]+):([^⟧]*)⟧`)

// unmarked is the text of a line of the table and what stands in it, by what is known of it: "", "?" or "!".
func unmarked(t *testing.T, line string) (text string, marks map[string][]Identity) {
	t.Helper()
	line = strings.ReplaceAll(line, `\n`, "\n")
	var b strings.Builder
	marks = map[string][]Identity{}
	end := 0
	for _, m := range mark.FindAllStringSubmatchIndex(line, -1) {
		b.WriteString(line[end:m[0]])
		kind := Kind(line[m[4]:m[5]])
		if standIns[kind] == "" {
			t.Fatalf("%s: no kind %q", line, kind)
		}
		sort := line[m[2]:m[3]]
		marks[sort] = append(marks[sort], Identity{kind, b.Len(), b.Len() + m[7] - m[6]})
		b.WriteString(line[m[6]:m[7]])
		end = m[1]
	}
	return b.String() + line[end:], marks
}

// marked is a text with what was found in it, as the table writes it.
func marked(text string, found []Identity) string {
	var b strings.Builder
	end := 0
	for _, f := range found {
		fmt.Fprintf(&b, "%s⟦%s:%s⟧", text[end:f.Start], f.Kind, text[f.Start:f.End])
		end = f.End
	}
	return b.String() + text[end:]
}

func byStart(a, b Identity) int { return a.Start - b.Start }

// TestIdentities reads the table, line by line, and prints how much is found, and how much of it rightly.
func TestIdentities(t *testing.T) {
	g := places(t)
	right, missed, wrong := 0, 0, 0
	for _, row := range intentstest.Rows(t, "identities.tsv") {
		text, marks := unmarked(t, row[0])
		want := slices.SortedFunc(slices.Values(slices.Concat(marks[""], marks["!"])), byStart)
		got := Identities(text, acquainted, g)
		if !slices.Equal(got, want) {
			t.Errorf("found %s\n want %s", marked(text, got), marked(text, want))
		}
		for _, one := range got {
			if slices.Contains(marks[""], one) {
				right++
			} else {
				wrong++
			}
		}
		missed += len(marks[""]) + len(marks["?"])
		soundIdentities(t, text, acquainted, g)
	}
	recall, precision := 100*float64(right)/float64(missed), 100*float64(right)/float64(right+wrong)
	fmt.Printf("identities: %d, found %.1f %%, rightly %.1f %%\n", missed, recall, precision)
	if recall < leastRecall || precision < leastPrecision {
		t.Errorf("found %.1f %% of the identities, %.1f %% of them rightly; at least %d %% and %d %%", recall, precision, leastRecall, leastPrecision)
	}
}

// TestNobodyInQuestions: the questions and answers of the search speak of nobody.
func TestNobodyInQuestions(t *testing.T) {
	g := places(t)
	for _, name := range []string{"dev-questions.tsv", "dev-answers.tsv"} {
		for _, row := range intentstest.Rows(t, "../../search/testdata/"+name) {
			for _, text := range row[1:] {
				if found := Identities(text, acquainted, g); len(found) > 0 {
					t.Errorf("%s: %s", name, marked(text, found))
				}
			}
		}
	}
}

func TestWithout(t *testing.T) {
	g := places(t)
	for text, want := range map[string]string{
		"": "",
		"Mme Dupont, 06 39 98 12 34\r\n\ta@exemple.fr  fin ":                 "Mme [nom], [téléphone]\r\n\t[mail]  fin ",
		"sécu 2 85 05 50 147 012 34, née le 12/05/1985":                      "sécu [NIR], née le [numéro]",
		"elle habite 12 rue des Lilas, 50200 Coutances":                      "elle habite [adresse], 50200 Coutances",
		"[nom] a rappelé Mme [nom] au [téléphone]":                           "[nom] a rappelé Mme [nom] au [téléphone]",
		"le dossier de Mme **Lepercq** demain, et de **Mme** Lepercq":        "le dossier de Mme **[nom]** demain, et de **Mme** [nom]",
		"appelle 06\u200b39\u200b98\u200b12\u200b34 ou 06\u200b 39 98 12 34": "appelle [téléphone] ou [téléphone]",
		"un modèle *à remplir* : _nom_, ~~prénom~~, var_1*2":                 "un modèle *à remplir* : _nom_, ~~prénom~~, var_1*2",
		"je\u0301anne a rappelé, \xff et Je\u200banne aussi":                 "[nom] a rappelé, \xff et [nom] aussi",
	} {
		if got := Without(text, Identities(text, []string{"Jeanne"}, g)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestWholeText: what stands far behind the first characters is found as well, and a commune there is none.
func TestWholeText(t *testing.T) {
	head := strings.Repeat("Le site de la préfecture ne répond plus.\n", 95)
	text := head + "Vu à Saint-Pierre-Église avec Jeanne, 06 39 98 12 34."
	want := head + "Vu à Saint-Pierre-Église avec [nom], [téléphone]."
	if got := Without(text, Identities(text, nil, places(t))); got != want {
		t.Errorf("%d characters: %q", utf8.RuneCountInString(text), got[len(head):])
	}
}

// TestLongTexts: much of one thing takes no longer than much of another.
func TestLongTexts(t *testing.T) {
	g := places(t)
	for _, text := range append(intentstest.Long(), strings.Repeat("Mme Dupont ", 1<<16), strings.Repeat("é Jean-", 1<<16)) {
		start := time.Now()
		Identities(text[:1<<15], acquainted, g)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%.20q: %v", text, took)
		}
	}
}

// TestNameLists: the lists are folded, and none holds what another one holds already.
func TestNameLists(t *testing.T) {
	lists := map[string]map[string]bool{"prenoms.txt": moreFirstNames(), "noms.txt": moreSurnames(), "marques.txt": brandWords()}
	for name, list := range lists {
		if len(list) < 300 {
			t.Errorf("%s holds %d words", name, len(list))
		}
		for w := range list {
			if french.Folded(w) != w {
				t.Errorf("%s: %q is not folded", name, w)
			}
		}
	}
	for w := range maps.Keys(moreFirstNames()) {
		if firstNames()[w] {
			t.Errorf("prenoms.txt: %q stands among the classes already", w)
		}
	}
	for first, names := range public() {
		for _, words := range names {
			if name := strings.Join(words, " "); french.Folded(name) != name {
				t.Errorf("publics.txt: %q is not folded, under %q", name, first)
			}
		}
	}
}

// TestNIR: a number of the social security is known by its shape, so that others of its length are none.
func TestNIR(t *testing.T) {
	for number, want := range map[string]bool{
		"285055099701234": true, "2 85 05 50 997 012 34": true, "2850550997012": true, "1 79 11 2A 997 123 05": true, "785055099701234": true,
		"2 85 05 50 997 012 - 34": true, "x2850550997012": false, "28505509970123": false, "3850550997012": false, "285055099701234567": false,
		"285135099701234": false, "285005099701234": false, "985055099701234": false, "285050099701234": false, "285055000001234": false,
		"285055099700034": false, "285055099701200": false, "285055099701299": false, "28 50 55 09 97 01 2": false,
		"285305099701257": true, "285305099701258": false, // an unknown month counts with the right key
	} {
		found := Identities("le "+number+".", nil, nil)
		if got := len(found) == 1 && found[0].Kind == NIR; got != want {
			t.Errorf("%s: %v", number, found)
		}
	}
}

// soundIdentities checks what holds of whatever is found in any text.
func soundIdentities(t *testing.T, text string, names []string, g *intents.Gazetteer) {
	t.Helper()
	found, end := Identities(text, names, g), 0
	for _, one := range found {
		intentstest.Inside(t, text, one.Start, one.End)
		if one.Start < end || one.End == one.Start || standIns[one.Kind] == "" {
			t.Fatalf("%q: %+v behind %d", text, one, end)
		}
		end = one.End
	}
	rest := Without(text, found)
	if again := Identities(rest, names, g); len(again) > 0 {
		t.Fatalf("%q: %q, and there %s", text, rest, marked(rest, again))
	}
}

func FuzzIdentities(f *testing.F) {
	intentstest.Odd(f)
	for _, row := range intentstest.Rows(f, "identities.tsv") {
		f.Add(mark.ReplaceAllString(row[0], "$3"))
	}
	for _, text := range []string{"[nom", "[nom] Dupont Jeanne", "06 39 98[mail]12 34", "a@b.fr@c.fr", "M. M. M. Z", "12 rue 12 rue des 12",
		"n° sécu [NIR] 1234567", "né le 1/1/2000 1/1/2000"} {
		f.Add(text)
	}
	g := places(f)
	f.Fuzz(func(t *testing.T, text string) { soundIdentities(t, text, acquainted, g) })
}
