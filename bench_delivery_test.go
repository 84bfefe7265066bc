//go:build unix

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/intents"
	"passeur/scheduler"
	"passeur/store"
)

// connections is how many requests are under way at once, for the bot and for the bare loop.
const connections = 64

// benchDelivery compares how fast due reminders are handed to a gateway with how fast a bare loop of net/http hands
// the same requests to the same gateway. Bot and gateway each have a process of their own.
func benchDelivery(t *testing.T, b *bars) {
	d := newDelivery(t, size("BENCH_DUE", 100_000), newFileStock(t))
	fmt.Printf("\n%d due reminders over %d connections, messages/s (CPU µs each, gateway included) and share of bare\n", d.n, connections)
	fmt.Printf("  %-5s  %-15s  %-22s  %s\n", "round", "bare", "bot", "bot without the gate")
	var whole, gateless []float64
	d.bare(t) // warm: the first round is slower than those that follow, and would flatter the bot
	for round := range size("BENCH_ROUNDS", 3) {
		bare := d.bare(t)
		with := d.whole(t)
		without := d.gateless(t)
		whole = append(whole, with.perSecond()/bare.perSecond())
		gateless = append(gateless, without.perSecond()/bare.perSecond())
		fmt.Printf("  %-5d  %-15s  %-22s  %s\n", round+1, speed(bare), speed(with)+share(whole[round]), speed(without)+share(gateless[round]))
	}
	fmt.Printf("  median share: %.2f, without the gate %.2f\n", median(whole), median(gateless))
	b.add("delivery_share", rounded(median(whole), 2))
}

func speed(s spent) string { return fmt.Sprintf("%.0f (%.0f)", s.perSecond(), s.cpuEach()) }

func share(x float64) string { return fmt.Sprintf(" %.2f", x) }

// delivery is a database full of due reminders, to be copied for each round, and what is to come out of it.
type delivery struct {
	n        int
	stock    stock
	base     time.Time // when they are due
	gateway  *farGateway
	verdicts map[string]bot.Verdict // by task
	keys     []string               // of the tasks, in order
	bytes    int                    // of all requests
}

// stock is where databases are, which benchKey opens.
type stock interface {
	// filled is the address of the one that is filled once.
	filled() string
	// copied makes a copy of it for one round, and returns its address and what throws it away.
	copied(*testing.T) (at string, done func())
}

var benchKey = bytes.Repeat([]byte{7}, 32)

// fileStock keeps databases in files.
type fileStock string

func newFileStock(t *testing.T) fileStock { return fileStock(filepath.Join(t.TempDir(), "passeur.db")) }

func (f fileStock) filled() string { return string(f) }

func (f fileStock) copied(t *testing.T) (string, func()) {
	t.Helper()
	at := filepath.Join(t.TempDir(), "passeur.db")
	raw, err := os.ReadFile(string(f))
	if err == nil {
		err = os.WriteFile(at, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return at, func() {}
}

func newDelivery(t *testing.T, n int, in stock) *delivery {
	t.Helper()
	tune()
	debug.SetMemoryLimit(math.MaxInt64) // the bare loop and the gateless bot hold all messages, and are not to pay for it
	t.Cleanup(tune)
	d := &delivery{n: n, stock: in, gateway: startGateway(t), verdicts: map[string]bot.Verdict{}, base: dueHour(t)}
	db := d.open(t, in.filled())
	fillUsagers(t, db, 0, n, d.base.Add(-time.Hour))
	fillTasks(t, db, n, func(i int) bot.Task { return reminder(i, d.base) })
	d.render(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return d
}

// dueHour is ten o'clock of a Wednesday.
func dueHour(t *testing.T) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, time.December, 2, 10, 0, 0, 0, zone)
}

func (d *delivery) open(t *testing.T, at string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), at, store.Options{Key: benchKey})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// render asks the gate beforehand what each message says: the words of the bare loop.
func (d *delivery) render(t *testing.T, db *store.DB) {
	t.Helper()
	h := d.house(t, db, new(counting))
	for from := 0; from < d.n; from += 500 {
		var tasks []bot.Task
		for i := from; i < min(d.n, from+500); i++ {
			tasks = append(tasks, reminder(i, d.base))
		}
		verdicts, err := h.bot.Prepare(t.Context(), tasks, d.base)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range verdicts {
			if v.Act != bot.Send {
				t.Fatalf("the gate holds back: %s", v.Reason)
			}
			v.Message.Attempt = 1
			d.verdicts[tasks[i].Key] = v
			d.keys = append(d.keys, tasks[i].Key)
		}
	}
}

