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
	r, err := s.Exec(keepable(args)...)
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
	return one(s.QueryRow(keepable(args)...).Scan(into...))
}

// run implements tx: each statement at once, since none travels.
func (c *conn) run(steps ...step) error {
	for i := range steps {
		n, err := c.touch(&steps[i])
		if err == nil && steps[i].check != nil {
			err = steps[i].check(n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// many implements tx.
func (c *conn) many(query string, _ int, lists [][]any) (touched []bool, err error) {
	touched = make([]bool, len(lists))
	for i, args := range lists {
		n, err := c.exec(query, args...)
		if err != nil {
			return nil, err
		}
		touched[i] = n > 0
	}
	return touched, nil
}

// touch runs a step and counts its rows.
func (c *conn) touch(s *step) (rows int64, err error) {
	if !strings.HasPrefix(s.query, "SELECT") {
		return c.exec(s.query, s.args...)
	}
	err = c.each(s.query, s.args, func(func(...any) error) (bool, error) { rows++; return true, nil })
	return rows, err
}

// each calls f for each row until it is done or says no.
func (c *conn) each(query string, args []any, f eachRow) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	rows, err := s.Query(keepable(args)...)
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
	found, err = one(s.QueryRowContext(ctx, keepable(args)...).Scan(into...))
	return found, told(err)
}

func (r *reader) each(ctx context.Context, query string, args []any, f eachRow) error {
	s, err := r.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, keepable(args)...)
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

func walk(rows *sql.Rows, f eachRow) error {
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
