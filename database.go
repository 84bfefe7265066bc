package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// The database that the settings name: opening it, and walking all of it.

// openStore opens the database that the settings name, to write to it.
func openStore(ctx context.Context, cfg *config.Config) (*store.DB, error) {
	return open(ctx, cfg, false)
}

// readStore opens it to read, beside a running bot.
func readStore(ctx context.Context, cfg *config.Config) (*store.DB, error) {
	return open(ctx, cfg, true)
}

func open(ctx context.Context, cfg *config.Config, readOnly bool) (*store.DB, error) {
	o := store.Options{ReadOnly: readOnly}
	if cfg.Key != "" {
		key, err := store.ParseKey([]byte(cfg.Key.Reveal()))
		if err != nil {
			return nil, fmt.Errorf("la clé (key, key_file) : %w", err)
		}
		o.Key = key
	}
	if !readOnly {
		if err := leftBehind(ctx, cfg, o); err != nil {
			return nil, err
		}
	}
	return store.Open(ctx, databaseOf(cfg), o)
}

// leftBehind refuses to begin anew on an empty server beside a file that was not moved there: those who said STOP would be forgotten.
func leftBehind(ctx context.Context, cfg *config.Config, o store.Options) error {
	if !onServer(cfg) || !fileThere(cfg) {
		return nil
	}
	o.ReadOnly = true
	db, err := store.Open(ctx, databaseOf(cfg), o)
	switch {
	case err == nil:
		return db.Close()
	case errors.Is(err, fs.ErrNotExist):
		return errLeftBehind(cfg)
	}
	return nil // opening it to write tells
}

func errLeftBehind(cfg *config.Config) error {
	return fmt.Errorf("la base %s est vide, et il y a un fichier %s (database) : lancez d'abord passeur migrate, qui l'y déménage ; pour commencer sans lui, rangez-le ailleurs", store.Name(databaseOf(cfg)), cfg.Database)
}

// fileThere tells whether there is something at the path of the file; an empty file is nothing.
func fileThere(cfg *config.Config) bool {
	info, err := os.Stat(cfg.Database)
	return !errors.Is(err, fs.ErrNotExist) && (err != nil || !info.Mode().IsRegular() || info.Size() > 0)
}

// databaseOf is where everything that must last is: the address of a server, or the path of a file.
func databaseOf(cfg *config.Config) string { return cmp.Or(cfg.Postgres.URL.Reveal(), cfg.Database) }

// onServer tells that several processes may write to the database at once.
func onServer(cfg *config.Config) bool { return cfg.Postgres.URL != "" }

// checkPostgres looks at the address of the server, for config.
func checkPostgres(cfg *config.Config) []config.Fault {
	if !onServer(cfg) {
		return nil
	}
	if err := store.CheckURL(cfg.Postgres.URL.Reveal()); err != nil {
		return []config.Fault{{Setting: "postgres.url", Text: err.Error()}}
	}
	if cfg.Key == "" {
		return []config.Fault{{Setting: "postgres.url", Text: "il faut aussi une clé (key_file ou key), la même pour tous les robots ; une nouvelle se fait avec « openssl rand -base64 32 »"}}
	}
	return nil
}

// inUse tells that a running bot holds the database: the command must speak to it.
func inUse(err error) bool { return errors.Is(err, store.ErrInUse) }

// databaseThere tells that there is a database to work on; an empty file is none.
func databaseThere(cfg *config.Config) error {
	if onServer(cfg) {
		return nil // opening it tells
	}
	if !fileThere(cfg) {
		return fmt.Errorf("la base %s n'existe pas : est-ce le bon fichier de réglages (-c) ? Si oui, lancez d'abord passeur serve", cfg.Database)
	}
	return nil
}

// everyRecord walks all the pages of a query.
func everyRecord(ctx context.Context, db *store.DB, q bot.Query) (all []bot.Record, err error) {
	for rec, err := range bot.AllRecords(ctx, db, q) {
		if err != nil {
			return all, err
		}
		all = append(all, rec)
	}
	return all, nil
}

// everyTask is all that was or will be said to a person, or about her.
func everyTask(ctx context.Context, db *store.DB, person string) (all []store.TaskRow, err error) {
	for _, q := range []store.TaskQuery{{To: person}, {Subject: person}} {
		for {
			page, err := db.Tasks(ctx, q, time.Now())
			if err != nil {
				return nil, err
			}
			if len(page) == 0 {
				break
			}
			all = append(all, page...)
			q.Offset += len(page)
		}
	}
	return all, nil
}

// cursorsOf reads where the networks resume listening.
func cursorsOf(db *store.DB) func(context.Context) (map[string]string, error) {
	return func(ctx context.Context) (map[string]string, error) {
		records, err := everyRecord(ctx, db, bot.Query{Kind: "cursor"})
		if err != nil {
			return nil, err
		}
		out := make(map[string]string, len(records))
		for _, rec := range records {
			if out[rec.ID], err = bot.ReadCursor(rec); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
}
