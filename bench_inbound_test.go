//go:build unix

package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// answers are what people write back to a reminder, about as often as each kind comes: half say yes, a quarter says no,
// the others write in their own words. Every one of them gets one reply.
var answers = []string{
	"oui", "Oui je serai là", "1", "ok merci", "oui", "OUI", "j'y serai", "oui sans faute", "1", "oui",
	"non", "2", "je ne pourrai pas venir", "non désolée", "2",
	"je serai en retard de 10 minutes", "je voudrais changer de jour", "c'est où le rendez-vous ?", "il faut apporter ma carte vitale ?",
	"bonjour", "mon fils peut venir avec moi",
}

// webhooks posts incoming SMS as Kannel does.
type webhooks struct {
	client *http.Client
	url    string
	run    string // makes the ids its own
	first  int    // of the people who write
}

func newWebhooks(url, run string, callers int) *webhooks {
	return &webhooks{client: &http.Client{Transport: &http.Transport{MaxIdleConns: callers, MaxIdleConnsPerHost: callers}}, url: url, run: run}
}

// post has the i-th person write; the answer must be 200.
func (w *webhooks) post(i int) error {
	return w.send(w.run+fmt.Sprint(i), w.first+i, answers[i%len(answers)])
}

func (w *webhooks) send(id string, person int, text string) error {
	q := url.Values{"secret": {secret}, "from": {numberOf(person)}, "to": {"38000"}, "id": {id}, "ts": {"2026-12-01 18:00:00"}}
	res, err := w.client.Post(w.url+"/sms/kannel/mo?"+q.Encode(), "text/plain; charset=UTF-8", strings.NewReader(text))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", res.Status)
	}
	return nil
}

// overKannel are the settings of an installation whose SMS go by a gateway.
func overKannel(database, gateway string) map[string]string {
	return map[string]string{
		"PASSEUR_DATABASE": database, "PASSEUR_TERRITORIES": "50", "PASSEUR_PUBLIC_URL": "https://passeur.example.fr",
		"PASSEUR_SMS_PROVIDER": "kannel", "PASSEUR_SMS_FROM": "38000", "PASSEUR_SMS_RATE": "1000", "PASSEUR_SMS_PARALLEL": "16", "PASSEUR_SMS_URL": gateway,
		"PASSEUR_SMS_USERNAME": "passeur", "PASSEUR_SMS_PASSWORD": "motdepasse", "PASSEUR_SMS_SECRET": secret,
	}
}

// serving is what serve runs, in this process.
type serving struct {
	*server
	db  *store.DB
	url string
}

// newServing puts serve together over a new database with n people who were asked.
func newServing(t *testing.T, gateway string, n int) *serving {
	t.Helper()
	s := servingWith(t, overKannel(filepath.Join(t.TempDir(), "passeur.db"), gateway))
	fillAsked(t, s.db, n)
	return s
}

