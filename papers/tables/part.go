package tables

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// What the XML of a part may come to.
const (
	longestToken = 1 << 20 // bytes of one text or tag: a full cell of which each character is written as a number
	deepest      = 64      // elements within each other
)

// part reads the XML of a part of a workbook. It tells names without their prefix. Neither of a long text nor of anything else of the file does it hold more than longestToken.
type part struct {
	dec   *xml.Decoder
	in    *ration
	from  *unpacked
	depth int
}

// ration gives a decoder so many bytes at most.
type ration struct {
	*bufio.Reader
	left int
}

// ReadByte is what the decoder calls.
func (r *ration) ReadByte() (byte, error) {
	if r.left--; r.left < 0 {
		return 0, errRation
	}
	return r.Reader.ReadByte()
}

func newPart(u *unpacked) *part {
	in := &ration{Reader: bufio.NewReaderSize(u, 64<<10)}
	return &part{dec: xml.NewDecoder(in), in: in, from: u}
}

// token returns the next tag or text; texts count until the next call. The error is io.EOF, or for people.
func (p *part) token() (xml.Token, error) {
	for {
		p.in.left = longestToken
		t, err := p.dec.RawToken()
		switch {
		case err == io.EOF && p.depth == 0:
			return nil, io.EOF
		case err != nil:
			return nil, p.wrong(err)
		}
		switch t.(type) {
		case xml.StartElement:
			if p.depth++; p.depth > deepest {
				return nil, damaged("elements are too deep")
			}
			return t, nil
		case xml.EndElement:
			if p.depth--; p.depth < 0 {
				return nil, damaged("an element ends that did not begin")
			}
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			return nil, damaged("it has a document type")
		}
	}
}

// wrong says what an error of the decoder means.
func (p *part) wrong(err error) error {
	switch {
	case errors.Is(err, errBomb):
		return errBomb
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	return &damagedError{err}
}

// close reads what is left, so that a part that was cut off is known.
func (p *part) close() error {
	defer p.from.r.Close()
	if _, err := io.Copy(io.Discard, p.in.Reader); err != nil {
		return p.wrong(err)
	}
	return nil
}

// each calls do with every element of a part and the names of those around it, outermost first.
func (p *part) each(do func(around []string, e xml.StartElement)) error {
	if p == nil {
		return nil
	}
	defer p.from.r.Close()
	var around []string
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
			do(around, t)
			around = append(around, t.Name.Local)
		case xml.EndElement:
			around = around[:len(around)-1]
		}
	}
}

// attribute returns one of an element, "" if it has none.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// isSet tells whether an attribute says yes.
func isSet(e xml.StartElement, name string) bool {
	switch attribute(e, name) {
	case "1", "true", "on":
		return true
	}
	return false
}

// value gathers the text of a cell, and no more than a cell may have.
type value struct {
	text []byte
	long bool
}

func (v *value) reset() { v.text, v.long = v.text[:0], false }

func (v *value) add(text []byte) {
	if v.long {
		return
	}
	v.text = append(v.text, text...)
	v.long = len(v.text) > longestCell && utf8.RuneCount(v.text) > longestCell
}

// plain is the text, with characters that XML does not have as they were written for it: _x000D_ is a line end.
func (v *value) plain() []byte { return unescaped(v.text) }

func unescaped(s []byte) []byte {
	if len(s) < 7 || !bytes.Contains(s, []byte("_x")) {
		return s
	}
	var out []byte
	for i := 0; i < len(s); i++ {
		if r, ok := escape(s[i:]); ok {
			out = utf8.AppendRune(out, r)
			i += len("_x000D_") - 1
			continue
		}
		out = append(out, s[i])
	}
	return out
}

// escape reads a character written as _xHHHH_.
func escape(s []byte) (rune, bool) {
	if len(s) < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return 0, false
	}
	var r rune
	for _, b := range s[2:6] {
		n := strings.IndexByte("0123456789abcdef", b|0x20)
		if n < 0 {
			return 0, false
		}
		r = r<<4 | rune(n)
	}
	return r, true
}
