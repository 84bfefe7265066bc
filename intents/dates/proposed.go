package dates

import (
	"errors"
	"strings"
	"time"

	"passeur/intents/french"
)

// Proposed returns the day and the hour that a message proposes, which may be one without the other: HasDay, HasTime and Part tell.
// Refused days, what lies in the past, days that only date something else ("votre courrier du 3 novembre", "depuis lundi", "jusqu'au 6",
// "ma carte expire le 3/12"), and what is a reason, a habit or the affair of somebody else ("le kiné me lâche à 15h", "le marché c'est le
// samedi") are not meant. When an appointment moves, the new day is the one; of a choice it is the first.
// A counsellor's day off is returned if the text is plainly one: "congés du 21 au 31".
// If it is false, Err may still tell that a day was named which does not exist.
func Proposed(text string, now time.Time) (When, bool) {
	p := parserOf(text, now)
	p.parse()
	w, ok := p.asked()
	if ok || len(p.found) == 0 || !p.counselling() {
		return w, ok
	}
	return p.off()
}

// ProposedByPro returns what a message of a counsellor is about: the day on which he is away, "en congés du 21/12 au 3/01", or what Proposed
// returns, or else the first day that he names, for he speaks of days to have something done: "mairie fermée le 24".
func ProposedByPro(text string, now time.Time) (When, bool) {
	p := parserOf(text, now)
	p.parse()
	if len(p.found) > 0 && p.leaving() {
		if w, ok := p.off(); ok {
			return w, true
		}
	}
	w, ok := p.asked()
	if ok || len(p.found) == 0 || p.unable() {
		return w, ok
	}
	return p.off()
}

// leaving reports whether the text says that its author is away before it names a day.
func (p *Parser) leaving() bool {
	first, _ := p.span(p.found[0])
	for j := range first {
		if leaves[p.norm(j)] {
			return true
		}
	}
	return false
}

// unable reports whether the text only says that somebody cannot come: "je ne peux pas lundi".
func (p *Parser) unable() bool {
	for j, t := range p.toks {
		if strings.HasPrefix(t.Norm, "peu") && negating[p.norm(j+1)] && p.dated(j+2+french.Bit(french.Small[p.norm(j+2)])) {
			return !p.calling()
		}
	}
	return false
}

// off returns the first day of the text, on which a counsellor is away or which he calls off, unless something lasts since then.
func (p *Parser) off() (When, bool) {
	first := p.found[0]
	i := p.before(first)
	lasting := p.norm(i) == "depuis" || sent[p.norm(i)]
	if hours := p.found[1:]; len(hours) == 1 && !hours[0].HasDay && first.Part == "" && joinable(first, hours[0]) { // "ma perm de mercredi, je finis à 11h"
		first = p.settle(join(first, hours[0]))
	}
	return first, !lasting && first.HasDay && first.Err == nil && !first.Day.Before(p.Today)
}

// calling reports whether the text says that its author is away or calls something off.
func (p *Parser) calling() bool {
	for i, t := range p.toks {
		if awayWords[t.Norm] || strings.HasPrefix(t.Norm, "annul") || p.is(i, "pas", "la") {
			return true
		}
	}
	return false
}

// counselling reports whether the text is one of a counsellor who is away or calls something off: "congés du 21 au 31", "je ferme la perm".
func (p *Parser) counselling() bool {
	if i := french.Bit(p.norm(0) == "en"); awayWords[p.norm(i)] {
		return p.norm(i) != "malade" && p.norm(i) != "indisponible"
	}
	held, off := false, p.calling()
	for _, t := range p.toks {
		if leaves[t.Norm] {
			return true
		}
		held = held || t.Norm == "perm" || t.Norm == "permanence" || t.Norm == "permanences"
		off = off || commanded[t.Norm] || t.Norm == "pas"
	}
	return held && off
}

// leaves are the absences of which people who work speak.
var leaves = french.WordSet("conge conges rtt")

// awayWords are how counsellors say that they are not there.
var awayWords = french.WordSet("absent absente absence malade arret conge conges rtt formation indisponible")

// offers are the dates of a text that are proposed, days and mere hours apart.
type offers struct {
	days, hours []When
	topic       When // the day with an hour of something else, on which a mere hour may be proposed
	wrong       When // has Err if a day does not exist
}

