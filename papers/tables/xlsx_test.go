package tables

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

// archiveOf packs parts.
func archiveOf(parts map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, parts[name])
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// aSheet is a sheet of a workbook for tests.
type aSheet struct{ name, state, rows string }

func sheetOf(rows string) aSheet { return aSheet{name: "Feuil1", rows: rows} }

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// partsOf are those of a workbook as Excel writes them.
func partsOf(sheets ...aSheet) map[string]string {
	parts := map[string]string{
		"[Content_Types].xml": xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":         xmlHead + `<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/styles.xml": xmlHead + `<styleSheet><numFmts count="4"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="hh&quot;h&quot;mm"/><numFmt numFmtId="166" formatCode="00000"/>` +
			`<numFmt numFmtId="167" formatCode="0#&quot; &quot;##&quot; &quot;##"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>` +
			`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml": xmlHead + `<sst><si><t>Téléphone</t></si><si><t xml:space="preserve"> Prénom </t></si><si><r><rPr><b/></rPr><t>Zo</t></r><r><t>é</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si><si><t>Anne_x000D_
&amp; &lt;Eva&gt; &#233;</t></si><si/></sst>`,
	}
	var list, links strings.Builder
	for i, s := range sheets {
		fmt.Fprintf(&list, `<sheet name=%q sheetId="%d" state="%s" r:id="rId%d"/>`, s.name, i+1, s.state, i+1)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="1"/></cols><sheetData>` + s.rows + `</sheetData><pageMargins left="0.7"/></worksheet>`
	}
	parts["xl/workbook.xml"] = xmlHead + `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr/><sheets>` + list.String() + `</sheets></workbook>`
	parts["xl/_rels/workbook.xml.rels"] = xmlHead + `<Relationships>` + links.String() + `<Relationship Id="s" Type="http://x/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="t" Type="http://x/styles" Target="styles.xml"/></Relationships>`
	return parts
}

func workbookOf(sheets ...aSheet) []byte { return archiveOf(partsOf(sheets...)) }

// inline writes rows of texts as they stand in a sheet, from row 1.
func inline(rows ...string) string {
	var b strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for j, cell := range strings.Split(row, "|") {
			if cell != "" {
				fmt.Fprintf(&b, `<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>`, letter(j), i+1, cell)
			}
		}
		b.WriteString("</row>")
	}
	return b.String()
}

// below puts cells into row 2, below the titles téléphone, prénom and commune.
func below(cells string) string {
	return inline("Tél|Prénom|Ville") + `<row r="2">` + cells + `</row>`
}

// manyRows are rows of texts that are shared, below titles.
func manyRows(n int) string {
	var b strings.Builder
	b.WriteString(inline("Tél|Prénom"))
	for i := 2; i <= n; i++ {
		fmt.Fprintf(&b, `<row r="%d"><c r="A%d"><v>639%06d</v></c><c r="B%d" t="s"><v>2</v></c></row>`, i, i, i, i)
	}
	return b.String()
}

