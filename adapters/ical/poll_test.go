package ical

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

// pipes is a listener whose connections are in memory, so that time stands still while they are silent.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

// Accept implements net.Listener.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *pipes) Close() error { p.once.Do(func() { close(p.done) }); return nil }

// Addr implements net.Listener.
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ears is the bot's side: what it heard, and whether it fails.
type ears struct {
	mu     sync.Mutex
	events []bot.Event
	fail   func(bot.Event) bool
}

func (e *ears) hear(_ context.Context, event bot.Event) (bot.Response, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fail != nil && e.fail(event) {
		return bot.Response{}, errors.New("database is locked")
	}
	e.events = append(e.events, event)
	return bot.Response{}, nil
}

// news are the events since the last call: "UID summary" of entries, "= UIDs" of states.
func (e *ears) news(t *testing.T) (all []string) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, event := range e.events {
		body := []byte(event.Values[bot.OutsideValue])
		if event.Role != bot.Itself || event.From != "" || event.At.IsZero() {
			t.Errorf("event %+v", event)
		}
		switch event.Intent {
		case bot.FeedEntryIntent:
			var got bot.FeedEntry
			if err := json.Unmarshal(body, &got); err != nil || got.Feed != "manche" || event.About != "agenda/manche/"+digest(got.UID) {
				t.Error(err, got, event.About)
			}
			all = append(all, got.UID+" "+got.Summary)
		case bot.FeedStateIntent:
			var got bot.FeedState
			if err := json.Unmarshal(body, &got); err != nil || got.Feed != "manche" || event.About != "agenda/manche" {
				t.Error(err, got, event.About)
			}
			all = append(all, "= "+strings.Join(got.UIDs, ","))
		}
	}
	e.events = nil
	return all
}

// host serves a feed that tests change, and notes how it is asked.
type host struct {
	mu     sync.Mutex
	body   string
	status int
	asked  []http.Header
}

func (h *host) set(status int, entries ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
	var lines []string
	for _, e := range entries {
		uid, summary, _ := strings.Cut(e, " ")
		lines = append(lines, "BEGIN:VEVENT\r\nUID:"+uid+"\r\nDTSTART:20300101\r\nSUMMARY:"+summary+"\r\nEND:VEVENT")
	}
	h.body = calendar(lines...)
}

// ServeHTTP implements http.Handler.
func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, r.Header)
	if h.status != 200 {
		http.Error(w, "non", h.status)
		return
	}
	w.Header().Set("ETag", `"`+digest(h.body)+`"`)
	http.ServeContent(w, r, "", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), strings.NewReader(h.body))
}

// times is how often it was asked since the last call.
func (h *host) times() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := len(h.asked)
	h.asked = nil
	return n
}

// secret is the part of an address that nobody may see.
const secret = "s3cr3t-d-exemple"

// stage is a network that polls a host, in a bubble of time.
type stage struct {
	host *host
	ears *ears
	log  *bytes.Buffer
	n    *Network
}

