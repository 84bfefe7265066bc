package intents

import (
	"strings"

	"passeur/intents/dates"
	"passeur/intents/french"
)

// readPlace finds where the activity took place: a kind of place ("mairie de Coutances"), a home or a call, a commune behind "à", any
// commune that the gazetteer knows, or any name behind a word like "à"; in this order, with what is surest first.
func (r *activityReader) readPlace() {
	for _, find := range []func() bool{r.kindPlace, r.homePlace, r.remotePlace, r.communePlace, r.namedPlace, r.misspeltPlace} {
		if find() {
			return
		}
	}
}

func (r *activityReader) setActivityPlace(from, to int) bool {
	for to > from+1 && (r.toks[to-1].Kind == french.Sign && r.toks[to-1].Norm != ")" || french.Small[r.toks[to-1].Norm]) {
		to--
	}
	r.Place = r.typed(from, to)
	if strings.HasSuffix(r.Place, ")") && !strings.Contains(r.Place, "(") {
		r.Place = strings.TrimSuffix(r.Place, ")")
	}
	r.take(from, to)
	return true
}

var (
	// sureKinds are places wherever they stand.
	sureKinds = french.WordSet(`mairie mairies mediatheque mediatek bibliotheque biblio ccas cias cms ehpad epn residence gymnase msap ludotheque cyberbase fablab tierslieu mjc csc
		camping foyer salle epahd fjt cada esat pimms mds greta camion bibliobus halle ehpa marpa cdi cfa mfr afpa pij bij cio`)
	// maybeKinds are places behind a word like "à", or before what makes them one.
	maybeKinds = french.WordSet(`espace maison centre pole mission antenne ecole college lycee local locaux bureau annexe poste agence tiers bus france fs point residence club
		cafe association secours emmaus restos caf cpam gare chateau marche hotel prefecture relais accueil guichet hopital clinique esat ime cinema restaurant bar
		boulangerie entreprise usine communaute cite quartier cci chambre carsat msa epicerie ressourcerie recyclerie sous theatre musee campus universite fac iut crous
		garderie creche ram rpe pmi spip cidff udaf adil ufcv apei unite plateforme parvis kiosque stand forum salon jardin abbaye manoir ferme cantine amicale pharmacie
		cabinet pepiniere incubateur coworking immeuble hlm tribunal tresorerie structure librairie conseil siege village auberge ferme comptoir assoc asso croix france`)
	// kindTails make a place of the word before them.
	kindTails = map[string]map[string]bool{
		"espace":  french.WordSet("numerique public famille jeunes france culturel multimedia socioculturel"),
		"maison":  french.WordSet("des du france de"),
		"centre":  french.WordSet("social socio socioculturel medico culturel communal de"),
		"pole":    french.WordSet("social sante enfance"),
		"mission": french.WordSet("locale"), "france": french.WordSet("service services"), "tiers": french.WordSet("lieu lieux - "), "point": french.WordSet("numerique info infos justice accueil d"),
		"bus": french.WordSet("numerique france itinerant"), "local": french.WordSet("jeunes ados"), "fs": nil, "ecole": french.WordSet("primaire maternelle de elementaire saint"), "college": french.WordSet("de jean le la saint les"),
		"lycee": french.WordSet("de agricole le la professionnel"), "cafe": french.WordSet("associatif"), "sous": french.WordSet("prefecture -"), "chambre": french.WordSet("de"), "relais": french.WordSet("petite"), "club": french.WordSet("de des"),
		"cci": french.WordSet("de"), "cpam": french.WordSet("de"), "conseil": french.WordSet("departemental"), "secours": french.WordSet("populaire catholique"), "restos": french.WordSet("du"),
	}
	// kindGoOn belong to the kind of place before them.
	kindGoOn = merged(placeGoOn, french.WordSet("autonomie annexe jeunes ados intercommunale communautaire itinerante connecte mobile fetes agricole professionnel professionnelle primaire maternelle elementaire senior aines amitie medical hospitalier culturel culturelle loisirs retraite quartier habitat base petite france com comcom citoyen rural rurale info infos conseil justice accueil multi prefecture"))
	// locatives stand before a place.
	locatives = french.WordSet("a au aux en dans chez")
)

