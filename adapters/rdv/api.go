package rdv

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"passeur/bot"
)

// maxAnswer is how much of an answer is read: 16 MiB. A page is a hundred appointments, some 300 kB.
const maxAnswer = 16 << 20

// slowDown is how long the service is left alone when it says "too fast" without saying for how long.
const slowDown = time.Minute

// answered is an answer of the service that is no success.
type answered struct{ status int }

// Error is the status.
func (e *answered) Error() string { return fmt.Sprintf("RDV Service Public a répondu %d", e.status) }

// denied is an answer that only the operator can mend.
type denied struct{ status int }

// Error says so.
func (e *denied) Error() string {
	return fmt.Sprintf("vérifier l'accès à RDV Service Public (il a répondu %d)", e.status)
}

// api speaks to the service as the agent who gave access.
type api struct {
	base   string // without a slash at its end
	client *http.Client
	tokens *tokens
}

func newAPI(c Config) *api {
	base := strings.TrimRight(c.API, "/")
	client := &http.Client{
		Timeout: cmp.Or(max(c.Timeout, 0), 10*time.Second),
		// A redirection would carry the token to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: 20 * time.Second},
	}
	conf := oauth2.Config{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret,
		// A style that is found by trying would use up a refresh token on the wrong one.
		Endpoint: oauth2.Endpoint{TokenURL: base + "/oauth/token", AuthStyle: oauth2.AuthStyleInParams},
	}
	return &api{base: base, client: client, tokens: &tokens{conf: conf, client: client, store: c.Tokens}}
}

// apiCall is what the API is asked.
type apiCall struct {
	method, path string // path below /api/v1
	query        url.Values
	body         []byte // JSON; nil: none
}

// do asks the API once, and again with a fresh token when the one at hand is not taken any more. It returns the body of a success and
// the service's own time, zero when it tells none. Its errors are *answered, *denied, bot.RetryAfter, or that of a broken connection.
func (a *api) do(ctx context.Context, c apiCall) (answer []byte, at time.Time, err error) {
	for range 2 {
		access, failed := a.tokens.token(ctx)
		if failed != nil {
			return nil, time.Time{}, failed
		}
		answer, at, err = a.once(ctx, access, c)
		if refused, ok := errors.AsType[*denied](err); !ok || refused.status != http.StatusUnauthorized {
			return answer, at, err
		}
		a.tokens.drop(access)
	}
	return nil, time.Time{}, err
}

func (a *api) once(ctx context.Context, access string, c apiCall) ([]byte, time.Time, error) {
	target := a.base + "/api/v1" + c.path
	if len(c.query) > 0 {
		target += "?" + c.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, c.method, target, bytes.NewReader(c.body))
	if err != nil {
		return nil, time.Time{}, err
	}
	req.Header.Set("Authorization", "Bearer "+access)
	req.Header.Set("Accept", "application/json")
	if c.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := a.client.Do(req)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("RDV Service Public injoignable : %w", bare(err))
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case res.StatusCode < 200 || res.StatusCode > 299:
		return nil, time.Time{}, failure(res)
	case err != nil:
		return nil, time.Time{}, fmt.Errorf("RDV Service Public a coupé sa réponse : %w", bare(err))
	case len(answer) > maxAnswer:
		return nil, time.Time{}, errors.New("RDV Service Public a répondu plus de 16 Mio")
	}
	at, _ := http.ParseTime(res.Header.Get("Date"))
	return answer, at, nil
}

// bare takes the address of the request off an error: it names an organisation or a participation.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// failure turns an answer that is no success into an error, by its status alone: what the body says may tell of people.
func failure(r *http.Response) error {
	switch r.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &denied{r.StatusCode}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return patience(r)
	}
	return &answered{r.StatusCode}
}

// patience is what a 429 or a 503 asks for. A 503 that does not say for how long is a failure as any other.
func patience(r *http.Response) error {
	asked, told := bot.ParseRetryAfter(r.Header.Get("Retry-After"), time.Now())
	if !told && r.StatusCode == http.StatusServiceUnavailable {
		return &answered{r.StatusCode}
	}
	if !told {
		asked.Wait = slowDown
	}
	return fmt.Errorf("RDV Service Public : %w", asked)
}
