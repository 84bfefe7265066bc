package store

import (
	"context"
	"fmt"
	"slices"

	"passeur/bot"
)

// Commit writes the change durably. Besides bot.ErrSeen and bot.ErrConflict it returns ErrTooLarge beyond MaxRows and
// ErrInvalid for what the contract forbids; then too nothing is written. When ctx ends while the change is being
// written, Commit still waits to learn what became of it.
func (d *DB) Commit(ctx context.Context, c bot.Change) error {
	if err := checkChange(&c); err != nil {
		return err
	}
	return d.do(ctx, func(t tx) error { return d.apply(t, &c) })
}

func checkChange(c *bot.Change) error {
	rows := len(c.Drop) + len(c.DropTo) + len(c.Receipts) + len(c.Forget) + len(c.Records) + len(c.Tally) + len(c.Tasks)
	if rows > MaxRows {
		return fmt.Errorf("%w : %d lignes, %d au plus", ErrTooLarge, rows, MaxRows)
	}
	if c.Event != "" && c.Now.IsZero() {
		return fmt.Errorf("%w : Change.Now manque, l'événement serait oublié", ErrInvalid)
	}
	for i := range c.Records {
		if err := checkKind(c.Records[i].Kind); err != nil {
			return err
		}
	}
	for i := range c.Tasks {
		if err := checkTask(&c.Tasks[i]); err != nil {
			return err
		}
	}
	return nil
}

func checkKind(kind string) error {
	if _, ok := bot.Kinds[kind]; !ok {
		return fmt.Errorf("%w : la sorte %q n'est pas dans bot.Kinds", ErrInvalid, kind)
	}
	return nil
}

// apply runs inside a transaction, in the order that bot.Change promises.
func (d *DB) apply(t tx, c *bot.Change) error {
	steps := d.engine.guard(d.recordsOf(c), tasksOf(c))
	steps = append(steps, note(c)...)
	for _, r := range c.Reads {
		steps = append(steps, d.checkRead(r))
	}
	steps = append(steps, ends(c)...)
	for i := range c.Records {
		steps = append(steps, d.writeRecord(&c.Records[i]))
	}
	for i := range c.Tasks {
		steps = append(steps, d.writeTask(&c.Tasks[i]))
	}
	return t.run(append(steps, adding(c.Tally)...)...)
}

// tasksOf are the tasks that a change writes or ends.
func tasksOf(c *bot.Change) touched {
	w := touched{groups: c.Drop, people: slices.Concat(c.DropTo, c.Forget)}
	for i := range c.Tasks {
		w.keys = append(w.keys, c.Tasks[i].Key)
	}
	for _, n := range c.Receipts {
		w.keys = append(w.keys, n.Task)
	}
	return w
}

// recordsOf are the records that a change reads or writes.
func (d *DB) recordsOf(c *bot.Change) []guarded {
	keys := make([]guarded, 0, len(c.Reads)+len(c.Records))
	for _, r := range c.Reads {
		keys = append(keys, guarded{kind: r.Kind, id: d.storedID(r.Kind, r.ID)})
	}
	for i := range c.Records {
		r := &c.Records[i]
		keys = append(keys, guarded{kind: r.Kind, id: d.storedID(r.Kind, r.ID), written: true})
	}
	return keys
}

// note keeps the event's ID, or says that it is known.
func note(c *bot.Change) []step {
	if c.Event == "" {
		return nil
	}
	return []step{{"INSERT INTO event (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING", []any{c.Event, ms(c.Now)}, func(rows int64) error {
		if rows == 0 {
			return bot.ErrSeen
		}
		return nil
	}}}
}

const (
	sqlAsRead = "SELECT 1 FROM record WHERE kind = ? AND id = ? AND version = ?"
	sqlThere  = "SELECT 1 FROM record WHERE kind = ? AND id = ?"
)

// checkRead finds the version that was read, or that there is still none.
func (d *DB) checkRead(r bot.Read) step {
	id := d.storedID(r.Kind, r.ID)
	if r.Version == 0 {
		return step{sqlThere, []any{r.Kind, id}, touching(r.Kind, 0)}
	}
	return step{sqlAsRead, []any{r.Kind, id, r.Version}, touching(r.Kind, 1)}
}

// touching is the check of a statement that must find so many rows.
func touching(kind string, want int64) func(int64) error {
	return func(rows int64) error {
		if rows != want {
			return conflict(kind)
		}
		return nil
	}
}