func (p *Parser) asked() (When, bool) {
	o := p.offered()
	switch {
	case len(o.days) > 0:
		return p.timed(o.days, p.meant(o.days), o.hours), true
	case len(o.hours) > 0:
		hour := p.partOf(o.hours[p.meant(o.hours)], o.hours)
		hour.Day, hour.HasDay = o.topic.Day, o.topic.HasDay // "la mer monte à 13h mardi, je peux à 14h30"
		return hour, true
	}
	return o.wrong, false
}

// offered sorts the dates that are not refused.
func (p *Parser) offered() (o offers) {
	suiting := p.suiting()
	if p.choosing(suiting) {
		return o
	}
	told := -2 // the last one that is not proposed
	for k, w := range suiting {
		aside := p.aside(w)
		switch {
		case errors.Is(w.Err, ErrNoSuchDate):
			o.wrong.Err = w.Err
		case aside, p.told(w), told == k-1 && p.more(suiting[told], w):
			told = k
			first, _ := p.span(w)
			if w.HasDay && (w.HasTime || !aside && p.opens(first)) && (!aside || w.Day.After(p.Today)) {
				o.topic = w
			}
		case w.HasDay:
			o.days = append(o.days, w)
		default:
			o.hours = append(o.hours, w)
		}
	}
	return o
}

// more reports whether a date is only added to the one before: "à 6h45 et à 20h45", "prélevé le 5 et encore le 6".
func (p *Parser) more(before, w When) bool {
	_, end := p.span(before)
	first, behind := p.span(w)
	i := first - 1
	for ; i > end && (french.Small[p.norm(i)] || p.norm(i) == "encore" || p.norm(i) == "aussi"); i-- {
	}
	_, hi := p.clause(first, behind)
	span := p.norm(end) == "au" && !p.moves() // "du 21/12 au 3/01"
	return (span || p.norm(i) == "et" || p.norm(i) == "jusqu") && !p.proposing(behind, hi)
}

// timed gives the k-th day, if it has no hour, the one of the days it is a choice of, as in "mardi ou jeudi à 14h", or one that
// stands apart.
func (p *Parser) timed(days []When, k int, hours []When) When {
	day := days[k]
	for ; k+1 < len(days) && !day.HasTime && day.Part == "" && p.choice(days[k], days[k+1]); k++ {
		next := days[k+1]
		day.Hour, day.Minute, day.HasTime, day.Part = next.Hour, next.Minute, next.HasTime, next.Part
	}
	if day.HasTime {
		for _, h := range hours {
			if h.HasTime && h.Start > day.End && p.corrects(day, h) {
				day.Hour, day.Minute = h.Hour, h.Minute
			}
		}
		return day
	}
	if len(hours) == 0 {
		return repeated(days, day)
	}
	apart := p.partOf(hours[p.meant(hours)], hours)
	if day.Part != "" && !apart.HasTime {
		return day
	}
	return p.settle(join(day, apart))
}

// repeated gives a day without an hour the one with which it was named before: "lundi 14h ou mardi 10h ? Mardi".
func repeated(days []When, day When) When {
	for _, d := range days {
		if day.Part == "" && d.HasTime && d.Start < day.Start && d.Day.Equal(day.Day) {
			day.Hour, day.Minute, day.HasTime = d.Hour, d.Minute, true
		}
	}
	return day
}

// corrects reports whether an hour named behind a day with an hour takes its place: "rdv mardi 14h, plutôt 15h".
func (p *Parser) corrects(day, hour When) bool {
	_, from := p.span(day)
	to, end := p.span(hour)
	for j, t := range p.toks[from:to] {
		if correcting[t.Norm] || p.is(from+j, "chez", "vous") {
			return true
		}
	}
	return p.Phrase(end, []string{"a", "la", "place"}) > 0
}

// correcting words take back what was said before.
var correcting = french.WordSet("plutot finalement non mieux prefere prefererais pardon enfin")

// partOf gives an hour the part of the day said apart from it.
func (p *Parser) partOf(hour When, hours []When) When {
	for _, h := range hours {
		if joinable(hour, h) && hour.HasTime != h.HasTime {
			return p.settle(join(hour, h))
		}
	}
	return hour
}

