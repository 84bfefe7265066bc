package main

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"passeur/adapters/ical"
	"passeur/config"
	"passeur/intents"
)

// Calendars that are subscribed to, and the network that serves those of counsellors (calendar.go).

// calendarsChosen is how many calendars are read. The network is there without one, for it serves those of counsellors.
func calendarsChosen(cfg *config.Config) string { return strconv.Itoa(len(cfg.Calendars)) }

func openFeeds(s site) (opened, error) {
	n, err := openCalendars(s.cfg, calendarSource(s.db.ProofKey(), s.at), s.log)
	if err != nil {
		return opened{}, err
	}
	return opened{Network: n, alone: true, told: func(zone *time.Location) (lines []string) {
		for _, f := range n.Status() {
			lines = append(lines, feedLine(f, zone))
		}
		return lines
	}}, nil
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

// feedLine says when a calendar was read, and what is wrong with it.
func feedLine(f ical.FeedStatus, zone *time.Location) string {
	when := "jamais encore"
	if !f.LastRead.IsZero() {
		when = "le " + f.LastRead.In(zone).Format("02/01 à 15:04")
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

// checkCalendars looks at the settings of the calendars that are subscribed to, for config.
func checkCalendars(cfg *config.Config) []config.Fault {
	if _, err := openCalendars(cfg, nil, quiet()); err != nil {
		return []config.Fault{{Setting: "calendars", Text: err.Error()}}
	}
	return nil
}

// probeCalendars reads each calendar once.
func probeCalendars(ctx context.Context, r *report, cfg *config.Config, _ []byte) {
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

// mostProblems is how many entries of a calendar check names; the rest is counted.
const mostProblems = 5
