package referral

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/bot"
)

const token = "abcdefghijklmnopqrstuvo1"

var ccas = Partner{ID: "o1", Service: "Passeur", Structure: "CCAS de Périers", With: "Marie <Lecomte>"}

// desk is a network that listens, and what it heard.
type desk struct {
	*Network
	mu     sync.Mutex
	heard  map[string]bot.Event // by ID
	events int
	answer bot.Response
	err    error
	log    bytes.Buffer
}

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{heard: map[string]bot.Event{}}
	d.Network = New(func(_ context.Context, asked string) (Partner, bool, error) {
		if asked == "broken-broken-broken-broken" {
			return Partner{}, false, errors.New("the store is gone")
		}
		return ccas, asked == token, nil
	}, func() time.Time { return time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC) }, slog.New(slog.NewTextHandler(&d.log, nil)))
	d.ear.Open(func(_ context.Context, e bot.Event) (bot.Response, error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.events++
		d.heard[e.ID] = e
		return d.answer, d.err
	})
	return d
}

func (d *desk) ask(method, path, kind, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

const form = "application/x-www-form-urlencoded"

func filled(draw string) string {
	return url.Values{"tirage": {draw}, "telephone": {"06 39 98 12 34"}, "prenom": {"Jeanne"}, "commune": {"Périers"}, "informee": {"oui"}}.Encode()
}

var drawn = regexp.MustCompile(`name="tirage" value="([0-9a-f]{32})"`)

func TestAFormIsOneEvent(t *testing.T) {
	d := open(t)
	page := d.ask(http.MethodGet, "/orientation/"+token, "", "")
	found := drawn.FindStringSubmatch(page.Body.String())
	if page.Code != http.StatusOK || found == nil {
		t.Fatalf("%d\n%s", page.Code, page.Body)
	}
	for range 2 { // a double click
		if w := d.ask(http.MethodPost, "/orientation/"+token, form, filled(found[1])); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Jeanne reçoit un SMS") {
			t.Errorf("%d\n%s", w.Code, w.Body)
		}
	}
	if len(d.heard) != 1 || d.events != 2 {
		t.Fatalf("%d events, heard %d times", len(d.heard), d.events)
	}
	for id, e := range d.heard {
		if e.About != "partner/o1" || e.Role != bot.Itself || e.Intent != bot.ReferralIntent || e.Values[bot.ReferPhone] != "06 39 98 12 34" || e.Values[bot.ReferCommune] != "Périers" ||
			!strings.HasPrefix(id, "orientation/") || len(e.Values) != len(bot.ReferralFields) || e.At.IsZero() {
			t.Errorf("%+v", e)
		}
	}
	again := d.ask(http.MethodGet, "/orientation/"+token, "", "")
	d.ask(http.MethodPost, "/orientation/"+token, form, filled(drawn.FindStringSubmatch(again.Body.String())[1]))
	if len(d.heard) != 2 {
		t.Error("the same words on another page are the same event")
	}
}

func TestWhatIsWrongIsShown(t *testing.T) {
	d := open(t)
	d.answer.Errors = map[string]string{"telephone": "C'est un <b>fixe</b>.", "informee": "Dites-le."}
	w := d.ask(http.MethodPost, "/orientation/"+token, form, filled(strings.Repeat("a", 32)))
	body := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity || strings.Contains(body, "<b>") || !strings.Contains(body, "&lt;b&gt;fixe") ||
		strings.Count(body, `aria-invalid="true"`) != 1 || !strings.Contains(body, `value="Périers"`) || !strings.Contains(body, "À corriger : ") ||
		!strings.Contains(body, `href="#informee"`) || !strings.Contains(body, strings.Repeat("a", 32)) {
		t.Errorf("%d\n%s", w.Code, body)
	}
	d.answer.Errors, d.err = nil, errors.New("the disk is full")
	w = d.ask(http.MethodPost, "/orientation/"+token, form, filled(strings.Repeat("a", 32)))
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "Rien n&#39;a pu") || !strings.Contains(w.Body.String(), `value="Jeanne"`) {
		t.Errorf("%d\n%s", w.Code, w.Body)
	}
	d.ear.Close()
	if w := d.ask(http.MethodPost, "/orientation/"+token, form, filled(strings.Repeat("a", 32))); w.Code != http.StatusServiceUnavailable {
		t.Error(w.Code)
	}
}

