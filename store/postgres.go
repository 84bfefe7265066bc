package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// ErrNotFile tells that the database is a server's. It is copied by the server's own tools.
var ErrNotFile = errors.New("cette base est sur un serveur PostgreSQL : sauvegardez-la avec pg_dump")

const (
	oldestPostgres = 14               // of which PostgreSQL's makers still look after, in 2026
	maxConns       = 16               // of one process: every network may claim while others read and commit
	answerLimit    = 20 * time.Second // of one question or transaction, or of waiting for a connection: one that says nothing any more is given up
	pingLimit      = 2 * time.Second
	maxAgain       = 8 // times that a transaction is run again when it met another one
)

// postgres is the engine on a server that several replicas share. Each piece of writing is a transaction of its own: the server groups
// what is written to the disk at once.
//
// # As if one after the other
//
// The level is READ COMMITTED, and what must not happen side by side waits for an advisory lock of the transaction, taken before
// anything else: changes, for each record that they read or write (guard); claims, for each other (alone). The locks of one transaction are
// taken in one order everywhere, records, tasks by their keys, cells, so that two never wait for each other. Only where two large
// changes write the same new tasks in different orders does the server break the knot, after a second, and the one that was undone is run again.
type postgres struct {
	pool     *pgxpool.Pool
	limit    time.Duration // answerLimit; tests have less patience
	readOnly bool
	texts    sync.Map // statements in PostgreSQL's words, by ours
}

// Name is how a database is spoken of: a path as it is; of an address neither user nor password.
func Name(at string) string {
	if !OnServer(at) {
		return at
	}
	cfg, err := pgconn.ParseConfig(at)
	if err != nil {
		return "PostgreSQL"
	}
	return fmt.Sprintf("%s (PostgreSQL, %s:%d)", cfg.Database, cfg.Host, cfg.Port)
}

// CheckURL tells in a sentence what is wrong with the address of a server; it does not call it.
func CheckURL(at string) error {
	_, err := poolConfig(at, false)
	return err
}

func poolConfig(at string, readOnly bool) (*pgxpool.Config, error) {
	if !OnServer(at) {
		return nil, errors.New("l'adresse commence par postgres://, comme postgres://passeur@localhost/passeur")
	}
	cfg, err := pgxpool.ParseConfig(at)
	if err != nil {
		return nil, errors.New("l'adresse ne se lit pas : elle s'écrit postgres://utilisateur:motdepasse@serveur:5432/base?sslmode=verify-full ; un caractère spécial du mot de passe s'écrit en %XX (« / » est %2F)")
	}
	if cfg.ConnConfig.Database == "" || cfg.ConnConfig.Host == "" {
		return nil, errors.New("l'adresse nomme le serveur et la base : postgres://utilisateur:motdepasse@serveur:5432/base")
	}
	if !strings.Contains(at, "pool_max_conns=") {
		cfg.MaxConns = maxConns
	}
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	cfg.PingTimeout = pingLimit
	set := cfg.ConnConfig.RuntimeParams
	set["application_name"] = "passeur"
	set["lock_timeout"] = "10s"                       // a transaction that hangs holds nobody for ever
	set["idle_in_transaction_session_timeout"] = "5s" // nor one whose process is beyond reach
	if readOnly {
		set["default_transaction_read_only"] = "on"
	}
	return cfg, nil
}

func openPostgres(ctx context.Context, at string, o Options) (engine, error) {
	e, err := callPostgres(ctx, at, o)
	if err != nil {
		return nil, err
	}
	if err := e.open(ctx, o); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

// callPostgres prepares connections to a server, and asks it nothing yet.
func callPostgres(ctx context.Context, at string, o Options) (*postgres, error) {
	cfg, err := poolConfig(at, o.ReadOnly)
	if err != nil {
		return nil, err
	}
	e := &postgres{limit: answerLimit, readOnly: o.ReadOnly}
	if e.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, err
	}
	return e, nil
}

