//go:build unix

package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"passeur/bot"
	"passeur/e2e/peers"
	"passeur/store"
)

// TestChaosReplicas runs three robots on one PostgreSQL and one Redis beside a real Mattermost, and has all of them fail: robots are killed and
// stopped, PostgreSQL, Redis and Mattermost go away and come back, Redis forgets everything, the SMS gateway refuses or says nothing, and tells of the
// same SMS twice. It runs with CHAOS_REPLICAS=1 (make chaos-replicas), prints what happened and, last, one line a figure.
func TestChaosReplicas(t *testing.T) {
	gated(t, "CHAOS_REPLICAS")
	program := built(t)
	var b bars
	t.Run("trouble", func(t *testing.T) { troubleOfReplicas(t, program, &b) })
	t.Run("takeover", func(t *testing.T) { takeovers(t, program, &b) })
	t.Run("rolling", func(t *testing.T) { rolling(t, program, &b) })
	t.Run("pace", func(t *testing.T) { paceOfReplicas(t, program, &b) })
	b.print()
}

const (
	robots    = 3
	askers    = 5_000 // people who write, the first ones; the others are written to
	perPerson = 10    // messages to each of those
)

// troubled is the installation under trouble.
type troubled struct {
	t       *testing.T
	program binary
	pg      *peers.Postgres
	redis   *peers.Redis
	mm      *outage
	gateway *moody
	set     map[string]string
	db      *store.DB
	dice    *rand.Rand
	began   time.Time

	mu      sync.Mutex
	running [robots]*process // nil while it is away
	listen  [robots]string
	begun   [robots]time.Time // when each was started last
	kills   int
	stops   []time.Duration // what each stop that was asked for took
}

func troubleOfReplicas(t *testing.T, program binary, b *bars) {
	seed := uint64(size("CHAOS_SEED", int(time.Now().UnixNano()%1_000_000)))
	lasts := time.Duration(size("CHAOS_SECONDS", 600)) * time.Second
	sends := size("CHAOS_SENDS", 50_000)
	incoming := min(size("CHAOS_INCOMING", 5_000), askers)
	fmt.Printf("\n%d robots, %d messages to send and %d SMS to hear in %v; CHAOS_SEED=%d\n", robots, sends, incoming, lasts, seed)
	c := newTroubled(t, program, seed)
	c.open()
	c.startAll()
	words := c.counsellors()
	c.fill(sends, incoming, lasts)
	ctx, stop := context.WithTimeout(t.Context(), lasts)
	defer stop()
	var crowd sync.WaitGroup
	crowd.Go(func() { c.hear(incoming, lasts) })
	crowd.Go(func() { words.write(ctx, c.t) })
	c.trouble(ctx)
	c.restore()
	crowd.Wait()
	stuck := c.drain()
	c.report(b, sends, incoming, stuck)
	words.answered(t)
	c.stopAll()
}

func newTroubled(t *testing.T, program binary, seed uint64) *troubled {
	t.Helper()
	c := &troubled{t: t, program: program, pg: peers.StartPostgres(t), redis: peers.StartRedis(t), gateway: openMoody(t), dice: rand.New(rand.NewPCG(seed, 1))}
	c.mm = &outage{Mattermost: peers.StartMattermost(t)}
	if _, _, err := c.mm.Admin.AddTeamMember(t.Context(), c.mm.Team.Id, c.mm.BotID); err != nil {
		t.Fatal(err)
	}
	c.set = onServers(c.pg.DSN, c.redis.URL, c.gateway.url)
	maps.Copy(c.set, map[string]string{"PASSEUR_SMS_RATE": "300", "PASSEUR_MATTERMOST_URL": c.mm.URL, "PASSEUR_MATTERMOST_TOKEN": c.mm.Token, "PASSEUR_MATTERMOST_TEAM": c.mm.Team.Name})
	for i := range robots {
		c.listen[i] = peers.Addr(peers.FreePort(t))
	}
	return c
}

// open opens the database, and brings it to this release's schema.
func (c *troubled) open() {
	c.t.Helper()
	db, err := openStore(c.t.Context(), configured(c.t, c.set))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = db.Close() })
	c.db, c.mm.db = db, db
}

