package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"passeur/config"
	"passeur/store"
)

type migrateCmd struct{}

// Run moves all that is in the file to the server, and says how far it is; an interrupted one goes on.
func (c *migrateCmd) Run(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	if !onServer(cfg) {
		return errors.New("dites d'abord où : l'adresse d'une base vide (postgres.url), et la clé du fichier (key_file)")
	}
	key, err := store.ParseKey([]byte(cfg.Key.Reveal()))
	if err != nil {
		return fmt.Errorf("la clé (key, key_file) : %w", err)
	}
	server := databaseOf(cfg)
	fmt.Fprintf(s.out, "De %s vers %s.\n", cfg.Database, store.Name(server))
	progress := &movingReport{out: s.out}
	done, err := store.Transfer(ctx, cfg.Database, server, store.Options{Key: key}, progress.tell)
	if err != nil {
		return whichKey(cfg, err)
	}
	return moved(s.out, cfg, done)
}

// whichKey says where the key of the file probably is, when another one was given.
func whichKey(cfg *config.Config, err error) error {
	beside := filepath.Join(filepath.Dir(cfg.Database), store.KeyFileName)
	if _, missing := os.Stat(beside); missing == nil && errors.Is(err, store.ErrWrongKey) {
		return fmt.Errorf("%w ; c'est sans doute %s (key_file), qui sert quand aucune n'est choisie", err, beside)
	}
	return err
}

// tableNames are the tables as operators read of them.
var tableNames = map[string]string{"meta": "repères", "event": "événements", "tally": "chiffres", "record": "fiches", "task": "tâches"}

// movingReport prints how far a transfer is: the end of each table and, of a long one, now and then.
type movingReport struct {
	out  io.Writer
	next time.Time
}

// sayEvery is how often a long table is told of.
const sayEvery = 10 * time.Second

func (r *movingReport) tell(p store.Progress) {
	if p.Rows < p.All && time.Now().Before(r.next) {
		return
	}
	r.next = time.Now().Add(sayEvery)
	does := "Copie"
	if p.Comparing {
		does = "Comparaison"
	}
	fmt.Fprintf(r.out, "%s : %s, %d sur %d\n", does, tableNames[p.Table], p.Rows, p.All)
}

// moved prints what a transfer came to, and what comes next.
func moved(out io.Writer, cfg *config.Config, done store.Transferred) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nLIGNES\tDANS LE FICHIER\tSUR LE SERVEUR")
	for _, t := range done.Tables {
		fmt.Fprintf(w, "%s\t%d\t%d\n", tableNames[t.Table], t.There, t.Here)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if done.Before {
		fmt.Fprintln(out, "\nTout est identique : le déménagement était déjà fini.")
	} else {
		fmt.Fprintln(out, "\nTout est identique : le déménagement est fini.")
	}
	_, err := fmt.Fprintf(out, "Démarrez avec les mêmes réglages : passeur serve. Le fichier %s ne sert plus : effacez-le, et sa copie, quand vous serez sûr.\n", cfg.Database)
	return err
}
