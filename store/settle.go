package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"passeur/bot"
)

// An outcome counts when its task is pending and still leased to its attempt: settling twice does nothing twice. The + 0 keep PostgreSQL off
// the partial indexes of pending and of leased tasks, which it believes empty after a burst and would read from end to end.
const fence = " WHERE key = ? AND attempt = ? AND state + 0 = 0 AND until + 0 > 1"

const (
	sqlSent     = "UPDATE task SET state = 1, fate = ?, reason = " + kept + ", ended = ?, ref = ?, until = 0" + fence
	sqlEnd      = "UPDATE task SET state = 2, fate = ?, reason = " + kept + ", ended = ?, ref = ?, until = 0" + fence
	sqlDefer    = "UPDATE task SET until = ?, next_at = ?, fate = ?, reason = ?" + fence // until is 1, or next_at if it holds
	sqlRetry    = "UPDATE task SET next_at = ?, fate = ?, reason = ?, until = 1, tries = tries + 1" + fence
	sqlReroute  = "UPDATE task SET network = ?, next_at = ?, fate = ?, reason = ?, until = 0, tries = 0" + fence
	sqlSentLate = `UPDATE task SET state = 1, fate = ?, reason = ` + kept + `, ended = ?, ref = ?
WHERE key = ? AND state <> 1`
	sqlRelease = "UPDATE task SET until = 0 WHERE key = ? AND attempt = ? AND until + 0 > 1"
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
	// By key, as changes write tasks, so that neither waits for the other while it holds what that one waits for.
	sorted := slices.SortedStableFunc(slices.Values(done), func(a, b bot.Outcome) int { return strings.Compare(a.Key, b.Key) })
	return d.do(ctx, func(t tx) error { return d.settle(t, sorted) })
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

// settle writes all outcomes, then what follows from each.
func (d *DB) settle(t tx, done []bot.Outcome) error {
	counts, err := settleAll(d.engine, t, done)
	if err != nil {
		return err
	}
	var tally []bot.Count
	for i := range done {
		n, err := d.follow(t, &done[i], counts[i])
		if err != nil {
			return err
		}
		tally = append(tally, n...)
	}
	return t.run(adding(bot.Summed(tally))...)
}

// settleAll writes outcomes, those of one statement together, and tells which count. Of several of one task each has its turn.
func settleAll(e engine, t tx, done []bot.Outcome) (counts []bool, err error) {
	counts = make([]bool, len(done))
	left := make([]int, len(done))
	for i := range done {
		left[i] = i
	}
	for len(left) > 0 {
		var again []int
		groups := map[string][]int{}
		seen := make(map[string]bool, len(left))
		for _, i := range left {
			o := &done[i]
			if seen[o.Key] {
				again = append(again, i)
				continue
			}
			seen[o.Key] = true
			groups[settling(o)] = append(groups[settling(o)], i)
		}
		if len(groups) > 1 { // one statement goes by their keys, several would not
			if err := t.run(e.guard(nil, touched{keys: keysOf(done)})...); err != nil {
				return nil, err
			}
		}
		for _, query := range slices.Sorted(maps.Keys(groups)) {
			if err := settleSome(t, query, done, groups[query], counts); err != nil {
				return nil, err
			}
		}
		left = again
	}
	return counts, nil
}

func keysOf(done []bot.Outcome) []string {
	keys := make([]string, len(done))
	for i := range done {
		keys[i] = done[i].Key
	}
	return keys
}

// settleSome writes outcomes of different tasks by one statement.
func settleSome(t tx, query string, done []bot.Outcome, some []int, counts []bool) error {
	lists := make([][]any, len(some))
	for j, i := range some {
		lists[j] = settled(&done[i], int64(done[i].Attempt))
	}
	touched, err := t.many(query, len(lists[0])-2, lists) // the fence is the key and the attempt
	if err != nil {
		return err
	}
	for j, i := range some {
		counts[i] = touched[j]
	}
	return nil
}

// follow writes what an outcome that counts is followed by; of one that does not, what was sent is noted. It returns what is counted.
func (d *DB) follow(t tx, o *bot.Outcome, counts bool) ([]bot.Count, error) {
	if !counts {
		sent, err := late(t, o)
		if err != nil || !sent {
			return nil, err
		}
		return counted(o), nil
	}
	if o.FollowUp == nil {
		return counted(o), nil
	}
	return counted(o), t.run(d.writeTask(o.FollowUp))
}

// counted is what an outcome is counted in.
func counted(o *bot.Outcome) []bot.Count {
	if o.Count == nil {
		return nil
	}
	return []bot.Count{*o.Count}
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
	switch {
	case o.Fate == bot.Rerouted:
		args = append(args, o.Network)
	case o.Fate == bot.Deferred && o.Hold:
		args = append(args, ms(o.Next))
	case o.Fate == bot.Deferred:
		args = append(args, int64(1))
	}
	if o.Fate == bot.Deferred || o.Fate == bot.Retry || o.Fate == bot.Rerouted {
		args = append(args, ms(o.Next), string(o.Fate), o.Reason, o.Key)
	} else {
		args = append(args, string(o.Fate), o.Reason, ms(o.At), o.Ref, o.Key)
	}
	return append(args, fence...)
}

// late takes an outcome that does not count: what was sent is noted, and the recipient is held no longer by it.
func late(t tx, o *bot.Outcome) (noted bool, err error) {
	var rows int64
	if o.Fate == bot.Sent {
		if rows, err = t.exec(sqlSentLate, settled(o)...); err != nil {
			return false, err
		}
	}
	return rows > 0, t.run(step{query: sqlRelease, args: []any{o.Key, int64(o.Attempt)}})
}
