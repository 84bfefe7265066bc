package dates

import (
	"fmt"
	"strings"
	"time"

	"passeur/intents/french"
)

// WeekdayAt returns the weekday that token i names.
func (p *Parser) WeekdayAt(i int) (time.Weekday, bool) {
	s := p.norm(i)
	if d, ok := Weekdays[s]; ok {
		return d, len(s) > 3 || p.shortDay(i)
	}
	return typedDay(s)
}

// typedDay returns the weekday that a word names with at most one typo.
func typedDay(s string) (time.Weekday, bool) {
	if len(s) < 5 || len(s) > len("dimanches") {
		return 0, false
	}
	if strings.HasSuffix(s, "di") || strings.HasSuffix(s, "dy") || strings.HasSuffix(s, "dit") {
		if d, ok := Weekdays[heardAnywhere.find(s)]; ok {
			return d, true
		}
	}
	shortened := strings.HasSuffix(s, "di")
	for d, name := range weekdayNames {
		if french.Near(s, name) || shortened && s[0] == name[0] && abridges(s, name) {
			return time.Weekday(d), true
		}
	}
	return 0, false
}

// abridges reports whether a word has only letters of another one, in their order: "vdredi" of "vendredi".
func abridges(s, name string) bool {
	for k := range len(name) {
		if s != "" && s[0] == name[k] {
			s = s[1:]
		}
	}
	return s == ""
}

// shortDay reports whether what follows "jeu" or "sam" at token i makes it a day: those are also words and first names.
func (p *Parser) shortDay(i int) bool {
	if p.norm(i-1) == "la" {
		return false
	}
	i++
	dotted := p.norm(i) == "."
	if dotted {
		i++
	}
	for p.norm(i) == "a" || p.norm(i) == "vers" || p.norm(i) == "le" {
		i++
	}
	if _, part := p.part(i); part || p.norm(i) == "prochain" || p.norm(i) == "pro" {
		return true
	}
	if _, _, n := p.Clock(i); n > 0 {
		return true
	}
	_, day := p.bareDay(i)
	_, date := p.numeric(i)
	return day || date
}

// Weekday reads a weekday with what belongs to it: "mardi en huit", "jeudi prochain", "vendredi 4 décembre".
func (p *Parser) Weekday(i int) (Piece, bool) {
	d, ok := p.WeekdayAt(i)
	if !ok {
		return Piece{}, false
	}
	if s := p.norm(i - 2); p.norm(i-1) == "un" && p.last > 0 && (s == "est" || s == "tombe" || s == "sera" || s == "," && p.last == i-2) { // "le 12, c'est un samedi"
		return void(1)
	}
	if p.partOfName(i) || p.surname(i) || p.birth(i) {
		return void(1)
	}
	j := i + 1
	for p.norm(j) == "." || p.norm(j) == "le" || p.norm(j) == "," || p.norm(j) == "(" {
		j++
	}
	for _, read := range []func(int) (Piece, bool){p.numeric, p.named, p.bareDay} {
		if date, ok := read(j); ok && !date.void {
			date.N += j - i
			return p.agree(date, d), true
		}
	}
	if date, ok := p.spelled(j, d); ok {
		date.N += j - i
		return date, true
	}
	w := When{HasDay: true, Day: p.coming(d)}
	if d == p.Today.Weekday() {
		w.Ambiguous = p.norm(i-1) != "ce"
		if p.norm(i-1) == "ce" {
			w.Day = p.Today
		}
	}
	n := p.which(i, d, &w)
	return Piece{When: w, N: n}, true
}

// spelled reads the "quatre" of "vendredi quatre", if the next fourth is that weekday.
func (p *Parser) spelled(i int, d time.Weekday) (Piece, bool) {
	v, n := p.Count(i)
	if n == 0 || v > 10 || v < 2 || p.toks[i].Kind != french.Word || IsHourWord(p.norm(i+n)) || Units[p.norm(i+n)] {
		return Piece{}, false
	}
	for k := range 2 {
		day := Midnight(p.monthAhead(k), v-1)
		if !day.Before(p.Today) {
			return Piece{When: When{HasDay: true, Day: day}, N: n}, day.Weekday() == d
		}
	}
	return Piece{}, false
}

