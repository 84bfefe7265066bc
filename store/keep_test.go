package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

func mustCommit(t testing.TB, d *DB, c bot.Change) {
	t.Helper()
	if c.Now.IsZero() {
		c.Now = benchNow
	}
	if err := d.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func mustSettle(t testing.TB, d *DB, lane bot.Lane, at time.Time, fate bot.Fate, reason string) {
	t.Helper()
	tasks, err := d.Claim(t.Context(), "sms", lane, at, 1, time.Minute)
	if err != nil || len(tasks) != 1 {
		t.Fatal(tasks, err)
	}
	o := bot.Outcome{Key: tasks[0].Key, Attempt: tasks[0].Attempt, Fate: fate, At: at, Next: at.Add(time.Hour), Reason: reason, Ref: "gw-1"}
	if err := d.Settle(t.Context(), []bot.Outcome{o}); err != nil {
		t.Fatal(err)
	}
}

func sms(key string, due time.Time) bot.Task {
	return bot.Task{Key: key, Group: "g" + key, Batch: "camp/7", To: "p" + key, Subject: "s" + key, Network: "sms", Lane: bot.Reminder, At: due,
		Message: &bot.Message{Key: "rappel"}}
}

// tasksOfAllStates makes one task of each state, as they stand at the instant it returns.
func tasksOfAllStates(t *testing.T) (*DB, time.Time) {
	d := openTemp(t)
	mustCommit(t, d, bot.Change{Tasks: []bot.Task{
		sms("sent", benchNow), sms("failed", benchNow.Add(1*time.Second)), sms("retry", benchNow.Add(2*time.Second)),
		sms("leased", benchNow.Add(3*time.Second)), sms("dropped", benchNow.Add(4*time.Second)), sms("pending", benchNow.Add(5*time.Second)),
	}})
	now := benchNow.Add(3 * time.Second)
	mustCommit(t, d, bot.Change{DropTo: []string{"pdropped"}, Now: now})
	mustSettle(t, d, bot.Reminder, now, bot.Sent, "")
	mustSettle(t, d, bot.Reminder, now, bot.Failed, "numero-invalide")
	mustSettle(t, d, bot.Reminder, now, bot.Retry, "passerelle-503")
	if tasks, err := d.Claim(t.Context(), "sms", bot.Reminder, now, 1, time.Minute); err != nil || len(tasks) != 1 {
		t.Fatal(tasks, err)
	}
	return d, now
}

func TestTasks(t *testing.T) {
	d, now := tasksOfAllStates(t)
	for _, tt := range []struct {
		q    TaskQuery
		want string
	}{
		{TaskQuery{}, "sent failed retry leased dropped pending"},
		{TaskQuery{Limit: 2, Offset: 1}, "failed retry"},
		{TaskQuery{State: Pending}, "retry leased pending"},
		{TaskQuery{State: Leased}, "leased"},
		{TaskQuery{State: Ended}, "sent failed"},
		{TaskQuery{State: Dropped}, "dropped"},
		{TaskQuery{Fate: bot.Retry}, "retry"},
		{TaskQuery{Key: "failed"}, "failed"},
		{TaskQuery{To: "pleased"}, "leased"},
		{TaskQuery{Subject: "sleased", To: "pleased"}, "leased"},
		{TaskQuery{Group: "gsent", Network: "sms"}, "sent"},
		{TaskQuery{Batch: "camp/7", From: now, Until: now.Add(time.Second)}, "leased"},
		{TaskQuery{Network: "telegram"}, ""},
	} {
		rows, err := d.Tasks(t.Context(), tt.q, now)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rows {
			got = append(got, r.Key)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%+v: got %v, want %s", tt.q, got, tt.want)
		}
	}
	if _, err := d.Tasks(t.Context(), TaskQuery{State: "lost"}, now); !errors.Is(err, ErrInvalid) {
		t.Errorf("unknown state: %v", err)
	}
}

func TestTaskRow(t *testing.T) {
	d, now := tasksOfAllStates(t)
	rows, err := d.Tasks(t.Context(), TaskQuery{Key: "failed"}, now)
	if err != nil {
		t.Fatal(err)
	}
	failed := sms("failed", benchNow.Add(time.Second))
	failed.Attempt = 1
	want := []TaskRow{{Task: failed, State: Ended, Fate: bot.Failed, Reason: "numero-invalide", Ended: now, Next: now.Add(time.Minute), Ref: "gw-1"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("one row (-want +got):\n%s", diff)
	}
}

func TestSummary(t *testing.T) {
	d := openTemp(t)
	day := 24 * time.Hour
	task := func(key string, lane bot.Lane, due time.Time) bot.Task {
		return bot.Task{Key: key, To: "p" + key, Network: "sms", Lane: lane, At: due, Message: &bot.Message{Key: "rappel"}}
	}
	mustCommit(t, d, bot.Change{
		Tasks: []bot.Task{
			task("1", bot.Reply, benchNow.Add(-8*day)), task("2", bot.Reply, benchNow.Add(-time.Hour)),
			task("3", bot.Reminder, benchNow.Add(-time.Minute)), task("4", bot.Reminder, benchNow), task("5", bot.Reminder, benchNow.Add(day)),
			{Key: "6", At: benchNow.Add(day)},
		},
		Records: []bot.Record{
			{Kind: "inbox", ID: "1", State: "waiting", Body: []byte("{}")}, {Kind: "inbox", ID: "2", State: "parked", Body: []byte("{}")},
			{Kind: "inbox", ID: "3", State: "parked", Body: []byte("{}")}, {Kind: "person", ID: "1", State: "parked", Body: []byte("{}")},
		},
	})
	mustSettle(t, d, bot.Reply, benchNow.Add(-8*day), bot.Sent, "") // too long ago to be counted
	mustSettle(t, d, bot.Reply, benchNow, bot.Withheld, "stop")
	want := Summary{
		Lanes: []LaneSummary{
			{Network: "", Lane: bot.Reply, Pending: 1},
			{Network: "sms", Lane: bot.Reminder, Pending: 3, Late: 2, OldestDue: benchNow.Add(-time.Minute)},
		},
		Ended:   []EndedCount{{Fate: "refused", Reason: "stop", N: 1}},
		Waiting: 1, Parked: 2,
	}
	got, err := d.Summary(t.Context(), benchNow)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSweep(t *testing.T) {
	d := openTemp(t)
	old := benchNow.Add(-36 * 24 * time.Hour)
	kept := bot.Kinds["inbox"].Retention
	records := []bot.Record{
		{Kind: "inbox", ID: "old", At: benchNow.Add(-kept - time.Millisecond), Body: []byte("{}")},
		{Kind: "inbox", ID: "young", At: benchNow.Add(-kept), Body: []byte("{}")},
		{Kind: "inbox", ID: "never dated", Body: []byte("{}")},
		{Kind: "cursor", ID: "kept for ever", At: old.Add(-10 * kept), Body: []byte("{}")},
	}
	mustCommit(t, d, bot.Change{Event: "old", Now: old, Records: records, Tasks: []bot.Task{
		{Key: "old", Network: "sms", At: old}, {Key: "pending", At: old}, {Key: "dropped", Group: "g", At: old}}})
	mustCommit(t, d, bot.Change{Event: "young", Now: benchNow.Add(-bot.KeepEnded)})
	mustSettle(t, d, bot.Reply, old, bot.Sent, "")
	mustCommit(t, d, bot.Change{Now: old, Drop: []string{"g"}})
	for i := range 2 {
		var many []bot.Record
		for j := range MaxRows {
			many = append(many, bot.Record{Kind: "inbox", ID: fmt.Sprint(i, j), At: benchNow.Add(-2 * kept), Body: []byte("{}")})
		}
		mustCommit(t, d, bot.Change{Records: many})
	}
	got, err := d.Sweep(t.Context(), benchNow)
	if want := (Swept{Records: 2001, Tasks: 2, Events: 1}); err != nil || got != want {
		t.Fatalf("swept %+v, %v, want %+v", got, err, want)
	}
	if again, err := d.Sweep(t.Context(), benchNow); err != nil || again != (Swept{}) {
		t.Fatalf("swept again %+v, %v", again, err)
	}
	left, err := d.Find(t.Context(), bot.Query{Kind: "inbox"})
	if err != nil || len(left) != 2 {
		t.Fatalf("left %v, %v", left, err)
	}
	if rows, err := d.Tasks(t.Context(), TaskQuery{}, benchNow); err != nil || len(rows) != 1 || rows[0].Key != "pending" {
		t.Fatalf("tasks left %v, %v", rows, err)
	}
	mustCommit(t, d, bot.Change{Event: "old"})
	if err := d.Commit(t.Context(), bot.Change{Event: "young", Now: benchNow}); !errors.Is(err, bot.ErrSeen) {
		t.Fatalf("an event of 35 days: %v, want ErrSeen", err)
	}
}

// TestSweepDoubtsTheClock: a clock that jumps erases nothing; one that stays where it jumped to does, a night later.
func TestSweepDoubtsTheClock(t *testing.T) {
	const day = 24 * time.Hour
	d := openTemp(t)
	mustCommit(t, d, bot.Change{Event: "e", Now: benchNow})
	far := benchNow.AddDate(4, 0, 0)
	for _, step := range []struct {
		when   string
		now    time.Time
		events int
	}{
		{"the first night", benchNow, 0},
		{"a jump", far, 0},
		{"back", benchNow.Add(day), 0},
		{"every night", benchNow.Add(2 * day), 0},
		{"a week of standstill", benchNow.Add(9 * day), 0},
		{"a month of standstill", benchNow.Add(40 * day), 0},
		{"the night after", benchNow.Add(41 * day), 1},
	} {
		swept, err := d.Sweep(t.Context(), step.now)
		if err != nil || swept.Events != step.events {
			t.Errorf("%s: %+v, %v, want %d events erased", step.when, swept, err, step.events)
		}
	}
}

func TestBackup(t *testing.T) {
	d := openTemp(t)
	mustCommit(t, d, bot.Change{Records: []bot.Record{{Kind: "person", ID: "p1", Body: []byte(`{"v":1}`)}}})
	to := filepath.Join(t.TempDir(), "copie 100%?.db")
	if err := d.Backup(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if err := d.Backup(t.Context(), to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a backup: %v, want fs.ErrExist", err)
	}
	if stat, err := os.Stat(to); err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", stat.Mode(), err)
	}
	restored := openAt(t, to, Options{})
	if got, err := restored.Get(t.Context(), "person", "p1"); err != nil || len(got) != 1 {
		t.Fatalf("restored: %v, %v", got, err)
	}
	mustCommit(t, restored, bot.Change{Event: "e"})
}

// TestReceiptsAreNoted: status shows what a receipt said, whether it came before the task was settled or after.
func TestReceiptsAreNoted(t *testing.T) {
	d := openTemp(t)
	mustCommit(t, d, bot.Change{Tasks: []bot.Task{sms("early", benchNow), sms("late", benchNow.Add(time.Second)), sms("lost", benchNow.Add(2*time.Second)), sms("none", benchNow.Add(3*time.Second))}})
	mustCommit(t, d, bot.Change{Receipts: []bot.Receipt{{Task: "early", Word: bot.ReceiptArrived}}})
	for range 4 {
		mustSettle(t, d, bot.Reminder, benchNow.Add(time.Minute), bot.Sent, "")
	}
	mustCommit(t, d, bot.Change{Receipts: []bot.Receipt{{Task: "late", Word: bot.ReceiptArrived}, {Task: "lost", Word: bot.ReceiptLost}}})
	for key, want := range map[string]string{"early": bot.ReceiptArrived, "late": bot.ReceiptArrived, "lost": bot.ReceiptLost, "none": ""} {
		rows, err := d.Tasks(t.Context(), TaskQuery{Key: key}, benchNow.Add(time.Hour))
		if err != nil || len(rows) != 1 || rows[0].Reason != want || rows[0].Fate != bot.Sent {
			t.Errorf("%s: %+v, %v; want %q", key, rows, err, want)
		}
	}
}
