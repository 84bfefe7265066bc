package dialogue

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"passeur/bot"
)

// outside has another tool tell of an appointment: "90210 updated 2026-12-01T09:00 2026-12-04T10:00 unknown Marie Lecomte | 777 Jeanne
// Dupont +33639981234 unknown | mairie de Coutances, 50200 Coutances". Participants may be several, between bars; the place comes last.
// "rgpd" behind the event is its reason; "chez-elle" in place of a place is a visit.
func (p *player) outside(ctx context.Context, text string) error {
	parts := strings.Split(text, "|")
	f := strings.Fields(parts[0])
	if len(parts) < 3 || len(f) < 7 {
		return fmt.Errorf("écrivez : externe 90210 created 2026-12-01T09:00 2026-12-04T10:00 unknown Marie Lecomte | 777 Jeanne Dupont +33639981234 unknown | mairie de Coutances, 50200 Coutances")
	}
	event, reason, _ := strings.Cut(f[1], "-")
	b := bot.Booked{Source: "rsp", ID: f[0], Event: event, Reason: reason, Status: f[4], Agents: []string{strings.Join(f[5:], " ")}, Organisation: "7"}
	for i, into := range []*time.Time{&b.Written, &b.Start} {
		at, err := time.ParseInLocation("2006-01-02T15:04", f[2+i], p.zone)
		if err != nil {
			return fmt.Errorf("« %s » n'est pas un moment : 2026-12-04T10:00", f[2+i])
		}
		*into = at
	}
	b.End = b.Start.Add(time.Hour)
	for _, one := range parts[1 : len(parts)-1] {
		w := strings.Fields(one)
		if len(w) < 4 {
			return fmt.Errorf("un participant s'écrit : 777 Jeanne Dupont +33639981234 unknown")
		}
		n := len(w)
		b.Participants = append(b.Participants, bot.BookedUsager{ID: w[0], Name: strings.Join(w[1:n-2], " "), Phone: w[n-2], Status: w[n-1]})
	}
	place := strings.TrimSpace(parts[len(parts)-1])
	where, commune, _ := strings.Cut(place, ",")
	b.Postcode, b.Commune, _ = strings.Cut(strings.TrimSpace(commune), " ")
	if b.Where = where; where == "chez-elle" {
		b.Where, b.AtHome = "", true
	}
	body, err := json.Marshal(b)
	if err != nil {
		return err
	}
	p.events++
	return p.twice(ctx, bot.Event{ID: fmt.Sprintf("dialogue/%d", p.events), At: p.now, Role: bot.Itself, Intent: bot.BookedIntent, About: "externe/rsp-" + b.ID,
		Values: map[string]string{bot.OutsideValue: string(body)}})
}
