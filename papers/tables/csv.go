package tables

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"
)

// What a record of a CSV file may come to.
const (
	longestRecord = 1 << 20  // bytes
	mostReread    = 64 << 20 // bytes that broken quotes have one read again
)

const brokenQuotes = "les guillemets ne vont pas par deux : corrigez la ligne"

// csvRows reads the records of a CSV file. A record that cannot be read costs its first line only: what follows is read afresh, so that a forgotten quote
// swallows nothing.
type csvRows struct {
	*lines
	sep    byte
	layout layout

	line   int // at which the next record begins
	count  int
	reread int

	fields  []field // of the record
	filled  int     // columns until its last one that is not empty
	columns int
	wide    bool
	reason  string // why it cannot be read
}

// separators are tried in this order; of equals the first is taken.
var separators = []byte{';', '\t', ',', '|'}

// sepLine is how Excel marks the separator, in a line of its own.
var sepLine = regexp.MustCompile(`^(?i:"?sep=)(;|,|\t|\|)"?[\r\n]*$`)

func newCSV(in *input, d decoding, start int64, sep byte) (c *csvRows, told bool, err error) {
	c = &csvRows{lines: &lines{in: in, decode: d, at: start}, sep: sep, line: 1}
	first, err := c.lines.line(longestRecord)
	if err != nil {
		return nil, false, err
	}
	if m := sepLine.FindSubmatch(first); m != nil {
		c.sep, told = m[1][0], true
		c.passed(len(first))
	}
	return c, told, nil
}

// openCSV finds the encoding, then the separator with which most titles are found.
func openCSV(in *input, columns []Column) (header, source, error) {
	d, start, err := encodingOf(in)
	if err != nil {
		return header{}, nil, err
	}
	var best header
	var among []record
	bestSep := byte(0)
	for _, sep := range separators {
		c, told, err := newCSV(in, d, start, sep)
		if err != nil {
			return header{}, nil, err
		}
		records, err := heads(c)
		if err != nil {
			return header{}, nil, err
		}
		if len(records) == 0 {
			return header{}, nil, errors.New(emptyFile) // or there are separators and nothing else
		}
		if h := find(records, columns); bestSep == 0 || splitsBetter(best, h) {
			best, bestSep, among = h, sep, records
		}
		if told {
			break
		}
	}
	if err := best.settled(columns, among); err != nil {
		return header{}, nil, err
	}
	c, _, err := newCSV(in, d, start, bestSep)
	if err != nil {
		return header{}, nil, err
	}
	return best, c, c.below(best)
}

// splitsBetter tells whether b, with another separator, is a better title row than a.
func splitsBetter(a, b header) bool {
	switch {
	case a.complete != b.complete:
		return b.complete
	case a.matched != b.matched:
		return b.matched > a.matched
	}
	return count(b.titles) > count(a.titles)
}

// below goes to the first row below the titles.
func (c *csvRows) below(h header) error {
	for range h.rows {
		if _, err := c.next(); err != nil {
			return err
		}
	}
	c.layout, c.count = h.layout(), 0
	return nil
}

func (c *csvRows) next() (record, error) {
	for {
		if err := c.passEmpty(); err != nil {
			return record{}, err
		}
		n, err := c.record()
		if err != nil {
			return record{}, c.in.explain(err)
		}
		if n == 0 {
			return record{}, io.EOF
		}
		if c.reason == "" && c.filled == 0 {
			c.passed(n)
			continue
		}
		if c.count++; c.count > mostRows {
			return record{}, tooManyRows()
		}
		rec := record{number: c.line, fields: c.fields, fault: c.fault(n), wide: c.wide}
		if rec.fault == "" {
			c.passed(n)
			return rec, nil
		}
		if c.reread += n; c.reread > mostReread {
			return record{}, fmt.Errorf("à trop d'endroits (jusqu'à la ligne %d), %s", c.line, brokenQuotes)
		}
		c.line++
		return record{number: rec.number, fault: rec.fault}, c.in.explain(c.passLine())
	}
}

func tooManyRows() error {
	return errors.New("le tableau a plus de 1 048 576 lignes : gardez les lignes utiles")
}

// passed goes on behind n bytes.
func (c *csvRows) passed(n int) {
	c.line += ends(c.rest()[:n])
	c.pass(n)
}

// passEmpty passes lines in which there is not even a separator.
func (c *csvRows) passEmpty() error {
	for {
		p, n := c.rest(), 0
		for n < len(p) && (p[n] == '\n' || p[n] == '\r') {
			n++
		}
		if n < len(p) || c.last {
			c.passed(n)
			return nil
		}
		if n > 0 && p[n-1] == '\r' {
			n-- // it may belong to an LF
		}
		c.passed(n)
		if err := c.more(); err != nil {
			return c.in.explain(err)
		}
	}
}

