package dates

import "passeur/intents/french"

// lookalike jumps over what only looks like a date: durations, ages, prices, addresses, model numbers, wishes, opening round the
// clock.
func (p *Parser) lookalike(i int) (Piece, bool) {
	s := p.norm(i)
	switch {
	case wishes[s]:
		return p.wish(i)
	case numbered[s]:
		return p.numberedThing(i)
	case streetNames[s]:
		return p.namedAfter(i)
	case s == "midi":
		return Piece{N: 1, void: true}, p.region(i)
	case s == "autre":
		return p.other(i)
	case (s == "tous" || s == "toutes") && p.norm(i+1) == "les", s == "chaque":
		return p.every(i)
	}
	return p.counted(i)
}

// region reports whether the "midi" at token i is the south or a newspaper.
func (p *Parser) region(i int) bool {
	if noNoon[p.norm(i+1)] && (p.norm(i-1) != "a" || p.capital(i+1) || i+2 < len(p.toks) && p.toks[i+2].Kind == french.Word) {
		return true
	}
	if p.is(i+1, "et", "soir") || p.norm(i-1) == "voit" || french.Titles[p.norm(i-1)] { // when a pill is taken, and "Mme Midi"
		return true
	}
	return p.norm(i-1) == "du" && southern[p.norm(i-2)] || p.is(i-2, "dans", "le")
}

// southern things are "du Midi".
var southern = french.WordSet("canal depeche france soleil accent gens")

// noNoon words make "midi" a name.
var noNoon = french.WordSet("libre pyrenees olympique")

// other jumps over "l'autre soir", "l'autre mardi".
func (p *Parser) other(i int) (Piece, bool) {
	if p.norm(i-1) != "l" {
		return Piece{}, false
	}
	if part, ok := p.part(i + 1); ok {
		return void(1 + part.N)
	}
	if day, ok := p.Weekday(i + 1); ok {
		return void(1 + max(day.N, 1))
	}
	return Piece{}, false
}

// wish jumps over "bonne soirée", "bon week-end", "joyeux Noël", and "bon jeudi" where nothing follows.
func (p *Parser) wish(i int) (Piece, bool) {
	j := i + 1
	for wishes[p.norm(j)] || p.norm(j) == "fin" || p.norm(j) == "de" || p.norm(j) == "d" || p.norm(j) == "debut" {
		j++
	}
	if p.norm(j-1) == "de" && p.norm(j-2) == "fin" && p.norm(j) == "semaine" {
		return void(j + 1 - i)
	}
	if part, ok := p.part(j); ok {
		return void(j + part.N - i)
	}
	if feast, ok := p.feast(j); ok {
		return void(j + feast.N - i)
	}
	if day, ok := p.relative(j); ok && (day.Approx || p.closesAll(j+day.N)) {
		return void(j + day.N - i)
	}
	if day, ok := p.Weekday(j); ok && p.closesAll(j+day.N) {
		return void(j + day.N - i)
	}
	return Piece{}, false
}

// wishes are the words before a day or a part of it that make it a wish.
var wishes = french.WordSet("bon bonne bons bonnes belle bel beau joyeux joyeuse joyeuses excellent excellente agreable douce heureux")

// closesAll reports whether a sentence ends at token i, polite words aside.
func (p *Parser) closesAll(i int) bool {
	for i < len(p.toks) && (p.toks[i].Kind == french.Word && wishedTo[p.norm(i)]) {
		i++
	}
	return i >= len(p.toks) || p.toks[i].Kind == french.Sign
}

// wishedTo words may end a wish.
var wishedTo = french.WordSet("a vous tous toi et merci madame monsieur quand meme svp stp ok")

// numberedThing jumps over the number of a thing that has one: "windows 11", "bus 12", "code 4521", "porte 3".
func (p *Parser) numberedThing(i int) (Piece, bool) {
	j := i + 1
	for numberedLink[p.norm(j)] {
		j++
	}
	if !p.Digits(j, 30) || goers[p.norm(i-1)] { // "je passe le 9"
		return Piece{}, false
	}
	if date, ok := p.named(j); ok && !date.void || IsHourWord(p.norm(j+1)) || p.norm(j-1) == "le" && (p.norm(j+1) == "/" || p.timeAt(j+1)) {
		return Piece{}, false
	}
	for j++; j < len(p.toks) && p.toks[j].Glued && (p.toks[j].Kind == french.Number || p.norm(j) == "/" || p.norm(j) == "-" || p.norm(j) == "."); j++ {
	}
	return void(j - i)
}

// numbered are things that have a number.
var numbered = french.WordSet(`windows android iphone galaxy version code ligne bus tram car porte appartement appt apt bat batiment escalier etage
	page article cerfa dossier reference ref numero num no modele chambre salle bureau guichet ticket tour departement allocataire livebox freebox passe contrat
	office ipad note question chapitre point case annee canal chaine formulaire`)

// numberedLink may stand between such a thing and its number.
var numberedLink = french.WordSet("n ° no numero : # est c le postal secret pin")

// namedAfter jumps over a street that is named after a day: "rue du 8 mai 1945".
func (p *Parser) namedAfter(i int) (Piece, bool) {
	if p.norm(i+1) != "du" && p.norm(i+1) != "de" {
		return Piece{}, false
	}
	j := i + 2
	for p.norm(j) == "la" || p.norm(j) == "l" {
		j++
	}
	if p.norm(j) == "midi" {
		return void(j + 1 - i)
	}
	for _, read := range []func(int) (Piece, bool){p.named, p.numeric, p.feast, p.Weekday} {
		if day, ok := read(j); ok && !(p.norm(j-1) == "de" && isWeekday(p.norm(j))) { // "la place de vendredi"
			return void(j + max(day.N, 1) - i)
		}
	}
	return Piece{}, false
}

