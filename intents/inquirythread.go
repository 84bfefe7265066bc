package intents

import (
	"slices"
	"strings"

	"passeur/intents/french"
)

// What is said in the thread of a question is short, and says less than it means: "je sais pas", "je regarde", "c'est bon j'ai trouvé". What such words mean
// depends on who says them.

// Words of those who were asked, folded, with nothing else but courtesy: they pass, or they will answer.
var (
	passing = wordings("je sais pas", "je ne sais pas", "je sais pas du tout", "aucune idee", "pas d idee", "pas la moindre idee", "pas le temps", "j ai pas le temps", "je n ai pas le temps",
		"pas moi", "non", "non plus", "moi non plus", "pas mieux", "je passe", "je passe mon tour", "je ne connais pas", "je connais pas", "ca je connais pas", "jamais eu le cas",
		"j en sais rien", "je n en sais rien", "moi non plus je sais pas", "je suis pas au courant", "je ne suis pas au courant", "pas mon domaine", "c est pas mon domaine")
	promising = wordings("je regarde", "je vais regarder", "je regarde ca", "je regarde et je te dis", "je regarde et je vous dis", "je te dis", "je te reponds", "je vous reponds", "je regarde ca cet aprem", "je regarde cet aprem", "je regarde ce soir", "je regarde demain",
		"je te reponds plus tard", "je te reponds ce soir", "je te reponds demain", "je te reponds cet aprem", "je te reponds cet apres midi", "je reponds cet apres midi", "je m en occupe", "je m en charge", "je prends", "je reponds", "je cherche")
)

// Words of who asked: an answer is the one, or is not, or she needs none any more.
var (
	satisfied = wordings("oui", "ca repond parfaitement", "c bon", "top merci", "impeccable", "oui ca repond", "ca repond bien", "ca repond a ma question", "super ca repond a ma question", "parfait", "parfait ca marche", "ca marche", "ok ca marche", "nickel", "resolu",
		"ok super", "super", "genial", "top", "c est ca", "c est bon", "oui c est ca")
	unsatisfied = wordings("non", "non ca ne repond pas", "ca ne repond pas a ma question", "ca repond pas a ma question", "ca a pas marche", "ca n a pas marche", "aucune", "aucune ne convient", "aucune ne repond", "ca marche pas", "ca ne marche pas", "ca ne marche toujours pas", "ca n aide pas", "ca ne repond pas vraiment", "ca repond pas vraiment", "pas vraiment", "non pas vraiment",
		"mais ca ne marche pas", "mais ca marche pas")
	needless = wordings("c est bon j ai trouve", "j ai trouve", "j ai trouve toute seule", "j ai trouve tout seul", "j ai ma reponse", "laisse tomber", "laissez tomber", "laisse tomber j ai trouve", "laisse j ai trouve", "annule", "annuler", "annule ma question",
		"annule la question", "supprime ma question", "supprimer ma question", "retirer", "retire ma question", "plus besoin", "je n en ai plus besoin", "question reglee", "question resolue", "c est regle")
	wanting = wordings("relancer", "relance", "personne ne repond", "personne", "toujours rien", "ou en est ma question", "des nouvelles")
)

// courtesy is what may stand around such words.
var courtesy = french.WordSet("desole desolee merci pardon dsl sorry ok oui non bonjour salut beaucoup bien finalement svp stp ah oh euh super")

// smallTalk are words that say nothing of a matter either, beside those of french.EmptyWords: of knowing, of having time, of who else may know, of thanks.
var smallTalk = french.WordSet(`ok okay dac accord desole desolee dsl sorry navre navree pardon merci mercii bcp thanks super top genial parfait parfaitement cool nickel bon bonne bravo courage chance hein bah ben bof euh
	ah oh lol mdr hello hey helas malheureusement perso personnellement sais sait savais connais connait connaissais connaissez regarde regarder regarderai regardes cherche chercherai reponds repond
	repondre repondrai repondu repondent dirai redis redirai reviens tour domaine rayon partie truc specialite dispo disponible indispo moment temps minute instant heure bientot rdv permanence perm
	atelier reunion conge conges vacances route courant vois voyez demande demandez demander passe passer laisse laisser aprem midi soir matin semaine lundi mardi mercredi jeudi vendredi occupe
	occupee occuper charge prends reste attente cas eu jamais collegue collegues compris note vu lu recu pense penser crois croire sure surement certaine certains marche marchait marcher
	fonctionne aide aider aidee resolu reglee regle reussi tombe tomber annule annuler retire retirer relance relancer nouvelles suite besoin vraiment finalement mieux bonjour`)

