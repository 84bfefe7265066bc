package intents

import (
	"errors"
	"fmt"
	"time"
)

// Errors of a When. Each comes wrapped in a French sentence that names the days and says how to mend it.
var (
	ErrWeekday    = errors.New("weekday and date disagree")
	ErrNoSuchDate = errors.New("no such date")
	ErrPast       = errors.New("date has passed")
)

// dateError is a sentence for people around one of the sentinels.
type dateError struct {
	kind     error
	sentence string
}

func (e *dateError) Error() string { return e.sentence }
func (e *dateError) Unwrap() error { return e.kind }

// When is a day, an hour or both, as a text names them.
type When struct {
	Day          time.Time // midnight in now's location; zero without HasDay
	HasDay       bool
	Hour, Minute int // on the wall clock
	HasTime      bool
	Part         string // "matin", "aprem", "soir" or ""
	Approx       bool   // "vers 16h", "la semaine prochaine", "ce week-end"
	Ambiguous    bool   // people disagree about it ("jeudi prochain" on a Wednesday), or one of several was named
	Start, End   int    // byte offsets in the text
	// Err is nil, or wraps ErrWeekday (Day is then the date, not the weekday), ErrNoSuchDate (no Day), or ErrPast. After
	// ErrPast, Day is the past day if the text tells the year or speaks of the past, otherwise the next day of that name.
	Err error
}

// At returns the moment meant, on the wall clock of Day's location; midnight without an hour. It is zero without a day.
func (w When) At() time.Time {
	if !w.HasDay {
		return time.Time{}
	}
	return time.Date(w.Day.Year(), w.Day.Month(), w.Day.Day(), w.Hour, w.Minute, 0, 0, w.Day.Location())
}

// Dates returns the days and hours that a French text names, in the order in which they stand; now gives today and the
// location. Two different dates in one sentence are both returned. Durations, ages, addresses, postcodes and phone
// numbers are no dates, nor is a day that is refused ("je peux pas mardi").
//
// Conventions, as Duckling's French rules have them where people disagree: a weekday is the next one, never today; "mardi
// en huit" is the Tuesday after the coming one, but seven days ahead when said on a Tuesday; a day without a month is the next one of that number; a
// date without a year is in this year, or in the next if it passed 60 days ago or more. "Noël" behind a number, a title or a hyphen
// is a person. Everything is worth an echo. Only the first 2,000 characters are read.
func Dates(text string, now time.Time) []When {
	p := dateParser{toks: dateTokens(opening(text)), now: now}
	p.today = midnight(now, 0)
	return p.parse()
}

// MentionedDates is Dates together with the days that are refused: what a text speaks of, be it to say no.
func MentionedDates(text string, now time.Time) []When {
	p := dateParser{toks: dateTokens(text), now: now, refusedToo: true}
	p.today = midnight(now, 0)
	return p.parse()
}

// dateTokens are the tokens of a text without what belongs to phone numbers.
func dateTokens(text string) []token {
	toks := tokenize(text)
	spans := phoneSpans(text)
	if len(spans) == 0 {
		return toks
	}
	for i := range toks {
		for _, s := range spans {
			if toks[i].start < s.end && toks[i].end > s.start {
				toks[i].kind, toks[i].norm = sign, "☎"
			}
		}
	}
	return toks
}

// dateParser reads one text from left to right.
type dateParser struct {
	toks       []token
	now        time.Time
	today      time.Time
	refusedToo bool // refused days are returned as well
}

// piece is a day or an hour found at a token, before pieces are joined.
type piece struct {
	When
	n int // tokens
}

func (p *dateParser) parse() []When {
	var out []When
	last := -1 // the token after the last piece
	for i := 0; i < len(p.toks); {
		found, ok := p.at(i)
		if !ok {
			i++
			continue
		}
		found.Start, found.End = p.toks[i].start, p.toks[i+found.n-1].end
		if n := len(out); n > 0 && p.linked(last, i) && joinable(out[n-1], found.When) {
			out[n-1] = join(out[n-1], found.When)
		} else {
			out = append(out, found.When)
		}
		i += found.n
		last = i
	}
	kept := out[:0]
	for _, w := range out {
		if p.refusedToo || !p.refused(w) {
			kept = append(kept, p.settle(w))
		}
	}
	return p.worth(kept)
}

