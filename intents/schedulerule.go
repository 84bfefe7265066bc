package intents

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents/dates"
	"passeur/intents/french"
)

// readRule reads how a permanence recurs.
func (r *scheduleReader) readRule() {
	for _, read := range []func() string{r.nthWeekdays, r.daysOfMonth, r.everySomeWeeks, r.weeklyDays} {
		rule := read()
		if r.s.Err != nil {
			return
		}
		if rule != "" {
			r.s.Rule = rule + r.openMonths()
			return
		}
	}
}

// openMonths limits a rule to the months that were not left out.
func (r *scheduleReader) openMonths() string {
	if len(r.closed) == 0 {
		return ""
	}
	var open []string
	for m := time.January; m <= time.December; m++ {
		if !slices.Contains(r.closed, m) {
			open = append(open, strconv.Itoa(int(m)))
		}
	}
	return ";BYMONTH=" + strings.Join(open, ",")
}

// nthWeekdays reads "le premier mardi du mois", "les 1er et 3e jeudis", "le dernier vendredi de chaque mois".
func (r *scheduleReader) nthWeekdays() string {
	for i := range r.toks {
		nths, j := r.ordinals(i)
		if len(nths) == 0 {
			continue
		}
		days, k := r.weekdays(j)
		if len(days) == 0 || r.at(k) == "de" && r.monthName(k+1) > 0 {
			continue
		}
		var codes []string
		for _, n := range nths {
			for _, d := range days {
				codes = append(codes, strconv.Itoa(n)+weekdayCodes[d])
			}
		}
		r.take(r.article(i), r.ofTheMonth(k))
		return "FREQ=MONTHLY;BYDAY=" + strings.Join(codes, ",")
	}
	return ""
}

// ordinals reads "premier", "1er et 3e", "dernier" from token i on, and returns where they end.
func (r *scheduleReader) ordinals(i int) (nths []int, end int) {
	for end = i; ; {
		n, k := r.ordinal(end)
		if k == 0 {
			return nths, end
		}
		nths = append(nths, n)
		end += k
		if next := end; r.at(next) == "et" || r.at(next) == "," {
			for next++; r.at(next) == "le" || r.at(next) == "les"; next++ {
			}
			if _, k := r.ordinal(next); k > 0 {
				end = next
			}
		}
	}
}

func (r *scheduleReader) ordinal(i int) (n, tokens int) {
	if n := ordinalWords[r.at(i)]; n != 0 {
		return n, 1
	}
	if i >= 0 && i < len(r.toks) && r.at(i) != "" && r.toks[i].Kind == french.Number {
		switch r.at(i + 1) {
		case "er", "e", "eme", "ere", "nd", "ieme":
			if n := french.Atoi(r.at(i)); n >= 1 && n <= 4 {
				return n, 2
			}
		}
	}
	return 0, 0
}

var ordinalWords = map[string]int{"premier": 1, "premiers": 1, "deuxieme": 2, "deuxiemes": 2, "second": 2, "troisieme": 3, "troisiemes": 3, "quatrieme": 4,
	"dernier": -1, "derniers": -1}

// ofTheMonth is where "du mois", "de chaque mois", "de tous les mois" ends, if it stands at token i.
func (r *scheduleReader) ofTheMonth(i int) int {
	j := i
	for r.at(j) == "du" || r.at(j) == "de" || r.at(j) == "chaque" || r.at(j) == "tous" || r.at(j) == "les" || r.at(j) == "par" {
		j++
	}
	if r.at(j) == "mois" {
		return j + 1
	}
	return i
}

// article is where the everyWords before token i begin: "tous les", "chaque", "le".
func (r *scheduleReader) article(i int) int {
	for i > 0 && everyWords[r.at(i-1)] {
		i--
	}
	return i
}

var everyWords = french.WordSet("le les tous toutes chaque ts")

// daysOfMonth reads "le 15 de chaque mois", "le dernier jour du mois". A day that some months do not have is refused: RFC 5545 would
// leave those months out in silence.
func (r *scheduleReader) daysOfMonth() string {
	for i := range r.toks {
		if r.follow(i, "dernier", "jour") && r.ofTheMonth(i+2) > i+2 {
			r.take(r.article(i), r.ofTheMonth(i+2))
			return "FREQ=MONTHLY;BYMONTHDAY=-1"
		}
		day, k := r.p.Count(i)
		if r.at(i) == "" || k == 0 || day < 1 || day > 31 || r.article(i) == i {
			continue
		}
		end := i + k
		if r.at(end) == "er" {
			end++
		}
		every := r.at(i-1) == "les" && (r.at(i-2) == "tous" || r.at(i-2) == "ts") && !r.countsSomething(end)
		if r.ofTheMonth(end) == end && !every {
			continue
		}
		if day > 28 {
			r.s.Err = &french.Problem{Kind: ErrSomeMonths, Sentence: fmt.Sprintf("Tous les mois n'ont pas de %d. Dites par exemple « le dernier jour du mois », « le 28 du mois » ou « le dernier mardi du mois ».", day)}
			return ""
		}
		r.take(r.article(i), r.ofTheMonth(end))
		return "FREQ=MONTHLY;BYMONTHDAY=" + strconv.Itoa(day)
	}
	return ""
}

// countsSomething reports whether token i makes the number before it a count: "tous les 15 jours".
func (r *scheduleReader) countsSomething(i int) bool {
	return dates.Units[r.at(i)] || r.at(i) == "semaine" || dates.MonthOf(r.at(i)) > 0 || dates.IsHourWord(r.at(i))
}

