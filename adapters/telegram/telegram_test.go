package telegram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passeur/adapters/telegram"
	"passeur/adapters/telegram/telegramtest"
	"passeur/bot"
)

// lease is held until it is lost.
type lease struct{ lost chan struct{} }

func (l lease) Lost() <-chan struct{} { return l.lost }
func (l lease) Release()              {}

func always(context.Context, string, time.Duration) (bot.Lease, error) { return lease{}, nil }

func free(context.Context, string, bot.Rate, int, time.Time) (int, time.Duration, error) {
	return 1, 0, nil
}

func network(t *testing.T, server string, change func(*telegram.Config)) *telegram.Network {
	t.Helper()
	cfg := telegram.Config{Token: telegramtest.Token, Account: telegramtest.Account, URL: server, Hold: always, Take: free, Pause: time.Millisecond, Poll: time.Second,
		KeyOf: func(_ context.Context, ref string) (string, error) { return "task of " + ref, nil }}
	if change != nil {
		change(&cfg)
	}
	n, err := telegram.New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// ears note what is heard.
type ears struct {
	mu     sync.Mutex
	events []bot.Event
	fails  int // so many times first
	came   chan struct{}
}

func newEars(fails int) *ears { return &ears{fails: fails, came: make(chan struct{}, 1000)} }

func (e *ears) hear(_ context.Context, ev bot.Event) (bot.Response, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fails > 0 {
		e.fails--
		return bot.Response{}, errors.New("the disk is full")
	}
	e.events = append(e.events, ev)
	e.came <- struct{}{}
	return bot.Response{}, nil
}

// wait returns the first n events.
func (e *ears) wait(t *testing.T, n int) []bot.Event {
	t.Helper()
	for range n {
		select {
		case <-e.came:
		case <-time.After(20 * time.Second):
			t.Fatalf("only %d events", len(e.events))
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.events)
}

// listen runs Listen until the test ends, and returns what stops it.
func listen(t *testing.T, n *telegram.Network, hear bot.Hear) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.Listen(ctx, hear) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = stop() })
	return stop
}

// TestWhatIsHeard has people write, press, show numbers and block, one after the other.
func TestWhatIsHeard(t *testing.T) {
	s := telegramtest.New()
	defer s.Close()
	n := network(t, s.URL, nil)
	ids := []int64{s.Say(42, "été /start"), s.Press(42, 7, "b1\nrdv/r1"), s.Press(42, 8, "qoui"), s.Show(42, "33639981234", 42), s.Show(42, "33639985678", 43)}
	s.Raw("message", map[string]any{"date": 1, "chat": map[string]any{"id": -5, "type": "group"}, "from": map[string]any{"id": 42}, "text": "in a group"})
	s.Raw("edited_message", map[string]any{"chat": map[string]any{"id": 42, "type": "private"}, "text": "edited"})
	s.Raw("message", map[string]any{"chat": map[string]any{"id": 42, "type": "private"}, "from": map[string]any{"id": 42}, "voice": map[string]any{"duration": 3}})
	s.Block(42)
	e := newEars(0)
	stop := listen(t, n, e.hear)
	got := e.wait(t, 7)
	want := []bot.Event{
		{Text: "été /start"},
		{Text: "1", About: "rdv/r1"},
		{Text: "oui", Pressed: "task of 42/8"},
		{Intent: bot.ContactIntent, Values: map[string]string{"number": "+33639981234"}},
		{Intent: bot.ContactIntent, Values: map[string]string{}},
		{Intent: bot.WordlessIntent},
		{Intent: bot.BlockedIntent},
	}
	for i, w := range want {
		g := got[i]
		if i < len(ids) && g.ID != fmt.Sprintf("telegram/%d", ids[i]) {
			t.Errorf("event %d has ID %s", i, g.ID)
		}
		if g.From != "telegram:42" || g.Role != bot.Usager || g.Cursor != "" || g.At.After(time.Now()) || time.Since(g.At) > time.Hour {
			t.Errorf("event %d: %+v", i, g)
		}
		if g.Text != w.Text || g.Intent != w.Intent || g.About != w.About || g.Pressed != w.Pressed || fmt.Sprint(g.Values) != fmt.Sprint(w.Values) {
			t.Errorf("event %d is %+v, want %+v", i, g, w)
		}
	}
	if n.Forged() != 1 {
		t.Errorf("%d forged, want the contact of somebody else", n.Forged())
	}
	eventually(t, func() bool { return s.Waiting() == 0 && s.Acknowledged() == 2 })
	if err := stop(); err != nil {
		t.Error(err)
	}
	if all := e.wait(t, 0); len(all) != len(want) {
		t.Errorf("%d events, of which nobody said some: %+v", len(all), all)
	}
}

