package main

import (
	"context"
	"strings"
	"time"

	"passeur/bot"
)

// filledFile is what was filled in of a kept form in the territories of a coordinator: for names like "<form>/<person>.csv".
func (h *house) filledFile(ctx context.Context, name string, now time.Time) (bot.Attachment, error) {
	form, person, _ := strings.Cut(strings.TrimSuffix(name, ".csv"), "/")
	rows, ok, err := h.bot.FilledTable(ctx, form, person, now)
	if err != nil || !ok {
		return bot.Attachment{}, err
	}
	return csvOf(form+".csv", rows)
}
