package store

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"passeur/bot"
	"passeur/e2e/peers"
)

// scenes are what the server believes while something else is true: its statistics are those of the moment before, as after a burst.
var scenes = []struct {
	name                string
	believed, meanwhile []string
}{
	{
		name:      "a quiet night, then 20,000 reminders",
		believed:  []string{tasksOf20000("old", 1, "n"), recordsOf20000, eventsOf20000},
		meanwhile: []string{tasksOf20000("new", 0, "0"), lease500},
	},
	{
		name:      "reminders of a new database, then all of them sent and as many planned",
		believed:  []string{tasksOf20000("new", 0, "0"), recordsOf20000, eventsOf20000},
		meanwhile: []string{"UPDATE task SET state = 1, ended = at, key = replace(key, 'new', 'old')", tasksOf20000("new", 0, "0"), lease500},
	},
}

// tasksOf20000 writes tasks in a state, and when they ended.
func tasksOf20000(name string, state int, ended string) string {
	return fmt.Sprintf(`INSERT INTO task (key, next_at, until, ended, at, attempt, tries, state, lane, says, network, recipient, grp, batch, subject, fate, reason, ref, body)
SELECT '%[1]s' || n, n, 0, %[3]s, n, 0, 0, %[2]d, 1, 1, 'sms', 'p' || n %% 1500, 'g' || n, 'b' || n %% 100, 's' || n %% 1500, '', '', '%[1]s' || n, repeat('x', 200)::bytea
FROM generate_series(1, 20000) n`, name, state, ended)
}

const (
	lease500       = "UPDATE task SET until = 99999, next_at = 99999, attempt = 1 WHERE key IN (SELECT 'new' || n FROM generate_series(1, 500) n)"
	eventsOf20000  = "INSERT INTO event SELECT 'e' || n, n FROM generate_series(1, 20000) n"
	recordsOf20000 = `INSERT INTO record (kind, id, version, owner, subject, place, state, at, body)
SELECT 'rdv', 'r' || n, 1, 'c' || n % 50, 'p' || n % 1500, '50/50147', 'prévu', n, repeat('x', 200)::bytea FROM generate_series(1, 20000) n`
)

// planned is a statement, values for it, and how it must run: by which indexes and no others, with which conditions of an index.
type planned struct {
	query, args    string
	indexes, conds []string
	sorts          bool // a few rows
}

// byKey is how what is about one task must run.
func byKey(query, args string) planned {
	return planned{query: query, args: args, indexes: []string{"task_key_key"}, conds: []string{"(key = ?)"}}
}

