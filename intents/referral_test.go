package intents

import (
	"strings"
	"testing"

	"passeur/intents/intentstest"
)

func TestReferralLines(t *testing.T) {
	g := manche(t)
	reader := NewReader()
	for text, want := range map[string]ReferralLine{
		"ORIENTE K7QDM4 06 39 98 12 34 Jeanne Périers oui":            {"K7QDM4", "06 39 98 12 34", "Jeanne", "Périers", Oui},
		"oriente k7qdm4 jeanne périers 0639981234 OUI":                {"K7QDM4", "0639981234", "jeanne", "périers", Oui},
		"Orientation K7Q-DM4, Jeanne, Périers, oui, 06.39.98.12.34":   {"K7QDM4", "06.39.98.12.34", "Jeanne", "Périers", Oui},
		"ORIENTE 06 39 98 12 34 oui K7QDM4 Périers Jeanne":            {"K7QDM4", "06 39 98 12 34", "Jeanne", "Périers", Oui},
		"ORIENTE K7QDM4 06 39 98 12 34 Jean-Paul Saint-Lô non":        {"K7QDM4", "06 39 98 12 34", "Jean-Paul", "Saint-Lô", Non},
		"ORIENTE K7QDM4 06 39 98 12 34 Jeanne Marie 50190 Périers":    {"K7QDM4", "06 39 98 12 34", "Jeanne Marie", "50190 Périers", ""},
		"ORIENTE K7QDM4 06 39 98 12 34 Jeanne Perier oui":             {"K7QDM4", "06 39 98 12 34", "Jeanne", "Perier", Oui},
		"ORIENTE K7QDM4 06 39 98 12 34 Jeanne à Périers oui non":      {"K7QDM4", "06 39 98 12 34", "Jeanne", "à Périers", ""},
		"ORIENTE K7QDM4 06 39 98 12 34 Jeanne Rennes oui":             {"K7QDM4", "06 39 98 12 34", "Jeanne", "Rennes", Oui},
		"ORIENTE K7QDM4 02 33 00 00 00 Jeanne Périers oui":            {"K7QDM4", "02 33 00 00 00", "Jeanne", "Périers", Oui},
		"ORIENTE K7QDM4 06 39 98 12 34 06 39 98 56 78 Ali Lessay oui": {"K7QDM4", "06 39 98 12 34, 06 39 98 56 78", "Ali", "Lessay", Oui},
		"ORIENTE K7QDM4 Jeanne":                                       {"K7QDM4", "", "Jeanne", "", ""},
		"ORIENTE K7QDM4":                                              {"K7QDM4", "", "", "", ""},
		"ORIENTE 06 39 98 12 34 Jeanne":                               {"", "06 39 98 12 34", "Jeanne", "", ""},
	} {
		if got := g.ReadReferral(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
		if got := reader.Read(text, Context{}); got.Intent != Prescription || got.Decision != Act {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
	for _, text := range []string{"oriente moi svp", "orientez-vous les gens ?", "je cherche une orientation", "oriente", "STOP", "je m'oriente K7QDM4"} {
		if got := reader.Read(text, Context{}); got.Intent == Prescription {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func TestPartnerOrders(t *testing.T) {
	for text, want := range map[string]PartnerOrder{
		"nouveau prescripteur CCAS de Périers pour Marie Lecomte":                     {Act: NouveauPrescripteur, Name: "CCAS de Périers", With: "Marie Lecomte"},
		"Nouveau prescripteur Secours pour tous pour Marie Lecomte, mairie de Lessay": {Act: NouveauPrescripteur, Name: "Secours pour tous", With: "Marie Lecomte", Where: "mairie de Lessay"},
		"nouveau prescripteur":            {Act: NouveauPrescripteur},
		"nouveau prescripteur pour Marie": {Act: NouveauPrescripteur, With: "Marie"},
		"nouveau prescripteur CCAS":       {Act: NouveauPrescripteur, Name: "CCAS"},
		"prescripteurs":                   {Act: MesPrescripteurs},
		"retirer prescripteur 2":          {Act: RetirerPrescripteur, Number: 2},
		"prescriptions":                   {Act: MesPrescriptions},
		"inviter 3":                       {Act: Inviter, Number: 3},
		"refuser":                         {Act: Refuser},
	} {
		if got, ok := ReadPartner(text); !ok || got != want {
			t.Errorf("%q: %+v %v, want %+v", text, got, ok, want)
		}
		if got := NewReader().Read(text, Context{Pro: true}); got.Intent != want.Act {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
	for _, text := range []string{"inviter Jeanne mardi", "refuser le rendez-vous", "nouveau rdv", "", "retirer prescripteur du CCAS"} {
		if o, ok := ReadPartner(text); ok {
			t.Errorf("%q: %+v", text, o)
		}
	}
}

func FuzzReferral(f *testing.F) {
	seeds(f)
	f.Add("ORIENTE K7QDM4 06 39 98 12 34 Jeanne Périers oui")
	f.Add("oriente\u00a0k7q-dm4 ßſ Saint-Lô 50190 +33 6 39 98 12 34 non")
	g := manche(f)
	f.Fuzz(func(t *testing.T, text string) {
		r := g.ReadReferral(text)
		if r.Code != "" && (len(r.Code) > CodeLength+2 || r.Code != strings.ToUpper(r.Code)) {
			t.Fatalf("%q: the code %q", text, r.Code)
		}
		for _, part := range []string{r.Name, r.Commune} {
			if len(part) > len(text) {
				t.Fatalf("%q: %q is longer", text, part)
			}
		}
		if r.Told != "" && r.Told != Oui && r.Told != Non {
			t.Fatalf("%q: %q", text, r.Told)
		}
		if o, ok := ReadPartner(text); ok && o.Number < 0 {
			t.Fatalf("%q: %+v", text, o)
		}
	})
}

// TestLongReferrals: what stands behind the first characters is not looked at.
func TestLongReferrals(t *testing.T) {
	g := manche(t)
	for _, text := range intentstest.Long() {
		g.ReadReferral("ORIENTE " + text)
		ReadPartner("nouveau prescripteur " + text)
	}
}
