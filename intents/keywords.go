package intents

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"passeur/intents/french"
)

// stopWords are the words that end all messages when they begin a short text: STOP and what French gateways and people
// write for it. Only whole words count.
var stopWords = french.WordSet("stop stopp stoppp stope stpo sotp sttop ssto stops стоп arret arrets arrt arett aret desabonner desabonnement desinscription desinscrire stopsms")

// stopAlone end all messages only when nothing but politeness follows: "arrêter" also begins other sentences.
var stopAlone = french.WordSet("arreter arretez arrete stoppe stopper stoppez stopez unsubscribe quit")

// polite words change nothing.
var polite = french.WordSet("merci svp stp s il te vous plait plais bonjour madame monsieur mme mr m mrc bonsoir")

// stopFiller says nothing beside STOP that would make it another thing.
var stopFiller = french.WordSet(`sms message messages texto textos rappel rappels relance relances notification notifications envoi envois pub pubs publicite publicites spam
	alerte alertes beaucoup bonne journee soiree cordialement salut a au aux les des de du d le la l ces cette ce vos votre tout toute tous toutes total
	telegram definitif definitivement maintenant immediatement immediat plus ok moi me please now ca suffit abonnement liste`)

// exactStop reports whether a text is the keyword STOP: its first word, with nothing beside it but politeness, repetitions and what one stops,
// messages. "Arrêt de bus", "stop aux arnaques" and "désabonnement Netflix" are about something else.
func exactStop(words []string) bool {
	words = spelt(words)
	if len(words) > 1 && (words[0] == "se" || words[0] == "me") {
		words = words[1:]
	}
	for len(words) > 0 && polite[words[0]] {
		words = words[1:]
	}
	if len(words) == 0 {
		return false
	}
	if stopAlone[words[0]] {
		return len(words) <= 4 && allIn(words[1:], polite)
	}
	stop := words[0]
	if !stopWords[stop] || len(words) > longestStopText {
		return false
	}
	return !slices.ContainsFunc(words[1:], func(w string) bool { return w != stop && !polite[w] && !stopFiller[w] })
}

// longestStopText is how many words STOP has beside it at most: whoever writes more says more.
const longestStopText = 12

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
var startBeside = french.WordSet("sms messages message rappels les des svp merci le la")

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

// network returns by which network an usager wants to be reached: TELEGRAM, PAR SMS, "je ne veux plus Telegram"; "" for any other text.
func network(words []string) Intent {
	refused := slices.ContainsFunc(words, func(w string) bool { return w == "pas" || w == "plus" })
	named := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return polite[w] || aroundNetwork[w] || refused && aroundNo[w] })
	if len(named) != 1 {
		return ""
	}
	switch named[0] {
	case "telegram", "telegramme", "telegrame":
		if refused {
			return ParSMS
		}
		return ParTelegram
	case "sms", "texto", "textos":
		if !refused { // "plus de SMS" is another thing
			return ParSMS
		}
	}
	return ""
}

// aroundNo may stand beside a network that is refused.
var aroundNo = french.WordSet("pas plus ne n de d")

// aroundNetwork may stand beside the name of a network.
var aroundNetwork = french.WordSet("par sur en via je veux voudrais prefere plutot messages message les des vos mes")

func allIn(words []string, set map[string]bool) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !set[w] })
}

// letters returns the folded words and numbers of a text, as the keywords need them: nothing cut, nothing undone but a drawl.
func letters(toks []french.Token) []string {
	words := make([]string, 0, len(toks))
	for _, t := range toks {
		switch t.Kind {
		case french.Word:
			words = append(words, french.Squeezed(disguised(t.Norm)))
		case french.Number:
			words = append(words, t.Norm)
		}
	}
	return words
}

// disguised writes a word of Latin letters in which look-alikes of the Cyrillic alphabet stand in Latin ones.
func disguised(word string) string {
	if !strings.ContainsFunc(word, func(r rune) bool { return r >= 0x400 && unicode.Is(unicode.Cyrillic, r) }) || !strings.ContainsFunc(word, func(r rune) bool { return r < unicode.MaxASCII }) {
		return word
	}
	return lookAlikes.Replace(word)
}

var lookAlikes = strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "т", "t", "у", "y", "х", "x", "к", "k", "м", "m", "н", "h", "в", "b", "і", "i", "ѕ", "s")

// signature is what a telephone or a mail program adds below a text.
var signature = regexp.MustCompile(`(?im)(^\s*--\s*$|\b(envoy[ée]e?s?|sent|provenance) (de|depuis|à partir de|via|avec|from|:)\s*(mon|ma|my|un|iphone|android|outlook|orange|sfr|yahoo|gmail)\b|^\s*(obtenez|get|télécharge[rz]?) outlook)`)

// signatureSigns stand in every signature: looking for them is quicker than the expression.
var signatureSigns = []string{"--", "nvoy", "NVOY", "ent ", "ENT ", "roven", "ROVEN", "utlook", "UTLOOK"}

// unsigned is a text without its signature, unless that is all there is.
func unsigned(text string) string {
	if !slices.ContainsFunc(signatureSigns, func(s string) bool { return strings.Contains(text, s) }) {
		return text
	}
	if at := signature.FindStringIndex(text); at != nil && strings.TrimSpace(text[:at[0]]) != "" {
		return text[:at[0]]
	}
	return text
}
