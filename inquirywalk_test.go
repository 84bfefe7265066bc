package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/store"
)

// TestInquiryWalks lets two weeks of questions go by among twenty counsellors and a coordinator, who do what they please, each word coming twice and the
// house being closed and opened meanwhile. It is judged by what people were sent: nobody is asked one question twice, outside her hours, nor more often than her
// budget; nobody hears the name of who passed; and a question that nobody answers is never forgotten.
func TestInquiryWalks(t *testing.T) {
	for seed := range size("WALKS", 1) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := &inquiryWalk{T: t, r: rand.New(rand.NewPCG(uint64(seed), 7)), file: filepath.Join(t.TempDir(), "p.db"), now: time.Date(2026, 11, 30, 7, 30, 0, 0, time.UTC),
				asked: map[string]int{}, spoke: map[string]map[int]bool{}, people: map[string]int{}}
			w.open()
			defer func() { w.house.store.Close() }()
			w.introduce()
			for range size("WALK_ACTS", 120) {
				w.act()
			}
			w.until(w.now.AddDate(0, 0, 10))
			w.judge()
		})
	}
}

const walkers = 20

// inquiryWalk is what happens, and what people saw of it.
type inquiryWalk struct {
	*testing.T
	r      *rand.Rand
	file   string
	house  *house
	now    time.Time
	events int
	asked  map[string]int          // by person and question: how many posts ask it
	spoke  map[string]map[int]bool // by question: who has answered, taken it, or asked
	told   []walkTold
	people map[string]int // which walker a person is
}

// walkTold is a message that somebody got.
type walkTold struct {
	to   int
	text string
}

func walkName(i int) string { return fmt.Sprintf("Nom%02d Walker%02d", i, i) }

func walkAddress(i int) bot.Address { return bot.Address(fmt.Sprintf("mattermost:w%02d", i)) }

// Send implements bot.Sender: it looks at what somebody gets.
func (w *inquiryWalk) Send(_ context.Context, to bot.Address, m bot.Rendered) (string, error) {
	var i int
	if _, err := fmt.Sscanf(to.ID(), "w%02d", &i); err != nil {
		return m.Key, nil
	}
	w.told = append(w.told, walkTold{i, m.Text})
	if strings.HasPrefix(m.Text, "❓") && m.Replace == "" && !strings.Contains(m.Text, "qui coordonnez") {
		w.asked[fmt.Sprintf("%d %s", i, m.About)]++
		local := w.now.In(w.house.bot.Zone(""))
		if h := local.Hour(); h < 9 || h >= 17 || local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
			w.Errorf("%s is asked on %s", walkName(i), local)
		}
	}
	return m.Key, nil
}

func (w *inquiryWalk) open() {
	w.Helper()
	cfg := configured(w, nil)
	db, err := store.Open(w.Context(), w.file, store.Options{Volatile: true})
	if err != nil {
		w.Fatal(err)
	}
	w.house, err = assemble(cfg, db, simulated(map[string]bot.Sender{"sms": &recorder{}, "mattermost": w}, ableToHear), nil, quiet())
	if err != nil {
		w.Fatal(err)
	}
}

func (w *inquiryWalk) introduce() {
	for i := range walkers + 1 {
		role := bot.Conseiller
		if i == walkers {
			role = bot.Coordinateur
		}
		w.hear(bot.Event{From: walkAddress(i), Role: role, Intent: bot.MemberIntent, Values: map[string]string{"name": walkName(i), "territories": []string{"50", "14"}[i%2], "hubs": "Normandie"}})
		w.people[personAt(w.T, w.house, walkAddress(i))] = i
	}
}

// hear has the bot hear something, twice.
func (w *inquiryWalk) hear(e bot.Event) {
	w.Helper()
	w.events++
	e.ID, e.At = fmt.Sprintf("walk/%d", w.events), w.now
	for range 2 {
		if _, err := w.house.bot.Hear(w.Context(), e); err != nil {
			w.Fatal(err)
		}
	}
	w.step()
}

func (w *inquiryWalk) step() (next time.Time) {
	w.Helper()
	next, err := w.house.scheduler.Step(w.Context(), w.now)
	if err != nil {
		w.Fatal(err)
	}
	return next
}

// until lets time go by.
func (w *inquiryWalk) until(at time.Time) {
	for {
		next := w.step()
		if next.IsZero() || next.After(at) {
			w.now = at
			return
		}
		w.now = maxOf(next, w.now)
	}
}

func maxOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// act does something by chance.
func (w *inquiryWalk) act() {
	w.until(w.now.Add(time.Duration(w.r.IntN(90)) * time.Minute))
	if w.r.IntN(40) == 0 {
		w.house.store.Close()
		w.open()
	}
	who := w.r.IntN(walkers)
	open := w.inquiries()
	if len(open) == 0 || w.r.IntN(4) == 0 {
		w.say(who, "", "question : comment faire "+walkTopics[w.r.IntN(len(walkTopics))]+" ?")
		return
	}
	id := slices.Sorted(maps.Keys(open))[w.r.IntN(len(open))]
	q := open[id]
	if w.r.IntN(3) == 0 || len(q.Asks) == 0 {
		w.say(w.index(q.Owner), "question/"+id, []string{"ça répond", "ça ne répond pas", "relancer la question", "merci", "pourquoi", "et aussi sur tablette"}[w.r.IntN(6)])
		return
	}
	peer := w.index(q.Asks[w.r.IntN(len(q.Asks))].Peer)
	words := []string{"je réponds", "pas moi", "pas moi", "pas maintenant", "plutôt " + walkName(w.r.IntN(walkers)), "il suffit de cliquer en haut à droite", "pourquoi"}[w.r.IntN(7)]
	if words == "je réponds" || strings.HasPrefix(words, "il suffit") {
		w.speaks(id, peer)
	}
	w.say(peer, "question/"+id, words)
}

var walkTopics = []string{"une carte grise", "pour joindre une photo à un mail", "pour récupérer un compte CAF", "un CV en ligne", "pour payer ses impôts", "pour vider la corbeille"}

func (w *inquiryWalk) speaks(id string, who int) {
	if w.spoke[id] == nil {
		w.spoke[id] = map[int]bool{}
	}
	w.spoke[id][who] = true
}

func (w *inquiryWalk) say(who int, about, text string) {
	role := bot.Conseiller
	if who == walkers {
		role = bot.Coordinateur
	}
	root := ""
	if about != "" {
		root = "root"
	}
	w.hear(bot.Event{From: walkAddress(who), Role: role, About: about, ReplyTo: root, Text: text, Values: map[string]string{"name": walkName(who)}})
}

// inquiries are those that are not settled, by number.
func (w *inquiryWalk) inquiries() map[string]bot.Inquiry {
	out := map[string]bot.Inquiry{}
	for id, q := range w.every() {
		if q.State != "accepted" && q.State != "withdrawn" {
			out[id] = q
		}
	}
	return out
}

func (w *inquiryWalk) every() map[string]bot.Inquiry {
	return bodiesOf[bot.Inquiry](w.T, w.house, "inquiry")
}

// index is which walker a person is.
func (w *inquiryWalk) index(person string) int {
	i, known := w.people[person]
	if !known {
		w.Fatalf("nobody is %s", person)
	}
	return i
}

func (w *inquiryWalk) judge() {
	for what, n := range w.asked {
		if n > 1 {
			w.Errorf("%s: %d posts ask it", what, n)
		}
	}
	times := map[string][]time.Time{}
	for id, q := range w.every() {
		for _, a := range q.Asks {
			if a.Ring != bot.RingUp {
				times[a.Peer] = append(times[a.Peer], a.At)
			}
		}
		if q.State == "open" && q.Due.Before(w.now) {
			w.Errorf("question %s of %s is open, waits for nothing and was given up by nobody", id, q.Asked)
		}
		w.judgeSecret(id, q)
	}
	for person, all := range times {
		slices.SortFunc(all, time.Time.Compare)
		for i := bot.WeeklyBudget; i < len(all); i++ {
			if all[i].Sub(all[i-bot.WeeklyBudget]) < 7*24*time.Hour {
				w.Errorf("%s is asked more than %d times in seven days", person, bot.WeeklyBudget)
			}
		}
	}
	if len(w.asked) < 20 {
		w.Errorf("only %d asks: the walk shows nothing", len(w.asked))
	}
}

// judgeSecret looks for the name of who only passed in what anybody else was told of the question.
func (w *inquiryWalk) judgeSecret(id string, q bot.Inquiry) {
	for _, a := range q.Asks {
		passer := w.index(a.Peer)
		if a.State != bot.AskPassed || w.spoke[id][passer] {
			continue
		}
		for _, m := range w.told {
			if m.to != passer && strings.Contains(m.text, "question n° "+id+" ") && strings.Contains(m.text, walkName(passer)) && w.index(q.Owner) != passer {
				w.Errorf("%s hears of %s, who passed question %s: %s", walkName(m.to), walkName(passer), id, m.text)
			}
		}
	}
}

// bodiesOf are the bodies of all records of a kind, by id.
func bodiesOf[T any](t *testing.T, h *house, kind string) map[string]T {
	t.Helper()
	out := map[string]T{}
	records, err := everyRecord(t.Context(), h.store, bot.Query{Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range records {
		var body T
		if err := json.Unmarshal(rec.Body, &body); err != nil {
			t.Fatal(err)
		}
		out[rec.ID] = body
	}
	return out
}
