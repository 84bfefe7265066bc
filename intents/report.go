package intents

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents/dates"
	"passeur/intents/french"
)

// ReportOrder is what a professional said of her activity reports: one to note, in words or by its form, those that are noted, figures of them.
type ReportOrder struct {
	Act    Intent
	Number int    // of an activity; 0: none was said
	Rest   string // the words behind, as typed: the activity itself, a period, whose
}

// reportForms are what such orders begin with, folded, the longer before the shorter.
var reportForms = []orderForm{
	{"comme la derniere fois", ActiviteEncore, anyWords}, {"comme la fois derniere", ActiviteEncore, anyWords}, {"pareil que la derniere fois", ActiviteEncore, anyWords},
	{"comme d habitude", ActiviteEncore, anyWords}, {"encore une activite", ActiviteSuivante, anyWords}, {"encore une personne", ActiviteSuivante, anyWords},
	{"encore une", ActiviteSuivante, numberOnly},
	{"personne n est venu", PersonneVenu, numberOnly}, {"personne n est venue", PersonneVenu, numberOnly}, {"personne est venu", PersonneVenu, numberOnly},
	{"il n y a eu personne", PersonneVenu, numberOnly}, {"il n y avait personne", PersonneVenu, numberOnly}, {"je n ai eu personne", PersonneVenu, numberOnly},
	{"plus de rappels d activite", PlusDeRappels, numberOnly}, {"plus de rappel d activite", PlusDeRappels, numberOnly}, {"pas de rappels d activite", PlusDeRappels, numberOnly},
	{"a nouveau des rappels d activite", DesRappels, numberOnly}, {"des rappels d activite", DesRappels, numberOnly}, {"rappels d activite", DesRappels, numberOnly},
	{"plus de relances", PlusDeRappels, numberOnly}, {"pas de relances", PlusDeRappels, numberOnly}, {"plus de relance", PlusDeRappels, numberOnly},
	{"pas de relance", PlusDeRappels, numberOnly}, {"ne me rappelle plus de noter", PlusDeRappels, numberOnly}, {"ne me relance plus", PlusDeRappels, numberOnly}, {"arrete de me relancer", PlusDeRappels, numberOnly},
	{"je reprends quand je veux", PlusDeRappels, numberOnly},
	{"a nouveau des relances", DesRappels, numberOnly}, {"de nouveau des relances", DesRappels, numberOnly}, {"des relances", DesRappels, numberOnly}, {"relances", DesRappels, numberOnly},
	{"mes activites", MesActivites, aPeriod}, {"corriger l activite", CorrigerActivite, numberFirst}, {"corriger activite", CorrigerActivite, numberFirst},
	{"modifier l activite", CorrigerActivite, numberFirst}, {"modifier activite", CorrigerActivite, numberFirst},
	{"effacer l activite", RetirerActivite, numberOnly}, {"effacer activite", RetirerActivite, numberOnly}, {"retirer l activite", RetirerActivite, numberOnly}, {"retirer activite", RetirerActivite, numberOnly}, {"supprimer l activite", RetirerActivite, numberOnly},
	{"supprimer activite", RetirerActivite, numberOnly},
	{"exporter mes activites", ExporterActivites, aPeriod}, {"exporter les activites", ExporterActivites, aPeriod}, {"exporter activites", ExporterActivites, aPeriod},
	{"activites manquantes", ActivitesManquantes, aPeriod}, {"qui n a pas note", ActivitesManquantes, numberOnly}, {"qui n a rien note", ActivitesManquantes, numberOnly},
	{"messages en echec", MessagesEchoues, numberOnly}, {"messages non remis", MessagesEchoues, numberOnly}, {"echecs", MessagesEchoues, numberOnly},
	{"noter une activite", Activite, anyWords}, {"noter l activite", Activite, anyWords}, {"noter mon activite", Activite, anyWords}, {"nouvelle activite", Activite, anyWords},
	{"compte rendu d activite", Activite, anyWords}, {"noter un atelier", Activite, anyWords}, {"noter une animation", Activite, anyWords},
	{"noter un evenement", Activite, anyWords}, {"noter un partenariat", Activite, anyWords}, {"noter une permanence", Activite, anyWords},
	{"activite", Activite, anyWords}, {"cra", Activite, anyWords},
	{"bilan du territoire", BilanTerritoire, aPeriod}, {"bilan territoire", BilanTerritoire, aPeriod}, {"bilan de mes territoires", BilanTerritoire, aPeriod},
	{"bilan des territoires", BilanTerritoire, aPeriod}, {"bilan du departement", BilanTerritoire, aPeriod},
	{"bilan", Statistiques, aPeriod}, {"mon bilan", Statistiques, aPeriod}, {"mes statistiques", Statistiques, aPeriod}, {"mes stats", Statistiques, aPeriod},
}

// ReadReport reads "noter une activité", "activité : 3 personnes, CAF, 2h, Périers", "comme la dernière fois, 4 personnes", "retirer activité 12", "mes activités novembre",
// "bilan du territoire 2026". ok is false for anything else.
func ReadReport(text string) (o ReportOrder, ok bool) {
	read, ok := readOrder(reportForms, text)
	return ReportOrder(read), ok
}

