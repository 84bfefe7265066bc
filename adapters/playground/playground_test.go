package playground

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
	"passeur/intents/dates"
)

const (
	marie  = bot.Address("mattermost:marie")
	jeanne = bot.Address("sms:+33639981234")
)

// echo is a bot that answers everything on the spot and plans what it is told to.
type echo struct {
	page    *Playground
	now     time.Time
	heard   []bot.Event
	planned []Planned
	inside  chan struct{} // holds a token while the world is at work
	fail    error
}

func newEcho(t *testing.T) (*echo, *httptest.Server) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	w := &echo{now: time.Date(2026, 12, 2, 9, 30, 0, 0, zone), inside: make(chan struct{}, 1)}
	fold := func(s string) string { return strings.ReplaceAll(s, "ê", "e") }
	parts := func(s string) int { return 1 + len(s)/160 }
	w.page = New(Counsellor{marie, "Marie Lecomte"}, []Phone{{jeanne, "Jeanne"}, {"sms:+33639985678", "Ahmed"}}, w, fold, parts)
	server := httptest.NewServer(w.page)
	server.Config.RegisterOnShutdown(w.page.Close)
	t.Cleanup(server.Close)
	t.Cleanup(w.page.Close)
	return w, server
}

func (w *echo) alone() func() {
	select {
	case w.inside <- struct{}{}:
		return func() { <-w.inside }
	default:
		panic("two actions at once")
	}
}

func (w *echo) Now() time.Time { return w.now }

func (w *echo) Hear(ctx context.Context, e bot.Event) error {
	defer w.alone()()
	w.heard = append(w.heard, e)
	if w.fail != nil {
		return w.fail
	}
	_, err := w.page.Sender(e.From.Network()).Send(ctx, e.From, bot.Rendered{Key: e.ID, About: "rdv/1", Text: "prêt : **" + e.Text + "**"})
	return err
}

func (w *echo) Attach(_ context.Context, name string) (bot.Attachment, error) {
	switch name {
	case "poster/1.pdf":
		return bot.Attachment{Name: "affiche été.pdf", Type: "application/pdf", Data: []byte("%PDF-1")}, nil
	case "poster/over.pdf":
		return bot.Attachment{}, nil
	}
	return bot.Attachment{}, errors.New("nothing makes it")
}

func (w *echo) Planned(context.Context) ([]Planned, error) { return w.planned, nil }

func (w *echo) Advance(_ context.Context, to time.Time) error {
	defer w.alone()()
	w.now = to.In(w.now.Location())
	return w.fail
}

func (w *echo) Next(context.Context) (time.Time, bool) {
	if len(w.planned) == 0 {
		return time.Time{}, false
	}
	return w.planned[0].At, true
}

func (w *echo) Reset(context.Context) error {
	defer w.alone()()
	w.planned = nil
	return w.fail
}

// request sends a POST of the page itself, after the changes.
func request(t *testing.T, server *httptest.Server, path, body string, change func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", server.URL)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if change != nil {
		change(r)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func mustPost(t *testing.T, server *httptest.Server, path, body string) {
	t.Helper()
	if status, text := request(t, server, path, body, nil); status != http.StatusNoContent {
		t.Fatalf("%s %s: %d %s", path, body, status, text)
	}
}

// told is one event of the stream.
type told struct{ ID, Name, Data string }

// follow reads n events of the stream after the event with this id.
func follow(t *testing.T, server *httptest.Server, after string, n int) []told {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Last-Event-ID", after)
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var out []told
	var one told
	lines := bufio.NewScanner(response.Body)
	for len(out) < n && lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			one.ID = value
		case "event":
			one.Name = value
		case "data":
			one.Data = value
		case "":
			if one.Name != "" {
				out = append(out, one)
			}
			one = told{}
		}
	}
	if len(out) < n {
		t.Fatalf("%d events of %d: %v", len(out), n, lines.Err())
	}
	return out
}

func names(events []told) string {
	out := make([]string, len(events))
	for i, e := range events {
		out[i] = e.Name
	}
	return strings.Join(out, " ")
}

func postOf(t *testing.T, e told) post {
	t.Helper()
	var p post
	if err := json.Unmarshal([]byte(e.Data), &p); err != nil {
		t.Fatalf("%s: %v", e.Data, err)
	}
	return p
}

func sceneOf(t *testing.T, e told) scene {
	t.Helper()
	var s scene
	if err := json.Unmarshal([]byte(e.Data), &s); err != nil || e.Name != "scene" {
		t.Fatalf("%v: %v", e, err)
	}
	return s
}

