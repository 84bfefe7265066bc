package intents

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// said writes a schedule on one line.
func said(s Schedule) string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if s.Err != nil {
		return "! " + s.Err.Error()
	}
	if s.Rule != "" {
		add("%s", s.Rule)
	}
	if !s.Day.IsZero() {
		add("from %s", s.Day.Format(time.DateOnly))
	}
	if !s.Until.IsZero() {
		add("until %s", s.Until.Format(time.DateOnly))
	}
	if s.From != 0 || s.To != 0 {
		add("%s-%s", clockText(s.From), clockText(s.To))
	}
	for _, d := range s.Except {
		add("not %s", d.Format(time.DateOnly))
	}
	if s.OffSchool {
		add("off school")
	}
	if s.OnHolidays {
		add("on holidays")
	}
	if s.Access != "" {
		add("%s", s.Access)
	}
	if s.Capacity > 0 {
		add("%d people", s.Capacity)
	}
	if s.Slot > 0 {
		add("%d min", s.Slot)
	}
	if s.Number > 0 {
		add("number %d", s.Number)
	}
	if s.PlaceText != "" {
		add("@%s", s.PlaceText)
	}
	for _, c := range s.Communes {
		add("%s", c.Code)
	}
	return strings.Join(out, " | ")
}

func TestReadSchedule(t *testing.T) {
	g := manche(t)
	now := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC) // a Tuesday
	for text, want := range map[string]string{
		"permanence tous les mardis 14h-17h mairie de Périers sauf vacances":                "FREQ=WEEKLY;BYDAY=TU | 14h-17h | off school | @mairie de Périers | 50394",
		"tous les mardis 14h-17h mairie de Périers sauf vacances scolaires et jours fériés": "FREQ=WEEKLY;BYDAY=TU | 14h-17h | off school | @mairie de Périers | 50394",
		"le mardi de 14h à 17h à la mairie de Périers":                                      "FREQ=WEEKLY;BYDAY=TU | 14h-17h | @mairie de Périers | 50394",
		"chaque jeudi matin de 9 à 12h, médiathèque de Coutances, sur rdv":                  "FREQ=WEEKLY;BYDAY=TH | 9h-12h | rdv | @médiathèque de Coutances | 50147",
		"les mardis et jeudis 9h30-12h mairie de Lessay sans rendez-vous":                   "FREQ=WEEKLY;BYDAY=TU,TH | 9h30-12h | libre | @mairie de Lessay | 50267",
		"jeudi et mardi 9h-12h mairie de Lessay":                                            "FREQ=WEEKLY;BYDAY=TU,TH | 9h-12h | @mairie de Lessay | 50267",
		"du lundi au vendredi 9h-12h France Services Coutances":                             "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | 9h-12h | @France Services Coutances | 50147",
		"un mardi sur deux 14h-17h mairie de Périers à partir du 8 décembre":                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU | from 2026-12-08 | 14h-17h | @mairie de Périers | 50394",
		"tous les 15 jours le mardi 14h-17h mairie de Périers":                              "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU | 14h-17h | @mairie de Périers | 50394",
		"une semaine sur deux le jeudi 14h-17h mairie de Périers":                           "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH | 14h-17h | @mairie de Périers | 50394",
		"toutes les trois semaines le lundi 10h-12h mairie de Périers":                      "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO | 10h-12h | @mairie de Périers | 50394",
		"le premier mardi du mois 14h-17h mairie de Périers":                                "FREQ=MONTHLY;BYDAY=1TU | 14h-17h | @mairie de Périers | 50394",
		"les 1er et 3e jeudis du mois, 9h-12h, mairie de Périers":                           "FREQ=MONTHLY;BYDAY=1TH,3TH | 9h-12h | @mairie de Périers | 50394",
		"le dernier vendredi de chaque mois 9h-12h mairie de Périers":                       "FREQ=MONTHLY;BYDAY=-1FR | 9h-12h | @mairie de Périers | 50394",
		"le 15 de chaque mois 9h-12h mairie de Périers":                                     "FREQ=MONTHLY;BYMONTHDAY=15 | 9h-12h | @mairie de Périers | 50394",
		"le dernier jour du mois 9h-12h mairie de Périers":                                  "FREQ=MONTHLY;BYMONTHDAY=-1 | 9h-12h | @mairie de Périers | 50394",
		"tous les 31 14h-17h mairie de Périers":                                             "! Tous les mois n'ont pas de 31. Dites par exemple « le dernier jour du mois », « le 28 du mois » ou « le dernier mardi du mois ».",
		"le 30 du mois 14h-17h mairie de Périers":                                           "! Tous les mois n'ont pas de 30. Dites par exemple « le dernier jour du mois », « le 28 du mois » ou « le dernier mardi du mois ».",
		"mardi 8 décembre 14h-17h mairie de Périers":                                        "from 2026-12-08 | until 2026-12-08 | 14h-17h | @mairie de Périers | 50394",
		"mardi prochain 14h-17h mairie de Périers":                                          "from 2026-12-08 | until 2026-12-08 | 14h-17h | @mairie de Périers | 50394",
		"tous les mardis 14h-17h mairie de Périers du 5 janvier au 30 juin":                 "FREQ=WEEKLY;BYDAY=TU | from 2027-01-05 | until 2027-06-30 | 14h-17h | @mairie de Périers | 50394",
		"tous les mardis 14h-17h mairie de Périers jusqu'au 30 juin":                        "FREQ=WEEKLY;BYDAY=TU | until 2027-06-30 | 14h-17h | @mairie de Périers | 50394",
		"tous les mardis 14h-17h mairie de Périers sauf le 22 et le 29 décembre":            "FREQ=WEEKLY;BYDAY=TU | 14h-17h | not 2026-12-22 | not 2026-12-29 | @mairie de Périers | 50394",
		"tous les mardis 14h-17h mairie de Périers sauf en juillet et août":                 "FREQ=WEEKLY;BYDAY=TU;BYMONTH=1,2,3,4,5,6,9,10,11,12 | 14h-17h | @mairie de Périers | 50394",
		"tous les mardis 14h-17h mairie de Périers sauf du 2 au 4 février":                  "FREQ=WEEKLY;BYDAY=TU | 14h-17h | not 2027-02-02 | not 2027-02-03 | not 2027-02-04 | @mairie de Périers | 50394",
		"tous les mardis 14h-17h, 6 personnes, créneaux de 30 min, mairie de Périers":       "FREQ=WEEKLY;BYDAY=TU | 14h-17h | 6 people | 30 min | @mairie de Périers | 50394",
		"tous les mardis 14h-17h mairie de Périers même les jours fériés":                   "FREQ=WEEKLY;BYDAY=TU | 14h-17h | on holidays | @mairie de Périers | 50394",
		"les mardis des semaines paires 14h-17h mairie de Périers":                          "FREQ=YEARLY;BYWEEKNO=2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,40,42,44,46,48,50,52;BYDAY=TU | 14h-17h | @mairie de Périers | 50394",
		"tous les mardis mairie de Périers":                                                 "FREQ=WEEKLY;BYDAY=TU | @mairie de Périers | 50394",
		"tous les mardis 14h mairie de Périers":                                             "FREQ=WEEKLY;BYDAY=TU | 14h-0h | @mairie de Périers | 50394",
		"tous les mardis 17h-14h mairie de Périers":                                         "! La permanence finirait à 14h et commencerait à 17h. Redites les heures, par exemple « 14h-17h ».",
		"tous les mardis 9h-12h et 14h-17h mairie de Périers":                               "! Deux horaires dans la même permanence : déclarez-en une pour chacun, par exemple le matin puis l'après-midi.",
		"permanence le 8 et le 15 décembre 14h-17h mairie de Périers":                       "! Plusieurs dates : déclarez une permanence pour chacune, ou dites la règle, par exemple « tous les mardis » ou « un mardi sur deux ».",
		"permanence mairie de Périers":                                                      "@mairie de Périers | 50394",
		"annuler permanence 2":                                                              "number 2",
		"annuler permanence mardi 8 décembre":                                               "from 2026-12-08 | until 2026-12-08",
		"annuler la permanence de Périers mardi 8 décembre":                                 "from 2026-12-08 | until 2026-12-08 | @Périers | 50394",
	} {
		if got := said(g.ReadSchedule(text, now, nil)); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	if err := g.ReadSchedule("tous les 31 9h-12h", now, nil).Err; !errors.Is(err, ErrSomeMonths) {
		t.Errorf("%v", err)
	}
}

// FuzzReadSchedule: no sentence crashes, and what is read is in order.
func FuzzReadSchedule(f *testing.F) {
	g := manche(f)
	for _, text := range []string{"tous les mardis 14h-17h mairie de Périers sauf vacances", "les 1er et 3e jeudis du mois", "un mardi sur deux", "du lundi au vendredi", "sauf du 2 au 4 février", "tous les 31", "de 9 à"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := g.ReadSchedule(text, time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC), []Place{{"Médiathèque de Coutances", "50147"}})
		if s.Err == nil && s.To != 0 && s.To <= s.From || s.From < 0 || s.To >= 24*60 || len(s.Except) > 10*longestBreak {
			t.Errorf("%q: %+v", text, s)
		}
	})
}
