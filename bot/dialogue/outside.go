package dialogue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"passeur/bot"
)

// outsideRdv has another tool tell of an appointment: "90210 updated 2026-12-01T09:00 2026-12-04T10:00 unknown Marie Lecomte | 777 Jeanne
// Dupont +33639981234 unknown | mairie de Coutances, 50200 Coutances". Participants may be several, between bars; the place comes last.
// "rgpd" behind the event is its reason; "chez-elle" in place of a place is a visit.
func (p *player) outsideRdv(ctx context.Context, words []string) error {
	parts := strings.Split(strings.Join(words, " "), "|")
	f := strings.Fields(parts[0])
	if len(parts) < 3 || len(f) < 7 {
		return errShape
	}
	event, reason, _ := strings.Cut(f[1], "-")
	b := bot.OutsideRdv{Source: "rsp", ID: f[0], Event: event, Reason: reason, Status: f[4], Agents: []string{strings.Join(f[5:], " ")}}
	for i, into := range []*time.Time{&b.Written, &b.Start} {
		if err := p.moment(into, f[2+i]); err != nil {
			return err
		}
	}
	b.End = b.Start.Add(time.Hour)
	for _, one := range parts[1 : len(parts)-1] {
		w := strings.Fields(one)
		if len(w) < 4 {
			return errShape
		}
		n := len(w)
		b.Participants = append(b.Participants, bot.OutsideUsager{ID: w[0], Name: strings.Join(w[1:n-2], " "), Phone: w[n-2], Status: w[n-1]})
	}
	place := strings.TrimSpace(parts[len(parts)-1])
	where, commune, _ := strings.Cut(place, ",")
	b.Postcode, b.Commune, _ = strings.Cut(strings.TrimSpace(commune), " ")
	if b.Where = where; where == "chez-elle" {
		b.Where, b.AtHome = "", true
	}
	return p.tellOutside(ctx, bot.Event{Intent: bot.OutsideRdvIntent, About: "externe/rsp-" + b.ID}, b)
}

// refersOnline has somebody fill in the form of a partner's link, the last one that stands in a post: "06 39 98 12 34 | Jeanne | Périers | oui".
func (p *player) refersOnline(ctx context.Context, words []string) error {
	f := strings.Split(strings.Join(words, " "), "|")
	if len(f) != 4 {
		return errShape
	}
	if p.partner == "" {
		return errors.New("personne n'a encore reçu de lien de prescripteur : « nouveau prescripteur … »")
	}
	values := map[string]string{}
	for i, field := range []string{bot.ReferPhone, bot.ReferName, bot.ReferCommune, bot.ReferTold} {
		values[field] = strings.TrimSpace(f[i])
	}
	return p.tell(ctx, bot.Event{Role: bot.Itself, Intent: bot.ReferralIntent, About: bot.PartnerAbout(p.partner), Values: values})
}

// partnerLink is before the id of a partner in the addresses that dialogues give.
const partnerLink = "/orientation/"

// noteLink remembers the partner of the last link that stands in a message.
func (p *player) noteLink(text string) {
	if at := strings.LastIndex(text, partnerLink); at >= 0 {
		p.partner, _, _ = strings.Cut(strings.Fields(text[at+len(partnerLink):] + " .")[0], "\n")
	}
}

// showReferral shows the page that answers a partner's form.
func (p *player) showReferral(e bot.Event, answer bot.Response) {
	if e.Intent != bot.ReferralIntent {
		return
	}
	lines := []string{"Reçu"}
	if len(answer.Errors) > 0 {
		lines = []string{"À corriger"}
		for _, field := range slices.Sorted(maps.Keys(answer.Errors)) {
			lines = append(lines, strings.TrimSpace(field+" ✗ "+answer.Errors[field]))
		}
	}
	p.sent = append(p.sent, message{opens, "orientation:formulaire", strings.Join(lines, "\n")})
}

// moment reads "2026-12-04T10:00".
func (p *player) moment(into *time.Time, text string) (err error) {
	if *into, err = time.ParseInLocation("2006-01-02T15:04", text, p.zone); err != nil {
		return fmt.Errorf("« %s » n'est pas un moment : 2026-12-04T10:00", text)
	}
	return nil
}

// listed reads a place of the national directory: "50025 EPN d'Avranches | service; service | EPN; France Services | mercredi 14h-18h |
// +33261910003"; what is behind the services may be empty.
func (p *player) listed(_ context.Context, words []string) error {
	f := strings.Split(strings.Join(words, " "), "|")
	code, name, ok := strings.Cut(strings.TrimSpace(f[0]), " ")
	if len(f) < 2 || !ok {
		return errShape
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
	v := bot.Venue{V: 1, ID: fmt.Sprint("v", len(p.setup.Venues)), Name: name, Commune: code, Address: "1 place de l'Exemple", Services: list(1), Types: list(2), Programmes: list(2), Labels: list(2), Updated: "2026-09-01"}
	if hours := list(3); len(hours) > 0 {
		v.Opening = hours[0]
	}
	if phone := list(4); len(phone) > 0 {
		v.Phone = phone[0]
	}
	p.setup.Venues = append(p.setup.Venues, v)
	return nil
}

// calendarHolds has the calendar "agenda" tell of all that it holds: "u1 u2".
func (p *player) calendarHolds(ctx context.Context, words []string) error {
	return p.tellOutside(ctx, bot.Event{Intent: bot.FeedStateIntent, About: "agenda/agenda"}, bot.FeedState{Feed: "agenda", UIDs: words})
}

// calendarEntry has it tell of an entry: "u1 2026-12-08T14:00 2026-12-08T17:00 FREQ=WEEKLY;BYDAY=TU Permanence | mairie de Périers".
func (p *player) calendarEntry(ctx context.Context, words []string) error {
	rest, place, _ := strings.Cut(strings.Join(words, " "), "|")
	f := strings.Fields(rest)
	if len(f) < 4 {
		return errShape
	}
	e := bot.FeedEntry{Feed: "agenda", UID: f[0], Location: strings.TrimSpace(place), Zone: p.zone.String()}
	times := []*time.Time{&e.Start, &e.End}
	title := f[4:]
	switch f[3] {
	case "-":
	case "supprimé":
		e.Gone = true
	case "exception":
		if len(f) < 5 {
			return errShape
		}
		times, f, title = append(times, &e.Recurs), append(f[:3:3], f[4:]...), f[5:]
	default:
		e.Rule = f[3]
	}
	for i, into := range times {
		if err := p.moment(into, f[1+i]); err != nil {
			return err
		}
	}
	e.Summary = strings.Join(title, " ")
	if !e.Recurs.IsZero() && e.Summary == "supprimé" {
		e.Gone = true
	}
	return p.tellOutside(ctx, bot.Event{Intent: bot.FeedEntryIntent, About: "agenda/agenda/" + e.UID}, e)
}

// tellOutside has the bot hear what another tool tells, twice.
func (p *player) tellOutside(ctx context.Context, e bot.Event, what any) error {
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	e.Role, e.Values = bot.Itself, map[string]string{bot.OutsideValue: string(body)}
	return p.tell(ctx, e)
}
