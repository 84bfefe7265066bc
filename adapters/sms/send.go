package sms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"passeur/bot"
	"passeur/intents/phones"
)

// Why a text does not leave: the short words behind bot.ErrRefused.
const (
	reasonTooLong = "trop-long"     // more parts than the gateway sends: it would cut the text in silence
	reasonFiction = "numero-fictif" // a number kept for fiction, on a gateway that reaches operators
	reasonLine    = "pas-un-mobile" // no number that can receive an SMS
	reasonEmpty   = "vide"          // nothing to say
)

// maxAnswer is how much of a gateway's answer is read: it is a line, or a small JSON.
const maxAnswer = 64 << 10

// maxAsked is how much is read of what a gateway is asked for: a list of opt-outs has a line for each number.
const maxAsked = 16 << 20

// slowDown is how long a gateway is left alone that says "too fast" without saying for how long.
const slowDown = 5 * time.Second

// Send hands one text over. The id is the gateway's name and its own id, "" where it gives none. A text that would be cut,
// an address that cannot receive SMS and a number kept for fiction are refused before anything leaves.
//
// A text goes to one gateway. Only when that one certainly did not take it, and has failed too often by now, is it handed to the next.
// What asks for an answer waits for a gateway that gives one back.
func (n *Network) Send(ctx context.Context, to bot.Address, m bot.Rendered) (id string, err error) {
	routes := n.routesFor(m)
	last := len(routes) - 1
	var rested []*route
	for _, r := range routes[:last] {
		if r.rests(time.Now()) {
			rested = append(rested, r)
			continue
		}
		id, err = r.say(ctx, to, m)
		if !r.note(err, time.Now()) {
			return id, err
		}
	}
	id, err = routes[last].say(ctx, to, m)
	for _, r := range rested { // none took it: one that rests may be well again
		if !failedForCertain(err) || !r.mayBeTried() {
			break
		}
		id, err = r.say(ctx, to, m)
		r.note(err, time.Now())
	}
	return id, err
}

// say hands a message over in the words for this gateway.
func (r *route) say(ctx context.Context, to bot.Address, m bot.Rendered) (string, error) {
	if !r.hears() && m.OneWay != "" {
		m.Text = m.OneWay
	}
	t, err := write(to, m, r.Can())
	if err != nil {
		return "", unsaid{err}
	}
	id, err := r.send(ctx, t)
	r.complain(err, time.Now())
	return id, err
}

// unsaid is the refusal of a text that was not even handed over: it says nothing of the gateway.
type unsaid struct{ error }

func (u unsaid) Unwrap() error { return u.error }

// routesFor are the ways that a message may go.
func (n *Network) routesFor(m bot.Rendered) []*route {
	hearing := slices.DeleteFunc(slices.Clone(n.routes), func(r *route) bool { return !r.hears() })
	if m.OneWay != "" || len(hearing) == 0 { // the gate knows when none of them hears
		return n.routes
	}
	return hearing
}

// write checks and folds one message for a gateway.
func write(to bot.Address, m bot.Rendered, can Abilities) (Text, error) {
	number := to.ID()
	text := Fold(strings.ToValidUTF8(m.Text, "\ufffd"))
	count := Segments(text)
	switch {
	case to.Network() != "sms" || !isMobile(number):
		return Text{}, refused(reasonLine)
	case phones.Fictional(number) && !can.Fiction:
		return Text{}, refused(reasonFiction)
	case strings.TrimSpace(text) == "":
		return Text{}, refused(reasonEmpty)
	case can.MaxParts > 0 && count.Parts > can.MaxParts:
		return Text{}, refused(reasonTooLong)
	}
	return Text{To: number, Key: m.Key, Text: text, Encoding: count.Encoding}, nil
}

func refused(reason string) error { return fmt.Errorf("%w: %s", bot.ErrRefused, reason) }

func uncertain(cause error) error { return fmt.Errorf("%w: %w", bot.ErrUncertain, cause) }

// over is the way through a gateway that speaks HTTP.
type over struct {
	Provider
	client  *http.Client
	timeout time.Duration
	repeats *rate.Limiter
}

// sameAgain are the pauses before a text is handed over again, under the same key, to a gateway that takes it once.
var sameAgain = []time.Duration{time.Second, 3 * time.Second}

// newRepeats is how often that may be done, for all texts together: nobody counted them in the pace.
func newRepeats() *rate.Limiter { return rate.NewLimiter(1, 2) }

// hand sends one text. When no answer came it tries again only if the gateway knows the key again. What was uncertain once and is not
// known to be taken stays uncertain: that the gateway refuses it now does not tell that it did not take it before.
func (o *over) hand(ctx context.Context, t Text) (id string, err error) {
	id, err = o.once(ctx, t)
	for _, pause := range sameAgain {
		if !errors.Is(err, bot.ErrUncertain) || !o.Can().Dedupes || t.Key == "" || !o.repeats.Allow() {
			return id, err
		}
		select {
		case <-ctx.Done():
			return id, err
		case <-time.After(pause):
		}
		if again, failed := o.once(ctx, t); failed == nil {
			return again, nil
		}
	}
	return id, err
}

