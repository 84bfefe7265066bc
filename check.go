package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"passeur/adapters/mattermost"
	"passeur/config"
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
		r.warn(w)
	}
	if cfg.Bot.Desk == "" {
		r.warn("Aucun accueil (desk) : un appel à l'aide d'un numéro inconnu ne sera lu par personne.")
	}
	key := r.database(ctx, cfg)
	r.sms(ctx, cfg)
	r.mattermost(ctx, cfg, key)
	r.rdv(cfg)
	r.calendars(ctx, cfg)
	if r.broken > 0 {
		return fmt.Errorf("%d point(s) à corriger", r.broken)
	}
	return nil
}

// report prints findings and counts what must be mended.
type report struct {
	out    io.Writer
	broken int
}

func (r *report) ok(format string, args ...any)   { fmt.Fprintf(r.out, "✓ "+format+"\n", args...) }
func (r *report) warn(format string, args ...any) { fmt.Fprintf(r.out, "! "+format+"\n", args...) }
func (r *report) bad(format string, args ...any) {
	r.broken++
	fmt.Fprintf(r.out, "✗ "+format+"\n", args...)
}

// say prints what a network found about itself; mind is for what works and should be known.
func (r *report) say(network string, ok, mind bool, text string) {
	print := r.ok
	switch {
	case !ok:
		print = r.bad
	case mind:
		print = r.warn
	}
	print("%s : %s", network, text)
}

// database returns the key of proofs: the one of the database or, while there is none and nobody else can have it, a new
// one; nil when the database does not open.
func (r *report) database(ctx context.Context, cfg *config.Config) []byte {
	if _, err := os.Stat(cfg.Database); errors.Is(err, os.ErrNotExist) {
		r.ok("Base %s : elle sera créée au premier démarrage.", cfg.Database)
		return []byte(rand.Text())
	}
	db, err := readStore(ctx, cfg)
	if err != nil {
		r.bad("Base %s : %v", cfg.Database, err)
		return nil
	}
	defer db.Close()
	r.ok("Base %s : elle s'ouvre.", cfg.Database)
	key := db.Key()
	if key.Beside {
		r.warn("La clé %s est à côté de la base : qui copie le dossier peut tout lire. Rangez-la ailleurs et donnez son chemin (key_file).", key.Path)
	}
	if key.Loose {
		r.warn("La clé %s est lisible par d'autres : chmod 600 %s", key.Path, key.Path)
	}
	sum, err := db.Summary(ctx, time.Now())
	if err != nil {
		r.bad("Base %s : %v", cfg.Database, err)
	} else if sum.Parked > 0 {
		r.warn("%d événement(s) mis de côté : passeur status", sum.Parked)
	}
	r.imports(ctx, db, cfg.Bot.Territories, time.Now())
	return db.ProofKey()
}

func (r *report) sms(ctx context.Context, cfg *config.Config) {
	if cfg.SMS.Provider == "log" {
		r.warn("SMS : à blanc (log), les textes sont écrits à l'écran et rien ne part. Choisissez un fournisseur (sms.provider) pour envoyer.")
	}
	network, err := openSMS(cfg, io.Discard, quiet())
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

func (r *report) mattermost(ctx context.Context, cfg *config.Config, key []byte) {
	if cfg.Mattermost.URL == "" {
		r.warn("Mattermost : non réglé (mattermost.url et mattermost.token) ; aucun conseiller ne peut écrire au robot.")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	set := mattermostConfig(cfg)
	set.ProofKey = key
	server := mattermost.New(set, nil, quiet())
	if server.Abilities().Forms {
		defer answerHere(cfg.Listen, server)()
	}
	for _, f := range server.Check(ctx) {
		r.say("Mattermost", f.OK, f.Mind, f.Text)
	}
}

// answerHere has the press of a check answered at the address of the settings, unless a running bot answers it there.
// Whatever else is called meanwhile is told to come back: a gateway must not believe that its message was taken.
func answerHere(address string, check http.Handler) (stop func()) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return func() {}
	}
	mux := http.NewServeMux()
	mux.Handle("/mattermost/self", check)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "le robot ne tourne pas", http.StatusServiceUnavailable)
	})
	server := publicServer(mux)
	go func() { _ = server.Serve(l) }()
	return func() { _ = server.Close() }
}
