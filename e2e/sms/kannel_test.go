// Package sms_test runs the SMS network against a real Kannel, whose operator the test plays.
package sms_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/e2e/peers"
)

const (
	secret = "0123456789abcdef-_AB"
	jeanne = "+33639981234"
)

// bench is the network under test, its callbacks served on the loopback, and what it heard.
type bench struct {
	*sms.Network
	kannel *peers.Kannel
	server *httptest.Server
	heard  chan bot.Event

	mu     sync.Mutex
	refuse map[string]int // how many more times an event's ID is answered with an error; "*" any
	tries  map[string]int // how often each ID was heard, refused or not
}

func newBench(t *testing.T) *bench { return newBenchOver(t, false) }

func newBenchOver(t *testing.T, smpp bool) *bench {
	t.Helper()
	b := &bench{heard: make(chan bot.Event, 1000), refuse: map[string]int{}, tries: map[string]int{}}
	b.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.ServeHTTP(w, r) }))
	t.Cleanup(b.server.Close)
	b.kannel = peers.StartKannel(t, peers.KannelConfig{
		SMPP:  smpp,
		MOURL: b.server.URL + "/sms/kannel/mo?secret=" + secret + "&from=%p&to=%P&id=%I&ts=%t&coding=%c&charset=%C",
	})
	var err error
	b.Network, err = sms.Open(sms.Config{
		Provider: "kannel", URL: b.kannel.URL, Username: b.kannel.Username, Password: b.kannel.Password,
		From: "38000", Secret: secret, PublicURL: b.server.URL, Timeout: 5 * time.Second,
	}, nil, io.Discard, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Listen(ctx, b.hear) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Listen: %v", err)
		}
	})
	peers.Until(t, 5*time.Second, "", b.listening)
	return b
}

// listening is nil once a call without events is answered 200: before Listen it would be 503.
func (b *bench) listening() error {
	status, err := b.call(http.MethodGet, "/sms/kannel/dlr?type=8&task=eA&secret="+secret, "")
	if err == nil && status != http.StatusOK {
		err = errors.New(http.StatusText(status))
	}
	return err
}

func (b *bench) hear(_ context.Context, e bot.Event) (bot.Response, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tries[e.ID]++
	for _, id := range []string{e.ID, "*"} {
		if b.refuse[id] > 0 {
			b.refuse[id]--
			return bot.Response{}, errors.New("database is away")
		}
	}
	b.heard <- e
	return bot.Response{}, nil
}

func (b *bench) call(method, path, body string) (status int, err error) {
	r, err := http.NewRequest(method, b.server.URL+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "text/plain; charset=UTF-8")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

func (b *bench) send(t *testing.T, key, text string) {
	t.Helper()
	id, err := b.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: key, Text: text})
	if err != nil || id != "" {
		t.Fatalf("Send = %q, %v; want no id\n%s", id, err, b.kannel.Logs())
	}
}

func (b *bench) next(t *testing.T) bot.Event {
	t.Helper()
	limit := time.NewTimer(15 * time.Second)
	defer limit.Stop()
	select {
	case e := <-b.heard:
		return e
	case <-limit.C:
		t.Fatalf("nothing was heard within 15 s\n%s", b.kannel.Logs())
		return bot.Event{}
	}
}

// expectReceipt reads the receipt of the task just sent.
func (b *bench) expectReceipt(t *testing.T, key string) {
	t.Helper()
	e := b.next(t)
	if e.ID != "sms/kannel/dlr/"+key+"/1" || e.Intent != bot.ReceiptIntent || e.Role != bot.Itself ||
		e.Values["receipt"] != bot.ReceiptDelivered || e.Values["task"] != key || e.Text != "" || e.At.IsZero() {
		t.Errorf("receipt of %s: %+v", key, e)
	}
}

func TestKannel(t *testing.T) {
	b := newBench(t)
	t.Run("send", b.testSend)
	t.Run("receive", b.testReceive)
	t.Run("charsets", b.testPlain)
	t.Run("forged", b.testForged)
	t.Run("repeated", b.testRepeated)
	t.Run("identical", b.testIdentical)
	t.Run("restart", b.testRestart)
	t.Run("credentials", b.testCredentials)
}

func (b *bench) testSend(t *testing.T) {
	const joker = `"merci", l'été - n'oubliez pas ! [5 €] {~} ç`
	cases := []struct {
		name, text, want string
		parts            int
	}{
		{"accents", "Ça marche à 14h, élève : cœur… 5 €", "Ça marche à 14h, élève : coeur... 5 €", 1},
		{"folded", "«\u202fOù ?\u202f» — l’hôtel\u00a0!", `"Où ?" - l'hotel !`, 1},
		{"one full part", strings.Repeat("€", 80), strings.Repeat("€", 80), 1},
		{"two parts", strings.Repeat("abcdefgh ", 18) + "€", strings.Repeat("abcdefgh ", 18) + "€", 2},
		{"escape at the seam", strings.Repeat("a", 152) + "€" + strings.Repeat("b", 10), strings.Repeat("a", 152) + "€" + strings.Repeat("b", 10), 2},
		{"eight parts with line breaks", strings.Repeat("ligne 1\nligne é2 ", 72), strings.Repeat("ligne 1\nligne é2 ", 72), 8},
		{"emoji", "Ça marche 👍", "Ça marche 👍", 1},
		{"long emoji", strings.Repeat("Noël 👍 ", 12), strings.Repeat("Noël 👍 ", 12), 2},
		{"arabic", strings.Repeat("مرحبا ", 12), strings.Repeat("مرحبا ", 12), 2},
		{"all of GSM-7", joker + gsmLetters + joker, strings.ReplaceAll(joker, "ç", "c") + gsmLetters + strings.ReplaceAll(joker, "ç", "c"), 2},
	}
	for i, c := range cases {
		key := "rdv/42/v" + string(rune('a'+i)) + "/j-1?%C3%A9&x"
		b.send(t, key, c.text)
		got := b.kannel.SMSC.Next(t)
		if got != (peers.SMS{From: "38000", To: jeanne, Text: c.want, Parts: c.parts}) {
			t.Errorf("%s: the phone got %+v, want %q in %d parts", c.name, got, c.want, c.parts)
		}
		if parts := b.Abilities().Parts(c.text); parts != c.parts {
			t.Errorf("%s: Parts = %d, Kannel made %d", c.name, parts, c.parts)
		}
		b.expectReceipt(t, key)
	}
}

