package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"passeur/bot"
	"passeur/bot/dialogue"
	"passeur/config"
	"passeur/store"
)

type playCmd struct {
	Files  []string `arg:"" type:"existingfile" name:"FICHIER" help:"Dialogues à jouer."`
	Update bool     `help:"Écrit dans les fichiers ce que le robot dit maintenant."`
}

// Run plays each file on a throw-away database.
func (c *playCmd) Run(ctx context.Context, s streams, _ settings) error {
	wrong := 0
	for _, file := range c.Files {
		src, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		result, err := playDialogue(ctx, string(src))
		if err != nil {
			return fmt.Errorf("%s : %w", file, err)
		}
		if result.Text == string(src) {
			fmt.Fprintf(s.out, "%s : comme écrit\n", file)
			continue
		}
		if c.Update {
			if err := os.WriteFile(file, []byte(result.Text), 0o644); err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s : mis à jour\n", file)
			continue
		}
		wrong++
		fmt.Fprintf(s.out, "%s : le robot parle autrement\n%s", file, differences(string(src), result.Text))
	}
	if wrong > 0 {
		return fmt.Errorf("%d dialogue(s) ne se jouent pas comme écrit ; --update écrit ce que le robot dit maintenant", wrong)
	}
	return nil
}

// playDialogue plays one dialogue in Paris time on a throw-away database.
func playDialogue(ctx context.Context, src string) (dialogue.Result, error) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return dialogue.Result{}, err
	}
	dir, err := os.MkdirTemp("", "passeur-play-")
	if err != nil {
		return dialogue.Result{}, err
	}
	defer os.RemoveAll(dir)
	return dialogue.Play(ctx, src, zone, func(ctx context.Context, s dialogue.Setup) (dialogue.House, error) {
		return dialogueHouse(ctx, s, filepath.Join(dir, "passeur.db"))
	})
}

// played is a house that a dialogue talks to.
type played struct{ *house }

func (p played) Hear(ctx context.Context, e bot.Event) (bot.Response, error) {
	return p.bot.Hear(ctx, e)
}

func (p played) Step(ctx context.Context, now time.Time) (time.Time, error) {
	return p.scheduler.Step(ctx, now)
}

func (p played) Close() error { return p.store.Close() }

func dialogueHouse(ctx context.Context, s dialogue.Setup, file string) (dialogue.House, error) {
	cfg, err := config.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		return nil, err
	}
	for _, change := range s.Settings {
		change(&cfg.Bot)
	}
	db, err := store.Open(ctx, file, store.Options{Volatile: true})
	if err != nil {
		return nil, err
	}
	h, err := assemble(cfg, db, simulated(s.Senders, s.Able), s.Trace, quiet())
	if err != nil {
		return nil, err
	}
	h.fetch = func(_ context.Context, id string, _ int64, w io.Writer) error {
		_, err := w.Write(s.Files[id])
		return err
	}
	h.bot.Presence = func(a bot.Address) bot.Presence { return s.Present[a] }
	h.bot.PartnerCode = func(_ string, n int) string { return dialogueCodes[n%len(dialogueCodes)] }
	if s.Telegram != "" {
		links := 0
		h.bot.LinkCode = func(string) string { links++; return fmt.Sprint("code", links) }
		h.bot.StartLink = func(carried string) string { return dialogue.StartLink(s.Telegram, carried) }
	}
	if !s.NoAddress {
		h.bot.PartnerLink = func(partner string) string { return "https://passeur.exemple.fr/orientation/" + partner }
		h.bot.CoopLink = func(r bot.Report) string { return "https://coop.exemple.fr/" + r.Form }
		h.bot.CalendarLink = func(person string, n int) string {
			return fmt.Sprintf("https://passeur.exemple.fr/ical/%s-%d.ics", person, n)
		}
	}
	return played{h}, keepVenues(ctx, h, s.Venues)
}

// dialogueCodes are those that partners get in dialogues, the first one first.
var dialogueCodes = []string{"K7QDM4", "X3HFR9", "TC6MNA", "4GJWDK"}

// keepVenues imports the places of a dialogue.
func keepVenues(ctx context.Context, h *house, all []bot.Venue) error {
	if len(all) == 0 {
		return nil
	}
	for i := range all {
		if commune, ok := h.bot.Gazetteer.ByCode(all[i].Commune); ok && all[i].Lat == 0 {
			all[i].Lat, all[i].Lon = commune.Lat, commune.Lon
		}
	}
	_, err := h.bot.ImportVenues(ctx, all, true, time.Time{})
	return err
}

// differences shows the lines that two texts do not share, in order.
func differences(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	var out strings.Builder
	for len(w) > 0 || len(g) > 0 {
		if len(w) > 0 && len(g) > 0 && w[0] == g[0] {
			w, g = w[1:], g[1:]
			continue
		}
		skipW, skipG := resync(w, g)
		for _, l := range w[:skipW] {
			fmt.Fprintf(&out, "  écrit  - %s\n", l)
		}
		for _, l := range g[:skipG] {
			fmt.Fprintf(&out, "  joué   + %s\n", l)
		}
		w, g = w[skipW:], g[skipG:]
	}
	return out.String()
}

// resync finds the nearest pair of equal lines, by how many lines of both are left out.
func resync(w, g []string) (skipW, skipG int) {
	for sum := 1; sum <= len(w)+len(g); sum++ {
		for i := max(0, sum-len(g)); i <= min(sum, len(w)); i++ {
			j := sum - i
			if i < len(w) && j < len(g) && w[i] == g[j] {
				return i, j
			}
		}
	}
	return len(w), len(g)
}
