package bot

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Replica is the body of a replica record: one of several processes on one database, as it was at its last beat. Nothing is decided on it; it is for
// the operator.
type Replica struct {
	V        int               `json:"v"`
	Release  string            `json:"release"`
	Since    time.Time         `json:"since"`
	DriftMS  int64             `json:"drift_ms"`        // how far its clock is before the database's
	Settings map[string]string `json:"settings"`        // a digest of each group of settings: those of all replicas must be equal
	Holds    []string          `json:"holds,omitempty"` // what it does alone of all: "mattermost", "telegram", "job/…"
	Said     []string          `json:"said,omitempty"`  // figures since its start, as sentences
}

// Beat writes what a replica is now, at an instant of the database's clock. A conflict means that another process goes by the same name, or did a moment ago.
func Beat(ctx context.Context, s Store, name string, now time.Time, r Replica) error {
	r.V = 1
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return again(ctx, func() error {
		was, err := s.Get(ctx, "replica", name)
		if err != nil {
			return err
		}
		rec := Record{Kind: "replica", ID: name, At: now, Body: body}
		if len(was) > 0 {
			rec.Version = was[0].Version
		}
		return s.Commit(ctx, Change{Now: now, Records: []Record{rec}})
	})
}

// Depart erases what Beat wrote: the replica has stopped in peace.
func Depart(ctx context.Context, s Store, name string, now time.Time) error {
	was, err := s.Get(ctx, "replica", name)
	if err != nil || len(was) == 0 {
		return err
	}
	was[0].Body = nil
	if err := s.Commit(ctx, Change{Now: now, Records: was}); !errors.Is(err, ErrConflict) {
		return err
	}
	return nil
}

// ReplicaSeen is a replica and when it beat last.
type ReplicaSeen struct {
	Name string
	At   time.Time
	Replica
}

// Replicas are all that beat within retention and did not leave, the one that has been silent longest first.
func Replicas(ctx context.Context, s Store) (all []ReplicaSeen, err error) {
	for rec, err := range AllRecords(ctx, s, Query{Kind: "replica"}) {
		if err != nil {
			return nil, err
		}
		r := ReplicaSeen{Name: rec.ID, At: rec.At}
		if err := decode(rec, &r.Replica); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}
