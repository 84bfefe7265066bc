//go:build unix

package main

import (
	"fmt"
	"path/filepath"
	"testing"

	"passeur/e2e/peers"
	"passeur/store"
)

// TestBenchPostgres measures the bot on PostgreSQL, as Debian sets it up but for what each measure prints: durable, and on the same machine.
// It runs with BENCH_POSTGRES=1 (make bench-postgres), prints as TestBench does, and like it asserts no time.
func TestBenchPostgres(t *testing.T) {
	gated(t, "BENCH_POSTGRES")
	measured(t, []part{
		{"delivery", benchPgDelivery}, {"inbound", benchPgInbound}, {"growth", benchPgGrowth}, {"country", benchPgCountry},
	})
}

// pgStock keeps databases on a server. A copy is what CREATE DATABASE makes of the filled one, which nobody has vacuumed or analysed but
// autovacuum, if it came by: that is how it is after a burst.
type pgStock struct {
	pg     *peers.Postgres
	at     string
	copies int
}

func newPgStock(t *testing.T) *pgStock {
	pg := peers.StartPostgres(t)
	return &pgStock{pg: pg, at: pg.Database(t, "filled")}
}

func (s *pgStock) filled() string { return s.at }

func (s *pgStock) copied(t *testing.T) (string, func()) {
	t.Helper()
	s.copies++
	name := fmt.Sprint("copy", s.copies)
	s.exec(t, "CREATE DATABASE "+name+" TEMPLATE filled")
	return s.pg.URL(name), func() { s.exec(t, "DROP DATABASE "+name+" WITH (FORCE)") }
}

// exec runs a statement beside the databases that are measured.
func (s *pgStock) exec(t *testing.T, query string) {
	t.Helper()
	serverDo(t, s.pg.DSN, query)
}

func (s *pgStock) open(t *testing.T, at string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), at, store.Options{Key: benchKey})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// benchPgDelivery compares how fast due reminders are handed to a gateway with how fast the bare loop, asynq and River hand the same
// requests to the same gateway, each in a process of its own.
func benchPgDelivery(t *testing.T, b *bars) {
	stock := newPgStock(t)
	d := newDelivery(t, size("BENCH_DUE", 100_000), stock)
	r := &rivals{delivery: d, program: builtRivals(t), pg: stock}
	r.messages = r.write(t, filepath.Join(t.TempDir(), "messages"))
	shares, overAsynq, overRiver := []float64{}, []float64{}, []float64{}
	fmt.Printf("\n%d due reminders over %d connections, messages/s (CPU µs each, gateway included + that of the database's server)\n", d.n, connections)
	fmt.Printf("  %-5s  %-15s  %-22s  %-22s  %s\n", "round", "bare", "bot", "asynq", "River")
	d.bare(t) // warm
	for round := range size("BENCH_ROUNDS", 3) {
		bare, bot, asynq, river := d.bare(t), d.whole(t), r.asynq(t), r.river(t)
		shares = append(shares, bot.perSecond()/bare.perSecond())
		overAsynq = append(overAsynq, bot.perSecond()/asynq.perSecond())
		overRiver = append(overRiver, bot.perSecond()/river.perSecond())
		fmt.Printf("  %-5d  %-15s  %-22s  %-22s  %s\n", round+1, speed(bare), withServer(bot)+share(shares[round]), withServer(asynq)+share(overAsynq[round]), withServer(river)+share(overRiver[round]))
	}
	for _, s := range r.settings {
		fmt.Println("  " + s)
	}
	fmt.Printf("  median share of bare: %.2f; over asynq %.2f, over River %.2f\n", median(shares), median(overAsynq), median(overRiver))
	b.add("pg_delivery_share", rounded(median(shares), 2))
	b.add("pg_vs_asynq", rounded(median(overAsynq), 2))
	b.add("pg_vs_river", rounded(median(overRiver), 2))
}

func withServer(s spent) string {
	return fmt.Sprintf("%.0f (%.0f+%.0f)", s.perSecond(), s.cpuEach(), s.serverEach())
}
