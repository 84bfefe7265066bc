package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/config"
	"passeur/intents"
	"passeur/store"
)

// Commands that only read: they open the database beside the running bot.

// reading runs a command on the database, opened to read.
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

func wholeState(ctx context.Context, out io.Writer, cfg *config.Config, db *store.DB) error {
	sum, err := db.Summary(ctx, time.Now())
	if err != nil {
		return err
	}
	if err := printSummary(out, sum, time.Now()); err != nil {
		return err
	}
	misread, err := bot.Misreads(ctx, db)
	if err != nil {
		return err
	}
	if n := len(misread); n > 0 {
		fmt.Fprintf(out, "Messages mal compris, à étiqueter : %d (passeur learn).\n", n)
	}
	if held, err := db.Get(ctx, "hold", "sms"); err != nil {
		return err
	} else if len(held) > 0 {
		installed, err := time.LoadLocation(intents.Zone(cfg.Bot.Territories[0]))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "PAUSE GÉNÉRALE depuis le %s : aucun rappel ne part par SMS. Pour reprendre : passeur resume.\n", held[0].At.In(installed).Format("02/01 à 15:04"))
	}
	printRunning(ctx, out, cfg)
	return nil
}

// printRunning prints what only the running bot knows; one of another release may know less.
func printRunning(ctx context.Context, out io.Writer, cfg *config.Config) {
	n, err := overSocket(ctx, cfg, "forged", demand{})
	if err != nil {
		fmt.Fprintln(out, "Le robot ne tourne pas.")
		return
	}
	fmt.Fprintf(out, "Appels refusés faute de preuve depuis le démarrage : %d.\n", n)
	var lines []string
	if askRunning(ctx, cfg, "outside", demand{}, &lines) == nil {
		for _, l := range lines {
			fmt.Fprintln(out, l)
		}
	}
}

var laneNames = map[bot.Lane]string{bot.Reply: "réponses", bot.Reminder: "rappels", bot.Broadcast: "envois groupés"}

func networkName(network string) string {
	if network == "" {
		return "robot"
	}
	return network
}

func printSummary(out io.Writer, sum store.Summary, now time.Time) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "À VENIR\tFILE\tEN ATTENTE\tEN RETARD\tLE PLUS ANCIEN")
	for _, l := range sum.Lanes {
		oldest := ""
		if !l.OldestDue.IsZero() {
			oldest = "depuis " + now.Sub(l.OldestDue).Round(time.Second).String()
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\n", networkName(l.Network), laneNames[l.Lane], l.Pending, l.Late, oldest)
	}
	fmt.Fprintln(w, "\nDEPUIS 7 JOURS\tRAISON\tNOMBRE")
	for _, e := range sum.Ended {
		fmt.Fprintf(w, "%s\t%s\t%d\n", fateNames[bot.Fate(e.Fate)], e.Reason, e.N)
	}
	fmt.Fprintf(w, "\nÉvénements à traiter : %d. Mis de côté : %d%s\n", sum.Waiting, sum.Parked, howToRetry(sum.Parked))
	return w.Flush()
}

func howToRetry(parked int) string {
	if parked == 0 {
		return "."
	}
	return " (leur traitement a échoué trois fois ; une fois réparé : passeur retry)."
}

var fateNames = map[bot.Fate]string{bot.Deferred: "remis à plus tard", bot.Retry: "à réessayer", bot.Sent: "partis", bot.Uncertain: "incertains",
	bot.Failed: "échoués", bot.Refused: "retenus", bot.Expired: "périmés", "dropped": "annulés"}

func messagesOf(ctx context.Context, out io.Writer, cfg *config.Config, db *store.DB, number string) error {
	persons, err := personsAt(ctx, db, number)
	if err != nil {
		return err
	}
	srv, err := looking(cfg, db)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "QUAND\tÉTAT\tRAISON\tQUOI")
	var all []store.TaskRow
	for _, id := range persons {
		rows, err := everyTask(ctx, db, id)
		if err != nil {
			return err
		}
		all = append(all, rows...)
	}
	slices.SortStableFunc(all, func(a, b store.TaskRow) int { return a.Next.Compare(b.Next) })
	for _, r := range all {
		_, what, err := srv.bot.Explain(ctx, r.Task, r.Next)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Next.In(srv.bot.Zone(r.Place)).Format("2006-01-02 15:04"), stateName(r), r.Reason,
			strings.ReplaceAll(what, "\n", " "))
	}
	return w.Flush()
}

// looking is the house for commands that only read: nothing is sent.
func looking(cfg *config.Config, db *store.DB) (*house, error) {
	shown := map[string]line{"sms": {able: bot.Abilities{Receives: true, Parts: foldedParts}}, "mattermost": {}, "rdv": rdvLine}
	if network, err := openSMS(cfg, io.Discard, quiet()); err == nil {
		shown["sms"] = line{able: network.Abilities()}
	}
	return assemble(cfg.Bot, db, shown, nil, quiet())
}

