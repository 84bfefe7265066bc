package main

import (
	"bytes"
	"context"
	"path"
	"time"

	"passeur/adapters/ical"
	"passeur/bot"
)

// gatheringFile is the calendar entry of one date of a gathering, for those who come: for names like "gathering/3-2026-12-10.ics". It
// says what holds now; one that was cancelled says so, so that it leaves the calendars it was put in.
func (h *house) gatheringFile(ctx context.Context, name string, now time.Time) (bot.Attachment, error) {
	item, ok, err := h.bot.OccasionItem(ctx, bot.GatheringFiles+name, now)
	if err != nil || !ok {
		return bot.Attachment{}, err
	}
	var page bytes.Buffer
	if err := ical.Write(&page, feedOf(item.Summary, []bot.CalendarItem{item})); err != nil {
		return bot.Attachment{}, err
	}
	return bot.Attachment{Name: "rencontre-" + path.Base(name), Type: "text/calendar; charset=utf-8", Data: page.Bytes()}, nil
}
