package intents

import (
	"strings"

	"passeur/intents/french"
)

// count is a number of people that a text tells. Ages, prices, dates, floors and models are none; of "3 personnes : une dame, deux jeunes" the
// three count (counted), of "5 inscrits, 3 présents" the three. Their sum is how many people came.
type count struct {
	N          int
	Start, End int // byte offsets in the text
	kind       countKind
}

// countKind says how much a count is worth: people as such before single ones, single ones before appointments.
type countKind uint8

const (
	sessions  countKind = iota // "4 rdv"
	singles                    // "une dame", "Mme Martin", "son fils", "un couple"
	crowd                      // "6 personnes", "une dizaine", "nb 6"
	attending                  // "3 présents", who count and not the others
)

// mostPeople bounds the people of one count.
const mostPeople = 999

// people is how many people took part, 0 if it was not told.
func (r *activityReader) people() int {
	sum := 0
	for _, c := range r.counted() {
		sum += c.N
	}
	if sum > mostPeople {
		return 0
	}
	return sum
}

// counted are the counts of the kind that is worth most.
func (r *activityReader) counted() []count {
	var best []count
	for _, c := range r.counts {
		if len(best) > 0 && c.kind > best[0].kind {
			best = nil
		}
		if len(best) == 0 || c.kind == best[0].kind {
			best = append(best, c)
		}
	}
	return best
}

// readCounts finds all numbers of people; those behind "dont" are parts of another.
func (r *activityReader) readCounts() {
	r.counts = nil
	for i := 0; i < len(r.toks); {
		c, n := r.countAt(i)
		if n == 0 {
			i++
			continue
		}
		n = min(n, len(r.toks)-i)
		c.Start, c.End = r.toks[i].Start, r.toks[i+n-1].End
		if c.N > 0 && c.N <= mostPeople && !r.partOf(i) {
			r.counts = append(r.counts, c)
		}
		i += n
	}
	for _, read := range []func(){r.trade, r.loneNumber} {
		if len(r.counts) == 0 {
			read()
		}
	}
}

// trade reads "9 marcheurs": people by a word that only its ending tells.
func (r *activityReader) trade() {
	for i := range r.toks {
		v, n := r.p.Count(i)
		if n == 0 || v < 2 || v > mostPeople || r.at(i) == "" {
			continue
		}
		if s := r.at(i + n); hasSuffix(s, tradeEndings) && !themeBook.known(s) && !things[s] {
			r.counts = append(r.counts, count{N: v, Start: r.toks[i].Start, End: r.toks[i+n].End, kind: crowd})
			return
		}
	}
}

var (
	tradeEndings = []string{"eurs", "euses", "iers", "ieres", "istes", "iens", "iennes", "ants", "antes"}
	things       = french.WordSet("ordinateurs courriers papiers fichiers cahiers claviers imprimantes suivants dernieres derniers premiers premieres listes liens entiers heures moteurs erreurs valeurs couleurs")
)

func hasSuffix(s string, suffixes []string) bool {
	for _, suffix := range suffixes {
		if strings.HasSuffix(s, suffix) {
			return true
		}
	}
	return false
}

// loneNumber reads a number that is a field of its own: "Périers - 3 - 1h - CAF".
func (r *activityReader) loneNumber() {
	for i, t := range r.toks {
		few := t.Kind == french.Number && r.at(i) != "" && len(t.Norm) < 3 && french.Atoi(t.Norm) > 0
		alone := i > 0 && i < len(r.toks)-1 && fieldSigns[r.toks[i-1].Norm] && fieldSigns[r.toks[i+1].Norm] && !t.Glued
		if few && alone {
			r.counts = append(r.counts, count{N: french.Atoi(t.Norm), Start: t.Start, End: t.End, kind: crowd})
			return
		}
	}
}

// fieldSigns stand between the fields of a sentence that is nearly a table.
var fieldSigns = french.WordSet("- – , ; | •")

// partOf reports whether the count at token i is a part of one told before, or of people who are not there.
func (r *activityReader) partOf(i int) bool {
	for j := i - 1; j >= 0 && j >= i-6; j-- {
		switch s := r.toks[j].Norm; s {
		case "dont", "sur", "prevu", "prevus", "prevues", "inscrits":
			return s == "dont" || j == i-1
		case ".", ";":
			return false
		}
	}
	return false
}