func (c *troubled) startAll() {
	c.t.Helper()
	for i := range robots {
		c.start(i)
	}
}

func (c *troubled) stopAll() {
	c.t.Helper()
	for i := range robots {
		c.running[i].stop(c.t)
	}
}

// counsellors makes those who are told of what people answer, and one who writes to the bot all the time.
func (c *troubled) counsellors() *chatter {
	c.t.Helper()
	people := staff(c.t, time.Now())
	var accounts []*peers.User
	for i := range people {
		u := c.mm.NewStranger(c.t, fmt.Sprintf("conseiller%02d", i))
		accounts = append(accounts, u)
		address := bot.Address("mattermost:" + u.Id)
		body := bot.Person{V: 1, Name: "Marie Exemple", Role: bot.Conseiller, Addresses: []bot.Address{address}}
		people[i] = record(c.t, "person", people[i].ID, body, bot.Record{Subject: people[i].ID, State: string(bot.Conseiller), At: time.Now()})
		people = append(people, record(c.t, "address", string(address), bot.Holders{V: 1, People: []string{people[i].ID}}, bot.Record{At: time.Now()}))
	}
	commit(c.t, c.db, bot.Change{Now: time.Now(), Records: people})
	for _, u := range accounts { // once the bot knows them under the ids of the measures
		if _, _, err := c.mm.Admin.AddTeamMember(c.t.Context(), c.mm.Team.Id, u.Id); err != nil {
			c.t.Fatal(err)
		}
	}
	u := c.mm.NewUser(c.t, "zoe")
	c.mm.NextPost(c.t, u, nil) // she is welcomed
	(&mattermostBench{Mattermost: c.mm.Mattermost}).proposal(c.t, u, 9999)
	return &chatter{mm: c.mm, user: u, channel: c.mm.DM(c.t, u).Id}
}

// chatter writes to the bot what it answers by quoting it.
type chatter struct {
	mm      *outage
	user    *peers.User
	channel string
}

// write writes some words every three seconds, each until the server takes them.
func (w *chatter) write(ctx context.Context, t *testing.T) {
	for i := 0; ctx.Err() == nil; i++ {
		until(time.Minute, 200*time.Millisecond, func() bool {
			_, _, err := w.user.API.CreatePost(context.Background(), &model.Post{ChannelId: w.channel, Message: fmt.Sprint("zz ", i)})
			return err == nil
		})
		select {
		case <-ctx.Done():
		case <-time.After(3 * time.Second):
		}
	}
}

func (w *chatter) answered(t *testing.T) {
	t.Helper()
	w.mm.settled(t, w.user)
	written, _, total := w.mm.words(t, w.user)
	fmt.Printf("  a counsellor wrote %d times in Mattermost and was answered %d times\n", len(written), total)
	w.mm.answeredOnce(t, w.user)
}

// fill writes the people and the messages: two at a time to each person, a moment apart, in turn, so that each has ten of them in the whole time.
func (c *troubled) fill(sends, incoming int, lasts time.Duration) {
	c.t.Helper()
	fillAskedAt(c.t, c.db, incoming, time.Now())
	people := sends / perPerson
	fillUsagers(c.t, c.db, askers, people, time.Now())
	c.began = time.Now().Add(5 * time.Second)
	fillTasks(c.t, c.db, sends, func(i int) bot.Task {
		person, nth := i/2%people, i/2/people*2+i%2
		task := reminder(askers+person, c.began.Add(time.Duration(i)*lasts/time.Duration(sends)))
		task.Key, task.Purpose, task.NotAfter, task.Message.Key = fmt.Sprintf("chaos/%d/%d", person, nth), bot.ForTalk, time.Time{}, "rdv.confirme"
		return task
	})
}

func (c *troubled) start(i int) {
	c.t.Helper()
	set := maps.Clone(c.set)
	set["PASSEUR_LISTEN"] = c.listen[i]
	begun := time.Now()
	p := c.program.start(c.t, set)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running[i], c.begun[i] = p, begun
}