// TestForgottenQuestion: the button of a message that nobody knows any more answers no question that may be open.
func TestForgottenQuestion(t *testing.T) {
	s := telegramtest.New()
	defer s.Close()
	n := network(t, s.URL, func(c *telegram.Config) { c.KeyOf = func(context.Context, string) (string, error) { return "", nil } })
	s.Press(42, 8, "qoui")
	e := newEars(0)
	listen(t, n, e.hear)
	if got := e.wait(t, 1); got[0].Pressed == "" || got[0].Text != "oui" {
		t.Errorf("%+v", got[0])
	}
}

// TestServerThatSaysNothing: a server that answers at once, with nothing new, is not asked without end.
func TestServerThatSaysNothing(t *testing.T) {
	for name, result := range map[string]string{"nothing": `[]`, "null": `null`, "the same": `[{"update_id":7}]`, "no id": `[{"poll":{}}]`} {
		t.Run(name, func(t *testing.T) {
			var polls atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/getUpdates") {
					polls.Add(1)
					fmt.Fprintf(w, `{"ok":true,"result":%s}`, result)
					return
				}
				fmt.Fprint(w, `{"ok":true,"result":true}`)
			}))
			defer server.Close()
			stop := listen(t, network(t, server.URL, func(c *telegram.Config) { c.Pause = time.Second }), newEars(0).hear)
			<-time.After(500 * time.Millisecond)
			if err := stop(); err != nil || polls.Load() > 10 {
				t.Errorf("%d polls in half a second, %v", polls.Load(), err)
			}
		})
	}
}

func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); {
		if time.Now().After(end) {
			t.Fatal("it never comes")
		}
		<-time.After(5 * time.Millisecond)
	}
}

// TestNothingIsConfirmedUnheard has hearing fail at first: the server keeps everything, and what each person wrote is heard in its order.
func TestNothingIsConfirmedUnheard(t *testing.T) {
	s := telegramtest.New()
	defer s.Close()
	n := network(t, s.URL, nil)
	const chats, each = 12, 20
	for i := range each {
		for c := range chats {
			s.Say(int64(c+1), fmt.Sprint(i))
		}
	}
	deaf := func(context.Context, bot.Event) (bot.Response, error) {
		return bot.Response{}, errors.New("the disk is full")
	}
	stop := listen(t, n, deaf)
	<-time.After(50 * time.Millisecond)
	if err := stop(); err != nil || s.Waiting() != chats*each {
		t.Fatalf("%v, and %d updates are left of %d that nobody heard", err, s.Waiting(), chats*each)
	}
	e := newEars(30)
	listen(t, network(t, s.URL, nil), e.hear)
	next := map[bot.Address]int{}
	for _, ev := range e.wait(t, chats*each) {
		if ev.Text != fmt.Sprint(next[ev.From]) {
			t.Fatalf("%s heard %s, want %d", ev.From, ev.Text, next[ev.From])
		}
		next[ev.From]++
	}
	eventually(t, func() bool { return s.Waiting() == 0 })
}

