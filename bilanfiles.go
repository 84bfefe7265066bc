package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"passeur/bot"
	"passeur/intents/dates"
	"passeur/papers"
)

// The bilan as a picture, and as the page that goes to an employer.

// bilanFile makes them, for names like "<person>/<from>/<to>.png", "….pdf", of territories "<person>/<from>/<to>/territoire.png".
func (h *house) bilanFile(ctx context.Context, name string, now time.Time) (bot.Attachment, error) {
	person, p, whole, form := filedPeriod(name)
	sheet, ok, err := h.bot.Bilan(ctx, person, p, whole, now)
	if err != nil || !ok || len(sheet.Groups) == 0 {
		return bot.Attachment{}, err
	}
	var out bytes.Buffer
	if form == "pdf" {
		err = papers.Report(&out, bilanPage(sheet, now.In(h.bot.Zone(""))))
		return bot.Attachment{Name: "bilan.pdf", Type: "application/pdf", Data: out.Bytes()}, err
	}
	err = papers.Bars(&out, bilanPicture(sheet))
	return bot.Attachment{Name: "bilan.png", Type: "image/png", Data: out.Bytes()}, err
}

// bilanPicture is what is drawn.
func bilanPicture(s bot.BilanSheet) papers.BarsPicture {
	return papers.BarsPicture{Title: "Bilan : " + s.Who + ", " + periodInWords(s), Groups: bilanBars(s), Note: notesOf(s)}
}

func notesOf(s bot.BilanSheet) (note string) {
	for i, n := range s.Notes {
		if i > 0 {
			note += " "
		}
		note += n
	}
	return note
}

// bilanBars are the figures as bars.
func bilanBars(s bot.BilanSheet) (out []papers.BarGroup) {
	for i, g := range s.Groups {
		group := papers.BarGroup{Heading: g.Heading}
		for _, f := range g.Figures {
			kind := papers.BarPlain
			if i == 0 {
				kind = papers.BarStrong
			}
			group.Bars = append(group.Bars, papers.Bar{Label: f.Label, Value: f.Value, Text: f.Text, Kind: kind})
		}
		out = append(out, group)
	}
	return out
}

// periodInWords is "novembre 2026", or "janvier 2026 à novembre 2026".
func periodInWords(s bot.BilanSheet) string {
	month := func(m string) string {
		at, err := time.Parse("2006-01", m)
		if err != nil {
			return m
		}
		return dates.FrenchMonth(at)
	}
	if s.From == s.To {
		return month(s.From)
	}
	return fmt.Sprintf("%s à %s", month(s.From), month(s.To))
}

// bilanPage is the page for an employer.
func bilanPage(s bot.BilanSheet, now time.Time) papers.ReportText {
	page := papers.ReportText{Title: "Bilan d'activité", Who: s.Who, When: periodInWords(s), Groups: onPage(bilanBars(s)), Notes: s.Notes, Made: now}
	for _, k := range s.Key {
		page.Key = append(page.Key, papers.KeyFigure{Value: k.Value, Label: k.Label})
	}
	return page
}

// onPage are the groups that a page has room for, the first ones.
func onPage(groups []papers.BarGroup) []papers.BarGroup {
	bars := 0
	for i, g := range groups {
		if bars += len(g.Bars); i == papers.MostReportGroups || bars > papers.MostReportBars {
			return groups[:i]
		}
	}
	return groups
}