// kindPlace reads a place told by its kind: one that is surely a place first, then one behind "à", then one that is only named.
func (r *activityReader) kindPlace() bool {
	best, most := -1, -1
	for i := range r.toks {
		if !r.kindAt(i) {
			continue
		}
		worth := french.Bit(r.locativeBefore(i)) + 2*french.Bit(sureKinds[r.at(i)] || r.communeBehind(i+1) || kindTails[r.at(i)][r.at(i+1)])
		if worth > most {
			best, most = i, worth
		}
	}
	if best < 0 {
		return false
	}
	end := r.kindEnd(best)
	return r.setActivityPlace(r.kindHead(best), end)
}

// bodies are also what people need help with: a place only with the name of a town.
var bodies = french.WordSet("caf cpam carsat msa cantine crous garderie creche prefecture tribunal tresorerie association secours urssaf conseil ants bourse hlm assoc asso")

// kindAt reports whether a place is told by its kind at token i.
func (r *activityReader) kindAt(i int) bool {
	s := r.at(i)
	switch {
	case s == "" || r.toks[i].Kind != french.Word:
		return false
	case r.ofPerson(i):
		return false
	case sureKinds[s]:
		return true
	case len(s) > 6 && (french.Near(s, "mediatheque") || french.Near(s, "bibliotheque")):
		return true
	case s == "france" && !strings.HasPrefix(r.at(i+1), "service") && !(r.at(i+1) == "travail" && r.locativeBefore(i)):
		return false
	case s == "fs", s == "cyber" && (r.at(i+1) == "base" || r.at(i+1) == "-"):
		return true
	case bodies[s]:
		return r.communeBehind(i + 1)
	case s == "cafe" && (r.at(i+1) == "ia" || r.at(i+1) == "numerique"), s == "espace" && (r.at(i+1) == "france" && r.at(i+2) == "travail" || r.at(i+1) == "sante"):
		return false
	case s == "poste" && r.at(i-1) != "la", s == "ecole" && r.at(i+1) == "directe":
		return false
	case !maybeKinds[s]:
		named := r.shouted(i) || r.locativeBefore(i) && r.at(i-1) != "a" && ofWords[r.at(i+1)]
		taken := themeBook.exact[s] != nil || countedWords[s] || placeStops[s] || r.communeLen(i) > 0
		return len(s) > 2 && named && !taken && r.communeBehind(i+1)
	}
	tails, known := kindTails[s]
	return r.locativeBefore(i) || known && tails[r.at(i+1)] || r.communeBehind(i+1) || r.breaks(i-1) && ofWords[r.at(i+1)] && !r.breaks(i+2)
}

// ofPerson reports whether the place at token i only tells where a person belongs: "une collègue de la médiathèque".
func (r *activityReader) ofPerson(i int) bool {
	j := i - 1
	for r.at(j) == "la" || r.at(j) == "l" {
		j--
	}
	if !ofWords[r.at(j)] {
		return false
	}
	return colleagues[r.at(j-1)]
}

// colleagues are people who work at a place.
var colleagues = french.WordSet("collegue collegues employe employee directrice directeur secretaire secretaires")

// communeBehind reports whether a commune stands at token i, or behind "de" there.
func (r *activityReader) communeBehind(i int) bool {
	if r.at(i) == "de" || r.at(i) == "d" {
		i++
	}
	return r.communeLen(i) > 0
}

// locativeBefore reports whether a word like "à" stands before token i, articles between passed over.
func (r *activityReader) locativeBefore(i int) bool {
	j := i - 1
	for beforePlaces[r.at(j)] {
		j--
	}
	return locatives[r.at(j)]
}

// beforePlaces are the articles of places.
var beforePlaces = french.WordSet("l la le les notre nos une un mon")

// kindHead is where a place begins whose kind stands at token i: at the commune right before it, "Périers mairie", or at itself.
func (r *activityReader) kindHead(i int) int {
	end := i
	if s := r.at(i - 1); s == "," || s == "-" || s == "–" {
		end--
	}
	for from := max(end-12, 0); from < end; from++ {
		if r.at(from-1) == "-" && r.toks[from].Glued {
			continue
		}
		if n := r.communeLen(from); n > 0 && from+n == end && r.at(from-1) != "de" && !french.Titles[r.at(from-1)] && !locatives[r.at(from-1)] {
			if k := r.kindEnd(i); end == i && r.communeLen(k-1) == 0 || k == i+1 {
				return from
			}
		}
	}
	desk := i - 1
	for ofWords[r.at(desk)] || r.at(desk) == "la" || r.at(desk) == "l" {
		desk--
	}
	if s := r.at(desk); s == "accueil" || s == "guichet" || s == "comptoir" {
		return desk
	}
	if r.at(i) == "poste" && r.at(i-1) == "la" && !r.lower(i-1) {
		return i - 1
	}
	return i
}

