package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// TestAYear lets a year go by, from September to August: 50 permanences of 6 counsellors, 40 people who asked to be told of them, 300
// appointments, and all that people do with them in their own words. The house is closed and opened 50 times, and words come twice. What
// is counted is seen by the networks alone (witness): the same thing said twice to one person, and what was said of something that had
// been cancelled, or to somebody who had said STOP. One year passes with the other tests; with YEARS=20 twenty do, which takes
// some 150 s of processor time.
func TestAYear(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	twice, after := 0, 0
	t.Run("years", func(t *testing.T) {
		for seed := range size("YEARS", 1) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				w := liveAYear(t, uint64(seed))
				for _, fault := range append(w.twice, w.after...) {
					t.Error(fault)
				}
				mu.Lock()
				defer mu.Unlock()
				twice, after = twice+len(w.twice), after+len(w.after)
			})
		}
	})
	var b bars
	b.add("year_twice", float64(twice))
	b.add("year_after_cancel", float64(after))
	b.print()
}

const (
	counsellorsOfYear = 6
	permsOfYear       = 50
	subscribersOfYear = 40
	usagersOfYear     = 150
	rdvsOfYear        = 300
	actsOfYear        = 700
	restartsOfYear    = 50
)

// year is what was agreed with people, as they themselves would know it.
type year struct {
	t        *testing.T
	r        *rand.Rand
	file     string
	house    *house
	witness  *witness
	zone     *time.Location
	now      time.Time
	next     time.Time // when the scheduler has something to do
	events   int
	perms    map[string]*yearPerm
	rdvs     map[string]*yearRdv
	stopped  map[bot.Address]bool
	off      map[sitting]*absence             // sessions that are not held
	changes  map[sitting]map[string]int       // what was agreed of a session, and how often
	toldMove map[sitting]map[bot.Address]bool // who hears of a session's move by her appointment
	undo     [counsellorsOfYear]func()        // what "rétablir" does
	later    []act
	done     map[string]int
}

// sitting is a session, by its permanence and the day that it was on.
type sitting struct{ perm, day string }

// absence is a session that is not held, and what it took with it.
type absence struct {
	owner      int
	town       string
	start, end time.Time
	took       []*yearRdv
}

// act is something that somebody does at a time.
type act struct {
	at time.Time
	do func()
}

type yearPerm struct {
	id       string
	owner    int
	town     string
	weekday  time.Weekday
	from, to int // hours
}

type yearRdv struct {
	id        string
	usager    int
	owner     int
	town      string
	at        time.Time
	cancelled bool
	byUsager  bool
	byHand    bool // the counsellor chose this hour herself
	told      map[string]int
}

func (a *yearRdv) String() string {
	if a == nil {
		return "nobody's"
	}
	return fmt.Sprintf("%s (usager %d, counsellor %d, %s, %s)", a.id, a.usager, a.owner, a.town, a.at.Format("2006-01-02 15:04"))
}

// liveAYear plays one year.
func liveAYear(t *testing.T, seed uint64) *witness {
	y := &year{t: t, r: rand.New(rand.NewPCG(seed, 2026)), file: filepath.Join(t.TempDir(), "p.db"), perms: map[string]*yearPerm{}, rdvs: map[string]*yearRdv{},
		stopped: map[bot.Address]bool{}, off: map[sitting]*absence{}, changes: map[sitting]map[string]int{}, toldMove: map[sitting]map[bot.Address]bool{}, done: map[string]int{}}
	y.witness = newWitness(y)
	y.open()
	y.zone = y.house.bot.Zone("")
	first, last := time.Date(2026, 9, 1, 9, 0, 0, 0, y.zone), time.Date(2027, 8, 31, 23, 0, 0, 0, y.zone)
	y.now = first
	for i := range permsOfYear {
		y.declare(i)
	}
	for i := range subscribersOfYear {
		y.plan(first.Add(time.Duration(i)*90*time.Minute), func() { y.ask(i, "RAPPEL "+yearTowns[y.r.IntN(len(yearTowns))]) })
	}
	y.scatter(first.AddDate(0, 0, 3), last.AddDate(0, 0, -10))
	for len(y.later) > 0 {
		one := y.later[0]
		y.later = y.later[1:]
		y.walk(one.at)
		one.do()
	}
	y.walk(last)
	y.compare()
	t.Logf("year %d: %v, %d SMS, twice %d, after %d", seed, y.done, y.witness.sms, len(y.witness.twice), len(y.witness.after))
	if err := y.house.store.Close(); err != nil {
		t.Fatal(err)
	}
	return y.witness
}

// scatter plans what happens over the year.
func (y *year) scatter(first, last time.Time) {
	span := int(last.Sub(first).Minutes())
	plan := func(times int, do func()) {
		for range times {
			at := first.Add(time.Duration(y.r.IntN(span)) * time.Minute).In(y.zone)
			if h := at.Hour(); h < 7 || h > 20 {
				at = at.Add(12 * time.Hour) // people sleep, but not all
			}
			y.plan(at, do)
		}
	}
	plan(rdvsOfYear, y.book)
	plan(actsOfYear, y.something)
	plan(restartsOfYear, y.restart)
}