func conflict(kind string) error { return fmt.Errorf("%w : %s", bot.ErrConflict, kind) }

// kept is the reason of a settled task: what its receipt said, if that came before.
const kept = "CASE WHEN reason IN ('" + bot.ReceiptArrived + "', '" + bot.ReceiptLost + "') THEN reason ELSE ? END"

// freed lets go of a recipient whom a task holds that is not being sent: one that was put off.
const freed = "until = CASE WHEN fate = '' THEN until ELSE 0 END"

// The + 0 are those of fence.
const (
	sqlReceipt       = "UPDATE task SET reason = ? WHERE key = ? AND state < 3 AND reason <> '" + bot.ReceiptArrived + "'" // what arrived stays so
	sqlDropGroup     = "UPDATE task SET state = 3, " + freed + ", fate = 'dropped', ended = ? WHERE state + 0 = 0 AND ended = 0 AND grp = ? AND grp <> ''"
	sqlDropBatch     = "UPDATE task SET state = 3, " + freed + ", fate = 'dropped', ended = ? WHERE state + 0 = 0 AND ended = 0 AND batch = ? AND batch <> ''"
	sqlMute          = "UPDATE task SET state = 3, " + freed + ", fate = 'dropped', reason = 'stop', ended = ? WHERE state + 0 = 0 AND recipient = ? AND recipient <> ''"
	sqlForgetTo      = "DELETE FROM task WHERE recipient = ? AND recipient <> ''"
	sqlForgetSubject = "DELETE FROM task WHERE subject = ? AND subject <> ''"
)

// ends are the steps by which tasks die, or are told of.
func ends(c *bot.Change) (steps []step) {
	now := ms(c.Now)
	for _, name := range c.Drop {
		steps = append(steps, unchecked([]string{sqlDropGroup, sqlDropBatch}, now, name)...)
	}
	for _, person := range c.DropTo {
		steps = append(steps, unchecked([]string{sqlMute}, now, person)...)
	}
	for _, n := range c.Receipts {
		steps = append(steps, unchecked([]string{sqlReceipt}, n.Word, n.Task)...)
	}
	for _, person := range c.Forget {
		steps = append(steps, unchecked([]string{sqlForgetTo, sqlForgetSubject}, person)...)
	}
	return steps
}

const (
	sqlInsertRecord = `INSERT INTO record (version, owner, subject, place, state, at, body, kind, id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	sqlUpdateRecord = `UPDATE record SET version = ?, owner = ?, subject = ?, place = ?, state = ?, at = ?, body = ?
WHERE kind = ? AND id = ? AND version = ?`
	sqlDeleteRecord = "DELETE FROM record WHERE kind = ? AND id = ? AND version = ?"
)

func (d *DB) writeRecord(r *bot.Record) step {
	id := d.storedID(r.Kind, r.ID)
	switch {
	case r.Body == nil && r.Version == 0:
		return d.checkRead(bot.Read{Kind: r.Kind, ID: r.ID})
	case r.Body == nil:
		return step{sqlDeleteRecord, []any{r.Kind, id, r.Version}, touching(r.Kind, 1)}
	}
	args := []any{r.Version + 1, r.Owner, r.Subject, r.Place, r.State, ms(r.At), d.sealRecord(r.Kind, id, r.Body), r.Kind, id}
	if r.Version == 0 {
		return step{sqlInsertRecord, args, touching(r.Kind, 1)}
	}
	return step{sqlUpdateRecord, append(args, r.Version), touching(r.Kind, 1)}
}

// storedID is the id as the file has it. One that comes from Find is already in that form, so that what was found
// can be written or erased.
func (d *DB) storedID(kind, id string) string {
	if !bot.Kinds[kind].Keyed || hashed(id) {
		return keptName(id)
	}
	return d.seal.hash(id)
}

func recordLabel(kind, id string) string { return "record\x00" + kind + "\x00" + id }

func (d *DB) sealRecord(kind, id string, body []byte) []byte {
	if bot.Kinds[kind].Sealed {
		return d.seal.seal(recordLabel(kind, id), body)
	}
	return append([]byte{plainBody}, body...)
}

func (d *DB) openRecord(kind, id string, stored []byte) ([]byte, error) {
	body, err := d.seal.open(recordLabel(kind, id), stored, bot.Kinds[kind].Sealed)
	if err != nil {
		return nil, fmt.Errorf("fiche %s/%s : %w", kind, id, err)
	}
	return body, nil
}
