package venues

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// longestHours is how many bytes of opening hours are read, four times what OpenStreetMap keeps of a value (255 characters).
const longestHours = 1020

// ErrHours wraps every error of ParseHours.
var ErrHours = errors.New("horaires non compris")

// ParseHours reads opening hours: days ("Mo-Fr", "Mo,We", "Tu[1]", "PH"), weeks ("week 1-53/2"), months and days of the year ("Jul-Aug", "Dec
// 24-Jan 2"), times ("09:00-12:30,13:30-17:00"), "24/7", "off", comments in quotes, and several rules separated by ";" or ",". Case and
// spaces do not matter. Whatever else the language has (years, school holidays, sunset, times past midnight, "+", "||"), and what can be
// understood in two ways (a second rule without days), is an error, which says so in French and wraps ErrHours: the text is then to be
// shown as it was written, never guessed.
func ParseHours(s string) (Hours, error) {
	if len(s) > longestHours {
		return Hours{}, fmt.Errorf("%w : plus de %d caractères", ErrHours, longestHours)
	}
	toks, err := hoursTokens(s)
	if err != nil {
		return Hours{}, fmt.Errorf("%w : %w", ErrHours, err)
	}
	p := &hoursParser{toks: toks}
	rules, err := p.rules()
	if err != nil {
		return Hours{}, fmt.Errorf("%w : %w", ErrHours, err)
	}
	return Hours{rules}, nil
}

type hoursParser struct {
	toks []hoursToken
	at   int
}

// peek returns the token some places further on, the end if there is none.
func (p *hoursParser) peek(ahead int) hoursToken {
	if p.at+ahead >= len(p.toks) {
		return hoursToken{kind: endToken}
	}
	return p.toks[p.at+ahead]
}

// accept passes a sign or a word, if it comes next.
func (p *hoursParser) accept(text string) bool {
	if t := p.peek(0); t.text != text || t.kind == noteToken || t.kind == endToken {
		return false
	}
	p.at++
	return true
}

// stuck is the error of what is not understood.
func (p *hoursParser) stuck() error {
	if t := p.peek(0); t.kind != endToken {
		return fmt.Errorf("« %s » n'est pas compris", t.text)
	}
	return errors.New("il manque quelque chose à la fin")
}

func (p *hoursParser) rules() ([]hoursRule, error) {
	var rules []hoursRule
	additional := false
	for p.peek(0).kind != endToken || len(rules) == 0 || additional {
		r, err := p.rule()
		if err != nil {
			return nil, err
		}
		r.additional = additional
		if len(rules) > 0 && !r.dated() {
			return nil, errors.New("la dernière règle ne dit pas pour quels jours")
		}
		rules = append(rules, r)
		complete := len(r.times) > 0 || r.off // before a comma; else it would be part of a list
		additional = complete && p.accept(",")
		if !additional && !p.accept(";") && p.peek(0).kind != endToken {
			return nil, p.stuck()
		}
	}
	return rules, nil
}

func (p *hoursParser) rule() (r hoursRule, err error) {
	start := p.at
	if p.peek(0).text == "24" && p.peek(1).text == "/" && p.peek(2).text == "7" {
		p.at += 3
	} else if err = p.selectors(&r); err != nil {
		return r, err
	}
	switch {
	case p.accept("off"), p.accept("closed"):
		r.off = true
	default:
		p.accept("open")
	}
	if t := p.peek(0); t.kind == noteToken {
		r.note = t.text
		p.at++
	}
	if p.at == start {
		return r, p.stuck()
	}
	return r, nil
}

// selectors reads on which days and at what times a rule applies.
func (p *hoursParser) selectors(r *hoursRule) (err error) {
	if p.month(0) > 0 {
		if r.dates, err = list(p, p.dates, func() bool { return p.month(1) > 0 }); err != nil {
			return err
		}
	}
	if p.accept("week") {
		more := func() bool { return p.peek(1).kind == numberToken && p.peek(2).text != ":" }
		if r.weeks, err = list(p, p.weeks, more); err != nil {
			return err
		}
	}
	if r.dated() {
		p.accept(":")
	}
	if err = p.weekdays(r); err != nil {
		return err
	}
	if p.peek(0).kind == numberToken {
		r.times, err = list(p, p.times, func() bool { return p.peek(1).kind == numberToken })
	}
	return err
}

// list reads things that commas separate; more looks behind a comma.
func list[T any](p *hoursParser, one func() (T, error), more func() bool) ([]T, error) {
	var all []T
	for {
		x, err := one()
		if err != nil {
			return nil, err
		}
		all = append(all, x)
		if p.peek(0).text != "," || !more() {
			return all, nil
		}
		p.at++
	}
}

// number reads a number between two others.
func (p *hoursParser) number(low, high int) (int, error) {
	t := p.peek(0)
	n, err := strconv.Atoi(t.text)
	if t.kind != numberToken || err != nil || len(t.text) > 2 || n < low || n > high {
		return 0, p.stuck()
	}
	p.at++
	return n, nil
}

var hoursMonths = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// monthDays is how many days each month has at most.
var monthDays = []int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// month returns the month that a token names, 0 for none.
func (p *hoursParser) month(ahead int) int {
	if t := p.peek(ahead); t.kind == wordToken {
		return slices.Index(hoursMonths, t.text) + 1
	}
	return 0
}

