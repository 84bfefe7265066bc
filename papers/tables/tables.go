// Package tables reads a table that somebody gives, CSV of any kind or XLSX, row by row, and writes one as CSV.
//
// Such a file was filled in by hand, passed through spreadsheets and mail, and nobody will convert it first. So Open finds out by itself what it is: its
// encoding (by which of them gives French), its separator, its sheet, and the row that holds the titles, which a heading may stand above. What is
// unambiguous is read, whatever its spelling. What is not is never guessed: of two columns that may both be the one that is looked for, both are
// named. What is wrong with one row costs that row alone (Row.Fault); what is wrong with the whole file is an error, a French sentence that says how to mend it.
//
// A file comes from outside, so nothing in it may take the program down: each size is bounded, before it is believed and while it is read. Memory
// holds a row, and the shared strings of a workbook end to end. A workbook is read with archive/zip and encoding/xml, since the libraries that were looked at do not
// do: excelize is large and unpacks whole sheets first; thedatashed/xlsxreader 1.2.8 streams, but tells no formulas, takes a sheet that is cut off for one that
// ends, and bounds nothing.
//
// Where to look: kind (what a file is, by its first bytes), titles (which row holds them, which column is which), encoding, text and csv (CSV), zip and part (the
// parts of a workbook and their XML), xlsx (its sheets), sheet (the rows of one), strings, styles and number (what cells show), write (CSV out), words (sentences).
package tables

import (
	"errors"
	"fmt"
	"io"
)

// What a file may hold at most.
const (
	MostBytes   = 50 << 20  // of the file as it is given
	mostRows    = 1_048_576 // what a sheet of a spreadsheet has
	mostColumns = 500
	longestCell = 32_767 // characters: what a spreadsheet keeps in a cell
	titleRows   = 20     // that may hold the titles, blank rows left out
)

// Column is one thing that is looked for in a table.
type Column struct {
	Name   string   // how it is called in sentences: "téléphone"
	Titles []string // how people title it, the best first; compared without accents, case, punctuation and plural s
	Needed bool     // a table without it is refused
}

// Match is where a column stands in a table; zero if it is not there.
type Match struct {
	Letter string // "C", as a spreadsheet shows it
	Number int    // 3, counted from 1
	Title  string // as it is written there, on one line
}

// Row is one row below the titles.
type Row struct {
	Number int    // in the file, counted from 1, as a spreadsheet or an editor shows it: where the row begins
	Cells  []Cell // one for each column that was asked for, in that order; none if there is a Fault. The caller may keep them
	Fault  string // in French: why the row cannot be read
	Hidden bool   // the spreadsheet does not show this row: somebody filtered the list, or hid it
}

// Cell is what stands in one column of a row; zero if the table does not have the column.
type Cell struct {
	Text    string // on one line, valid UTF-8 without control characters: spaces and line ends of any kind are one space
	Column  string // "C"
	Formula bool   // a formula of a workbook, of which Text is the last result; or a text of a CSV file that a spreadsheet would calculate
}

// Table is a table whose titles were found. It is read once, by one goroutine, for as long as its file is open.
type Table struct {
	columns []Column
	head    header
	rows    source
	err     error // what Next returns from now on
}

// source gives the rows of a table one after the other, those above the titles as well.
type source interface {
	// next returns the next row that is not blank. The error is io.EOF, or of the whole file. The record counts until the next call.
	next() (record, error)
}

// record is a row as it stands in the file.
type record struct {
	number int
	fields []field // by column; those behind its end are empty
	fault  string
	wide   bool // something stands beyond the last column that is read
	hidden bool
}

// field is one cell of a record; of columns that are not asked for the text is left out.
type field struct {
	text    string
	formula bool
}

// layout is what a source is told once the titles are known. The zero value reads all there is.
type layout struct {
	width  int    // columns of the title row
	wanted []bool // by column; what lies beyond is not wanted
}

func (l layout) wants(column int) bool {
	return l.wanted == nil || column < len(l.wanted) && l.wanted[column]
}

// Open finds out what kind of file it is, which sheet and which row of it hold the titles, and which column is which. The error is a French sentence about the
// file as a whole, and how to mend it; it is a *MissingError if there is no row with the needed titles. A file that ends with its titles is a table without rows.
func Open(r io.ReaderAt, size int64, columns []Column) (*Table, error) {
	if err := TooLarge(size); err != nil {
		return nil, err
	}
	in := &input{r: r, size: size, left: -1}
	t, err := open(in, columns)
	if err != nil {
		return nil, in.explain(err)
	}
	return t, nil
}

// TooLarge refuses, in French, a file of so many bytes that Open would not read; nil when it would. It may be asked before the file is there.
func TooLarge(size int64) error {
	if size <= MostBytes {
		return nil
	}
	return fmt.Errorf("le fichier pèse %d Mio, et %d au plus sont lus : gardez les colonnes et les lignes utiles, sans images", (size+1<<20-1)>>20, MostBytes>>20)
}

func open(in *input, columns []Column) (*Table, error) {
	start, err := in.start()
	if err != nil {
		return nil, err
	}
	var rows source
	var head header
	switch kind, reason := kindOf(start); {
	case reason != "":
		return nil, errors.New(reason)
	case kind == workbook:
		head, rows, err = openXLSX(in, columns)
	default:
		head, rows, err = openCSV(in, columns)
	}
	if err != nil {
		return nil, err
	}
	return &Table{columns: columns, head: head, rows: rows}, nil
}

// Matched says where each column stands, in the order in which they were asked for.
func (t *Table) Matched() []Match {
	matches := make([]Match, len(t.columns))
	for i, at := range t.head.at {
		if at >= 0 {
			matches[i] = Match{letter(at), at + 1, t.head.titles[at]}
		}
	}
	return matches
}

// Ignored are the titles of columns that nobody asked for, in the order of the file.
func (t *Table) Ignored() []string {
	asked := map[int]bool{}
	for _, at := range t.head.at {
		asked[at] = true
	}
	var titles []string
	for i, title := range t.head.titles {
		if title != "" && !asked[i] {
			titles = append(titles, title)
		}
	}
	return titles
}

// OtherSheets are the names of the sheets of a workbook that people see, that hold something, and of which nothing is read; in the order of the file.
func (t *Table) OtherSheets() []string { return t.head.others }

// Next returns the next row below the titles that is not blank. The error is io.EOF at the end; any other one is a French sentence about the whole file, and
// nothing more can be read.
func (t *Table) Next() (Row, error) {
	if t.err != nil {
		return Row{}, t.err
	}
	rec, err := t.rows.next()
	if err != nil {
		t.err = err
		return Row{}, err
	}
	row := Row{Number: rec.number, Fault: rec.fault, Hidden: rec.hidden}
	if rec.wide && row.Fault == "" {
		row.Fault = fmt.Sprintf("cette ligne va au-delà de %d colonnes : retirez ce qui est en trop", mostColumns)
	}
	if row.Fault == "" {
		row.Cells = t.cells(rec.fields)
	}
	return row, nil
}

func (t *Table) cells(fields []field) []Cell {
	cells := make([]Cell, len(t.columns))
	for i, at := range t.head.at {
		if at < 0 {
			continue
		}
		cells[i].Column = t.head.letters[i]
		if at < len(fields) {
			cells[i].Text, cells[i].Formula = fields[at].text, fields[at].formula
		}
	}
	return cells
}

// letter is the name of a column, counted from 0.
func letter(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