const gsmLetters = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€"

func (b *bench) testReceive(t *testing.T) {
	for _, text := range []string{"Ça marche, «merci» 👍", "oui", "première ligne\nseconde ligne", strings.Repeat("très long 👍 ", 20)} {
		b.kannel.SMSC.Type(t, "33639981234", "38000", text)
		e := b.next(t)
		if e.Text != text || e.From != "sms:"+jeanne || e.Role != bot.Usager || e.Intent != "" || e.At.IsZero() {
			t.Errorf("heard %+v, want %q", e, text)
		}
	}
}

// testPlain: texts in the GSM alphabet, and senders as operators write them.
func (b *bench) testPlain(t *testing.T) {
	for from, want := range map[string]bot.Address{
		"33639981234": "sms:" + jeanne, "+33639981234": "sms:" + jeanne, "0639981234": "sms:" + jeanne,
		"0033639981234": "sms:" + jeanne, "38000": "sms:38000", "MAIRIE": "sms:MAIRIE",
	} {
		b.kannel.SMSC.TypePlain(t, from, "38000", "Où est-ce, à 5 € ?")
		if e := b.next(t); e.From != want || e.Text != "Où est-ce, à 5 € ?" {
			t.Errorf("from %s heard %+v, want %s", from, e, want)
		}
	}
}

func (b *bench) testForged(t *testing.T) {
	before := b.Forged()
	for _, proof := range []string{"", "secret=", "secret=wrong", "secret=" + secret + "x"} {
		status, err := b.call(http.MethodPost, "/sms/kannel/mo?from=33639981234&id=f1&"+proof, "STOP")
		if err != nil || status != http.StatusForbidden {
			t.Errorf("%q: status %d, %v", proof, status, err)
		}
	}
	if n := b.Forged() - before; n != 4 {
		t.Errorf("Forged rose by %d, want 4", n)
	}
	if len(b.heard) > 0 {
		t.Errorf("a forged call was heard: %+v", <-b.heard)
	}
}

// testRepeated: what could not be kept is delivered again under the same ID, and once it is kept no more.
func (b *bench) testRepeated(t *testing.T) {
	b.mu.Lock()
	b.refuse["*"] = 2
	b.mu.Unlock()
	b.kannel.SMSC.Type(t, "33639981234", "38000", "STOP")
	e := b.next(t)
	b.mu.Lock()
	tries := b.tries[e.ID]
	b.mu.Unlock()
	if e.Text != "STOP" || tries != 3 {
		t.Errorf("heard %+v after %d tries, want STOP after 3", e, tries)
	}
	b.kannel.SMSC.Type(t, "33639981234", "38000", "et après")
	if e := b.next(t); e.Text != "et après" {
		t.Errorf("heard %+v, want the message after it", e)
	}
}

// testIdentical: a gateway that sends the same message 300 times at once.
func (b *bench) testIdentical(t *testing.T) {
	const n = 300
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			status, err := b.call(http.MethodPost, "/sms/kannel/mo?from=33639981234&to=38000&id=same-id&secret="+secret, "oui")
			if err != nil || status != http.StatusOK {
				t.Errorf("status %d, %v", status, err)
			}
		})
	}
	all.Wait()
	for range n {
		if e := b.next(t); e.ID != "sms/kannel/same-id" || e.Text != "oui" {
			t.Fatalf("heard %+v", e)
		}
	}
}

// testRestart: while Kannel is away nothing was sent and it is worth trying again; then it sends.
func (b *bench) testRestart(t *testing.T) {
	b.kannel.Stop()
	_, err := b.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "away", Text: "bonjour"})
	_, wait := errors.AsType[bot.RetryAfter](err)
	if err == nil || wait || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrUncertain) {
		t.Errorf("Send to a stopped Kannel: %v, want a plain error", err)
	}
	b.kannel.Start(t)
	b.send(t, "back", "bonjour")
	if got := b.kannel.SMSC.Next(t); got.Text != "bonjour" {
		t.Errorf("the phone got %+v", got)
	}
	b.expectReceipt(t, "back")
}

// testCredentials: a wrong password is the operator's mistake; the message waits.
func (b *bench) testCredentials(t *testing.T) {
	wrong, err := sms.Open(sms.Config{Provider: "kannel", URL: b.kannel.URL, Username: "passeur", Password: "wrong"}, nil, io.Discard,
		slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = wrong.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "k", Text: "bonjour"})
	if err == nil || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrUncertain) || !strings.Contains(err.Error(), "mot de passe") {
		t.Errorf("Send with a wrong password: %v", err)
	}
}
