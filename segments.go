package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"passeur/adapters/sms"
	"passeur/config"
)

type segmentsCmd struct {
	Text []string `arg:"" name:"TEXTE" help:"Le texte, ou - pour le lire sur l'entrée standard."`
}

// Run prints the text as a phone would show it and what it costs.
func (c *segmentsCmd) Run(s streams, load settings) error {
	text := strings.Join(c.Text, " ")
	if text == "-" {
		raw, err := io.ReadAll(io.LimitReader(s.in, 1<<20))
		if err != nil {
			return err
		}
		text = strings.TrimRight(string(raw), "\n")
	}
	folded := sms.Fold(text)
	fmt.Fprintln(s.out, folded)
	fmt.Fprintln(s.out, sms.Segments(folded))
	if pieces := sms.Split(folded); len(pieces) > 1 {
		for i, p := range pieces {
			fmt.Fprintf(s.out, "  %d/%d %s\n", i+1, len(pieces), p)
		}
	}
	if odd := sms.Offending(text); len(odd) > 0 {
		fmt.Fprintf(s.out, "Ces caractères coûtent plus cher (ils obligent à l'UCS-2) : %s\n", string(odd))
	}
	cfg, err := load()
	if err != nil {
		return err
	}
	for _, g := range []config.Gateway{cfg.SMS.Gateway, cfg.SMS.Backup} {
		if n := sms.Segments(folded).Parts; g.Provider != "" && g.Price > 0 {
			fmt.Fprintf(s.out, "Chez %s : %d × %s = %s\n", g.Provider, n, euros(g.Price), euros(float64(n)*g.Price))
		}
	}
	return nil
}

// euros writes a price for people: "0,049 €".
func euros(amount float64) string {
	return strings.Replace(cmp.Or(strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", amount), "0"), "."), "0"), ".", ",", 1) + " €"
}
