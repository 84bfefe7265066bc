package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passeur/bot"
	"passeur/e2e/peers"
	"passeur/store/storetest"
)

// openServer opens a new database on a server of PostgreSQL.
func openServer(t testing.TB, pg *peers.Postgres, name string) *DB {
	t.Helper()
	return openAt(t, pg.Database(t, name), Options{})
}

// empty takes everything out of a database but its key.
func empty(t testing.TB, d *DB) {
	t.Helper()
	err := d.do(t.Context(), func(c tx) error {
		_, err := c.exec("TRUNCATE event, record, tally, task")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestContractOnPostgres has each call answered by another one of three processes that share the database.
func TestContractOnPostgres(t *testing.T) {
	at := peers.StartPostgres(t).Database(t, "contrat")
	r := &replicas{}
	for range 3 {
		r.all = append(r.all, openAt(t, at, Options{}))
	}
	storetest.Run(t, func(t *testing.T) bot.Store { empty(t, r.all[0]); return r })
}

// TestSweptWhileItIsWritten: a record that is renewed while the sweep already waits for its row stays.
func TestSweptWhileItIsWritten(t *testing.T) {
	at := peers.StartPostgres(t, "fsync=off").Database(t, "menage")
	d := openAt(t, at, Options{})
	old := bot.Record{Kind: "person", ID: "p1", At: benchNow.Add(-800 * 24 * time.Hour), Body: []byte(`{"v":1}`)}
	mustCommit(t, d, bot.Change{Records: []bot.Record{old}})
	swept := make(chan error, 1)
	err := d.do(t.Context(), func(x tx) error {
		if _, err := x.exec("UPDATE record SET at = ?, version = 2", ms(benchNow)); err != nil {
			return err
		}
		go func() { _, err := d.Sweep(t.Context(), benchNow); swept <- err }()
		peers.Until(t, 10*time.Second, "", func() error {
			if number(t, at, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 0 {
				return errors.New("the sweep does not wait")
			}
			return nil
		})
		return nil
	})
	if err = errors.Join(err, <-swept); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Get(t.Context(), "person", "p1"); err != nil || len(got) != 1 {
		t.Errorf("what was renewed: %v, %v", got, err)
	}
}

// replicas are a bot.Store of which each call goes to the next one.
type replicas struct {
	all  []*DB
	next atomic.Uint64
}

func (r *replicas) db() *DB { return r.all[r.next.Add(1)%uint64(len(r.all))] }

func (r *replicas) Get(ctx context.Context, kind string, ids ...string) ([]bot.Record, error) {
	return r.db().Get(ctx, kind, ids...)
}

func (r *replicas) Find(ctx context.Context, q bot.Query) ([]bot.Record, error) {
	return r.db().Find(ctx, q)
}

func (r *replicas) Tally(ctx context.Context, q bot.TallyQuery) ([]bot.Count, error) {
	return r.db().Tally(ctx, q)
}

func (r *replicas) Commit(ctx context.Context, c bot.Change) error { return r.db().Commit(ctx, c) }

func (r *replicas) Claim(ctx context.Context, network string, lane bot.Lane, now time.Time, n int, lease time.Duration) ([]bot.Task, error) {
	return r.db().Claim(ctx, network, lane, now, n, lease)
}

func (r *replicas) Settle(ctx context.Context, done []bot.Outcome) error {
	return r.db().Settle(ctx, done)
}

func (r *replicas) KeyOf(ctx context.Context, network, ref string) (string, error) {
	return r.db().KeyOf(ctx, network, ref)
}

func (r *replicas) Taken(ctx context.Context, key string) (taken, arrived bool, err error) {
	return r.db().Taken(ctx, key)
}

func (r *replicas) Due(ctx context.Context, network string, lane bot.Lane) (time.Time, error) {
	return r.db().Due(ctx, network, lane)
}

// TestSilentConnections: connections that say nothing any more, as after a failover or behind a proxy that forgot them, are given up, and new ones work.
func TestSilentConnections(t *testing.T) {
	t.Parallel()
	at, err := url.Parse(peers.StartPostgres(t).DSN)
	if err != nil {
		t.Fatal(err)
	}
	relay := peers.StartRelay(t, "http://"+at.Host)
	at.Host = strings.TrimPrefix(relay.URL, "http://")
	d := openAt(t, at.String(), Options{})
	d.engine.(*postgres).limit = time.Second
	mustCommit(t, d, bot.Change{Event: "before"})
	works := func(do func(n int) error) (err error) {
		for n := range 2 * maxConns { // each connection there was is tried once
			if err = do(n); err == nil {
				return nil
			}
		}
		return err
	}
	relay.Swallow()
	if err := works(func(int) error { _, err := d.Get(t.Context(), "person", "p1"); return err }); err != nil {
		t.Errorf("reading: %v", err)
	}
	relay.Swallow()
	if err := works(func(n int) error {
		return d.Commit(t.Context(), bot.Change{Event: fmt.Sprint("after", n), Now: benchNow})
	}); err != nil {
		t.Errorf("writing: %v", err)
	}
}

// TestNoKnots has what is sent settled in all ways while its batch is dropped, over and over: the server never has to undo one for the other.
func TestNoKnots(t *testing.T) {
	t.Parallel()
	at := peers.StartPostgres(t, "fsync=off").Database(t, "noeuds")
	one, other := openAt(t, at, Options{}), openAt(t, at, Options{})
	for round := range 12 {
		batch := fmt.Sprint("camp/", round)
		done := claimedBatch(t, one, batch)
		var both sync.WaitGroup
		both.Go(func() {
			if err := one.Settle(t.Context(), done); err != nil {
				t.Error(err)
			}
		})
		both.Go(func() {
			if err := other.Commit(t.Context(), bot.Change{Now: benchNow, Drop: []string{batch}}); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
	}
	var knots int
	if _, err := one.engine.get(t.Context(), "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", nil, &knots); err != nil || knots > 0 {
		t.Errorf("%d deadlocks, %v", knots, err)
	}
}

// claimedBatch plans 500 tasks, claims them, and returns an outcome of each, of four kinds.
func claimedBatch(t *testing.T, d *DB, batch string) (done []bot.Outcome) {
	t.Helper()
	var c bot.Change
	for i := range 500 {
		c.Tasks = append(c.Tasks, bot.Task{Key: fmt.Sprintf("%s/%04d", batch, i), Batch: batch, Network: "sms", Lane: bot.Broadcast, At: benchNow})
	}
	mustCommit(t, d, c)
	claimed, err := d.Claim(t.Context(), "sms", bot.Broadcast, benchNow, 500, time.Minute)
	if err != nil || len(claimed) != 500 {
		t.Fatal(len(claimed), err)
	}
	fates := []bot.Fate{bot.Sent, bot.Retry, bot.Deferred, bot.Failed}
	for i, k := range claimed {
		done = append(done, bot.Outcome{Key: k.Key, Attempt: k.Attempt, Fate: fates[i%4], At: benchNow, Next: benchNow.Add(time.Hour)})
	}
	return done
}
