package intents

import (
	"fmt"
	"time"
)

// norm returns the folded token i, "" outside.
func (p *dateParser) norm(i int) string {
	if i < 0 || i >= len(p.toks) {
		return ""
	}
	return p.toks[i].norm
}

// is reports whether tokens from i on are these words.
func (p *dateParser) is(i int, words ...string) bool {
	for k, w := range words {
		if p.norm(i+k) != w {
			return false
		}
	}
	return true
}

// count returns the number at token i, in digits or in letters, and the tokens it takes; 0 tokens for none.
func (p *dateParser) count(i int) (value, n int) {
	if i < 0 || i >= len(p.toks) {
		return 0, 0
	}
	t := p.toks[i]
	if t.kind == number {
		return atoi(t.norm), 1
	}
	v, ok := numerals[t.norm]
	if !ok {
		return 0, 0
	}
	if v == 10 || v == 20 || v == 30 {
		j := i + 1
		for p.norm(j) == "-" || p.norm(j) == "et" {
			j++
		}
		if u, ok := numerals[p.norm(j)]; ok && u < 10 && p.norm(j) != "premier" && (v > 10 || u > 6) && v+u <= 31 {
			return v + u, j + 1 - i
		}
	}
	return v, 1
}

// skipped jumps over what only looks like a date: durations, ages, addresses, opening round the clock.
func (p *dateParser) skipped(i int) (piece, bool) {
	v, n := p.count(i)
	if n == 0 {
		return piece{}, false
	}
	next := p.norm(i + n)
	switch {
	case streets[next], next == "," && streets[p.norm(i+n+1)], next == "%" || next == "€" || next == "euros":
	case v == 24 && next == "/", next == "j" && p.norm(i+n+1) == "/", next == "/" && (p.is(i+n+1, "4") || p.is(i+n+1, "2")) && isHourWord(p.norm(i+n+2)):
		return piece{n: 0}, true
	case isHourWord(next) && p.durationBefore(i):
		return piece{n: 0}, true
	default:
		return piece{}, false
	}
	return piece{n: 0}, true
}

// durationBefore reports whether the words before token i make its hours a length of time.
func (p *dateParser) durationBefore(i int) bool {
	switch p.norm(i - 1) {
	case "dure", "duree", "pendant", "durant", "depuis", "toutes", "fait", "presque", "plus":
		return true
	case "d", "dans":
		return true
	case "de":
		return p.norm(i-2) == "retard"
	case "a":
		return p.is(i-3, "il", "y")
	}
	return false
}

func isHourWord(s string) bool {
	return s == "h" || s == "heure" || s == "heures" || s == "hrs" || s == "hr"
}

// relative reads "demain", "après-demain", "dans 15 jours", "la semaine prochaine", "ce week-end", "le 15 du mois prochain".
func (p *dateParser) relative(i int) (piece, bool) {
	for _, r := range relatives {
		if n := p.phrase(i, r.words); n > 0 {
			return p.relativeDay(i, n, r)
		}
	}
	if p.norm(i) == "dans" || p.is(i, "d", "ici") {
		return p.within(i)
	}
	return piece{}, false
}