// kindEnd is the token after a place whose kind stands at token i.
func (r *activityReader) kindEnd(i int) int {
	to := i + 1
	if r.oddTail(to) {
		to++
	}
	for words := 0; to < len(r.toks) && words < 7; words++ {
		j := to
		of := false
		for joining[r.at(j)] {
			of = of || ofWords[r.at(j)]
			j++
		}
		if n := r.communeLen(j); n > 0 {
			return r.closed(j+n, to)
		}
		if !r.placeWordAt(j, to, of) {
			return to
		}
		to = j + 1
		if !r.lower(j) && j > i+1 && r.capitalChain(j) {
			to = r.nameEndAt(j)
		}
	}
	return to
}

// oddTail reports whether the word at token i belongs to the kind of place before it only because "de" and a name follow:
// "espace emploi de Coutances".
func (r *activityReader) oddTail(i int) bool {
	s := r.at(i)
	return s != "" && r.toks[i].Kind == french.Word && !joining[s] && !placeStops[s] && r.locativeBefore(i-1) && ofWords[r.at(i+1)] && (r.communeLen(i+2) > 0 || r.capitalWord(i+2))
}

// closed takes the bracket behind a commune that one opened.
func (r *activityReader) closed(end, from int) int {
	for _, t := range r.toks[from:end] {
		if t.Norm == "(" && r.at(end) == ")" {
			return end + 1
		}
	}
	return end
}

// joining are the words and signs between the words of a place.
var (
	joining = french.WordSet("de du des d l la le les a au aux en sur - ( ,")
	ofWords = french.WordSet("de du des d")
)

// placeWordAt reports whether the word at token j goes on a place that ended at token to; of: "de" stands between.
func (r *activityReader) placeWordAt(j, to int, of bool) bool {
	s := r.at(j)
	if s == "" || r.toks[j].Kind != french.Word || french.Titles[s] || countedWords[s] && !kindGoOn[s] || dayWord(s) {
		return false
	}
	for k := to; k < j; k++ {
		if r.at(k) == "," || r.at(k) == "(" || r.at(k) == "-" && !r.toks[k].Glued {
			return false
		}
	}
	between := j > to
	switch at := r.at(to); {
	case kindGoOn[s] && (!between || of || at == "-" || at == "les" || at == "la" || at == "l"):
		return true
	case placeStops[s] || themeBook.exact[s] != nil && !of:
		return false
	case !between:
		return r.capitalWord(j)
	case of:
		commune := r.g != nil && r.g.names[s] != nil && !placeStops[s]
		word := len(s) > 3 && (themeBook.exact[s] == nil || maybeKinds[r.at(to-1)])
		return r.capitalWord(j) || commune || maybeKinds[s] || sureKinds[s] || word
	case at == "a" || at == "en" || at == "sur" || at == "au" || at == "aux":
		return r.capitalWord(j) && themeBook.exact[s] == nil
	}
	return r.capitalWord(j)
}

// placeStops are words that begin another part of the sentence, capital or not.
var placeStops = french.WordSet(`pour avec sur et ou par pendant durant hier lundi mardi mercredi jeudi vendredi samedi dimanche matin aprem soir atelier accompagnement rdv aide accueil
	permanence individuel collectif ponctuel duree puis ce cet cette une un deux trois quatre cinq six sept huit neuf dix il elle je j nous on participants theme sujet objet
	initiation decouverte formation dans apres lors environ total demi quart heure heures minutes creation utilisation prise gestion chez`)

func dayWord(s string) bool {
	_, day := dates.Weekdays[s]
	return day || dates.MonthOf(s) > 0
}

// capitalWord reports whether token i begins with a capital, and is no theme in capitals like "CAF".
func (r *activityReader) capitalWord(i int) bool { return r.capitalAt(i) && !placeStops[r.at(i)] }

