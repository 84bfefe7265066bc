package rdv

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"passeur/bot"
)

// row is an appointment as the API lists it. more are fields beside its id, start and organisation.
func row(id int, more string) string {
	return fmt.Sprintf(`{"id":%d,"starts_at":"2026-10-14 10:30:00 +0200","organisation":{"id":7}%s}`, id, more)
}

// gather reads the appointments to come once, and returns what was told.
func gather(t *testing.T, n *Network, fail func(e bot.Event) error) (told []bot.Event) {
	t.Helper()
	n.ear.Open(func(_ context.Context, e bot.Event) (bot.Response, error) {
		if fail != nil {
			if err := fail(e); err != nil {
				return bot.Response{}, err
			}
		}
		told = append(told, e)
		return bot.Response{}, nil
	})
	defer n.ear.Close()
	n.catchUp(context.Background())
	return told
}

// ids are those of the appointments that were told of.
func ids(t *testing.T, told []bot.Event) (out []string) {
	t.Helper()
	for _, e := range told {
		out = append(out, booked(t, e).ID)
		if !strings.HasPrefix(e.ID, "rdv/api/"+booked(t, e).ID+"/") || booked(t, e).Event != "updated" {
			t.Errorf("event %+v", e)
		}
		checkEvent(t, e)
	}
	return out
}

func TestPages(t *testing.T) {
	s := newService()
	s.rows["7"] = []string{row(1, ""), row(2, ""), row(3, `,"updated_at":"2026-10-01 08:00:00 +0200"`), `{"id":"unreadable"}`, row(5, "")}
	s.rows["8"] = []string{strings.Replace(row(6, ""), `"id":7`, `"id":8`, 1), strings.Replace(row(10, ""), `"id":7`, `"id":9`, 1)}
	n := s.start(t, func(c *Config) { c.Organisations = []string{"7", "8"} })
	before := time.Now().Truncate(time.Second)
	told := gather(t, n, nil)
	if got := ids(t, told); !slices.Equal(got, []string{"1", "2", "3", "5", "6"}) || n.Foreign() != 1 {
		t.Errorf("told %v, %d foreign", got, n.Foreign())
	}
	if b := booked(t, told[0]); b.Written.Before(before.Add(-time.Second)) || b.Written.After(time.Now()) {
		t.Errorf("written %s", b.Written)
	}
	if b := booked(t, told[2]); b.Written.Format(time.RFC3339) != "2026-10-01T08:00:00+02:00" {
		t.Errorf("written %s", b.Written)
	}
	asked := s.askedFor()
	for i, want := range []string{"", "organisation_id=7&page=1&", "organisation_id=7&page=2&", "organisation_id=7&page=3&", "organisation_id=8&page=1&"} {
		if !strings.Contains(asked[i], want) || i > 0 && !strings.Contains(asked[i], "starts_after=20") {
			t.Errorf("asked %q, want %q", asked[i], want)
		}
	}
	again := gather(t, n, nil)
	if again[2].ID != told[2].ID || again[0].ID == again[1].ID {
		t.Error("an ID does not stand for what it tells")
	}
}

func TestAllOrganisations(t *testing.T) {
	s := newService()
	s.rows[""] = []string{row(1, "")}
	if got := ids(t, gather(t, s.start(t, nil), nil)); !slices.Equal(got, []string{"1"}) {
		t.Errorf("told %v", got)
	}
	if asked := s.askedFor(); strings.Contains(asked[1], "organisation_id") {
		t.Errorf("asked %q", asked)
	}
}

