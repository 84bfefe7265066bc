package venues

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"passeur/bot"
	"passeur/intents"
)

func gazetteer(t testing.TB, departements ...string) *intents.Gazetteer {
	t.Helper()
	g, err := intents.NewGazetteer(departements)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func sample(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("testdata/lieux-manche.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sampleVenues are the five places of the sample.
var sampleVenues = []bot.Venue{{
	V: 1, ID: "exemple-50-1", Name: "Médiathèque (exemple) de Saint-Lô", Address: "1 Place de l'Exemple, 50000 Saint-Lô", Commune: "50502",
	Lat: 49.1157, Lon: -1.0907, Types: []string{"BIB"}, Phone: "+33261910001", Site: "https://mediatheque.example.org", Hours: "Tu-Fr 10:00-18:00; Sa 10:00-17:00", Opening: "du mardi au vendredi 10h-18h, samedi 10h-17h",
	Services: []string{"Maîtrise des outils numériques du quotidien", "Accès internet et matériel informatique", "Utilisation sécurisée du numérique"},
	Publics:  []string{"Seniors"}, Fees: []string{"Gratuit"}, Programmes: []string{"Conseillers numériques"}, Access: []string{"Se présenter", "Téléphoner"},
	Updated: "2026-09-01",
}, {
	V: 1, ID: "exemple-50-2", Name: "France Services (exemple) de Cherbourg-en-Cotentin", Address: "2 Rue de l'Exemple, Rez-de-chaussée, 50100 Cherbourg-en-Cotentin",
	Commune: "50129", Lat: 49.639, Lon: -1.625, Types: []string{"RFS", "MUNI"}, Phone: "+33261910002", Booking: "https://rdv.example.org/cherbourg",
	Hours: "Mo-Fr 09:00-12:30,13:30-17:00", Opening: "du lundi au vendredi 9h-12h30 et 13h30-17h", Services: []string{"Aide aux démarches administratives", "Accès internet et matériel informatique"},
	Care: []string{"Handicaps moteurs"}, Fees: []string{"Gratuit"}, Programmes: []string{"France Services", "Aidants Connect"},
	Access: []string{"Se présenter", "Téléphoner", "Prendre un RDV en ligne"}, Updated: "2026-09-01",
}, {
	V: 1, ID: "exemple-50-3", Name: "Espace public numérique (exemple) d'Avranches", Address: "3 Rue de l'Exemple, 50300 Avranches", Commune: "50025",
	Lat: 48.6847, Lon: -1.3573, Types: []string{"EPN", "ASSO"}, Phone: "+33261910003", Hours: "We 14:00-18:00; Sa 09:00-12:00", Opening: "mercredi 14h-18h, samedi 9h-12h",
	Services: []string{"Maîtrise des outils numériques du quotidien", "Loisirs et créations numériques", "Compréhension du monde numérique"},
	Publics:  []string{"Jeunes", "Familles et/ou enfants"}, Fees: []string{"Gratuit sous condition"}, Labels: []string{"Pass numérique accepté"},
	Access: []string{"Téléphoner", "Contacter par mail"}, Updated: "2026-09-01",
}, {
	V: 1, ID: "exemple-50-4", Name: "Centre médico-social (exemple) de Coutances", Address: "4 Avenue de l'Exemple, 50200 Coutances", Commune: "50147",
	Lat: 49.0455, Lon: -1.4449, Types: []string{"CMS", "DEPT"}, Phone: "+33261910004", Hours: "PH off; Tu 09:00-12:00", Opening: "fermé les jours fériés, mardi 9h-12h",
	Services: []string{"Aide aux démarches administratives", "Insertion professionnelle via le numérique"}, Care: []string{"Illettrisme"}, Fees: []string{"Gratuit"},
	Programmes: []string{"Conseillers numériques"}, Access: []string{"Téléphoner", "Envoyer un mail avec une fiche de prescription"}, Updated: "2026-09-01",
}, {
	V: 1, ID: "exemple-50-5", Name: "Bus numérique (exemple), halte de Granville", Address: "5 Cours de l'Exemple, Parking, 50400 Granville", Commune: "50218",
	Lat: 48.838, Lon: -1.5965, Types: []string{"ENM"}, Phone: "+33261910005", Hours: "week 1-53/2 Th 14:00-17:00", Opening: "jeudi 14h-17h les semaines impaires",
	Services: []string{"Maîtrise des outils numériques du quotidien", "Acquisition de matériel informatique à prix solidaire"}, Publics: []string{"Seniors", "Femmes"},
	Care: []string{"Langues étrangères (anglais)"}, Fees: []string{"Gratuit", "Payant"}, Programmes: []string{"Conseillers numériques"}, Access: []string{"Se présenter"},
	Travelling: true, Updated: "2026-09-01",
}}

// records are the sample as a table.
func records(t testing.TB) [][]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(sample(t))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func written(t testing.TB, rows [][]string, comma rune) string {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// objects are the sample as JSON: lists as arrays or as texts, numbers as numbers or as texts.
func objects(t testing.TB, lists, numbers bool) string {
	t.Helper()
	rows := records(t)
	var all []map[string]any
	for _, r := range rows[1:] {
		o := map[string]any{"aidants": []any{map[string]any{"nom": "Dominique EXEMPLE"}}}
		for i, name := range rows[0] {
			switch {
			case r[i] == "":
			case lists && strings.Contains(r[i], "|"):
				o[name] = strings.Split(r[i], "|")
			case numbers && slices.Contains([]string{"latitude", "longitude", "code_postal"}, name):
				o[name] = json.Number(r[i])
			default:
				o[name] = r[i]
			}
		}
		all = append(all, o)
	}
	b, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestSample: the five places of the sample are read exactly, however they are written.
func TestSample(t *testing.T) {
	latin1, err := charmap.Windows1252.NewEncoder().String(written(t, records(t), ';'))
	if err != nil {
		t.Fatal(err)
	}
	reversed := records(t)
	for _, r := range reversed {
		slices.Reverse(r)
	}
	shouted := records(t)
	for i, name := range shouted[0] {
		shouted[0][i] = strings.ToUpper(strings.ReplaceAll(strings.Replace(name, "modalites", "Modalités", 1), "_", " "))
	}
	mixed := strings.Replace(sample(t), "Médiathèque", "M\xe9diath\xe8que", 1)
	for name, file := range map[string]string{
		"as it is":                  sample(t),
		"BOM":                       "\ufeff" + sample(t),
		"CRLF and empty lines":      "\r\n" + strings.ReplaceAll(sample(t), "\n", "\r\n\r\n"),
		"tabs":                      written(t, records(t), '\t'),
		"Windows-1252, semicolons":  latin1,
		"one field in Windows-1252": mixed,
		"columns reversed":          written(t, reversed, ','),
		"titles in other spelling":  written(t, shouted, ','),
		"empty columns at the end":  strings.ReplaceAll(sample(t), "\n", ",,\n"),
		"JSON, lists":               objects(t, true, true),
		"JSON, texts":               "\ufeff \n" + objects(t, false, false),
	} {
		places, report, err := Read(strings.NewReader(file), gazetteer(t, "50"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(sampleVenues, places); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if want := (Report{JSON: strings.HasPrefix(name, "JSON"), Read: 5, Kept: 5}); !cmp.Equal(report, want) {
			t.Errorf("%s: %+v", name, report)
		}
	}
}

// with reads the sample's first row with other values.
func with(t *testing.T, values map[string]string) ([]bot.Venue, Report) {
	t.Helper()
	rows := records(t)[:2]
	for i, name := range rows[0] {
		if v, ok := values[name]; ok {
			rows[1][i] = v
		}
	}
	places, report, err := Read(strings.NewReader(written(t, rows, ',')), gazetteer(t, "01", "50", "974", "988"))
	if err != nil {
		t.Fatal(err)
	}
	return places, report
}

// TestRefused: what is wrong with a row is said with its column, and the row is left out.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ column, value, reason string }{
		{"id", " ", "vide"},
		{"nom", "", "vide"},
		{"nom", strings.Repeat("é", 1001), "1000 caractères"},
		{"commune", "", "vide"},
		{"commune", "Saint-Lô (50)", "« Saint-Lô (50) » n'est pas un nom de commune"},
		{"code_postal", "", "vide"},
		{"code_postal", "5000O", "« 5000O » n'est pas un code postal"},
		{"adresse", "", "vide"},
		{"date_maj", "", "vide"},
		{"date_maj", "2026-02-30", "n'est pas une date"},
		{"services", "Aide aux demarches|Réparation de vélos", "« Aide aux demarches » n'est pas une valeur du standard"},
		{"typologie", "BIB|BIBLIOTHEQUE", "« BIBLIOTHEQUE »"},
		{"publics_specifiquement_adresses", "Tout public", "« Tout public »"},
		{"prise_en_charge_specifique", "Autisme", "« Autisme »"},
		{"frais_a_charge", "Gratuit : oui", "« Gratuit : oui »"},
		{"dispositif_programmes_nationaux", "Pass numérique", "« Pass numérique »"},
		{"formations_labels", "Label maison", "« Label maison »"},
		{"modalites_acces", "Sonner", "« Sonner »"},
		{"itinerance", "Parfois", "« Parfois »"},
	} {
		places, report := with(t, map[string]string{c.column: c.value})
		if len(places) != 0 || report.Refused() != 1 || len(report.Problems) != 1 {
			t.Errorf("%s %q: %+v", c.column, c.value, report)
			continue
		}
		if p := report.Problems[0]; p.Line != 2 || p.Column != c.column || !strings.Contains(p.Reason, c.reason) {
			t.Errorf("%s %q: %+v", c.column, c.value, p)
		}
	}
}

// TestMended: values that mean the same are read, values that do no harm are dropped with a warning.
func TestMended(t *testing.T) {
	for _, c := range []struct {
		values  map[string]string
		got     func(bot.Venue) any
		want    any
		warning string // the column
	}{
		{map[string]string{"services": " aide aux démarches administratives ; ACCES INTERNET et matériel informatique "}, func(v bot.Venue) any { return v.Services },
			[]string{"Aide aux démarches administratives", "Accès internet et matériel informatique"}, ""},
		{map[string]string{"formations_labels": "Étapes numériques(La Poste)|Formé à «DUPLEX» (illettrisme)"}, func(v bot.Venue) any { return v.Labels },
			[]string{"Étapes numériques (La Poste)", "Formé à « DUPLEX » (illettrisme)"}, ""},
		{map[string]string{"dispositif_programmes_nationaux": "Point d’accès numérique CAF"}, func(v bot.Venue) any { return v.Programmes },
			[]string{"Point d'accès numérique CAF"}, ""},
		{map[string]string{"typologie": "epn|La Poste|EPN"}, func(v bot.Venue) any { return v.Types }, []string{"EPN", "LA_POSTE"}, ""},
		{map[string]string{"autres_formations_labels": "Pass numérique ; Label maison"}, func(v bot.Venue) any { return v.Labels },
			[]string{"Pass numérique", "Label maison"}, ""},
		{map[string]string{"autres_formations_labels": "A; B|C"}, func(v bot.Venue) any { return v.Labels }, []string{"A; B", "C"}, ""},
		{map[string]string{"date_maj": "01/09/2026"}, func(v bot.Venue) any { return v.Updated }, "2026-09-01", ""},
		{map[string]string{"date_maj": "2026-09-01T08:30:00Z"}, func(v bot.Venue) any { return v.Updated }, "2026-09-01", ""},
		{map[string]string{"code_insee": ""}, func(v bot.Venue) any { return v.Commune }, "50502", ""},
		{map[string]string{"code_insee": "", "commune": "ST LO"}, func(v bot.Venue) any { return v.Address }, "1 Place de l'Exemple, 50000 Saint-Lô", ""},
		{map[string]string{"code_insee": "", "commune": "SAINT-LO CEDEX", "code_postal": "50010"}, func(v bot.Venue) any { return v.Commune }, "50502", ""},
		{map[string]string{"code_insee": "", "commune": "Équeurdreville-Hainneville", "code_postal": "50120"}, func(v bot.Venue) any { return v.Commune }, "50129", ""},
		{map[string]string{"code_insee": "50173", "commune": "Équeurdreville-Hainneville", "code_postal": "50120"}, func(v bot.Venue) any { return v.Commune }, "50129", "code_insee"},
		{map[string]string{"code_insee": "abc"}, func(v bot.Venue) any { return v.Commune }, "50502", "code_insee"},
		{map[string]string{"code_insee": "1053", "code_postal": "1000", "commune": "Bourg-en-Bresse", "latitude": "", "longitude": ""},
			func(v bot.Venue) any { return v.Commune + " " + v.Address }, "01053 1 Place de l'Exemple, 01000 Bourg-en-Bresse", ""},
		{map[string]string{"pivot": ""}, func(v bot.Venue) any { return v.ID }, "exemple-50-1", ""},
		{map[string]string{"pivot": "1,23E+13"}, func(v bot.Venue) any { return v.ID }, "exemple-50-1", "pivot"},
		{map[string]string{"latitude": "49,1157", "longitude": "-1,0907"}, func(v bot.Venue) any { return v.Lat }, 49.1157, ""},
		{map[string]string{"latitude": "", "longitude": ""}, func(v bot.Venue) any { return v.Lat }, 49.11, ""},
		{map[string]string{"latitude": "", "longitude": "-1"}, func(v bot.Venue) any { return v.Lat }, 49.11, "latitude"},
		{map[string]string{"latitude": "-1.0907", "longitude": "49.1157"}, func(v bot.Venue) any { return v.Lat }, 49.11, "latitude"},
		{map[string]string{"latitude": "NaN", "longitude": "0"}, func(v bot.Venue) any { return v.Lat }, 49.11, "latitude"},
		{map[string]string{"latitude": "nord", "longitude": "ouest"}, func(v bot.Venue) any { return v.Lat }, 49.11, "latitude"},
		{map[string]string{"latitude": "-20.93", "longitude": "55.45"}, func(v bot.Venue) any { return v.Lat }, 49.11, "latitude"},
		{map[string]string{"site_web": "www.example.org"}, func(v bot.Venue) any { return v.Site }, "", "site_web"},
		{map[string]string{"site_web": "https://a.example.org|https://b.example.org"}, func(v bot.Venue) any { return v.Site }, "https://a.example.org", ""},
		{map[string]string{"prise_rdv": "javascript:alert(1)"}, func(v bot.Venue) any { return v.Booking }, "", "prise_rdv"},
		{map[string]string{"horaires": "Lu-Ve 9h-17h"}, func(v bot.Venue) any { return v.Hours }, "Lu-Ve 9h-17h", "horaires"},
		{map[string]string{"telephone": "39 39"}, func(v bot.Venue) any { return v.Phone }, "", "telephone"},
		{map[string]string{"nom": " Maison\n des  \u202eassociations\u0000"}, func(v bot.Venue) any { return v.Name }, "Maison des associations", ""},
	} {
		places, report := with(t, c.values)
		if len(places) != 1 {
			t.Errorf("%v: %v", c.values, report)
			continue
		}
		if diff := cmp.Diff(c.want, c.got(places[0])); diff != "" {
			t.Errorf("%v: %s", c.values, diff)
		}
		warned := ""
		for _, w := range report.Warnings {
			warned += w.Column
		}
		if warned != c.warning {
			t.Errorf("%v: warned of %q: %v", c.values, warned, report)
		}
	}
}

// TestLeftOut: places elsewhere, closed ones and those without services are counted, and nothing else is said of them.
func TestLeftOut(t *testing.T) {
	for _, c := range []struct {
		values map[string]string
		want   Report
	}{
		{map[string]string{"code_insee": "35238", "commune": "Rennes", "code_postal": "35000", "nom": ""}, Report{Read: 1, Outside: 1}},
		{map[string]string{"code_insee": "", "commune": "Rennes", "code_postal": "35000"}, Report{Read: 1, Outside: 1}},
		{map[string]string{"services": "", "nom": ""}, Report{Read: 1, Closed: 1}},
		{map[string]string{"services": " | "}, Report{Read: 1, Closed: 1}},
		{map[string]string{"modalites_acces": "Téléphoner|Ce lieu n’accueille pas de public"}, Report{Read: 1, Closed: 1}},
	} {
		if places, report := with(t, c.values); len(places) > 0 || !cmp.Equal(report, c.want) {
			t.Errorf("%v: %+v", c.values, report)
		}
	}
	_, report := with(t, map[string]string{"code_insee": "", "commune": "Granville"})
	if len(report.Problems) != 1 || !strings.Contains(report.Problems[0].Reason, "« Granville » n'est pas une commune du code postal 50000") {
		t.Errorf("%+v", report)
	}
}

// TestDuplicates: the newest row of an id counts, whatever it says.
func TestDuplicates(t *testing.T) {
	rows := records(t)
	id, name, date, services := slices.Index(rows[0], "id"), slices.Index(rows[0], "nom"), slices.Index(rows[0], "date_maj"), slices.Index(rows[0], "services")
	again := func(of int, title, day, offers string) []string {
		r := slices.Clone(rows[of])
		r[name], r[date], r[services] = title, day, offers
		return r
	}
	offers := rows[1][services]
	rows = append(rows, again(1, "ancien", "2020-01-01", offers), again(1, "nouveau", "2026-10-01", offers), again(2, "fermé depuis", "2026-10-01", ""),
		again(3, "même jour", "2026-09-01", offers), again(4, "", "2026-10-01", offers))
	places, report, err := Read(strings.NewReader(written(t, rows, ',')), gazetteer(t, "50"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range places {
		got = append(got, p.ID+" "+p.Name)
	}
	want := []string{"exemple-50-1 nouveau", "exemple-50-3 même jour", "exemple-50-4 " + rows[4][name], "exemple-50-5 " + rows[5][name]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if report.Read != 10 || report.Kept != 4 || report.Duplicates != 4 || report.Closed != 1 || report.Refused() != 1 || rows[1][id] != "exemple-50-1" {
		t.Errorf("%+v", report)
	}
}

// TestBrokenLines: a line that cannot be read costs itself and nothing else.
func TestBrokenLines(t *testing.T) {
	lines := strings.SplitAfter(strings.TrimSuffix(sample(t), "\n"), "\n")
	for name, broken := range map[string]string{
		"a quote inside":        `"a"b",x` + "\n",
		"a quote without end":   `exemple-50-9,"sans fin` + "\n",
		"too few columns":       "a,b,c\n",
		"too many columns":      strings.Repeat("x,", 40) + "\n",
		"a quote at the end":    strings.TrimSuffix(lines[1], ",,\n") + `,,"` + "\n",
		"two lines in a column": "\"a\nb\",c\n",
	} {
		file := strings.Join(slices.Insert(slices.Clone(lines), 3, broken), "")
		places, report, err := Read(strings.NewReader(file), gazetteer(t, "50"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sampleVenues, places); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if report.Refused() == 0 || report.Problems[0].Line != 4 {
			t.Errorf("%s: %+v", name, report)
		}
	}
}

func TestBrokenObjects(t *testing.T) {
	file := strings.TrimSuffix(objects(t, true, true), "]") + `, 12, null, {"id": {"a": 1}, "code_insee": "50502", "services": true, "typologie": [["BIB"]]}]`
	places, report, err := Read(strings.NewReader(file), gazetteer(t, "50"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sampleVenues, places); diff != "" {
		t.Error(diff)
	}
	if report.Read != 8 || report.Refused() != 3 || report.Problems[0].Line != 6 || report.Problems[2].Column != "id" {
		t.Errorf("%+v", report)
	}
}

// TestNotSuchAFile: what is wrong with a file as a whole is said in French.
func TestNotSuchAFile(t *testing.T) {
	for _, c := range []struct{ file, reason string }{
		{"", "vide"},
		{"\n\r\n", "vide"},
		{"<html>erreur</html>", "il manque la colonne id, nom, commune, code_postal, adresse, date_maj et services"},
		{"id,ID,nom\n", "la colonne id est là deux fois"},
		{`"id`, "titres"},
		{`{"id": 1}`, "entre crochets"},
		{`[{"id": 1}, {"id": }]`, "à partir du lieu n° 2"},
		{`[{"id": 1}`, "coupé"},
		{`[{"id": 1} x`, "lieu n° 2"},
		{"[" + strings.Repeat("[", 20_000), "lieu n° 1"},
		{strings.Repeat(" ", maxBytes+1), "64 Mio"},
	} {
		places, _, err := Read(strings.NewReader(c.file), gazetteer(t, "50"))
		if err == nil || places != nil || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%.40q: %v", c.file, err)
		}
	}
	lost := errors.New("connection lost")
	if _, _, err := Read(iotest.ErrReader(lost), gazetteer(t, "50")); !errors.Is(err, lost) {
		t.Error(err)
	}
}

// many is a file of n places.
func many(t testing.TB, n int) string {
	rows := records(t)
	var b strings.Builder
	head, row := written(t, rows[:1], ','), written(t, rows[1:2], ',')
	b.WriteString(head)
	for i := range n {
		b.WriteString(strings.Replace(row, "exemple-50-1", fmt.Sprintf("exemple-50-1-%d", i), 1))
	}
	return b.String()
}

// TestLimits: a hundred thousand rows are read, one more is too many.
func TestLimits(t *testing.T) {
	g := gazetteer(t, "50")
	places, report, err := Read(strings.NewReader(many(t, maxRows)), g)
	if err != nil || len(places) != maxRows || report.Kept != maxRows || places[maxRows-1].ID != "exemple-50-1-99999" {
		t.Fatalf("%d, %v", len(places), err)
	}
	head, _, _ := strings.Cut(sample(t), "\n")
	elsewhere := strings.Repeat("35238"+strings.Repeat(",", strings.Count(head, ","))+"\n", maxRows+1)
	if _, _, err := Read(strings.NewReader(head+"\n"+elsewhere), g); err == nil || !strings.Contains(err.Error(), "plus de 100000 lieux") {
		t.Error(err)
	}
}

func TestReport(t *testing.T) {
	r := Report{Read: 40, Kept: 12, Outside: 1, Closed: 2, Duplicates: 1}
	for i := range 24 {
		r.Problems = append(r.Problems, Problem{i + 2, "nom", "vide : remplissez cette colonne"})
	}
	r.Warnings = []Problem{{9, "", "à revoir"}}
	said := r.String()
	for _, want := range []string{"40 lieux lus : 12 gardés, 1 hors territoire, 2 sans accueil du public ou sans service, 1 doublon, 24 refusés.\n",
		"- ligne 2, nom : vide : remplissez cette colonne\n", "- ligne 21, nom", "- et 4 autres.\n", "- ligne 9 : à revoir\n"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	if strings.Contains(said, "ligne 22") {
		t.Error(said)
	}
	r.JSON = true
	if !strings.Contains(r.String(), "- lieu n° 2, nom : ") {
		t.Error(r)
	}
}

func TestPhone(t *testing.T) {
	for _, c := range []struct{ text, territory, want string }{
		{"+33261910001", "50", "+33261910001"},
		{"02 61 91 00 01", "50", "+33261910001"},
		{"02.61.91.00.01 / 06 39 98 12 34", "50", "+33261910001"},
		{"+33 (0)2-61-91-00-01", "50", "+33261910001"},
		{"0033 2 61 91 00 01", "50", "+33261910001"},
		{"261910001", "50", "+33261910001"},
		{"261910001.0", "50", "+33261910001"},
		{"33261910001", "50", "+33261910001"},
		{"+330261910001", "50", "+33261910001"},
		{"06 39 98 12 34", "50", "+33639981234"},
		{"0800 10 20 30", "50", "+33800102030"},
		{"0262 00 00 00", "974", "+262262000000"},
		{"0590 00 00 00", "971", "+590590000000"},
		{"25 00 00", "988", "+687250000"},
		{"25 00 00", "50", ""},
		{"3939", "50", ""},
		{"+44 20 7946 0000", "50", ""},
		{"accueil", "50", ""},
		{"/", "50", ""},
		{"02 61 91 00", "50", ""},
	} {
		got, ok := phoneE164(c.text, c.territory)
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%q: %q, %v", c.text, got, ok)
		}
	}
}

// TestVocabularies: no two values are taken for the same, and there are as many as the standard has.
func TestVocabularies(t *testing.T) {
	for name, c := range map[string]struct {
		v vocabulary
		n int
	}{"A": {typesA, 92}, "B": {servicesB, 9}, "C": {publicsC, 5}, "D": {careD, 7}, "E": {programmesE, 11}, "F": {labelsF, 10}, "G": {accessG, 6}} {
		exact, folded := map[string]bool{}, map[string]bool{}
		for _, value := range c.v {
			exact[value], folded[fold(value)] = true, true
		}
		if len(exact) != c.n || len(folded) != c.n {
			t.Errorf("%s has %d values, %d folded, not %d", name, len(exact), len(folded), c.n)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range []string{sample(f), objects(f, true, true), "id,nom\n", "[{}]", "\xff\xfe", strings.ReplaceAll(sample(f), ",", ";")} {
		f.Add([]byte(file))
	}
	g := gazetteer(f, "50")
	f.Fuzz(func(t *testing.T, file []byte) {
		places, r, err := Read(bytes.NewReader(file), g)
		if err != nil {
			if places != nil {
				t.Fatal("places beside an error")
			}
			return
		}
		if r.Kept != len(places) || r.Refused() < 0 || (r.Refused() > 0) != (len(r.Problems) > 0) {
			t.Fatalf("%d places, %+v", len(places), r)
		}
		ids := map[string]bool{}
		for _, p := range places {
			if _, ok := g.ByCode(p.Commune); !ok || p.ID == "" || ids[p.ID] || p.Name == "" || p.Address == "" || len(p.Services) == 0 || p.Updated == "" {
				t.Fatalf("%+v", p)
			}
			ids[p.ID] = true
		}
		_ = r.String()
	})
}
