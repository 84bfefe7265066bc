package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// Why the messages of one person left or not, and how people read the state of a message.

// messagesOf prints every message to the persons at a number, and those about them.
func messagesOf(ctx context.Context, out io.Writer, cfg *config.Config, db *store.DB, number string) error {
	persons, err := peopleAt(ctx, db, number)
	if err != nil {
		return err
	}
	h, err := looking(cfg, db)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "QUAND\tÉTAT\tPAR\tRAISON\tQUOI")
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
		_, what, err := h.bot.Explain(ctx, r.Task, r.Next)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.Next.In(h.bot.Zone(r.Place)).Format("2006-01-02 15:04"), stateName(r), networkName(r.Network), r.Reason,
			strings.ReplaceAll(what, "\n", " "))
	}
	return w.Flush()
}

// peopleAt are the ids of those reached at a number.
func peopleAt(ctx context.Context, db *store.DB, number string) ([]string, error) {
	ids, err := bot.PeopleAt(ctx, db, bot.Address("sms:"+number))
	if err == nil && len(ids) == 0 {
		err = errUnknownNumber
	}
	return ids, err
}

var errUnknownNumber = errors.New("ce numéro n'est pas connu")

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

func networkName(network string) string {
	if network == "" {
		return "robot"
	}
	return network
}

var laneNames = map[bot.Lane]string{bot.Reply: "réponses", bot.Reminder: "rappels", bot.Broadcast: "envois groupés"}

var fateNames = map[bot.Fate]string{bot.Deferred: "remis à plus tard", bot.Retry: "à réessayer", bot.Rerouted: "passés à un autre moyen", bot.Sent: "partis", bot.Uncertain: "incertains",
	bot.Failed: "échoués", bot.Withheld: "retenus", bot.Expired: "périmés", "dropped": "annulés"}
