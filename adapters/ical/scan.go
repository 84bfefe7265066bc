package ical

import "strings"

// component is a VEVENT or a VTIMEZONE with what is read of it.
type component struct {
	at     int    // its line
	name   string // upper case
	method string // METHOD of its calendar, upper case
	props  []line
	parts  []component
}

// Limits of one component; the rest is passed over. They bound the memory that a hostile feed can ask for.
const (
	maxProps     = 5000 // of an event: EXDATE may come a hundred times
	maxZoneProps = 20   // of a zone, and of each of its observances
	maxParts     = 500
	maxDepth     = 4 // of components in components
)

// first returns the first property of a name.
func (c component) first(name string) (line, bool) {
	for _, l := range c.props {
		if l.name == name {
			return l, true
		}
	}
	return line{}, false
}

// value is that of the first property of a name, trimmed; "" when there is none.
func (c component) value(name string) string {
	l, _ := c.first(name)
	return strings.TrimSpace(l.value)
}

// scan walks through a file and yields the components of one name. What is not closed in the right order is closed by what
// closes around it.
type scan struct {
	want  string
	keep  map[string]bool // names of the properties that are read
	most  int             // of them
	yield func(component) error

	method    string
	open      []component // the wanted one, and those open in it
	deep      int         // components beyond maxDepth
	calendars int
	ended     bool // the last calendar was closed
}

// run returns the first error of yield.
func (s *scan) run(data []byte) error {
	from := newLines(data)
	for {
		l, ok := from.next()
		if !ok {
			return nil
		}
		if err := s.line(l); err != nil {
			return err
		}
	}
}

func (s *scan) line(l line) error {
	switch name := strings.ToUpper(strings.TrimSpace(l.value)); {
	case l.name == "BEGIN":
		return s.begin(name, l.at)
	case l.name == "END":
		return s.end(name)
	case len(s.open) == 0:
		if l.name == "METHOD" {
			s.method = name
		}
	case s.deep == 0:
		top := &s.open[len(s.open)-1]
		if s.keep[l.name] && len(top.props) < s.most {
			top.props = append(top.props, l)
		}
	}
	return nil
}

func (s *scan) begin(name string, at int) (err error) {
	switch {
	case name == "VCALENDAR":
		err = s.flush()
		s.calendars, s.method, s.ended = s.calendars+1, "", false
	case name == s.want:
		err = s.flush()
		s.open = append(s.open, component{at: at, name: name, method: s.method})
	case len(s.open) >= maxDepth || s.deep > 0:
		s.deep++
	case len(s.open) > 0:
		s.open = append(s.open, component{at: at, name: name})
	}
	return err
}

func (s *scan) end(name string) error {
	switch {
	case name == "VCALENDAR":
		s.ended = s.calendars > 0
		return s.flush()
	case name == s.want:
		return s.flush()
	case s.deep > 0:
		s.deep--
	case len(s.open) > 1 && s.open[len(s.open)-1].name == name:
		s.close()
	}
	return nil
}

// close hands the innermost component to the one around it.
func (s *scan) close() {
	last := len(s.open) - 1
	around := &s.open[last-1]
	if len(around.parts) < maxParts {
		around.parts = append(around.parts, s.open[last])
	}
	s.open = s.open[:last]
}

// flush yields the open component, if there is one.
func (s *scan) flush() error {
	if len(s.open) == 0 {
		return nil
	}
	for len(s.open) > 1 {
		s.close()
	}
	done := s.open[0]
	s.open, s.deep = nil, 0
	return s.yield(done)
}
