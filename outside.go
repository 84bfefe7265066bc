package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"passeur/adapters/ical"
	"passeur/adapters/rdv"
	"passeur/bot"
	"passeur/config"
	"passeur/intents"
)

// Tools that keep appointments and permanences themselves: config reads their settings, adapters/rdv and adapters/ical know what they mean.

// rdvLine is how statuses are written to RDV Service Public: one after the other, and never at the pace of a machine; at any hour, since no
// person is written to.
var rdvLine = line{able: bot.Abilities{Immediate: true}, rate: bot.Rate{PerSecond: 2, Burst: 1}, parallel: 1}

func rdvConfig(cfg *config.Config) rdv.Config {
	r := cfg.RDV
	c := rdv.Config{Secret: r.Secret.Reveal(), Organisations: r.Organisations, Relay: r.Relay, API: r.API, ClientID: r.ClientID, ClientSecret: r.ClientSecret.Reveal()}
	if r.Tokens != "" {
		c.Tokens = rdv.NewFileTokens(r.Tokens)
	}
	return c
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

// checkCalendars looks at the settings of the calendars that are subscribed to, for config.
func checkCalendars(cfg *config.Config) []config.Fault {
	if _, err := openCalendars(cfg, nil, quiet()); err != nil {
		return []config.Fault{{Setting: "calendars", Text: err.Error()}}
	}
	return nil
}

// openCalendars opens the network of the calendars that are read, and of those that serve finds.
func openCalendars(cfg *config.Config, serve ical.Source, log *slog.Logger) (*ical.Network, error) {
	zone, err := time.LoadLocation(intents.Zone(cfg.Bot.Territories[0]))
	if err != nil {
		return nil, fmt.Errorf("fuseau horaire du département %s : %w", cfg.Bot.Territories[0], err)
	}
	feeds := make([]ical.Feed, len(cfg.Calendars))
	for i, c := range cfg.Calendars {
		feeds[i] = ical.Feed{Name: c.Name, URL: c.URL.Reveal(), Every: time.Duration(c.Minutes) * time.Minute}
	}
	return ical.New(feeds, zone, serve, log)
}

// outside says how the exchange with other tools goes, one sentence each, for status.
func (s *server) outside() (lines []string) {
	for _, n := range s.networks {
		switch n := n.(type) {
		case *rdv.Network:
			if left := n.Foreign(); left > 0 {
				lines = append(lines, fmt.Sprintf("RDV Service Public : %d annonce(s) d'autres organisations, laissées de côté depuis le démarrage (rdv.organisations).", left))
			}
		case *ical.Network:
			for _, f := range n.Status() {
				lines = append(lines, s.feedLine(f))
			}
		}
	}
	return lines
}

func (s *server) feedLine(f ical.FeedStatus) string {
	when := "jamais encore"
	if !f.LastRead.IsZero() {
		when = "le " + f.LastRead.In(s.house.bot.Zone("")).Format("02/01 à 15:04")
	}
	out := fmt.Sprintf("Agenda %s : lu %s, %d entrée(s) à venir", f.Name, when, f.Entries)
	if len(f.Problems) > 0 {
		out += fmt.Sprintf(", %d remarque(s) que « passeur check » détaille", len(f.Problems))
	}
	if f.Err != nil {
		out += ". ⚠ " + f.Err.Error()
	}
	return out + "."
}

// rdv says what is needed for RDV Service Public. The access to its API is not tried: trying it changes the token, which the running bot
// would then not have.
func (r *report) rdv(cfg *config.Config) {
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

// onlyHere tells that an address reaches Passeur from this machine alone, or that there is none.
func onlyHere(public string) bool {
	u, err := url.Parse(public)
	if err != nil || public == "" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
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

// mostProblems is how many entries of a calendar check names; the rest is counted.
const mostProblems = 5

// calendars reads each calendar once.
func (r *report) calendars(ctx context.Context, cfg *config.Config) {
	switch {
	case cfg.PublicURL == "":
		r.warn("Agendas : sans public_url, « mon calendrier » ne donne pas de lien aux conseillers.")
	case onlyHere(cfg.PublicURL):
		r.warn("Agendas : les liens de « mon calendrier » ne se liront que sur cette machine (public_url est %s).", cfg.PublicURL)
	}
	n, err := openCalendars(cfg, nil, quiet())
	if err != nil {
		r.bad("Agendas : %v", err)
		return
	}
	for i, f := range n.Check(ctx) {
		of := fmt.Sprintf("Agenda %s (%s)", f.Name, cfg.Calendars[i].Owner)
		if f.Err != nil {
			r.bad("%s : %v", of, f.Err)
			continue
		}
		r.ok("%s : il se lit, %d entrée(s) à venir.", of, f.Entries)
		for _, p := range f.Problems[:min(mostProblems, len(f.Problems))] {
			r.warn("%s : %s", of, p)
		}
		if more := len(f.Problems) - mostProblems; more > 0 {
			r.warn("%s : et %d autre(s) remarque(s).", of, more)
		}
	}
}
