package dates

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/intents/french"
)

// numeric reads "3/12", "03-12-2026", "03.12.26", "03 12 2026", "2026-12-03".
func (p *Parser) numeric(i int) (Piece, bool) {
	if !p.Digits(i, 4) {
		return Piece{}, false
	}
	if len(p.norm(i)) == 4 {
		return p.iso(i)
	}
	sep := p.norm(i + 1)
	if p.Digits(i+1, 2) && p.Digits(i+2, 4) && len(p.norm(i+2)) == 4 && p.norm(i + 2)[0] == '2' {
		return p.dayOf(i, french.Atoi(p.norm(i)), french.Atoi(sep), french.Atoi(p.norm(i+2)), 3)
	}
	if len(p.norm(i)) > 2 || !p.Digits(i+2, 2) || sep != "/" && sep != "-" && sep != "." || !p.toks[i+1].Glued || !p.toks[i+2].Glued {
		return Piece{}, false
	}
	day, month := french.Atoi(p.norm(i)), french.Atoi(p.norm(i+2))
	if p.norm(i+3) == sep && p.Digits(i+4, 4) && p.toks[i+4].Glued {
		return p.dayOf(i, day, month, p.yearAt(i+4), 5)
	}
	if IsHourWord(p.norm(i+3)) || p.norm(i+3) == "d" || !p.announced(i) && !p.likely(i, day, month) {
		return Piece{}, false
	}
	return p.dayOf(i, day, month, 0, 3)
}

// spaced reads a day and a month with only a space between: "04 12 14h30", "le zéro huit douze".
func (p *Parser) spaced(i int) (Piece, bool) {
	j := i + french.Bit(p.norm(i) == "le")
	day, n := p.twoFigures(j)
	month, k := p.twoFigures(j + n)
	padded := p.norm(j) == "zero" || p.Digits(j, 2) && p.norm(j)[0] == '0'
	if n == 0 || k == 0 || month < 1 || month > 12 {
		return Piece{}, false
	}
	alike := p.toks[j].Kind == p.toks[j+n].Kind
	if !padded && j == i || !alike || IsHourWord(p.norm(j+n+k)) || !p.ends(j+n+k) {
		return Piece{}, false
	}
	return p.dayOf(i, day, month, 0, j+n+k-i)
}

// twoFigures reads a number as dates are dictated, "zéro huit", or written, "08"; 0 tokens for none.
func (p *Parser) twoFigures(i int) (v, n int) {
	if p.norm(i) == "zero" {
		v, n = p.Count(i + 1)
		return v, n + french.Bit(n > 0)
	}
	if i < len(p.toks) && p.toks[i].Kind == french.Number && len(p.norm(i)) != 2 {
		return 0, 0
	}
	return p.Count(i)
}

// yearAt returns the year that token i means: "52" is 1952, "27" is 2027.
func (p *Parser) yearAt(i int) int {
	year := french.Atoi(p.norm(i))
	if len(p.norm(i)) == 2 {
		year += p.Today.Year() / 100 * 100
		if year > p.Today.Year()+10 {
			year -= 100
		}
	}
	return year
}

// likely reports whether "3/12" at token i, which no word announces, is a date: "1/2", "10/10" and "note 8/10" are not.
func (p *Parser) likely(i, day, month int) bool {
	if month < 1 || month > 12 || day < 1 || day > 31 || day == 10 && month == 10 || scored[p.norm(i-1)] || scored[p.norm(i-2)] {
		return false
	}
	if p.norm(i+1) != "/" {
		if i == 0 && len(p.toks) == 3 {
			return month < 13 && p.norm(1) == "."
		}
		j := i + 3 + french.Bit(p.norm(i+3) == ",")
		return len(p.norm(i+2)) == 2 && (p.norm(j) == "a" || p.norm(i)[0] == '0' || p.toks[min(j, len(p.toks)-1)].Kind == french.Number) && p.timeAt(j)
	}
	return len(p.norm(i+2)) == 2 || p.timeAt(i+3) || i > 0 && leading[p.norm(i-1)]
}

// scored words stand before a mark: "note de 8/10".
var scored = french.WordSet("note mis mets donne eu sur satisfaction avis moyenne")