// record parses one record, and returns how many bytes it takes; 0 is the end of the file.
func (c *csvRows) record() (int, error) {
	for {
		p := c.rest()
		n, whole := c.parse(p, c.last)
		if whole || c.last {
			return n, nil
		}
		if len(p) > longestRecord {
			if c.reason == "" {
				c.reason = "cette ligne est trop longue, ou ses guillemets ne vont pas par deux : corrigez-la"
			}
			return len(p), nil
		}
		if err := c.more(); err != nil {
			return 0, err
		}
	}
}

// fault is what is wrong with the record of n bytes that was parsed; "" is nothing.
func (c *csvRows) fault(n int) string {
	width := c.layout.width
	switch {
	case c.reason != "":
		return c.reason
	case width == 0:
		return ""
	case c.filled > width:
		return fmt.Sprintf("%d colonnes au lieu de %d : un séparateur ou un guillemet est de trop, ou manque", c.columns, width)
	case c.columns < width && ends(bytes.TrimRight(c.rest()[:n], "\r\n")) > 0:
		return fmt.Sprintf("%d colonnes au lieu de %d, sur plusieurs lignes : un guillemet est de trop, ou manque", c.columns, width)
	}
	return ""
}

// parse reads the fields of one record, and returns how many bytes they take with the end of the line. If they go on beyond p it is not whole.
func (c *csvRows) parse(p []byte, last bool) (n int, whole bool) {
	c.fields, c.filled, c.columns, c.wide, c.reason = c.fields[:0], 0, 0, false, ""
	if len(p) == 0 {
		return 0, last
	}
	for at := 0; ; at++ {
		value, end, ok := c.field(p, at, last)
		if !ok {
			return end, c.reason != ""
		}
		if c.add(value); c.reason != "" {
			return end, true
		}
		at = end
		switch {
		case at == len(p):
			return at, true
		case p[at] != c.sep:
			n := endOfLine(p[at:], last)
			return at + n, n > 0
		}
	}
}

// field reads one field from at, and where it ends. If it cannot there is a reason, or p is too short.
func (c *csvRows) field(p []byte, at int, last bool) (value []byte, end int, ok bool) {
	begin := at
	for at < len(p) && p[at] == ' ' {
		at++
	}
	if at < len(p) && p[at] == '"' {
		return c.quoted(p, at+1, last)
	}
	for at < len(p) && !c.ends(p[at]) {
		at++
	}
	return p[begin:at], at, at < len(p) || last
}

func (c *csvRows) ends(b byte) bool { return b == c.sep || b == '\n' || b == '\r' }

// quoted reads what stands in quotes, from behind the first one.
func (c *csvRows) quoted(p []byte, at int, last bool) (value []byte, end int, ok bool) {
	begin, doubled := at, false
	for {
		n := bytes.IndexByte(p[at:], '"')
		if n < 0 {
			if last {
				c.reason = brokenQuotes
			}
			return nil, len(p), false
		}
		at += n + 1
		if at == len(p) || p[at] != '"' {
			break
		}
		doubled = true
		at++
	}
	value = p[begin : at-1]
	for at < len(p) && p[at] == ' ' {
		at++
	}
	switch {
	case at == len(p) && !last:
		return nil, at, false
	case at < len(p) && !c.ends(p[at]):
		c.reason = brokenQuotes
		return nil, at, false
	}
	if doubled {
		value = bytes.ReplaceAll(value, []byte(`""`), []byte(`"`))
	}
	return value, at, true
}

// add takes note of the next field.
func (c *csvRows) add(value []byte) {
	column := c.columns
	c.columns++
	if len(value) > longestCell && utf8.RuneCount(value) > longestCell {
		c.reason = tooLong(column)
		return
	}
	filled := len(bytes.TrimSpace(value)) > 0
	if filled {
		c.filled = c.columns
	}
	if column >= mostColumns {
		c.wide = c.wide || filled
		return
	}
	f := field{}
	if filled && c.layout.wants(column) {
		f.text, f.formula = calculated(oneLine(value))
	}
	c.fields = append(c.fields, f)
}

func tooLong(column int) string {
	return fmt.Sprintf("la case de la colonne %s a plus de 32 767 caractères : raccourcissez-la", letter(column))
}

// literal is how some programs keep a spreadsheet from making a number of a text: ="0639981234".
var literal = regexp.MustCompile(`^="([^"]*)"$`)

// calculated reads a cell of a CSV file, and tells whether a spreadsheet would calculate it.
func calculated(s string) (string, bool) {
	if s == "" {
		return s, false
	}
	if m := literal.FindStringSubmatch(s); m != nil {
		s = oneLine([]byte(m[1]))
	}
	return s, isFormula(s)
}

// isFormula tells texts that begin with = or @, or with a sign before a letter or a parenthesis; +33 6 39 98 12 34 is a number.
func isFormula(s string) bool {
	switch {
	case s == "":
		return false
	case s[0] == '=' || s[0] == '@':
		return true
	case s[0] != '+' && s[0] != '-' || len(s) == 1:
		return false
	}
	b := s[1] | 0x20
	return 'a' <= b && b <= 'z' || s[1] == '(' || s[1] == '=' || s[1] == '@'
}
