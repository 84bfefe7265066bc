package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// write implements engine. What another transaction undid is run again.
func (p *postgres) write(ctx context.Context, run func(tx) error) error {
	if p.readOnly {
		return ErrReadOnly
	}
	for try := 1; ; try++ {
		err := p.transact(ctx, run)
		if !undone(err) || try == maxAgain {
			return err
		}
		select {
		case <-time.After(rand.N(time.Millisecond << try)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// lost is an error of a connection that was cut before the transaction was to be committed.
type lost struct{ error }

func (l lost) Unwrap() error { return l.error }

// undone tells that nothing of a transaction is there, and that it is worth running again: the server undid it because of another one, had no connection for
// it, or lost it on the way.
func undone(err error) bool {
	if _, cut := errors.AsType[lost](err); cut {
		return true
	}
	fault, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (fault.Code == "40P01" || fault.Code == "40001" || fault.Code == "53300") // deadlock_detected, serialization_failure, too_many_connections
}

// idled tells that the server gave a transaction up in which nothing was asked for too long: it would be as slow again.
func idled(err error) bool {
	fault, ok := errors.AsType[*pgconn.PgError](err)
	return ok && fault.Code == "25P03" // idle_in_transaction_session_timeout
}

// transact runs one transaction. Once it has begun it does not end with ctx: the caller learns what became of it.
func (p *postgres) transact(ctx context.Context, run func(tx) error) error {
	waiting, cancelWait := context.WithTimeout(ctx, p.limit)
	c, err := p.pool.Acquire(waiting)
	cancelWait()
	if err != nil {
		return err
	}
	defer c.Release() // closes a connection that is still in a transaction
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.limit)
	defer cancel()
	t := &pgTx{ctx: ctx, c: c, text: p.text, batch: new(pgx.Batch)}
	t.queue(step{query: "BEGIN"})
	err = run(t)
	switch {
	case err == nil:
		t.queue(step{query: "COMMIT"})
		err = t.flush()
	case c.Conn().IsClosed() && ctx.Err() == nil && !idled(err):
		p.pool.Reset() // what cut this one is likely to have cut those that are idle
		return lost{err}
	}
	if err != nil && !c.Conn().IsClosed() && c.Conn().PgConn().TxStatus() != 'I' {
		if _, failed := c.Exec(ctx, "ROLLBACK"); failed != nil {
			err = errors.Join(err, failed)
		}
	}
	return err
}

// pgTx is a transaction. Statements wait in its batch until one of them is to answer, so that most of a change travels at once.
type pgTx struct {
	ctx   context.Context
	c     *pgxpool.Conn
	text  func(string) string
	batch *pgx.Batch
	steps []step // those of the batch
}

func (t *pgTx) queue(s step) {
	t.batch.Queue(t.text(s.query), keepable(s.args)...)
	t.steps = append(t.steps, s)
}

// run implements tx.
func (t *pgTx) run(steps ...step) error {
	asks := false
	for _, s := range steps {
		t.queue(s)
		asks = asks || s.check != nil
	}
	if !asks {
		return nil
	}
	return t.flush()
}

// flush sends what waits, and has each answer checked.
func (t *pgTx) flush() error {
	answers, err := t.answers()
	return errors.Join(err, closed(err, answers))
}

// answers sends what waits and reads the answers to all steps.
func (t *pgTx) answers() (pgx.BatchResults, error) {
	steps := t.steps
	answers := t.c.SendBatch(t.ctx, t.batch)
	t.batch, t.steps = new(pgx.Batch), nil
	for _, s := range steps {
		tag, err := answers.Exec()
		if err == nil && s.check != nil {
			err = s.check(tag.RowsAffected())
		}
		if err != nil {
			return answers, err
		}
	}
	return answers, nil
}

// closed ends a batch. What failed after the first error is no news.
func closed(before error, answers pgx.BatchResults) error {
	err := answers.Close()
	if before != nil {
		return nil
	}
	return err
}

// exec implements tx.
func (t *pgTx) exec(query string, args ...any) (touched int64, err error) {
	err = t.run(step{query, args, func(rows int64) error { touched = rows; return nil }})
	return touched, err
}

// get implements tx.
func (t *pgTx) get(query string, args []any, into ...any) (found bool, err error) {
	err = t.ask(query, args, func(rows pgx.Rows) (err error) {
		found, err = first(rows, into)
		return err
	})
	return found, err
}

// each implements tx.
func (t *pgTx) each(query string, args []any, f eachRow) error {
	return t.ask(query, args, func(rows pgx.Rows) error { return all(rows, f) })
}

// many implements tx, as one statement over all lists at once: what a statement costs beside what it does is paid once.
func (t *pgTx) many(query string, key int, lists [][]any) (touched []bool, err error) {
	touched = make([]bool, len(lists))
	if len(lists) == 0 {
		return touched, nil
	}
	found := make(map[any]bool, len(lists))
	err = t.each(spread(query, lists[0]), columnsOf(lists), func(scan func(...any) error) (bool, error) {
		var name string
		err := scan(&name)
		found[name] = true
		return true, err
	})
	for i := range lists {
		touched[i] = found[lists[i][key]]
	}
	return touched, err
}

// spread is an UPDATE of tasks by their keys for lists of arguments like the first one. It returns the keys of the rows it touched.
func spread(query string, first []any) string {
	names := make([]string, len(first))
	for i := range first {
		names[i] = fmt.Sprintf("c%d", i)
		query = strings.Replace(query, "?", "o."+names[i], 1)
	}
	set, where, _ := strings.Cut(query, "WHERE")
	return set + "FROM " + unnest(first) + " AS o (" + strings.Join(names, ", ") + ") WHERE" + where + " RETURNING key"
}

// unnest are rows like the first one, as PostgreSQL makes them of what columnsOf returns.
func unnest[R ~[]any](first R) string {
	types := make([]string, len(first))
	for i, v := range first {
		switch v.(type) {
		case int64:
			types[i] = "?::bigint[]"
		case string:
			types[i] = "?::text[]"
		case []byte:
			types[i] = "?::bytea[]"
		}
	}
	return "unnest(" + strings.Join(types, ", ") + ")"
}

// columnsOf are the columns of rows of int64, string and []byte, each as one argument.
func columnsOf[R ~[]any](rows []R) []any {
	columns := make([]any, len(rows[0]))
	for i, v := range rows[0] {
		switch v.(type) {
		case int64:
			columns[i] = columnOf[int64](rows, i)
		case string:
			columns[i] = columnOf[string](rows, i)
		case []byte:
			columns[i] = columnOf[[]byte](rows, i)
		}
	}
	return columns
}

func columnOf[T any, R ~[]any](rows []R, i int) []T {
	column := make([]T, len(rows))
	for j, r := range rows {
		column[j] = r[i].(T)
	}
	return column
}

// ask sends a question behind what waits, and reads its answer.
func (t *pgTx) ask(query string, args []any, read func(pgx.Rows) error) error {
	t.batch.Queue(t.text(query), keepable(args)...)
	answers, err := t.answers()
	if err == nil {
		var rows pgx.Rows
		if rows, err = answers.Query(); err == nil {
			err = read(rows)
		}
	}
	return errors.Join(err, closed(err, answers))
}

// driverBytes has the driver lend its bytes where they are scanned into sql.RawBytes.
func driverBytes(into []any) []any {
	for i, v := range into {
		if raw, ok := v.(*sql.RawBytes); ok {
			into[i] = (*pgtype.DriverBytes)(raw)
		}
	}
	return into
}

// first reads the first row, if there is one.
func first(rows pgx.Rows, into []any) (found bool, err error) {
	defer rows.Close()
	if rows.Next() {
		found, err = true, rows.Scan(into...)
	}
	rows.Close()
	return found && err == nil, errors.Join(err, rows.Err())
}

// all calls f for each row until it is done or says no.
func all(rows pgx.Rows, f eachRow) error {
	defer rows.Close()
	scan := func(into ...any) error { return rows.Scan(driverBytes(into)...) }
	for rows.Next() {
		more, err := f(scan)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	rows.Close()
	return rows.Err()
}
