package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"passeur/adapters/mattermost"
	"passeur/adapters/rdv"
	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/config"
	"passeur/scheduler"
	"passeur/store"
)

type serveCmd struct{}

// tune has the collector run when the heap has grown to five times what lives, not to twice that: what lives is some
// MB, each message leaves short-lived garbage, and collecting it took a tenth of the processor while reminders leave.
// What lives beyond a fifth of the limit is collected as often as the limit asks. GOGC and GOMEMLIMIT go before.
func tune() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(256 << 20)
	}
}

// Run runs the bot until it is told to stop; then what is under way is finished.
func (c *serveCmd) Run(ctx context.Context, s streams, load settings) error {
	tune()
	cfg, err := load()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(s.err, nil))
	for _, w := range cfg.Warnings {
		log.Warn(w)
	}
	db, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	srv, err := newServer(cfg, db, s, log)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return errors.Join(srv.run(ctx), db.Close())
}

// server is the house with its real networks and its doors.
type server struct {
	cfg      *config.Config
	house    *house
	networks []bot.Network
	texts    *sms.Network     // one of them
	clock    func() time.Time // time.Now; tests move it forward
	log      *slog.Logger
	health   health
}

func newServer(cfg *config.Config, db *store.DB, s streams, log *slog.Logger) (*server, error) {
	srv := &server{cfg: cfg, clock: time.Now, log: log}
	lines, err := srv.open(db, s)
	if err != nil {
		return nil, err
	}
	if srv.house, err = assemble(cfg.Bot, db, lines, nil, log, srv.jobs()...); err != nil {
		return nil, err
	}
	srv.house.bot.CalendarLink = calendarLinks(cfg.PublicURL, db.ProofKey())
	return srv, nil
}

// jobs are those of the real networks.
func (s *server) jobs() []scheduler.Job {
	if s.cfg.SMS.LowBalance == 0 {
		return nil
	}
	return []scheduler.Job{{Name: "solde", Spec: "@every 1h", Zone: time.UTC, Do: s.balances}}
}

