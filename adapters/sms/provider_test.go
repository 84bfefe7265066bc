package sms

import (
	"bytes"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata/")

// A gateway is tested by a table: what it is asked (golden files), what it answers, what it calls. The suite is the
// same for all of them.
type providerCase struct {
	config    Config
	can       Abilities
	answers   []answerCase
	callbacks []callbackCase
}

type answerCase struct {
	name   string
	status int
	body   string
	id     string
	want   string // as kind says it
}

type callbackCase struct {
	name, method, target, contentType, body string

	want bot.Event // the only event; zero: none
}

// providers are all gateways spoken to over HTTP, each with its table.
func providers(t testing.TB) map[string]providerCase {
	cases := map[string]providerCase{"kannel": kannelCase()}
	for _, name := range tabled() {
		cases[name] = readTable(t, name).providerCase(t, name)
	}
	return cases
}

// provider opens one, with a clock that stands still.
func (c *providerCase) provider(t testing.TB) Provider {
	t.Helper()
	w, err := c.config.open(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	p := w.(*over).Provider
	if timed, ok := p.(interface{ setClock(now func() time.Time) }); ok {
		timed.setClock(func() time.Time { return time.Unix(1796000000, 0) })
	}
	return p
}

func TestProviders(t *testing.T) {
	for name, c := range providers(t) {
		t.Run(name, func(t *testing.T) {
			p := c.provider(t)
			if p.Can() != c.can || p.Can().Name != name || p.Can().Batch < 1 {
				t.Errorf("Can = %+v, want %+v", p.Can(), c.can)
			}
			testRequests(t, name, p)
			testAnswers(t, p, c.answers)
			testCallbacks(t, p, c.callbacks)
		})
	}
}

func testRequests(t *testing.T, name string, p Provider) {
	for file, text := range map[string]Text{
		"gsm":  {To: jeanne, Key: "rdv/42/v1/j-1", Text: "Rendez-vous à 14h, 5 €\nÀ demain", Encoding: GSM7},
		"ucs2": {To: "+262692000000", Key: "clé %d é/7", Text: "Ça marche 👍", Encoding: UCS2},
		"bare": {To: jeanne, Text: "sans clef", Encoding: GSM7},
	} {
		r, err := p.Request(text)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if r.Method != http.MethodPost || r.Header.Get("Idempotency-Key") != "" {
			t.Errorf("%s: %s: an HTTP client would repeat it by itself", file, r.Method)
		}
		golden(t, filepath.Join("testdata", name, file+".request"), dump(t, r))
	}
	if _, err := p.Request(make([]Text, p.Can().Batch+1)...); err == nil {
		t.Error("more texts than a request may carry were taken")
	}
	if _, err := p.Request(); err == nil {
		t.Error("no text was taken")
	}
}

// dump writes a request with its headers sorted.
func dump(t *testing.T, r *http.Request) []byte {
	t.Helper()
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s %s\n", r.Method, r.URL)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		fmt.Fprintf(&out, "%s: %s\n", name, strings.Join(r.Header[name], ", "))
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "\n%s\n", body)
	return out.Bytes()
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, got, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s (%v):\n%s\nwant:\n%s", file, err, got, want)
	}
}

func testAnswers(t *testing.T, p Provider, cases []answerCase) {
	for _, c := range cases {
		id, err := p.Sent(&http.Response{StatusCode: c.status, Header: http.Header{}}, []byte(c.body))
		if id != c.id || kind(err) != c.want {
			t.Errorf("%s: %q, %s (%v); want %q, %s", c.name, id, kind(err), err, c.id, c.want)
		}
	}
}

func testCallbacks(t *testing.T, p Provider, cases []callbackCase) {
	for _, c := range cases {
		r := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
		if c.contentType != "" {
			r.Header.Set("Content-Type", c.contentType)
		}
		events, _, err := p.Received(r)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var want []bot.Event
		if c.want.ID != "" {
			want = append(want, c.want)
		}
		if fmt.Sprintf("%+v", events) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s:\n%+v, want\n%+v", c.name, events, want)
		}
	}
}

// FuzzAnswer: whatever a gateway answers, every provider makes an id or one of the errors of bot.Sender of it.
func FuzzAnswer(f *testing.F) {
	f.Add(202, "0: Accepted for delivery", "")
	f.Add(429, "", "10")
	f.Add(403, "Not routable. Do not try again.", "x")
	all := map[string]Provider{}
	for name, c := range providers(f) {
		all[name] = c.provider(f)
		for _, a := range c.answers {
			f.Add(a.status, a.body, "")
		}
	}
	f.Fuzz(func(t *testing.T, status int, body, retry string) {
		for name, p := range all {
			r := &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {retry}}}
			if _, err := p.Sent(r, []byte(body)); err == nil && (status < 200 || status > 299) && !p.Can().Dedupes {
				t.Errorf("%s: %d counts as sent", name, status)
			}
		}
	})
}

