package intents

import (
	"slices"
	"strings"

	"passeur/intents/dates"
	"passeur/intents/french"
)

// Words of a closed answer, in the spelling of plain.
var (
	yesWords = french.WordSet("compris oui ok accord volontiers absolument affirmatif evidemment carrement parfait exact entendu super yes top cool nickel 👍 ✅ 👌 💯 🆗 note")
	noWords  = french.WordSet("non negatif jamais 👎 ❌ no 🚫 helas malheureusement")
	// around may stand beside a yes or a no without changing it.
	around = french.WordSet(`soucis merci madame monsieur svp desole beaucoup bonjour bonsoir salut cordialement sans souci probleme mme mr m
		je c est j ca marche avec plaisir sur si dieu veux inchallah allah a toute reponse reponds choix numero option
		tout fait bon ok oui non vous te il plait journee bonne et y mercii a bientot tous pour moi 🙏 😊 😀 🙂 ❤ va ira aller`)
	// changeWords answer an appointment like 3.
	changeWords = french.WordSet("change modifie modifier reporte decale deplace")
	digitWords  = map[string]int{"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9}
)

// yesPhrases and noPhrases are closed answers of several words.
var (
	yesPhrases = [][]string{{"pourquoi", "pas"}, {"je", "veux"}, {"sur"}, {"avec", "plaisir"}, {"tout", "a", "fait"}, {"si", "vous", "voulez"}, {"sans", "souci"},
		{"sans", "probleme"}, {"ca", "marche"}, {"c", "bon"}, {"c", "est", "bon"}, {"entendu"}, {"a", "demain"}}
	noPhrases = [][]string{{"pas", "maintenant"}, {"pas", "besoin"}, {"pas", "peine"}, {"certainement", "pas"}, {"surement", "pas"}, {"surtout", "pas"},
		{"absolument", "pas"}, {"ca", "ira"}, {"ca", "va", "aller"}, {"pas", "question"}, {"pas", "interesse"}, {"plus", "tard"}, {"pas", "du", "tout"}}
)

// answer is what a text says to a closed question.
type answer struct {
	yes, no bool
	whole   bool // nothing else is said
	digit   int  // the text is this number and nothing else, or begins with it: "1", "1 oui", "réponse 2"
}

// wavering are the words of which a text that says no and yes may consist.
var wavering = french.WordSet("oui non mais si ah ok euh bon merci enfin")

// finePhrases are a yes to an open question, and mere politeness without one.
var finePhrases = [][]string{{"no", "probleme"}, {"non", "probleme"}, {"pas", "probleme"}, {"pas", "souci"}, {"pas", "soucis"}, {"aucun", "probleme"}, {"aucun", "souci"}}

// leads may stand before "pas de problème" and the like.
var leads = [][]string{{"c", "est"}, {"il", "y", "a"}, {"y", "a"}, {"ya"}, {"il", "ya"}}

// closedAnswer reads a yes, a no or a number that the text begins with. open says whether a question waits for it.
func closedAnswer(words []string, toks []french.Token, open bool) answer {
	a := answer{digit: loneNumber(toks)}
	rest := words
	for len(rest) > 0 && (polite[rest[0]] || rest[0] == "bonjour") {
		rest = rest[1:]
	}
	for _, lead := range leads {
		if begins(rest, lead) && len(rest) > len(lead) && (rest[len(lead)] == "pas" || rest[len(lead)] == "aucun") {
			rest = rest[len(lead):]
		}
	}
	for _, p := range finePhrases {
		if begins(rest, p) {
			return answer{yes: open, whole: len(rest) == 2 || allIn(rest[2:], around)}
		}
	}
	a.yes, a.no = yesOrNo(rest)
	a.whole = true
	if a.yes && slices.ContainsFunc(rest, func(w string) bool { return noWords[w] }) || a.no && slices.ContainsFunc(rest, func(w string) bool { return yesWords[w] }) {
		a.whole = false // "✅❌", "non 👍"
	}
	for i, w := range rest {
		harmless := w == "pas" && i+1 < len(rest) && (rest[i+1] == "probleme" || strings.HasPrefix(rest[i+1], "souci"))
		a.whole = a.whole && (harmless || around[w] || yesWords[w] || noWords[w] || digitWords[w] > 0)
	}
	return a
}

// yesOrNo reads the yes or no with which words begin or end.
func yesOrNo(rest []string) (yes, no bool) {
	if len(rest) == 0 {
		return false, false
	}
	yes, no = yesWords[rest[0]], noWords[rest[0]]
	last := rest[len(rest)-1]
	if yes && last == "non" { // "oui mais non" is neither, "oui, bien sûr que non" a no.
		return false, rest[len(rest)-2] == "que"
	}
	if no && slices.Contains(rest, "oui") && allIn(rest, wavering) || yes && slices.Contains(rest, "non") { // "non mais oui", "oui, non désolé"
		return false, false
	}
	no = no || last == "non" && !slices.ContainsFunc(rest, func(w string) bool { return yesWords[w] })
	yes = yes || last == "oui" && !slices.ContainsFunc(rest, func(w string) bool { return noWords[w] })
	for _, p := range noPhrases {
		no = no || begins(rest, p)
	}
	for _, p := range yesPhrases {
		yes = yes || begins(rest, p) && (len(p) > 2 || len(rest) <= len(p)+1 && allIn(rest[len(p):], polite))
	}
	return yes && !no, no
}

func begins(words, phrase []string) bool {
	return len(words) >= len(phrase) && slices.Equal(words[:len(phrase)], phrase)
}

// loneNumber returns the number of "1", "1.", "le 1", "réponse 1", "1 oui", "1️⃣", 0 for other texts.
func loneNumber(toks []french.Token) int {
	digit := 0
	for _, t := range toks {
		switch {
		case t.Kind == french.Number && digit == 0 && len(t.Norm) <= 2 && french.Atoi(t.Norm) > 0:
			digit = french.Atoi(t.Norm)
		case t.Kind == french.Number:
			return 0
		case t.Kind == french.Sign:
		case !digitBeside[t.Norm]:
			return 0
		}
	}
	return digit
}

// allNumbers tells whether a text is all numbers of a list and no other words: "1 et 2", "1, 2 et 3".
func allNumbers(toks []french.Token, n int) bool {
	next := 1
	for _, t := range toks {
		switch {
		case t.Kind == french.Number && french.Atoi(t.Norm) == next:
			next++
		case t.Kind != french.Sign && t.Norm != "et":
			return false
		}
	}
	return next == n+1
}

// digitBeside may stand beside a lone digit.
var digitBeside = french.WordSet("le la reponse choix choisis prefere numero option n no oui non je reponds prends merci svp bonjour ok changer tape")

// pick reads the choice of a numbered list: 1 to n, -1 for all of them, 0 for none.
func pick(words []string, toks []french.Token, n int) int {
	if d := loneNumber(toks); d > 0 && d <= n {
		return d
	}
	if n > 1 && allNumbers(toks, n) {
		return -1
	}
	for _, t := range toks {
		switch t.Norm {
		case "deux":
			if before(toks, "deux", "les") || before(toks, "deux", "tous") || before(toks, "deux", "toutes") {
				return -1
			}
		case "tous", "toutes", "tout":
			if len(words) <= 4 {
				return -1
			}
		}
	}
	if len(words) > 4 || loneNumber(toks) > 0 {
		return 0
	}
	for i, t := range toks {
		v := dates.Ordinals[t.Norm]
		if (t.Norm == "un" || t.Norm == "une") && slices.ContainsFunc(toks[i+1:], func(next french.Token) bool { return next.Kind != french.Sign && !polite[next.Norm] }) {
			continue // an article: "un autre jour"
		}
		if v == -2 {
			v = n
		}
		if v > 0 && v <= n && (len(words) <= 2 || strings.HasSuffix(t.Norm, "eme") || strings.HasPrefix(t.Norm, "premi") || strings.HasPrefix(t.Norm, "derni")) {
			return v
		}
	}
	return 0
}

// before reports whether the word w stands right behind the word lead.
func before(toks []french.Token, w, lead string) bool {
	for i := 1; i < len(toks); i++ {
		if toks[i].Norm == w && toks[i-1].Norm == lead {
			return true
		}
	}
	return false
}

// acknowledging words close a talk, those of politeAround stand beside them.
var (
	acknowledging = french.WordSet("ok okay oki okey accord dac entendu compris parfait super nickel merci note recu marche bon souci soucis probleme problemes")
	politeAround  = french.WordSet("d c est ca va pas de tres bien beaucoup bonne journee soiree week end weekend fin a vous aussi pareillement bientot au revoir madame monsieur mme m je j ai moi pour tout cordialement reponse votre")
	thumbs        = "👍👌🙏✅🙂😊☺"
)

// Acknowledges reports whether a text only takes note of what was said, and says goodbye: "ok merci", "d'accord", "👍". A bare yes or no is none; yes tells
// that one stands beside it, "oui merci": which of the two is meant, a person reads.
func Acknowledges(text string) (note, yes bool) {
	toks := french.Tokenize(french.Opening(text))
	for i, t := range toks {
		switch {
		case t.Kind == french.Number, t.Norm == "?":
			return false, false
		case t.Norm == "pas" && !slices.ContainsFunc(toks[i+1:min(i+3, len(toks))], func(w french.Token) bool {
			return strings.HasPrefix(w.Norm, "souci") || strings.HasPrefix(w.Norm, "probleme")
		}):
			return false, false // "ça marche pas"
		case t.Kind == french.Sign:
			note = note || strings.Contains(thumbs, t.Norm)
		case t.Norm == "oui":
			yes = true
		case acknowledging[t.Norm]:
			note = true
		case !politeAround[t.Norm]:
			return false, false
		}
	}
	return note, note && yes
}

// BareYes reports whether a text says yes and nothing else, politeness aside: what cannot be undone asks for it.
func BareYes(text string) bool {
	m := rulebook().message(unsigned(french.Opening(text)), Context{Open: "ouinon"})
	a := closedAnswer(m.words, m.toks, true)
	return a.yes && a.whole && a.digit == 0 && !m.question
}
