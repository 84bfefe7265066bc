package dates

import (
	"time"

	"passeur/intents/french"
)

// relativeDay is a day counted from today.
type relativeDay struct {
	days    int
	hour    int
	part    string
	monday  bool         // of next week
	weekday time.Weekday // of this week, roughly
	month   bool         // the first of next month
	short   bool         // only before an hour or a part of the day
}

// relatives are the names of days counted from today.
var relatives = phrasesOf(map[string]relativeDay{
	"avant hier": {days: -2}, "hier": {days: -1},
	"aujourd hui": {}, "aujourdhui": {}, "auj": {}, "ajd": {}, "ce jour": {},
	"apres demain": {days: 2}, "apresdemain": {days: 2}, "apredemain": {days: 2}, "ap demain": {days: 2}, "ap dem": {days: 2}, "ap 2 m 1": {days: 2}, "apres dem 1": {days: 2}, "apres dem": {days: 2}, "apres 2 main": {days: 2},
	"surlendemain": {days: 2, short: true}, "apres 2 m 1": {days: 2},
	"tomorrow": {days: 1}, "today": {},
	"demain": {days: 1}, "dem 1": {days: 1}, "dm 1": {days: 1}, "2 m 1": {days: 1}, "2 main": {days: 1}, "2 min matin": {days: 1, part: "matin"}, "dem": {days: 1, short: true},
	"2 min": {days: 1, short: true}, "2 mains": {days: 1}, "deux main": {days: 1, short: true},
	"ce matin": {part: "matin"}, "ce mat": {part: "matin"}, "ce soir": {part: "soir"}, "ce midi": {hour: 12},
	"cet apres midi": {part: "aprem"}, "cette apres midi": {part: "aprem"}, "cet aprem": {part: "aprem"}, "cette aprem": {part: "aprem"},
	"ce apres midi": {part: "aprem"}, "ce aprem": {part: "aprem"}, "cette matinee": {part: "matin"}, "cet apm": {part: "aprem"},
	"semaine prochaine": {monday: true}, "semaine prochain": {monday: true}, "prochaine semaine": {monday: true}, "semaine pro": {monday: true},
	"semaine proch": {monday: true}, "semaine qui vient": {monday: true}, "semaine d apres": {monday: true}, "semaine suivante": {monday: true},
	"sem prochaine": {monday: true}, "sem pro": {monday: true}, "sem proch": {monday: true}, "semaine a venir": {monday: true},
	"fin de semaine": {weekday: time.Friday}, "fin de la semaine": {weekday: time.Friday}, "fin semaine": {weekday: time.Friday},
	"fin de cette semaine": {weekday: time.Friday},
	"week end prochain":    {weekday: time.Saturday}, "week end": {weekday: time.Saturday}, "weekend": {weekday: time.Saturday}, "we": {weekday: time.Saturday, short: true},
	"ce we":         {weekday: time.Saturday},
	"mois prochain": {month: true}, "mois pro": {month: true}, "mois suivant": {month: true}, "mois d apres": {month: true},
})

// relative reads "demain", "après-demain", "dans 15 jours", "la semaine prochaine", "ce week-end", "demain en huit".
func (p *Parser) relative(i int) (Piece, bool) {
	if r, n := lookup(p, i, relatives); n > 0 && p.Phrase(i, thatDay) == 0 && (!r.short || p.timeAt(i+n)) {
		return p.relativeDay(i, n, r)
	}
	switch p.norm(i) {
	case "ce":
		n := p.Phrase(i, thatDay)
		return Piece{N: n, void: true}, n > 0
	case "semaine", "sem":
		return p.weekOf(i)
	case "dans", "sous":
		return p.within(i, i+1)
	case "d":
		if p.norm(i+1) == "ici" {
			return p.within(i, i+2)
		}
	}
	return Piece{}, false
}

// weekOf reads "semaine du 7" and "semaine 50", whose weekdays are then meant: "semaine du 7, le mercredi".
func (p *Parser) weekOf(i int) (Piece, bool) {
	if v, n := p.Count(i + 1); n > 0 && v > 0 && v < 54 && p.Digits(i+1, 2) {
		p.week = p.numberedWeek(v)
		return Piece{When: When{HasDay: true, Day: p.week, Approx: true}, N: 1 + n}, true
	}
	if p.norm(i+1) != "du" {
		return Piece{}, false
	}
	for _, read := range []func(int) (Piece, bool){p.numeric, p.named, p.bareDay} {
		if day, ok := read(i + 2); ok && day.HasDay && day.Err == nil {
			p.week = Midnight(day.Day, -(int(day.Day.Weekday())+6)%7)
			day.Approx = true
			day.N += 2
			return day, true
		}
	}
	return Piece{}, false
}

