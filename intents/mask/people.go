package mask

import (
	"slices"
	"strings"
	"unicode/utf8"

	"passeur/intents/french"
)

// The names of people. A name is known by what stands before it, or as a usual first name; then it goes on with what stands behind it.

// longestName is how many words a name has at most.
const longestName = 5

// people finds the names.
func (f *finder) people() (found []Identity) {
	for i := 0; i < len(f.toks); i++ {
		last := f.nameAt(i)
		if last < i {
			continue
		}
		found = append(found, Identity{Name, f.toks[i].Start, f.nameEnds(last)})
		i = last
	}
	return found
}

// nameEnds is where a name ends whose last token is i: behind the full stop of an initial.
func (f *finder) nameEnds(i int) int {
	end := f.toks[i].End
	if len(f.norm(i)) == 1 && i+1 < len(f.toks) && f.norm(i+1) == "." && f.toks[i+1].Glued {
		return f.toks[i+1].End
	}
	return end
}

// nameAt is the last token of the name that begins at token i, -1 if none does.
func (f *finder) nameAt(i int) int {
	if !f.free(i) || f.things[i] && (i == 0 || f.things[i-1] || !f.titled(i, i)) {
		return -1
	}
	core := f.core(i)
	switch {
	case core > i && f.titled(core, i):
		return f.goesOn(core)
	case f.told(i), f.titled(i, i), f.announced(i), f.introduced(i), f.firstName(i), f.loneSurname(i), f.turned(i):
		return f.goesOn(i)
	case f.initialed(i):
		return f.goesOn(i + 2)
	}
	return -1
}

// core is the word on which a name that begins with particles at token i stands: "de La Tour", "Le Goff", "D'Aubigny", "N'Diaye".
func (f *finder) core(i int) int {
	for n := 0; n < 3 && (nameParticles[f.norm(i)] || f.apostrophe(i)); n++ {
		next := f.next(i)
		if next < 0 {
			return i
		}
		i = next
	}
	return i
}

// apostrophe reports whether the word i is a capital before an apostrophe.
func (f *finder) apostrophe(i int) bool {
	return f.free(i) && len(f.norm(i)) == 1 && f.capital(i) && strings.HasPrefix(strings.Replace(f.text[f.toks[i].End:], "’", "'", 1), "'")
}

// next is the token of the word that follows token i with nothing but a space, an apostrophe or a hyphen between them, else -1.
func (f *finder) next(i int) int {
	k := i + 1
	if k < len(f.toks) && f.norm(k) == "-" && f.toks[k].Glued && k+1 < len(f.toks) && f.toks[k+1].Glued {
		k++
	}
	if k >= len(f.toks) || !f.free(k) || strings.ContainsRune(f.gap(k), '\n') || utf8.RuneCountInString(f.gap(k)) > 2 {
		return -1
	}
	return k
}

// hyphened reports whether a hyphen ties the word i to the one before it.
func (f *finder) hyphened(i int) bool {
	return i > 1 && f.norm(i-1) == "-" && f.toks[i-1].Glued && f.toks[i].Glued
}

// told reports whether the word i is of a name that is known already.
func (f *finder) told(i int) bool {
	w := f.norm(i)
	if f.placeBefore(i) {
		return false
	}
	if !f.known[w] {
		return f.capital(i) && !ordinary(w) && !f.placed[i] && f.slip(w)
	}
	if len(w) > 2 && !ordinary(w) && !doubtful(w) && !f.placed[i] {
		return true
	}
	next, before := f.next(i), f.before(i)
	return next >= 0 && f.known[f.norm(next)] || before >= 0 && f.known[f.norm(before)] || f.written(i) && !f.ofThing(i) && f.signed(i)
}

// slip reports whether a word is one letter away from a name that is known.
func (f *finder) slip(w string) bool {
	for k := range f.known {
		if french.Near(w, k) {
			return true
		}
	}
	return false
}

// ordinary reports whether a folded word is no name by itself: an everyday word, or a thing that has a name.
func ordinary(w string) bool { return everyday(w) && !given(w) || thing(w) }

