package venues

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/intents/dates"
)

// French says the hours in words, in the order of the rules: « du mardi au vendredi 10h-18h, samedi 10h-17h, fermé les jours fériés ». The
// zero Hours are "".
func (h Hours) French() string {
	rules := weekly(h.rules)
	said := make([]string, len(rules))
	for i := range rules {
		said[i] = rules[i].french()
	}
	return strings.Join(said, ", ")
}

// weekly replaces the rules for days of the week that come first, and contradict or complete each other, by one rule for each different day:
// "Mo-Fr 10:00-18:00; We 14:00-18:00" must not read as if Wednesdays began at ten.
func weekly(rules []hoursRule) []hoursRule {
	n := 0
	for n < len(rules) && rules[n].plain() {
		n++
	}
	if !overlap(rules[:n]) {
		return rules
	}
	var merged []hoursRule
	h := Hours{rules[:n]}
	for _, day := range weekdays {
		open := h.Open(anyDay(day), false)
		i := slices.IndexFunc(merged, func(r hoursRule) bool { return slices.Equal(r.times, open) })
		switch d := (dayRange{from: day, to: day}); {
		case len(open) == 0:
		case i < 0:
			merged = append(merged, hoursRule{days: []dayRange{d}, times: open})
		case (merged[i].days[len(merged[i].days)-1].to+1)%7 == day:
			merged[i].days[len(merged[i].days)-1].to = day
		default:
			merged[i].days = append(merged[i].days, d)
		}
	}
	if len(merged) == 0 {
		merged = []hoursRule{{off: true}}
	}
	return append(merged, rules[n:]...)
}

// anyDay returns some day that is this day of the week.
func anyDay(d time.Weekday) time.Time {
	return time.Date(2026, time.January, 4+int(d), 0, 0, 0, 0, time.UTC)
}

// plain reports whether a rule is for days of the week alone.
func (r *hoursRule) plain() bool {
	nth := slices.ContainsFunc(r.days, func(d dayRange) bool { return len(d.nth) > 0 })
	return len(r.dates)+len(r.weeks) == 0 && !r.holiday && !nth && r.note == ""
}

// overlap reports whether two rules are for the same day of the week.
func overlap(rules []hoursRule) bool {
	var taken [7]bool
	for i := range rules {
		for d := range taken {
			if !rules[i].onWeekday(anyDay(time.Weekday(d)), false) {
				continue
			}
			if taken[d] {
				return true
			}
			taken[d] = true
		}
	}
	return false
}

func (r *hoursRule) french() string {
	var said string
	switch {
	case r.off:
		said = joinWords("fermé", r.daysFrench("le "), r.timesFrench(), r.wideFrench())
	case !r.dated() && len(r.times) == 0 && r.note != "":
		return r.note
	case !r.dated() && len(r.times) == 0:
		return "24h/24 et 7j/7"
	default:
		said = joinWords(r.openDays(), r.openTimes(), r.wideFrench())
	}
	if r.note != "" {
		said += " (" + r.note + ")"
	}
	return said
}

func joinWords(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

func (r *hoursRule) openDays() string {
	if said := r.daysFrench(""); said != "" {
		return said
	}
	return "tous les jours"
}

func (r *hoursRule) openTimes() string {
	if len(r.times) == 0 && r.note == "" {
		return "toute la journée"
	}
	return r.timesFrench()
}

// and joins as French does: "a, b et c".
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " et " + words[last]
}

var (
	weekdays = []time.Weekday{1, 2, 3, 4, 5, 6, 0}
	dayNames = []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	months   = []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
)

// daysFrench names the days of the week and the holidays; article stands before a single day.
func (r *hoursRule) daysFrench(article string) string {
	var words []string
	for _, d := range r.days {
		words = append(words, d.french(article)...)
	}
	switch {
	case r.holiday && article == "" && len(words) > 0:
		words = append(words, "jours fériés")
	case r.holiday:
		words = append(words, "les jours fériés")
	}
	return and(words)
}

func (d dayRange) french(article string) []string {
	first, last := dayNames[d.from], dayNames[d.to]
	switch {
	case len(d.nth) > 0:
		return []string{article + and(nthFrench(d.nth)) + " " + first + " du mois"}
	case d.from == d.to:
		return []string{article + first}
	case (d.from+1)%7 == d.to:
		return []string{article + first, article + last}
	case (d.to+1)%7 == d.from:
		return []string{"tous les jours"}
	}
	return []string{"du " + first + " au " + last}
}

func nthFrench(nth []int) []string {
	var words []string
	for _, n := range nth {
		switch {
		case n == -1:
			words = append(words, "dernier")
		case n == -2:
			words = append(words, "avant-dernier")
		case n < 0:
			words = append(words, fmt.Sprintf("%de (en partant de la fin)", -n))
		case n == 1:
			words = append(words, "1er")
		default:
			words = append(words, fmt.Sprintf("%de", n))
		}
	}
	return words
}

func (r *hoursRule) timesFrench() string {
	var words []string
	for _, s := range r.times {
		if s.From == 0 && s.To == dayEnd {
			words = append(words, "toute la journée")
			continue
		}
		words = append(words, clockFrench(s.From)+"-"+clockFrench(s.To))
	}
	return and(words)
}

// clockFrench says minutes after midnight: "9h", "9h05".
func clockFrench(minutes int) string { return dates.FrenchHour(minutes/60, minutes%60) }

// wideFrench says the weeks and the time of the year.
func (r *hoursRule) wideFrench() string {
	var weeks, dates []string
	for _, w := range r.weeks {
		weeks = append(weeks, w.french())
	}
	for _, d := range r.dates {
		dates = append(dates, d.french())
	}
	return joinWords(and(weeks), and(dates))
}

func (w weekRange) french() string {
	switch {
	case w.step == 2 && w.from == 1 && w.to == lastWeek:
		return "les semaines impaires"
	case w.step == 2 && w.from == 2 && w.to >= lastWeek-1:
		return "les semaines paires"
	case w.from == w.to:
		return fmt.Sprintf("la semaine %d", w.from)
	case w.step == 1:
		return fmt.Sprintf("les semaines %d à %d", w.from, w.to)
	}
	return fmt.Sprintf("une semaine sur %d, de la semaine %d à la semaine %d", w.step, w.from, w.to)
}

func (d dateRange) french() string {
	from, to := d.from/100, d.to/100
	if d.from%100 != 1 || d.to%100 != 31 {
		if d.from == d.to {
			return "le " + dayOfYear(d.from)
		}
		return "du " + dayOfYear(d.from) + " au " + dayOfYear(d.to)
	}
	switch {
	case from == to:
		return "en " + months[from-1]
	case from+1 == to:
		return "en " + months[from-1] + " et " + months[to-1]
	}
	return of(months[from-1]) + " à " + months[to-1]
}

func dayOfYear(at int) string {
	day := fmt.Sprint(at % 100)
	if day == "1" {
		day = "1er"
	}
	return day + " " + months[at/100-1]
}

// of puts "de" before a month.
func of(month string) string {
	if strings.ContainsRune("ao", rune(month[0])) {
		return "d'" + month
	}
	return "de " + month
}
