package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/store"
)

// mandateWakes are the pending wake-ups of all mandates, in order.
func mandateWakes(t *testing.T, h *house, at time.Time) string {
	t.Helper()
	persons, err := h.store.Find(t.Context(), bot.Query{Kind: "mandate"})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, rec := range persons {
		rows, err := h.store.Tasks(t.Context(), store.TaskQuery{Subject: rec.Subject}, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Intent == "rappel-mandat" && r.Ended.IsZero() {
				out = append(out, r.Args["quel"]+" "+r.At.In(h.bot.Zone("50")).Format("2006-01-02 15:04"))
			}
		}
	}
	return strings.Join(out, ", ")
}

// TestMandateReminders: a month and a week before, at nine on the place's clock, on a work day; the month has an end of its own; what has
// passed is left out. (Paris leaves summer time on 31 October 2027.)
func TestMandateReminders(t *testing.T) {
	for end, want := range map[string]string{
		"31 mars 2027":      "mois 2027-02-26 09:00, semaine 2027-03-24 09:00", // 28 February is a Sunday
		"30 juin 2027":      "mois 2027-05-28 09:00, semaine 2027-06-23 09:00",
		"4 novembre 2027":   "mois 2027-10-04 09:00, semaine 2027-10-28 09:00",
		"8 novembre 2027":   "mois 2027-10-08 09:00, semaine 2027-10-29 09:00", // All Saints' Day is a Monday
		"1er janvier 2027":  "mois 2026-12-01 09:00, semaine 2026-12-24 09:00", // Christmas is a Friday
		"31 décembre 2026":  "mois 2026-11-30 09:00, semaine 2026-12-24 09:00",
		"25 décembre 2026":  "semaine 2026-12-18 09:00", // its month begins at nine, which has passed
		"2 décembre 2026":   "",
		"25 novembre 2026":  "",
		"31 décembre 2028":  "garde 2027-11-25 12:00, mois 2028-11-30 09:00, semaine 2028-12-22 09:00",
		"25 novembre 2036":  "garde 2027-11-25 12:00, mois 2036-10-24 09:00, semaine 2036-11-18 09:00",
		"mardi 2 mars 2027": "mois 2027-02-02 09:00, semaine 2027-02-23 09:00",
	} {
		t.Run(end, func(t *testing.T) {
			h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
			hear(t, h, fromMarie("m1", "mandat 06 39 98 12 34 Jeanne "+end), fromMarie("m2", "oui"))
			if got := mandateWakes(t, h, noon); got != want || !strings.Contains(r.texts(), "C'est noté : mandat de **Jeanne**") {
				t.Errorf("%s, want %s\n%s", got, want, r.texts())
			}
		})
	}
}

// TestMandateOutlivesRetention: who gave a mandate of nine years is still known when it ends, although nobody spoke of her; then it is
// forgotten, and so is she.
func TestMandateOutlivesRetention(t *testing.T) {
	t.Parallel()
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	hear(t, h, fromMarie("m1", "mandat 06 39 98 12 34 Jeanne 30 novembre 2035"), fromMarie("m2", "oui"))
	until := func(end, from time.Time) { // Marie is at work all the while
		t.Helper()
		for now := from; now.Before(end); now = now.AddDate(0, 0, 5) {
			e := fromMarie("b"+now.Format(time.DateOnly), "bonjour")
			e.At = now
			if _, err := h.bot.Hear(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			if _, err := h.scheduler.Step(t.Context(), now); err != nil {
				t.Fatal(err)
			}
		}
	}
	over := time.Date(2035, 12, 1, 0, 0, 0, 0, time.UTC)
	until(over, noon)
	if got := strings.Count(r.texts(), "📜 Le mandat Aidants Connect de **Jeanne** finit le **vendredi 30 novembre 2035**"); got != 2 {
		t.Errorf("reminded %d times of the end\n%s", got, r.texts())
	}
	count := func(kind string) int {
		recs, err := h.store.Find(t.Context(), bot.Query{Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		return len(recs)
	}
	if count("mandate") != 1 || count("address") == 0 {
		t.Errorf("%d mandates, %d addresses before the retention has ended", count("mandate"), count("address"))
	}
	until(over.AddDate(0, 0, 40), over)
	if count("mandate") != 0 {
		t.Error("the mandate is kept more than 30 days after its end")
	}
	until(over.AddDate(2, 0, 10), over.AddDate(0, 0, 40))
	if count("person") != 1 {
		t.Errorf("%d persons two years after the end, want Marie alone", count("person"))
	}
}

// TestErasureClosesTheQuestion: who has her data erased while a mandate of hers is being noted leaves nothing to agree to.
func TestErasureClosesTheQuestion(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	book(t, h)
	hear(t, h, fromMarie("m1", "mandat Jeanne 30 juin 2027"))
	if _, err := h.bot.Erase(t.Context(), "sms:+33639981234", noon); err != nil {
		t.Fatal(err)
	}
	hear(t, h, fromMarie("m2", "oui"))
	if recs, err := h.store.Find(t.Context(), bot.Query{Kind: "mandate"}); err != nil || len(recs) != 0 {
		t.Errorf("%d mandates, %v\n%s", len(recs), err, r.texts())
	}
}

// invented is a first name that nobody bears, another for each number below 17,576.
func invented(n int) string {
	return "Jo" + string([]byte{'a' + byte(n/676), 'a' + byte(n/26%26), 'a' + byte(n%26)})
}

// TestManyMandates: a counsellor of hundreds of people can list them, name one and remove one.
func TestManyMandates(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	hear(t, h, fromMarie("m0", "bonjour"))
	marie, err := h.store.Find(t.Context(), bot.Query{Kind: "person", State: "conseiller"})
	if err != nil || len(marie) != 1 {
		t.Fatal(len(marie), err)
	}
	for half := range 3 {
		var c bot.Change
		for i := range 400 {
			id := fmt.Sprintf("p%04d", 400*half+i)
			c.Records = append(c.Records,
				bot.Record{Kind: "person", ID: id, Subject: id, At: noon, Body: fmt.Appendf(nil, `{"v":1,"name":%q,"addresses":["sms:+3363998%s"]}`, invented(400*half+i), id[1:])},
				bot.Record{Kind: "mandate", ID: marie[0].ID + "-" + id, Owner: marie[0].ID, Subject: id, At: noon.AddDate(0, 6, 0),
					Body: fmt.Appendf(nil, `{"v":1,"owner":%q,"subject":%q,"until":"2027-05-25"}`, marie[0].ID, id)})
		}
		if err := h.store.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	hear(t, h, fromMarie("m1", "mandats"), fromMarie("m2", "mandat fini "+invented(777)), fromMarie("m3", "mandat "+invented(778)+" 30 juin 2027"))
	for _, want := range []string{"Et 1150 autres plus tard.", "C'est retiré : le mandat de **" + invented(777) + "**", "Mandat Aidants Connect de **" + invented(778) + "**, jusqu'au **mercredi 30 juin 2027**"} {
		if !strings.Contains(r.texts(), want) {
			t.Errorf("%q is not said", want)
		}
	}
}