// SaysNothing tells whether a text says nothing of any matter: only that somebody knows or does not know, has time or none, is pleased or not. No word of it is about
// anything else.
func SaysNothing(text string) bool {
	words := 0
	for _, w := range french.Tokenize(french.Opening(text)) {
		if w.Kind == french.Sign {
			continue
		}
		words++
		if len(w.Norm) > 1 && !french.EmptyWords[w.Norm] && !smallTalk[w.Norm] && !courtesy[w.Norm] {
			return false
		}
	}
	return words > 0
}

// telling are folded words that begin an answer: what somebody is told to do.
var telling = []string{"tu peux", "tu dois", "tu vas", "tu fais", "vous pouvez", "vous devez", "il faut", "faut", "il suffit", "on peut", "il y a", "essaie", "essaye", "essayez", "c est dans", "c est sur", "ca se fait",
	"tu as essaye", "tu trouves", "ca depend", "normalement", "chez moi", "moi je", "j ai eu le cas", "dans les", "dans l", "sur le site", "avec"}

// TellsHow tells whether a text begins as an answer does, "tu peux…", "il faut…", and says nothing of what its writer wants to do herself.
func TellsHow(text string) bool {
	words := slices.DeleteFunc(french.Tokenize(french.Opening(text)), func(w french.Token) bool { return w.Kind == french.Sign })
	for _, mine := range []string{"faut que je", "faut que j", "il faut que je", "il faut que j", "tu peux me", "tu peux m", "vous pouvez me", "vous pouvez m"} {
		if _, begins := beginsWith(words, mine); begins {
			return false
		}
	}
	return slices.ContainsFunc(telling, func(form string) bool { _, begins := beginsWith(words, form); return begins })
}

// AsksBack tells whether a text is a question.
func AsksBack(text string) bool { return strings.HasSuffix(strings.TrimSpace(text), "?") }

// wordings are some wordings, by their folded words.
func wordings(all ...string) map[string]bool {
	out := map[string]bool{}
	for _, w := range all {
		out[w] = true
	}
	return out
}

// ReadAsked is what words of somebody who was asked a question mean in its thread: PasMoi, JeReponds, or "" an answer.
func ReadAsked(text string) Intent {
	switch {
	case saidOnly(text, passing):
		return PasMoi
	case saidOnly(text, promising):
		return JeReponds
	}
	return ""
}

// ReadAsker is what words of who asked mean in the thread of her question: CaRepond or NeRepondPas, RetirerQuestion, RelancerQuestion, or "" something for
// her colleagues.
func ReadAsker(text string) Intent {
	for _, read := range []struct {
		words map[string]bool
		act   Intent
	}{{needless, RetirerQuestion}, {wanting, RelancerQuestion}, {unsatisfied, NeRepondPas}, {satisfied, CaRepond}} {
		if saidOnly(text, read.words) {
			return read.act
		}
	}
	return ""
}

// saidOnly tells whether a text is one of some wordings, but for courtesy before and behind it.
func saidOnly(text string, words map[string]bool) bool {
	var said []string
	for _, w := range french.Tokenize(french.Opening(text)) {
		if w.Kind != french.Sign {
			said = append(said, w.Norm)
		}
	}
	for from := range said {
		for to := len(said); to > from; to-- {
			if words[strings.Join(said[from:to], " ")] && allIn(said[:from], courtesy) && allIn(said[to:], courtesy) {
				return true
			}
		}
	}
	return false
}
