package lacoop

import (
	"archive/zip"
	"bufio"
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// Sheet is one of a workbook.
type Sheet struct {
	Name    string     // on its tab: 1 to 31 characters, none of []:*?/\
	Rows    [][]string // the first has the titles
	Days    []string   // titles of columns in which what is written 31/12/2026 is a day
	Numbers []string   // titles of columns in which whole numbers are numbers
}

// XLSX writes a workbook that spreadsheets open: ECMA-376, its texts within the sheets. Whatever is not a day or a number of a column that says so is a text
// and stays one: "=1+1" is not calculated, "0639981234" keeps its zero. What XML cannot hold is dropped, and what is beyond the 32,767 units of UTF-16 that a
// cell has. The titles stay in sight. The errors are w's, or of a Name; the same sheets give the same bytes.
func XLSX(w io.Writer, sheets ...Sheet) error {
	z := zip.NewWriter(w)
	var types, list, links strings.Builder
	for i, s := range sheets {
		if s.Name == "" || len(s.Name) > 31 || strings.ContainsAny(s.Name, `[]:*?/\<>&"`) {
			return fmt.Errorf("a sheet cannot be called %q", s.Name)
		}
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%s.worksheet+xml"/>`, i+1, spreadsheetType)
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, s.Name, i+1, i+1)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relations, i+1)
		if err := part(z, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), s.write); err != nil {
			return err
		}
	}
	for _, p := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + spreadsheetType + `.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="` + spreadsheetType + `.styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packageRelations + `"><Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + main + `" xmlns:r="` + relations + `"><sheets>` + list.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packageRelations + `">` + links.String() + `<Relationship Id="styles" Type="` + relations + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", styles},
	} {
		if err := part(z, p[0], func(b *bufio.Writer) { _, _ = b.WriteString(p[1]) }); err != nil {
			return err
		}
	}
	return z.Close()
}

const (
	main             = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relations        = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageRelations = "http://schemas.openxmlformats.org/package/2006/relationships"
	spreadsheetType  = "application/vnd.openxmlformats-officedocument.spreadsheetml"
)

// styles are those of cells: 1 a whole number; 2 a day; 3 a title; 4 a text, whose lines show. Some programs leave the first out, which is none.
//
//go:embed styles.xml
var styles string

// part writes one file of a workbook; the error is of what it is written to.
func part(z *zip.Writer, name string, write func(*bufio.Writer)) error {
	f, err := z.Create(name)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(f) // keeps its first error
	_, _ = b.WriteString(xml.Header)
	write(b)
	return b.Flush()
}

func (s Sheet) write(b *bufio.Writer) {
	fmt.Fprintf(b, `<worksheet xmlns="%s"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`+
		`<sheetFormatPr defaultColWidth="20" defaultRowHeight="15"/><sheetData>`, main)
	for i, row := range s.Rows {
		fmt.Fprintf(b, `<row r="%d">`, i+1)
		for j, text := range row {
			if text != "" {
				fmt.Fprintf(b, `<c r="%s%d" %s</c>`, letter(j), i+1, s.cell(i, j, text))
			}
		}
		_, _ = b.WriteString(`</row>`)
	}
	_, _ = b.WriteString(`</sheetData></worksheet>`)
}

var wholeNumber = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,14})$`) // what a spreadsheet holds to the last digit

// cell is the style and the content of one; a day is the days since 1899-12-30.
func (s Sheet) cell(row, column int, text string) string {
	title, style := "", 3
	if row > 0 {
		style = 4
	}
	if row > 0 && column < len(s.Rows[0]) {
		title = s.Rows[0][column]
	}
	day, err := time.Parse(frenchLayout, text)
	switch {
	case slices.Contains(s.Numbers, title) && wholeNumber.MatchString(text):
		return `s="1"><v>` + text + `</v>`
	case slices.Contains(s.Days, title) && err == nil && day.Year() > 1900:
		return fmt.Sprintf(`s="2"><v>%d</v>`, int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours()/24))
	}
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(held(text))) // a Builder takes all
	return fmt.Sprintf(`s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is>`, style, b.String())
}

// escape is what a spreadsheet would take for a character by its number.
var escape = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

// held is what a cell can hold of a text.
func held(text string) string {
	var b strings.Builder
	left := 32_767
	for _, r := range strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n") {
		if r < ' ' && r != '\n' && r != '\t' || r == '\uFFFE' || r == '\uFFFF' {
			continue
		}
		if left -= utf16.RuneLen(r); left < 0 {
			break
		}
		b.WriteRune(r)
	}
	return escape.ReplaceAllString(b.String(), "_x005F_$1")
}

// letter is the name of a column, counted from 0.
func letter(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
