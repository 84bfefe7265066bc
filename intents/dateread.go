package intents

import (
	"fmt"
	"time"
)

// units are what makes the number before them a count.
var units = map[string]bool{
	"personne": true, "personnes": true, "pers": true, "usager": true, "usagers": true, "minute": true, "minutes": true, "min": true,
	"mn": true, "ans": true, "an": true, "fois": true, "participants": true, "enfants": true, "euros": true, "euro": true, "jours": true,
	"semaines": true, "mois": true, "pieces": true, "places": true, "pour": true, "km": true, "accompagnements": true, "rdv": true,
}

// weekdayAt returns the weekday that token i names.
func (p *dateParser) weekdayAt(i int) (time.Weekday, bool) {
	s := p.norm(i)
	if d, ok := weekdays[s]; ok {
		return d, len(s) > 4 || s == "mard" || p.shortDay(i+1)
	}
	if len(s) < 5 || p.toks[i].kind != word {
		return 0, false
	}
	for d, name := range weekdayNames {
		if near(s, name) {
			return time.Weekday(d), true
		}
	}
	return 0, false
}

// shortDay reports whether what follows "jeu" or "sam" makes it a day: those are also words and first names.
func (p *dateParser) shortDay(i int) bool {
	if p.norm(i) == "." {
		i++
	}
	_, part := p.part(i)
	return i < len(p.toks) && (p.toks[i].kind == number || part || near(p.norm(i), "prochain"))
}

// weekday reads a weekday with what belongs to it: "mardi en huit", "jeudi prochain", "vendredi 4 décembre".
func (p *dateParser) weekday(i int) (piece, bool) {
	d, ok := p.weekdayAt(i)
	if !ok {
		return piece{}, false
	}
	j := i + 1
	for p.norm(j) == "." || p.norm(j) == "le" || p.norm(j) == "," || p.norm(j) == "(" {
		j++
	}
	for _, read := range []func(int) (piece, bool){p.numeric, p.named, p.bareDay} {
		if date, ok := read(j); ok && date.n > 0 {
			date.n += j - i
			return p.agree(date, d), true
		}
	}
	w := When{HasDay: true, Day: p.coming(d)}
	if d == p.today.Weekday() {
		w.Ambiguous = p.norm(i-1) != "ce"
		if p.norm(i-1) == "ce" {
			w.Day = p.today
		}
	}
	n := p.which(i, d, &w)
	return piece{When: w, n: n}, true
}

// coming returns the next such weekday after today.
func (p *dateParser) coming(d time.Weekday) time.Time {
	return midnight(p.today, (int(d-p.today.Weekday())+6)%7+1)
}

// which reads what tells one Tuesday from another, behind token i, and returns the tokens taken with the weekday.
func (p *dateParser) which(i int, d time.Weekday, w *When) int {
	j := i + 1
	today := d == p.today.Weekday()
	switch s := p.norm(j); {
	case s == "en" && !isHourWord(p.norm(j+2)) && (p.norm(j+1) == "huit" || p.norm(j+1) == "8"):
		w.Ambiguous = false
		if !today {
			w.Day = midnight(w.Day, 7)
		}
		return 3
	case s == "en" && !isHourWord(p.norm(j+2)) && (p.norm(j+1) == "quinze" || p.norm(j+1) == "15"):
		w.Ambiguous, w.Day = false, midnight(w.Day, 14)
		if today {
			w.Day = midnight(w.Day, -7)
		}
		return 3
	case s == "pro" || len(s) > 5 && near(s, "prochain") || s == "proch":
		w.Ambiguous = w.Day.Sub(p.today) < 60*time.Hour // Said two days ahead, some mean the week after.
		return 2
	case p.is(j, "qui", "vient"):
		w.Ambiguous = false
		return 3
	case p.is(j, "d", "apres"), s == "suivant":
		w.Day, w.Ambiguous = midnight(w.Day, 7), true
		return 2 + boolInt(s == "d")
	case s == "dernier" || s == "passe":
		w.Day, w.Ambiguous = midnight(w.Day, -7), false
		if today {
			w.Day = midnight(w.Day, -7)
		}
		w.Err = past(*w)
		return 2
	case s == "dans":
		return p.weekdayWithin(i, j, d, w)
	}
	return p.ofNextWeek(i, j, d, w)
}

