package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// TestOutreachYear lets a year of campaigns, broadcasts, referrals and gatherings go by for 200 people, who answer in their own words, say STOP, come back and have
// themselves erased. The house is closed and opened 50 times, at steps that the seed chooses. What is counted is seen by the network of SMS alone: a text
// said twice, one that follows an answer, one at a forbidden hour or to who said STOP, and a word that would shame. One year passes with the other
// tests; YEARS=20 has twenty pass.
func TestOutreachYear(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var all outreachCounts
	t.Run("years", func(t *testing.T) {
		for seed := range size("YEARS", 1) {
			if only := os.Getenv("YEAR"); only != "" && only != fmt.Sprint(seed) {
				continue
			}
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				y := liveOutreach(t, uint64(seed))
				for _, fault := range y.faults {
					t.Error(fault)
				}
				mu.Lock()
				defer mu.Unlock()
				all.twice += y.counts.twice
				all.after += y.counts.after
				all.forbidden += y.counts.forbidden
				all.shaming += y.counts.shaming
			})
		}
	})
	var b bars
	b.add("year_twice", float64(all.twice))
	b.add("year_after_answer", float64(all.after))
	b.add("year_forbidden", float64(all.forbidden))
	b.add("rsa_words", float64(all.shaming))
	b.print()
}

type outreachCounts struct{ twice, after, forbidden, shaming int }

const (
	outreachPeople   = 200
	outreachRestarts = 50
)

// outreachYear is a year as the people of it know it.
type outreachYear struct {
	t        *testing.T
	r        *rand.Rand
	file     string
	house    *house
	zone     *time.Location
	now      time.Time
	next     time.Time
	events   int
	steps    int
	restarts []int // at which steps
	files    map[string][]byte
	later    []act
	keys     map[string]bool      // of messages that were handed over
	texts    map[string]bool      // campaign, number and text of a campaign that was said
	closed   map[string]bool      // campaign and number: she answered, or has what she wanted
	off      map[string]bool      // campaigns that are called off or paused
	stopped  map[bot.Address]bool // who said STOP
	last     map[bot.Address]string
	day      map[string]int // unasked messages, by number and day
	told     map[bot.Address]string
	counts   outreachCounts
	faults   []string
	partner  string // the code that was given last
	done     map[string]int
}

func liveOutreach(t *testing.T, seed uint64) *outreachYear {
	y := &outreachYear{t: t, r: rand.New(rand.NewPCG(seed, 8)), file: filepath.Join(t.TempDir(), "p.db"), files: map[string][]byte{}, keys: map[string]bool{}, texts: map[string]bool{},
		closed: map[string]bool{}, off: map[string]bool{}, stopped: map[bot.Address]bool{}, last: map[bot.Address]string{}, day: map[string]int{}, told: map[bot.Address]string{}, done: map[string]int{}}
	y.open()
	y.zone = y.house.bot.Zone("")
	y.now = time.Date(2026, 9, 1, 8, 0, 0, 0, y.zone)
	for range outreachRestarts {
		y.restarts = append(y.restarts, 20+y.r.IntN(1200))
	}
	y.members()
	y.scatter()
	for len(y.later) > 0 {
		one := y.later[0]
		y.later = y.later[1:]
		y.walk(one.at)
		one.do()
	}
	y.walk(time.Date(2027, 8, 31, 23, 0, 0, 0, y.zone))
	t.Logf("year %d: %v, %d steps, %+v", seed, y.done, y.steps, y.counts)
	for _, needed := range []string{"campagne", "diffusion", "rencontre", "prescription", "sms", "redémarrage", "réponse", "STOP", "pause", "annulée"} {
		if y.done[needed] == 0 {
			t.Errorf("nothing of %q happened: %v", needed, y.done)
		}
	}
	if err := y.house.store.Close(); err != nil {
		t.Fatal(err)
	}
	return y
}

func (y *outreachYear) open() {
	cfg, err := config.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		y.t.Fatal(err)
	}
	db, err := store.Open(y.t.Context(), y.file, store.Options{Volatile: true})
	if err != nil {
		y.t.Fatal(err)
	}
	if y.house, err = assemble(cfg, db, simulated(map[string]bot.Sender{"sms": y, "mattermost": y}, ableToHear), nil, quiet()); err != nil {
		y.t.Fatal(err)
	}
	y.house.fetch = func(_ context.Context, id string, _ int64, w io.Writer) error {
		_, err := w.Write(y.files[id])
		return err
	}
	y.house.bot.PartnerCode = partnerCodes(func() []byte { return []byte("a year of outreach") })
}

