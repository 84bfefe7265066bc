package mask

import (
	"strings"

	"passeur/intents/french"
)

// Street addresses: a number and a street; or a street alone of which it is said that somebody lives there. That of a service is left out when the
// service stands before it and nothing says that somebody lives there.

// longestStreetName is how many tokens behind "rue" are its name at most.
const longestStreetName = 9

// streets finds the addresses.
func (f *finder) streets() (found []Identity) {
	for i := 0; i < len(f.toks); i++ {
		street := f.streetBehind(i)
		if street < 0 {
			continue
		}
		end := f.streetNameEnd(street)
		if end <= street+1 || f.ofService(i, end) {
			continue
		}
		found = append(found, Identity{Address, f.toks[i].Start, f.toks[end-1].End})
		i = end - 1
	}
	return found
}

// streetBehind is the token of the street word of an address that begins at token i, -1 if none does.
func (f *finder) streetBehind(i int) int {
	if street := f.streetAt(i); street >= 0 && f.dwelling(i) {
		return street
	}
	if f.toks[i].Kind != french.Number || len(f.norm(i)) > 4 || f.norm(i)[0] == '0' || f.taken[i] {
		return -1
	}
	k := i + 1
	if k < len(f.toks) && (houseLetters[f.norm(k)] || f.houseLetter(k)) {
		k++
	}
	if f.norm(k) == "," {
		k++
	}
	if k < len(f.toks) && !strings.Contains(f.gap(k), "\n") {
		return f.streetAt(k)
	}
	return -1
}

// houseLetter reports whether token k is the letter of a house: "4B", "4 C".
func (f *finder) houseLetter(k int) bool {
	return len(f.norm(k)) == 1 && f.norm(k) != "r" && f.toks[k].Kind == french.Word && (f.toks[k].Glued || f.capital(k))
}

// streetAt is the last token of the kind of street that token i begins: "rue", "lieu-dit"; -1 if it is none.
func (f *finder) streetAt(i int) int {
	w := f.norm(i)
	if w == "lieu" && f.norm(i+1) == "-" && f.norm(i+2) == "dit" {
		return i + 2
	}
	if w == "lieu" && f.norm(i+1) == "dit" {
		return i + 1
	}
	if streetWords[w] && w != "rues" || moreStreetWords[w] {
		return i
	}
	return -1
}

// dwelling reports whether what stands before the street word i says that somebody lives there: "habite au", "domiciliée".
func (f *finder) dwelling(i int) bool {
	for k := i - 1; k >= max(0, i-5) && !f.endsBefore(k+1); k-- {
		if w := f.norm(k); dwellingWords[w] || f.ownAddress(k) {
			return true
		} else if !dwellingJoins[w] {
			return false
		}
	}
	return false
}

// ownAddress reports whether the word k is somebody's address: "son adresse", not "l'adresse de la permanence".
func (f *finder) ownAddress(k int) bool {
	return f.norm(k) == "adresse" && (possessives[f.norm(k-1)] || f.begins[k]) && !f.wordsNear(k+4, 3, serviceNouns)
}

// streetNameEnd is the token after the name of the street whose kind is token i, i+1 when it has none.
func (f *finder) streetNameEnd(i int) int {
	from := i + 1
	if f.norm(from) == "." && f.toks[from].Glued && len(f.norm(i)) <= 4 {
		from++ // "av. Foch"
	}
	k := f.pastParticles(from)
	if !f.streetName(i, k) {
		return i + 1
	}
	end := k + 1
	for end < min(len(f.toks), i+longestStreetName) {
		next := f.pastParticles(end)
		if f.norm(next) == "-" && f.toks[next].Glued {
			next++
		}
		if !f.streetGoesOn(end-1, next, end) {
			break
		}
		end = next + 1
	}
	return end
}

// pastParticles is the first token from i that is no particle.
func (f *finder) pastParticles(i int) int {
	for i < len(f.toks) && nameParticles[f.norm(i)] && !strings.ContainsRune(f.gap(i), '\n') {
		i++
	}
	return i
}

