package dates

import (
	"slices"
	"strings"

	"passeur/intents/french"
)

// ear appends to buf what a folded word sounds like, more roughly than french.Sound does, since only the few words of dates are to be told
// apart: a mute e, an é and an ai are nothing, the nasal vowels are one, and letters that are not heard at its end are dropped. "désenbre" and "dessambre" are "décembre", "matain" and "maten" are "matin".
func ear(buf []byte, w string) []byte {
	if mute := strings.TrimRight(w, "stdxp"); len(mute) > 1 && len(w) > 3 {
		w = mute
	}
	w = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(w, "er"), "ez"), "e")
	last := "" // the sound before, of which two in a row are one
	for len(w) > 0 {
		sound, n := w[:1], 1
		for _, r := range earRules[w[0]] {
			if strings.HasPrefix(w, r.letters) && (r.sound != "N" || closedBy(w[len(r.letters):])) {
				sound, n = r.sound, r.n
				break
			}
		}
		if sound != last {
			buf = append(buf, sound...)
		}
		last, w = sound, w[n:]
	}
	return buf
}

// closedBy reports whether a vowel before n or m is nasal when rest follows them.
func closedBy(rest string) bool {
	return rest == "" || !strings.ContainsRune("aeiouynm", rune(rest[0]))
}

// earRule is a sound and the letters that it is written with, of which it takes the first n.
type earRule struct {
	letters, sound string
	n              int
}

// earRules are the sounds by their first letter; the first that fits is the one. A letter before "-" is only looked at.
var earRules = earRulesOf("ain N aim N an N am N au o ai ", "ein N eim N eau o en N em N eu  ei  e ", "in N im N ien iN", "yn N ym N y i", "un N um N",
	"on N om N oin WN oi W oa W ou u oeu ", "wa W w u", "ch C ce- s ci- s cy- s c k", "sh C ss s", "z s", "qu k q k", "h ", "ph f pt t", "ge- j gi- j gu g", "x s")

func earRulesOf(rows ...string) (out [256][]earRule) {
	for _, row := range rows {
		f := strings.Split(row, " ")
		for k := 0; k+1 < len(f); k += 2 {
			letters, looked := strings.CutSuffix(f[k], "-")
			out[f[k][0]] = append(out[f[k][0]], earRule{letters, f[k+1], len(letters) - french.Bit(looked)})
		}
	}
	return out
}

// heardWords finds words by what they sound like.
type heardWords map[string]string

func heardOf(words ...string) heardWords {
	out := heardWords{}
	for _, w := range words {
		out[string(ear(nil, w))] = w
	}
	return out
}

// find returns the word that a misspelt one sounds like, "" for none.
func (h heardWords) find(w string) string {
	var buf [24]byte
	if len(w) > len(buf)-8 {
		return ""
	}
	return h[string(ear(buf[:0], w))]
}

// The words that are known by their sound: some wherever they stand, the numbers before an hour word or a month, the months behind a number.
var (
	heardAnywhere = heardOf("matin", "soir", "demain", "apredemain", "apresdemain", "prochain", "prochaine", "semaine", "aujourdhui", "lundi", "mardi", "mercredi", "vendredi", "samedi", "dimanche")
	heardNumbers  = heardOf("trois", "quatre", "cinq", "six", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "vingt", "trente", "quarante")
	heardMonths   = heardOf("janvier", "fevrier", "avril", "septembre", "octobre", "novembre", "decembre")
)

// heard makes two tokens of words written as one, a sign of a dictated one, and a zero of the O in "9h3O".
func heard(toks []french.Token) []french.Token {
	for i := 0; i < len(toks); i++ {
		if toks[i].Kind == french.Word {
			toks = reword(toks, i)
		}
	}
	return toks
}

// reword does for the word at token i what heard does for all.
func reword(toks []french.Token, i int) []french.Token {
	t := &toks[i]
	next := ""
	if i+1 < len(toks) {
		next = toks[i+1].Norm
	}
	switch digits := i > 0 && toks[i-1].Kind == french.Number; {
	case t.Norm == "virgule":
		t.Kind, t.Norm = french.Sign, ","
	case t.Norm == "o" && t.Glued && digits:
		toks[i-1].Norm, toks[i-1].End = toks[i-1].Norm+"0", t.End
		return slices.Delete(toks, i, i+1)
	case t.Norm == "vin" && numerals[next] > 0:
		t.Norm = "vingt"
	case t.Norm == "g" && !digits && next != "" && toks[i+1].Kind == french.Word:
		return split(toks, i, [2]string{"j", "ai"})
	case cutDays[next] && isWeekday(t.Norm+next):
		t.Norm, t.End = t.Norm+next, toks[i+1].End
		return slices.Delete(toks, i+1, i+2)
	case len(t.Norm) > 1 && (IsHourWord(next) || len(next) > 4 && strings.IndexByte(monthLetters, next[0]) >= 0) && numerals[t.Norm] == 0 && !french.Small[t.Norm]:
		if name := heardNumbers.find(t.Norm); name != "" && (IsHourWord(next) || MonthOf(next) > 0) {
			t.Norm = name
			return toks
		}
	}
	if pair, ok := unglued(t.Norm); ok {
		return split(toks, i, pair)
	}
	return toks
}

// monthLetters begin the months.
const monthLetters = "jfmasond"

// split makes two tokens of token i.
func split(toks []french.Token, i int, pair [2]string) []french.Token {
	second := toks[i]
	toks[i].Norm, second.Norm, second.Glued = pair[0], pair[1], false
	return slices.Insert(toks, i+1, second)
}

// unglued takes two words written as one apart: "cest", "jpeux", "quinzeure".
func unglued(s string) (pair [2]string, ok bool) {
	if len(s) < 3 {
		return pair, false
	}
	if pair, ok = splits[s]; ok {
		return pair, true
	}
	if s[0] == 'j' && elidedVerbs[s[1:]] {
		return [2]string{"j", s[1:]}, true
	}
	return gluedHour(s)
}

// hourEndings are how "heures" is written at the end of a word.
var hourEndings = [...]string{"heures", "heure", "eures", "eure", "eur"}

// gluedHour takes "quinzeure" and "dizeur" apart.
func gluedHour(s string) (pair [2]string, ok bool) {
	if len(s) < 6 || !strings.Contains(s[len(s)-5:], "eur") {
		return pair, false
	}
	for _, ending := range hourEndings {
		stem, cut := strings.CutSuffix(s, ending)
		if !cut || len(stem) < 3 {
			continue
		}
		for _, spelt := range [...]string{stem, stem + "e", respell(stem), strings.TrimSuffix(stem, "s") + "x"} {
			if numerals[spelt] > 0 {
				return [2]string{spelt, "heures"}, true
			}
		}
		if name := heardNumbers.find(stem + "e"); name != "" {
			return [2]string{name, "heures"}, true
		}
		return pair, false
	}
	return pair, false
}

// cutDays are the ends of weekdays written as two words: "vendre di".
var cutDays = french.WordSet("di credi dredi redi manche")
