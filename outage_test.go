//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"passeur/adapters/mattermost"
	"passeur/bot"
	"passeur/config"
	"passeur/e2e/peers"
	"passeur/store"
)

// TestMattermostInTrouble runs the whole bot beside a real Mattermost server that is killed, that another bot shares, that revokes
// its token; and lets check look at both.
func TestMattermostInTrouble(t *testing.T) {
	mm := peers.StartMattermost(t)
	listen := peers.Addr(peers.FreePort(t))
	set := map[string]string{"PASSEUR_DATABASE": filepath.Join(t.TempDir(), "passeur.db"), "PASSEUR_LISTEN": listen,
		"PASSEUR_PUBLIC_URL": "http://" + listen, "PASSEUR_MATTERMOST_URL": mm.URL, "PASSEUR_MATTERMOST_TOKEN": mm.Token}
	for name, value := range set {
		t.Setenv(name, value)
	}
	t.Run("check presses a button, the bot is not there", func(t *testing.T) { checkPresses(t, listen) })
	o := &outage{Mattermost: mm, cfg: configured(t, set)}
	o.open(t)
	t.Run("check presses a button, the bot answers", func(t *testing.T) { checkPresses(t, listen) })
	t.Run("check of another database is forged", o.forged)
	t.Run("two bots on one account", o.twice)
	t.Run("the server is killed", o.killed)
	t.Run("the token is revoked", o.revoked)
}

type outage struct {
	*peers.Mattermost
	cfg *config.Config
	db  *store.DB
	srv *server
}

func (o *outage) open(t *testing.T) {
	t.Helper()
	db, err := openStore(t.Context(), o.cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	srv, err := newServer(o.cfg, db, streams{out: io.Discard}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	o.db, o.srv = db, srv
	t.Cleanup(running(t, "http://"+o.cfg.Listen, srv.run))
}

func checkPresses(t *testing.T, listen string) {
	out, err := passeur(t, "", "check")
	if err != nil || !strings.Contains(out, "✓ Mattermost : Les messages ont des boutons : essayé, Mattermost joint Passeur à l'adresse http://"+listen) {
		t.Errorf("%v\n%s", err, out)
	}
}

// forged: what answers is a Passeur, but not this one, and it counts the calls.
func (o *outage) forged(t *testing.T) {
	t.Setenv("PASSEUR_DATABASE", filepath.Join(t.TempDir(), "other.db"))
	out, err := passeur(t, "", "check")
	if err == nil || !strings.Contains(out, "✗ Mattermost") || !strings.Contains(out, "n'est pas ce Passeur") {
		t.Errorf("%v\n%s", err, out)
	}
	if n := o.srv.forged(); n != 2 { // the server's call, and the one that looks why it failed
		t.Errorf("%d calls counted as forged, want 2", n)
	}
}

// asked gives somebody an open question: the bot's answer to what does not answer it repeats the words.
func (o *outage) asked(t *testing.T, name string, number int) (*peers.User, *model.Post) {
	t.Helper()
	u := o.NewUser(t, name)
	return u, (&mattermostBench{Mattermost: o.Mattermost}).proposal(t, u, number)
}

// twice: two bots hear the same words; they are answered once.
func (o *outage) twice(t *testing.T) {
	awa, _ := o.asked(t, "awa", 1235)
	set := mattermostConfig(o.cfg)
	set.ProofKey = o.db.ProofKey()
	var said journal
	second := mattermost.New(set, cursorsOf(o.db), slog.New(slog.NewTextHandler(&said, nil)))
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { _ = second.Listen(ctx, o.srv.house.bot.Hear) })
	peers.Until(t, time.Minute, "", func() error { return said.has("listening") })
	for i := range 10 {
		o.Post(t, awa, fmt.Sprint("zz ", i))
	}
	o.settled(t, awa)
	cancel()
	all.Wait()
	o.answeredOnce(t, awa)
}

// journal is a log that may be read while it is written.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) has(words string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !strings.Contains(j.text.String(), words) {
		return fmt.Errorf("not said yet: %s", words)
	}
	return nil
}