// take takes a robot away, to be ended.
func (c *troubled) take(i int) *process {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.running[i]
	c.running[i] = nil
	return p
}

// anyone is the address of a robot, which may be away.
func (c *troubled) anyone(n int) string { return "http://" + c.listen[n%robots] }

// hear has people write, some of them by a gateway that tells two robots at once, each until a robot takes it.
func (c *troubled) hear(incoming int, lasts time.Duration) {
	var all sync.WaitGroup
	for i := range incoming {
		<-time.After(time.Until(c.began.Add(time.Duration(i) * lasts / time.Duration(incoming))))
		for twice := range 1 + (i%5)/4 {
			all.Go(func() { c.tell(i, i+twice) })
		}
	}
	all.Wait()
}

// tell brings one SMS to a robot, or to another one.
func (c *troubled) tell(i, first int) {
	for try := first; ; try++ {
		if newWebhooks(c.anyone(try), "", 1).send(fmt.Sprint("chaos-", i), i, "oui") == nil {
			return
		}
		<-time.After(time.Second)
	}
}

// trouble makes trouble of all kinds, in an order that the dice give, until ctx ends.
func (c *troubled) trouble(ctx context.Context) {
	acts := map[string]func(){
		"a robot is killed":       c.kill,
		"a robot is killed again": c.kill,
		"a robot is killed, too":  c.kill,
		"a robot is restarted":    func() { c.restart(c.dice.IntN(robots)) },
		"PostgreSQL is away 10 s": func() { c.pg.Kill(c.t); <-time.After(10 * time.Second); c.pg.Start(c.t) },
		"Redis forgets":           func() { c.redis.Flush(c.t) },
		"Redis is away 20 s":      func() { c.redis.Stop(c.t); <-time.After(20 * time.Second); c.redis.Start(c.t) },
		"the gateway says 503":    func() { c.gateway.be(refusing, 8*time.Second) },
		"the gateway is silent":   func() { c.gateway.be(silent, 4*time.Second) },
		"Mattermost is restarted": func() { c.mm.Kill(c.t); <-time.After(3 * time.Second); c.mm.Restart(c.t) },
	}
	names := make([]string, 0, len(acts))
	for name := range acts {
		names = append(names, name)
	}
	slices.Sort(names)
	for {
		c.dice.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for _, name := range names {
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Duration(5+c.dice.IntN(10)) * time.Second):
			}
			fmt.Printf("  %4.0f s  %s\n", time.Since(c.began).Seconds(), name)
			acts[name]()
			c.alive()
		}
	}
}

// kill ends a robot as a power cut does, and starts it again.
func (c *troubled) kill() {
	i := c.dice.IntN(robots)
	c.take(i).kill(c.t)
	c.kills++
	<-time.After(time.Duration(1+c.dice.IntN(5)) * time.Second)
	c.start(i)
}

// restart stops a robot as an update does, and starts it again.
func (c *troubled) restart(i int) {
	asked := time.Now()
	c.take(i).stop(c.t)
	c.stops = append(c.stops, time.Since(asked))
	c.start(i)
}

// alive makes sure that no robot ended by itself.
func (c *troubled) alive() {
	c.t.Helper()
	for i, p := range c.running {
		if p != nil && len(p.ended) > 0 {
			c.t.Fatalf("robot %d ended by itself:\n%s", i, tail(p.errs.String()))
		}
	}
}

func tail(text string) string { return text[max(0, len(text)-4000):] }

// restore brings back what is away.
func (c *troubled) restore() {
	c.t.Helper()
	for i := range robots {
		if c.running[i] == nil {
			c.start(i)
		}
	}
	fmt.Printf("  %4.0f s  trouble is over\n", time.Since(c.began).Seconds())
}

