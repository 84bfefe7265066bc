//go:build unix

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"

	"passeur/bot"
	"passeur/intents"
	"passeur/store"
)

// TestBenchOutreachRSVP has 500 professionals press « Je viens » at once, over HTTP, for 100 places, on SQLite on disk: exactly 100 have one, the others wait
// in the order in which their answers were committed, and all calls are answered in time. It runs with BENCH_OUTREACH=1; the server is a
// pretended Mattermost, which takes some milliseconds for each question about a right, as a real one does.
func TestBenchOutreachRSVP(t *testing.T) {
	gated(t, "BENCH_OUTREACH")
	const places = 100
	n := size("BENCH_RSVP", 500)
	crowd := newCrowd(t, n)
	ledger := &ledger{by: map[string]int64{}}
	stop, organised := crowd.serve(t, ledger, places)
	defer stop()
	button := crowd.button(t)
	bare := barePosts(t, n)
	cpu := used(t)
	began := time.Now()
	var slowest time.Duration
	var mu sync.Mutex
	sideBySide(t, n, n, func(i int) error {
		err := crowd.press(i, button)
		mu.Lock()
		defer mu.Unlock()
		slowest = max(slowest, time.Since(began))
		return err
	})
	spent := used(t) - cpu
	until(time.Minute, 5*time.Millisecond, func() bool { return crowd.told() == n })
	told := time.Since(began)
	if heard := crowd.told(); heard != n {
		t.Errorf("%d of %d were told in private", heard, n)
	}
	in, disorder := crowd.judge(t, organised(), ledger)
	fmt.Printf("\n%d professionals press at once for %d places: all calls answered within %v, all told in private within %v; %d in, %d of %d waiting out of order; %.0f µs CPU a press, caller and pretended server included; the channel's post was edited %d times; %d bare calls at once: %v\n",
		n, places, slowest.Round(time.Millisecond), told.Round(time.Millisecond), in, disorder, n-places, float64(spent.Microseconds())/float64(n), crowd.edits, n, bare.Round(time.Millisecond))
	var b bars
	b.add("rsvp_in", float64(in))
	b.add("rsvp_disorder", float64(disorder))
	b.add("rsvp_all_ms", inMillis(slowest))
	b.print()
}

// ledger is a store that notes with which version of an occasion each event was committed: the order of commits.
type ledger struct {
	bot.Store
	mu sync.Mutex
	by map[string]int64 // by event
}

// Commit implements bot.Store.
func (l *ledger) Commit(ctx context.Context, c bot.Change) error {
	err := l.Store.Commit(ctx, c)
	for _, r := range c.Records {
		if err == nil && r.Kind == "occasion" {
			l.mu.Lock()
			l.by[c.Event] = r.Version
			l.mu.Unlock()
		}
	}
	return err
}

// crowd is a pretended Mattermost server, its people, and the bot that they press.
type crowd struct {
	*httptest.Server
	public  string
	me      string
	team    string
	channel string
	people  []*model.User
	client  *http.Client

	mu     sync.Mutex
	posts  map[string]*model.Post
	direct map[string]string // who reads a direct channel
	heard  map[string]bool   // who was told that she is on a list
	edits  int
}

// asking is how long the pretended server takes for a question about a right.
const asking = 5 * time.Millisecond

func newCrowd(t *testing.T, n int) *crowd {
	t.Helper()
	c := &crowd{me: model.NewId(), team: model.NewId(), channel: model.NewId(), posts: map[string]*model.Post{}, direct: map[string]string{}, heard: map[string]bool{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: n}}}
	for i := range n + 1 { // the last one organises
		c.people = append(c.people, &model.User{Id: model.NewId(), Username: fmt.Sprint("pro", i), FirstName: firstNames[i%len(firstNames)], LastName: fmt.Sprint("Exemple ", i), Locale: "fr"})
	}
	c.Server = httptest.NewServer(c.routes())
	t.Cleanup(c.Close)
	return c
}

