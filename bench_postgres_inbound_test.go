//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"passeur/adapters/sms"
	"passeur/bot"
)

// pgCallers is how many incoming SMS are under way at once.
const pgCallers = 64

// benchPgInbound compares how many incoming SMS a second are committed with a handler that parses the same requests and has the store do
// what it does for each, with nothing decided. Each round has fresh copies of a database of people who were asked.
func benchPgInbound(t *testing.T, b *bars) {
	stock := newPgStock(t)
	people := min(size("BENCH_SMS", 9000), numbers)
	db := stock.open(t, stock.at)
	fillAsked(t, db, people)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	tune()
	replayed := recorded(t, stock).calls(t, people)
	round := intake{atOnce: pgCallers, n: people}
	fmt.Printf("\nincoming SMS/s on PostgreSQL by %d callers (CPU µs each, caller included + the server's); a message asks the store %.1f times\n", pgCallers, float64(len(replayed.all))/float64(people))
	fmt.Printf("  bare has the same store do the same, statement by statement in the same batches and sealed alike: what was asked of it for one message of each of %d kinds, with other names in it\n", len(answers))
	fmt.Printf("  %-5s  %-20s  %s\n", "round", "bare", "committed")
	var shares []float64
	stock.bareIn(t, round, replayed) // warm
	for i := range size("BENCH_ROUNDS", 3) {
		bare := stock.bareIn(t, round, replayed)
		in := stock.committed(t, round)
		shares = append(shares, in.perSecond()/bare.perSecond())
		fmt.Printf("  %-5d  %-20s  %s\n", i+1, withServer(bare), withServer(in)+share(shares[i]))
	}
	fmt.Printf("  median share: %.2f\n", median(shares))
	b.add("pg_inbound_share", rounded(median(shares), 2))
}

// serving is serve over a database of the server.
func (s *pgStock) serving(t *testing.T, at, gateway string) *serving {
	t.Helper()
	return servingWith(t, onServers(at, "", gateway))
}

// committed takes one round in as serve does; no reply leaves.
func (s *pgStock) committed(t *testing.T, round intake) spent {
	t.Helper()
	at, done := s.copied(t)
	defer done()
	srv := s.serving(t, at, "http://127.0.0.1:1")
	defer srv.db.Close()
	server := serverOf(t, at)
	before := server.used()
	took := round.take(t, "commit", srv.url, srv.doors)
	took.server = server.used() - before
	return took
}

// bareIn takes one round in by the bare handler.
func (s *pgStock) bareIn(t *testing.T, round intake, r *replay) spent {
	t.Helper()
	at, done := s.copied(t)
	defer done()
	db := s.open(t, at)
	defer db.Close()
	server := serverOf(t, at)
	before := server.used()
	took := round.take(t, "bare-in", r.url, func(t *testing.T) func() { return r.doors(t, db) })
	took.server = server.used() - before
	return took
}

// recorded has each kind of message come in once, and returns what was asked of the store.
func recorded(t *testing.T, s *pgStock) templates {
	t.Helper()
	at, done := s.copied(t)
	defer done()
	srv := s.serving(t, at, "http://127.0.0.1:1")
	defer srv.db.Close()
	r := &recording{Store: srv.house.bot.Store}
	srv.house.bot.Store = r
	stop := srv.doors(t)
	defer stop()
	w := newWebhooks(srv.url, "kind-", 1)
	out := templates{network: srv.network(t)}
	for i := range answers {
		if err := w.post(i); err != nil {
			t.Fatal(err)
		}
		out.kinds = append(out.kinds, r.taken())
	}
	return out
}

// network is another SMS network of the same settings.
func (s *serving) network(t *testing.T) *sms.Network {
	t.Helper()
	n, err := smsNetwork(s.cfg, io.Discard, quiet())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// templates are what each kind of message asks of the store.
type templates struct {
	network *sms.Network
	kinds   [][]*call
}

// replay is a handler that parses what serve parses and asks of the store what serve asks, in the same order.
type replay struct {
	network *sms.Network
	listen  string
	url     string
	all     []*call
	of      map[string][]*call // by event
}

// calls writes, beforehand, what each of n messages asks.
func (k templates) calls(t *testing.T, n int) *replay {
	t.Helper()
	r := &replay{network: k.network, listen: freePort(t), of: make(map[string][]*call, n)}
	r.url = "http://" + r.listen
	for i := range n {
		kind := i % len(k.kinds)
		to := fmt.Sprint("bare-in-0-", i)
		names := strings.NewReplacer(numberOf(kind), numberOf(i), personOf(kind), personOf(i), rdvOf(kind), rdvOf(i), counsellorOf(kind), counsellorOf(i), fmt.Sprint("kind-", kind), to)
		for _, c := range k.kinds[kind] {
			r.of["sms/kannel/"+to] = append(r.of["sms/kannel/"+to], c.named(names))
		}
		r.all = append(r.all, r.of["sms/kannel/"+to]...)
	}
	return r
}

func (r *replay) doors(t *testing.T, db bot.Store) (stop func()) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("GET /health", new(health))
	mux.Handle("/sms/", r.network)
	hear := func(ctx context.Context, e bot.Event) (bot.Response, error) {
		calls, ok := r.of[e.ID]
		if !ok {
			return bot.Response{}, fmt.Errorf("nothing was recorded for %s", e.ID)
		}
		for _, c := range calls {
			if err := c.again(ctx, db, c); err != nil {
				return bot.Response{}, err
			}
		}
		return bot.Response{}, nil
	}
	return running(t, r.url, func(ctx context.Context) error { return openDoors(ctx, r.listen, r.network, hear, mux) })
}
