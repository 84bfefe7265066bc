package sms

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"passeur/bot"
	"passeur/config"
)

// A table is what a vendor's documentation says about its gateway, in testdata/<name>.yaml: what it answers and what it calls, each with
// the place where that is said.
type table struct {
	Settings map[string]string
	Can      struct {
		Receives, Receipts, Dedupes, Phone, Fiction bool
		MaxParts                                    int
	}
	Answers []tableAnswer
	Calls   []tableCall
	Balance struct{ Source, Body, Left string } // the answer to what is left, of a gateway that tells it
}

type tableAnswer struct {
	Kind   string // accepted, refused, bad-number, no-credit, throttled, broken; more than one of a kind may be there
	Source string // an address, a file of a public repository, or "HTTP" for what the vendor does not say and HTTP does
	Status int
	Body   string
	ID     string
	Want   string // sent, again, uncertain, "never: reason", "wait 5s"
}

type tableCall struct {
	Kind    string // receipt, reply, stop
	Source  string
	Method  string // POST unless said
	Target  string // behind /sms/<name>/; {secret} is the setting
	Type    string // of the body
	Headers map[string]string
	Sign    string // "smsgate", "twilio": the signature is computed here
	Body    string
	Event   string // "receipt delivered <ref or task>", "reply <number> <text>", "" nothing
	ID      string // of the event, behind sms/<name>/; "" not looked at
}

// mustTell is what a table must tell, from the documentation or from HTTP.
var mustTell = []string{"accepted", "refused", "bad-number", "no-credit", "throttled", "broken"}

