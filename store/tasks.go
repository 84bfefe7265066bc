package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"passeur/bot"
)

// The states of a task in the file.
const (
	statePending = 0
	stateSent    = 1
	stateEnded   = 2 // uncertain, failed, refused, expired
	stateDropped = 3
)

func checkTask(t *bot.Task) error {
	if t.Key == "" {
		return fmt.Errorf("%w : une tâche sans clé", ErrInvalid)
	}
	if !slices.Contains(bot.Lanes, t.Lane) {
		return fmt.Errorf("%w : la file %d n'existe pas", ErrInvalid, t.Lane)
	}
	return nil
}

// sqlWriteTask writes a task, moves a pending one to the end of the line, revives a dropped one, and leaves one that
// was sent or ended otherwise as it is. An attempt under way is fenced off by raising its number.
const sqlWriteTask = `INSERT INTO task (key, grp, batch, recipient, subject, network, lane, says, at, next_at, body,
  state, until, attempt, tries, ended, fate, reason, ref)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, '', '', '')
ON CONFLICT (key) DO UPDATE SET id = (SELECT max(m.id) + 1 FROM task m),
  grp = excluded.grp, batch = excluded.batch, recipient = excluded.recipient, subject = excluded.subject,
  network = excluded.network, lane = excluded.lane, says = excluded.says, at = excluded.at, next_at = excluded.next_at,
  body = excluded.body, state = 0, tries = 0,
  attempt = task.attempt + CASE WHEN task.until > 1 THEN 1 ELSE 0 END,
  until = CASE WHEN task.until > 1 AND task.state = 0 AND task.fate <> '' THEN 1 ELSE task.until END,
  ended = 0, fate = '', reason = ''
WHERE task.state IN (0, 3)`

func taskLabel(key string) string { return "task\x00" + keptName(key) }

func (d *DB) writeTask(k *bot.Task) step {
	says := 0
	if k.Message != nil {
		says = 1
	}
	due := ms(k.At)
	return step{query: sqlWriteTask, args: []any{k.Key, k.Group, k.Batch, k.To, k.Subject, k.Network, int64(k.Lane), says, due, due,
		d.seal.seal(taskLabel(k.Key), encodeTask(k))}}
}

// openTask reads the sealed part of a task.
func (d *DB) openTask(t *bot.Task, stored []byte) error {
	body, err := d.seal.open(taskLabel(t.Key), stored, true)
	if err == nil && !decodeTask(body, t) {
		err = ErrUnreadable
	}
	if err != nil {
		return fmt.Errorf("tâche %s : %w", t.Key, err)
	}
	return nil
}

// "lane = +?" is "lane = ?", but for one thing: SQLite plans a statement anew whenever a small integer is bound to a parameter that a
// column is compared with, which costs several times what the statement reads. The + hides that the number is a parameter.
//
// A recipient is held by a lease that runs; and, of what is due to her in this lane, what was claimed before and is due again goes before what was
// planned behind it.
//
// On PostgreSQL the rows that are picked are locked, and those that another transaction writes at this moment are passed over. The + 0 have
// it look up what was sent to each recipient: it would read all that ended in a day, which it believes to be little. The order of sqlAnyDue keeps it to
// the index of what is pending.
const (
	sqlAnyDue = "SELECT id FROM task WHERE state = 0 AND network = ? AND lane = +? AND next_at <= ? ORDER BY next_at LIMIT 1"
	sqlPick   = `SELECT t.id, t.key, t.grp, t.batch, t.recipient, t.subject, t.at, t.attempt, t.tries, t.body,
  (SELECT count(*) FROM task s WHERE s.recipient = t.recipient AND s.recipient <> '' AND s.lane > 0
    AND s.state + 0 = 1 AND s.says = 1 AND s.ended + 0 > ? AND s.ended + 0 <= ?)
FROM task t
WHERE t.state = 0 AND t.network = ? AND t.lane = +? AND t.next_at <= ?
  AND (t.recipient = '' OR NOT EXISTS (SELECT 1 FROM task h WHERE h.recipient = t.recipient AND h.until > 0 AND (h.until > ? OR
    h.state = 0 AND h.network = t.network AND h.lane = t.lane AND h.next_at <= ? AND (h.at < t.at OR h.at = t.at AND h.id < t.id))))
ORDER BY t.next_at, t.id LIMIT ? /* for update */`
	sqlLease  = "UPDATE task SET next_at = ?, until = ?, attempt = attempt + 1, fate = '' WHERE id %s"
	sqlSpoilt = "UPDATE task SET state = 2, fate = 'failed', reason = 'illisible', ended = ?, until = 0 WHERE id = ?"
)

