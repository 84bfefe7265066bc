package intents

import (
	"slices"
	"strings"

	"passeur/intents/french"
)

// placeWords are the kinds of places where counsellors receive people; more words of the kind may follow.
var placeWords = french.WordSet(`mairie mairies mediatheque bibliotheque ccas cias cms cmp ehpad epn espace salle maison centre pole foyer mission antenne
	ecole college lycee local bureau annexe poste agence tiers tierslieu fablab bus camion camping gymnase france mfs msap fs residence
	domicile cafe association secours emmaus restos caf cpam gare chateau halle marche hotel prefecture relais ludotheque cyberbase`)

// placeGoOn are the words that belong to the kind of place before them.
var placeGoOn = french.WordSet(`services service social sociale socioculturel socio culturel medico locale numerique numeriques lieu lieux polyvalente municipale
	communale travail public publique annexe enfance famille itinerant departementale departemental associatif seniors multimedia populaire catholique coeur
	rsa caf msa cpam pmi mdph apa`)

// placeCounts are words in the name of a place that need another behind them: "salle des Trois Lutins".
var placeCounts = french.WordSet("deux trois quatre cinq six sept huit neuf dix mille grand grande grands grandes petit petite petits petites vieux vieille saint sainte")

// readPlace finds the place of the appointment.
func (r *bookingReader) readPlace() {
	if r.knownPlace() || r.keywordPlace() {
		return
	}
	hits := r.hits()
	for _, h := range hits {
		if i := r.tokenAt(h.Start); i > 0 && (r.norm(i-1) == "a" || r.norm(i-1) == "vers" || r.norm(i-1) == "sur") {
			r.setPlace(i-1, r.tokenAt(h.End-1)+1, communesAt(hits, h.Start))
			return
		}
	}
	if len(hits) > 0 {
		first := hits[0]
		r.setPlace(r.tokenAt(first.Start), r.tokenAt(first.End-1)+1, communesAt(hits, first.Start))
	}
}

// hits are the communes named in what was not taken yet.
func (r *bookingReader) hits() []CommuneHit {
	var free []CommuneHit
	for _, h := range r.g.FindCommunes(r.text) {
		if i := r.tokenAt(h.Start); i >= 0 && !r.taken[i] {
			free = append(free, h)
		}
	}
	return free
}

func communesAt(hits []CommuneHit, start int) []Commune {
	var cs []Commune
	for _, h := range hits {
		if h.Start == start {
			cs = append(cs, h.Commune)
		}
	}
	return cs
}

// tokenAt returns the token that holds a byte of the text, -1 for none.
func (r *bookingReader) tokenAt(offset int) int {
	return slices.IndexFunc(r.toks, func(t french.Token) bool { return t.Start <= offset && offset < t.End })
}

func (r *bookingReader) setPlace(from, to int, cs []Commune) {
	r.PlaceText, r.Communes = r.typed(from, to), cs
	r.take(from, to)
}

// placeAt reports whether a place begins at token i, which ends a name.
func (r *bookingReader) placeAt(i int) bool {
	if placeWords[r.norm(i)] {
		return true
	}
	if i >= len(r.toks) || r.norm(i) == "" {
		return false
	}
	_, n := r.g.longestName(r.toks, i)
	return n > 0
}

// knownPlace looks for the label of a known place, its small words and the order of its words aside; the longest wins.
func (r *bookingReader) knownPlace() bool {
	best, from, to := -1, 0, 0
	size := 0
	for k, p := range r.places {
		words := significant(p.Label)
		if len(words) <= size || len(words) == 0 {
			continue
		}
		if a, b, ok := r.window(words); ok {
			best, from, to, size = k, a, b, len(words)
		}
	}
	if best < 0 {
		return false
	}
	r.take(from, to)
	r.PlaceText, r.Communes = r.places[best].Label, r.g.ofPlaces(r.places[best:best+1])
	return true
}

// significant returns the folded words of a label without its small words.
func significant(label string) []string {
	var words []string
	for _, w := range strings.Fields(french.Folded(label)) {
		if !french.Small[w] {
			words = append(words, long(w))
		}
	}
	return words
}

// window finds a stretch of free tokens that holds exactly these words, in any order, each with one typo at most.
func (r *bookingReader) window(words []string) (from, to int, ok bool) {
	for from = range r.toks {
		if s := r.norm(from); s == "" || r.toks[from].Kind == french.Sign || french.Small[s] || !slices.ContainsFunc(words, func(w string) bool { return french.Near(w, long(s)) }) {
			continue
		}
		left := slices.Clone(words)
		for to = from; to < len(r.toks) && len(left) > 0; to++ {
			s := r.norm(to)
			if french.Small[s] || s == "," || s == "(" || s == ")" {
				continue
			}
			k := slices.IndexFunc(left, func(w string) bool { return s != "" && french.Near(w, long(s)) })
			if k < 0 {
				break
			}
			left = slices.Delete(left, k, k+1)
		}
		if len(left) == 0 {
			return from, to, true
		}
	}
	return 0, 0, false
}

