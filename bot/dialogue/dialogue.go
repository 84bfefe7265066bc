// Package dialogue reads and plays the text files in which the bot's behaviour is written: what people say, what they
// get back, and when. A coordinator can read, correct or write one; `go test` and `passeur play` play them against the
// real bot, its real store and a clock that jumps.
//
//	# Jeanne vient
//	heureux
//	conseiller @marie Marie Lecomte
//	@ 2026-11-25 10:00
//	mattermost:@marie > rdv 06 39 98 12 34 Jeanne vendredi 4 décembre 10h mairie de Coutances
//	mattermost:@marie < Rendez-vous avec **Jeanne** …
//	@ 2026-12-03 18:00
//	sms:+33639981234 < Bonjour Jeanne, …
//	sms:+33639981234 > oui
//
// `>` is what a person writes, `>>` the same in the thread of the last post she got, `>> (Jeanne) oui` in that of the last one that
// holds these words, `> [Oui]` a button that she presses, the
// last one of that name; `<` is what she gets, its buttons below it as `[Oui] [Non]`, with `↳` when it stands in the thread of a
// person; `> /passeur mots` is the command, from any channel; `<<` is what becomes of an older post. `<=` is a form that opens, or what it says is wrong, and `>=` the form as she sends
// it, one field a line: `Prénom : Jeanne`. A line that begins with two spaces goes on. `…` in an expected line stands for any text. `@ date hour` moves the clock; whatever
// falls due on the way is played at its own time, and must be written under its own `@`. The other lines:
//
//	heureux | malheureux              what kind of dialogue this is
//	conseiller @marie Marie Lecomte   a professional of the Mattermost server
//	sans-rôle @zoe Zoé Petit          somebody of that server who may nothing
//	membre @marie coordinateur 50 14  the server says that she is one from now on, and where (conseiller or coordinateur)
//	plus membre @marie                it says that she left
//	langue @john en                   in what language somebody reads Mattermost, from now on
//	accueil ~accueil                  the room that hears what has no counsellor
//	territoires 50 974                the départements served (50 unless said)
//	lieu 50147 Médiathèque            a place with a name of its own, and its commune
//	panne sms | sms rétabli           a network takes nothing, takes everything again
//	refus sms [mot] | incertain sms   it refuses every message, for that reason; it takes them and never answers
//	muet sms                          answers cannot come back on it
//	boutons mattermost                it shows buttons
//	formulaires mattermost            it shows buttons and opens forms
//	reçu sms | non reçu sms           it says that the last message arrived, or did not
//	solde ovhcloud 40 SMS             what is left at a provider, below which it is told
//	externe 90210 created 2026-12-01T09:00 2026-12-04T10:00 unknown Marie Lecomte | 777 Jeanne Dupont +33639981234 unknown | mairie de Coutances, 50200 Coutances
//	                                  another tool tells of an appointment: its id, event, when it was written, its hour, its state, the
//	                                  counsellor; participants; the place
//	annuaire 50025 EPN d'Avranches | Maîtrise des outils numériques du quotidien | EPN | mercredi 14h-18h | +33261910003
//	                                  a place of the national directory: commune, name, services, types and programmes, hours, telephone
//	agenda de Marie Lecomte           the calendar "agenda" is hers
//	agenda u1 2026-12-08T14:00 2026-12-08T17:00 FREQ=WEEKLY;BYDAY=TU Permanence | mairie de Périers
//	                                  an entry of it: UID, beginning, end, rule ("-": none; "exception 2026-12-15T14:00"; "supprimé"), title; place
//	agenda contient u1 u2             it was read whole
//	opposition sms:+33639981234       the provider says that this number told it to stop
//	redémarrage                       the bot stops and starts again on the same file
//	rien                              nothing was sent since the line before
//
// Every line that a person writes is delivered twice, because networks repeat themselves: the second must change nothing.
package dialogue

import (
	"fmt"
	"strings"
	"time"
)

// line is one line of a file, its continuations included.
type line struct {
	number int // of its first line, from 1
	raw    string
	kind   kind
	who    string // "sms:+33639981234", "mattermost:@marie"
	text   string // what is said, continuations joined by a line break; the argument of a directive
	at     time.Time
}

type kind int

const (
	comment kind = iota // and blank lines
	says
	saysInThread
	submits
	gets
	seesEdited
	opens
	clock
	directive
)

