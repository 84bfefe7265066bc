package sms

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"passeur/bot"
)

const (
	testSecret = "0123456789abcdef-_AB"
	jeanne     = "+33639981234"
)

// open returns a network over Kannel's provider at url, and what it logs.
func open(t testing.TB, url string, change func(*Config)) (*Network, *bytes.Buffer) {
	t.Helper()
	c := Config{
		Provider: "kannel", URL: url, Username: "passeur", Password: "clef", From: "38000",
		Secret: testSecret, PublicURL: "https://passeur.example.fr",
	}
	if change != nil {
		change(&c)
	}
	var out bytes.Buffer
	n, err := Open(c, nil, io.Discard, slog.New(slog.NewTextHandler(&out, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return n, &out
}

func gateway(t testing.TB, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL
}

func accept(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, "0: Accepted for delivery")
}

// kind names what an error of Send means to the scheduler.
func kind(err error) string {
	wait, patient := errors.AsType[bot.RetryAfter](err)
	switch {
	case err == nil:
		return "sent"
	case errors.Is(err, bot.ErrRefused):
		return "never: " + strings.TrimPrefix(err.Error(), "refused: ")
	case errors.Is(err, bot.ErrUncertain):
		return "uncertain"
	case patient:
		return "wait " + wait.Wait.String()
	}
	return "again"
}

func TestSendRefusesBeforehand(t *testing.T) {
	var asked atomic.Int32
	url := gateway(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1); accept(w, r) })
	two := func(c *Config) { c.MaxParts = 2 }
	far := func(c *Config) { c.URL = "http://kannel.example.fr:13013" }
	for _, c := range []struct {
		name string
		to   bot.Address
		text string
		set  func(*Config)
		want string
	}{
		{"two parts of two", "sms:" + jeanne, strings.Repeat("a", 306), two, "sent"},
		{"three parts of two", "sms:" + jeanne, strings.Repeat("a", 307), two, "never: trop-long"},
		{"counted folded", "sms:" + jeanne, strings.Repeat("ê", 306), two, "sent"},
		{"an emoji makes it long", "sms:" + jeanne, strings.Repeat("ê", 134) + "👍", two, "never: trop-long"},
		{"ten parts by default", "sms:" + jeanne, strings.Repeat("a", 10*153), nil, "sent"},
		{"eleven parts", "sms:" + jeanne, strings.Repeat("a", 10*153+1), nil, "never: trop-long"},
		{"nothing to say", "sms:" + jeanne, " \u00a0\u200b\n", nil, "never: vide"},
		{"fiction, real gateway", "sms:" + jeanne, "bonjour", far, "never: numero-fictif"},
		{"landline", "sms:+33140000000", "bonjour", nil, "never: pas-un-mobile"},
		{"short code", "sms:38000", "bonjour", nil, "never: pas-un-mobile"},
		{"national form", "sms:0639981234", "bonjour", nil, "never: pas-un-mobile"},
		{"another network", "telegram:+33639981234", "bonjour", nil, "never: pas-un-mobile"},
	} {
		before := asked.Load()
		n, _ := open(t, url, c.set)
		_, err := n.Send(t.Context(), c.to, bot.Rendered{Key: "k", Text: c.text})
		if got := kind(err); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if sent := asked.Load() > before; sent != (c.want == "sent") {
			t.Errorf("%s: the gateway was asked: %v", c.name, sent)
		}
	}
}

// hangUp answers nothing: raw writes are what the gateway says before it closes the connection.
func hangUp(raw string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, raw)
		_ = conn.Close()
	}
}

func TestSendTellsWhatIsKnown(t *testing.T) {
	answer := func(status int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for _, c := range []struct {
		name    string
		gateway http.HandlerFunc
		want    string
	}{
		{"accepted", accept, "sent"},
		{"closed without an answer", hangUp(""), "uncertain"},
		{"half an answer", hangUp("HTTP/1.1 202 Accepted\r\nContent-Length: 24\r\n\r\n0: Acc"), "uncertain"},
		{"no HTTP", hangUp("SSH-2.0-OpenSSH_9.2\r\n"), "uncertain"},
		{"redirected", answer(307, "", "Location", "/elsewhere"), "again"},
		{"pause in seconds", answer(429, "", "Retry-After", "120"), "wait 2m0s"},
		{"pause while down", answer(503, "", "Retry-After", "7"), "wait 7s"},
		{"pause too long", answer(429, "", "Retry-After", "90000"), "wait 1h0m0s"},
		{"pause of nothing", answer(429, "", "Retry-After", "0"), "wait 1s"},
		{"too many, no pause named", answer(429, ""), "again"},
		{"down", answer(503, "<html>"), "again"},
		{"somebody in between is down", answer(502, "<html>"), "uncertain"},
		{"somebody in between heard nothing back", answer(524, "<html>"), "uncertain"},
		{"somebody in between got no connection", answer(521, "<html>"), "again"},
	} {
		var asked atomic.Int32
		n, _ := open(t, gateway(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1); c.gateway(w, r) }), nil)
		_, err := n.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "k", Text: "bonjour"})
		if got := kind(err); got != c.want {
			t.Errorf("%s: %s (%v), want %s", c.name, got, err, c.want)
		}
		if asked.Load() != 1 {
			t.Errorf("%s: asked %d times, want once", c.name, asked.Load())
		}
	}
}