// announced reports whether a word before token i says that a date comes.
func (p *Parser) announced(i int) bool {
	if p.norm(i-1) == "le" || p.norm(i-1) == "au" {
		return true
	}
	_, ok := Weekdays[p.norm(i-1)]
	return ok
}

func (p *Parser) iso(i int) (Piece, bool) {
	if p.norm(i+1) == "-" && p.Digits(i+2, 2) && p.norm(i+3) == "-" && p.Digits(i+4, 2) {
		return p.dayOf(i, french.Atoi(p.norm(i+4)), french.Atoi(p.norm(i+2)), french.Atoi(p.norm(i)), 5)
	}
	return Piece{}, false
}

// named reads "3 décembre", "1er dec.", "le douze janvier 2027".
func (p *Parser) named(i int) (Piece, bool) {
	j := i
	if p.norm(j) == "le" {
		j++
	}
	day, n := p.Count(j)
	if n == 0 || day > 99 {
		return Piece{}, false
	}
	j += n
	if p.norm(j) == "er" || p.norm(j) == "ier" || p.norm(j) == "e" {
		j++
	}
	month := MonthOf(p.norm(j))
	if month == 0 {
		return Piece{}, false
	}
	j++
	if p.norm(j) == "." {
		j++
	}
	if p.Digits(j, 4) && len(p.norm(j)) == 4 && (p.norm(j)[:2] == "20" || p.norm(j)[:2] == "19") {
		return p.dayOf(i, day, int(month), french.Atoi(p.norm(j)), j+1-i)
	}
	if p.Digits(j, 2) && french.Atoi(p.norm(j)) > 31 && !IsHourWord(p.norm(j+1)) { // "le 6 juin 44"
		return p.dayOf(i, day, int(month), p.yearAt(j), j+1-i)
	}
	if p.norm(j) == "prochain" {
		j++
	}
	return p.dayOf(i, day, int(month), 0, j-i)
}

// MonthOf returns the month a folded word names, with at most one typo if it is long; 0 for none.
func MonthOf(s string) time.Month {
	if m, ok := french.Months[s]; ok {
		return m
	}
	if len(s) < 6 {
		return 0
	}
	for _, name := range longMonths {
		if french.Near(s, name) {
			return french.Months[name]
		}
	}
	return french.Months[heardMonths.find(s)]
}

// outOfReach reports whether nobody makes a date in a year.
func (p *Parser) outOfReach(year int) bool {
	return year < p.Today.Year()-1 || year > p.Today.Year()+100
}

// dayOf makes a date at token i; year 0 if the text does not tell it.
func (p *Parser) dayOf(i, day, month, year, n int) (Piece, bool) {
	if p.birth(i) || year != 0 && p.outOfReach(year) {
		return void(n)
	}
	w := When{}
	if year == 0 {
		w = p.thisYear(day, time.Month(month))
	} else if !exists(day, time.Month(month), year) {
		w.Err = noSuchDate(day, time.Month(month), year)
	} else {
		w.Day, w.HasDay = p.date(year, time.Month(month), day), true
		if w.Day.Before(p.Today) {
			w.Err = past(w)
		}
	}
	return Piece{When: w, N: n}, true
}

// thisYear finds the year of a date said without one.
func (p *Parser) thisYear(day int, month time.Month) When {
	year := p.Today.Year()
	if day > 28 && !exists(day, month, year) && exists(day, month, year+1) {
		year++
	}
	if !exists(day, month, year) {
		return When{Err: noSuchDate(day, month, year)}
	}
	w := When{Day: p.date(year, month, day), HasDay: true}
	if p.back && w.Day.After(p.Today) && exists(day, month, year-1) {
		w.Day = p.date(year-1, month, day)
	}
	if p.back || !w.Day.Before(p.Today) {
		return w
	}
	if w.Day.After(Midnight(p.Today, -60)) {
		w.Err = past(w)
	}
	if exists(day, month, year+1) {
		w.Day = p.date(year+1, month, day)
	}
	return w
}

func (p *Parser) date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, p.Today.Location())
}

