package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/scheduler"
)

// jobs are all that recurs by itself, at the hours of the installation. That a network is read again and again is its adapter's own, and no
// job.
var jobs = []job{
	{name: "menage", spec: "17 3 * * *", do: (*house).sweep},
	{name: "solde", spec: "@every 1h", on: (*house).watchesBalances, do: (*house).balances},
}

// job is what recurs.
type job struct {
	name, spec string
	on         func(*house) bool // nil: always, with simulated networks too
	do         func(*house, context.Context, time.Time) error
}

// jobsOn are those that are on.
func (h *house) jobsOn() (on []scheduler.Job) {
	for _, j := range jobs {
		if j.on != nil && !j.on(h) {
			continue
		}
		on = append(on, scheduler.Job{Name: j.name, Spec: j.spec, Zone: h.bot.Zone(""), Do: func(ctx context.Context, tick time.Time) error { return j.do(h, ctx, tick) }})
	}
	return on
}

// sweep forgets what has been kept long enough.
func (h *house) sweep(ctx context.Context, tick time.Time) error {
	_, err := h.store.Sweep(ctx, tick)
	return errors.Join(err, h.bot.SweepImports(ctx, tick))
}

// watchesBalances: there are providers, and the desk wants to know when little is left.
func (h *house) watchesBalances() bool {
	_, real := h.outlets["sms"].sender.(*sms.Network)
	return real && h.cfg.SMS.LowBalance > 0
}

// balances tells, once a day for each provider, that little is left there.
func (h *house) balances(ctx context.Context, tick time.Time) error {
	gateways, _ := h.outlets["sms"].sender.(*sms.Network)
	all, err := gateways.Balances(ctx)
	if err != nil {
		h.log.Warn("un solde ne se lit pas", "network", gateways.Name(), "err", err)
	}
	for _, b := range all {
		if b.Left >= h.cfg.SMS.LowBalance {
			continue
		}
		e := bot.Event{ID: "credit/" + b.Provider + "/" + tick.UTC().Format(time.DateOnly), At: tick, Role: bot.Itself, Intent: bot.CreditIntent,
			Values: map[string]string{"provider": b.Provider, "left": fmt.Sprintf("%.6g", b.Left), "unit": b.Unit}}
		if err := h.bot.Handle(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