func TestXLSX(t *testing.T) {
	cases := []struct{ name, rows, want, fails string }{
		{"shared, inline, rich, escapes", `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>1</t></is></c><c r="B3" t="s"><v>2</v></c></row>` +
			`<row r="4"><c r="B4" t="s"><v>3</v></c></row>`, "3:1|Zoé| 4:|Anne & <Eva> é|", ""},
		{"numbers", below(`<c r="A2"><v>639981234</v></c><c r="B2"><v>6.39981234E8</v></c><c r="C2"><v>48.300000000000004</v></c>`), "2:639981234|639981234|48.3", ""},
		{"whole numbers", below(`<c r="A2"><v>-12</v></c><c r="B2"><v>12345678901234567890</v></c><c r="C2"><v>1.0</v></c>`), "2:-12|12345678901234567890|1", ""},
		{"booleans and errors", below(`<c r="A2" t="b"><v>1</v></c><c r="B2" t="b"><v>0</v></c><c r="C2" t="e"><v>#N/A</v></c>`), "2:VRAI|FAUX|#N/A", ""},
		{"formulas", below(`<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>"x"&amp;A1</f><v>x_x0041_</v></c><c r="C2"><f t="shared" si="0"/></c>`), "2:{2}|{xA}|", ""},
		{"a text like a formula", below(`<c r="A2" t="inlineStr"><is><t>=1+1</t></is></c>`), "2:=1+1||", ""},
		{"days and hours", below(`<c r="A2" s="1"><v>46360</v></c><c r="B2" s="2"><v>0.4375</v></c><c r="C2" s="7"><v>46360.4375</v></c>`), "2:2026-12-04|10:30|2026-12-04 10:30", ""},
		{"days and hours of other formats", below(`<c r="A2" s="3"><v>46360</v></c><c r="B2" s="4"><v>0.430555555555556</v></c><c r="C2" t="d"><v>2026-12-04T10:30:00</v></c>`), "2:2026-12-04|10:20|2026-12-04 10:30", ""},
		{"postcode, telephone", below(`<c r="A2" s="6"><v>639981234</v></c><c r="C2" s="5"><v>1000</v></c>`), "2:639981234||01000", ""},
		{"no references", `<row><c t="inlineStr"><is><t>Tél</t></is></c><c t="inlineStr"><is><t>Ville</t></is></c></row><row/><row><c/><c t="inlineStr"><is><t>Agon</t></is></c></row>`, "3:||Agon", ""},
		{"absent cells and rows", inline("Notes|Tél||Ville") + `<row r="7"><c r="D7" t="inlineStr"><is><t>Agon</t></is></c></row><row r="9"><c r="B9"><v>1</v></c></row>`, "7:||Agon 9:1||", ""},
		{"styled and empty", below(`<c r="A2" s="1"/><c r="B2" t="s"><v>4</v></c>`) + `<row r="3"><c r="A3"><v>1</v></c></row>`, "3:1||", ""},
		{"a heading, groups", inline("Liste|||", "", "Qui||Contact|", "Nom|Prénom|Fixe|Mobile", "Re|Zoé|2|1"), "5:1|Zoé|", ""},
		{"two rows of titles", inline("Prénom|Téléphone||Ville", "|Fixe|Mobile|", "Zoé|2|1|Agon"), "3:1|Zoé|Agon", ""},
		{"CDATA", below(`<c r="A2" t="inlineStr"><is><t><![CDATA[<1>]]></t></is></c>`), "2:<1>||", ""},
		{"far to the right", below(`<c r="A2"><v>1</v></c><c r="XFD2" s="1"/>`) + `<row r="3"><c r="A3"><v>2</v></c><c r="SG3"><v>1</v></c></row>`, "2:1|| 3!cette ligne va au-delà de 500 colonnes : retirez ce qui est en trop", ""},
		{"titles far to the right", `<row r="1"><c r="A1" t="inlineStr"><is><t>Tél</t></is></c><c r="SG1"><v>1</v></c></row>`, "", "la ligne 1 a plus de 500 colonnes"},
		{"titles only", inline("Tél"), "", ""},
		{"nothing", "", "", "le classeur est vide"},
		{"no titles", inline("Nom|Âge"), "", "il manque la colonne téléphone : titrez-la « Téléphone mobile » (titres vus, ligne 1 : « Nom », « Âge »)"},
		{"too long a cell", inline("Tél", "1"+strings.Repeat("x", longestCell), "2"), "2!la case de la colonne A a plus de 32 767 caractères : raccourcissez-la 3:2||", ""},
		{"no such string", below(`<c r="A2" t="s"><v>99</v></c>`), "", "le classeur est abîmé"},
		{"a negative string", below(`<c r="A2" t="s"><v>-1</v></c>`), "", "le classeur est abîmé"},
		{"row beyond the last", inline("Tél") + `<row r="1048577"><c><v>1</v></c></row>`, "", "plus de 1 048 576 lignes"},
		{"row zero", `<row r="0"/>`, "", "lignes"},
		{"broken", inline("Tél") + `<row><c></row>`, "", "le classeur est abîmé"},
		{"too deep", inline("Tél") + strings.Repeat("<a>", 100), "", "le classeur est abîmé"},
		{"too long a text", inline("Tél") + `<row><c><v>` + strings.Repeat("1", 2<<20) + `</v></c></row>`, "", "le classeur est abîmé"},
		{"an entity", inline("Tél") + `<row><c t="str"><v>&x;</v></c></row>`, "", "le classeur est abîmé"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { reads(t, workbookOf(sheetOf(c.rows)), c.want, c.fails) })
	}
}