// streetName reports whether the token k begins the name of the street whose kind is token i. What is also no street ("2 place libre") needs a
// capital.
func (f *finder) streetName(i, k int) bool {
	if k >= len(f.toks) || f.taken[k] || f.toks[k].Kind == french.Sign || strings.ContainsRune(f.gap(k), '\n') {
		return false
	}
	w := f.norm(k)
	if f.toks[k].Kind == french.Number {
		return french.Months[f.norm(k+1)] > 0
	}
	if streetStops[w] || actingWords[w] {
		return false
	}
	if !surelyStreets[f.norm(i)] {
		return f.written(k) && !french.EmptyWords[w]
	}
	return k > i+1 && f.norm(i) != "chemin" || f.capital(k) || !everyday(w)
}

// streetGoesOn reports whether token next goes on with the name of a street that has come to token at; from is where it would begin, particles
// and all.
func (f *finder) streetGoesOn(at, next, from int) bool {
	if next >= len(f.toks) || f.taken[next] || f.toks[next].Kind == french.Sign {
		return false
	}
	if strings.ContainsAny(f.text[f.toks[at].End:f.toks[next].Start], "\n,;:()") {
		return false
	}
	w := f.norm(next)
	switch {
	case f.toks[next].Kind == french.Number:
		return next == from && len(w) == 4 && french.Months[f.norm(at)] > 0
	case french.Months[w] > 0:
		return f.toks[at].Kind == french.Number
	case streetStops[w], actingWords[w], f.placed[next] && !f.hyphened(next), french.Titles[w]:
		return false
	}
	return f.written(next) || f.hyphened(next) || streetRanks[f.norm(at)] || !everyday(w) && !f.verbal(next)
}

// ofService reports whether an address from token i to end is said to be that of a service, and nothing in its sentence says that somebody
// lives there.
func (f *finder) ofService(i, end int) bool {
	service := false
	for k := i - 1; k >= max(0, i-serviceReach) && !f.endsBefore(k+1); k-- {
		w := f.norm(k)
		if dwellingWords[w] || f.ownAddress(k) || french.Titles[w] && len(w) > 1 || roles[w] || w == "chez" || w == "domicile" {
			return false
		}
		service = service || serviceNouns[w]
	}
	for k := end; k < min(len(f.toks), end+gatheringReach) && !f.endsBefore(k); k++ {
		service = service || gatheringNouns[f.norm(k)]
	}
	return service
}

// How many tokens before an address and behind it say whose it is.
const (
	serviceReach   = 25
	gatheringReach = 8
)

// gatheringNouns behind an address say that people are received there.
var gatheringNouns = french.WordSet("permanence permanences atelier ateliers mairie mediatheque")

// moreStreetWords are kinds of streets that Text does not go by.
var moreStreetWords = french.WordSet(`chemin route place quai cours voie passage villa sente sentier cite clos esplanade montee faubourg fbg
	traverse venelle ruelle cour mail parvis promenade chaussee r av ave bld blvd che rte pl domaine`)

// surelyStreets are kinds of streets that are nothing else behind a number.
var surelyStreets = french.WordSet(`dit rue r avenue av ave impasse boulevard bd bld blvd allee chemin che quai faubourg fbg ruelle venelle
	sente sentier`)

// houseLetters follow the number of a house.
var houseLetters = french.WordSet("bis ter quater")

// streetRanks are followed by the name that a street has: "rue du general leclerc".
var streetRanks = french.WordSet(`general marechal docteur professeur president colonel capitaine commandant abbe pere saint sainte st ste
	jean marie victor jules`)

// dwellingWords say that somebody lives at what follows, over dwellingJoins.
var (
	dwellingWords = french.WordSet(`habite habitent habitant habitait habiter demeure demeurant reside residant loge domicilie domiciliee
		heberge hebergee vit vivant emmenage demenage`)
	dwellingJoins = french.WordSet(`a au aux la le l : est , actuellement toujours maintenant desormais dorenavant postale personnelle actuelle
		nouvelle`)
)

// possessives before "adresse" make it somebody's.
var possessives = french.WordSet("son mon leur votre ton nouvelle")

// serviceNouns are services whose address is no secret.
var serviceNouns = french.WordSet(`mairie mediatheque bibliotheque prefecture caf cpam msa ccas cias cms carsat ants maison
	maisons services service permanence permanences perm atelier ateliers agence accueil bureau bureaux centre ecole college lycee salle salles
	locaux siege epn fablab association asso mission locale situe situee situes trouve trouvent ouvert ouverte tribunal commissariat gendarmerie
	poste banque emmaus boutique structure lieu`)
