//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"passeur/e2e/peers"
)

// TestBenchMattermost measures the program beside a real Mattermost server. It runs with BENCH_MATTERMOST=1 (make
// bench-mattermost); the times are those of both together, so the server's own answer to an edit is printed beside them.
func TestBenchMattermost(t *testing.T) {
	gated(t, "BENCH_MATTERMOST")
	m := &mattermostBench{Mattermost: peers.StartMattermost(t), program: built(t)}
	listen := freePort(t)
	m.env = map[string]string{"PASSEUR_DATABASE": t.TempDir() + "/passeur.db", "PASSEUR_LISTEN": listen, "PASSEUR_PUBLIC_URL": "http://" + listen,
		"PASSEUR_MATTERMOST_URL": m.URL, "PASSEUR_MATTERMOST_TOKEN": m.Token}
	measured(t, []part{{"buttons", m.buttons}, {"missed", m.missed}, {"crowd", m.crowd}})
}

type mattermostBench struct {
	*peers.Mattermost
	program binary
	env     map[string]string
}

// proposal has somebody ask for an appointment, and returns the bot's question.
func (m *mattermostBench) proposal(t *testing.T, u *peers.User, number int) *model.Post {
	t.Helper()
	asked := m.Post(t, u, fmt.Sprintf("rdv 06 39 98 %02d %02d Jeanne vendredi 10h mairie de Coutances", number/100, number%100))
	p := m.NextPost(t, u, asked)
	if peers.Button(p, "Oui") == "" {
		t.Fatalf("no question with buttons: %s", p.Message)
	}
	return p
}

// buttons measures from the press until the browser of who pressed is told that the post has changed.
func (m *mattermostBench) buttons(t *testing.T, b *bars) {
	n := size("BENCH_PRESSES", 500)
	p := m.program.start(t, m.env)
	defer p.stop(t)
	marie := m.NewUser(t, "marie")
	edits := m.watch(t, marie)
	var took, bare []time.Duration
	for range n {
		question := m.proposal(t, marie, 1234)
		start := time.Now()
		m.Press(t, marie, question, "Non")
		edits.until(t, question.Id)
		took = append(took, time.Since(start))
		bare = append(bare, m.bareEdit(t, question, edits))
	}
	fmt.Printf("\n%d buttons pressed, until the post is seen changed: p50 %v, p99 %v, worst %v\n  the server alone, for an edit of the same post: p50 %v, p99 %v\n",
		n, quantile(took, .5), quantile(took, .99), quantile(took, 1), quantile(bare, .5), quantile(bare, .99))
	b.add("button_p50_ms", inMillis(quantile(took, .5)))
	b.add("button_p99_ms", inMillis(quantile(took, .99)))
}

// bareEdit has the bot's account edit a post by one request, and waits until that is seen.
func (m *mattermostBench) bareEdit(t *testing.T, p *model.Post, edits *browser) time.Duration {
	t.Helper()
	text := "D'accord."
	start := time.Now()
	if _, _, err := m.Bot.PatchPost(t.Context(), p.Id, &model.PostPatch{Message: &text}); err != nil {
		t.Fatal(err)
	}
	edits.until(t, p.Id)
	return time.Since(start)
}

// browser is what a person's client is told.
type browser struct{ edited chan string }

func (m *mattermostBench) watch(t *testing.T, u *peers.User) *browser {
	t.Helper()
	ws, err := model.NewWebSocketClient4(strings.Replace(m.URL, "http", "ws", 1), u.API.AuthToken)
	if err != nil {
		t.Fatal(err)
	}
	ws.Listen()
	t.Cleanup(ws.Close)
	w := &browser{edited: make(chan string, 1000)}
	go func() {
		for e := range ws.EventChannel {
			var post model.Post
			if text, _ := e.GetData()["post"].(string); e.EventType() == model.WebsocketEventPostEdited && json.Unmarshal([]byte(text), &post) == nil {
				w.edited <- post.Id
			}
		}
	}()
	return w
}

func (w *browser) until(t *testing.T, post string) {
	t.Helper()
	limit := time.After(time.Minute)
	for {
		select {
		case id := <-w.edited:
			if id == post {
				return
			}
		case <-limit:
			t.Fatal("the post did not change")
		}
	}
}

var echoed = regexp.MustCompile(`pas compris « zz (\d+) »`)

// missed counts what was written while the bot was down and is answered once and in order. With a question open, the bot's
// answer repeats the words, which tells what it answers.
func (m *mattermostBench) missed(t *testing.T, b *bars) {
	n := size("BENCH_MISSED", 1000)
	awa := m.NewUser(t, "awa")
	p := m.program.start(t, m.env)
	m.proposal(t, awa, 1235)
	p.stop(t)
	for i := range n {
		m.Post(t, awa, fmt.Sprint("zz ", i))
	}
	began := time.Now()
	p = m.program.start(t, m.env)
	defer p.stop(t)
	want, handled := 0, 0
	until(5*time.Minute, 500*time.Millisecond, func() bool { return len(m.echoes(t, awa)) >= n })
	took := time.Since(began)
	<-time.After(3 * time.Second) // what would come twice comes now
	for _, got := range m.echoes(t, awa) {
		if got == fmt.Sprint(want) {
			handled++
		}
		want++
	}
	fmt.Printf("\n%d posts missed: %d handled once and in order, %s after the start\n", n, handled, took.Round(100*time.Millisecond))
	b.add("missed_handled", float64(handled))
}

// echoes are the numbers that the bot's answers repeat, in the order of the answers.
func (m *mattermostBench) echoes(t *testing.T, u *peers.User) (numbers []string) {
	t.Helper()
	channel := m.DM(t, u).Id
	for page := 0; ; page++ {
		list, _, err := u.API.GetPostsForChannel(t.Context(), channel, page, 200, "", false, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range list.Order { // the newest first
			if found := echoed.FindStringSubmatch(list.Posts[id].Message); found != nil && list.Posts[id].UserId != u.Id {
				numbers = append([]string{found[1]}, numbers...)
			}
		}
		if len(list.Order) < 200 {
			return numbers
		}
	}
}

// crowd has a hundred counsellors press at once, each on a question of their own.
func (m *mattermostBench) crowd(t *testing.T, b *bars) {
	n := size("BENCH_CROWD", 100)
	p := m.program.start(t, m.env)
	defer p.stop(t)
	people, questions := make([]*peers.User, n), make([]*model.Post, n)
	for i := range n {
		people[i] = m.NewUser(t, fmt.Sprint("foule", i))
		questions[i] = m.proposal(t, people[i], 2000+i)
	}
	var errs atomic.Int64
	began := time.Now()
	sideBySide(t, n, n, func(i int) error {
		if resp, err := people[i].API.DoPostAction(t.Context(), questions[i].Id, peers.Button(questions[i], "Oui")); err != nil || resp.StatusCode != http.StatusOK {
			errs.Add(1)
		}
		return nil
	})
	kept := 0
	until(time.Minute, 200*time.Millisecond, func() bool {
		kept = 0
		for i := range n {
			post, _, err := people[i].API.GetPost(t.Context(), questions[i].Id, "")
			if err == nil && strings.HasPrefix(post.Message, "C'est noté") && len(post.Attachments()) == 0 {
				kept++
			}
		}
		return kept == n
	})
	fmt.Printf("\n%d counsellors press at once: %d appointments kept, %d errors shown, all within %s\n", n, kept, errs.Load(), time.Since(began).Round(time.Millisecond))
	b.add("crowd_lost", float64(int64(n-kept)+errs.Load()))
}
