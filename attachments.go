package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"passeur/bot"
	"passeur/papers"
)

// attachments are the files that messages may carry, by the beginning of their names (bot.Message.File). A file is made when its message is
// sent, from what is known then; nothing of it is stored.
var attachments = []attachment{
	{prefix: bot.ActivityFiles, make: (*house).activityFile},
	{prefix: bot.BilanFiles, make: (*house).bilanFile},
	{prefix: bot.CampaignFiles, make: (*house).campaignFile},
	{prefix: bot.CardFiles, make: (*house).cardFile},
	{prefix: bot.FilledFiles, make: (*house).filledFile},
	{prefix: bot.GatheringFiles, make: (*house).gatheringFile},
	{prefix: bot.InquiryFiles, make: (*house).inquiryFile},
	{prefix: bot.PosterFiles, make: (*house).posterFile},
}

// attachment is one sort of file.
type attachment struct {
	prefix string // "poster/"
	// make makes the file of which name is the rest of the name, as things stand at a moment. Without Data there is nothing to send any more.
	make func(h *house, ctx context.Context, name string, now time.Time) (bot.Attachment, error)
}

// attach makes the file of a name, as things stand at a moment. A name that nothing here begins is an error.
func (h *house) attach(ctx context.Context, name string, now time.Time) (bot.Attachment, error) {
	for _, a := range attachments {
		if rest, ok := strings.CutPrefix(name, a.prefix); ok {
			return a.make(h, ctx, rest, now)
		}
	}
	return bot.Attachment{}, fmt.Errorf("nothing makes the file %q", name)
}

// posterFile is the poster of a permanence: "<id>.pdf".
func (h *house) posterFile(ctx context.Context, name string, now time.Time) (bot.Attachment, error) {
	id, byTelegram := strings.CutSuffix(strings.TrimSuffix(name, ".pdf"), bot.TelegramPoster)
	facts, held, err := h.bot.Poster(ctx, id, now)
	if err != nil || !held {
		return bot.Attachment{}, err
	}
	text := posterText(h.cfg, facts, now)
	_ = text.answerable(h.cfg, facts.Keyword) // the sheet itself shows how it is answered
	if byTelegram {
		text.opensTelegram(facts)
	}
	var pdf bytes.Buffer
	if err := papers.Poster(&pdf, text.PosterText); err != nil {
		return bot.Attachment{}, err
	}
	return bot.Attachment{Name: fileName(facts, byTelegram), Type: "application/pdf", Data: pdf.Bytes()}, nil
}
