package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"passeur/bot"
)

// keepEnded is how long finished tasks and the IDs of handled events are kept: no network repeats itself for longer.
const keepEnded = 35 * 24 * time.Hour

// Swept is how many rows a Sweep erased.
type Swept struct{ Records, Tasks, Events int }

const (
	sqlSweepRecords = `DELETE FROM record WHERE kind = ? AND id IN
  (SELECT r.id FROM record r WHERE r.kind = ? AND r.at > ? AND r.at < ? ORDER BY r.at LIMIT ?)`
	sqlSweepTasks  = "DELETE FROM task WHERE id IN (SELECT t.id FROM task t WHERE t.state > 0 AND t.ended < ? LIMIT ?)"
	sqlSweepEvents = "DELETE FROM event WHERE id IN (SELECT e.id FROM event e WHERE e.at < ? LIMIT ?)"
)

// Sweep erases what has been kept long enough: records past the retention of their kind, counted from At (one without
// At is never past it), finished tasks and event IDs after 35 days. It works in pieces of MaxRows, so that
// conversations pass between them, and may be stopped by ctx between two pieces; what was erased stays erased.
func (d *DB) Sweep(ctx context.Context, now time.Time) (s Swept, err error) {
	for _, kind := range slices.Sorted(maps.Keys(bot.Kinds)) {
		keep := bot.Kinds[kind].Retention
		if keep == 0 {
			continue
		}
		n, err := d.erase(ctx, sqlSweepRecords, kind, kind, ms(time.Time{}), ms(now.Add(-keep)))
		s.Records += n
		if err != nil {
			return s, err
		}
	}
	if s.Tasks, err = d.erase(ctx, sqlSweepTasks, ms(now.Add(-keepEnded))); err != nil {
		return s, err
	}
	s.Events, err = d.erase(ctx, sqlSweepEvents, ms(now.Add(-keepEnded)))
	return s, err
}

// erase repeats a statement that takes at most so many rows until it finds fewer.
func (d *DB) erase(ctx context.Context, query string, args ...any) (erased int, err error) {
	args = append(args, MaxRows)
	for {
		var n int64
		err := d.do(ctx, func(t *conn) (err error) {
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

// Checkpoint empties the write-ahead log into the file and cuts it, as far as no reader still needs it. SQLite does
// so by itself as the log grows; this is for a copy of the file or the end of a large import.
func (d *DB) Checkpoint(ctx context.Context) error {
	if d.w == nil {
		return ErrReadOnly
	}
	return d.w.apart(ctx, func(t *conn) error {
		_, err := t.exec("PRAGMA wal_checkpoint(TRUNCATE)")
		return err
	})
}

// Backup writes a consistent, compact copy of the database to a new file of mode 0600, while others write. It opens
// with the same operator's key, which the copy does not hold.
func (d *DB) Backup(ctx context.Context, toPath string) error {
	f, err := os.OpenFile(toPath, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s existe déjà, la sauvegarde ne l'écrase pas : %w", toPath, err)
	}
	if err != nil {
		return fmt.Errorf("impossible de créer la sauvegarde : %w", err)
	}
	defer f.Close()
	if _, err := d.pool.ExecContext(ctx, "VACUUM INTO ?", toPath); err != nil {
		return errors.Join(fmt.Errorf("la sauvegarde a échoué : %w", err), os.Remove(toPath))
	}
	return f.Sync()
}