func exists(day int, month time.Month, year int) bool {
	if day < 1 || month < 1 || month > 12 {
		return false
	}
	return day <= daysIn(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC))
}

// birth reports whether the words before token i announce a date of birth.
func (p *Parser) birth(i int) bool {
	for j := i - 1; j >= 0 && j >= i-6; j-- {
		switch p.norm(j) {
		case ",", ".", "?", "!":
			return false
		case "ne":
			return p.norm(j-1) == "la" || p.norm(j-1) == "suis" || j >= i-3 && (p.norm(j+1) == "le" || p.norm(j+1) == "en" || p.norm(j+1) == "un" || j == i-1)
		case "nee", "nes", "nees", "naissance", "naiss", "naquis", "ddn":
			return true
		}
	}
	return false
}

// monthDay reads "le 25", "reporter au 25", "le 15 du mois prochain" and the first day of "du 7 au 11 décembre".
func (p *Parser) monthDay(i int) (Piece, bool) {
	if p.norm(i) == "du" {
		return p.spanBegin(i)
	}
	if p.norm(i) != "le" && !(p.norm(i) == "au" && (p.norm(i-1) == "jusqu" || p.moves())) || p.called(i) {
		return Piece{}, false
	}
	d, ok := p.bareDay(i + 1)
	if ok && p.birth(i) {
		return void(d.N + 1)
	}
	if !ok || !p.ends(i+1+d.N) {
		return Piece{}, false
	}
	d.N++
	if month := MonthOf(p.norm(i - 1 - french.Bit(p.norm(i-1) == ","))); month > 0 && p.last < i-1 { // "en janvier, le 12"
		w := p.thisYear(french.Atoi(p.norm(i+1)), month)
		return Piece{When: w, N: d.N}, w.HasDay
	}
	if r, n := lookup(p, i+d.N+1, relatives); r.month && n > 0 && p.norm(i+d.N) == "du" {
		first := p.monthAhead(1)
		d.Day = Midnight(first, min(d.Day.Day(), daysIn(first))-1)
		d.N += n + 1
	}
	return d, true
}

// spanBegin reads "du 7" before "au 11 décembre".
func (p *Parser) spanBegin(i int) (Piece, bool) {
	day, n := p.Count(i + 1)
	if k := len(p.found) - 1; k >= 0 && p.last == i && p.found[k].Part != "" && !p.found[k].HasDay { // "l'après-midi du 8"
		d, ok := p.bareDay(i + 1)
		d.N++
		return d, ok
	}
	if _, full := p.named(i + 1); full {
		return Piece{}, false
	}
	if n > 0 && (datedThings[p.norm(i-1)] || spanLeads[p.norm(i-1)] || p.is(i-2, "au", "lieu") || p.is(i-3, "a", "la", "place")) && p.norm(i+1+n) != "au" {
		d, ok := p.bareDay(i + 1)
		d.N++
		return d, ok
	}
	if n == 0 || p.norm(i+1+n) != "au" {
		return Piece{}, false
	}
	until, ok := p.named(i + n + 2)
	if !ok {
		until, ok = p.bareDay(i + n + 2)
		ok = ok && p.ends(i+n+2+until.N)
	}
	if !ok || !until.HasDay || until.Day.Day() <= day || day == 0 {
		return Piece{}, false
	}
	until.Day, until.N = Midnight(until.Day, day-until.Day.Day()), n+1
	return until, true
}

// datedThings are what counsellors name by their day: "mes rdv du 3".
var datedThings = french.WordSet("rdv vous rendezvous planning agenda liste permanence permanences perm perms ateliers atelier session seance creneaux creneau inscrits journee tournee")

// spanLeads are other words before the "du" of a day.
var spanLeads = french.WordSet("celui partir compter")

// called reports whether the number behind token i is one to ring up or the name of a bus: "appelez le 15".
func (p *Parser) called(i int) bool {
	before := p.norm(i - 1)
	if (before == "," || before == "ou" || before == "et") && p.norm(i-3) == "le" {
		return p.called(i - 3)
	}
	return before == "allo" || before == "dans" || strings.HasPrefix(before, "appel") || strings.HasPrefix(before, "compos") || numbered[before] && before != "note" && before != "passe"
}