// everySomeWeeks reads "un mardi sur deux", "tous les 15 jours le mardi", "une semaine sur deux", "les mardis des semaines paires".
func (r *scheduleReader) everySomeWeeks() string {
	every, parity := 0, ""
	for i := range r.toks {
		n, k := r.interval(i)
		if k > 0 && every == 0 {
			every = n
			r.take(i, i+k)
			continue
		}
		if (r.at(i) == "paires" || r.at(i) == "impaires") && (r.at(i-1) == "semaines" || r.at(i-1) == "semaine") {
			parity = r.at(i)
			from := i - 1
			for r.at(from-1) == "des" || r.at(from-1) == "les" || r.at(from-1) == "en" {
				from--
			}
			r.take(from, i+1)
		}
	}
	if every == 0 && parity == "" {
		return ""
	}
	days := r.takeWeekdays()
	switch {
	case parity != "":
		if len(days) == 0 {
			return ""
		}
		return "FREQ=YEARLY;BYWEEKNO=" + weeks(parity == "paires") + ";BYDAY=" + byDay(days)
	case len(days) == 0:
		return "FREQ=WEEKLY;INTERVAL=" + strconv.Itoa(every)
	}
	return "FREQ=WEEKLY;INTERVAL=" + strconv.Itoa(every) + ";BYDAY=" + byDay(days)
}

func weeks(even bool) string {
	var out []string
	for w := 1; w <= 53; w++ {
		if (w%2 == 0) == even {
			out = append(out, strconv.Itoa(w))
		}
	}
	return strings.Join(out, ",")
}

// interval reads at token i every how many weeks; k is the tokens to take, a weekday among them left for takeWeekdays.
func (r *scheduleReader) interval(i int) (weeks, k int) {
	if r.at(i) == "" {
		return 0, 0
	}
	if r.at(i) == "sur" && i >= 2 { // "un mardi sur deux", "une semaine sur trois"
		n, tokens := r.p.Count(i + 1)
		_, day := r.p.WeekdayAt(i - 1)
		one := r.at(i-2) == "un" || r.at(i-2) == "une" || r.at(i-2) == "1"
		if tokens > 0 && n >= 2 && n <= 12 && one && (day || r.at(i-1) == "semaine") {
			r.take(i-2, i-1)
			if !day {
				r.take(i-1, i)
			}
			return n, 1 + tokens
		}
	}
	if (r.at(i) == "tous" || r.at(i) == "toutes") && r.at(i+1) == "les" {
		n, tokens := r.p.Count(i + 2)
		switch unit := r.at(i + 2 + tokens); {
		case tokens == 0:
		case unit == "jours" && (n == 15 || n == 14):
			return 2, tokens + 3
		case unit == "jours" && (n == 7 || n == 8):
			return 1, tokens + 3
		case unit == "semaines" && n >= 1 && n <= 12:
			return n, tokens + 3
		}
	}
	return 0, 0
}

// takeWeekdays takes the first weekdays that stand free in the sentence.
func (r *scheduleReader) takeWeekdays() []time.Weekday {
	for i := range r.toks {
		if days, end := r.weekdays(i); len(days) > 0 {
			r.take(r.article(i), end)
			return days
		}
	}
	return nil
}

// weeklyDays reads "tous les mardis", "les mardis et jeudis", "le mardi", "du lundi au vendredi", "tous les jours".
func (r *scheduleReader) weeklyDays() string {
	for i := range r.toks {
		if r.follow(i, "tous", "les", "jours") && r.at(i+3) != "feries" {
			r.take(i, i+3)
			return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
		}
		days, end := r.weekRange(i)
		if len(days) == 0 {
			days, end = r.weekdays(i)
		}
		if len(days) == 0 {
			continue
		}
		plural := len(days) > 1 || strings.HasSuffix(r.at(i), "s")
		if !plural && (r.article(i) == i || !r.weekdayAlone(i)) {
			continue
		}
		r.take(r.article(i), end)
		return "FREQ=WEEKLY;BYDAY=" + byDay(days)
	}
	return ""
}

// weekRange reads "lundi au vendredi" from token i on.
func (r *scheduleReader) weekRange(i int) (days []time.Weekday, end int) {
	first, ok := r.weekday(i)
	if !ok || r.at(i+1) != "au" {
		return nil, i
	}
	last, ok := r.weekday(i + 2)
	if !ok {
		return nil, i
	}
	for d := first; ; d = (d + 1) % 7 {
		if days = append(days, d); d == last {
			return days, i + 3
		}
	}
}

// weekdays reads weekdays joined by "et" and commas from token i on.
func (r *scheduleReader) weekdays(i int) (days []time.Weekday, end int) {
	for end = i; ; {
		d, ok := r.weekday(end)
		if !ok {
			return days, end
		}
		days = append(days, d)
		end++
		next := end
		for r.at(next) == "et" || r.at(next) == "," || r.at(next) == "ou" || r.at(next) == "/" || next > end && everyWords[r.at(next)] {
			next++
		}
		if _, ok := r.weekday(next); !ok || next == end {
			return days, end
		}
		end = next
	}
}

func (r *scheduleReader) weekday(i int) (time.Weekday, bool) {
	if r.at(i) == "" {
		return 0, false
	}
	return r.p.WeekdayAt(i)
}

// weekdayAlone reports whether the weekday at token i is no date: "mardi 8 décembre", "mardi prochain" are.
func (r *scheduleReader) weekdayAlone(i int) bool {
	if before := r.at(i - 1); before == "ce" || before == "cet" {
		return false
	}
	found, ok := r.p.Weekday(i)
	return !ok || found.N <= 1
}
