package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

type checkCmd struct{}

// Run checks the settings and what they reach, one line each; it fails when something must be mended.
func (c *checkCmd) Run(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		fmt.Fprintf(s.out, "✗ Réglages :\n%v\n", err)
		return errors.New("les réglages sont à corriger")
	}
	r := &report{out: s.out}
	r.ok("Réglages lus.")
	for _, w := range cfg.Warnings {
		r.warn("%s", w)
	}
	if cfg.Bot.Desk == "" {
		r.warn("Aucun accueil (desk) : un appel à l'aide d'un numéro inconnu ne sera lu par personne.")
	}
	key := r.database(ctx, cfg)
	r.redis(ctx, cfg, key)
	for _, n := range networks {
		n.probe(ctx, r, cfg, key)
	}
	if r.broken > 0 {
		return fmt.Errorf("%d point(s) à corriger", r.broken)
	}
	return nil
}

// database returns the key of proofs: the one of the database or, while there is none and nobody else can have it, a new
// one; nil when the database does not open.
func (r *report) database(ctx context.Context, cfg *config.Config) []byte {
	if _, err := os.Stat(cfg.Database); !onServer(cfg) && errors.Is(err, os.ErrNotExist) {
		r.ok("Base %s : elle sera créée au premier démarrage.", cfg.Database)
		return []byte(rand.Text())
	}
	db, err := readStore(ctx, cfg)
	if onServer(cfg) && errors.Is(err, fs.ErrNotExist) {
		if fileThere(cfg) {
			r.bad("%v", errLeftBehind(cfg))
			return nil
		}
		r.ok("Base %s : elle est vide, elle sera préparée au premier démarrage.", store.Name(databaseOf(cfg)))
		return []byte(rand.Text())
	}
	if err != nil {
		r.bad("%v", err)
		return nil
	}
	defer db.Close()
	if to := db.Moved(); to != "" {
		r.bad("Base %s : elle a été déménagée vers %s. Donnez l'adresse du serveur (postgres.url).", db.Name(), to)
	} else {
		r.ok("Base %s : elle s'ouvre.", db.Name())
	}
	key := db.Key()
	if key.Beside {
		r.warn("La clé %s est à côté de la base : qui copie le dossier peut tout lire. Rangez-la ailleurs et donnez son chemin (key_file).", key.Path)
	}
	if key.Loose {
		r.warn("La clé %s est lisible par d'autres : chmod 600 %s", key.Path, key.Path)
	}
	sum, err := db.Summary(ctx, time.Now())
	if err != nil {
		r.bad("Base %s : %v", db.Name(), err)
	} else if sum.Parked > 0 {
		r.warn("%d événement(s) mis de côté : passeur status", sum.Parked)
	}
	r.replicas(ctx, db, cfg)
	r.imports(ctx, db, cfg.Bot.Territories, time.Now())
	return db.ProofKey()
}

// imports warns of what was imported too long ago. What cannot be read is a fault.
func (r *report) imports(ctx context.Context, s bot.Store, territories []string, now time.Time) {
	var zones []string
	for _, territory := range territories {
		zone := bot.SchoolZone(territory)
		if slices.Contains(zones, zone) {
			continue
		}
		zones = append(zones, zone)
		until, err := bot.SchoolKnownUntil(ctx, s, territory)
		switch {
		case err != nil:
			r.bad("Vacances scolaires de la zone %s : %v", zone, err)
		case until == "":
			r.warn("Vacances scolaires de la zone %s : aucune n'est connue, « sauf vacances » ne peut pas y être noté. Importez-les : passeur import school", zone)
		case until < now.Add(holidaysEnd).Format(time.DateOnly):
			r.warn("Vacances scolaires de la zone %s : connues jusqu'au %s seulement. Importez l'année suivante : passeur import school", zone, inFrench(until))
		}
	}
	src, version, err := bot.ReadSource(ctx, s, bot.SourceVenues)
	switch {
	case err != nil:
		r.bad("Lieux de médiation numérique : %v", err)
	case version > 0 && src.Imported.AddDate(0, placesOld, 0).Before(now):
		r.warn("Lieux de médiation numérique : importés le %s, il y a plus de %d mois. Importez-les de nouveau : passeur import venues", src.Imported.Format("02/01/2006"), placesOld)
	}
}

// inFrench writes a day as people do: "01/09/2027".
func inFrench(day string) string {
	parts := strings.Split(day, "-")
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}

// How early `check` warns.
const (
	holidaysEnd = 60 * 24 * time.Hour // the arrêté of the next year is out well before
	placesOld   = 6                   // months; the directory is published every day, and opening hours move with the seasons
)