// partOfName reports whether the weekday at token i is a part of something else: "Mardi2024", "Dimanche-sur-Mer".
func (p *Parser) partOfName(i int) bool {
	if p.norm(i-1) == "-" && (p.norm(i-2) == "saint" || p.norm(i-2) == "st") {
		return true
	}
	if i+1 >= len(p.toks) || !p.toks[i+1].Glued {
		return false
	}
	if p.toks[i+1].Kind == french.Number {
		return len(p.norm(i+1)) > 2
	}
	return p.norm(i+1) == "-" && i+2 < len(p.toks) && p.toks[i+2].Glued && (p.norm(i+2) == "sur" || p.norm(i+2) == "en" || p.norm(i+2) == "la")
}

// surname reports whether the weekday at token i is a name: "Mme Lundi", "mon voisin Dimanche", "j'ai connu Jeanne Vendredi".
func (p *Parser) surname(i int) bool {
	before := p.norm(i - 1)
	if before == "." && i > 1 && p.toks[i-1].Glued && french.Titles[p.norm(i-2)] {
		before = p.norm(i - 2)
	}
	_, several := p.Count(i - 1)
	after := p.norm(i + 1)
	switch {
	case several > 0 && strings.HasSuffix(p.norm(i), "dis"): // "la semaine des quatre jeudis"
		return true
	case before == "black", after == "noir", after == "fou", p.is(i+1, "est", "mon", "nom"), p.is(i+1, "est", "mon", "prenom"):
		return true
	case !french.Titles[before] && !p.capital(i) || p.timeAt(i+1):
		return false
	case french.Titles[before] && before != "me":
		return p.norm(i+1) == "c" || p.capital(i)
	case people[before], before == "voisin", before == "voisine":
		return p.capital(i)
	}
	return i > 1 && p.capital(i) && p.capital(i-1) && !isWeekday(before) && !clauseEnds(p.norm(i-2)) && p.toks[i-1].Kind == french.Word && p.toks[i-2].Kind == french.Word
}

// coming returns the next such weekday after today, or the last one before it when days lie behind.
func (p *Parser) coming(d time.Weekday) time.Time {
	if !p.week.IsZero() {
		return onOrAfter(p.week, d)
	}
	if p.back {
		return Midnight(p.Today, -(int(p.Today.Weekday()-d)+6)%7-1)
	}
	return Midnight(p.Today, (int(d-p.Today.Weekday())+6)%7+1)
}

// onOrAfter returns the first such weekday that is not before a day.
func onOrAfter(t time.Time, d time.Weekday) time.Time { return Midnight(t, (int(d-t.Weekday())+7)%7) }

// which reads what tells one Tuesday from another, behind token i, and returns the tokens taken with the weekday.
func (p *Parser) which(i int, d time.Weekday, w *When) int {
	j := i + 1
	today := d == p.Today.Weekday()
	if weeks := p.inWeeks(j); weeks > 0 {
		w.Ambiguous = false
		w.Day = Midnight(w.Day, 7*(weeks-french.Bit(today)))
		return 3
	}
	if first, k := p.monthNamed(j); k > 0 && first.After(w.Day) { // "un mardi en janvier"
		w.Day, w.Ambiguous = onOrAfter(first, d), true
		return 1 + k
	}
	if k := p.besideAt(j); k > 0 {
		return p.weekdayBeside(i, k, d, w)
	}
	switch s := p.norm(j); {
	case s == "pro" || s == "prochain" || s == "prochaine" || s == "proch":
		if p.back {
			w.Day = Midnight(p.Today, 7)
		}
		w.Ambiguous = w.Day.Sub(p.Today) < 60*time.Hour // Said two days ahead, some mean the week after.
		return 2
	case p.is(j, "qui", "vient"):
		w.Ambiguous = false
		return 3
	case p.is(j, "d", "apres"), s == "suivant":
		w.Day, w.Ambiguous = Midnight(w.Day, 7), true
		return 2 + french.Bit(s == "d")
	case s == "dernier" || s == "passe" || s == "derniere":
		w.Ambiguous = false
		if !p.back {
			w.Day = Midnight(w.Day, -7-7*french.Bit(today))
		}
		w.Err = past(*w)
		return 2
	case s == "dans":
		return p.weekdayWithin(i, j, d, w)
	}
	return p.ofNextWeek(i, j, d, w)
}

