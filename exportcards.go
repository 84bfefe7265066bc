package main

import (
	"context"
	"fmt"
	"time"

	"passeur/config"
	"passeur/store"
)

type exportCardsCmd struct {
	Format string `enum:"csv,md" default:"csv" help:"csv (un tableau, pour un tableur) ou md (un texte, en Markdown)."`
	Out    string `aliases:"output" type:"path" placeholder:"FICHIER" help:"Où les écrire ; un fichier de ce nom est remplacé. Sans cela : à l'écran."`
}

// Run writes all cards, as coordinators have them in Mattermost, beside a running bot.
func (c *exportCardsCmd) Run(ctx context.Context, s streams, load settings) error {
	return reading(ctx, load, func(cfg *config.Config, db *store.DB) error {
		h, err := looking(cfg, db)
		if err != nil {
			return err
		}
		file, err := h.cardFile(ctx, c.Format, time.Now())
		if err != nil {
			return err
		}
		return writeOut(s, c.Out, file.Data, "Les fiches sont écrites")
	})
}

// writeOut writes what a command made: on the screen, or into a file, which it names.
func writeOut(s streams, file string, data []byte, done string) error {
	if file == "" {
		_, err := s.out.Write(data)
		return err
	}
	if err := writeNew(file, data, true); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s : %s\n", done, file)
	return nil
}
