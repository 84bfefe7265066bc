package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"passeur/adapters/rdv"
	"passeur/bot"
	"passeur/config"
)

// RDV Service Public, which keeps appointments itself: config reads the settings, adapters/rdv knows what they mean.

// rdvChosen is how RDV Service Public is reached.
func rdvChosen(cfg *config.Config) string {
	if !cfg.RDV.On() {
		return ""
	}
	return cmp.Or(cfg.RDV.API, "webhook")
}

func openRDV(s site) (opened, error) {
	n, err := rdv.New(rdvConfig(s.cfg), s.log)
	if err != nil {
		return opened{}, err
	}
	l := rdvOutlet
	l.sender = n
	return opened{Network: n, outlet: l, told: func(*time.Location) []string { return strangers(n.Foreign()) }}, nil
}

// rdvConfig is what the settings say of the tool.
func rdvConfig(cfg *config.Config) rdv.Config {
	r := cfg.RDV
	c := rdv.Config{Secret: r.Secret.Reveal(), Organisations: r.Organisations, Relay: r.Relay, API: r.API, ClientID: r.ClientID, ClientSecret: r.ClientSecret.Reveal()}
	if r.Tokens != "" {
		c.Tokens = rdv.NewFileTokens(r.Tokens)
	}
	return c
}

// rdvOutlet is how statuses are written to RDV Service Public: one after the other, and never at the pace of a machine; at any hour, since no
// person is written to.
var rdvOutlet = outlet{able: bot.Abilities{AnyHour: true}, rate: bot.Rate{PerSecond: 2, Burst: 1}, parallel: 1}

// strangers says that calls about other organisations are left out.
func strangers(left uint64) []string {
	if left == 0 {
		return nil
	}
	return []string{fmt.Sprintf("RDV Service Public : %d annonce(s) d'autres organisations, laissées de côté depuis le démarrage (rdv.organisations).", left)}
}

// checkRDV looks at the settings of RDV Service Public, for config.
func checkRDV(cfg *config.Config) (faults []config.Fault) {
	if !cfg.RDV.Given() {
		return nil
	}
	for _, f := range rdv.Check(rdvConfig(cfg)) {
		faults = append(faults, config.Fault{Setting: "rdv." + f.Setting, Text: f.Text})
	}
	return faults
}

// probeRDV says what is needed for RDV Service Public. The access to its API is not tried: trying it changes the token, which the running bot
// would then not have.
func probeRDV(_ context.Context, r *report, cfg *config.Config, _ []byte) {
	const tool = "RDV Service Public"
	if !cfg.RDV.On() {
		return
	}
	which := "de toutes les organisations"
	if len(cfg.RDV.Organisations) > 0 {
		which = "des organisations " + strings.Join(cfg.RDV.Organisations, ", ")
	}
	switch {
	case cfg.RDV.Secret == "":
		r.warn("%s : sans secret (rdv.secret), aucun webhook n'est écouté ; les rendez-vous %s sont relus chaque heure.", tool, which)
	case onlyHere(cfg.PublicURL):
		r.warn("%s : il ne peut pas appeler Passeur, faute d'une adresse que l'extérieur joint (public_url). Réglez-la, ou transmettez /rdv/webhook à %s.", tool, cfg.Listen)
	default:
		r.ok("%s : le webhook est attendu à %s/rdv/webhook, pour les rendez-vous %s.", tool, cfg.PublicURL, which)
	}
	if cfg.RDV.API != "" {
		r.tokens(tool, cfg.RDV.Tokens)
	}
	if cfg.RDV.Relay {
		r.warn("%s : désactivez là-bas les notifications des motifs que Passeur rappelle ; sinon, les personnes reçoivent deux rappels.", tool)
	} else {
		r.warn("%s : il rappelle lui aussi, et les personnes reçoivent deux rappels. Pour n'en garder qu'un : rdv.relay à true, puis désactivez là-bas les notifications des motifs (sans rdv.relay, cela arrête aussi ceux de Passeur).", tool)
	}
}

// tokens looks whether the refresh token is there and could be replaced.
func (r *report) tokens(tool, path string) {
	token, err := rdv.NewFileTokens(path).Load()
	switch {
	case err != nil:
		r.bad("%s : %v", tool, err)
		return
	case token == "":
		r.bad("%s : le fichier %s (rdv.tokens) manque ou est vide ; écrivez-y le jeton de renouvellement (docs/exploitation.md dit comment l'obtenir).", tool, path)
		return
	}
	probe, err := os.CreateTemp(filepath.Dir(path), ".passeur-check-*")
	if err != nil {
		r.bad("%s : le jeton change à chaque usage, et Passeur ne peut pas écrire dans le dossier %s : donnez-le à son compte.", tool, filepath.Dir(path))
		return
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	r.ok("%s : le jeton de renouvellement est là et peut être remplacé. Il n'est pas essayé ici : l'essai le changerait.", tool)
}

func shownRDV(*config.Config) outlet { return rdvOutlet }
