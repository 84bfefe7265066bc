package sms

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"passeur/bot"
)

// listen has what n hears sent to the channel, until the test ends.
func listen(t testing.TB, n *Network, hear func(context.Context, bot.Event) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- n.Listen(ctx, func(ctx context.Context, e bot.Event) (bot.Response, error) {
			if e.ID == "" { // of listens
				return bot.Response{}, nil
			}
			return bot.Response{}, hear(ctx, e)
		})
	}()
	for !n.listens() {
		select {
		case err := <-done:
			t.Fatalf("Listen returned %v", err)
		default:
			runtime.Gosched()
		}
	}
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Listen: %v", err)
		}
	}
}

// listens tells whether anything is heard: an event that is none is.
func (n *Network) listens() bool {
	_, err := n.ear.Hear(context.Background(), bot.Event{})
	return err == nil
}

func post(n http.Handler, target string, body io.Reader) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, target, body)
	r.Header.Set("Content-Type", `text/plain; charset="UTF-8"`)
	n.ServeHTTP(w, r)
	return w
}

const mo = "/sms/kannel/mo?from=33639981234&to=38000&id=u1&secret=" + testSecret

func TestAnsweredOnlyWhenKept(t *testing.T) {
	n, logged := open(t, "http://127.0.0.1:1", nil)
	if w := post(n, mo, strings.NewReader("STOP")); w.Code != http.StatusServiceUnavailable {
		t.Errorf("before Listen: %d", w.Code)
	}
	var fail error
	var heard []bot.Event
	stop := listen(t, n, func(_ context.Context, e bot.Event) error { heard = append(heard, e); return fail })
	fail = errors.New("database is away")
	if w := post(n, mo, strings.NewReader("STOP")); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("not kept: %d", w.Code)
	}
	fail = nil
	if w := post(n, mo, strings.NewReader("STOP")); w.Code != http.StatusOK {
		t.Errorf("kept: %d", w.Code)
	}
	if len(heard) != 2 || heard[0].ID != heard[1].ID || heard[1].Text != "STOP" || heard[1].At.IsZero() {
		t.Errorf("heard %+v", heard)
	}
	stop()
	if w := post(n, mo, strings.NewReader("STOP")); w.Code != http.StatusServiceUnavailable {
		t.Errorf("after Listen: %d", w.Code)
	}
	if s := logged.String(); strings.Contains(s, "STOP") || strings.Contains(s, "639981234") || strings.Contains(s, testSecret) {
		t.Errorf("the log tells too much: %s", s)
	}
}

// Listen returns only after the event that is being heard is through.
func TestListenWaitsForWhatIsHeard(t *testing.T) {
	n, _ := open(t, "http://127.0.0.1:1", nil)
	inside, release := make(chan struct{}), make(chan struct{})
	kept := false
	stop := listen(t, n, func(context.Context, bot.Event) error {
		close(inside)
		<-release
		kept = true
		return nil
	})
	answered := make(chan int, 1)
	go func() { answered <- post(n, mo, strings.NewReader("oui")).Code }()
	<-inside
	go close(release)
	stop()
	if !kept {
		t.Error("Listen returned while an event was being heard")
	}
	if code := <-answered; code != http.StatusOK {
		t.Errorf("answered %d", code)
	}
}

// unread fails the test when somebody reads it.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read before the caller was proven")
	return 0, io.EOF
}

func TestForgedCallbacks(t *testing.T) {
	n, logged := open(t, "http://127.0.0.1:1", nil)
	defer listen(t, n, func(_ context.Context, e bot.Event) error { t.Errorf("heard %+v", e); return nil })()
	const target = "/sms/kannel/mo?from=33639981234&id=u1"
	proofs := []string{"", "&secret=", "&secret=x", "&secret=" + testSecret + "x", "&secret=" + testSecret[1:], "&Secret=" + testSecret}
	for _, proof := range proofs {
		if w := post(n, target+proof, unread{t}); w.Code != http.StatusForbidden {
			t.Errorf("%q: %d", proof, w.Code)
		}
	}
	if n.Forged() != uint64(len(proofs)) {
		t.Errorf("Forged = %d, want %d", n.Forged(), len(proofs))
	}
	if s := logged.String(); !strings.Contains(s, "reason=secret") || strings.Contains(s, "639981234") || strings.Contains(s, testSecret) {
		t.Errorf("log: %s", s)
	}
	open, _ := open(t, "http://127.0.0.1:1", func(c *Config) { c.Secret = "" })
	if w := post(open, target+"&secret=", unread{t}); w.Code != http.StatusForbidden || open.Abilities().Receives {
		t.Errorf("without a secret: %d", w.Code)
	}
}

