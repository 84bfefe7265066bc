//go:build unix

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/config"
	"passeur/e2e/peers"
	"passeur/store"
)

// A country for some minutes: everybody who is known, what is planned for them, and what leaves and comes in at a busy hour.

const (
	countryPace      = 200 // SMS a second that the line takes
	countryReminders = 50  // that fall due in a second
	countryIncoming  = 50  // that come in in a second; each gets a reply
	countryStaff     = 4000
	countryBroadcast = "c0000000000b" // the campaign whose texts are due all the time
)

// country is its database, and what its gateway got.
type country struct {
	lasts     time.Duration
	houses    int // that share the work
	usagers   int
	pending   int
	reminders int       // that fall due
	texts     int       // of the broadcast
	base      time.Time // what the houses' clocks say at began: ten o'clock of a Wednesday
	began     time.Time

	stock   *pgStock
	at      string
	gateway *gateway
	mu      sync.Mutex
	handed  map[string]time.Time // by task
	sorts   map[string]int       // how many of each
	again   int
}

// benchPgCountry measures how late reminders are in a country of 3,000,000 usagers while a broadcast takes all that the line has left and people
// write. Houses, each in a process of its own, share PostgreSQL and Redis.
func benchPgCountry(t *testing.T, b *bars) {
	c := newCountry(t)
	c.fill(t)
	redis := peers.StartRedis(t)
	c.began = time.Now()
	var houses []*farHouse
	for range c.houses {
		houses = append(houses, c.house(t, redis.URL))
	}
	for _, h := range houses {
		h.await(t)
	}
	first := c.began.Add(warmUp)
	if late := time.Since(first); late > 0 {
		t.Errorf("the houses were ready %v after the first reminder fell due", late)
	}
	<-time.After(time.Until(first))
	seen := c.write(t, houses)
	until(10*time.Second, 50*time.Millisecond, func() bool { return c.came("rdv") >= c.reminders && c.came("sms") >= len(seen.sent) })
	for _, h := range houses {
		h.stop(t)
	}
	c.report(t, b, seen)
}

func newCountry(t *testing.T) *country {
	t.Helper()
	lasts, err := time.ParseDuration(cmp.Or(os.Getenv("BENCH_COUNTRY"), "10m"))
	if err != nil {
		t.Fatal(err)
	}
	seconds := int(lasts.Seconds())
	settings := []string{"shared_buffers=1GB", "maintenance_work_mem=256MB", "max_wal_size=8GB"}
	stock := &pgStock{pg: peers.StartPostgres(t, settings...)}
	c := &country{lasts: lasts, houses: size("BENCH_HOUSES", 2), usagers: size("BENCH_USAGERS", 3_000_000), pending: size("BENCH_PENDING", 1_000_000), base: dueHour(t),
		reminders: countryReminders * seconds, texts: countryPace*seconds + 5000, stock: stock, at: stock.pg.Database(t, "country"), handed: map[string]time.Time{}, sorts: map[string]int{}}
	if c.gateway, err = openGateway(c.took); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.gateway.close() })
	fmt.Printf("\na country for %v: PostgreSQL with %s, Redis, %d houses; the line takes %d SMS/s\n", lasts, strings.Join(settings, ", "), c.houses, countryPace)
	return c
}

func (c *country) took(s handedOver) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, again := c.handed[s.key]; again {
		c.again++
		return
	}
	c.handed[s.key] = s.at
	sort, _, _ := strings.Cut(s.key, "/")
	c.sorts[sort]++
}

// came is how many messages of a sort were handed over: reminders (rdv), texts of the broadcast (messages), replies (sms).
func (c *country) came(sort string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sorts[sort]
}

// fill writes the country. Who is written to or writes is written by the store, as the product writes her; the others are copies of such people that
// the server makes under other ids, whose bodies nobody opens.
func (c *country) fill(t *testing.T) {
	t.Helper()
	began := time.Now()
	db := c.stock.open(t, c.at)
	defer db.Close()
	writers := min(numbers, c.usagers)
	fillTasks(t, db, writers, func(i int) bot.Task { return reminder(i, c.base.Add(time.Hour+time.Duration(i)*10*time.Second)) })
	multiply(t, c.at, "task", (c.pending-c.reminders-c.texts)/writers-1, map[string]string{
		"id": "nextval('task_id')", "key": "x.key || '/' || n", "grp": "x.grp || '/' || n", "recipient": copiedID("x.recipient"), "at": "x.at + n * 100", "next_at": "x.next_at + n * 100",
	})
	fillAskedAt(t, db, writers, c.base.Add(-time.Hour))
	multiply(t, c.at, "record", c.usagers/writers-1, map[string]string{
		"id": "CASE WHEN x.kind IN ('address', 'chat') THEN md5(x.id || n) || md5(n || x.id) ELSE " + copiedID("x.id") + " END", "subject": copiedID("x.subject"),
		"owner": fmt.Sprintf("CASE WHEN x.owner = '' THEN '' ELSE 'c' || lpad(to_hex((random() * %d)::int), 12, '0') END", countryStaff-1), "at": "x.at + n * 1000",
		"place": "CASE WHEN x.place = '' THEN '' ELSE lpad((n % 95 + 1)::text, 2, '0') || substr(x.place, 3) END",
	}, "x.kind IN ('person', 'address') OR n % 3 = 0")
	c.staff(t, db)
	c.due(t, db)
	serverDo(t, c.at, "VACUUM (ANALYZE)")
	serverDo(t, c.at, "CHECKPOINT") // what filling left to be written is no part of the hour
	fmt.Printf("  filled in %.0f s, %.0f MB: %d usagers, each with her address, a third of them with a chat and an appointment; %d counsellors; %d pending tasks, of which %d reminders fall due in the time, and %d texts of a broadcast are due\n",
		time.Since(began).Seconds(), c.stock.megabytes(t, "country"), c.usagers, countryStaff, c.pending, c.reminders, c.texts)
}