// streetNames are what is named after days.
var streetNames = french.WordSet("rue avenue av bd boulevard place impasse allee quai square residence cite passage esplanade stade ecole college lycee parc pont salle faubourg carrefour")

// every jumps over the part of the day in "tous les matins".
func (p *Parser) every(i int) (Piece, bool) {
	j := i + 1 + french.Bit(p.norm(i) != "chaque")
	if part, ok := p.part(j); ok {
		return void(j + part.N - i)
	}
	if _, n := p.Count(j); n > 0 {
		return void(j + n + 1 - i)
	}
	return Piece{}, false
}

// counted jumps over a number that counts something else than days and hours of the clock.
func (p *Parser) counted(i int) (Piece, bool) {
	v, n := p.Count(i)
	if n == 0 {
		return Piece{}, false
	}
	next := p.norm(i + n)
	switch {
	case streets[next], next == "," && streets[p.norm(i+n+1)]:
	case next == "%", next == "€", next == "euros", next == "," && p.Digits(i+n+1, 2) && p.toks[i+n+1].Glued:
	case v == 24 && next == "/" && (p.norm(i+n+1) == "24" || p.norm(i+n+1) == "7"), next == "j" && p.norm(i+n+1) == "/", next == "/" && (p.is(i+n+1, "4") || p.is(i+n+1, "2")) && IsHourWord(p.norm(i+n+2)):
	case IsHourWord(next) && p.length(i, v):
		_, _, k := p.Clock(i)
		return void(max(n+1, k))
	default:
		return Piece{}, false
	}
	return void(n)
}

// length reports whether the hours at token i are a length of time.
func (p *Parser) length(i, v int) bool {
	if p.lengthBefore(i) {
		return true
	}
	_, _, n := p.Clock(i)
	j := i + max(n, 2)
	switch p.norm(j) {
	case "de", "d":
		if p.norm(i-1) == "a" || p.last == i && i > 0 {
			return lengthOf[p.norm(j+1)]
		}
		return !hourOf[p.norm(j+1)] && !isWeekday(p.norm(j+1))
	case "par", "sans", "chacun", "chacune", "maximum":
		return true
	case "chaque":
		return !hourLead[p.norm(i-1)]
	case "plus":
		return p.norm(j+1) == "tard" || p.norm(j+1) == "tot"
	}
	return v > 0 && v < 7 && !p.hourSaid(i, j)
}

func isWeekday(s string) bool {
	_, ok := Weekdays[s]
	return ok
}

// hourOf may follow an hour and "de".
var hourOf = french.WordSet("l la matin midi apres aprem apm soir preference demain accord")

// lengthOf are the things that last, or lie, so many hours.
var lengthOf = french.WordSet("route marche train voiture bus trajet attente retard libre sommeil travail formation conduite vol avion affilee suite queue chez ici")

// hourSaid reports whether the small hour from token i to j is one of the clock, "à 3h", "jeudi 3h", and not "j'ai 3h".
func (p *Parser) hourSaid(i, j int) bool {
	before := p.norm(i - 1)
	switch {
	case before == "de":
		return p.norm(i-2) == "partir" || p.norm(j) == "a" || p.norm(j) == "-" || p.partNear(j)
	case hourLead[before], p.last > 0 && i-p.last <= 1, i == 0 && p.closesAll(j):
		return true
	}
	_, week := p.WeekdayAt(j)
	_, day := lookup(p, j, relatives)
	return week || day > 0 || p.partNear(j) || p.norm(j) == "-"
}

// partNear reports whether "du matin", "de l'après-midi", "l'aprem" or the like stands at token i.
func (p *Parser) partNear(i int) bool {
	for p.norm(i) == "de" || p.norm(i) == "du" || p.norm(i) == "l" || p.norm(i) == "la" || p.norm(i) == "pile" {
		i++
	}
	_, ok := p.part(i)
	return ok
}

// hourLead words before a small hour make it one of the clock.
var hourLead = french.WordSet("a vers des entre apres avant et ou environ les heure -")

// lengthBefore reports whether the words before token i make its hours a length of time.
func (p *Parser) lengthBefore(i int) bool {
	switch p.norm(i - 1) {
	case "fait": // "ça fait 9h15"
		v, _ := p.Count(i)
		return v < 7 || p.norm(i+2) == "que"
	case "dure", "duree", "pendant", "durant", "depuis", "toutes", "presque", "plus", "d", "dans", "en", "faut", "prend", "prennent", "moins", "encore":
		return true
	case ",":
		return p.norm(i-2) == "combien"
	case "ou":
		return p.is(i-5, "combien", ",") || p.norm(i-2) == "minutes" || p.norm(i-2) == "min"
	case "les":
		return p.norm(i-2) == "toutes" || p.norm(i-2) == "tous" || p.norm(i-2) == "pendant"
	case "de":
		switch p.norm(i - 2) {
		case "contrat", "retard", "plus", "moins", "bout", "pres", "attente", "avance":
			return true
		}
	case "est":
		return p.norm(i-2) == "il"
	case "a":
		return p.is(i-3, "il", "y") || p.norm(i-2) == "y"
	}
	return false
}