func TestSendWithoutGateway(t *testing.T) {
	const closed = "http://127.0.0.1:1"                       // tcpmux, which nothing serves
	secure := httptest.NewTLSServer(http.HandlerFunc(accept)) // whose certificate nobody knows
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	t.Cleanup(secure.Close)
	for name, url := range map[string]string{"connection refused": closed, "unknown certificate": secure.URL} {
		n, _ := open(t, url, nil)
		_, err := n.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "k", Text: "bonjour"})
		if kind(err) != "again" || strings.Contains(err.Error(), url) {
			t.Errorf("%s: %v", name, err)
		}
	}
	n, _ := open(t, gateway(t, accept), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := n.Send(ctx, "sms:"+jeanne, bot.Rendered{Key: "k", Text: "bonjour"}); kind(err) != "again" || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
}

// dialled gives n connections made by dial instead of the network's.
func dialled(t *testing.T, dial func(context.Context) (net.Conn, error)) *Network {
	n, _ := open(t, "http://127.0.0.1:13013", nil)
	n.routes[0].way.(*over).client.Transport.(*http.Transport).DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }
	return n
}

// silent returns a connection whose far end reads one request, then calls arrived and never answers.
func silent(arrived func()) func(context.Context) (net.Conn, error) {
	return func(context.Context) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			from := bufio.NewReader(far)
			if r, err := http.ReadRequest(from); err == nil {
				_, _ = io.Copy(io.Discard, r.Body)
				arrived()
			}
			_, _ = io.Copy(io.Discard, from)
		}()
		return near, nil
	}
}

// Silence is uncertain once the request was written, and only then.
func TestSendInSilence(t *testing.T) {
	hang := func(ctx context.Context) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	lost := func(context.Context) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "kannel", IsNotFound: true}
	}
	for name, c := range map[string]struct {
		dial func(context.Context) (net.Conn, error)
		want string
		took time.Duration
	}{
		"no answer":     {silent(func() {}), "uncertain", 10 * time.Second},
		"no connection": {hang, "again", 10 * time.Second},
		"no such host":  {lost, "again", 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			n, start := dialled(t, c.dial), time.Now()
			_, err := n.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "k", Text: "bonjour"})
			if kind(err) != c.want || time.Since(start) != c.took {
				t.Errorf("%s: %v after %s, want %s after %s", name, err, time.Since(start), c.want, c.took)
			}
			<-time.After(time.Hour) // of virtual time: what is still being dialled gives up
		})
	}
}

func TestSendCancelledOnTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		n := dialled(t, silent(cancel))
		if _, err := n.Send(ctx, "sms:"+jeanne, bot.Rendered{Key: "k", Text: "bonjour"}); kind(err) != "uncertain" {
			t.Errorf("cancelled after it was written: %v", err)
		}
		<-time.After(time.Hour)
	})
}

// As many connections as requests at once, and no more for the next round.
func TestSendKeepsConnections(t *testing.T) {
	const atOnce = 64
	var opened atomic.Int32
	var all sync.WaitGroup // until every request of the round has arrived
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all.Done()
		all.Wait()
		accept(w, r)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	n, _ := open(t, s.URL, nil)
	for range 3 {
		all.Add(atOnce)
		var round sync.WaitGroup
		for range atOnce {
			round.Go(func() {
				if _, err := n.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "k", Text: "bonjour"}); err != nil {
					t.Error(err)
				}
			})
		}
		round.Wait()
	}
	if opened.Load() != atOnce {
		t.Errorf("%d connections for 3 rounds of %d", opened.Load(), atOnce)
	}
}

// hangUpTwice answers nothing twice, then that it has the text.
func hangUpTwice(asked *int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if *asked++; *asked < 3 {
			hangUp("")(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"id":"x1"}`)
	}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
