package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

type importRdvCmd struct {
	File  string `arg:"" name:"FICHIER" type:"path" help:"CSV ou classeur Excel (.xlsx), colonnes id, telephone, prenom, date, heure, lieu, commune, conseiller, dans n'importe quel ordre."`
	Owner string `placeholder:"NOM" help:"Le conseiller de ce fichier, là où il n'en nomme pas. Chaque conseiller peut avoir le sien : les imports de l'un ne touchent pas aux autres."`
	Yes   bool   `name:"yes" help:"Ne demande pas confirmation."`
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
	n, err := sendImport(ctx, s, load, rdvOrder, d.orderFor())
	if err != nil {
		return fmt.Errorf("l'import n'est pas fini : %w. La même commande montre ce qui reste à faire", err)
	}
	fmt.Fprintf(s.out, "C'est fait : %d changement(s).\n", n)
	return nil
}

var rdvOrder = taking("rdv", func(ctx context.Context, b *bot.Bot, im bot.RdvImport) (int, error) {
	return b.ImportRdvs(ctx, im, time.Now())
})

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
	d := &difference{source: source, version: version, was: src, zone: h.bot.Zone("")}
	d.sort(rows, read.now)
	return d, nil
}