// countAt reads a number of people at token i, and the tokens it takes; 0 for none.
func (r *activityReader) countAt(i int) (count, int) {
	for _, read := range []func(int) (count, int){r.headedCount, r.numberOf, r.titled, r.joinedKin, r.bareSingle, r.firstName, r.bracketed} {
		if c, n := read(i); n > 0 {
			return c, n
		}
	}
	return count{}, 0
}

// headedCount reads "nb 6", "participants : 5", "pers = 4", "groupe de 8", "nous étions 6", "effectif 7".
func (r *activityReader) headedCount(i int) (count, int) {
	s := r.at(i)
	j := i + 1
	switch {
	case s == "nb", s == "nbr", s == "nbre", s == "effectif", s == "nombre":
		for r.at(j) == "de" || r.at(j) == "d" || r.at(j) == "total" || crowdWords[r.at(j)] || singleWords[r.at(j)] {
			j++
		}
	case crowdWords[s] && (r.at(j) == ":" || r.at(j) == "="):
	case strings.HasPrefix(s, "participant") && !r.numbered(i) && r.p.Digits(j, 3):
	case bandWords[s] && (r.at(j) == "de" || r.at(j) == "d" || r.at(j) == "a"):
		j++
	case s == "etions" || s == "etaient" || s == "etait" && r.at(i-1) == "on" || s == "sommes":
	default:
		return count{}, 0
	}
	for r.at(j) == ":" || r.at(j) == "=" || r.at(j) == "environ" {
		j++
	}
	v, n, _ := r.quantity(j)
	if n == 0 || v < 2 && r.toks[j].Kind == french.Word || r.measured(j+n) || r.ordinal(j+n) {
		return count{}, 0
	}
	if strings.HasSuffix(s, "s") && bandWords[s] {
		v *= max(r.countEnding(i), 1)
	}
	return count{N: v, kind: crowd}, r.nounsEnd(j+n) - i
}

// bandWords are people together, or what they come to.
var bandWords = french.WordSet("groupe groupes classe equipe atelier collectif assemblee promo")

// ordinal reports whether token i makes a rank of the number before it: "2nde", "6e".
func (r *activityReader) ordinal(i int) bool {
	s := r.at(i)
	return s != "" && r.toks[i].Glued && r.toks[i].Kind == french.Word && !countedWords[s] && s != "p"
}

// measured reports whether token i makes the number before it something else than people.
func (r *activityReader) measured(i int) bool {
	s := r.at(i)
	return s != "" && (hourLike(s) || measures[s] || s == "d" && !r.toks[i].Glued)
}

// measures are what is counted beside people and hours.
var measures = french.WordSet("min mn minutes x fois seances ans € % euros g /")

// numberOf reads a number with the people counted behind it.
func (r *activityReader) numberOf(i int) (count, int) {
	v, n, round := r.quantity(i)
	if n == 0 {
		return count{}, 0
	}
	j := i + n
	if last := len(r.counts) - 1; v == 1 && r.at(j) == "autre" && last >= 0 && !countedWords[r.at(j+1)] && !adjectives[r.at(j+1)] {
		return count{N: 1, kind: r.counts[last].kind}, n + 1 // "une autre pour ses mails"
	}
	if r.at(j) == "auto" || r.at(j) == "micro" {
		j++
		for r.at(j) == "-" {
			j++
		}
	}
	for adjectives[r.at(j)] && (adjectives[r.at(j+1)] || countedWords[r.at(j+1)]) || round && (r.at(j) == "de" || r.at(j) == "d") {
		j++
	}
	s := r.at(j)
	if s == "rendez" {
		s = "rdv"
	}
	switch {
	case presentWords[s]:
		return count{N: v, kind: attending}, r.nounsEnd(j) - i
	case s == "de" && r.shouted(j) && r.toks[i].Kind == french.Number: // "6 DE", demandeurs d'emploi
		return count{N: v, kind: crowd}, j + 1 - i
	case crowdWords[s], round && !sessionWords[s] && !notPeople[s] && !hourLike(s), r.slipOfCrowd(s), s == "p" && r.toks[i].Kind == french.Number:
		if presentWords[r.at(j+1)] {
			return count{N: v, kind: attending}, j + 2 - i
		}
		return count{N: v * r.bands(i), kind: crowd}, r.nounsEnd(j) - i
	case (s == "retraite" || s == "retraites") && !r.retired(j):
	case singleWords[s] && !r.ofSomebody(i, s):
		return count{N: v * size(s), kind: singles}, r.nounsEnd(j) - i
	case sessionWords[s] && (v > 1 || r.at(i) != "une" && r.at(i) != "un"):
		return count{N: v, kind: sessions}, j + 1 - i
	}
	return count{}, 0
}

