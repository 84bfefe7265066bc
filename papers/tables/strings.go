package tables

import (
	"encoding/xml"
	"io"
)

// shared are the strings of a workbook, which cells name by their number. They are many and short, so they stand end to end.
type shared struct {
	text []byte
	ends []uint32     // of each in text
	long map[int]bool // those that no cell may have
}

// mostStrings is more than any list has that can be read by somebody.
const mostStrings = 5_000_000

// at returns a string.
func (s *shared) at(i int) (text []byte, long, ok bool) {
	if i < 0 || i >= len(s.ends) {
		return nil, false, false
	}
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.text[from:s.ends[i]], s.long[i], true
}

// readShared reads them; a workbook may have none.
func readShared(p *part) (*shared, error) {
	s := &shared{long: map[int]bool{}}
	if p == nil {
		return s, nil
	}
	defer p.from.r.Close()
	return s, s.read(p)
}

func (s *shared) read(p *part) error {
	var v value
	reading := reader{}
	for {
		t, err := p.token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			reading.begin(t.Name.Local)
			if t.Name.Local == "si" {
				v.reset()
			}
		case xml.EndElement:
			reading.end(t.Name.Local)
			if t.Name.Local == "si" {
				s.add(&v)
			}
			if len(s.ends) > mostStrings {
				return errBomb
			}
		case xml.CharData:
			if reading.text() {
				v.add(t)
			}
		}
	}
}

func (s *shared) add(v *value) {
	if v.long {
		s.long[len(s.ends)] = true
	} else {
		s.text = append(s.text, oneLine(v.plain())...)
	}
	s.ends = append(s.ends, uint32(len(s.text)))
}

// reader knows whether it is in a text that is seen: in t, but not in the reading aid of a Japanese word.
type reader struct{ t, aid int }

func (r *reader) begin(name string) { r.count(name, 1) }
func (r *reader) end(name string)   { r.count(name, -1) }

func (r *reader) count(name string, n int) {
	switch name {
	case "t":
		r.t += n
	case "rPh":
		r.aid += n
	}
}

func (r *reader) text() bool { return r.t > 0 && r.aid == 0 }
