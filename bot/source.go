package bot

import (
	"context"
	"errors"
	"slices"
	"time"
)

// What an operator imported, and when: the record "source" of each thing that is imported again and again.

// Sources whose imports are written in batches.
const (
	SourceVenues  = "venues"  // the places of the national directory
	SourceAnswers = "answers" // answered questions
)

// Source is what is remembered of the last import of one source.
type Source struct {
	V        int                  `json:"v"`
	Imported time.Time            `json:"imported"`
	Batch    string               `json:"batch,omitempty"` // of places and answers: the import that counts
	N        int                  `json:"n,omitempty"`     // of places and answers: how many there are
	Rows     map[string]SourceRow `json:"rows,omitempty"`  // of appointments: by the file's own ids
}

// SourceRow is a row of a file of appointments: enough to see that it changed, and nothing that tells of anybody.
type SourceRow struct {
	Hash string    `json:"digest"` // of all that it says; "" an import was cut short while it took this row in
	At   time.Time `json:"at"`     // the hour of the appointment
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

// importRows is how many records of an import one commit writes; it stays below the most that a Change holds.
const importRows = 900

// writeBatch writes records that nobody sees until the record of their source names their batch.
func (b *Bot) writeBatch(ctx context.Context, records []Record, now time.Time) error {
	for part := range slices.Chunk(records, importRows) {
		if err := b.Store.Commit(ctx, Change{Now: now, Records: part}); err != nil {
			return err
		}
	}
	return nil
}

// SweepImports erases what imports that do not count left: older ones, and those that were cut short. It waits for an import that is
// under way.
func (b *Bot) SweepImports(ctx context.Context, now time.Time) error {
	sweep := func(kind, source string) error {
		defer b.locks.take("source/" + source)()
		src, _, err := sourceIn(ctx, b.Store, source)
		if err != nil {
			return err
		}
		return b.sweepBut(ctx, kind, src.Batch, now)
	}
	return errors.Join(sweep("venue", SourceVenues), sweep("answer", SourceAnswers), b.sweepLists(ctx, now))
}

// sweepLists calls off the campaigns whose list nobody reads any more.
func (b *Bot) sweepLists(ctx context.Context, now time.Time) error {
	found, err := b.Store.Find(ctx, Query{Kind: "campaign", State: campaignReading, To: now.Add(-day)})
	for _, rec := range found {
		e := Event{ID: "list-lost/" + rec.ID, At: now, Role: Itself, About: "campaign/" + rec.ID, Intent: ListReadIntent,
			Values: map[string]string{"rapport": b.lostReport()}}
		err = errors.Join(err, b.Handle(ctx, e))
	}
	return err
}

// sweepBut erases all records of a kind but those of one batch.
func (b *Bot) sweepBut(ctx context.Context, kind, batch string, now time.Time) error {
	q := Query{Kind: kind, Limit: importRows}
	for {
		page, err := b.Store.Find(ctx, q)
		if err != nil || len(page) == 0 {
			return err
		}
		q.AfterAt, q.AfterID = page[len(page)-1].At, page[len(page)-1].ID
		var gone []Record
		for _, rec := range page {
			if rec.State != batch {
				rec.Body = nil
				gone = append(gone, rec)
			}
		}
		if len(gone) == 0 {
			continue
		}
		if err := b.Store.Commit(ctx, Change{Now: now, Records: gone}); err != nil {
			return err
		}
	}
}