func TestALineIsHeardAndTheAnswerShown(t *testing.T) {
	w, server := newEcho(t)
	mustPost(t, server, "/say", `{"from":"sms:+33639981234","text":" oui <b>"}`)
	mustPost(t, server, "/say", `{"from":"mattermost:marie","text":"aide"}`)
	events := follow(t, server, "", 6)
	if names(events) != "reset post post post post scene" {
		t.Fatal(names(events))
	}
	mine, answer, bots := postOf(t, events[1]), postOf(t, events[2]), postOf(t, events[4])
	if mine.Text != " oui <b>" || !mine.Mine || mine.Pane != "+33639981234" || mine.Time != "09:30" || mine.Day != "mercredi 2 décembre" {
		t.Errorf("typed: %+v", mine)
	}
	if answer.Text != "pret : ** oui <b>**" || answer.Parts != 1 || answer.Mine || answer.Blocks != nil {
		t.Errorf("SMS, folded and as it is: %+v", answer)
	}
	if bots.Pane != Mattermost || bots.Parts != 0 || bots.Blocks[0].Kids[1].Tag != "strong" {
		t.Errorf("Mattermost, rendered: %+v", bots)
	}
	first, second := w.heard[0], w.heard[1]
	if first.From != jeanne || first.Role != bot.Usager || first.Values["name"] != "Jeanne" || !first.At.Equal(w.now) || first.Text != " oui <b>" {
		t.Errorf("event: %+v", first)
	}
	if second.Role != bot.Conseiller || second.ID == first.ID || !strings.HasPrefix(second.ID, "playground/") {
		t.Errorf("event: %+v", second)
	}
}

func TestAnAnswerInAThread(t *testing.T) {
	w, server := newEcho(t)
	mustPost(t, server, "/say", `{"from":"mattermost:marie","text":"un"}`)
	mustPost(t, server, "/say", `{"from":"mattermost:marie","text":"deux","reply_to":"p2"}`)
	mustPost(t, server, "/say", `{"from":"mattermost:marie","text":"trois","reply_to":"p3"}`) // of the thread's second post
	for _, e := range w.heard[1:] {
		if e.ReplyTo != "p2" || e.About != "rdv/1" {
			t.Errorf("%s: reply to %q about %q", e.Text, e.ReplyTo, e.About)
		}
	}
	for _, body := range []string{
		`{"from":"mattermost:marie","text":"x","reply_to":"p999"}`,
		`{"from":"sms:+33639981234","text":"x","reply_to":"p2"}`,
	} {
		if status, text := request(t, server, "/say", body, nil); status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", body, status, text)
		}
	}
}

// TestAButton: an answer names its question, a shortcut stands in the thread; what is not there is refused.
func TestAButton(t *testing.T) {
	w, server := newEcho(t)
	id, err := w.page.Sender(Mattermost).Send(t.Context(), marie, bot.Rendered{Key: "q1", About: "person/1", Text: "On y va ?",
		Choices: []bot.Choice{{Words: "oui", Label: "Oui"}, {Words: "répondre", Label: "Répondre", Beside: true}}})
	if err != nil {
		t.Fatal(err)
	}
	press := func(post string, choice int) (int, string) {
		return request(t, server, "/press", fmt.Sprintf(`{"from":"mattermost:marie","post":%q,"choice":%d}`, post, choice), nil)
	}
	for choice, want := range []bot.Event{{Text: "oui", Pressed: "q1"}, {Text: "répondre", ReplyTo: id, About: "person/1"}} {
		if status, text := press(id, choice); status != http.StatusNoContent {
			t.Fatalf("%d %s", status, text)
		}
		got := w.heard[choice]
		if got.Text != want.Text || got.Pressed != want.Pressed || got.ReplyTo != want.ReplyTo || got.About != want.About || got.From != marie || got.Role != bot.Conseiller {
			t.Errorf("heard %+v", got)
		}
	}
	if w.heard[0].ID == w.heard[1].ID {
		t.Error("two presses are one event")
	}
	if _, err := w.page.Sender(Mattermost).Send(t.Context(), marie, bot.Rendered{Key: "q2", Text: "C'est noté", Replace: id}); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []struct {
		post   string
		choice int
	}{{id, 0}, {id, -1}, {"p99", 0}, {"", 0}} {
		if status, text := press(gone.post, gone.choice); status != http.StatusConflict || !strings.Contains(text, "plus là") {
			t.Errorf("%+v: %d %s", gone, status, text)
		}
	}
}

