package bot

import (
	"context"
	"time"
)

// What an operator imported, and when: the record "source" of each thing that is imported again and again.

// SourceVenues names the source of the places of the national directory.
const SourceVenues = "venues"

// Source is what is remembered of the last import of one source.
type Source struct {
	V        int                  `json:"v"`
	Imported time.Time            `json:"imported"`
	Batch    string               `json:"batch,omitempty"` // of places: the import that counts
	N        int                  `json:"n,omitempty"`     // of places: how many it brought
	Rows     map[string]SourceRow `json:"rows,omitempty"`  // of appointments: by the file's own ids
}

// SourceRow is a row of a file of appointments: enough to see that it changed, and nothing that tells of anybody.
type SourceRow struct {
	Digest string    `json:"digest"` // of all that it says; "" an import was cut short while it took this row in
	At     time.Time `json:"at"`     // the hour of the appointment
}

// ReadSource returns what is remembered of a source and the version of its record; an empty one and 0 before the first import.
func ReadSource(ctx context.Context, s Store, id string) (src Source, version int64, err error) {
	src, rec, err := sourceIn(ctx, s, id)
	return src, rec.Version, err
}

func sourceIn(ctx context.Context, s Store, id string) (src Source, rec Record, err error) {
	found, err := s.Get(ctx, "source", id)
	if err != nil || len(found) == 0 {
		return Source{}, Record{Kind: "source", ID: id}, err
	}
	return src, found[0], decode(found[0], &src)
}

// keepSource writes what is remembered of a source from now on, in the place of the record that was read, and returns it as written.
func (b *Bot) keepSource(ctx context.Context, rec Record, src Source, now time.Time) (Record, error) {
	src.V, src.Imported = 1, now
	body, err := encode(&src, rec.Body)
	if err != nil {
		return rec, err
	}
	rec.Body, rec.At = body, now
	if err := b.Store.Commit(ctx, Change{Now: now, Records: []Record{rec}}); err != nil {
		return rec, err
	}
	rec.Version++
	return rec, nil
}
