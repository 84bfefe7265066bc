package mask

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"passeur/intents/french"
)

// What is masked as a whole, whatever its words are: addresses, codes, numbers in words, names that are spelt out.

var (
	nonLatin = regexp.MustCompile(`[\pL\pM]*[^\PL\p{Latin}][\pL\pM]*`) // scripts that may have no capitals
	saidMail = regexp.MustCompile(`(?i)(?:\S+ (?:point|tiret) )*\S+ arobas?e? \S+(?: (?:point|tiret) \S+)*|` +
		`\S+ chez (?:` + mailHouses + `)(?: point |[ .])(?:fr|com|net|org)\b`)
	plate = regexp.MustCompile(`\b(?:[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}|[a-z]{2}-?\d{3}-?[a-z]{2})\b`)
)

// mailHouses are who people have their mail with.
const mailHouses = "orange|gmail|wanadoo|free|sfr|hotmail|outlook|yahoo|laposte|live|icloud|bbox|neuf|protonmail|bouygues"

// stretch is a part of a text, in bytes, and what stands in its place.
type stretch struct {
	start, end int
	by         string
}

// maskWholes masks what begins with a word that announces it, one kind after the other.
func maskWholes(text string) string {
	for _, find := range []func(string, []french.Token) []stretch{spelledOut, inWords, addresses, secrets} {
		text = replaced(text, find(text, french.Tokenize(text)))
	}
	return text
}

func replaced(text string, parts []stretch) string {
	var b strings.Builder
	end := 0
	for _, p := range parts {
		if p.start < end {
			continue
		}
		b.WriteString(text[end:p.start])
		b.WriteString(p.by)
		end = p.end
	}
	return b.String() + text[end:]
}

// leastSpelt is how many single letters in a row are a name that is spelt out.
const leastSpelt = 4

// spelledOut finds single letters in a row: "J e a n n e", "d.u.p.o.n.t".
func spelledOut(text string, toks []french.Token) (parts []stretch) {
	for i := 0; i < len(toks); i++ {
		last, n := i, 0
		for k := i; k < len(toks) && (oneLetter(text, toks[k]) || spellSigns[toks[k].Norm]); k++ {
			if k > i && strings.ContainsAny(text[toks[last].End:toks[k].Start], "'’‘`´") {
				break // "n'y a t il"
			}
			if last = k; toks[k].Kind == french.Word {
				n++
			}
		}
		for last > i && toks[last].Kind != french.Word {
			last--
		}
		if n >= leastSpelt && toks[i].Kind == french.Word {
			parts = append(parts, stretch{toks[i].Start, toks[last].End, maskedName})
			i = last
		}
	}
	return parts
}

func oneLetter(text string, t french.Token) bool {
	return t.Kind == french.Word && utf8.RuneCountInString(text[t.Start:t.End]) == 1
}

// leastInWords is how many number words in a row are a number that may lead to somebody.
const leastInWords = 3

// inWords finds numbers in words: "zéro six trente neuf", "douze mars mille neuf cent cinquante". Months and signs may stand between.
func inWords(_ string, toks []french.Token) (parts []stretch) {
	for i := 0; i < len(toks); i++ {
		last, n := i, 0
		for k := i; k < len(toks) && (spokenNumbers[toks[k].Norm] || n > 0 && betweenNumbers(toks[k])); k++ {
			if spokenNumbers[toks[k].Norm] {
				last, n = k, n+1
			}
		}
		if n >= leastInWords {
			parts = append(parts, stretch{toks[i].Start, toks[last].End, "000"})
			i = last
		}
	}
	return parts
}

func betweenNumbers(t french.Token) bool {
	return t.Kind == french.Number || numberJoins[t.Norm]
}

// longestStreet is how many words behind "rue" are its name.
const longestStreet = 4

// addresses finds what follows "rue" and the like, up to a sign, a word that no street is called by, or four words.
func addresses(text string, toks []french.Token) (parts []stretch) {
	for i := 0; i < len(toks); i++ {
		from := i + 1
		if toks[i].Norm == "lieu" || toks[i].Norm == "lieux" {
			if from < len(toks) && toks[from].Norm == "-" {
				from++
			}
			if from == len(toks) || toks[from].Norm != "dit" {
				continue
			}
			from++
		} else if !streetWords[toks[i].Norm] {
			continue
		}
		if end := streetEnd(text, toks, from); end > from {
			parts = append(parts, stretch{toks[from].Start, toks[end-1].End, maskedPlace})
			i = end - 1
		}
	}
	return parts
}

// streetEnd is the token after the name of a street that begins at token from; from when there is none.
func streetEnd(text string, toks []french.Token, from int) int {
	end := from
	for n, k := 0, from; k < len(toks) && n < longestStreet; n++ {
		switch {
		case strings.HasPrefix(text[toks[k].Start:], maskedName) && k+2 < len(toks):
			k += 3
			end = k
			continue
		case toks[k].Kind == french.Sign && toks[k].Norm != "-", streetStops[toks[k].Norm]:
			return end
		}
		k++
		if !french.Particles[toks[k-1].Norm] && toks[k-1].Kind != french.Sign {
			end = k
		}
	}
	return end
}

// secrets finds the one or two tokens that follow "mot de passe", "mdp", "code", "identifiant" or "plaque". What is said right behind "est" or a colon
// is one, whatever the word.
func secrets(text string, toks []french.Token) (parts []stretch) {
	for i := 0; i < len(toks); i++ {
		if !secretWords[toks[i].Norm] || toks[i].Norm == "passe" && (i < 2 || toks[i-2].Norm != "mot") {
			continue
		}
		k, told := i+1, false
		for k < len(toks) && secretJoins[toks[k].Norm] {
			told = told || secretTells[toks[k].Norm]
			k++
		}
		for n := 0; n < 2 && k < len(toks) && secret(text, toks[k], told && n == 0); n++ {
			start := toks[k].Start
			end := len(text)
			if at := strings.IndexByte(text[start:], ' '); at >= 0 {
				end = start + at
			}
			parts = append(parts, stretch{start, end, maskedCode})
			for k < len(toks) && toks[k].Start < end {
				k++
			}
		}
		i = k - 1
	}
	return parts
}

// secret reports whether what begins at a token may be a code: numbers alone become zeros anyway.
func secret(text string, t french.Token, told bool) bool {
	typed, _, _ := strings.Cut(text[t.Start:], " ")
	if strings.ContainsRune(typed, '[') || t.Kind == french.Sign || !strings.ContainsFunc(typed, unicode.IsLetter) {
		return false
	}
	if len(typed) > t.End-t.Start && strings.ContainsFunc(typed, unicode.IsNumber) {
		return true // "Lulu50"
	}
	return !grammatical(t.Norm) && !plainWords[t.Norm] && !secretTopics[t.Norm] && (told || commonCodes[t.Norm] || !everyday(t.Norm))
}
