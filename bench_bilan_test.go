//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/intents"
	"passeur/store"
)

// What the bilan is measured with: two years of activities in one département.
const (
	benchActivities  = 1_000_000
	benchCounsellors = 400
	benchMonths      = 24
	benchBilans      = 7 // that each is asked for; the middle counts
)

// benchBilan asks for the bilan of a territory and for one's own, in words, as a picture and as a page, over all months, in a process of its own.
func benchBilan(t *testing.T, b *bars) {
	n := size("BENCH_ACTIVITIES", benchActivities)
	file := filepath.Join(t.TempDir(), "p.db")
	began := time.Now()
	fillActivities(t, file, n)
	fmt.Printf("\n%d activities of %d counsellors in %d months, kept in %.0f s\n", n, benchCounsellors, benchMonths, time.Since(began).Seconds())
	cmd := exec.Command(os.Args[0], "-test.run=^TestBilanInItsProcess$", "-test.v")
	cmd.Env = append(os.Environ(), "BILAN_FILE="+file)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var took bilanTimes
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		if line, is := strings.CutPrefix(lines.Text(), "bilan "); is {
			if err := json.Unmarshal([]byte(line), &took); err != nil {
				t.Fatal(err)
			}
		}
	}
	if took.People < int64(n) {
		t.Errorf("%d people in %d activities", took.People, n)
	}
	fmt.Printf("%-44s %8s %10s (a loop only reads the same cells)\n", "milliseconds", "median", "bare loop")
	for _, row := range []struct {
		name string
		bilanTime
	}{{"territory: words and picture", took.Whole}, {"one's own: words and picture", took.Own}} {
		fmt.Printf("%-44s %8.1f %10.2f, the page for the employer %.1f\n", row.name, row.Took, row.Bare, row.Page)
	}
	b.add("bilan_ms", rounded(took.Whole.Took, 1))
	b.add("bilan_own_ms", rounded(took.Own.Took, 1))
	b.add("bilan_peak_mb", rounded(took.PeakMB, 0))
}

// bilanTimes are what the other process tells.
type bilanTimes struct {
	Whole, Own bilanTime
	PeakMB     float64
	People     int64
}

// bilanTime are milliseconds: of what answers "bilan", of reading the same cells alone, of the page that is sent when it is asked for.
type bilanTime struct{ Took, Bare, Page float64 }

