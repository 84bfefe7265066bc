package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/intents/dates"
	"passeur/papers"
	"passeur/store"
)

type mapCmd struct {
	Out       string   `required:"" type:"path" placeholder:"FICHIER.png" help:"Où écrire la carte ; un fichier de ce nom est remplacé."`
	Km        int      `default:"15" help:"Jusqu'à combien de kilomètres une permanence est à portée, à vol d'oiseau."`
	Weeks     int      `default:"4" help:"Dans combien de semaines au plus elle doit être tenue."`
	Territory []string `placeholder:"DÉPARTEMENT" help:"Seulement ce département ; sans cela, tous ceux qui sont servis."`
}

// Run draws the map beside a running bot.
func (c *mapCmd) Run(ctx context.Context, s streams, load settings) error {
	if c.Km < 1 || c.Km > bot.MaxReachKm || c.Weeks < 1 || c.Weeks > bot.MaxReachWeeks {
		return fmt.Errorf("donnez de 1 à %d km et de 1 à %d semaines", bot.MaxReachKm, bot.MaxReachWeeks)
	}
	return reading(ctx, load, func(cfg *config.Config, db *store.DB) error {
		var picture bytes.Buffer
		needs, all, err := c.draw(ctx, &picture, cfg, db, time.Now())
		if err != nil {
			return err
		}
		if err := writeNew(c.Out, picture.Bytes(), true); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s : %d commune(s) sur %d sans permanence à %d km ou moins d'ici %d semaine(s).\n", c.Out, needs, all, c.Km, c.Weeks)
		return nil
	})
}

// draw writes the picture, and says how many communes are not covered, of how many.
func (c *mapCmd) draw(ctx context.Context, w io.Writer, cfg *config.Config, db *store.DB, at time.Time) (needs, communes int, err error) {
	h, err := looking(cfg, db)
	if err != nil {
		return 0, 0, err
	}
	territories := cfg.Bot.Territories
	if len(c.Territory) > 0 {
		territories = c.Territory
	}
	var all []bot.CommuneCoverage
	for _, territory := range territories {
		if !slices.Contains(cfg.Bot.Territories, territory) {
			return 0, 0, fmt.Errorf("le département %s n'est pas servi ; ceux qui le sont : %s", territory, strings.Join(cfg.Bot.Territories, ", "))
		}
		part, err := h.bot.Coverage(ctx, territory, at, c.Km, c.Weeks)
		if err != nil {
			return 0, 0, err
		}
		all = append(all, part...)
	}
	needs = len(all) - len(slices.DeleteFunc(slices.Clone(all), func(c bot.CommuneCoverage) bool { return !c.Covered }))
	return needs, len(all), papers.Map(w, c.picture(all, needs, territories, at.In(h.bot.Zone(""))))
}

// picture is what the map shows: each commune where it lies, the permanences as squares.
func (c *mapCmd) picture(all []bot.CommuneCoverage, needs int, territories []string, at time.Time) papers.MapPicture {
	m := papers.MapPicture{
		Title: fmt.Sprintf("Communes sans permanence numérique : %d sur %d (%s)", needs, len(all), strings.Join(territories, ", ")),
		Note: fmt.Sprintf("Passeur, %s %d. Sans permanence : aucune à %d km ou moins, à vol d'oiseau, ou la plus proche n'est pas tenue d'ici %d semaine(s).",
			dates.FrenchDay(at), at.Year(), c.Km, c.Weeks),
		Legend: []string{"Permanence à portée", "Sans permanence", "Sans permanence, prioritaire", "Permanence"},
	}
	for i, commune := range all {
		m.Points = append(m.Points, papers.MapPoint{Lat: commune.Commune.Lat, Lon: commune.Commune.Lon, Label: commune.Commune.Name, Weight: len(all) - i, Kind: pointOf(commune)})
	}
	return m
}

// pointOf is how a commune is drawn: what it lacks says more than what it has.
func pointOf(c bot.CommuneCoverage) int {
	switch {
	case !c.Covered && len(c.Priority) > 0:
		return papers.Priority
	case !c.Covered:
		return papers.Uncovered
	case c.Km == 0:
		return papers.Permanence
	}
	return papers.Covered
}