// house puts the bot together with the real SMS network over the gateway, watched by sender.
func (d *delivery) house(t *testing.T, db *store.DB, sender *counting) *house {
	t.Helper()
	network, err := sms.Open(d.gatewayConfig(), nil, io.Discard, quiet())
	if err != nil {
		t.Fatal(err)
	}
	sender.Sender = network
	h, err := assemble(configured(t, nil), db, map[string]outlet{
		"sms": {sender: sender, able: network.Abilities(), parallel: connections},
	}, nil, quiet())
	if err != nil {
		t.Fatal(err)
	}
	h.bot.Reader.Read("bonjour", intents.Context{}) // it learns once when the program starts: that is no part of delivering
	return h
}

func (d *delivery) gatewayConfig() sms.Config {
	return sms.Config{Provider: "kannel", URL: d.gateway.url, Username: "passeur", Password: "motdepasse", From: "38000",
		Secret: secret, PublicURL: "https://passeur.example.fr", Concurrency: connections}
}

// secret is what the gateway shows.
const secret = "abcdefghijklmnop"

// counting tells when so many messages were taken.
type counting struct {
	bot.Sender
	taken atomic.Int64
	left  int
	all   chan struct{}
}

// Send implements bot.Sender.
func (c *counting) Send(ctx context.Context, to bot.Address, m bot.Rendered) (string, error) {
	id, err := c.Sender.Send(ctx, to, m)
	if err == nil && c.taken.Add(1) == int64(c.left) {
		close(c.all)
	}
	return id, err
}

// asIs is the scheduler as the product puts it together.
func (h *house) asIs(*counting) *scheduler.Scheduler { return h.scheduler }

// withoutGate is the same with a gate that knows every answer beforehand.
func (d *delivery) withoutGate(h *house, sender *counting) *scheduler.Scheduler {
	lines := map[string]scheduler.Network{"sms": {Sender: sender, Parallel: connections}}
	return scheduler.New(h.store, h.cluster, knowing{h.bot, d.verdicts}, lines, nil, scheduler.Options{Log: quiet()})
}

// knowing is a brain whose gate reads nothing.
type knowing struct {
	scheduler.Brain
	verdicts map[string]bot.Verdict
}

// Prepare implements scheduler.Brain.
func (k knowing) Prepare(_ context.Context, tasks []bot.Task, _ time.Time) ([]bot.Verdict, error) {
	out := make([]bot.Verdict, len(tasks))
	for i := range tasks {
		out[i] = k.verdicts[tasks[i].Key]
	}
	return out, nil
}

// whole delivers a copy of the database in a process of its own, so that it runs under the program's own settings, with
// nothing else in its memory, as serve does.
func (d *delivery) whole(t *testing.T) spent {
	t.Helper()
	at, done := d.stock.copied(t)
	defer done()
	cmd := exec.Command(os.Args[0], "-test.run=^TestDeliveryProcess$")
	cmd.Env = append(os.Environ(), asDelivery+"="+at, "BENCH_GATEWAY="+d.gateway.url, fmt.Sprintf("BENCH_DUE=%d", d.n), "GOCOVERDIR="+t.TempDir())
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	took := spent{n: d.n}
	_, after, _ := strings.Cut(string(out), "took ")
	if _, scan := fmt.Sscan(after, (*int64)(&took.wall), (*int64)(&took.cpu), (*int64)(&took.server)); err != nil || scan != nil {
		t.Fatalf("the bot's process: %v, %v\n%s", err, scan, out)
	}
	return d.arrived(t, took)
}

// asDelivery is set to the address of the database, for a process that delivers what is due there.
const asDelivery = "PASSEUR_TEST_DELIVERY"

// TestDeliveryProcess is the bot in a process of its own: it delivers all, and writes how many ns of time and of
// processor it took, its own and that of the database's server. It does nothing unless whole runs it.
func TestDeliveryProcess(t *testing.T) {
	at := os.Getenv(asDelivery)
	if at == "" {
		t.Skip("runs in a process of its own, for the measures")
	}
	tune()
	d := &delivery{n: size("BENCH_DUE", 0), base: dueHour(t), gateway: &farGateway{url: os.Getenv("BENCH_GATEWAY")}}
	server := serverOf(t, at)
	before := server.used()
	took := d.turn(t, at, (*house).asIs)
	fmt.Println("took", took.wall.Nanoseconds(), took.cpu.Nanoseconds(), (server.used() - before).Nanoseconds())
}

// gateless delivers a copy of the database without asking the gate.
func (d *delivery) gateless(t *testing.T) (took spent) {
	t.Helper()
	at, done := d.stock.copied(t)
	defer done()
	labelled("gateless", func() { took = d.turn(t, at, d.withoutGate) })
	return d.arrived(t, took)
}

// turn delivers what is due in a database, and returns what it took until the last outcome was committed.
func (d *delivery) turn(t *testing.T, at string, scheduled func(*house, *counting) *scheduler.Scheduler) spent {
	t.Helper()
	sender := &counting{left: d.n, all: make(chan struct{})}
	db := d.open(t, at)
	defer db.Close()
	h := d.house(t, db, sender)
	return timed(t, d.n, func() { d.deliver(t, h.store, scheduled(h, sender), sender) })
}

