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

// venue reads a place of the national directory: "50025 EPN d'Avranches | service; service | EPN; France Services | mercredi 14h-18h |
// +33261910003"; what is behind the services may be empty.
func venue(text string, n int) (bot.Venue, error) {
	f := strings.Split(text, "|")
	code, name, ok := strings.Cut(strings.TrimSpace(f[0]), " ")
	if len(f) < 2 || !ok {
		return bot.Venue{}, fmt.Errorf("écrivez : annuaire 50025 EPN d'Avranches | Maîtrise des outils numériques du quotidien | EPN | mercredi 14h-18h | +33261910003")
	}
	list := func(i int) (out []string) {
		if i < len(f) {
			for one := range strings.SplitSeq(f[i], ";") {
				if one = strings.TrimSpace(one); one != "" {
					out = append(out, one)
				}
			}
		}
		return out
	}
	v := bot.Venue{V: 1, ID: fmt.Sprint("v", n), Name: name, Commune: code, Address: "1 place de l'Exemple", Services: list(1), Types: list(2), Programmes: list(2), Labels: list(2), Updated: "2026-09-01"}
	if hours := list(3); len(hours) > 0 {
		v.Opening = hours[0]
	}
	if phone := list(4); len(phone) > 0 {
		v.Phone = phone[0]
	}
	return v, nil
}
