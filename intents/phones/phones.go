// Package phones finds the French numbers of a text, written in any of the ways people write them, and lets through those that an
// SMS can reach: mobiles of France and its territories overseas. Landlines and short numbers are an error that says so in French.
package phones

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers/v2"

	"passeur/intents/french"
)

// Phone is a mobile number found in a text. Start and End are byte offsets of what was typed.
type Phone struct {
	E164       string // "+33639981234"
	Start, End int
}

// Error says why what looks like a number cannot be reached by SMS. Its text never holds the number, so that it may
// be logged and shown; Raw does.
type Error struct {
	Raw    string // as typed: never to be logged
	Reason string // a French sentence that says how to mend it
}

// Error is the reason: nothing of what was typed.
func (e *Error) Error() string { return e.Reason }

// The reasons of an Error, as counsellors read them.
const (
	Short   = "Le numéro est trop court : un mobile a 10 chiffres, par exemple 06 39 98 12 34."
	Long    = "Le numéro est trop long : un mobile a 10 chiffres, par exemple 06 39 98 12 34."
	Fixed   = "C'est un numéro fixe : il ne reçoit pas de SMS. Donnez un numéro de mobile, en 06 ou 07."
	Invalid = "Ce numéro n'existe pas. Vérifiez ses 10 chiffres, par exemple 06 39 98 12 34."
	Foreign = "Ce numéro n'est pas un numéro français. Donnez un mobile de France ou d'outre-mer, en 06 ou 07."
)

// regions are tried in this order: the library takes 0692… (La Réunion), 0639… (Mayotte), 0690… (Guadeloupe), 0696…
// (Martinique) and 0694… (Guyane) for invalid when asked for France.
var regions = []string{"FR", "RE", "YT", "GP", "MQ", "GF"}

// prefixes are the calling codes of France and of its territories.
var prefixes = []string{"33", "262", "590", "594", "596", "508", "687", "689", "681"}

// Fictional reports whether a number belongs to the mobile numbers that Arcep keeps for works of fiction,
// 06 39 98 00 00 to 06 39 98 99 99 (numbering plan, decision 2018-0881). They are valid here, though the library refuses
// them; no gateway may be asked to reach them.
func Fictional(e164 string) bool {
	return len(e164) == len("+33639981234") && strings.HasPrefix(e164, "+3363998") && french.DigitsOnly(e164[1:])
}

// Find returns the mobile numbers of a text, in the order in which they stand. It reads "06 39 98 12 34",
// "06.39.98.12.34", "+33 (0)6…", "0033…", "0692…" and the letter O for a zero; dates, hours and postcodes are none.
// The error, a *Error, tells of the first number that cannot be used; the good ones are returned all the same. Only the first
// 2,000 characters are read.
func Find(text string) ([]Phone, error) {
	var phones []Phone
	var first error
	for _, c := range Spans(french.Opening(text)) {
		e164, err := mobile(c)
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		phones = append(phones, Phone{e164, c.Start, c.End})
	}
	return phones, first
}

// mobile turns what was typed into E.164.
func mobile(c Span) (string, error) {
	fail := func(reason string) (string, error) { return "", &Error{Raw: c.raw, Reason: reason} }
	if c.reason != "" {
		return fail(c.reason)
	}
	if e164 := "+33" + strings.TrimPrefix(c.digits, "0"); strings.HasPrefix(c.digits, "0") && Fictional(e164) {
		return e164, nil
	}
	if Fictional(c.digits) {
		return c.digits, nil
	}
	fixed := false
	for _, region := range regions {
		n, err := phonenumbers.Parse(c.digits, region)
		if err != nil || !phonenumbers.IsValidNumber(n) {
			continue
		}
		switch phonenumbers.GetNumberType(n) {
		case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
			return phonenumbers.Format(n, phonenumbers.E164), nil
		}
		fixed = true
	}
	if fixed {
		return fail(Fixed)
	}
	return fail(Invalid)
}

// Span is a stretch of text that looks like a phone number.
type Span struct {
	Start, End int
	raw        string
	digits     string // "0…" of ten digits, or "+…"
	reason     string // why it cannot be one, though it looks like one
}

// Digits are the digits of the number: "0…" of ten, or "+…" of one with a calling code. They are somebody's: never to be logged.
func (s Span) Digits() string { return s.digits }

// Fault is the reason, one of those of an Error, for which the digits cannot be a French number; "" when they may be one.
func (s Span) Fault() string { return s.reason }

// digitGroup is a run of digits; O and o count as zero beside digits.
type digitGroup struct {
	start, end int
	digits     string
	plus       bool // "+" stands before it
	sep        byte // between it and the group before: 0 start of a run, else ' ', '.', '-', '/', '('
}

