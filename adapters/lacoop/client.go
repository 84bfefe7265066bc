package lacoop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"time"
)

const (
	maxAnswer = 16 << 20 // bytes of a page: one of 500 activities is some 700 kB
	maxPages  = 10_000   // of one reading: five million activities
	patience  = 30 * time.Second
)

// Client reads what La Coop has, by its public API, which only reads. Its key is one of a département or a hub and sees the whole country: it is no
// counsellor's. It may be copied, and used by several goroutines.
type Client struct {
	Base string       // the address of La Coop; "" is Site
	Key  string       // "<client>:<secret>", as La Coop's administrators give it; it goes nowhere but to Base
	HTTP *http.Client // nil: one that gives up on an answer after 30 seconds
}

// Remote is an activity that La Coop has.
type Remote struct {
	ID      string   // La Coop's
	Author  string   // the id that La Coop has of whoever did it: the API does not select by it, the caller may
	Date    string   // the day: 2026-12-04
	Type    string   // "individuel", "collectif"; what La Coop had once
	Minutes int      // in all
	INSEE   string   // the commune's code; "" of one at a place of La Coop's, for which it tells only the place
	Themes  []string // slugs
	People  int      // who were helped
}

// Activities reads the activities that were made or changed since an instant, all of them if it is zero, the last that was changed first; those that were
// deleted are left out. One that is changed while this reads may be missed. After an error, a sentence in French, nothing comes any more; what came before
// stands.
func (c Client) Activities(ctx context.Context, since time.Time) iter.Seq2[Remote, error] {
	return func(yield func(Remote, error) bool) {
		err := c.read(ctx, since, func(r Remote) bool { return yield(r, nil) })
		if err != nil {
			yield(Remote{}, fmt.Errorf("lecture de La Coop : %w", err))
		}
	}
}

// read tells all activities until tell has enough.
func (c Client) read(ctx context.Context, since time.Time, tell func(Remote) bool) error {
	at, err := c.start(since)
	if err != nil {
		return err
	}
	for seen := map[string]bool{}; len(seen) < maxPages; {
		if seen[at.String()] {
			return errors.New("les pages tournent en rond, la lecture n'a pas de fin")
		}
		seen[at.String()] = true
		p, err := c.page(ctx, at)
		if err != nil {
			return err
		}
		for _, row := range p.Data {
			r, err := row.remote()
			if err != nil {
				return err
			}
			if row.Attributes.Suppression == "" && !tell(r) {
				return nil
			}
		}
		if len(p.Data) == 0 || p.Links.Next == "" { // even the last page that has something names a next one
			return nil
		}
		if at, err = following(at, string(p.Links.Next)); err != nil {
			return err
		}
	}
	return fmt.Errorf("plus de %d pages : lire depuis une date plus récente", maxPages)
}

// start is the address of the first page. La Coop reads instants in UTC only.
func (c Client) start(since time.Time) (*url.URL, error) {
	site, err := siteOf(c.Base)
	if err != nil {
		return nil, err
	}
	query := url.Values{"page[size]": {"500"}}
	if !since.IsZero() {
		query.Set("filter[modification][depuis]", since.UTC().Format("2006-01-02T15:04:05Z"))
	}
	at := site.JoinPath("api/v1/activites")
	at.RawQuery = query.Encode()
	return at, nil
}

// following is the page that another one names, at the same place: the key goes nowhere else.
func following(at *url.URL, href string) (*url.URL, error) {
	next, err := at.Parse(href)
	if err != nil || next.Scheme != at.Scheme || next.Host != at.Host || next.User != nil {
		return nil, fmt.Errorf("la suite est annoncée ailleurs qu'à %s, où la clé ne va pas : vérifier l'adresse de La Coop", at.Host)
	}
	return next, nil
}

// page asks for one page.
func (c Client) page(ctx context.Context, at *url.URL) (p page, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return p, err
	}
	req.Header.Set("Authorization", "Bearer "+c.Key)
	req.Header.Set("Accept", "application/json")
	res, err := c.client().Do(req)
	if err != nil {
		return p, fmt.Errorf("service injoignable : %w", bare(err))
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return p, refusal(res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return p, fmt.Errorf("réponse coupée : %w", bare(err))
	case len(body) > maxAnswer:
		return p, fmt.Errorf("réponse de plus de %d Mio", maxAnswer>>20)
	}
	if err := json.Unmarshal(body, &p); err != nil || p.Data == nil {
		return p, errors.New("la réponse n'est pas une liste d'activités")
	}
	return p, nil
}

// client is the one that was given, without redirections, which might carry the key to another host.
func (c Client) client() *http.Client {
	client := http.Client{Timeout: patience}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// bare takes the address off an error: its cursor says nothing to anybody.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// refusal says what a status means to who has to mend it.
func refusal(status int) error {
	switch status {
	case http.StatusForbidden:
		return errors.New("clé refusée (403) : elle s'écrit <client>:<secret>, doit avoir la portée « Activites » et n'être ni à venir ni périmée ; " +
			"demandez-la aux administrateurs de La Coop")
	case http.StatusBadRequest:
		return errors.New("demande refusée (400) : l'API a changé, mettez Passeur à jour")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return fmt.Errorf("le service demande d'attendre (%d) : réessayez plus tard", status)
	}
	return fmt.Errorf("réponse %d au lieu des activités", status)
}

// page is one of a list.
type page struct {
	Data  []row `json:"data"`
	Links struct {
		Next href `json:"next"`
	} `json:"links"`
}

// href is the address of a page: an object has it, or, as the API's description says, it is a text.
type href string

// UnmarshalJSON reads either; null is none.
func (h *href) UnmarshalJSON(b []byte) error {
	var object struct{ Href string }
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(h))
	}
	err := json.Unmarshal(b, &object)
	*h = href(object.Href)
	return err
}

// row is an activity as La Coop writes it, of which other attributes are left out.
type row struct {
	ID         string `json:"id"`
	Attributes struct {
		Type            string   `json:"type"`
		Author          string   `json:"mediateur_id"`
		Date            string   `json:"date"`
		Duree           int      `json:"duree"`
		INSEE           string   `json:"lieu_code_insee"`
		Thematiques     []string `json:"thematiques"`
		Accompagnements int      `json:"accompagnements"`
		Suppression     string   `json:"suppression"`
		Beneficiaires   struct {
			Total int `json:"total"`
		} `json:"beneficiaires"`
	} `json:"attributes"`
}

// remote reads it. Its day may come with an hour, which is then of the clock in Paris.
func (r row) remote() (Remote, error) {
	a := r.Attributes
	date := a.Date
	if at, err := time.Parse(time.RFC3339, date); err == nil {
		date = at.In(paris()).Format(time.DateOnly)
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil || r.ID == "" {
		return Remote{}, fmt.Errorf("une activité n'a pas de jour lisible (%q)", r.ID)
	}
	return Remote{ID: r.ID, Author: a.Author, Date: date, Type: a.Type, Minutes: a.Duree, INSEE: a.INSEE, Themes: a.Thematiques,
		People: max(a.Accompagnements, a.Beneficiaires.Total)}, nil
}

// paris is the zone of La Coop; UTC where the machine has no zones, which gives the same day unless the hour is one of the first two.
func paris() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return time.UTC
	}
	return zone
}
