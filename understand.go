package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/bot"
	"passeur/intents"
)

type understandCmd struct {
	Role      string   `enum:"usager,pro" default:"usager" help:"Qui écrit : usager ou pro."`
	Now       string   `placeholder:"2026-11-25T10:00" help:"Le moment où les messages sont lus, à l'heure du premier département. Sans lui : maintenant."`
	Territory []string `default:"50" help:"Les départements dont les communes sont connues."`
}

// refusal is the answer to a line that cannot be read.
type refusal struct {
	Error string `json:"error"`
}

// Run reads lines of "context<TAB>text" and writes one JSON a line: what was understood, what would be done, and why. It needs neither
// settings nor a database.
func (c *understandCmd) Run(ctx context.Context, s streams) error {
	if len(c.Territory) == 0 {
		return errors.New("--territory est vide : donnez des codes comme 50, 2A ou 974")
	}
	zone, err := time.LoadLocation(intents.Zone(c.Territory[0]))
	if err != nil {
		return err
	}
	now := time.Now().In(zone)
	if c.Now != "" {
		if now, err = time.ParseInLocation("2006-01-02T15:04", c.Now, zone); err != nil {
			return fmt.Errorf("--now %s ne se lit pas : écrivez par exemple 2026-11-25T10:00", c.Now)
		}
	}
	places, err := intents.NewGazetteer(c.Territory)
	if err != nil {
		return err
	}
	w, err := readWords()
	if err != nil {
		return err
	}
	languages, err := bot.LanguagesOf(w.french, w.foreign)
	if err != nil {
		return err
	}
	reader := intents.NewReader()
	return eachLine(ctx, s, func(line string) any {
		open, text, ok := strings.Cut(line, "\t")
		if !ok {
			open, text = "-", line
		}
		question := strings.ToLower(strings.TrimSpace(open))
		if question == "-" {
			question = ""
		}
		if question != "" && !slices.Contains(intents.OpenQuestions, question) {
			return refusal{"le contexte « " + open + " » n'existe pas : " + strings.Join(intents.OpenQuestions, ", ") + ", ou - (rien)"}
		}
		return intents.Understand(reader, places, text, intents.Context{Pro: c.Role == "pro", Open: question, Languages: languages}, now)
	})
}