// onStage runs a test in a bubble. Listen has been called, and the first poll is over.
func onStage(t *testing.T, prepare func(*stage), play func(*testing.T, *stage)) {
	synctest.Test(t, func(t *testing.T) {
		s := &stage{host: &host{}, ears: &ears{}, log: &bytes.Buffer{}}
		s.host.set(200, "a Atelier", "b Permanence")
		listener := newPipes()
		server := &http.Server{Handler: s.host}
		go func() { _ = server.Serve(listener) }()
		var err error
		s.n, err = New([]Feed{{Name: "manche", URL: "http://agenda.example/" + secret + ".ics"}}, time.UTC, nil, slog.New(slog.NewTextHandler(s.log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		s.n.client.Transport = &http.Transport{DialContext: listener.dial}
		if prepare != nil {
			prepare(s)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.n.Listen(ctx, s.ears.hear) }()
		synctest.Wait()
		play(t, s)
		cancel()
		if err := <-ended; err != nil {
			t.Error("Listen:", err)
		}
		server.Close()
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log shows the address: %s", s.log)
		}
	})
}

// after lets time pass and says what was told meanwhile.
func (s *stage) after(t *testing.T, d time.Duration, want ...string) {
	t.Helper()
	timer := time.NewTimer(d)
	<-timer.C
	synctest.Wait()
	if diff := cmp.Diff(want, s.ears.news(t)); diff != "" {
		t.Error(diff)
	}
}

func TestPollTellsWhatIsNew(t *testing.T) {
	onStage(t, nil, func(t *testing.T, s *stage) {
		s.after(t, time.Second, "a Atelier", "b Permanence", "= a,b")
		s.after(t, 15*time.Minute)
		s.host.set(200, "a Atelier", "b Fermeture")
		s.after(t, 15*time.Minute, "b Fermeture")
		s.host.set(200, "a Atelier")
		s.after(t, 15*time.Minute, "= a")
		s.host.set(200, "a Atelier", "c Café")
		s.after(t, 15*time.Minute, "c Café", "= a,c")
		s.host.set(200)
		s.after(t, 15*time.Minute, "= ")
		s.host.set(200, "a Atelier")
		s.after(t, 15*time.Minute, "a Atelier", "= a") // what comes back is news
	})
}

// TestChangedBackIsNews: the bot handles an ID once, so what was said before must have another the second time.
func TestChangedBackIsNews(t *testing.T) {
	onStage(t, nil, func(t *testing.T, s *stage) {
		var ids []string
		for _, summary := range []string{"Atelier", "Fermeture", "Atelier", "Fermeture"} {
			s.host.set(200, "a "+summary)
			timer := time.NewTimer(15 * time.Minute)
			<-timer.C
			synctest.Wait()
			s.ears.mu.Lock()
			for _, e := range s.ears.events {
				ids = append(ids, e.ID)
			}
			s.ears.mu.Unlock()
			s.ears.news(t)
		}
		slices.Sort(ids)
		if n := len(ids); n < 6 || len(slices.Compact(ids)) != n {
			t.Error(n, ids)
		}
	})
}

// TestRestart: a start tells all under the IDs it had, but the state, which is always news.
func TestRestart(t *testing.T) {
	var starts [2][]string
	for i := range starts {
		onStage(t, nil, func(t *testing.T, s *stage) {
			for _, e := range s.ears.events {
				id := e.ID
				if e.Intent == bot.FeedStateIntent {
					id = id[:strings.LastIndexByte(id, '/')]
				}
				starts[i] = append(starts[i], id)
			}
		})
	}
	if diff := cmp.Diff(starts[0], starts[1]); diff != "" || len(starts[0]) != 3 {
		t.Error(diff, starts)
	}
	if !strings.HasPrefix(starts[0][0], "ical/manche/") || !strings.HasPrefix(starts[0][2], "ical/manche/etat/") {
		t.Error(starts[0])
	}
}

func TestETagIsHonoured(t *testing.T) {
	onStage(t, nil, func(t *testing.T, s *stage) {
		s.after(t, 15*time.Minute+time.Second, "a Atelier", "b Permanence", "= a,b")
		h := s.host.asked
		if len(h) != 2 || h[0].Get("If-None-Match") != "" || h[1].Get("If-None-Match") == "" || h[1].Get("If-Modified-Since") == "" {
			t.Error(h)
		}
		read := s.n.Status()[0]
		if read.LastRead.IsZero() || time.Since(read.LastRead) > time.Minute || read.Entries != 2 || read.Err != nil {
			t.Errorf("%+v", read)
		}
	})
}

// TestHearFails: the poll is given up, what was told stays told, and the rest is told a minute later.
func TestHearFails(t *testing.T) {
	onStage(t, func(s *stage) {
		s.ears.fail = func(e bot.Event) bool { return strings.Contains(e.Values[bot.OutsideValue], "Permanence") }
	}, func(t *testing.T, s *stage) {
		s.after(t, 3*time.Minute+time.Second, "a Atelier")
		if n := s.host.times(); n != 4 {
			t.Errorf("asked %d times", n)
		}
		if n := strings.Count(s.log.String(), "not taken"); n != 1 {
			t.Errorf("logged %d times: %s", n, s.log)
		}
		s.ears.mu.Lock()
		s.ears.fail = nil
		s.ears.mu.Unlock()
		s.after(t, time.Minute, "b Permanence", "= a,b")
		s.after(t, time.Minute)
		if n := s.host.times(); n != 1 {
			t.Errorf("asked %d times after it was taken", n)
		}
	})
}

// TestFailures: the third in a row is logged, and the end; nothing is told of what cannot be read.
func TestFailures(t *testing.T) {
	onStage(t, nil, func(t *testing.T, s *stage) {
		s.after(t, time.Second, "a Atelier", "b Permanence", "= a,b")
		s.host.set(404)
		s.after(t, 30*time.Minute)
		if s.log.Len() > 0 || s.n.Status()[0].Err == nil {
			t.Errorf("after two: %s", s.log)
		}
		s.after(t, 60*time.Minute)
		if n := strings.Count(s.log.String(), "cannot be read"); n != 1 || !strings.Contains(s.log.String(), "feed=manche") {
			t.Errorf("after six: %s", s.log)
		}
		s.host.set(200, "a Atelier", "b Permanence")
		s.after(t, 15*time.Minute)
		if n := strings.Count(s.log.String(), "read again"); n != 1 || s.n.Status()[0].Err != nil {
			t.Errorf("back: %s", s.log)
		}
	})
}

// TestUnreadIsNotGone: an entry that is not understood any more is there still.
func TestUnreadIsNotGone(t *testing.T) {
	onStage(t, nil, func(t *testing.T, s *stage) {
		s.after(t, time.Second, "a Atelier", "b Permanence", "= a,b")
		s.host.mu.Lock()
		s.host.body = strings.Replace(s.host.body, "DTSTART", "DTSTART;TZID=Custom 1:20300101T100000\r\nX", 1)
		s.host.mu.Unlock()
		s.after(t, 15*time.Minute)
		if got := s.n.Status()[0]; got.Entries != 1 || len(got.Problems) != 1 || got.Problems[0].UID != "a" {
			t.Errorf("%+v", got)
		}
		s.host.set(200, "a Atelier", "b Permanence")
		s.after(t, 15*time.Minute)
	})
}

// TestPatience: a server that does not answer is left after 30 seconds.
func TestPatience(t *testing.T) {
	onStage(t, func(s *stage) {
		s.n.client.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
	}, func(t *testing.T, s *stage) {
		s.after(t, 29*time.Second)
		if got := s.n.Status()[0]; got.Err != nil {
			t.Error(got.Err)
		}
		s.after(t, 2*time.Second)
		if got := s.n.Status()[0]; !errors.Is(got.Err, errPatience) || !got.LastRead.IsZero() {
			t.Error(got)
		}
	})
}

// TestRedirects: three at most, to https or on the same host, and nobody learns the address.
func TestRedirects(t *testing.T) {
	body := calendar(small(1))
	var referer []string
	serve := func(w http.ResponseWriter, r *http.Request) {
		if ref := r.Referer(); ref != "" {
			referer = append(referer, ref)
		}
		if to := r.URL.Query().Get("to"); to != "" {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
			return
		}
		_, _ = w.Write([]byte(body))
	}
	plain, safe, other := httptest.NewServer(http.HandlerFunc(serve)), httptest.NewTLSServer(http.HandlerFunc(serve)), httptest.NewServer(http.HandlerFunc(serve))
	defer plain.Close()
	defer safe.Close()
	defer other.Close()
	for name, c := range map[string]struct {
		url  string
		want error
	}{
		"none":            {plain.URL + "/", nil},
		"the same host":   {plain.URL + "/?to=/next", nil},
		"to https":        {plain.URL + "/?to=" + safe.URL, nil},
		"to another host": {plain.URL + "/?to=" + other.URL, errUnsafe},
		"away from https": {safe.URL + "/?to=" + plain.URL, errUnsafe},
		"webcal":          {"webcal" + strings.TrimPrefix(safe.URL, "https") + "/", nil},
		"round and round": {plain.URL + "/?to=/%3Fto=/%253Fto=/%25253Fto=/", errHops},
		"three":           {plain.URL + "/?to=/%3Fto=/%253Fto=/", nil},
		"nowhere":         {"http://127.0.0.1:1/", errReach},
		"another scheme":  {plain.URL + "/?to=file:///etc/passwd", errUnsafe},
	} {
		t.Run(name, func(t *testing.T) {
			n, err := New([]Feed{{Name: "manche", URL: strings.Replace(c.url, "?", secret+"?", 1)}}, time.UTC, nil, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			n.client.Transport = safe.Client().Transport
			got := n.Check(t.Context())[0]
			if !errors.Is(got.Err, c.want) || c.want == nil && got.Entries != 1 {
				t.Errorf("%+v, want %v", got, c.want)
			}
			if got.Err != nil && strings.Contains(got.Err.Error(), secret) {
				t.Error("the error shows the address:", got.Err)
			}
		})
	}
	if len(referer) > 0 {
		t.Error("who comes next learned", referer)
	}
}

// TestReasons: what net/http says is never repeated, since it names the address.
func TestReasons(t *testing.T) {
	for want, err := range map[error]error{
		errName:     &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: secret, IsNotFound: true}},
		errPatience: context.DeadlineExceeded,
		errReach:    errors.New("malformed HTTP response from " + secret),
	} {
		if got := reason(&url.Error{Op: "Get", URL: "https://agenda.example/" + secret, Err: err}); got != want {
			t.Errorf("%v: %v", err, got)
		}
	}
	for want, err := range map[error]error{errBroken: errors.New("unexpected EOF at " + secret), errPatience: context.DeadlineExceeded, ErrCut: ErrCut} {
		if got := unreadable(fmt.Errorf("lecture : %w", err)); got != want {
			t.Errorf("%v: %v", err, got)
		}
	}
	for _, status := range []int{401, 403, 404, 410, 429, 500, 204} {
		if err := refusal(status); !strings.Contains(err.Error(), strconv.Itoa(status)) {
			t.Error(err)
		}
	}
}

// TestUntrusted: a certificate that nobody knows is an error of its own.
func TestUntrusted(t *testing.T) {
	safe := httptest.NewUnstartedServer(http.NotFoundHandler())
	safe.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	safe.StartTLS()
	defer safe.Close()
	n, err := New([]Feed{{Name: "manche", URL: safe.URL}}, time.UTC, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if got := n.Check(t.Context())[0]; !errors.Is(got.Err, errTrust) {
		t.Error(got.Err)
	}
}

// TestFeedsAreChecked: what is wrong with the settings is a sentence without the address.
func TestFeedsAreChecked(t *testing.T) {
	const address = "https://agenda.example/" + secret
	for text, feeds := range map[string][]Feed{
		"minuscules":         {{Name: "La Manche", URL: address}},
		"doit commencer par": {{Name: "manche", URL: "agenda.example/" + secret}},
		"nom de serveur":     {{Name: "manche", URL: "https:///" + secret}},
		"https:// ou webcal": {{Name: "manche", URL: "ftp://agenda.example/" + secret}},
		"par minute":         {{Name: "manche", URL: address, Every: time.Second}},
		"deux agendas":       {{Name: "manche", URL: address}, {Name: "manche", URL: address}},
		"l'adresse doit":     {{Name: "manche", URL: "https://agenda.example/\x7f" + secret}},
	} {
		_, err := New(feeds, time.UTC, nil, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := New(nil, time.Local, nil, slog.New(slog.DiscardHandler)); time.Local.String() == "Local" && err == nil {
		t.Error("a zone without a name was taken")
	}
	if _, err := New([]Feed{{Name: "manche", URL: " WEBCAL://agenda.example/x", Every: time.Minute}}, zoneNamed(t, "Europe/Paris"), nil, slog.New(slog.DiscardHandler)); err != nil {
		t.Error(err)
	}
}
