package papers

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// formulas are the characters with which a spreadsheet may take a cell for a formula: those of OWASP's page on CSV injection,
// the wide forms that some spreadsheets read alike included.
const formulas = "=+-@\t\r\n＝＋－＠"

// WriteCSV writes a table for a spreadsheet set to French: UTF-8 with a byte order mark, without which Excel misreads accents,
// semicolons between cells and CRLF at the end of a row (RFC 4180). A cell that a spreadsheet might run as a formula gets an
// apostrophe in front: a telephone number "+33…" as well, since no reader of the file can tell them apart. A line break within a
// cell becomes CRLF. A row that is not as wide as the header is an error, and nothing is written.
func WriteCSV(w io.Writer, header []string, rows [][]string) error {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	table := csv.NewWriter(&b)
	table.Comma, table.UseCRLF = ';', true
	if err := table.Write(cells(header)); err != nil {
		return fmt.Errorf("papers: CSV: %w", err)
	}
	for i, row := range rows {
		if len(row) != len(header) {
			return fmt.Errorf("la ligne %d du tableau n'a pas autant de cases que l'en-tête (%d au lieu de %d). Complétez-la", i+1, len(row), len(header))
		}
		if err := table.Write(cells(row)); err != nil {
			return fmt.Errorf("papers: CSV: %w", err)
		}
	}
	table.Flush()
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("papers: CSV: %w", err)
	}
	return nil
}

func cells(row []string) []string {
	safe := make([]string, len(row))
	for i, c := range row {
		safe[i] = cell(c)
	}
	return safe
}

// cell is what is written for a text. The writer of the library drops a CR that stands alone, hence the line breaks made alike.
func cell(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	if text != "" && strings.ContainsRune(formulas, []rune(text)[0]) {
		text = "'" + text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}