// communeLen is how many tokens the name of a commune takes that the gazetteer knows at token i; 0 for none.
func (r *activityReader) communeLen(i int) int {
	if r.g == nil || r.at(i) == "" || r.toks[i].Kind != french.Word || french.Titles[r.at(i-1)] || r.at(i-1) == "." && french.Titles[r.at(i-2)] {
		return 0
	}
	key, n := r.g.longestName(r.toks, i)
	if n == 0 || !r.free(i, i+n) || len(key) < 4 || r.g.common[bare(key)] && (r.lower(i) && r.lower(i+n-1) || !locative[r.at(i-1)] && !r.alone(i, i+n)) {
		return 0
	}
	for r.at(i+n) == "-" && r.toks[i+n].Glued && i+n+1 < len(r.toks) && r.toks[i+n+1].Glued && r.toks[i+n+1].Kind == french.Word {
		n += 2
	}
	return n
}

// alone reports whether tokens from..to-1 stand between commas or the like.
func (r *activityReader) alone(from, to int) bool {
	return (from == 0 || r.toks[from-1].Kind == french.Sign) && (to == len(r.toks) || r.toks[to].Kind == french.Sign)
}

// homePlace reads "à domicile", "chez elle", "chez Mme Noël à Tessy"; a commune behind is more telling than a home without that word.
func (r *activityReader) homePlace() bool {
	for i := range r.toks {
		if r.at(i) == "domicile" {
			r.PlaceType = "domicile"
			return r.setActivityPlace(i, i+1)
		}
	}
	for i := range r.toks {
		if r.at(i) != "chez" || !r.somebodyAt(i+1) {
			continue
		}
		r.PlaceType = "domicile"
		for j := i + 1; j < min(i+8, len(r.toks)); j++ {
			if n := r.communeLen(j); n > 0 {
				return r.setActivityPlace(j, j+n)
			}
		}
		if r.communePlace() || r.namedPlace() {
			return true
		}
		r.Place = "domicile"
		return true
	}
	return false
}

// somebodyAt reports whether a person stands at token i.
func (r *activityReader) somebodyAt(i int) bool {
	switch r.at(i) {
	case "elle", "lui", "eux", "elles":
		return true
	case "l", "la", "le", "un", "une", "les", "cette", "ce", "des":
		i++
	}
	return french.Titles[r.at(i)] || personWords[r.at(i)] || r.at(i) == "habitante" || r.at(i) == "particulier" || adjectives[r.at(i)] && personWords[r.at(i+1)]
}

// remotePlace reads "à distance", "par téléphone", "en visio"; a visio with somebody's family is a theme. Who begins with "visio" names no place.
func (r *activityReader) remotePlace() bool {
	if strings.HasPrefix(r.at(0), "visio") {
		r.PlaceType = "a_distance"
	}
	for i := range r.toks {
		before := r.at(i - 1)
		switch s := r.at(i); {
		case s == "distance" && before == "a", s == "teletravail" && before == "en":
		case (s == "telephone" || s == "tel") && (before == "par" || before == "au"):
		case strings.HasPrefix(s, "visio") && (before == "en" || before == "par" || before == "de") && !(r.at(i+1) == "avec" && (r.at(i+2) == "sa" || r.at(i+2) == "ses" || r.at(i+2) == "son")):
		default:
			continue
		}
		r.PlaceType = "a_distance"
		if commune := r.communeAnywhere(true); commune >= 0 {
			return r.setActivityPlace(commune, commune+r.communeLen(commune))
		}
		return r.setActivityPlace(i, i+1)
	}
	return false
}

// communePlace reads a commune that the gazetteer knows, one behind "à" first; one from which people come last.
func (r *activityReader) communePlace() bool {
	i := r.communeAnywhere(true)
	if i < 0 {
		i = r.communeAnywhere(false)
	}
	if i < 0 {
		return false
	}
	return r.setActivityPlace(i, i+r.communeLen(i))
}

// communeAnywhere is the token at which a commune is named, only behind a word like "à" if so asked; -1 for none.
func (r *activityReader) communeAnywhere(behind bool) int {
	for i := range r.toks {
		before := r.at(i - 1)
		if r.communeLen(i) == 0 || behind && !locatives[before] && before != "sur" || r.homeCommune(i) {
			continue
		}
		return i
	}
	return -1
}

// homeCommune reports whether the commune at token i is where somebody comes from: "une dame de Flers".
func (r *activityReader) homeCommune(i int) bool {
	return (r.at(i-1) == "de" || r.at(i-1) == "d") && personWords[r.at(i-2)] || r.at(i-1) == "vers"
}