// TestPollerWithoutLease stops when the lease is lost, and goes on when it has it again.
func TestPollerWithoutLease(t *testing.T) {
	s := telegramtest.New()
	defer s.Close()
	held, again := lease{make(chan struct{})}, make(chan struct{})
	times := 0
	n := network(t, s.URL, func(c *telegram.Config) {
		c.Hold = func(ctx context.Context, name string, ttl time.Duration) (bot.Lease, error) {
			if times++; times == 1 {
				return held, nil
			}
			select {
			case <-again:
				return lease{}, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	})
	e := newEars(0)
	listen(t, n, e.hear)
	s.Say(1, "a")
	e.wait(t, 1)
	eventually(t, func() bool { return s.Waiting() == 0 })
	close(held.lost)
	<-time.After(100 * time.Millisecond)
	s.Say(1, "b")
	<-time.After(200 * time.Millisecond)
	if len(e.wait(t, 0)) != 1 {
		t.Error("heard without the lease")
	}
	close(again)
	if got := e.wait(t, 1); got[1].Text != "b" {
		t.Errorf("%v", got)
	}
}

func TestWrongToken(t *testing.T) {
	s := telegramtest.New()
	defer s.Close()
	n := network(t, s.URL, func(c *telegram.Config) { c.Token = "1:wrong" })
	err := n.Listen(t.Context(), newEars(0).hear)
	if err == nil || !strings.Contains(err.Error(), "telegram.token") || strings.Contains(err.Error(), "wrong") {
		t.Errorf("%v", err)
	}
}

// TestCalls has calls heard only when they prove themselves, and answered 200 only when they were kept.
func TestCalls(t *testing.T) {
	s := telegramtest.New()
	defer s.Close()
	const secret = "0123456789abcdef"
	n := network(t, s.URL, func(c *telegram.Config) { c.Secret, c.PublicURL = secret, "https://passeur.example.fr" })
	good := `{"update_id": 7, "message": {"message_id": 1, "date": 1, "chat": {"id": 42, "type": "private"}, "from": {"id": 42}, "text": "oui"}}`
	call := func(method, secret, body string) int {
		r := httptest.NewRequest(method, "/telegram/", strings.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		w := httptest.NewRecorder()
		n.ServeHTTP(w, r)
		return w.Code
	}
	if got := call("POST", secret, good); got != http.StatusServiceUnavailable {
		t.Errorf("before Listen: %d, want 503", got)
	}
	e := newEars(1)
	stop := listen(t, n, e.hear)
	eventually(t, func() bool { return s.Webhook() != nil })
	if hook := s.Webhook(); hook["url"] != "https://passeur.example.fr/telegram/" || hook["secret_token"] != secret {
		t.Errorf("webhook set to %v", hook)
	}
	for _, c := range []struct {
		method, secret, body string
		want                 int
	}{
		{"POST", secret, good, http.StatusServiceUnavailable}, // the ears fail once
		{"POST", "", good, http.StatusUnauthorized},
		{"POST", secret + "x", good, http.StatusUnauthorized},
		{"GET", secret, "", http.StatusMethodNotAllowed},
		{"PUT", secret, good, http.StatusMethodNotAllowed},
		{"POST", secret, `{"update_id": 7, "message": {`, http.StatusBadRequest},
		{"POST", secret, `[]`, http.StatusBadRequest},
		{"POST", secret, `{"message": {"text": "no id"}}`, http.StatusBadRequest},
		{"POST", secret, strings.Repeat(" ", 10<<20) + good, http.StatusRequestEntityTooLarge},
		{"POST", secret, good, http.StatusOK},
		{"POST", secret, `{"update_id": 8, "poll": {"id": "1"}}`, http.StatusOK},
		{"POST", secret, `{"update_id": 9, "message": "a word"}`, http.StatusOK}, // it would come again for a day
	} {
		if got := call(c.method, c.secret, c.body); got != c.want {
			t.Errorf("%s %.40s: %d, want %d", c.method, strings.TrimSpace(c.body), got, c.want)
		}
	}
	if got := e.wait(t, 1); len(got) != 1 || got[0].Text != "oui" {
		t.Errorf("heard %v", got)
	}
	if n.Forged() != 4 {
		t.Errorf("%d forged", n.Forged())
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if got := call("POST", secret, good); got != http.StatusServiceUnavailable {
		t.Errorf("after Listen: %d, want 503", got)
	}
}

// TestSendFailures: what each failure of Telegram means for the message.
func TestSendFailures(t *testing.T) {
	s := telegramtest.New()
	defer s.Close()
	api := func(code int, description, more string) telegramtest.Failure {
		return telegramtest.Failure{Status: code, Body: fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q%s}`, code, description, more)}
	}
	page := "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
	again := errors.New("again")
	for _, c := range []struct {
		name string
		fail telegramtest.Failure
		want error
	}{
		{"429", api(429, "Too Many Requests: retry after 7", `,"parameters":{"retry_after":7}`), bot.RetryAfter{Wait: 7 * time.Second}},
		{"429 of a day", api(429, "Too Many Requests", `,"parameters":{"retry_after":86400}`), bot.RetryAfter{Wait: time.Hour}},
		{"blocked", api(403, "Forbidden: bot was blocked by the user", ""), bot.ErrUnreachable},
		{"gone", api(403, "Forbidden: user is deactivated", ""), bot.ErrUnreachable},
		{"no chat", api(400, "Bad Request: chat not found", ""), bot.ErrUnreachable},
		{"bad text", api(400, "Bad Request: message is too long", ""), bot.ErrRefused},
		{"migrated", api(400, "Bad Request: group chat was upgraded", `,"parameters":{"migrate_to_chat_id":-100}`), bot.ErrRefused},
		{"token", api(401, "Unauthorized", ""), again},
		{"500", api(500, "Internal Server Error: sent to Jeanne", ""), bot.ErrUncertain},
		{"502 in HTML", telegramtest.Failure{Status: 502, Body: page}, bot.ErrUncertain},
		{"200 in HTML", telegramtest.Failure{Status: 200, Body: page}, bot.ErrUncertain},
		{"503", telegramtest.Failure{Status: 503, Body: page}, again},
		{"cut", telegramtest.Failure{}, bot.ErrUncertain},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.Fail(c.fail)
			_, err := network(t, s.URL, nil).Send(t.Context(), "telegram:42", bot.Rendered{Text: "secret de Jeanne"})
			sameFailure(t, err, c.want, again)
		})
	}
	t.Run("too slow", func(t *testing.T) {
		s.Fail(telegramtest.Failure{Status: 200, Wait: 300 * time.Millisecond})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := network(t, s.URL, nil).Send(ctx, "telegram:42", bot.Rendered{Text: "secret de Jeanne"})
		sameFailure(t, err, bot.ErrUncertain, again)
	})
	t.Run("nobody listens", func(t *testing.T) {
		closed := httptest.NewServer(nil)
		closed.Close()
		_, err := network(t, closed.URL, nil).Send(t.Context(), "telegram:42", bot.Rendered{Text: "secret de Jeanne"})
		sameFailure(t, err, again, again)
	})
	t.Run("not its turn", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		n := network(t, s.URL, func(c *telegram.Config) {
			c.Take = func(context.Context, string, bot.Rate, int, time.Time) (int, time.Duration, error) {
				return 0, time.Minute, nil
			}
		})
		_, err := n.Send(ctx, "telegram:42", bot.Rendered{Text: "secret de Jeanne"})
		sameFailure(t, err, again, again)
	})
	if got := s.Messages(); len(got) > 0 {
		t.Errorf("%v", got)
	}
	t.Run("taken, in words of another time", func(t *testing.T) {
		s.Fail(telegramtest.Failure{Status: 200, Body: `{"ok":true,"result":{"message_id":7,"link_preview_options":"new","chat":{"id":"42"}}}`})
		if ref, err := network(t, s.URL, nil).Send(t.Context(), "telegram:42", bot.Rendered{Text: "a"}); err != nil || ref != "42/7" {
			t.Errorf("%s, %v", ref, err)
		}
	})
}

// sameFailure compares an error with what it should be; again stands for any that is none of the contract.
func sameFailure(t *testing.T, err, want, again error) {
	t.Helper()
	patience, asked := errors.AsType[bot.RetryAfter](err)
	switch {
	case err == nil:
		t.Fatal("sent")
	case want == again:
		if asked || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrUncertain) || errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("%v, want one that is tried again", err)
		}
	case asked:
		if patience != want {
			t.Errorf("%v, want %v", patience, want)
		}
	case !errors.Is(err, want):
		t.Errorf("%v, want %v", err, want)
	}
	for _, secret := range []string{"AAH-fictif", "Jeanne", "html", "nginx"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("an error tells too much: %v", err)
		}
	}
}

// TestPace: each chat has a pace of its own, a group a slower one, and all wait their turn.
func TestPace(t *testing.T) {
	s := telegramtest.New()
	defer s.Close()
	var asked []string
	refusals := 2
	n := network(t, s.URL, func(c *telegram.Config) {
		c.Take = func(_ context.Context, key string, rate bot.Rate, n int, _ time.Time) (int, time.Duration, error) {
			asked = append(asked, fmt.Sprintf("%s %.0f/min %d %d", key, 60*rate.PerSecond, rate.Burst, n))
			if refusals--; refusals >= 0 {
				return 0, time.Millisecond, nil
			}
			return 1, 0, nil
		}
	})
	for _, chat := range []bot.Address{"telegram:42", "telegram:-100"} {
		if _, err := n.Send(t.Context(), chat, bot.Rendered{Text: "a"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := fmt.Sprint(asked); got != "[telegram/42 60/min 1 1 telegram/42 60/min 1 1 telegram/42 60/min 1 1 telegram/-100 18/min 1 1]" || len(s.Messages()) != 2 {
		t.Errorf("asked %s", got)
	}
}

// TestWhatIsSent: texts leave as they are, with buttons that carry little; an edit edits, and a message that is gone is written anew.
func TestWhatIsSent(t *testing.T) {
	s := telegramtest.New()
	defer s.Close()
	n := network(t, s.URL, nil)
	send := func(m bot.Rendered) (string, error) {
		t.Helper()
		return n.Send(t.Context(), "telegram:42", m)
	}
	ref, err := send(bot.Rendered{Text: "Été à Périers ? <b>*_€…", About: "rdv/r1", Choices: []bot.Choice{{Words: "1", Label: "Oui", Beside: true}, {Words: strings.Repeat("é", 40), Label: "Trop"},
		{Words: "2", Label: "Non"}, {Words: "3", Label: "Une date qui ne tient pas à côté"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := s.Messages()
	if len(got) != 1 || got[0].Text != "Été à Périers ? <b>*_€…" || ref != fmt.Sprintf("42/%d", got[0].ID) {
		t.Fatalf("%v as %s", got, ref)
	}
	var keyboard struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(got[0].Markup), &keyboard); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(keyboard.Rows) != "[[{Oui b1\nrdv/r1} {Non q2}] [{Une date qui ne tient pas à côté q3}]]" {
		t.Errorf("buttons %q", fmt.Sprint(keyboard.Rows))
	}
	again, err := send(bot.Rendered{Text: "C'est noté.", Replace: ref})
	if got := s.Messages(); err != nil || again != ref || len(got) != 1 || got[0].Text != "C'est noté." || got[0].Markup != "" {
		t.Errorf("%v, %s: %v", err, again, got)
	}
	if anew, err := send(bot.Rendered{Text: "Encore.", Replace: "42/999"}); err != nil || anew == ref || len(s.Messages()) != 2 {
		t.Errorf("%v, %s: %v", err, anew, s.Messages())
	}
	if _, err := send(bot.Rendered{Text: "Répondez OUI ou NON.", Replace: "42/999", Redraws: true}); !errors.Is(err, bot.ErrRefused) || len(s.Messages()) != 2 {
		t.Errorf("a question that is gone is asked again: %v", err)
	}
	if _, err := send(bot.Rendered{Text: "Votre numéro ?", Choices: []bot.Choice{{Label: "Donner mon numéro", Number: true}}}); err != nil {
		t.Fatal(err)
	}
	if last := s.Messages()[2]; !strings.Contains(last.Markup, `"request_contact":true`) || !strings.Contains(last.Markup, "Donner mon numéro") {
		t.Errorf("%+v", last)
	}
	for name, m := range map[string]bot.Rendered{"empty": {Text: " \n"}, "long": {Text: strings.Repeat("😀", 2049)}} {
		if _, err := send(m); !errors.Is(err, bot.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := n.Send(t.Context(), "telegram:#7", bot.Rendered{Text: "a"}); !errors.Is(err, bot.ErrRefused) {
		t.Errorf("no chat: %v", err)
	}
}

func TestCheck(t *testing.T) {
	s := telegramtest.New()
	defer s.Close()
	say := func(change func(*telegram.Config)) string {
		var all []string
		for _, f := range network(t, s.URL, change).Check(t.Context()) {
			all = append(all, fmt.Sprint(f.OK, f.Mind, " ", f.Text))
		}
		return strings.Join(all, "\n")
	}
	for want, change := range map[string]func(*telegram.Config){
		"true false le compte PasseurEssaiBot répond": nil,
		"false false ce jeton est celui du compte":    func(c *telegram.Config) { c.Account = "AutreBot" },
		"false false le jeton du compte est refusé":   func(c *telegram.Config) { c.Token = "1:wrong" },
		"false false on ne le joint pas":              func(c *telegram.Config) { c.URL = "http://127.0.0.1:1" },
	} {
		if got := say(change); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// FuzzCall has anything called with the right secret: it is taken, refused or answered, and what is heard is a person's.
func FuzzCall(f *testing.F) {
	f.Add([]byte(`{"update_id": 7, "message": {"message_id": 1, "date": 1, "chat": {"id": 42, "type": "private"}, "from": {"id": 42}, "text": "oui"}}`))
	f.Add([]byte(`{"update_id": 7, "callback_query": {"id": "1", "data": "b1\nrdv/1", "from": {"id": 42}, "message": {"message_id": 3, "chat": {"id": 42, "type": "private"}}}}`))
	f.Add([]byte(`{"update_id": 7, "my_chat_member": {"chat": {"id": 42, "type": "private"}, "new_chat_member": {"status": "kicked"}}}`))
	f.Add([]byte(`{"update_id": 9223372036854775807, "message": {"date": 9223372036854775807, "contact": {"phone_number": "+", "user_id": 1}}}`))
	const secret = "0123456789abcdef"
	s := telegramtest.New()
	f.Cleanup(s.Close)
	cfg := telegram.Config{Token: telegramtest.Token, URL: s.URL, Secret: secret, PublicURL: "https://passeur.example.fr", Hold: always, Take: free,
		KeyOf: func(context.Context, string) (string, error) { return "", nil }}
	n, err := telegram.New(cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		f.Fatal(err)
	}
	heard := func(_ context.Context, e bot.Event) (bot.Response, error) {
		if e.From.ID() == "" || strings.HasPrefix(e.From.ID(), "-") || e.Role != bot.Usager || !strings.HasPrefix(e.ID, "telegram/") || e.At.After(time.Now()) {
			f.Errorf("heard %+v", e)
		}
		return bot.Response{}, nil
	}
	ctx, stop := context.WithCancel(context.Background())
	f.Cleanup(stop)
	go func() { _ = n.Listen(ctx, heard) }()
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest("POST", "/telegram/", bytes.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		w := httptest.NewRecorder()
		n.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 400 && w.Code != 413 && w.Code != 503 {
			t.Errorf("answered %d", w.Code)
		}
	})
}
