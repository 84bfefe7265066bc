package dates

import "passeur/intents/french"

// hour reads "14h", "14 h 30", "14:30", "dix heures moins le quart", "midi et demi" and ranges of them; of a range the
// beginning counts.
func (p *Parser) hour(i int) (Piece, bool) {
	if found, ok := p.hourRange(i); ok {
		return found, true
	}
	h, m, n := p.Clock(i)
	if n == 0 {
		return Piece{}, false
	}
	w := When{Hour: h, Minute: m, HasTime: true}
	switch p.norm(i - 1) {
	case "vers", "environ", "partir", "apres", "avant", "des", "jusqu":
		w.Approx = true
	case "de":
		w.Approx = p.norm(i-2) == "partir" || p.norm(i-2) == "autour"
	}
	if p.norm(i-1) == "entre" && p.norm(i+n) == "et" {
		w.Approx = true
		n += 1 + p.rangeEnd(i+n+1)
	} else if s := p.norm(i + n); s == "-" || s == "–" || s == "a" && !p.movedHour(i) {
		if k := p.rangeEnd(i + n + 1); k > 0 {
			n += 1 + k
		}
	}
	return Piece{When: w, N: min(n, len(p.toks)-i)}, true
}

// movedHour reports whether the hour at token i is the one of an appointment that is moved: "avancer mon rdv de 16h à 14h".
func (p *Parser) movedHour(i int) bool {
	if p.norm(i-1) != "de" {
		return false
	}
	if french.HasPrefix(p.norm(0), movingVerbs) || p.norm(0) == "passer" && i == 2 {
		return true
	}
	for j := i - 2; j >= 0 && j > i-7; j-- {
		if s := p.norm(j); s == "rdv" || s == "vous" {
			return (i-j < 3 || p.norm(0) == "passer") && p.moves()
		}
	}
	return false
}

// hourRange reads "14-16h", "14 ou 15h", "entre 14 et 16h", "de 9 à 12h", whose first hour stands without "h".
func (p *Parser) hourRange(i int) (Piece, bool) {
	from, n := p.Count(i)
	if n == 0 || from > 22 {
		return Piece{}, false
	}
	before := p.norm(i - 1)
	switch p.norm(i + n) {
	case "-", "–", "/", "ou":
	case "a", "et":
		if before != "de" && before != "entre" {
			return Piece{}, false
		}
	default:
		return Piece{}, false
	}
	to, _, k := p.Clock(i + n + 1)
	if k == 0 || to <= from || p.norm(i+n) == "ou" && to != from+1 {
		return Piece{}, false
	}
	return Piece{When: When{Hour: from, HasTime: true, Approx: before == "entre"}, N: n + 1 + k}, true
}

// rangeEnd returns the tokens of the hour that ends a range, 0 for none; "entre midi et deux" has no "heures".
func (p *Parser) rangeEnd(i int) int {
	if _, _, n := p.Clock(i); n > 0 {
		return n
	}
	if p.norm(i-1) == "et" {
		_, n := p.Count(i)
		return n
	}
	return 0
}

// bareHour reads the hour of "demain à 10", "jeudi entre 14 et 16", and "à 14.30", "à 14 30" without a day.
func (p *Parser) bareHour(i int) (Piece, bool) {
	if w, ok := p.joinedHour(i); ok {
		return Piece{When: w, N: 1}, true
	}
	h, n := p.Count(i)
	dotted := p.norm(i+1) == "." && p.toks[i+1].Glued && p.last == i && i > 0
	if p.norm(i-1) == "entre" && p.hoursOfDay(i, h, n) {
		return Piece{When: When{Hour: h, HasTime: true, Approx: true}, N: n + 2}, true
	}
	if n == 0 || h < 7 || h > 20 || !toHour[p.norm(i-1)] && !dotted && !(p.norm(i-1) == "de" && p.norm(i+n) == "a") {
		return Piece{}, false
	}
	w := When{Hour: h, HasTime: true, Approx: p.norm(i-1) != "a"}
	if j := i + 1; p.Digits(i, 2) {
		j += french.Bit(p.norm(j) == ".")
		if p.Digits(j, 2) && len(p.norm(j)) == 2 && french.Atoi(p.norm(j)) < 60 && p.closes(j+1) {
			w.Minute = french.Atoi(p.norm(j))
			return Piece{When: w, N: j + 1 - i}, true
		}
	}
	if len(p.found) == 0 || i-p.last > 2 || !p.linked(i) || !p.found[len(p.found)-1].HasDay {
		return Piece{}, false
	}
	if s := p.norm(i + n); s == "et" || s == "a" {
		if to, k := p.Count(i + n + 1); k > 0 && to > h && to < 24 {
			n += 1 + k
		}
	}
	return Piece{When: w, N: n}, p.closes(i + n)
}

// joinedHour reads "1430" beside a day: "1430 mardi", "demain à 0930".
func (p *Parser) joinedHour(i int) (When, bool) {
	if !p.Digits(i, 4) || len(p.norm(i)) != 4 {
		return When{}, false
	}
	v := french.Atoi(p.norm(i))
	h, m := v/100, v%100
	_, day := p.WeekdayAt(i + 1)
	day = day || p.norm(i+1) == "demain" || p.last > 0 && (p.last == i || p.last == i-1 && p.norm(i-1) == "a")
	return When{Hour: h, Minute: m, HasTime: true}, day && h > 6 && h < 20 && m < 60 && m%5 == 0
}

