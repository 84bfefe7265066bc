package sms

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"passeur/bot"
)

// MaxBody is how much of a callback's body is read. An SMS has at most 39,015 characters.
const MaxBody = 1 << 20

// Rejection is the error of a callback that is not heard, with the status it is answered.
type Rejection struct {
	Status int    // 401 and 403 are counted as forged
	Reason string // a short word for the log: nothing that the caller sent
	Allow  string // with 405: the methods that are allowed
}

// Error is the status and the reason.
func (e *Rejection) Error() string { return fmt.Sprintf("%d %s", e.Status, e.Reason) }

// ServeHTTP takes the gateway's callbacks at /sms/<provider>/…. It answers 200 when every event of the call is kept,
// 503 when one is not (the gateway repeats), and what the Rejection says when the call is not heard at all.
func (n *Network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := n.called(r.URL.Path)
	if p == nil {
		http.NotFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
	events, answer, err := p.Received(r)
	if err != nil {
		n.reject(w, r, err)
		return
	}
	if err := n.tell(r.Context(), events); err != nil {
		n.log.Warn("event not kept, the gateway will repeat it", "error", err)
		w.Header().Set("Retry-After", "1")
		http.Error(w, "pas encore pris en compte, à renvoyer", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(answer)
}

// called is the gateway that calls at a path; nil when there is none.
func (n *Network) called(path string) Provider {
	for _, r := range n.routes {
		if o, ok := r.way.(*over); ok && strings.HasPrefix(path, "/sms/"+o.Can().Name+"/") {
			return o.Provider
		}
	}
	return nil
}

// tell has the events of a call heard, one after the other, until one is not kept.
func (n *Network) tell(ctx context.Context, events []bot.Event) error {
	now := time.Now()
	for _, e := range events {
		if e.At.IsZero() {
			e.At = now
		}
		if _, err := n.ear.Hear(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

func (n *Network) reject(w http.ResponseWriter, r *http.Request, err error) {
	why := &Rejection{Status: http.StatusBadRequest, Reason: "unreadable"}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		why = &Rejection{Status: http.StatusRequestEntityTooLarge, Reason: "too large"}
	}
	_ = errors.As(err, &why)
	if why.Status == http.StatusUnauthorized || why.Status == http.StatusForbidden {
		n.forged.Add(1)
	}
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	n.log.Warn("callback turned away", "status", why.Status, "reason", why.Reason, "remote", host)
	if why.Allow != "" {
		w.Header().Set("Allow", why.Allow)
	}
	w.Header().Set("Connection", "close") // without reading what else it has to say
	http.Error(w, http.StatusText(why.Status), why.Status)
}

// proven compares what a callback shows with the secret, in a time that tells nothing of either. Without a secret
// nothing is proven.
func proven(shown, secret string) bool {
	a, b := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && secret != ""
}

// readBody returns the whole body, or *http.MaxBytesError: at once when the caller announces too much.
func readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > MaxBody {
		return nil, &http.MaxBytesError{Limit: MaxBody}
	}
	return io.ReadAll(r.Body)
}
