package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"passeur/bot"
	"passeur/intents/dates"
	"passeur/papers"
)

// inquiryFile is a picture of how questions stand in the territories of a coordinator: for names like "<person>.png".
func (h *house) inquiryFile(ctx context.Context, name string, now time.Time) (bot.Attachment, error) {
	person, is := strings.CutSuffix(name, ".png")
	if !is {
		return bot.Attachment{}, nil
	}
	sheet, ok, err := h.bot.Inquiries(ctx, person, now)
	if err != nil || !ok || nobodyAsked(sheet) {
		return bot.Attachment{}, err
	}
	var out bytes.Buffer
	if err := papers.Bars(&out, inquiryPicture(sheet)); err != nil {
		return bot.Attachment{}, err
	}
	return bot.Attachment{Name: "questions.png", Type: "image/png", Data: out.Bytes()}, nil
}

// nobodyAsked tells that there is nothing to see yet. (That nobody was asked anything this week says something only beside what was asked before.)
func nobodyAsked(s bot.InquirySheet) bool {
	return allNone(s.Outcomes) && allNone(s.Spells) && allNone(s.Unanswered)
}

func allNone(figures []bot.Figure) bool {
	for _, f := range figures {
		if f.Value > 0 {
			return false
		}
	}
	return true
}

// What a picture shows of long lists.
const (
	mostUnanswered = 8
	mostLoads      = 10 // those that are asked more often are counted together
	mostNoExpert   = 6
	mostInTitle    = 12 // territories
)

// inquiryPicture is what is drawn. Of a group that counts nothing there is nothing to see.
func inquiryPicture(s bot.InquirySheet) papers.BarsPicture {
	where := strings.Join(s.Territories, ", ")
	if n := len(s.Territories); n > mostInTitle {
		where = fmt.Sprintf("%d départements", n)
	}
	p := papers.BarsPicture{Title: fmt.Sprintf("Questions entre collègues (%s)", where), Note: inquiryNote(s)}
	draw := func(heading string, figures []bot.Figure, kind int) {
		if allNone(figures) {
			return
		}
		group := papers.BarGroup{Heading: heading}
		for _, f := range figures {
			group.Bars = append(group.Bars, papers.Bar{Label: f.Label, Value: f.Value, Kind: kind})
		}
		p.Groups = append(p.Groups, group)
	}
	draw("Questions", s.Outcomes, papers.BarPlain)
	draw("Premières réponses", s.Spells, papers.BarStrong)
	draw("Sans réponse, par thème", s.Unanswered[:min(len(s.Unanswered), mostUnanswered)], papers.BarAlert)
	draw("Sollicitations de la semaine, par collègue", loadBars(s.Load), papers.BarPlain)
	return p
}

// loadBars are how many colleagues were asked so often, those who were asked much as one.
func loadBars(load []bot.Figure) []bot.Figure {
	if len(load) <= mostLoads+1 {
		return load
	}
	most := load[mostLoads]
	most.Label += " et plus"
	for _, f := range load[mostLoads+1:] {
		most.Value += f.Value
	}
	return append(load[:mostLoads:mostLoads], most)
}

// inquiryNote says since when is counted, how soon first answers come, and of what nobody knows much.
func inquiryNote(s bot.InquirySheet) string {
	var parts []string
	if since, err := time.Parse("2006-01", s.Since); err == nil {
		_, day, _ := strings.Cut(dates.FrenchDay(since), " ")
		parts = append(parts, fmt.Sprintf("Depuis le %s %d.", day, since.Year()))
	}
	if s.Median != "" {
		parts = append(parts, fmt.Sprintf("La moitié des premières réponses : %s.", s.Median))
	}
	if n := len(s.NoExpert); n > 0 {
		themes := strings.Join(s.NoExpert[:min(n, mostNoExpert)], " ; ")
		if more := n - mostNoExpert; more > 0 {
			themes += fmt.Sprintf(" ; et %d autre(s)", more)
		}
		parts = append(parts, fmt.Sprintf("Thèmes demandés que personne ne connaît bien : %s.", themes))
	}
	return strings.Join(parts, " ")
}
