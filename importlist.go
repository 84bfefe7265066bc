package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"passeur/bot"
)

type importListCmd struct {
	File  string `arg:"" name:"FICHIER" type:"path" help:"CSV ou XLSX, avec les colonnes téléphone, prénom et commune."`
	Owner string `required:"" name:"coordination" placeholder:"NOM" help:"Qui mène la campagne : son nom, comme Mattermost le montre."`
}

// Run has the bot read the list where it lies: it is large, and nothing of it goes through the command.
func (c *importListCmd) Run(ctx context.Context, s streams, load settings) error {
	f, err := openImport(c.File)
	if err != nil {
		return err
	}
	_ = f.Close()
	path, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	n, err := sendImport(ctx, s, load, listOrder, listDemand{Path: path, Owner: c.Owner})
	if err != nil {
		return fmt.Errorf("%s : %w", c.File, err)
	}
	people := "personnes"
	if n < 2 {
		people = "personne"
	}
	fmt.Fprintf(s.out, "C'est lu : %d %s à inviter. %s a le détail dans Mattermost, et décide de la suite.\n", n, people, c.Owner)
	return nil
}

// listDemand is a list to read on this machine.
type listDemand struct{ Path, Owner string }

// The list is read by whoever holds the database: what is wrong with it is told in Mattermost to who leads the campaign.
var listOrder = taking("list", func(ctx context.Context, b *bot.Bot, d listDemand) (int, error) {
	f, err := os.Open(d.Path)
	if err != nil { // the command has just read it: whoever keeps the bot has shut it out
		return 0, errors.New("le robot ne voit pas ce fichier : son service n'a pas accès à ce dossier. Copiez-le à côté de la base de Passeur, recommencez, puis effacez-le")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	id, err := b.BeginList(ctx, d.Owner, bot.File{Name: filepath.Base(d.Path), Size: info.Size()}, time.Now())
	if err != nil {
		return 0, err
	}
	report, err := readList(ctx, b, id, f, info.Size())
	switch {
	case err != nil:
		return 0, err
	case report.Refusal != "":
		return 0, errors.New(report.Refusal)
	case report.People == 0:
		return 0, errors.New("personne à inviter dans ce fichier, rien n'est gardé ; ce qui ne va pas est dit dans Mattermost")
	}
	return report.People, nil
})
