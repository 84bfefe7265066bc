package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
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
		return csvOf("campagne.csv", sheetRows(sheet)) // PNG
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
