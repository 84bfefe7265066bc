package store

import (
	"context"
	"database/sql"
	"embed"
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

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

const (
	applicationID = 0x50535352 // "PSSR", where SQLite keeps it for file(1) and for us
	metaDataKey   = "data_key"

	// Readers beyond this many wait: each has its own page cache.
	maxReaders = 4
)

// Open opens the database at path, or makes it. A file that is not ours, or of a later release, is refused and left as
// it is; one of an earlier release is migrated, unless it is only read.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	d := &DB{path: path}
	if err := d.open(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("base %s : %w", path, told(err)), d.Close())
	}
	return d, nil
}

func (d *DB) open(ctx context.Context, o Options) (err error) {
	fresh, err := inspect(d.path)
	if err != nil {
		return err
	}
	if fresh {
		if err := checkNew(d.path, o); err != nil {
			return err
		}
	}
	if fresh && o.ReadOnly {
		return fmt.Errorf("la base n'existe pas encore, lancez d'abord « passeur serve » : %w", fs.ErrNotExist)
	}
	if !o.ReadOnly {
		if err := d.openWriter(ctx, fresh, o.Volatile); err != nil {
			return err
		}
	}
	if d.pool, err = sql.Open("sqlite", dsn(d.path, "mode=ro", "_pragma=cache_size(-8192)")); err != nil {
		return err
	}
	d.pool.SetMaxOpenConns(maxReaders)
	d.pool.SetMaxIdleConns(maxReaders)
	d.read = newReader(d.pool)
	if err := d.checkVersion(ctx); err != nil {
		return err
	}
	return d.openKey(ctx, o)
}

// openWriter takes the lock, then brings the file to this release's schema. Its page cache is 16 MiB: with 64 MiB as many
// reminders left in a second, or fewer, since first use of memory costs more than a read from the system's cache.
func (d *DB) openWriter(ctx context.Context, fresh, volatile bool) (err error) {
	if d.lock, err = lockFile(d.path + ".lock"); err != nil {
		return err
	}
	if fresh {
		if err := claimFile(ctx, d.path); err != nil {
			return err
		}
	}
	synchronous := "_synchronous=FULL"
	if volatile {
		synchronous = "_synchronous=OFF"
	}
	db, err := sql.Open("sqlite", dsn(d.path, "mode=rw", "_txlock=immediate", "_journal_mode=WAL", synchronous,
		"_pragma=wal_autocheckpoint(4000)", "_pragma=cache_size(-16384)", "_pragma=temp_store(memory)"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if err := migrate(ctx, db); err != nil {
		return errors.Join(err, db.Close())
	}
	d.w, err = newWriter(ctx, db)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return nil
}

// openKey unwraps the data key, or makes it when the database has none yet.
func (d *DB) openKey(ctx context.Context, o Options) error {
	var wrapped []byte
	found, err := d.read.get(ctx, "SELECT value FROM meta WHERE name = ?", []any{metaDataKey}, &wrapped)
	if err != nil {
		return err
	}
	operator, info, err := operatorKey(d.path, o, !found)
	if err != nil {
		return err
	}
	d.key = info
	switch {
	case found:
		d.data, err = unwrap(operator, wrapped)
	case o.ReadOnly:
		err = fmt.Errorf("la base n'est pas encore prête, lancez d'abord « passeur serve » : %w", fs.ErrNotExist)
	default:
		d.data, err = d.makeDataKey(ctx, operator)
	}
	if err != nil {
		return err
	}
	d.seal, err = newSealer(d.data)
	return err
}

func (d *DB) makeDataKey(ctx context.Context, operator []byte) ([]byte, error) {
	dataKey, wrapped, err := newDataKey(operator)
	if err != nil {
		return nil, err
	}
	return dataKey, d.do(ctx, func(t *conn) error {
		_, err := t.exec("INSERT INTO meta (name, value) VALUES (?, ?)", metaDataKey, wrapped)
		return err
	})
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

func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
}

func migrate(ctx context.Context, db *sql.DB) error {
	p, err := provider(db)
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return newer(current, target)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("la mise à niveau de la base a échoué, rien n'a été changé : %w", err)
	}
	return nil
}

func newer(current, target int64) error {
	return fmt.Errorf("%w (schéma %d, ce programme connaît le %d) : mettez le programme à jour", ErrNewer, current, target)
}

// checkVersion compares the schema with the one that this release was written for.
func (d *DB) checkVersion(ctx context.Context) error {
	p, err := provider(d.pool)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	target := sources[len(sources)-1].Version
	var current int64
	_, err = d.read.get(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version", nil, &current)
	switch {
	case err != nil:
		return fmt.Errorf("la base n'est pas encore prête, lancez d'abord « passeur serve » : %w", err)
	case current > target:
		return newer(current, target)
	case current < target:
		return fmt.Errorf("la base vient d'une version plus ancienne (schéma %d, il faut le %d) : lancez d'abord « passeur serve », qui la met à niveau", current, target)
	}
	return nil
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