// TestPageFails: what came before is told, the next organisation is read, and the next hour brings the rest. A service that wants none
// of it is not asked again.
func TestPageFails(t *testing.T) {
	second := func(status int, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if r.FormValue("page") != "2" {
				return false
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	for name, c := range map[string]struct {
		fail func(http.ResponseWriter, *http.Request) bool
		want []string
	}{
		"500":         {second(500, ""), []string{"1", "2", "6"}},
		"404":         {second(404, ""), []string{"1", "2", "6"}},
		"no JSON":     {second(200, "<html>"), []string{"1", "2", "6"}},
		"other JSON":  {second(200, `{"rdvs":{"id":1}}`), []string{"1", "2", "6"}},
		"the same":    {second(200, `{"rdvs":[],"meta":{"next_page":2}}`), []string{"1", "2", "6"}},
		"429":         {second(429, ""), []string{"1", "2"}},
		"403":         {second(403, ""), []string{"1", "2"}},
		"401":         {second(401, ""), []string{"1", "2"}},
		"no token":    {answering("/oauth/token", 400), nil},
		"no token, 5": {answering("/oauth/token", 500), nil},
		"nothing":     {answering("/", 500), nil},
	} {
		s := newService()
		s.rows["7"] = []string{row(1, ""), row(2, ""), row(3, "")}
		s.rows["8"] = []string{strings.Replace(row(6, ""), `"id":7`, `"id":8`, 1)}
		s.fail = c.fail
		n := s.start(t, func(c *Config) { c.Organisations = []string{"7", "8"} })
		if got := ids(t, gather(t, n, nil)); !slices.Equal(got, c.want) {
			t.Errorf("%s: told %v, want %v", name, got, c.want)
		}
		s.fail = nil
		if got := ids(t, gather(t, n, nil)); !slices.Equal(got, []string{"1", "2", "3", "6"}) {
			t.Errorf("%s: told %v in the next hour", name, got)
		}
	}
}

// What the bot does not keep ends the reading: it will be told in the next hour.
func TestRowIsNotKept(t *testing.T) {
	s := newService()
	s.rows[""] = []string{row(1, ""), row(2, ""), row(3, "")}
	n := s.start(t, nil)
	got := ids(t, gather(t, n, func(e bot.Event) error {
		if e.About == "externe/rsp-2" {
			return errors.New("database is away")
		}
		return nil
	}))
	if !slices.Equal(got, []string{"1"}) {
		t.Errorf("told %v", got)
	}
}

func TestIDsOfRows(t *testing.T) {
	n, _ := open(t, nil)
	id := func(row, at string) string {
		t.Helper()
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		e, err := n.readRow([]byte(row), when)
		if err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	const morning, evening, tomorrow = "2026-10-01T08:00:00Z", "2026-10-01T20:00:00Z", "2026-10-02T08:00:00Z"
	const dated = `,"updated_at":"2026-10-01 08:00:00 +0200"`
	if id(row(1, ""), morning) != id(row(1, ""), evening) || id(row(1, ""), morning) == id(row(1, ""), tomorrow) {
		t.Error("a row without a date is told once a day")
	}
	if id(row(1, dated), morning) != id(row(1, dated), tomorrow) {
		t.Error("a row with a date is told once")
	}
	if id(row(1, dated), morning) == id(row(1, dated+`,"status":"seen"`), morning) {
		t.Error("a status that changed is told, whatever the date says")
	}
}

func TestToday(t *testing.T) {
	for now, want := range map[string]string{
		"2026-10-14T21:59:00Z": "2026-10-14T00:00:00+02:00",
		"2026-10-14T22:01:00Z": "2026-10-15T00:00:00+02:00",
		"2026-10-25T12:00:00Z": "2026-10-25T00:00:00+02:00", // 25 hours long
		"2026-03-29T12:00:00Z": "2026-03-29T00:00:00+01:00",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := today(at).Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", now, got, want)
		}
	}
}

func TestAsOf(t *testing.T) {
	asked := time.Date(2026, 10, 1, 8, 0, 0, 5e8, time.UTC)
	for _, c := range []struct{ service, want time.Time }{
		{time.Time{}, asked.Truncate(time.Second)},
		{asked.Add(time.Minute), asked.Truncate(time.Second)},
		{asked.Add(-time.Minute), asked.Add(-time.Minute).Truncate(time.Second)},
	} {
		if got := asOf(asked, c.service); !got.Equal(c.want) {
			t.Errorf("%s: %s", c.service, got)
		}
	}
}

// pipes is a network within this process: what dials gets one end of a pipe, what listens the other.
type pipes struct {
	ends   chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.ends <- there:
		return here, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.ends:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// TestEveryHour: the appointments to come are read at the start and every hour, also after an hour in which that failed, with tokens
// that live two hours.
func TestEveryHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := newService(), &pipes{ends: make(chan net.Conn), closed: make(chan struct{})}
		s.rows[""] = []string{row(1, ""), row(2, ""), row(3, "")}
		server := &http.Server{Handler: s}
		go func() { _ = server.Serve(p) }()
		defer server.Close()
		n, _ := open(t, func(c *Config) {
			c.API, c.ClientID, c.ClientSecret, c.Tokens = "http://localhost", "passeur", "client-secret", newMemoryTokens("refresh-1")
		})
		n.api.client.Transport.(*http.Transport).DialContext = p.dial
		var hours []int
		start := time.Now()
		stop := listen(t, n, func(_ context.Context, e bot.Event) error {
			hours = append(hours, int(e.At.Sub(start)/time.Hour))
			return nil
		})
		wait := func(d time.Duration) {
			time.Sleep(d) // of the bubble's clock
			synctest.Wait()
		}
		wait(90 * time.Minute)
		s.mu.Lock()
		s.fail = answering("/", 500)
		s.mu.Unlock()
		wait(time.Hour)
		s.mu.Lock()
		s.fail = nil
		s.mu.Unlock()
		wait(time.Hour)
		stop()
		if want := []int{0, 0, 0, 1, 1, 1, 3, 3, 3}; !slices.Equal(hours, want) || s.access != 2 {
			t.Errorf("told at %v with %d access tokens", hours, s.access)
		}
	})
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(`{"rdvs":[` + row(1, "") + `,` + row(2, `,"updated_at":"2026-10-01 08:00:00 +0200"`) + `],"meta":{"next_page":2}}`))
	f.Add([]byte(`{"rdvs":[null,{},[],{"id":1,"starts_at":"0000-01-01T00:00:00Z"}],"meta":{"next_page":"2"}}`))
	f.Add([]byte(`{"rdvs":null,"meta":null}`))
	n, _ := open(f, nil)
	var told []bot.Event
	n.ear.Open(func(_ context.Context, e bot.Event) (bot.Response, error) {
		told = append(told, e)
		return bot.Response{}, nil
	})
	f.Fuzz(func(t *testing.T, body []byte) {
		told = nil
		var l listing
		if json.Unmarshal(body, &l) != nil {
			return
		}
		if count, err := n.tellRows(context.Background(), l.Rdvs, time.Unix(1, 0)); err != nil || count != len(told) {
			t.Fatalf("told %d of %d, %v", count, len(told), err)
		}
		ids(t, told)
	})
}