// counted tells how much of a large body was read.
type counted struct {
	io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

func TestLargeBody(t *testing.T) {
	n, _ := open(t, "http://127.0.0.1:1", nil)
	var heard int
	defer listen(t, n, func(context.Context, bot.Event) error { heard++; return nil })()
	large := bytes.Repeat([]byte("a"), 10<<20)
	announced := &counted{Reader: bytes.NewReader(large)}
	r := httptest.NewRequest(http.MethodPost, mo, announced)
	r.ContentLength = int64(len(large))
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge || announced.n != 0 {
		t.Errorf("announced: %d after %d bytes", w.Code, announced.n)
	}
	chunked := &counted{Reader: bytes.NewReader(large)}
	if w := post(n, mo, chunked); w.Code != http.StatusRequestEntityTooLarge || chunked.n > 2*MaxBody {
		t.Errorf("chunked: %d after %d bytes", w.Code, chunked.n)
	}
	if w := post(n, mo, bytes.NewReader(large[:MaxBody])); w.Code != http.StatusOK || heard != 1 {
		t.Errorf("just small enough: %d, heard %d", w.Code, heard)
	}
}

func TestPathsAndMethods(t *testing.T) {
	n, _ := open(t, "http://127.0.0.1:1", nil)
	defer listen(t, n, func(_ context.Context, e bot.Event) error { t.Errorf("heard %+v", e); return nil })()
	const proof = "?secret=" + testSecret
	for _, c := range []struct {
		method, target string
		status         int
		allow          string
	}{
		{http.MethodGet, "/sms/kannel/mo" + proof, 405, "POST"},
		{http.MethodPut, "/sms/kannel/mo" + proof, 405, "POST"},
		{http.MethodPost, "/sms/kannel/dlr" + proof, 405, "GET"},
		{http.MethodPost, "/sms/kannel/other" + proof, 404, ""},
		{http.MethodPost, "/sms/kannel/" + proof, 404, ""},
		{http.MethodPost, "/sms/brevo/mo" + proof, 404, ""},
		{http.MethodPost, "/sms/" + proof, 404, ""},
		{http.MethodPost, "/sms/kannel/mo" + proof, 400, ""},
		{http.MethodPost, "/sms/kannel/mo" + proof + "&from=33639981234", 400, ""},
		{http.MethodPost, "/sms/kannel/mo" + proof + "&id=u1&from=" + strings.Repeat("1", 65), 400, ""},
		{http.MethodGet, "/sms/kannel/dlr" + proof + "&type=1", 400, ""},
		{http.MethodGet, "/sms/kannel/dlr" + proof + "&type=1&task=%25", 400, ""},
		{http.MethodGet, "/sms/kannel/dlr" + proof + "&type=8&task=eA", 200, ""},
	} {
		w := httptest.NewRecorder()
		n.ServeHTTP(w, httptest.NewRequest(c.method, c.target, strings.NewReader("oui")))
		if w.Code != c.status || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %d %q, want %d %q", c.method, c.target, w.Code, w.Header().Get("Allow"), c.status, c.allow)
		}
	}
	if n.Forged() != 0 {
		t.Errorf("Forged = %d: a proven caller that errs is no forger", n.Forged())
	}
}

func FuzzKannelWebhook(f *testing.F) {
	f.Add(true, "POST", "mo", "from=33639981234&to=38000&id=u1&ts=2026-12-03+20:30:00", `text/plain; charset="UTF-8"`, []byte("oui"))
	f.Add(true, "POST", "mo", "from=0639981234&ts=1&coding=2", "", []byte("\x00o\x00u\xd8\x3d"))
	f.Add(true, "GET", "dlr", "type=1&task=cmR2LzQy", "", []byte(nil))
	f.Add(false, "POST", "mo", "from=MAIRIE&id=%00&secret=", "text/plain; charset=latin1", []byte("\xe9\x00"))
	f.Add(false, "", "../x", "%zz;&&", "a/b;c", []byte{0})
	n, _ := open(f, "http://127.0.0.1:1", nil)
	var heard []bot.Event
	f.Cleanup(listen(f, n, func(_ context.Context, e bot.Event) error { heard = append(heard, e); return nil }))
	f.Fuzz(func(t *testing.T, proof bool, method, action, query, contentType string, body []byte) {
		heard = nil
		if proof {
			query = "secret=" + testSecret + "&" + query
		}
		r := &http.Request{
			Method: method, URL: &url.URL{Path: "/sms/kannel/" + action, RawQuery: query},
			Header: http.Header{"Content-Type": {contentType}, "X-Kannel-From": {query}, "X-Kannel-Time": {action}},
			Body:   io.NopCloser(bytes.NewReader(body)), ContentLength: -1,
		}
		w := httptest.NewRecorder()
		n.ServeHTTP(w, r)
		if len(heard) > 0 && (r.URL.Query().Get("secret") != testSecret || w.Code != http.StatusOK) {
			t.Fatalf("heard without proof, answered %d: %+v", w.Code, heard)
		}
		for _, e := range heard {
			checkEvent(t, e)
		}
	})
}

// checkEvent: what leaves the adapter can be stored, and says who it is from.
func checkEvent(t *testing.T, e bot.Event) {
	t.Helper()
	for _, s := range []string{e.ID, string(e.From), e.Text, e.Values["task"]} {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("%q cannot be stored", s)
		}
	}
	if !strings.HasPrefix(e.ID, "sms/kannel/") || e.At.IsZero() {
		t.Errorf("event %+v", e)
	}
	if receipt := e.Intent == bot.ReceiptIntent; receipt != (e.From == "") || receipt != (e.Role == bot.Itself) {
		t.Errorf("event %+v", e)
	}
}