// given reports whether a folded word is a usual first name.
func given(w string) bool { return firstNames()[w] || moreFirstNames()[w] }

// surname reports whether a folded word is a usual surname, everyday word or not.
func surname(w string) bool { return surnames[w] || moreSurnames()[w] }

// sureGiven and sureSurname report whether a folded word is a usual name and nothing else.
func sureGiven(w string) bool   { return given(w) && !doubtful(w) }
func sureSurname(w string) bool { return surname(w) && !everyday(w) }

// thing reports whether a folded word is of the name of a service, a brand, a program.
func thing(w string) bool { return brands[w] || brandWords()[w] }

// doubtful reports whether a first name is also an everyday word, or the name of a thing or a place.
func doubtful(w string) bool {
	return homonyms[w] && !plainNames[w] || alsoWords[w] || alsoPlaces[w] || thing(w)
}

// titled reports whether a title stands before token start, and the word i behind it is a name.
func (f *finder) titled(i, start int) bool {
	at := f.before(start)
	if at < 0 || f.held(at) || strings.ContainsRune(f.gap(start), '\n') || !f.title(at, f.shouts[at]) && !moreTitles[f.norm(at)] {
		return false
	}
	w := f.norm(i)
	if f.toks[start].Glued && !f.capital(at) {
		return false // "m.Owner"
	}
	if french.Titles[w] || grammatical(w) || f.placed[i] || offices[w] || f.placeBefore(at) || familyOf[f.norm(at-1)] && f.norm(at) == "famille" {
		return false
	}
	if !f.written(i) {
		return f.smallTitled(i, start, at)
	}
	if (f.norm(at) == "me" || f.norm(at) == "m" && !strings.HasPrefix(f.text[f.toks[at].End:], ".")) && everyday(w) {
		return false
	}
	return given(w) || surname(w) || !thing(w) && !(f.caps(i) && everyday(w))
}

// smallTitled reports whether the word i, which has no capital that says something, is a name behind the title at.
func (f *finder) smallTitled(i, start, at int) bool {
	w, short := f.norm(i), f.norm(at)
	if start != i && !farParticles[f.norm(start)] || short == "me" || short == "dr" && !surname(w) {
		return false
	}
	if short == "m" && !f.capital(at) && !strings.HasPrefix(f.text[f.toks[at].End:], ".") {
		return false
	}
	determined := f.wordsNear(at, 1, determiners) || f.wordsNear(at, 2, determiners) && smallAdjectives[f.norm(at-1)]
	if given(w) || surname(w) {
		return !determined || !everyday(w) && !doubtful(w)
	}
	if determined || thing(w) || everyday(w) || plainWords[w] || offices[w] || f.verbal(i) || !french.Titles[short] {
		return false
	}
	return !f.clauseBegins(at) || f.acts(i+1) || f.listed(i+1)
}

// clauseBegins reports whether nothing but the beginning of a clause stands before token i.
func (f *finder) clauseBegins(i int) bool {
	return f.begins[i] || f.toks[i-1].Kind == french.Sign || clauseWords[f.norm(i-1)]
}

// acts reports whether token i is a verb whose subject may be a person.
func (f *finder) acts(i int) bool {
	return i < len(f.toks) && f.toks[i].Kind == french.Word && actingWords[f.norm(i)] && !strings.HasPrefix(f.typed(i), "à") && !f.endsBefore(i)
}

// listed reports whether what stands at token i goes on with a note about who was named: a sign, a number, a day.
func (f *finder) listed(i int) bool {
	if i >= len(f.toks) || f.toks[i].Kind == french.Number {
		return i < len(f.toks)
	}
	return noteSigns[f.norm(i)]
}

// verbal reports whether the word i looks like a verb, an adverb or an adjective.
func (f *finder) verbal(i int) bool {
	typed := strings.ToLower(f.typed(i))
	return endsIn(typed, 1, "é", "ée", "és", "ées") || endsIn(f.norm(i), 3, wordEndings...)
}

// endsIn reports whether a word of that many letters more ends in one of the endings.
func endsIn(w string, more int, endings ...string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return len(w) >= len(e)+more && strings.HasSuffix(w, e) })
}

