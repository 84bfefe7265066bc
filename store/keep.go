package store

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"time"

	"passeur/bot"
)

// Swept is how many rows a Sweep erased.
type Swept struct{ Records, Tasks, Events int }

// A record that is written while it is swept is looked at once more, by what stands outside of the list: it stays if it is not that old any more.
const (
	sqlSweepRecords = `DELETE FROM record WHERE kind = ? AND at + 0 < ? AND id IN
  (SELECT r.id FROM record r WHERE r.kind = ? AND r.at > ? AND r.at < ? ORDER BY r.at LIMIT ?)`
	sqlSweepTasks  = "DELETE FROM task WHERE id IN (SELECT t.id FROM task t WHERE t.state > 0 AND t.ended < ? LIMIT ?)"
	sqlSweepEvents = "DELETE FROM event WHERE id IN (SELECT e.id FROM event e WHERE e.at < ? LIMIT ?)"
)

// maxStill is how long after the last sweep the next one may come and erase. It comes every night: when more has gone
// by, the computer was off, or its clock jumps, and what an hour of a wrong clock would erase is gone for good.
const maxStill = 7 * 24 * time.Hour

const (
	metaSwept = "swept" // when the last sweep was, in ms
	sqlSwept  = "SELECT value FROM meta WHERE name = ?"
	sqlNote   = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)

// Sweep erases what has been kept long enough: records past the retention of their kind, counted from At (one without
// At is never past it), finished tasks and event IDs after bot.KeepEnded. It works in pieces of MaxRows, so that
// conversations pass between them, and may be stopped by ctx between two pieces; what was erased stays erased.
//
// A sweep that comes more than 7 days after the last one, or before it, erases nothing and only notes that it came: the
// next one erases, if the clock stays where it is.
func (d *DB) Sweep(ctx context.Context, now time.Time) (s Swept, err error) {
	trusted, err := d.noteSweep(ctx, now)
	if err != nil {
		return s, err
	}
	if !trusted {
		slog.Warn("the last sweep is not of these days: nothing is erased until the next one", "now", now)
		return s, nil
	}
	for _, kind := range slices.Sorted(maps.Keys(bot.Kinds)) {
		keep := bot.Kinds[kind].Retention
		if keep == 0 {
			continue
		}
		before := ms(now.Add(-keep))
		n, err := d.erase(ctx, sqlSweepRecords, kind, before, kind, ms(time.Time{}), before)
		s.Records += n
		if err != nil {
			return s, err
		}
	}
	if s.Tasks, err = d.erase(ctx, sqlSweepTasks, ms(now.Add(-bot.KeepEnded))); err != nil {
		return s, err
	}
	s.Events, err = d.erase(ctx, sqlSweepEvents, ms(now.Add(-bot.KeepEnded)))
	return s, err
}

// noteSweep writes down that a sweep came, and tells whether it may erase.
func (d *DB) noteSweep(ctx context.Context, now time.Time) (trusted bool, err error) {
	err = d.do(ctx, func(t tx) error {
		var value []byte
		found, err := t.get(sqlSwept, []any{metaSwept}, &value)
		if err != nil {
			return err
		}
		last, err := strconv.ParseInt(string(value), 10, 64)
		still := now.Sub(at(last))
		trusted = !found || err == nil && still >= 0 && still <= maxStill
		_, err = t.exec(sqlNote, metaSwept, strconv.AppendInt(nil, ms(now), 10))
		return err
	})
	return trusted && err == nil, err
}

// erase repeats a statement that takes at most so many rows until it finds fewer.
func (d *DB) erase(ctx context.Context, query string, args ...any) (erased int, err error) {
	args = append(args, MaxRows)
	for {
		var n int64
		err := d.do(ctx, func(t tx) (err error) {
			n, err = t.exec(query, args...)
			return err
		})
		if err != nil {
			return erased, err
		}
		erased += int(n)
		if n < MaxRows {
			return erased, nil
		}
	}
}

// Checkpoint empties the write-ahead log of SQLite into the file and cuts it, as far as no reader still needs it. SQLite does
// so by itself as the log grows; this is for a copy of the file or the end of a large import. PostgreSQL looks after its own.
func (d *DB) Checkpoint(ctx context.Context) error { return d.engine.checkpoint(ctx) }

// Backup writes a consistent, compact copy of a database of SQLite to a new file of mode 0600, while others write. It opens
// with the same operator's key, which the copy does not hold. One of PostgreSQL is copied by its own tools: ErrNotFile.
func (d *DB) Backup(ctx context.Context, toPath string) error { return d.engine.backup(ctx, toPath) }