// Spans finds everything that looks like a phone number.
func Spans(text string) []Span {
	groups := digitGroups(text)
	if totalDigits(groups) < fewestDigits {
		return nil
	}
	var spans []Span
	for i := 0; i < len(groups); {
		n, span := phoneAt(text, groups[i:])
		if n == 0 {
			i++
			continue
		}
		spans = append(spans, span)
		i += n
	}
	return spans
}

// fewestDigits is how many digits there are at least in what looks like a number, even one that is too short.
const fewestDigits = 7

func totalDigits(groups []digitGroup) (n int) {
	for _, g := range groups {
		n += len(g.digits)
	}
	return n
}

// mostGroups is how many groups of digits a number has at most: more than it has digits, "00" and calling code included.
const mostGroups = 24

// phoneAt reads a number that begins at the first group and says how many groups it takes, 0 for none.
func phoneAt(text string, groups []digitGroup) (int, Span) {
	run := 1
	for run < min(len(groups), mostGroups) && groups[run].sep != 0 {
		run++
	}
	groups = groups[:run]
	if isDateLike(groups) {
		return 0, Span{}
	}
	head := groups[0].digits
	switch {
	case groups[0].plus || strings.HasPrefix(head, "00") && (len(head) > 2 || len(groups) > 1):
		return international(text, groups)
	case head[0] == '0':
		return national(text, groups, 10, "")
	case len(head) == 9 && (head[0] == '6' || head[0] == '7') || zeroLost(groups):
		return national(text, groups, 9, "0")
	case len(head) >= 11 && calling(head) != "":
		return international(text, groups[:1])
	}
	return 0, Span{}
}

// zeroLost reports whether the groups are "6 39 98 12 34", as spreadsheets leave them.
func zeroLost(groups []digitGroup) bool {
	if len(groups) < 5 || groups[0].digits != "6" && groups[0].digits != "7" {
		return false
	}
	for _, g := range groups[1:5] {
		if len(g.digits) != 2 {
			return false
		}
	}
	return true
}

// national takes groups until they hold want digits.
func national(text string, groups []digitGroup, want int, prefix string) (int, Span) {
	n, total, odd := 0, 0, false
	for n < len(groups) && total < want {
		odd = odd || n > 0 && len(groups[n].digits) == 1
		total += len(groups[n].digits)
		n++
	}
	if cut := groups[n-1]; total > want && total < 13 && len(cut.digits) == 3 {
		span := spanOf(text, groups[:n])
		span.reason = Long
		return n, span
	}
	for n > 1 && (total > want || belongsToDate(text, groups[n-1]) && !(total == want && beforeName(text, groups[n-1]))) {
		total -= len(groups[n-1].digits)
		n--
	}
	odd = odd && n > 1
	span := spanOf(text, groups[:n])
	span.digits = prefix + span.digits
	switch {
	case total == want && !odd:
		return n, span
	case total > want && total < 13:
		span.reason = Long
	case total >= 8 || total >= 7 && mobileHead(groups[0].digits):
		span.reason = Short
	default:
		return 0, span
	}
	return n, span
}

func mobileHead(digits string) bool {
	return strings.HasPrefix(digits, "06") || strings.HasPrefix(digits, "07")
}

// international takes the groups of "+33 6 39 98 12 34", "+33 (0)6…", "0033 6…", "33639981234".
func international(text string, groups []digitGroup) (int, Span) {
	best, span := 0, Span{}
	for n := 1; n <= len(groups); n++ {
		if n > 1 && belongsToDate(text, groups[n-1]) && !beforeName(text, groups[n-1]) {
			break
		}
		s := spanOf(text, groups[:n])
		d := s.digits
		if !groups[0].plus {
			d = strings.TrimPrefix(d, "00")
		}
		code := calling(d)
		rest := strings.TrimPrefix(d[len(code):], "0")
		if len(rest) > 15 {
			break
		}
		s.digits = "+" + code + rest
		if want := nationalLength(code); want > 0 && len(rest) == want {
			return n, s
		}
		if len(d) >= 8 && len(d) <= 15 {
			best, span = n, s
			span.reason = Short
			if code == "" && strings.HasPrefix(d, "0") {
				span.reason = Invalid
			} else if code == "" {
				span.reason = Foreign
			} else if len(rest) > nationalLength(code) {
				span.reason = Long
			}
		}
	}
	return best, span
}

// calling returns the French calling code that digits begin with.
func calling(digits string) string {
	for _, p := range prefixes {
		if strings.HasPrefix(digits, p) {
			return p
		}
	}
	return ""
}

