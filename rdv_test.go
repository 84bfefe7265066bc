package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passeur/adapters/rdv"
	"passeur/bot"
)

// TestRdvHistories tells a thousand stories of appointments in RDV Service Public through signed calls that come twice, in any order, late
// and across restarts, and holds what the bot knows in the end against what the newest word of each says (newest, in rdvmodel_test.go).
// Nobody may get an SMS because of the calls alone; afterwards each reminder of those who still have to come leaves once, and no other.
func TestRdvHistories(t *testing.T) {
	t.Parallel()
	const batches, stories = 20, 50
	r := rand.New(rand.NewPCG(2026, 11))
	d := openDesk(t)
	all := make([]*story, 0, batches*stories)
	for range batches {
		batch := make([]*story, stories)
		for i := range batch {
			batch[i] = tell(r, len(all)+i)
		}
		d.deliver(r, batch)
		all = append(all, batch...)
	}
	if n := strings.Count(d.texts(), "sms:"); n > 0 {
		t.Errorf("%d SMS left because of calls alone:\n%.2000s", n, d.texts())
	}
	wrong := 0
	for _, s := range all {
		if faults := d.compare(s); len(faults) > 0 {
			wrong++
			t.Errorf("story %d: %s\n%s", s.id, strings.Join(faults, "; "), s)
		}
	}
	fmt.Printf("bar rdv_wrong_states %d\n", wrong)
	d.walk(all)
}

const rdvSecret = "s3cret-des-essais"

var (
	rdvNow = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC) // when the calls come: before all hours and all reminders
	rdvEnd = time.Date(2026, 12, 23, 9, 0, 0, 0, time.UTC)
)

// desk is the house that is told, behind an address, and restarted now and then.
type desk struct {
	t      *testing.T
	file   string
	house  *house
	out    *recorder
	before []string // what recorders of closed houses got
	server *httptest.Server
	net    *rdv.Network
	close  func()
	now    time.Time
	calls  atomic.Int64
	breaks sync.Map // digests of calls that fail once
}

func openDesk(t *testing.T) *desk {
	d := &desk{t: t, file: filepath.Join(t.TempDir(), "p.db"), now: rdvNow}
	net, err := rdv.New(rdv.Config{Secret: rdvSecret}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	d.net, d.server = net, httptest.NewServer(net)
	t.Cleanup(d.server.Close)
	d.house, d.out = testHouse(t, d.file)
	hear(t, d.house, fromMarie("m1", "bonjour"))
	d.listen()
	t.Cleanup(func() { d.close() })
	return d
}

// listen has the house hear the calls until close. The network answers 503 meanwhile, if it is asked.
func (d *desk) listen() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	h := d.house
	go func() {
		done <- d.net.Listen(ctx, func(ctx context.Context, e bot.Event) (bot.Response, error) { return d.hear(ctx, h, e) })
	}()
	d.close = func() {
		cancel()
		if err := <-done; err != nil {
			d.t.Error(err)
		}
	}
}

var errBroken = errors.New("broken for the test")

// hear fails for one call in ten, the first time: before anything was kept, or after, when only the answer is lost.
func (d *desk) hear(ctx context.Context, h *house, e bot.Event) (bot.Response, error) {
	e.At = d.now
	n := d.calls.Add(1)
	if _, failed := d.breaks.LoadOrStore(e.ID, true); failed || n%10 > 1 {
		return h.bot.Hear(ctx, e)
	}
	if n%10 == 0 {
		return bot.Response{}, errBroken
	}
	a, err := h.bot.Hear(ctx, e)
	return a, errors.Join(err, errBroken)
}

// restart closes the house and opens another on the same file.
func (d *desk) restart() {
	d.close()
	if err := d.house.store.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.before = append(d.before, d.out.sent...)
	d.house, d.out = testHouse(d.t, d.file)
	d.listen()
}

func (d *desk) texts() string { return strings.Join(append(d.before, d.out.sent...), "\n") }

// deliver makes the calls of some stories, in any order, one in three again, some at the same moment, until each was taken.
func (d *desk) deliver(r *rand.Rand, stories []*story) {
	var calls [][]byte
	for _, s := range stories {
		for _, w := range s.words {
			calls = append(calls, w.body())
			if r.IntN(3) == 0 {
				calls = append(calls, w.body())
			}
		}
	}
	r.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
	again := 1 + r.IntN(len(calls)-1)
	for n := 0; len(calls) > 0; n++ {
		if n == again {
			d.restart()
			d.step()
		}
		call := calls[0]
		calls = calls[1:]
		if !d.post(call, 1+r.IntN(8)/7) { // one in eight at the same moment twice
			calls = slices.Insert(calls, r.IntN(len(calls)+1), call)
			runtime.Gosched()
		}
		d.now = d.now.Add(time.Second)
	}
	d.step()
}

