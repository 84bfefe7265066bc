package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"passeur/adapters/mattermost"
	"passeur/bot"
	"passeur/config"
)

// Mattermost: what the settings of its server come to.

// mattermostChosen is the address of the server.
func mattermostChosen(cfg *config.Config) string { return cfg.Mattermost.URL }

func openMattermost(s site) (opened, error) {
	w, err := readWords()
	if err != nil {
		return opened{}, err
	}
	set := mattermostConfig(s.cfg)
	set.ProofKey, set.Say = s.db.ProofKey(), w.say
	set.Attach = s.attach
	set.Professionals = func(ctx context.Context) ([]bot.Address, error) { return bot.Professionals(ctx, s.db, "mattermost") }
	set.Hold = func(ctx context.Context, name string, ttl time.Duration) (bot.Lease, error) {
		return holdLoosely(ctx, s.cluster(), name, ttl)
	}
	n := mattermost.New(set, cursorsOf(s.db), s.log)
	return opened{Network: n, fetch: n.Download, presence: n.Presence, outlet: outlet{sender: n, able: n.Abilities(), parallel: 4}}, nil
}

// mattermostConfig is what the settings say of the server.
func mattermostConfig(cfg *config.Config) mattermost.Config {
	m := cfg.Mattermost
	return mattermost.Config{URL: m.URL, Token: m.Token.Reveal(), Team: m.Team, Channels: m.Channels, PublicURL: cfg.PublicURL, CommandToken: m.CommandToken.Reveal(),
		AskEmoji: m.AskEmoji, SwapNames: m.SwapNames}
}

// probeMattermost tries the server, its rights and its buttons; without a key it does not press one.
func probeMattermost(ctx context.Context, r *report, cfg *config.Config, key []byte) {
	if cfg.Mattermost.URL == "" {
		r.warn("Mattermost : non réglé (mattermost.url et mattermost.token) ; aucun conseiller ne peut écrire au robot.")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	set := mattermostConfig(cfg)
	set.ProofKey = key
	n := mattermost.New(set, nil, quiet())
	if n.Abilities().Forms {
		defer answerHere(cfg.Listen, n)()
	}
	for _, f := range n.Check(ctx) {
		r.say("Mattermost", f.OK, f.Mind, f.Text)
	}
}

// answerHere has the press of a check answered at the address of the settings, unless a running bot answers it there.
// Whatever else is called meanwhile is told to come back: a gateway must not believe that its message was taken.
func answerHere(address string, press http.Handler) (stop func()) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return func() {}
	}
	mux := http.NewServeMux()
	mux.Handle("/mattermost/self", press)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "le robot ne tourne pas", http.StatusServiceUnavailable)
	})
	door := publicServer(mux)
	go func() { _ = door.Serve(l) }()
	return func() { _ = door.Close() }
}

// shownMattermost: what is posted is as long as it is, and never waits for an hour.
func shownMattermost(*config.Config) outlet { return outlet{} }

func simulateMattermost(to bot.Sender, able bot.Abilities) outlet {
	able.AnyHour, able.Files = true, true
	return outlet{sender: to, able: able}
}
