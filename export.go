package main

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

type exportCmd struct {
	Person     exportPersonCmd     `cmd:"" default:"withargs" help:"Tout ce qui est connu d'une personne, en JSON ; le mot « person » est facultatif."`
	Cards      exportCardsCmd      `cmd:"" help:"Toutes les fiches, en tableau ou en texte."`
	Activities exportActivitiesCmd `cmd:"" help:"Les activités des territoires, avec les colonnes de La Coop."`
}

type exportPersonCmd struct {
	Number string `arg:"" name:"NUMÉRO" help:"Numéro de mobile de la personne."`
}

// Run prints every record about the persons at a number, and every message to them, as one JSON document.
func (c *exportPersonCmd) Run(ctx context.Context, s streams, load settings) error {
	number, err := mobile(c.Number)
	if err != nil {
		return err
	}
	return reading(ctx, load, func(_ *config.Config, db *store.DB) error { return exportNumber(ctx, s.out, db, number) })
}

func exportNumber(ctx context.Context, w io.Writer, db *store.DB, number string) error {
	address := bot.Address("sms:" + number)
	listed, err := listedAt(ctx, db, address)
	if err != nil {
		return err
	}
	persons, err := bot.PeopleAt(ctx, db, address)
	if err == nil && len(persons)+len(listed) == 0 {
		err = errUnknownNumber
	}
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
	return enc.Encode(map[string]any{"date": time.Now().Format(time.RFC3339), "personnes": out, "listes": listed})
}

// listedAt is what lists hold of a number of which no person is made yet.
func listedAt(ctx context.Context, db *store.DB, a bot.Address) ([]exportedRecord, error) {
	recs, err := bot.ListedAt(ctx, db, a)
	out := []exportedRecord{}
	for _, r := range recs {
		out = append(out, exportedRecord{r.Kind, r.ID, r.At, r.Body})
	}
	return out, err
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
