package intents

import (
	"strings"

	"passeur/intents/french"
)

// What is said in the thread of a question is short, and says less than it means: "je sais pas", "je regarde", "c'est bon j'ai trouvé". What such words mean
// depends on who says them.

// Words of those who were asked, folded, with nothing else but courtesy: they pass, or they will answer.
var (
	passing = wordings("je sais pas", "je ne sais pas", "je sais pas du tout", "aucune idee", "pas d idee", "pas la moindre idee", "pas le temps", "j ai pas le temps", "je n ai pas le temps",
		"pas moi", "non", "non plus", "moi non plus", "pas mieux", "je passe", "je ne connais pas", "je connais pas", "jamais eu le cas")
	promising = wordings("je regarde", "je vais regarder", "je regarde ca", "je regarde et je te dis", "je regarde et je vous dis", "je te dis", "je te reponds", "je vous reponds", "plus tard",
		"je te reponds plus tard", "je te reponds cet apres midi", "je reponds cet apres midi", "je m en occupe", "je m en charge", "je prends", "je reponds", "je cherche")
)

// Words of who asked: an answer is the one, or is not, or she needs none any more.
var (
	satisfied = wordings("oui", "oui ca repond", "ca repond bien", "ca repond a ma question", "super ca repond a ma question", "parfait", "parfait ca marche", "ca marche", "ok ca marche", "nickel", "resolu",
		"ok super", "super", "genial", "top", "c est ca", "c est bon", "oui c est ca")
	unsatisfied = wordings("non", "ca marche pas", "ca ne marche pas", "ca ne marche toujours pas", "ca n aide pas", "ca ne repond pas vraiment", "ca repond pas vraiment", "pas vraiment", "non pas vraiment",
		"mais ca ne marche pas", "mais ca marche pas")
	needless = wordings("c est bon j ai trouve", "j ai trouve", "j ai trouve toute seule", "j ai trouve tout seul", "j ai ma reponse", "laisse tomber", "laissez tomber", "annule", "annuler", "annule ma question",
		"annule la question", "supprime ma question", "supprimer ma question", "retirer", "retire ma question", "plus besoin", "je n en ai plus besoin", "question reglee", "question resolue", "c est regle")
	wanting = wordings("relancer", "relance", "personne ne repond", "personne", "toujours rien", "ou en est ma question", "des nouvelles")
)

// courtesy is what may stand around such words.
var courtesy = french.WordSet("desole desolee merci pardon dsl sorry ok oui non bonjour salut beaucoup bien finalement svp stp ah oh euh super")

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
