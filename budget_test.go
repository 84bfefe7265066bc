package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/config"
)

// usagerTexts are the texts that leave by SMS, by how many SMS each may make with names and places as long as they come: one for what
// leaves unasked, two for an answer.
var usagerTexts = map[string]int{
	"rappel": 1, "rappel.muet": 1, "rappel.confirme": 1, "rappel.confirme.muet": 1, "rdv.annule-par": 1, "rdv.annule-par.muet": 1, "rdv.deplace-par": 1,
	"rdv.deplace-par.muet": 1, "rdv.retabli": 1, "rdv.retabli.muet": 1,
	"rdv.confirme": 2, "rdv.annule": 2, "rdv.annule-deja": 2, "rdv.place-prise": 2, "rdv.retour-impossible": 2, "rdv.deplace-depuis": 2, "rdv.changer": 2, "rdv.changer-annule": 2, "rdv.retard": 2,
	"rdv.aucun": 1, "rdv.le-votre": 2, "rdv.passe": 2, "transmis": 2, "transmis.rdv": 2, "transmis.accueil": 1, "personne": 2, "personne.tel": 2, "bonjour.rdv": 2,
	"merci.usager": 1, "langue.fait": 1, "langue.lesquelles": 1, "aide.usager": 1, "aide.usager.tel": 1, "aide.usager-rdv": 1, "aide.usager-rdv.tel": 1, "qui": 1, "qui.tel": 2,
	"qui.conseiller": 1, "qui.conseiller.tel": 1, "erreur-numero": 1, "arret": 1, "reprise": 1, "objection": 1, "effacer.sur": 1, "effacer.fait": 1, "effacer.garde": 1,
	"rappel.visite": 1, "rappel.visite.muet": 1, "rappel.confirme.visite": 1, "rappel.confirme.visite.muet": 1, "rdv.annule-par.visite": 1, "rdv.annule-par.visite.muet": 1, "rdv.deplace-par.visite": 1, "rdv.deplace-par.visite.muet": 1, "rdv.retabli.visite": 1, "rdv.retabli.visite.muet": 1, "rdv.confirme.visite": 2, "rdv.annule.visite": 2,
	"rdv.quelle-date": 3, "rdv.une-date": 1, "rdv.une-date-ailleurs": 1, "rdv.date-changee": 2, "absence": 1, "absence.muet": 1, "absence.visite": 1, "absence.visite.muet": 1, "absence.transmis": 1, "absence.non": 1,
	"permanence.prochaines": 3, "permanence.ou": 1, "permanence.commune-inconnue": 1, "permanence.quelle-commune": 2, "permanence.nulle-part": 1, "permanence.nulle-part.tel": 1,
	"permanence.veille": 1, "permanence.annulee": 1, "permanence.retablie": 1, "permanence.deplacee": 1,
	"abonnement.fait": 2, "abonnement.fait-sans-date": 1, "abonnement.quelle-commune": 1, "abonnement.fini": 1, "abonnement.fini-commune": 1, "abonnement.aucun": 1,
	"urgence": 1, "panne": 1, "lequel.hors-liste": 1, "sens": 3, "lequel.usager.ligne": 1,
}

// TestTextsFitTheirBudget: what leaves by SMS costs what it may, in each language, with long names, a long place and a phone number.
func TestTextsFitTheirBudget(t *testing.T) {
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 9, 22, 18, 0, 0, 0, time.UTC)
	args := bot.Args{"prenom": "Marie-Christine", "conseiller": "Jean-Christophe Lefèvre", "lieu": "médiathèque de Saint-Hilaire", "service": "Passeur 50", "telephone": "02 33 00 00 00",
		"rdv": "2026-09-23T10:30:00+02:00", "n": "2", "arret": "", "avant": "2026-09-22T14:30:00+02:00", "debut": "2026-09-23T13:30:00+02:00", "fin": "2026-09-23T16:30:00+02:00", "nouveau": "2026-09-30T13:30:00+02:00",
		"nouvelle-fin": "2026-09-30T16:30:00+02:00", "nouveau-lieu": "médiathèque de Saint-Hilaire", "commune": "SAINT-HILAIRE-DU-HARCOUET", "acces": "", "langues": "In English? Answer ENGLISH.",
		"liste": "1 mercredi 23 septembre à 13h30, médiathèque de Saint-Hilaire\n2 mercredi 30 septembre à 13h30, médiathèque de Saint-Hilaire\n3 mercredi 7 octobre à 13h30, médiathèque de Saint-Hilaire"}
	all := maps.Clone(w.foreign)
	all[bot.French] = w.french
	for language, c := range all {
		for key, most := range usagerTexts {
			stop, _, err := c.Render("arret.comment", nil, now, func(string) bool { return true })
			if err != nil {
				t.Fatal(err)
			}
			args["arret"] = stop
			text, _, err := c.Render(key, args, now, func(s string) bool { return sms.Segments(sms.Fold(s)).Parts <= 1 })
			if err != nil {
				t.Errorf("%s %s: %v", language, key, err)
				continue
			}
			if n := sms.Segments(sms.Fold(text)); n.Parts > most || n.Encoding != sms.GSM7 {
				t.Errorf("%s %s makes %s, its budget is %d: %s", language, key, n, most, text)
			}
		}
	}
}

// forCounsellors are texts that begin like those for usagers, and are read in Mattermost.
var forCounsellors = []string{"rdv.note", "rdv.deja-passe", "rdv.introuvable", "rdv.deja-annule", "rdv.propose", "rdv.externe", "rdv.externe-agenda", "rdv.externe-fichier"}

// TestUsagerTextsAreListed: a text without a word for professionals has a budget.
func TestUsagerTextsAreListed(t *testing.T) {
	all, err := config.Texts()
	if err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"rappel.", "rdv.", "qui", "aide.usager", "effacer.", "langue.", "transmis"} {
		for key := range all["fr"] {
			if !strings.HasPrefix(key, prefix) || strings.HasPrefix(key, "rdv.les-votres") || slices.Contains(forCounsellors, key) {
				continue
			}
			if _, ok := usagerTexts[key]; !ok {
				t.Errorf("the text %q has no budget", key)
			}
		}
	}
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
