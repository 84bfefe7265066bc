package venues

import (
	"regexp"
	"slices"
	"strings"

	"passeur/intents"
)

// communes finds the commune of a row; what was found is kept, since many rows are of one commune.
type communes struct {
	g    *intents.Gazetteer
	seen map[[2]string]located
}

// located is what a postcode and a name say.
type located struct {
	commune intents.Commune
	match   match
}

type match uint8

const (
	nowhere  match = iota // not in the gazetteer
	here                  // one commune
	mistaken              // the postcode is in the gazetteer, and the name is of none of its communes
)

// inseeCode is the standard's own pattern of code_insee.
var inseeCode = regexp.MustCompile(`^([013-9]\d|2[AB1-9])\d{3}$`)

// postcode is the standard's own pattern of code_postal.
var postcode = regexp.MustCompile(`^\d{5}$`)

// zeroBack gives a code the zero that a spreadsheet took from it: "1000", "1000.0" are "01000".
func zeroBack(code string) string {
	code = strings.ReplaceAll(strings.TrimSuffix(code, ".0"), " ", "")
	if len(code) == 4 && strings.Trim(code, "0123456789") == "" {
		return "0" + code
	}
	return strings.ToUpper(code)
}

// named finds the commune of a postcode and a name. A CEDEX postcode is in no gazetteer: there a whole name in the same département decides.
func (c communes) named(post, name string) located {
	key := [2]string{post, fold(name)}
	found, ok := c.seen[key]
	if !ok {
		found = c.search(post, name)
		c.seen[key] = found
	}
	return found
}

func (c communes) search(post, name string) located {
	posted := c.g.ReadCommune(post)
	var hits []intents.Commune // whole names only, of today's communes or of those merged into them
	for _, h := range c.g.FindCommunes("à " + name) {
		hits = append(hits, h.Commune)
	}
	same := func(all []intents.Commune, keep func(intents.Commune) bool) []intents.Commune {
		return slices.DeleteFunc(slices.Clone(all), func(x intents.Commune) bool { return !keep(x) })
	}
	isNamed := func(x intents.Commune) bool { return communeKey(x.Name) == communeKey(name) }
	if len(posted) == 0 {
		return only(same(hits, func(x intents.Commune) bool { return isNamed(x) && strings.HasPrefix(post, x.Territory) }), nowhere)
	}
	if named := same(posted, isNamed); len(named) > 0 {
		return only(named, mistaken)
	}
	return only(same(posted, func(x intents.Commune) bool {
		return slices.ContainsFunc(hits, func(h intents.Commune) bool { return h.Code == x.Code })
	}), mistaken)
}

// only returns the one commune there is.
func only(all []intents.Commune, otherwise match) located {
	if len(all) != 1 {
		return located{match: otherwise}
	}
	return located{all[0], here}
}

var (
	// postal is what the post adds to a name: "CEDEX 2", "03", "3e Arrondissement".
	postal     = regexp.MustCompile(`(?i)\s+(cedex(\s+\d+)?|\d{1,2}(er|e|ème|eme)?(\s+arrondissement)?)$`)
	shortSaint = regexp.MustCompile(`(?i)^(.*[\s-])?st(e?)[\s.-]+`)
)

// communeKey folds a name of a commune as the post writes it: "ST LO CEDEX" is "saintlo".
func communeKey(name string) string {
	name = postal.ReplaceAllString(name, "")
	return fold(shortSaint.ReplaceAllString(name, "${1}saint$2 "))
}

// box is a part of the Earth in degrees.
type box struct{ south, north, west, east float64 }

func (b box) holds(lat, lon float64) bool {
	return b.south <= lat && lat <= b.north && b.west <= lon && lon <= b.east
}

// boxes hold the territories overseas, by the INSEE code of the département or collectivity: their outermost points, rounded outwards to a tenth of a
// degree or more.
var boxes = map[string]box{
	"971": {15.7, 16.6, -61.9, -60.9},     // Guadeloupe
	"972": {14.3, 15.0, -61.3, -60.7},     // Martinique
	"973": {2.0, 5.9, -54.7, -51.5},       // Guyane
	"974": {-21.5, -20.8, 55.1, 55.9},     // La Réunion
	"975": {46.7, 47.2, -56.5, -56.0},     // Saint-Pierre-et-Miquelon
	"976": {-13.1, -12.5, 44.9, 45.4},     // Mayotte
	"977": {17.8, 18.0, -63.0, -62.7},     // Saint-Barthélemy
	"978": {18.0, 18.2, -63.2, -62.9},     // Saint-Martin
	"986": {-14.5, -13.1, -178.3, -176.0}, // Wallis-et-Futuna
	"987": {-28.0, -7.8, -154.8, -134.3},  // Polynésie française
	"988": {-22.9, -19.4, 163.4, 168.2},   // Nouvelle-Calédonie
}

// mainland holds metropolitan France, Corsica included.
var mainland = box{41.3, 51.2, -5.3, 9.7}

// boxOf returns the box in which a place of a territory must lie.
func boxOf(territory string) box {
	if b, ok := boxes[territory]; ok {
		return b
	}
	return mainland
}