// fillActivities keeps activities, a counsellor's month in one commit, with their tallies as the bot counts them.
func fillActivities(t *testing.T, file string, n int) {
	t.Helper()
	db, err := store.Open(t.Context(), file, store.Options{Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := rand.New(rand.NewPCG(10, 26))
	commit(t, db, bot.Change{Now: noon, Records: []bot.Record{record(t, "person", "sylvie", bot.Person{V: 1, Name: "Sylvie Aubert", Role: bot.Coordinateur, Territories: []string{"50"}},
		bot.Record{State: string(bot.Coordinateur), At: noon})}})
	each := n / benchCounsellors / benchMonths
	for who := range benchCounsellors {
		id := fmt.Sprintf("c%d", who)
		commit(t, db, bot.Change{Now: noon, Records: []bot.Record{record(t, "person", id, bot.Person{V: 1, Name: fmt.Sprintf("Paul %d", who), Role: bot.Conseiller, Territories: []string{"50"}},
			bot.Record{State: string(bot.Conseiller), At: noon})}})
		for month := range benchMonths {
			count := each
			if who*benchMonths+month < n%(benchCounsellors*benchMonths) {
				count++
			}
			commit(t, db, monthOfActivities(t, r, id, month, count))
		}
	}
}

// benchPlaces are where activities were: places of communes of the Manche.
var benchPlaces = []string{"50/50394 mairie de Périers", "50/50147 médiathèque de Coutances", "50/50267 mairie de Lessay", "50/50502 CMS de Saint-Lô", "50/50129 centre social de Cherbourg", "50/50025 EPN d'Avranches",
	"50/50218 mairie de Granville", "50/50099 mairie de Carentan", "50/50615 mairie de Valognes", "50/50359 mairie de Mortain"}

// monthOfActivities is a month of one counsellor's.
func monthOfActivities(t *testing.T, r *rand.Rand, who string, month, count int) bot.Change {
	t.Helper()
	first := time.Date(2025, time.Month(1+month), 1, 0, 0, 0, 0, time.UTC)
	c := bot.Change{Now: noon}
	cells := map[bot.Count]int64{}
	slugs := intents.ThemeSlugs()
	for i := range count {
		day := first.AddDate(0, 0, r.IntN(28))
		where, people := benchPlaces[r.IntN(len(benchPlaces))], 1+r.IntN(3)
		theme, other := slugs[r.IntN(len(slugs))], slugs[r.IntN(len(slugs))]
		minutes := 15 * (1 + r.IntN(12))
		number := fmt.Sprint(month*1000 + i + 1)
		a := bot.Activity{V: 1, Form: "individuel", Number: number, By: "Paul", Noted: day, Spent: "delocalise", Home: "50", Values: map[string]string{"date": day.Format(time.DateOnly), "personnes": fmt.Sprint(people),
			"thematiques": theme + "," + other, "duree": fmt.Sprint(minutes), "type_lieu": "lieu_activite", "ou": where}}
		place, _, _ := strings.Cut(where, " ")
		c.Records = append(c.Records, record(t, "activity", who+"-"+number, a, bot.Record{Owner: who, Subject: who, Place: place, State: "individuel", At: day}))
		for _, owner := range []string{who, "50"} {
			add := func(dimension, value string, n int) {
				cells[bot.Count{Kind: "activity", Owner: owner, Month: first.Format("2006-01"), Dimension: dimension, Value: value}] += int64(n)
			}
			add("fiches", "individuel", 1)
			add("personnes", "individuel", people)
			add("theme", theme, people)
			add("theme", other, people)
			add("lieu", "lieu_activite", people)
			add("commune", place[3:], people)
			add("temps", "delocalise", minutes)
			add("duree", fmt.Sprint(map[bool]int{true: 60, false: 120}[minutes < 60]), 1)
		}
		cells[bot.Count{Kind: "activity", Owner: who, Month: first.Format("2006-01"), Dimension: "jour", Value: day.Format("02")}]++
	}
	for cell, n := range cells {
		cell.N = n
		c.Tally = append(c.Tally, cell)
	}
	return c
}

// TestBilanInItsProcess is the other process of benchBilan.
func TestBilanInItsProcess(t *testing.T) {
	file := os.Getenv("BILAN_FILE")
	if file == "" {
		t.Skip("a part of make bench")
	}
	db, err := store.Open(t.Context(), file, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	h, err := assemble(configured(t, nil), db, simulated(map[string]bot.Sender{"sms": &recorder{}, "mattermost": &recorder{}}, ableToHear), nil, quiet())
	if err != nil {
		t.Fatal(err)
	}
	all := intents.Period{From: "2025-01", To: "2026-12"}
	h.bot.Reader.Read("ce matin 3 personnes, CAF, 2h", intents.Context{Pro: true}) // the models are trained: what that took is not of a bilan
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // VmHWM counts from here
		t.Fatal(err)
	}
	var out bilanTimes
	out.Whole = timeBilan(t, h, "sylvie", "50", "/territoire", all)
	out.Own = timeBilan(t, h, "c7", "c7", "", all)
	out.PeakMB = memoryMB(t, os.Getpid(), "VmHWM:")
	cells, err := db.Tally(t.Context(), bot.TallyQuery{Kind: "activity", Owner: "50", Dimension: "personnes"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		out.People += c.N
	}
	line, _ := json.Marshal(out)
	fmt.Printf("bilan %s\n", line)
}

// timeBilan is how long a bilan takes.
func timeBilan(t *testing.T, h *house, person, owner, whose string, p intents.Period) bilanTime {
	t.Helper()
	took, bare, page := middleOf(func() {
		sheet, ok, err := h.bot.Bilan(t.Context(), person, p, whose != "", noon)
		if err != nil || !ok || sheet.Empty {
			t.Fatalf("%s has no bilan: %+v, %v", person, sheet, err)
		}
		bilanFiled(t, h, person+"/"+p.From+"/"+p.To+whose+".png")
	}), middleOf(func() {
		if _, err := h.store.Tally(t.Context(), bot.TallyQuery{Kind: "activity", Owner: owner, From: p.From, To: p.To}); err != nil {
			t.Fatal(err)
		}
	}), middleOf(func() { bilanFiled(t, h, person+"/"+p.From+"/"+p.To+whose+".pdf") })
	return bilanTime{took, bare, page}
}

func bilanFiled(t *testing.T, h *house, name string) {
	t.Helper()
	if a, err := h.attach(t.Context(), bot.BilanFiles+name, noon); err != nil || len(a.Data) == 0 {
		t.Fatalf("%s: %d bytes, %v", name, len(a.Data), err)
	}
}

// middleOf is how long something takes, in milliseconds: of some times, the one in the middle.
func middleOf(do func()) float64 {
	var times []time.Duration
	for range benchBilans {
		began := time.Now()
		do()
		times = append(times, time.Since(began))
	}
	return median(times).Seconds() * 1000
}
