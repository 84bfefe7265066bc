package ical

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const token = "jeton-d-exemple-0123456789"

func TestServe(t *testing.T) {
	var log bytes.Buffer
	broken := "panne-d-exemple-0123456789"
	source := func(_ context.Context, asked string) (Calendar, bool, error) {
		if asked == broken {
			return Calendar{}, false, errors.New("database is locked")
		}
		return Calendar{Name: "Permanences", Events: []Event{{UID: "u", Start: today}}}, asked == token, nil
	}
	server := httptest.NewServer(Handler(source, slog.New(slog.NewTextHandler(&log, nil))))
	defer server.Close()
	first, body := ask(t, "GET", server.URL+"/ical/"+token+".ics", "")
	etag := first.Header.Get("ETag")
	if _, problems, err := Parse(strings.NewReader(body), today, time.UTC); err != nil || problems != nil || etag == "" {
		t.Error(problems, err, etag)
	}
	for name, c := range map[string]struct {
		method, path, etag string
		status             int
		cache              string
	}{
		"GET":              {"GET", "/ical/" + token + ".ics", "", 200, "private, no-cache"},
		"HEAD":             {"HEAD", "/ical/" + token + ".ics", "", 200, "private, no-cache"},
		"not modified":     {"GET", "/ical/" + token + ".ics", etag, 304, "private, no-cache"},
		"one of them":      {"HEAD", "/ical/" + token + ".ics", `"x", W/` + etag, 304, "private, no-cache"},
		"modified":         {"GET", "/ical/" + token + ".ics", `"x"`, 200, "private, no-cache"},
		"POST":             {"POST", "/ical/" + token + ".ics", "", 405, "no-store"},
		"PROPFIND":         {"PROPFIND", "/ical/" + token + ".ics", "", 405, "no-store"},
		"unknown":          {"GET", "/ical/" + strings.ToUpper(token) + ".ics", "", 404, "no-store"},
		"short":            {"GET", "/ical/x.ics", "", 404, "no-store"},
		"no token":         {"GET", "/ical/.ics", "", 404, "no-store"},
		"odd token":        {"GET", "/ical/" + token + "%2f..ics", "", 404, "no-store"},
		"without .ics":     {"GET", "/ical/" + token, "", 404, "no-store"},
		"elsewhere":        {"GET", "/" + token + ".ics", "", 404, "no-store"},
		"source is broken": {"GET", "/ical/" + broken + ".ics", "", 503, "no-store"},
	} {
		res, body := ask(t, c.method, server.URL+c.path, c.etag)
		if res.StatusCode != c.status || res.Header.Get("Cache-Control") != c.cache {
			t.Errorf("%s: %d %v", name, res.StatusCode, res.Header)
		}
		if c.status == 200 && (res.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || res.Header.Get("ETag") != etag) {
			t.Errorf("%s: %v", name, res.Header)
		}
		if (c.status == 304 || c.method == "HEAD") && body != "" || strings.Contains(body, "locked") {
			t.Errorf("%s: %q", name, body)
		}
	}
	if strings.Contains(log.String(), token) || strings.Contains(log.String(), broken) || !strings.Contains(log.String(), "could not be written") {
		t.Error(log.String())
	}
}

func ask(t *testing.T, method, url, etag string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// TestServesNothing: without a source every token is unknown.
func TestServesNothing(t *testing.T) {
	w := httptest.NewRecorder()
	Handler(nil, slog.New(slog.DiscardHandler)).ServeHTTP(w, httptest.NewRequest("GET", "/ical/"+token+".ics", nil))
	if w.Code != 404 {
		t.Error(w.Code)
	}
}
