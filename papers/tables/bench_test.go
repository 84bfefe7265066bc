package tables

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

const benchRows = 100_000

// benchCSV is a list of 6 columns.
func benchCSV() []byte {
	var b bytes.Buffer
	b.WriteString("Nom;Prénom;Téléphone;Commune;Inscrit le;Notes\r\n")
	for i := range benchRows {
		fmt.Fprintf(&b, "Nom%d;Hélène %d;06 39 98 %02d %02d;Saint-Côme-du-Mont;04/12/2026;vue le %d\r\n", i, i%1000, i/100%100, i%100, i)
	}
	return b.Bytes()
}

// benchXLSX is the same list; its names and notes are shared strings, all of them different, its numbers are numbers.
func benchXLSX() []byte {
	var rows, texts strings.Builder
	texts.WriteString(xmlHead + "<sst><si><t>Saint-Côme-du-Mont</t></si>")
	rows.WriteString(inline("Nom|Prénom|Téléphone|Commune|Inscrit le|Notes"))
	for i := range benchRows {
		fmt.Fprintf(&texts, "<si><t>Nom%d</t></si><si><t>Hélène %d</t></si><si><t>vue le %d</t></si>", i, i, i)
		fmt.Fprintf(&rows, `<row r="%d" spans="1:6" x14ac:dyDescent="0.25"><c r="A%d" t="s"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c><c r="C%d"><v>639%06d</v></c><c r="D%d" t="s"><v>0</v></c><c r="E%d" s="1"><v>46360</v></c><c r="F%d" t="s"><v>%d</v></c></row>`,
			i+2, i+2, 3*i+1, i+2, 3*i+2, i+2, i, i+2, i+2, i+2, 3*i+3)
	}
	texts.WriteString("</sst>")
	parts := partsOf(sheetOf(rows.String()))
	parts["xl/sharedStrings.xml"] = texts.String()
	return archiveOf(parts)
}

// benchColumns are all six.
var benchColumns = append([]Column{{Name: "nom", Titles: []string{"Nom"}}, {Name: "date", Titles: []string{"Inscrit le"}}, {Name: "notes", Titles: []string{"Notes"}}}, people...)

func BenchmarkCSV(b *testing.B)  { benchmark(b, benchCSV(), benchRows) }
func BenchmarkXLSX(b *testing.B) { benchmark(b, benchXLSX(), benchRows) }

func BenchmarkEmptyCSV(b *testing.B) {
	benchmark(b, []byte("Tél\n"+strings.Repeat("\n", 1_000_000)+"1\n"), 1)
}
func BenchmarkEmptyXLSX(b *testing.B) { benchmark(b, emptyRows(1_000_000), 1) }

// benchmark reports how far the heap grows beyond the file.
func benchmark(b *testing.B, file []byte, rows int) {
	for b.Loop() {
		peak := watchHeap()
		table, err := Open(bytes.NewReader(file), int64(len(file)), benchColumns)
		n := 0
		for err == nil {
			if _, err = table.Next(); err == nil {
				n++
			}
		}
		if err != io.EOF || n != rows {
			b.Fatal(n, err)
		}
		b.ReportMetric(float64(peak())/1e6, "MB-heap")
	}
}
