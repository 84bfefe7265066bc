package intents

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
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
	for _, find := range []func(string, []token) []stretch{spelledOut, inWords, addresses, secrets} {
		text = replaced(text, find(text, tokenize(text)))
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
func spelledOut(text string, toks []token) (parts []stretch) {
	for i := 0; i < len(toks); i++ {
		last, n := i, 0
		for k := i; k < len(toks) && (oneLetter(text, toks[k]) || spellSigns[toks[k].norm]); k++ {
			if k > i && strings.ContainsAny(text[toks[last].end:toks[k].start], "'’‘`´") {
				break // "n'y a t il"
			}
			if last = k; toks[k].kind == word {
				n++
			}
		}
		for last > i && toks[last].kind != word {
			last--
		}
		if n >= leastSpelt && toks[i].kind == word {
			parts = append(parts, stretch{toks[i].start, toks[last].end, maskedName})
			i = last
		}
	}
	return parts
}

func oneLetter(text string, t token) bool {
	return t.kind == word && utf8.RuneCountInString(text[t.start:t.end]) == 1
}

// leastInWords is how many number words in a row are a number that may lead to somebody.
const leastInWords = 3

// inWords finds numbers in words: "zéro six trente neuf", "douze mars mille neuf cent cinquante". Months and signs may stand between.
func inWords(_ string, toks []token) (parts []stretch) {
	for i := 0; i < len(toks); i++ {
		last, n := i, 0
		for k := i; k < len(toks) && (spokenNumbers[toks[k].norm] || n > 0 && betweenNumbers(toks[k])); k++ {
			if spokenNumbers[toks[k].norm] {
				last, n = k, n+1
			}
		}
		if n >= leastInWords {
			parts = append(parts, stretch{toks[i].start, toks[last].end, "000"})
			i = last
		}
	}
	return parts
}

func betweenNumbers(t token) bool {
	return t.kind == number || numberJoins[t.norm]
}

// longestStreet is how many words behind "rue" are its name.
const longestStreet = 4

// addresses finds what follows "rue" and the like, up to a sign, a word that no street is called by, or four words.
func addresses(text string, toks []token) (parts []stretch) {
	for i := 0; i < len(toks); i++ {
		from := i + 1
		if toks[i].norm == "lieu" || toks[i].norm == "lieux" {
			if from < len(toks) && toks[from].norm == "-" {
				from++
			}
			if from == len(toks) || toks[from].norm != "dit" {
				continue
			}
			from++
		} else if !streetWords[toks[i].norm] {
			continue
		}
		if end := streetEnd(text, toks, from); end > from {
			parts = append(parts, stretch{toks[from].start, toks[end-1].end, maskedPlace})
			i = end - 1
		}
	}
	return parts
}

// streetEnd is the token after the name of a street that begins at token from; from when there is none.
func streetEnd(text string, toks []token, from int) int {
	end := from
	for n, k := 0, from; k < len(toks) && n < longestStreet; n++ {
		switch {
		case strings.HasPrefix(text[toks[k].start:], maskedName) && k+2 < len(toks):
			k += 3
			end = k
			continue
		case toks[k].kind == sign && toks[k].norm != "-", streetStops[toks[k].norm]:
			return end
		}
		k++
		if !particles[toks[k-1].norm] && toks[k-1].kind != sign {
			end = k
		}
	}
	return end
}

// secrets finds the one or two tokens that follow "mot de passe", "mdp", "code", "identifiant" or "plaque". What is said right behind "est" or a colon
// is one, whatever the word.
func secrets(text string, toks []token) (parts []stretch) {
	for i := 0; i < len(toks); i++ {
		if !secretWords[toks[i].norm] || toks[i].norm == "passe" && (i < 2 || toks[i-2].norm != "mot") {
			continue
		}
		k, told := i+1, false
		for k < len(toks) && secretJoins[toks[k].norm] {
			told = told || secretTells[toks[k].norm]
			k++
		}
		for n := 0; n < 2 && k < len(toks) && secret(text, toks[k], told && n == 0); n++ {
			start := toks[k].start
			end := len(text)
			if at := strings.IndexByte(text[start:], ' '); at >= 0 {
				end = start + at
			}
			parts = append(parts, stretch{start, end, maskedCode})
			for k < len(toks) && toks[k].start < end {
				k++
			}
		}
		i = k - 1
	}
	return parts
}

// secret reports whether what begins at a token may be a code: numbers alone become zeros anyway.
func secret(text string, t token, told bool) bool {
	typed, _, _ := strings.Cut(text[t.start:], " ")
	if strings.ContainsRune(typed, '[') || t.kind == sign || !strings.ContainsFunc(typed, unicode.IsLetter) {
		return false
	}
	if len(typed) > t.end-t.start && strings.ContainsFunc(typed, unicode.IsNumber) {
		return true // "Lulu50"
	}
	return !grammatical(t.norm) && !plainWords[t.norm] && !secretTopics[t.norm] && (told || commonCodes[t.norm] || !everyday(t.norm))
}