// weekdayWithin reads "mardi dans 15 jours": people disagree from which day they count.
func (p *dateParser) weekdayWithin(i, j int, d time.Weekday, w *When) int {
	later, ok := p.within(j)
	if !ok || later.n == 0 {
		return 1
	}
	from := midnight(later.Day, -3)
	w.Day = midnight(from, (int(d-from.Weekday())+7)%7)
	w.Ambiguous = true
	return j - i + later.n
}

// ofNextWeek reads "mardi (de la) semaine prochaine".
func (p *dateParser) ofNextWeek(i, j int, d time.Weekday, w *When) int {
	for p.norm(j) == "de" || p.norm(j) == "la" {
		j++
	}
	if p.norm(j) != "semaine" {
		return 1
	}
	week, ok := p.relative(j)
	if !ok || week.n == 0 {
		return 1
	}
	w.Day, w.Ambiguous = midnight(p.nextMonday(), (int(d)+6)%7), false
	return j - i + week.n
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// agree compares a date with the weekday said before it.
func (p *dateParser) agree(date piece, d time.Weekday) piece {
	if date.Err == nil && date.HasDay && date.Day.Weekday() != d {
		date.Err = &dateError{ErrWeekday, fmt.Sprintf("Vous dites %s, mais le %s est un %s. Quel jour est le bon ?",
			weekdayNames[d], frenchDate(date.Day), weekdayNames[date.Day.Weekday()])}
	}
	return date
}

// numeric reads "3/12", "03-12-2026", "03.12.26", "03 12 2026", "2026-12-03".
func (p *dateParser) numeric(i int) (piece, bool) {
	if !p.digits(i, 4) {
		return piece{}, false
	}
	if len(p.norm(i)) == 4 {
		return p.iso(i)
	}
	sep := p.norm(i + 1)
	if p.digits(i+1, 2) && p.digits(i+2, 4) && len(p.norm(i+2)) == 4 && p.norm(i + 2)[0] == '2' {
		return p.dayOf(i, atoi(p.norm(i)), atoi(sep), atoi(p.norm(i+2)), 3)
	}
	if len(p.norm(i)) > 2 || !p.digits(i+2, 2) || sep != "/" && sep != "-" && sep != "." || !p.toks[i+1].glued || !p.toks[i+2].glued {
		return piece{}, false
	}
	day, month := atoi(p.norm(i)), atoi(p.norm(i+2))
	if p.norm(i+3) == sep && p.digits(i+4, 4) && p.toks[i+4].glued {
		year := atoi(p.norm(i + 4))
		if len(p.norm(i+4)) == 2 {
			year += 2000
		}
		return p.dayOf(i, day, month, year, 5)
	}
	announced := p.announced(i)
	if isHourWord(p.norm(i+3)) || p.norm(i+3) == "d" || sep != "/" && !announced {
		return piece{}, false
	}
	if (month > 12 || month == 0 || day > 31 || day == 0) && !announced {
		return piece{}, false
	}
	return p.dayOf(i, day, month, 0, 3)
}

// announced reports whether a word before token i says that a date comes.
func (p *dateParser) announced(i int) bool {
	if p.norm(i-1) == "le" || p.norm(i-1) == "au" {
		return true
	}
	_, ok := weekdays[p.norm(i-1)]
	return ok
}

// digits reports whether token i is a number of at most so many digits.
func (p *dateParser) digits(i, most int) bool {
	return i >= 0 && i < len(p.toks) && p.toks[i].kind == number && len(p.toks[i].norm) <= most
}

func (p *dateParser) iso(i int) (piece, bool) {
	if p.norm(i+1) == "-" && p.digits(i+2, 2) && p.norm(i+3) == "-" && p.digits(i+4, 2) {
		return p.dayOf(i, atoi(p.norm(i+4)), atoi(p.norm(i+2)), atoi(p.norm(i)), 5)
	}
	return piece{}, false
}

// named reads "3 décembre", "1er dec.", "le douze janvier 2027".
func (p *dateParser) named(i int) (piece, bool) {
	j := i
	if p.norm(j) == "le" {
		j++
	}
	day, n := p.count(j)
	if n == 0 || day > 99 {
		return piece{}, false
	}
	j += n
	if p.norm(j) == "er" {
		j++
	}
	month := monthAt(p.norm(j))
	if month == 0 {
		return piece{}, false
	}
	j++
	if p.norm(j) == "." {
		j++
	}
	if p.digits(j, 4) && len(p.norm(j)) == 4 && (p.norm(j)[:2] == "20" || p.norm(j)[:2] == "19") {
		return p.dayOf(i, day, int(month), atoi(p.norm(j)), j+1-i)
	}
	if p.norm(j) == "prochain" {
		j++
	}
	return p.dayOf(i, day, int(month), 0, j-i)
}

// monthAt returns the month a folded word names, with at most one typo if it is long; 0 for none.
func monthAt(s string) time.Month {
	if m, ok := months[s]; ok {
		return m
	}
	if len(s) < 6 {
		return 0
	}
	for m := 1; m <= 12; m++ {
		if name := folded(monthNames[m]); len(name) > 5 && near(s, name) {
			return time.Month(m)
		}
	}
	return 0
}

// dayOf makes a date at token i; year 0 if the text does not tell it.
func (p *dateParser) dayOf(i, day, month, year, n int) (piece, bool) {
	if p.birth(i) || year != 0 && year < p.today.Year()-1 {
		return piece{n: 0}, true
	}
	w := When{}
	if year == 0 {
		w = p.thisYear(day, time.Month(month))
	} else if !exists(day, time.Month(month), year) {
		w.Err = noSuchDate(day, time.Month(month), year)
	} else {
		w.Day, w.HasDay = p.date(year, time.Month(month), day), true
		if w.Day.Before(p.today) {
			w.Err = past(w)
		}
	}
	return piece{When: w, n: n}, true
}

// thisYear finds the year of a date said without one.
func (p *dateParser) thisYear(day int, month time.Month) When {
	year := p.today.Year()
	if day > 28 && !exists(day, month, year) && exists(day, month, year+1) {
		year++
	}
	if !exists(day, month, year) {
		return When{Err: noSuchDate(day, month, year)}
	}
	w := When{Day: p.date(year, month, day), HasDay: true}
	if !w.Day.Before(p.today) {
		return w
	}
	if w.Day.After(midnight(p.today, -60)) {
		w.Err = past(w)
	}
	if exists(day, month, year+1) {
		w.Day = p.date(year+1, month, day)
	}
	return w
}

func (p *dateParser) date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, p.today.Location())
}

