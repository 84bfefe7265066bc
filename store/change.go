package store

import (
	"context"
	"fmt"

	"passeur/bot"
)

// Commit writes the change durably. Besides bot.ErrSeen and bot.ErrConflict it returns ErrTooLarge beyond MaxRows and
// ErrInvalid for what the contract forbids; then too nothing is written. When ctx ends while the change is being
// written, Commit still waits to learn what became of it.
func (d *DB) Commit(ctx context.Context, c bot.Change) error {
	if err := checkChange(&c); err != nil {
		return err
	}
	return d.do(ctx, func(t *conn) error { return d.apply(t, &c) })
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

// apply runs inside the writer's transaction, in the order that bot.Change promises.
func (d *DB) apply(t *conn, c *bot.Change) error {
	if err := note(t, c); err != nil {
		return err
	}
	for _, r := range c.Reads {
		if err := d.checkRead(t, r); err != nil {
			return err
		}
	}
	if err := endTasks(t, c); err != nil {
		return err
	}
	for i := range c.Records {
		if err := d.writeRecord(t, &c.Records[i]); err != nil {
			return err
		}
	}
	for _, n := range c.Tally {
		if err := add(t, n); err != nil {
			return err
		}
	}
	for i := range c.Tasks {
		if err := d.writeTask(t, &c.Tasks[i]); err != nil {
			return err
		}
	}
	return nil
}

// note keeps the event's ID, or says that it is known.
func note(t *conn, c *bot.Change) error {
	if c.Event == "" {
		return nil
	}
	n, err := t.exec("INSERT INTO event (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING", c.Event, ms(c.Now))
	if err == nil && n == 0 {
		return bot.ErrSeen
	}
	return err
}

func (d *DB) checkRead(t *conn, r bot.Read) error {
	var version int64
	_, err := t.get("SELECT version FROM record WHERE kind = ? AND id = ?", []any{r.Kind, d.storedID(r.Kind, r.ID)}, &version)
	if err != nil {
		return err
	}
	if version != r.Version {
		return conflict(r.Kind)
	}
	return nil
}

func conflict(kind string) error { return fmt.Errorf("%w : %s", bot.ErrConflict, kind) }

// kept is the reason of a settled task: what its receipt said, if that came before.
const kept = "CASE WHEN reason IN ('" + bot.ReceiptArrived + "', '" + bot.ReceiptLost + "') THEN reason ELSE ? END"

const (
	sqlReceipt       = "UPDATE task SET reason = ? WHERE key = ? AND state < 3 AND reason <> '" + bot.ReceiptArrived + "'" // what arrived stays so
	sqlDropGroup     = "UPDATE task SET state = 3, fate = 'dropped', ended = ? WHERE state = 0 AND grp = ? AND grp <> ''"
	sqlDropBatch     = "UPDATE task SET state = 3, fate = 'dropped', ended = ? WHERE state = 0 AND batch = ? AND batch <> ''"
	sqlMute          = "UPDATE task SET state = 3, fate = 'dropped', reason = 'stop', ended = ? WHERE state = 0 AND recipient = ? AND recipient <> ''"
	sqlForgetTo      = "DELETE FROM task WHERE recipient = ? AND recipient <> ''"
	sqlForgetSubject = "DELETE FROM task WHERE subject = ? AND subject <> ''"
)

func endTasks(t *conn, c *bot.Change) error {
	now := ms(c.Now)
	for _, name := range c.Drop {
		if err := execAll(t, []string{sqlDropGroup, sqlDropBatch}, now, name); err != nil {
			return err
		}
	}
	for _, person := range c.DropTo {
		if err := execAll(t, []string{sqlMute}, now, person); err != nil {
			return err
		}
	}
	for _, n := range c.Receipts {
		if err := execAll(t, []string{sqlReceipt}, n.Word, n.Task); err != nil {
			return err
		}
	}
	for _, person := range c.Forget {
		if err := execAll(t, []string{sqlForgetTo, sqlForgetSubject}, person); err != nil {
			return err
		}
	}
	return nil
}

func execAll(t *conn, statements []string, args ...any) error {
	for _, s := range statements {
		if _, err := t.exec(s, args...); err != nil {
			return err
		}
	}
	return nil
}

const (
	sqlInsertRecord = `INSERT INTO record (version, owner, subject, place, state, at, body, kind, id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	sqlUpdateRecord = `UPDATE record SET version = ?, owner = ?, subject = ?, place = ?, state = ?, at = ?, body = ?
WHERE kind = ? AND id = ? AND version = ?`
	sqlDeleteRecord = "DELETE FROM record WHERE kind = ? AND id = ? AND version = ?"
)

func (d *DB) writeRecord(t *conn, r *bot.Record) error {
	id := d.storedID(r.Kind, r.ID)
	switch {
	case r.Body == nil && r.Version == 0:
		return d.checkRead(t, bot.Read{Kind: r.Kind, ID: r.ID})
	case r.Body == nil:
		return touched(t, r.Kind, sqlDeleteRecord, r.Kind, id, r.Version)
	}
	args := []any{r.Version + 1, r.Owner, r.Subject, r.Place, r.State, ms(r.At), d.sealRecord(r.Kind, id, r.Body), r.Kind, id}
	if r.Version == 0 {
		return touched(t, r.Kind, sqlInsertRecord, args...)
	}
	return touched(t, r.Kind, sqlUpdateRecord, append(args, r.Version)...)
}

// touched runs a statement that must find its one row.
func touched(t *conn, kind, query string, args ...any) error {
	n, err := t.exec(query, args...)
	if err == nil && n == 0 {
		return conflict(kind)
	}
	return err
}

// storedID is the id as the file has it. One that comes from Find is already in that form, so that what was found
// can be written or erased.
func (d *DB) storedID(kind, id string) string {
	if !bot.Kinds[kind].Keyed || hashed(id) {
		return id
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
