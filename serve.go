package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"
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

// run reads what questions need, opens the doors, then turns the scheduler and hears the networks until ctx ends.
func (s *server) run(ctx context.Context) error {
	if shared, ok := s.house.cluster.(io.Closer); ok {
		defer shared.Close()
	}
	if _, drift, err := s.house.store.Clock(ctx); err == nil && drift.Abs() > maxDrift {
		return fmt.Errorf("l'horloge de cette machine et celle du serveur PostgreSQL s'écartent de %s, il faut moins de %s : réglez-les (NTP), sinon des messages partiraient deux fois", drift.Round(time.Millisecond), maxDrift)
	}
	if err := s.house.bot.Warm(ctx, s.clock()); err != nil && ctx.Err() == nil {
		return fmt.Errorf("impossible de relire les fiches et les réponses connues (%w) : vérifiez la base", err)
	}
	web, err := net.Listen("tcp", s.cfg.Listen)
	if err != nil {
		return fmt.Errorf("impossible d'écouter sur %s (%w) : changez « listen », ou arrêtez ce qui écoute déjà", s.cfg.Listen, err)
	}
	control, err := s.openControl()
	if err != nil {
		return errors.Join(err, web.Close())
	}
	g, ctx := errgroup.WithContext(ctx)
	if control != nil {
		g.Go(func() error {
			return serveUntil(ctx, s.controlServer(), control)
		})
	}
	g.Go(func() error {
		return serveUntil(ctx, publicServer(s.handler()), newDoors(web, maxOpenDoors))
	})
	g.Go(func() error { return s.house.scheduler.Run(ctx, s.clock) })
	g.Go(func() error { s.beat(ctx); return nil })
	for _, n := range s.networks {
		g.Go(func() error { s.listen(ctx, n); return nil })
	}
	ready := []any{"listen", web.Addr().String(), "database", s.house.store.Name()}
	for _, n := range networks {
		ready = append(ready, n.name, cmp.Or(n.chosen(s.cfg), "non"))
	}
	s.log.Info("prêt", ready...)
	return g.Wait()
}