func TestWhatIsTurnedAway(t *testing.T) {
	d := open(t)
	for name, c := range map[string]struct {
		method, path, kind, body string
		want                     int
	}{
		"another token":  {http.MethodGet, "/orientation/" + token[:23] + "2", "", "", 404},
		"no token":       {http.MethodGet, "/orientation/", "", "", 404},
		"a short one":    {http.MethodGet, "/orientation/abc", "", "", 404},
		"two parts":      {http.MethodGet, "/orientation/" + token + "/x", "", "", 404},
		"a broken store": {http.MethodGet, "/orientation/broken-broken-broken-broken", "", "", 503},
		"a head":         {http.MethodHead, "/orientation/" + token, "", "", 200},
		"a method":       {http.MethodPut, "/orientation/" + token, form, filled(""), 405},
		"no type":        {http.MethodPost, "/orientation/" + token, "", filled(""), 415},
		"json":           {http.MethodPost, "/orientation/" + token, "application/json", "{}", 415},
		"parts":          {http.MethodPost, "/orientation/" + token, "multipart/form-data; boundary=x", "--x--", 415},
		"too large":      {http.MethodPost, "/orientation/" + token, form, "prenom=" + strings.Repeat("a", MaxBody), 413},
		"unreadable":     {http.MethodPost, "/orientation/" + token, form, "prenom=%zz", 400},
	} {
		t.Run(name, func(t *testing.T) {
			w := d.ask(c.method, c.path, c.kind, c.body)
			h := w.Header()
			if w.Code != c.want || h.Get("Content-Security-Policy") != policy || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" ||
				h.Get("X-Robots-Tag") == "" || h.Get("Set-Cookie") != "" {
				t.Errorf("%d, want %d: %v", w.Code, c.want, h)
			}
			if strings.Contains(w.Body.String(), "<script") || strings.Contains(w.Body.String(), "://") {
				t.Errorf("something from elsewhere:\n%s", w.Body)
			}
		})
	}
	if len(d.heard) > 0 || d.Forged() != 4 {
		t.Errorf("%d events, %d forged", len(d.heard), d.Forged())
	}
	if log := d.log.String(); strings.Contains(log, token[:8]) || strings.Contains(log, "broken-broken") {
		t.Errorf("a token is logged: %s", log)
	}
}

func TestPace(t *testing.T) {
	d := open(t)
	at := d.now()
	d.now = func() time.Time { return at }
	for i := range PerMinute + 1 {
		w := d.ask(http.MethodGet, "/orientation/"+token, "", "")
		if late := i == PerMinute; (w.Code == http.StatusTooManyRequests) != late || late && w.Header().Get("Retry-After") == "" {
			t.Fatalf("request %d: %d", i, w.Code)
		}
	}
	at = at.Add(time.Minute)
	if w := d.ask(http.MethodGet, "/orientation/"+token, "", ""); w.Code != http.StatusOK {
		t.Error(w.Code)
	}
}

func TestListen(t *testing.T) {
	d := open(t)
	d.ear.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	heard := make(chan bool, 1)
	go func() {
		ended <- d.Listen(ctx, func(context.Context, bot.Event) (bot.Response, error) { heard <- true; return bot.Response{}, nil })
	}()
	for d.ask(http.MethodPost, "/orientation/"+token, form, filled("")).Code != http.StatusOK {
		d.now = func() time.Time { return time.Now().Add(time.Hour) }
		if d.pace.counts["o1"] == PerMinute {
			d.pace = pace{}
		}
	}
	<-heard
	stop()
	if err := <-ended; err != nil || d.Name() != "orientation" {
		t.Error(err, d.Name())
	}
}

// FuzzForm: whatever is sent, the answer is a page of ours that keeps what was typed as text, and one event at most is heard.
func FuzzForm(f *testing.F) {
	f.Add("POST", "/orientation/"+token, form, filled(strings.Repeat("a", 32)))
	f.Add("GET", "/orientation/"+token, "", "")
	f.Add("POST", "/orientation/"+token, form, "telephone=%22%3E%3Cscript%3E&prenom=a&prenom=b&tirage=zz")
	f.Add("POST", "/orientation/../x", form+"; charset=x", "a=b;c=d")
	f.Fuzz(func(t *testing.T, method, path, kind, body string) {
		r, err := http.NewRequest(method, "http://x/", strings.NewReader(body))
		if err != nil {
			return
		}
		d := open(&testing.T{})
		d.answer.Errors = map[string]string{"prenom": "non"}
		r.URL.Path = path
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if w.Code < 200 || w.Code >= 500 && w.Code != http.StatusServiceUnavailable || d.events > 1 {
			t.Fatalf("%d, %d events", w.Code, d.events)
		}
		if strings.Contains(w.Body.String(), "<script") || !strings.HasPrefix(w.Body.String(), "<!DOCTYPE html>") {
			t.Fatalf("%s", w.Body)
		}
		for _, e := range d.heard {
			if e.About != "partner/o1" || path != "/orientation/"+token {
				t.Fatalf("%q: %+v", path, e)
			}
		}
	})
}
