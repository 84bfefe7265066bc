package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"passeur/bot"
)

type eraseCmd struct {
	Number string `arg:"" name:"NUMÉRO" help:"Numéro de mobile de la personne."`
	Yes    bool   `name:"yes" help:"Ne demande pas confirmation."`
}

// Run erases, once it was confirmed.
func (c *eraseCmd) Run(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	number, err := mobile(c.Number)
	if err != nil {
		return err
	}
	if !c.Yes && !confirmed(s, "Effacer tout ce qui est connu de ce numéro, sans retour possible ? [oui/non] ") {
		return errors.New("rien n'a été effacé")
	}
	n, err := command(ctx, cfg, s, eraseOrder, demand{number: number})
	if err != nil {
		return err
	}
	if n == 0 {
		fmt.Fprintln(s.out, "Ce numéro n'est pas connu : il n'y avait rien à effacer.")
		return nil
	}
	fmt.Fprintf(s.out, "C'est effacé : %d personne(s).\n", n)
	return nil
}

var eraseOrder = order{"erase", func(ctx context.Context, b *bot.Bot, a demand) (int, error) {
	return b.Erase(ctx, bot.Address("sms:"+a.number), time.Now())
}}
