package intents

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/intents/dates"
	"passeur/intents/french"
)

// Schedule is what a professional said of a permanence in one sentence: when it is held, where, and for whom. What was not said is left
// empty; nothing is guessed.
type Schedule struct {
	Rule       string      // a recurrence of RFC 5545, without its beginning: "FREQ=WEEKLY;BYDAY=TU"; "" none was said
	Day        time.Time   // the single day, or the first one of a recurrence ("à partir du 5 janvier"): midnight in now's zone
	Until      time.Time   // the last day; zero: no end
	From, To   int         // minutes after midnight on the wall clock; both 0: not said, To 0: only the beginning was
	Except     []time.Time // days on which it is not held
	OffSchool  bool        // not during school holidays
	OnHolidays bool        // also on public holidays
	Access     string      // OnAppointment, WalkIn or "" when it was not said
	Capacity   int         // how many people it takes; 0: not said
	Slot       int         // how long one person takes, in minutes; 0: not said
	Number     int         // the number in a list: "annuler permanence 2"; 0 none
	PlaceText  string      // as Booking's
	Communes   []Commune   // as Booking's
	Err        error       // a French sentence about what cannot be; nothing else counts then
}

// How one comes to a permanence.
const (
	OnAppointment = "rdv"
	WalkIn        = "libre"
)

// Errors of a Schedule, each wrapped in a French sentence.
var (
	ErrSomeMonths = errors.New("a day that not every month has")
	ErrTwoRanges  = errors.New("two spans of hours")
	ErrBackwards  = errors.New("it ends before it begins")
	ErrTwoDays    = errors.New("two days that no rule joins")
)

// ReadSchedule reads "tous les mardis 14h-17h mairie de Périers sauf vacances", its parts in any order and any of them missing. A
// weekday with an article or in the plural recurs; alone it is the next day of that name. Only the first 2,000 characters are read.
func (g *Gazetteer) ReadSchedule(text string, now time.Time, places []Place) Schedule {
	text = french.Opening(text)
	r := &scheduleReader{bookingReader: bookingReader{g: g, text: text, toks: french.Tokenize(text), places: places},
		p: dates.NewParser(dates.Tokens(text), now)}
	r.taken = make([]bool, len(r.toks))
	for _, read := range []func(){r.readNumber, r.readExceptions, r.readBounds, r.readAccess, r.readCounts, r.readRule, r.readHours, r.readDay, r.readPlace} {
		if read(); r.s.Err != nil {
			return Schedule{Err: r.s.Err}
		}
	}
	r.s.Number, r.s.PlaceText, r.s.Communes = r.Number, r.PlaceText, r.Communes
	return r.s
}

// scheduleReader takes the tokens of a sentence one part after the other, as bookingReader does, which reads the place.
type scheduleReader struct {
	bookingReader
	p      dates.Parser
	s      Schedule
	closed []time.Month // months in which it is not held
}

// at is the folded token i, "" outside or when it was taken.
func (r *scheduleReader) at(i int) string { return r.norm(i) }

// follow reports whether free tokens from i on are these words.
func (r *scheduleReader) follow(i int, words ...string) bool {
	for k, w := range words {
		if r.at(i+k) != w {
			return false
		}
	}
	return true
}

// dayAt reads a day at token i, by its date or its name, and the tokens it takes; 0 for none.
func (r *scheduleReader) dayAt(i int) (time.Time, int) {
	if r.at(i) == "" {
		return time.Time{}, 0
	}
	found, ok := r.p.At(i)
	if !ok || found.N == 0 || !found.HasDay || found.Err != nil && !errors.Is(found.Err, dates.ErrPast) {
		return time.Time{}, 0
	}
	return found.Day, found.N
}

// beginAt reads the day at which a span begins: one by its date, or a number that takes its month from the end, "du 2 au 4 février".
func (r *scheduleReader) beginAt(i int) (time.Time, int) {
	if day, n := r.dayAt(i); n > 0 {
		return day, n
	}
	d, k := r.p.Count(i)
	if r.at(i) == "" || k == 0 || d < 1 || d > 31 || r.at(i+k) != "au" && r.at(i+k) != "et" {
		return time.Time{}, 0
	}
	end := i + k + 1
	for r.at(end) == "le" || r.at(end) == "du" {
		end++
	}
	to, n := r.dayAt(end)
	if n == 0 || d >= to.Day() {
		return time.Time{}, 0
	}
	return time.Date(to.Year(), to.Month(), d, 0, 0, 0, 0, to.Location()), k
}

// except are the words that begin what is left out.
var except = french.WordSet("sauf hors excepte exceptes exceptee exceptees excluant")

// exceptSmall may stand between the things that are left out.
var exceptSmall = french.WordSet("le la les l de des du pendant durant en au aux et ou , ni periode periodes mois scolaires scolaire pour")

