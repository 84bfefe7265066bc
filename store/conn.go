package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
)

// conn is the one connection that writes, with its prepared statements. Only the writer's goroutine uses it.
// Its statements run under no context: half a transaction is of use to nobody.
type conn struct {
	c     *sql.Conn
	stmts map[string]*sql.Stmt
}

func (c *conn) prepare(query string) (*sql.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.c.PrepareContext(context.Background(), query)
	if err == nil {
		c.stmts[query] = s
	}
	return s, err
}

// exec runs one statement and says how many rows it touched.
func (c *conn) exec(query string, args ...any) (int64, error) {
	s, err := c.prepare(query)
	if err != nil {
		return 0, err
	}
	r, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// get reads the first row, if there is one.
func (c *conn) get(query string, args []any, into ...any) (found bool, err error) {
	s, err := c.prepare(query)
	if err != nil {
		return false, err
	}
	return one(s.QueryRow(args...).Scan(into...))
}

// each calls f for each row until it is done or says no.
func (c *conn) each(query string, args []any, f func(scan func(...any) error) (more bool, err error)) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	rows, err := s.Query(args...)
	if err != nil {
		return err
	}
	return walk(rows, f)
}

func (c *conn) close() error {
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.c.Close())
}

// reader runs prepared statements on the pool of reading connections. Each sees the last commit.
type reader struct {
	db    *sql.DB
	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

func newReader(db *sql.DB) *reader { return &reader{db: db, stmts: make(map[string]*sql.Stmt)} }

func (r *reader) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	r.mu.RLock()
	s, ok := r.stmts[query]
	r.mu.RUnlock()
	if ok {
		return s, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.stmts[query]; ok {
		return s, nil
	}
	s, err := r.db.PrepareContext(ctx, query)
	if err == nil {
		r.stmts[query] = s
	}
	return s, err
}

func (r *reader) get(ctx context.Context, query string, args []any, into ...any) (found bool, err error) {
	s, err := r.prepare(ctx, query)
	if err != nil {
		return false, err
	}
	found, err = one(s.QueryRowContext(ctx, args...).Scan(into...))
	return found, told(err)
}

func (r *reader) each(ctx context.Context, query string, args []any, f func(scan func(...any) error) (more bool, err error)) error {
	s, err := r.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return told(err)
	}
	return told(walk(rows, f))
}

func (r *reader) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var err error
	for _, s := range r.stmts {
		err = errors.Join(err, s.Close())
	}
	return err
}

func one(err error) (found bool, _ error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func walk(rows *sql.Rows, f func(scan func(...any) error) (more bool, err error)) error {
	defer rows.Close()
	for rows.Next() {
		more, err := f(rows.Scan)
		if err != nil {
			return err
		}
		if !more {
			return rows.Close()
		}
	}
	return rows.Err()
}

// The lengths of lists that have a prepared statement.
var listSizes = []int{1, 8, 64, 512}

// inLists calls f with the list in pieces, each filled up to one of the lengths by repeating its last value, and with
// the marks for it: "?, ?, ?". args begin with what f was told to put before.
func inLists[T any](values []T, before []any, f func(marks string, args []any) error) error {
	for len(values) > 0 {
		size := listSizes[len(listSizes)-1]
		for _, s := range listSizes {
			if s >= len(values) {
				size = s
				break
			}
		}
		n := min(size, len(values))
		args := make([]any, 0, len(before)+size)
		args = append(args, before...)
		for i := range size {
			args = append(args, values[min(i, n-1)])
		}
		if err := f(marks(size), args); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
