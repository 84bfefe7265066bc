package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"passeur/adapters/lacoop"
	"passeur/bot"
	"passeur/config"
	"passeur/intents"
	"passeur/intents/dates"
	"passeur/store"
)

// La Coop de la médiation numérique: links that open its forms filled in, activities in its columns, and what it has held against what is here.

// coopLinks makes the links to La Coop's forms; nil: the settings want none.
func coopLinks(cfg *config.Config) (func(bot.Report) string, error) {
	if cfg.Coop.Format == "" {
		return nil, nil
	}
	links, err := lacoop.NewLinks(cfg.Coop.URL, cfg.Coop.Format)
	if err != nil {
		return nil, err
	}
	return func(r bot.Report) string {
		link, _ := links.To(r)
		return link
	}, nil
}

// checkCoop looks at the settings of La Coop, for config.
func checkCoop(cfg *config.Config) (faults []config.Fault) {
	if _, err := lacoop.NewLinks(cfg.Coop.URL, ""); err != nil {
		faults = append(faults, config.Fault{Setting: "coop.url", Text: err.Error()})
	} else if _, err := coopLinks(cfg); err != nil {
		faults = append(faults, config.Fault{Setting: "coop.format", Text: err.Error()})
	}
	if _, err := coopAuthors(cfg); err != nil {
		faults = append(faults, config.Fault{Setting: "coop.authors", Text: err.Error()})
	}
	if key := cfg.Coop.Key.Reveal(); key != "" && !strings.Contains(key, ":") {
		faults = append(faults, config.Fault{Setting: "coop.key", Text: "la clé s'écrit client:secret, comme La Coop l'a donnée"})
	}
	return faults
}

// checkOpinions looks at the questions that usagers are asked by SMS, for config.
func checkOpinions(cfg *config.Config) []config.Fault {
	w, err := readWords()
	if err == nil {
		err = bot.CheckOpinions(cfg.Bot.Opinions, w.forms)
	}
	if err != nil {
		return []config.Fault{{Setting: "opinions", Text: err.Error()}}
	}
	return nil
}

// coopAuthors are the names of counsellors by the ids that La Coop has of them.
func coopAuthors(cfg *config.Config) (map[string]string, error) {
	out := map[string]string{}
	for _, a := range cfg.Coop.Authors {
		id, name, ok := strings.Cut(a, "=")
		if id, name = strings.TrimSpace(id), strings.TrimSpace(name); !ok || id == "" || name == "" {
			return nil, fmt.Errorf("« %s » doit s'écrire identifiant=Nom, comme 3f0c2a9e-0d3b-4c5e-8a34-5d1f0b7c9e21=Marie Lecomte", a)
		}
		if other := out[id]; other != "" {
			return nil, fmt.Errorf("%s et %s ont le même identifiant, %s", other, name, id)
		}
		out[id] = name
	}
	return out, nil
}

// activityFile is a table of activities: for names like "<person>/<from>/<to>.xlsx", of territories "<person>/<from>/<to>/territoire.xlsx".
func (h *house) activityFile(ctx context.Context, name string, now time.Time) (bot.Attachment, error) {
	person, p, whole, form := filedPeriod(name)
	all, ok, err := h.bot.Activities(ctx, person, p, whole, now)
	if err != nil || !ok {
		return bot.Attachment{}, err
	}
	which := lacoop.Own
	if whole {
		which = lacoop.ByCoordinator
	}
	return activityTable(all, which, form)
}

// filedPeriod reads "<person>/<from>/<to>.xlsx" and "<person>/<from>/<to>/territoire.xlsx".
func filedPeriod(name string) (person string, p intents.Period, whole bool, form string) {
	name, form, _ = strings.Cut(name, ".")
	parts := strings.Split(name, "/")
	if len(parts) < 3 {
		return "", p, false, ""
	}
	return parts[0], intents.Period{From: parts[1], To: parts[2]}, len(parts) == 4 && parts[3] == "territoire", form
}

// activityTable is a table of activities in La Coop's columns, in the form that the end of a file's name tells: "xlsx", "csv".
func activityTable(all []bot.Report, which lacoop.Export, form string) (bot.Attachment, error) {
	if form == "csv" {
		return csvOf("activites.csv", lacoop.Table(all, which))
	}
	var out bytes.Buffer
	if err := lacoop.XLSX(&out, lacoop.Sheets(all, which)...); err != nil {
		return bot.Attachment{}, err
	}
	return bot.Attachment{Name: "activites.xlsx", Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Data: out.Bytes()}, nil
}

// months are the months that a command asks for.
type months struct {
	From string `placeholder:"MOIS" help:"Premier mois, comme 2026-11 (sans lui : le mois en cours)."`
	To   string `placeholder:"MOIS" help:"Dernier mois (sans lui : le premier)."`
}

