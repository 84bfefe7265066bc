-- The tables of the folder sqlite, where each column is told. Texts compare byte by byte, as there.

-- +goose Up
CREATE TABLE meta (
  name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value BYTEA NOT NULL
);

CREATE TABLE event (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
);
CREATE INDEX event_at ON event (at);

CREATE TABLE record (
  kind    TEXT COLLATE "C" NOT NULL,
  id      TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  owner   TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  place   TEXT COLLATE "C" NOT NULL,
  state   TEXT COLLATE "C" NOT NULL,
  at      BIGINT NOT NULL,
  body    BYTEA  NOT NULL,
  PRIMARY KEY (kind, id)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX record_at      ON record (kind, at, id);
CREATE INDEX record_owner   ON record (kind, owner, at, id) WHERE owner <> '';
CREATE INDEX record_state   ON record (kind, state, at, id) WHERE state <> '';
CREATE INDEX record_place   ON record (kind, place, at, id) WHERE place <> '';
CREATE INDEX record_subject ON record (subject, at, id)     WHERE subject <> '';

CREATE TABLE tally (
  kind      TEXT COLLATE "C" NOT NULL,
  owner     TEXT COLLATE "C" NOT NULL,
  month     TEXT COLLATE "C" NOT NULL,
  dimension TEXT COLLATE "C" NOT NULL,
  value     TEXT COLLATE "C" NOT NULL,
  n         BIGINT NOT NULL,
  PRIMARY KEY (kind, owner, month, dimension, value)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

-- A row is written three times: planned, leased, settled. There is room beside it, and what is dead is cleared away early, or looking for
-- what is due would read it again and again.
CREATE SEQUENCE task_id;
CREATE TABLE task (
  id        BIGINT   NOT NULL PRIMARY KEY DEFAULT nextval('task_id'),
  next_at   BIGINT   NOT NULL,
  until     BIGINT   NOT NULL,
  ended     BIGINT   NOT NULL,
  at        BIGINT   NOT NULL,
  attempt   INTEGER  NOT NULL,
  tries     INTEGER  NOT NULL,
  state     SMALLINT NOT NULL,
  lane      SMALLINT NOT NULL,
  says      SMALLINT NOT NULL,
  network   TEXT COLLATE "C" NOT NULL,
  recipient TEXT COLLATE "C" NOT NULL,
  key       TEXT COLLATE "C" NOT NULL UNIQUE,
  grp       TEXT COLLATE "C" NOT NULL,
  batch     TEXT COLLATE "C" NOT NULL,
  subject   TEXT COLLATE "C" NOT NULL,
  fate      TEXT COLLATE "C" NOT NULL,
  reason    TEXT COLLATE "C" NOT NULL,
  ref       TEXT COLLATE "C" NOT NULL,
  body      BYTEA NOT NULL
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
ALTER SEQUENCE task_id OWNED BY task.id;
CREATE INDEX task_ready   ON task (network, lane, next_at, id) WHERE state = 0;
CREATE INDEX task_held    ON task (recipient, until)           WHERE until > 0;
CREATE INDEX task_ended   ON task (ended)                      WHERE state > 0;
CREATE INDEX task_to      ON task (recipient, lane)            WHERE recipient <> '';
CREATE INDEX task_subject ON task (subject)                    WHERE subject <> '';
-- Only what is pending is dropped. That is written as what has not ended: an index that says "state = 0" invites to read that of all that is pending.
CREATE INDEX task_grp     ON task (grp)                        WHERE ended = 0 AND grp <> '';
CREATE INDEX task_batch   ON task (batch)                      WHERE ended = 0 AND batch <> '';
CREATE INDEX task_ref     ON task (ref)                        WHERE ref <> '';

-- +goose Down
DROP TABLE task;
DROP TABLE tally;
DROP TABLE record;
DROP TABLE event;
DROP TABLE meta;
