//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"passeur/store"
)

// serverProcess is the first process of a database's server on this machine; 0: there is none, as of a file.
type serverProcess int

// serverOf finds the server of a database by its address.
func serverOf(t *testing.T, at string) serverProcess {
	t.Helper()
	if strings.HasPrefix(at, "redis://") {
		return redisProcess(t, at)
	}
	if !store.OnServer(at) {
		return 0
	}
	db, err := pgx.Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.Background())
	var backend int
	if err := db.QueryRow(t.Context(), "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		t.Fatal(err)
	}
	return serverProcess(taken(fmt.Sprint(backend)).parent)
}

func redisProcess(t *testing.T, at string) serverProcess {
	t.Helper()
	o, err := redis.ParseURL(at)
	if err != nil {
		t.Fatal(err)
	}
	db := redis.NewClient(o)
	defer db.Close()
	told, err := db.Info(t.Context(), "server").Result()
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	_, after, _ := strings.Cut(told, "process_id:")
	if _, err := fmt.Sscan(after, &pid); err != nil {
		t.Fatal(err)
	}
	return serverProcess(pid)
}

// used is the processor time that the server has taken so far, with all its processes, those that have ended too.
func (s serverProcess) used() time.Duration {
	if s == 0 {
		return 0
	}
	for {
		before := taken(fmt.Sprint(int(s))).withEnded
		running := s.children()
		if taken(fmt.Sprint(int(s))).withEnded == before { // else one may have ended meanwhile, and be counted twice or not at all
			return before + running
		}
	}
}

// children is what the processes that it has at present have taken.
func (s serverProcess) children() (sum time.Duration) {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range all {
		if of := taken(filepath.Base(p)); of.parent == int(s) {
			sum += of.own
		}
	}
	return sum
}

// processTime is what proc(5) says in a process's stat.
type processTime struct {
	parent         int
	own, withEnded time.Duration // of processor; with that of children that were waited for
}

// taken reads it; a process that has just ended has taken none.
func taken(pid string) (p processTime) {
	raw, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return p
	}
	_, after, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(after) // the first is the third of proc(5)
	if len(fields) < 15 {
		return p
	}
	var ticks [4]time.Duration
	_, _ = fmt.Sscan(fields[1], &p.parent)
	for i := range ticks {
		_, _ = fmt.Sscan(fields[11+i], (*int64)(&ticks[i]))
	}
	const tick = time.Second / 100 // USER_HZ
	p.own = (ticks[0] + ticks[1]) * tick
	p.withEnded = p.own + (ticks[2]+ticks[3])*tick
	return p
}

// serverDo has a server run a statement in a database.
func serverDo(t *testing.T, at, query string, args ...any) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.Background())
	if _, err := db.Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// multiply has the server copy each row x of a table so many times, but for the columns that are made anew of x and of the number n of the copy; and
// only where these conditions hold.
func multiply(t *testing.T, at, table string, copies int, anew map[string]string, where ...string) {
	t.Helper()
	if copies < 1 {
		return
	}
	var into, from []string
	for _, column := range columns(t, at, table) {
		value, ok := anew[column]
		if !ok {
			value = "x." + column
		}
		into, from = append(into, column), append(from, value)
	}
	insert := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %[1]s x CROSS JOIN generate_series(1, %[4]d) AS n WHERE %[5]s", table, strings.Join(into, ", "), strings.Join(from, ", "), copies, strings.Join(append(where, "true"), " AND "))
	unindexed(t, at, table, func() { serverDo(t, at, insert) })
}

func columns(t *testing.T, at, table string) []string {
	t.Helper()
	return serverTells(t, at, "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''", table)
}

// unindexed does something to a table without its indexes, but those of its constraints, and makes them anew.
func unindexed(t *testing.T, at, table string, do func()) {
	t.Helper()
	const of = " FROM pg_index i WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY indexrelid"
	anew := serverTells(t, at, "SELECT pg_get_indexdef(indexrelid)"+of, table)
	for _, name := range serverTells(t, at, "SELECT indexrelid::regclass::text"+of, table) {
		serverDo(t, at, "DROP INDEX "+name)
	}
	do()
	for _, statement := range anew {
		serverDo(t, at, statement)
	}
}

// serverTells is the one column of an answer.
func serverTells(t *testing.T, at, query string, args ...any) []string {
	t.Helper()
	db, err := pgx.Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.Background())
	rows, err := db.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	told, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return told
}

// megabytes is how large a database is.
func (s *pgStock) megabytes(t *testing.T, name string) (mb float64) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), s.pg.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.Background())
	if err := db.QueryRow(t.Context(), "SELECT pg_database_size($1) / 1e6::float8", name).Scan(&mb); err != nil {
		t.Fatal(err)
	}
	return mb
}
