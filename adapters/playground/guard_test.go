package playground

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRefused(t *testing.T) {
	w, server := newEcho(t)
	good := `{"from":"sms:+33639981234","text":"x"}`
	for name, c := range map[string]struct {
		path, body string
		change     func(*http.Request)
		want       int
	}{
		"another origin":    {"/say", good, func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "https://mal.example") }, 403},
		"another site":      {"/say", good, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		"same site":         {"/reset", `{}`, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }, 403},
		"sandboxed":         {"/reset", `{}`, func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "null") }, 403},
		"rebound name":      {"/say", good, func(r *http.Request) { r.Host = "mal.example" }, 403},
		"rebound with port": {"/say", good, func(r *http.Request) { r.Host = "mal.example:80" }, 403},
		"other address":     {"/say", good, func(r *http.Request) { r.Host = "192.0.2.1" }, 403},
		"no host":           {"/say", good, func(r *http.Request) { r.Host = "localhost.mal.example" }, 403},
		"a form":            {"/say", "from=x", func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, 415},
		"plain text":        {"/say", good, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415},
		"no kind":           {"/say", good, func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		"too large":         {"/say", `{"from":"sms:+33639981234","text":"` + strings.Repeat("x", maxBody) + `"}`, nil, 413},
		"no JSON":           {"/say", `{`, nil, 400},
		"two objects":       {"/say", good + good, nil, 400},
		"unknown field":     {"/say", `{"form":"x"}`, nil, 400},
		"wrong type":        {"/say", `{"from":3}`, nil, 400},
		"empty":             {"/say", "", nil, 400},
		"stranger":          {"/say", `{"from":"sms:+33639980000","text":"x"}`, nil, 400},
		"blank":             {"/say", `{"from":"sms:+33639981234","text":" \n"}`, nil, 400},
		"a century":         {"/advance", `{"by":"100y"}`, nil, 400},
		"method":            {"/say", good, func(r *http.Request) { r.Method = "PUT" }, 405},
		"nowhere":           {"/etc/passwd", good, nil, 404},
	} {
		status, text := request(t, server, c.path, c.body, c.change)
		if status != c.want {
			t.Errorf("%s: %d, not %d: %s", name, status, c.want, text)
		}
		var told struct{ Error string }
		if c.want != 404 && c.want != 405 && (json.Unmarshal([]byte(text), &told) != nil || !strings.HasSuffix(told.Error, ".")) {
			t.Errorf("%s: no sentence but %q", name, text)
		}
	}
	if len(w.heard) > 0 {
		t.Errorf("heard %v", w.heard)
	}
}

func TestHosts(t *testing.T) {
	w, _ := newEcho(t)
	w.page.Allow("demo.exemple.fr")
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "127.0.0.1:1": 200, "[::1]:8080": 200, "127.8.9.1": 200, "LOCALHOST": 200,
		"demo.exemple.fr:8080": 200, "exemple.fr": 403, "": 403, "[fe80::1]": 403, "10.0.0.1": 403,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		recorder := httptest.NewRecorder()
		w.page.ServeHTTP(recorder, r)
		if recorder.Code != want {
			t.Errorf("%q: %d", host, recorder.Code)
		}
	}
}

func TestThePageAndItsFiles(t *testing.T) {
	_, server := newEcho(t)
	for path, kind := range map[string]string{"/": "text/html", "/playground.css": "text/css", "/playground.js": "text/javascript", "/icon.svg": "image/svg+xml"} {
		response, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != 200 || !strings.HasPrefix(response.Header.Get("Content-Type"), kind) || len(text) == 0 {
			t.Errorf("%s: %d %s", path, response.StatusCode, response.Header)
		}
		if !strings.Contains(response.Header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s: no policy", path)
		}
		if path == "/" {
			checkPage(t, string(text))
		}
	}
}

// checkPage looks for what tests and people hold on to, and for what the policy would forbid.
func checkPage(t *testing.T, page string) {
	t.Helper()
	for _, want := range []string{
		`id="mattermost"`, `data-phone="&#43;33639981234"`, `06 39 98 12 34`, `Jeanne`, `id="plus-1h"`, `id="next"`,
		`id="plus-1d"`, `id="reset"`, `id="clock"`, `id="planned"`, `name="mattermost"`, `data-text="non dsl jpeu pa"`, `lang="fr"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	for _, bad := range []string{" style=", "onclick", "javascript:", "<style", "https://", "http://"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
}
