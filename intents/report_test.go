package intents

import (
	"testing"
	"time"
)

// TestReportOrders reads orders about activities as people type them.
func TestReportOrders(t *testing.T) {
	for text, want := range map[string]ReportOrder{
		"activité":                           {Act: Activite},
		"Noter une activité":                 {Act: Activite},
		"activité 12":                        {Act: Activite, Number: 12},
		"activité : 3 personnes, CAF, 2h":    {Act: Activite, Rest: "3 personnes, CAF, 2h"},
		"CRA 2 personnes mails":              {Act: Activite, Rest: "2 personnes mails"},
		"comme la dernière fois":             {Act: ActiviteEncore},
		"Comme d'habitude, 4 personnes":      {Act: ActiviteEncore, Rest: "4 personnes"},
		"encore une activité avec une dame":  {Act: ActiviteSuivante, Rest: "avec une dame"},
		"personne n'est venu":                {Act: PersonneVenu},
		"mes activités":                      {Act: MesActivites},
		"mes activites de novembre":          {Act: MesActivites, Rest: "de novembre"},
		"corriger activité 12 : 4 personnes": {Act: CorrigerActivite, Number: 12, Rest: "4 personnes"},
		"retirer l'activité n° 3":            {Act: RetirerActivite, Number: 3},
		"exporter mes activités 2026":        {Act: ExporterActivites, Rest: "2026"},
		"bilan":                              {Act: Statistiques},
		"bilan 2026":                         {Act: Statistiques, Rest: "2026"},
		"Bilan du mois dernier":              {Act: Statistiques, Rest: "du mois dernier"},
		"bilan pdf":                          {Act: Statistiques, Rest: "pdf"},
		"bilan du territoire novembre":       {Act: BilanTerritoire, Rest: "novembre"},
		"activités manquantes octobre":       {Act: ActivitesManquantes, Rest: "octobre"},
		"messages en échec":                  {Act: MessagesEchoues},
		"plus de rappels d'activité":         {Act: PlusDeRappels},
		"des rappels d'activité":             {Act: DesRappels},
	} {
		if got, ok := ReadReport(text); !ok || got != want {
			t.Errorf("%q: %+v (%v), want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"bilan numérique avec une dame, 1h", "mes activités favorites", "bilan questions", "personne n'est venu hier soir au repas", "rdv 06 39 98 12 34 Jeanne vendredi 10h", "", "retirer fiche 3"} {
		if got, ok := ReadReport(text); ok {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// TestReadPeriod reads months as people name them, on 1 December 2026.
func TestReadPeriod(t *testing.T) {
	now := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]struct {
		Period
		whole bool
	}{
		"":                             {Period{}, false},
		"novembre":                     {Period{"2026-11", "2026-11"}, false},
		"décembre":                     {Period{"2026-12", "2026-12"}, false},
		"de novembre 2025":             {Period{"2025-11", "2025-11"}, false},
		"2026":                         {Period{"2026-01", "2026-12"}, false},
		"de janvier à juin":            {Period{"2026-01", "2026-06"}, false},
		"de novembre à février 2026":   {Period{"2025-11", "2026-02"}, false},
		"de novembre 2024 à mars 2025": {Period{"2024-11", "2025-03"}, false},
		"d'octobre à décembre":         {Period{"2026-10", "2026-12"}, false},
		"depuis septembre":             {Period{"2026-09", "2026-12"}, false},
		"ce mois":                      {Period{"2026-12", "2026-12"}, false},
		"du mois dernier":              {Period{"2026-11", "2026-11"}, false},
		"cette année":                  {Period{"2026-01", "2026-12"}, false},
		"l'année dernière":             {Period{"2025-01", "2025-12"}, false},
		"du trimestre":                 {Period{"2026-10", "2026-12"}, false},
		"du trimestre dernier":         {Period{"2026-07", "2026-09"}, false},
		"du territoire en novembre":    {Period{"2026-11", "2026-11"}, true},
		"de toute l'équipe, en 2026":   {Period{"2026-01", "2026-12"}, true},
	} {
		if got, whole, ok := ReadPeriod(text, now); !ok || got != want.Period || whole != want.whole {
			t.Errorf("%q: %v, %v (%v), want %v, %v", text, got, whole, ok, want.Period, want.whole)
		}
	}
	for _, text := range []string{"la semaine des quatre jeudis", "1998", "mardi", "Jeanne"} {
		if got, _, ok := ReadPeriod(text, now); ok {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// FuzzReport: whatever is typed, a period begins before it ends, and an order that is read has an act.
func FuzzReport(f *testing.F) {
	for _, text := range []string{"bilan de novembre à février 2026", "activité n° 12", "depuis janvier 2099", "mes activités 2020 2099", "l'année dernière trimestre"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if o, ok := ReadReport(text); ok && o.Act == "" {
			t.Errorf("%q: %+v", text, o)
		}
		if p, _, ok := ReadPeriod(text, time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)); ok && p.From > p.To {
			t.Errorf("%q: %+v", text, p)
		}
	})
}