// readExceptions reads "sauf vacances", "hors jours fériés", "sauf en août", "sauf le 24 décembre et du 2 au 5 janvier".
func (r *scheduleReader) readExceptions() {
	for i := range r.toks {
		switch {
		case except[r.at(i)]:
			r.take(i, r.exceptions(i+1))
		case r.follow(i, "pas", "pendant"), r.follow(i, "pas", "durant"):
			r.take(i, r.exceptions(i+2))
		case r.follow(i, "periode", "scolaire"):
			r.s.OffSchool = true
			r.take(i, i+2)
		default:
			for _, phrase := range holidaysToo {
				if r.follow(i, phrase...) {
					r.s.OnHolidays = true
					r.take(i, i+len(phrase))
				}
			}
		}
	}
}

// holidaysToo say that public holidays are days like others.
var holidaysToo = [][]string{{"meme", "les", "jours", "feries"}, {"y", "compris", "les", "jours", "feries"}, {"jours", "feries", "compris"}, {"feries", "compris"}}

// exceptions reads what is left out from token i on, and returns where that ends.
func (r *scheduleReader) exceptions(i int) int {
	end := i
	for i < len(r.toks) {
		from, n := r.beginAt(i)
		switch {
		case r.at(i) == "vacances", r.at(i) == "conges":
			r.s.OffSchool = true
			n = 1
		case r.follow(i, "jours", "feries"), r.follow(i, "jour", "ferie"):
			n = 2
		case r.at(i) == "feries", r.at(i) == "ferie":
			n = 1
		case n > 0:
			n = r.exceptSpan(i, from, n)
		case r.monthName(i) > 0:
			r.closed = append(r.closed, r.monthName(i))
			n = 1
		case exceptSmall[r.at(i)]:
			i++
			continue
		default:
			return end
		}
		i += n
		end = i
	}
	return end
}

// monthName is the month that token i names by itself; 0 for none.
func (r *scheduleReader) monthName(i int) time.Month {
	if r.at(i) == "" {
		return 0
	}
	return dates.MonthOf(r.at(i))
}

// longestBreak is the longest span of days that one sentence may leave out.
const longestBreak = 92

// exceptSpan leaves out a day, or the days up to the one that follows "au".
func (r *scheduleReader) exceptSpan(i int, from time.Time, n int) int {
	r.s.Except = append(r.s.Except, from)
	if r.at(i+n) != "au" {
		return n
	}
	to, more := r.dayAt(i + n + 1)
	if more == 0 || to.Before(from) {
		return n
	}
	for day, k := dates.Midnight(from, 1), 0; !day.After(to) && k < longestBreak; day, k = dates.Midnight(day, 1), k+1 {
		r.s.Except = append(r.s.Except, day)
	}
	return n + 1 + more
}

// readBounds reads "à partir du 5 janvier", "jusqu'au 30 juin", "du 5 janvier au 30 juin".
func (r *scheduleReader) readBounds() {
	for i := range r.toks {
		switch {
		case r.follow(i, "a", "partir"), r.follow(i, "des", "le"), r.follow(i, "a", "compter"):
			r.bound(i, i+2, &r.s.Day)
		case r.at(i) == "depuis", r.at(i) == "debut":
			r.bound(i, i+1, &r.s.Day)
		case r.follow(i, "jusqu", "au"), r.follow(i, "jusqu", "a"), r.follow(i, "fin", "le"):
			r.bound(i, i+2, &r.s.Until)
		case r.at(i) == "du":
			r.span(i)
		}
	}
}

// bound reads the day behind the words from..at-1.
func (r *scheduleReader) bound(from, at int, into *time.Time) {
	for r.at(at) == "du" || r.at(at) == "le" || r.at(at) == "de" || r.at(at) == "au" {
		at++
	}
	if day, n := r.dayAt(at); n > 0 {
		*into = day
		r.take(from, at+n)
	}
}

// span reads "du 5 janvier au 30 juin"; "du lundi au vendredi" are days of the week.
func (r *scheduleReader) span(i int) {
	if _, week := r.p.WeekdayAt(i + 1); week && r.weekdayAlone(i+1) {
		return
	}
	from, n := r.beginAt(i + 1)
	if n == 0 || r.at(i+1+n) != "au" {
		return
	}
	to, more := r.dayAt(i + n + 2)
	if more == 0 {
		return
	}
	r.s.Day, r.s.Until = from, to
	r.take(i, i+n+2+more)
}

// readAccess reads "sur rendez-vous", "sans rendez-vous", "accès libre".
func (r *scheduleReader) readAccess() {
	for i := range r.toks {
		n := r.rdvWord(i + 1)
		switch {
		case n > 0 && (r.at(i) == "sur" || r.at(i) == "avec"):
			r.s.Access = OnAppointment
			r.take(i, i+1+n)
		case n > 0 && r.at(i) == "sans":
			r.s.Access = WalkIn
			r.take(i, i+1+n)
		case r.follow(i, "acces", "libre"), r.follow(i, "entree", "libre"), r.follow(i, "venue", "libre"):
			r.s.Access = WalkIn
			r.take(i, i+2)
		}
	}
}

