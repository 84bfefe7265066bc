package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// A transfer moves all that a file holds to an empty database of a server, page by page, and then compares both. What was copied is itself how far
// it is: who goes on begins behind the last key. Both sides note it, so that nobody writes to either by mistake: the server's opens once all was
// compared, and from then on the file opens no more.

// metaTransfer is where both databases keep the mark of a transfer.
const metaTransfer = "transfer"

// mark is the number of a transfer and, once all was compared, the name of the other database.
type mark struct{ id, other string }

func (m mark) value() []byte { return []byte(m.id + " " + m.other) }

func markOf(ctx context.Context, from reading) (mark, error) {
	var value []byte
	_, err := from.get(ctx, sqlMeta, []any{metaTransfer}, &value)
	id, other, _ := strings.Cut(string(value), " ")
	return mark{id, other}, err
}

// checkTransfer refuses a database that is moving, or was moved away. Who opens one side to write gives up a transfer that is under way, or begins
// to use what arrived: then the mark goes.
func (d *DB) checkTransfer(ctx context.Context, readOnly bool) error {
	m, err := markOf(ctx, d.engine)
	if err != nil || m.id == "" {
		return err
	}
	switch onServer := d.onServer(); {
	case onServer && m.other == "":
		return fmt.Errorf("%w : relancez « passeur migrate », qui reprend où il en était", ErrMoving)
	case readOnly:
		d.moved = m.other
		return nil
	case !onServer && m.other != "":
		return fmt.Errorf("%w vers %s : donnez l'adresse du serveur (postgres.url) ; pour revenir en arrière, remettez la copie de ce fichier faite avant", ErrMoved, m.other)
	}
	return d.do(ctx, func(t tx) error {
		_, err := t.exec("DELETE FROM meta WHERE name = ?", metaTransfer)
		return err
	})
}

// Progress tells how far a transfer is.
type Progress struct {
	Table     string
	Rows, All int  // copied or compared, of so many
	Comparing bool // all was copied
}

// Moved is how many rows of one table were compared.
type Moved struct {
	Table       string
	There, Here int // in the file, on the server
}

// Transferred is what a transfer came to.
type Transferred struct {
	Tables []Moved
	Before bool // an earlier one had moved all of it, it was only compared again
}

// Transfer moves the database of a file to an empty one of a server, and compares them row by row. One that was interrupted goes on where it was.
// Where something else is on the server, or what was moved was used since, nothing is written: ErrNotEmpty, ErrMoved.
func Transfer(ctx context.Context, file, server string, o Options, tell func(Progress)) (done Transferred, err error) {
	m := &transfer{tell: tell, name: Name(server)}
	defer func() { err = errors.Join(err, m.close()) }()
	if err := m.open(ctx, file, server, o); err != nil {
		return done, err
	}
	done.Before = m.here.other != ""
	if !done.Before {
		err = m.copy(ctx)
	}
	if err == nil {
		done.Tables, err = m.compare(ctx)
	}
	if err == nil && !done.Before {
		err = m.finish(ctx)
	}
	return done, m.resumable(ctx, err)
}

// transfer is one that runs.
type transfer struct {
	from        *DB
	to          *postgres
	name        string // of what is on the server
	tables      []*table
	there, here mark // in the file and on the server
	tell        func(Progress)
}

func (m *transfer) close() error {
	var errs []error
	if m.to != nil {
		errs = append(errs, m.to.close())
	}
	if m.from != nil {
		errs = append(errs, m.from.Close())
	}
	return errors.Join(errs...)
}

// resumable says that the same command goes on.
func (m *transfer) resumable(ctx context.Context, err error) error {
	switch {
	case err == nil || errors.Is(err, ErrDiffers):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("le déménagement est interrompu : relancez la même commande, elle reprend où il en était (%w)", ctx.Err())
	}
	return fmt.Errorf("le déménagement vers %s est interrompu : %w ; relancez la même commande, elle reprend où il en était", m.name, told(err))
}

// open opens both sides, the file so that nobody else writes to it.
func (m *transfer) open(ctx context.Context, file, server string, o Options) error {
	fresh, err := inspect(file)
	if err == nil && fresh {
		err = fmt.Errorf("il n'y a rien à déménager, le fichier manque ou est vide : %w", fs.ErrNotExist)
	}
	if err != nil {
		return fmt.Errorf("base %s : %w", file, err)
	}
	o.moving = true
	if m.from, err = Open(ctx, file, o); err != nil {
		return err
	}
	if m.tables, err = tablesOf(ctx, m.from.engine); err != nil {
		return err
	}
	switch err := m.call(ctx, server); {
	case errors.Is(err, ErrMoved):
		return fmt.Errorf("base %s : %w", m.from.Name(), err)
	case err != nil:
		return fmt.Errorf("base %s : %w", m.name, told(err))
	}
	return nil
}

// call opens the server's database, if it is empty or holds this transfer, and brings it to this release's schema.
func (m *transfer) call(ctx context.Context, server string) (err error) {
	if m.to, err = callPostgres(ctx, server, Options{}); err != nil {
		return err
	}
	fresh, err := m.to.inspect(ctx)
	if err != nil {
		return err
	}
	if err := m.readMarks(ctx, fresh); err != nil {
		return err
	}
	goesOn := m.there.id != "" && m.there.id == m.here.id
	if !goesOn {
		if err := m.refuse(ctx, fresh); err != nil {
			return err
		}
	}
	if err := m.to.migrate(ctx); err != nil || goesOn {
		return err
	}
	return m.begin(ctx)
}