func TestTheStreamGoesOnWhereItWas(t *testing.T) {
	_, server := newEcho(t)
	mustPost(t, server, "/say", `{"from":"sms:+33639981234","text":"un"}`)
	before := follow(t, server, "", 4)
	mustPost(t, server, "/say", `{"from":"sms:+33639981234","text":"deux"}`)
	after := follow(t, server, before[3].ID, 3)
	if names(after) != "post post scene" || postOf(t, after[0]).Text != "deux" {
		t.Errorf("%s: %v", names(after), after)
	}
	again := follow(t, server, before[2].ID, 3) // an id that is known but not the last
	if diff := cmp.Diff(after, again); diff != "" {
		t.Errorf("two tabs differ: %s", diff)
	}
	for _, unknown := range []string{"other-3", "x", before[3].ID + "999", "-1"} {
		if got := names(follow(t, server, unknown, 6)); got != "reset post post post post scene" {
			t.Errorf("after %q: %s", unknown, got)
		}
	}
}

func TestTwoTabsSeeTheSameLive(t *testing.T) {
	_, server := newEcho(t)
	results := make(chan []told, 2)
	for range 2 {
		go func() { results <- follow(t, server, "", 4) }()
	}
	first := follow(t, server, "", 2) // the page is drawn before anybody acts
	if names(first) != "reset scene" {
		t.Fatal(names(first))
	}
	mustPost(t, server, "/say", `{"from":"sms:+33639981234","text":"un"}`)
	for range 2 {
		if got := names(<-results); strings.Count(got, "post") != 2 { // wherever the scene stands: a tab may come between the two
			t.Errorf("a tab saw %s", got)
		}
	}
}

func TestTheClock(t *testing.T) {
	w, server := newEcho(t)
	start := w.now
	status, text := request(t, server, "/advance", `{"by":"next"}`, nil)
	if status != http.StatusConflict || !strings.Contains(text, "Rien n'est prévu") {
		t.Errorf("nothing planned: %d %s", status, text)
	}
	mustPost(t, server, "/advance", `{"by":"1h"}`)
	mustPost(t, server, "/advance", `{"by":"1d"}`)
	if want := start.Add(25 * time.Hour); !w.now.Equal(want) {
		t.Errorf("%v, not %v", w.now, want)
	}
	due := w.now.Add(90 * time.Minute)
	w.planned = []Planned{{due.UTC(), "Jeanne", "Rappel"}}
	mustPost(t, server, "/advance", `{"by":"next"}`)
	if !w.now.Equal(due) {
		t.Errorf("%v, not %v", w.now, due)
	}
	got := sceneOf(t, follow(t, server, "", 2)[1])
	if got.Planned[0].When != "jeudi 3 décembre, 12:00" || got.Planned[0].To != "Jeanne" || !got.More {
		t.Errorf("%+v", got)
	}
}

func TestADayOfTheCalendarWhenTheClocksChange(t *testing.T) {
	w, server := newEcho(t)
	w.now = time.Date(2027, 3, 27, 18, 0, 0, 0, w.now.Location())
	mustPost(t, server, "/advance", `{"by":"1d"}`)
	if w.now.Hour() != 18 || w.now.Day() != 28 {
		t.Error(w.now)
	}
}

func TestResetForgets(t *testing.T) {
	w, server := newEcho(t)
	mustPost(t, server, "/say", `{"from":"sms:+33639981234","text":"un"}`)
	before := follow(t, server, "", 4)
	first := w.heard[0].ID
	mustPost(t, server, "/reset", `{}`)
	if got := names(follow(t, server, before[3].ID, 2)); got != "reset scene" {
		t.Errorf("after the reset: %s", got)
	}
	mustPost(t, server, "/say", `{"from":"sms:+33639981234","text":"un"}`)
	if again := w.heard[1].ID; again == first {
		t.Errorf("the event's id %s came twice", again)
	}
}

func TestAFailureIsTold(t *testing.T) {
	w, server := newEcho(t)
	w.fail = errors.New("disk full")
	status, text := request(t, server, "/say", `{"from":"sms:+33639981234","text":"un"}`, nil)
	if status != http.StatusInternalServerError || !strings.Contains(text, "Le robot n'a pas pu") || strings.Contains(text, "disk") {
		t.Errorf("%d %s", status, text)
	}
	if p := postOf(t, follow(t, server, "", 2)[1]); !p.Failed {
		t.Errorf("not marked: %+v", p)
	}
}

