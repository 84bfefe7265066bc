package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/config"
)

// SMS: config reads the settings of providers, adapters/sms knows what they mean.

// smsChosen: there is always a provider; "log" sends nothing.
func smsChosen(cfg *config.Config) string { return cfg.SMS.Provider }

func openSMS(s site) (opened, error) {
	n, err := smsNetwork(s.cfg, s.out, s.log)
	if err != nil {
		return opened{}, err
	}
	return opened{Network: n, outlet: outlet{sender: n, able: costing(n.Abilities(), s.cfg), rate: smooth(s.cfg.SMS.Rate), parallel: s.cfg.SMS.Parallel}}, nil
}

// costing adds what a provider's texts cost, and how many it takes.
func costing(able bot.Abilities, cfg *config.Config) bot.Abilities {
	able.Price, able.Pace = cfg.SMS.Price, cfg.SMS.Rate
	return able
}

// smooth is the pace for a provider that takes so many texts a second and counts them where they arrive. A burst of a twenty-fifth comes on top of a second's
// tokens, and what replicas hand over arrives a little closer than it left: so the pace is a twenty-fifth below what the provider takes.
func smooth(perSecond float64) bot.Rate {
	const spared = 25
	return bot.Rate{PerSecond: perSecond - perSecond/spared, Burst: max(1, int(perSecond/spared))}
}

// smsNetwork opens the network of SMS; a dry run writes to out.
func smsNetwork(cfg *config.Config, out io.Writer, log *slog.Logger) (*sms.Network, error) {
	first, err := smsConfig(&cfg.SMS.Gateway, cfg)
	if err != nil {
		return nil, err
	}
	if cfg.SMS.Backup.Provider == "" {
		return sms.Open(first, nil, out, log)
	}
	second, err := smsConfig(&cfg.SMS.Backup, cfg)
	if err != nil {
		return nil, err
	}
	if first.Name() == second.Name() {
		return nil, errSameTwice
	}
	return sms.Open(first, &second, out, log)
}

// errSameTwice: who calls at an address of Passeur, and whose id a receipt gives, must be plain.
var errSameTwice = errors.New("le second fournisseur de SMS (sms.backup) est le premier : choisissez-en un autre")

// smsConfig is what the settings say of one provider, with its definition if it has one.
func smsConfig(g *config.Gateway, cfg *config.Config) (sms.Config, error) {
	d, err := definition(g)
	return sms.Config{Provider: g.Provider, Definition: d, URL: g.URL, Account: g.Account, Username: g.Username, Password: g.Password.Reveal(),
		Token: g.Token.Reveal(), From: g.From, Secret: g.Secret.Reveal(), PublicURL: cfg.PublicURL, MaxParts: g.MaxParts, Rate: g.Rate, Concurrency: g.Parallel}, err
}

// definition reads the description of a provider: a file of the operator's, or one that is part of the program. Providers that speak Go
// have none.
func definition(g *config.Gateway) (*sms.Definition, error) {
	name, text, err := g.Definition, []byte(nil), error(nil)
	shipped, ok := sms.DefinitionFile(g.Provider)
	switch {
	case g.Provider == "http":
		text, err = os.ReadFile(g.Definition)
	case ok:
		name, text = g.Provider, shipped
	default:
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("le fichier « %s » ne peut pas être lu", name)
	}
	d := new(sms.Definition)
	return d, config.Decode(name, text, d)
}

// checkSMS looks at the settings of the SMS providers, for config.
func checkSMS(cfg *config.Config) (faults []config.Fault) {
	for group, g := range map[string]*config.Gateway{"sms.": &cfg.SMS.Gateway, "sms.backup.": &cfg.SMS.Backup} {
		if g == &cfg.SMS.Backup && g.Provider == "" {
			continue
		}
		for _, f := range checkGateway(g, cfg) {
			name := group + f.Setting
			if f.Setting == "public_url" {
				name = f.Setting
			}
			faults = append(faults, config.Fault{Setting: name, Text: f.Text})
		}
	}
	if len(faults) > 0 || cfg.SMS.Backup.Provider == "" {
		return faults
	}
	if _, err := smsNetwork(cfg, io.Discard, quiet()); errors.Is(err, errSameTwice) {
		return []config.Fault{{Setting: "sms.backup.provider", Text: err.Error()}}
	}
	return nil
}

func checkGateway(g *config.Gateway, cfg *config.Config) []sms.Fault {
	if g.Provider == "http" && g.Definition == "" {
		return []sms.Fault{{Setting: "definition", Text: "ce réglage manque : le fichier qui décrit le fournisseur (docs/sms.md)"}}
	}
	if near := config.Suggest(g.Provider, sms.Names()); near != "" && near != g.Provider {
		return []sms.Fault{{Setting: "provider", Text: fmt.Sprintf("fournisseur inconnu « %s » : vouliez-vous dire « %s » ?", g.Provider, near)}}
	}
	c, err := smsConfig(g, cfg)
	if err != nil {
		return []sms.Fault{{Setting: "definition", Text: err.Error()}}
	}
	faults := sms.Check(c)
	for i, f := range faults {
		if c.Definition != nil && c.Definition.Says[f.Setting] != "" {
			faults[i].Text = f.Text + " : " + c.Definition.Says[f.Setting]
		}
	}
	return faults
}

// probeSMS tries the access to each provider.
func probeSMS(ctx context.Context, r *report, cfg *config.Config, _ []byte) {
	if cfg.SMS.Provider == "log" {
		r.warn("SMS : à blanc (log), les textes sont écrits à l'écran et rien ne part. Choisissez un fournisseur (sms.provider) pour envoyer.")
	}
	network, err := smsNetwork(cfg, io.Discard, quiet())
	if err != nil {
		r.bad("SMS : %v", err)
		return
	}
	for _, w := range network.Warnings() {
		r.warn("%s", w)
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for _, f := range network.Check(ctx) {
		r.say("SMS", f.OK, f.Mind, f.Text)
	}
}

// shownSMS supposes a network that hears answers when the settings do not open one.
func shownSMS(cfg *config.Config) outlet {
	n, err := smsNetwork(cfg, io.Discard, quiet())
	if err != nil {
		return outlet{able: bot.Abilities{Receives: true, Parts: foldedParts}}
	}
	return outlet{able: n.Abilities()}
}

// simulateSMS folds texts as a gateway would.
func simulateSMS(to bot.Sender, able bot.Abilities) outlet {
	able.MaxParts, able.Parts, able.Fold = 8, foldedParts, sms.Fold
	return outlet{sender: folding{to}, able: able}
}

func foldedParts(text string) int { return sms.Segments(sms.Fold(text)).Parts }

// folding shows an SMS as the phone does.
type folding struct{ bot.Sender }

func (f folding) Send(ctx context.Context, to bot.Address, m bot.Rendered) (string, error) {
	m.Text = sms.Fold(m.Text)
	return f.Sender.Send(ctx, to, m)
}
