package main

import (
	"context"
	"fmt"
	"time"

	"passeur/bot"
)

// longestCalendar is far above any calendar: a year of all zones is 2 KB.
const longestCalendar = 1 << 20

type importSchoolCmd struct {
	File string `arg:"" name:"FICHIER" type:"path" help:"Une ligne par période : zone, nom, premier jour sans classe, jour de la reprise, séparés par des tabulations."`
}

// Run imports school holidays.
func (c *importSchoolCmd) Run(ctx context.Context, s streams, load settings) error {
	text, err := readText(c.File, "un calendrier", longestCalendar)
	if err != nil {
		return err
	}
	breaks, err := bot.ReadSchoolBreaks(text)
	if err != nil {
		return fmt.Errorf("%s, %w : rien n'a été importé", c.File, err)
	}
	n, err := sendImport(ctx, s, load, schoolOrder, breaks)
	switch {
	case err != nil:
		return err
	case n == 0:
		fmt.Fprintln(s.out, "Rien n'a changé : ces vacances étaient déjà connues.")
	default:
		fmt.Fprintf(s.out, "C'est importé : les vacances de %d zone(s) ont changé. Les permanences « sauf vacances » les suivent.\n", n)
	}
	return nil
}

var schoolOrder = taking("calendar", func(ctx context.Context, b *bot.Bot, breaks map[string][]bot.SchoolBreak) (int, error) {
	return b.ImportSchool(ctx, breaks, time.Now())
})
