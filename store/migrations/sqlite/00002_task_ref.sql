-- A delivery receipt may know nothing but the id that the gateway gave a message.

-- +goose Up
CREATE INDEX task_ref ON task (ref) WHERE ref <> '';