// plan keeps what is to be done in order.
func (y *year) plan(at time.Time, do func()) {
	i, _ := slices.BinarySearchFunc(y.later, at, func(a act, t time.Time) int { return cmpLater(a.at, t) })
	y.later = slices.Insert(y.later, i, act{at, do})
}

// cmpLater puts what is planned later behind what is due at the same time.
func cmpLater(a, b time.Time) int {
	if a.After(b) {
		return 1
	}
	return -1
}

func (y *year) open() {
	cfg, err := config.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		y.t.Fatal(err)
	}
	db, err := store.Open(y.t.Context(), y.file, store.Options{Volatile: true})
	if err != nil {
		y.t.Fatal(err)
	}
	lines := simulated(map[string]bot.Sender{"sms": y.witness, "mattermost": y.witness}, ableToHear)
	lines["sms"] = outlet{sender: y.witness, able: lines["sms"].able}
	if y.house, err = assemble(cfg, db, lines, nil, quiet()); err != nil {
		y.t.Fatal(err)
	}
}

// restart closes the house and opens it again, at once or after hours.
func (y *year) restart() {
	if err := y.house.store.Close(); err != nil {
		y.t.Fatal(err)
	}
	y.open()
	y.done["restart"]++
	if y.r.IntN(3) == 0 { // nobody noticed for some hours
		y.now = y.now.Add(time.Duration(y.r.IntN(10)) * time.Hour)
	}
	y.step()
}

// walk does what is due until a time, each at its instant.
func (y *year) walk(until time.Time) {
	for !y.next.IsZero() && !y.next.After(until) {
		y.now = maxTimeOf(y.now, y.next)
		y.step()
	}
	y.now = maxTimeOf(y.now, until)
}

func maxTimeOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (y *year) step() {
	next, err := y.house.scheduler.Step(y.t.Context(), y.now)
	if err != nil {
		y.t.Fatal(err)
	}
	y.next = next
}

// hear has somebody say something, one time in three twice, and returns what is answered.
func (y *year) hear(e bot.Event) string {
	y.events++
	e.ID, e.At = fmt.Sprintf("e%d", y.events), y.now
	if e.Role == bot.Conseiller {
		e.Cursor, e.Resuming = e.ID, "mattermost:"+e.From.ID()
	}
	y.witness.replies[e.From] = nil
	for range 1 + y.r.IntN(3)/2 {
		if _, err := y.house.bot.Hear(y.t.Context(), e); err != nil {
			y.t.Fatal(err)
		}
	}
	y.step()
	delete(y.witness.expect, e.From)
	if y.r.IntN(20) == 0 { // and once more when nobody expects it
		y.plan(y.soonAgain(), func() { y.repeat(e) })
	}
	if os.Getenv("YEARLOG") != "" {
		fmt.Printf("%s %s > %s\n    %s\n", y.now.In(y.zone).Format("2006-01-02 15:04"), e.From, e.Text, strings.ReplaceAll(strings.Join(y.witness.replies[e.From], "\n"), "\n", "\n    "))
	}
	return strings.Join(y.witness.replies[e.From], "\n")
}

// repeat has an event heard that was handled.
func (y *year) repeat(e bot.Event) {
	e.At = y.now
	before := len(y.witness.replies[e.From])
	if _, err := y.house.bot.Hear(y.t.Context(), e); err != nil {
		y.t.Fatal(err)
	}
	y.step()
	if now := y.witness.replies[e.From]; len(now) > before {
		y.witness.note(&y.witness.twice, "%s was answered again: %q", e.From, now[before:])
	}
	y.done["repeated"]++
}

var yearCounsellors = [counsellorsOfYear]string{"Marie Lecomte", "Paul Roux", "Nadia Martin", "Karim Benali", "Ana Lopez", "Louis Petit"}

func counsellorAddress(c int) bot.Address { return bot.Address(fmt.Sprintf("mattermost:u-%d", c)) }

// order has a counsellor say something.
func (y *year) order(c int, text string) string {
	return y.hear(bot.Event{From: counsellorAddress(c), Role: bot.Conseiller, Text: text, Values: map[string]string{"name": yearCounsellors[c]}})
}

// agree has a counsellor say yes: then is done when the reply that holds part is handed over.
func (y *year) agree(c int, part string, then func()) string {
	y.witness.expect[counsellorAddress(c)] = expected{part, then}
	return y.order(c, "oui")
}

func usagerNumber(u int) string { return fmt.Sprintf("+3363998%04d", 2000+u) }

func usagerAddress(u int) bot.Address { return bot.Address("sms:" + usagerNumber(u)) }

func spokenNumber(u int) string { return "0" + strings.TrimPrefix(usagerNumber(u), "+33") }

// ask has an usager say something; when it is given, then is done when the reply that holds part is handed over.
func (y *year) ask(u int, text string) string {
	return y.hear(bot.Event{From: usagerAddress(u), Role: bot.Usager, Text: text})
}

func (y *year) asking(u int, text, part string, then func()) string {
	y.witness.expect[usagerAddress(u)] = expected{part, then}
	return y.ask(u, text)
}