// relatives are the names of days counted from today.
var relatives = []relativeWords{
	{words: []string{"avant", "hier"}, days: -2},
	{words: []string{"hier"}, days: -1},
	{words: []string{"apres", "demain"}, days: 2},
	{words: []string{"apres", "dem1"}, days: 2},
	{words: []string{"apres", "dem"}, days: 2},
	{words: []string{"dem", "1"}, days: 1},
	{words: []string{"2", "m", "1"}, days: 1},
	{words: []string{"2", "main"}, days: 1},
	{words: []string{"2", "min", "matin"}, days: 1, part: "matin"},
	{words: []string{"demain"}, days: 1},
	{words: []string{"demin"}, days: 1},
	{words: []string{"dmain"}, days: 1},
	{words: []string{"d", "aujourd", "hui", "en", "huit"}, days: 7},
	{words: []string{"aujourd", "hui"}, days: 0},
	{words: []string{"aujourdhui"}, days: 0},
	{words: []string{"auj"}, days: 0},
	{words: []string{"ajd"}, days: 0},
	{words: []string{"ce", "matin"}, days: 0, part: "matin"},
	{words: []string{"ce", "soir"}, days: 0, part: "soir"},
	{words: []string{"ce", "midi"}, days: 0, hour: 12},
	{words: []string{"cet", "apres", "midi"}, days: 0, part: "aprem"},
	{words: []string{"cette", "apres", "midi"}, days: 0, part: "aprem"},
	{words: []string{"cet", "aprem"}, days: 0, part: "aprem"},
	{words: []string{"cette", "aprem"}, days: 0, part: "aprem"},
	{words: []string{"semaine", "prochaine"}, monday: true},
	{words: []string{"semaine", "pro"}, monday: true},
	{words: []string{"semaine", "proch"}, monday: true},
	{words: []string{"semaine", "qui", "vient"}, monday: true},
	{words: []string{"semaine", "d", "apres"}, monday: true},
	{words: []string{"fin", "de", "semaine"}, weekday: time.Friday},
	{words: []string{"week", "end", "prochain"}, weekday: time.Saturday},
	{words: []string{"week", "end"}, weekday: time.Saturday},
	{words: []string{"weekend"}, weekday: time.Saturday},
	{words: []string{"mois", "prochain"}, month: true},
	{words: []string{"mois", "pro"}, month: true},
}

type relativeWords struct {
	words   []string
	days    int
	hour    int
	part    string
	monday  bool         // of next week
	weekday time.Weekday // of this week, roughly
	month   bool         // the first of next month
}

// phrase returns how many tokens from i on are these words, hyphens aside; 0 if they are not.
func (p *dateParser) phrase(i int, words []string) int {
	j := i
	for k, w := range words {
		if k > 0 && p.norm(j) == "-" {
			j++
		}
		if p.norm(j) != w {
			return 0
		}
		j++
	}
	return j - i
}

func (p *dateParser) relativeDay(i, n int, r relativeWords) (piece, bool) {
	w := When{HasDay: true, Part: r.part, Day: midnight(p.today, r.days)}
	switch {
	case r.monday:
		w.Day, w.Approx = p.nextMonday(), true
		j := i + n
		for p.norm(j) == "plutot" || p.norm(j) == "le" || p.norm(j) == "," {
			j++
		}
		if d, ok := p.weekdayAt(j); ok && j < len(p.toks) {
			w.Day, w.Approx, n = midnight(w.Day, (int(d)+6)%7), false, j+1-i
		}
	case r.month:
		w.Day, w.Approx = time.Date(p.today.Year(), p.today.Month()+1, 1, 0, 0, 0, 0, p.today.Location()), true
	case r.weekday != 0:
		w.Day, w.Approx = midnight(p.today, int(r.weekday-p.today.Weekday()+7)%7), true
	case r.hour > 0:
		w.Hour, w.HasTime = r.hour, true
	case r.days < 0:
		w.Err = past(w)
	}
	return piece{When: w, n: n}, true
}

func (p *dateParser) nextMonday() time.Time {
	return midnight(p.today, (int(time.Monday-p.today.Weekday())+6)%7+1)
}

// within reads "dans 15 jours", "d'ici deux semaines", "dans un mois". Hours and minutes are lengths, no dates.
func (p *dateParser) within(i int) (piece, bool) {
	j := i + 1
	if p.norm(i) == "d" {
		j++
	}
	v, n := p.count(j)
	if n == 0 || v == 0 || v > 400 {
		return piece{}, false
	}
	w := When{HasDay: true, Approx: p.norm(i) == "d"}
	switch p.norm(j + n) {
	case "jour", "jours", "j", "jrs":
		w.Day = midnight(p.today, span15(v))
		w.Approx = w.Approx || v == 8 || v == 15
	case "semaine", "semaines", "sem":
		w.Day = midnight(p.today, 7*v)
	case "mois":
		w.Day = addMonths(p.today, v)
	default:
		return piece{n: 0}, true
	}
	return piece{When: w, n: j + n + 1 - i}, true
}