func TestSender(t *testing.T) {
	w, _ := newEcho(t)
	ctx := context.Background()
	sms, mattermost := w.page.Sender(SMS), w.page.Sender(Mattermost)
	send := func(s bot.Sender, to bot.Address, m bot.Rendered) string {
		t.Helper()
		id, err := s.Send(ctx, to, m)
		if err != nil || id == "" {
			t.Fatalf("%q, %v", id, err)
		}
		return id
	}
	first := send(mattermost, marie, bot.Rendered{Key: "k1", Attempt: 1, Text: "un"})
	if again := send(mattermost, marie, bot.Rendered{Key: "k1", Attempt: 2, Text: "un"}); again != first {
		t.Errorf("a repeated attempt made %s beside %s", again, first)
	}
	if edited := send(mattermost, marie, bot.Rendered{Key: "k2", Text: "deux", Replace: first}); edited != first {
		t.Errorf("edited %s, not %s", edited, first)
	}
	if fresh := send(mattermost, marie, bot.Rendered{Text: "trois", Replace: "p99"}); fresh == first {
		t.Error("a post that is gone was edited")
	}
	n := w.page.board.since(seen{})
	if len(n.posts) != 2 || n.posts[0].Text != "deux" || !n.posts[0].Edited || n.posts[1].Text != "trois" {
		t.Errorf("%+v", n.posts)
	}
	for name, bad := range map[string]struct {
		sender bot.Sender
		to     bot.Address
	}{"stranger": {sms, "sms:+33639980000"}, "room": {mattermost, "mattermost:#x"}, "other network": {sms, marie}} {
		if _, err := bad.sender.Send(ctx, bad.to, bot.Rendered{Text: "x"}); !errors.Is(err, bot.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := sms.Send(gone, jeanne, bot.Rendered{Text: "x"}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// Messages that the bot sends by itself reach the page without any action, and the scene follows.
func TestAMessageThatComesByItself(t *testing.T) {
	w, server := newEcho(t)
	if _, err := w.page.Sender(SMS).Send(t.Context(), jeanne, bot.Rendered{Text: "Rappel"}); err != nil {
		t.Fatal(err)
	}
	events := follow(t, server, "", 3)
	if names(events) != "reset post scene" || postOf(t, events[1]).Text != "Rappel" {
		t.Errorf("%v", events)
	}
}

func TestTheBoardForgetsTheOldest(t *testing.T) {
	b := newBoard()
	for i := range maxPosts + 5 {
		b.add(post{Pane: Mattermost, Text: fmt.Sprint(i)})
	}
	n := b.since(seen{})
	if len(n.posts) != maxPosts || n.posts[0].Text != "5" || b.about("p1") != "" {
		t.Errorf("%d posts, the first %q", len(n.posts), n.posts[0].Text)
	}
}

func TestCloseEndsTheStreams(t *testing.T) {
	w, server := newEcho(t)
	response, err := server.Client().Get(server.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	w.page.Close()
	w.page.Close() // twice does no harm
	if _, err := io.ReadAll(response.Body); err != nil {
		t.Error(err)
	}
}

func TestSuggestions(t *testing.T) {
	w, _ := newEcho(t)
	for day, want := range map[int]string{2: "mardi", 3: "mercredi", 4: "jeudi", 5: "vendredi", 6: "vendredi", 7: "vendredi", 8: "lundi"} {
		now := time.Date(2026, 12, day, 9, 0, 0, 0, w.now.Location())
		got := w.page.suggestions(now)
		if want := "rdv 06 39 98 12 34 Jeanne " + want + " 10h mairie de Coutances"; got[0] != want || len(got) != 5 {
			t.Errorf("%s: %q", dates.FrenchDay(now), got)
		}
	}
}

// TestFiles: what goes with a message is kept from its post; one that is over leaves the message alone, one that cannot be made keeps it back.
func TestFiles(t *testing.T) {
	w, server := newEcho(t)
	send := w.page.Sender(Mattermost)
	id, err := send.Send(t.Context(), marie, bot.Rendered{Key: "k1", Text: "Voici", File: "poster/1.pdf"})
	if err != nil {
		t.Fatal(err)
	}
	over, err := send.Send(t.Context(), marie, bot.Rendered{Key: "k2", Text: "Voici", File: "poster/over.pdf"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := send.Send(t.Context(), marie, bot.Rendered{Key: "k3", Text: "Voici", File: "x"}); err == nil || errors.Is(err, bot.ErrRefused) {
		t.Errorf("a file that cannot be made: %v", err)
	}
	for post, want := range map[string]string{id: "%PDF-1", over: "", "p99": ""} {
		resp, err := http.Get(server.URL + "/files/" + post)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if found := resp.StatusCode == http.StatusOK; found != (want != "") || found && string(body) != want {
			t.Errorf("%s: %s, %q", post, resp.Status, body)
		}
		if got := resp.Header.Get("Content-Disposition"); want != "" && got != "attachment; filename*=utf-8''affiche%20%C3%A9t%C3%A9.pdf" {
			t.Errorf("kept as %q", got)
		}
	}
}