// announced reports whether the word i is a name that stands behind who it is: "usagère Fatou", "son mari : Karim".
func (f *finder) announced(i int) bool {
	at, w := i-1, f.norm(i)
	if at > 0 && (f.norm(at) == ":" || f.norm(at) == "(" || f.norm(at) == ",") {
		at--
	}
	if at < 0 || !roles[f.norm(at)] || f.held(at) || f.written(at) && !f.begins[at] || strings.ContainsRune(f.gap(i), '\n') {
		return false
	}
	if grammatical(w) || f.placed[i] {
		return false
	}
	if given(w) {
		return f.capital(i) && f.compounded(i) && !thing(w) || !doubtful(w) && !f.written(i) || at == i-1 && f.written(i) && f.surnamed(i)
	}
	if f.norm(i-1) == "," || f.norm(i-1) == "(" || ordinary(w) && !surname(w) || offices[w] || endsIn(w, 3, nationEndings...) {
		return false
	}
	return f.written(i) && (!f.caps(i) || len(w) > 4 || surname(w)) || sureSurname(w)
}

// introduced reports whether the word i is a name that is said to be one: "elle s'appelle Fatou", "nom : Diallo".
func (f *finder) introduced(i int) bool {
	if at := f.before(i); at > 1 && calledWords[f.norm(at)] && namePairs[f.wordBefore(at)+" "+f.norm(at)] {
		return f.ofPerson(at-2) && f.nameLike(i, true)
	}
	if f.norm(i-1) == "de" || f.norm(i-1) == "d" {
		return f.norm(i-2) == "nom" && f.norm(i-3) == "au" && f.written(i) && f.nameLike(i, false)
	}
	for k := i - 1; k >= max(0, i-6) && !f.endsBefore(k+1); k-- {
		if w := f.norm(k); nameNouns[w] {
			return !nameBars[f.norm(k-1)] && f.nameLike(i, f.norm(i-1) == ":")
		} else if !nameJoins[w] {
			return false
		}
	}
	return false
}

// ofPerson reports whether the word i, of which a name is told, is a person, and nothing near it is a thing.
func (f *finder) ofPerson(i int) bool {
	w := f.norm(i)
	return (personWords[w] || roles[w] || french.Titles[w]) && !f.wordsNear(i, 8, thingNouns)
}

// nameLike reports whether the word i may be a name where one is expected; surely allows for small letters.
func (f *finder) nameLike(i int, surely bool) bool {
	w := f.norm(i)
	if grammatical(w) || f.placed[i] || ordinary(w) && !surname(w) || offices[w] || !f.compounded(i) {
		return false
	}
	if f.written(i) {
		return !f.caps(i) || len(w) > 3 || surname(w)
	}
	if given(w) || surname(w) {
		return !doubtful(w) && !everyday(w)
	}
	return surely && !everyday(w) && !f.verbal(i)
}

// firstName reports whether the word i is a usual first name that stands as a person.
func (f *finder) firstName(i int) bool {
	w := f.norm(i)
	if !given(w) || f.placed[i] || saints[f.wordBefore(i)] || f.hyphened(i) || !f.compounded(i) || f.placeBefore(i) || f.ofThing(i) {
		return false
	}
	switch {
	case f.double(i):
		return true
	case !f.written(i):
		return sureGiven(w) && !homonyms[w] && (f.announcedBefore(i) || !smallWords[w] && f.signed(i) || f.besideSurname(i))
	case thing(w):
		return f.surnamed(i) || f.lives(i+1) || f.aged(i+1)
	case doubtful(w) && articles[f.norm(i-1)]:
		return false
	case alsoPlaces[w]:
		return f.surnamed(i) || f.closelySigned(i)
	case doubtful(w) || f.caps(i):
		return f.surnamed(i) || f.signed(i)
	}
	return true
}

// double reports whether the word i and the next are one first name: "jean-luc", "marie claude".
func (f *finder) double(i int) bool {
	next := f.next(i)
	return next >= 0 && given(f.norm(next)) && (f.hyphened(next) || firstParts[f.norm(i)] && f.capital(i) == f.capital(next))
}

