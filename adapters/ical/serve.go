package ical

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Source finds the calendar of a token: false when there is none. The token is a secret; a source that looks it up by its hash tells
// nothing by how long that takes.
type Source func(ctx context.Context, token string) (Calendar, bool, error)

// tokenForm are the tokens that a Source is asked for: 128 bits of base64url are 22 characters.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]{22,128}$`)

// Handler serves /ical/<token>.ics to GET and HEAD. It compares no token itself: whatever has the form of one goes to source, and all
// that it does not know is the same 404. An answer has an ETag and may be kept by the one who asks, never by a proxy. A nil source
// knows none. Logs hold no token.
func Handler(source Source, log *slog.Logger) http.Handler {
	return &pages{source, log.With("network", "ical")}
}

type pages struct {
	source Source
	log    *slog.Logger
}

// ServeHTTP implements http.Handler.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "Un agenda se lit seulement.", http.StatusMethodNotAllowed)
		return
	}
	body, found, err := p.page(r)
	switch {
	case err != nil:
		if r.Context().Err() == nil {
			p.log.Error("a feed could not be written", "error", err)
		}
		http.Error(w, "L'agenda n'a pas pu être préparé. Il sera relu plus tard.", http.StatusServiceUnavailable)
	case !found:
		http.Error(w, "Cet agenda n'existe pas, ou plus : demandez une nouvelle adresse.", http.StatusNotFound)
	default:
		sum := sha256.Sum256(body)
		h.Set("Cache-Control", "private, no-cache")
		h.Set("Content-Type", "text/calendar; charset=utf-8")
		h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body)) // HEAD, If-None-Match and 304
	}
}

// page is the body of what r asks for.
func (p *pages) page(r *http.Request) (body []byte, found bool, err error) {
	path, prefixed := strings.CutPrefix(r.URL.Path, "/ical/")
	token, suffixed := strings.CutSuffix(path, ".ics")
	if !prefixed || !suffixed || p.source == nil || !tokenForm.MatchString(token) {
		return nil, false, nil
	}
	c, found, err := p.source(r.Context(), token)
	if err != nil || !found {
		return nil, false, err
	}
	var b bytes.Buffer
	if err := Write(&b, c); err != nil {
		return nil, false, err
	}
	return b.Bytes(), true, nil
}