func (p *postgres) open(ctx context.Context, o Options) error {
	fresh, err := p.inspect(ctx)
	if err != nil {
		return err
	}
	switch {
	case fresh && o.ReadOnly:
		return fmt.Errorf("la base est vide, lancez d'abord « passeur serve » : %w", fs.ErrNotExist)
	case o.ReadOnly:
		return nil
	}
	return p.migrate(ctx)
}

const sqlInspect = `SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), to_regclass('goose_db_version') IS NOT NULL,
  (SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'goose_db_version')`

// inspect refuses a server that is too old and a database that is another program's. fresh: there is nothing in it.
func (p *postgres) inspect(ctx context.Context) (fresh bool, err error) {
	var version, tables int
	var encoding string
	var marked bool
	if _, err := p.get(ctx, sqlInspect, nil, &version, &encoding, &marked, &tables); err != nil {
		return false, err
	}
	switch {
	case version < oldestPostgres*10_000:
		return false, fmt.Errorf("le serveur est PostgreSQL %d, il faut le %d ou un plus récent", version/10_000, oldestPostgres)
	case encoding != "UTF8":
		return false, fmt.Errorf("la base est en %s, il la faut en UTF8 : createdb -E UTF8 -T template0", encoding)
	case tables > 0 && !marked:
		return false, fmt.Errorf("%w (elle a des tables d'un autre programme) : créez-en une pour Passeur seul, avec createdb", ErrNotOurs)
	}
	if tables == 0 {
		return true, nil
	}
	var ours bool
	if _, err := p.get(ctx, "SELECT to_regclass('meta') IS NOT NULL AND to_regclass('record') IS NOT NULL AND to_regclass('task') IS NOT NULL", nil, &ours); err != nil {
		return false, err
	}
	if !ours {
		return false, fmt.Errorf("%w (elle a des tables d'un autre programme) : créez-en une pour Passeur seul, avec createdb", ErrNotOurs)
	}
	return false, nil
}

// migrate brings the database to this release's schema. Replicas that start together wait for the first one.
func (p *postgres) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations/postgres")
	if err != nil {
		return err
	}
	turn, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(p.pool)
	defer db.Close()
	schema, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(turn),
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	return migrate(ctx, schema)
}

// spoken are the words that PostgreSQL says otherwise.
var spoken = strings.NewReplacer(
	"(SELECT max(m.id) + 1 FROM task m)", "nextval('task_id')",
	"/* for update */", "FOR UPDATE OF t SKIP LOCKED",
	"+?", "?")

// text is a statement in PostgreSQL's words, its arguments numbered.
func (p *postgres) text(query string) string {
	if s, ok := p.texts.Load(query); ok {
		return s.(string)
	}
	var out strings.Builder
	parts := strings.Split(spoken.Replace(query), "?")
	for i, part := range parts {
		out.WriteString(part)
		if i < len(parts)-1 {
			out.WriteString("$" + strconv.Itoa(i+1))
		}
	}
	p.texts.Store(query, out.String())
	return out.String()
}

// get implements reading.
func (p *postgres) get(ctx context.Context, query string, args []any, into ...any) (found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	rows, err := p.pool.Query(ctx, p.text(query), keepable(args)...)
	if err != nil {
		return false, told(err)
	}
	found, err = first(rows, into)
	return found, told(err)
}

// each implements reading.
func (p *postgres) each(ctx context.Context, query string, args []any, f eachRow) error {
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	rows, err := p.pool.Query(ctx, p.text(query), keepable(args)...)
	if err != nil {
		return told(err)
	}
	return told(all(rows, f))
}

func (p *postgres) eachOf(ctx context.Context, _ int, query string, args []any, f eachRow) error {
	return p.each(ctx, query, args, f)
}

