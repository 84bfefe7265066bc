package main

import (
	"context"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// networks are all there are, in the order in which they open, are checked and are listed. A network is its folder in adapters/, its
// settings, its file here, and its row.
var networks = []wiring{
	{name: "sms", chosen: smsChosen, open: openSMS, faults: checkSMS, probe: probeSMS, shown: shownSMS, simulate: simulateSMS},
	{name: "telegram", optional: true, chosen: telegramChosen, open: openTelegram, probe: probeTelegram, shown: shownTelegram, simulate: simulateTelegram},
	{name: "mattermost", chosen: mattermostChosen, open: openMattermost, probe: probeMattermost, shown: shownMattermost, simulate: simulateMattermost},
	{name: "rdv", chosen: rdvChosen, open: openRDV, faults: checkRDV, probe: probeRDV, shown: shownRDV},
	{name: "ical", chosen: calendarsChosen, open: openFeeds, faults: checkCalendars, probe: probeCalendars},
	{name: "orientation", chosen: partnersChosen, open: openPartners, probe: probePartners},
}

// wiring is what the program does with one network.
type wiring struct {
	name     string
	optional bool                                                   // while it is not opened, its messages go another way to their people
	chosen   func(*config.Config) string                            // what the settings say of it, in a word, for the log; "": it is not opened
	open     func(site) (opened, error)                             // for `passeur serve`
	faults   config.Check                                           // what is wrong with its settings; nil: config sees it alone
	probe    func(context.Context, *report, *config.Config, []byte) // `passeur check`, chosen or not; the bytes are the key of proofs
	shown    func(*config.Config) outlet                            // how it is written to, for commands that send nothing; nil: nobody writes to it
	simulate func(to bot.Sender, able bot.Abilities) outlet         // on a page or in a transcript; nil: it is not there
}

// checks are what the networks, La Coop's adapter, the forms, PostgreSQL and Redis have against settings.
func checks() (all []config.Check) {
	for _, n := range networks {
		if n.faults != nil {
			all = append(all, n.faults)
		}
	}
	return append(all, checkCoop, checkOpinions, checkPostgres, checkRedis)
}

// optionalNetworks are the names of those without which the bot does as well.
func optionalNetworks() (names []string) {
	for _, n := range networks {
		if n.optional {
			names = append(names, n.name)
		}
	}
	return names
}

// unopened takes the place of an optional network that is not opened.
type unopened struct{}

// Send implements bot.Sender.
func (unopened) Send(context.Context, bot.Address, bot.Rendered) (string, error) {
	return "", bot.ErrUnreachable
}

// looking is the house for commands that only read: nothing is sent.
func looking(cfg *config.Config, db *store.DB) (*house, error) {
	outlets := map[string]outlet{}
	for _, n := range networks {
		if n.shown != nil && (!n.optional || n.chosen(cfg) != "") {
			outlets[n.name] = n.shown(cfg)
		}
	}
	return assemble(cfg, db, outlets, nil, quiet())
}

// simulated are the networks whose messages arrive on a page or in a transcript.
func simulated(senders map[string]bot.Sender, able map[string]bot.Abilities) map[string]outlet {
	outlets := map[string]outlet{}
	for _, n := range networks {
		if n.simulate != nil && senders[n.name] != nil {
			outlets[n.name] = n.simulate(senders[n.name], able[n.name])
		}
	}
	return outlets
}