func (m *transfer) readMarks(ctx context.Context, fresh bool) (err error) {
	if m.there, err = markOf(ctx, m.from.engine); err == nil && !fresh {
		m.here, err = markOf(ctx, m.to)
	}
	return err
}

const sqlHolds = "SELECT EXISTS (SELECT FROM meta) OR EXISTS (SELECT FROM event) OR EXISTS (SELECT FROM tally) OR EXISTS (SELECT FROM record) OR EXISTS (SELECT FROM task)"

// refuse tells why a new transfer must not begin.
func (m *transfer) refuse(ctx context.Context, fresh bool) error {
	var holds bool
	if !fresh {
		if _, err := m.to.get(ctx, sqlHolds, nil, &holds); err != nil {
			return err
		}
	}
	switch {
	case m.there.other != "" && holds:
		return fmt.Errorf("%w vers %s, qui a servi depuis : il n'y a rien à faire", ErrMoved, m.there.other)
	case m.there.other != "":
		return fmt.Errorf("%w vers %s, et la base du serveur est vide : donnez l'adresse de celle qui sert ; si elle est perdue, remettez la copie du fichier faite avant, et recommencez", ErrMoved, m.there.other)
	case !holds:
		return nil
	}
	return fmt.Errorf("%w (ou un déménagement y a commencé, et le fichier a servi depuis) : donnez-en une vide, avec dropdb et createdb", ErrNotEmpty)
}

// begin notes a new transfer on both sides. What a database says of itself goes with it, the data key above all: whoever makes one there meanwhile
// stops it.
func (m *transfer) begin(ctx context.Context) error {
	m.here = mark{id: rand.Text()}
	m.there = m.here
	own := m.tables[0]
	rows, err := own.page(ctx, m.from.engine, nil)
	if err != nil {
		return err
	}
	if err := m.from.do(ctx, noting(m.there)); err != nil {
		return err
	}
	return m.to.write(ctx, func(t tx) error {
		return t.run(own.add(append(rows, row{metaTransfer, m.here.value()})))
	})
}

// noting writes a mark.
func noting(m mark) func(tx) error {
	return func(t tx) error { return t.run(step{query: sqlNote, args: []any{metaTransfer, m.value()}}) }
}

// copied is what is done once all rows are there: new tasks get higher numbers, and the server learns what the tables are like.
var copied = unchecked([]string{"SELECT setval('task_id', (SELECT coalesce(max(id), 0) + 1 FROM task), false)", "ANALYZE event, tally, record, task"})

// copy writes all that the server lacks.
func (m *transfer) copy(ctx context.Context) error {
	for _, t := range m.tables {
		if err := m.from.rename(ctx, t); err != nil {
			return err
		}
		if err := m.copyTable(ctx, t); err != nil {
			return err
		}
	}
	return m.to.write(ctx, func(t tx) error { return t.run(copied...) })
}

func (m *transfer) copyTable(ctx context.Context, t *table) error {
	all, err := t.count(ctx, m.from.engine)
	if err != nil {
		return err
	}
	n, err := t.count(ctx, m.to)
	if err != nil {
		return err
	}
	after, err := t.last(ctx, m.to)
	if err != nil {
		return err
	}
	for {
		rows, err := t.page(ctx, m.from.engine, after)
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := m.to.write(ctx, func(x tx) error { return x.run(t.add(rows)) }); err != nil {
			return err
		}
		after, n = rows[len(rows)-1][:t.keys], n+len(rows)
		m.tell(Progress{Table: t.name, Rows: n, All: all})
	}
}

// compare reads all of both sides.
func (m *transfer) compare(ctx context.Context) (all []Moved, err error) {
	for _, t := range m.tables {
		n, err := m.compareTable(ctx, t)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

// mostDifferences are told.
const mostDifferences = 5

func (m *transfer) compareTable(ctx context.Context, t *table) (n Moved, err error) {
	n.Table = t.name
	all, err := t.count(ctx, m.from.engine)
	if err != nil {
		return n, err
	}
	for after := row(nil); ; {
		there, err := t.page(ctx, m.from.engine, after)
		if err != nil {
			return n, err
		}
		here, err := t.page(ctx, m.to, after)
		if err != nil {
			return n, err
		}
		if found := t.differences(there, here); len(found) > 0 {
			return n, fmt.Errorf("%w :\n  %s\n%s", ErrDiffers, strings.Join(found[:min(mostDifferences, len(found))], "\n  "), m.mend())
		}
		if len(there) == 0 {
			return n, nil
		}
		after = there[len(there)-1][:t.keys]
		n.There, n.Here = n.There+len(there), n.Here+len(here)
		m.tell(Progress{Table: t.name, Rows: n.There, All: all, Comparing: true})
	}
}

// mend tells what to do about differences.
func (m *transfer) mend() string {
	if m.here.other != "" {
		return "le déménagement était fini : l'un des deux a servi depuis, gardez celui qui sert"
	}
	return "donnez une base vide, avec dropdb et createdb, et recommencez"
}

// finish opens what arrived, and closes the file for ever. The file comes first: there are never two databases that can be used.
func (m *transfer) finish(ctx context.Context) error {
	m.there.other, m.here.other = m.name, m.from.Name()
	if err := m.from.do(ctx, noting(m.there)); err != nil {
		return err
	}
	return m.to.write(ctx, noting(m.here))
}