// Claim leases up to n due tasks of one lane. Among those due, the order is that of the hour at which each fell due,
// a retry's and a lapsed lease's being its new one, then that of writing. A task whose body does not open is ended as
// failed for the reason "illisible", so that it holds nobody back. A claim that finds nothing due writes nothing.
func (d *DB) Claim(ctx context.Context, network string, lane bot.Lane, now time.Time, n int, lease time.Duration) ([]bot.Task, error) {
	var id int64
	found, err := d.engine.get(ctx, sqlAnyDue, []any{network, int64(lane), ms(now)}, &id)
	if err != nil || !found || n <= 0 {
		return nil, err
	}
	var tasks []bot.Task
	c := claim{network: network, lane: lane, now: ms(now), n: n, until: ms(now.Add(lease))}
	err = d.do(ctx, func(t tx) (err error) {
		tasks, err = d.claim(t, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return tasks, nil
}

type claim struct {
	network    string
	lane       bot.Lane
	now, until int64
	n          int
}

func (d *DB) claim(t tx, c claim) ([]bot.Task, error) {
	if err := t.run(d.engine.alone()...); err != nil {
		return nil, err
	}
	p, err := d.pick(t, c)
	if err != nil {
		return nil, err
	}
	for _, id := range p.spoilt {
		slog.Error("a task does not open and was ended as failed", "id", id)
		if err := t.run(step{query: sqlSpoilt, args: []any{c.now, id}}); err != nil {
			return nil, err
		}
	}
	if err := d.fillRefs(t, p.tasks); err != nil {
		return nil, err
	}
	return p.tasks, inLists(d.engine, p.ids, []any{c.until, c.until}, func(in string, args []any) error {
		return t.run(step{query: fmt.Sprintf(sqlLease, in), args: args})
	})
}

// picked are the tasks to lease, in order, one a recipient, and those that do not open.
type picked struct {
	tasks       []bot.Task
	ids, spoilt []int64
}

// pick reads the tasks as they will be once they are leased.
func (d *DB) pick(t tx, c claim) (p picked, err error) {
	const day = 24 * 60 * 60 * 1000
	taken := make(map[string]bool, c.n)
	args := []any{c.now - day, c.now, c.network, int64(c.lane), c.now, c.now, c.now, d.engine.pickLimit(c.n)}
	err = t.each(sqlPick, args, func(scan func(...any) error) (bool, error) {
		k, id, body, err := scanDue(scan, c)
		switch {
		case err != nil:
			return false, err
		case k.To != "" && taken[k.To]:
		case d.openTask(&k, body) != nil:
			p.spoilt = append(p.spoilt, id)
		default:
			taken[k.To] = true
			p.ids, p.tasks = append(p.ids, id), append(p.tasks, k)
		}
		return len(p.ids) < c.n, nil
	})
	return p, err
}

func scanDue(scan func(...any) error, c claim) (k bot.Task, id int64, body sql.RawBytes, err error) {
	var due, attempt, tries, today int64
	err = scan(&id, &k.Key, &k.Group, &k.Batch, &k.To, &k.Subject, &due, &attempt, &tries, &body, &today)
	k.Network, k.Lane, k.At = c.network, c.lane, at(due)
	k.Attempt, k.Tries, k.SentToday = int(attempt)+1, int(tries), int(today)
	return k, id, body, err
}

// fillRefs finds the network's ids of the posts that messages answer or edit.
func (d *DB) fillRefs(t tx, tasks []bot.Task) error {
	var keys []string
	for i := range tasks {
		if m := tasks[i].Message; m != nil {
			keys = append(keys, m.Thread, m.Replaces)
		}
	}
	keys = slices.DeleteFunc(keys, func(key string) bool { return key == "" })
	refs := make(map[string]string, len(keys))
	err := inLists(d.engine, keys, nil, func(in string, args []any) error {
		query := "SELECT key, ref FROM task WHERE key " + in + " AND state + 0 = 1"
		return t.each(query, args, func(scan func(...any) error) (bool, error) {
			var key, ref string
			err := scan(&key, &ref)
			refs[key] = ref
			return true, err
		})
	})
	for i := range tasks {
		if m := tasks[i].Message; m != nil {
			tasks[i].ThreadID, tasks[i].ReplaceID = refs[m.Thread], refs[m.Replaces]
		}
	}
	return err
}

const sqlTaken = "SELECT state = 1, reason = '" + bot.ReceiptArrived + "' FROM task WHERE key = ?"

// Taken tells whether a network has taken the message of a task, and whether it arrived.
func (d *DB) Taken(ctx context.Context, key string) (taken, arrived bool, err error) {
	var sent bool
	_, err = d.engine.get(ctx, sqlTaken, []any{key}, &sent, &arrived)
	return sent || arrived, arrived, err
}

const sqlNamed = "SELECT key FROM task WHERE ref = ? AND ref <> '' AND network = ? ORDER BY id DESC LIMIT 1"

// KeyOf finds the task of which a network gave ref when it took its message.
func (d *DB) KeyOf(ctx context.Context, network, ref string) (key string, err error) {
	_, err = d.engine.get(ctx, sqlNamed, []any{ref, network}, &key)
	return key, err
}

const sqlDue = "SELECT next_at FROM task WHERE state = 0 AND network = ? AND lane = +? ORDER BY next_at LIMIT 1"

// Due tells when the next task of one lane falls due, leases included; zero when none is pending. It reads one
// entry of an index.
func (d *DB) Due(ctx context.Context, network string, lane bot.Lane) (time.Time, error) {
	var next int64
	found, err := d.engine.get(ctx, sqlDue, []any{network, int64(lane)}, &next)
	if err != nil || !found {
		return time.Time{}, err
	}
	return at(next), nil
}