// period reads them.
func (m months) period(now time.Time) (p intents.Period, err error) {
	p.From, p.To = m.From, m.To
	if p.From == "" {
		p.From = now.Format("2006-01")
	}
	if p.To == "" {
		p.To = p.From
	}
	for _, month := range []string{p.From, p.To} {
		if _, err := time.Parse("2006-01", month); err != nil {
			return p, fmt.Errorf("« %s » n'est pas un mois : écrivez-le comme 2026-11", month)
		}
	}
	if p.To < p.From {
		return p, fmt.Errorf("le dernier mois (%s) est avant le premier (%s)", p.To, p.From)
	}
	return p, nil
}

type exportActivitiesCmd struct {
	months
	Format string `enum:"csv,xlsx" default:"csv" help:"csv ou xlsx."`
	Out    string `aliases:"output" type:"path" placeholder:"FICHIER" help:"Où les écrire ; un fichier de ce nom est remplacé. Sans cela : à l'écran."`
}

// Run writes the activities of the territories served, in La Coop's columns.
func (c *exportActivitiesCmd) Run(ctx context.Context, s streams, load settings) error {
	return reading(ctx, load, func(cfg *config.Config, db *store.DB) error {
		if c.Format == "xlsx" && c.Out == "" {
			return errors.New("dites où écrire le classeur : --out activites.xlsx")
		}
		all, _, err := activitiesOf(ctx, cfg, db, c.months)
		if err != nil {
			return err
		}
		table, err := activityTable(all, lacoop.ByCoordinator, c.Format)
		if err != nil {
			return err
		}
		return writeOut(s, c.Out, table.Data, "Les activités sont écrites")
	})
}

// activitiesOf are the activities of all territories served in some months.
func activitiesOf(ctx context.Context, cfg *config.Config, db *store.DB, m months) (all []bot.Report, p intents.Period, err error) {
	h, err := looking(cfg, db)
	if err != nil {
		return nil, p, err
	}
	now := time.Now().In(h.bot.Zone(""))
	if p, err = m.period(now); err != nil {
		return nil, p, err
	}
	for _, territory := range cfg.Bot.Territories {
		more, err := h.bot.ActivitiesIn(ctx, territory, p, now)
		if err != nil {
			return nil, p, err
		}
		all = append(all, more...)
	}
	return all, p, nil
}

type compareCmd struct {
	months
}

// Run says which activities are here and not in La Coop, and which are there and not here.
func (c *compareCmd) Run(ctx context.Context, s streams, load settings) error {
	return reading(ctx, load, func(cfg *config.Config, db *store.DB) error {
		authors, err := coopAuthors(cfg)
		switch {
		case err != nil:
			return err
		case cfg.Coop.Key == "":
			return errors.New("il faut la clé de l'API de La Coop (coop.key ou coop.key_file) : ses administrateurs la donnent à un département ou à un Hub")
		case len(authors) == 0:
			return errors.New("il faut dire de qui : coop.authors, l'identifiant de La Coop de chaque conseiller et son nom")
		}
		here, p, err := activitiesOf(ctx, cfg, db, c.months)
		if err != nil {
			return err
		}
		names := slices.Collect(maps.Values(authors))
		here = slices.DeleteFunc(here, func(r bot.Report) bool { return !slices.Contains(names, r.By) })
		there, err := readCoop(ctx, cfg, authors, p)
		if err != nil {
			return err
		}
		printComparison(s, lacoop.Compare(here, there), authors)
		return nil
	})
}

// readCoop are the activities of these authors that La Coop has of some months.
func readCoop(ctx context.Context, cfg *config.Config, authors map[string]string, p intents.Period) (there []lacoop.Remote, err error) {
	since, _ := time.Parse("2006-01", p.From)
	client := lacoop.Client{Base: cfg.Coop.URL, Key: cfg.Coop.Key.Reveal()}
	for r, err := range client.Activities(ctx, since) {
		if err != nil {
			return nil, err
		}
		if month := r.Date[:min(7, len(r.Date))]; authors[r.Author] != "" && month >= p.From && month <= p.To {
			there = append(there, r)
		}
	}
	return there, nil
}

func printComparison(s streams, c lacoop.Comparison, authors map[string]string) {
	fmt.Fprintf(s.out, "Ici et dans La Coop : %d\n", c.Both)
	fmt.Fprintf(s.out, "Ici seulement : %d\n", len(c.OnlyHere))
	for _, r := range c.OnlyHere {
		fmt.Fprintf(s.out, "  %s, activité n° %s de %s : %s, %s min, %s\n", frenchDate(r.Values["date"]), r.Number, r.By, r.Form, r.Values["duree"], r.Commune.Name)
	}
	fmt.Fprintf(s.out, "Dans La Coop seulement : %d\n", len(c.OnlyThere))
	for _, r := range c.OnlyThere {
		fmt.Fprintf(s.out, "  %s, %s : %s, %d min\n", frenchDate(r.Date), authors[r.Author], r.Type, r.Minutes)
	}
}

func frenchDate(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return fmt.Sprintf("%s %d", dates.FrenchDay(at), at.Year())
}
