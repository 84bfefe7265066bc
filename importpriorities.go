package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"passeur/bot"
	"passeur/intents"
)

type importPrioritiesCmd struct {
	File string `arg:"" name:"FICHIER" type:"path" help:"Un tableau en texte (CSV) : une colonne de codes INSEE, titrée code_insee s'il y a d'autres nombres, et une colonne qui dit FRR ou QPV."`
	Kind string `placeholder:"SORTE" help:"FRR ou QPV, pour les lignes qui ne le disent pas."`
}

// longestList is more than any list of communes takes, in bytes.
const longestList = 20 << 20

// Run reads the whole file before anything is replaced.
func (c *importPrioritiesCmd) Run(ctx context.Context, s streams, load settings) error {
	table, err := readText(c.File, "une liste de communes", longestList)
	if err != nil {
		return err
	}
	lists, err := bot.ReadPriorities(table, strings.ToUpper(c.Kind))
	if err != nil {
		return fmt.Errorf("%s : %w ; rien n'a été changé", c.File, err)
	}
	cfg, err := load()
	if err != nil {
		return err
	}
	places, err := intents.NewGazetteer(cfg.Bot.Territories)
	if err != nil {
		return err
	}
	if _, err := sendImport(ctx, s, load, prioritiesOrder, lists); err != nil {
		return err
	}
	for _, l := range lists {
		fmt.Fprintf(s.out, "Liste %s : %d commune(s), dont %d dans vos départements (%s).\n", l.Kind, len(l.Communes), served(places, l), strings.Join(cfg.Bot.Territories, ", "))
	}
	return nil
}

// served is how many communes of a list lie in the territories served.
func served(places *intents.Gazetteer, l bot.PriorityList) (n int) {
	for _, code := range l.Communes {
		if _, ok := places.ByCode(code); ok {
			n++
		}
	}
	return n
}

var prioritiesOrder = taking("priorities", func(ctx context.Context, b *bot.Bot, lists []bot.PriorityList) (int, error) {
	return b.SetPriorities(ctx, lists, time.Now())
})
