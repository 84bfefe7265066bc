package lacoop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const key = "00000000-0000-4000-8000-000000000000:mot-de-passe-fictif"

// activity is one as La Coop writes it, with some attributes changed or added.
func activity(id, attributes string) string {
	return fmt.Sprintf(`{"type":"activite","id":%q,"attributes":{"type":"individuel","mediateur_id":"m","date":"2026-09-14","duree":45,"lieu_code_insee":null,"thematiques":["email"],"accompagnements":1,
		"suppression":null,"nouveau":{"a":[1]},"beneficiaires":{"total":1,"genres":{"feminin":1}}%s}}`, id, attributes)
}

// list is a page of them.
func list(next string, activities ...string) string {
	return fmt.Sprintf(`{"data":[%s],"links":{"self":{"href":"x"}%s},"meta":{"has_next_page":true}}`, strings.Join(activities, ","), next)
}

// follows is how a page names the next.
func follows(href string) string { return fmt.Sprintf(`,"next":{"href":%q}`, href) }

// theirAPI is an API of La Coop that answers with pages by their cursors, each a function of its own address.
func theirAPI(t *testing.T, pages map[string]string) (Client, *[]string) {
	t.Helper()
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path+" "+r.URL.Query().Get("page[size]")+" "+r.URL.Query().Get("filter[modification][depuis]")+" "+r.URL.Query().Get("page[after]"))
		if r.Header.Get("Authorization") != "Bearer "+key {
			http.Error(w, `{"error":"Forbidden"}`, http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, strings.ReplaceAll(pages[r.URL.Query().Get("page[after]")], "$SELF", "http://"+r.Host+r.URL.Path))
	}))
	t.Cleanup(server.Close)
	return Client{Base: server.URL + "/", Key: key}, &asked
}

// all reads what there is until an error.
func all(c Client, since time.Time) (ids []string, err error) {
	for r, err := range c.Activities(context.Background(), since) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, r.ID)
	}
	return ids, nil
}

func TestActivities(t *testing.T) {
	c, asked := theirAPI(t, map[string]string{
		"":  list(follows("$SELF?page%5Bsize%5D=500&page%5Bafter%5D=b"), activity("1", ""), activity("2", `,"suppression":"2026-10-01T08:00:00.000Z"`)),
		"b": list(follows("/api/v1/activites?page[after]=c"), activity("3", "")),
		"c": list(`,"next":"$SELF?page%5Bafter%5D=d"`, activity("4", "")),
		"d": list(follows("$SELF?page%5Bafter%5D=e")), // empty, and names a next one all the same
		"e": list("", activity("never asked for", "")),
	})
	got, err := all(c, time.Date(2026, 9, 1, 2, 0, 0, 5, time.FixedZone("", 2*3600)))
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"1", "3", "4"}, got); diff != "" {
		t.Error(diff)
	}
	want := []string{"GET /api/v1/activites 500 2026-09-01T00:00:00Z ", "GET /api/v1/activites 500  b", "GET /api/v1/activites   c", "GET /api/v1/activites   d"}
	if diff := cmp.Diff(want, *asked); diff != "" {
		t.Error(diff)
	}
}

// TestActivitiesEnd: who has enough asks for no further page, and a last page need not name a next one.
func TestActivitiesEnd(t *testing.T) {
	c, asked := theirAPI(t, map[string]string{"": list(follows("$SELF?page%5Bafter%5D=b"), activity("1", ""), activity("2", "")), "b": list(`,"next":null`, activity("3", ""))})
	for r, err := range c.Activities(context.Background(), time.Time{}) {
		if r.ID != "1" || err != nil {
			t.Error(r, err)
		}
		break
	}
	if len(*asked) != 1 || strings.Contains((*asked)[0], "T00") {
		t.Error(*asked)
	}
	if got, err := all(c, time.Time{}); err != nil || len(got) != 3 {
		t.Error(got, err)
	}
}

