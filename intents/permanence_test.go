package intents

import "testing"

func TestPermanenceActs(t *testing.T) {
	reader := NewReader()
	for text, want := range map[string]Intent{
		"permanence tous les mardis 14h-17h mairie de Périers sauf vacances": NouvellePermanence,
		"nouvelle permanence": NouvellePermanence,
		"permanence":          NouvellePermanence,
		"je tiens une permanence tous les jeudis à Lessay 9h": NouvellePermanence,
		"ajouter une perm mardi 8 décembre 14h-17h mairie":    NouvellePermanence,
		"mes permanences":                            MesPermanences,
		"permanences":                                MesPermanences,
		"permanences ?":                              MesPermanences,
		"liste des permanences":                      MesPermanences,
		"annuler permanence mardi 8 décembre":        AnnulerPermanence,
		"annule ma permanence de demain":             AnnulerPermanence,
		"annuler permanence 2":                       AnnulerPermanence,
		"déplacer la permanence du 8 au 10 décembre": DeplacerPermanence,
		"arrêter la permanence de Périers":           ArreterPermanence,
		"affiche modèle pour une permanence":         Ressource,
		"mes rdv":                                    MesRdv,
		"annuler Jeanne":                             Annuler,
		"rdv 06 39 98 12 34 Jeanne jeudi 10h permanence de Coutances": NouveauRdv,
	} {
		if got := reader.Read(text, Context{Pro: true}); got.Intent != want {
			t.Errorf("%q: %+v, want %s", text, got, want)
		}
	}
	for text, want := range map[string]Intent{
		"RAPPEL COUTANCES":        Abonnement,
		"rappel la haye du puits": Abonnement,
		"Alerte Périers":          Abonnement,
		"FIN RAPPEL":              FinAbonnement,
		"fin rappel périers":      FinAbonnement,
		"plus de rappels":         FinAbonnement,
		"permanence Coutances":    Permanence,
		"où êtes-vous":            Permanence,
		"c'est ouvert quand":      Permanence,
	} {
		for _, c := range []Context{{}, {Open: "rdv"}} {
			if got := reader.Read(text, c); got.Intent != want {
				t.Errorf("%q in %+v: %+v, want %s", text, c, got, want)
			}
		}
	}
	for _, text := range []string{"rappelez moi", "rappel moi svp", "j'ai eu le rappel merci", "je n'ai pas reçu de rappel"} {
		if got := reader.Read(text, Context{}); got.Intent == Abonnement || got.Intent == FinAbonnement {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// TestPosterAct: the poster is asked for in fixed words; the same word also orders to show, and tells.
func TestPosterAct(t *testing.T) {
	reader := NewReader()
	for text, want := range map[string]bool{
		"affiche": true, "Affiche !": true, "l'affiche svp": true, "affiche 2": true, "affiche permanence 2": true, "affiche Périers": true,
		"imprimer l'affiche de la permanence de Périers": true, "Bonjour, une affiche pour la mairie de Coutances": true,
		"affiche mes permanences": false, "affiche le menu": false, "affiche la liste": false, "l'affiche est prête": false, "affichez, transmettez": false,
		"affiche de la fête du numérique": false, "j'ai l'affiche du festival": false, "mes affiches": false,
	} {
		if got := reader.Read(text, Context{Pro: true}); (got.Intent == Affiche) != want || want && got.Decision != Act {
			t.Errorf("%q: %s, %s", text, got.Intent, got.Decision)
		}
	}
}