func plansOfTasks() []planned {
	const once = "'sent', '', 1, 'r', 'new1', 1"
	due := []string{"((network = ?) AND (lane = ?) AND (next_at <= ?))"}
	guards := guardTasks(touched{keys: []string{"k"}, groups: []string{"g"}, people: []string{"p"}})[0].query
	return []planned{
		byKey(sqlSent, once), byKey(sqlEnd, once), byKey(sqlDefer, "1, 1, 'deferred', '', 'new1', 1"), byKey(sqlRetry, "1, 'retry', '', 'new1', 1"),
		byKey(sqlReroute, "'telegram', 1, 'rerouted', '', 'new1', 1"), byKey(sqlSentLate, "'sent', '', 1, 'r', 'new1'"),
		byKey(sqlRelease, "'new1', 1"), byKey(sqlReceipt, "'remis', 'new1'"), byKey(sqlTaken, "'new1'"),
		{spread(sqlSent, settled(&bot.Outcome{Fate: bot.Sent}, int64(1))), "'{sent,sent}', '{\"\",\"\"}', '{1,1}', '{r,r}', '{new1,new2}', '{1,1}'",
			[]string{"task_key_key"}, []string{"(key = (o.c4)::text)"}, false},
		{sqlAnyDue, "'sms', 1, 600", []string{"task_ready"}, due, false},
		{sqlDue, "'sms', 1", []string{"task_ready"}, []string{"((network = ?) AND (lane = ?))"}, false},
		{sqlPick, "0, 20000, 'sms', 1, 600, 600, 600, 50", []string{"task_held", "task_ready", "task_to"},
			append(due, "(recipient = t.recipient)", "((recipient = t.recipient) AND (lane > 0))"), false},
		{fmt.Sprintf(sqlLease, "= ANY(?)"), "1, 2, '{1,2,3}'", []string{"task_pkey"}, []string{"(id = ANY (?))"}, false},
		{sqlSpoilt, "1, 2", []string{"task_pkey"}, []string{"(id = ?)"}, false},
		{sqlDropGroup, "1, 'g1'", []string{"task_grp"}, []string{"(grp = ?)"}, false},
		{sqlDropBatch, "1, 'b1'", []string{"task_batch"}, []string{"(batch = ?)"}, false},
		{sqlMute, "1, 'p1'", []string{"task_to"}, []string{"(recipient = ?)"}, false},
		{sqlForgetTo, "'p1'", []string{"task_to"}, []string{"(recipient = ?)"}, false},
		{sqlForgetSubject, "'s1'", []string{"task_subject"}, []string{"(subject = ?)"}, false},
		{sqlNamed, "'new1', 'sms'", []string{"task_ref"}, []string{"(ref = ?)"}, true},
		{guards, "'{new1,new2}', '{g1}', '{g1}', '{p1}', '{p1}'", []string{"task_batch", "task_grp", "task_key_key", "task_pkey", "task_subject", "task_to"},
			[]string{"(key = ANY (?))", "(grp = ANY (?))", "(batch = ANY (?))", "(recipient = ANY (?))", "(subject = ANY (?))"}, true},
	}
}

func plansOfRecords() []planned {
	page := func(q bot.Query) string { return "SELECT id FROM record WHERE " + find(q) + " LIMIT ?" }
	return []planned{
		{page(bot.Query{Kind: "rdv", Owner: "c", State: "s"}), "'rdv', 'c1', 'prévu', 50", []string{"record_owner"}, []string{"((kind = ?) AND (owner = ?))"}, false},
		{page(bot.Query{Subject: "p"}), "'p1', 50", []string{"record_subject"}, []string{"(subject = ?)"}, false},
		{page(bot.Query{Kind: "inbox", State: "s"}), "'inbox', 'waiting', 50", []string{"record_state"}, []string{"((kind = ?) AND (state = ?))"}, false},
		{page(bot.Query{Kind: "rdv", AfterID: "x"}), "'rdv', 10000, 10000, 'r', 50", []string{"record_at"}, []string{"((kind = ?) AND (at >= ?))"}, false},
		{new(postgres).byIDs(""), "'rdv', '{r1,r2}'", []string{"record_pkey"}, []string{"((kind = "}, false},
		{sqlThere, "'rdv', 'r1'", []string{"record_pkey"}, []string{"((kind = ?) AND (id = ?))"}, false},
		{sqlAsRead, "'rdv', 'r1', 1", []string{"record_pkey"}, []string{"((kind = ?) AND (id = ?))"}, false},
		{sqlUpdateRecord, "2, '', '', '', '', 1, '', 'rdv', 'r1', 1", []string{"record_pkey"}, []string{"((kind = ?) AND (id = ?))"}, false},
	}
}

// traps are texts that say the same, without what keeps PostgreSQL off what it believes to be empty or few, and what they run by instead. When
// one of them no longer falls, its text may be simpler.
var traps = []trap{
	{0, bare(sqlSent), "'sent', '', 1, 'r', 'new1', 1", "using task_ready"},
	{0, strings.Replace(bare(sqlSent), "key = ?", "id = ANY(?)", 1), "'sent', '', 1, 'r', '{1}', 1", "using task_ready"},
	{0, bare(sqlRelease), "'new1', 1", "using task_held"},
	{0, bare(sqlDropGroup), "1, 'g1'", "using task_ready"},
	{0, bare(sqlDropBatch), "1, 'b1'", "using task_ready"},
	{0, bare(sqlMute), "1, 'p1'", "using task_ready"},
	{0, bare(sqlPick), "0, 20000, 'sms', 1, 600, 600, 600, 50", "Scan on task_ended"},
	{1, strings.Replace(sqlAnyDue, "ORDER BY next_at", "", 1), "'sms', 1, 600", "Seq Scan"},
}

