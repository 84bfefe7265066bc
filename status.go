package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"text/tabwriter"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/intents"
	"passeur/store"
)

type statusCmd struct {
	Number string `arg:"" optional:"" name:"NUMÉRO" help:"Numéro de mobile : pourquoi ses messages sont partis ou non."`
}

// Run prints the state of the whole, or of one person's messages.
func (c *statusCmd) Run(ctx context.Context, s streams, load settings) error {
	number, err := mobileOrNone(c.Number)
	if err != nil {
		return err
	}
	return reading(ctx, load, func(cfg *config.Config, db *store.DB) error {
		if number != "" {
			return messagesOf(ctx, s.out, cfg, db, number)
		}
		return wholeState(ctx, s.out, cfg, db)
	})
}

// figures are what `passeur status` tells of the whole, in this order: each is read beside the running bot and printed. A new one is one
// line here.
var figures = []func(context.Context, *overview) error{tasksToCome, tasksEnded, events, misread, generalPause, whatRuns}

// overview is what figures are read from, and where they are printed; cells between tabs are put below each other.
type overview struct {
	io.Writer
	cfg *config.Config
	db  *store.DB
	now time.Time
	sum store.Summary
}

// zone is the time zone of the installation.
func (o *overview) zone() (*time.Location, error) {
	return time.LoadLocation(intents.Zone(o.cfg.Bot.Territories[0]))
}

// wholeState prints every figure.
func wholeState(ctx context.Context, out io.Writer, cfg *config.Config, db *store.DB) error {
	o := &overview{cfg: cfg, db: db, now: time.Now()}
	var err error
	if o.sum, err = db.Summary(ctx, o.now); err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	o.Writer = table
	for _, f := range figures {
		if err := f(ctx, o); err != nil {
			return errors.Join(err, table.Flush())
		}
	}
	return table.Flush()
}

// tasksToCome: what waits, and what is late.
func tasksToCome(_ context.Context, o *overview) error {
	fmt.Fprintln(o, "À VENIR\tFILE\tEN ATTENTE\tEN RETARD\tLE PLUS ANCIEN")
	for _, l := range o.sum.Lanes {
		oldest := ""
		if !l.OldestDue.IsZero() {
			oldest = "depuis " + o.now.Sub(l.OldestDue).Round(time.Second).String()
		}
		fmt.Fprintf(o, "%s\t%s\t%d\t%d\t%s\n", networkName(l.Network), laneNames[l.Lane], l.Pending, l.Late, oldest)
	}
	return nil
}

// tasksEnded: what became of the rest.
func tasksEnded(_ context.Context, o *overview) error {
	fmt.Fprintln(o, "\nDEPUIS 7 JOURS\tRAISON\tNOMBRE")
	for _, e := range o.sum.Ended {
		fmt.Fprintf(o, "%s\t%s\t%d\n", fateNames[bot.Fate(e.Fate)], e.Reason, e.N)
	}
	return nil
}

// events: what was heard and not handled yet, or parked.
func events(_ context.Context, o *overview) error {
	mend := "."
	if o.sum.Parked > 0 {
		mend = " (leur traitement a échoué trois fois ; une fois réparé : passeur retry)."
	}
	fmt.Fprintf(o, "\nÉvénements à traiter : %d. Mis de côté : %d%s\n", o.sum.Waiting, o.sum.Parked, mend)
	return nil
}

// misread: what was not understood and waits for a label.
func misread(ctx context.Context, o *overview) error {
	all, err := bot.Misreads(ctx, o.db)
	if len(all) > 0 {
		fmt.Fprintf(o, "Messages mal compris, à étiqueter : %d (passeur learn).\n", len(all))
	}
	return err
}

// generalPause: whether the brake is pulled.
func generalPause(ctx context.Context, o *overview) error {
	held, err := o.db.Get(ctx, "hold", "sms")
	if err != nil || len(held) == 0 {
		return err
	}
	installed, err := o.zone()
	if err != nil {
		return err
	}
	fmt.Fprintf(o, "PAUSE GÉNÉRALE depuis le %s : aucun rappel ne part. Pour reprendre : passeur resume.\n", held[0].At.In(installed).Format("02/01 à 15:04"))
	return nil
}

// whatRuns: what only the running bot knows.
func whatRuns(ctx context.Context, o *overview) error {
	if onServer(o.cfg) {
		return replicasRunning(ctx, o)
	}
	printRunning(ctx, o, o.cfg)
	return nil
}

// runningOrder is the question for the figures of the running bot, at its socket.
const runningOrder = "running"

// runningFigures are the figures since the start, as sentences, in this order. A new one is one line here.
var runningFigures = []func(*server) []string{turnedAway, (*server).told}

// running are the sentences of all of them.
func (s *server) running() (said []string) {
	for _, f := range runningFigures {
		said = append(said, f(s)...)
	}
	return said
}

func printRunning(ctx context.Context, out io.Writer, cfg *config.Config) {
	var said []string
	err := askRunning(ctx, cfg, runningOrder, demand{}, &said)
	if unreached := new(net.OpError); errors.As(err, &unreached) {
		fmt.Fprintln(out, "Le robot ne tourne pas.")
		return
	}
	if err != nil { // of another release
		fmt.Fprintf(out, "Le robot tourne, et ne dit pas où il en est : %v\n", err)
	}
	for _, line := range said {
		fmt.Fprintln(out, line)
	}
}

// forged is how many calls the networks turned away since the start because they proved nothing.
func (s *server) forged() (n int) {
	for _, o := range s.networks {
		if counts, ok := o.Network.(interface{ Forged() uint64 }); ok {
			n += int(counts.Forged())
		}
	}
	return n
}

func turnedAway(s *server) []string {
	return []string{fmt.Sprintf("Appels refusés faute de preuve depuis le démarrage : %d.", s.forged())}
}

// told is what the networks say of themselves, those excepted that another robot listens to.
func (s *server) told() (said []string) {
	for _, o := range s.networks {
		if o.told != nil && (!o.alone || s.holds(o.Name())) {
			said = append(said, o.told(s.house.bot.Zone(""))...)
		}
	}
	return said
}
