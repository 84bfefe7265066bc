package tables

import (
	"bufio"
	"encoding/csv"
	"io"
	"regexp"
	"strings"
)

// WriteCSV writes a table that any spreadsheet in France opens with a double click: UTF-8 with its mark, semicolons, CRLF. A cell that it would calculate gets
// an apostrophe before it, so that what somebody once typed in a message is not carried out on the machine of who opens the list. The errors are w's.
func WriteCSV(w io.Writer, rows [][]string) error {
	out := NewWriter(w)
	for _, row := range rows {
		if err := out.Write(row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// Writer writes a table as WriteCSV does, row by row.
type Writer struct {
	buf   *bufio.Writer
	csv   *csv.Writer
	row   []string
	begun bool
}

// NewWriter returns a Writer on w. Nothing is certain to be written before Flush.
func NewWriter(w io.Writer) *Writer {
	buf := bufio.NewWriter(w)
	c := csv.NewWriter(buf)
	c.Comma, c.UseCRLF = ';', true
	return &Writer{buf: buf, csv: c}
}

// Write writes one row; the error is w's.
func (w *Writer) Write(row []string) error {
	w.mark()
	w.row = w.row[:0]
	for _, cell := range row {
		w.row = append(w.row, harmless(cell))
	}
	return w.csv.Write(w.row)
}

// Flush writes what is left; a table without rows is a file with its mark. The error is w's.
func (w *Writer) Flush() error {
	w.mark()
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return err
	}
	return w.buf.Flush()
}

func (w *Writer) mark() {
	if !w.begun {
		w.begun = true
		_, _ = w.buf.WriteString("\ufeff") // its error comes back with the next one
	}
}

// onlyNumber is a number or a telephone number, which a spreadsheet takes for nothing else.
var onlyNumber = regexp.MustCompile(`^[+-]?[0-9][0-9 .,\x{a0}\x{202f}]*$`)

// harmless is a cell that no spreadsheet calculates.
func harmless(cell string) string {
	cell = strings.ReplaceAll(strings.ToValidUTF8(cell, "\ufffd"), "\x00", "")
	seen := strings.TrimLeft(cell, " \u00a0")
	if seen != "" && strings.ContainsAny(seen[:1], "=+-@\t\r\n") && !onlyNumber.MatchString(seen) {
		return "'" + cell
	}
	return cell
}
