package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

const metaDataKey = "data_key"

// Open opens the database, or makes it: the file of SQLite at a path, or that of a server at an address that begins with postgres:// or
// postgresql://, which exists and may be empty. One that is not ours, or of a later release, is refused and left as it is; one of an
// earlier release is migrated, unless it is only read.
func Open(ctx context.Context, at string, o Options) (*DB, error) {
	d := &DB{name: Name(at)}
	if err := d.open(ctx, at, o); err != nil {
		return nil, errors.Join(fmt.Errorf("base %s : %w", d.name, told(err)), d.Close())
	}
	return d, nil
}

// OnServer tells the address of a server from the path of a file.
func OnServer(at string) bool {
	return strings.HasPrefix(at, "postgres://") || strings.HasPrefix(at, "postgresql://")
}

// onServer tells which of the two engines it is.
func (d *DB) onServer() bool { return d.engine.dialect() == "postgres" }

func (d *DB) open(ctx context.Context, at string, o Options) (err error) {
	if OnServer(at) {
		d.engine, err = openPostgres(ctx, at, o)
	} else {
		d.engine, err = openSQLite(ctx, at, o)
	}
	if err != nil {
		return err
	}
	if err := checkVersion(ctx, d.engine); err != nil {
		return err
	}
	if err := d.openKey(ctx, at, o); err != nil || o.moving {
		return err
	}
	return d.checkTransfer(ctx, o.ReadOnly)
}

const sqlMeta = "SELECT value FROM meta WHERE name = ?"

// openKey unwraps the data key, or makes it when the database has none yet.
func (d *DB) openKey(ctx context.Context, at string, o Options) error {
	var wrapped []byte
	found, err := d.engine.get(ctx, sqlMeta, []any{metaDataKey}, &wrapped)
	if err != nil {
		return err
	}
	operator, info, err := operatorKey(at, o, !found)
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

// makeDataKey makes a data key, unless another process that opens the database has just done so.
func (d *DB) makeDataKey(ctx context.Context, operator []byte) ([]byte, error) {
	_, wrapped, err := newDataKey(operator)
	if err != nil {
		return nil, err
	}
	err = d.do(ctx, func(t tx) error {
		if _, err := t.exec("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", metaDataKey, wrapped); err != nil {
			return err
		}
		_, err := t.get(sqlMeta, []any{metaDataKey}, &wrapped)
		return err
	})
	if err != nil {
		return nil, err
	}
	return unwrap(operator, wrapped)
}

// migrate brings a database to this release's schema.
func migrate(ctx context.Context, p *goose.Provider) error {
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	switch {
	case current > target:
		return newer(current, target)
	case current == target: // replicas that start together need not wait for each other
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("la mise à niveau de la base a échoué, rien n'a été changé : %w", err)
	}
	return nil
}

func newer(current, target int64) error {
	return fmt.Errorf("%w (schéma %d, ce programme connaît le %d) : mettez le programme à jour", ErrNewer, current, target)
}

// schemaOf is the schema that this release was written for.
func schemaOf(e engine) (target int64, err error) {
	files, err := fs.Glob(migrations, "migrations/"+e.dialect()+"/*.sql")
	if err != nil || len(files) == 0 {
		return 0, errors.Join(err, errors.New("no migrations"))
	}
	return goose.NumericComponent(files[len(files)-1])
}

// checkVersion compares the schema with the one that this release was written for.
func checkVersion(ctx context.Context, e engine) error {
	target, err := schemaOf(e)
	if err != nil {
		return err
	}
	var current int64
	_, err = e.get(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version", nil, &current)
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