func bare(query string) string { return strings.ReplaceAll(query, " + 0", "") }

// TestPlansOnPostgres reads how PostgreSQL would run the statements whose cost must not grow with what is pending, leased or sent, whether it
// plans them once for all values or anew for each.
func TestPlansOnPostgres(t *testing.T) {
	pg := peers.StartPostgres(t, "autovacuum=off", "fsync=off")
	for i, scene := range scenes {
		d := openServer(t, pg, fmt.Sprintf("plans%d", i))
		t.Run(scene.name, func(t *testing.T) {
			s := newScene(t, d, append(append(scene.believed, "VACUUM ANALYZE"), scene.meanwhile...))
			for _, p := range slices.Concat(plansOfTasks(), plansOfRecords()) {
				for _, once := range []bool{true, false} {
					p.check(t, s.explain(once, p.query, p.args))
				}
			}
			for _, w := range traps {
				if w.scene == i {
					w.check(t, s)
				}
			}
		})
	}
}

type trap struct {
	scene              int
	naive, args, falls string
}

func (w trap) check(t *testing.T, s *scene) {
	t.Helper()
	if plan := s.explain(true, w.naive, w.args); !strings.Contains(plan, w.falls) {
		t.Errorf("%s\ndoes not fall into the trap (%s):\n%s", w.naive, w.falls, plan)
	}
}

// scene is a connection to a database that is as a scene says.
type scene struct {
	t    *testing.T
	c    *pgxpool.Conn
	text func(string) string
}

func newScene(t *testing.T, d *DB, steps []string) *scene {
	t.Helper()
	p := d.engine.(*postgres)
	c, err := p.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Release)
	s := &scene{t, c, p.text}
	for _, step := range steps {
		s.do(step)
	}
	return s
}

func (s *scene) do(query string) {
	s.t.Helper()
	if _, err := s.c.Exec(context.Background(), query); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
}

// valuesOf are the values in a plan, and the marks of those that it does not know.
var valuesOf = regexp.MustCompile(`\$\d+|'[^']*'::[a-z]+(\[\])?`)

// explain is the plan of a statement, made once for all values or for these, with a ? for each.
func (s *scene) explain(once bool, query, args string) string {
	s.t.Helper()
	s.do("SET plan_cache_mode = " + map[bool]string{true: "force_generic_plan", false: "force_custom_plan"}[once])
	s.do("PREPARE one AS " + s.text(query))
	defer s.do("DEALLOCATE one")
	rows, err := s.c.Query(s.t.Context(), "EXPLAIN (COSTS OFF) EXECUTE one ("+args+")")
	if err != nil {
		s.t.Fatal(err)
	}
	var plan strings.Builder
	err = all(rows, func(scan func(...any) error) (bool, error) {
		var line string
		err := scan(&line)
		plan.WriteString(line + "\n")
		return true, err
	})
	if err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return valuesOf.ReplaceAllString(plan.String(), "?")
}

var indexesIn = regexp.MustCompile(`(?:using|Bitmap Index Scan on) (\w+)`)

func (p planned) check(t *testing.T, plan string) {
	t.Helper()
	var used []string
	for _, m := range indexesIn.FindAllStringSubmatch(plan, -1) {
		used = append(used, m[1])
	}
	slices.Sort(used)
	if used = slices.Compact(used); !slices.Equal(used, p.indexes) {
		t.Errorf("%s\nwants the indexes %v, runs by %v:\n%s", p.query, p.indexes, used, plan)
	}
	for _, cond := range p.conds {
		if !strings.Contains(plan, "Index Cond: "+cond) {
			t.Errorf("%s\nwants %s, runs as\n%s", p.query, cond, plan)
		}
	}
	if strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "Sort") && !p.sorts {
		t.Errorf("%s\nreads more than it needs:\n%s", p.query, plan)
	}
}