func nationalLength(code string) int {
	switch code {
	case "":
		return 0
	case "687", "508", "681":
		return 6
	case "689":
		return 8
	}
	return 9
}

func spanOf(text string, groups []digitGroup) Span {
	var b strings.Builder
	for _, g := range groups {
		b.WriteString(g.digits)
	}
	start, end := groups[0].start, groups[len(groups)-1].end
	return Span{Start: start, End: end, raw: text[start:end], digits: b.String()}
}

// isDateLike reports whether a run begins like "03.12.2025", "3/12/25" or "03 12 2026".
func isDateLike(groups []digitGroup) bool {
	if len(groups) < 3 || groups[0].plus || len(groups[0].digits) > 2 || len(groups[1].digits) > 2 {
		return false
	}
	year := groups[2].digits
	if french.Atoi(groups[0].digits) > 31 || french.Atoi(groups[1].digits) > 12 {
		return false
	}
	if groups[1].sep == '/' && groups[2].sep == '/' {
		return len(year) == 2 && (len(groups) == 3 || groups[3].sep != '/') || len(year) == 4
	}
	return len(year) == 4 && strings.HasPrefix(year, "20") && (len(groups) == 3 || groups[3].sep == ' ')
}

// belongsToDate reports whether what follows a group makes it an hour or a day: "10h", "4 décembre", "10:30".
func belongsToDate(text string, g digitGroup) bool {
	if len(g.digits) > 2 {
		return false
	}
	rest := strings.TrimLeft(text[g.end:], " \u00a0\u202f")
	if rest == "" {
		return false
	}
	if rest[0] == ':' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9' {
		return true
	}
	w := leadingWord(rest)
	return w == "h" || w == "heure" || w == "heures" || french.Months[w] > 0
}

// beforeName reports whether the month behind a group may be a name as well: "06 39 98 12 04 Avril". A complete number is then
// likelier than one that is two digits short.
func beforeName(text string, g digitGroup) bool {
	rest := strings.TrimLeft(text[g.end:], " \u00a0\u202f")
	return nameMonths[leadingWord(rest)] && french.Capital(rest)
}

// nameMonths are months that people are called.
var nameMonths = french.WordSet("janvier mars avril mai juin aout")

func leadingWord(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(s)
	}
	return french.Folded(s[:min(end, 24)])
}

// digitGroups cuts out the runs of digits of a text.
func digitGroups(text string) []digitGroup {
	var groups []digitGroup
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && c|0x20 != 'o' && (c < '0' || c > '9') {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !startsGroup(text, i, r) {
			i += size
			continue
		}
		g := groupAt(text, i)
		if len(groups) > 0 {
			g.sep = separator(text[groups[len(groups)-1].end:g.start])
		}
		if i > 0 && text[i-1] == '+' {
			g.plus, g.sep, g.start = true, 0, i-1
		}
		groups = append(groups, g)
		i = g.end
	}
	return groups
}

func startsGroup(text string, i int, r rune) bool {
	if digitOf(r) >= 0 {
		return true
	}
	if r != 'O' && r != 'o' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+1:])
	return !unicode.IsLetter(before) && digitOf(after) >= 0
}

func groupAt(text string, i int) digitGroup {
	g := digitGroup{start: i}
	var short [16]byte
	b := short[:0]
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		d := digitOf(r)
		if (r == 'O' || r == 'o') && (len(b) > 0 || startsGroup(text, i, r)) {
			d = 0
		}
		if d < 0 {
			break
		}
		b = append(b, byte('0'+d))
		i += size
	}
	g.end, g.digits = i, text[g.start:i]
	if string(b) != g.digits {
		g.digits = string(b)
	}
	return g
}

// digitOf returns the value of a decimal digit of any script, -1 for anything else.
func digitOf(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r):
		return -1
	}
	d := 0 // The ten digits of a script stand side by side.
	for d < 9 && unicode.Is(unicode.Nd, r-rune(d)-1) && (r-rune(d)-1)>>4 == r>>4 {
		d++
	}
	return d
}

// separator returns what keeps two groups of one number apart, 0 if they are not of one number.
func separator(between string) byte {
	switch t := strings.Map(asRead, between); t {
	case "":
		return ' '
	case " ", "  ":
		return ' '
	case ".", ". ", "-", " - ", "_", "–":
		return '.'
	case "/":
		return '/'
	case "(", " (", ")", ") ":
		return '('
	}
	return 0
}

// asRead is a rune between digits as one reads it: marks of direction and joiners, which come along with what is copied from an address book, are nothing.
func asRead(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}