// besideAt returns the token of the "après", "avant" or "suit" from token j on that ties a weekday to a feast or a date; 0 for none.
func (p *Parser) besideAt(j int) int {
	next := p.norm(j + 1)
	side := next == "apres" || next == "avant"
	switch s := p.norm(j); {
	case s == "apres" || s == "avant":
		return j
	case s == "juste" && side, s == "d" && side && p.feastNear(j+2), s == "qui" && (next == "suit" || next == "precede"):
		return j + 1
	}
	return 0
}

// feastNear reports whether the name of a feast stands at token i, its article aside.
func (p *Parser) feastNear(i int) bool {
	_, n := lookup(p, i+french.Bit(p.norm(i) == "le" || p.norm(i) == "la" || p.norm(i) == "l"), feasts)
	return n > 0
}

// weekdayWithin reads "mardi dans 15 jours": people disagree from which day they count.
func (p *Parser) weekdayWithin(i, j int, d time.Weekday, w *When) int {
	later, ok := p.within(j, j+1)
	if !ok || later.void {
		return 1
	}
	from := Midnight(later.Day, -3)
	w.Day = Midnight(from, (int(d-from.Weekday())+7)%7)
	w.Ambiguous = true
	return j - i + later.N
}

// weekdayBeside reads "lundi après Noël".
func (p *Parser) weekdayBeside(i, j int, d time.Weekday, w *When) int {
	n := j + 1
	for p.norm(n) == "le" || p.norm(n) == "la" {
		n++
	}
	day, ok := p.feast(n)
	if !ok {
		day, ok = p.named(n)
	}
	if !ok || day.void || !day.HasDay {
		return 1
	}
	w.Day, w.Ambiguous = Midnight(day.Day, (int(d-day.Day.Weekday())+6)%7+1), false
	if p.norm(j) == "avant" || p.norm(j) == "precede" {
		w.Day = Midnight(w.Day, -7-7*french.Bit(d == day.Day.Weekday()))
	}
	return n - i + day.N
}

// ofNextWeek reads "mardi (de la) semaine prochaine".
func (p *Parser) ofNextWeek(i, j int, d time.Weekday, w *When) int {
	for p.norm(j) == "de" || p.norm(j) == "la" {
		j++
	}
	if p.norm(j) != "semaine" && p.norm(j) != "sem" {
		return 1
	}
	if last := p.norm(j + 1); last == "derniere" || last == "passee" {
		w.Day, w.Ambiguous = Midnight(p.nextMonday(), (int(d)+6)%7-14), false
		w.Err = past(*w)
		return j - i + 2
	}
	week, ok := p.relative(j)
	if !ok || !week.HasDay {
		return 1
	}
	monday := p.nextMonday()
	if !p.week.IsZero() {
		monday = p.week
	}
	w.Day, w.Ambiguous = onOrAfter(monday, d), false
	return j - i + week.N
}

// agree compares a date with the weekday said before it.
func (p *Parser) agree(date Piece, d time.Weekday) Piece {
	if date.Err == nil && date.HasDay && date.Day.Weekday() != d {
		date.Err = &french.Problem{Kind: ErrWeekday, Sentence: fmt.Sprintf("Vous dites %s, mais le %s est un %s. Quel jour est le bon ?",
			weekdayNames[d], frenchDate(date.Day), weekdayNames[date.Day.Weekday()])}
	}
	return date
}