func TestSheets(t *testing.T) {
	list, other := inline("Tél|Prénom", "1|Zoé"), inline("Nom", "Re")
	cases := []struct {
		name        string
		sheets      []aSheet
		want, fails string
	}{
		{"empty ones", []aSheet{{"A", "", ""}, {"B", "visible", list}, {"C", "", "<row r=\"1\"/>"}}, "2:1|Zoé|", ""},
		{"others", []aSheet{{"A", "", other}, {"B", "", list}}, "2:1|Zoé|", ""},
		{"hidden ones", []aSheet{{"A", "hidden", list}, {"B", "", list}, {"C", "veryHidden", list}}, "2:1|Zoé|", ""},
		{"two", []aSheet{{"A", "", list}, {"B", "", list}}, "", "deux feuilles ont une liste, « A » et « B » : gardez-en une"},
		{"three", []aSheet{{"A", "", list}, {"B", "", list}, {"C", "", list}}, "", "3 feuilles ont une liste, « A », « B » et « C » : gardez-en une"},
		{"none", []aSheet{{"A", "", other}, {"B", "", inline("Prénom")}}, "", "dans la feuille « B » (titres vus, ligne 1 : « Prénom »)"},
		{"the list is hidden", []aSheet{{"A", "", other}, {"B", "hidden", list}}, "", "Les feuilles masquées ne sont pas lues"},
		{"all are hidden", []aSheet{{"B", "hidden", list}}, "", "toutes les feuilles du classeur sont masquées"},
		{"all but an empty one are hidden", []aSheet{{"A", "", ""}, {"B", "hidden", list}}, "", "le classeur est vide"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { reads(t, workbookOf(c.sheets...), c.want, c.fails) })
	}
	book, _, err := read(workbookOf(aSheet{"A", "", other}, aSheet{"B", "", list}, aSheet{"C", "", ""}, aSheet{"D", "hidden", other}, aSheet{"E", "", other}), people)
	if got := book.OtherSheets(); err != nil || !slices.Equal(got, []string{"A", "E"}) {
		t.Errorf("other sheets: %q %v", got, err)
	}
	_, rows, err := read(workbookOf(sheetOf(inline("Tél")+`<row r="2" hidden="1"><c><v>1</v></c></row><row r="3" hidden="0"><c><v>2</v></c></row>`)), people)
	if err != nil || !rows[0].Hidden || rows[1].Hidden {
		t.Errorf("hidden rows: %+v %v", rows, err)
	}
}

