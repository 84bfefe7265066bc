package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

// lateHouse is a house in which colleagues of one département ask each other.
type lateHouse struct {
	*testing.T
	h *house
	r *recorder
	n int
}

func newLateHouse(t *testing.T, people ...string) *lateHouse {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	a := &lateHouse{T: t, h: h, r: r}
	for _, who := range people {
		a.hear(tuesdayAt(9, 0), tuesdayAt(9, 0), who, bot.Event{Intent: bot.MemberIntent, Values: map[string]string{"territories": "50"}})
	}
	return a
}

// tuesdayAt is an hour in Paris on a Tuesday of December.
func tuesdayAt(hour, minute int) time.Time {
	return time.Date(2026, 12, 1, hour-1, minute, 0, 0, time.UTC)
}

// hear has the house hear at now what somebody did at at.
func (a *lateHouse) hear(at, now time.Time, who string, e bot.Event) {
	a.Helper()
	a.n++
	e.ID, e.At, e.From, e.Role = fmt.Sprintf("late/%d", a.n), at, bot.Address("mattermost:"+who), bot.Conseiller
	if e.Values == nil {
		e.Values = map[string]string{}
	}
	e.Values["name"] = who + " Exemple"
	if _, err := a.h.bot.Hear(a.Context(), e); err != nil {
		a.Fatal(err)
	}
	for next := now; !next.After(now) && !next.IsZero(); {
		var err error
		if next, err = a.h.scheduler.Step(a.Context(), now); err != nil {
			a.Fatal(err)
		}
	}
}

func (a *lateHouse) says(hour, minute int, who, text string) {
	a.Helper()
	a.hear(tuesdayAt(hour, minute), tuesdayAt(hour, minute), who, bot.Event{Text: text})
}

// TestLateNewsOfAColleague: leave and hours that were said before a question was asked hold for it, though they are heard after others were asked.
func TestLateNewsOfAColleague(t *testing.T) {
	for name, values := range map[string]map[string]string{
		"leave": {"form": "reglages", "field.conge_du": "2026-12-01", "field.conge_au": "2026-12-04"},
		"hours": {"form": "entraide", "field.actif": "oui", "field.budget": "5", "field.travail_de": "14:00", "field.travail_a": "16:00", "field.jours": "mardi"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newLateHouse(t, "marie", "karim")
			a.says(10, 0, "marie", "question : comment récupérer un compte CAF bloqué ?")
			a.says(10, 5, "karim", "pas moi 1")
			a.hear(tuesdayAt(9, 55), tuesdayAt(10, 11), "karim", bot.Event{Intent: bot.FormIntent, Values: values})
			from := len(a.r.sent)
			a.says(10, 15, "marie", "question : comment imprimer une attestation de la CPAM ?")
			for _, sent := range a.r.sent[from:] {
				if strings.HasPrefix(sent, "mattermost:karim ❓") {
					t.Errorf("asked all the same: %s", sent)
				}
			}
		})
	}
}

// TestLateCardIsFound: an answer that was accepted before another card was read is found, though that is heard later.
func TestLateCardIsFound(t *testing.T) {
	a := newLateHouse(t, "marie", "karim", "zoe")
	a.says(10, 0, "marie", "question : comment récupérer un compte CAF bloqué ?")
	a.hear(tuesdayAt(10, 1), tuesdayAt(10, 1), "karim", bot.Event{Text: "Il faut appeler le 3230 et demander un code.", About: "question/1", ReplyTo: "p"})
	a.says(10, 2, "marie", "question : comment mettre un contrôle parental sur une tablette ?")
	a.hear(tuesdayAt(10, 3), tuesdayAt(10, 3), "karim", bot.Event{Text: "Dans les réglages, partie Bien-être numérique.", About: "question/2", ReplyTo: "p"})
	a.says(10, 30, "marie", "ça répond 1")
	a.says(10, 31, "zoe", "fiches compte CAF bloqué")
	a.hear(tuesdayAt(10, 5), tuesdayAt(10, 40), "marie", bot.Event{Text: "ça répond 2"})
	a.says(10, 41, "zoe", "fiches contrôle parental tablette")
	if last := a.r.sent[len(a.r.sent)-1]; !strings.Contains(last, "Bien-être") {
		t.Errorf("the late card is not found: %s", last)
	}
}

