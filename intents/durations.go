package intents

import (
	"passeur/intents/dates"
	"passeur/intents/french"
)

// Duration is a length of time that a text tells.
type Duration struct {
	Minutes    int // in all: "2 x 45 min" and "2 personnes 45 min chacune" are 90
	Start, End int // byte offsets in the text
	total      bool
	each       bool // said for each person; Minutes is still for one
}

// Durations returns the lengths of time that a French text tells, in the order in which they stand: "1h30", "3/4 d'heure", "deux heures
// et demie", "90 min", "2x45min"; when there are none, its spans of hours, "de 9h à 12h". Hours of the day, delays, distances and what was
// planned are none. When the text tells a total, the total alone is returned. Only the first 2,000 characters are read.
func Durations(text string) []Duration {
	r := newActivityReader(text, dates.AnyDay, nil)
	r.readDay()
	r.readSpans()
	r.readDurations()
	r.readCounts()
	return r.told()
}

// longestActivity bounds what is believed: La Coop takes up to 23 h 59 min.
const longestActivity = 24*60 - 1

// minutes is the length of the whole activity, 0 if it was not told or cannot be.
func (r *activityReader) minutes() int {
	sum := 0
	for _, d := range r.told() {
		sum += d.Minutes
	}
	if sum > longestActivity {
		return 0
	}
	return sum
}

// told are the durations that count, those for each person multiplied.
func (r *activityReader) told() []Duration {
	if len(r.durations) == 0 {
		return r.spans
	}
	for _, d := range r.durations {
		if d.total {
			return []Duration{d}
		}
	}
	people := max(r.people(), 1)
	for i, d := range r.durations {
		if d.each {
			r.durations[i].Minutes, r.durations[i].each = min(d.Minutes*people, longestActivity+1), false
		}
	}
	return r.durations
}

// readSpans reads "de 9h à 12h", "9h-12h", "14h 16h".
func (r *activityReader) readSpans() {
	for i := 0; i < len(r.toks); i++ {
		from, to, n := r.hoursAt(i)
		if _, fraction := r.quarters(i); n == 0 || i+n > len(r.toks) || fraction > 0 {
			continue
		}
		if _, plain := r.p.Count(i); plain > 0 && rangeSign[r.at(i+plain)] && !r.spanOpens(i, plain) {
			continue
		}
		if h, m, more := r.p.Clock(i + n); to == 0 && more > 0 && h > 7 && h*60+m > from {
			to, n = h*60+m, min(n+more, len(r.toks)-i)
		}
		if to > from {
			r.spans = append(r.spans, Duration{Minutes: to - from, Start: r.toks[i].Start, End: r.toks[i+n-1].End})
			r.take(i, i+n)
			i += n - 1
		}
	}
}

// spanOpens reports whether the number without "h" at token i begins a span: "9-12h", "de 9 à 12h"; "nb 3 - 14h" does not.
func (r *activityReader) spanOpens(i, n int) bool {
	before := r.at(i - 1)
	return r.toks[i+n].Glued || before == "de" || before == "entre"
}

// readDurations reads lengths of time and what multiplies them.
func (r *activityReader) readDurations() {
	for i := 0; i < len(r.toks); i++ {
		m, n := r.lengthAt(i)
		if n == 0 || m == 0 || m > longestActivity {
			continue
		}
		if !r.aside(i, i+n) {
			r.addDuration(i, m, n)
		}
		r.take(i, min(i+n, len(r.toks)))
		i += n - 1
	}
}

func (r *activityReader) addDuration(i, m, n int) {
	d := Duration{Minutes: m, Start: r.toks[i].Start, End: r.toks[i+n-1].End}
	times := r.timesBefore(i)
	if times == 0 {
		times = r.timesBehind(i + n)
	}
	d.Minutes *= max(times, 1)
	d.each = times == 0 && (r.eachBehind(i+n) || r.eachBefore(i))
	d.total = r.totalAround(i, i+n)
	if d.Minutes <= longestActivity {
		r.durations = append(r.durations, d)
	}
}

// lengthAt reads a length of time at token i, in minutes, and the tokens it takes; 0 for none.
func (r *activityReader) lengthAt(i int) (m, n int) {
	if r.at(i) == "" {
		return 0, 0
	}
	for _, read := range []func(int) (int, int){r.fractionAt, r.hoursLong, r.minutesLong} {
		if m, n := read(i); n > 0 {
			return m, n
		}
	}
	return 0, 0
}

// fractionAt reads "3/4 d'heure", "un quart d'heure", "une petite demi-heure", "½ h".
func (r *activityReader) fractionAt(i int) (m, n int) {
	j := i
	for _, article := range []string{"une", "un", "1"} {
		if r.at(j) == article && r.at(j+1) != "/" {
			j++
			break
		}
	}
	for r.at(j) != "" && roughWords[r.at(j)] {
		j++
	}
	quarters, k := r.quarters(j)
	if k == 0 {
		return 0, 0
	}
	j += k
	for r.at(j) == "d" || r.at(j) == "-" || r.at(j) == "de" {
		j++
	}
	if !hourLike(r.at(j)) {
		return 0, 0
	}
	return quarters * 15, j + 1 - i
}

