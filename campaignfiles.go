package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
	"passeur/papers"
	"passeur/papers/tables"
)

// The files that go with messages about a campaign: what is wrong with its list, and its figures.

// campaignFile makes "<id>/fautes.csv", "<id>/bilan.csv" and "<id>/bilan.png".
func (h *house) campaignFile(ctx context.Context, name string, _ time.Time) (bot.Attachment, error) {
	id, what, _ := strings.Cut(name, "/")
	switch what {
	case "fautes.csv":
		return h.faultsFile(ctx, id)
	case "bilan.csv", "bilan.png":
		sheet, ok, err := h.bot.SheetOf(ctx, id)
		if err != nil || !ok {
			return bot.Attachment{}, err
		}
		if what == "bilan.csv" {
			return csvOf("campagne.csv", sheetRows(sheet))
		}
		return sheetPicture(sheet)
	}
	return bot.Attachment{}, nil
}

// faultsFile is a table of the rows of a list that could not be used.
func (h *house) faultsFile(ctx context.Context, id string) (bot.Attachment, error) {
	faults, err := h.bot.FaultsOf(ctx, id)
	if err != nil || len(faults) == 0 {
		return bot.Attachment{}, err
	}
	rows, err := h.bot.ListFaults(faults)
	if err != nil {
		return bot.Attachment{}, err
	}
	return csvOf("lignes-a-corriger.csv", append([][]string{{"ligne", "colonne", "sorte", "à corriger"}}, rows...))
}

// sheetRows are the figures of a campaign as a table.
func sheetRows(s bot.CampaignSheet) [][]string {
	rows := [][]string{{"campagne", s.Title}, {"état", s.State}, {}, {"personnes", "nombre"}}
	for _, state := range bot.InviteeStates() {
		rows = append(rows, []string{s.Labels[state], strconv.Itoa(s.People[state])})
	}
	for i, text := range s.Texts {
		rows = append(rows, []string{}, []string{fmt.Sprintf("texte %d", i+1), "nombre"})
		for _, fate := range bot.TextFates() {
			rows = append(rows, []string{s.Labels[fate], strconv.Itoa(text[fate])})
		}
	}
	return rows
}

// csvOf is a table as a file.
func csvOf(name string, rows [][]string) (bot.Attachment, error) {
	var out bytes.Buffer
	if err := tables.WriteCSV(&out, rows); err != nil {
		return bot.Attachment{}, err
	}
	return bot.Attachment{Name: name, Type: "text/csv", Data: out.Bytes()}, nil
}

// sheetPicture draws the figures of a campaign: what became of the people, and of each text.
func sheetPicture(s bot.CampaignSheet) (bot.Attachment, error) {
	picture := papers.BarsPicture{Title: fmt.Sprintf("%s (%s)", s.Title, s.State)}
	draw := func(heading string, figures []string, of map[string]int) {
		group := papers.BarGroup{Heading: heading}
		for _, figure := range figures {
			if of[figure] > 0 {
				group.Bars = append(group.Bars, papers.Bar{Label: s.Labels[figure], Value: of[figure], Kind: barOf(figure)})
			}
		}
		if len(group.Bars) > 0 {
			picture.Groups = append(picture.Groups, group)
		}
	}
	draw("Personnes", bot.InviteeStates(), s.People)
	for i, text := range s.Texts {
		draw(fmt.Sprintf("SMS : texte %d", i+1), bot.TextFates(), text)
	}
	if len(picture.Groups) == 0 {
		return bot.Attachment{}, nil // there is nothing to see yet
	}
	var out bytes.Buffer
	if err := papers.Bars(&out, picture); err != nil {
		return bot.Attachment{}, err
	}
	return bot.Attachment{Name: "campagne.png", Type: "image/png", Data: out.Bytes()}, nil
}

// barOf is how a figure is drawn: appointments stand out, what waits for somebody calls for her, what came to nothing is faint.
func barOf(figure string) int {
	switch figure {
	case "rendez-vous":
		return papers.BarStrong
	case "rappel", "a-appeler":
		return papers.BarAlert
	case "non", "opposition", "echec", "injoignable", bot.ReceiptLost, string(bot.Failed), string(bot.Withheld):
		return papers.BarFaint
	}
	return papers.BarPlain
}
