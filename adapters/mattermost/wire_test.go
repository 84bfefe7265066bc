package mattermost

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// limiting is a server, reached without a network, that answers 429 until patience has passed since it first did, and keeps
// when it was asked and with what.
type limiting struct {
	patience time.Duration
	header   string
	mu       sync.Mutex
	since    time.Time
	asked    []time.Time
	bodies   []string
}

func (l *limiting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	l.asked, l.bodies = append(l.asked, time.Now()), append(l.bodies, string(body))
	if l.since.IsZero() {
		l.since = time.Now()
	}
	if left := l.patience - time.Since(l.since); left > 0 {
		w.Header().Set(l.header, strconv.Itoa(int(left/time.Second)))
		http.Error(w, "limit exceeded", http.StatusTooManyRequests)
		return
	}
	_, _ = w.Write([]byte("{}"))
}

// wired gives a client whose requests go to the handler by pipes, so that the time of a bubble holds for both.
func wired(t *testing.T, h http.Handler) (*model.Client4, *wire) {
	t.Helper()
	doors := make(chan net.Conn, 16) // the client may dial once more than it needs
	server := &http.Server{Handler: h}
	go func() { _ = server.Serve(&pipes{doors, make(chan struct{})}) }()
	api, w := newClient("http://mattermost.example", "t", timeout)
	w.next.DialContext = func(context.Context, string, string) (net.Conn, error) {
		inside, outside := net.Pipe()
		doors <- inside
		return outside, nil
	}
	t.Cleanup(func() { w.CloseIdleConnections(); server.Close() })
	return api, w
}

// pipes is a net.Listener of connections that are given to it.
type pipes struct {
	come   chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.come:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// A short wait is waited: the same request leaves again, not before, and whoever else asks meanwhile waits too.
func TestWirePatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &limiting{patience: 3 * time.Second, header: "Retry-After"}
		api, w := wired(t, server)
		if _, _, err := api.CreatePost(t.Context(), &model.Post{Message: "un"}); err != nil {
			t.Fatal(err)
		}
		if n := len(server.asked); n != 2 || server.asked[1].Sub(server.asked[0]) != 3*time.Second || server.bodies[0] != server.bodies[1] || !strings.Contains(server.bodies[1], `"un"`) {
			t.Errorf("asked %d times: %v, %q", n, server.asked, server.bodies)
		}
		w.limited(http.Header{"Retry-After": {"4"}})
		began := time.Now()
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if _, _, err := api.GetMe(t.Context(), ""); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if d := time.Since(began); d != 4*time.Second {
			t.Errorf("five others waited %s, want 4 s", d)
		}
	})
}

// A wait that is too long, for anybody or for the time that one has, is told without a request.
func TestWireTellsLongWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &limiting{patience: 20 * time.Second, header: "X-Ratelimit-Reset"}
		api, _ := wired(t, server)
		asks := func(ctx context.Context) time.Duration {
			_, _, err := api.CreatePost(ctx, &model.Post{Message: "un"})
			asked, ok := errors.AsType[bot.RetryAfter](refusal(nil, err))
			if !ok {
				t.Fatalf("want patience: %v", err)
			}
			return asked.Wait
		}
		if d := asks(t.Context()); d != 20*time.Second {
			t.Errorf("told to wait %s, want 20 s", d)
		}
		pause(t.Context(), 12*time.Second)
		hurried, cancel := context.WithTimeout(t.Context(), 9*time.Second)
		defer cancel()
		if d := asks(hurried); d != 8*time.Second || len(server.asked) != 1 {
			t.Errorf("told to wait %s, want 8 s; the server was asked %d times, want once", d, len(server.asked))
		}
		if _, _, err := api.GetMe(t.Context(), ""); err != nil { // who has time waits the rest
			t.Error(err)
		}
	})
}

func TestPatienceOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, test := range []struct {
			name   string
			header http.Header
			want   time.Duration
		}{
			{"the window's end", http.Header{"X-Ratelimit-Reset": {"7"}}, 7 * time.Second},
			{"both", http.Header{"Retry-After": {"3"}, "X-Ratelimit-Reset": {"7"}}, 3 * time.Second},
			{"silent", http.Header{}, time.Second},
			{"nonsense", http.Header{"Retry-After": {"bientôt"}}, time.Second},
			{"the past", http.Header{"Retry-After": {"-4"}}, time.Second},
			{"a day", http.Header{"Retry-After": {"86400"}}, time.Hour},
			{"a date", http.Header{"Retry-After": {time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)}}, time.Minute},
			{"a date of the past", http.Header{"Retry-After": {"Mon, 02 Jan 1995 15:04:05 GMT"}}, time.Second},
		} {
			if got := patienceOf(test.header); got != test.want {
				t.Errorf("%s: %s, want %s", test.name, got, test.want)
			}
		}
	})
}

// What a proxy says in the server's place refuses nothing for good; what the server says does.
func TestWhoseRefusal(t *testing.T) {
	for _, test := range []struct {
		name, kind, body string
		status           int
		own              bool
	}{
		{"the server's", "application/json", `{"id":"api.context.permissions.app_error","message":"non","status_code":403}`, 403, true},
		{"a proxy's", "text/plain", "404 page not found", 404, false},
		{"a page", "text/html", "<html>403 Forbidden</html>", 403, false},
		{"JSON of others", "application/json", `{"error":"no such application"}`, 404, false},
		{"nothing", "text/plain", "", 400, false},
	} {
		answer := func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", test.kind)
			w.WriteHeader(test.status)
			_, _ = io.WriteString(w, test.body)
		}
		api, _ := wired(t, http.HandlerFunc(answer))
		_, resp, err := api.GetUser(t.Context(), model.NewId(), "")
		if own := gone(resp) || status(resp) == http.StatusBadRequest; err == nil || own != test.own || errors.Is(refusal(resp, err), bot.ErrRefused) != test.own {
			t.Errorf("%s: %d %v, taken for the server's own: %v", test.name, status(resp), err, own)
		}
	}
}