// bands is how many groups of the size at token i there were: "2 groupes de 15 élèves"; 1 when it was not told.
func (r *activityReader) bands(i int) int {
	if r.at(i-1) != "de" || !strings.HasSuffix(r.at(i-2), "s") || !bandWords[r.at(i-2)] && r.at(i-2) != "ateliers" && r.at(i-2) != "classes" {
		return 1
	}
	return max(r.countEnding(i-2), 1)
}

// slipOfCrowd reports whether a word is "personnes", "participants" or "usagers" with a slip.
func (r *activityReader) slipOfCrowd(s string) bool {
	return len(s) > 5 && (french.Near(s, "personnes") || french.Near(s, "personne") || french.Near(s, "participants") || french.Near(s, "usagers") || french.Near(s, "beneficiaires"))
}

// notPeople follow a round number that counts something else.
var notPeople = french.WordSet("minutes minute min mn photos mails jours euros questions documents fichiers km annees ans demarches")

// size is how many people one such word is.
func size(s string) int {
	switch s {
	case "couple", "couples", "duo", "binome", "binomes":
		return 2
	case "trio":
		return 3
	}
	return 1
}

// quantity reads a number of things: "6", "huit", "une", "une dizaine", "une demi-douzaine".
func (r *activityReader) quantity(i int) (v, n int, round bool) {
	if r.at(i) == "" {
		return 0, 0, false
	}
	j := i
	if s := r.at(i); s == "une" || s == "la" || s == "1" || s == "petite" || s == "bonne" {
		j++
	}
	for adjectives[r.at(j)] {
		j++
	}
	half := 0
	if r.at(j) == "demi" || r.at(j) == "demie" {
		half = 1
		j++
		if r.at(j) == "-" {
			j++
		}
	}
	if tens := dozens[r.at(j)]; tens > 0 {
		return tens >> half, j + 1 - i, true
	}
	if prev := r.at(i - 1); r.toks[i].Kind == french.Number && (modelWords[prev] || r.at(i-1) == "-" && r.toks[i].Glued && i > 1 && r.toks[i-2].Kind == french.Word) {
		return 0, 0, false
	}
	v, n = r.p.Count(i)
	if r.at(i) == "premier" || v > mostPeople {
		return 0, 0, false
	}
	return v, n, false
}

// modelWords stand before the number of a model, a version, a place.
var modelWords = french.WordSet("windows win iphone ipad galaxy android ios version v n no numero etage chambre salle rue lot page galaxy")

// dozens are the round numbers of people.
var dozens = map[string]int{"huitaine": 8, "dizaine": 10, "dixaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "vintaine": 20, "trentaine": 30, "quarantaine": 40,
	"cinquantaine": 50, "soixantaine": 60, "centaine": 100}

// titled reads "Mme Martin", "M. et Mme Hamel", "monsieur".
func (r *activityReader) titled(i int) (count, int) {
	if !french.Titles[r.at(i)] || r.at(i) == "m" && !r.capitalAt(i) && r.at(i+1) != "." || r.at(i) == "me" && !r.titleMe(i) || r.at(i-1) == "l" {
		return count{}, 0
	}
	j := i + 1
	if r.at(j) == "." {
		j++
	}
	if r.at(j) == "et" && french.Titles[r.at(j+1)] {
		j += 2
		if r.at(j) == "." {
			j++
		}
		return count{N: 2, kind: singles}, r.surnameEnd(j) - i
	}
	n := 1
	if r.at(i) == "mmes" {
		n = 2
	}
	return count{N: n, kind: singles}, r.surnameEnd(j) - i
}

// titleMe tells "Me Durand" from "me".
func (r *activityReader) titleMe(i int) bool {
	return r.capitalAt(i) && i+1 < len(r.toks) && r.capitalAt(i+1) && r.at(i-1) != ""
}

func (r *activityReader) capitalAt(i int) bool {
	return i >= 0 && i < len(r.toks) && !r.lower(i) && r.toks[i].Kind == french.Word
}

// surnameEnd is the token after a name that begins at i.
func (r *activityReader) surnameEnd(i int) int {
	for r.capitalAt(i) && r.at(i) != "" && !french.Titles[r.at(i)] || r.at(i) == "-" && r.capitalAt(i+1) && r.toks[i].Glued {
		i++
	}
	return i
}