func (c *crowd) routes() http.Handler {
	mux := http.NewServeMux()
	answer := func(pattern string, do func(r *http.Request) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			v := do(r)
			if v == nil {
				w.WriteHeader(http.StatusNotFound)
			}
			_ = json.NewEncoder(w).Encode(v)
		})
	}
	answer("GET /api/v4/users/me", func(*http.Request) any { return &model.User{Id: c.me, Username: "passeur", IsBot: true} })
	answer("GET /api/v4/users/{id}", func(r *http.Request) any { <-time.After(asking); return c.user(r.PathValue("id")) })
	answer("GET /api/v4/users", func(r *http.Request) any {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		each, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		from := min(page*each, len(c.people))
		return c.people[from:min(from+each, len(c.people))]
	})
	answer("GET /api/v4/users/{id}/channels", func(*http.Request) any { return []*model.Channel{} })
	answer("GET /api/v4/teams/name/{name}", func(*http.Request) any { return &model.Team{Id: c.team, Name: "equipe"} })
	answer("GET /api/v4/teams/{team}/members/{user}", func(r *http.Request) any {
		<-time.After(asking)
		return &model.TeamMember{TeamId: c.team, UserId: r.PathValue("user")}
	})
	answer("POST /api/v4/files", func(r *http.Request) any {
		_, _ = io.Copy(io.Discard, r.Body)
		return &model.FileUploadResponse{FileInfos: []*model.FileInfo{{Id: model.NewId()}}}
	})
	answer("POST /api/v4/channels/direct", func(r *http.Request) any {
		var pair []string
		_ = json.NewDecoder(r.Body).Decode(&pair)
		id := model.NewId()
		c.mu.Lock()
		defer c.mu.Unlock()
		c.direct[id] = pair[1]
		return &model.Channel{Id: id, Type: model.ChannelTypeDirect}
	})
	answer("POST /api/v4/posts", c.create)
	answer("GET /api/v4/posts/{id}", func(r *http.Request) any { c.mu.Lock(); defer c.mu.Unlock(); return c.posts[r.PathValue("id")] })
	answer("PUT /api/v4/posts/{id}/patch", c.patch)
	mux.HandleFunc("GET /api/v4/websocket", func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		_ = conn.WriteJSON(map[string]any{"event": "hello", "data": map[string]any{"server_version": "11.2.0"}, "seq": 0})
		for { // until the bot leaves
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	})
	return mux
}

func (c *crowd) user(id string) any {
	if i := slices.IndexFunc(c.people, func(u *model.User) bool { return u.Id == id }); i >= 0 {
		return c.people[i]
	}
	return nil
}

func (c *crowd) create(r *http.Request) any {
	p := new(model.Post)
	_ = json.NewDecoder(r.Body).Decode(p)
	p.Id, p.UserId = model.NewId(), c.me
	c.mu.Lock()
	defer c.mu.Unlock()
	c.posts[p.Id] = p
	if strings.Contains(p.Message, "C'est noté, vous venez") || strings.Contains(p.Message, "liste d'attente") {
		c.heard[c.direct[p.ChannelId]] = true
	}
	return p
}

func (c *crowd) patch(r *http.Request) any {
	var patch model.PostPatch
	_ = json.NewDecoder(r.Body).Decode(&patch)
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.posts[r.PathValue("id")]
	if p == nil {
		return nil
	}
	c.edits++
	p.Message = *patch.Message
	return p
}

func (c *crowd) told() int { c.mu.Lock(); defer c.mu.Unlock(); return len(c.heard) }

