package venues

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func hours(t testing.TB, text string) Hours {
	t.Helper()
	h, err := ParseHours(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return h
}

func span(from, to int) Span { return Span{From: 60 * from, To: 60 * to} }

func TestOpen(t *testing.T) {
	const monday, tuesday, thursday, bastille = "2026-07-06", "2026-07-07", "2026-07-09", "2026-07-14" // a Tuesday
	for _, c := range []struct {
		text, day string
		holiday   bool
		want      []Span
	}{
		{"Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-17:00; PH off", monday, false, []Span{{540, 750, ""}, {810, 1020, ""}}},
		{"Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-17:00; PH off", "2026-07-11", false, []Span{span(10, 17)}},
		{"Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-17:00; PH off", "2026-07-12", false, nil},
		{"Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-17:00; PH off", bastille, true, nil},
		{"PH off; Tu 09:00-12:00", bastille, true, []Span{span(9, 12)}}, // as the specification has it
		{"week 1-53/2 Th 14:00-17:00", thursday, false, nil},            // week 28
		{"week 1-53/2 Th 14:00-17:00", "2026-07-16", false, []Span{span(14, 17)}},
		{"week 1-53/2 Th 14:00-17:00", "2026-12-31", false, []Span{span(14, 17)}}, // week 53
		{"week 2-52/2 Th 14:00-17:00", "2027-01-07", false, nil},                  // week 1
		{"Mo,We 14:00-18:00", monday, false, []Span{span(14, 18)}},
		{"Mo,We 14:00-18:00", tuesday, false, nil},
		{"24/7", monday, false, []Span{span(0, 24)}},
		{"off", monday, false, nil},
		{"Jul-Aug Mo 10:00-12:00", monday, false, []Span{span(10, 12)}},
		{"Jul-Aug Mo 10:00-12:00", "2026-09-07", false, nil},
		{"Tu[1] 09:00-12:00", tuesday, false, []Span{span(9, 12)}},
		{"Tu[1] 09:00-12:00", bastille, false, nil},
		{"Tu[-1] 09:00-12:00", "2026-07-28", false, []Span{span(9, 12)}},
		{"Tu[2,4] 09:00-12:00", bastille, false, []Span{span(9, 12)}},
		{"Fr-Mo 09:00-12:00", monday, false, []Span{span(9, 12)}},
		{"Mo-Fr 09:00-18:00; Mo 12:00-14:00 off", monday, false, []Span{span(9, 12), span(14, 18)}},
		{"Mo-Fr 09:00-12:00, Mo 14:00-16:00", monday, false, []Span{span(9, 12), span(14, 16)}},
		{"Mo-Fr 09:00-12:00; Mo 14:00-16:00", monday, false, []Span{span(14, 16)}},
		{"09:00-12:00; Dec 24-Jan 2 off", "2027-01-01", true, nil},
		{"09:00-12:00; Dec 24-Jan 2 off", "2027-01-03", false, []Span{span(9, 12)}},
		{`Mo 09:00-12:00 "sur rendez-vous"`, monday, false, []Span{{540, 720, "sur rendez-vous"}}},
		{"Su,PH 10:00-12:00", bastille, true, []Span{span(10, 12)}},
		{"mo–fr 9:00-12:00 ; ", monday, false, []Span{span(9, 12)}},
		{"Mo 20:00-00:00", monday, false, []Span{span(20, 24)}},
		{"Jul 06 10:00-12:00", monday, false, []Span{span(10, 12)}},
	} {
		day, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, hours(t, c.text).Open(day, c.holiday)); diff != "" {
			t.Errorf("%s on %s: %s", c.text, c.day, diff)
		}
	}
	if got := (Hours{}).Open(time.Time{}, false); got != nil || (Hours{}).French() != "" {
		t.Error(got)
	}
}