// The classes of advisory locks.
const (
	lockClaims = "SELECT pg_advisory_xact_lock(1347638098, 1)"
	lockShared = "SELECT pg_advisory_xact_lock_shared(1347638098, 2)"
	lockWhole  = "SELECT pg_advisory_xact_lock(1347638098, 2)"
	lockKeys   = `SELECT CASE WHEN k.written THEN pg_advisory_xact_lock(k.id) ELSE pg_advisory_xact_lock_shared(k.id) END
FROM unnest(?::bigint[], ?::boolean[]) AS k (id, written)`

	// maxGuarded is how many records are guarded one by one: the server has room for some 6,000 locks in all. Beyond, the change
	// waits for all others, and they for it.
	maxGuarded = 60
)

// guard implements engine. Records are guarded by advisory locks, since one that is not there has no row to lock; tasks by their rows.
func (p *postgres) guard(records []guarded, tasks touched) []step {
	if len(records)+len(tasks.keys) <= maxGuarded {
		for _, key := range tasks.keys { // new ones have no row yet
			records = append(records, guarded{"task", key, true})
		}
	}
	for _, group := range tasks.groups { // two that end the same one would meet on rows that came in between
		records = append(records, guarded{"group", group, true})
	}
	return append(guardNames(records), guardTasks(tasks)...)
}

// guardTasks locks the rows of the tasks that a change writes again or ends, in the order of their keys. One row alone needs no order.
func guardTasks(w touched) []step {
	var parts []string
	var args []any
	for _, s := range []struct {
		query string
		names []string
	}{
		{"SELECT id FROM task WHERE key = ANY(?)", w.keys},
		{"SELECT id FROM task WHERE state + 0 = 0 AND ended = 0 AND grp = ANY(?) AND grp <> ''", w.groups},
		{"SELECT id FROM task WHERE state + 0 = 0 AND ended = 0 AND batch = ANY(?) AND batch <> ''", w.groups},
		{"SELECT id FROM task WHERE recipient = ANY(?) AND recipient <> ''", w.people},
		{"SELECT id FROM task WHERE subject = ANY(?) AND subject <> ''", w.people},
	} {
		if len(s.names) > 0 {
			parts, args = append(parts, s.query), append(args, s.names)
		}
	}
	if len(parts) == 0 || len(parts) == 1 && len(w.keys) == 1 {
		return nil
	}
	return []step{{query: "SELECT 1 FROM task WHERE id IN (" + strings.Join(parts, " UNION ALL ") + ") ORDER BY key FOR UPDATE", args: args}}
}

// guardNames takes the advisory locks.
func guardNames(keys []guarded) []step {
	if len(keys) == 0 {
		return nil
	}
	written := make(map[int64]bool, len(keys))
	for _, k := range keys {
		n := k.number()
		written[n] = written[n] || k.written
	}
	if len(written) > maxGuarded {
		return []step{{query: lockWhole}}
	}
	ids := make([]int64, 0, len(written))
	for n := range written {
		ids = append(ids, n)
	}
	slices.Sort(ids)
	marks := make([]bool, len(ids))
	for i, n := range ids {
		marks[i] = written[n]
	}
	return []step{{query: lockShared}, {query: lockKeys, args: []any{ids, marks}}}
}

// number is what the record is locked by. Two records of the same number only wait for each other without need.
func (k guarded) number() int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(k.kind + "\x00" + k.id))
	return int64(binary.BigEndian.Uint64(h.Sum(nil)))
}

func (p *postgres) alone() []step       { return []step{{query: lockClaims}} }
func (p *postgres) pickLimit(n int) int { return n }

// byIDs looks each id up: PostgreSQL would read a whole kind of which it has no statistics yet.
func (p *postgres) byIDs(string) string {
	return "SELECT r.* FROM (SELECT ?::text AS kind, unnest(?::text[]) AS id) w CROSS JOIN LATERAL (SELECT " + recordColumns +
		" FROM record o WHERE o.kind = w.kind AND o.id = w.id LIMIT 1) r"
}

func (p *postgres) arrays() bool    { return true }
func (p *postgres) dialect() string { return "postgres" }

func (p *postgres) checkpoint(context.Context) error     { return nil }
func (p *postgres) backup(context.Context, string) error { return ErrNotFile }

// close waits for the writes under way.
func (p *postgres) close() error {
	p.pool.Close()
	return nil
}
