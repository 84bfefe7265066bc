package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"passeur/adapters/playground"
	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

type demoCmd struct {
	Addr string `default:"127.0.0.1:8080" help:"Adresse de la page."`
}

// Run serves the page until it is interrupted.
func (c *demoCmd) Run(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	w, err := newWorld(ctx, cfg)
	if err != nil {
		return err
	}
	defer w.close()
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("la page ne peut pas s'ouvrir sur %s (%w) : choisissez une autre adresse avec --addr", c.Addr, err)
	}
	fmt.Fprintf(s.out, "La démonstration est ouverte : http://%s/  (Ctrl+C pour arrêter)\n", l.Addr())
	srv := &http.Server{Handler: w.page, ReadHeaderTimeout: 10 * time.Second}
	srv.RegisterOnShutdown(w.page.Close)
	return serveUntil(ctx, srv, l)
}

// The people of the demonstration; their numbers are kept for fiction.
var (
	demoCounsellor = playground.Counsellor{Address: "mattermost:marie", Name: "Marie Lecomte"}
	demoPhones     = []playground.Phone{{Address: "sms:+33639981234", Name: "Jeanne"}, {Address: "sms:+33639985678", Name: "Ahmed"}}
)

// world is the real bot on a throw-away database, with a clock that jumps.
type world struct {
	cfg   *config.Config
	page  *playground.Playground
	dir   string
	house *house
	zone  *time.Location
	now   atomic.Pointer[time.Time]
}

func newWorld(ctx context.Context, cfg *config.Config) (*world, error) {
	dir, err := os.MkdirTemp("", "passeur-demo-")
	if err != nil {
		return nil, err
	}
	w := &world{cfg: cfg, dir: dir}
	w.page = playground.New(demoCounsellor, demoPhones, w, sms.Fold, foldedParts)
	if err := w.Reset(ctx); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return w, nil
}

func (w *world) close() {
	w.house.store.Close()
	os.RemoveAll(w.dir)
}

// Now implements playground.World.
func (w *world) Now() time.Time { return *w.now.Load() }

func (w *world) set(now time.Time) { w.now.Store(&now) }

// Reset implements playground.World: a new database, and the hour it is.
func (w *world) Reset(ctx context.Context) error {
	if w.house != nil {
		if err := w.house.store.Close(); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp(w.dir, "")
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, filepath.Join(dir, "passeur.db"), store.Options{})
	if err != nil {
		return err
	}
	senders := map[string]bot.Sender{"sms": w.page.Sender(playground.SMS), "mattermost": w.page.Sender(playground.Mattermost)}
	outlets := simulated(senders, map[string]bot.Abilities{"sms": {Receives: true}, "mattermost": {Receives: true, Buttons: true}})
	w.house, err = assemble(w.cfg, db, outlets, nil, quiet())
	if err != nil {
		return err
	}
	w.zone = w.house.bot.Zone("")
	w.set(time.Now().In(w.zone).Truncate(time.Second))
	return nil
}

// Hear implements playground.World.
func (w *world) Hear(ctx context.Context, e bot.Event) error {
	if _, err := w.house.bot.Hear(ctx, e); err != nil {
		return err
	}
	_, err := w.house.scheduler.Step(ctx, w.Now())
	return err
}

// Advance implements playground.World: everything due on the way happens at its own time.
func (w *world) Advance(ctx context.Context, to time.Time) error {
	for {
		next, err := w.house.scheduler.Step(ctx, w.Now())
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(to) {
			break
		}
		w.set(next.In(w.zone))
	}
	w.set(to.In(w.zone))
	_, err := w.house.scheduler.Step(ctx, w.Now())
	return err
}

// Attach implements playground.World.
func (w *world) Attach(ctx context.Context, name string) (bot.Attachment, error) {
	return w.house.attach(ctx, name, w.Now())
}

// Next implements playground.World: the next message or reminder, housekeeping left out.
func (w *world) Next(ctx context.Context) (time.Time, bool) {
	rows, err := w.house.store.Tasks(ctx, store.TaskQuery{State: store.Pending}, w.Now())
	if err != nil {
		return time.Time{}, false
	}
	var next time.Time
	for _, r := range rows {
		if next.IsZero() || r.Next.Before(next) {
			next = r.Next
		}
	}
	return next, !next.IsZero()
}

// Planned implements playground.World.
func (w *world) Planned(ctx context.Context) ([]playground.Planned, error) {
	rows, err := w.house.store.Tasks(ctx, store.TaskQuery{State: store.Pending}, w.Now())
	if err != nil {
		return nil, err
	}
	out := make([]playground.Planned, len(rows))
	for i, r := range rows {
		to, what, err := w.house.bot.Explain(ctx, r.Task, r.Next)
		if err != nil {
			return nil, err
		}
		out[i] = playground.Planned{At: r.Next.In(w.zone), To: to, What: strings.TrimSpace(what)}
	}
	return out, nil
}
