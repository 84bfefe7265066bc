package tables

import (
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// sheet is one that people see.
type sheet struct{ name, part string }

// mostSheets is far above what people look through.
const mostSheets = 1000

// workbookParts are what the list of a workbook names.
type workbookParts struct {
	sheets          []sheet
	hidden          bool // some are not seen
	from1904        bool // days are counted from 1904
	strings, styles string
}

// openXLSX finds the one sheet that has the titles.
func openXLSX(in *input, columns []Column) (header, source, error) {
	b, err := openBook(in)
	if err != nil {
		return header{}, nil, err
	}
	w, err := b.list()
	if err != nil {
		return header{}, nil, err
	}
	rows, err := b.reader(w)
	if err != nil {
		return header{}, nil, err
	}
	head, at, err := w.choose(columns, rows)
	if err != nil {
		return header{}, nil, err
	}
	s, err := rows(w.sheets[at])
	if err != nil {
		return header{}, nil, err
	}
	for range head.rows {
		if _, err := s.next(); err != nil {
			return header{}, nil, err
		}
	}
	s.layout = head.layout()
	return head, s, nil
}

// reader reads what the sheets of a workbook share, and returns what opens one of them.
func (b *book) reader(w *workbookParts) (func(sheet) (*sheetRows, error), error) {
	p, err := b.openPart(w.strings, largestOther)
	if err != nil {
		return nil, err
	}
	texts, err := readShared(p)
	if err != nil {
		return nil, err
	}
	if p, err = b.openPart(w.styles, largestOther); err != nil {
		return nil, err
	}
	styles, err := readStyles(p)
	if err != nil {
		return nil, err
	}
	return func(s sheet) (*sheetRows, error) {
		p, err := b.openPart(s.part, largestPart)
		if err == nil && p == nil {
			err = damaged("a sheet is missing")
		}
		return &sheetRows{part: p, strings: texts, styles: styles, from1904: w.from1904}, err
	}, nil
}

// list reads what a workbook is made of.
func (b *book) list() (*workbookParts, error) {
	main := "xl/workbook.xml"
	err := b.links("_rels/.rels", func(_, kind, target string) {
		if kind == "officeDocument" {
			main = target
		}
	})
	if err != nil {
		return nil, err
	}
	w, sheets, targets := &workbookParts{}, map[string]string{}, path.Dir(partName(main))
	err = b.links(path.Join(targets, "_rels", path.Base(main)+".rels"), func(id, kind, target string) {
		if !strings.HasPrefix(target, "/") {
			target = path.Join(targets, target)
		}
		switch kind {
		case "worksheet":
			sheets[id] = target
		case "sharedStrings":
			w.strings = target
		case "styles":
			w.styles = target
		}
	})
	if err != nil {
		return nil, err
	}
	p, err := b.openPart(main, largestOther)
	if err != nil {
		return nil, err
	}
	err = p.each(func(_ []string, e xml.StartElement) { w.take(e, sheets) })
	if err == nil && len(w.sheets) == 0 {
		err = damaged("it has no sheet")
		if w.hidden {
			err = errors.New("toutes les feuilles du classeur sont masquées : affichez celle de la liste")
		}
	}
	return w, err
}

// take reads an element of the list of a workbook.
func (w *workbookParts) take(e xml.StartElement, sheets map[string]string) {
	switch e.Name.Local {
	case "workbookPr":
		w.from1904 = isSet(e, "date1904")
	case "sheet":
		id := ""
		for _, a := range e.Attr {
			if a.Name.Local == "id" && a.Name.Space != "" {
				id = a.Value
			}
		}
		state := attribute(e, "state")
		switch {
		case sheets[id] == "": // a chart
		case state == "hidden" || state == "veryHidden":
			w.hidden = true
		case len(w.sheets) < mostSheets:
			w.sheets = append(w.sheets, sheet{oneLine([]byte(attribute(e, "name"))), sheets[id]})
		}
	}
}

// links reads which parts one part speaks of: their id, the last word of their kind, and their name.
func (b *book) links(name string, do func(id, kind, target string)) error {
	p, err := b.openPart(name, largestOther)
	if err != nil {
		return err
	}
	return p.each(func(_ []string, e xml.StartElement) {
		if e.Name.Local == "Relationship" {
			do(attribute(e, "Id"), path.Base(attribute(e, "Type")), attribute(e, "Target"))
		}
	})
}

// choose finds the one sheet that has the titles.
func (w *workbookParts) choose(columns []Column, open func(sheet) (*sheetRows, error)) (best header, at int, err error) {
	var lists, filled []string
	var among []record
	for i, sh := range w.sheets {
		s, err := open(sh)
		if err != nil {
			return header{}, 0, err
		}
		records, err := heads(s)
		_ = s.from.r.Close() // read in part: nothing more can be wrong with it
		if err != nil {
			return header{}, 0, s.from.b.in.explain(err)
		}
		if len(records) == 0 {
			continue
		}
		filled = append(filled, sh.name)
		h := find(records, columns)
		if h.complete {
			lists = append(lists, "« "+sh.name+" »")
		}
		if len(filled) == 1 || splitsBetter(best, h) {
			best, at, among = h, i, records
		}
	}
	switch {
	case len(filled) == 0 && w.hidden:
		return header{}, 0, errors.New(emptyBook + ". Les feuilles masquées ne sont pas lues")
	case len(filled) == 0:
		return header{}, 0, errors.New(emptyBook)
	case len(lists) == 2:
		return header{}, 0, fmt.Errorf("deux feuilles ont une liste, %s : gardez-en une", join(lists))
	case len(lists) > 2:
		return header{}, 0, fmt.Errorf("%d feuilles ont une liste, %s : gardez-en une", len(lists), join(lists))
	}
	err = best.settled(columns, among)
	var missing *MissingError
	if errors.As(err, &missing) {
		missing.hidden = w.hidden
		if len(filled) > 1 {
			missing.Sheet = w.sheets[at].name
		}
	}
	best.others = slices.DeleteFunc(filled, func(name string) bool { return name == w.sheets[at].name })
	return best, at, err
}
