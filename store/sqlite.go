package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

const (
	applicationID = 0x50535352 // "PSSR", where SQLite keeps it for file(1) and for us

	// Readers beyond this many wait: each has its own page cache.
	maxReaders = 4
)

// file is the engine on one file: one connection that writes, and a few that read.
type file struct {
	*reader
	path string
	lock *os.File // nil when read only
	pool *sql.DB  // readers
	w    *writer  // nil when read only
}

func openSQLite(ctx context.Context, path string, o Options) (_ engine, err error) {
	e := &file{path: path}
	if err := e.open(ctx, o); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *file) open(ctx context.Context, o Options) error {
	fresh, err := inspect(e.path)
	if err != nil {
		return err
	}
	if fresh {
		if err := checkNew(e.path, o); err != nil {
			return err
		}
	}
	if fresh && o.ReadOnly {
		return fmt.Errorf("la base n'existe pas encore, lancez d'abord « passeur serve » : %w", fs.ErrNotExist)
	}
	if !o.ReadOnly {
		if err := e.openWriter(ctx, fresh, o.Volatile); err != nil {
			return err
		}
	}
	if e.pool, err = sql.Open("sqlite", dsn(e.path, "mode=ro", "_pragma=cache_size(-8192)")); err != nil {
		return err
	}
	e.pool.SetMaxOpenConns(maxReaders)
	e.pool.SetMaxIdleConns(maxReaders)
	e.reader = newReader(e.pool)
	return nil
}

// openWriter takes the lock, then brings the file to this release's schema. Its page cache is 16 MiB: with 64 MiB as many
// reminders left in a second, or fewer, since first use of memory costs more than a read from the system's cache.
func (e *file) openWriter(ctx context.Context, fresh, volatile bool) (err error) {
	if e.lock, err = lockFile(e.path + ".lock"); err != nil {
		return err
	}
	if fresh {
		if err := claimFile(ctx, e.path); err != nil {
			return err
		}
	}
	synchronous := "_synchronous=FULL"
	if volatile {
		synchronous = "_synchronous=OFF"
	}
	db, err := sql.Open("sqlite", dsn(e.path, "mode=rw", "_txlock=immediate", "_journal_mode=WAL", synchronous,
		"_pragma=wal_autocheckpoint(4000)", "_pragma=cache_size(-16384)", "_pragma=temp_store(memory)"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	p, err := sqliteSchema(db)
	if err == nil {
		err = migrate(ctx, p)
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	e.w, err = newWriter(ctx, db)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return nil
}

func sqliteSchema(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
}

// write implements engine, with one fsync for all that waits.
func (e *file) write(ctx context.Context, run func(tx) error) error {
	if e.w == nil {
		return ErrReadOnly
	}
	return e.w.do(ctx, func(c *conn) error { return run(c) })
}

// fewIDs is up to how many records are read beside the writer.
const fewIDs = 8

// eachOf reads a few rows on the pool and many on the writing connection, between two transactions: SQLite empties the
// page cache of every other connection at each commit, and filling it again costs more than reading 500 persons.
func (e *file) eachOf(ctx context.Context, n int, query string, args []any, f eachRow) error {
	if n <= fewIDs || e.w == nil {
		return e.each(ctx, query, args, f)
	}
	return e.w.apart(ctx, func(c *conn) error { return c.each(query, args, f) })
}

// Nobody else writes while a transaction does: nothing need be guarded, and rows are read one by one.
func (e *file) guard([]guarded, touched) []step { return nil }
func (e *file) alone() []step                   { return nil }
func (e *file) pickLimit(int) int               { return -1 }
func (e *file) byIDs(in string) string          { return sqlByIDs + in }
func (e *file) arrays() bool                    { return false }
func (e *file) dialect() string                 { return "sqlite" }

func (e *file) checkpoint(ctx context.Context) error {
	if e.w == nil {
		return ErrReadOnly
	}
	return e.w.apart(ctx, func(c *conn) error {
		_, err := c.exec("PRAGMA wal_checkpoint(TRUNCATE)")
		return err
	})
}

func (e *file) backup(ctx context.Context, toPath string) error {
	f, err := os.OpenFile(toPath, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s existe déjà, la sauvegarde ne l'écrase pas : %w", toPath, err)
	}
	if err != nil {
		return fmt.Errorf("impossible de créer la sauvegarde : %w", err)
	}
	defer f.Close()
	if _, err := e.pool.ExecContext(ctx, "VACUUM INTO ?", toPath); err != nil {
		return errors.Join(fmt.Errorf("la sauvegarde a échoué : %w", err), os.Remove(toPath))
	}
	return f.Sync()
}

// close also serves an opening that failed half way.
func (e *file) close() error {
	var errs []error
	if e.reader != nil {
		errs = append(errs, e.reader.close())
	}
	if e.pool != nil {
		errs = append(errs, e.pool.Close())
	}
	if e.w != nil {
		errs = append(errs, e.w.close())
	}
	if e.lock != nil {
		errs = append(errs, e.lock.Close())
	}
	return errors.Join(errs...)
}

// inspect reads the first bytes of the file, without SQLite, which would leave files beside it. fresh: there is
// nothing yet.
func inspect(path string) (fresh bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 100)
	n, err := io.ReadFull(f, head)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return true, nil
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return false, err
	case n < len(head) || !strings.HasPrefix(string(head), "SQLite format 3\x00"):
		return false, fmt.Errorf("%w (ce n'est pas un fichier SQLite) : vérifiez le chemin dans les réglages", ErrNotOurs)
	case binary.BigEndian.Uint32(head[68:]) != applicationID:
		return false, fmt.Errorf("%w (c'est la base d'un autre programme) : vérifiez le chemin dans les réglages", ErrNotOurs)
	}
	return false, nil
}

// checkNew refuses to begin anew where something is left of a database whose file was lost or emptied. A first start
// that was cut short leaves neither: the key is made, and the log begun, after the file has its header.
func checkNew(path string, o Options) error {
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return fmt.Errorf("%w alors que son journal (%s-wal) existe : remettez le fichier qui va avec ou restaurez une sauvegarde ; pour repartir de zéro, déplacez ce journal", ErrEmptied, path)
	}
	if len(o.Key) > 0 || o.KeyFile != "" {
		return nil // that key may have been made beforehand
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(path), KeyFileName)); err == nil {
		return fmt.Errorf("%w alors que sa clé existe : restaurez une sauvegarde, ou déplacez %s pour repartir de zéro", ErrEmptied, KeyFileName)
	}
	return nil
}

// claimFile makes the file with mode 0600 and writes our name into its header, before the write-ahead log is switched
// on: so the header on the disk always tells.
func claimFile(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(path, "mode=rw", "_synchronous=EXTRA"))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	return errors.Join(err, db.Close(), syncDir(filepath.Dir(path)))
}

func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("impossible d'écrire dans le dossier de la base, vérifiez qu'il existe et à qui il est : %w", err)
	}
	taken, err := TryLock(f)
	if err == nil && !taken {
		err = fmt.Errorf("%w : arrêtez-le, ou ouvrez la base en lecture seule", ErrInUse)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// dsn is the driver's name for a file, whatever characters its path has.
func dsn(path string, options ...string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	abs = filepath.ToSlash(abs)
	if !strings.HasPrefix(abs, "/") {
		abs = "/" + abs // C:/…
	}
	options = append(options, "_busy_timeout=10000", "_dqs=0")
	return (&url.URL{Scheme: "file", Path: abs, RawQuery: strings.Join(options, "&")}).String()
}
