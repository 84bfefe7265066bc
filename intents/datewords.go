package intents

import "time"

// weekdayNames and monthNames are as people write them.
var (
	weekdayNames = [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	monthNames   = [13]string{"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
)

// weekdays are the days as SMS write them, folded. Days in full are also found with one typo.
var weekdays = map[string]time.Weekday{
	"lundi": time.Monday, "lun": time.Monday, "lundis": time.Monday,
	"mardi": time.Tuesday, "mard": time.Tuesday, "mardis": time.Tuesday, "marrdi": time.Tuesday,
	"mercredi": time.Wednesday, "merc": time.Wednesday, "mercr": time.Wednesday, "mercredis": time.Wednesday, "mercedi": time.Wednesday,
	"jeudi": time.Thursday, "jeu": time.Thursday, "jeudis": time.Thursday, "jedi": time.Thursday,
	"vendredi": time.Friday, "vendr": time.Friday, "vend": time.Friday, "ven": time.Friday, "vendredis": time.Friday,
	"samedi": time.Saturday, "sam": time.Saturday, "samedis": time.Saturday,
	"dimanche": time.Sunday, "dim": time.Sunday, "dimanches": time.Sunday,
}

// months are the months as SMS write them, folded. "mars", "mai" and "avril" are read only behind a number.
var months = map[string]time.Month{
	"janvier": 1, "janv": 1, "jan": 1,
	"fevrier": 2, "fevr": 2, "fev": 2,
	"mars": 3, "avril": 4, "avr": 4, "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "aou": 8, "oaut": 8,
	"septembre": 9, "sept": 9, "sep": 9,
	"octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12, "decenbre": 12,
}

// numerals are the numbers that people spell out.
var numerals = map[string]int{
	"un": 1, "une": 1, "premier": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
	"dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "trente": 30,
}

// streets are what makes the number before them an address, or a part of one.
var streets = map[string]bool{
	"rue": true, "avenue": true, "av": true, "bd": true, "boulevard": true, "place": true, "impasse": true, "chemin": true,
	"allee": true, "allees": true, "route": true, "rte": true, "quai": true, "cours": true, "square": true, "lotissement": true,
	"bis": true, "ter": true, "residence": true, "village": true, "hameau": true, "cite": true, "passage": true, "venelle": true,
}

// feasts are days of the year with a name: days after Easter if movable, month and day if not.
var feasts = []feast{
	{words: []string{"lundi", "de", "paques"}, easter: 1, movable: true},
	{words: []string{"dimanche", "de", "paques"}, easter: 0, movable: true},
	{words: []string{"paques"}, easter: 0, movable: true},
	{words: []string{"jeudi", "de", "l", "ascension"}, easter: 39, movable: true},
	{words: []string{"l", "ascension"}, easter: 39, movable: true},
	{words: []string{"ascension"}, easter: 39, movable: true},
	{words: []string{"lundi", "de", "pentecote"}, easter: 50, movable: true},
	{words: []string{"pentecote"}, easter: 49, movable: true},
	{words: []string{"veille", "de", "noel"}, month: 12, day: 24},
	{words: []string{"lendemain", "de", "noel"}, month: 12, day: 26},
	{words: []string{"noel"}, month: 12, day: 25},
	{words: []string{"jour", "de", "l", "an"}, month: 1, day: 1},
	{words: []string{"nouvel", "an"}, month: 1, day: 1},
	{words: []string{"toussaint"}, month: 11, day: 1},
	{words: []string{"armistice"}, month: 11, day: 11},
	{words: []string{"fete", "nationale"}, month: 7, day: 14},
	{words: []string{"fete", "du", "travail"}, month: 5, day: 1},
	{words: []string{"assomption"}, month: 8, day: 15},
}

type feast struct {
	words   []string
	movable bool
	easter  int
	month   time.Month
	day     int
}

// in returns the feast's day in a year.
func (f feast) in(year int, loc *time.Location) time.Time {
	if !f.movable {
		return time.Date(year, f.month, f.day, 0, 0, 0, 0, loc)
	}
	return midnight(easter(year, loc), f.easter)
}

// easter is the Gregorian Easter Sunday (Butcher's method, Meeus, Astronomical Algorithms, chapter 8).
func easter(year int, loc *time.Location) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month, day := (h+l-7*m+114)/31, (h+l-7*m+114)%31+1
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, loc)
}
