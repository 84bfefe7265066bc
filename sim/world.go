package sim

import (
	"math"
	"math/rand/v2"
	"time"
)

// world is a year of questions and the people who might answer them.
type world struct {
	Assumptions
	seed      uint64
	people    []person
	questions []question
	day       int // working minutes in one
}

// person is a counsellor as she truly is.
type person struct {
	departement, hub int
	able             map[int]float64 // by theme
	leave            map[int]bool    // by week
	permanence       map[int]bool    // by half-day
}

// question is asked at a working minute.
type question struct {
	at, asker, theme int
}

// imagine makes a world; the same seed makes the same one.
func imagine(a Assumptions, seed uint64) *world {
	w := &world{Assumptions: a, seed: seed, day: a.DayHours * 60}
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range a.Counsellors {
		w.people = append(w.people, w.somebody(i, r))
	}
	heavy := make([]float64, a.Themes)
	total := 0.0
	for i := range heavy {
		total += math.Pow(float64(i+1), -a.Zipf)
		heavy[i] = total
	}
	for range a.Questions {
		q := question{at: r.IntN(w.Weeks * 5 * w.day), asker: r.IntN(a.Counsellors)}
		for u := r.Float64() * total; heavy[q.theme] < u; q.theme++ {
		}
		w.questions = append(w.questions, q)
	}
	return w
}

func (w *world) somebody(i int, r *rand.Rand) person {
	p := person{able: map[int]float64{}, leave: map[int]bool{}, permanence: map[int]bool{}}
	p.departement = i * w.Departements / w.Counsellors
	p.hub = p.departement * w.Hubs / w.Departements
	for k, theme := range r.Perm(w.Themes)[:min(w.Themes, w.KnownWell+w.KnownLittle)] {
		p.able[theme] = w.AbleLittle
		if k < w.KnownWell {
			p.able[theme] = w.AbleWell
		}
	}
	for _, week := range r.Perm(w.Weeks)[:min(w.Weeks, w.LeaveWeeks)] {
		p.leave[week] = true
	}
	for half := range w.Weeks * 5 * 2 {
		p.permanence[half] = r.Float64() < w.InPermanence
	}
	return p
}

// drawn is what chance says of one question and one person: the same for each strategy. Each what is another draw.
func (w *world) drawn(q, person int, what string) *rand.Rand {
	salt := uint64(0)
	for _, c := range what {
		salt = salt*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(w.seed^salt<<32, uint64(q)<<20|uint64(person)))
}

// half is the half-day of a minute; end the minute in which it ends.
func (w *world) half(minute int) (half, end int) {
	length := w.day / 2
	return minute / length, (minute/length + 1) * length
}

// busyUntil is when a person is out of the permanence that she is in, that minute itself when she is in none.
func (w *world) busyUntil(person, minute int) int {
	for {
		half, end := w.half(minute)
		if !w.people[person].permanence[half] {
			return minute
		}
		minute = end
		if minute%w.day == 0 {
			return minute // the day is over: she looks before the next one
		}
	}
}

func (w *world) onLeave(person, minute int) bool { return w.people[person].leave[minute/(5*w.day)] }

// looks is when somebody looks at what came at a minute, after a delay: out of a permanence, and not on leave.
func (w *world) looks(person, at int, delay float64) int {
	m := w.busyUntil(person, at+int(delay))
	for w.onLeave(person, m) {
		m = (m/(5*w.day) + 1) * 5 * w.day
	}
	return m
}

// delayed is an exponential delay with a median.
func delayed(median float64, r *rand.Rand) float64 { return r.ExpFloat64() * median / math.Ln2 }

// monday is when the year begins.
var monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// clock is the moment of a working minute.
func (w *world) clock(minute int) time.Time {
	days := minute / w.day
	return monday.AddDate(0, 0, days/5*7+days%5).Add(time.Duration(w.DayFrom)*time.Hour + time.Duration(minute%w.day)*time.Minute)
}
