package tables

import (
	"encoding/xml"
	"io"
	"strconv"
)

// sheetRows reads the rows of a sheet.
type sheetRows struct {
	*part
	strings  *shared
	styles   []style
	from1904 bool
	layout   layout

	rec  record
	met  int // rows
	at   int // column of the cell that is read
	done bool

	value   value
	formula bool
}

// next returns the next row that is not blank.
func (s *sheetRows) next() (record, error) {
	for !s.done {
		t, err := s.token()
		if err == io.EOF {
			s.done = true
			break
		}
		if err != nil {
			return record{}, s.from.b.in.explain(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local != "row" {
				continue
			}
			filled, err := s.row(t)
			if err != nil {
				return record{}, s.from.b.in.explain(err)
			}
			if filled {
				return s.rec, nil
			}
		case xml.EndElement:
			if t.Name.Local == "sheetData" {
				s.done = true
				if err := s.close(); err != nil {
					return record{}, s.from.b.in.explain(err)
				}
			}
		}
	}
	return record{}, io.EOF
}

// row reads a row up to its end, and tells whether anything stands in it.
func (s *sheetRows) row(e xml.StartElement) (filled bool, err error) {
	number := s.rec.number + 1
	if n, err := strconv.Atoi(attribute(e, "r")); err == nil {
		number = n
	}
	if s.met++; number < 1 || number > mostRows || s.met > mostRows {
		return false, tooManyRows()
	}
	s.rec = record{number: number, fields: s.rec.fields[:0], hidden: isSet(e, "hidden")}
	s.at = -1
	for {
		t, err := s.token()
		if err != nil {
			return false, s.wrong(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "c" {
				full, err := s.cell(t)
				if err != nil {
					return false, err
				}
				filled = filled || full
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				return filled, nil
			}
		}
	}
}

// cell reads a cell up to its end, and tells whether anything stands in it.
func (s *sheetRows) cell(e xml.StartElement) (filled bool, err error) {
	kind, format := "", 0
	s.at++
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "r":
			if n := columnOf(a.Value); n >= 0 {
				s.at = n
			}
		case "t":
			kind = a.Value
		case "s":
			format, _ = strconv.Atoi(a.Value)
		}
	}
	if err := s.content(); err != nil {
		return false, err
	}
	wanted := s.layout.wants(s.at) && s.at < mostColumns
	text, filled, err := s.text(kind, format, wanted)
	switch {
	case err != nil || !filled:
		return false, err
	case s.at >= mostColumns:
		s.rec.wide = true
	case wanted:
		for len(s.rec.fields) <= s.at {
			s.rec.fields = append(s.rec.fields, field{})
		}
		s.rec.fields[s.at] = field{text, s.formula}
	}
	return true, nil
}

// content gathers what stands in a cell: v, or the texts of is.
func (s *sheetRows) content() error {
	s.value.reset()
	s.formula = false
	inValue := false
	seen := reader{}
	for {
		t, err := s.token()
		if err != nil {
			return s.wrong(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch name := t.Name.Local; name {
			case "f":
				s.formula = true
			case "v":
				inValue = true
			default:
				seen.begin(name)
			}
		case xml.EndElement:
			switch name := t.Name.Local; name {
			case "c":
				return nil
			case "v":
				inValue = false
			default:
				seen.end(name)
			}
		case xml.CharData:
			if inValue || seen.text() {
				s.value.add(t)
			}
		}
	}
}

// text is what the cell shows; of one that is not wanted only whether there is anything.
func (s *sheetRows) text(kind string, format int, wanted bool) (text string, filled bool, err error) {
	raw, long := s.value.text, s.value.long
	if kind == "s" && len(raw) > 0 {
		i, err := strconv.Atoi(string(raw))
		ok := err == nil
		if raw, long, ok = s.shared(i, ok); !ok {
			return "", false, damaged("a cell names a string that is not there")
		}
	}
	if long && s.rec.fault == "" {
		s.rec.fault = tooLong(s.at)
	}
	if long || !wanted || len(raw) == 0 {
		return "", long || len(raw) > 0, nil
	}
	switch kind {
	case "s":
		text = string(raw)
	case "", "n":
		text = s.styleOf(format).number(raw, s.from1904)
	case "d":
		text = isoMoment(raw)
	case "b":
		text = map[string]string{"1": "VRAI", "0": "FAUX"}[string(raw)]
	default:
		text = oneLine(s.value.plain())
	}
	return text, text != "", nil
}

func (s *sheetRows) shared(i int, ok bool) (text []byte, long, found bool) {
	if !ok {
		return nil, false, false
	}
	return s.strings.at(i)
}

func (s *sheetRows) styleOf(format int) style {
	if format < 0 || format >= len(s.styles) {
		return style{}
	}
	return s.styles[format]
}

// columnOf reads the column of a reference such as C12, counted from 0; -1 if it has none.
func columnOf(reference string) int {
	n := 0
	for i := 0; i < len(reference) && i < 4; i++ {
		b := reference[i] &^ 0x20
		if b < 'A' || b > 'Z' {
			break
		}
		n = n*26 + int(b-'A') + 1
	}
	return n - 1
}
