// Package store keeps what must last: records, due tasks, tallies, and the IDs of the events that were handled. It is
// bot.Store on two engines with one text of hand-written SQL: a file of SQLite, by modernc.org/sqlite (no C compiler), which one process
// writes; and a server of PostgreSQL, by pgx, which several replicas share.
//
// # Never lost
//
// Commit, Claim and Settle return after the write is on the disk. On SQLite: write-ahead log with synchronous=FULL, one fsync a
// commit. What makes this quick is group commit: one goroutine owns the only writing connection and takes everything
// that waits into one transaction, each caller in a savepoint of its own, so that each gets its own answer. Nobody
// waits on purpose: a change that comes alone goes straight through. On PostgreSQL each is a transaction of its own, sent in as few
// pieces as its answers allow, and the server groups what is written to the disk.
//
// # Never twice
//
// A task has no state "claimed". Claiming moves next_at, when it is due, to the end of the lease, and raises attempt;
// a worker that dies needs no reaper, its tasks fall due again. Settle names the attempt and finds the task still
// leased to it, or counts for nothing. Claiming reads one index of pending tasks and asks for one lane by equality:
// an ORDER BY over the lanes would read all future tasks of the first lane before the second one. Another index,
// of the leases that run, keeps one recipient from getting two messages at once.
//
// # Moved while it is being sent
//
// A task that is claimed at this moment and written again by a change gets the new content and the new hour, and its
// attempt rises: an outcome of the running attempt that would postpone or fail it counts for nothing, but if the
// network took the message, the task is sent and what was written last never leaves. Its recipient stays held until
// that attempt settles as sent or its lease ends. A task dropped while it is being sent holds its recipient until the
// attempt settles, in any way.
//
// # Sealed
//
// Bodies of sealed kinds and what tasks say are AES-256-GCM under keys derived from a random data key, which stands
// in the file wrapped by the operator's key. Each is bound to its kind and id, or to the task's key, so that bodies
// cannot be exchanged. An id of a keyed kind, which is an address, is stored as its HMAC-SHA256. A file without its
// key tells who has how many messages when, by ids; no name, number or word.
//
// # Where to look
//
// store and open (opening, migrations/), engine (what both engines do), key, seal; sqlite with writer and conn (one writer, many callers), lock_unix,
// lock_windows; postgres with pgtx (what replicas do at once); change (Commit), body, names, lists, records (Get, Find),
// tally; tasks (Claim, Due, KeyOf, Taken), settle; keep (what is swept, and when), transfer with table and rename
// (from a file to a server), status (what the operator sees), clock (the database's), faults (errors in words).
//
// The statements are few and fixed, so that they are prepared once: a facet of a query that is not asked for is
// a statement of its own, lists of ids come in four lengths and are filled up by repeating the last one.
package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"passeur/bot"
)

// Errors of Open and of what it opens. They are wrapped in sentences that say what to do.
var (
	// ErrNotOurs: it is no database of Passeur. It was not touched.
	ErrNotOurs = errors.New("cette base n'est pas celle de Passeur")
	// ErrInUse: another process writes to this database.
	ErrInUse = errors.New("cette base est déjà utilisée par un autre processus")
	// ErrNewer: a later release made the file. It was not touched.
	ErrNewer = errors.New("cette base vient d'une version plus récente de Passeur")
	// ErrWrongKey: the operator's key does not open the data key.
	ErrWrongKey = errors.New("la clé n'est pas celle de cette base")
	// ErrEmptied: the file is empty or missing, and what lies beside it shows that it was not always so.
	ErrEmptied = errors.New("la base est vide ou absente")
	// ErrMoving: a transfer to this database is not finished.
	ErrMoving = errors.New("un déménagement vers cette base n'est pas fini")
	// ErrMoved: a transfer took everything to another database.
	ErrMoved = errors.New("cette base a été déménagée")
	// ErrNotEmpty: a transfer would go where there is something already. It was not touched.
	ErrNotEmpty = errors.New("cette base contient déjà quelque chose")
	// ErrDiffers: what a transfer copied is not what it was copied from.
	ErrDiffers = errors.New("le fichier et la base du serveur ne disent pas la même chose")
	// ErrReadOnly: the database was opened to be read only.
	ErrReadOnly = errors.New("la base est ouverte en lecture seule")
	// ErrClosed: Close was called.
	ErrClosed = errors.New("la base est fermée")
	// ErrTooLarge: a change of more than MaxRows rows. Cut it into several.
	ErrTooLarge = errors.New("changement trop grand")
	// ErrInvalid: the caller broke the contract: an unknown kind, fate or lane, a task without a key.
	ErrInvalid = errors.New("demande invalide")
)

// MaxRows is how many rows one Change may write, its event left out: the writer is shared with conversations.
const MaxRows = 1000

// Options say how to open a database.
type Options struct {
	KeyFile  string // of the operator's key; without it and Key, passeur.key beside the database, made with it
	Key      []byte // 32 bytes; goes before KeyFile
	ReadOnly bool   // takes no lock, never migrates, works while another process writes
	Volatile bool   // a power cut may lose what was written, a killed process loses nothing: for plays, whose file is thrown away

	moving bool // it is a transfer that opens it
}

// DB is one database. Safe for concurrent use.
type DB struct {
	name   string
	engine engine
	data   []byte // the data key, for Rewrap
	seal   *sealer
	key    KeyInfo
	moved  string // to which other database all of this one went

	closing sync.Once
	closed  error
}

var _ bot.Store = (*DB)(nil)

// Key tells where the operator's key came from.
func (d *DB) Key() KeyInfo { return d.key }

// Name is how the database is spoken of: the path of its file, or the address of its server and its name there, without user and password.
func (d *DB) Name() string { return d.name }

// Moved is the name of the database to which a transfer took all of this one, which is a file opened to be read; "" it was not moved.
func (d *DB) Moved() string { return d.moved }

// Close waits for the writes under way, empties the write-ahead log of SQLite into the file, and gives its lock back. Calls
// after it fail with ErrClosed or an error of the driver; a second Close does nothing.
func (d *DB) Close() error {
	d.closing.Do(func() {
		if d.engine != nil {
			d.closed = d.engine.close()
		}
	})
	return d.closed
}

// Rewrap seals the data key under a new operator's key of 32 bytes; the next Open needs that one. Nothing else is
// written again, so it takes one commit however large the database is.
func (d *DB) Rewrap(ctx context.Context, key []byte) error {
	if len(key) != keySize {
		return fmt.Errorf("%w : la clé doit faire %d octets, celle-ci en fait %d", ErrInvalid, keySize, len(key))
	}
	wrapped, err := wrap(key, d.data)
	if err != nil {
		return err
	}
	return d.do(ctx, func(t tx) error {
		_, err := t.exec("UPDATE meta SET value = ? WHERE name = ?", wrapped, metaDataKey)
		return err
	})
}

// do runs one piece of writing and returns once it is durable, or undone.
func (d *DB) do(ctx context.Context, run func(tx) error) error { return told(d.engine.write(ctx, run)) }

// ms is a time as it is stored. The zero time keeps its own number, far below any other.
func ms(t time.Time) int64 { return t.UnixMilli() }

// at is the time of a stored number, in UTC.
func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