// numberedWeek returns the Monday of the next ISO week of that number.
func (p *Parser) numberedWeek(v int) time.Time {
	monday := Midnight(p.Today, -(int(p.Today.Weekday())+6)%7)
	for range 54 {
		if _, week := monday.ISOWeek(); week == v {
			break
		}
		monday = Midnight(monday, 7)
	}
	return monday
}

// thatDay is a day that was named before.
var thatDay = []string{"ce", "jour", "la"}

// timeAt reports whether an hour or a part of the day stands at token i, small words aside.
func (p *Parser) timeAt(i int) bool {
	for beforeTime[p.norm(i)] || p.norm(i) == "apres" && p.norm(i+1) != "midi" {
		i++
	}
	_, _, n := p.Clock(i)
	_, part := p.part(i)
	return n > 0 || part
}

// beforeTime words may stand before the hour or the part of a day.
var beforeTime = french.WordSet("a vers . fin debut milieu d en")

func (p *Parser) relativeDay(i, n int, r relativeDay) (Piece, bool) {
	w := When{HasDay: true, Part: r.part, Day: Midnight(p.Today, r.days)}
	switch {
	case r.monday:
		w.Day, w.Approx = p.nextMonday(), true
		p.week = w.Day
		j := i + n
		for p.norm(j) == "plutot" || p.norm(j) == "le" || p.norm(j) == "," {
			j++
		}
		if d, ok := p.WeekdayAt(j); ok {
			w.Day, w.Approx, n = Midnight(w.Day, (int(d)+6)%7), false, j+1-i
		}
	case r.month:
		p.month = p.monthAhead(1)
		w.Day, w.Approx = p.month, true
	case r.weekday != 0:
		w.Day, w.Approx = Midnight(p.Today, int(r.weekday-p.Today.Weekday()+7)%7), true
	case r.hour > 0:
		w.Hour, w.HasTime = r.hour, true
	case r.days < 0:
		w.Err = past(w)
	default:
		weeks := p.inWeeks(i + n)
		w.Day = Midnight(w.Day, 7*weeks)
		n += 2 * min(weeks, 1)
	}
	return Piece{When: w, N: n}, true
}

// inWeeks reads "en huit" and "en quinze" as one and two weeks, 0 for neither.
func (p *Parser) inWeeks(i int) int {
	if p.norm(i) != "en" || IsHourWord(p.norm(i+2)) {
		return 0
	}
	v, _ := p.Count(i + 1)
	return map[int]int{8: 1, 15: 2}[v]
}

func (p *Parser) nextMonday() time.Time {
	return Midnight(p.Today, (int(time.Monday-p.Today.Weekday())+6)%7+1)
}

// monthAhead returns the first day of the month so many months ahead.
func (p *Parser) monthAhead(months int) time.Time {
	return time.Date(p.Today.Year(), p.Today.Month()+time.Month(months), 1, 0, 0, 0, 0, p.Today.Location())
}

