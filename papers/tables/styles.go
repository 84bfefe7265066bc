package tables

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// style is what the format of a cell makes of its number.
type style struct {
	date, clock bool
	elapsed     bool // hours count on beyond 24
	digits      int  // at least so many, with zeros before: a postcode
}

// mostStyles is far above what a spreadsheet keeps.
const mostStyles = 100_000

// readStyles reads the style of each format that cells name by its number.
func readStyles(p *part) ([]style, error) {
	codes := map[string]string{}
	var styles []style
	err := p.each(func(around []string, e xml.StartElement) {
		switch {
		case len(styles) == mostStyles || len(codes) == mostStyles:
		case e.Name.Local == "numFmt" && within(around, "numFmts"):
			codes[attribute(e, "numFmtId")] = attribute(e, "formatCode")
		case e.Name.Local == "xf" && within(around, "cellXfs"):
			styles = append(styles, styleOf(attribute(e, "numFmtId"), codes))
		}
	})
	return styles, err
}

func within(around []string, name string) bool {
	return len(around) > 0 && around[len(around)-1] == name
}

// styleOf is that of a format: one of those that spreadsheets number (ECMA-376, 18.8.30), or a code of its own.
func styleOf(id string, codes map[string]string) style {
	if code, ok := codes[id]; ok {
		return styleOfCode(code)
	}
	switch n, _ := strconv.Atoi(id); {
	case 14 <= n && n <= 17:
		return style{date: true}
	case 18 <= n && n <= 21, n == 45, n == 47:
		return style{clock: true}
	case n == 22:
		return style{date: true, clock: true}
	case n == 46:
		return style{clock: true, elapsed: true}
	}
	return style{}
}

// styleOfCode reads a code such as dd/mm/yyyy hh:mm. A lone m is a month.
func styleOfCode(code string) style {
	first := strings.ToLower(lettersOf(code))
	if first != "" && strings.Trim(first, "0") == "" && len(first) > 1 {
		return style{digits: min(len(first), 20)}
	}
	if first == "general" || first == "standard" {
		return style{}
	}
	s := style{date: strings.ContainsAny(first, "ydj"), clock: strings.ContainsAny(first, "hs"), elapsed: strings.Contains(first, "[h")}
	if !s.clock && strings.Contains(first, "m") {
		s.date = true
	}
	return s
}

// lettersOf is the first section of a code (that of positive numbers) without what it writes as it is, colours and currencies.
func lettersOf(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			return b.String()
		case '\\', '_', '*':
			i++
		case '"', '[':
			closing := map[byte]byte{'"': '"', '[': ']'}[c]
			n := strings.IndexByte(code[i+1:], closing)
			if n < 0 {
				return b.String()
			}
			if inside := strings.ToLower(code[i+1 : i+1+n]); c == '[' && strings.Trim(inside, "hms") == "" {
				b.WriteString("[" + inside)
			}
			i += n + 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
