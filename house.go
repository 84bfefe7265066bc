package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	store     *store.DB
	bot       *bot.Bot
	cluster   bot.Cluster
	scheduler *scheduler.Scheduler
}

// line is a network as the house needs it.
type line struct {
	sender   bot.Sender
	able     bot.Abilities
	rate     bot.Rate
	parallel int
}

// assemble puts the house together on a store, which stays the caller's to close.
func assemble(s bot.Settings, db *store.DB, lines map[string]line, trace func(string), log *slog.Logger, more ...scheduler.Job) (*house, error) {
	w, err := readWords()
	if err != nil {
		return nil, err
	}
	return w.assemble(s, db, lines, trace, log, more...)
}

// assemble is the same with these words.
func (w *words) assemble(s bot.Settings, db *store.DB, lines map[string]line, trace func(string), log *slog.Logger, more ...scheduler.Job) (*house, error) {
	places, err := intents.NewGazetteer(s.Territories)
	if err != nil {
		return nil, err
	}
	h := &house{store: db, cluster: cluster.Alone()}
	able := map[string]bot.Abilities{}
	toLines := map[string]scheduler.Line{"": {}}
	for name, l := range lines {
		able[name] = l.able
		toLines[name] = scheduler.Line{Sender: l.sender, Rate: l.rate, Parallel: l.parallel}
	}
	h.bot, err = bot.New(bot.Parts{Store: db, Settings: s, Reader: intents.NewReader(), Gazetteer: places, Texts: w.french, Foreign: w.foreign, Forms: w.forms,
		Abilities: able, Wake: h.cluster.Wake, Trace: trace, Log: log})
	if err != nil {
		return nil, err
	}
	h.scheduler = scheduler.New(db, h.cluster, h.bot, toLines, append(h.jobs(), more...), scheduler.Options{Log: log})
	return h, nil
}

// words are what the bot says and asks.
type words struct {
	french  *bot.Catalogue
	foreign map[string]*bot.Catalogue
	forms   map[string]bot.Form
}

func readWords() (*words, error) {
	texts, err := config.Texts()
	if err != nil {
		return nil, err
	}
	forms, more, err := config.Forms()
	if err != nil {
		return nil, err
	}
	config.AddTexts(texts, more)
	return wordsOf(texts, forms)
}

// wordsOf compiles the texts of each language; what one lacks is said in French.
func wordsOf(texts map[string]map[string][]string, forms map[string]bot.Form) (w *words, err error) {
	w = &words{forms: forms, foreign: map[string]*bot.Catalogue{}}
	if w.french, err = bot.NewCatalogue(bot.French, texts[bot.French], nil); err != nil {
		return nil, err
	}
	for language, own := range texts {
		if language != bot.French {
			if w.foreign[language], err = bot.NewCatalogue(language, own, w.french); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

// jobs are what recurs by itself.
func (h *house) jobs() []scheduler.Job {
	sweep := func(ctx context.Context, tick time.Time) error {
		_, err := h.store.Sweep(ctx, tick)
		return errors.Join(err, h.bot.SweepImports(ctx, tick))
	}
	return []scheduler.Job{{Name: "menage", Spec: "17 3 * * *", Zone: h.bot.Zone(""), Do: sweep}}
}

// openStore opens the database that the settings name, to write to it.
func openStore(ctx context.Context, cfg *config.Config) (*store.DB, error) {
	return open(ctx, cfg, false)
}

// readStore opens it to read, beside a running bot.
func readStore(ctx context.Context, cfg *config.Config) (*store.DB, error) {
	return open(ctx, cfg, true)
}

func open(ctx context.Context, cfg *config.Config, readOnly bool) (*store.DB, error) {
	o := store.Options{ReadOnly: readOnly}
	if cfg.Key != "" {
		key, err := store.ParseKey([]byte(cfg.Key.Reveal()))
		if err != nil {
			return nil, fmt.Errorf("la clé (key, key_file) : %w", err)
		}
		o.Key = key
	}
	return store.Open(ctx, cfg.Database, o)
}

// everyRecord walks all the pages of a query.
func everyRecord(ctx context.Context, db *store.DB, q bot.Query) (all []bot.Record, err error) {
	for rec, err := range bot.Every(ctx, db, q) {
		if err != nil {
			return all, err
		}
		all = append(all, rec)
	}
	return all, nil
}

// everyTask is all that was or will be said to a person, or about her.
func everyTask(ctx context.Context, db *store.DB, person string) (all []store.TaskRow, err error) {
	for _, q := range []store.TaskQuery{{To: person}, {Subject: person}} {
		for {
			page, err := db.Tasks(ctx, q, time.Now())
			if err != nil {
				return nil, err
			}
			if len(page) == 0 {
				break
			}
			all = append(all, page...)
			q.Offset += len(page)
		}
	}
	return all, nil
}

// quiet is the log of what runs on a page, in a transcript or for one command.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// inUse tells that a running bot holds the database: the command must speak to it.
func inUse(err error) bool { return errors.Is(err, store.ErrInUse) }

// say is a sentence without arguments in the language of a locale.
func (w *words) say(locale, key string) string {
	c := w.french
	if foreign := w.foreign[bot.LanguageOf(locale, w.foreign)]; foreign != nil {
		c = foreign
	}
	text, _, err := c.Render(key, nil, time.Time{}, func(string) bool { return true })
	if err != nil {
		return key
	}
	return text
}
