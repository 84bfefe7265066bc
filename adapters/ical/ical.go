// Package ical reads the calendars that other tools publish as iCalendar feeds (RFC 5545), and writes the bot's own as feeds
// that other tools subscribe to.
//
// Reading is tolerant, because feeds are not written by the book: a line that makes no sense is passed over, text that is not
// UTF-8 is Windows-1252, zones are found by any of the names that Outlook, Google, Zimbra and Nextcloud give them. It is never
// tolerant where a guess would move a permanence: an entry whose zone, dates or rule are not understood is left out, and a
// Problem says in French which, why and how to mend it. A feed that is cut short, is no calendar or is too large is an error,
// and nothing of it is told: else the entries that are missing would look erased.
//
// The content lines are read by a parser of our own. The two libraries that were tried, emersion/go-ical (of 2025-06-09) and
// arran4/golang-ical (v0.3.2), give the whole file up for one malformed line, the first one with a panic when a parameter is
// not followed by a colon; both keep all properties of all components in memory and know no line numbers. Neither maps the
// names of zones, which is most of the work.
//
// Nothing is expanded here: a rule without an end stays one line of text, checked for its syntax.
//
// Where to look: poll and fetch (when, and one request); scan, lines, text, read (the file), when, zones, windows, custom (dates and their zones), rule, entry (what
// the bot is told); serve, write, writezone (the bot's own).
//
// Polling keeps what it told in memory only. A start tells everything again, under the IDs it had, so that the bot, which
// handles an ID once, passes over what it knows. The address of a feed is a secret, since whoever has it reads the calendar: no
// log and no error shows it.
package ical

import (
	"errors"
	"fmt"
	"io"
	"time"

	"passeur/bot"
)

// Limits of one feed. A team's calendar of ten years is below a tenth of either.
const (
	MaxBytes   = 8 << 20 // of a feed, once uncompressed
	MaxEntries = 5000    // that are not past
	maxText    = 300     // characters of a summary or a location
	maxProblem = 100     // problems that are kept of one reading; the last one counts the others
)

// Errors of Parse. Their texts are sentences for people, and say nothing of what the calendar holds.
var (
	ErrTooLarge   = errors.New("le calendrier dépasse 8 Mio : il n'est pas lu. Publiez un agenda plus petit, par exemple sans ses archives")
	ErrTooMany    = errors.New("le calendrier a plus de 5 000 entrées à venir : il n'est pas lu. Publiez un agenda qui ne contient que les permanences et les rendez-vous")
	ErrNoCalendar = errors.New("ce n'est pas un calendrier iCalendar (peut-être une page web) : donnez l'adresse qui finit le plus souvent par .ics")
	ErrCut        = errors.New("le calendrier est coupé avant sa fin (END:VCALENDAR manque) : il n'est pas lu, pour ne rien croire effacé")
)

// Problem is something of a feed that was not understood.
type Problem struct {
	Line int    // of the file, from 1; 0: of no line
	UID  string // of the entry it is about; "" of none
	Text string // a French sentence: which entry, what is wrong, how to mend it. It may name the entry: not for logs
}

// String is the line and the sentence.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("ligne %d : %s", p.Line, p.Text)
}

// Parse reads a feed. zone, which must bear an IANA name (nil is UTC), is that of times that name none, of whole days, and of the instants in
// UTC of entries that do not recur. Entries stand in the order of the file, with Feed left empty.
//
// Those whose last instant lies more than a day before now are left out, recurring ones only once their UNTIL is past. Of several
// versions of one entry the one of the highest SEQUENCE counts, then the one changed last. Errors are ErrTooLarge, ErrTooMany,
// ErrNoCalendar and ErrCut, or wrap what r says; nothing is returned with them.
func Parse(r io.Reader, now time.Time, zone *time.Location) (entries []bot.FeedEntry, problems []Problem, err error) {
	got, err := read(r, now, zone)
	if err != nil {
		return nil, nil, err
	}
	return got.entries, got.problems, nil
}
