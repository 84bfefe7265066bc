package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"passeur/bot"
)

// State is where a task stands.
type State string

// The states of a task. A leased one is pending too: its attempt is under way, or its worker died.
const (
	Pending State = "pending"
	Leased  State = "leased"
	Ended   State = "ended"
	Dropped State = "dropped"
)

// TaskQuery asks for tasks, in the order of (At, writing). Empty fields ask for any.
type TaskQuery struct {
	Key, Group, Batch string
	To                string // the recipient
	Subject           string // the person it tells about, when that is not the recipient
	Network           string
	State             State // Pending includes Leased
	Fate              bot.Fate
	From, Until       time.Time // From <= At < Until; zero: open
	Limit             int       // 0: 1000
	Offset            int       // for the next page
}

// TaskRow is a task and what became of it. Of the fields that Claim fills in, Attempt and Tries are set.
type TaskRow struct {
	bot.Task
	State      State
	Fate       bot.Fate // the last outcome's; "" before the first, and while it is leased again
	Reason     string   // why; "stop" of a task dropped by DropTo
	Next       time.Time
	Ended      time.Time // zero while it is pending
	Ref        string    // the network's id of what was sent
	Unreadable bool      // its words do not open: they are left out, with purpose, place, hours and intent
}

const taskColumns = `key, grp, batch, recipient, subject, network, lane, at, attempt, tries, body,
  state, until, next_at, ended, fate, reason, ref`

// Tasks returns one page of tasks, for `status` and the playground. now says which leases still run.
func (d *DB) Tasks(ctx context.Context, q TaskQuery, now time.Time) ([]TaskRow, error) {
	w, err := taskFilter(q, now)
	if err != nil {
		return nil, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = pageSize
	}
	var out []TaskRow
	query := "SELECT " + taskColumns + " FROM task WHERE " + w.text() + " ORDER BY at, id LIMIT ? OFFSET ?"
	err = d.engine.each(ctx, query, append(w.args, limit, q.Offset), func(scan func(...any) error) (bool, error) {
		r, err := d.scanTask(scan, ms(now))
		out = append(out, r)
		return true, err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func taskFilter(q TaskQuery, now time.Time) (where, error) {
	var w where
	first := true
	w.facet("key", q.Key, &first)
	w.facet("grp", q.Group, &first)
	w.facet("batch", q.Batch, &first)
	w.facet("recipient", q.To, &first)
	w.facet("subject", q.Subject, &first)
	w.facet("network", q.Network, &first)
	w.facet("fate", string(q.Fate), &first)
	if !q.From.IsZero() {
		w.add("at >= ?", ms(q.From))
	}
	if !q.Until.IsZero() {
		w.add("at < ?", ms(q.Until))
	}
	switch q.State {
	case "":
		w.add("state >= 0")
	case Pending:
		w.add("state = 0")
	case Leased:
		w.add("state = 0 AND until > ? AND fate = ''", ms(now)) // else it was put off, and holds its recipient
	case Ended:
		w.add("state > 0 AND state < 3")
	case Dropped:
		w.add("state = 3")
	default:
		return w, fmt.Errorf("%w : l'état %q n'existe pas", ErrInvalid, q.State)
	}
	return w, nil
}

func (d *DB) scanTask(scan func(...any) error, now int64) (TaskRow, error) {
	var (
		r                                                  TaskRow
		lane, due, attempt, tries, state, until, next, end int64
		fate                                               string
		body                                               []byte
	)
	err := scan(&r.Key, &r.Group, &r.Batch, &r.To, &r.Subject, &r.Network, &lane, &due, &attempt, &tries, &body,
		&state, &until, &next, &end, &fate, &r.Reason, &r.Ref)
	if err != nil {
		return r, err
	}
	r.Lane, r.At, r.Attempt, r.Tries = bot.Lane(lane), at(due), int(attempt), int(tries)
	r.Next, r.State = at(next), stateOf(state, until > now && fate == "")
	if r.State != Dropped {
		r.Fate = bot.Fate(fate)
	}
	if state != statePending {
		r.Ended = at(end)
	}
	if err := d.openTask(&r.Task, body); errors.Is(err, ErrUnreadable) {
		r.Unreadable = true
	}
	return r, nil
}

func stateOf(stored int64, leased bool) State {
	switch {
	case stored == stateDropped:
		return Dropped
	case stored != statePending:
		return Ended
	case leased:
		return Leased
	}
	return Pending
}

// Summary is what `passeur status` tells about the whole database.
type Summary struct {
	Lanes   []LaneSummary // those with a pending task, by network and lane
	Ended   []EndedCount  // of the last 7 days, by fate and reason
	Waiting int           // events heard and not yet handled
	Parked  int           // events whose rule failed too often
}

// LaneSummary tells what one lane of one network holds.
type LaneSummary struct {
	Network   string
	Lane      bot.Lane
	Pending   int
	Late      int       // due now or before, and not leased: still to be claimed
	OldestDue time.Time // since when the oldest of those waits; zero when none is late
}

// EndedCount is how many tasks ended the same way. The fate of a dropped one is "dropped".
type EndedCount struct {
	Fate, Reason string
	N            int
}

const (
	sqlLanes = `SELECT network, lane, count(*), sum(CASE WHEN next_at <= ? THEN 1 ELSE 0 END), min(next_at)
FROM task WHERE state = 0 GROUP BY network, lane ORDER BY network, lane`
	sqlEnded = `SELECT fate, reason, count(*) FROM task WHERE state > 0 AND ended > ? AND ended <= ?
GROUP BY fate, reason ORDER BY fate, reason`
	sqlInbox = `SELECT coalesce(sum(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN state = 'parked' THEN 1 ELSE 0 END), 0) FROM record WHERE kind = 'inbox'`
)

// Summary counts. It reads one index entry a pending task, and the tasks of 7 days: not for every second.
func (d *DB) Summary(ctx context.Context, now time.Time) (Summary, error) {
	var s Summary
	err := d.engine.each(ctx, sqlLanes, []any{ms(now)}, func(scan func(...any) error) (bool, error) {
		l, err := scanLane(scan)
		s.Lanes = append(s.Lanes, l)
		return true, err
	})
	if err != nil {
		return s, err
	}
	since := ms(now.Add(-7 * 24 * time.Hour))
	err = d.engine.each(ctx, sqlEnded, []any{since, ms(now)}, func(scan func(...any) error) (bool, error) {
		var e EndedCount
		err := scan(&e.Fate, &e.Reason, &e.N)
		s.Ended = append(s.Ended, e)
		return true, err
	})
	if err != nil {
		return s, err
	}
	_, err = d.engine.get(ctx, sqlInbox, nil, &s.Waiting, &s.Parked)
	return s, err
}

func scanLane(scan func(...any) error) (LaneSummary, error) {
	var (
		l            LaneSummary
		lane, oldest int64
	)
	err := scan(&l.Network, &lane, &l.Pending, &l.Late, &oldest)
	l.Lane = bot.Lane(lane)
	if l.Late > 0 {
		l.OldestDue = at(oldest)
	}
	return l, err
}
