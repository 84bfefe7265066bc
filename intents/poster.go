package intents

import (
	"slices"

	"passeur/intents/french"
)

// posterAct is Affiche for "affiche", "l'affiche de la permanence 2", "affiche mairie de Périers"; "" for anything else. "affiche" also begins
// orders to show something, and sentences.
func posterAct(words []string) Intent {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return polite[w] })
	for len(words) > 1 && beforePoster[words[0]] {
		words = words[1:]
	}
	if len(words) == 0 || len(words) > 8 || words[0] != "affiche" || slices.ContainsFunc(words, func(w string) bool { return isShown[w] }) {
		return ""
	}
	return Affiche
}

var (
	beforePoster = french.WordSet("l la mon une cette imprimer imprime")
	isShown      = french.WordSet("modele modeles est sera etait sont je tu on vous nous il elle qui que atelier fete mes nos les des tous toutes moi liste menu aide commande commandes rdv rendez agenda calendrier planning permanences territoire mandats reglages pas plus")
)
