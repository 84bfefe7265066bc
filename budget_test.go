package main

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/config"
)

// TestTextsFitTheirBudget: what leaves by SMS costs what it may, in each language, with long names, a long place and a phone number.
func TestTextsFitTheirBudget(t *testing.T) {
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 9, 22, 18, 0, 0, 0, time.UTC)
	args := bot.Args{"prenom": "Marie-Christine", "conseiller": "Jean-Christophe Lefèvre", "lieu": "médiathèque de Saint-Hilaire", "service": "Passeur 50", "structure": "CCAS de Saint-Hilaire-du-Harcouët", "telephone": "02 33 00 00 00",
		"rdv": "2026-09-23T10:30:00+02:00", "n": "2", "arret": "", "avant": "2026-09-22T14:30:00+02:00", "debut": "2026-09-23T13:30:00+02:00", "fin": "2026-09-23T16:30:00+02:00", "nouveau": "2026-09-30T13:30:00+02:00",
		"quoi": "La personne est d'accord ? Écrivez OUI à la fin : ORIENTE K7QDM4 06 39 98 12 34 Jeanne Périers OUI", "code": "K7QDM4", "jours": "7", "lien": "https://t.me/ConseillersNumeriquesBot?start=l0123456789abcdefghijkl", "nouvelle-fin": "2026-09-30T16:30:00+02:00", "nouveau-lieu": "médiathèque de Saint-Hilaire", "commune": "SAINT-HILAIRE-DU-HARCOUET", "acces": "", "titre": "Sécurité : mes premiers mots de passe", "question": "Avez-vous eu l'aide que vous vouliez ?", "choix": "1 oui beaucoup, 2 un peu, 3 non pas assez", "rang": "12", "langues": "In English? Answer ENGLISH.",
		"liste": "1 mercredi 23 septembre à 13h30, médiathèque de Saint-Hilaire\n2 mercredi 30 septembre à 13h30, médiathèque de Saint-Hilaire\n3 mercredi 7 octobre à 13h30, médiathèque de Saint-Hilaire"}
	whole, short := func(string) bool { return true }, func(s string) bool { return sms.Segments(sms.Fold(s)).Parts <= 1 }
	all := maps.Clone(w.foreign)
	all[bot.French] = w.french
	for language, c := range all {
		if args["arret"], _, err = c.Render("arret.comment", nil, now, whole); err != nil {
			t.Fatal(err)
		}
		for _, key := range usagerKeys(t) {
			row, _ := bot.UsagerTextOf(key)
			text, _, err := c.Render(key, args, now, short)
			if err != nil {
				t.Errorf("%s %s: %v", language, key, err)
				continue
			}
			if n := sms.Segments(sms.Fold(text)); n.Parts > row.SMS || n.Encoding != sms.GSM7 {
				t.Errorf("%s %s makes %s, its budget is %d: %s", language, key, n, row.SMS, text)
			}
		}
	}
}

// usagerKeys are the texts that usagers get, their twins included. Each row of the list has its text.
func usagerKeys(t *testing.T) []string {
	t.Helper()
	all, err := config.Texts()
	if err != nil {
		t.Fatal(err)
	}
	for key := range bot.UsagerTexts {
		if all["fr"][key] == nil {
			t.Errorf("%q is listed for usagers and has no text", key)
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all["fr"])), func(key string) bool { _, ok := bot.UsagerTextOf(key); return !ok })
}

// typical are texts as counsellors and this program write them.
var typical = []string{
	"Bonjour Jeanne, votre rendez-vous est confirmé : vendredi 4 décembre à 10h, à l'hôtel de ville. À bientôt !",
	"Rendez-vous reporté au mardi 8 décembre à 14h, mairie de Périers. Ça vous va ? Répondez OUI ou NON.",
	"N’oubliez pas d’apporter votre pièce d’identité et votre numéro d’allocataire…",
	"La permanence « France Services » de Lessay est annulée ce jeudi. Prochaine date : le 11 août.",
	"Bonjour, c'est Passeur pour Marie Lecomte. Pensez à votre téléphone chargé et à vos mots de passe, même s'ils sont sur un papier : on fera le point ensemble.",
	"L’atelier « Découvrir sa boîte mail » a lieu à la médiathèque, salle du rez-de-chaussée, de 14h à 16h. C’est gratuit.",
	"Vous êtes inscrit à l'atelier du 15 décembre. Un empêchement ? Prévenez-nous, s'il vous plaît, la place sera donnée à quelqu'un d'autre.",
	"Marie Lecomte : pas de souci, on regardera ça ensemble, à vendredi ; prenez votre dernière facture et votre relevé.",
	"Votre conseiller numérique est absent cette semaine. Zoé Lemaître vous reçoit à sa place, même heure, même endroit.",
	"Le bus n° 4 s’arrête place de l’Église, à 5 minutes à pied. L’entrée est à gauche, près du parking.",
	"Nous avons bien reçu votre message. Une personne vous répondra dès que possible, sûrement avant vendredi.",
	"Rappel : demain à 9h30, rendez-vous au centre médico-social de Saint-Lô, 2ᵉ étage. Vous venez ? 1 oui, 2 non",
	"Bonne année ! Nos permanences reprennent le 4 janvier à Coutances, Périers, Lessay et La Haye-du-Puits.",
	"Où êtes-vous ? Je vous attends à l’accueil de la mairie jusqu’à 11h. Sinon, rappelez-moi, ce n’est pas grave.",
	"Votre dossier est complet. Vous recevrez un courrier sous 10 jours. Gardez-le précieusement !",
	"Bonjour M. Lefèvre, le café-visio de mardi est déplacé à jeudi, 14h. Le lien reste le même. À très vite.",
	"Pour créer votre boîte mail, venez avec votre téléphone ; comptez une heure. Aucun matériel n’est nécessaire.",
	"Ce message est envoyé par le Département de la Manche. Pour ne plus en recevoir, répondez STOP. C’est gratuit.",
	"Le prêt d’un ordinateur est possible : 0 € pendant 3 mois. Parlez-en à votre conseillère, elle connaît la démarche.",
	"Merci d’être venu aujourd’hui. La suite : appelez l’assurance, puis écrivez-nous. Bon courage, ça va aller !",
}

// TestFoldingHalvesTheCost prints what folding spares.
func TestFoldingHalvesTheCost(t *testing.T) {
	before, after := 0, 0
	for _, text := range typical {
		folded := sms.Fold(text)
		before += sms.Segments(text).Parts
		after += sms.Segments(folded).Parts
		if sms.Segments(folded).Encoding != sms.GSM7 {
			t.Errorf("not folded: %s", folded)
		}
	}
	share := float64(after) / float64(before)
	fmt.Printf("bar segments_folded_share %.2f\n", share)
	if len(typical) != 20 || share > 0.55 {
		t.Errorf("%d texts, %d segments folded of %d", len(typical), after, before)
	}
}