// besideSurname reports whether a usual surname stands behind the first name i: "marie dupont".
func (f *finder) besideSurname(i int) bool {
	next := f.next(i)
	return next >= 0 && sureSurname(f.norm(next))
}

// loneSurname reports whether the word i is a usual surname with a capital, and what stands beside it is said of a person.
func (f *finder) loneSurname(i int) bool {
	w := f.norm(i)
	if !moreSurnames()[w] || !sureSurname(w) || thing(w) || !f.written(i) || f.placed[i] || f.hyphened(i) {
		return false
	}
	return !f.placeBefore(i) && !f.ofThing(i) && f.closelySigned(i)
}

// closelySigned is signed without what also stands before places.
func (f *finder) closelySigned(i int) bool {
	return f.announcedBefore(i) && !looseSigns[f.norm(i-1)] || f.acts(f.goesOn(i)+1) || f.aged(f.goesOn(i)+1)
}

// signed reports whether what stands beside the word i is said of people: "avec", "dossier", a verb behind it.
func (f *finder) signed(i int) bool {
	return f.announcedBefore(i) || f.acts(f.goesOn(i)+1) || f.aged(f.goesOn(i)+1)
}

// aged reports whether an age stands at token i: ", 84 ans".
func (f *finder) aged(i int) bool {
	if f.norm(i) == "," || f.norm(i) == "(" || f.norm(i) == "a" {
		i++
	}
	return i+1 < len(f.toks) && f.toks[i].Kind == french.Number && f.norm(i+1) == "ans"
}

// announcedBefore reports whether the word before the word i stands before people.
func (f *finder) announcedBefore(i int) bool {
	if f.norm(i-1) == "les" && !f.begins[i-1] {
		i-- // "chez les Benali"
	}
	return i > 0 && !f.begins[i] && personSigns[f.norm(i-1)] && !f.held(i-1)
}

// lives reports whether what is said at token i is said of people alone: "habite", "a perdu".
func (f *finder) lives(i int) bool {
	for n := 0; n < 4 && f.acts(i) && !livingWords[f.norm(i)]; n++ {
		i++
	}
	return i < len(f.toks) && livingWords[f.norm(i)] && !f.endsBefore(i)
}

// surnamed reports whether a surname or an initial follows the first name i.
func (f *finder) surnamed(i int) bool {
	last := f.goesOn(i)
	return last > i && f.written(last) && !doubtful(f.norm(last))
}

// compounded reports whether what a hyphen ties to the first name i, if anything, makes a longer one of it: "Marie-Claire", not "Marie-Galante".
func (f *finder) compounded(i int) bool {
	next := f.next(i)
	return next < 0 || !f.hyphened(next) || given(f.norm(next)) || sureSurname(f.norm(next)) || secondParts[f.norm(next)]
}

// ofThing reports whether the word before the word i makes the name of a thing of it: "Octobre Rose", "Projet Alice".
func (f *finder) ofThing(i int) bool {
	at := i - 1
	if at < 0 || f.toks[at].Kind != french.Word || f.held(at) || strings.ContainsRune(f.gap(i), '\n') || !f.capital(at) || f.caps(at) {
		return false
	}
	w := f.norm(at)
	if thing(w) && sureGiven(f.norm(i)) {
		return false // "sur WhatsApp Mariama a écrit"
	}
	return ordinary(w) && !grammatical(w) && !french.Titles[w] && !personSigns[w] && !roles[w] && !surname(w) && (!f.begins[at] || calendar(w))
}

// calendar reports whether a folded word is a month: "Octobre Rose", "Mars Bleu".
func calendar(w string) bool { return french.Months[w] > 0 }

// placeBefore reports whether what stands before the word i makes a place or a thing of the name: "lycée Marie Curie", "rue du Docteur Roux".
func (f *finder) placeBefore(i int) bool {
	ranked := false
	for k, n := i-1, 0; k >= 0 && n < 6 && !f.endsBefore(k+1); k, n = k-1, n+1 {
		w := f.norm(k)
		switch {
		case placeNouns[w]:
			return w != "place" || !f.begins[k] // "place M. Dupont à 10h"
		case ranks[w]:
			ranked = true
		case w == "-", placeAdjectives[w], ranked && nameParticles[w], given(w) && f.capital(k) && !f.begins[k]:
		default:
			return false
		}
	}
	return false
}