// TestParts: workbooks of other programs, and what is none.
func TestParts(t *testing.T) {
	list := sheetOf(inline("Tél|Prénom", "1|Zoé"))
	cases := []struct {
		name        string
		change      func(parts map[string]string)
		want, fails string
	}{
		{"prefixes", func(p map[string]string) {
			p["xl/worksheets/sheet1.xml"] = `<x:worksheet xmlns:x="y"><x:sheetData><x:row r="1"><x:c t="inlineStr"><x:is><x:t>Tél</x:t></x:is></x:c></x:row><x:row r="2"><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`
		}, "2:1||", ""},
		{"backslashes and capitals", func(p map[string]string) {
			p[`xl\Worksheets\Sheet1.xml`] = p["xl/worksheets/sheet1.xml"]
			delete(p, "xl/worksheets/sheet1.xml")
		}, "2:1|Zoé|", ""},
		{"another folder", func(p map[string]string) {
			p["_rels/.rels"] = strings.ReplaceAll(p["_rels/.rels"], "xl/workbook.xml", "/w/book.xml")
			p["w/book.xml"], p["w/_rels/book.xml.rels"] = p["xl/workbook.xml"], strings.ReplaceAll(p["xl/_rels/workbook.xml.rels"], "worksheets/", "../xl/worksheets/")
			delete(p, "xl/workbook.xml")
		}, "2:1|Zoé|", ""},
		{"neither strings nor styles", func(p map[string]string) { delete(p, "xl/sharedStrings.xml"); delete(p, "xl/styles.xml") }, "2:1|Zoé|", ""},
		{"days since 1904", func(p map[string]string) {
			p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<workbookPr/>", `<workbookPr date1904="1"/>`, 1)
			p["xl/worksheets/sheet1.xml"] = strings.Replace(p["xl/worksheets/sheet1.xml"], `</sheetData>`, `<row r="3"><c s="1"><v>44898</v></c></row></sheetData>`, 1)
		}, "2:1|Zoé| 3:2026-12-04||", ""},
		{"a chart", func(p map[string]string) {
			p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<sheets>", `<sheets><sheet name="G" r:id="c"/>`, 1)
			p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "<Relationships>", `<Relationships><Relationship Id="c" Type="http://x/chartsheet" Target="chartsheets/sheet1.xml"/>`, 1)
		}, "2:1|Zoé|", ""},
		{"no sheet part", func(p map[string]string) { delete(p, "xl/worksheets/sheet1.xml") }, "", "le classeur est abîmé"},
		{"a document type", func(p map[string]string) {
			p["xl/sharedStrings.xml"] = `<!DOCTYPE a [<!ENTITY x "y">]><sst/>`
		}, "", "le classeur est abîmé"},
		{"cut off in the middle", func(p map[string]string) {
			p["xl/worksheets/sheet1.xml"] = strings.TrimSuffix(p["xl/worksheets/sheet1.xml"], `</sheetData><pageMargins left="0.7"/></worksheet>`)
		}, "", "le classeur est abîmé"},
		{"LibreOffice", func(p map[string]string) {
			clear(p)
			p["mimetype"], p["content.xml"] = "application/vnd.oasis.opendocument.spreadsheet", "<x/>"
		}, "", "d'un autre format (LibreOffice, .ods, ou Numbers)"},
		{"Numbers", func(p map[string]string) { clear(p); p["Index/Document.iwa"] = "x" }, "", "Numbers"},
		{"binary", func(p map[string]string) { p["xl/workbook.bin"] = "x" }, "", "classeur binaire (.xlsb) : dans le tableur, enregistrez-le"},
		{"Word", func(p map[string]string) { delete(p, "xl/workbook.xml"); p["word/document.xml"] = "<x/>" }, "", "c'est un document ou une présentation"},
		{"an archive", func(p map[string]string) { clear(p); p["liste.csv"] = "Tél" }, "", "c'est une archive"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			parts := partsOf(list)
			c.change(parts)
			reads(t, archiveOf(parts), c.want, c.fails)
		})
	}
}

// TestDamagedArchive: a byte that changed is known, at the end at the latest; and whatever is cut off.
func TestDamagedArchive(t *testing.T) {
	file := workbookOf(sheetOf(manyRows(600)))
	_, want, err := read(file, people)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(file); at += 37 {
		bad := bytes.Clone(file)
		bad[at] ^= 0x55
		if _, rows, err := read(bad, people); err == nil && shown(rows) != shown(want) {
			t.Fatalf("byte %d changed what is read, and no error tells", at)
		}
		if _, _, err := read(file[:at], people); err == nil {
			t.Fatalf("cut off at %d, and no error tells", at)
		}
	}
}

// patched changes 4 bytes of what an archive lists of one of its parts.
func patched(file []byte, part string, at int, value uint32) []byte {
	file = bytes.Clone(file)
	entry := bytes.LastIndex(file, []byte(part)) - 46 // the list stands at the end, each name behind 46 bytes
	binary.LittleEndian.PutUint32(file[entry+at:], value)
	return file
}