// arrived checks that everything came once, in requests as large as the first time, and adds what the gateway took.
func (d *delivery) arrived(t *testing.T, took spent) spent {
	t.Helper()
	came := d.gateway.counts(t)
	if came.unique != d.n || came.again > 0 {
		t.Errorf("%d messages of %d came, %d of them again", came.unique, d.n, came.again)
	}
	if d.bytes = cmp.Or(d.bytes, came.bytes); d.bytes != came.bytes {
		t.Errorf("the requests had %d bytes instead of %d", came.bytes, d.bytes)
	}
	took.cpu += came.cpu
	return took
}

// deliver turns the scheduler, at ten in the morning of a working day, until all is sent and noted.
func (d *delivery) deliver(t *testing.T, db *store.DB, s *scheduler.Scheduler, sender *counting) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	began := time.Now()
	go func() {
		defer cancel()
		select {
		case <-sender.all:
		case <-ctx.Done():
		}
	}()
	if err := s.Run(ctx, func() time.Time { return d.base.Add(time.Since(began)) }); err != nil {
		t.Error(err)
	}
	if sum, err := db.Summary(context.Background(), d.base.Add(time.Hour)); err != nil || len(sum.Ended) != 1 || sum.Ended[0].N != d.n || sum.Ended[0].Fate != string(bot.Sent) {
		t.Errorf("not all is noted as sent: %+v, %v", sum, err)
	}
}

// bare hands the same messages over with nothing but a client that keeps its connections.
func (d *delivery) bare(t *testing.T) spent {
	t.Helper()
	requests := d.requests()
	client := &http.Client{Transport: &http.Transport{MaxIdleConns: connections, MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	var took spent
	labelled("bare", func() {
		took = timed(t, d.n, func() {
			sideBySide(t, connections, d.n, func(i int) error { return requests[i].do(client, d.gateway.url+"/cgi-bin/sendsms") })
		})
	})
	return d.arrived(t, took)
}

// sideBySide does n things, so many at once, each as soon as one before is done.
func sideBySide(t *testing.T, atOnce, n int, do func(i int) error) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				if err := do(int(i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// request is one message of the bare loop: what the bot's request says, ready beforehand.
type request struct {
	body   string
	header http.Header
}

func (d *delivery) requests() []request {
	receipts := "https://passeur.example.fr/sms/kannel/dlr?secret=" + secret + "&type=%d&task="
	out := make([]request, 0, d.n)
	for _, key := range d.keys {
		v := d.verdicts[key]
		text := sms.Fold(v.Message.Text)
		coding := map[sms.Encoding]string{sms.GSM7: "0", sms.UCS2: "2"}[sms.Segments(text).Encoding]
		out = append(out, request{text, http.Header{
			"Content-Type": {`text/plain; charset="UTF-8"`}, "X-Kannel-Username": {"passeur"}, "X-Kannel-Password": {"motdepasse"},
			"X-Kannel-From": {"38000"}, "X-Kannel-To": {v.To.ID()}, "X-Kannel-Coding": {coding}, "X-Kannel-Dlr-Mask": {"19"},
			"X-Kannel-Dlr-Url": {receipts + base64.RawURLEncoding.EncodeToString([]byte(key))},
		}})
	}
	return out
}

func (r request) do(client *http.Client, url string) error {
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(r.body))
	if err != nil {
		return err
	}
	req.Header = r.header
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != http.StatusAccepted || !bytes.HasPrefix(answer, []byte("0:"))) {
		err = fmt.Errorf("%d %s", res.StatusCode, answer)
	}
	return err
}

// TestBareSendsTheSame: the bare loop's requests are those of the bot, byte for byte.
func TestBareSendsTheSame(t *testing.T) {
	var heads []handedOver
	var mu sync.Mutex
	g, err := openGateway(func(s handedOver) {
		mu.Lock()
		defer mu.Unlock()
		s.at = time.Time{}
		heads = append(heads, s)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	v := bot.Verdict{To: bot.Address("sms:" + numberOf(7)), Message: bot.Rendered{Key: "rdv/7/v1/j-1", Text: "À demain, Zoé !"}}
	d := &delivery{n: 1, gateway: &farGateway{url: g.url()}, keys: []string{v.Message.Key}, verdicts: map[string]bot.Verdict{v.Message.Key: v}}
	network, err := sms.Open(d.gatewayConfig(), nil, io.Discard, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := network.Send(t.Context(), v.To, v.Message); err != nil {
		t.Fatal(err)
	}
	if err := d.requests()[0].do(http.DefaultClient, g.url()+"/cgi-bin/sendsms"); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := (handedOver{to: numberOf(7), key: v.Message.Key, size: heads[0].size}); !slices.Equal(heads, []handedOver{want, want}) {
		t.Errorf("%+v", heads)
	}
}
