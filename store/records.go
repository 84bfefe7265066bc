package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"passeur/bot"
)

// pageSize is a page of Find and Tasks when no limit is given.
const pageSize = 1000

const recordColumns = "kind, id, version, owner, subject, place, state, at, body"

const sqlByIDs = "SELECT " + recordColumns + " FROM record WHERE kind = ? AND id "

// Get returns the records that exist, in the order of ids, each with the ID that was asked for. A body that does not
// open is ErrUnreadable and no record is returned.
func (d *DB) Get(ctx context.Context, kind string, ids ...string) ([]bot.Record, error) {
	if err := checkKind(kind); err != nil {
		return nil, err
	}
	if len(ids) == 1 {
		return d.getOne(ctx, kind, ids[0])
	}
	stored := make([]string, len(ids))
	for i, id := range ids {
		stored[i] = d.storedID(kind, id)
	}
	found := make(map[string]bot.Record, len(ids))
	err := inLists(d.engine, stored, []any{kind}, func(in string, args []any) error {
		query := d.engine.byIDs(in)
		return d.engine.eachOf(ctx, len(stored), query, args, func(scan func(...any) error) (bool, error) {
			r, err := d.scanRecord(scan)
			found[r.ID] = r
			return true, err
		})
	})
	if err != nil {
		return nil, err
	}
	out := make([]bot.Record, 0, len(found))
	for i, id := range stored {
		if r, ok := found[id]; ok {
			r.ID = ids[i]
			out = append(out, r)
		}
	}
	return out, nil
}

func (d *DB) getOne(ctx context.Context, kind, id string) ([]bot.Record, error) {
	const query = "SELECT " + recordColumns + " FROM record WHERE kind = ? AND id = ?"
	var out []bot.Record
	err := d.engine.each(ctx, query, []any{kind, d.storedID(kind, id)}, func(scan func(...any) error) (bool, error) {
		r, err := d.scanRecord(scan)
		r.ID = id
		out = append(out, r)
		return true, err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (d *DB) scanRecord(scan func(...any) error) (bot.Record, error) {
	var (
		r    bot.Record
		when int64
		body sql.RawBytes // the driver's, until the next row
	)
	err := scan(&r.Kind, &r.ID, &r.Version, &r.Owner, &r.Subject, &r.Place, &r.State, &when, &body)
	if err != nil {
		return r, err
	}
	r.At = at(when)
	r.Body, err = d.openRecord(r.Kind, r.ID, body)
	return r, err
}

// Find returns one page of records, ordered by (At, ID). A page of records of any kind may be longer than Limit:
// those of the same instant and id stay together, since (AfterAt, AfterID) could not tell them apart. A query
// needs a kind or a subject.
func (d *DB) Find(ctx context.Context, q bot.Query) ([]bot.Record, error) {
	if q.Kind == "" && q.Subject == "" {
		return nil, fmt.Errorf("%w : une recherche a besoin d'une sorte ou d'un sujet", ErrInvalid)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = pageSize
	}
	w := recordFilter(q)
	found, err := d.findRecords(ctx, w, "ORDER BY at, id LIMIT ?", limit)
	if err != nil || q.Kind != "" || len(found) < limit {
		return found, err
	}
	return d.withTwins(ctx, q, found)
}

// withTwins adds the records of other kinds that share the last one's instant and id.
func (d *DB) withTwins(ctx context.Context, q bot.Query, page []bot.Record) ([]bot.Record, error) {
	last := page[len(page)-1]
	w := recordFilter(q)
	w.add("at = ? AND id = ?", ms(last.At), last.ID)
	twins, err := d.findRecords(ctx, w, "ORDER BY kind LIMIT ?", pageSize)
	if err != nil {
		return nil, err
	}
	for len(page) > 0 && page[len(page)-1].ID == last.ID && page[len(page)-1].At.Equal(last.At) {
		page = page[:len(page)-1]
	}
	return append(page, twins...), nil
}

func (d *DB) findRecords(ctx context.Context, w where, tail string, limit int) ([]bot.Record, error) {
	var out []bot.Record
	query := "SELECT " + recordColumns + " FROM record WHERE " + w.text() + " " + tail
	err := d.engine.each(ctx, query, append(w.args, limit), func(scan func(...any) error) (bool, error) {
		r, err := d.scanRecord(scan)
		out = append(out, r)
		return true, err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// where is a list of conditions. What is not asked for is not in the text, so that each combination has its plan.
type where struct {
	terms []string
	args  []any
}

func (w *where) add(term string, args ...any) {
	w.terms = append(w.terms, term)
	w.args = append(w.args, args...)
}

func (w *where) text() string { return strings.Join(w.terms, " AND ") }

// facet adds an equality. The first one asked for chooses the index, with the term that makes its partial index
// apply; the others only filter, which || ” says on every engine.
func (w *where) facet(column, value string, first *bool) {
	switch {
	case value == "":
	case *first:
		*first = false
		w.add(column+" = ? AND "+column+" <> ''", value)
	default:
		w.add(column+" || '' = ?", value)
	}
}

func recordFilter(q bot.Query) where {
	var w where
	first := true
	if q.Kind != "" {
		w.add("kind = ?", q.Kind)
	}
	w.facet("subject", q.Subject, &first)
	w.facet("owner", q.Owner, &first)
	w.facet("state", q.State, &first)
	if q.Place != "" {
		w.add("(place = ? OR place >= ? AND place < ?) AND place <> ''", q.Place, q.Place+"/", q.Place+"0") // '0' follows '/'
	}
	if !q.From.IsZero() {
		w.add("at >= ?", ms(q.From))
	}
	if !q.To.IsZero() {
		w.add("at < ?", ms(q.To))
	}
	if q.AfterID != "" {
		w.add("at >= ? AND (at > ? OR id > ?)", ms(q.AfterAt), ms(q.AfterAt), q.AfterID)
	}
	return w
}