func TestFrench(t *testing.T) {
	for text, want := range map[string]string{
		"Tu-Fr 10:00-18:00; Sa 10:00-17:00; PH off":        "du mardi au vendredi 10h-18h, samedi 10h-17h, fermé les jours fériés",
		"Mo-Fr 09:00-12:30,13:30-17:00":                    "du lundi au vendredi 9h-12h30 et 13h30-17h",
		"PH off; Tu 09:00-12:00":                           "fermé les jours fériés, mardi 9h-12h",
		"week 1-53/2 Th 14:00-17:00":                       "jeudi 14h-17h les semaines impaires",
		"week 2-52/2 Th 14:00-17:00":                       "jeudi 14h-17h les semaines paires",
		"week 3,10-20 Th 14:00-17:00":                      "jeudi 14h-17h la semaine 3 et les semaines 10 à 20",
		"week 1-53/3 Th 14:00-17:00":                       "jeudi 14h-17h une semaine sur 3, de la semaine 1 à la semaine 53",
		"Mo,We 14:00-18:00":                                "lundi et mercredi 14h-18h",
		"Mo-Tu,Th 14:00-18:05":                             "lundi, mardi et jeudi 14h-18h05",
		"24/7":                                             "24h/24 et 7j/7",
		"off":                                              "fermé",
		"Jul-Aug Mo 10:00-12:00":                           "lundi 10h-12h en juillet et août",
		"Mo 10:00-12:00; Aug off":                          "lundi 10h-12h, fermé en août",
		"Apr-Sep Mo 10:00-12:00":                           "lundi 10h-12h d'avril à septembre",
		"Mo-Su 10:00-12:00; Dec 24-Jan 1 off \"congés\"":   "tous les jours 10h-12h, fermé du 24 décembre au 1er janvier (congés)",
		"10:00-12:00; Su,PH off; Dec 25 off":               "tous les jours 10h-12h, fermé le dimanche et les jours fériés, fermé le 25 décembre",
		"Tu[1] 09:00-12:00":                                "1er mardi du mois 9h-12h",
		"Tu[2,-1] 09:00-12:00":                             "dernier et 2e mardi du mois 9h-12h",
		"Tu[-2] 09:00-12:00":                               "avant-dernier mardi du mois 9h-12h",
		"Sa,Su,PH 10:00-12:00":                             "samedi, dimanche et jours fériés 10h-12h",
		"PH 10:00-12:00":                                   "les jours fériés 10h-12h",
		"Mo-Fr":                                            "du lundi au vendredi toute la journée",
		"Mo 09:00-12:00; Su off":                           "lundi 9h-12h, fermé le dimanche",
		"Mo-Fr 10:00-18:00; We 14:00-18:00":                "lundi, mardi, jeudi et vendredi 10h-18h, mercredi 14h-18h",
		"Mo-Fr 10:00-18:00, We 20:00-22:00; PH off":        "lundi, mardi, jeudi et vendredi 10h-18h, mercredi 10h-18h et 20h-22h, fermé les jours fériés",
		"Mo-Fr 10:00-18:00; Mo-Fr off":                     "fermé",
		"24/7; Su off":                                     "du lundi au samedi toute la journée",
		`"sur rendez-vous"`:                                "sur rendez-vous",
		`Mo-Fr "sur rendez-vous"`:                          "du lundi au vendredi (sur rendez-vous)",
		`Mo 09:00-12:00 "sur rendez-vous"; Tu 09:00-12:00`: "lundi 9h-12h (sur rendez-vous), mardi 9h-12h",
		"Mo-Fr 10:00-18:00; Jul-Aug Mo-Fr 09:00-12:00; We 14:00-15:00":    "du lundi au vendredi 10h-18h, du lundi au vendredi 9h-12h en juillet et août, mercredi 14h-15h",
		"Mo-Fr 10:00-18:00; We 12:00-14:00 off; Aug 10-20 Mo 08:00-09:00": "lundi, mardi, jeudi et vendredi 10h-18h, mercredi 10h-12h et 14h-18h, lundi 8h-9h du 10 août au 20 août",
	} {
		if got := hours(t, text).French(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestNotUnderstood: what is beyond the language, or has two meanings, is an error and no guess.
func TestNotUnderstood(t *testing.T) {
	for text, reason := range map[string]string{
		"":                             "il manque quelque chose",
		"Lu-Ve 09:00-12:00":            "« lu »",
		"Mo-Fr 9h-12h":                 "« h »",
		"Mo-Fr 09:00":                  "il manque",
		"Mo-Fr 09:00-12:00+":           "« + »",
		"Mo-Fr 12:00-09:00":            "finit avant de commencer",
		"Mo 22:00-26:00":               "« 26 »",
		"Mo 22:00-24:01":               "dépasse",
		"Mo 9:0-12:00":                 "« 0 »",
		"Mo-Fr 09:00-12:00 14:00":      "« 14 »",
		"Mo-Fr 09:00-12:00; off":       "pour quels jours",
		"Mo 09:00-12:00; 14:00-16:00":  "pour quels jours",
		"Mo 09:00-12:00,":              "il manque",
		"Mo 09:00-12:00 || \"rdv\"":    "« | »",
		"SH Mo 09:00-12:00":            "« sh »",
		"PH Mo 09:00-12:00":            "« mo »",
		"2026 Mo 09:00-12:00":          "« 2026 »",
		"Mo sunrise-sunset":            "« sunrise »",
		"Mo 09:00-12:00 unknown":       "« unknown »",
		"Mo-Fr[1] 09:00-12:00":         "« [ »",
		"Tu[6] 09:00-12:00":            "« 6 »",
		"Tu[1 09:00-12:00":             "« 09 »",
		"week 54 Mo":                   "« 54 »",
		"week 20-10 Mo":                "« 10 »",
		"Feb 30 off":                   "« 30 »",
		"Dec 26-24 off":                "finit avant de commencer",
		"Jul-Aug 15 off":               "« off »",
		"Jul- off":                     "« off »",
		"Mo 09:00-12:00 \"rdv":         "guillemet",
		"Mo 09:00-12:00 \" \"":         "vide",
		"\xff":                         "n'est pas compris",
		"Mo-":                          "il manque",
		strings.Repeat("Mo off;", 500): "1020 caractères",
	} {
		_, err := ParseHours(text)
		if !errors.Is(err, ErrHours) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%.60q: %v", text, err)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	for _, text := range []string{"Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-17:00; PH off", "week 1-53/2 Th 14:00-17:00", "24/7", "off", "Jul-Aug Mo 10:00-12:00",
		"Tu[1,-1] 09:00-12:00", `Dec 24-Jan 2 off "congés", Mo,PH 10:00-12:00 "x"`, "\"", "\xff", "é", "week", "Mo[", "Jan 1-"} {
		f.Add(text)
	}
	day := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseHours(text)
		if err != nil {
			if !errors.Is(err, ErrHours) {
				t.Fatal(err)
			}
			return
		}
		if h.French() == "" {
			t.Fatalf("%q says nothing", text)
		}
		for n := range 8 {
			last := 0
			for _, s := range h.Open(day.AddDate(0, 0, 47*n), n%2 == 0) {
				if s.From < last || s.To <= s.From || s.To > dayEnd {
					t.Fatalf("%q: %+v", text, s)
				}
				last = s.To
			}
		}
	})
}