// drain waits until nothing is left to do, or nothing has been done for three minutes.
func (c *troubled) drain() (stuck int) {
	c.t.Helper()
	left := func() (n int) {
		sum, err := c.db.Summary(c.t.Context(), time.Now())
		if err != nil {
			c.t.Fatal(err)
		}
		for _, l := range sum.Lanes {
			if l.Network != "" { // wake-ups of later days are to come
				n += l.Pending
			}
		}
		return n + sum.Waiting + sum.Parked
	}
	stuck = left()
	for stuck > 0 {
		now := stuck
		if !until(3*time.Minute, time.Second, func() bool { now = left(); return now < stuck }) {
			return now
		}
		stuck = now
	}
	return 0
}

func (c *troubled) report(b *bars, sends, incoming, stuck int) {
	c.t.Helper()
	lost := c.missing(sends) + c.unanswered(incoming)
	again, disorder, behind := c.gateway.figures()
	fmt.Printf("  %d kills; stops that were asked for: %v at most\n", c.kills, slices.Max(append(c.stops, 0)).Round(time.Millisecond))
	fmt.Printf("  %d lost, %d came again, %d stuck; begun in another order: %d; %d came behind a later one because they were refused first\n", lost, again, stuck, disorder, behind)
	b.add("lost", float64(lost))
	b.add("duplicates_per_kill", rounded(float64(again)/float64(max(c.kills, 1)), 2))
	b.add("disorder", float64(disorder))
	b.add("stuck", float64(stuck))
	b.add("stop_s", rounded(slices.Max(append(c.stops, 0)).Seconds(), 1))
	if lost > 0 || disorder > 0 || stuck > 0 {
		c.t.Errorf("%d lost, %d in disorder, %d stuck", lost, disorder, stuck)
	}
}

// missing counts the messages that the gateway never took and that nobody calls uncertain.
func (c *troubled) missing(sends int) (lost int) {
	c.t.Helper()
	uncertain := 0
	for i := range sends {
		key := fmt.Sprintf("chaos/%d/%d", i/2%(sends/perPerson), i/2/(sends/perPerson)*2+i%2)
		if c.gateway.times(key) > 0 {
			continue
		}
		rows, err := c.db.Tasks(c.t.Context(), store.TaskQuery{Key: key}, time.Now())
		if err != nil {
			c.t.Fatal(err)
		}
		if len(rows) == 1 && rows[0].Fate == bot.Uncertain {
			uncertain++
			continue
		}
		lost++
	}
	fmt.Printf("  %d of %d messages did not come and are noted as uncertain\n", uncertain, sends)
	return lost
}

// unanswered counts the people who wrote and to whom no answer was written, or to whom more than one was.
func (c *troubled) unanswered(incoming int) (lost int) {
	c.t.Helper()
	for i := range incoming {
		rows, err := c.db.Tasks(c.t.Context(), store.TaskQuery{To: personOf(i)}, time.Now())
		if err != nil {
			c.t.Fatal(err)
		}
		if len(rows) != 1 || rows[0].State != store.Ended || rows[0].Fate != bot.Sent && rows[0].Fate != bot.Uncertain {
			fmt.Printf("  person %d: %+v\n", i, rows)
			lost++
		}
	}
	return lost
}

// mood is how a gateway answers.
type mood int32

const (
	well mood = iota
	refusing
	silent
)

// moody is an SMS gateway like Kannel's smsbox that has moods. It notes in which order it was told of the messages to one person.
type moody struct {
	url  string
	mood atomic.Int32

	mu    sync.Mutex
	came  map[string]int // by key: how often it was taken
	told  map[string]int // by person: the message that was tried last for the first time, from 1
	tried map[string]bool
	taken map[string]int // by person: the message that was taken last
	// What is counted: messages that came again, first tries behind that of a later message, messages taken behind a later one.
	again, disorder, behind int
}

func openMoody(t *testing.T) *moody {
	t.Helper()
	g := &moody{came: map[string]int{}, told: map[string]int{}, tried: map[string]bool{}, taken: map[string]int{}}
	server := &http.Server{Addr: peers.Addr(peers.FreePort(t)), Handler: g}
	go func() { _ = server.ListenAndServe() }()
	t.Cleanup(func() { _ = server.Close() })
	g.url = "http://" + server.Addr
	return g
}

