package main

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"passeur/bot"
)

type importAnswersCmd struct {
	File string `arg:"" name:"FICHIER" type:"path" help:"Une réponse par ligne : id, question, réponse, thèmes, séparés par des tabulations ; les thèmes par des virgules. Une première ligne de titres est facultative."`
}

// longestAnswers is what a file of answers may weigh, in bytes; the JSON of it must fit into an order.
const longestAnswers = 30 << 20

// Run reads the whole file before anything is written; a file with a line that is wrong changes nothing.
func (c *importAnswersCmd) Run(ctx context.Context, s streams, load settings) error {
	table, err := readText(c.File, "des réponses", longestAnswers)
	if err != nil {
		return err
	}
	answers, faults := readAnswers(table)
	if len(faults) > 0 {
		printFaults(s, faults)
		return fmt.Errorf("%s : %d faute(s) à corriger, rien n'a été importé", c.File, len(faults))
	}
	n, err := sendImport(ctx, s, load, answersOrder, answers)
	if err != nil {
		return err
	}
	tellAnswers(s, "réponse(s)", n, len(answers))
	return nil
}

// tellAnswers says how many of what was imported are new or changed.
func tellAnswers(s streams, what string, changed, all int) {
	if changed == 0 {
		fmt.Fprintf(s.out, "Rien n'a changé : ces %d %s étaient déjà connues.\n", all, what)
		return
	}
	fmt.Fprintf(s.out, "C'est importé : %d %s nouvelles ou changées, sur %d.\n", changed, what, all)
}

// readAnswers reads a table of answers, more strictly than the bot must: a terminal may obey what is not to be seen.
func readAnswers(table string) (answers []bot.KnownAnswer, faults []string) {
	number := 0
	for line := range strings.Lines(table) {
		number++
		if i := strings.IndexFunc(line, invisible); i >= 0 {
			r, _ := utf8.DecodeRuneInString(line[i:])
			faults = append(faults, fmt.Sprintf("ligne %d : elle contient un caractère de commande (%U), invisible : retirez-le", number, r))
		}
	}
	answers, more := bot.ReadAnswers(table)
	return answers, append(faults, more...)
}

// invisible reports whether a character is a command to a terminal.
func invisible(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }

var answersOrder = taking("answers", func(ctx context.Context, b *bot.Bot, answers []bot.KnownAnswer) (int, error) {
	return b.ImportAnswers(ctx, answers, time.Now())
})
