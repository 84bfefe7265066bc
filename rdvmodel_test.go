package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// What RDV Service Public may tell of one appointment, and what it means, said without a line of the bot.

// story is what became of one appointment, in the order in which the service wrote it.
type story struct {
	id    int
	words []*word
	ends  *word // that was found to hold
}

// word is one call.
type word struct {
	story         int
	event, reason string
	at            time.Time // when it was written, in whole seconds
	status        string    // of the whole
	start         time.Time
	town          int
	people        []taker
	stranger      bool // it is with a counsellor whom the bot does not know
}

// taker is a participant.
type taker struct {
	id            int
	first, last   string
	phone, status string
	silent        bool
}

func (p taker) short() string { return p.first + " " + p.last[:1] + "." }

// town is where an appointment can be.
type town struct{ where, address, place string }

var towns = []town{
	{"médiathèque de Coutances", "1 rue de l'Exemple, Coutances, 50200", "50/50147"},
	{"mairie de Périers", "1 place de l'Exemple, Périers, 50190", "50/50394"},
	{"mairie de Lessay", "2 place de l'Exemple, 50430 Lessay", "50/50267"},
}

var (
	statuses      = []string{"unknown", "seen", "excused", "revoked", "noshow"}
	rdvFirstNames = []string{"Camille", "Jeanne", "Paul", "Zoé", "Karim", "Ana"}
	rdvLastNames  = []string{"FACTICE", "EXEMPLE", "MODELE"}
)

// tell makes up a story.
func tell(r *rand.Rand, id int) *story {
	s := &story{id: id}
	w := &word{story: id, event: "created", status: "unknown", at: time.Date(2026, 11, 20, 8, 0, r.IntN(3600), 0, time.UTC)}
	w.start, w.town = someHour(r), r.IntN(len(towns))
	for range 1 + r.IntN(3) {
		w.people = append(w.people, newTaker(r, s))
		s.words = append(s.words[:0], w) // so that the next is another
	}
	for range r.IntN(7) {
		next := s.last().then(r)
		next.change(r, s)
		s.words = append(s.words, next)
	}
	if r.IntN(4) == 0 {
		gone := s.last().then(r)
		if gone.event = "destroyed"; r.IntN(3) == 0 {
			gone.reason = "rgpd"
		}
		s.words = append(s.words, gone)
	}
	return s
}

func (s *story) last() *word { return s.words[len(s.words)-1] }

// then is the next word with nothing changed yet: one in six is written in the same second.
func (w *word) then(r *rand.Rand) *word {
	next := *w
	next.people = slices.Clone(w.people)
	if r.IntN(6) > 0 {
		next.at = w.at.Add(time.Duration(1+r.IntN(7200)) * time.Second)
	}
	next.event = "updated"
	return &next
}

// change makes one thing another: or nothing, when the endpoint is subscribed again and the service tells all its records as created.
func (w *word) change(r *rand.Rand, s *story) {
	one := r.IntN(len(w.people))
	switch r.IntN(10) {
	case 0:
		w.event = "created"
	case 1, 2:
		w.start = someHour(r)
	case 3:
		w.town = r.IntN(len(towns))
	case 4:
		w.status = statuses[r.IntN(len(statuses))]
	case 5:
		w.people[one].status = statuses[r.IntN(len(statuses))]
	case 6:
		w.people[one].silent = !w.people[one].silent
	case 7:
		if len(w.people) > 1 {
			w.people = slices.Delete(w.people, one, one+1)
		}
	case 8:
		s.join(r, w)
	case 9:
		w.stranger = !w.stranger
	}
}

// join has somebody take part: who left before, or somebody new.
func (s *story) join(r *rand.Rand, w *word) {
	if len(w.people) == 3 {
		w.people[0].phone = number50(s.id, 3)
		return
	}
	for _, before := range s.words {
		for _, p := range before.people {
			if _, there := w.who(p.id); !there {
				w.people = append(w.people, p)
				return
			}
		}
	}
	w.people = append(w.people, newTaker(r, s))
}

// number50 is the n-th number of a story.
func number50(story, n int) string { return fmt.Sprintf("+336399%05d", 80000+story*4+n) }

func newTaker(r *rand.Rand, s *story) taker {
	n := len(s.everybody())
	return taker{id: 100_000 + s.id*10 + n, first: rdvFirstNames[r.IntN(len(rdvFirstNames))], last: rdvLastNames[r.IntN(len(rdvLastNames))],
		phone: number50(s.id, n), status: "unknown", silent: r.IntN(6) == 0}
}

// someHour is an hour from Tuesday to Friday, a week and more after the calls.
func someHour(r *rand.Rand) time.Time {
	return time.Date(2026, 12, 8+7*r.IntN(2)+r.IntN(4), 8+r.IntN(8), 15*r.IntN(4), 0, 0, time.UTC)
}