// joinedKin reads "et son fils", "avec sa fille", "accompagnée de ses deux enfants", behind somebody who was counted.
func (r *activityReader) joinedKin(i int) (count, int) {
	if len(r.counts) == 0 || i-r.tokenAt(r.counts[len(r.counts)-1].End-1) > kinReach {
		return count{}, 0
	}
	j := i + 1
	switch s := r.at(i); {
	case s == "et", s == "avec", s == "+":
	case (s == "accompagne" || s == "accompagnee") && (r.at(j) == "de" || r.at(j) == "par"):
		j++
	default:
		return count{}, 0
	}
	if s := r.at(j); s != "son" && s != "sa" && s != "ses" && s != "leur" && s != "leurs" {
		return count{}, 0
	}
	v, n := r.p.Count(j + 1)
	j += 1 + n
	for adjectives[r.at(j)] || r.at(j) == "-" || r.at(j) == "petit" || r.at(j) == "petite" || r.at(j) == "belle" || r.at(j) == "beau" {
		j++
	}
	if !kinWords[r.at(j)] {
		return count{}, 0
	}
	return count{N: max(v, 1), kind: singles}, j + 1 - i
}

// kinReach is how far behind a person the words of who came along may begin, in tokens.
const kinReach = 5

var kinWords = french.WordSet("fils fille filles mari femme epoux epouse mere pere maman papa frere soeur enfant enfants conjoint conjointe compagnon compagne voisin voisine ami amie copain copine neveu niece ado bebe aidant aidante")

// bareSingle reads a person named without an article at the beginning of a part: "dame 72 ans, mails".
func (r *activityReader) bareSingle(i int) (count, int) {
	s := r.at(i)
	if s == "quelqu" && r.at(i+1) == "un" || s == "qqn" || s == "qqun" {
		return count{N: 1, kind: singles}, 1 + french.Bit(s == "quelqu")
	}
	if !bareWords[s] && !(r.breaks(i-1) && openWords[s]) {
		return count{}, 0
	}
	switch before := r.at(i - 1); before {
	case "la", "le", "cette", "ce", "meme", "l":
		if len(r.counts) > 0 && r.counts[len(r.counts)-1].kind > sessions {
			return count{}, 0
		}
	case "chez", "une", "un", "chaque", "par", "/":
		return count{}, 0
	}
	return count{N: size(s), kind: singles}, r.nounsEnd(i) - i
}

var bareWords = french.WordSet("dame monsieur mamie papi papy usager usagere couple retraitee etudiante etudiant lyceen lyceenne maman papa senior")

// openWords are persons at the beginning of a part only: "jeune de 17 ans, cv".
var openWords = french.WordSet("jeune homme femme ado demandeur demandeuse salarie salariee artisan artisane agriculteur agricultrice habitant habitante beneficiaire personne stagiaire")

// firstName reads "avec Jeanne", "reçu Jean-Luc H.": one person, by a name that is neither a theme nor a place.
func (r *activityReader) firstName(i int) (count, int) {
	switch r.at(i - 1) {
	case "avec", "recu", "aide", "accompagne", "vu", "rencontre":
	default:
		return count{}, 0
	}
	s := r.at(i)
	spelt := r.capitalAt(i) && r.lower(i-1) && len(s) > 2 && !r.shouted(i)
	place := maybeKinds[s] || sureKinds[s]
	if !spelt || place || themeBook.known(s) || french.Titles[s] || french.Nameless[s] {
		return count{}, 0
	}
	return count{N: 1, kind: singles}, r.surnameEnd(i) - i
}

// bracketed reads "(14)" behind a group.
func (r *activityReader) bracketed(i int) (count, int) {
	v, n := r.p.Count(i + 1)
	if r.at(i) != "(" || n != 1 || r.at(i+2) != ")" || r.toks[i+1].Kind != french.Number || v < 2 || v > 99 || r.at(i+1) == "" {
		return count{}, 0
	}
	return count{N: v, kind: crowd}, 3
}

// shouted reports whether token i is all in capitals.
func (r *activityReader) shouted(i int) bool {
	w := r.text[r.toks[i].Start:r.toks[i].End]
	return len(w) > 1 && strings.ToUpper(w) == w
}

