package dates

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"passeur/intents/french"
	"passeur/intents/phones"
)

// Errors of a When. Each comes wrapped in a French sentence that names the days and says how to mend it.
var (
	ErrWeekday    = errors.New("weekday and date disagree")
	ErrNoSuchDate = errors.New("no such date")
	ErrPast       = errors.New("date has passed")
)

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

// Read returns the days and hours that a French text names, in the order in which they stand; now gives today and the
// location. Two different dates in one sentence are both returned. Durations, ages, addresses, postcodes and phone
// numbers are no dates, nor is a day that is refused ("je peux pas mardi").
//
// Conventions, as Duckling's French rules have them where people disagree: a weekday is the next one, never today; "mardi
// en huit" is the Tuesday after the coming one, but seven days ahead when said on a Tuesday; a day without a month is the
// next one of that number; a date without a year is in this year, or in the next if it has passed, with ErrPast if that was
// less than 60 days ago. An hour from one to six is in the afternoon unless "du matin" is said. Frequent misspellings are
// known. "Noël" behind a number, a title or a hyphen is a person. Everything is worth an echo. Only the first 2,000
// characters are read.
func Read(text string, now time.Time) []When {
	p := parserOf(text, now)
	p.parse()
	return p.worth(p.suiting())
}

// Mentioned is Read together with the days that are refused: what a text speaks of, be it to say no.
func Mentioned(text string, now time.Time) []When {
	p := parserOf(text, now)
	p.parse()
	return p.worth(p.found)
}

// String is the day, the hour or the part of the day, and what is wrong with it: "2026-12-04 10:00 !passed".
func (w When) String() string {
	s := "none"
	if w.HasDay {
		s = w.Day.Format(time.DateOnly)
	}
	switch {
	case w.HasTime:
		s += fmt.Sprintf(" %02d:%02d", w.Hour, w.Minute)
	case w.Part != "":
		s += " " + w.Part
	}
	for err, word := range map[error]string{ErrWeekday: "weekday", ErrNoSuchDate: "no such", ErrPast: "passed"} {
		if errors.Is(w.Err, err) {
			s += " !" + word
		}
	}
	return s
}

// Parser reads one text from left to right. Readers of more than dates (a booking, a schedule, an activity) ask its methods one by one.
type Parser struct {
	text        string
	toks        []french.Token
	now         time.Time
	Today       time.Time
	alsoCounted map[string]bool // more words that make the number before them a count
	back        bool            // days lie behind: "mardi" and "le 3" are the last ones, not the next
	week        time.Time       // the first day of the week that was named, zero for none
	month       time.Time       // the first day of the month that was named without a day, zero for none
	cue         cue
	found       []When // so far
	last        int    // the token after the last one found
}

// NewParser is a parser of tokens whose readers are asked one by one.
func NewParser(toks []french.Token, now time.Time) Parser {
	return Parser{toks: toks, now: now, Today: Midnight(now, 0)}
}

// NewPastParser is one for what was done: days lie behind; counted are the words that make the number before them a count.
func NewPastParser(toks []french.Token, now time.Time, counted map[string]bool) Parser {
	p := NewParser(toks, now)
	p.back, p.alsoCounted = true, counted
	return p
}

// AnyDay stands for today where only the presence of a date matters.
var AnyDay = time.Date(2026, 1, 7, 0, 0, 0, 0, time.UTC)

// Says reports whether a text, whose tokens are there already, names a day, an hour or a part of the day that suits.
func Says(text string, toks []french.Token) bool {
	p := NewParser(heard(respelled(slices.Clone(toks), text)), AnyDay)
	p.text = text
	p.parse()
	return len(p.worth(p.suiting())) > 0
}

func parserOf(text string, now time.Time) *Parser {
	text = french.Opening(text)
	return &Parser{text: text, toks: heard(Tokens(text)), now: now, Today: Midnight(now, 0)}
}

// Tokens are the tokens of a text, in the spelling of the tables, without what belongs to phone numbers.
func Tokens(text string) []french.Token { return respelled(french.Tokenize(text), text) }

// respelled writes the tokens of a text, which it changes, as Tokens does.
func respelled(toks []french.Token, text string) []french.Token {
	spans := phones.Spans(text)
	for i := range toks {
		if toks[i].Kind == french.Word {
			toks[i].Norm = respell(toks[i].Norm)
		}
		for _, s := range spans {
			if toks[i].Start < s.End && toks[i].End > s.Start {
				toks[i].Kind, toks[i].Norm = french.Sign, "☎"
			}
		}
	}
	return toks
}

// Piece is a day or an hour found at a token, before pieces are joined. A void one only looks like a day.
type Piece struct {
	When
	N    int // tokens
	void bool
}

// void is what a reader returns to have n tokens jumped over.
func void(n int) (Piece, bool) { return Piece{N: n, void: true}, true }