// roughWords stand before a length of time and change nothing.
var roughWords = french.WordSet("petit petite petits petites bon bonne bons bonnes gros grosse grand grande environ presque quelque")

// quarters reads "1/2", "3/4", "½", "demi", "quart", "trois quarts" at token i: how many quarters, and its tokens.
func (r *activityReader) quarters(i int) (quarters, n int) {
	switch s := r.at(i); {
	case r.follow(i, "1", "/", "2"):
		return 2, 3
	case r.follow(i, "1", "/", "4"):
		return 1, 3
	case r.follow(i, "3", "/", "4"):
		return 3, 3
	case s == "1⁄2", s == "demi", s == "demie", s == "demis":
		return 2, 1
	case s == "1⁄4", s == "quart":
		return 1, 1
	case s == "3⁄4":
		return 3, 1
	case (s == "trois" || s == "3") && (r.at(i+1) == "quart" || r.at(i+1) == "quarts"):
		return 3, 2
	}
	return 0, 0
}

// hourLike reports whether a word is "heure", its short forms and slips included.
func hourLike(s string) bool {
	return dates.IsHourWord(s) || s == "heur" || s == "heurs" || s == "hres" || s == "hre" || s == "eure" || s == "eures"
}

// hoursLong reads "1h30", "deux heures et demie", "1,5 h", "une bonne heure"; an hour of the day is none.
func (r *activityReader) hoursLong(i int) (m, n int) {
	h, k := r.p.Count(i)
	if k == 0 || h > 23 {
		return 0, 0
	}
	j := i + k
	if s := r.at(j); (s == "," || s == ".") && r.toks[j].Glued && r.p.Digits(j+1, 2) && r.toks[j+1].Glued {
		if m = decimals[r.at(j+1)]; m == 0 {
			return 0, 0
		}
		j += 2
	}
	for roughWords[r.at(j)] {
		j++
	}
	if !hourLike(r.at(j)) {
		return 0, 0
	}
	if m == 0 {
		m, n = r.overHour(j+1, r.toks[i].Kind == french.Number)
	}
	if r.hourOfDay(i, h, j+1+n) {
		return 0, 0
	}
	return h*60 + m, j + 1 + n - i
}

// decimals are parts of an hour in minutes.
var decimals = map[string]int{"5": 30, "25": 15, "75": 45, "50": 30}

// overHour reads what follows "heure": "30", "et demie", "et quart", "1/2", "trois quarts".
func (r *activityReader) overHour(i int, digits bool) (m, n int) {
	j := i
	if r.at(j) == "et" {
		j++
	}
	if q, k := r.quarters(j); k > 0 && !hourLike(r.at(j+k)) && r.at(j+k) != "d" {
		return q * 15, j + k - i
	}
	if r.at(i) == "" {
		return 0, 0
	}
	m, n = r.p.Minutes(j, digits)
	if n == 0 || m < 0 {
		return 0, 0
	}
	end := j + n
	if _, k := r.p.Count(j); n == k && !r.toks[j].Glued && (countedWords[r.at(end)] || r.at(end) == "x" || r.at(end) == "ans") {
		return 0, 0
	}
	return m, end - i
}

// hourOfDay reports whether so many hours at tokens i..end-1 are an hour of the day: behind "à" or "vers", or too many for an activity.
func (r *activityReader) hourOfDay(i, h, end int) bool {
	before := r.at(i - 1)
	for roughWords[before] {
		i--
		before = r.at(i - 1)
	}
	switch {
	case lengthWords[before], before == "de" && lengthWords[r.at(i-2)], before == ":" && lengthWords[r.at(i-2)]:
		return false
	case before == "a" && r.at(i-2) == "y", before == "total", r.at(i-2) == "total", r.at(end) == "total":
		return false
	case before == "a" && h > 1, before == "vers", before == "des", before == "depuis" && h > 7:
		return true
	}
	return h > 8 || h == 8 && before != "de"
}

// lengthWords stand before a length of time.
var lengthWords = french.WordSet("pendant durant duree dure durait tout total soit passe prend pris dura environ")

// minutesLong reads "45 min", "90 minutes", "quarante-cinq minutes", "45'".
func (r *activityReader) minutesLong(i int) (m, n int) {
	v, k := r.p.Count(i)
	if k == 0 || v > longestActivity {
		return 0, 0
	}
	j := i + k
	switch s := r.at(j); {
	case s == "min", s == "mn", s == "mns", s == "mins", s == "minut", s == "m" && r.toks[j].Glued, french.Near(s, "minutes"), french.Near(s, "minute"):
		return v, k + 1
	case s == "′" && r.toks[j].Glued:
		return v, k + 1
	case r.toks[i].Kind == french.Number && french.HasPrefix(r.text[r.toks[i].End:], []string{"'", "’"}):
		return v, k
	}
	return 0, 0
}