// ordinal reads "le premier mardi de décembre", "le dernier vendredi du mois", "le 2e jeudi du mois prochain". "Le dernier mardi"
// alone lies in the past.
func (p *Parser) ordinal(i int) (Piece, bool) {
	if found, ok := p.monthPart(i); ok {
		return found, true
	}
	nth, n := p.nth(i)
	if n == 0 {
		return Piece{}, false
	}
	d, ok := p.WeekdayAt(i + n)
	if !ok {
		return Piece{}, false
	}
	j := i + n + 1
	first, k := p.monthNamed(j)
	switch {
	case k > 0:
	case nth == 1 && p.norm(j) == "apres", nth*nth == 1 && p.norm(j) == "avant":
		w := When{HasDay: true, Day: p.coming(d)}
		k := p.weekdayBeside(i+n, j, d, &w)
		return Piece{When: w, N: n + k}, true
	case nth < 0:
		return void(j - i)
	default:
		return Piece{}, false
	}
	day := nthWeekday(first, d, nth)
	if day.Before(p.Today) {
		if p.norm(j+k-1) == "mois" {
			day = nthWeekday(p.monthAhead(1), d, nth)
		} else {
			day = nthWeekday(first.AddDate(1, 0, 0), d, nth)
		}
	}
	return Piece{When: When{HasDay: true, Day: day}, N: j + k - i}, true
}

// monthParts are days of the month about which people are vague; 0 is the last one.
var monthParts = phrasesOf(map[string]int{
	"en": 1, "de": 1, "debut": 1, "tout debut": 1, "premiere semaine": 1, "1 ere semaine": 1, "1 re semaine": 1, "mi": 15, "milieu": 15, "courant": 15,
	"deuxieme semaine": 8, "2 eme semaine": 8, "troisieme semaine": 15, "fin": 0, "derniere semaine": 0,
})

// monthPart reads "début janvier", "mi-décembre", "fin du mois", "la première semaine de décembre".
func (p *Parser) monthPart(i int) (Piece, bool) {
	day, n := lookup(p, i, monthParts)
	if n == 0 {
		return Piece{}, false
	}
	j := i + n + french.Bit(p.norm(i+n) == "-")
	first, k := p.monthNamed(j)
	if m := MonthOf(p.norm(j)); k == 0 && m > 0 {
		first, k = p.date(p.Today.Year()+french.Bit(m < p.Today.Month()), m, 1), 1
	}
	if k == 0 {
		return Piece{}, false
	}
	if first.Before(Midnight(p.Today, 183)) {
		p.month = first
	}
	if s := p.norm(i); s == "en" || s == "de" { // "en février, le mercredi 10"
		return void(j + k - i)
	}
	if day == 0 {
		day = daysIn(first)
	}
	w := When{HasDay: true, Day: Midnight(first, day-1), Approx: true}
	if w.Day.Before(p.Today) {
		return void(j + k - i)
	}
	if p.norm(i+n-1) == "semaine" {
		p.week = w.Day
	}
	return Piece{When: w, N: j + k - i}, true
}

// nth reads "premier", "2e", "dernier" (-1) at token i.
func (p *Parser) nth(i int) (nth, n int) {
	if v := Ordinals[p.norm(i)]; p.norm(i) == "premier" || strings.HasSuffix(p.norm(i), "eme") || p.norm(i) == "second" {
		return v, 1
	}
	if p.norm(i) == "dernier" {
		return -1, 1
	}
	if p.Digits(i, 1) && (p.norm(i+1) == "er" || p.norm(i+1) == "e" || p.norm(i+1) == "eme") {
		return french.Atoi(p.norm(i)), 2
	}
	return 0, 0
}

// monthNamed reads "de décembre", "du mois", "du mois prochain" at token i: its first day and the tokens.
func (p *Parser) monthNamed(i int) (first time.Time, n int) {
	if s := p.norm(i); s != "de" && s != "du" && s != "d" && s != "en" {
		return first, 0
	}
	if m := MonthOf(p.norm(i + 1)); m > 0 {
		year := p.Today.Year() + french.Bit(m < p.Today.Month())
		return p.date(year, m, 1), 2
	}
	if r, n := lookup(p, i+1, relatives); n > 0 && r.month {
		return p.monthAhead(1), 1 + n
	}
	if p.norm(i+1) == "mois" {
		return p.monthAhead(0), 2
	}
	return first, 0
}

// nthWeekday returns the nth such weekday of a month, the last one for -1.
func nthWeekday(first time.Time, d time.Weekday, nth int) time.Time {
	if nth < 0 {
		last := Midnight(first, daysIn(first)-1)
		return Midnight(last, -(int(last.Weekday()-d)+7)%7)
	}
	return Midnight(first, (int(d-first.Weekday())+7)%7+7*(nth-1))
}