func reportAct(m message) Intent {
	o, _ := ReadReport(m.text)
	return o.Act
}

// reportAmong tells an order about activities among words that may be for somebody else: that nobody came, or one more, may be said to her.
func reportAmong(m message) bool {
	o, ok := ReadReport(m.text)
	return ok && o.Act != PersonneVenu && o.Act != ActiviteSuivante
}

// Period is some months, both included: "2026-01" to "2026-12".
type Period struct{ From, To string }

// monthLayout is how a Period writes a month.
const monthLayout = "2006-01"

// ReadPeriod reads the months that a French text names and nothing else but small words and whose figures are meant ("du territoire", "pdf"): "novembre", "2026", "ce mois",
// "le mois dernier", "cette année", "depuis septembre", "de janvier à juin 2026", "novembre 2025". A month without a year is the last one that has begun. whole tells that the
// territory is meant. No text, or none of its words, is no period: then ok tells whether all its words were understood.
func ReadPeriod(text string, now time.Time) (p Period, whole, ok bool) {
	r := periodReader{now: now}
	for _, w := range french.Tokenize(french.Opening(text)) {
		if w.Kind != french.Sign && !r.take(w.Norm) {
			return Period{}, false, false
		}
	}
	return r.period(), r.whole, true
}

// periodReader takes the words of a period one after the other.
type periodReader struct {
	now    time.Time
	months []time.Month
	years  []int
	since  bool // up to now
	whole  bool
	unit   string // "mois", "annee", "trimestre"
	last   bool   // the one before
}

var (
	periodWords    = french.WordSet("de du des d le la l les en au a pour mois mon ma mes cette ce et juste entre jusqu jusque seulement complet complete pdf employeur")
	territoryWords = french.WordSet("territoire territoires departement departements equipe coordination collegues tous toute toutes")
)

// take takes a word; it tells whether a period may hold it.
func (r *periodReader) take(w string) bool {
	if year, err := strconv.Atoi(w); err == nil && year >= 2020 && year < 2100 {
		r.years = append(r.years, year)
		return true
	}
	switch {
	case w == "mois" || w == "annee" || w == "trimestre":
		r.unit = w
	case w == "dernier" || w == "derniere" || w == "passe" || w == "passee" || w == "precedent" || w == "precedente":
		r.last = true
	case w == "depuis":
		r.since = true
	case territoryWords[w]:
		r.whole = true
	case periodWords[w]:
	default:
		m := dates.MonthOf(w)
		if m == 0 {
			return false
		}
		r.months = append(r.months, m)
	}
	return true
}

// period is what the words say.
func (r *periodReader) period() Period {
	first := time.Date(r.now.Year(), r.now.Month(), 1, 0, 0, 0, 0, time.UTC)
	between := func(from, to time.Time) Period {
		if to.Before(from) {
			from, to = to, from
		}
		return Period{from.Format(monthLayout), to.Format(monthLayout)}
	}
	switch {
	case len(r.months) > 0:
		from, to := r.month(0), r.month(len(r.months)-1)
		if r.since && len(r.months) == 1 {
			to = first
		}
		if to.Before(from) && len(r.years) < 2 {
			from = from.AddDate(-1, 0, 0)
		}
		return between(from, to)
	case len(r.years) > 0:
		return between(time.Date(slices.Min(r.years), 1, 1, 0, 0, 0, 0, time.UTC), time.Date(slices.Max(r.years), 12, 1, 0, 0, 0, 0, time.UTC))
	case r.unit == "mois" && r.last:
		return between(first.AddDate(0, -1, 0), first.AddDate(0, -1, 0))
	case r.unit == "mois":
		return between(first, first)
	case r.unit == "annee":
		january := time.Date(first.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		if r.last {
			return between(january.AddDate(-1, 0, 0), january.AddDate(-1, 11, 0))
		}
		return between(january, first)
	case r.unit == "trimestre":
		begin := time.Date(first.Year(), (first.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
		if r.last {
			begin = begin.AddDate(0, -3, 0)
		}
		return between(begin, begin.AddDate(0, 2, 0))
	}
	return Period{}
}

// month is one of those that were named, in the year said of it, else in the last one in which it has begun.
func (r *periodReader) month(i int) time.Time {
	m := r.months[i]
	if n := len(r.years); n > 0 {
		return time.Date(r.years[min(i, n-1)], m, 1, 0, 0, 0, 0, time.UTC)
	}
	at := time.Date(r.now.Year(), m, 1, 0, 0, 0, 0, time.UTC)
	if at.After(time.Date(r.now.Year(), r.now.Month(), 1, 0, 0, 0, 0, time.UTC)) {
		at = at.AddDate(-1, 0, 0)
	}
	return at
}

// periodOnly tells whether a text is a period, or says whose figures are meant.
func periodOnly(text string) bool {
	_, _, ok := ReadPeriod(text, dates.AnyDay)
	return ok && strings.TrimSpace(text) != ""
}