// at reads a day or an hour that begins at token i.
func (p *dateParser) at(i int) (piece, bool) {
	for _, read := range []func(int) (piece, bool){p.skipped, p.feast, p.relative, p.weekday, p.numeric, p.named, p.monthDay, p.hour, p.part} {
		if found, ok := read(i); ok {
			return found, found.n > 0
		}
	}
	return piece{}, false
}

// linked reports whether only small words stand between the piece before and token i, so that both are one date.
func (p *dateParser) linked(last, i int) bool {
	if last < 0 || i-last > 3 {
		return false
	}
	for _, t := range p.toks[last:i] {
		switch t.norm {
		case "a", "de", "des", "vers", "partir", "le", "la", "l", "au", "du", "en", ",", "-", "(", "pour", "dans", "et", "entre", "–":
		default:
			return false
		}
	}
	return true
}

// joinable reports whether two neighbouring pieces complete each other.
func joinable(a, b When) bool {
	switch {
	case a.HasDay && b.HasDay || a.Err != nil && b.HasDay:
		return false
	case a.HasTime && b.HasTime:
		return false
	}
	return true
}

func join(a, b When) When {
	if b.HasDay || errors.Is(b.Err, ErrNoSuchDate) {
		a.Day, a.HasDay, a.Err = b.Day, b.HasDay, b.Err
	}
	if b.HasTime {
		a.Hour, a.Minute, a.HasTime = b.Hour, b.Minute, true
	}
	if b.Part != "" {
		a.Part = b.Part
	}
	a.Approx = a.Approx || b.Approx
	a.Ambiguous = a.Ambiguous || b.Ambiguous
	a.Start, a.End = min(a.Start, b.Start), max(a.End, b.End)
	return a
}

// settle brings hour and part of the day together, and notices that a moment has passed.
func (p *dateParser) settle(w When) When {
	if w.HasTime && w.Hour < 12 && (w.Part == "aprem" && w.Hour >= 1 && w.Hour <= 8 || w.Part == "soir" && w.Hour >= 5) {
		w.Hour += 12
		w.Ambiguous = false
	}
	if w.HasTime && w.Hour < 7 {
		w.Ambiguous = true
	}
	if w.HasTime {
		w.Part = ""
	}
	if w.HasDay && w.Err == nil && w.Day.Equal(p.today) && w.HasTime && w.At().Before(p.now) {
		w.Err = past(w)
	}
	return w
}

// worth drops a bare "le 2" that is the whole text, which answers a list of choices, and hours repeated word for word.
func (p *dateParser) worth(ws []When) []When {
	if len(ws) == 1 && !ws[0].HasTime && len(p.toks) == 2 && p.norm(0) == "le" && p.digits(1, 1) {
		return nil
	}
	var out []When
	for _, w := range ws {
		if n := len(out); n > 0 && same(out[n-1], w) {
			continue
		}
		out = append(out, w)
	}
	return out
}

func same(a, b When) bool {
	return a.HasDay == b.HasDay && a.Day.Equal(b.Day) && a.HasTime == b.HasTime && a.Hour == b.Hour && a.Minute == b.Minute &&
		a.Part == b.Part && (a.Err == nil) == (b.Err == nil)
}

// midnight returns the day that is the given number of days after t's, in t's location.
func midnight(t time.Time, days int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, 0, 0, 0, 0, t.Location())
}

func past(w When) error {
	s := fmt.Sprintf("%s %d", FrenchDay(w.Day), w.Day.Year())
	if w.HasTime {
		s += fmt.Sprintf(" à %s", FrenchHour(w.Hour, w.Minute))
	}
	return &dateError{ErrPast, fmt.Sprintf("Le %s est passé. Redites la date, avec l'année si elle est plus lointaine.", s)}
}

// FrenchDay writes a day of the year: "vendredi 4 décembre", "mardi 1er décembre".
func FrenchDay(t time.Time) string {
	return weekdayNames[t.Weekday()] + " " + dayAndMonth(t)
}

// frenchDate writes a date without its weekday: "1er décembre 2026".
func frenchDate(t time.Time) string { return fmt.Sprintf("%s %d", dayAndMonth(t), t.Year()) }

func dayAndMonth(t time.Time) string {
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return day + " " + monthNames[t.Month()]
}

// FrenchHour writes an hour: "10h", "14h30".
func FrenchHour(hour, minute int) string {
	if minute == 0 {
		return fmt.Sprintf("%dh", hour)
	}
	return fmt.Sprintf("%dh%02d", hour, minute)
}