// namedPlace reads a name behind a word like "à" that no gazetteer knows: "à Trifouilly-les-Oies", "chez Emmaüs".
func (r *activityReader) namedPlace() bool {
	for i := range r.toks {
		j := i + 1
		switch r.at(i) {
		case "a", "au", "aux", "chez", "dans", "en":
		case "de", "permanence", "perm":
			if at := r.at(i); at == "de" && r.at(i-1) != "permanence" && r.at(i-1) != "perm" && r.at(i-1) != "marche" {
				continue
			}
		default:
			continue
		}
		for r.at(j) == "l" || (r.at(j) == "la" || r.at(j) == "le" || r.at(j) == "les") && !r.capitalWord(j) {
			j++
		}
		if r.capitalWord(j) && !french.Titles[r.at(j)] && !dayWord(r.at(j)) && (themeBook.exact[r.at(j)] == nil || articleWords[r.at(j)]) && !personWords[r.at(j)] {
			return r.setActivityPlace(j, r.nameEndAt(j))
		}
	}
	return r.leadingName()
}

var articleWords = french.WordSet("la le les l")

// leadingName reads a name that stands alone between signs, as in the telegraphic "Trifouilly, 3 pers, 1h".
func (r *activityReader) leadingName() bool {
	for i := range r.toks {
		if i > 0 && r.toks[i-1].Kind != french.Sign || i > 1 && french.Titles[r.toks[i-2].Norm] || !r.capitalChain(i) || len(r.at(i)) < 4 || french.Nameless[r.at(i)] || r.otherWord(r.at(i)) {
			continue
		}
		if end := r.nameEndAt(i); (end == len(r.toks) || r.toks[end].Kind == french.Sign) && !(r.shouted(i) && end == i+1 && len(r.at(i)) < 5) {
			return r.setActivityPlace(i, end)
		}
	}
	return false
}

// otherWord reports whether a word belongs to another part of the sentence than the place.
func (r *activityReader) otherWord(s string) bool {
	return placeStops[s] || countedWords[s] || groupWords[s] || gatherWords[s] || french.Titles[s] || bareWords[s] || adjectives[s] || strings.HasPrefix(s, "ponct") || quickWords[s] ||
		aloneWords[s] || themeBook.known(s) || len(themeBook.typos(s)) > 0
}

// capitalChain reports whether a name can begin at token i.
func (r *activityReader) capitalChain(i int) bool {
	return r.capitalAt(i) && r.at(i) != "" && !placeStops[r.at(i)]
}

// nameEndAt is the token after a name of a place that begins at token i: capitals, what hyphens join, and small words before capitals.
func (r *activityReader) nameEndAt(i int) int {
	end := i + 1
	for end < len(r.toks) {
		j := end
		for r.at(j) == "-" && r.toks[j].Glued || inName[r.at(j)] {
			j++
		}
		s := r.at(j)
		glued := r.at(end) == "-" && r.toks[end].Glued && j < len(r.toks) && r.toks[j].Kind == french.Word && r.toks[end+1].Glued
		people := french.Titles[s] || groupWords[s] || countedWords[s]
		other := people || dayWord(s) || sureKinds[s] || maybeKinds[s] || themeBook.exact[s] != nil
		if s == "" || !glued && (!r.capitalWord(j) || other) {
			return end
		}
		end = j + 1
	}
	return end
}

// inName are the small words in names of communes.
var inName = french.WordSet("de du des d la le les l en sur sous et")

// misspeltPlace reads a commune with one slip behind "à".
func (r *activityReader) misspeltPlace() bool {
	if r.g == nil {
		return false
	}
	for i := range r.toks {
		if n := r.firstWord(i); n > 0 {
			return r.setActivityPlace(i, i+n)
		}
	}
	for i := range r.toks {
		s := r.at(i)
		if r.at(i-1) != "a" || r.toks[i].Kind != french.Word || len(s) < 6 || themeBook.known(s) || french.Nameless[s] {
			continue
		}
		if len(r.g.misspelt(s)) > 0 {
			return r.setActivityPlace(i, i+1)
		}
	}
	return false
}

// firstWord is how many tokens the beginning of a commune's name takes at token i: "barneville" for Barneville-Carteret.
func (r *activityReader) firstWord(i int) int {
	s := r.at(i)
	if s == "" || r.toks[i].Kind != french.Word || len(s) < 6 || r.g.longest[s] < 2 || r.g.common[s] || r.otherWord(s) || french.Titles[r.at(i-1)] || r.homeCommune(i) {
		return 0
	}
	return 1
}
