package intents

import (
	"math"
	"slices"
	"strings"
	"time"

	"passeur/intents/dates"
	"passeur/intents/phones"
)

// Understood is all that a message says, as `passeur understand` writes it.
type Understood struct {
	Intent       Intent   `json:"intent"`     // a label of the examples of the role
	Confidence   float64  `json:"confidence"` // 0 to 1
	Decision     Decision `json:"decision"`
	Alternatives []Intent `json:"alternatives"`     // what may be offered beside Intent, when the decision is to ask
	Urgent       bool     `json:"urgent,omitempty"` // a person is alerted
	Entities     Entities `json:"entities"`
	Why          []string `json:"why"` // the route taken
}

// Entities are what a message names; what it does not is left out.
type Entities struct {
	Date         string   `json:"date,omitempty"`   // "2026-12-01": the day that is proposed or, of an activity, the day it took place
	Time         string   `json:"time,omitempty"`   // "14:00", on the wall clock
	Moment       string   `json:"moment,omitempty"` // "matin", "aprem" or "soir"
	Minutes      int      `json:"duree_min,omitempty"`
	Type         string   `json:"type,omitempty"` // of an activity: "individuel", "collectif", "ponctuel"
	Participants int      `json:"participants,omitempty"`
	Place        string   `json:"lieu,omitempty"` // as written
	Commune      string   `json:"commune,omitempty"`
	INSEE        string   `json:"insee,omitempty"`    // the code of the commune
	Communes     []string `json:"communes,omitempty"` // when several bear the name: ask which
	Phone        string   `json:"phone,omitempty"`    // E.164
	Name         string   `json:"prenom,omitempty"`
	Themes       []string `json:"themes,omitempty"`
	Procedures   []string `json:"demarches,omitempty"`
}

// Understand reads a message and what it names. now gives today and the time zone.
func Understand(r Reader, g *Gazetteer, text string, c Context, now time.Time) Understood {
	reading := r.Read(text, c)
	if reading.Distress {
		reading.Intent = Urgence // danger comes first
	}
	u := Understood{Intent: LabelOf(reading.Intent, c.Pro), Confidence: math.Round(reading.Confidence*1000) / 1000, Decision: reading.Decision, Alternatives: []Intent{},
		Urgent: reading.Worrying, Why: strings.Split(reading.Why, ", ")}
	for _, other := range reading.Others {
		if other = LabelOf(other, c.Pro); other != "" && other != u.Intent && !slices.Contains(u.Alternatives, other) {
			u.Alternatives = append(u.Alternatives, other)
		}
	}
	e := &u.Entities
	e.when(text, c.Pro, now)
	if phones, err := phones.Find(text); err == nil && len(phones) > 0 {
		e.Phone = phones[0].E164
	}
	e.communes(g, text, c)
	switch {
	case c.Pro && u.Intent == Activite:
		e.activity(ReadActivity(text, now, g))
	case c.Pro && u.Intent == NouveauRdv:
		b := g.ReadBooking(text, now, nil)
		e.Name, e.Place = b.Name, b.PlaceText
	case u.Intent == AideNumerique, u.Intent == Question, u.Intent == Ressource:
		e.Themes, e.Procedures = Themes(text)
	case u.Intent == Retard:
		if d := Durations(text); len(d) > 0 {
			e.Minutes = d[0].Minutes
		}
	}
	return u
}

// when notes the day and the hour that a message proposes.
func (e *Entities) when(text string, pro bool, now time.Time) {
	asked := dates.Proposed
	if pro {
		asked = dates.ProposedByPro
	}
	w, ok := asked(text, now)
	if !ok {
		return
	}
	if w.HasDay {
		e.Date = w.Day.Format(time.DateOnly)
	}
	if w.HasTime {
		e.Time = time.Date(1, 1, 1, w.Hour, w.Minute, 0, 0, time.UTC).Format("15:04")
	}
	e.Moment = w.Part
}

// communes notes the commune that is named: leniently behind a question for it, strictly in free text.
func (e *Entities) communes(g *Gazetteer, text string, c Context) {
	var found []Commune
	if c.Open == "commune" {
		found = g.ReadCommune(text)
	} else if hits := g.FindCommunes(text); len(hits) > 0 {
		found = communesAt(hits, hits[0].Start)
	}
	switch {
	case len(found) == 1:
		e.Commune, e.INSEE = found[0].Name, found[0].Code
	case len(found) <= mostOffered:
		for _, f := range found {
			e.Communes = append(e.Communes, f.Name)
		}
	}
}

// mostOffered is how many communes of one name are listed: beyond, the name says nothing.
const mostOffered = 5

// activity notes the parts of an activity; its day lies in the past.
func (e *Entities) activity(a Activity) {
	e.Type, e.Participants, e.Minutes, e.Place = a.Type, a.Participants, a.Minutes, a.Place
	e.Themes, e.Procedures = a.Themes, a.Procedures
	e.Date, e.Time, e.Moment = "", "", ""
	if !a.Date.IsZero() {
		e.Date = a.Date.Format(time.DateOnly)
	}
}