func TestBombs(t *testing.T) {
	const unpackedSize = 24 // where it stands in the list
	refused := func(name string, file []byte, heap uint64, why string) {
		t.Helper()
		if _, err := bounded(t, file, heap); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", name, err)
		}
	}
	const large = "anormalement gros"
	parts := partsOf(sheetOf(inline("Tél") + strings.Repeat(" ", 20<<20)))
	refused("a sheet of nothing", archiveOf(parts), 30<<20, large)
	file := workbookOf(sheetOf(manyRows(1000)))
	refused("a sheet that says to be larger than a GiB", patched(file, "xl/worksheets/sheet1.xml", unpackedSize, largestPart+1), 30<<20, large)
	refused("strings that say to be large", patched(file, "xl/sharedStrings.xml", unpackedSize, largestOther+1), 30<<20, large)
	refused("a sheet that is larger than it says", patched(file, "xl/worksheets/sheet1.xml", unpackedSize, 10), 30<<20, "abîmé")
	parts = partsOf(sheetOf(inline("Tél")))
	b, err := openBook(&input{r: bytes.NewReader(archiveOf(parts)), size: int64(len(archiveOf(parts))), left: -1})
	if err != nil {
		t.Fatal(err)
	}
	p, _ := b.openPart("xl/sharedStrings.xml", largestOther)
	if err := (&shared{ends: make([]uint32, mostStrings)}).read(p); err != errBomb {
		t.Errorf("many strings: %v", err)
	}
	for i := range mostParts {
		parts[fmt.Sprintf("p%d", i)] = ""
	}
	refused("parts", archiveOf(parts), 60<<20, large)
}

// emptyRows is a sheet of so many rows, of which the first and the last are not empty.
func emptyRows(n int) []byte {
	var b strings.Builder
	b.WriteString(inline("Tél"))
	for i := 2; i < n; i++ {
		fmt.Fprintf(&b, `<row r="%d"/>`, i)
	}
	fmt.Fprintf(&b, `<row r="%d"><c><v>1</v></c></row>`, n)
	return workbookOf(sheetOf(b.String()))
}

func TestManyEmptyRows(t *testing.T) {
	if rows, err := bounded(t, emptyRows(200_000), 30<<20); rows != 1 || err != nil {
		t.Errorf("%d rows, %v", rows, err)
	}
}

func TestNumberStyles(t *testing.T) {
	cases := []struct {
		code string
		raw  string
		want string
	}{
		{"General", "46360", "46360"}, {"Standard", "46360", "46360"}, {`0.00E+00`, "46360", "46360"}, {`#,##0.00\ "€"`, "12.5", "12.5"},
		{`_-* #,##0.00\ _€_-;\-* #,##0.00`, "12.5", "12.5"}, {`0" d"`, "12", "12"}, {`[Red]0`, "12", "12"}, {`[$-40C]d mmmm yyyy;@`, "46360", "2026-12-04"},
		{"mmm-yy", "46360", "2026-12-04"}, {"m", "46360", "2026-12-04"}, {"jj/mm/aaaa", "46360", "2026-12-04"}, {"h:mm AM/PM", "0.4375", "10:30"},
		{"[h]:mm", "1.5", "36:00"}, {"hh:mm", "1.5", "12:00"}, {"hh:mm:ss", "0.43755787", "10:30:05"}, {"dd/mm/yyyy", "0.4375", "10:30"}, {"dd/mm/yyyy", "0", "1899-12-31"},
		{"dd/mm/yyyy", "59", "1900-02-28"}, {"dd/mm/yyyy", "61", "1900-03-01"}, {"dd/mm/yyyy", "-1", "-1"}, {"dd/mm/yyyy", "99999999", "99999999"},
		{"dd/mm/yyyy", "46359.9999999", "2026-12-04"}, {"dd/mm/yyyy hh:mm", "46360", "2026-12-04 00:00"}, {"00000", "1000", "01000"}, {"00000", "-1", "-1"}, {"0", "7", "7"}, {"0", "NaN", "NaN"}, {"0", "x", "x"},
	}
	for _, c := range cases {
		if got := styleOfCode(c.code).number([]byte(c.raw), false); got != c.want {
			t.Errorf("%s in %s is %s, want %s", c.raw, c.code, got, c.want)
		}
	}
}
