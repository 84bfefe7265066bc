package lacoop

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
	"passeur/papers/tables"
)

// readBack reads the sheet that has some titles, as the bot reads the workbooks of others: lines of a cell become one, a day is 2026-12-04.
func readBack(t *testing.T, workbook []byte, titles ...string) (rows []string) {
	t.Helper()
	var columns []tables.Column
	for _, title := range titles {
		columns = append(columns, tables.Column{Name: title, Titles: []string{title}, Needed: true})
	}
	table, err := tables.Open(bytes.NewReader(workbook), int64(len(workbook)), columns)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil || row.Fault != "" {
			t.Fatal(err, row.Fault)
		}
		var texts []string
		for _, c := range row.Cells {
			if c.Formula {
				t.Errorf("row %d has a formula: %s", row.Number, c.Text)
			}
			texts = append(texts, c.Text)
		}
		rows = append(rows, strings.Join(texts, "|"))
	}
}

func workbook(t *testing.T, sheets ...Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := XLSX(&b, sheets...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestXLSX(t *testing.T) {
	s := Sheet{Name: "Essai", Days: []string{"Jour"}, Numbers: []string{"Nombre"}, Rows: [][]string{
		{"Texte", "Jour", "Nombre"},
		{"=1+1", "04/12/2026", "45"},
		{"0639981234", "4 décembre", "007"},
		{"a\x00\x01\ufffe\xff<b> & \"c\"", "", "-3", "beyond the titles"},
		{"deux\r\nlignes", "31/12/1899", "1234567890123456"},
		{"_x0041_ _x41_", "29/02/2028", "1,5"},
		{"", "", ""},
		{"2/9", "01/01/2026"},
	}}
	book := workbook(t, Sheet{Name: "Vide"}, s)
	want := []string{"=1+1|2026-12-04|45", "0639981234|4 décembre|007", `a<b> & "c"||-3`, "deux lignes|31/12/1899|1234567890123456", "_x0041_ _x41_|2028-02-29|1,5", "2/9|2026-01-01|"}
	if diff := cmp.Diff(want, readBack(t, book, "Texte", "Jour", "Nombre")); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal(book, workbook(t, Sheet{Name: "Vide"}, s)) {
		t.Error("the same sheets give other bytes")
	}
}

func TestXLSXLimits(t *testing.T) {
	s := Sheet{Name: "Essai", Rows: [][]string{slices.Repeat([]string{"T"}, 30), {strings.Repeat("é", 40_000)}, {strings.Repeat("🌊", 20_000)}}}
	s.Rows[0][0] = "Long"
	got := readBack(t, workbook(t, s), "Long")
	if got[0] != strings.Repeat("é", 32_767) || got[1] != strings.Repeat("🌊", 16_383) {
		t.Error(len(got[0]), len(got[1]))
	}
	for _, name := range []string{"", "a/b", `a"b`, strings.Repeat("a", 32)} {
		if err := XLSX(io.Discard, Sheet{Name: name}); err == nil {
			t.Errorf("a sheet is called %q", name)
		}
	}
	if err := XLSX(full{}, s); !errors.Is(err, io.ErrShortWrite) {
		t.Error(err)
	}
}

// full is where nothing can be written.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestSheets(t *testing.T) {
	book := workbook(t, Sheets([]bot.Report{seen(), workshop(), report("animation", "duree", "30", "mediateurs", "8")}, Own)...)
	want := []string{"2026-12-04|38|1|E-mail Aide aux démarches administratives Logement|50000", "2026-12-04|38|1|E-mail Aide aux démarches administratives Logement|50000", "2026-12-03|90|1/4|Intelligence artificielle (IA)|"}
	if diff := cmp.Diff(want, readBack(t, book, "Date", "Durée (min)", "Participants", "Thématique(s) d’accompagnement", "Code postal")[:3]); diff != "" {
		t.Error(diff)
	}
	if got := readBack(t, book, "Date", "Durée (min)", "Médiateurs", "Échelon territorial"); len(got) != 1 || got[0] != "|30|8|" {
		t.Error(got)
	}
	for want, reports := range map[string][]bot.Report{"Activités": nil, "Coordination": {report("evenement")}} {
		if s := Sheets(reports, Own); len(s) != 1 || s[0].Name != want {
			t.Errorf("%v, not only %s", s, want)
		}
	}
}