func readTable(t testing.TB, name string) *table {
	t.Helper()
	file := filepath.Join("testdata", name+".yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("the gateway %s has no table: %v", name, err)
	}
	out := new(table)
	if err := config.Decode(file, text, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// readDefinition is nil for a gateway that has none.
func readDefinition(t testing.TB, name string) *Definition {
	t.Helper()
	text, ok := DefinitionFile(name)
	if !ok {
		return nil
	}
	d := new(Definition)
	if err := config.Decode(name+".yaml", text, d); err != nil {
		t.Fatal(err)
	}
	return d
}

func (x *table) providerCase(t testing.TB, name string) providerCase {
	t.Helper()
	s := x.Settings
	c := providerCase{
		config: Config{Provider: name, Definition: readDefinition(t, name), URL: s["url"], Account: s["account"], Username: s["username"], Password: s["password"],
			Token: s["token"], From: s["from"], Secret: s["secret"], PublicURL: "https://passeur.example.fr"},
		can: Abilities{Name: name, Receives: x.Can.Receives, Receipts: x.Can.Receipts, Dedupes: x.Can.Dedupes, Phone: x.Can.Phone, Fiction: x.Can.Fiction,
			MaxParts: x.Can.MaxParts, Batch: 1},
	}
	for _, a := range x.Answers {
		c.answers = append(c.answers, answerCase{a.Kind + " " + a.Body, a.Status, a.Body, a.ID, a.Want})
	}
	return c
}

// tabled are the gateways that have a table: all that speak HTTP, but Kannel, whose cases are Go, and what an operator describes.
func tabled() []string {
	return slices.DeleteFunc(Names(), func(name string) bool { return name == "kannel" || name == "http" || makers[name].own != nil })
}

// TestTables: each gateway has a table of at least eight answers and calls with their sources, and what it tells comes out.
func TestTables(t *testing.T) {
	for _, name := range tabled() {
		t.Run(name, func(t *testing.T) {
			x := readTable(t, name)
			if n := len(x.Answers) + len(x.Calls); n < 8 {
				t.Errorf("only %d answers and calls", n)
			}
			for _, kind := range mustTell {
				if !slices.ContainsFunc(x.Answers, func(a tableAnswer) bool { return a.Kind == kind }) {
					t.Errorf("nothing says what %s is", kind)
				}
			}
			for _, a := range x.Answers {
				if a.Source == "" {
					t.Errorf("%s: no source", a.Kind)
				}
			}
			c := x.providerCase(t, name)
			p := c.provider(t)
			for _, call := range x.Calls {
				call.test(t, name, p, c.config)
			}
			x.testBalance(t, p)
		})
	}
}

// testBalance: what is left is read from the documented answer and from no other, by whoever can be asked.
func (x *table) testBalance(t *testing.T, p Provider) {
	t.Helper()
	teller, ok := p.(BalanceReader)
	if asked := ok && teller.Ask() != nil; asked != (x.Balance.Source != "") {
		t.Fatalf("it can be asked what is left: %v, and the table tells %+v", asked, x.Balance)
	} else if !asked {
		return
	}
	if b, err := teller.Left([]byte(x.Balance.Body)); err != nil || b.String() != x.Balance.Left {
		t.Errorf("left: %s, %v; want %s", b, err, x.Balance.Left)
	}
	for _, body := range []string{"", "{}", "null", "[]", "<html>"} {
		if b, err := teller.Left([]byte(body)); err == nil {
			t.Errorf("%q was read as %s", body, b)
		}
	}
}

func (call *tableCall) test(t *testing.T, name string, p Provider, c Config) {
	t.Helper()
	if call.Source == "" {
		t.Errorf("%s: no source", call.Kind)
	}
	events, _, err := p.Received(call.request(name, c))
	if got := spoken(events); err != nil || got != call.Event {
		t.Errorf("%s %s: %q (%v), want %q", call.Kind, call.Body, got, err, call.Event)
	}
	if len(events) > 0 && call.ID != "" && events[0].ID != "sms/"+name+"/"+call.ID {
		t.Errorf("%s: ID %q, want %q", call.Kind, events[0].ID, call.ID)
	}
}

// request is the call as the gateway makes it.
func (call *tableCall) request(name string, c Config) *http.Request {
	method := call.Method
	if method == "" {
		method = http.MethodPost
	}
	target := "/sms/" + name + "/" + strings.ReplaceAll(call.Target, "{secret}", c.Secret)
	r := httptest.NewRequest(method, target, strings.NewReader(call.Body))
	if call.Type != "" {
		r.Header.Set("Content-Type", call.Type)
	}
	for k, v := range call.Headers {
		r.Header.Set(k, strings.ReplaceAll(v, "{secret}", c.Secret))
	}
	switch call.Sign {
	case "smsgate":
		mac := hmac.New(sha256.New, []byte(c.Secret))
		mac.Write([]byte(call.Body + call.Headers["X-Timestamp"]))
		r.Header.Set("X-Signature", hex.EncodeToString(mac.Sum(nil)))
	case "twilio":
		r.Header.Set("X-Twilio-Signature", twilioSignature(c.PublicURL+target, call.Body, c.Password))
	case "basic":
		r.SetBasicAuth("passeur", c.Secret)
	}
	return r
}

func twilioSignature(address, body, token string) string {
	form, _ := url.ParseQuery(body)
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		address += name + form.Get(name)
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// spoken is what events say, in a line.
func spoken(events []bot.Event) string {
	var out []string
	for _, e := range events {
		if e.Intent == bot.ReceiptIntent {
			out = append(out, "receipt "+e.Values["receipt"]+" "+e.Values["task"]+e.Values["ref"])
			continue
		}
		out = append(out, "reply "+e.From.ID()+" "+e.Text)
	}
	return strings.Join(out, "; ")
}

// TestForgedCalls: no call of a gateway is heard that does not prove where it comes from, however like a true one it is.
func TestForgedCalls(t *testing.T) {
	tried, accepted := 0, 0
	for _, name := range append(tabled(), "kannel") {
		calls, c := trueCalls(t, name)
		p := c.provider(t)
		for _, make := range calls {
			for what, forge := range forgeries(c.config) {
				r := make()
				if !forge(r) {
					continue
				}
				tried++
				events, _, err := p.Received(r)
				var turned *Rejection
				if len(events) > 0 || !errors.As(err, &turned) || turned.Status != http.StatusForbidden {
					accepted++
					t.Errorf("%s: %s was heard: %s, %v", name, what, spoken(events), err)
				}
			}
		}
	}
	fmt.Printf("bar webhooks_forged_accepted %d\n", accepted)
	if tried < 100 {
		t.Errorf("only %d calls were forged", tried)
	}
}

// FuzzCalls: whatever calls a gateway's address, nothing panics, and nothing is heard without a proof.
func FuzzCalls(f *testing.F) {
	all := map[string]providerCase{}
	for _, name := range tabled() {
		x := readTable(f, name)
		all[name] = x.providerCase(f, name)
		for _, c := range x.Calls {
			f.Add(name, c.Target, c.Body, c.Method == "GET")
		}
	}
	f.Fuzz(func(t *testing.T, name, target, body string, get bool) {
		c, ok := all[name]
		if !ok {
			return
		}
		method := http.MethodPost
		if get {
			method = http.MethodGet
		}
		for _, secret := range []string{"", c.config.Secret} {
			u := &url.URL{Path: "/sms/" + name + "/" + strings.SplitN(target, "?", 2)[0]}
			if _, query, ok := strings.Cut(target, "?"); ok {
				u.RawQuery = strings.ReplaceAll(query, "{secret}", secret)
			}
			r := &http.Request{Method: method, URL: u, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
			events, _, _ := c.provider(t).Received(r)
			if len(events) > 0 && (secret == "" || !strings.Contains(u.RawQuery, secret)) {
				t.Errorf("%s heard %s without a proof", name, spoken(events))
			}
			for _, e := range events {
				if e.ID == "" || !utf8.ValidString(e.Text) || strings.ContainsRune(e.Text, 0) {
					t.Errorf("%s: bad event %+v", name, e)
				}
			}
		}
	})
}

// trueCalls makes the calls of a gateway that are heard.
func trueCalls(t *testing.T, name string) (calls []func() *http.Request, c providerCase) {
	t.Helper()
	if name == "kannel" {
		c = kannelCase()
		for _, call := range c.callbacks {
			calls = append(calls, func() *http.Request {
				return httptest.NewRequest(call.method, call.target, strings.NewReader(call.body))
			})
		}
		return calls, c
	}
	x := readTable(t, name)
	c = x.providerCase(t, name)
	for _, call := range x.Calls {
		calls = append(calls, func() *http.Request { return call.request(name, c.config) })
	}
	return calls, c
}

// forgeries make a true call a forged one; false when the call has nothing of the kind to forge.
func forgeries(c Config) map[string]func(*http.Request) bool {
	secret := func(value string) func(*http.Request) bool {
		return func(r *http.Request) bool {
			q := r.URL.Query()
			if !q.Has("secret") {
				return false
			}
			q.Set("secret", value)
			r.URL.RawQuery = q.Encode()
			return true
		}
	}
	header := func(change func(string) string) func(*http.Request) bool {
		return func(r *http.Request) bool {
			done := false
			for _, name := range []string{"X-Signature", "X-Twilio-Signature", "Authorization"} {
				if v := r.Header.Get(name); v != "" {
					r.Header.Set(name, change(v))
					done = true
				}
			}
			return done
		}
	}
	return map[string]func(*http.Request) bool{
		"no secret":           secret(""),
		"a wrong secret":      secret("0123456789abcdef0123"),
		"a shorter secret":    secret(strings.TrimSuffix(c.Secret, "B")),
		"a longer secret":     secret(c.Secret + "0"),
		"another case":        secret(swapCase(c.Secret)),
		"no signature":        header(func(string) string { return "" }),
		"a wrong signature":   header(func(string) string { return strings.Repeat("0", 64) }),
		"a cut signature":     header(func(v string) string { return v[:len(v)-4] }),
		"a changed signature": header(swapCase2),
		"another body": func(r *http.Request) bool {
			if r.Header.Get("X-Signature") == "" && r.Header.Get("X-Twilio-Signature") == "" {
				return false
			}
			*r = *withBody(r, "{\"x\":1}&x=1")
			return true
		},
	}
}

func withBody(r *http.Request, body string) *http.Request {
	out := httptest.NewRequest(r.Method, r.URL.String(), strings.NewReader(body))
	out.Header = r.Header
	return out
}

func swapCase(s string) string {
	if up := strings.ToUpper(s); up != s {
		return up
	}
	return strings.ToLower(s)
}

// swapCase2 changes the first characters of a signature, keeping its alphabet.
func swapCase2(s string) string { return s[1:2] + s[:1] + "00" + s[4:] }
