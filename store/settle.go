package store

import (
	"context"
	"fmt"

	"passeur/bot"
)

// An outcome counts when its task is pending and still leased to its attempt: settling twice does nothing twice.
const fence = " WHERE key = ? AND attempt = ? AND state = 0 AND until > 0"

const (
	sqlSent     = "UPDATE task SET state = 1, fate = ?, reason = " + kept + ", ended = ?, ref = ?, until = 0" + fence
	sqlEnd      = "UPDATE task SET state = 2, fate = ?, reason = " + kept + ", ended = ?, ref = ?, until = 0" + fence
	sqlDefer    = "UPDATE task SET next_at = ?, fate = ?, reason = ?, until = 0" + fence
	sqlRetry    = "UPDATE task SET next_at = ?, fate = ?, reason = ?, until = 0, tries = tries + 1" + fence
	sqlReroute  = "UPDATE task SET network = ?, next_at = ?, fate = ?, reason = ?, until = 0, tries = 0" + fence
	sqlSentLate = `UPDATE task SET state = 1, fate = ?, reason = ` + kept + `, ended = ?, ref = ?
WHERE key = ? AND state <> 1`
	sqlRelease = "UPDATE task SET until = 0 WHERE key = ? AND attempt = ? AND until > 0"
)

// Settle ends or postpones claimed tasks, all in one commit. A Sent outcome that does not count, because the task was
// dropped, moved or claimed again, is noted all the same, without its Tell.
func (d *DB) Settle(ctx context.Context, done []bot.Outcome) error {
	for i := range done {
		if err := checkOutcome(&done[i]); err != nil {
			return err
		}
	}
	if len(done) == 0 {
		return nil
	}
	return d.do(ctx, func(t *conn) error {
		for i := range done {
			if err := d.settle(t, &done[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func checkOutcome(o *bot.Outcome) error {
	switch o.Fate {
	case bot.Rerouted:
		if o.Network == "" {
			return fmt.Errorf("%w : la tâche changerait de réseau, pour aucun", ErrInvalid)
		}
	case bot.Deferred, bot.Retry, bot.Sent, bot.Uncertain, bot.Failed, bot.Withheld, bot.Expired:
	default:
		return fmt.Errorf("%w : l'issue %q n'existe pas", ErrInvalid, o.Fate)
	}
	if o.FollowUp != nil {
		return checkTask(o.FollowUp)
	}
	return nil
}

func (d *DB) settle(t *conn, o *bot.Outcome) error {
	n, err := t.exec(settling(o), settled(o, int64(o.Attempt))...)
	if err != nil {
		return err
	}
	if n == 0 {
		return late(t, o)
	}
	if err := count(t, o); err != nil || o.FollowUp == nil {
		return err
	}
	return d.writeTask(t, o.FollowUp)
}

// count adds what an outcome is counted in.
func count(t *conn, o *bot.Outcome) error {
	if o.Count == nil {
		return nil
	}
	return add(t, *o.Count)
}

func settling(o *bot.Outcome) string {
	switch o.Fate {
	case bot.Deferred:
		return sqlDefer
	case bot.Retry:
		return sqlRetry
	case bot.Rerouted:
		return sqlReroute
	case bot.Sent:
		return sqlSent
	}
	return sqlEnd
}

func settled(o *bot.Outcome, fence ...any) []any {
	args := make([]any, 0, 6)
	if o.Fate == bot.Rerouted {
		args = append(args, o.Network)
	}
	if o.Fate == bot.Deferred || o.Fate == bot.Retry || o.Fate == bot.Rerouted {
		args = append(args, ms(o.Next), string(o.Fate), o.Reason, o.Key)
	} else {
		args = append(args, string(o.Fate), o.Reason, ms(o.At), o.Ref, o.Key)
	}
	return append(args, fence...)
}

// late takes an outcome that does not count: what was sent is noted, and the recipient is held no longer by it.
func late(t *conn, o *bot.Outcome) error {
	if o.Fate == bot.Sent {
		n, err := t.exec(sqlSentLate, settled(o)...)
		if err == nil && n > 0 {
			err = count(t, o)
		}
		if err != nil {
			return err
		}
	}
	_, err := t.exec(sqlRelease, o.Key, int64(o.Attempt))
	return err
}
