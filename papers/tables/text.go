package tables

import (
	"bytes"
	"io"
)

// chunk is how much of a file is read at once.
const chunk = 64 << 10

// lines is a text file, decoded piece by piece: what was read and not passed yet can be looked at again.
type lines struct {
	in     *input
	decode decoding
	at     int64  // in the file
	raw    []byte // read and not decoded: a character that is cut off
	buf    []byte
	pos    int  // in buf: what lies before was passed
	last   bool // all of the file is in buf
}

// rest is what was read and not passed. It counts until more.
func (l *lines) rest() []byte { return l.buf[l.pos:] }

func (l *lines) pass(n int) { l.pos += n }

// more reads on, as much again as the rest is long.
func (l *lines) more() error {
	if l.last {
		return nil
	}
	l.buf = l.buf[:copy(l.buf, l.buf[l.pos:])]
	l.pos = 0
	kept := len(l.raw)
	l.raw = append(l.raw, make([]byte, max(chunk, len(l.buf)))...)
	n, err := l.in.ReadAt(l.raw[kept:], l.at)
	if err != nil && err != io.EOF {
		return err
	}
	l.at += int64(n)
	l.last = err == io.EOF || n == 0
	var took int
	l.buf, took = l.decode(l.buf, l.raw[:kept+n], l.last)
	l.raw = l.raw[:copy(l.raw, l.raw[took:kept+n])]
	return nil
}

// line returns the next line with its end, at most so much of it.
func (l *lines) line(most int) ([]byte, error) {
	for {
		p := l.rest()
		if n := endOfLine(p, l.last); n > 0 || len(p) > most || l.last {
			if n == 0 {
				n = len(p)
			}
			return p[:n], nil
		}
		if err := l.more(); err != nil {
			return nil, err
		}
	}
}

// passLine passes the next line, however long it is.
func (l *lines) passLine() error {
	for {
		p := l.rest()
		n := endOfLine(p, l.last)
		switch {
		case n > 0:
			l.pass(n)
			return nil
		case l.last:
			l.pass(len(p))
			return nil
		case len(p) > 0 && p[len(p)-1] == '\r':
			l.pass(len(p) - 1)
		default:
			l.pass(len(p))
		}
		if err := l.more(); err != nil {
			return err
		}
	}
}

// endOfLine is where the first line ends, behind its LF, CRLF or CR; 0 if that is not known yet.
func endOfLine(p []byte, last bool) int {
	n := bytes.IndexAny(p, "\r\n")
	switch {
	case n < 0, p[n] == '\r' && n+1 == len(p) && !last:
		return 0
	case p[n] == '\r' && n+1 < len(p) && p[n+1] == '\n':
		return n + 2
	}
	return n + 1
}

// ends counts the ends of lines.
func ends(p []byte) int {
	n := bytes.Count(p, []byte("\n"))
	for at := range p {
		if p[at] == '\r' && (at+1 == len(p) || p[at+1] != '\n') {
			n++
		}
	}
	return n
}