func TestRemote(t *testing.T) {
	c, _ := theirAPI(t, map[string]string{"": list("",
		activity("a", `,"type":"collectif","duree":90,"accompagnements":9,"lieu_code_insee":"50502","thematiques":["email","logement"],"date":"2026-09-14T00:00:00.000Z"`),
		activity("b", `,"date":"2026-09-13T22:00:00Z","thematiques":null,"accompagnements":null,"beneficiaires":{"total":2}`))})
	var got []Remote
	for r, err := range c.Activities(context.Background(), time.Time{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	want := []Remote{
		{ID: "a", Author: "m", Date: "2026-09-14", Type: "collectif", Minutes: 90, INSEE: "50502", Themes: []string{"email", "logement"}, People: 9},
		{ID: "b", Author: "m", Date: "2026-09-14", Type: "individuel", Minutes: 45, People: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestActivitiesFail: each is a sentence, told once; what came before stands; none says the key.
func TestActivitiesFail(t *testing.T) {
	elsewhere, stolen := theirAPI(t, nil)
	for _, c := range []struct {
		name, first, second string
		before              int
		want                string
	}{
		{"no JSON", `<html>`, "", 0, "la réponse n'est pas une liste d'activités"},
		{"cut off", list("", activity("1", ""))[:200], "", 0, "la réponse n'est pas une liste d'activités"},
		{"no list", `{"error":"x"}`, "", 0, "la réponse n'est pas une liste d'activités"},
		{"numbers as words", list("", activity("1", `,"duree":"longue"`)), "", 0, "la réponse n'est pas une liste d'activités"},
		{"on the second page", list(follows("$SELF?page[after]=b"), activity("1", "")), `{}`, 1, "la réponse n'est pas une liste d'activités"},
		{"no day", list("", activity("1", ""), activity("2", `,"date":"hier"`)), "", 1, "une activité n'a pas de jour lisible (\"2\")"},
		{"in circles", list(follows("$SELF?page[after]=b"), activity("1", "")), list(follows("$SELF?page[after]=b"), activity("2", "")), 2, "les pages tournent en rond, la lecture n'a pas de fin"},
		{"elsewhere", list(follows(elsewhere.Base+"api/v1/activites?page[after]=b"), activity("1", "")), "", 1, "où la clé ne va pas"},
		{"without TLS or with", list(follows("https://127.0.0.1/api"), activity("1", "")), "", 1, "où la clé ne va pas"},
		{"with another name", list(follows("//a@127.0.0.1/api"), activity("1", "")), "", 1, "où la clé ne va pas"},
		{"no address", list(follows("http://[::1"), activity("1", "")), "", 1, "où la clé ne va pas"},
		{"too large", list("", activity(strings.Repeat("x", maxAnswer), "")), "", 0, "réponse de plus de 16 Mio"},
	} {
		client, _ := theirAPI(t, map[string]string{"": c.first, "b": c.second})
		got, err := all(client, time.Time{})
		if err == nil || !strings.Contains(err.Error(), c.want) || len(got) != c.before || strings.Contains(err.Error(), "fictif") {
			t.Errorf("%s: %d activities, %v", c.name, len(got), err)
		}
	}
	if len(*stolen) > 0 {
		t.Errorf("the key went elsewhere: %q", *stolen)
	}
}

func TestStatuses(t *testing.T) {
	for status, want := range map[int]string{
		302: "réponse 302 au lieu des activités",
		400: "demande refusée (400) : l'API a changé, mettez Passeur à jour",
		403: "clé refusée (403) : elle s'écrit <client>:<secret>, doit avoir la portée « Activites » et n'être ni à venir ni périmée ; demandez-la aux administrateurs de La Coop",
		429: "le service demande d'attendre (429) : réessayez plus tard",
		500: "réponse 500 au lieu des activités",
	} {
		calls := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			w.Header().Set("Location", "/ailleurs")
			w.WriteHeader(status)
		}))
		_, err := all(Client{Base: server.URL, Key: key, HTTP: server.Client()}, time.Time{})
		server.Close()
		if err == nil || err.Error() != "lecture de La Coop : "+want || calls != 1 {
			t.Errorf("%d: %d calls, %v", status, calls, err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	if _, err := all(Client{Base: server.URL}, time.Time{}); err == nil || !strings.HasPrefix(err.Error(), "lecture de La Coop : service injoignable : ") || strings.Contains(err.Error(), "page") {
		t.Error(err)
	}
	if _, err := all(Client{Base: "http://coop.example.fr"}, time.Time{}); err == nil {
		t.Error("the key went without TLS")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c, _ := theirAPI(t, nil)
	for _, err := range c.Activities(ctx, time.Time{}) {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

// FuzzAnswer: whatever La Coop answers, reading ends, and what is told has a day.
func FuzzAnswer(f *testing.F) {
	f.Add(list(follows("/api/v1/activites?page[after]=b"), activity("1", "")))
	f.Add(list(`,"next":"x"`, activity("1", `,"date":"2026-09-13T22:00:00+02:00"`)))
	f.Add(`{"data":[{}],"links":{"next":[]}}`)
	f.Fuzz(func(t *testing.T, answer string) {
		served := roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host != "localhost" {
				t.Errorf("the key went to %s", r.URL)
			}
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(answer))}, nil
		})
		c := Client{Base: "http://localhost", HTTP: &http.Client{Transport: served}}
		for r, err := range c.Activities(context.Background(), time.Time{}) {
			if _, wrong := time.Parse(time.DateOnly, r.Date); err == nil && wrong != nil {
				t.Errorf("%+v", r)
			}
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