// ofPlaces returns the communes of places, sorted by code.
func (g *Gazetteer) ofPlaces(ps []Place) []Commune {
	found := map[int32]bool{}
	for _, p := range ps {
		if i, ok := g.find(p.Commune); ok {
			found[i] = true
		}
	}
	return g.sorted(found)
}

// keywordPlace reads "mairie de Coutances", "coutances mairie", "France Services Périers", "à domicile".
func (r *bookingReader) keywordPlace() bool {
	for i := range r.toks {
		if !placeWords[r.norm(i)] || r.norm(i) == "france" && !strings.HasPrefix(r.norm(i+1), "service") && r.norm(i+1) != "travail" {
			continue
		}
		from, to := i, i+1
		for placeGoOn[r.norm(to)] || r.norm(to) == "-" && placeGoOn[r.norm(to+1)] {
			to++
		}
		to, cs := r.placeTail(to)
		if len(cs) == 0 {
			from, cs = r.placeHead(from)
		}
		r.setPlace(from, to, cs)
		r.completePlace()
		return true
	}
	return false
}

// placeTail reads what follows the kind of place: a commune, or a few words behind "de".
func (r *bookingReader) placeTail(i int) (int, []Commune) {
	joined := false
	for words := 0; i < len(r.toks) && words < 5; {
		j := i
		for french.Small[r.norm(j)] && r.norm(j) != "la" && r.norm(j) != "le" && r.norm(j) != "les" || r.norm(j) == "(" || r.norm(j) == "," {
			j++
		}
		if n, cs := r.communeAt(j); n > 0 {
			if r.norm(j+n) == ")" {
				n++
			}
			return j + n, cs
		}
		k := j
		for french.Small[r.norm(k)] {
			k++
		}
		if n, cs := r.communeAt(k); n > 0 && k > j {
			return k + n, cs
		}
		of := r.norm(i) == "de" || r.norm(i) == "des" || r.norm(i) == "du" || r.norm(i) == "d"
		if !of && !joined || !r.nameable(k) || french.Titles[r.norm(k)] || k == i && !placeGoOn[r.norm(k)] && !placeCounts[r.norm(k-1)] {
			return i, nil
		}
		joined, i = true, k+1
		words++
	}
	return i, nil
}

// communeAt returns the tokens and the communes of a name at token i, written out or with one typo.
func (r *bookingReader) communeAt(i int) (int, []Commune) {
	if r.norm(i) == "" || r.toks[i].Kind != french.Word || french.Nameless[r.norm(i)] && !french.Small[r.norm(i)] {
		return 0, nil
	}
	if key, n := r.g.longestName(r.toks, i); n > 0 && r.free(i, i+n) && len(key) > 3 {
		return n, r.g.sorted(set(r.g.names[key]))
	}
	if len(r.norm(i)) < 6 || french.Small[r.norm(i)] {
		return 0, nil
	}
	if found := r.g.misspelt(r.norm(i)); len(found) > 0 {
		return 1, r.g.sorted(found)
	}
	return 0, nil
}

func (r *bookingReader) free(from, to int) bool {
	return !slices.Contains(r.taken[from:to], true)
}

// placeHead reads the commune that stands right before the kind of place: "coutances mairie".
func (r *bookingReader) placeHead(i int) (int, []Commune) {
	hits := r.hits()
	for _, h := range hits {
		end := r.tokenAt(h.End-1) + 1
		if end == i || end == i-1 && (r.norm(end) == "," || r.norm(end) == "a" || r.norm(end) == "-") {
			return r.tokenAt(h.Start), communesAt(hits, h.Start)
		}
	}
	for _, h := range hits { // "à Périers, rdv à la mairie"
		if k := r.tokenAt(h.Start); k > 0 && r.norm(k-1) == "a" {
			r.take(k-1, r.tokenAt(h.End-1)+1)
			return i, communesAt(hits, h.Start)
		}
	}
	return i, nil
}

// completePlace gives a place typed in short the label of the one known place that it can mean. When it can mean several,
// it stays as typed, with the communes of all of them.
func (r *bookingReader) completePlace() {
	words := significant(r.PlaceText)
	var fits []Place
	for _, p := range r.places {
		if within(words, significant(p.Label)) && (len(r.Communes) == 0 || r.hasCommune(p.Commune)) {
			fits = append(fits, p)
		}
	}
	if len(fits) == 0 {
		return
	}
	r.Communes = r.g.ofPlaces(fits)
	if len(fits) == 1 {
		r.PlaceText = fits[0].Label
	}
}

func (r *bookingReader) hasCommune(code string) bool {
	return slices.ContainsFunc(r.Communes, func(c Commune) bool { return c.Code == code })
}

// within reports whether every word is, with one typo at most, among others.
func within(words, others []string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(others, func(o string) bool { return french.Near(w, o) }) {
			return false
		}
	}
	return len(words) > 0
}
