package rdv

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"passeur/bot"
)

// MaxBody is how much of a call's body is read: 1 MiB. An appointment takes some 2 kB, and 1 kB more for each participant.
const MaxBody = 1 << 20

// header proves a call: the lowercase hex HMAC-SHA256 of its body.
const header = "X-Lapin-Signature"

// path is where calls are heard.
const path = "/rdv/webhook"

// rejection is a call that is not heard, with the status it is answered.
type rejection struct {
	status int    // 403 is counted as forged
	reason string // a short word for the log: nothing that the caller sent
}

// Error is the status and the reason.
func (e *rejection) Error() string { return fmt.Sprintf("%d %s", e.status, e.reason) }

// ServeHTTP takes the calls of the webhook at /rdv/webhook. It answers 200 when the event is kept or the call tells nothing that
// Passeur hears; 503 when nobody listens or the event is not kept (the service repeats); 403 without proof; 400 when a proven call
// makes no sense; 404, 405 and 413 for another path, another method and a body above MaxBody.
func (n *Network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := n.proven(w, r)
	if err != nil {
		n.reject(w, r, err)
		return
	}
	e, err := n.read(body)
	if err != nil {
		n.reject(w, r, err)
		return
	}
	if err := n.tell(r.Context(), e); err != nil {
		n.log.Warn("event not kept, the service will repeat it", "error", err)
		w.Header().Set("Retry-After", "1")
		http.Error(w, "pas encore pris en compte, à renvoyer", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusOK)
}

// proven returns the body of a call that proves where it comes from. Without the look of a proof the body is not read at all.
func (n *Network) proven(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	shown := r.Header.Values(header)
	switch {
	case r.URL.Path != path:
		return nil, &rejection{http.StatusNotFound, "path"}
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		return nil, &rejection{http.StatusMethodNotAllowed, "method"}
	case len(n.secret) == 0 || len(shown) != 1 || len(shown[0]) != hex.EncodedLen(sha256.Size):
		return nil, &rejection{http.StatusForbidden, "signature"}
	case r.ContentLength > MaxBody:
		return nil, &http.MaxBytesError{Limit: MaxBody}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	if !hmac.Equal([]byte(sign(n.secret, body)), []byte(shown[0])) {
		return nil, &rejection{http.StatusForbidden, "signature"}
	}
	return body, nil
}

// sign is what the service puts into the header.
func sign(secret, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// read makes the event of a proven call; none when it tells nothing that Passeur hears.
func (n *Network) read(body []byte) (*bot.Event, error) {
	b, err := readCall(body, n.relay)
	if err != nil {
		return nil, err
	}
	if b == nil || !n.ours(b.organisation) {
		return nil, nil
	}
	return event("rdv/"+digest(body), b.OutsideRdv)
}

// digest is 128 bits of a hash, in hex: enough that no two texts of the service ever share it.
func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])[:32]
}

// ours tells whether an organisation is heard. Each that is not is logged once, so that one forgotten in the settings shows.
func (n *Network) ours(organisation string) bool {
	if len(n.organisations) == 0 || n.organisations[organisation] {
		return true
	}
	n.foreign.Add(1)
	if _, logged := n.strangers.LoadOrStore(organisation, true); !logged {
		n.log.Warn("appointments of an organisation that the settings do not name are left out", "organisation", organisation)
	}
	return false
}

// tell has an event heard, which happened now. Nothing to tell is well told.
func (n *Network) tell(ctx context.Context, e *bot.Event) error {
	if e == nil {
		return nil
	}
	e.At = time.Now()
	_, err := n.ear.Hear(ctx, *e)
	return err
}

func (n *Network) reject(w http.ResponseWriter, r *http.Request, err error) {
	why := &rejection{http.StatusBadRequest, "unreadable"}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		why = &rejection{http.StatusRequestEntityTooLarge, "too large"}
	}
	_ = errors.As(err, &why)
	if why.status == http.StatusForbidden {
		n.forged.Add(1)
	}
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	n.log.Warn("call turned away", "status", why.status, "reason", why.reason, "remote", host)
	w.Header().Set("Connection", "close") // without reading what else it has to say
	http.Error(w, http.StatusText(why.status), why.status)
}
