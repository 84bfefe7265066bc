package main

import (
	"io"
	"log/slog"
	"maps"
	"time"

	"passeur/bot"
	"passeur/cluster"
	"passeur/config"
	"passeur/intents"
	"passeur/scheduler"
	"passeur/store"
)

// house is the whole bot on one store: what serve, demo, play and tests run.
type house struct {
	cfg       *config.Config
	store     *store.DB
	outlets   map[string]outlet
	bot       *bot.Bot
	cluster   bot.Cluster
	scheduler *scheduler.Scheduler
	fetch     fetch // of the network on which professionals send files; nil: there is none
	log       *slog.Logger
}

// outlet is how a network is written to.
type outlet struct {
	sender   bot.Sender
	able     bot.Abilities
	rate     bot.Rate
	parallel int
}

// site is where a network is opened.
type site struct {
	cfg *config.Config
	db  *store.DB
	out io.Writer // what a dry run writes
	log *slog.Logger
	// at is the bot, which is there once the networks listen, and what the clock says.
	at func() (*bot.Bot, time.Time)
	// cluster is what replicas share, once the networks listen.
	cluster func() bot.Cluster
	// attach makes what goes with a message, once the bot is there.
	attach bot.Attach
}

// opened is a network at work.
type opened struct {
	bot.Network
	outlet   outlet                         // how it is written to; without a sender nobody does
	fetch    fetch                          // how a file is read that came with an event; nil: none come
	presence func(bot.Address) bot.Presence // whether a professional is there, as bot.Deps asks; nil: it does not say
	alone    bool                           // of several robots one listens, the others need not
	told     func(*time.Location) []string  // what `passeur status` shows of it; nil: nothing
}

// assemble puts the house together on a store, which stays the caller's to close.
func assemble(cfg *config.Config, db *store.DB, outlets map[string]outlet, trace func(string), log *slog.Logger) (*house, error) {
	w, err := readWords()
	if err != nil {
		return nil, err
	}
	return w.assemble(cfg, db, outlets, trace, log)
}

// assemble is the same with these words, which houses share; each has its own list of forms.
func (w *words) assemble(cfg *config.Config, db *store.DB, outlets map[string]outlet, trace func(string), log *slog.Logger) (*house, error) {
	return w.assembleOn(cluster.Alone(), cfg, db, outlets, trace, log)
}

// assembleOn is the same on what replicas share.
func (w *words) assembleOn(shared bot.Cluster, cfg *config.Config, db *store.DB, outlets map[string]outlet, trace func(string), log *slog.Logger) (*house, error) {
	places, err := intents.NewGazetteer(cfg.Bot.Territories)
	if err != nil {
		return nil, err
	}
	h := &house{cfg: cfg, store: db, outlets: outlets, cluster: shared, log: log}
	able := map[string]bot.Abilities{}
	networks := map[string]scheduler.Network{"": {}}
	for name, o := range outlets {
		able[name] = o.able
		networks[name] = scheduler.Network{Sender: o.sender, Rate: o.rate, Parallel: o.parallel}
	}
	for _, n := range optionalNetworks() {
		if _, open := outlets[n]; !open {
			networks[n] = scheduler.Network{Sender: unopened{}}
		}
	}
	able[bot.ListsNetwork] = bot.Abilities{AnyHour: true}
	networks[bot.ListsNetwork] = h.listLine()
	h.bot, err = bot.New(bot.Deps{Store: db, Settings: cfg.Bot, Reader: intents.NewReader(), Gazetteer: places, Texts: w.french, Foreign: w.foreign, Forms: maps.Clone(w.forms),
		Abilities: able, PartnerCode: partnerCodes(db.ProofKey), LinkCode: linkCodes(db.ProofKey), StartLink: startLinks(cfg), Wake: h.cluster.Wake, Trace: trace, Log: log})
	if err != nil {
		return nil, err
	}
	h.scheduler = scheduler.New(db, h.cluster, h.bot, networks, h.jobsOn(), scheduler.Options{Log: log})
	return h, nil
}

// quiet is the log of what runs on a page, in a transcript or for one command.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
