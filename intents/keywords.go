package intents

import "slices"

// stopWords are the words that end all messages when they begin a short text: STOP and what French gateways and people
// write for it. Only whole words count.
var stopWords = setOf("stop stopp stoppp arret arrets desabonner desabonnement desinscription desinscrire stopsms")

// stopAlone end all messages only when nothing but politeness follows: "arrêter" also begins other sentences.
var stopAlone = setOf("arreter arretez arrete unsubscribe quit")

// stopNot follow "arrêt" when it is a sick leave, a bus stop or a heart attack.
var stopNot = setOf("travail maladie maladi bus car tram train cardiaque medical longue routier transports autocar")

// polite words change nothing.
var polite = setOf("merci svp stp s il te vous plait plais bonjour madame monsieur mme mr m mrc bonsoir")

// exactStop reports whether a text is the keyword STOP: its first word, in at most four words, not sent "par erreur".
func exactStop(words []string) bool {
	words = spelt(words)
	if len(words) > 1 && (words[0] == "se" || words[0] == "me") {
		words = words[1:]
	}
	if len(words) == 0 || len(words) > 4 {
		return false
	}
	if stopAlone[words[0]] {
		return allIn(words[1:], polite)
	}
	if !stopWords[words[0]] {
		return false
	}
	return !slices.ContainsFunc(words[1:], func(w string) bool { return w == "erreur" || near(w, "erreur") || stopNot[w] && words[0] != "stop" })
}

// spelt joins the letters of a STOP that is spelt out, "S T O P", "s.t.o.p merci".
func spelt(words []string) []string {
	joined := ""
	for i, w := range words {
		if len(w) != 1 || i == longestStop {
			break
		}
		if joined += w; stopWords[joined] {
			return append([]string{joined}, words[i+1:]...)
		}
	}
	return words
}

// longestStop is how many letters the longest of stopWords has.
const longestStop = len("desinscription")

// exactStart reports whether a text is the keyword START.
func exactStart(words []string) bool {
	if len(words) == 0 || len(words) > 4 {
		return false
	}
	switch words[0] {
	case "start", "reprise", "reprendre", "restart", "startt":
		return allIn(words[1:], startBeside)
	}
	return false
}

// startBeside may stand beside START.
var startBeside = setOf("sms messages message rappels les des svp merci le la")

// keyword returns the intent of QUI, EFFACER and AIDE, "" for any other text.
func keyword(words []string) Intent {
	if len(words) == 0 || !allIn(words[1:], polite) {
		return ""
	}
	switch words[0] {
	case "qui", "ki":
		return Identite
	case "effacer", "effacez", "efface":
		return Effacement
	case "aide", "help", "menu":
		return Aide
	}
	return ""
}

func allIn(words []string, set map[string]bool) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !set[w] })
}

// letters returns the folded words and numbers of a text, as the keywords need them: nothing cut, nothing undone but a drawl.
func letters(toks []token) []string {
	words := make([]string, 0, len(toks))
	for _, t := range toks {
		switch t.kind {
		case word:
			words = append(words, squeezed(t.norm))
		case number:
			words = append(words, t.norm)
		}
	}
	return words
}
