package main

import (
	"context"
	"fmt"
	"io"

	"passeur/config"
	"passeur/intents/phones"
	"passeur/store"
)

// What a command is given, and what several of them ask of whoever typed it.

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// settings reads the settings when a command asks for them.
type settings func() (*config.Config, error)

// reading runs a command that only reads: it opens the database beside the running bot.
func reading(ctx context.Context, load settings, do func(*config.Config, *store.DB) error) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	if err := databaseThere(cfg); err != nil {
		return err
	}
	db, err := readStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(cfg, db)
}

// mobile reads one mobile number as people write it.
func mobile(text string) (string, error) {
	phones, err := phones.Find(text)
	if err != nil {
		return "", err
	}
	if len(phones) != 1 {
		return "", fmt.Errorf("« %s » n'est pas un numéro de mobile : écrivez-le comme 06 39 98 12 34", text)
	}
	return phones[0].E164, nil
}

// mobileOrNone reads a number that may be left out.
func mobileOrNone(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	return mobile(text)
}

// confirmed asks, and takes nothing but "oui" for it.
func confirmed(s streams, question string) bool {
	fmt.Fprint(s.out, question)
	var answer string
	_, _ = fmt.Fscanln(s.in, &answer)
	return answer == "oui"
}