func stateName(r store.TaskRow) string {
	switch {
	case r.State == store.Dropped:
		return "annulé"
	case r.Fate != "" && r.State == store.Ended:
		return strings.TrimSuffix(fateNames[r.Fate], "s")
	case r.Tries > 0:
		return fmt.Sprintf("attend l'essai %d", r.Tries+1)
	}
	return "prévu"
}

func mobileOrNone(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	return mobile(text)
}

// personsAt are the ids of those reached at a number.
func personsAt(ctx context.Context, db *store.DB, number string) ([]string, error) {
	ids, err := bot.PersonsAt(ctx, db, bot.Address("sms:"+number))
	if err == nil && len(ids) == 0 {
		err = fmt.Errorf("ce numéro n'est pas connu")
	}
	return ids, err
}

type exportCmd struct {
	Number string `arg:"" name:"NUMÉRO" help:"Numéro de mobile de la personne."`
}

// Run prints every record about the persons at a number, and every message to them, as one JSON document.
func (c *exportCmd) Run(ctx context.Context, s streams, load settings) error {
	number, err := mobile(c.Number)
	if err != nil {
		return err
	}
	return reading(ctx, load, func(_ *config.Config, db *store.DB) error { return exportNumber(ctx, s.out, db, number) })
}

func exportNumber(ctx context.Context, w io.Writer, db *store.DB, number string) error {
	persons, err := personsAt(ctx, db, number)
	if err != nil {
		return err
	}
	out := []exported{}
	for _, id := range persons {
		e, err := exportPerson(ctx, db, id)
		if err != nil {
			return err
		}
		out = append(out, e)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(map[string]any{"date": time.Now().Format(time.RFC3339), "personnes": out})
}

// exported is all that is known about one person.
type exported struct {
	Records  []exportedRecord  `json:"enregistrements"`
	Messages []exportedMessage `json:"messages"`
}

type exportedRecord struct {
	Kind string          `json:"genre"`
	ID   string          `json:"id"`
	At   time.Time       `json:"date"`
	Body json.RawMessage `json:"contenu"`
}

type exportedMessage struct {
	At      time.Time    `json:"date"`
	Network string       `json:"reseau"`
	State   string       `json:"etat"`
	Reason  string       `json:"raison,omitempty"`
	Message *bot.Message `json:"message,omitempty"`
}

func exportPerson(ctx context.Context, db *store.DB, id string) (exported, error) {
	e := exported{Records: []exportedRecord{}, Messages: []exportedMessage{}}
	records, err := everyRecord(ctx, db, bot.Query{Subject: id})
	if err != nil {
		return e, err
	}
	for _, r := range records {
		e.Records = append(e.Records, exportedRecord{r.Kind, r.ID, r.At, r.Body})
	}
	tasks, err := everyTask(ctx, db, id)
	for _, r := range tasks {
		e.Messages = append(e.Messages, exportedMessage{r.Next, networkName(r.Network), stateName(r), r.Reason, r.Message})
	}
	return e, err
}

type segmentsCmd struct {
	Text []string `arg:"" name:"TEXTE" help:"Le texte, ou - pour le lire sur l'entrée standard."`
}

// Run prints the text as a phone would show it and what it costs.
func (c *segmentsCmd) Run(s streams, load settings) error {
	text := strings.Join(c.Text, " ")
	if text == "-" {
		raw, err := io.ReadAll(io.LimitReader(s.in, 1<<20))
		if err != nil {
			return err
		}
		text = strings.TrimRight(string(raw), "\n")
	}
	folded := sms.Fold(text)
	fmt.Fprintln(s.out, folded)
	fmt.Fprintln(s.out, sms.Segments(folded))
	if pieces := sms.Split(folded); len(pieces) > 1 {
		for i, p := range pieces {
			fmt.Fprintf(s.out, "  %d/%d %s\n", i+1, len(pieces), p)
		}
	}
	if odd := sms.Offending(text); len(odd) > 0 {
		fmt.Fprintf(s.out, "Ces caractères coûtent plus cher (ils obligent à l'UCS-2) : %s\n", string(odd))
	}
	cfg, err := load()
	if err != nil {
		return err
	}
	for _, g := range []config.Gateway{cfg.SMS.Gateway, cfg.SMS.Backup} {
		if n := sms.Segments(folded).Parts; g.Provider != "" && g.Price > 0 {
			fmt.Fprintf(s.out, "Chez %s : %d × %s = %s\n", g.Provider, n, euros(g.Price), euros(float64(n)*g.Price))
		}
	}
	return nil
}
