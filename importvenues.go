package main

import (
	"context"
	"fmt"
	"time"

	"passeur/bot"
	"passeur/intents"
	"passeur/venues"
)

type importVenuesCmd struct {
	File  string `arg:"" name:"FICHIER" type:"path" help:"Le fichier national, ou celui d'un département, CSV ou JSON."`
	Force bool   `help:"Importe même un fichier qui a moins de la moitié des lieux connus."`
}

// Run imports the national directory of places.
func (c *importVenuesCmd) Run(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	communes, err := intents.NewGazetteer(cfg.Bot.Territories)
	if err != nil {
		return err
	}
	f, err := openImport(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	places, report, err := venues.Read(f, communes)
	if err != nil {
		return fmt.Errorf("%s : %w", c.File, err)
	}
	fmt.Fprint(s.out, report)
	n, err := sendImport(ctx, s, load, venuesOrder, venuesImport{places, c.Force})
	switch {
	case err != nil:
		return err
	case n == 0:
		fmt.Fprintf(s.out, "Rien n'a changé : ces %d lieux étaient déjà là.\n", len(places))
	default:
		fmt.Fprintf(s.out, "C'est importé : %d lieux, à la place de ceux d'avant.\n", n)
	}
	return nil
}

// venuesImport is what the bot is given: with Force even what has less than half of the places known.
type venuesImport struct {
	Places []bot.Venue
	Force  bool
}

var venuesOrder = taking("places", func(ctx context.Context, b *bot.Bot, im venuesImport) (int, error) {
	return b.ImportVenues(ctx, im.Places, im.Force, time.Now())
})