// parse finds the days and hours of the text, the refused ones as well.
func (p *Parser) parse() {
	for i := 0; i < len(p.toks); {
		found, ok := p.read(i)
		if !ok {
			i++
			continue
		}
		n := max(found.N, 1)
		if !found.void {
			found.Start, found.End = p.toks[i].Start, p.toks[i+n-1].End
			p.add(i, found.When)
			p.last = i + n
		}
		i += n
	}
	for k, w := range p.found {
		p.found[k] = p.settle(w)
	}
}

// add takes what begins at token i as a date of its own, or as a part of the one before.
func (p *Parser) add(i int, w When) {
	if n := len(p.found); n > 0 && p.linked(i) && joinable(p.found[n-1], w) {
		p.found[n-1] = join(p.found[n-1], w)
		return
	}
	if n := len(p.found); n > 0 && !w.Approx && (p.sameWeek(p.found[n-1], w) || p.sameMonth(p.found[n-1], w)) { // "semaine du 7, le mercredi"
		p.found = p.found[:n-1]
	}
	p.found = append(p.found, w)
}

// sameWeek reports whether two days lie in the week that was named.
func (p *Parser) sameWeek(a, b When) bool {
	end := Midnight(p.week, 7)
	return !p.week.IsZero() && a.Approx && a.HasDay && b.HasDay && !a.Day.Before(p.week) && !b.Day.Before(p.week) && a.Day.Before(end) && b.Day.Before(end)
}

// sameMonth reports whether two days lie in the month that was named.
func (p *Parser) sameMonth(a, b When) bool {
	in := func(w When) bool { return w.HasDay && w.Day.AddDate(0, 0, 1-w.Day.Day()).Equal(p.month) }
	return !p.month.IsZero() && in(a) && in(b)
}

// At reads a day or an hour that begins at token i.
func (p *Parser) At(i int) (Piece, bool) {
	found, ok := p.read(i)
	return found, ok && !found.void
}

// linked reports whether only small words stand between what was found last and token i, so that both are one date.
func (p *Parser) linked(i int) bool {
	if i-p.last > 3 {
		return false
	}
	day := p.found[len(p.found)-1].HasDay
	for _, t := range p.toks[p.last:i] {
		if !linking[t.Norm] || !day && t.Norm == "," {
			return false
		}
	}
	return true
}

// linking words may stand between a day and its hour.
var linking = french.WordSet("a de des vers partir le la les l au du en , - ( pour dans et entre – sur avant apres")

// joinable reports whether two neighbouring pieces complete each other.
func joinable(a, b When) bool {
	switch {
	case a.HasDay && b.HasDay || a.Err != nil && b.HasDay:
		return false
	case a.HasTime && b.HasTime || a.Part != "" && b.Part != "":
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
func (p *Parser) settle(w When) When {
	if w.HasTime && w.Hour < 12 && (w.Part == "aprem" && w.Hour >= 1 && w.Hour <= 8 || w.Part == "soir" && w.Hour >= 5) {
		w.Hour += 12
		w.Ambiguous = false
	}
	if w.HasTime && w.Hour < 7 {
		w.Ambiguous = true
		if w.Hour > 0 && w.Part != "matin" { // nobody meets at three in the night
			w.Hour += 12
		}
	}
	if w.HasTime {
		w.Part = ""
	}
	if w.HasDay && w.Err == nil && w.Day.Equal(p.Today) && w.HasTime && w.At().Before(p.now) {
		w.Err = past(w)
	}
	return w
}

// worth drops a bare "le 2" that is the whole text, which answers a list of choices, and hours repeated word for word.
func (p *Parser) worth(ws []When) []When {
	if p.choosing(ws) {
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

// choosing reports whether the text is a bare "le 2".
func (p *Parser) choosing(ws []When) bool {
	return len(ws) == 1 && !ws[0].HasTime && len(p.toks) == 2 && p.norm(0) == "le" && p.Digits(1, 1)
}

func same(a, b When) bool {
	return a.HasDay == b.HasDay && a.Day.Equal(b.Day) && a.HasTime == b.HasTime && a.Hour == b.Hour && a.Minute == b.Minute &&
		a.Part == b.Part && (a.Err == nil) == (b.Err == nil)
}

// Midnight returns the day that is the given number of days after t's, in t's location.
func Midnight(t time.Time, days int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, 0, 0, 0, 0, t.Location())
}

func past(w When) error {
	s := fmt.Sprintf("%s %d", FrenchDay(w.Day), w.Day.Year())
	if w.HasTime {
		s += fmt.Sprintf(" à %s", FrenchHour(w.Hour, w.Minute))
	}
	return &french.Problem{Kind: ErrPast, Sentence: fmt.Sprintf("Le %s est passé. Redites la date, avec l'année si elle est plus lointaine.", s)}
}

// FrenchDay writes a day of the year: "vendredi 4 décembre", "mardi 1er décembre".
func FrenchDay(t time.Time) string {
	return weekdayNames[t.Weekday()] + " " + dayAndMonth(t)
}

// FrenchMonth writes a month of a year: "décembre 2026".
func FrenchMonth(t time.Time) string { return fmt.Sprintf("%s %d", monthNames[t.Month()], t.Year()) }

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
