package store

import "context"

// engine is one of the two databases: SQLite in this process, or a server of PostgreSQL. It is given the same statements: "?" marks an
// argument, and PostgreSQL reads the few words that it says otherwise in place of ours (spoken).
type engine interface {
	reading
	// write runs one piece of writing in a transaction, and returns once that is durable, or undone. It may run it again
	// after undoing it, so run begins by forgetting what it found.
	write(ctx context.Context, run func(tx) error) error
	// eachOf is each for a query that finds about n rows by their ids.
	eachOf(ctx context.Context, n int, query string, args []any, f eachRow) error
	// guard are the steps that make changes wait for each other where one reads or writes what the other writes.
	guard(records []guarded, tasks touched) []step
	// alone are those that make claims wait for each other.
	alone() []step
	// pickLimit is how many rows to ask for when n are wanted and some may be passed over.
	pickLimit(n int) int
	// byIDs finds the records of a kind by a list of ids, which it compares as it is told.
	byIDs(in string) string
	// arrays tells that a list is one argument.
	arrays() bool
	// dialect is the folder of its migrations.
	dialect() string
	checkpoint(ctx context.Context) error
	backup(ctx context.Context, toPath string) error
	close() error
}

// reading is what sees the last commit.
type reading interface {
	// get reads the first row, if there is one.
	get(ctx context.Context, query string, args []any, into ...any) (found bool, err error)
	// each calls f for each row until it is done or says no.
	each(ctx context.Context, query string, args []any, f eachRow) error
}

// eachRow takes one row, and tells whether it wants another one. What it scans into sql.RawBytes is the driver's, until the next row.
type eachRow func(scan func(...any) error) (more bool, err error)

// tx is a transaction. One goroutine uses it.
type tx interface {
	// exec runs one statement and says how many rows it touched.
	exec(query string, args ...any) (rows int64, err error)
	// run runs statements in their order. Those without a check may wait for the next one that is to answer, or for the commit.
	run(steps ...step) error
	get(query string, args []any, into ...any) (found bool, err error)
	each(query string, args []any, f eachRow) error
	// many runs one statement for each list of arguments, and tells which touched a row. The argument at the place named is the key of the row, another
	// one in each list.
	many(query string, key int, lists [][]any) (touched []bool, err error)
}

// step is a statement of a transaction. Its check is given how many rows it touched or, if it is a SELECT, found.
type step struct {
	query string
	args  []any
	check func(rows int64) error
}

// unchecked are steps that may touch any number of rows, all with the same arguments.
func unchecked(queries []string, args ...any) []step {
	steps := make([]step, len(queries))
	for i, q := range queries {
		steps[i] = step{query: q, args: args}
	}
	return steps
}

// guarded is a record that a change reads or writes, as it is stored.
type guarded struct {
	kind, id string
	written  bool
}

// touched are the tasks that a change writes or ends, by their keys, groups or batches, and people.
type touched struct{ keys, groups, people []string }
