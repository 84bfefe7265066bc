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
// falls due on the way is played at its own time, and must be written under its own `@`. All other lines are directives: the table of
// directives.go, which docs/dialogues.md shows.
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
	text   string // what is said, continuations joined by a line break; the words behind a directive's name
	at     time.Time

	directive *directive
}

// kind is what a line is: for what somebody says or gets, the sign with which files write it.
type kind string

const (
	comment      kind = "" // and blank lines
	says         kind = ">"
	saysInThread kind = ">>"
	submits      kind = ">="
	gets         kind = "<"
	seesEdited   kind = "<<"
	opens        kind = "<="
	clock        kind = "@"
	directs      kind = "directive"
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
		} else if goesOn && len(out) > 0 && out[len(out)-1].kind == directs {
			last := &out[len(out)-1]
			last.raw += "\n" + raw
			last.text += rowSign + strings.TrimSpace(text)
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

// rowSign stands between the parts of a directive that goes on below.
const rowSign = " | "

func (k kind) spoken() bool { return k == says || k == saysInThread || k == submits || k.got() }

func (k kind) got() bool { return k == gets || k == seesEdited || k == opens }

func parseLine(raw string, zone *time.Location) (line, error) {
	l := line{raw: raw}
	trimmed := strings.TrimSpace(raw)
	switch {
	case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		return l, nil
	case strings.HasPrefix(trimmed, "@ "):
		return parseClock(l, strings.TrimPrefix(trimmed, "@ "), zone)
	}
	if l.directive, l.text = directiveOf(trimmed); l.directive != nil {
		l.kind = directs
		return l, nil
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
	k := kind(sign)
	if !k.spoken() || !strings.Contains(who, ":") {
		var names []string
		for _, d := range directives {
			names = append(names, d.name)
		}
		return l, fmt.Errorf("je ne comprends pas « %s » : une ligne s'écrit « sms:+33639981234 > oui », « mattermost:@marie < … », ou commence par %s",
			text, strings.Join(names, ", "))
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
	return m.who + " " + string(m.kind) + " " + strings.ReplaceAll(m.text, "\n", "\n  ")
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
