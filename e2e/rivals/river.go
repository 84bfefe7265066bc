package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// onRiver is River with as many workers as it makes use of (RIVER_WORKERS tries another number), which look for work all the time.
type onRiver struct {
	pool    *pgxpool.Pool
	workers int
}

const (
	fetch     = 5 * time.Millisecond
	maxConns  = 16 // as the bot has
	fillBatch = 5000
)

func openRiver(ctx context.Context, at string) (queue, error) {
	cfg, err := pgxpool.ParseConfig(at)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = maxConns
	q := &onRiver{workers: 2000}
	if n, err := strconv.Atoi(os.Getenv("RIVER_WORKERS")); err == nil {
		q.workers = n
	}
	if q.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, err
	}
	schema, err := rivermigrate.New(riverpgxv5.New(q.pool), nil)
	if err != nil {
		return nil, err
	}
	_, err = schema.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return q, err
}

func (q *onRiver) fill(ctx context.Context, messages []Message) (string, error) {
	client, err := river.NewClient(riverpgxv5.New(q.pool), &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return "", err
	}
	for len(messages) > 0 {
		n := min(len(messages), fillBatch)
		jobs := make([]river.InsertManyParams, n)
		for i := range jobs {
			jobs[i].Args = messages[i]
		}
		if _, err := client.InsertManyFast(ctx, jobs); err != nil {
			return "", err
		}
		messages = messages[n:]
	}
	return fmt.Sprintf("River: %d workers, FetchCooldown and FetchPollInterval %v, %d connections to PostgreSQL", q.workers, fetch, maxConns), nil
}

// worker does one job.
type worker struct {
	river.WorkerDefaults[Message]
	gateway *gateway
}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, job *river.Job[Message]) error {
	return w.gateway.send(ctx, job.Args)
}

func (q *onRiver) deliver(ctx context.Context, g *gateway, n int) error {
	g.left.Store(int64(n))
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{gateway: g})
	client, err := river.NewClient(riverpgxv5.New(q.pool), &river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.workers}},
		Workers: workers, FetchCooldown: fetch, FetchPollInterval: fetch, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return err
	}
	<-g.all
	return q.untilNoted(ctx)
}

// untilNoted waits until every job is noted as completed.
func (q *onRiver) untilNoted(ctx context.Context) error {
	for {
		var left int
		err := q.pool.QueryRow(ctx, "SELECT 1 FROM river_job WHERE state IN ('available', 'running', 'retryable') LIMIT 1").Scan(&left)
		if err == pgx.ErrNoRows {
			return nil
		}
		if err != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}
