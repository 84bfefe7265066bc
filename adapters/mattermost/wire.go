package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// wire carries all requests to the server, and knows two things that none of those who ask need to know.
//
// Patience: a server that limits the rate answers 429 and says for how long. Until then nothing is asked of it, whatever for;
// then the same request leaves again, so that messages keep their order and a press is not lost. Who would wait too long gets
// bot.RetryAfter, without a request being made.
//
// Whose refusal it is: a proxy before a server that is down or starting may answer 404 or 403 in its place. Taken for the server's,
// that would turn messages away for good and leave words unheard. So a 4xx that is not Mattermost's own JSON is an error like any
// other: trouble that passes.
type wire struct {
	next *http.Transport

	mu    sync.Mutex
	until time.Time // nothing is asked before
}

const (
	mostPatience = 10 * time.Second // one who would wait longer is told so instead
	answerTime   = 5 * time.Second  // of the time that one has, kept for the answer itself
	mostRefusal  = 64 << 10         // bytes of a refusal that are read
)

// newClient returns a client of a server's REST API, and its wire.
func newClient(address, token string, answer time.Duration) (*model.Client4, *wire) {
	w := &wire{next: transport()}
	api := model.NewAPIv4Client(address)
	api.HTTPClient = &http.Client{Timeout: answer, Transport: w}
	api.SetToken(token)
	return api, w
}

// transport keeps as many connections as may be in use at once; Go's own keeps two of a host.
func transport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		MaxIdleConnsPerHost: 2 * readers,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
		ForceAttemptHTTP2:   true,
	}
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	for latest := time.Now().Add(mostPatience); ; {
		if err := w.wait(r.Context(), latest); err != nil {
			return nil, unasked(r, err)
		}
		resp, err := w.next.RoundTrip(r)
		switch {
		case err != nil:
			return nil, err
		case resp.StatusCode != http.StatusTooManyRequests:
			return ownRefusal(resp)
		}
		_, _ = io.CopyN(io.Discard, resp.Body, mostRefusal) // so that the connection is used again
		_ = resp.Body.Close()
		asked := w.limited(resp.Header)
		if r, err = again(r); err != nil {
			return nil, asked
		}
	}
}

// CloseIdleConnections has the next requests open new ones: those of a dead socket are as dead.
func (w *wire) CloseIdleConnections() { w.next.CloseIdleConnections() }

// wait waits until the server may be asked. It returns bot.RetryAfter when that is after latest, or leaves ctx no time.
func (w *wire) wait(ctx context.Context, latest time.Time) error {
	if end, ok := ctx.Deadline(); ok && end.Add(-answerTime).Before(latest) {
		latest = end.Add(-answerTime)
	}
	for {
		w.mu.Lock()
		until := w.until
		w.mu.Unlock()
		left := time.Until(until)
		switch {
		case left <= 0:
			return nil
		case until.After(latest):
			return bot.RetryAfter{Wait: left}
		}
		if !pause(ctx, left) {
			return ctx.Err()
		}
	}
}

// limited notes what a 429 asks for, and returns it.
func (w *wire) limited(h http.Header) bot.RetryAfter {
	asked := patienceOf(h)
	w.mu.Lock()
	defer w.mu.Unlock()
	if until := time.Now().Add(asked); until.After(w.until) {
		w.until = until
	}
	return bot.RetryAfter{Wait: asked}
}

// patienceOf reads how long to wait; some proxies say it in the header of their own. A second, when nothing does.
func patienceOf(h http.Header) time.Duration {
	for _, header := range []string{"Retry-After", "X-Ratelimit-Reset"} {
		value := strings.TrimSpace(h.Get(header))
		if asked, ok := bot.ParseRetryAfter(value, time.Now()); ok && value != "0" {
			return asked.Wait
		}
	}
	return time.Second
}

// unasked ends a request that is not made.
func unasked(r *http.Request, err error) error {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return err
}

// again returns a request that was turned away, to be made once more.
func again(r *http.Request) (*http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return r, nil
	}
	if r.GetBody == nil {
		return nil, http.ErrBodyNotAllowed
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	next := r.Clone(r.Context())
	next.Body = body
	return next, nil
}

// ownRefusal returns an answer, or an error for a refusal (4xx) that Mattermost did not write.
func ownRefusal(resp *http.Response) (*http.Response, error) {
	if resp.StatusCode < 400 || resp.StatusCode >= 500 {
		return resp, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostRefusal))
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	var said struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(body, &said) != nil || said.ID == "" {
		return nil, fmt.Errorf("HTTP %d d'un intermédiaire, pas de Mattermost", resp.StatusCode)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
