package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// server is the house with its real networks and its doors.
type server struct {
	cfg      *config.Config
	house    *house
	networks []opened
	clock    func() time.Time // time.Now; tests move it forward
	log      *slog.Logger
	health   health
}

// newServer opens the networks that the settings choose, and puts the house together on them.
func newServer(cfg *config.Config, db *store.DB, s streams, log *slog.Logger) (*server, error) {
	srv := &server{cfg: cfg, clock: time.Now, log: log}
	where := site{cfg: cfg, db: db, out: s.out, log: log, at: func() (*bot.Bot, time.Time) { return srv.house.bot, srv.clock() }}
	where.cluster = func() bot.Cluster { return srv.house.cluster }
	where.attach = func(ctx context.Context, name string) (bot.Attachment, error) {
		return srv.house.attach(ctx, name, srv.clock())
	}
	outlets := map[string]outlet{}
	for _, n := range networks {
		if n.chosen(cfg) == "" {
			continue
		}
		o, err := n.open(where)
		if err != nil {
			return nil, err
		}
		srv.networks = append(srv.networks, o)
		if o.outlet.sender != nil {
			outlets[n.name] = o.outlet
		}
	}
	words, err := readWords()
	if err != nil {
		return nil, err
	}
	shared, err := openCluster(cfg, db.ProofKey(), log)
	if err != nil {
		return nil, err
	}
	if srv.house, err = words.assembleOn(shared, cfg, db, outlets, nil, log); err != nil {
		return nil, err
	}
	for _, o := range srv.networks {
		if o.fetch != nil {
			srv.house.fetch = o.fetch
		}
		if o.presence != nil {
			srv.house.bot.Presence = o.presence
		}
	}
	srv.house.bot.CalendarLink = calendarLinks(cfg.PublicURL, db.ProofKey())
	srv.house.bot.PartnerLink = partnerLinks(cfg.PublicURL, db.ProofKey())
	if srv.house.bot.CoopLink, err = coopLinks(cfg); err != nil {
		return nil, err
	}
	return srv, nil
}

// handler serves the callbacks of each network at /<name>/, and /health.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	if onServer(s.cfg) {
		s.health.ask = func(ctx context.Context) error { _, _, err := s.house.store.Clock(ctx); return err }
	}
	mux.Handle("GET /health", &s.health)
	for _, n := range s.networks {
		if h, ok := n.Network.(http.Handler); ok {
			mux.Handle("/"+n.Name()+"/", h)
		}
	}
	return mux
}

// listen hears a network. One that needs a person's hand is told of in the log and by /health; the others go on.
func (s *server) listen(ctx context.Context, n bot.Network) {
	hear := n.Listen
	if o, ok := n.(opened); ok && o.alone {
		hear = func(ctx context.Context, hear bot.Hear) error { return listenAlone(ctx, s.house.cluster, n, hear) }
	}
	if err := hear(ctx, s.house.bot.Hear); err != nil {
		s.log.Error("un réseau ne répond plus", "network", n.Name(), "err", err)
		s.health.set(n.Name(), err)
	}
}

// health answers 200 while every network is heard and the database answers, 503 with the reasons otherwise.
type health struct {
	ask func(context.Context) error // the database, if there is one to ask

	mu   sync.Mutex
	errs map[string]error
}

// healthLimit is how long the database may take to answer.
const healthLimit = 3 * time.Second

func (h *health) set(network string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.errs == nil {
		h.errs = map[string]error{}
	}
	h.errs[network] = err
}

// ServeHTTP implements http.Handler.
func (h *health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), healthLimit)
	defer cancel()
	var silent error
	if h.ask != nil {
		silent = h.ask(ctx)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.errs) == 0 && silent == nil {
		fmt.Fprintln(w, "ok")
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	if silent != nil {
		fmt.Fprintln(w, "base : elle ne répond pas") // why is in the log and in `passeur check`: here anybody reads
	}
	for _, network := range slices.Sorted(maps.Keys(h.errs)) {
		fmt.Fprintf(w, "%s : %v\n", network, h.errs[network])
	}
}