// copiedID is the id of the n-th copy of a person or an appointment.
func copiedID(column string) string {
	return fmt.Sprintf("CASE WHEN %s = '' THEN '' ELSE left(%[1]s, 1) || lpad(to_hex(n), 4, '0') || right(%[1]s, 8) END", column)
}

func (c *country) staff(t *testing.T, db *store.DB) {
	t.Helper()
	for from := 0; from < countryStaff; from += 400 {
		var change bot.Change
		for i := from; i < min(countryStaff, from+400); i++ {
			id, address := fmt.Sprintf("c%012x", i), bot.Address(fmt.Sprintf("mattermost:%026d", i))
			p := bot.Person{V: 1, Name: "Marie Exemple", Role: bot.Conseiller, Addresses: []bot.Address{address}}
			change.Records = append(change.Records, record(t, "person", id, p, bot.Record{Subject: id, State: string(bot.Conseiller), At: c.base.Add(-time.Hour)}),
				record(t, "address", string(address), bot.Holders{V: 1, People: []string{id}}, bot.Record{At: c.base.Add(-time.Hour)}))
		}
		commit(t, db, change)
	}
}

// due writes what leaves, each to a person of her own: the reminders, evenly over the time, and the broadcast, all of it at once.
func (c *country) due(t *testing.T, db *store.DB) {
	t.Helper()
	fillUsagers(t, db, numbers, c.reminders+c.texts, c.base.Add(-time.Hour))
	fillTasks(t, db, c.reminders, func(i int) bot.Task { return reminder(numbers+i, c.fallsDue(i)) })
	about := "campaign/" + countryBroadcast
	commit(t, db, bot.Change{Records: []bot.Record{record(t, "campaign", countryBroadcast, bot.Campaign{V: 1, Title: "Essai", Owner: counsellorOf(0), Sort: "diffusion", State: "en-cours"},
		bot.Record{Owner: counsellorOf(0), Place: "50", State: "en-cours", At: c.base})}})
	fillTasks(t, db, c.texts, func(i int) bot.Task {
		task := reminder(numbers+c.reminders+i, c.base)
		task.Key, task.Group, task.Batch, task.Lane, task.Purpose = fmt.Sprintf("messages/%d", i), fmt.Sprintf("%s/%d", about, i), "messages/"+countryBroadcast, bot.Broadcast, bot.ForOutreach
		task.Message = &bot.Message{Text: "Bonjour, Marie Exemple ne sera pas à la mairie de Coutances mardi. STOP : plus de SMS.", About: about}
		return task
	})
}

// warmUp is how long the houses run before the first reminder falls due.
const warmUp = 30 * time.Second

func (c *country) fallsDue(i int) time.Time {
	return c.base.Add(warmUp + time.Duration(i)*time.Second/countryReminders)
}

// farHouse is serve in a process of its own, whose clock is set.
type farHouse struct {
	url   string
	cmd   *exec.Cmd
	stdin io.Closer
}

func (c *country) house(t *testing.T, redis string) *farHouse {
	t.Helper()
	listen := freePort(t)
	set := onServers(c.at, redis, c.gateway.url())
	maps.Copy(set, map[string]string{"PASSEUR_LISTEN": listen, "PASSEUR_SMS_RATE": fmt.Sprint(countryPace), "PASSEUR_REDIS_REPLICAS": fmt.Sprint(c.houses),
		asHouse: strconv.FormatInt(int64(c.base.Sub(c.began)), 10)})
	h := &farHouse{url: "http://" + listen, cmd: exec.Command(os.Args[0], "-test.run=^TestHouseProcess$", "-test.timeout=0")}
	h.cmd.Env = append(os.Environ(), "GOCOVERDIR="+t.TempDir())
	for name, value := range set {
		h.cmd.Env = append(h.cmd.Env, name+"="+value)
	}
	h.cmd.Stderr, h.cmd.SysProcAttr = os.Stderr, &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var err error
	if h.stdin, err = h.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.cmd.Process.Kill() })
	return h
}

