package venues

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// TableRow is a row of a table that ReadTable read.
type TableRow struct {
	Number int      // in the file, counted from 1: where the row begins
	Cells  []string // in the order of the columns that were asked for, each one line; "" where there is nothing
	Err    error    // in French: why the row cannot be read; then there are no cells
}

// ReadTable reads a CSV file of other columns than the directory's, with the same patience: separated by comma, semicolon or tab, in UTF-8
// or Windows-1252, its columns in any order, their names in any case, with accents or without. Columns that nobody asked for are passed over, and so are
// empty rows. optional columns may be missing: their cells are "". The error, in French, is of the file as a whole: not such a file, larger than
// 64 MiB or 100,000 rows, or r's own.
func ReadTable(r io.Reader, needed, optional []string) ([]TableRow, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("le fichier ne se lit pas : %w", err)
	}
	if len(data) > maxBytes {
		return nil, fmt.Errorf("le fichier dépasse %d Mio : gardez l'utile", maxBytes>>20)
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return nil, errors.New("c'est un classeur, pas un fichier CSV : dans le tableur, enregistrez-le sous le format CSV")
	}
	f := newCSVFile(bytes.TrimPrefix(data, []byte("\ufeff")))
	head, _, err := f.next(0)
	if err == io.EOF {
		return nil, errors.New("le fichier est vide")
	}
	if err != nil {
		return nil, fmt.Errorf("la ligne des titres ne se lit pas : %w", err)
	}
	where, err := places(head, needed, optional)
	if err != nil {
		return nil, err
	}
	return f.lines(len(head), where)
}

// lines reads all rows below the header; where says in which field each column stands, -1 nowhere.
func (f *csvFile) lines(fields int, where []int) ([]TableRow, error) {
	var all []TableRow
	for {
		record, number, err := f.next(fields)
		if err == io.EOF {
			return all, nil
		}
		if err == nil && blank(record) {
			continue
		}
		if len(all) == maxRows {
			return nil, fmt.Errorf("le fichier a plus de %d lignes : gardez l'utile", maxRows)
		}
		l := TableRow{Number: number, Err: err}
		if err == nil {
			l.Cells = make([]string, len(where))
			for i, at := range where {
				if at >= 0 {
					l.Cells[i] = tidy(utf8Of(record[at]))
				}
			}
		}
		all = append(all, l)
	}
}

// places finds the columns in a header.
func places(head, needed, optional []string) ([]int, error) {
	at := map[string]int{}
	for i, name := range head {
		key := fold(utf8Of(name))
		if _, twice := at[key]; twice && key != "" {
			at[key] = -1
			continue
		}
		at[key] = i
	}
	var where []int
	var missing []string
	for i, name := range slices.Concat(needed, optional) {
		found, ok := at[fold(name)]
		switch {
		case ok && found < 0:
			return nil, fmt.Errorf("la colonne %s est là deux fois : gardez-en une", name)
		case !ok && i < len(needed):
			missing = append(missing, name)
		}
		if !ok {
			found = -1
		}
		where = append(where, found)
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("il manque la colonne %s (la première ligne donne les titres)", and(missing))
	}
	return where, nil
}

// UTF8 reads what is not UTF-8 as Windows-1252, byte by byte.
func UTF8(text string) string { return utf8Of(text) }
