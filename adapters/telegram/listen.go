package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"passeur/bot"
)

const (
	leaseTTL = 10 * time.Second // of the poller: who dies is replaced after that
	hearers  = 8                // chats heard at the same time
	conflict = 15 * time.Second // before another try when somebody else polls with this token
)

// errToken is for the operator: nothing gets better by itself.
var errToken = errors.New("le jeton du compte est refusé par Telegram (telegram.token) : demandez-en un autre à BotFather, ou éteignez Telegram en ôtant tout le groupe telegram des réglages")

// Listen hears what people write until ctx ends, and then returns nil: by calls, when the settings have a secret and a public address, else by polling. It
// comes back by itself from a server that is down. It returns an error only when the token is refused; its text is a French sentence.
//
// Events have ID "telegram/<update_id>", At the hour at which it was written, From "telegram:<chat id>", Role Usager, and no cursor. hear is called for one
// event of a person at a time; it is called again for the same one until it returns nil.
func (n *Network) Listen(ctx context.Context, hear bot.Hear) error {
	defer n.client.http.CloseIdleConnections()
	if n.called() {
		return n.awaitCalls(ctx, hear)
	}
	for ctx.Err() == nil {
		lease, err := n.cfg.Hold(ctx, name, leaseTTL)
		if err != nil {
			n.sleep(ctx, n.cfg.Pause)
			continue
		}
		err = n.pollUntil(ctx, lease, hear)
		lease.Release()
		if errors.Is(err, errToken) {
			return err
		}
	}
	return nil
}

// pollUntil polls while the lease is held.
func (n *Network) pollUntil(ctx context.Context, lease bot.Lease, hear bot.Hear) error {
	ctx, stop := bot.While(ctx, lease)
	defer stop()
	err := n.insist(ctx, func(ctx context.Context) error {
		_, err := n.api.DeleteWebhook(ctx, &tg.DeleteWebhookParams{})
		return err
	})
	if err == nil {
		n.log.Info("telegram: polling")
		err = n.poll(ctx, hear)
	}
	return err
}

// insist does one request until it is answered; its error is errToken or ctx's.
func (n *Network) insist(ctx context.Context, do func(context.Context) error) error {
	for wait := n.cfg.Pause; ; wait = min(2*wait, 30*n.cfg.Pause) {
		once, cancel := context.WithTimeout(ctx, sendTimeout)
		err := do(once)
		cancel()
		switch {
		case err == nil:
			return nil
		case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
			return errToken
		case ctx.Err() != nil:
			return ctx.Err()
		}
		n.log.Warn("telegram: not answered, trying again", "again", wait, "err", brief(err))
		if patience, ok := errors.AsType[*tg.TooManyRequestsError](err); ok {
			wait = max(wait, min(time.Duration(patience.RetryAfter)*time.Second, bot.MostPatience))
		}
		n.sleep(ctx, wait)
	}
}

// poll asks for updates, one batch after the other. The offset that confirms a batch leaves only once all of it was heard.
func (n *Network) poll(ctx context.Context, hear bot.Hear) error {
	offset, wait := int64(0), n.cfg.Pause
	for ctx.Err() == nil {
		began := time.Now()
		batch, err := n.client.updates(ctx, offset, n.cfg.Poll)
		if err != nil {
			if pause, err := n.afterRefusal(ctx, err, wait); err != nil {
				return err
			} else if n.sleep(ctx, pause); wait < 30*n.cfg.Pause {
				wait *= 2
			}
			continue
		}
		wait = n.cfg.Pause
		last := n.hearAll(ctx, batch, hear)
		if last >= offset && last > 0 && ctx.Err() == nil {
			offset = last + 1
		} else if time.Since(began) < time.Second {
			n.sleep(ctx, wait/5) // a server that answers at once and says nothing new
		}
	}
	return nil
}

// afterRefusal says how long to wait after a poll that failed; its error is errToken.
func (n *Network) afterRefusal(ctx context.Context, err error, wait time.Duration) (time.Duration, error) {
	refused, _ := errors.AsType[*apiError](err)
	switch {
	case ctx.Err() != nil:
		return 0, nil
	case refused == nil:
		n.log.Warn("telegram: poll failed, trying again", "again", wait, "err", brief(err))
		return wait, nil
	case refused.code == http.StatusUnauthorized || refused.code == http.StatusNotFound:
		return 0, errToken
	case refused.code == http.StatusConflict:
		n.log.Warn("telegram: another program polls with this token, or a webhook is set; trying again", "again", conflict)
		return max(conflict*n.cfg.Pause/time.Second, wait), nil
	}
	n.log.Warn("telegram: poll refused, trying again", "code", refused.code)
	return max(wait, min(refused.after, bot.MostPatience)), nil
}

// hearAll hears a batch, each person's updates in their order, and returns the id of the last one. It returns when all are heard or ctx ends.
func (n *Network) hearAll(ctx context.Context, batch []json.RawMessage, hear bot.Hear) (last int64) {
	byChat, chats := map[int64][]update{}, []int64(nil)
	for _, raw := range batch {
		u, err := readUpdate(raw)
		last = max(last, u.ID)
		if err != nil {
			n.log.Warn("telegram: an update that cannot be read is left out", "update", u.ID)
			continue
		}
		who := u.who()
		if len(byChat[who]) == 0 {
			chats = append(chats, who)
		}
		byChat[who] = append(byChat[who], u)
	}
	slots, all := make(chan struct{}, hearers), sync.WaitGroup{}
	for _, who := range chats {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			for i := range byChat[who] {
				n.hearUntil(ctx, &byChat[who][i], hear)
			}
		})
	}
	all.Wait()
	return last
}

// hearUntil has an update heard, again and again until it is taken or ctx ends.
func (n *Network) hearUntil(ctx context.Context, u *update, hear bot.Hear) {
	for wait := n.cfg.Pause; ctx.Err() == nil; wait = min(2*wait, 30*n.cfg.Pause) {
		err := n.hear(ctx, u, hear)
		if err == nil {
			return
		}
		n.log.Warn("telegram: an update was not taken, trying again", "update", u.ID, "again", wait, "err", err)
		n.sleep(ctx, wait)
	}
}

// hear has an update heard once.
func (n *Network) hear(ctx context.Context, u *update, hear bot.Hear) error {
	e, ok, err := n.event(ctx, u, time.Now())
	if err != nil || !ok {
		return err
	}
	if _, err = hear(ctx, e); err == nil && u.Press != nil {
		n.acknowledge(ctx, u.Press.ID)
	}
	return err
}

// acknowledge ends the waiting that a phone shows on a button. Nothing depends on it.
func (n *Network) acknowledge(ctx context.Context, press string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	go func() {
		defer cancel()
		_, _ = n.api.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: press})
	}()
}

func (n *Network) sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
