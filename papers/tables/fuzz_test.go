package tables

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// held reads a file, and holds what it may hold: bounded rows, and cells that are one line of valid text.
func held(t *testing.T, file []byte) {
	table, err := Open(bytes.NewReader(file), int64(len(file)), people)
	if err != nil {
		if !utf8.ValidString(err.Error()) || err == io.EOF {
			t.Fatalf("the error %q", err)
		}
		return
	}
	matched := table.Matched()
	if len(matched) != len(people) || matched[0].Number == 0 {
		t.Fatalf("%+v", matched)
	}
	for n := 0; ; n++ {
		row, err := table.Next()
		if err != nil {
			if _, again := table.Next(); again != err {
				t.Fatalf("%v, then %v", err, again)
			}
			return
		}
		if n > mostRows || row.Number < 1 || (row.Fault == "") != (len(row.Cells) == len(people)) {
			t.Fatalf("row %d: %+v", n, row)
		}
		for i, c := range row.Cells {
			if !utf8.ValidString(c.Text) || strings.ContainsAny(c.Text, "\x00\r\n\t") || strings.TrimSpace(c.Text) != c.Text || c.Column != matched[i].Letter {
				t.Fatalf("row %d: %+v", row.Number, c)
			}
		}
	}
}

func FuzzOpenCSV(f *testing.F) {
	for _, file := range []string{"Tél;Prénom\n1;Zoé\n", "sep=,\r\nTél,Prénom\r\"1\",\"Zo\"\"\né\"", "Tel\tPrenom\n1;\"\n2;x\n", "Liste\n\nPr\xe9nom|Tel\n=\"1\"|+A1\n", "Tél;Mobile\n\xff\x00;;;\n"} {
		f.Add([]byte(file))
	}
	f.Add(utf16Of("\ufeffTél;Prénom\n1;😀\n", binary.LittleEndian))
	f.Add(utf16Of("Tél;Prénom\n1;😀\n", binary.BigEndian))
	f.Fuzz(func(t *testing.T, file []byte) { held(t, file) })
}

// FuzzOpenXLSX takes a whole file, or a sheet, strings and styles that it packs, so that it gets behind the checksums.
func FuzzOpenXLSX(f *testing.F) {
	parts := partsOf(sheetOf(below(`<c r="A2" s="1"><v>46360.5</v></c><c r="B2" t="s"><v>2</v></c><c r="C2" t="str"><f>A1</f><v>x_x000D_</v></c>`)))
	sheet, texts, styles := parts["xl/worksheets/sheet1.xml"], parts["xl/sharedStrings.xml"], parts["xl/styles.xml"]
	f.Add([]byte(nil), sheet, texts, styles)
	f.Add([]byte(nil), strings.Replace(sheet, `r="B2"`, `r="ZZZZ2"`, 1), `<sst><si><r><t>a</t></r></si></sst>`, `<a><cellXfs><xf numFmtId="1"/></cellXfs></a>`)
	f.Add(archiveOf(parts), "", "", "")
	f.Fuzz(func(t *testing.T, file []byte, sheet, texts, styles string) {
		if len(file) == 0 {
			parts := partsOf(sheetOf(""))
			parts["xl/worksheets/sheet1.xml"], parts["xl/sharedStrings.xml"], parts["xl/styles.xml"] = sheet, texts, styles
			file = archiveOf(parts)
		}
		held(t, file)
	})
}
