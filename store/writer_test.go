package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"passeur/bot"
)

// block keeps the writer busy until release is called, so that what comes meanwhile waits together.
func block(t *testing.T, d *DB) (release func()) {
	t.Helper()
	entered, leave := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- d.do(context.Background(), func(tx) error {
			close(entered)
			<-leave
			return nil
		})
	}()
	<-entered
	return func() {
		close(leave)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// TestBatch puts changes that fail between changes that do not, into one transaction.
func TestBatch(t *testing.T) {
	d := openTemp(t)
	release := block(t, d)
	const n = 40
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			errs[i] = d.do(t.Context(), func(c tx) error {
				if _, err := c.exec("INSERT INTO event (id, at) VALUES (?, 0)", fmt.Sprint(i)); err != nil {
					return err
				}
				if i%2 == 1 {
					return bot.ErrConflict
				}
				return nil
			})
		})
	}
	for len(d.engine.(*file).w.jobs) < n {
		runtime.Gosched()
	}
	release()
	wg.Wait()
	for i, err := range errs {
		if (i%2 == 1) != errors.Is(err, bot.ErrConflict) {
			t.Errorf("caller %d got %v", i, err)
		}
	}
	var left int
	if _, err := d.engine.get(t.Context(), "SELECT count(*) FROM event", nil, &left); err != nil || left != n/2 {
		t.Fatalf("%d rows, %v, want %d", left, err, n/2)
	}
}

func TestWithdrawn(t *testing.T) {
	d := openTemp(t)
	release := block(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error)
	go func() { got <- d.Commit(ctx, bot.Change{Event: "e", Now: benchNow}) }()
	for len(d.engine.(*file).w.jobs) == 0 {
		runtime.Gosched()
	}
	cancel()
	if err := <-got; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	release()
	mustCommit(t, d, bot.Change{Event: "e"})
}

// TestUndone breaks the transaction under the feet of those who wait for it: all of them are told.
func TestUndone(t *testing.T) {
	d := openTemp(t)
	release := block(t, d)
	errs := make([]error, 3)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			errs[i] = d.do(t.Context(), func(c tx) error {
				if _, err := c.exec("INSERT INTO event (id, at) VALUES (?, 0)", fmt.Sprint(i)); err != nil {
					return err
				}
				if i == 2 {
					_, err := c.exec("ROLLBACK")
					return errors.Join(err, errors.New("disk full"))
				}
				return nil
			})
		})
	}
	for len(d.engine.(*file).w.jobs) < len(errs) {
		runtime.Gosched()
	}
	release()
	wg.Wait()
	for i, err := range errs {
		if err == nil {
			t.Errorf("caller %d was told that all is well", i)
		}
	}
	mustCommit(t, d, bot.Change{Event: "after"})
	var left int
	if _, err := d.engine.get(t.Context(), "SELECT count(*) FROM event", nil, &left); err != nil || left != 1 {
		t.Fatalf("%d rows, %v, want that of the change after", left, err)
	}
}

// TestPlans reads how SQLite would run the statements whose cost must not grow with the number of pending tasks.
func TestPlans(t *testing.T) {
	d := openTemp(t)
	for _, tt := range []struct {
		query string
		args  int
		want  []string
	}{
		{sqlPick, 8, []string{"USING INDEX task_ready (network=? AND lane=? AND next_at<?)", "USING INDEX task_held (recipient=? AND until>?)", "INDEX task_to (recipient=? AND lane>?)"}},
		{sqlAnyDue, 3, []string{"USING COVERING INDEX task_ready (network=? AND lane=? AND next_at<?)"}},
		{sqlDue, 2, []string{"USING COVERING INDEX task_ready (network=? AND lane=?)"}},
		{fmt.Sprintf(sqlLease, "IN ("+marks(8)+")"), 10, []string{"USING INTEGER PRIMARY KEY (rowid=?)"}},
		{sqlSent, 6, []string{"(key=?)"}},
		{sqlRelease, 2, []string{"(key=?)"}},
		{sqlDropGroup, 2, []string{"INDEX task_grp (grp=?)"}},
		{sqlDropBatch, 2, []string{"INDEX task_batch (batch=?)"}},
		{sqlMute, 2, []string{"INDEX task_to (recipient=?)"}},
		{sqlForgetTo, 1, []string{"INDEX task_to (recipient=?)"}},
		{sqlForgetSubject, 1, []string{"INDEX task_subject (subject=?)"}},
		{sqlSweepTasks, 2, []string{"INDEX task_ended (ended<?)"}},
		{sqlSweepEvents, 2, []string{"INDEX event_at (at<?)"}},
		{sqlSweepRecords, 6, []string{"INDEX record_at (kind=? AND at>? AND at<?)"}},
		{"SELECT id FROM record WHERE " + find(bot.Query{Kind: "rdv", Owner: "c", State: "s"}), 3, []string{"INDEX record_owner (kind=? AND owner=?)"}},
		{"SELECT id FROM record WHERE " + find(bot.Query{Subject: "p"}), 1, []string{"INDEX record_subject (subject=?)"}},
		{"SELECT id FROM record WHERE " + find(bot.Query{Kind: "inbox", State: "s"}), 2, []string{"INDEX record_state (kind=? AND state=?)"}},
		{"SELECT id FROM record WHERE " + find(bot.Query{Kind: "rdv", AfterID: "x"}), 4, []string{"INDEX record_at (kind=? AND at>?)"}},
	} {
		plan := explain(t, d, tt.query, tt.args)
		for _, want := range tt.want {
			if !strings.Contains(plan, want) {
				t.Errorf("%s\nwants %s, runs as\n%s", tt.query, want, plan)
			}
		}
		if strings.Contains(plan, "SCAN") && !strings.Contains(plan, "SCAN CONSTANT ROW") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s\nreads more than it needs:\n%s", tt.query, plan)
		}
	}
}

func find(q bot.Query) string {
	w := recordFilter(q)
	return w.text() + " ORDER BY at, id"
}

func explain(t *testing.T, d *DB, query string, args int) string {
	t.Helper()
	var plan strings.Builder
	err := d.engine.each(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, args), func(scan func(...any) error) (bool, error) {
		var id, parent, unused int
		var detail string
		err := scan(&id, &parent, &unused, &detail)
		plan.WriteString(detail + "\n")
		return true, err
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return plan.String()
}
