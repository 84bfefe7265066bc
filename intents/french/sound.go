package french

import "strings"

// Sound returns what a folded French word sounds like, roughly: "venir", "veni" and "venire" are one, so are "rendez", "rende" and
// "randé". People who write by ear are understood like the others.
// It keeps more of a word than the ear of package dates, which has but the few words of dates to tell apart.
func Sound(w string) string {
	w = endings.Replace(w + "$")
	w = sounds.Replace(strings.TrimSuffix(w, "$"))
	b := make([]byte, 0, len(w))
	for i := range len(w) {
		if i == 0 || w[i] != w[i-1] {
			b = append(b, w[i])
		}
	}
	return string(b)
}

// endings are letters that are not heard at the end of a word.
var endings = strings.NewReplacer(
	"ent$", "$", "ents$", "2$", "aient$", "E$", "ais$", "E$", "ait$", "E$", "ez$", "E$", "er$", "E$", "ees$", "E$", "ee$", "E$", "es$", "$", "et$", "E$", "ai$", "E$",
	"eaux$", "o$", "aux$", "o$", "ts$", "$", "ds$", "$", "ps$", "$", "t$", "$", "d$", "$", "s$", "$", "x$", "$", "z$", "$", "p$", "$", "e$", "$")

// sounds are letters that are heard as one sound.
var sounds = strings.NewReplacer(
	"eau", "o", "au", "o", "ph", "f", "qu", "k", "ck", "k", "ch", "C", "ss", "s", "sc", "s", "ce", "se", "ci", "si", "cy", "si", "c", "k", "q", "k",
	"ain", "5", "ein", "5", "aim", "5", "ien", "i5", "ai", "E", "ei", "E", "oin", "w5", "oi", "wa", "ou", "u", "oeu", "e", "eu", "e",
	"an", "2", "am", "2", "en", "2", "em", "2", "in", "5", "im", "5", "un", "5", "on", "3", "om", "3", "gu", "g", "ge", "je", "gi", "ji", "gn", "n", "ille", "ij", "il", "il",
	"y", "i", "h", "", "z", "s", "w", "w")
