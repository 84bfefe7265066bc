package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"passeur/bot"
	"passeur/config"
)

// Commands that write speak to the running bot over a socket beside the database; when none runs, they take the
// database's lock and do the same themselves.

// order is a command that writes: its name at the socket, and what it does there or without a running bot. It says how many things it
// touched.
type order struct {
	name string
	do   func(ctx context.Context, b *bot.Bot, a demand) (int, error)
}

// taking is an order whose body is a T.
func taking[T any](name string, do func(context.Context, *bot.Bot, T) (int, error)) order {
	return order{name, func(ctx context.Context, b *bot.Bot, a demand) (int, error) {
		var what T
		if err := json.Unmarshal(a.body, &what); err != nil {
			return 0, fmt.Errorf("le robot ne comprend pas cet import : tourne-t-il dans la même version que la commande ? (%w)", err)
		}
		return do(ctx, b, what)
	}}
}

// demand is what an order is given.
type demand struct {
	number string // of a mobile, in E.164
	body   []byte // JSON: what is imported
}

// command gives an order to the running bot, or carries it out when none runs.
func command(ctx context.Context, cfg *config.Config, s streams, o order, a demand) (n int, err error) {
	if err := databaseThere(cfg); err != nil {
		return 0, err
	}
	if len(a.body) > largestBody {
		return 0, tooLarge()
	}
	db, err := openStore(ctx, cfg)
	if inUse(err) {
		err = askRunning(ctx, cfg, o.name, a, &n)
		return n, err
	}
	if err != nil {
		return 0, err
	}
	srv, err := newServer(cfg, db, s, quiet())
	if err != nil {
		return 0, errors.Join(err, db.Close())
	}
	n, err = o.do(ctx, srv.house.bot, a)
	return n, errors.Join(err, db.Close())
}

// askRunning asks the running bot, and reads its answer into what into points at.
func askRunning(ctx context.Context, cfg *config.Config, name string, a demand, into any) error {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", controlSocket(cfg))
	}
	client := &http.Client{Transport: &http.Transport{DialContext: dial}}
	words := url.Values{"number": {a.number}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://passeur/"+name+"?"+words.Encode(), bytes.NewReader(a.body))
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("la base est utilisée, mais le robot ne répond pas sur %s : %w", controlSocket(cfg), err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New(strings.TrimSpace(string(body)))
	}
	return json.Unmarshal(body, into)
}

func controlSocket(cfg *config.Config) string { return cfg.Database + ".sock" }

// largestBody is what an order may bring: an import of the whole national directory is some 20 MB.
const largestBody = 64 << 20

func tooLarge() error {
	return fmt.Errorf("l'import dépasse %d Mio : gardez les départements utiles", largestBody>>20)
}