// ofSomebody reports whether the person at token i is only mentioned: "la tablette d'un enfant".
func (r *activityReader) ofSomebody(i int, s string) bool {
	return (s == "enfant" || s == "enfants" || s == "fils" || s == "fille") && (r.at(i-1) == "d" || r.at(i-1) == "de" || r.at(i-1) == "ses")
}

// nounsEnd is the token after the words for people that stand at i: of "2 jeunes demandeurs d'emploi" each is counted once.
func (r *activityReader) nounsEnd(i int) int {
	for end := i; ; {
		s := r.at(end)
		switch {
		case crowdWords[s] || singleWords[s] || presentWords[s] || adjectives[s] || r.slipOfCrowd(s) || s == "p" && end == i:
			end++
			i = end
		case (s == "de" || s == "d") && end == i && (crowdWords[r.at(end+1)] || singleWords[r.at(end+1)]):
			end++
		default:
			return i
		}
	}
}

var (
	crowdWords = french.WordSet(`personne personnes pers persones perso perss usager usagers usagere usageres usag participant participants participante participantes particip part beneficiaire
		beneficiaires benef habitant habitants habitante habitantes particulier particuliers gens stagiaire stagiaires apprenant apprenants adherent adherents resident residents residente residentes allocataire allocataires
		visiteur visiteurs eleve eleves pax ppl inscrits inscrit adulte adultes collegues publics`)
	presentWords = french.WordSet("present presents presente presentes venus venues venu")
	singleWords  = french.WordSet(`dame dames monsieur messieurs femme femmes homme hommes senior seniors retraite retraites retraitee retraitees jeune jeunes ado ados adolescent
		adolescents enfant enfants collegien collegiens collegienne collegiennes lyceen lyceens lyceenne lyceennes etudiant etudiants etudiante etudiantes mamie mamies papi papis papy papys
		maman mamans papa papas mere meres pere peres parent parents couple couples demandeur demandeurs demandeuse demandeuses salarie salaries salariee salariees agent agents
		benevole benevoles elu elus artisan artisans artisane artisane artisanes commercant commercants commercante commercantes agriculteur agriculteurs agricultrice agricultrices
		familles foyers voisin voisins voisine voisines locataire locataires aidant aidants aidante aine aines ainee ainees duo binome binomes trio fille filles garcon garcons grand-mere
		entrepreneur entrepreneurs entrepreneuse veuve veuf ancien gars meuf nana primo arrivant arrivants arrivante migrant migrants refugie refugies refugiee
		chomeur chomeurs assistante assistantes secretaire secretaires professionnel professionnels professionnelle cliente client clients interne internes quinqua
		ukrainien ukrainienne ukrainiens ukrainiennes vieux vieille beneficiaire autoentrepreneur autoentrepreneuse mineur mineurs pensionnaire pensionnaires patient patients
		apprenti apprentis apprentie apprenties boulanger boulangere coiffeur coiffeuse infirmier infirmiere macon plombier pecheur ostreiculteur eleveur eleveuse nounou
		gerant gerante restaurateur restauratrice maraicher maraichere exploitant exploitante chasseur professeur enseignant enseignante enseignants instit maire 
		proprietaire bailleur malvoyant malvoyante sourd aveugle intervenant intervenante touriste touristes saisonnier saisonniere menage ouvrier ouvriere chauffeur
		createur createurs creatrice creatrices dirigeant dirigeante patron patronne porteur porteuse septuagenaire octogenaire sexagenaire
		debutant debutants debutante debutantes novice novices tuteur tutrice curateur animateur animatrice educateur educatrice chef cheffe mariee veufs veuves divorcee`)
	sessionWords = french.WordSet("rdv rdvs rendez accompagnement accompagnements acc accomp accompagnt entretien entretiens suivi suivis demande demandes accueil accueils passage passages seance seances session sessions atelier ateliers creneau creneaux dossier dossiers intervention interventions visite visites")
	adjectives   = french.WordSet("nouveau nouveaux nouvel nouvelle nouvelles autre autres petit petits petite petites jeune jeunes agee agees age ages vieille vieilles vieux gentille bonne bonnes meme seule seul bon environ individuel individuels individuelle individuelles collectif collectifs numerique numeriques")
	personWords  = merged(crowdWords, singleWords)
	countedWords = merged(crowdWords, presentWords, singleWords, sessionWords)
)

// merged is the union of sets.
func merged(sets ...map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, s := range sets {
		for w := range s {
			all[w] = true
		}
	}
	return all
}
