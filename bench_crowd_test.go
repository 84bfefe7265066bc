//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// The people of the measures: fictitious, on numbers that the ARCEP keeps for fiction (06 39 98 00 00 to 99 99). There
// are 10,000 of those, so that of more people several have the same one.

const numbers = 10_000

func numberOf(i int) string { return fmt.Sprintf("+33639%06d", 980_000+i%numbers) }

func personOf(i int) string { return fmt.Sprintf("p%012x", i) }

func rdvOf(i int) string { return fmt.Sprintf("r%012x", i) }

const counsellors = 20

func counsellorOf(i int) string { return fmt.Sprintf("c%012x", i%counsellors) }

var (
	firstNames = [...]string{"Jeanne", "Ahmed", "Lucie", "Paul", "Mireille", "Yann", "Fatou", "Bernadette", "Kévin", "Zoé"}
	homes      = [...]string{"mairie de Coutances", "médiathèque de Saint-Lô", "France Services Périers", "salle des fêtes d'Agneaux"}
)

const household = "50/50147"

// record is a record that does not exist yet, its body written as the bot writes it.
func record(tb testing.TB, kind, id string, body any, facets bot.Record) bot.Record {
	tb.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		tb.Fatal(err)
	}
	facets.Kind, facets.ID, facets.Body = kind, id, raw
	return facets
}

// usager is the i-th person, who was told of her messages.
func usager(tb testing.TB, i int, now time.Time) bot.Record {
	p := bot.Person{V: 1, Name: firstNames[i%len(firstNames)], Addresses: []bot.Address{bot.Address("sms:" + numberOf(i))},
		FirstRdv: "rdv/" + rdvOf(i), Told: "vive_voix", ToldAt: now, Rdvs: []string{rdvOf(i)}}
	return record(tb, "person", personOf(i), p, bot.Record{Owner: counsellorOf(i), Subject: personOf(i), Place: household, At: now})
}

// asked is all that is known about a person who was reminded of her appointment and has not answered yet.
func asked(tb testing.TB, i int, now time.Time) []bot.Record {
	at := now.Add(30 * time.Hour).Truncate(time.Minute)
	address := "sms:" + numberOf(i)
	rdv := bot.Rdv{V: 1, Owner: counsellorOf(i), Subject: personOf(i), Name: firstNames[i%len(firstNames)], With: "Marie Exemple",
		At: at, Where: homes[i%len(homes)], Place: household, State: "silent", PlanVersion: 1, NotedAt: now.Add(-72 * time.Hour)}
	return []bot.Record{
		usager(tb, i, now),
		record(tb, "address", address, bot.Holders{V: 1, People: []string{personOf(i)}}, bot.Record{At: now}),
		record(tb, "chat", address, bot.Chat{V: 1, Rdvs: []string{rdvOf(i)}, Last: rdvOf(i)}, bot.Record{At: now}),
		record(tb, "rdv", rdvOf(i), rdv, bot.Record{Owner: rdv.Owner, Subject: rdv.Subject, Place: household, State: rdv.State, At: at}),
	}
}

// staff are the counsellors.
func staff(tb testing.TB, now time.Time) []bot.Record {
	var out []bot.Record
	for i := range counsellors {
		p := bot.Person{V: 1, Name: "Marie Exemple", Role: bot.Conseiller, Addresses: []bot.Address{bot.Address(fmt.Sprintf("mattermost:%026d", i))}}
		out = append(out, record(tb, "person", counsellorOf(i), p, bot.Record{Subject: counsellorOf(i), State: string(bot.Conseiller), At: now}))
	}
	return out
}

// fillAsked writes n people who were asked, and their counsellors.
func fillAsked(tb testing.TB, db *store.DB, n int) {
	tb.Helper()
	now := time.Now()
	commit(tb, db, bot.Change{Records: staff(tb, now)})
	fillAskedAt(tb, db, n, now)
}

// fillAskedAt writes n people who were asked at a given time.
func fillAskedAt(tb testing.TB, db *store.DB, n int, now time.Time) {
	tb.Helper()
	const each = 100
	for from := 0; from < n; from += each {
		var c bot.Change
		for i := from; i < min(n, from+each); i++ {
			c.Records = append(c.Records, asked(tb, i, now)...)
		}
		commit(tb, db, c)
	}
}

// reminder is the i-th person's reminder of an appointment on the next day, due at a given time.
func reminder(i int, due time.Time) bot.Task {
	about := "rdv/" + rdvOf(i)
	return bot.Task{
		Key: about + "/" + about + "/v1/j-1", Group: about + "/sms", To: personOf(i), Network: "sms", Lane: bot.Reminder,
		Purpose: bot.ForRdv, Place: household, At: due, NotAfter: due.Add(24 * time.Hour),
		Message: &bot.Message{Key: "rappel", About: about, Args: bot.Args{
			"prenom": firstNames[i%len(firstNames)], "conseiller": "Marie Exemple", "lieu": homes[i%len(homes)],
			"rdv": due.Add(24 * time.Hour).Format(time.RFC3339), "arret": "",
		}},
	}
}

// fillTasks writes n tasks.
func fillTasks(tb testing.TB, db *store.DB, n int, task func(i int) bot.Task) {
	tb.Helper()
	for from := 0; from < n; from += store.MaxRows {
		var c bot.Change
		for i := from; i < min(n, from+store.MaxRows); i++ {
			c.Tasks = append(c.Tasks, task(i))
		}
		commit(tb, db, c)
	}
}

// fillUsagers writes n people, from the first one on.
func fillUsagers(tb testing.TB, db *store.DB, first, n int, now time.Time) {
	tb.Helper()
	for from := 0; from < n; from += store.MaxRows {
		var c bot.Change
		for i := from; i < min(n, from+store.MaxRows); i++ {
			c.Records = append(c.Records, usager(tb, first+i, now))
		}
		commit(tb, db, c)
	}
}

func commit(tb testing.TB, db *store.DB, c bot.Change) {
	tb.Helper()
	if err := db.Commit(context.Background(), c); err != nil {
		tb.Fatal(err)
	}
}

// configured are the settings of an installation that sets nothing but these.
func configured(tb testing.TB, set map[string]string) *config.Config {
	tb.Helper()
	cfg, err := config.Load("", func(name string) (string, bool) { v, ok := set[name]; return v, ok })
	if err != nil {
		tb.Fatal(err)
	}
	return cfg
}
