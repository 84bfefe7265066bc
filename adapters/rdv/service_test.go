package rdv

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// service answers as RDV Service Public does: OAuth 2 with refresh tokens that change, pages of appointments, participations.
type service struct {
	mu       sync.Mutex
	refresh  int                 // the number of the refresh token that holds: "refresh-1"
	access   int                 // the number of the access token that holds; 0 none
	expires  int                 // what an access token says of its life, in seconds
	rows     map[string][]string // appointments by organisation
	perPage  int
	statuses map[string]string // of participations
	asked    []string          // what was asked, in order
	fail     func(w http.ResponseWriter, r *http.Request) bool
}

func newService() *service {
	return &service{refresh: 1, expires: 7200, rows: map[string][]string{}, perPage: 2, statuses: map[string]string{"777": "unknown"}}
}

// start serves it until the test ends, and returns a network that has access to it.
func (s *service) start(t testing.TB, change func(*Config)) *Network {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	n, _ := open(t, func(c *Config) {
		c.API, c.ClientID, c.ClientSecret, c.Tokens = server.URL+"/", "passeur", "client-secret", newMemoryTokens("refresh-1")
		if change != nil {
			change(c)
		}
	})
	t.Cleanup(n.api.client.CloseIdleConnections)
	return n
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
	w.Header().Set("Content-Type", "application/json")
	switch {
	case s.fail != nil && s.fail(w, r):
	case r.URL.Path == "/oauth/token" && r.Method == http.MethodPost:
		s.token(w, r)
	case r.Header.Get("Authorization") != fmt.Sprintf("Bearer access-%d", s.access) || s.access == 0:
		http.Error(w, `{"errors":["jeton de Camille FACTICE"]}`, http.StatusUnauthorized)
	case r.URL.Path == "/api/v1/rdvs" && r.Method == http.MethodGet:
		s.page(w, r)
	case strings.HasPrefix(r.URL.Path, "/api/v1/participations/") && r.Method == http.MethodPatch:
		s.patch(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *service) token(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("grant_type") != "refresh_token" || r.FormValue("client_id") != "passeur" || r.FormValue("client_secret") != "client-secret" ||
		r.FormValue("refresh_token") != fmt.Sprintf("refresh-%d", s.refresh) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error":"invalid_grant","error_description":"%s"}`, r.FormValue("refresh_token"))
		return
	}
	s.refresh++
	s.access++
	fmt.Fprintf(w, `{"access_token":"access-%d","token_type":"Bearer","expires_in":%d,"refresh_token":"refresh-%d"}`, s.access, s.expires, s.refresh)
}

func (s *service) page(w http.ResponseWriter, r *http.Request) {
	rows, page := s.rows[r.FormValue("organisation_id")], 1
	fmt.Sscan(r.FormValue("page"), &page)
	from, next := min((page-1)*s.perPage, len(rows)), "null"
	to := min(from+s.perPage, len(rows))
	if to < len(rows) {
		next = fmt.Sprint(page + 1)
	}
	fmt.Fprintf(w, `{"rdvs":[%s],"meta":{"current_page":%d,"next_page":%s}}`, strings.Join(rows[from:to], ","), page, next)
}

func (s *service) patch(w http.ResponseWriter, r *http.Request) {
	var body struct{ Participation struct{ Status string } }
	raw, _ := io.ReadAll(r.Body)
	id := strings.TrimPrefix(r.URL.Path, "/api/v1/participations/")
	switch _, known := s.statuses[id]; {
	case json.Unmarshal(raw, &body) != nil || r.Header.Get("Content-Type") != "application/json":
		w.WriteHeader(http.StatusBadRequest)
	case !known:
		w.WriteHeader(http.StatusNotFound)
	default:
		s.statuses[id] = body.Participation.Status
		fmt.Fprintf(w, `{"participation":{"id":%s}}`, id)
	}
}

// askedFor returns what was asked since the last time, and forgets it.
func (s *service) askedFor() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// answering makes each request to a path fail with a status and a header.
func answering(path string, status int, headers ...string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, path) {
			return false
		}
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"error":"Camille FACTICE, +33639980001"}`)
		return true
	}
}