func (y *outreachYear) plan(at time.Time, do func()) {
	i, _ := slices.BinarySearchFunc(y.later, at, func(a act, t time.Time) int { return cmpLater(a.at, t) })
	y.later = slices.Insert(y.later, i, act{at, do})
}

// scatter plans what professionals do over the year, at any hour of any day.
func (y *outreachYear) scatter() {
	first := y.now.AddDate(0, 0, 2)
	plan := func(times int, do func()) {
		for range times {
			y.plan(first.Add(time.Duration(y.r.IntN(340*24*60))*time.Minute), do)
		}
	}
	plan(14, y.campaign)
	plan(8, y.broadcast)
	plan(10, y.gathering)
	plan(30, y.refer)
	plan(10, y.pause)
	plan(4, y.cancel)
	plan(40, y.accept)
	plan(20, y.calls)
}

func (y *outreachYear) walk(until time.Time) {
	for !y.next.IsZero() && !y.next.After(until) {
		y.now = maxTimeOf(y.now, y.next)
		y.step()
	}
	y.now = maxTimeOf(y.now, until)
}

// step does what is due; at the steps that the seed chose the house is closed and opened first.
func (y *outreachYear) step() {
	y.steps++
	if slices.Contains(y.restarts, y.steps) {
		y.done["redémarrage"]++
		if err := y.house.store.Close(); err != nil {
			y.t.Fatal(err)
		}
		y.open()
		if y.r.IntN(3) == 0 {
			y.now = y.now.Add(time.Duration(y.r.IntN(20)) * time.Hour)
		}
	}
	next, err := y.house.scheduler.Step(y.t.Context(), y.now)
	if err != nil {
		y.t.Fatal(err)
	}
	y.next = next
}

func (y *outreachYear) fault(n *int, format string, args ...any) {
	*n++
	y.faults = append(y.faults, fmt.Sprintf("%s: ", y.now.In(y.zone).Format("Mon 2006-01-02 15:04:05"))+fmt.Sprintf(format, args...))
}

// campaignKey names a text of a campaign: campaign, person, text, and how often it was written again.
var campaignKey = regexp.MustCompile(`^campaign/([^/]+)/[^/]+/(\d+)(?:\.\d+)?$`)

// shamingWords are those that nobody else should read on a locked screen.
var shamingWords = regexp.MustCompile(`(?i)\br\W?s\W?a\b|brsa|allocataire|b[ée]n[ée]ficiaire|\bcaf\b|ch[ôo]m(age|eur)|surendett|pr[ée]carit|radiation|sanction|aide sociale|minima`)

// afterStop are the answers that leave even then: to START, QUI, EFFACER, AIDE, and to words of distress.
var afterStop = regexp.MustCompile("^(C'est fait : vo|Ici Passeur|Effacer vos données|En danger)")

// Send implements bot.Sender: it is what the people get.
func (y *outreachYear) Send(_ context.Context, to bot.Address, m bot.Rendered) (string, error) {
	y.told[to] = m.Text
	if to.Network() != "sms" {
		return m.Key, nil
	}
	y.done["sms"]++
	if y.keys[m.Key] {
		y.fault(&y.counts.twice, "handed over twice: %s to %s", m.Key, to)
	}
	y.keys[m.Key] = true
	if found := shamingWords.FindString(m.Text); found != "" {
		y.fault(&y.counts.shaming, "%q to %s: %s", found, to, m.Text)
	}
	if y.stopped[to] && !afterStop.MatchString(m.Text) {
		y.fault(&y.counts.forbidden, "after STOP of %s: %s", to, m.Text)
	}
	parts := campaignKey.FindStringSubmatch(m.Key)
	unasked := parts != nil || strings.HasPrefix(m.Key, "gathering/") && y.last[to] != y.now.String()
	if !unasked {
		return m.Key, nil
	}
	y.decent(to, m)
	if parts != nil {
		y.ofCampaign(to, m, parts[1], parts[2])
		y.perhapsAnswer(to, parts[1])
	} else {
		y.perhapsAnswer(to, "")
	}
	return m.Key, nil
}

// holidays2627 are the public holidays of the year, of mainland France.
var holidays2627 = []string{"2026-11-01", "2026-11-11", "2026-12-25", "2027-01-01", "2027-03-29", "2027-05-01", "2027-05-06", "2027-05-08", "2027-05-17", "2027-07-14", "2027-08-15"}