// hoursOfDay reports whether the number at token i is the first of two hours of a day named behind them: "entre 10 et 11 lundi".
func (p *Parser) hoursOfDay(i, h, n int) bool {
	to, k := p.Count(i + n + 1)
	_, day := p.WeekdayAt(i + n + 1 + k)
	return n == 1 && k == 1 && p.norm(i+1) == "et" && h > 6 && h < to && to < 22 && (day || p.norm(i+3) == "demain")
}

// toHour words announce an hour.
var toHour = french.WordSet("a vers entre apres avant des pour")

// closes reports whether nothing that could be counted stands at token i.
func (p *Parser) closes(i int) bool {
	return i >= len(p.toks) || p.toks[i].Kind == french.Sign && p.norm(i) != "€" && p.norm(i) != "%" || closing[p.norm(i)]
}

// closing words may follow a number without making it a count.
var closing = french.WordSet("svp stp merci ok oui si ca c est pour avec et ou je j plutot madame monsieur possible dispo bon bien mais du matin")

// Clock reads an hour of the day at token i; n is 0 for none.
func (p *Parser) Clock(i int) (h, m, n int) {
	switch p.norm(i) {
	case "midi":
		if p.norm(i-1) == "apres" || p.is(i-2, "apres", "-") {
			return 0, 0, 0
		}
		if m, n = p.Minutes(i+1, false); m < 0 {
			return 11, m + 60, 1 + n
		}
		return 12, m, 1 + n
	case "minuit":
		return 0, 0, 1
	case "heure", "heures", "h":
		return p.hourBehind(i)
	}
	h, k := p.Count(i)
	if k == 0 || h > 23 || p.norm(i) == "une" && i > 0 && !toHour[p.norm(i-1)] || p.norm(i) == "un" {
		return 0, 0, 0
	}
	j := i + k
	switch s := p.norm(j); {
	case IsHourWord(s):
		if p.Digits(j+1, 1) && p.toks[j+1].Glued { // "23h2"
			return 0, 0, 0
		}
		if p.norm(j+1) == ":" && p.Digits(j+2, 2) {
			j++
			k++
		}
		if m, n = p.Minutes(j+1, p.toks[i].Kind == french.Number); m < 0 {
			h, m = h-1, m+60
		}
		return max(h, 0), m, k + 1 + n
	case (s == "." || s == ",") && p.Digits(j+1, 2) && p.toks[j+1].Glued && IsHourWord(p.norm(j+2)) && french.Atoi(p.norm(j+1)) < 60: // "9.30h"
		return h, french.Atoi(p.norm(j + 1)), k + 3
	case s == ":" && p.Digits(j+1, 2) && len(p.norm(j+1)) == 2 && french.Atoi(p.norm(j+1)) < 60 && p.toks[j+1].Glued:
		return h, french.Atoi(p.norm(j + 1)), k + 2
	}
	return 0, 0, 0
}

// hourBehind reads "heure 14".
func (p *Parser) hourBehind(i int) (h, m, n int) {
	if _, before := p.Count(i - 1); before > 0 {
		return 0, 0, 0
	}
	h, k := p.Count(i + 1)
	if k == 0 || h < 7 || h > 20 || !p.closes(i+1+k) {
		return 0, 0, 0
	}
	return h, 0, 1 + k
}

// Minutes reads what follows "heures": "30", "et quart", "et demie", "moins le quart", "moins dix" (negative), "quinze".
func (p *Parser) Minutes(i int, glued bool) (m, n int) {
	if m, n := lookup(p, i, quarters); n > 0 {
		return m, n
	}
	if p.norm(i) == "moins" {
		if v, k := p.Count(i + 1); k > 0 && v < 60 && v > 0 {
			return -v, 1 + k
		}
		return 0, 0
	}
	v, k := p.Count(i)
	if k == 0 || v > 59 || !p.minuteLike(i, k, glued) {
		return 0, 0
	}
	switch s := p.norm(i + k); {
	case s == "min", s == "mn", s == "minutes", s == "m" && p.toks[i+k].Glued:
		k++
	}
	return v, k
}

// quarters are parts of an hour with a name, in minutes.
var quarters = phrasesOf(map[string]int{
	"et quart": 15, "un quart": 15, "et un quart": 15, "et demi": 30, "e demi": 30, "e quart": 15, "et d mie": 30, "demi": 30, "moins le quart": -15, "moins quart": -15, "moins un quart": -15,
	"et trois quarts": 45, "trois quarts": 45,
})

// minuteLike reports whether the number at token i belongs to the hour before it and not to what follows.
func (p *Parser) minuteLike(i, k int, digits bool) bool {
	t := p.toks[i]
	next := p.norm(i + k)
	if next == "/" || IsHourWord(next) || MonthOf(next) > 0 || streets[next] {
		return false
	}
	if t.Kind == french.Number {
		return len(t.Norm) == 2 && (t.Glued || digits)
	}
	v, _ := p.Count(i)
	return v >= 5
}

// IsHourWord reports whether a folded word may stand behind the number of an hour.
func IsHourWord(s string) bool {
	return s == "h" || s == "heure" || s == "heures" || s == "hr" || s == "hrs"
}
