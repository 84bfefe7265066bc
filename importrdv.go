package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
	"passeur/venues"
)

type importRdvCmd struct {
	File  string `arg:"" name:"FICHIER" type:"path" help:"CSV, colonnes id, telephone, prenom, date, heure, lieu, commune, conseiller, dans n'importe quel ordre."`
	Owner string `placeholder:"NOM" help:"Le conseiller de ce fichier, là où il n'en nomme pas. Chaque conseiller peut avoir le sien : les imports de l'un ne touchent pas aux autres."`
	Yes   bool   `name:"oui" help:"Ne demande pas confirmation."`
}

// Run shows what a file of appointments changes, and once it was confirmed hands the changes to the bot. A file with a line that is wrong
// does nothing at all.
func (c *importRdvCmd) Run(ctx context.Context, s streams, load settings) error {
	var d *difference
	err := reading(ctx, load, func(cfg *config.Config, db *store.DB) (err error) {
		d, err = c.compare(ctx, s, cfg, db)
		return err
	})
	if err != nil {
		return err
	}
	d.print(s)
	if len(d.told()) == 0 {
		fmt.Fprintln(s.out, "Rien n'a changé : il n'y a rien à faire.")
		return nil
	}
	if !c.Yes && !confirmed(s, "Faire ces changements ? Les personnes seront rappelées par SMS, et ne sont pas prévenues de ce qui est retiré. [oui/non] ") {
		return errors.New("rien n'a été importé")
	}
	n, err := sendImport(ctx, s, load, "rdv", d.orderFor(), false)
	if err != nil {
		return fmt.Errorf("l'import n'est pas fini : %w. La même commande montre ce qui reste à faire", err)
	}
	fmt.Fprintf(s.out, "C'est fait : %d changement(s).\n", n)
	return nil
}

func takeAppointments(ctx context.Context, b *bot.Bot, a demand) (int, error) {
	var im bot.BookedImport
	if err := json.Unmarshal(a.body, &im); err != nil {
		return 0, notOurs(err)
	}
	return b.ImportBooked(ctx, im, time.Now())
}

// compare reads the file and compares it with what was imported before from the same source.
func (c *importRdvCmd) compare(ctx context.Context, s streams, cfg *config.Config, db *store.DB) (*difference, error) {
	h, err := looking(cfg, db)
	if err != nil {
		return nil, err
	}
	read := &appointmentReader{ctx: ctx, bot: h.bot, now: time.Now(), owner: c.Owner, known: map[string]counsellor{}}
	source, err := read.source()
	if err != nil {
		return nil, err
	}
	rows, err := read.file(c.File)
	if err != nil {
		return nil, err
	}
	if len(read.faults) > 0 {
		printFaults(s, read.faults)
		return nil, fmt.Errorf("%s : %d ligne(s) à corriger, rien n'a été importé", c.File, len(read.faults))
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s : ce fichier ne contient aucun rendez-vous, rien n'a été importé", c.File)
	}
	src, version, err := bot.ReadSource(ctx, db, source)
	if err != nil {
		return nil, err
	}
	return compare(rows, src, source, version, read.now, h.bot.Zone("")), nil
}

// listedFaults is how many lines are named one by one: who has more looks at the first ones.
const listedFaults = 100

func printFaults(s streams, faults []string) {
	for _, f := range faults[:min(len(faults), listedFaults)] {
		fmt.Fprintln(s.out, "✗ "+f)
	}
	if more := len(faults) - listedFaults; more > 0 {
		fmt.Fprintf(s.out, "✗ et %d autre(s)\n", more)
	}
}

// Columns of a file of appointments, in the order in which they are read.
var (
	appointmentColumns = []string{"id", "telephone", "prenom", "date", "heure", "lieu", "commune"}
	counsellorColumn   = []string{"conseiller"}
)

const (
	cellID = iota
	cellPhone
	cellName
	cellDate
	cellHour
	cellWhere
	cellCommune
	cellCounsellor
)

// file reads all rows; what is wrong with them is in r.faults.
func (r *appointmentReader) file(name string) ([]appointment, error) {
	f, err := openImport(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	needed, optional := appointmentColumns, counsellorColumn
	if r.owner == "" {
		needed, optional = slices.Concat(needed, counsellorColumn), nil
	}
	lines, err := venues.ReadTable(f, needed, optional)
	if err != nil {
		hint := ""
		if r.owner == "" && strings.Contains(err.Error(), "conseiller") {
			hint = " ; sans colonne conseiller, dites de qui est ce fichier : --owner \"Marie Lecomte\""
		}
		return nil, fmt.Errorf("%s : %w%s", name, err, hint)
	}
	first := map[string]int{}
	var rows []appointment
	for _, l := range lines {
		a, err := r.row(l)
		if at, twice := first[a.id]; err == nil && twice {
			err = fmt.Errorf("l'id « %s » est déjà à la ligne %d : gardez une des deux", a.id, at)
		}
		if fault := new(storeError); errors.As(err, &fault) {
			return nil, fault.error
		}
		if err != nil {
			r.faults = append(r.faults, fmt.Sprintf("ligne %d : %v", l.Number, err))
			continue
		}
		first[a.id] = a.line
		rows = append(rows, a)
	}
	return rows, nil
}