// post makes a call so many times at once, and tells whether all were taken.
func (d *desk) post(body []byte, times int) bool {
	mac := hmac.New(sha256.New, []byte(rdvSecret))
	mac.Write(body)
	proof := hex.EncodeToString(mac.Sum(nil))
	var all sync.WaitGroup
	var refused atomic.Int64
	for range times {
		all.Go(func() {
			req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.server.URL+"/rdv/webhook", bytes.NewReader(body))
			if err != nil {
				d.t.Error(err)
				return
			}
			req.Header.Set("X-Lapin-Signature", proof)
			res, err := d.server.Client().Do(req)
			if err != nil {
				d.t.Error(err)
				return
			}
			defer res.Body.Close()
			switch res.StatusCode {
			case http.StatusOK:
			case http.StatusServiceUnavailable:
				refused.Add(1)
			default:
				d.t.Errorf("answered %d: %s", res.StatusCode, body)
			}
		})
	}
	all.Wait()
	return refused.Load() == 0
}

func (d *desk) step() time.Time {
	next, err := d.house.scheduler.Step(d.t.Context(), d.now)
	if err != nil {
		d.t.Fatal(err)
	}
	return next
}

// compare says what is wrong with our appointments of a story.
func (d *desk) compare(s *story) (faults []string) {
	var best []string
	for i, w := range newest(s.words) {
		now := d.against(s, w)
		if len(now) == 0 {
			s.ends = w
			return nil
		}
		if i == 0 {
			best = now
		}
	}
	return best
}

// against compares our appointments of a story with what one word says.
func (d *desk) against(s *story, w *word) (faults []string) {
	for _, p := range s.everybody() {
		recs, err := d.house.store.Get(d.t.Context(), "rdv", outsideRdv(s.id, p))
		if err != nil {
			d.t.Fatal(err)
		}
		var m *bot.Rdv
		if len(recs) > 0 {
			m = new(bot.Rdv)
			if err := json.Unmarshal(recs[0].Body, m); err != nil {
				d.t.Fatal(err)
			}
		}
		if fault := d.differs(m, w, p); fault != "" {
			faults = append(faults, fmt.Sprintf("participant %d %s", p, fault))
		}
	}
	return faults
}

// differs says what of our appointment with a participant is not as a word says; m is nil when we have none.
func (d *desk) differs(m *bot.Rdv, w *word, participant int) string {
	want := w.stateOf(participant)
	if m == nil {
		if want == "" || want == "cancelled" || w.gone() {
			return ""
		}
		return "is unknown, want " + want
	}
	if want == "" {
		want = "cancelled" // she takes no part any more
	}
	if m.State != want {
		return fmt.Sprintf("is %s, want %s", m.State, want)
	}
	p, there := w.who(participant)
	if !there || w.gone() {
		return ""
	}
	town := towns[w.town]
	got := fmt.Sprint(m.At.UTC(), m.Where, m.Place, m.Name, m.NoReminders, d.phoneOf(m.Subject))
	if wanted := fmt.Sprint(w.start.UTC(), town.where, town.place, p.short(), p.silent, p.phone); got != wanted {
		return fmt.Sprintf("has %s, want %s", got, wanted)
	}
	return ""
}

func (d *desk) phoneOf(person string) string {
	recs, err := d.house.store.Get(d.t.Context(), "person", person)
	if err != nil || len(recs) == 0 {
		return fmt.Sprint("nobody ", err)
	}
	var p bot.Person
	if err := json.Unmarshal(recs[0].Body, &p); err != nil {
		d.t.Fatal(err)
	}
	return p.On("sms").ID()
}

// walk goes on until all hours have passed, and counts what each participant got.
func (d *desk) walk(all []*story) {
	for next := d.step(); !next.IsZero() && next.Before(rdvEnd); next = d.step() {
		d.now = next
	}
	got, said := map[string]int{}, map[string]bool{}
	for _, line := range append(d.before, d.out.sent...) {
		to, text, _ := strings.Cut(line, " ")
		if !strings.HasPrefix(to, "sms:") {
			continue
		}
		if said[line] {
			d.t.Errorf("said twice: %s", line)
		}
		said[line] = true
		if strings.Contains(text, "vous attendait") {
			text = "absence"
		} else {
			text = "rappel"
		}
		got[strings.TrimPrefix(to, "sms:")+" "+text]++
	}
	for _, s := range all {
		if s.ends == nil {
			continue
		}
		for phone, want := range s.due() {
			if n := got[phone+" rappel"]; n != want {
				d.t.Errorf("story %d: %s got %d reminders, want %d\n%s", s.id, phone, n, want, s)
			}
			if n := got[phone+" absence"]; n > 1 {
				d.t.Errorf("story %d: %s was asked %d times after an absence", s.id, phone, n)
			}
		}
	}
}
