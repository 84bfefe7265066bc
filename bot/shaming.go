package bot

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What no text to an usager may say or hold: that she lives on the RSA, a link.

// shames tells whether a text names the RSA, or its beneficiaries (bRSA): never to an usager, whoever typed it, since a locked
// screen is read over the shoulder. Dots, spaces, hyphens, invisible characters and letters in disguise hide nothing.
func shames(text string) bool {
	if !maySpellIt(text) {
		return false
	}
	words := undressed(text)
	letters := strings.Join(words, "")
	return namesRSA(words) || strings.Contains(letters, "SOLIDARITEACTIVE") || strings.Contains(letters, "REVENUDESOLIDARITE")
}

// namesRSA tells whether the three letters are a word, with a number or in the plural, or letters that stand alone behind each other.
func namesRSA(words []string) bool {
	run := "" // single letters in a row, "R.S.A." or "R S A"
	for _, w := range words {
		switch {
		case utf8.RuneCountInString(w) == 1, w == "RS":
			run += w
		default:
			run = ""
		}
		w = strings.TrimSuffix(strings.TrimRight(w, "0123456789"), "S")
		if w == "RSA" || w == "BRSA" || strings.HasSuffix(run, "RSA") {
			return true
		}
	}
	return false
}

// undressed are the words of a text in capitals, as one reads them: no accents, nothing invisible, no letter in disguise.
func undressed(text string) []string {
	read := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			return -1
		}
		r = unicode.ToUpper(r)
		if latin, is := lookalikes[r]; is {
			return latin
		}
		return r
	}, norm.NFKD.String(text))
	return strings.FieldsFunc(read, notLetter)
}

// lookalikes are capitals of other alphabets, and small ones, that are read as Latin ones (Unicode, confusables: those of the words that are looked for).
var lookalikes = func() map[rune]rune {
	of := map[rune]rune{}
	for latin, others := range map[rune]string{'A': "АΑᎪᗅꓮꞼ", 'B': "ВΒᏴ", 'C': "СϹ", 'D': "Ꭰ", 'E': "ЕΕᎬ", 'I': "ІΙӀ", 'L': "Ꮮ", 'N': "Ν", 'O': "ОΟ", 'R': "ƦᎡᖇꓣꞦ", 'S': "ЅᏚꓢꜱ", 'T': "ТΤ", 'U': "Ս", 'V': "ѴᏙ"} {
		for _, r := range others {
			of[r] = latin
		}
	}
	return of
}()

// maySpellIt tells quickly whether a text may name it at all: the three letters follow each other with anything but letters between them, or it
// speaks of solidarity. Nearly no text does.
func maySpellIt(text string) bool {
	const wanted = "RSA"
	got, solid := 0, false
	for i, r := range text {
		if (r == 's' || r == 'S') && !solid {
			solid = len(text)-i >= len("solidarite") && strings.EqualFold(text[i:i+5], "solid")
		}
		r = unicode.ToUpper(r)
		switch {
		case dressed(r):
			return true // what it stands for is looked up
		case r == rune(wanted[got]):
			if got++; got == len(wanted) {
				return true
			}
		case r == 'R':
			got = 1
		case unicode.IsLetter(r):
			got = 0
		}
	}
	return solid
}

// dressed tells whether a character may be a letter in disguise: raised, in a circle, of another alphabet, of a mathematical one; or hides between letters.
func dressed(r rune) bool {
	return r > 0x24F && (unicode.IsLetter(r) || unicode.In(r, unicode.So, unicode.Sk, unicode.Lm, unicode.Mn, unicode.Me, unicode.Cf, unicode.No)) || r == 0xAD
}

// linkSigns finds a link: a scheme, www, a path behind a name of the Web, a shortener. The name of a site alone is what it is called: "ameli.fr".
var linkSigns = regexp.MustCompile(`https?:|\bwww\.|\b[a-z0-9-]+\.[a-z]{2,}/[^\s/]|\b(bit\.ly|tinyurl\.com|goo\.gl|urlz\.fr|is\.gd|cutt\.ly|rb\.gy|t\.ly)\b`)

// hasLink tells whether a text holds a link, which usagers are taught not to follow.
func hasLink(text string) bool { return linkSigns.MatchString(plain(text)) }
