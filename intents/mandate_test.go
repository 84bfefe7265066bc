package intents

import (
	"testing"
	"time"

	"passeur/intents/intentstest"
)

func TestMandateActs(t *testing.T) {
	reader := NewReader()
	for text, want := range map[string]Intent{
		"mandat Jeanne jusqu'au 30 juin 2027":              Mandat,
		"mandat 06 39 98 12 34 Jeanne 30 juin 2027":        Mandat,
		"mandat jusqu'au 30 juin 2027":                     Mandat,
		"Mandat":                                           Mandat,
		"nouveau mandat Jeanne 30 juin 2027":               Mandat,
		"noter un mandat Jeanne 30 juin 2027":              Mandat,
		"mandat Aidants Connect Jeanne jusqu'au 30/6/2027": Mandat,
		"mandat Jeanne vendredi 4 décembre 10h":            Mandat,
		"mandats":                                          MesMandats,
		"mandats ?":                                        MesMandats,
		"mes mandats":                                      MesMandats,
		"mes mandats aidants connect":                      MesMandats,
		"liste des mandats":                                MesMandats,
		"mandat fini Jeanne":                               FinMandat,
		"mandat fini":                                      FinMandat,
		"mandat terminé Mme Roger":                         FinMandat,
		"mandat Jeanne fini":                               FinMandat,
		"mandats Jeanne fini":                              FinMandat,
		"fin du mandat de Jeanne":                          FinMandat,
		"fin mandat Jeanne":                                FinMandat,
		"annuler le mandat de Jeanne":                      FinMandat,
		"supprimer mandat Jeanne":                          FinMandat,
		"annuler Jeanne":                                   Annuler,
		"rdv 06 39 98 12 34 Jeanne vendredi 10h mandat":    NouveauRdv,
		"absente Jeanne":                                   Presence,

		"territoire":                             Territoire,
		"Territoire 10 km 2 semaines":            Territoire,
		"communes sans permanence":               Territoire,
		"les communes sans permanences à 20 km":  Territoire,
		"liste des communes sans permanence":     Territoire,
		"permanence tous les mardis à Périers":   NouvellePermanence,
		"permanence commune de Périers, mardi 8": NouvellePermanence,
	} {
		if got := reader.Read(text, Context{Pro: true}); got.Intent != want {
			t.Errorf("%q: %+v, want %s", text, got, want)
		}
	}
	for _, text := range []string{"mandat Jeanne 30 juin", "mandats", "territoire"} {
		if !Command(text) {
			t.Errorf("%q is no command", text)
		}
	}
}

func TestReadMandate(t *testing.T) {
	g := manche(t)
	now := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]struct{ phone, name, end string }{
		"mandat Jeanne jusqu'au 30 juin 2027":                  {"", "Jeanne", "2027-06-30"},
		"mandat jeanne jusqu’au 30 juin 2027":                  {"", "jeanne", "2027-06-30"},
		"mandat 06 39 98 12 34 Jeanne 30 juin 2027":            {"+33639981234", "Jeanne", "2027-06-30"},
		"mandat Mme Roger 30/06/2027":                          {"", "Mme Roger", "2027-06-30"},
		"mandat Jeanne D. jusqu'au 30 juin":                    {"", "Jeanne D.", "2027-06-30"},
		"mandat jusqu'au 30 juin 2027":                         {"", "", "2027-06-30"},
		"noter un mandat Aidants Connect pour Ahmed 1er mars":  {"", "Ahmed", "2027-03-01"},
		"mandat fini Jeanne":                                   {"", "Jeanne", ""},
		"annuler le mandat de Jeanne":                          {"", "Jeanne", ""},
		"mandat":                                               {},
		"mandat Jeanne 30 février 2027":                        {"", "Jeanne", "?"},
		"mandat Jeanne 30 novembre 2026":                       {"", "Jeanne", "?"},
		"mandat Jeanne dans 6 mois":                            {"", "Jeanne", "2027-06-01"},
		"mandat Jeanne un an":                                  {"", "Jeanne", ""},
		"mandat Jeanne-Marie jusqu'au mercredi 30 juin 2027":   {"", "Jeanne-Marie", "2027-06-30"},
		"le 30 juillet 2027":                                   {"", "", "2027-07-30"},
		"mandat Jeanne entre le 1er juin 2027 et le 2 juillet": {"", "Jeanne", "2027-06-01 2027-07-02"},
	} {
		m := g.ReadMandate(text, now)
		got := struct{ phone, name, end string }{name: m.Name}
		for _, p := range m.Phones {
			got.phone += p.E164
		}
		for _, w := range m.Ends {
			if got.end != "" {
				got.end += " "
			}
			if w.Err != nil {
				got.end += "?"
			} else {
				got.end += w.Day.Format(time.DateOnly)
			}
		}
		if got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestReadReach(t *testing.T) {
	for text, want := range map[string]Reach{
		"territoire":                      {},
		"territoire 10 km 2 semaines":     {10, 2},
		"territoire 10km, 2sem":           {10, 2},
		"territoire 2 semaines":           {0, 2},
		"communes sans permanence 20 kms": {20, 0},
		"territoire 123456 km":            {9999, 0},
		"territoire 50":                   {},
		"territoire 0 km":                 {},
		"km 10":                           {},
		"":                                {},
	} {
		if got := ReadReach(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestAll(t *testing.T) {
	g, err := NewGazetteer([]string{"50", "14"})
	if err != nil {
		t.Fatal(err)
	}
	n, last := 0, ""
	for c := range g.All("50") {
		if c.Territory != "50" || c.Code <= last {
			t.Fatalf("%+v after %s", c, last)
		}
		n, last = n+1, c.Code
	}
	if n < 440 {
		t.Errorf("%d communes", n)
	}
	for c := range g.All("76") {
		t.Errorf("%+v of a territory that is not loaded", c)
	}
}

func FuzzReadMandate(f *testing.F) {
	seeds(f)
	f.Add("mandat 06 39 98 12 34 Jeanne jusqu'au 30 juin 2027")
	f.Add("territoire 10 km 2 semaines")
	g := manche(f)
	now := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		for _, w := range g.ReadMandate(text, now).Ends {
			intentstest.Inside(t, text, w.Start, w.End)
		}
		if r := ReadReach(text); r.Km < 0 || r.Weeks < 0 || r.Km > 9999 || r.Weeks > 9999 {
			t.Fatalf("%q: %+v", text, r)
		}
	})
}