func exists(day int, month time.Month, year int) bool {
	if day < 1 || month < 1 || month > 12 {
		return false
	}
	return day <= daysIn(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC))
}

// birth reports whether the words before token i announce a date of birth.
func (p *dateParser) birth(i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		switch p.norm(j) {
		case "ne", "nee", "naissance", "naquis":
			return true
		}
	}
	return false
}

// monthDay reads "le 25" and "le 15 du mois prochain".
func (p *dateParser) monthDay(i int) (piece, bool) {
	if p.norm(i) != "le" || len(p.norm(i-1)) > 4 && p.norm(i - 1)[:5] == "appel" {
		return piece{}, false
	}
	d, ok := p.bareDay(i + 1)
	if !ok {
		return piece{}, false
	}
	d.n++
	for _, r := range relatives {
		if n := p.phrase(i+d.n+1, r.words); r.month && n > 0 && p.norm(i+d.n) == "du" {
			first := time.Date(p.today.Year(), p.today.Month()+1, 1, 0, 0, 0, 0, p.today.Location())
			d.Day = midnight(first, min(d.Day.Day(), daysIn(first))-1)
			d.n += n + 1
		}
	}
	return d, true
}

// bareDay reads a day of the month without the month: the next one of that number.
func (p *dateParser) bareDay(i int) (piece, bool) {
	day, n := p.count(i)
	if n == 0 || day < 1 || day > 31 || p.toks[i].kind == word && (day < 11 || n == 0) {
		return piece{}, false
	}
	if p.norm(i+n) == "er" {
		n++
	}
	next := p.norm(i + n)
	if isHourWord(next) || next == ":" || units[next] || streets[next] || next == "e" || next == "eme" || next == "/" {
		return piece{}, false
	}
	if next == "-" && p.digits(i+n+1, 2) {
		return piece{}, false
	}
	for k := range 3 {
		first := time.Date(p.today.Year(), p.today.Month()+time.Month(k), 1, 0, 0, 0, 0, p.today.Location())
		if d := midnight(first, day-1); day <= daysIn(first) && !d.Before(p.today) {
			return piece{When: When{Day: d, HasDay: true}, n: n}, true
		}
	}
	return piece{}, false
}
