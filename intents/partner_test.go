package intents

import "testing"

// TestReadPartner: what is said around the words does not matter; other sentences are no orders.
func TestReadPartner(t *testing.T) {
	reads(t, ReadPartner, map[string]PartnerOrder{
		"prescripteurs": {Act: MesPrescripteurs},
		"nouveau prescripteur CCAS de Périers pour Marie Lecomte, mairie de Périers": {Act: NouveauPrescripteur, Name: "CCAS de Périers", With: "Marie Lecomte", Where: "mairie de Périers"},
		"ajouter un prescripteur : l'Entraide pour Marie Lecomte":                    {Act: NouveauPrescripteur, Name: "l'Entraide", With: "Marie Lecomte"},
		"nouveau prescripteur":        {Act: NouveauPrescripteur},
		"ajouter un prescripteur":     {Act: NouveauPrescripteur},
		"retirer prescripteur 2":      {Act: RetirerPrescripteur, Number: 2},
		"supprimer le prescripteur 1": {Act: RetirerPrescripteur, Number: 1},
		"prescriptions":               {Act: MesPrescriptions},
		"inviter 1":                   {Act: Inviter, Number: 1},
		"accepter 1":                  {Act: Inviter, Number: 1},
		"refuser 2":                   {Act: Refuser, Number: 2},
	}, "accepter", "accepter le rendez-vous", "ajouter un rendez-vous", "supprimer le rdv 1", "inviter Jeanne", "accepter 1 ou 2")
}