// within reads "dans 15 jours", "sous huitaine", "d'ici deux semaines", "dans un mois"; the number stands at token j. Hours and
// minutes are lengths, no dates.
func (p *Parser) within(i, j int) (Piece, bool) {
	w := When{HasDay: true, Approx: p.norm(i) != "dans"}
	if s := p.norm(j); (s == "une" || s == "la") && namedSpans[p.norm(j+1)] > 0 {
		j++
	}
	if days := namedSpans[p.norm(j)]; days > 0 {
		w.Day, w.Approx = Midnight(p.Today, days), true
		if p.is(j+1, "de", "jours") {
			j += 2
		}
		return Piece{When: w, N: j + 1 - i}, true
	}
	v, n := p.Count(j)
	if n == 0 || v == 0 || v > 400 {
		return Piece{}, false
	}
	if k := p.otherCount(j + n); k > 0 { // "2 ou 3 jours"
		n += k
		w.Approx = true
	}
	switch p.norm(j + n) {
	case "jour", "jours", "j", "jrs", "jr":
		w.Day = Midnight(p.Today, DaysMeant(v))
		w.Approx = w.Approx || v == 8 || v == 15
	case "semaine", "semaines", "sem":
		w.Day = Midnight(p.Today, 7*v)
		p.week = Midnight(w.Day, -(int(w.Day.Weekday())+6)%7)
	case "mois":
		w.Day = addMonths(p.Today, v)
	case "heure", "heures", "h":
		if p.norm(i) != "dans" || v > 8 {
			return void(j + n - i)
		}
		at := p.now.Add(time.Duration(v) * time.Hour)
		w.Day, w.Hour, w.Minute, w.HasTime, w.Approx = Midnight(at, 0), at.Hour(), at.Minute(), true, true
	default:
		return void(j + n - i)
	}
	return Piece{When: w, N: j + n + 1 - i}, true
}

// otherCount returns the tokens of the second number of "2 ou 3", "2-3", "deux trois".
func (p *Parser) otherCount(i int) int {
	k := french.Bit(p.norm(i) == "ou" || p.norm(i) == "-" || p.norm(i) == "a")
	if _, n := p.Count(i + k); n > 0 {
		return k + n
	}
	return 0
}

// namedSpans are lengths of time with a name, in days.
var namedSpans = map[string]int{"huitaine": 7, "quinzaine": 14}

// DaysMeant knows that the French say eight days for a week and fifteen for two.
func DaysMeant(days int) int {
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
	return Midnight(first, min(t.Day(), daysIn(first))-1)
}

func daysIn(t time.Time) int {
	return time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// neighbours are the days beside another one.
var neighbours = phrasesOf(map[string]int{
	"avant veille": -2, "veille": -1, "lendemain": 1, "surlendemain": 2, "jour d avant": -1, "jour d apres": 1, "jour suivant": 1, "meme jour": 0,
})

// neighbour reads "la veille de Noël", "le lendemain du 3 décembre", and "le lendemain" when a day was named before.
func (p *Parser) neighbour(i int) (Piece, bool) {
	days, n := lookup(p, i, neighbours)
	if n == 0 {
		return Piece{}, false
	}
	j := i + n
	if p.norm(j) == "de" || p.norm(j) == "du" || p.norm(j) == "d" {
		for j++; p.norm(j) == "la" || p.norm(j) == "le" || p.norm(j) == "l"; j++ {
		}
		for _, read := range []func(int) (Piece, bool){p.feast, p.Weekday, p.numeric, p.named} {
			if day, ok := read(j); ok && day.HasDay && day.Err == nil {
				day.Day = Midnight(day.Day, days)
				day.N += j - i
				return day, true
			}
		}
	}
	if k := len(p.found) - 1; k >= 0 && p.found[k].HasDay && !(days < 0 && i-p.last < 2) { // "c'est pas demain la veille"
		return Piece{When: When{HasDay: true, Day: Midnight(p.found[k].Day, days)}, N: n}, true
	}
	return void(n)
}

// dayParts are the parts of the day.
var dayParts = phrasesOf(map[string]string{
	"apres midi": "aprem", "aprem": "aprem", "apm": "aprem", "ap m": "aprem", "apresmidi": "aprem", "ap midi": "aprem", "apres midis": "aprem", "aprems": "aprem",
	"bomatin": "matin", "bonmatin": "matin", "bomaten": "matin", "matine": "matin", "morning": "matin", "afternoon": "aprem", "evening": "soir",
	"apres le repas": "aprem", "apres le repas de midi": "aprem", "apres manger": "aprem", "apres le dejeuner": "aprem", "apres le repas du midi": "aprem",
	"matin": "matin", "mat": "matin", "matinee": "matin", "matins": "matin", "matinees": "matin",
	"soir": "soir", "soiree": "soir", "soirs": "soir",
})

// part reads "matin", "l'après-midi", "en soirée".
func (p *Parser) part(i int) (Piece, bool) {
	name, n := lookup(p, i, dayParts)
	if n == 0 || french.Titles[p.norm(i-1)] && p.norm(i-1) != "me" && p.capital(i) { // "Mme Matin"
		return Piece{}, false
	}
	return Piece{When: When{Part: name}, N: n}, true
}