// aside reports whether the words around tokens from..to-1 make them a delay, a distance, or what was planned.
func (r *activityReader) aside(from, to int) bool {
	for j := from - 1; j >= 0 && j >= from-3; j-- {
		switch s := r.toks[j].Norm; s {
		case ",", ".", ";", "(", ":", ")":
			j = -1
		case "retard", "attente", "prevu", "prevue", "prevus", "prevues", "forfait", "toutes", "dont", "video", "film", "clip", "pause", "trajet", "route":
			return true
		case "depuis", "dans":
			if j == from-1 {
				return true
			}
		case "lieu":
			if j > 0 && r.toks[j-1].Norm == "au" {
				return true
			}
		case "y":
			if r.at(from-1) == "a" && j == from-2 {
				return true
			}
		}
	}
	j := to
	for r.at(j) == "de" || r.at(j) == "d" || r.at(j) == "en" || r.at(j) == "a" {
		j++
	}
	return r.at(to) == "par" && (r.at(to+1) == "jour" || r.at(to+1) == "semaine" || r.at(to+1) == "mois") || asideWords[r.at(j)]
}

// asideWords follow a length of time that was no work with people.
var asideWords = french.WordSet("retard route trajet attente battement pause pied voiture prevu prevue prevues")

// timesBefore reads "2 x", "2 fois", "4 rdv de" before token i; 0 for nothing.
func (r *activityReader) timesBefore(i int) int {
	j := i - 1
	for j >= 0 && (r.at(j) == "de" || r.at(j) == "d" || r.at(j) == "a" || r.at(j) == "raison" || r.at(j) == "environ") {
		j--
	}
	of := j < i-1
	s := r.at(j)
	switch {
	case s == "vous" && j > 1 && (r.at(j-1) == "rendez" || r.at(j-1) == "-"):
		for j > 0 && r.at(j) != "rendez" {
			j--
		}
	case of && (sessionWords[s] || personWords[s]), s == "x", s == "fois", s == "*", s == "×":
	default:
		return 0
	}
	return r.countEnding(j)
}

// countEnding is the number whose last token stands before token i, adjectives between them passed over; 0 for none.
func (r *activityReader) countEnding(i int) int {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if v, n := r.p.Count(j); n > 0 && r.at(j) != "" && v < 100 {
			return v
		}
		if s := r.at(j); !adjectives[s] && !countedWords[s] {
			return 0
		}
	}
	return 0
}

// timesBehind reads "x 3" behind token i-1.
func (r *activityReader) timesBehind(i int) int {
	if s := r.at(i); s != "x" && s != "*" && s != "×" && s != "fois" {
		return 0
	}
	if v, n := r.p.Count(i + 1); n > 0 && v < 100 && r.at(i+1) != "" {
		return v
	}
	return 0
}

// eachBehind reads "chacun", "par personne", "/pers" behind token i-1.
func (r *activityReader) eachBehind(i int) bool {
	for r.at(i) == "environ" || r.at(i) == "a" || r.at(i) == "pour" || r.at(i) == "en" || r.at(i) == "moyenne" {
		i++
	}
	switch s := r.at(i); {
	case eachWords[s]:
		return true
	case s == "par", s == "/":
		return personWords[r.at(i+1)] || sessionWords[r.at(i+1)] || r.at(i+1) == "tete" || r.at(i+1) == "famille" || r.at(i+1) == "couple" || r.at(i+1) == "dossier"
	case s == "l":
		return r.at(i+1) == "un" || r.at(i+1) == "une"
	}
	return false
}

// eachBefore reads "chacun" and "chaque personne" before token i.
func (r *activityReader) eachBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if eachWords[r.at(j)] {
			return true
		}
		if r.toks[j].Kind == french.Number || r.at(j) == "," {
			return false
		}
	}
	return false
}

var eachWords = french.WordSet("chacun chacune chacuns chacunes chaque chaqun chaqune chaq chq")

// totalAround reports whether tokens from..to-1 are told as a sum.
func (r *activityReader) totalAround(from, to int) bool {
	for j := from - 1; j >= 0 && j >= from-3; j-- {
		switch r.at(j) {
		case "total", "totale", "tout", "soit", "=", "cumule", "cumulee":
			return true
		case ",", "":
			j = -1
		}
	}
	j := to
	for r.at(j) == "au" || r.at(j) == "en" || r.at(j) == "de" || r.at(j) == "(" || r.at(j) == "," {
		j++
	}
	return r.at(j) == "total" || r.at(j) == "totale" || r.at(j) == "tout" && r.at(j-1) == "en"
}
