package intents

import "slices"

// Words of a closed answer, in the spelling of plain.
var (
	yesWords = setOf("oui ok accord volontiers absolument affirmatif evidemment carrement parfait exact entendu super yes top cool nickel 👍 ✅ 👌 💯 🆗 note")
	noWords  = setOf("non negatif jamais 👎 ❌ no 🚫 helas malheureusement")
	// around may stand beside a yes or a no without changing it.
	around = setOf(`merci madame monsieur svp desole beaucoup bonjour bonsoir salut cordialement sans souci probleme mme mr m
		je c est j ca marche avec plaisir sur pas si dieu veux inchallah allah a toute reponse reponds choix numero option
		tout fait bon ok oui non vous te il plait journee bonne et y mercii a bientot tous pour moi 🙏 😊 😀 🙂 ❤ va ira aller`)
	// changeWords answer an appointment like 3.
	changeWords = setOf("change modifie modifier reporte decale deplace")
	digitWords  = map[string]int{"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9}
	ordinals    = map[string]int{"premier": 1, "premiere": 1, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4,
		"cinquieme": 5, "sixieme": 6, "dernier": -2, "derniere": -2, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6}
)

// yesPhrases and noPhrases are closed answers of several words.
var (
	yesPhrases = [][]string{{"pourquoi", "pas"}, {"veux"}, {"sur"}, {"avec", "plaisir"}, {"tout", "fait"}, {"a", "fait"}, {"si", "vous", "voulez"}, {"sans", "souci"},
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

// closedAnswer reads a yes, a no or a number that the text begins with.
func closedAnswer(words []string, toks []token) answer {
	a := answer{digit: loneDigit(toks)}
	rest := words
	for len(rest) > 0 && (polite[rest[0]] || rest[0] == "bonjour") {
		rest = rest[1:]
	}
	yes, no := false, false
	for _, w := range rest {
		yes, no = yes || yesWords[w], no || noWords[w]
	}
	if len(rest) > 0 {
		a.yes, a.no = yesWords[rest[0]], noWords[rest[0]]
	}
	for _, p := range noPhrases {
		a.no = a.no || begins(rest, p)
	}
	for _, p := range yesPhrases {
		a.yes = a.yes || !a.no && begins(rest, p) && (len(p) > 1 || len(rest) == 1)
	}
	if len(rest) > 1 && noWords[rest[len(rest)-1]] && !yes {
		a.no = true
	}
	if len(rest) > 1 && rest[len(rest)-1] == "oui" && !no {
		a.yes = true
	}
	if a.no {
		a.yes = false
	}
	a.whole = !slices.ContainsFunc(rest, func(w string) bool {
		return !around[w] && !yesWords[w] && !noWords[w] && digitWords[w] == 0
	})
	return a
}

func begins(words, phrase []string) bool {
	return len(words) >= len(phrase) && slices.Equal(words[:len(phrase)], phrase)
}

// loneDigit returns the digit of "1", "1.", "le 1", "réponse 1", "1 oui", "1️⃣", 0 for other texts.
func loneDigit(toks []token) int {
	digit := 0
	for _, t := range toks {
		switch {
		case t.kind == number && digit == 0 && len(t.norm) == 1:
			digit = digitWords[t.norm]
		case t.kind == number:
			return 0
		case t.kind == sign:
		case !digitBeside[t.norm]:
			return 0
		}
	}
	return digit
}

// digitBeside may stand beside a lone digit.
var digitBeside = setOf("le la reponse choix numero option n no oui non je reponds prends merci svp bonjour ok changer tape")

// pick reads the choice of a numbered list: 1 to n, -1 for all of them, 0 for none.
func pick(words []string, toks []token, n int) int {
	if d := loneDigit(toks); d > 0 && d <= n {
		return d
	}
	for _, t := range toks {
		switch t.norm {
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
	if len(words) > 5 {
		return 0
	}
	for _, t := range toks {
		v := ordinals[t.norm]
		if v == -2 {
			v = n
		}
		if t.kind == number {
			v = atoi(t.norm)
		}
		if v > 0 && v <= n && (len(words) <= 3 || t.kind == word) {
			return v
		}
	}
	return 0
}

// before reports whether the word w stands right behind the word lead.
func before(toks []token, w, lead string) bool {
	for i := 1; i < len(toks); i++ {
		if toks[i].norm == w && toks[i-1].norm == lead {
			return true
		}
	}
	return false
}