// killed: people write and the bot answers while the server is killed, and somebody sends an SMS while it is away.
func (o *outage) killed(t *testing.T) {
	zoe, question := o.asked(t, "zoe", 1236)
	o.Press(t, zoe, question, "Oui")
	peers.Until(t, time.Minute, "", func() error {
		if p := last(o.Posts(t, zoe)); len(p.Attachments()) > 0 {
			return fmt.Errorf("still asked: %s", p.Message)
		}
		return nil
	})
	marie, _ := o.asked(t, "marie", 1237)
	var back atomic.Bool
	var writes sync.WaitGroup
	writes.Go(func() { o.write(marie, &back) })
	peers.Until(t, time.Minute, "", func() error { return o.atLeast(t, marie, 10) })
	o.Kill(t)
	const words = "mon bus est en panne"
	sms := bot.Event{ID: "sms/panne", At: time.Now(), From: "sms:+33639981236", Role: bot.Usager, Text: words}
	if err := o.srv.house.bot.Handle(t.Context(), sms); err != nil {
		t.Fatal(err)
	}
	o.Restart(t)
	back.Store(true)
	writes.Wait()
	o.settled(t, marie)
	o.answeredOnce(t, marie)
	news := 0
	for _, p := range o.Posts(t, zoe) {
		news += strings.Count(p.Message, words)
	}
	if news != 1 {
		t.Errorf("what was written by SMS meanwhile is told %d times", news)
	}
}

// write writes until the server is back and some more, each time again until the server takes it: what it took and did not
// confirm then stands twice, written twice.
func (o *outage) write(u *peers.User, back *atomic.Bool) {
	channel, _, err := u.API.CreateDirectChannel(context.Background(), u.Id, o.BotID)
	for i := 0; err == nil && (i < 40 || !back.Load()); i++ {
		until(time.Minute, 20*time.Millisecond, func() bool {
			_, _, err := u.API.CreatePost(context.Background(), &model.Post{ChannelId: channel.Id, Message: fmt.Sprint("zz ", i)})
			return err == nil
		})
	}
}

var quoted = regexp.MustCompile(`« (zz \d+) »`)

// words counts what somebody wrote and what the bot answered, by the words.
func (o *outage) words(t *testing.T, u *peers.User) (written, answered map[string]int, total int) {
	t.Helper()
	written, answered = map[string]int{}, map[string]int{}
	channel := o.DM(t, u).Id
	for page := 0; ; page++ {
		list, _, err := u.API.GetPostsForChannel(t.Context(), channel, page, 200, "", false, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range list.Order {
			p := list.Posts[id]
			if said := quoted.FindStringSubmatch(p.Message); p.UserId != u.Id && said != nil {
				answered[said[1]]++
				total++
			} else if p.UserId == u.Id && strings.HasPrefix(p.Message, "zz ") {
				written[p.Message]++
			}
		}
		if len(list.Order) < 200 {
			return written, answered, total
		}
	}
}

func (o *outage) atLeast(t *testing.T, u *peers.User, n int) error {
	if _, _, total := o.words(t, u); total < n {
		return fmt.Errorf("%d answers of %d", total, n)
	}
	return nil
}

// settled waits until the last words are heard and nothing is left to do or to send.
func (o *outage) settled(t *testing.T, u *peers.User) {
	t.Helper()
	o.Post(t, u, "zz 999")
	peers.Until(t, 3*time.Minute, "", func() error {
		sum, err := o.db.Summary(t.Context(), time.Now())
		if err != nil {
			return err
		}
		pending := sum.Waiting
		for _, l := range sum.Lanes {
			if l.Network == "mattermost" {
				pending += l.Pending
			}
		}
		if _, answered, total := o.words(t, u); pending > 0 || answered["zz 999"] == 0 {
			return fmt.Errorf("%d left to do, %d answered", pending, total)
		}
		return nil
	})
}

func (o *outage) answeredOnce(t *testing.T, u *peers.User) {
	t.Helper()
	written, answered, _ := o.words(t, u)
	for words, n := range written {
		if answered[words] != n {
			t.Errorf("%q was written %d times and answered %d times", words, n, answered[words])
		}
	}
	if len(answered) != len(written) {
		t.Errorf("%d things were written, %d answered", len(written), len(answered))
	}
}

// revoked: a probe notices, and /health says what to do.
func (o *outage) revoked(t *testing.T) {
	set := mattermostConfig(o.cfg)
	set.Probe = 100 * time.Millisecond // the running bot's own is a minute
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { o.srv.listen(ctx, mattermost.New(set, cursorsOf(o.db), quiet())) })
	defer all.Wait()
	defer cancel()
	if _, err := o.Admin.RevokeUserAccessToken(t.Context(), o.TokenID); err != nil {
		t.Fatal(err)
	}
	peers.Until(t, time.Minute, "", func() error {
		res, err := http.Get("http://" + o.cfg.Listen + "/health")
		if err != nil {
			return err
		}
		defer res.Body.Close()
		said, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(said), "créez un nouveau jeton") {
			return fmt.Errorf("%d %s", res.StatusCode, said)
		}
		return nil
	})
}
