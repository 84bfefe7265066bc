package store

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"
)

// A page of rows is cut where either is reached, so that it takes as little room whatever the bodies are.
const (
	pageRows  = 2000
	pageBytes = 4 << 20
)

// table is one of ours as a whole, column by column, as both engines have it.
type table struct {
	name, where string // where: which rows, in SQL
	columns     []column
	keys        int // how many columns are the primary key: the first ones
}

// column has the type that SQLite gives it: INTEGER, TEXT or BLOB.
type column struct{ name, kind string }

// row are the values of a row, in the order of the columns: int64, string or []byte.
type row []any

// tablesOf are all tables of a file.
func tablesOf(ctx context.Context, e engine) ([]*table, error) {
	all := []*table{{name: "meta", where: "name <> '" + metaTransfer + "'"}, {name: "event", where: "true"}, {name: "tally", where: "true"},
		{name: "record", where: "true"}, {name: "task", where: "true"}}
	for _, t := range all {
		err := e.each(ctx, "SELECT name, type, pk > 0 FROM pragma_table_info(?) ORDER BY pk = 0, pk, cid", []any{t.name}, func(scan func(...any) error) (bool, error) {
			var c column
			var key bool
			err := scan(&c.name, &c.kind, &key)
			t.columns = append(t.columns, c)
			if key {
				t.keys++
			}
			return true, err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// names are those of columns, as a list of SQL.
func names(columns []column) string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.name
	}
	return strings.Join(all, ", ")
}

func (t *table) key() []column { return t.columns[:t.keys] }

// count is how many rows there are.
func (t *table) count(ctx context.Context, from reading) (n int, err error) {
	_, err = from.get(ctx, "SELECT count(*) FROM "+t.name+" WHERE "+t.where, nil, &n)
	return n, err
}

// last is the key of the last row, nil when there is none.
func (t *table) last(ctx context.Context, from reading) (key row, err error) {
	query := fmt.Sprintf("SELECT %s FROM %s ORDER BY %s DESC LIMIT 1", names(t.key()), t.name, strings.ReplaceAll(names(t.key()), ",", " DESC,"))
	err = from.each(ctx, query, nil, func(scan func(...any) error) (_ bool, err error) {
		key, err = scanRow(t.key(), scan)
		return false, err
	})
	return key, err
}

// page reads the rows behind a key, nil for the first ones, in the order of the key.
func (t *table) page(ctx context.Context, from reading, after row) (rows []row, err error) {
	where, key := t.where, names(t.key())
	if after != nil {
		where += " AND (" + key + ") > (" + marks(t.keys) + ")"
	}
	query := fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT ?", names(t.columns), t.name, where, key)
	size := 0
	err = from.each(ctx, query, append(after[:len(after):len(after)], pageRows), func(scan func(...any) error) (bool, error) {
		r, err := scanRow(t.columns, scan)
		rows, size = append(rows, r), size+r.size()
		return size < pageBytes, err
	})
	return rows, err
}

func scanRow(columns []column, scan func(...any) error) (row, error) {
	into, r := make([]any, len(columns)), make(row, len(columns))
	for i, c := range columns {
		into[i] = c.place()
	}
	if err := scan(into...); err != nil {
		return nil, err
	}
	for i, v := range into {
		switch v := v.(type) {
		case *int64:
			r[i] = *v
		case *string:
			r[i] = *v
		case *[]byte:
			r[i] = *v
		}
	}
	return r, nil
}

// place is where a value of the column is scanned into.
func (c column) place() any {
	switch c.kind {
	case "INTEGER":
		return new(int64)
	case "TEXT":
		return new(string)
	}
	return new([]byte)
}

func (r row) size() (n int) {
	for _, v := range r {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}

// add is the step that writes rows to PostgreSQL: each column is one argument.
func (t *table) add(rows []row) step {
	return step{query: fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM %s", t.name, names(t.columns), unnest(rows[0])), args: columnsOf(rows)}
}

// differences tell what is not the same in two pages that begin at the same key: rows that one of them lacks, and columns.
func (t *table) differences(there, here []row) (found []string) {
	for len(there) > 0 && len(here) > 0 {
		switch order := t.compareKeys(there[0], here[0]); {
		case order < 0:
			found = append(found, t.called(there[0])+" : manque sur le serveur")
			there = there[1:]
		case order > 0:
			found = append(found, t.called(here[0])+" : n'est pas dans le fichier")
			here = here[1:]
		default:
			if columns := t.unequal(there[0], here[0]); len(columns) > 0 {
				found = append(found, t.called(there[0])+" : "+names(columns)+" diffère")
			}
			there, here = there[1:], here[1:]
		}
	}
	if len(found) > 0 { // what is left may stand in the next page of the other one
		return found
	}
	for _, r := range there {
		found = append(found, t.called(r)+" : manque sur le serveur")
	}
	for _, r := range here {
		found = append(found, t.called(r)+" : n'est pas dans le fichier")
	}
	return found
}

func (t *table) compareKeys(a, b row) (order int) {
	for i := range t.keys {
		switch v := a[i].(type) {
		case int64:
			order = cmp.Compare(v, b[i].(int64))
		case string:
			order = strings.Compare(v, b[i].(string))
		}
		if order != 0 {
			break
		}
	}
	return order
}

// unequal are the columns in which two rows are not the same.
func (t *table) unequal(a, b row) (columns []column) {
	for i, v := range a {
		blob, is := v.([]byte)
		if is && !bytes.Equal(blob, b[i].([]byte)) || !is && v != b[i] {
			columns = append(columns, t.columns[i])
		}
	}
	return columns
}

// called is how a row is spoken of: by its key.
func (t *table) called(r row) string {
	return t.name + " " + strings.Trim(fmt.Sprintf("%q", []any(r[:t.keys])), "[]")
}