// everybody are the participants of all words.
func (s *story) everybody() (ids []int) {
	for _, w := range s.words {
		for _, p := range w.people {
			if !slices.Contains(ids, p.id) {
				ids = append(ids, p.id)
			}
		}
	}
	return ids
}

func (w *word) who(id int) (taker, bool) {
	for _, p := range w.people {
		if p.id == id {
			return p, true
		}
	}
	return taker{}, false
}

// newest are the words that may hold in the end: the one written last. Of those written in the same second nobody knows which came last;
// what they mean decides, as far as it does: erasing comes after changing, and that after making, since nothing is changed before it is
// made; a final state of the whole counts more than none, since most appointments get one and few lose it. Among those that are left any
// may hold, but as a whole, and the same in whatever order they came. What is erased because its retention ended says nothing of what it was.
func newest(words []*word) (last []*word) {
	rank := map[string]int{"created": 1, "updated": 2, "destroyed": 3}
	final := func(w *word) int { return min(len(strings.TrimPrefix(w.status, "unknown")), 1) }
	later := func(a, b *word) int {
		return slices.Compare([]int{int(a.at.Unix()), rank[a.event], final(a)}, []int{int(b.at.Unix()), rank[b.event], final(b)})
	}
	for _, w := range words {
		switch {
		case w.reason == "rgpd":
		case len(last) == 0 || later(w, last[0]) > 0:
			last = []*word{w}
		case later(w, last[0]) == 0:
			last = append(last, w)
		}
	}
	return last
}

// gone tells that the bot has nothing to do with the appointment any more.
func (w *word) gone() bool { return w.event == "destroyed" || w.stranger }

// stateOf is what a word says of a participant, in our words; "" when she takes no part.
func (w *word) stateOf(id int) string {
	p, ok := w.who(id)
	if !ok {
		return ""
	}
	status := p.status
	if status == "unknown" {
		status = w.status
	}
	switch {
	case status == "seen" || status == "noshow":
		return status
	case status == "excused" || status == "revoked" || w.gone():
		return "cancelled"
	}
	return "silent"
}

// due counts the reminders of everybody by number: four days and one day before, and on the morning of later hours.
func (s *story) due() map[string]int {
	out := map[string]int{}
	for _, w := range s.words {
		for _, p := range w.people {
			out[p.phone] += 0
		}
	}
	for _, p := range s.ends.people {
		if p.silent || s.ends.stateOf(p.id) != "silent" {
			continue
		}
		out[p.phone] = 2
		if s.ends.start.Hour()*60+s.ends.start.Minute() >= 9*60+30 { // 10:30 in Paris
			out[p.phone] = 3
		}
	}
	return out
}

// outsideRdv is our name for a participation.
func outsideRdv(story, participation int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "rsp\x00%d\x00%d", story+1, participation))
	return "x" + hex.EncodeToString(sum[:6])
}

// body is the call as the service makes it: the same bytes whenever it is repeated.
func (w *word) body() []byte {
	stamp := func(t time.Time) string { return t.In(time.FixedZone("", 3600)).Format("2006-01-02 15:04:05 -0700") }
	type object = map[string]any
	parts := []object{}
	for _, p := range w.people {
		parts = append(parts, object{"id": p.id, "status": p.status, "send_reminder_notification": !p.silent,
			"user": object{"id": p.id, "first_name": p.first, "last_name": p.last, "phone_number_formatted": p.phone, "notify_by_sms": true, "birth_date": "1950-01-01"}})
	}
	place, first := towns[w.town], "Marie"
	if w.stranger {
		first = "Inès"
	}
	var reason any
	if w.reason != "" {
		reason = w.reason
	}
	raw, err := json.Marshal(object{
		"data": object{"id": w.story + 1, "status": w.status, "starts_at": stamp(w.start), "ends_at": stamp(w.start.Add(time.Hour)), "address": place.where + " (" + place.address + ")",
			"organisation": object{"id": 7}, "motif": object{"location_type": "public_office"}, "lieu": object{"name": place.where, "address": place.address},
			"agents": []object{{"first_name": first, "last_name": "LECOMTE"}}, "participations": parts},
		"meta": object{"model": "Rdv", "event": w.event, "webhook_reason": reason, "timestamp": stamp(w.at)},
	})
	if err != nil {
		panic(err)
	}
	return raw
}

// String is the story as it is read when something is wrong with it.
func (s *story) String() string {
	var out strings.Builder
	for _, w := range s.words {
		fmt.Fprintf(&out, "  %s %s %s %s %v %s %s", w.at.Format("15:04:05"), w.event, w.reason, w.status, w.stranger, w.start.Format("01-02T15:04"), towns[w.town].place)
		for _, p := range w.people {
			fmt.Fprintf(&out, " | %d %s %s %v", p.id, p.phone, p.status, p.silent)
		}
		out.WriteByte('\n')
	}
	return out.String()
}
