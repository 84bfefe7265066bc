package store

import (
	"context"
	"time"
)

// Clock is what the clock of the database says, and how far this process's is before it. Of a file both are this machine's.
func (d *DB) Clock(ctx context.Context) (now time.Time, drift time.Duration, err error) {
	if !d.onServer() {
		return time.Now(), 0, nil
	}
	var ms int64
	asked := time.Now()
	_, err = d.engine.get(ctx, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", nil, &ms)
	answered := time.Now()
	if err != nil {
		return time.Time{}, 0, err
	}
	now = at(ms)
	return now, asked.Add(answered.Sub(asked) / 2).Sub(now), nil
}