// be has it be in a mood for a while.
func (g *moody) be(m mood, lasts time.Duration) {
	g.mood.Store(int32(m))
	<-time.After(lasts)
	g.mood.Store(int32(well))
}

// ServeHTTP implements http.Handler.
func (g *moody) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	_, task, _ := strings.Cut(r.Header.Get("X-Kannel-Dlr-Url"), "&task=")
	key, _ := base64.RawURLEncoding.DecodeString(task)
	m := mood(g.mood.Load())
	g.note(string(key), m != refusing)
	switch m {
	case refusing:
		http.Error(w, "3: busy", http.StatusServiceUnavailable)
	case silent:
		<-r.Context().Done()
	default:
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "0: Accepted for delivery\n")
	}
}

func (g *moody) note(key string, taken bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if taken {
		if g.came[key]++; g.came[key] > 1 {
			g.again++
			fmt.Printf("          again: %s\n", key)
		}
	}
	person, nth, ok := strings.Cut(strings.TrimPrefix(key, "chaos/"), "/")
	if n, err := strconv.Atoi(nth); ok && err == nil && strings.HasPrefix(key, "chaos/") {
		g.order(key, person, n+1, taken)
	}
}

func (g *moody) order(key, person string, n int, taken bool) {
	if !g.tried[key] {
		g.tried[key] = true
		if n < g.told[person] {
			g.disorder++
			fmt.Printf("          %s behind %d\n", key, g.told[person]-1)
		}
		g.told[person] = max(g.told[person], n)
	}
	if taken {
		if n < g.taken[person] {
			g.behind++
		}
		g.taken[person] = max(g.taken[person], n)
	}
}

func (g *moody) times(key string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.came[key]
}

func (g *moody) figures() (again, disorder, behind int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.again, g.disorder, g.behind
}

// paceOfReplicas has two robots send as fast as they may, and looks for the second in which most came.
func paceOfReplicas(t *testing.T, program binary, b *bars) {
	pg, redis := peers.StartPostgres(t), peers.StartRedis(t)
	worst := 0.0
	for _, perSecond := range []int{30, 1000} {
		seconds := size("CHAOS_PACE_SECONDS", 20)
		came := sendByTwo(t, program, pg.Database(t, fmt.Sprint("debit", perSecond)), redis.URL, perSecond, perSecond*seconds)
		most := mostInASecond(came)
		share := float64(most) / float64(perSecond)
		fmt.Printf("\ntwo robots at %d/s: %d messages in %.1f s, %d in the worst second (%.3f)\n", perSecond, len(came),
			came[len(came)-1].Sub(came[0]).Seconds(), most, share)
		worst = max(worst, share)
	}
	b.add("pace_over_share", rounded(worst, 3))
}

// sendByTwo has two robots send n messages, and returns when each came.
func sendByTwo(t *testing.T, program binary, database, redis string, perSecond, n int) []time.Time {
	t.Helper()
	var mu sync.Mutex
	var came []time.Time
	gateway, err := openGateway(func(h handedOver) {
		mu.Lock()
		defer mu.Unlock()
		came = append(came, h.at)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	set := onServers(database, redis, gateway.url())
	set["PASSEUR_REDIS_PREFIX"], set["PASSEUR_SMS_RATE"], set["PASSEUR_SMS_PARALLEL"] = fmt.Sprintf("debit%d:", perSecond), fmt.Sprint(perSecond), "64"
	db, err := openStore(t.Context(), configured(t, set))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now := time.Now()
	fillUsagers(t, db, 0, n, now)
	fillTasks(t, db, n, func(i int) bot.Task { return talk(i, now) })
	var two [2]*process
	for i := range two {
		two[i] = program.start(t, set)
	}
	all := until(time.Duration(n/perSecond)*time.Second*3+time.Minute, 20*time.Millisecond, func() bool { mu.Lock(); defer mu.Unlock(); return len(came) >= n })
	for _, p := range two {
		p.stop(t)
	}
	mu.Lock()
	defer mu.Unlock()
	if !all {
		t.Fatalf("%d of %d came", len(came), n)
	}
	slices.SortFunc(came, time.Time.Compare)
	return came
}
