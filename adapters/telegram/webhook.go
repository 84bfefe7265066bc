package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"

	tg "github.com/go-telegram/bot"

	"passeur/bot"
)

const (
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	mostBody     = 1 << 20
	// mostCalls is how many updates Telegram may hand over at once. Those of one chat come one after the other (tdlib, telegram-bot-api, Client.cpp:
	// webhook_queue_id).
	mostCalls = 16
)

// awaitCalls tells Telegram where to call, and has what it says heard until ctx ends.
func (n *Network) awaitCalls(ctx context.Context, hear bot.Hear) error {
	n.ear.Open(hear)
	defer n.ear.Close()
	err := n.insist(ctx, func(ctx context.Context) error {
		_, err := n.api.SetWebhook(ctx, &tg.SetWebhookParams{URL: n.cfg.PublicURL + "/" + name + "/", SecretToken: n.cfg.Secret, MaxConnections: mostCalls,
			AllowedUpdates: heard})
		return err
	})
	if errors.Is(err, errToken) {
		return err
	}
	n.log.Info("telegram: called by webhook")
	<-ctx.Done()
	return nil
}

// ServeHTTP takes a call of Telegram: 200 once what it says is kept, 503 when that failed and it must come again. What proves nothing is counted and
// answered 401 before it is read.
func (n *Network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodPost:
		n.forged.Add(1)
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST", http.StatusMethodNotAllowed)
	case !n.called() || !same(r.Header.Get(secretHeader), n.cfg.Secret):
		n.forged.Add(1)
		http.Error(w, "", http.StatusUnauthorized)
	default:
		w.WriteHeader(n.take(w, r))
	}
}

// take hears what an authenticated call says, and returns the status of the answer.
func (n *Network) take(w http.ResponseWriter, r *http.Request) int {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if tooLarge, _ := errors.AsType[*http.MaxBytesError](err); tooLarge != nil {
		return http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return http.StatusBadRequest
	}
	u, err := readUpdate(body)
	if err != nil {
		n.log.Warn("telegram: a call that cannot be read", "update", u.ID)
		if u.ID > 0 { // it would come again for a day, and hold back those behind it
			return http.StatusOK
		}
		return http.StatusBadRequest
	}
	if err := n.hear(r.Context(), &u, n.ear.Hear); err != nil {
		n.log.Warn("telegram: an update was not taken", "update", u.ID, "err", err)
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// same compares in a time that tells nothing of either.
func same(shown, secret string) bool {
	a, b := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
