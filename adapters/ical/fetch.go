package ical

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Fetching a feed is one request, with what its server gave last time, so that a feed without changes costs nothing. The address is
// a secret: neither another host, nor a log, nor a message of net/http may get it.

const (
	patience = 30 * time.Second // for a whole answer
	mostHops = 3                // redirects
)

// Reasons why a feed cannot be read. None repeats what net/http says, which names the address.
var (
	errHops     = errors.New("le serveur de l'agenda renvoie plus de trois fois ailleurs : vérifiez son adresse")
	errUnsafe   = errors.New("le serveur de l'agenda renvoie vers un autre serveur sans https : donnez l'adresse finale, en https://")
	errPatience = errors.New("le serveur de l'agenda n'a pas répondu en 30 secondes ; nouvel essai plus tard")
	errName     = errors.New("le serveur de l'agenda est introuvable : vérifiez l'adresse, et que cette machine atteint Internet")
	errTrust    = errors.New("le certificat du serveur de l'agenda n'est pas accepté (expiré, ou d'un autre nom) : prévenez qui le tient")
	errReach    = errors.New("le serveur de l'agenda ne se laisse pas joindre ; nouvel essai plus tard")
	errBroken   = errors.New("l'agenda s'est interrompu pendant la lecture ; nouvel essai plus tard")
)

// validators are what a server gave to ask whether a feed changed (RFC 9110, 8.8).
type validators struct{ etag, modified string }

func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			MaxIdleConnsPerHost: 1,
			IdleConnTimeout:     90 * time.Second,
			TLSHandshakeTimeout: 10 * time.Second,
			ForceAttemptHTTP2:   true,
		},
		CheckRedirect: redirect,
	}
}

// redirect follows three times at most: to https, or on the same host without ever leaving https. The address, which is a secret,
// is not told to who comes next.
func redirect(r *http.Request, via []*http.Request) error {
	r.Header.Del("Referer")
	last := via[len(via)-1].URL
	switch {
	case len(via) > mostHops:
		return errHops
	case r.URL.Scheme == "https":
		return nil
	case r.URL.Scheme == last.Scheme && r.URL.Host == last.Host:
		return nil
	}
	return errUnsafe
}

// fetch asks for a feed and reads it. Without error and without entries (got is nil) it has not changed since v.
func (n *Network) fetch(ctx context.Context, f Feed, v validators, now time.Time) (got *found, fresh validators, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address(f.URL), nil)
	if err != nil {
		return nil, v, errReach // New has read the address
	}
	req.Header.Set("Accept", "text/calendar, */*;q=0.1")
	req.Header.Set("User-Agent", "Passeur")
	if v.etag != "" {
		req.Header.Set("If-None-Match", v.etag)
	}
	if v.modified != "" {
		req.Header.Set("If-Modified-Since", v.modified)
	}
	res, err := n.client.Do(req)
	if err != nil {
		return nil, v, reason(err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotModified && v != (validators{}):
		return nil, v, nil
	case res.StatusCode != http.StatusOK:
		return nil, v, refusal(res.StatusCode)
	}
	got, err = read(res.Body, now, n.zone)
	if err != nil {
		return nil, v, unreadable(err)
	}
	return got, validators{res.Header.Get("ETag"), res.Header.Get("Last-Modified")}, nil
}

// unreadable keeps the sentences of Parse, and hides what the connection says.
func unreadable(err error) error {
	for _, known := range []error{ErrTooLarge, ErrTooMany, ErrNoCalendar, ErrCut} {
		if errors.Is(err, known) {
			return known
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errPatience
	}
	return errBroken
}

// reason says in French why no answer came.
func reason(err error) error {
	for _, known := range []error{errHops, errUnsafe} {
		if errors.Is(err, known) {
			return known
		}
	}
	_, name := errors.AsType[*net.DNSError](err)
	_, trust := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return errPatience
	case name:
		return errName
	case trust:
		return errTrust
	}
	return errReach
}

// refusal says what a status means to who has to mend it.
func refusal(status int) error {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("le serveur refuse l'agenda (%d) : son partage par lien est-il encore actif ? Copiez son adresse à nouveau", status)
	case http.StatusNotFound, http.StatusGone:
		return fmt.Errorf("l'agenda n'existe plus à cette adresse (%d) : copiez son adresse à nouveau", status)
	case http.StatusTooManyRequests:
		return fmt.Errorf("le serveur de l'agenda demande d'attendre (%d) : lisez-le moins souvent", status)
	}
	return fmt.Errorf("le serveur de l'agenda répond %d au lieu de l'agenda ; nouvel essai plus tard", status)
}