// span15 knows that the French say eight days for a week and fifteen for two.
func span15(days int) int {
	switch days {
	case 8:
		return 7
	case 15:
		return 14
	}
	return days
}

// addMonths keeps the day of the month, or takes the last one of a shorter month.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, t.Location())
	return midnight(first, min(t.Day(), daysIn(first))-1)
}

func daysIn(t time.Time) int {
	return time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// feast reads a day of the year that has a name.
func (p *dateParser) feast(i int) (piece, bool) {
	for _, f := range feasts {
		n := p.phrase(i, f.words)
		if n == 0 || n == 1 && p.borne(i) {
			continue
		}
		day := f.in(p.today.Year(), p.today.Location())
		if day.Before(p.today) {
			day = f.in(p.today.Year()+1, p.today.Location())
		}
		if _, k := p.count(i + n); k > 0 && p.toks[i+n].kind == number && len(p.norm(i+n)) == 4 {
			day = f.in(atoi(p.norm(i+n)), p.today.Location())
			n++
		}
		return piece{When: When{Day: day, HasDay: true}, n: n}, true
	}
	return piece{}, false
}

// borne reports whether the feast at token i is the name of a person: "Jean-Noël", "Mme Pâques", "06 39 98 12 34 Noël demain".
func (p *dateParser) borne(i int) bool {
	if !namesakes[p.norm(i)] {
		return false
	}
	before, after := p.norm(i-1), p.norm(i+1)
	if before == "." || before == "," || before == ":" {
		before = p.norm(i - 2)
	}
	switch {
	case before == "-" && i > 1 && p.toks[i].glued && p.toks[i-1].glued && p.toks[i-2].kind == word && !small[p.norm(i-2)]:
		return true
	case after == "-" && i+2 < len(p.toks) && p.toks[i+1].glued && p.toks[i+2].glued && p.toks[i+2].kind == word:
		return true
	case before == "☎" || before == "avec" || titles[before]:
		return true
	case leading[before]:
		return false
	}
	_, day := p.weekdayAt(i + 1)
	return after == "☎" || day || after == "demain"
}

// namesakes are feasts that people are called after.
var namesakes = setOf("noel paques toussaint")

// leading words before the name of a feast make it a day.
var leading = setOf("a pour avant apres de d le du des jour vers depuis")

// part reads "matin", "l'après-midi", "en soirée".
func (p *dateParser) part(i int) (piece, bool) {
	if b := p.norm(i - 1); b == "bonne" || b == "bon" || b == "belle" || b == "bel" {
		return piece{}, false
	}
	for _, w := range dayParts {
		if n := p.phrase(i, w.words); n > 0 {
			return piece{When: When{Part: w.part}, n: n}, true
		}
	}
	return piece{}, false
}

var dayParts = []struct {
	words []string
	part  string
}{
	{[]string{"apres", "midi"}, "aprem"}, {[]string{"aprem"}, "aprem"}, {[]string{"apm"}, "aprem"}, {[]string{"apresmidi"}, "aprem"},
	{[]string{"matin"}, "matin"}, {[]string{"mat"}, "matin"}, {[]string{"matinee"}, "matin"}, {[]string{"matins"}, "matin"},
	{[]string{"soir"}, "soir"}, {[]string{"soiree"}, "soir"},
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
	return &dateError{ErrNoSuchDate, fmt.Sprintf("Le %s n'existe pas. Donnez une autre date, par exemple « vendredi 4 décembre 10h ».", of)}
}
