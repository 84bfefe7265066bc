//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"passeur/bot"
	"passeur/intents"
)

// What the router is measured with.
const (
	benchPeers     = 4_000
	benchInquiries = 1_000
)

// benchRoute asks questions among 4,000 counsellors: how long it takes to know who is asked, from the text on (what it means, what was answered already, what
// leads to a person; then, in a look of its own, whom to ask, and their agendas), without the commits; and, beside it, both turns with their commits, and a
// commit of as many rows with nothing decided. The questions come one after the other, in working hours, from all over the country.
func benchRoute(t *testing.T, b *bars) {
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	tuesday := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	fillPeers(t, h, size("BENCH_PEERS", benchPeers), tuesday)
	if err := h.bot.Warm(t.Context(), tuesday); err != nil {
		t.Fatal(err)
	}
	timed := &timedStore{Store: h.bot.Store}
	h.bot.Store = timed
	var took, whole, bare []time.Duration
	themes, r := askedThemes(), rand.New(rand.NewPCG(9, 1))
	for i := range size("BENCH_INQUIRIES", benchInquiries) {
		e := bot.Event{ID: fmt.Sprintf("bench/%d", i), At: tuesday.Add(time.Duration(i) * 20 * time.Second), From: peerAddress(r.IntN(benchPeers)), Role: bot.Conseiller,
			Text: "question : " + themes[i%len(themes)] + fmt.Sprintf(", cas numéro %d ?", i)}
		start := time.Now()
		timed.committing, timed.looks = 0, nil
		handled(t, h, e)
		for _, task := range timed.looks { // at once, as the scheduler hands it over
			handled(t, h, bot.Event{ID: task.Key, At: e.At, Role: bot.Itself, About: task.Group, Intent: task.Intent, Values: task.Args})
		}
		whole = append(whole, time.Since(start))
		took = append(took, whole[i]-timed.committing)
		start = time.Now()
		commit(t, h.store, bareInquiry(e))
		bare = append(bare, time.Since(start))
	}
	asked := tallied(t, h, bot.TallyQuery{Kind: "question", Dimension: "suite"})
	if asked < int64(len(took))*9/10 {
		t.Errorf("only %d of %d questions were put to colleagues: this measures something else", asked, len(took))
	}
	fmt.Printf("\n%d counsellors, %d questions, %d put to colleagues\n%-36s %8s %8s %8s %10s %8s (as many rows, with nothing decided)\n", benchPeers, len(took), asked,
		"milliseconds", "p50", "p99", "worst", "bare p50", "p99")
	tellTimes("from the text to who is asked", took, nil)
	tellTimes("both turns, with their commits", whole, bare)
	b.add("route_p99_ms", rounded(exactly(took, 0.99).Seconds()*1000, 2))
}

func handled(t *testing.T, h *house, e bot.Event) {
	t.Helper()
	if err := h.bot.Handle(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

// timedStore tells how long commits took, and which looks at questions were planned.
type timedStore struct {
	bot.Store
	committing time.Duration
	looks      []bot.Task
}

func (s *timedStore) Commit(ctx context.Context, c bot.Change) error {
	start := time.Now()
	defer func() { s.committing += time.Since(start) }()
	for _, task := range c.Tasks {
		if task.Intent == "attente-question" {
			s.looks = append(s.looks, task)
		}
	}
	return s.Store.Commit(ctx, c)
}

// askedThemes are questions of several themes.
func askedThemes() []string {
	return []string{"comment récupérer un compte CAF", "comment joindre une photo à un mail", "comment faire une carte grise", "comment corriger une déclaration d'impôts",
		"comment créer un mot de passe sûr", "comment chercher un logement social", "comment faire un CV", "comment imprimer depuis un téléphone"}
}

func peerAddress(i int) bot.Address { return bot.Address(fmt.Sprintf("mattermost:%026d", i)) }

// fillPeers writes counsellors in 100 départements and 13 hubs, what is known of them as peers, and a permanence of each.
func fillPeers(t *testing.T, h *house, n int, now time.Time) {
	t.Helper()
	r := rand.New(rand.NewPCG(4, 2))
	slugs := intents.ThemeSlugs()
	for from := 0; from < n; from += 200 {
		var c bot.Change
		c.Now = now
		for i := from; i < min(n, from+200); i++ {
			id, place := fmt.Sprintf("p%05d", i), fmt.Sprintf("%02d", 1+i%95)
			p := bot.Person{V: 1, Name: fmt.Sprintf("Camille Exemple %d", i), Addresses: []bot.Address{peerAddress(i)}, Role: bot.Conseiller, Welcomed: true,
				Territories: []string{place}, Hubs: []string{fmt.Sprintf("Hub %d", i%13)}}
			peer := bot.Peer{V: 1, Declared: []string{slugs[r.IntN(len(slugs))]}, Known: map[string]bot.Knowledge{}, Load: bot.Amount{N: r.Float64() * 10, At: now.AddDate(0, 0, -3)}}
			for range 6 {
				peer.Known[slugs[r.IntN(len(slugs))]] = bot.Knowledge{Yes: r.Float64() * 3, No: r.Float64() * 3, Answers: r.IntN(4), At: now.AddDate(0, -1, 0)}
			}
			c.Records = append(c.Records, record(t, "person", id, p, bot.Record{Subject: id, State: string(bot.Conseiller), At: now.Add(-time.Duration(i+10) * time.Minute)}),
				record(t, "address", string(peerAddress(i)), bot.Holders{V: 1, People: []string{id}}, bot.Record{At: now}),
				record(t, "peer", id, peer, bot.Record{Subject: id, At: now.Add(-time.Duration(i+10) * time.Minute)}), permanenceOf(t, id, i, now))
		}
		commit(t, h.store, c)
	}
}

// permanenceOf is one of every Tuesday morning for every second counsellor, of another day for the others.
func permanenceOf(t *testing.T, owner string, i int, now time.Time) bot.Record {
	t.Helper()
	var p bot.Permanence
	body := fmt.Sprintf(`{"v":1,"owner":%q,"where":"mairie de Périers","place":"50/50394","when":{"first":"2026-01-06","rule":"FREQ=WEEKLY;BYDAY=%s"},"from":540,"to":720}`,
		owner, []string{"TU", "TH"}[i%2])
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		t.Fatal(err)
	}
	return record(t, "permanence", fmt.Sprintf("m%05d", i), p, bot.Record{Owner: owner, Place: p.Place, State: "open", At: now})
}

// bareInquiry are the rows that a question leaves behind.
func bareInquiry(e bot.Event) bot.Change {
	c := bot.Change{Event: "bare/" + e.ID, Now: e.At}
	for i := range 6 {
		c.Records = append(c.Records, bot.Record{Kind: "counter", ID: fmt.Sprintf("bare/%s/%d", e.ID, i), At: e.At, Body: []byte(`{"v":1,"n":1}`)})
	}
	for i := range 4 {
		c.Tasks = append(c.Tasks, bot.Task{Key: fmt.Sprintf("bare/%s/%d", e.ID, i), To: "p00001", Network: "mattermost", Lane: bot.Reply, Purpose: bot.ForNews, At: e.At,
			Message: &bot.Message{Key: "question.demande", Args: bot.Args{"texte": e.Text}}})
	}
	return c
}

// tallied adds up the cells of a query.
func tallied(t *testing.T, h *house, q bot.TallyQuery) (n int64) {
	t.Helper()
	cells, err := h.store.Tally(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		n += c.N
	}
	return n
}
