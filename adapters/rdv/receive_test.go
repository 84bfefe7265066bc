package rdv

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"passeur/bot"
)

const (
	testSecret = "s3cret-demo"
	golden     = "d3621672feea244da6947592c4087864eb45e2d6e02870f5dcbb0dcfba8a8e14"
)

// example is a call as the service makes it, about invented people.
func example(t testing.TB) []byte {
	t.Helper()
	body, err := os.ReadFile("testdata/webhook.json")
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// open makes a network with the secret, and what it logs.
func open(t testing.TB, change func(*Config)) (*Network, *bytes.Buffer) {
	t.Helper()
	c := Config{Secret: testSecret}
	if change != nil {
		change(&c)
	}
	logged := new(bytes.Buffer)
	n, err := New(c, slog.New(slog.NewTextHandler(logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return n, logged
}

// listen has what n hears given to hear until stop is called.
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
		runtime.Gosched()
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

// request is a call with a signature; "" none.
func request(method, target, signature string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	if signature != "" {
		r.Header.Set(header, signature)
	}
	return r
}

func serve(n http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	return w
}

// post makes a proven call.
func post(n http.Handler, body []byte) *httptest.ResponseRecorder {
	return serve(n, request(http.MethodPost, path, sign([]byte(testSecret), body), bytes.NewReader(body)))
}

// booked is what an event tells.
func booked(t testing.TB, e bot.Event) (b bot.OutsideRdv) {
	t.Helper()
	if err := json.Unmarshal([]byte(e.Values[bot.OutsideValue]), &b); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGoldenCall(t *testing.T) {
	n, _ := open(t, nil)
	var heard []bot.Event
	defer listen(t, n, func(_ context.Context, e bot.Event) error { heard = append(heard, e); return nil })()
	for range 2 { // as the service repeats it
		if w := serve(n, request(http.MethodPost, path, golden, bytes.NewReader(example(t)))); w.Code != http.StatusOK {
			t.Fatalf("answered %d", w.Code)
		}
	}
	if len(heard) != 2 || heard[0].ID != heard[1].ID {
		t.Fatalf("heard %+v", heard)
	}
	e := heard[0]
	if len(e.ID) != len("rdv/")+32 || e.Role != bot.Itself || e.Intent != bot.OutsideRdvIntent || e.About != "externe/rsp-90210" || e.At.IsZero() || e.From != "" {
		t.Errorf("event %+v", e)
	}
	const want = `{"source":"rsp","id":"90210","event":"created","written":"2026-10-01T09:12:44+02:00","status":"unknown",` +
		`"start":"2026-10-14T10:30:00+02:00","end":"2026-10-14T11:30:00+02:00","where":"Médiathèque Exemple","postcode":"50000",` +
		`"commune":"Villefictive","agents":["Dominique EXEMPLE"],` +
		`"participants":[{"id":"777","name":"Camille F.","phone":"+33639980001","status":"unknown"}]}`
	if got := e.Values[bot.OutsideValue]; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAnsweredOnlyWhenKept(t *testing.T) {
	n, logged := open(t, nil)
	if w := post(n, example(t)); w.Code != http.StatusServiceUnavailable {
		t.Errorf("before Listen: %d", w.Code)
	}
	fail := errors.New("database is away")
	stop := listen(t, n, func(context.Context, bot.Event) error { return fail })
	if w := post(n, example(t)); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("not kept: %d", w.Code)
	}
	fail = nil
	if w := post(n, example(t)); w.Code != http.StatusOK {
		t.Errorf("kept: %d", w.Code)
	}
	stop()
	if w := post(n, example(t)); w.Code != http.StatusServiceUnavailable {
		t.Errorf("after Listen: %d", w.Code)
	}
	for _, private := range []string{"639980001", "Camille", "FACTICE", testSecret} {
		if strings.Contains(logged.String(), private) {
			t.Errorf("the log tells %s: %s", private, logged)
		}
	}
}

// Listen returns only after the event that is being heard is through.
func TestListenWaitsForWhatIsHeard(t *testing.T) {
	n, _ := open(t, nil)
	inside, release := make(chan struct{}), make(chan struct{})
	kept := false
	stop := listen(t, n, func(context.Context, bot.Event) error {
		close(inside)
		<-release
		kept = true
		return nil
	})
	body, answer := example(t), make(chan int, 1)
	go func() { answer <- post(n, body).Code }()
	<-inside
	go close(release)
	stop()
	if !kept {
		t.Error("Listen returned while an event was being heard")
	}
	if code := <-answer; code != http.StatusOK {
		t.Errorf("answered %d", code)
	}
}

// counted tells how much of a body was read.
type counted struct {
	io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

// forgery is one way of making a call that was not made by the service.
type forgery struct {
	name   string
	status int
	forge  func(body []byte, rng *rand.Rand) *http.Request
}

func forgeries() []forgery {
	call := func(signature string, body []byte) *http.Request {
		return request(http.MethodPost, path, signature, bytes.NewReader(body))
	}
	signed := func(body []byte) string { return sign([]byte(testSecret), body) }
	large := bytes.Repeat([]byte(" "), MaxBody+1)
	return []forgery{
		{"wrong secret", 403, func(b []byte, rng *rand.Rand) *http.Request {
			return call(sign(fmt.Appendf(nil, "secret-%d", rng.Uint64()), b), b)
		}},
		{"other body", 403, func(b []byte, rng *rand.Rand) *http.Request {
			other := bytes.Clone(b)
			other[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
			return call(signed(b), other)
		}},
		{"upper case", 403, func(b []byte, _ *rand.Rand) *http.Request { return call(strings.ToUpper(signed(b)), b) }},
		{"truncated", 403, func(b []byte, rng *rand.Rand) *http.Request { return call(signed(b)[:rng.IntN(64)], b) }},
		{"one digit", 403, func(b []byte, rng *rand.Rand) *http.Request {
			s := []byte(signed(b))
			i := rng.IntN(len(s))
			s[i] = "123456789abcdef0"[strings.IndexByte("0123456789abcdef", s[i])]
			return call(string(s), b)
		}},
		{"no header", 403, func(b []byte, _ *rand.Rand) *http.Request { return call("", b) }},
		{"two headers", 403, func(b []byte, _ *rand.Rand) *http.Request {
			r := call(golden, b)
			r.Header.Add(header, signed(b))
			return r
		}},
		{"GET", 405, func(b []byte, _ *rand.Rand) *http.Request {
			return request(http.MethodGet, path, signed(b), bytes.NewReader(b))
		}},
		{"other path", 404, func(b []byte, _ *rand.Rand) *http.Request {
			return request(http.MethodPost, "/rdv/webhook/", signed(b), bytes.NewReader(b))
		}},
		{"huge", 413, func([]byte, *rand.Rand) *http.Request { return call(golden, large) }},
	}
}

// TestForgedCalls makes a thousand calls that prove nothing, each of another body.
func TestForgedCalls(t *testing.T) {
	n, logged := open(t, nil)
	accepted, forbidden := 0, uint64(0)
	defer listen(t, n, func(context.Context, bot.Event) error { accepted++; return nil })()
	rng, all, body := rand.New(rand.NewPCG(1, 2)), forgeries(), example(t)
	for i := range 1000 {
		f := all[i%len(all)]
		one := bytes.Replace(body, []byte(`"id":90210`), fmt.Appendf(nil, `"id":%d`, i), 1)
		w := serve(n, f.forge(one, rng))
		if w.Code != f.status {
			t.Errorf("%s: answered %d, want %d", f.name, w.Code, f.status)
		}
		if w.Code == http.StatusOK {
			accepted++
		}
		if w.Code == http.StatusForbidden {
			forbidden++
		}
	}
	fmt.Printf("bar rdv_forged_accepted %d\n", accepted)
	if accepted != 0 || n.Forged() != forbidden {
		t.Errorf("%d accepted; %d counted as forged, want %d", accepted, n.Forged(), forbidden)
	}
	if strings.Contains(logged.String(), testSecret) || strings.Contains(logged.String(), "0639980001") {
		t.Error("the log tells too much")
	}
}

func TestLargeBody(t *testing.T) {
	n, _ := open(t, nil)
	heard := 0
	defer listen(t, n, func(context.Context, bot.Event) error { heard++; return nil })()
	large := bytes.Repeat([]byte(" "), 4<<20)
	for name, c := range map[string]struct {
		signature string
		length    int64
		most      int
		status    int
	}{
		"announced": {golden, int64(len(large)), 0, http.StatusRequestEntityTooLarge},
		"chunked":   {golden, -1, 2 * MaxBody, http.StatusRequestEntityTooLarge},
		"unsigned":  {"", -1, 0, http.StatusForbidden},
	} {
		body := &counted{Reader: bytes.NewReader(large)}
		r := request(http.MethodPost, path, c.signature, body)
		r.ContentLength = c.length
		if w := serve(n, r); w.Code != c.status || body.n > c.most {
			t.Errorf("%s: %d after %d bytes", name, w.Code, body.n)
		}
	}
	full := append(example(t), large[:MaxBody-len(example(t))]...)
	if w := post(n, full); w.Code != http.StatusOK || heard != 1 {
		t.Errorf("just small enough: %d, heard %d", w.Code, heard)
	}
}

func TestWithoutSecretNothingIsHeard(t *testing.T) {
	n, _ := open(t, func(c *Config) {
		*c = Config{API: "http://127.0.0.1:1", ClientID: "id", ClientSecret: "key", Tokens: newMemoryTokens("")}
	})
	defer listen(t, n, func(context.Context, bot.Event) error { t.Error("heard"); return nil })()
	body := example(t)
	if w := serve(n, request(http.MethodPost, path, sign(nil, body), bytes.NewReader(body))); w.Code != http.StatusForbidden {
		t.Errorf("answered %d", w.Code)
	}
}

func TestForeignOrganisations(t *testing.T) {
	n, logged := open(t, func(c *Config) { c.Organisations = []string{"8", "9"} })
	heard := 0
	defer listen(t, n, func(context.Context, bot.Event) error { heard++; return nil })()
	for _, organisation := range []string{`7`, `"7"`, `11`, `7`, `8`, `"9"`, `null`} {
		body := bytes.Replace(example(t), []byte(`"organisation":{"id":7,`), []byte(`"organisation":{"id":`+organisation+`,`), 1)
		if w := post(n, body); w.Code != http.StatusOK {
			t.Errorf("%s: answered %d", organisation, w.Code)
		}
	}
	if lines := strings.Count(logged.String(), "do not name"); heard != 2 || n.Foreign() != 5 || lines != 3 {
		t.Errorf("heard %d, %d foreign, %d lines: %s", heard, n.Foreign(), lines, logged)
	}
}

func FuzzWebhook(f *testing.F) {
	f.Add(true, example(f))
	f.Add(false, example(f))
	f.Add(true, []byte(crowded))
	f.Add(true, []byte(`{"data":{"id":"x/y","starts_at":"0000-01-01T00:00:00+24:00"},"meta":{"model":"Rdv","event":"updated","timestamp":"9999-12-31 23:59:60 UTC"}}`))
	f.Add(true, []byte(`{"data":null,"meta":null}`))
	f.Add(true, []byte("{\"data\":{\"id\":1,\"lieu\":{\"name\":\"\\u0000\xff\",\"address\":\"(,)\"}},\"meta\":{\"model\":\"Rdv\"}}"))
	n, _ := open(f, nil)
	var heard []bot.Event
	f.Cleanup(listen(f, n, func(_ context.Context, e bot.Event) error { heard = append(heard, e); return nil }))
	f.Fuzz(func(t *testing.T, proof bool, body []byte) {
		heard = nil
		signature := golden
		if proof {
			signature = sign([]byte(testSecret), body)
		}
		w := serve(n, request(http.MethodPost, path, signature, bytes.NewReader(body)))
		if len(heard) > 1 || len(heard) == 1 && (w.Code != http.StatusOK || signature != sign([]byte(testSecret), body)) {
			t.Fatalf("heard %d, answered %d", len(heard), w.Code)
		}
		for _, e := range heard {
			checkEvent(t, e)
		}
	})
}

// checkEvent: what leaves the adapter can be stored, and is about one appointment.
func checkEvent(t *testing.T, e bot.Event) {
	t.Helper()
	b := booked(t, e)
	if !plainID(b.ID) || e.About != "externe/rsp-"+b.ID || e.At.IsZero() || b.AtHome && (b.Where != "" || b.Remote) || b.Remote && b.Postcode != "" {
		t.Errorf("event %+v", e)
	}
	texts := append([]string{e.ID, b.Where, b.Commune, b.Reason}, b.Agents...)
	for _, p := range b.Participants {
		if !plainID(p.ID) || p.Phone != "" && !strings.HasPrefix(p.Phone, "+") {
			t.Errorf("participant %+v", p)
		}
		texts = append(texts, p.Name)
	}
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\n\r") {
			t.Errorf("%q cannot be stored", s)
		}
	}
}
