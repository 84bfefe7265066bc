package dates

import (
	"time"
	"unicode"
	"unicode/utf8"

	"passeur/intents/french"
)

// feasts are days of the year with a name.
var feasts = phrasesOf(map[string]feast{
	"jour de l an": {month: 1, day: 1}, "nouvel an": {month: 1, day: 1}, "premier de l an": {month: 1, day: 1}, "epiphanie": {month: 1, day: 6},
	"jour des rois": {month: 1, day: 6}, "chandeleur": {month: 2, day: 2}, "saint valentin": {month: 2, day: 14}, "st valentin": {month: 2, day: 14},
	"mardi gras": {easter: -47}, "vendredi saint": {easter: -2}, "paques": {}, "dimanche de paques": {}, "lundi de paques": {easter: 1},
	"ascension": {easter: 39}, "l ascension": {easter: 39}, "jeudi de l ascension": {easter: 39}, "jeudi de ascension": {easter: 39},
	"pentecote": {easter: 49}, "lundi de pentecote": {easter: 50}, "fete du travail": {month: 5, day: 1}, "fete de la victoire": {month: 5, day: 8},
	"fete de la musique": {month: 6, day: 21}, "fete nationale": {month: 7, day: 14}, "assomption": {month: 8, day: 15},
	"halloween": {month: 10, day: 31}, "toussaint": {month: 11, day: 1}, "armistice": {month: 11, day: 11}, "saint nicolas": {month: 12, day: 6},
	"st nicolas": {month: 12, day: 6}, "noel": {month: 12, day: 25}, "reveillon": {month: 12, day: 24}, "reveillon de noel": {month: 12, day: 24},
	"saint sylvestre": {month: 12, day: 31}, "st sylvestre": {month: 12, day: 31}, "reveillon du jour de l an": {month: 12, day: 31},
	"reveillon du nouvel an": {month: 12, day: 31},
})

// feast is a month and a day, or so many days after Easter if there is no month.
type feast struct {
	easter int
	month  time.Month
	day    int
}

// in returns the feast's day in a year.
func (f feast) in(year int, loc *time.Location) time.Time {
	if f.month != 0 {
		return time.Date(year, f.month, f.day, 0, 0, 0, 0, loc)
	}
	return Midnight(easter(year, loc), f.easter)
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

// feast reads a day of the year that has a name.
func (p *Parser) feast(i int) (Piece, bool) {
	f, n := lookup(p, i, feasts)
	if n == 0 || n == 1 && p.borne(i) {
		return Piece{}, false
	}
	if p.norm(i-1) == "pere" || p.birth(i) || p.village(i+n) || p.norm(i-1) == "de" && festive[p.norm(i-2)] {
		return void(n)
	}
	day := f.in(p.Today.Year(), p.Today.Location())
	if day.Before(p.Today) {
		day = f.in(p.Today.Year()+1, p.Today.Location())
	}
	if p.Digits(i+n, 4) && len(p.norm(i+n)) == 4 {
		year := french.Atoi(p.norm(i + n))
		if n++; p.outOfReach(year) {
			return void(n)
		}
		day = f.in(year, p.Today.Location())
	}
	w := When{Day: day, HasDay: true}
	if day.Before(p.Today) {
		w.Err = past(w)
	}
	return Piece{When: w, N: n}, true
}

// village reports whether a feast that ends before token i is the beginning of a place: "Saint-Nicolas-des-Bois".
func (p *Parser) village(i int) bool {
	return p.norm(i) == "-" && i+1 < len(p.toks) && p.toks[i].Glued && p.toks[i+1].Glued && villageLink[p.norm(i+1)]
}

// villageLink words go on with the name of a place behind a hyphen.
var villageLink = french.WordSet("de des du d la le les l sur sous en")

// borne reports whether the feast at token i is the name of a person: "Jean-Noël", "Mme Pâques", "06 39 98 12 34 Noël demain".
func (p *Parser) borne(i int) bool {
	if !namesakes[p.norm(i)] {
		return false
	}
	before, after := p.norm(i-1), p.norm(i+1)
	if before == "." || before == "," || before == ":" {
		before = p.norm(i - 2)
	}
	switch {
	case before == "-" && i > 1 && p.toks[i].Glued && p.toks[i-1].Glued && p.toks[i-2].Kind == french.Word && !french.Small[p.norm(i-2)]:
		return true
	case after == "-" && i+2 < len(p.toks) && p.toks[i+1].Glued && p.toks[i+2].Glued && p.toks[i+2].Kind == french.Word:
		return true
	case before == "☎" || before == "avec" || french.Titles[before]:
		return true
	case leading[before]:
		return false
	}
	_, day := p.WeekdayAt(i + 1)
	return after == "☎" || day || after == "demain" || p.capital(i+1)
}

// capital reports whether token i is written like a surname.
func (p *Parser) capital(i int) bool {
	if i >= len(p.toks) || p.text == "" {
		return false
	}
	t := p.text[p.toks[i].Start:p.toks[i].End]
	first, size := utf8.DecodeRuneInString(t)
	second, _ := utf8.DecodeRuneInString(t[size:])
	return len(t) > 2 && unicode.IsUpper(first) && unicode.IsLower(second)
}

// festive are the things of a feast: "la prime de Noël", "les vacances de la Toussaint".
var festive = french.WordSet("prime primes cadeau cadeaux vacances marche repas arbre fetes sapin colis carte cartes spectacle periode gouter aide bons cheque conge conges pere chocolats")

// namesakes are feasts that people are called after.
var namesakes = french.WordSet("noel paques toussaint ascension")

// leading words before the name of a feast make it a day.
var leading = french.WordSet("a pour avant apres de d le du des jour vers depuis")
