// Package referral is the network of the form by which a partner refers somebody to a counsellor: one page, served at
// /orientation/<token>, without JavaScript, without cookies and without anything from elsewhere.
//
// The token is all that lets somebody in. It is looked at before anything else of a request is read, whatever has not the form of one
// is not even asked for, and no log and no link to elsewhere ever holds one. What is sent becomes one event: its ID is made of the
// partner, of all that was filled in and of a number that the page drew when it was opened, so that a double click, the browser's
// back-and-forth and a second try after a broken connection are the same event, which the bot handles once. That is why the answer to a
// form may be shown at once, without a redirection. What the bot finds wrong comes back by field, and nothing of it was kept.
//
// Where to look: referral (who may, how often, what is told), page (what is shown).
package referral

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"passeur/bot"
)

// name is the network's: the first part of the page's address, as partners read it.
const name = "orientation"

// Limits of what one partner may send.
const (
	MaxBody   = 8 << 10 // of one form
	PerMinute = 30      // requests with one token, whatever they ask
)

// Partner is whose page a token opens.
type Partner struct {
	ID        string
	Service   string // how the bot signs
	Structure string
	With      string // the counsellor who decides
}

// Source finds the partner of a token; false when it is none's, or no more. It must not tell by how long it takes how much of a token
// was right.
type Source func(ctx context.Context, token string) (Partner, bool, error)

// tokenForm are the tokens that a Source is asked for: 128 bits of base64url are 22 characters, and an id follows.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]{23,64}$`)

// Network is the network "orientation". Nobody is reached by it. It is safe for concurrent use.
type Network struct {
	source Source
	log    *slog.Logger
	now    func() time.Time
	ear    bot.Ear // open while Listen runs
	forged atomic.Uint64
	pace   pace
}

var (
	_ bot.Network  = (*Network)(nil)
	_ http.Handler = (*Network)(nil)
)

// New returns the network of the partners that source finds; now is the clock.
func New(source Source, now func() time.Time, log *slog.Logger) *Network {
	return &Network{source: source, log: log.With("network", name), now: now}
}

// Name returns "orientation".
func (n *Network) Name() string { return name }

// Forged returns how many requests came with a token that is nobody's.
func (n *Network) Forged() uint64 { return n.forged.Load() }

// Listen has what is sent heard until ctx ends. Before and after, who sends a form is asked to do it again.
func (n *Network) Listen(ctx context.Context, hear bot.Hear) error {
	n.ear.Open(hear)
	defer n.ear.Close()
	<-ctx.Done()
	return nil
}

// ServeHTTP shows the form of a token to GET, and takes it by POST: 200 with what became of it, 422 with what is to be mended, 404 for a
// token that is nobody's, 405, 413 and 415 for what no form is, 429 beyond PerMinute, 503 when nothing could be kept.
func (n *Network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guard(w.Header())
	p, found, err := n.partner(r)
	switch {
	case err != nil:
		n.log.Error("a partner could not be looked for", "err", err)
		n.show(w, http.StatusServiceUnavailable, page{Message: later})
	case !found:
		n.forged.Add(1)
		n.show(w, http.StatusNotFound, page{Message: unknown})
	case !n.pace.take(p.ID, n.now()):
		w.Header().Set("Retry-After", "60")
		n.show(w, http.StatusTooManyRequests, page{Partner: p, Message: tooOften})
	case r.Method == http.MethodPost:
		n.take(w, r, p)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		n.show(w, http.StatusOK, blank(p))
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		n.show(w, http.StatusMethodNotAllowed, page{Partner: p, Message: notAForm})
	}
}

// partner is whose address was asked for.
func (n *Network) partner(r *http.Request) (Partner, bool, error) {
	token, ok := strings.CutPrefix(r.URL.Path, "/"+name+"/")
	if !ok || !tokenForm.MatchString(token) {
		return Partner{}, false, nil
	}
	return n.source(r.Context(), token)
}

// take hears a form.
func (n *Network) take(w http.ResponseWriter, r *http.Request, p Partner) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		n.show(w, http.StatusUnsupportedMediaType, page{Partner: p, Message: notAForm})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
	if err := r.ParseForm(); err != nil {
		status := http.StatusBadRequest
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			status = http.StatusRequestEntityTooLarge
		}
		n.show(w, status, page{Partner: p, Message: notAForm})
		return
	}
	filled := blank(p)
	for _, field := range bot.ReferralFields {
		filled.Values[field] = strings.TrimSpace(r.PostForm.Get(field))
	}
	filled.Draw = keptDraw(r.PostForm.Get(drawField))
	response, err := n.ear.Hear(r.Context(), n.event(p, filled))
	switch {
	case err != nil:
		n.log.Warn("a form was not kept", "err", err)
		filled.Message = later
		n.show(w, http.StatusServiceUnavailable, filled)
	case len(response.Errors) > 0:
		filled.Wrong = response.Errors
		n.show(w, http.StatusUnprocessableEntity, filled)
	default:
		n.show(w, http.StatusOK, page{Partner: p, Done: true, Values: filled.Values})
	}
}

// event is what a filled form tells.
func (n *Network) event(p Partner, filled page) bot.Event {
	said := []string{p.ID, filled.Draw}
	values := map[string]string{}
	for _, field := range bot.ReferralFields {
		values[field] = filled.Values[field]
		said = append(said, filled.Values[field])
	}
	sum := sha256.Sum256([]byte(strings.Join(said, "\x00")))
	return bot.Event{ID: name + "/" + hex.EncodeToString(sum[:16]), At: n.now(), Role: bot.Itself, About: bot.PartnerAbout(p.ID), Intent: bot.ReferralIntent, Values: values}
}

// pace counts the requests of each partner in the minute that runs.
type pace struct {
	mu     sync.Mutex
	minute int64
	counts map[string]int
}

// take counts one more, and tells whether it may be.
func (p *pace) take(who string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if minute := now.Unix() / 60; minute != p.minute || p.counts == nil {
		p.minute, p.counts = minute, map[string]int{}
	}
	p.counts[who]++
	return p.counts[who] <= PerMinute
}
