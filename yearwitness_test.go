package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"passeur/bot"
)

// witness is both networks of a year: it holds each message, at the moment it is handed over, against what the year knows of what was
// agreed with people.
type witness struct {
	y       *year
	replies map[bot.Address][]string // to professionals and usagers, since they were last asked for
	expect  map[bot.Address]expected
	reply   string         // that an act was accepted with
	said    map[string]int // how often one thing was said to one person
	twice   []string
	after   []string
	sms     int
}

// expected is what a reply stands for: an act is accepted at the moment its reply is handed over, before any SMS that follows from it.
type expected struct {
	parts string // any of them, separated by |
	then  func()
}

func newWitness(y *year) *witness {
	return &witness{y: y, replies: map[bot.Address][]string{}, expect: map[bot.Address]expected{}, said: map[string]int{}}
}

// Send implements bot.Sender.
func (w *witness) Send(_ context.Context, to bot.Address, m bot.Rendered) (string, error) {
	w.replies[to] = append(w.replies[to], m.Text)
	if e, ok := w.expect[to]; ok && slices.ContainsFunc(strings.Split(e.parts, "|"), func(part string) bool { return strings.Contains(m.Text, part) }) {
		delete(w.expect, to)
		w.reply = m.Text
		e.then()
	}
	if to.Network() == "sms" {
		w.sms++
		w.stopped(to, m)
	}
	switch {
	case reminderKey.MatchString(m.Key):
		w.reminder(to, m, reminderKey.FindStringSubmatch(m.Key))
	case endKey.MatchString(m.Key):
		w.question(m, endKey.FindStringSubmatch(m.Key)[1])
	case sessionKey.MatchString(m.Key):
		w.session(to, m, sessionKey.FindStringSubmatch(m.Key))
	case changeKey.MatchString(m.Key) && to.Network() == "sms":
		w.change(to, m, changeKey.FindStringSubmatch(m.Key)[1])
	}
	return m.Key, nil
}

// The keys of what leaves unasked: they name what it is about, which the texts do not.
var (
	reminderKey = regexp.MustCompile(`^rdv/([^/]+)/rdv/[^/]+/v\d+/(j-\d+|matin)$`)
	endKey      = regexp.MustCompile(`^rdv/([^/]+)/(?:v\d+/fin/1|absence/sms)$`)
	sessionKey  = regexp.MustCompile(`^permanence/([^/]+)/(\d{4}-\d\d-\d\d)/permanence\.([a-z]+)/(\d+)/[^/]+$`)
	changeKey   = regexp.MustCompile(`^rdv/([^/]+)/[^/]`)
)

func (w *witness) note(into *[]string, format string, args ...any) {
	*into = append(*into, fmt.Sprintf("%s: ", w.y.now.In(w.y.zone).Format("2006-01-02 15:04"))+fmt.Sprintf(format, args...))
}

// once counts a thing that may be said so many times.
func (w *witness) once(most int, key, text string) {
	if w.said[key]++; w.said[key] > most {
		w.note(&w.twice, "%s, %d times for %d: %s", key, w.said[key], most, text)
	}
}

// stopped: after STOP nothing leaves but what answers STOP and START.
func (w *witness) stopped(to bot.Address, m bot.Rendered) {
	if w.y.stopped[to] && !strings.HasPrefix(m.Text, "C'est fait : vous ") {
		w.note(&w.after, "after STOP of %s: %s", to, m.Text)
	}
}

// reminder: of an appointment that stands, at its hour, once for each of its hours.
func (w *witness) reminder(to bot.Address, m bot.Rendered, key []string) {
	a := w.y.rdvs[key[1]]
	switch {
	case a == nil:
		w.note(&w.after, "of an appointment that nobody made: %s", m.Text)
		return
	case a.cancelled:
		w.note(&w.after, "reminder of a cancelled appointment %s: %s", a, m.Text)
	case !strings.Contains(m.Text, readMoment(a.at)):
		w.note(&w.after, "reminder of an hour that %s has no more: %s", a, m.Text)
	case !a.byHand && w.y.calledOff(a.owner, a.town, a.at):
		w.note(&w.after, "reminder of %s in a session that was cancelled: %s", a, m.Text)
	}
	w.once(1, fmt.Sprintf("%s %s %s %s", to, key[1], a.at.Format(time.RFC3339), key[2]), m.Text)
}

// question: did she come? Of an appointment that stands, once for each of its hours; and another date after an absence, once.
func (w *witness) question(m bot.Rendered, id string) {
	a := w.y.rdvs[id]
	if a == nil || a.cancelled {
		w.note(&w.after, "question about the cancelled appointment %s: %s", a, m.Text)
		return
	}
	w.once(1, fmt.Sprintf("%s %s %s", m.Key, id, a.at.Format(time.RFC3339)), m.Text)
}

// session: the eve of one that is held, once; that it is cancelled, moved or brought back, as often as that was agreed.
func (w *witness) session(to bot.Address, m bot.Rendered, key []string) {
	at := sitting{key[1], key[2]}
	most, what := w.y.changes[at][key[3]], key[3]
	if key[3] == "veille" {
		most, what = 1, m.Text // with its hours
		if w.y.off[at] != nil {
			w.note(&w.after, "eve of the session %v that is cancelled or moved: %s", at, m.Text)
		}
		if strings.Contains(m.Text, " demain ") != (key[2] == dayKey(w.y.now.In(w.y.zone).AddDate(0, 0, 1))) {
			w.y.t.Errorf("%s: the eve of %v says %s", w.y.now, at, m.Text)
		}
	}
	if key[3] == "deplacee" && w.y.toldMove[at][to] {
		w.note(&w.twice, "%s was told of the appointment and of its session: %s", to, m.Text)
	}
	w.once(most, fmt.Sprintf("%s %v %s", to, at, what), m.Text)
}

// change: that an appointment is cancelled, moved or brought back, as often as that was agreed.
func (w *witness) change(to bot.Address, m bot.Rendered, id string) {
	a := w.y.rdvs[id]
	for word, sign := range map[string]string{"cancel": "est annulé.", "move": "déplacé", "restore": "attend bien"} {
		if a != nil && strings.Contains(m.Text, sign) {
			w.once(a.told[word], fmt.Sprintf("%s %s %s", to, id, word), m.Text)
		}
	}
}

// readMoment is how messages name them: "vendredi 4 décembre à 10h30".
func readMoment(at time.Time) string {
	return fmt.Sprintf("%s %s à %s", frenchDays[at.Weekday()], dayOf(at), hourOf(at))
}

func hourOf(at time.Time) string {
	if at.Minute() == 0 {
		return fmt.Sprintf("%dh", at.Hour())
	}
	return fmt.Sprintf("%dh%02d", at.Hour(), at.Minute())
}

var frenchMonths = []string{"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}

var frenchDays = []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}

func dayOf(at time.Time) string {
	day := fmt.Sprint(at.Day())
	if at.Day() == 1 {
		day = "1er"
	}
	return day + " " + frenchMonths[at.Month()]
}