// parse reads a file; times are in zone. The error names the line and how to write it.
func parse(src string, zone *time.Location) ([]line, error) {
	var out []line
	for i, raw := range strings.Split(strings.TrimSuffix(src, "\n"), "\n") {
		if text, goesOn := strings.CutPrefix(raw, "  "); goesOn && len(out) > 0 && out[len(out)-1].kind.spoken() {
			last := &out[len(out)-1]
			last.raw += "\n" + raw
			last.text += "\n" + text
			continue
		}
		l, err := parseLine(raw, zone)
		if err != nil {
			return nil, fmt.Errorf("ligne %d : %w", i+1, err)
		}
		l.number = i + 1
		out = append(out, l)
	}
	return out, nil
}

func (k kind) spoken() bool { return k == says || k == saysInThread || k == submits || k.got() }

func (k kind) got() bool { return k == gets || k == seesEdited || k == opens }

// signs are how files write the kinds of spoken lines.
var signs = map[string]kind{">": says, ">>": saysInThread, ">=": submits, "<": gets, "<<": seesEdited, "<=": opens}

var directives = []string{"heureux", "malheureux", "conseiller", "sans-rôle", "membre", "plus membre", "langue", "accueil", "territoires", "lieu", "annuaire", "panne", "refus",
	"incertain", "muet", "boutons", "formulaires", "reçu", "non reçu", "sms rétabli", "mattermost rétabli", "solde", "opposition", "externe", "agenda de", "agenda", "sans adresse", "redémarrage", "rien"}

func parseLine(raw string, zone *time.Location) (line, error) {
	l := line{raw: raw}
	trimmed := strings.TrimSpace(raw)
	switch {
	case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		return l, nil
	case strings.HasPrefix(trimmed, "@ "):
		return parseClock(l, strings.TrimPrefix(trimmed, "@ "), zone)
	}
	for _, d := range directives {
		if rest, ok := strings.CutPrefix(trimmed, d); ok && (rest == "" || rest[0] == ' ') {
			l.kind, l.who, l.text = directive, d, strings.TrimSpace(rest)
			return l, nil
		}
	}
	return parseSpoken(l, trimmed)
}

func parseClock(l line, text string, zone *time.Location) (line, error) {
	l.kind = clock
	for _, layout := range []string{minutes, seconds, millis} {
		at, err := time.ParseInLocation(layout, text, zone)
		if err == nil && at.Equal(at.Truncate(time.Millisecond)) {
			l.at = at
			return l, nil
		}
	}
	return l, fmt.Errorf("l'heure s'écrit « @ 2026-12-03 18:00 », pas « %s »", text)
}

const (
	minutes = "2006-01-02 15:04"
	seconds = "2006-01-02 15:04:05"
	millis  = "2006-01-02 15:04:05.000"
)

func parseSpoken(l line, text string) (line, error) {
	who, rest, _ := strings.Cut(text, " ")
	sign, said, _ := strings.Cut(rest, " ")
	k, ok := signs[sign]
	if !ok || !strings.Contains(who, ":") {
		return l, fmt.Errorf("je ne comprends pas « %s » : une ligne s'écrit « sms:+33639981234 > oui », « mattermost:@marie < … », ou commence par %s",
			text, strings.Join(directives, ", "))
	}
	l.kind, l.who, l.text = k, who, said
	return l, nil
}

// writeClock writes a moment as files do.
func writeClock(at time.Time) string {
	switch {
	case at.Nanosecond() != 0:
		return "@ " + at.Format(millis)
	case at.Second() != 0:
		return "@ " + at.Format(seconds)
	}
	return "@ " + at.Format(minutes)
}

// writeGets writes what somebody gets, continued lines indented.
func writeGets(m message) string {
	sign := map[kind]string{gets: " < ", seesEdited: " << ", opens: " <= "}[m.kind]
	return m.who + sign + strings.ReplaceAll(m.text, "\n", "\n  ")
}

// matches tells whether an actual text fits an expected one, where … stands for any text.
func matches(expected, actual string) bool {
	pieces := strings.Split(expected, "…")
	if len(pieces) == 1 {
		return expected == actual
	}
	rest, ok := strings.CutPrefix(actual, pieces[0])
	if !ok {
		return false
	}
	for _, piece := range pieces[1 : len(pieces)-1] {
		_, after, found := strings.Cut(rest, piece)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, pieces[len(pieces)-1])
}
