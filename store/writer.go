package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// maxBatch is how many callers one transaction serves at most: they all wait for its commit.
const maxBatch = 500

// job is what one caller wants written. Its context ends the wait only while nobody has taken it up; after that
// the caller learns what became of it.
type job struct {
	run   func(*conn) error
	apart bool // outside any transaction
	taken atomic.Bool
	done  chan error
}

// writer is the goroutine that owns the writing connection.
type writer struct {
	db   *sql.DB
	c    *conn
	jobs chan *job
	over chan struct{} // closed when the goroutine has ended

	mu     sync.RWMutex // held for reading while a job is handed over
	closed bool
}

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{
		db:   db,
		c:    &conn{c: c, stmts: make(map[string]*sql.Stmt)},
		jobs: make(chan *job, maxBatch),
		over: make(chan struct{}),
	}
	go w.loop()
	return w, nil
}

// close refuses new jobs and ends once those handed over are done.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	close(w.jobs)
	<-w.over
	return errors.Join(w.c.close(), w.db.Close())
}

// do hands a job over and waits until its transaction is committed or undone.
func (w *writer) do(ctx context.Context, run func(*conn) error) error {
	return w.wait(ctx, &job{run: run, done: make(chan error, 1)})
}

// apart is do for what SQLite does in no transaction.
func (w *writer) apart(ctx context.Context, run func(*conn) error) error {
	return w.wait(ctx, &job{run: run, apart: true, done: make(chan error, 1)})
}

func (w *writer) wait(ctx context.Context, j *job) error {
	if err := w.hand(ctx, j); err != nil {
		return err
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		return <-j.done
	}
}

func (w *writer) hand(ctx context.Context, j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case w.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) loop() {
	defer close(w.over)
	batch := make([]*job, 0, maxBatch)
	for first := range w.jobs {
		batch = w.gather(batch[:0], first)
		if len(batch) > 0 {
			w.commit(batch)
		}
	}
}

// gather takes everything that waits at this moment, and waits for nothing.
func (w *writer) gather(batch []*job, j *job) []*job {
	for {
		switch {
		case !j.taken.CompareAndSwap(false, true):
		case j.apart:
			j.done <- j.run(w.c)
		default:
			batch = append(batch, j)
		}
		if len(batch) == maxBatch {
			return batch
		}
		select {
		case next, open := <-w.jobs:
			if !open {
				return batch
			}
			j = next
		default:
			return batch
		}
	}
}

// commit runs the jobs in one transaction and answers each of them.
func (w *writer) commit(batch []*job) {
	errs := make([]error, len(batch))
	if err := w.transact(batch, errs); err != nil {
		for i := range errs {
			if errs[i] == nil {
				errs[i] = err
			}
		}
	}
	for i, j := range batch {
		j.done <- errs[i]
	}
}

// transact returns an error when the whole transaction was undone; errs are those of single jobs.
func (w *writer) transact(batch []*job, errs []error) error {
	if _, err := w.c.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("la base n'accepte pas d'écriture : %w", err)
	}
	if err := w.runAll(batch, errs); err != nil {
		w.rollback()
		return err
	}
	if _, err := w.c.exec("COMMIT"); err != nil {
		w.rollback()
		return fmt.Errorf("la base n'a pas pu enregistrer : %w", err)
	}
	return nil
}

// rollback undoes the transaction, unless SQLite has done so by itself, as when the disk is full.
func (w *writer) rollback() { _, _ = w.c.exec("ROLLBACK") }

func (w *writer) runAll(batch []*job, errs []error) error {
	if len(batch) == 1 {
		errs[0] = batch[0].run(w.c)
		return errs[0]
	}
	for i, j := range batch {
		if err := w.runOne(j, &errs[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) runOne(j *job, failed *error) error {
	if _, err := w.c.exec("SAVEPOINT one"); err != nil {
		return err
	}
	if *failed = j.run(w.c); *failed != nil {
		if _, err := w.c.exec("ROLLBACK TO one"); err != nil {
			return err
		}
	}
	_, err := w.c.exec("RELEASE one")
	return err
}