// once hands one text over.
func (o *over) once(ctx context.Context, t Text) (id string, err error) {
	req, err := o.Request(t)
	if err != nil {
		return "", err
	}
	return o.exchange(ctx, req)
}

// exchange does the request once and reads its answer, within the time that ctx leaves and the timeout.
func (o *over) exchange(ctx context.Context, req *http.Request) (string, error) {
	res, body, err := o.do(ctx, req, maxAnswer)
	if err != nil {
		return "", err
	}
	return o.Sent(res, body)
}

// do does a request once, and reads at most that many bytes of the answer. Its errors are those of bot.Sender.
func (o *over) do(ctx context.Context, req *http.Request, most int64) (*http.Response, []byte, error) {
	if end, ok := ctx.Deadline(); !ok || time.Until(end) > o.timeout {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.timeout)
		defer cancel()
	}
	var w written
	res, err := o.client.Do(req.WithContext(httptrace.WithClientTrace(ctx, w.trace())))
	if err != nil {
		return nil, nil, w.judge(bare(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return nil, nil, uncertain(bare(err))
	}
	return res, body, nil
}

// bare takes the address of the request off an error: some gateways want a key or a number in it.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// newClient returns a client that keeps as many connections as are used at once, and gives them up before gateways do:
// a connection closed at the wrong instant would make a message uncertain. It follows no redirection: a message must
// not travel twice.
func newClient(concurrency int) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout: 5 * time.Second,
			ForceAttemptHTTP2:   true,
			MaxIdleConns:        concurrency,
			MaxIdleConnsPerHost: concurrency,
			IdleConnTimeout:     20 * time.Second,
		},
	}
}

// written follows one request onto the wire, to tell afterwards whether the gateway may have seen all of it: from the
// moment it has a connection until its write is known to have failed. The transport calls the hooks from goroutines of
// its own, and begins anew when an idle connection turns out dead before anything was written; a late word about that
// connection must not count for the next one.
type written struct {
	mu       sync.Mutex
	attempts int
	maybe    bool
}

func (w *written) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.attempts, w.maybe = w.attempts+1, false
		},
		GotConn: func(httptrace.GotConnInfo) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.maybe = true
		},
		WroteRequest: func(i httptrace.WroteRequestInfo) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.maybe = w.maybe && (i.Err == nil || w.attempts > 1)
		},
	}
}

// judge turns the failure of a request into an error of the Sender contract: without a connection, or with a write
// that failed, nothing was sent; from there on nobody knows.
func (w *written) judge(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.maybe {
		return uncertain(err)
	}
	return fmt.Errorf("passerelle SMS injoignable : %w", err)
}

// failure turns an answer that is no success into an error of the Sender contract, by its status alone. Providers call
// it for what their gateway does not say better. Wrong credentials are the operator's mistake, not the message's: it
// waits.
func failure(r *http.Response) error {
	plain := fmt.Errorf("la passerelle SMS a répondu %d", r.StatusCode)
	switch code := r.StatusCode; {
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		if asked, ok := bot.ParseRetryAfter(r.Header.Get("Retry-After"), time.Now()); ok {
			return asked
		}
		return plain
	case code == http.StatusUnauthorized || code == http.StatusForbidden || code == http.StatusProxyAuthRequired:
		return fmt.Errorf("%w : %w", plain, errDenied)
	case code == http.StatusNotFound || code == http.StatusMethodNotAllowed:
		return fmt.Errorf("%w : vérifier l'adresse (url)", plain)
	case code == http.StatusRequestTimeout || code == http.StatusTooEarly:
		return plain
	case code == http.StatusPaymentRequired:
		return errBroke
	case code >= 400 && code < 500:
		return refused("passerelle-" + strconv.Itoa(code))
	case code < 300:
		return uncertain(errors.New("réponse illisible"))
	case code >= 500 && !neverBegun[code]:
		return uncertain(plain) // it broke while it worked, or somebody in between answers for it: it may have the text
	}
	return plain
}

// neverBegun are the answers of a server, or of Cloudflare before it, that did not even begin: not implemented, HTTP version, down,
// unreachable, no TLS with it. (developers.cloudflare.com, 5xx errors)
var neverBegun = map[int]bool{http.StatusNotImplemented: true, http.StatusHTTPVersionNotSupported: true, 521: true, 523: true, 525: true, 526: true}

// errDenied: the access is the operator's to mend, and the text waits.
var errDenied = errors.New("vérifier l'identifiant et le mot de passe")