// ends reports whether token i can follow "le 25": a date is seldom followed by a noun.
func (p *Parser) ends(i int) bool {
	if p.norm(i) == "de" && streets[p.norm(i+2)] { // "le 12 de la rue Gambetta"
		return false
	}
	return i >= len(p.toks) || p.norm(i) == "le" && p.Digits(i+1, 2) || p.toks[i].Kind != french.Word || reasons[p.norm(i)] || afterDay[p.norm(i)] || p.timeAt(i)
}

// afterDay are the words that follow "le 25".
var afterDay = french.WordSet(`qu a au aux en vers des c est j meme pareil apres avant entre pour par dans sur sous du de ca c ce cela cette ok oui svp stp s merci je j si ou et mais moi
	est serait sera ira irait va vas me m ne convient conviendrait arrange arrangerait plutot bien bon bonne possible prochain matin soir midi prevu
	pas non il elle on vous nous mon ma mes tu donc alors parfait dispo disponible madame monsieur mme mr cordialement sinon car comme quand qui que
	inclus compris idem aussi uniquement seulement chez avec sans toute tout tte tte tt voir rdv rendez ici finalement plus max maxi maximum environ j peut peux`)

// bareDay reads a day of the month without the month: the next one of that number, or the last one when days lie behind.
// Numbers in letters below eleven need an hour.
func (p *Parser) bareDay(i int) (Piece, bool) {
	day, n := p.Count(i)
	if n == 0 || day < 1 || day > 31 {
		return Piece{}, false
	}
	if p.norm(i+n) == "er" {
		n++
	}
	next := p.norm(i + n)
	hour := IsHourWord(next) || next == ":" && p.Digits(i+n+1, 2)
	counted := Units[next] || p.alsoCounted[next] || next == "/" || next == "sur" && p.counts(i+n+1)
	ranked := next == "e" || next == "eme"
	if hour || counted || ranked || streets[next] {
		return Piece{}, false
	}
	if next == "-" && p.Digits(i+n+1, 2) || p.toks[i].Kind == french.Word && day < 11 && !p.atTime(i+n) {
		return Piece{}, false
	}
	for k := range 3 {
		if p.back {
			k = -k
		}
		first := p.monthAhead(k)
		if m := p.monthSaid(day); !m.IsZero() && !p.back {
			first = m
		} else if !p.month.IsZero() {
			first = p.month
		}
		if d := Midnight(first, day-1); day <= daysIn(first) && (p.back && !d.After(p.Today) || !p.back && !d.Before(p.Today)) {
			return Piece{When: When{Day: d, HasDay: true}, N: n}, true
		}
	}
	return Piece{}, false
}

// monthSaid returns the first day of the month of a date found before that names one and comes before this day of it, zero for none: "le 14
// février non, le 15".
func (p *Parser) monthSaid(day int) (first time.Time) {
	for _, w := range slices.Backward(p.found) {
		first, end := p.span(w)
		_, feast := lookup(p, first, feasts)
		if w.HasDay && w.Err == nil && w.Day.Day() <= day && (feast > 0 && day < w.Day.Day()+15 || MonthOf(p.norm(end-1)) > 0) && day <= daysIn(w.Day) {
			return Midnight(w.Day, 1-w.Day.Day())
		}
	}
	return first
}

// atTime reports whether token i announces an hour, as in "le neuf à dix heures" or "le trois au matin".
func (p *Parser) atTime(i int) bool {
	switch p.norm(i) {
	case "a", "vers", "au", "apres":
		return p.timeAt(i + 1)
	}
	return false
}

func noSuchDate(day int, month time.Month, year int) error {
	name := fmt.Sprint(int(month))
	if month >= 1 && month <= 12 {
		name = monthNames[month]
	}
	of := fmt.Sprintf("%d %s", day, name)
	if month == time.February && day == 29 {
		of += fmt.Sprintf(" %d", year)
	}
	return &french.Problem{Kind: ErrNoSuchDate, Sentence: fmt.Sprintf("Le %s n'existe pas. Donnez une autre date, par exemple « vendredi 4 décembre 10h ».", of)}
}
