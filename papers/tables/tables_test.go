package tables

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

var people = []Column{
	{Name: "téléphone", Titles: []string{"Téléphone mobile", "Mobile", "Portable", "Téléphone", "Tél"}, Needed: true},
	{Name: "prénom", Titles: []string{"Prénom"}},
	{Name: "commune", Titles: []string{"Commune", "Ville"}},
}

// read reads a whole table.
func read(file []byte, columns []Column) (*Table, []Row, error) {
	table, err := Open(bytes.NewReader(file), int64(len(file)), columns)
	if err != nil {
		return nil, nil, err
	}
	var rows []Row
	for {
		row, err := table.Next()
		if err == io.EOF {
			return table, rows, nil
		}
		if err != nil {
			return table, rows, err
		}
		rows = append(rows, row)
	}
}

// shown writes rows as "2:0639981234|Jeanne|", a fault behind "!", a formula behind "=".
func shown(rows []Row) string {
	var all []string
	for _, row := range rows {
		if row.Fault != "" {
			all = append(all, fmt.Sprintf("%d!%s", row.Number, row.Fault))
			continue
		}
		var cells []string
		for _, c := range row.Cells {
			text := c.Text
			if c.Formula {
				text = "{" + text + "}"
			}
			cells = append(cells, text)
		}
		all = append(all, fmt.Sprintf("%d:%s", row.Number, strings.Join(cells, "|")))
	}
	return strings.Join(all, " ")
}

// reads holds a file against what it should show, or why it should be refused.
func reads(t *testing.T, file []byte, want, fails string) *Table {
	t.Helper()
	table, rows, err := read(file, people)
	switch {
	case fails != "" && (err == nil || !strings.Contains(err.Error(), fails)):
		t.Errorf("want the error %q, got %v", fails, err)
	case fails == "" && err != nil:
		t.Error(err)
	case fails == "" && shown(rows) != want:
		t.Errorf("got  %s\nwant %s", shown(rows), want)
	}
	return table
}

func TestTitles(t *testing.T) {
	cases := []struct{ name, file, want, fails string }{
		{"as asked", "Prénom;Commune;Mobile\nZoé;Agon;1\n", "2:1|Zoé|Agon", ""},
		{"case, accents, punctuation, plural", "PRENOMS;n°;téléphones_mobiles\nZoé;7;1\n", "2:1|Zoé|", ""},
		{"a heading above", "Liste des bénéficiaires, novembre;;\n;;\nTél.;Prénom;Ville\n1;Zoé;Agon\n", "4:1|Zoé|Agon", ""},
		{"a heading that has a title", "Commune;Agon\n\nTél;Prénom;Ville\n1;Zoé;Agon\n", "4:1|Zoé|Agon", ""},
		{"groups above titles", "Personne;;Contact;\nNom;Prénom;Fixe;Mobile\nRe;Zoé;2;1\n", "3:1|Zoé|", ""},
		{"titles below a group", "Prénom;Téléphone;;Ville\n;Fixe;Mobile;\nZoé;2;1;Agon\n", "3:1|Zoé|Agon", ""},
		{"a merged title", "Téléphone;;Prénom\n1;;Zoé\n2;x;Ali\n", "2:1|Zoé| 3:2|Ali|", ""},
		{"the better title wins", "Téléphone;Portable;Prénom\n2;1;Zoé\n", "2:1|Zoé|", ""},
		{"the better title wins from the left", "Mobile;Téléphone\n1;2\n", "2:1||", ""},
		{"titles twice", "Tél;Prénom\n1;Zoé\nTél;Prénom\n", "2:1|Zoé| 3:Tél|Prénom|", ""},
		{"at row 20", strings.Repeat("x\n", 19) + "Tél\n1\n", "21:1||", ""},
		{"one column", "Tél\n06 39 98 00 01\n", "2:06 39 98 00 01||", ""},
		{"titles only", "Tél;Prénom\n", "", ""},
		{"a true tie", "Prénom;Mobile;mobiles\n", "", "deux colonnes peuvent être téléphone : B (« Mobile ») et C (« mobiles ») ; renommez"},
		{"none", "Nom;Adresse\nRe;x\n", "", "il manque la colonne téléphone : titrez-la « Téléphone mobile » (titres vus, ligne 1 : « Nom », « Adresse »)"},
		{"one is missing", "Liste\nPrénom;Nom\nZoé;Re\n", "", "il manque la colonne téléphone : titrez-la « Téléphone mobile » (titres vus, ligne 2 : « Prénom », « Nom »)"},
		{"beyond row 20", strings.Repeat("x\n", 20) + "Tél\n1\n", "", "il manque la colonne téléphone"},
		{"too many columns", strings.Repeat("x;", 500) + "Tél\n", "", "la ligne 1 a plus de 500 colonnes"},
		{"many empty columns", "Tél" + strings.Repeat(";", 1023) + "\n1" + strings.Repeat(";", 1023) + "\n", "2:1||", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { reads(t, []byte(c.file), c.want, c.fails) })
	}
}

