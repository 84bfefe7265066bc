package intents

import (
	"time"

	"passeur/intents/dates"
	"passeur/intents/french"
)

// readDay finds the day on which the activity took place: the first one in the past that is not announced as the next appointment.
func (r *activityReader) readDay() {
	for i := 0; i < len(r.toks); {
		day, n := r.pastDayAt(i)
		if n == 0 {
			i++
			continue
		}
		if r.Date.IsZero() && !day.After(r.p.Today) && !r.announcedDay(i) {
			r.Date = day
		}
		r.take(i, i+n)
		i += n
	}
}

// pastDayAt reads a day at token i, and how many tokens it takes; 0 for none.
func (r *activityReader) pastDayAt(i int) (time.Time, int) {
	if r.toks[i].Kind == french.Sign {
		return time.Time{}, 0
	}
	for _, w := range todayWords {
		if n := r.p.Phrase(i, w); n > 0 && r.at(i+n) != "-" {
			return r.p.Today, n
		}
	}
	if r.follow(i, "il", "y", "a") || r.follow(i, "y", "a") {
		from := i + 2 + french.Bit(r.at(i) == "il")
		if v, n := r.p.Count(from); n > 0 && v < 60 {
			switch r.at(from + n) {
			case "jour", "jours", "j":
				return dates.Midnight(r.p.Today, -dates.DaysMeant(v)), from + n + 1 - i
			case "semaine", "semaines":
				return dates.Midnight(r.p.Today, -7*v), from + n + 1 - i
			}
		}
	}
	found, ok := r.p.At(i)
	if !ok || found.N == 0 || !found.HasDay {
		return time.Time{}, 0
	}
	return found.Day, min(found.N, len(r.toks)-i)
}

// todayWords are the ways to say today that people use of what they have done.
var todayWords = [][]string{{"ce", "jour"}, {"du", "jour"}, {"ce", "mat"}, {"cet", "apm"}, {"cette", "apm"}, {"tout", "a", "l", "heure"}, {"ce", "jour", "meme"}, {"cette", "matinee"},
	{"dans", "la", "matinee"}, {"a", "l", "instant"}, {"cet", "apresmidi"}, {"date", "du", "jour"}, {"aujourd"}, {"aujourdui"}, {"aujoud", "hui"}, {"ojd"}, {"aujoudhui"}}

// announcedDay reports whether the words before token i speak of what is still to come or of something else than the work.
func (r *activityReader) announcedDay(i int) bool {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		switch r.toks[j].Norm {
		case ".", ";":
			return false
		case "prochain", "prochaine", "revient", "revoir", "revoit", "revois", "reviendra", "rappeler", "recontacter", "avant", "depuis", "jusqu", "echeance", "limite", "pour":
			return r.toks[j].Norm != "pour" || j >= i-2 && !notingWords[r.at(j-1)]
		}
	}
	return false
}

// notingWords before "pour lundi" make it the day of the report.
var notingWords = french.WordSet("note noter notez saisir saisie cra activite rapport")
