package intents

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"passeur/intents/dates"
	"passeur/intents/intentstest"
)

// activityFields writes an activity as activites.tsv does.
func activityFields(a Activity) []string {
	number := func(n int) string {
		if n == 0 {
			return "-"
		}
		return strconv.Itoa(n)
	}
	dash := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	day := "-"
	if !a.Date.IsZero() {
		day = a.Date.Format(time.DateOnly)
	}
	return []string{a.Type, number(a.Participants), number(a.Minutes), dash(a.Place), dash(slugList(strings.Join(a.Themes, ","))), dash(slugList(strings.Join(a.Procedures, ","))), day}
}

// slugList sorts slugs between commas.
func slugList(s string) string { return strings.Join(slices.Sorted(strings.SplitSeq(s, ",")), ",") }

func TestReadActivity(t *testing.T) {
	g := manche(t)
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	columns := []string{"type", "participants", "minutes", "place", "themes", "procedures", "date"}
	right, all := 0, intentstest.Rows(t, "activites.tsv")
	for _, row := range all {
		got, ok := activityFields(ReadActivity(row[0], now, g)), true
		want := slices.Clone(row[1:])
		want[4], want[5] = slugList(want[4]), slugList(want[5])
		for i, name := range columns {
			if got[i] != want[i] {
				ok = false
				t.Errorf("%q: %s: %q, want %q", row[0], name, got[i], want[i])
			}
		}
		if ok {
			right++
		}
	}
	t.Logf("%d of %d right", right, len(all))
}

// TestThemeSlugs: the slugs of the file are those of the enumeration "thematique" of La Coop, in its two groups.
func TestThemeSlugs(t *testing.T) {
	want := map[bool]string{
		false: `aide_aux_demarches_administratives,banque_et_achats_en_ligne,bureautique,creer_avec_le_numerique,culture_numerique,diagnostic_numerique,email,
			entrepreneuriat,gere_ses_contenus_numeriques,insertion_professionnelle,intelligence_artificielle,maintenance_de_materiel,navigation_sur_internet,
			parentalite,prendre_en_main_du_materiel,reseaux_sociaux,sante,scolarite_et_numerique,securite_numerique`,
		true: `argent_impots,associations,etrangers_europe,famille_scolarite,justice,logement,loisirs_sports_culture,papiers_elections_citoyennete,social_sante,
			transports_mobilite,travail_formation`,
	}
	got := map[bool][]string{}
	for _, slug := range themeBook.slugs {
		if slug != "-" {
			got[themeBook.procedure[slug]] = append(got[themeBook.procedure[slug]], slug)
		}
	}
	for group, slugs := range want {
		if have := slugList(strings.Join(got[group], ",")); have != strings.Join(strings.Fields(slugs), "") {
			t.Errorf("procedures %v: %s, want %s", group, have, slugs)
		}
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]int{
		"1h30": 90, "1 h 30": 90, "une heure et demie": 90, "45mn": 45, "3/4 d'heure": 45, "une demi-heure": 30, "deux heures": 120, "90 min": 90,
		"de 9h à 12h": 180, "9h-12h": 180, "3 personnes 1h chacun": 180, "2x45min": 90, "1h": 60, "1,5 h": 90, "une bonne heure": 60, "½ h": 30, "45'": 45,
		"trois quarts d'heure": 45, "quarante-cinq minutes": 45, "une heure vingt": 80, "1h et quart": 75, "9-12h": 180, "14h 16h": 120, "de 10h à midi": 120,
		"9h-12h et 14h-17h": 360, "soixante-quinze minutes": 75, "quatre-vingt-dix minutes": 90, "20 min par personne, 4 personnes": 80,
		"à 14h": 0, "72 ans": 0, "10 min de retard": 0, "300 euros": 0, "24h/24": 0, "windows 11": 0, "le 24/11": 0,
	} {
		sum := 0
		for _, d := range Durations(text) {
			sum += d.Minutes
		}
		if sum != want {
			t.Errorf("%q: %d minutes, want %d", text, sum, want)
		}
	}
}

// countsOf are the numbers of people that a text tells, those only that count.
func countsOf(text string) []count {
	r := newActivityReader(text, dates.AnyDay, nil)
	r.readDay()
	r.readSpans()
	r.readDurations()
	r.readCounts()
	return r.counted()
}

func TestCounts(t *testing.T) {
	for text, want := range map[string]int{
		"un couple": 2, "une dame": 1, "Mme Martin et son fils": 2, "une dizaine": 10, "8 pers": 8, "nb 6": 6, "douze personnes": 12, "une demi-douzaine d'élèves": 6,
		"3 personnes : une dame, deux jeunes": 3, "5 inscrits mais 3 présents": 3, "M. et Mme Hamel": 2, "une maman et ses deux enfants": 3, "4 rdv": 4,
		"6 femmes et 2 hommes": 8, "participants : 5": 5, "2 groupes de 15 élèves": 30, "10 persones": 10, "3 personnes dont 2 femmes": 3,
		"72 ans": 0, "windows 11": 0, "300 euros": 0, "au 3e étage": 0, "iphone 12": 0, "le 24 novembre": 0, "45 min": 0,
	} {
		sum := 0
		for _, c := range countsOf(text) {
			sum += c.N
		}
		if sum != want {
			t.Errorf("%q: %d people, want %d", text, sum, want)
		}
	}
}

// TestActivityWithoutGazetteer: places are also read where no commune is known.
func TestActivityWithoutGazetteer(t *testing.T) {
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	for text, want := range map[string]string{
		"3 personnes à Périers hier":                                   "Périers",
		"atelier mails à la médiathèque de Lessay":                     "médiathèque de Lessay",
		"Trifouilly-les-Oies, 2 pers, 1h, CAF":                         "Trifouilly-les-Oies",
		"1h avec une dame chez Emmaüs":                                 "Emmaüs",
		"impôts à Saint-Hilaire-du-Harcouët 30 min":                    "Saint-Hilaire-du-Harcouët",
		"mairie de Villedieu les Poêles 2 pers":                        "mairie de Villedieu les Poêles",
		"au téléphone avec un usager":                                  "téléphone",
		"une dame à domicile":                                          "domicile",
		"accompagnement de 2 personnes pour la CAF, une heure chacune": "",
	} {
		if got := ReadActivity(text, now, nil).Place; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
