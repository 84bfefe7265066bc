package intents

import "testing"

// TestGatheringActs: colleagues name a gathering by its number, in words of their own; words that name none are for somebody else.
func TestGatheringActs(t *testing.T) {
	for text, want := range map[string]Intent{
		"je viens 1":                                                Inscription,
		"je m'inscris à la rencontre 1":                             Inscription,
		"je participe à la rencontre 1":                             Inscription,
		"m'inscrire 1":                                              Inscription,
		"je veux m'inscrire à l'atelier 12":                         Inscription,
		"je ne viens pas 1":                                         Desistement,
		"je viens plus 1":                                           Desistement,
		"me désinscrire de la rencontre 1":                          Desistement,
		"je me désinscris du webinaire 1":                           Desistement,
		"je ne peux plus venir 1":                                   Desistement,
		"je ne peux pas venir 1":                                    Desistement,
		"je ne participe pas à la rencontre 1":                      Desistement,
		"annuler rencontre":                                         AnnulerRencontre,
		"annuler le webinaire":                                      AnnulerRencontre,
		"annuler le café-visio de jeudi":                            AnnulerRencontre,
		"annuler l'atelier 2":                                       AnnulerRencontre,
		"décaler le webinaire au mercredi 16 à 10h":                 ChangerRencontre,
		"reporter la rencontre 1 au 16 décembre":                    ChangerRencontre,
		"changer la date de l'atelier 2 : vendredi 18 décembre 14h": ChangerRencontre,
		"changer le nombre de places du webinaire 2 : 20 places":    ChangerRencontre,
		"inviter 06 39 98 12 34 Luc à l'atelier 2":                  InviterRencontre,
		"inscrire 06 39 98 12 34 Luc à l'atelier 2":                 InviterRencontre,
		"inscrits":                   Inscrits,
		"inscrits 3":                 Inscrits,
		"liste des inscrits":         Inscrits,
		"liste des inscrits 3":       Inscrits,
		"je ne peux pas venir le 12": "",
		"je viens à 10":              "",
		"je m'inscris":               "",
		"je participe":               "",
		"je ne peux pas venir":       "",
		"je peux venir à 10":         "",
		"venez avec votre ordi":      "",
		"je viens vous voir mardi 3": "",
		"inscrire Luc à la cantine":  "",
		"annuler l'atelier":          "",
		"changer la date":            "",
		"liste des courses":          "",
	} {
		m := rulebook().message(text, Context{Pro: true})
		if got := gatheringAct(m); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if asWord(m) != (want != "") {
			t.Errorf("%q in the thread of an usager: a command %v", text, asWord(m))
		}
	}
}

// TestWithoutGathering: what stays of an invitation is a number and a name.
func TestWithoutGathering(t *testing.T) {
	for text, want := range map[string]string{
		"inviter 06 39 98 12 34 Jeanne à l'atelier 3": "06 39 98 12 34 Jeanne",
		"inscrire 06 39 98 12 34 Luc à l'atelier 2":   "06 39 98 12 34 Luc",
	} {
		if got := WithoutGathering(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestGatheringNumber: the number of a gathering is not that of a day.
func TestGatheringNumber(t *testing.T) {
	for text, want := range map[string]int{
		"je viens 1": 1, "inscrits 3": 3, "liste des inscrits 12": 12, "changer la date de l'atelier 2 : vendredi 18 décembre 14h": 2,
		"annuler le webinaire": 0, "reporter le webinaire au mercredi 16": 0, "décaler le webinaire au mercredi 16 décembre à 10h": 0, "je m'inscris à la rencontre 1": 1,
	} {
		if got := GatheringNumber(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