func TestMatched(t *testing.T) {
	table := reads(t, []byte("Nom;Prénom ;Notes ;Mobile;\nRe;Zoé;x;1;\n"), "2:1|Zoé|", "")
	if got, want := table.Matched(), []Match{{"D", 4, "Mobile"}, {"B", 2, "Prénom"}, {}}; !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := table.Ignored(); !slices.Equal(got, []string{"Nom", "Notes"}) {
		t.Errorf("%q", got)
	}
	if _, err := table.Next(); err != io.EOF {
		t.Errorf("after the end: %v", err)
	}
	_, rows, _ := read([]byte("x;Tél\n;1\n"), people)
	if c := rows[0].Cells; c[0] != (Cell{Text: "1", Column: "B"}) || c[1] != (Cell{}) {
		t.Errorf("%+v", c)
	}
	var missing *MissingError
	if _, _, err := read([]byte("a;b\n"), people); !errors.As(err, &missing) || len(missing.Missing) != 1 || missing.Missing[0].Name != "téléphone" {
		t.Errorf("%v", err)
	}
	_, _, err := read([]byte("a;b\n"), people[1:])
	if err == nil || !strings.Contains(err.Error(), "il manque les colonnes prénom et commune : titrez-les « Prénom » et « Commune »") {
		t.Errorf("%v", err)
	}
}

// TestTwoFromOne: a column of a table is one thing at most, the one whose title is better.
func TestTwoFromOne(t *testing.T) {
	columns := []Column{{Name: "nom", Titles: []string{"Nom et prénom", "Nom"}}, {Name: "prénom", Titles: []string{"Nom"}}}
	table, _, err := read([]byte("Nom;Nom et prénom\n"), columns)
	if err != nil {
		t.Fatal(err)
	}
	if m := table.Matched(); m[0].Letter != "B" || m[1].Letter != "A" {
		t.Errorf("%+v", m)
	}
}

func TestLetter(t *testing.T) {
	for column, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 499: "SF", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := letter(column); got != want || columnOf(want+"12") != column {
			t.Errorf("%d is %s, want %s; back: %d", column, got, want, columnOf(want+"12"))
		}
	}
}

func TestKinds(t *testing.T) {
	cases := []struct{ name, file, fails string }{
		{"empty", "", "le fichier est vide"},
		{"blank", " \r\n\n\t\n", "le fichier est vide"},
		{"a mark alone", "\ufeff", "le fichier est vide"},
		{"separators alone", ";;;\n;;;\n", "le fichier est vide"},
		{"old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "un ancien classeur (.xls) ou un classeur protégé par un mot de passe"},
		{"PDF", "%PDF-1.7\n", "c'est un PDF"},
		{"PNG", "\x89PNG\r\n\x1a\n", "c'est une image"},
		{"JPEG", "\xff\xd8\xff\xe0", "c'est une image"},
		{"HEIC", "\x00\x00\x00\x24ftypheic\x00\x00", "c'est une image"},
		{"vCard", "BEGIN:VCARD\n", "carnet de contacts"},
		{"page", "\ufeff <html><table>", "c'est une page web"},
		{"anything", string(bytes.Repeat([]byte{1, 2, 3, 'a', 0, 'b', 0xfe, 7}, 100)), "ni un classeur Excel (.xlsx), ni un tableau CSV"},
		{"half a workbook", "PK\x03\x04", "le classeur est abîmé ou incomplet"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { reads(t, []byte(c.file), "", c.fails) })
	}
	if _, err := Open(brokenFile{}, 60<<20, people); err == nil || !strings.Contains(err.Error(), "le fichier pèse 60 Mio, et 50 au plus") {
		t.Errorf("%v", err)
	}
}

// brokenFile cannot be read.
type brokenFile struct{}

var errDisk = errors.New("disque")

func (brokenFile) ReadAt([]byte, int64) (int, error) { return 0, errDisk }

// failsLater is a file that can be read up to a place.
type failsLater struct {
	file []byte
	good int64
}

func (f failsLater) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.good && f.good < int64(len(f.file)) {
		return 0, errDisk
	}
	return bytes.NewReader(f.file).ReadAt(p, at)
}

// TestFileThatFails: what is wrong with the disk is said as such, whoever met it.
func TestFileThatFails(t *testing.T) {
	for name, file := range map[string][]byte{"CSV": bytes.Repeat([]byte("Tél;x\n"), 50_000), "XLSX": workbookOf(sheetOf(manyRows(20_000)))} {
		for _, good := range []int64{0, 600, int64(len(file)) / 2} {
			table, err := Open(failsLater{file, good}, int64(len(file)), people)
			for err == nil {
				_, err = table.Next()
			}
			if !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "le fichier ne se lit pas") {
				t.Errorf("%s, up to %d: %v", name, good, err)
			}
		}
	}
}