func kannelCase() providerCase {
	return providerCase{
		config: Config{
			Provider: "kannel", URL: "http://127.0.0.1:13013/", Username: "passeur", Password: "clef", From: "38000",
			Secret: testSecret, PublicURL: "https://passeur.example.fr/",
		},
		can: Abilities{Name: "kannel", Receives: true, Receipts: true, Fiction: true, Batch: 1, MaxParts: kannelParts},
		answers: []answerCase{
			{"accepted", 202, "0: Accepted for delivery", "", "sent"},
			{"queued", 202, "3: Queued for later delivery", "", "sent"},
			{"immediate-sendsms-reply", 202, "Sent. Message splits: 2", "", "sent"},
			{"another 202", 202, "1: ?", "", "uncertain"},
			{"a page", 200, "<html>", "", "uncertain"},
			{"wrong credentials", 403, "Authorization failed for sendsms", "", "again"},
			{"no link takes it", 403, "Not routable. Do not try again.", "", "never: non-routable"},
			{"black list", 400, "Number(s) has/have been denied by white- and/or black-lists.", "", "never: liste-noire"},
			{"no receiver", 400, "Empty receiver number not allowed, rejected", "", "never: passerelle-400"},
			{"no sender set", 400, "Sender missing and no global set, rejected", "", "again"},
			{"wrong address", 404, "Unknown request.", "", "again"},
			{"not accepted", 500, "Sending failed.", "", "again"},
			{"queue full", 503, "Temporal failure, try again later.", "", "again"},
		},
		callbacks: append(kannelMessages(), kannelReceipts()...),
	}
}

func kannelMessages() []callbackCase {
	const (
		utf8Text = `text/plain; charset="UTF-8"`
		mo       = "/sms/kannel/mo?secret=" + testSecret
		from     = "&from=33639981234&to=38000&id=7f3a-1"
	)
	message := func(id, text string) bot.Event {
		return bot.Event{ID: "sms/kannel/" + id, From: "sms:" + jeanne, Role: bot.Usager, Text: text}
	}
	return []callbackCase{
		{"utf-8", "POST", mo + from, utf8Text, "Ça marche, «merci» 👍", message("7f3a-1", "Ça marche, «merci» 👍")},
		{"with its time", "POST", mo + from + "&ts=2026-12-03+20:30:00", utf8Text, "oui", message("7f3a-1", "oui")},
		{"two lines", "POST", mo + from, utf8Text, "un\ndeux\r\n", message("7f3a-1", "un\ndeux\r\n")},
		{"latin-1", "POST", mo + from, "text/plain; charset=ISO-8859-1", "\xc9t\xe9 \x80 \x9c", message("7f3a-1", "Été € œ")},
		{"latin-1 by parameter", "POST", mo + from + "&charset=ISO-8859-1", "text/plain", "\xe9t\xe9", message("7f3a-1", "été")},
		{"utf-16 by header", "POST", mo + from, `text/plain; charset="UTF-16BE"`, "\x00\xc7\xd8\x3d\xdc\x4d", message("7f3a-1", "Ç👍")},
		{"utf-16 by coding", "POST", mo + from + "&coding=2", "", "\x00\xc7\x00a", message("7f3a-1", "Ça")},
		{"recoded to utf-8 with coding 2", "POST", mo + from + "&coding=2&charset=UTF-8", utf8Text, "Ça", message("7f3a-1", "Ça")},
		{"half a surrogate", "POST", mo + from + "&coding=2", "", "\x00a\xd8\x3d", message("7f3a-1", "a\ufffd")},
		{"invalid utf-8 and NUL", "POST", mo + from, utf8Text, "o\x00u\xffi", message("7f3a-1", "ouÿi")},
		{"utf-8 cut off", "POST", mo + from, utf8Text, "\xc3\xa9t\xc3", message("7f3a-1", "ét\ufffd")},
		{"unknown charset", "POST", mo + from, "text/plain; charset=KLINGON", "oui", message("7f3a-1", "oui")},
		{"empty", "POST", mo + from, utf8Text, "", message("7f3a-1", "")},
		{"national number", "POST", mo + "&from=0639981234&id=a", utf8Text, "oui", message("a", "oui")},
		{"plus that was not escaped", "POST", mo + "&from=+33639981234&id=a", utf8Text, "oui", message("a", "oui")},
		{"short code", "POST", mo + "&from=38000&id=a", utf8Text, "pub", bot.Event{ID: "sms/kannel/a", From: "sms:38000", Role: bot.Usager, Text: "pub"}},
		{"name", "POST", mo + "&from=MAIRIE&id=a", utf8Text, "pub", bot.Event{ID: "sms/kannel/a", From: "sms:MAIRIE", Role: bot.Usager, Text: "pub"}},
		{"no id", "POST", mo + "&from=33639981234&to=38000&ts=2026-12-03+20:30:00", utf8Text, "oui",
			message("2ba172bf08500c2aa47b1550262470ab07f5c0a215b39e0d2fd97cb5779a60ed", "oui")},
	}
}

func kannelReceipts() []callbackCase {
	const dlr = "/sms/kannel/dlr?secret=" + testSecret
	key := base64.RawURLEncoding.EncodeToString([]byte("rdv/42/v1/j-1"))
	receipt := func(state, kind string) bot.Event {
		return bot.Event{
			ID: "sms/kannel/dlr/rdv/42/v1/j-1/" + kind, Role: bot.Itself, Intent: bot.ReceiptIntent,
			Values: map[string]string{"receipt": state, "task": "rdv/42/v1/j-1"},
		}
	}
	return []callbackCase{
		{"delivered", "GET", dlr + "&type=1&task=" + key, "", "", receipt("delivered", "1")},
		{"failed", "GET", dlr + "&type=2&task=" + key, "", "", receipt("failed", "2")},
		{"rejected", "GET", dlr + "&type=16&task=" + key, "", "", receipt("rejected", "16")},
		{"buffered is not told", "GET", dlr + "&type=4&task=" + key, "", "", bot.Event{}},
		{"handed over is not told", "GET", dlr + "&type=8&task=" + key, "", "", bot.Event{}},
		{"unknown type is not told", "GET", dlr + "&type=3&task=" + key, "", "", bot.Event{}},
	}
}
