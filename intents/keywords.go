package intents

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// stopWords are the words that end all messages when they begin a short text: STOP and what French gateways and people
// write for it. Only whole words count.
var stopWords = setOf("stop stopp stoppp stope arret arrets arrt arett aret desabonner desabonnement desinscription desinscrire stopsms")

// stopAlone end all messages only when nothing but politeness follows: "arrêter" also begins other sentences.
var stopAlone = setOf("arreter arretez arrete stoppe stopper stoppez stopez unsubscribe quit")

// stopNot follow "arrêt" when it is a sick leave, a bus stop or a heart attack.
var stopNot = setOf("travail maladie maladi bus car tram train cardiaque medical longue routier transports autocar")

// polite words change nothing.
var polite = setOf("merci svp stp s il te vous plait plais bonjour madame monsieur mme mr m mrc bonsoir")

// stopFiller says nothing beside STOP, and is not counted.
var stopFiller = setOf("sms message messages beaucoup bonne journee soiree cordialement salut au")

// exactStop reports whether a text is the keyword STOP: its first word, in at most four words, politeness and repetitions not
// counted, and not sent "par erreur".
func exactStop(words []string) bool {
	words = spelt(words)
	if len(words) > 1 && (words[0] == "se" || words[0] == "me") {
		words = words[1:]
	}
	if len(words) == 0 {
		return false
	}
	if stopAlone[words[0]] {
		return len(words) <= 4 && allIn(words[1:], polite)
	}
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return polite[w] || stopFiller[w] })
	if len(words) == 0 || !stopWords[words[0]] {
		return false
	}
	more := slices.DeleteFunc(words[1:], func(w string) bool { return w == words[0] })
	return len(more) < 4 && !slices.ContainsFunc(more, func(w string) bool { return w == "erreur" || near(w, "erreur") || stopNot[w] && words[0] != "stop" })
}

// saysStop reports whether a text holds the word STOP, wherever it stands.
func saysStop(words []string) bool {
	return slices.ContainsFunc(spelt(words), func(w string) bool { return strings.HasPrefix(w, "stop") && (stopWords[w] || stopAlone[w]) })
}

// spelt joins the letters of a STOP that is spelt out or broken up, "S T O P", "s.t.o.p merci", "s top".
func spelt(words []string) []string {
	joined, single := "", true
	for i, w := range words {
		if joined += w; len(joined) > longestStop {
			break
		}
		single = single && len(w) == 1
		if i > 0 && (joined == "stop" || single && stopWords[joined]) {
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
	case "retour":
		return Retour
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
			words = append(words, squeezed(disguised(t.norm)))
		case number:
			words = append(words, t.norm)
		}
	}
	return words
}

// disguised writes a word of Latin letters in which look-alikes of the Cyrillic alphabet stand in Latin ones.
func disguised(word string) string {
	if !strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) || !strings.ContainsFunc(word, func(r rune) bool { return r < unicode.MaxASCII }) {
		return word
	}
	return lookAlikes.Replace(word)
}

var lookAlikes = strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "т", "t", "у", "y", "х", "x", "к", "k", "м", "m", "н", "h", "в", "b", "і", "i", "ѕ", "s")

// signature is what a telephone or a mail program adds below a text.
var signature = regexp.MustCompile(`(?im)(^\s*--\s*$|\b(envoy[ée]e?s?|sent|provenance) (de|depuis|à partir de|via|avec|from|:)\s*(mon|ma|my|un|iphone|android|outlook|orange|sfr|yahoo|gmail)\b|^\s*(obtenez|get|télécharge[rz]?) outlook)`)

// unsigned is a text without its signature, unless that is all there is.
func unsigned(text string) string {
	if at := signature.FindStringIndex(text); at != nil && strings.TrimSpace(text[:at[0]]) != "" {
		return text[:at[0]]
	}
	return text
}
