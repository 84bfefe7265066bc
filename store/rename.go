package store

import (
	"context"
	"slices"
	"strings"
)

// rename gives the rows of a file that an earlier release wrote the names that this one keeps: PostgreSQL has no place for some of theirs. Where
// there is already a row of that name, which is newer, the old one goes.
func (d *DB) rename(ctx context.Context, t *table) error {
	var odd []row
	query := "SELECT " + names(t.columns) + " FROM " + t.name
	err := d.engine.each(ctx, query, nil, func(scan func(...any) error) (bool, error) {
		r, err := scanRow(t.columns, scan)
		if slices.ContainsFunc(r, isOdd) {
			odd = append(odd, r)
		}
		return true, err
	})
	if err != nil || len(odd) == 0 {
		return err
	}
	return d.do(ctx, func(x tx) error {
		for _, r := range odd {
			if err := d.renameRow(x, t, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func isOdd(value any) bool {
	s, is := value.(string)
	return is && !keeps(s)
}

func (d *DB) renameRow(x tx, t *table, old row) error {
	where := " WHERE " + strings.Join(equal(t.key()), " AND ")
	key := make([]any, t.keys)
	for i, v := range old[:t.keys] {
		if key[i] = v; isOdd(v) {
			key[i] = []byte(v.(string)) // a text would be renamed on its way
		}
	}
	args := append(d.renamed(t, old), key...)
	n, err := x.exec("UPDATE OR IGNORE "+t.name+" SET "+strings.Join(equal(t.columns), ", ")+where, args...)
	if err == nil && n == 0 {
		_, err = x.exec("DELETE FROM "+t.name+where, key...)
	}
	return err
}

// equal are terms of SQL that say what columns are equal to.
func equal(columns []column) []string {
	terms := make([]string, len(columns))
	for i, c := range columns {
		terms[i] = c.name + " = CAST(? AS " + c.kind + ")"
	}
	return terms
}

// renamed is a row under the names that are kept. What is sealed is bound to its name, and sealed anew; what does not open stays as it is.
func (d *DB) renamed(t *table, old row) row {
	r := slices.Clone(old)
	for i, v := range r {
		if s, is := v.(string); is {
			r[i] = keptName(s)
		}
	}
	for i, v := range r {
		if blob, is := v.([]byte); is && t.columns[i].name == "body" {
			if body, err := d.seal.open(t.label(old), blob, true); err == nil {
				r[i] = d.seal.seal(t.label(r), body)
			}
		}
	}
	return r
}

// label is what the body of a row is sealed under.
func (t *table) label(r row) string {
	text := func(name string) string {
		s, _ := r[slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })].(string)
		return s
	}
	if t.name == "task" {
		return "task\x00" + text("key")
	}
	return recordLabel(text("kind"), text("id"))
}