// dates reads "Jul", "Jul-Aug", "Dec 25", "Dec 24-26" or "Dec 24-Jan 2".
func (p *hoursParser) dates() (d dateRange, err error) {
	month := p.month(0)
	p.at++
	day, whole, err := p.dayOf(month)
	if err != nil {
		return d, err
	}
	d = dateRange{100*month + day, 100*month + day}
	if whole {
		d.to = 100*month + 31
	}
	if !p.accept("-") {
		return d, nil
	}
	last := month
	if p.month(0) > 0 {
		last = p.month(0)
		p.at++
	} else if whole {
		return d, p.stuck()
	}
	day, wholeLast, err := p.dayOf(last)
	if err == nil && whole != wholeLast {
		err = p.stuck()
	}
	if err != nil {
		return d, err
	}
	d.to = 100*last + day
	if whole {
		d.to = 100*last + 31
	}
	if last == month && d.to < d.from {
		return d, errors.New("une période finit avant de commencer")
	}
	return d, nil
}

// dayOf reads the day behind a month; without one it means the whole month.
func (p *hoursParser) dayOf(month int) (day int, whole bool, err error) {
	if p.peek(0).kind != numberToken || p.peek(1).text == ":" {
		return 1, true, nil
	}
	day, err = p.number(1, monthDays[month-1])
	return day, false, err
}

// lastWeek is the last week that a year may have (ISO 8601).
const lastWeek = 53

// weeks reads "5", "10-20" or "1-53/2".
func (p *hoursParser) weeks() (w weekRange, err error) {
	if w.from, err = p.number(1, lastWeek); err != nil {
		return w, err
	}
	w.to, w.step = w.from, 1
	if !p.accept("-") {
		return w, nil
	}
	if w.to, err = p.number(w.from, lastWeek); err != nil {
		return w, err
	}
	if p.accept("/") {
		w.step, err = p.number(1, lastWeek)
	}
	return w, err
}

var hoursDays = map[string]time.Weekday{
	"mo": time.Monday, "tu": time.Tuesday, "we": time.Wednesday, "th": time.Thursday, "fr": time.Friday, "sa": time.Saturday, "su": time.Sunday,
}

// weekday returns the day that a token names.
func (p *hoursParser) weekday(ahead int) (time.Weekday, bool) {
	t := p.peek(ahead)
	day, ok := hoursDays[t.text]
	return day, ok && t.kind == wordToken
}

// weekdays reads "Mo-Fr", "Mo,We", "Tu[1]", "Sa,PH".
func (p *hoursParser) weekdays(r *hoursRule) error {
	next := func(ahead int) bool {
		_, ok := p.weekday(ahead)
		return ok || p.peek(ahead) == hoursToken{wordToken, "ph"}
	}
	if !next(0) {
		return nil
	}
	all, err := list(p, p.days, func() bool { return next(1) })
	if err != nil {
		return err
	}
	for _, d := range all {
		if d == nil {
			r.holiday = true
			continue
		}
		r.days = append(r.days, *d)
	}
	p.accept(":")
	return nil
}

// days reads one entry of a list of days: nil for PH.
func (p *hoursParser) days() (*dayRange, error) {
	if p.accept("ph") {
		return nil, nil
	}
	from, _ := p.weekday(0)
	p.at++
	d := &dayRange{from: from, to: from}
	if p.accept("[") {
		var err error
		d.nth, err = p.nth()
		return d, err
	}
	if !p.accept("-") {
		return d, nil
	}
	to, ok := p.weekday(0)
	if !ok {
		return nil, p.stuck()
	}
	p.at++
	d.to = to
	return d, nil
}

// nth reads "1]", "1,3]", "1-2]" or "-1]".
func (p *hoursParser) nth() ([]int, error) {
	all, err := list(p, p.nthRange, func() bool { return true })
	if err != nil {
		return nil, err
	}
	if !p.accept("]") {
		return nil, p.stuck()
	}
	nth := slices.Concat(all...)
	slices.Sort(nth)
	return slices.Compact(nth), nil
}

func (p *hoursParser) nthRange() ([]int, error) {
	sign := 1
	if p.accept("-") {
		sign = -1
	}
	from, err := p.number(1, 5) // a month has five of a day at most
	if err != nil || sign < 0 || !p.accept("-") {
		return []int{sign * from}, err
	}
	to, err := p.number(from, 5)
	var all []int
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all, err
}

// times reads "09:00-12:30".
func (p *hoursParser) times() (s Span, err error) {
	if s.From, err = p.clock(); err != nil {
		return s, err
	}
	if !p.accept("-") {
		return s, p.stuck()
	}
	if s.To, err = p.clock(); err != nil {
		return s, err
	}
	if s.To == 0 {
		s.To = dayEnd
	}
	if s.To <= s.From {
		return s, errors.New("une plage horaire finit avant de commencer")
	}
	return s, nil
}

// clock reads "9:00", "09:00" or "24:00".
func (p *hoursParser) clock() (int, error) {
	hour, err := p.number(0, 24)
	if err != nil {
		return 0, err
	}
	if !p.accept(":") || len(p.peek(0).text) != 2 {
		return 0, p.stuck()
	}
	minute, err := p.number(0, 59)
	if err == nil && 60*hour+minute > dayEnd {
		return 0, errors.New("une heure dépasse 24:00")
	}
	return 60*hour + minute, err
}
