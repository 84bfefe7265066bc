package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// keptEvent is the body of an inbox record.
type keptEvent struct {
	V     int   `json:"v"`
	Event Event `json:"event"`
	Tries int   `json:"tries,omitempty"` // how often a parked event was taken up again
}

func inboxRecord(e Event, state string) (Record, error) {
	body, err := json.Marshal(keptEvent{V: 1, Event: e})
	return Record{Kind: "inbox", ID: e.ID, State: state, At: e.At, Body: body}, err
}

// inInbox are the records to erase once an event is handled: that of the inbox, when it was kept there.
func inInbox(e Event) []Record {
	if e.Cursor == "" {
		return nil
	}
	return []Record{{Kind: "inbox", ID: e.ID, Version: 1}}
}

// forgetKept takes a handled event out of the inbox, when a crash left it there.
func (b *Bot) forgetKept(ctx context.Context, e Event) error {
	done := inInbox(e)
	if len(done) == 0 {
		return nil
	}
	err := b.Store.Commit(ctx, Change{Now: e.At, Records: done})
	if errors.Is(err, ErrConflict) {
		return nil // already gone
	}
	return err
}

// park keeps an event that no try could handle, so that it holds nothing back: sealed, shown by `status`, retried by
// command. Who wrote is told.
func (b *Bot) park(ctx context.Context, e Event) error {
	rec, err := inboxRecord(e, "parked")
	if err != nil {
		return err
	}
	for _, kept := range inInbox(e) {
		rec.Version = kept.Version // it stays in the inbox, in another state
	}
	t := b.open(ctx, e)
	if t.err != nil {
		return t.err
	}
	rec.Subject = t.MeID
	t.change.Records = append(t.change.Records, rec)
	if e.Text != "" {
		t.ReplyFor(ForService, "panne", nil)
	}
	err = b.commit(ctx, t)
	if errors.Is(err, ErrSeen) {
		return nil
	}
	return err
}

// HandleInbox handles the events that wait in the inbox: those of a process that died between keeping and handling.
func (b *Bot) HandleInbox(ctx context.Context) error {
	waiting, err := b.Store.Find(ctx, Query{Kind: "inbox", State: "waiting"})
	if err != nil {
		return err
	}
	var errs []error
	for _, rec := range waiting {
		var k keptEvent
		err := decode(rec, &k)
		if err == nil {
			_, err = b.handle(ctx, k.Event)
		}
		errs = append(errs, err) // what cannot be read or handled holds nothing back
	}
	return errors.Join(errs...)
}

// Retry takes up every parked event again, as a new event: what made it fail was mended. It says how many were
// handled; those that fail again are parked again.
func (b *Bot) Retry(ctx context.Context, now time.Time) (handled int, err error) {
	parked, err := b.Store.Find(ctx, Query{Kind: "inbox", State: "parked"})
	if err != nil {
		return 0, err
	}
	for _, rec := range parked {
		ok, err := b.retry(ctx, rec, now)
		if err != nil {
			return handled, err
		}
		if ok {
			handled++
		}
	}
	return handled, nil
}

func (b *Bot) retry(ctx context.Context, rec Record, now time.Time) (bool, error) {
	var k keptEvent
	if err := decode(rec, &k); err != nil {
		return false, err
	}
	defer b.locks.take(lockKeys(k.Event)...)()
	e := k.Event
	e.ID, e.At, e.Trigger = fmt.Sprintf("%s/retry%d", rec.ID, k.Tries+1), now, false
	_, err := b.turn(ctx, e, Record{Kind: "inbox", ID: rec.ID, Version: rec.Version})
	if err == nil {
		return true, nil
	}
	b.Log.Error("parked event fails again", "event", rec.ID, "err", err)
	k.Tries++
	if rec.Body, err = json.Marshal(k); err != nil {
		return false, err
	}
	return false, b.Store.Commit(ctx, Change{Now: now, Records: []Record{rec}})
}
