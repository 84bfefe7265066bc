package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/store"
)

const rdvHeader = "id;telephone;prenom;date;heure;lieu;commune;conseiller\n"

// rdvRow is a row of Marie's, so many days from now.
func rdvRow(id, phone, name string, days int, hour string) string {
	return fmt.Sprintf("%s;%s;%s;%s;%s;mairie de Coutances;Coutances;Marie Lecomte\n", id, phone, name, inDays(days), hour)
}

func inDays(n int) string { return time.Now().AddDate(0, 0, n).Format("02/01/2006") }

// appointmentsIn are all appointments, by name.
func appointmentsIn(t *testing.T, db *store.DB) []bot.Rdv {
	t.Helper()
	records, err := everyRecord(t.Context(), db, bot.Query{Kind: "rdv"})
	if err != nil {
		t.Fatal(err)
	}
	var all []bot.Rdv
	for _, rec := range records {
		var r bot.Rdv
		if err := json.Unmarshal(rec.Body, &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b bot.Rdv) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// booked says who has an appointment, and in which state.
func booked(t *testing.T, db *store.DB) string {
	t.Helper()
	var all []string
	for _, r := range appointmentsIn(t, db) {
		all = append(all, r.Name+" "+string(r.State))
	}
	return strings.Join(all, ", ")
}

// TestImportOfAppointments: what is new, was moved and is gone, and nothing else; twice the same does nothing.
func TestImportOfAppointments(t *testing.T) {
	t.Chdir(t.TempDir())
	h, said := testHouse(t, "passeur.db")
	sayNow(t, h, "aide")
	obeying(t, h)
	one := rdvRow("A-1", "06 39 98 12 34", "Jeanne", 8, "10h")
	two := rdvRow("A-2", "639985678", "Karim B.", 9, "14:30")
	three := rdvRow("A-3", "+33 6 39 98 00 07", "Zoé", 10, "9 h 15")
	past := rdvRow("A-4", "06 39 98 00 08", "Ali", -3, "9h")
	does(t, []string{"import", "rdv", "--yes", put(t, "1.csv", rdvHeader+one+two+three+past)},
		"+ ligne 2 (id A-1) : Jeanne", "+ ligne 3 (id A-2)", "Ajoutés : 3. Changés : 0. Retirés : 0. Inchangés : 0. Déjà passés, laissés : 1.", "C'est fait : 3 changement(s)")
	if got := booked(t, h.store); got != "Jeanne silent, Karim B. silent, Zoé silent" {
		t.Fatalf("appointments: %s", got)
	}
	if r := appointmentsIn(t, h.store)[1]; r.At.Format("15:04 02/01/2006 MST")[:16] != "14:30 "+inDays(9) || r.Where != "mairie de Coutances" || r.Lasts != 60 {
		t.Errorf("%+v", r)
	}
	does(t, []string{"import", "rdv", "--yes", "1.csv"}, "Inchangés : 3", "Rien n'a changé")
	moved := rdvRow("A-2", "06 39 98 56 78", "Karim B.", 9, "16h")
	out := does(t, []string{"import", "rdv", "--yes", put(t, "2.csv", rdvHeader+moved+one)},
		"~ ligne 2 (id A-2) : Karim B.", "(c'était ", "à 14h30)", "- (id A-3)", "Ajoutés : 0. Changés : 1. Retirés : 1. Inchangés : 1.")
	if strings.Contains(out, "+ ligne") {
		t.Errorf("something was added:\n%s", out)
	}
	if got := booked(t, h.store); got != "Jeanne silent, Karim B. silent, Zoé cancelled" {
		t.Errorf("appointments: %s", got)
	}
	if r := appointmentsIn(t, h.store)[1]; r.At.Hour() != 16 {
		t.Errorf("it was not moved: %+v", r)
	}
	does(t, []string{"import", "rdv", "--yes", put(t, "3.csv", rdvHeader+moved+one+three)}, "+ ligne 4 (id A-3)")
	if got := booked(t, h.store); got != "Jeanne silent, Karim B. silent, Zoé silent" {
		t.Errorf("back again: %s", got)
	}
	sayNow(t, h, "annuler Jeanne")
	if _, err := h.scheduler.Step(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	contains(t, said.texts(), "vient d'un fichier importé : changez-le dans l'outil")
}

// TestImportOfASpreadsheet: Windows-1252, columns in another order, a file of one counsellor, whose imports leave the others' alone.
func TestImportOfASpreadsheet(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "aide")
	paul := bot.Event{ID: "p1", At: time.Now(), From: "mattermost:u-paul", Role: bot.Conseiller, Text: "aide", Values: map[string]string{"name": "Paul Roux"}}
	if _, err := h.bot.Hear(t.Context(), paul); err != nil {
		t.Fatal(err)
	}
	shut(t, h)
	latin := fmt.Sprintf("Commune;Lieu;Heure;Date;Pr\xe9nom;T\xe9l\xe9phone;Id;Remarque\nP\xe9riers;m\xe9diath\xe8que;10:00:00;%s;\xc9lodie;0639981234;1;x\n", time.Now().AddDate(0, 0, 7).Format(time.DateOnly))
	does(t, []string{"import", "rdv", "--yes", "--owner", "marie lecomte", put(t, "m.csv", latin)}, "Élodie", "médiathèque", "Ajoutés : 1")
	does(t, []string{"import", "rdv", "--yes", "--owner", "Paul Roux", put(t, "p.csv", strings.ReplaceAll(latin, "0639981234", "0639985678"))}, "Ajoutés : 1. Changés : 0. Retirés : 0.")
	refuses(t, "", []string{"import", "rdv", "m.csv"}, "il manque la colonne conseiller", "--owner")
	refuses(t, "", []string{"import", "rdv", "--owner", "Personne Inconnue", "m.csv"}, "Personne Inconnue")
	h, _ = testHouse(t, "passeur.db")
	all := appointmentsIn(t, h.store)
	if len(all) != 2 || all[0].Place != "50/50394" || all[0].Owner == all[1].Owner || all[0].Name != "Élodie" {
		t.Errorf("%+v", all)
	}
}

// TestImportOfAWorkbook: an XLSX file as a spreadsheet leaves it, its number, day and hour as numbers, a heading above its titles; and its columns that are missing.
func TestImportOfAWorkbook(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "aide")
	shut(t, h)
	day := time.Now().AddDate(0, 0, 7)
	days := int(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	text := func(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }
	row := func(cells ...string) string { return "<row>" + strings.Join(cells, "") + "</row>" }
	titles := row(text("Id"), text("Téléphone"), text("Prénom"), text("Date"), text("Heure"), text("Lieu"), text("Commune"), text("Conseiller"))
	list := row(text("A-1"), "<c><v>639981234</v></c>", text("Élodie"), fmt.Sprintf(`<c s="1"><v>%d</v></c>`, days), `<c s="2"><v>0.4375</v></c>`, text("médiathèque"), text("Périers"), text("Marie Lecomte"))
	does(t, []string{"import", "rdv", "--yes", putWorkbook(t, "1.xlsx", row(text("Rendez-vous de décembre"))+titles+list)}, "+ ligne 3 (id A-1) : Élodie", "à 10h30, médiathèque", "Ajoutés : 1")
	refuses(t, "", []string{"import", "rdv", "--yes", putWorkbook(t, "2.xlsx", strings.Replace(titles, "Conseiller", "Qui", 1)+list)}, "il manque la colonne conseiller", "« Qui »", "--owner")
	refuses(t, "", []string{"import", "rdv", "--yes", putWorkbook(t, "3.xlsx", titles+strings.Replace(list, "639981234", "26191", 1))}, "ligne 2 : telephone")
}

// putWorkbook writes an XLSX file with the rows of each of its sheets.
func putWorkbook(t *testing.T, name string, sheets ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	list, links, parts := "", "", [][2]string{
		{"[Content_Types].xml", "<Types/>"},
		{"xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/></cellXfs></styleSheet>`},
	}
	for i, rows := range sheets {
		n := i + 1
		list += fmt.Sprintf(`<sheet name="Feuil%d" r:id="rId%d"/>`, n, n)
		links += fmt.Sprintf(`<Relationship Id="rId%d" Type="x/worksheet" Target="worksheets/sheet%d.xml"/>`, n, n)
		parts = append(parts, [2]string{fmt.Sprintf("xl/worksheets/sheet%d.xml", n), `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`})
	}
	parts = append(parts, [2]string{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets>` + list + `</sheets></workbook>`},
		[2]string{"xl/_rels/workbook.xml.rels", `<Relationships>` + links + `<Relationship Id="s" Type="x/styles" Target="styles.xml"/></Relationships>`})
	for _, part := range parts {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = w.Write([]byte(part[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return put(t, name, b.String())
}

// TestBadRowsDoNothing: each is named with its reason, and what is right beside them is not done either.
func TestBadRowsDoNothing(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "aide")
	row := func(cells ...string) string { return strings.Join(cells, ";") + "\n" }
	day := inDays(8)
	cases := []struct{ name, row, want string }{
		{"short number", row("1", "06 39 98 12", "Jeanne", day, "10h", "mairie", "Coutances", "Marie Lecomte"), "ligne 3 : telephone"},
		{"landline", row("1", "02 61 91 00 01", "Jeanne", day, "10h", "mairie", "Coutances", "Marie Lecomte"), "ligne 3 : telephone"},
		{"no number", row("1", "", "Jeanne", day, "10h", "mairie", "Coutances", "Marie Lecomte"), "ligne 3 : la colonne telephone est vide"},
		{"no such day", row("1", "0639981234", "Jeanne", "31/02/2027", "10h", "mairie", "Coutances", "Marie Lecomte"), "ligne 3 : date : « 31/02/2027 »"},
		{"no such hour", row("1", "0639981234", "Jeanne", day, "25h", "mairie", "Coutances", "Marie Lecomte"), "ligne 3 : heure : « 25h » n'existe pas"},
		{"hour in words", row("1", "0639981234", "Jeanne", day, "matin", "mairie", "Coutances", "Marie Lecomte"), "ligne 3 : heure : « matin »"},
		{"commune elsewhere", row("1", "0639981234", "Jeanne", day, "10h", "mairie", "Zzyzx", "Marie Lecomte"), "ligne 3 : commune : « Zzyzx »"},
		{"unknown counsellor", row("1", "0639981234", "Jeanne", day, "10h", "mairie", "Coutances", "Personne Inconnue"), "ligne 3 : conseiller « Personne Inconnue »"},
		{"no counsellor", row("1", "0639981234", "Jeanne", day, "10h", "mairie", "Coutances", ""), "ligne 3 : la colonne conseiller est vide"},
		{"same id", row("A-1", "0639981234", "Jeanne", day, "10h", "mairie", "Coutances", "Marie Lecomte"), "ligne 3 : l'id « A-1 » est déjà à la ligne 2"},
		{"a cell too many", row("1", "0639981234", "Jeanne", day, "10h", "mairie", "Coutances", "Marie Lecomte", "x"), "ligne 3 : 9 colonnes au lieu de 8"},
		{"long id", row(strings.Repeat("x", 200), "0639981234", "Jeanne", day, "10h", "mairie", "Coutances", "Marie Lecomte"), "ligne 3 : la colonne id"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			file := put(t, "bad.csv", rdvHeader+rdvRow("A-1", "06 39 98 00 09", "Ali", 8, "10h")+c.row)
			refuses(t, "oui\n", []string{"import", "rdv", file}, c.want, "1 ligne(s) à corriger, rien n'a été importé")
			nothingImported(t, h)
		})
	}
	refuses(t, "", []string{"import", "rdv", "--yes", put(t, "none.csv", rdvHeader)}, "aucun rendez-vous")
	refuses(t, "", []string{"import", "rdv", put(t, "many.csv", rdvHeader+strings.Repeat(cases[0].row, 150))}, "et 50 autre(s)", "150 ligne(s)")
	refuses(t, "", []string{"import", "rdv", put(t, "book.xlsx", "PK\x03\x04")}, "format CSV")
}

// TestImportIsResumed: what was cut short is found and finished by the same command, and nobody is booked twice.
func TestImportIsResumed(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "aide")
	told := func(id, name string) bot.OutsideRdv {
		start := time.Now().AddDate(0, 0, 8).Truncate(time.Hour)
		return bot.OutsideRdv{ID: bot.CSVRdvID("csv", id), Event: "created", Status: "unknown", Start: start, End: start.Add(time.Hour), Commune: "Coutances", Agents: []string{"Marie Lecomte"},
			Participants: []bot.OutsideUsager{{ID: "1", Name: name, Phone: "+3363998000" + id, Status: "unknown"}}}
	}
	at := time.Now().AddDate(0, 0, 8)
	im := bot.RdvImport{Source: "csv", Told: []bot.OutsideRdv{told("1", "Ali"), told("2", "Zoé")},
		Rows: map[string]bot.SourceRow{"1": {Hash: "a", At: at}, "2": {Hash: "b", At: at}}}
	whole := h.bot.Store
	h.bot.Store = &dyingStore{Store: whole, commits: 2}
	if n, err := h.bot.ImportRdvs(t.Context(), im, time.Now()); err == nil || n != 1 {
		t.Fatalf("not cut short: %d, %v", n, err)
	}
	h.bot.Store = whole
	src, version, err := bot.ReadSource(t.Context(), h.store, "csv")
	if err != nil || len(src.Rows) != 2 || src.Rows["1"].Hash != "" {
		t.Fatalf("%+v %v", src, err)
	}
	if _, err := h.bot.ImportRdvs(t.Context(), im, time.Now()); err != bot.ErrStaleImport {
		t.Errorf("compared with what is no more: %v", err)
	}
	im.Base = version
	if n, err := h.bot.ImportRdvs(t.Context(), im, time.Now()); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if got := booked(t, h.store); got != "Ali silent, Zoé silent" {
		t.Errorf("appointments: %s", got)
	}
	if src, _, _ := bot.ReadSource(t.Context(), h.store, "csv"); src.Rows["1"].Hash != "a" || src.Rows["2"].Hash != "b" {
		t.Errorf("%+v", src)
	}
}

func FuzzAppointmentCells(f *testing.F) {
	for _, s := range [][3]string{{"0639981234", "04/12/2026", "10h"}, {"639981234.0", "2026-12-04", "10:30:00"}, {"", "", ""}, {"é", "32/13/2026", "99h99"}} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, phone, day, hour string) {
		if number, err := mobileOfSheet(phone); err == nil && !strings.HasPrefix(number, "+") {
			t.Errorf("%q is %q", phone, number)
		}
		if at, err := startOf(day, hour, time.UTC); err == nil && (at.Hour() > 23 || at.IsZero()) {
			t.Errorf("%q %q is %v", day, hour, at)
		}
	})
}