// balances tells, once a day for each provider, that little is left there.
func (s *server) balances(ctx context.Context, tick time.Time) error {
	all, err := s.texts.Balances(ctx)
	if err != nil {
		s.log.Warn("un solde ne se lit pas", "network", s.texts.Name(), "err", err)
	}
	for _, b := range all {
		if b.Left >= s.cfg.SMS.LowBalance {
			continue
		}
		e := bot.Event{ID: "credit/" + b.Provider + "/" + tick.Format(time.DateOnly), At: tick, Role: bot.Itself, Intent: bot.CreditIntent,
			Values: map[string]string{"provider": b.Provider, "left": fmt.Sprintf("%.6g", b.Left), "unit": b.Unit}}
		if err := s.house.bot.Handle(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// reach is a network that hears, speaks, and says what it can do.
type reach interface {
	bot.Network
	bot.Sender
}

// smooth is the pace of a provider that takes so many texts a second, without a burst at the second.
func smooth(perSecond float64) bot.Rate {
	return bot.Rate{PerSecond: perSecond, Burst: max(1, int(perSecond/20))}
}

// open opens the networks that the settings name. A new one is one line here.
func (s *server) open(db *store.DB, std streams) (map[string]line, error) {
	lines := map[string]line{}
	add := func(r reach, l line) {
		l.sender = r
		lines[r.Name()] = l
		s.networks = append(s.networks, r)
	}
	var err error
	if s.texts, err = openSMS(s.cfg, std.out, s.log); err != nil {
		return nil, err
	}
	add(s.texts, line{able: s.texts.Abilities(), rate: smooth(s.cfg.SMS.Rate), parallel: s.cfg.SMS.Parallel})
	if m := s.cfg.Mattermost; m.URL != "" {
		set := mattermostConfig(s.cfg)
		set.ProofKey = db.ProofKey()
		w, err := readWords()
		if err != nil {
			return nil, err
		}
		set.Say = w.say
		set.Professionals = func(ctx context.Context) ([]bot.Address, error) { return bot.Professionals(ctx, db, "mattermost") }
		server := mattermost.New(set, cursorsOf(db), s.log)
		add(server, line{able: server.Abilities(), parallel: 4})
	}
	if s.cfg.RDV.On() {
		n, err := rdv.New(rdvConfig(s.cfg), s.log)
		if err != nil {
			return nil, err
		}
		add(n, rdvLine)
	}
	calendars, err := openCalendars(s.cfg, s.calendarSource(db.ProofKey()), s.log)
	if err != nil {
		return nil, err
	}
	s.networks = append(s.networks, calendars)
	return lines, nil
}

func mattermostConfig(cfg *config.Config) mattermost.Config {
	m := cfg.Mattermost
	return mattermost.Config{URL: m.URL, Token: m.Token.Reveal(), Team: m.Team, Channels: m.Channels, PublicURL: cfg.PublicURL, CommandToken: m.CommandToken.Reveal(), SwapNames: m.SwapNames}
}

// run opens the doors, then turns the scheduler and hears the networks until ctx ends.
func (s *server) run(ctx context.Context) error {
	web, err := net.Listen("tcp", s.cfg.Listen)
	if err != nil {
		return fmt.Errorf("impossible d'écouter sur %s (%w) : changez « listen », ou arrêtez ce qui écoute déjà", s.cfg.Listen, err)
	}
	control, err := s.openControl()
	if err != nil {
		return errors.Join(err, web.Close())
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return serveUntil(ctx, publicServer(s.handler()), newDoors(web, maxOpenDoors))
	})
	g.Go(func() error {
		return serveUntil(ctx, s.controlServer(), control)
	})
	g.Go(func() error { return s.house.scheduler.Run(ctx, s.clock) })
	for _, n := range s.networks {
		g.Go(func() error { s.listen(ctx, n); return nil })
	}
	s.log.Info("prêt", "listen", web.Addr().String(), "database", s.cfg.Database, "sms", s.cfg.SMS.Provider, "mattermost", s.cfg.Mattermost.URL != "", "rdv", s.cfg.RDV.On(), "calendars", len(s.cfg.Calendars))
	return g.Wait()
}

// listen hears a network. One that needs a person's hand is told of in the log and by /health; the others go on.
func (s *server) listen(ctx context.Context, n bot.Network) {
	if err := n.Listen(ctx, s.house.bot.Hear); err != nil {
		s.log.Error("un réseau ne répond plus", "network", n.Name(), "err", err)
		s.health.set(n.Name(), err)
	}
}

// handler serves the callbacks of each network at /<name>/, and /health.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /health", &s.health)
	for _, n := range s.networks {
		if h, ok := n.(http.Handler); ok {
			mux.Handle("/"+n.Name()+"/", h)
		}
	}
	return mux
}

// health answers 200 while every network is heard, 503 with the reasons otherwise.
type health struct {
	mu   sync.Mutex
	errs map[string]error
}

func (h *health) set(network string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.errs == nil {
		h.errs = map[string]error{}
	}
	h.errs[network] = err
}

// ServeHTTP implements http.Handler.
func (h *health) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.errs) == 0 {
		fmt.Fprintln(w, "ok")
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	for network, err := range h.errs {
		fmt.Fprintf(w, "%s : %v\n", network, err)
	}
}

// cursorsOf reads where the networks resume listening.
func cursorsOf(db *store.DB) func(context.Context) (map[string]string, error) {
	return func(ctx context.Context) (map[string]string, error) {
		records, err := everyRecord(ctx, db, bot.Query{Kind: "cursor"})
		if err != nil {
			return nil, err
		}
		out := make(map[string]string, len(records))
		for _, rec := range records {
			if out[rec.ID], err = bot.OpenCursor(rec); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
}

// openControl opens the socket beside the database, for commands that write while the bot runs.
func (s *server) openControl() (net.Listener, error) {
	path := controlSocket(s.cfg)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("impossible d'ouvrir la prise des commandes %s : %w", path, err)
	}
	return l, os.Chmod(path, 0o600)
}
