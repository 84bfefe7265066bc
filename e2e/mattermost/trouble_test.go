package mattermost_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"passeur/bot"
	"passeur/e2e/peers"
)

// cut: what is written while connections end, with or without a word, is heard once and in order, and what is sent stands once.
// Neither a probe nor a sweep helps: they come once an hour.
func cut(t *testing.T, s *peers.Mattermost) {
	relay := peers.StartRelay(t, s.URL)
	cfg := config(s)
	cfg.URL, cfg.Probe, cfg.Silence, cfg.Timeout = relay.URL, time.Hour, time.Second, 2*time.Second
	l, marie := listen(t, cfg, nil), person(t, s)
	const rounds, each = 6, 10
	s.Post(t, marie, "0")
	for round := range rounds {
		l.wait(t, marie, 1+round*each)
		if round%2 == 0 {
			relay.Cut()
		} else {
			relay.Swallow()
		}
		for i := range each {
			s.Post(t, marie, fmt.Sprint(1+round*each+i))
			if round == 4 && i%3 == 0 {
				relay.Cut()
			}
		}
		insist(t, l, marie, fmt.Sprint("réponse ", round))
	}
	for i, e := range l.wait(t, marie, 1+rounds*each) {
		if e.Text != fmt.Sprint(i) {
			t.Fatalf("event %d is %q", i, e.Text)
		}
	}
	stands := map[string]int{}
	for _, p := range s.Posts(t, marie) {
		stands[p.Message]++
	}
	for round := range rounds {
		if n := stands[fmt.Sprint("réponse ", round)]; n != 1 {
			t.Errorf("the answer of round %d stands %d times", round, n)
		}
	}
}

// insist sends as the scheduler does: again, with the next attempt, until it is taken.
func insist(t *testing.T, l *listening, u *peers.User, text string) {
	t.Helper()
	m := bot.Rendered{Key: "k/" + text, Text: text}
	peers.Until(t, limit, "", func() error {
		m.Attempt++
		_, err := l.Send(t.Context(), address(u), m)
		if errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrUncertain) {
			t.Fatal(err)
		}
		return err
	})
}

// limiter is a reverse proxy that keeps what the server's rate limit said, and who did not obey.
type limiter struct {
	mu      sync.Mutex
	limited int
	told    time.Time // of the last 429
	until   time.Time // nothing may be asked before
	early   []string
}

// onItsWay is how long a request may have been on its way, or about to be made, when another was turned away.
const onItsWay = 250 * time.Millisecond

func startLimiter(t *testing.T, target string) (*limiter, string) {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	l := &limiter{}
	proxy := httputil.NewSingleHostReverseProxy(u)
	proxy.ModifyResponse = l.answered
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.asked(r)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return l, server.URL
}

func (l *limiter) asked(r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); now.Before(l.until) && now.After(l.told.Add(onItsWay)) {
		l.early = append(l.early, fmt.Sprintf("%s %s, %s too early", r.Method, r.URL.Path, l.until.Sub(now)))
	}
}

func (l *limiter) answered(r *http.Response) error {
	if r.StatusCode != http.StatusTooManyRequests {
		return nil
	}
	seconds, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limited++
	l.told = time.Now()
	l.until = l.told.Add(time.Duration(seconds) * time.Second)
	return nil
}

// limited: with ten requests a second, the words of twelve people are caught up with while two hundred messages leave.
func limited(t *testing.T, s *peers.Mattermost) {
	const many, crowd = 200, 12
	marie, people := person(t, s), make([]*peers.User, crowd)
	for i := range people {
		people[i] = person(t, s)
		s.Post(t, people[i], "bonjour")
	}
	s.Restart(t, "MM_RATELIMITSETTINGS_ENABLE=true", "MM_RATELIMITSETTINGS_PERSEC=10", "MM_RATELIMITSETTINGS_MAXBURST=9",
		"MM_RATELIMITSETTINGS_VARYBYUSER=true", "MM_RATELIMITSETTINGS_VARYBYREMOTEADDR=false")
	t.Cleanup(func() { s.Restart(t) })
	watch, address := startLimiter(t, s.URL)
	cfg := config(s)
	cfg.URL, cfg.Probe = address, time.Second
	l := listen(t, cfg, nil)
	for i := range many {
		insist(t, l, marie, fmt.Sprint(i))
	}
	posts := s.Posts(t, marie)
	if len(posts) != many {
		t.Fatalf("%d posts stand, want %d", len(posts), many)
	}
	for i, p := range posts {
		if p.Message != fmt.Sprint(i) {
			t.Fatalf("post %d is %q", i, p.Message)
		}
	}
	for _, u := range people {
		l.wait(t, u, 1)
	}
	l.stop()
	watch.mu.Lock()
	defer watch.mu.Unlock()
	if watch.limited == 0 || len(watch.early) > 0 {
		t.Errorf("turned away %d times; not obeyed %d times: %q", watch.limited, len(watch.early), watch.early)
	}
}