// turned reports whether the word i is a surname before a first name: "DUPONT Jeanne".
func (f *finder) turned(i int) bool {
	w, next := f.norm(i), f.next(i)
	if next < 0 || f.placed[i] || f.hyphened(i) || f.hyphened(next) || f.written(i) != f.written(next) || !f.plain(next) {
		return false
	}
	if !f.written(i) {
		return sureSurname(w) // "dupont marie"
	}
	if len(w) < 3 || ordinary(w) || given(w) || offices[w] || roles[w] || f.verbal(i) || f.placeBefore(i) {
		return false
	}
	return (!f.begins[i] || f.caps(i) || surname(w)) && (f.begins[i] || !endsIn(w, 3, nationEndings...)) && f.compounded(next)
}

// plain reports whether the word i is a usual first name, and nothing else.
func (f *finder) plain(i int) bool {
	return sureGiven(f.norm(i)) && !f.placed[i] && !f.things[i]
}

// initialed reports whether the word i is the initial of a first name before a surname: "J. Dupont".
func (f *finder) initialed(i int) bool {
	k := i + 2
	if len(f.norm(i)) != 1 || f.norm(i) == "m" || !f.written(i) || f.norm(i+1) != "." || !f.toks[i+1].Glued {
		return false
	}
	if !f.free(k) || !f.written(k) || f.things[k] || strings.ContainsRune(f.gap(k), '\n') {
		return false
	}
	w := f.norm(k)
	return surname(w) || sureGiven(w) || f.capital(k) && f.nameLike(k, false) && !everyday(w) && !articles[f.norm(i-1)]
}

// goesOn is the last token of the name in which the word i stands.
func (f *finder) goesOn(i int) int {
	for n := 1; n < longestName; n++ {
		next := f.next(i)
		if next < 0 {
			break
		}
		core := f.core(next)
		if core > next && !f.written(core) || !f.continues(i, core) {
			break
		}
		i = core
	}
	return i
}

// continues reports whether the word k goes on with the name of which i is a word.
func (f *finder) continues(i, k int) bool {
	w := f.norm(k)
	if len(w) == 1 {
		return f.written(k) && !f.apostrophe(k) && f.initial(k)
	}
	if f.known[w] || f.hyphened(k) && !grammatical(w) && (f.capital(k) || given(w) || surname(w)) {
		return true
	}
	if french.Titles[w] || grammatical(w) || f.things[k] && !f.things[i] || f.placed[k] || offices[w] || roles[w] || thing(w) && !surname(w) {
		return false
	}
	if f.written(k) {
		return !everyday(w) || given(w) || surname(w) && f.caps(k) == f.caps(i)
	}
	return !f.written(i) && f.smallContinues(i, k)
}

// smallContinues is continues for words without a capital that says something.
func (f *finder) smallContinues(i, k int) bool {
	w := f.norm(k)
	return sureGiven(w) || sureSurname(w) || given(f.norm(i)) && !everyday(w) && !plainWords[w] && !f.verbal(k)
}

// initial reports whether the single letter k is an initial: the full stop behind "M." may make a title of it.
func (f *finder) initial(k int) bool {
	dotted := k+1 < len(f.toks) && f.norm(k+1) == "." && f.toks[k+1].Glued
	if f.norm(k) == "m" {
		return !dotted || !f.free(k+2) || !f.capital(k+2)
	}
	return dotted || !actingWords[f.norm(k)]
}

// bar marks the name that begins at token i as one of a thing, if it is that of somebody whom everybody knows, or of a firm.
func (f *finder) bar(i int) {
	for _, words := range public()[f.norm(i)] {
		k, ok := i, true
		for _, w := range words[1:] {
			if k++; f.norm(k) == "-" {
				k++
			}
			if ok = f.norm(k) == w; !ok {
				break
			}
		}
		for ; ok && k >= i; k-- {
			f.things[k] = true
		}
	}
}