// rdvWord is how many tokens "rdv" or "rendez-vous" takes at i.
func (r *scheduleReader) rdvWord(i int) int {
	switch {
	case r.at(i) == "rdv", r.at(i) == "rdvs":
		return 1
	case r.follow(i, "rendez", "-", "vous"):
		return 3
	case r.follow(i, "rendez", "vous"):
		return 2
	}
	return 0
}

// readCounts reads "6 personnes" and "créneaux de 45 minutes".
func (r *scheduleReader) readCounts() {
	for i := range r.toks {
		if r.at(i) == "" || r.toks[i].Kind != french.Number {
			continue
		}
		n := french.Atoi(r.at(i))
		switch r.at(i + 1) {
		case "personnes", "personne", "places", "place", "usagers", "pers":
			if n > 0 && n <= 200 {
				r.s.Capacity = n
				r.take(i, i+2)
			}
		case "minutes", "minute", "min", "mn":
			if n >= 5 && n <= 240 {
				r.s.Slot = n
				r.takeBack(i, i+2)
			}
		}
	}
}

// takeBack takes tokens and the words before them that belong to them: "créneaux de", "rdv de", "toutes les".
func (r *scheduleReader) takeBack(from, to int) {
	for from > 0 && slotWords[r.at(from-1)] {
		from--
	}
	r.take(from, to)
}

var slotWords = french.WordSet("de creneaux creneau toutes les par des en durees duree")

// readHours reads the span of hours: "14h-17h", "de 9 à 12h", "entre 14h et 17h".
func (r *scheduleReader) readHours() {
	for i := 0; i < len(r.toks); i++ {
		from, to, n := r.hoursAt(i)
		if n == 0 {
			continue
		}
		r.take(i, i+n)
		if r.s.From != 0 || r.s.To != 0 {
			r.s.Err = &french.Problem{Kind: ErrTwoRanges, Sentence: "Deux horaires dans la même permanence : déclarez-en une pour chacun, par exemple le matin puis l'après-midi."}
			return
		}
		if to != 0 && to <= from {
			r.s.Err = &french.Problem{Kind: ErrBackwards, Sentence: fmt.Sprintf("La permanence finirait à %s et commencerait à %s. Redites les heures, par exemple « 14h-17h ».", clockText(to), clockText(from))}
			return
		}
		r.s.From, r.s.To = from, to
		i += n - 1
	}
}

func clockText(minutes int) string { return dates.FrenchHour(minutes/60, minutes%60) }

// hoursAt reads hours at token i, and how many tokens they take.
func (r *scheduleReader) hoursAt(i int) (from, to, n int) {
	if r.at(i) == "" || r.at(i-1) == "+" {
		return 0, 0, 0
	}
	if v, k := r.p.Count(i); k > 0 && v < 24 && rangeSign[r.at(i+k)] { // "14-17h", "9 à 12h"
		if h, m, more := r.p.Clock(i + k + 1); more > 0 {
			return v * 60, h*60 + m, k + 1 + more
		}
	}
	h, m, n := r.p.Clock(i)
	if n == 0 {
		return 0, 0, 0
	}
	from = h*60 + m
	if !rangeSign[r.at(i+n)] {
		return from, 0, n
	}
	if h, m, more := r.p.Clock(i + n + 1); more > 0 {
		return from, h*60 + m, n + 1 + more
	}
	return from, 0, n
}

// rangeSign joins the two ends of a span of hours.
var rangeSign = french.WordSet("- – a et /")

// readDay reads the single day of a permanence that does not recur.
func (r *scheduleReader) readDay() {
	if r.s.Rule != "" {
		return
	}
	for i := range r.toks {
		if r.at(i) == "" {
			continue
		}
		found, ok := r.p.At(i)
		if !ok || found.N == 0 || !found.HasDay && found.Err == nil {
			continue
		}
		if found.Err != nil {
			r.s.Err = found.Err
			return
		}
		r.take(i, i+found.N)
		if !r.s.Day.IsZero() && !r.s.Day.Equal(found.Day) {
			r.s.Err = &french.Problem{Kind: ErrTwoDays, Sentence: "Plusieurs dates : déclarez une permanence pour chacune, ou dites la règle, par exemple « tous les mardis » ou « un mardi sur deux »."}
			return
		}
		r.s.Day, r.s.Until = found.Day, found.Day
	}
}

// byDay writes weekdays as RFC 5545 does, Monday first.
func byDay(days []time.Weekday) string {
	days = slices.Clone(days)
	slices.SortFunc(days, func(a, b time.Weekday) int { return (int(a)+6)%7 - (int(b)+6)%7 })
	var codes []string
	for _, d := range slices.Compact(days) {
		codes = append(codes, weekdayCodes[d])
	}
	return strings.Join(codes, ",")
}

// weekdayCodes are the weekdays of RFC 5545.
var weekdayCodes = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