// serve runs the whole bot beside the pretended server, waits until everybody is known, and has a gathering announced in the channel.
func (c *crowd) serve(t *testing.T, ledger *ledger, places int) (stop func(), organised func() bot.Occasion) {
	t.Helper()
	listen := freePort(t)
	c.public = "http://" + listen
	cfg := configured(t, map[string]string{"PASSEUR_DATABASE": filepath.Join(t.TempDir(), "passeur.db"), "PASSEUR_TERRITORIES": "50", "PASSEUR_LISTEN": listen,
		"PASSEUR_PUBLIC_URL": c.public, "PASSEUR_MATTERMOST_URL": c.URL, "PASSEUR_MATTERMOST_TOKEN": "jeton", "PASSEUR_MATTERMOST_TEAM": "equipe"})
	db, err := openStore(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	srv, err := newServer(cfg, db, streams{strings.NewReader(""), io.Discard, io.Discard}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	ledger.Store, srv.house.bot.Store = db, ledger
	stop = running(t, c.public, srv.run)
	until(time.Minute, 20*time.Millisecond, func() bool { c.mu.Lock(); defer c.mu.Unlock(); return len(c.posts) > len(c.people)-1 }) // all are welcomed
	srv.house.bot.Reader.Read("il faudrait voir", intents.Context{Pro: true})                                                        // what it learns when the program starts is learnt
	day := time.Now().AddDate(0, 0, 7).Format("02/01/2006")
	for i, words := range []string{fmt.Sprintf(`webinaire %s 14h-15h "Pix" %d places https://visio.example.org/abc ~entraide`, day, places), "oui"} {
		e := bot.Event{ID: fmt.Sprint("rsvp/", i), At: time.Now(), From: bot.Address("mattermost:" + c.people[len(c.people)-1].Id), Role: bot.Conseiller, Text: words,
			Values: map[string]string{"name": "Marie Exemple", bot.NamedPrefix + "~entraide": "mattermost:#" + c.channel}}
		if _, err := srv.house.bot.Hear(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	return stop, func() bot.Occasion { return onlyOccasion(t, db) }
}

func onlyOccasion(t *testing.T, db *store.DB) (o bot.Occasion) {
	t.Helper()
	recs, err := db.Find(t.Context(), bot.Query{Kind: "occasion"})
	if err != nil || len(recs) != 1 {
		t.Fatalf("%d occasions, %v", len(recs), err)
	}
	if err := json.Unmarshal(recs[0].Body, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// button is what the first button of the announcement in the channel carries.
func (c *crowd) button(t *testing.T) (context map[string]any) {
	t.Helper()
	found := until(time.Minute, 5*time.Millisecond, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, p := range c.posts {
			if a := p.Attachments(); p.ChannelId == c.channel && len(a) > 0 {
				context = a[0].Actions[0].Integration.Context
			}
		}
		return context != nil
	})
	if !found {
		t.Fatal("nothing was announced")
	}
	return context
}

func trigger(i int) string { return fmt.Sprint("trigger-", i) }

// press has the server call the bot for one person.
func (c *crowd) press(i int, context map[string]any) error {
	body, err := json.Marshal(model.PostActionIntegrationRequest{UserId: c.people[i].Id, ChannelId: c.channel, TriggerId: trigger(i), Context: context})
	if err != nil {
		return err
	}
	resp, err := c.client.Post(c.public+"/mattermost/press", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK || strings.Contains(string(said), "pas pu noter") {
		return fmt.Errorf("press %d: HTTP %d: %s", i, resp.StatusCode, said)
	}
	return nil
}

// judge counts who has a place, and how many of those who wait are not where the order of commits would have them.
func (c *crowd) judge(t *testing.T, o bot.Occasion, l *ledger) (in, disorder int) {
	t.Helper()
	version := map[string]int64{} // by person
	for i, u := range c.people[:len(c.people)-1] {
		sum := sha256.Sum256([]byte(trigger(i)))
		found, err := bot.PeopleAt(t.Context(), l.Store, bot.Address("mattermost:"+u.Id))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %v, %v", u.Username, found, err)
		}
		version[found[0]] = l.by["mattermost/press/"+hex.EncodeToString(sum[:16])]
	}
	all := slices.Concat(o.Going, o.Waiting)
	ordered := slices.Clone(all)
	slices.SortStableFunc(ordered, func(a, b bot.Guest) int { return int(version[a.Person] - version[b.Person]) })
	for i := range all {
		if all[i] != ordered[i] {
			disorder++
		}
	}
	if len(all) != len(version) {
		t.Errorf("%d on the lists, %d pressed", len(all), len(version))
	}
	return len(o.Going), disorder
}
