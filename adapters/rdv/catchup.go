package rdv

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"passeur/bot"
)

// maxPages bounds one reading of one organisation: a hundred thousand appointments to come.
const maxPages = 1000

// listing is one page of appointments.
type listing struct {
	Rdvs []json.RawMessage `json:"rdvs"`
	Meta struct {
		NextPage text `json:"next_page"`
	} `json:"meta"`
}

// catchUp reads the appointments to come of each organisation once. What fails is logged and left to the next hour; the other
// organisations are read all the same, unless the service wants none of it.
func (n *Network) catchUp(ctx context.Context) {
	for _, organisation := range n.asked {
		told, err := n.readAll(ctx, organisation)
		if ctx.Err() != nil {
			return
		}
		log := n.log.With("organisation", organisation, "told", told)
		if err == nil {
			log.Debug("appointments to come were read")
			continue
		}
		log.Warn("appointments to come were not read to the end, again in an hour", "error", err)
		_, wait := errors.AsType[bot.RetryAfter](err)
		_, closed := errors.AsType[*denied](err)
		if wait || closed {
			return
		}
	}
}

// readAll tells the appointments of an organisation from today on, and says how many.
func (n *Network) readAll(ctx context.Context, organisation string) (told int, err error) {
	query := url.Values{"starts_after": {today(time.Now()).Format(time.RFC3339)}}
	if organisation != "" {
		query.Set("organisation_id", organisation)
	}
	for page := 1; page <= maxPages; {
		query.Set("page", strconv.Itoa(page))
		asked := time.Now()
		body, at, err := n.api.do(ctx, apiCall{method: http.MethodGet, path: "/rdvs", query: query})
		if err != nil {
			return told, fmt.Errorf("page %d: %w", page, err)
		}
		var l listing
		if err := json.Unmarshal(body, &l); err != nil {
			return told, fmt.Errorf("page %d: no JSON, or not that of a list of appointments", page)
		}
		count, err := n.tellRows(ctx, l.Rdvs, asOf(asked, at))
		told += count
		if err != nil {
			return told, err
		}
		next, err := strconv.Atoi(string(l.Meta.NextPage))
		if err != nil || next <= page { // the last one names none
			return told, nil
		}
		page = next
	}
	return told, fmt.Errorf("more than %d pages", maxPages)
}

// tellRows tells the rows of one page. One that cannot be read is logged and left out; one that is not kept ends the reading.
func (n *Network) tellRows(ctx context.Context, rows []json.RawMessage, at time.Time) (told int, err error) {
	for _, row := range rows {
		e, err := n.readRow(row, at)
		if err != nil {
			n.log.Warn("an appointment cannot be read", "error", err)
			continue
		}
		if err := n.tell(ctx, e); err != nil {
			return told, err
		}
		if e != nil {
			told++
		}
	}
	return told, nil
}

// readRow makes the event of one row, which stands as it was at. The ID is a hash of the row, so that a status is told of that changes
// without the date of the appointment's last change. Without that date the day goes into it as well: what changed and was changed
// back would else never be told again.
func (n *Network) readRow(row []byte, at time.Time) (*bot.Event, error) {
	b, err := readAppointment(row, false, n.relay)
	if err != nil {
		return nil, err
	}
	if !n.ours(b.organisation) {
		return nil, nil
	}
	b.Event, b.Written = "updated", b.updated
	seen := row
	if b.updated.IsZero() {
		b.Written = at
		seen = append([]byte(at.UTC().Format(time.DateOnly)), row...)
	}
	return event("rdv/api/"+b.ID+"/"+digest(seen), b.OutsideRdv)
}

// asOf is an instant at which a page was certainly not older: when it was asked for, by the clock that is behind, to the second, as the
// service dates its calls. A change that is heard of meanwhile must not look older than the page.
func asOf(asked, service time.Time) time.Time {
	if !service.IsZero() && service.Before(asked) {
		asked = service
	}
	return asked.Truncate(time.Second)
}

// today is midnight in Paris: everywhere overseas, too, what began before it is over.
func today(now time.Time) time.Time {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		paris = time.UTC
	}
	y, m, d := now.In(paris).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, paris)
}
