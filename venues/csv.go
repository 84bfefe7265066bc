package venues

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// csvFile reads the records of a CSV text one after the other. A record that cannot be read costs its first line only: what follows is read
// afresh, so that a forgotten quote swallows nothing.
type csvFile struct {
	data    []byte
	comma   rune
	reader  *csv.Reader
	base    int // where reader began
	line    int // of offset counted
	counted int
}

func newCSVFile(data []byte) *csvFile {
	f := &csvFile{data: data, comma: separator(data), line: 1}
	f.restart(0)
	return f
}

func (f *csvFile) restart(at int) {
	f.base = at
	f.reader = csv.NewReader(bytes.NewReader(f.data[at:]))
	f.reader.Comma = f.comma
	f.reader.FieldsPerRecord = -1
	f.reader.TrimLeadingSpace = f.comma != '\t'
	f.reader.ReuseRecord = true
}

// next returns a record and the line on which it begins; the error is io.EOF or what is wrong with the record.
func (f *csvFile) next(fields int) (record []string, line int, err error) {
	start := f.skipBlank(f.base + int(f.reader.InputOffset()))
	record, err = f.reader.Read()
	if err == io.EOF {
		return nil, 0, err
	}
	f.line += bytes.Count(f.data[f.counted:start], []byte{'\n'})
	f.counted = start
	end := f.base + int(f.reader.InputOffset())
	switch {
	case err != nil:
		err = errors.New("les guillemets ne vont pas par deux : corrigez la ligne")
	case fields > 0 && !blank(record):
		record, err = exactly(record, fields)
	}
	if err != nil && bytes.IndexByte(f.data[start:max(start, end-1)], '\n') >= 0 {
		f.restart(start + bytes.IndexByte(f.data[start:], '\n') + 1)
	}
	return record, f.line, err
}

func blank(record []string) bool {
	return !slices.ContainsFunc(record, func(field string) bool { return strings.TrimSpace(field) != "" })
}

// exactly cuts empty fields off the end of a record that is too long.
func exactly(record []string, fields int) ([]string, error) {
	n := len(record)
	for len(record) > fields && strings.TrimSpace(record[len(record)-1]) == "" {
		record = record[:len(record)-1]
	}
	if len(record) != fields {
		return nil, fmt.Errorf("%s au lieu de %d : une virgule ou un guillemet est de trop, ou manque", count(n, "colonne", "colonnes"), fields)
	}
	return record, nil
}

// skipBlank returns where the next line that is not empty begins.
func (f *csvFile) skipBlank(at int) int {
	for {
		rest := f.data[at:]
		switch {
		case bytes.HasPrefix(rest, []byte("\n")):
			at++
		case bytes.HasPrefix(rest, []byte("\r\n")):
			at += 2
		default:
			return at
		}
	}
}

// separator returns what separates the columns of the first line: comma, semicolon or tab, whichever is there most.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(bytes.TrimLeft(data, "\r\n"), []byte("\n"))
	best, most := ',', 0
	for _, sep := range ",;\t" {
		if n := bytes.Count(line, []byte(string(sep))); n > most {
			best, most = sep, n
		}
	}
	return best
}

// readCSV takes in a CSV file.
func (im *importer) readCSV(data []byte) error {
	f := newCSVFile(data)
	head, _, err := f.next(0)
	if err == io.EOF {
		return errors.New("le fichier est vide")
	}
	if err != nil {
		return fmt.Errorf("la ligne des titres ne se lit pas : %w", err)
	}
	which, err := header(head)
	if err != nil {
		return err
	}
	for {
		record, line, err := f.next(len(which))
		if err == io.EOF {
			return nil
		}
		switch {
		case err != nil:
			err = im.refuse(line, err.Error())
		case !blank(record):
			err = im.take(rowOf(line, record, which))
		}
		if err != nil {
			return err
		}
	}
}

// header says which column each field is, -1 for one that is not read.
func header(head []string) ([]column, error) {
	var there [columns]bool
	which := make([]column, len(head))
	for i, name := range head {
		c, ok := columnOf(utf8Of(name))
		switch {
		case !ok:
			which[i] = -1
			continue
		case there[c]:
			return nil, fmt.Errorf("la colonne %s est là deux fois : gardez-en une", c)
		}
		which[i], there[c] = c, true
	}
	if names := missing(there); len(names) > 0 {
		return nil, fmt.Errorf("ce n'est pas un fichier de lieux de médiation numérique : il manque la colonne %s (la première ligne donne les titres)", and(names))
	}
	return which, nil
}

func rowOf(line int, record []string, which []column) *row {
	r := &row{line: line}
	for i, c := range which {
		if c >= 0 {
			r.cells[c].text = utf8Of(record[i])
		}
	}
	return r
}

// UTF8 reads what is not UTF-8 as Windows-1252, byte by byte.
func UTF8(text string) string { return utf8Of(text) }

// utf8Of reads what is not UTF-8 as Windows-1252, byte by byte: files are pasted together from several, and one bad byte must not spoil the rest.
func utf8Of(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(s[0])
		}
		b.WriteRune(r)
		s = s[n:]
	}
	return b.String()
}
