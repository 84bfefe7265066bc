package main

import (
	"cmp"
	"context"
	"encoding/json"
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
	n, err := sendImport(ctx, s, load, "answers", answers, false)
	switch {
	case err != nil:
		return err
	case n == 0:
		fmt.Fprintf(s.out, "Rien n'a changé : ces %d réponse(s) étaient déjà connues.\n", len(answers))
	default:
		fmt.Fprintf(s.out, "C'est importé : %d réponse(s) nouvelles ou changées, sur %d.\n", n, len(answers))
	}
	return nil
}

// readAnswers reads a table of answers, more strictly than the bot must: a terminal may obey what is not to be seen, ids are one whatever their
// case, and each column has one title.
func readAnswers(table string) (answers []bot.Answered, faults []string) {
	var filled []int // the lines that say something
	var first, number = "", 0
	for line := range strings.Lines(strings.TrimPrefix(table, "\ufeff")) {
		number++
		if i := strings.IndexFunc(line, invisible); i >= 0 {
			r, _ := utf8.DecodeRuneInString(line[i:])
			faults = append(faults, fmt.Sprintf("ligne %d : elle contient un caractère de commande (%U), invisible : retirez-le", number, r))
		}
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			first = cmp.Or(first, line)
			filled = append(filled, number)
		}
	}
	answers, more := bot.ReadAnswers(table)
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, faults
	}
	if len(filled) > len(answers) { // the first is one of titles
		faults = titledTwice(first, filled[0])
		filled = filled[1:]
	}
	return answers, append(faults, sameIDs(answers, filled)...)
}

// invisible reports whether a character is a command to a terminal.
func invisible(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }

// titledTwice says which columns a line of titles names twice.
func titledTwice(line string, number int) (faults []string) {
	met := map[string]bool{}
	for title := range strings.SplitSeq(strings.TrimRight(line, "\r\n"), "\t") {
		title = strings.ToLower(strings.Trim(title, ` "`))
		column := answerTitles.Replace(title)
		if column != "" && met[column] {
			faults = append(faults, fmt.Sprintf("ligne %d : la colonne « %s » est là deux fois : gardez-en une", number, title))
		}
		met[column] = true
	}
	return faults
}

// answerTitles brings the titles that mean one column to one.
var answerTitles = strings.NewReplacer("é", "e", "è", "e", "answer", "reponse", "themes", "theme", "thèmes", "theme")

// sameIDs says which ids differ by their capitals only; at are the lines of the answers.
func sameIDs(answers []bot.Answered, at []int) (faults []string) {
	met := map[string]int{}
	for i, a := range answers {
		id := strings.ToLower(a.ID)
		if before, twice := met[id]; twice {
			faults = append(faults, fmt.Sprintf("ligne %d : l'id « %s » est déjà à la ligne %d, aux majuscules près : gardez une des deux", at[i], a.ID, before))
			continue
		}
		met[id] = at[i]
	}
	return faults
}

func takeAnswers(ctx context.Context, b *bot.Bot, a demand) (int, error) {
	var answers []bot.Answered
	if err := json.Unmarshal(a.body, &answers); err != nil {
		return 0, notOurs(err)
	}
	return b.ImportAnswers(ctx, answers, time.Now())
}
