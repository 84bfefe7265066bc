package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"

	"passeur/bot"
)

// client does the requests of the library, and the polls, which the library keeps to itself.
type client struct {
	http *http.Client
	base string // "https://api.telegram.org/bot<token>/"; a secret
}

const (
	sendTimeout = 10 * time.Second // of one request
	mostAnswer  = 8 << 20          // a hundred updates are far below
)

func newClient(server, token string) *client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost, t.IdleConnTimeout = 32, 20*time.Second
	return &client{base: server + "/bot" + token + "/", http: &http.Client{Transport: t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// notSent: nothing of the request can have been seen.
type notSent struct{ cause error }

func (e notSent) Error() string { return e.cause.Error() }
func (e notSent) Unwrap() error { return e.cause }

// statusError is an answer that is none of the Bot API's: of a server that is broken, or of something before it.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("réponse %d", int(e)) }

// Do implements the library's HttpClient. Its errors hold neither the token nor a body.
func (c *client) Do(r *http.Request) (*http.Response, error) {
	var wrote atomic.Bool
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GetConn:      func(string) { wrote.Store(false) }, // an idle connection was dead, and it begins anew
		WroteHeaders: func() { wrote.Store(true) },
	})
	resp, err := c.http.Do(r.WithContext(ctx))
	switch {
	case err == nil && resp.StatusCode < http.StatusInternalServerError:
		return resp, noteTaken(r.Context(), resp)
	case err == nil:
		_ = resp.Body.Close()
		return nil, statusError(resp.StatusCode)
	case wrote.Load():
		return nil, bare(err)
	}
	return nil, notSent{bare(err)}
}

// taken is what Telegram says of a message that it took, whatever else its answer holds: the library refuses answers with fields that it does not know.
type taken struct {
	OK     bool `json:"ok"`
	Result struct {
		ID int64 `json:"message_id"`
	} `json:"result"`
}

type takenKey struct{}

// noteTaken reads an answer, which is given on, for who waits for a message to be taken.
func noteTaken(ctx context.Context, resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	_ = resp.Body.Close()
	if err != nil {
		return bare(err)
	}
	if t, ok := ctx.Value(takenKey{}).(*taken); ok && json.Unmarshal(body, t) != nil {
		*t = taken{}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// bare takes the address, which holds the token, off an error.
func bare(err error) error {
	for {
		if !strings.Contains(err.Error(), "/bot") {
			return err
		}
		if err = errors.Unwrap(err); err == nil {
			return errors.New("request failed")
		}
	}
}

// meaning turns the failure of a send into an error of the Sender contract.
func meaning(err error) error {
	var status statusError
	patience, _ := errors.AsType[*tg.TooManyRequestsError](err)
	switch {
	case patience != nil:
		return bot.RetryAfter{Wait: min(max(time.Duration(patience.RetryAfter)*time.Second, time.Second), bot.MostPatience)}
	case errors.Is(err, tg.ErrorForbidden), nobody(err):
		return bot.ErrUnreachable
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound), errors.Is(err, tg.ErrorConflict):
		return errors.New("le jeton de Telegram n'est pas le bon (telegram.token)")
	case errors.Is(err, tg.ErrorBadRequest), isMigrated(err):
		return fmt.Errorf("%w: refus-telegram", bot.ErrRefused)
	case errors.As(err, new(notSent)):
		return fmt.Errorf("telegram injoignable : %w", brief(err))
	case errors.As(err, &status) && status == http.StatusServiceUnavailable:
		return status
	}
	return fmt.Errorf("%w: %w", bot.ErrUncertain, brief(err))
}

// nobody tells that there is no such chat: it never was, or its account is gone.
func nobody(err error) bool {
	return errors.Is(err, tg.ErrorBadRequest) && (strings.Contains(err.Error(), "chat not found") || strings.Contains(err.Error(), "PEER_ID_INVALID"))
}

func isMigrated(err error) bool {
	_, is := errors.AsType[*tg.MigrateError](err)
	return is
}

// brief is an error without the body that the library puts into it.
func brief(err error) error {
	status, answered := errors.AsType[statusError](err)
	unsent, early := errors.AsType[notSent](err)
	switch {
	case answered:
		return status
	case early:
		return unsent.cause
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	}
	return errors.New("réponse illisible")
}

// answer is what the Bot API answers.
type answer struct {
	OK         bool            `json:"ok"`
	Result     json.RawMessage `json:"result"`
	Code       int             `json:"error_code"`
	Parameters struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

// apiError is a refusal of a poll.
type apiError struct {
	code  int
	after time.Duration // that it asks to wait
}

func (e *apiError) Error() string { return fmt.Sprintf("telegram answered %d", e.code) }

// updates asks for those from offset on, and waits for the first one as long as the poll lasts.
func (c *client) updates(ctx context.Context, offset int64, wait time.Duration) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, wait+sendTimeout)
	defer cancel()
	ask, _ := json.Marshal(map[string]any{"offset": offset, "timeout": int(wait.Seconds()), "limit": 100, "allowed_updates": heard})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"getUpdates", bytes.NewReader(ask))
	if err != nil {
		return nil, errors.New("the address of Telegram's server cannot be read (telegram.url)")
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := c.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		return nil, statusError(resp.StatusCode)
	}
	if !a.OK {
		return nil, &apiError{a.Code, time.Duration(a.Parameters.RetryAfter) * time.Second}
	}
	var all []json.RawMessage
	return all, json.Unmarshal(a.Result, &all)
}
