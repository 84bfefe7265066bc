package main

import (
	"bytes"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"passeur/bot"
	"passeur/papers"
)

// workedMonth are the figures of a month, by dimension and value, as activities count.
var workedMonth = map[string]map[string]int64{
	"fiches": {"individuel": 71, "collectif": 6, "animation": 2, "evenement": 1}, "personnes": {"individuel": 88, "collectif": 40}, "deja": {"oui": 31},
	"theme": {"aide_aux_demarches_administratives": 61, "email": 34, "famille_scolarite": 29, "papiers_elections_citoyennete": 18, "prendre_en_main_du_materiel": 17, "gere_ses_contenus_numeriques": 9, "argent_impots": 8, "securite_numerique": 7, "justice": 2},
	"lieu":  {"lieu_activite": 109, "domicile": 3, "a_distance": 16}, "commune": {"50394": 52, "50147": 31, "50484": 22, "50267": 4},
	"temps": {"delocalise": 2790, "bureau": 1500, "domicile": 180, "distance": 330}, "duree": {"30": 12, "60": 30, "120": 27, "0": 11},
	"oriente": {"aide_aux_demarches_administratives": 6, "operateur_ou_organisme_en_charge": 3, "oui": 1},
}

// worked has a month counted for somebody and for the Manche, with appointments that were kept and missed.
func worked(t *testing.T, h *house, who string) {
	t.Helper()
	c := bot.Change{Now: noon}
	for _, owner := range []string{who, "50"} {
		for dimension, values := range workedMonth {
			for value, n := range values {
				c.Tally = append(c.Tally, bot.Count{Kind: "activity", Owner: owner, Month: "2026-11", Dimension: dimension, Value: value, N: n})
			}
		}
		for _, cell := range []bot.Count{{Dimension: "rappele", Value: "seen", N: 54}, {Dimension: "rappele", Value: "noshow", N: 5}, {Dimension: "sans-rappel", Value: "seen", N: 15}, {Dimension: "sans-rappel", Value: "noshow", N: 4}} {
			cell.Kind, cell.Owner, cell.Month = "rdv", owner, "2026-11"
			c.Tally = append(c.Tally, cell)
		}
	}
	commit(t, h.store, c)
}

// TestBilanDrawn: who worked has her figures as a picture and as a page, in French, nothing cut; a coordinator those of her territory, small ones masked; nobody has
// another's.
func TestBilanDrawn(t *testing.T) {
	h := led(t, "50")
	commit(t, h.store, bot.Change{Now: noon, Records: []bot.Record{record(t, "person", "paul", bot.Person{V: 1, Name: "Paul Martin", Role: bot.Conseiller, Territories: []string{"50"}},
		bot.Record{State: string(bot.Conseiller), At: noon})}})
	file := func(name string) bot.Attachment {
		t.Helper()
		a, err := h.attach(t.Context(), bot.BilanFiles+name, noon)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := file("paul/2026-11/2026-11.png"); len(a.Data) > 0 {
		t.Errorf("of nothing %d bytes are drawn", len(a.Data))
	}
	worked(t, h, "paul")
	for name, says := range map[string][]string{
		"paul/2026-11/2026-11":              {"Bilan d’activité", "Paul Martin", "novembre 2026", "128", "accompagnements", "80h", "58 %", "démarches administratives", "46h30", "Saint-Hilaire-du-Harcouët", "avec rappel (sur 59)", "8 %", "21 %"},
		"sylvie/2026-11/2026-11/territoire": {"département 50", "non montré", "n'est pas montré"},
		"paul/2026-01/2026-11":              {"janvier 2026 à novembre 2026"},
		"sylvie/2026-01/2026-11/territoire": {"janvier 2026 à novembre 2026"},
	} {
		picture := file(name + ".png")
		img, err := png.Decode(bytes.NewReader(picture.Data))
		if err != nil || picture.Type != "image/png" || img.Bounds().Dx() != papers.MapWidth {
			t.Fatalf("%s: %q, %v", name, picture.Type, err)
		}
		page := file(name + ".pdf")
		text := pdfText(t, page.Data)
		for _, s := range says {
			if !strings.Contains(flat(text), flat(s)) {
				t.Errorf("%s does not say %q:\n%s", name, s, text)
			}
		}
		keepPicture(t, "bilan-"+strings.ReplaceAll(name, "/", "-")+".png", picture.Data)
		keepPicture(t, "bilan-"+strings.ReplaceAll(name, "/", "-")+".pdf", page.Data)
	}
	for _, name := range []string{"paul/2026-11/2026-11/territoire.png", "jeanne/2026-11/2026-11.png", "paul.png", "paul/2026-11.pdf", "paul/../sylvie.png"} {
		if a := file(name); len(a.Data) > 0 {
			t.Errorf("%s: %d bytes", name, len(a.Data))
		}
	}
}

// flat is a text without its spaces and with one sort of apostrophe: lines are cut where there is room.
func flat(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ReplaceAll(text, "’", "'"), "\u202f", "")), "")
}

// pdfText is the text of a page, as a viewer reads it; it is one page.
func pdfText(t *testing.T, page []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	if pages := strings.Count(string(out), "\f"); pages != 1 {
		t.Errorf("%d pages", pages)
	}
	return string(out)
}