// meant returns which of several dates is the one: the first of a choice, and otherwise the last, for people correct themselves. One
// that says when the appointment was is only meant if there is no other.
func (p *Parser) meant(ws []When) int {
	best, begin := 0, 0 // begin: of the choice that the last one looked at is a part of
	for k := 1; k < len(ws); k++ {
		if !p.choice(ws[k-1], ws[k]) {
			begin = k
		}
		was, is := p.standing(ws[best]), p.standing(ws[k]) || p.again(ws[:k], ws[k])
		if !is && (was || begin == k || best < begin || p.specifies(ws[best], ws[k])) {
			best = k
		}
	}
	return best
}

// specifies reports whether a date tells which one of the weekdays is meant that was named before: "lundi, lundi 14".
func (p *Parser) specifies(before, w When) bool {
	from, to := p.span(before)
	first, end := p.span(w)
	return to-from == 1 && end-first > 1 && isWeekday(p.norm(from)) && p.norm(from) == p.norm(first) && p.Digits(first+1, 2)
}

// choice reports whether two dates are named one beside the other: "mardi ou jeudi", "le 2, le 3".
func (p *Parser) choice(a, b When) bool {
	_, from := p.span(a)
	to, end := p.span(b)
	all := p.norm(end) != "plutot" && !p.better(a, from, to, end) // "mardi j'ai école, mercredi plutôt"
	for i := from; i < to; i++ {
		switch s := p.norm(i); s {
		case "ou":
			if !whereBefore[p.norm(i-1)] {
				return true
			}
			all = false
		case "sinon", "soit":
			return true
		case "au", "a":
			all = all && !p.moves()
		default:
			all = all && (french.Small[s] || s == "," || s == "/" || s == "jusqu" || s == "voire" || s == "puis")
		}
	}
	return all
}

// whereBefore are the words behind which "ou" is a "où": "le jour où je travaille".
var whereBefore = french.WordSet("jour jours heure moment semaine cas periode")

// better reports whether only a comma stands between a date that is told of, from one token to the other, and one that ends before token end
// and is said to suit: "je sors de l'hôpital le 3, le 7 c'est bon".
func (p *Parser) better(told When, from, to, end int) bool {
	first, _ := p.span(told)
	lo, hi := p.clause(end, end)
	begin, _ := p.clause(first, from)
	return p.norm(from) == "," && begin < first-2 && !p.proposing(begin, first) && p.welcome(end, hi) && lo >= to
}

// moves reports whether the text speaks of moving an appointment, so that "de jeudi à vendredi" is no span.
func (p *Parser) moves() bool {
	for _, t := range p.toks {
		if french.HasPrefix(t.Norm, movingVerbs) {
			return true
		}
	}
	return p.norm(0) == "passer"
}

// movingVerbs begin the verbs by which an appointment is moved.
var movingVerbs = []string{"pouss", "remet", "boug", "bascul", "transfer", "decal", "deplac", "report", "repouss", "avanc", "chang", "modif", "mettre"}

// again reports whether a date names once more the day that an appointment is moved from.
func (p *Parser) again(before []When, w When) bool {
	for _, b := range before {
		if w.HasDay && !w.HasTime && w.Part == "" && b.Day.Equal(w.Day) && p.standing(b) {
			return true
		}
	}
	return false
}

// standing reports whether a date tells when the appointment is so far, or what it comes after: "mon rdv de jeudi",
// "prévu mardi", "après Noël".
func (p *Parser) standing(w When) bool {
	i := p.before(w)
	first, end := p.span(w)
	if p.norm(end) == "au" && !p.moves() { // "mes rdv du 1er au 15"
		return false
	}
	lo, _ := p.clause(first, end)
	if lo > 0 && conditions[p.norm(lo-1)] || w.HasDay && !w.HasTime && !p.proposing(lo, first) && p.foreign(lo, first) {
		return true
	}
	if (p.norm(first) == "du" || p.norm(first-1) == "du" || p.norm(first-1) == "de") && p.norm(end) == "au" && p.moves() {
		return true
	}
	switch s := p.norm(i); s {
	case "rdv", "vous", "rendezvous", "prevu", "prevue", "initial", "celui", "permanence", "atelier", "apres", "avant":
		return s != "rdv" && s != "vous" || p.norm(i+1) == "de" || p.norm(i+1) == "du" || p.norm(i+1) == "d"
	}
	return false
}