// servingWith puts it together with these settings, over the database that they name.
func servingWith(t *testing.T, set map[string]string) *serving {
	t.Helper()
	set["PASSEUR_LISTEN"] = freePort(t)
	cfg := configured(t, set)
	db, err := openStore(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	srv, err := newServer(cfg, db, streams{strings.NewReader(""), io.Discard, io.Discard}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	return &serving{srv, db, "http://" + cfg.Listen}
}

// whole runs all of serve; doors only takes messages in and lets no reply leave. Both return what stops them.
func (s *serving) whole(t *testing.T) (stop func()) { return running(t, s.url, s.run) }

func (s *serving) doors(t *testing.T) (stop func()) {
	return running(t, s.url, func(ctx context.Context) error {
		return openDoors(ctx, s.cfg.Listen, s.networks[0], s.house.bot.Hear, s.handler())
	})
}

// openDoors serves one network over HTTP as serve does.
func openDoors(ctx context.Context, listen string, n bot.Network, hear bot.Hear, h http.Handler) error {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	heard := make(chan error, 1)
	go func() { heard <- n.Listen(ctx, hear) }()
	err = serveUntil(ctx, &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}, l)
	return errors.Join(err, <-heard)
}

// running runs something that serves /health until it is stopped.
func running(t *testing.T, url string, run func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	if !until(time.Minute, 5*time.Millisecond, func() bool { return healthy(url) }) {
		cancel()
		t.Fatal("not ready: ", <-ended)
	}
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// benchInbound measures, at a steady rate, how long it takes from sending a webhook until the gateway has the reply.
func benchInbound(t *testing.T, b *bars) {
	const perSecond = 200
	n := perSecond * size("BENCH_SECONDS", 30)
	replies := make(map[string]time.Time, n)
	var mu sync.Mutex
	gateway, err := openGateway(func(s handedOver) {
		mu.Lock()
		defer mu.Unlock()
		replies[s.to] = s.at
	})
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	s := newServing(t, gateway.url(), n)
	var sent []time.Time
	took := timed(t, n, func() {
		stop := s.whole(t)
		defer stop()
		sent = arrivals(t, newWebhooks(s.url, "p99-", 256), n, perSecond)
		until(time.Minute, 10*time.Millisecond, func() bool { mu.Lock(); defer mu.Unlock(); return len(replies) == n })
	})
	mu.Lock()
	defer mu.Unlock()
	if len(replies) != n {
		t.Errorf("%d replies to %d messages", len(replies), n)
	}
	var waits []time.Duration
	for i, at := range sent {
		waits = append(waits, replies[numberOf(i)].Sub(at))
	}
	fmt.Printf("\n%d SMS in at %d/s, until the gateway has the reply: p50 %v, p90 %v, p99 %v, worst %v; %.0f µs CPU each, caller and gateway included\n",
		n, perSecond, quantile(waits, .5), quantile(waits, .9), quantile(waits, .99), quantile(waits, 1), took.cpuEach())
	b.add("inbound_p99_ms", inMillis(quantile(waits, .99)))
}

// arrivals posts n messages at random moments, so many a second in the mean, whether the ones before were answered or
// not. It returns when each was sent.
func arrivals(t *testing.T, w *webhooks, n, perSecond int) []time.Time {
	sent := make([]time.Time, n)
	chance := rand.New(rand.NewPCG(1, 2))
	var all sync.WaitGroup
	due := time.Now()
	for i := range n {
		due = due.Add(time.Duration(chance.ExpFloat64() * float64(time.Second) / float64(perSecond)))
		<-time.After(time.Until(due))
		all.Go(func() {
			sent[i] = time.Now()
			if err := w.post(i); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	return sent
}

// callers is how many incoming SMS are under way at once when it is measured how many can be committed.
const callers = 8

// benchInboundShare compares how many incoming SMS a second are committed with all that they change, with a handler
// that parses the same request and does one INSERT of the same size.
func benchInboundShare(t *testing.T, b *bars) {
	rounds, each := size("BENCH_ROUNDS", 3), size("BENCH_SMS", 3000)
	gateway, err := openGateway(func(handedOver) {})
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	people := rounds*each + 1
	committed, replied := newServing(t, gateway.url(), people), newServing(t, gateway.url(), people)
	plain := newBareHandler(t, committed.cfg, changeSize(t, committed, people-1))
	fmt.Printf("\nincoming SMS/s by %d callers (CPU µs each, caller included); a message changes %d bytes\n", callers, len(plain.row))
	fmt.Printf("  %-5s  %-15s  %-22s  %s\n", "round", "bare", "committed", "committed and replied")
	var whole, withReplies []float64
	for round := range rounds {
		some := intake{atOnce: callers, round: round, n: each}
		bare := some.take(t, "bare-in", plain.url, plain.doors)
		in := some.take(t, "commit", committed.url, committed.doors)
		out := some.take(t, "reply", replied.url, replied.whole)
		whole = append(whole, in.perSecond()/bare.perSecond())
		withReplies = append(withReplies, out.perSecond()/bare.perSecond())
		fmt.Printf("  %-5d  %-15s  %-22s  %s\n", round+1, speed(bare), speed(in)+share(whole[round]), speed(out)+share(withReplies[round]))
	}
	fmt.Printf("  median share: %.2f, with the replies leaving %.2f\n", median(whole), median(withReplies))
	b.add("inbound_share", rounded(median(whole), 2))
}

// intake is one round of messages.
type intake struct{ atOnce, round, n int }

// take posts them as quickly as they are answered, each from a person who has not written yet.
func (r intake) take(t *testing.T, label, url string, open func(*testing.T) func()) (took spent) {
	t.Helper()
	labelled(label, func() {
		stop := open(t)
		defer stop()
		w := newWebhooks(url, fmt.Sprintf("%s-%d-", label, r.round), r.atOnce)
		defer w.client.CloseIdleConnections()
		took = timed(t, r.n, func() { sideBySide(t, r.atOnce, r.n, func(i int) error { return w.post(r.round*r.n + i) }) })
	})
	return took
}

// changeSize is how many bytes one incoming SMS leaves in the database: its event's id, records and tasks.
func changeSize(t *testing.T, s *serving, person int) int {
	t.Helper()
	stop := s.doors(t)
	defer stop()
	if err := newWebhooks(s.url, "one", 1).send("one", person, "oui"); err != nil {
		t.Fatal(err)
	}
	ctx, bytes := t.Context(), len("sms/kannel/one")
	for kind, id := range map[string]string{"chat": "sms:" + numberOf(person), "rdv": rdvOf(person)} {
		recs, err := s.db.Get(ctx, kind, id)
		if err != nil || len(recs) != 1 {
			t.Fatal(kind, len(recs), err)
		}
		bytes += len(recs[0].Body) + len(recs[0].Owner) + len(recs[0].Subject)
	}
	for _, q := range []store.TaskQuery{{To: personOf(person)}, {Subject: personOf(person)}} {
		rows, err := s.db.Tasks(ctx, q, time.Now())
		if err != nil || len(rows) != 1 {
			t.Fatal(len(rows), err)
		}
		said, err := json.Marshal(rows[0].Message)
		if err != nil {
			t.Fatal(err)
		}
		bytes += len(rows[0].Key) + len(rows[0].To) + len(said)
	}
	return bytes
}

// bareHandler parses what serve parses and does one INSERT, committed by itself, on a database of the same settings.
type bareHandler struct {
	url     string
	listen  string
	network *sms.Network
	insert  *sql.Stmt
	row     []byte
}

func newBareHandler(t *testing.T, cfg *config.Config, bytes int) *bareHandler {
	t.Helper()
	network, err := smsNetwork(cfg, io.Discard, quiet())
	if err != nil {
		t.Fatal(err)
	}
	file := url.URL{Scheme: "file", Path: filepath.Join(t.TempDir(), "bare.db"), RawQuery: "_journal_mode=WAL&_synchronous=FULL&_txlock=immediate"}
	db, err := sql.Open("sqlite", file.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE heard (id TEXT NOT NULL PRIMARY KEY, sender TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID"); err != nil {
		t.Fatal(err)
	}
	insert, err := db.PrepareContext(t.Context(), "INSERT INTO heard (id, sender, body) VALUES (?, ?, ?)")
	if err != nil {
		t.Fatal(err)
	}
	listen := freePort(t)
	return &bareHandler{"http://" + listen, listen, network, insert, make([]byte, bytes)}
}

func (h *bareHandler) hear(ctx context.Context, e bot.Event) (bot.Response, error) {
	_, err := h.insert.ExecContext(ctx, e.ID, string(e.From), h.row)
	return bot.Response{}, err
}

func (h *bareHandler) doors(t *testing.T) (stop func()) {
	mux := http.NewServeMux()
	mux.Handle("GET /health", new(health))
	mux.Handle("/sms/", h.network)
	return running(t, h.url, func(ctx context.Context) error { return openDoors(ctx, h.listen, h.network, h.hear, mux) })
}
