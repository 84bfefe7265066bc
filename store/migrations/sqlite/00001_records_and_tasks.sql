-- Times are Unix milliseconds (UTC). Optional texts are '' and never NULL. Bodies begin with one byte that says
-- whether they are sealed. Nothing here holds a name or a phone number: ids, addresses' HMACs, and sealed blobs.

-- +goose Up
CREATE TABLE meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE event (
  id TEXT    NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX event_at ON event (at);

CREATE TABLE record (
  kind    TEXT    NOT NULL,
  id      TEXT    NOT NULL,
  version INTEGER NOT NULL,
  owner   TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  place   TEXT    NOT NULL,
  state   TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  body    BLOB    NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX record_at      ON record (kind, at, id);
CREATE INDEX record_owner   ON record (kind, owner, at, id) WHERE owner <> '';
CREATE INDEX record_state   ON record (kind, state, at, id) WHERE state <> '';
CREATE INDEX record_place   ON record (kind, place, at, id) WHERE place <> '';
CREATE INDEX record_subject ON record (subject, at, id)     WHERE subject <> '';

CREATE TABLE tally (
  kind      TEXT    NOT NULL,
  owner     TEXT    NOT NULL,
  month     TEXT    NOT NULL,
  dimension TEXT    NOT NULL,
  value     TEXT    NOT NULL,
  n         INTEGER NOT NULL,
  PRIMARY KEY (kind, owner, month, dimension, value)
) WITHOUT ROWID;

-- state: 0 pending, 1 sent, 2 ended otherwise, 3 dropped. until is the end of the lease that was given last; 0 when
-- that attempt is settled, 1 when it was settled as to be done again. While a lease runs, next_at is its end too, so that a task whose lease ran out is due again.
-- The three columns that claiming writes are never NULL either, but do not say so: a statement for many rows that no
-- constraint can stop half way keeps no journal of its own, which makes claiming a tenth cheaper.
CREATE TABLE task (
  id        INTEGER PRIMARY KEY,
  state     INTEGER NOT NULL,
  lane      INTEGER NOT NULL,
  says      INTEGER NOT NULL,
  next_at   INTEGER,
  until     INTEGER,
  attempt   INTEGER,
  tries     INTEGER NOT NULL,
  ended     INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  network   TEXT    NOT NULL,
  recipient TEXT    NOT NULL,
  key       TEXT    NOT NULL UNIQUE,
  grp       TEXT    NOT NULL,
  batch     TEXT    NOT NULL,
  subject   TEXT    NOT NULL,
  fate      TEXT    NOT NULL,
  reason    TEXT    NOT NULL,
  ref       TEXT    NOT NULL,
  body      BLOB    NOT NULL
);
-- Claiming reads task_ready alone: one lane by equality, the earlier first, the recipient beside it.
CREATE INDEX task_ready   ON task (network, lane, next_at, id, recipient) WHERE state = 0;
CREATE INDEX task_held    ON task (recipient, until)                      WHERE until > 0;
CREATE INDEX task_ended   ON task (ended)                                 WHERE state > 0;
-- Neither column ever changes, so that ending a task does not touch a page for each recipient; what was sent to one of
-- them in a day is counted among her few reminders.
CREATE INDEX task_to      ON task (recipient, lane)                       WHERE recipient <> '';
CREATE INDEX task_subject ON task (subject)                               WHERE subject <> '';
CREATE INDEX task_grp     ON task (grp)                                   WHERE grp <> '';
CREATE INDEX task_batch   ON task (batch)                                 WHERE batch <> '';

-- +goose Down
DROP TABLE task;
DROP TABLE tally;
DROP TABLE record;
DROP TABLE event;
DROP TABLE meta;