// TestOneActIsLearntOnce: whatever is said again and again counts once.
func TestOneActIsLearntOnce(t *testing.T) {
	a := newLateHouse(t, "marie", "karim")
	a.says(10, 0, "marie", "question : comment récupérer un compte CAF bloqué ?")
	for i := range 4 {
		a.says(10, 1+i, "karim", []string{"pas moi 1", "je réponds 1"}[i%2])
	}
	a.hear(tuesdayAt(10, 10), tuesdayAt(10, 10), "karim", bot.Event{Text: "Il faut appeler le 3230 et demander un code.", About: "question/1", ReplyTo: "p"})
	for i := range 4 {
		a.hear(tuesdayAt(10, 11+i), tuesdayAt(10, 11+i), "marie", bot.Event{Text: "merci", About: "question/1", ReplyTo: "p"})
		a.says(10, 20+i, "marie", "ça ne répond pas 1")
	}
	for _, p := range bodiesOf[bot.Peer](t, a.h, "peer") {
		if len(p.Known) > 0 {
			k := p.Known["famille_scolarite"]
			if k.Answers != 1 || k.Yes < 1.49 || k.Yes > 1.5 || k.No < 1.99 || k.No > 2 {
				t.Errorf("one answer, one thanks, one pass and one refusal are %+v", k)
			}
			if p.Silent.Yes > 1 {
				t.Errorf("one reaction is %+v", p.Silent)
			}
			return
		}
	}
	t.Error("nothing was learnt")
}

// TestErasureReachesQuestions: what somebody let through about a usager goes with her.
func TestErasureReachesQuestions(t *testing.T) {
	a := newLateHouse(t, "marie", "karim")
	a.says(9, 30, "marie", "rdv 06 39 98 12 34 Jeanne vendredi 10h mairie de Coutances")
	a.says(9, 31, "marie", "oui")
	a.says(10, 0, "marie", "question : Jeanne, 06 39 98 12 34, a perdu son compte CAF, que faire ?")
	a.says(10, 1, "marie", "telle quelle")
	a.says(10, 2, "marie", "question : comment imprimer une attestation de la CPAM ?")
	if n, err := a.h.bot.Erase(t.Context(), "sms:+33639981234", tuesdayAt(11, 0)); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	for id, q := range bodiesOf[bot.Inquiry](t, a.h, "inquiry") {
		if strings.Contains(q.Text, "Jeanne") || strings.Contains(q.Text, "98 12") || strings.Contains(q.Text, "[nom]") != (id == "1") {
			t.Errorf("%s: %s", id, q.Text)
		}
	}
}

// TestLoadOfFew: of fewer than five colleagues nobody sees how much they are asked.
func TestLoadOfFew(t *testing.T) {
	for _, n := range []int{4, 5} {
		h := led(t, "50")
		for i := range n - 1 { // and who coordinates
			p := bot.Person{V: 1, Name: fmt.Sprintf("Camille Exemple %d", i), Role: bot.Conseiller, Territories: []string{"50"}, Addresses: []bot.Address{bot.Address(fmt.Sprintf("mattermost:c%d", i))}}
			commit(t, h.store, bot.Change{Now: noon, Records: []bot.Record{record(t, "person", fmt.Sprintf("p%d", i), p, bot.Record{State: string(bot.Conseiller), At: noon})}})
		}
		s, _, err := h.bot.Inquiries(t.Context(), "sylvie", noon)
		if err != nil || (len(s.Load) > 0) != (n >= 5) {
			t.Errorf("of %d: %v, %v", n, s.Load, err)
		}
	}
}
