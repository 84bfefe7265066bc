package playground

import (
	"encoding/json"
	"log/slog"
	"strings"
	"time"

	"passeur/bot"
	"passeur/intents/dates"
)

// scene is what the page shows beside the messages.
type scene struct {
	Clock       string        `json:"clock"` // "mercredi 2 décembre 2026, 18:00"
	ISO         string        `json:"iso"`
	More        bool          `json:"more"` // something is due some day
	Planned     []plannedLine `json:"planned"`
	Suggestions []string      `json:"suggestions"` // lines for the counsellor
}

type plannedLine struct {
	When string `json:"when"` // "jeudi 3 décembre, 18:00"
	ISO  string `json:"iso"`
	To   string `json:"to"`
	What string `json:"what"`
}

// phoneSuggestions are what people really answer: a digit, a refusal as it is typed in a hurry, the word that stops
// everything.
var phoneSuggestions = []string{"1", "2", "non dsl jpeu pa", "STOP"}

func (p *Playground) scene(now time.Time, planned []Planned, more bool) []byte {
	s := scene{
		Clock:       dates.FrenchDay(now) + now.Format(" 2006, 15:04"),
		ISO:         now.Format(time.RFC3339),
		More:        more,
		Planned:     make([]plannedLine, len(planned)),
		Suggestions: p.suggestions(now),
	}
	for i, item := range planned {
		at := item.At.In(now.Location())
		s.Planned[i] = plannedLine{dates.FrenchDay(at) + at.Format(", 15:04"), at.Format(time.RFC3339), item.To, item.What}
	}
	out, err := json.Marshal(s)
	if err != nil { // only texts and booleans: it cannot happen
		slog.Error("playground: encode the scene", "error", err)
	}
	return out
}

// suggestions are lines that the counsellor may click: a booking for each of the first two phones, on a working day
// far enough for the reminder of four days before, and the word that makes it good.
func (p *Playground) suggestions(now time.Time) []string {
	day, _, _ := strings.Cut(dates.FrenchDay(bookingDay(now)), " ")
	var out []string
	for i, phone := range p.phones[:min(2, len(p.phones))] {
		hour := []string{"10h", "14h30"}[i]
		out = append(out, "rdv "+bot.FrenchPhone(phone.Address.ID())+" "+phone.Name+" "+day+" "+hour+" mairie de Coutances")
	}
	return append(out, "oui", "mes rdv", "aide")
}

// bookingDay is the last working day of the week ahead: five or six days from now, four before a weekend.
func bookingDay(now time.Time) time.Time {
	for _, ahead := range []int{6, 5, 4} {
		if d := now.AddDate(0, 0, ahead); d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			return d
		}
	}
	return now.AddDate(0, 0, 1)
}