// decent: nobody gets what she did not ask for at night, on a Sunday, on a holiday, or more often in a day than is allowed.
func (y *outreachYear) decent(to bot.Address, m bot.Rendered) {
	local := y.now.In(y.zone)
	day := local.Format(time.DateOnly)
	if h := local.Hour(); h < 9 || h >= 19 || local.Weekday() == time.Sunday || slices.Contains(holidays2627, day) {
		y.fault(&y.counts.forbidden, "at a forbidden hour: %s to %s: %s", m.Key, to, m.Text)
	}
	if y.day[string(to)+day]++; y.day[string(to)+day] > y.house.cfg.Bot.DailyCap {
		y.fault(&y.counts.forbidden, "%d unasked messages to %s on %s", y.day[string(to)+day], to, day)
	}
}

// ofCampaign: each text once, none after an answer, none of a campaign that is called off or paused.
func (y *outreachYear) ofCampaign(to bot.Address, m bot.Rendered, campaign, step string) {
	text := campaign + " " + string(to) + " " + step
	if y.texts[text] {
		y.fault(&y.counts.twice, "text %s again: %s", text, m.Text)
	}
	y.texts[text] = true
	if y.closed[campaign+" "+string(to)] {
		y.fault(&y.counts.after, "text %s after an answer: %s", text, m.Text)
	}
	if y.off[campaign] {
		y.fault(&y.counts.after, "text %s of a campaign that is off: %s", text, m.Text)
	}
}

// outreachWords are what people write back.
var outreachWords = []string{"1", "2", "3", "oui", "non merci", "rappelez-moi", "c'est quoi ?", "STOP", "je veux bien un rdv", "merci", "qui êtes-vous", "vous vous trompez de numéro", "pas intéressé",
	"EFFACER", "?", "je suis pas dispo avant noel", "START", "laissez moi tranquille"}

// perhapsAnswer plans that somebody writes back, at any hour.
func (y *outreachYear) perhapsAnswer(to bot.Address, campaign string) {
	if y.r.IntN(3) > 0 {
		return
	}
	words := outreachWords[y.r.IntN(len(outreachWords))]
	y.plan(y.now.Add(time.Duration(1+y.r.IntN(3*24*60))*time.Minute), func() { y.answer(to, campaign, words) })
}

// answer has somebody write. Whatever she writes, no text of a campaign that wrote to her before follows.
func (y *outreachYear) answer(to bot.Address, campaign, words string) {
	y.done["réponse"]++
	if strings.HasPrefix(words, "STOP") {
		y.done["STOP"]++
	}
	for key := range y.texts {
		if name, rest, _ := strings.Cut(key, " "); strings.HasPrefix(rest, string(to)+" ") {
			y.closed[name+" "+string(to)] = true
		}
	}
	switch words {
	case "STOP":
		y.hear(bot.Event{From: to, Role: bot.Usager, Text: words})
		y.stopped[to] = true
	case "START":
		delete(y.stopped, to)
		y.hear(bot.Event{From: to, Role: bot.Usager, Text: words})
	case "EFFACER":
		y.hear(bot.Event{From: to, Role: bot.Usager, Text: words})
		y.hear(bot.Event{From: to, Role: bot.Usager, Text: "oui"})
	default:
		y.hear(bot.Event{From: to, Role: bot.Usager, Text: words})
	}
	if campaign != "" && y.r.IntN(2) == 0 && strings.Contains(y.told[to], "Quelle date") {
		y.hear(bot.Event{From: to, Role: bot.Usager, Text: "1"})
	}
}

// hear has somebody say something, one time in three twice.
func (y *outreachYear) hear(e bot.Event) string {
	y.events++
	e.ID, e.At = fmt.Sprintf("o%d", y.events), y.now
	y.last[e.From] = y.now.String()
	delete(y.told, e.From)
	for range 1 + y.r.IntN(3)/2 {
		if _, err := y.house.bot.Hear(y.t.Context(), e); err != nil {
			y.t.Fatal(err)
		}
	}
	y.step()
	if os.Getenv("YEARLOG") != "" {
		fmt.Printf("%s %s > %s %v\n    %s\n", y.now.In(y.zone).Format("2006-01-02 15:04"), e.From, e.Text, e.Files, strings.ReplaceAll(y.told[e.From], "\n", "\n    "))
	}
	return y.told[e.From]
}