func (h *farHouse) await(t *testing.T) {
	t.Helper()
	if !until(2*time.Minute, 5*time.Millisecond, func() bool { return healthy(h.url) }) {
		t.Fatal("a house is not ready")
	}
}

func (h *farHouse) stop(t *testing.T) {
	t.Helper()
	_ = h.stdin.Close()
	if err := h.cmd.Wait(); err != nil {
		t.Errorf("a house ended with %v", err)
	}
}

// asHouse is set, for a process that is serve, to how far its clock is from the machine's, in ns.
const asHouse = "PASSEUR_TEST_HOUSE"

// TestHouseProcess is serve with the settings of its environment, until its input ends. It does nothing unless a country runs it.
func TestHouseProcess(t *testing.T) {
	ahead, err := strconv.ParseInt(os.Getenv(asHouse), 10, 64)
	if err != nil {
		t.Skip("runs in a process of its own, for the measures")
	}
	tune()
	cfg, err := config.Load("", os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	db, err := openStore(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	srv, err := newServer(cfg, db, streams{strings.NewReader(""), io.Discard, io.Discard}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	srv.clock = func() time.Time { return time.Now().Add(time.Duration(ahead)) }
	srv.networks[0].Network = onClock{srv.networks[0].Network.(*sms.Network), srv.clock}
	ctx, stop := context.WithCancel(t.Context())
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); stop() }()
	if err := srv.run(ctx); err != nil {
		t.Fatal(err)
	}
}

// onClock is an SMS network whose events happen when a clock says.
type onClock struct {
	*sms.Network
	clock func() time.Time
}

// Listen implements bot.Network.
func (n onClock) Listen(ctx context.Context, hear bot.Hear) error {
	return n.Network.Listen(ctx, func(ctx context.Context, e bot.Event) (bot.Response, error) {
		e.At = n.clock()
		return hear(ctx, e)
	})
}

// hour is what was seen from outside while people wrote.
type hour struct {
	sent   map[string]time.Time // what they wrote, by its event
	texts  int                  // of the broadcast, that left
	server time.Duration        // of processor, that PostgreSQL took
}

// write has people write to all houses at random moments, so many a second in the mean.
func (c *country) write(t *testing.T, houses []*farHouse) hour {
	t.Helper()
	out := hour{sent: map[string]time.Time{}}
	server := serverOf(t, c.at)
	texts, cpu := c.came("messages"), server.used()
	var mu sync.Mutex
	var all sync.WaitGroup
	each := countryIncoming * int(c.lasts.Seconds()) / len(houses)
	for i, h := range houses {
		w := newWebhooks(h.url, fmt.Sprintf("house%d-", i), 64)
		w.first = i * numbers / len(houses)
		all.Go(func() {
			sent := arrivals(t, w, each, countryIncoming/len(houses))
			mu.Lock()
			defer mu.Unlock()
			for k, at := range sent {
				out.sent[fmt.Sprintf("sms/kannel/%s%d", w.run, k)] = at
			}
		})
	}
	all.Wait()
	out.texts, out.server = c.came("messages")-texts, server.used()-cpu
	return out
}

func (c *country) report(t *testing.T, b *bars, h hour) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	var late, waits []time.Duration
	for i := range c.reminders {
		if at, ok := c.handed[reminder(numbers+i, c.base).Key]; ok {
			late = append(late, at.Sub(c.began.Add(c.fallsDue(i).Sub(c.base))))
		}
	}
	for key, at := range c.handed {
		if sent, ok := h.sent[key[:strings.LastIndexByte(key, '/')]]; ok {
			waits = append(waits, at.Sub(sent))
		}
	}
	if len(late) != c.reminders || c.again > 0 || c.sorts["messages"] == c.texts {
		t.Errorf("%d of %d reminders came, %d messages twice, %d of %d texts of the broadcast", len(late), c.reminders, c.again, c.sorts["messages"], c.texts)
	}
	seconds := c.lasts.Seconds()
	fmt.Printf("  %d reminders at %d/s, late p50 %v, p99 %v, most %v\n", len(late), countryReminders, quantile(late, .5), quantile(late, .99), quantile(late, 1))
	fmt.Printf("  %d SMS in at %d/s, until the gateway has the reply: p50 %v, p99 %v, most %v (%d replies)\n", len(h.sent), countryIncoming, quantile(waits, .5), quantile(waits, .99), quantile(waits, 1), len(waits))
	fmt.Printf("  the broadcast left at %.0f/s; PostgreSQL took %.0f %% of a processor\n", float64(h.texts)/seconds, 100*h.server.Seconds()/seconds)
	b.add("country_lag_p99_ms", inMillis(quantile(late, .99)))
}
