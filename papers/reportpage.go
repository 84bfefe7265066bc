package papers

import (
	"math"
	"unicode/utf8"
)

// Measures of a report, in millimetres; the page and its margin are those of a poster.
const (
	headPadding = 6.0 // within the band
	corner      = 3.0 // radius
	cellLine    = 0.4
	cellGap     = 4.0
	cellPadding = 3.0
	columnGap   = 10.0
	headingRule = 0.3
	footRule    = 0.2

	footGapOfReport = 2.5 // below the rule
)

// printStyle is how a text of a report is set: as large as most (points), smaller if it takes more lines than it may, and never
// smaller than least.
type printStyle struct {
	most, least float64
	lines       int
	bold        bool
	ink         ink
}

// at is the style for t: 1 as large as is pleasant, 0 the least.
func (s printStyle) at(t float64) printStyle {
	s.most = math.Round((s.least+(s.most-s.least)*t)*10) / 10
	return s
}

// keyFamily and barFamily are texts of one kind, for the one to be found that is to be shortened.
const (
	keyFamily = "chiffres clés"
	barFamily = "libellés"
)

// Styles of a report. Eight points are what the eye reads in small print at the distance of a desk.
var (
	reportTitle   = printStyle{most: 28, least: 16, lines: 2, bold: true, ink: white}
	reportWho     = printStyle{most: 17, least: 10, lines: 2, bold: true, ink: white}
	reportWhen    = printStyle{most: 14, least: 10, lines: 2, ink: white}
	keyValue      = printStyle{most: 36, least: 14, lines: 1, bold: true, ink: accent}
	keyLabel      = printStyle{most: 12, least: 8, lines: 3, ink: black}
	reportHeading = printStyle{most: 16, least: 9, lines: 2, bold: true, ink: accent}
	reportLabel   = printStyle{most: 14, least: 8, ink: black} // lines: labelPlaces
	reportValue   = printStyle{most: 14, least: 8, lines: 1, bold: true, ink: black}
	reportNote    = printStyle{most: 9, least: 8, lines: 40, ink: grey}
)

// print sets a tidy text in a width, from 0, 0; its error is a TooLong.
func (f *typeface) print(s printStyle, what, text string, width float64) (lines []line, err error) {
	const step = 0.5
	size := s.most
	for {
		lines, err = f.block(setting{sizes: []float64{size * point}, lines: s.lines, bold: s.bold}, what, text, width)
		if err == nil || size <= s.least {
			break
		}
		size = max(s.least, size-step)
	}
	for i := range lines {
		lines[i].size, lines[i].ink = size, s.ink
	}
	return lines, err
}

// same sets texts in a width, each from 0, 0, all in the size of the one that needs the smallest.
func (f *typeface) same(s printStyle, name func(int) string, texts []string, width float64) ([][]line, error) {
	all := make([][]line, len(texts))
	for pass := 0; pass < 2; pass++ {
		size := s.most
		for i, text := range texts {
			var err error
			if all[i], err = f.print(s, name(i), text, width); err != nil {
				return nil, err
			}
			size = min(size, all[i][0].size)
		}
		s.most, s.least = size, size
	}
	return all, nil
}

// reportPage is a report laid out, in millimetres from the upper left corner of the sheet.
type reportPage struct {
	title   string // of the file
	band    rect
	cells   []rect // of the key figures
	rules   []rect
	bars    []barBox
	texts   []line // as they are read
	surplus surplus
}

// layReport finds the largest letters with which all fits, in one column or in two.
func layReport(r ReportText) (*reportPage, error) {
	if err := checkReport(r); err != nil {
		return nil, err
	}
	f, err := newTypeface()
	if err != nil {
		return nil, err
	}
	all, err := f.readReport(r)
	if err != nil {
		return nil, err
	}
	return f.largest(all)
}

// density is how much room a page gives to what is on it.
type density struct {
	columns int     // of bars
	letters float64 // 1 as large as is pleasant, 0 the least
	air     float64 // between bars: the same
}

// gap is what stays free between two groups of bars.
func (d density) gap() float64 { return 4 + 4*d.letters + 6*d.air }

// bodyGap is what stays free above and below all bars.
func (d density) bodyGap() float64 { return 4 + 4*d.letters }

// largest finds the largest letters with which all fits, then the most air. In two columns letters are never very large: they
// would leave little room to bars.
func (f *typeface) largest(all *reportParts) (*reportPage, error) {
	const steps, halved = 40, 16
	for i := steps; i >= 0; i-- {
		for columns := 1; columns <= 2; columns++ {
			if columns == 2 && (i > halved || len(all.groups) == 1) {
				continue
			}
			d := density{columns, float64(i) / steps, 0}
			if p, err := f.layPage(all, d); err == nil {
				return f.airiest(all, d, p), nil
			}
		}
	}
	return f.layPage(all, density{1, 0, 0})
}

// airiest is the page with as much air as there is room for; p is the one without.
func (f *typeface) airiest(all *reportParts, d density, p *reportPage) *reportPage {
	const steps = 10
	for i := steps; i > 0; i-- {
		d.air = float64(i) / steps
		if airy, err := f.layPage(all, d); err == nil {
			return airy
		}
	}
	return p
}

// layPage places everything; its error is a TooLong.
func (f *typeface) layPage(r *reportParts, d density) (*reportPage, error) {
	p := &reportPage{title: r.fileTitle()}
	if err := p.head(f, r, d.letters); err != nil {
		return nil, err
	}
	top, err := p.keys(f, r.keys, p.band.bottom()+cellGap, d.letters)
	if err != nil {
		return nil, err
	}
	small, end, err := p.foot(f, r, d.letters)
	if err != nil {
		return nil, err
	}
	bottom, err := p.body(f, r.groups, top+d.bodyGap(), d)
	if err != nil {
		return nil, err
	}
	if bottom+d.bodyGap() > end {
		return nil, p.surplus.worst()
	}
	p.texts = append(p.texts, small...)
	return p, nil
}

// put adds lines with their upper left corner at a place, and says where they end.
func (p *reportPage) put(lines []line, x, y float64) (bottom float64) {
	for _, l := range lines {
		l.x, l.y = l.x+x, l.y+y
		p.texts = append(p.texts, l)
	}
	return y + bottomOf(lines)
}

// head sets what is said in the band at the top.
func (p *reportPage) head(f *typeface, r *reportParts, t float64) error {
	const width = wide - 2*headPadding
	y := margin + headPadding - 1 // the first line has room for accents above it
	for _, said := range []struct {
		style      printStyle
		what, text string
	}{{reportTitle, titleOfReport, r.title}, {reportWho, whoOfReport, r.who}, {reportWhen, whenOfReport, r.when}} {
		if said.text == "" {
			continue
		}
		lines, err := f.print(said.style.at(t), said.what, said.text, width)
		if err != nil {
			return err
		}
		p.surplus.add(said.what, said.what, said.text, lines, 1)
		y = p.put(lines, margin+headPadding, y) + 1
	}
	p.band = rect{margin, margin, wide, y - 2 + headPadding - margin}
	return nil
}

// keys sets the key figures in one row, or in two where numbers would not be large.
func (p *reportPage) keys(f *typeface, keys []KeyFigure, y, t float64) (bottom float64, err error) {
	const mostInRow, large = 5, 20
	values := keyValue.at(t)
	if len(keys) <= mostInRow {
		fair := values
		fair.least = min(fair.most, large)
		if bottom, err = p.keyRows(f, keys, len(keys), fair, y, t); err == nil {
			return bottom, nil
		}
	}
	return p.keyRows(f, keys, (len(keys)+1)/2, values, y, t)
}

// keyRows sets the key figures in rows of so many, the last of which may have fewer, and wider ones.
func (p *reportPage) keyRows(f *typeface, keys []KeyFigure, inRow int, style printStyle, y, t float64) (bottom float64, err error) {
	width := cellWidth(inRow) - 2*cellPadding
	texts := [2][]string{}
	for _, k := range keys {
		texts[0], texts[1] = append(texts[0], k.Value), append(texts[1], k.Label)
	}
	values, err := f.same(style, keyValueName, texts[0], width)
	if err != nil {
		return 0, err
	}
	labels, err := f.same(keyLabel.at(t), keyLabelName, texts[1], width)
	if err != nil {
		return 0, err
	}
	high := 0.0
	for i := range labels {
		high = max(high, bottomOf(labels[i]))
		p.surplus.add(keyFamily, keyLabelName(i), keys[i].Label, labels[i], 1)
	}
	high += bottomOf(values[0]) + 2*cellPadding
	for start := 0; start < len(keys); start += inRow {
		end := min(start+inRow, len(keys))
		for i := start; i < end; i++ {
			w := cellWidth(end - start)
			p.cell(rect{margin + float64(i-start)*(w+cellGap), y, w, high}, values[i], labels[i])
		}
		y += high + cellGap
	}
	return y - cellGap, nil
}

// cellWidth is how wide each of so many key figures in a row is.
func cellWidth(inRow int) float64 { return (wide+cellGap)/float64(inRow) - cellGap }

// cell sets a key figure in the middle of its frame.
func (p *reportPage) cell(r rect, value, label []line) {
	p.cells = append(p.cells, r)
	y := r.y + cellPadding
	for _, lines := range [][]line{value, label} {
		for _, l := range lines {
			l.x, l.y = r.x+(r.w-l.w)/2, l.y+y
			p.texts = append(p.texts, l)
		}
		y += bottomOf(lines)
	}
}

// foot sets the small print and the day, and says where they begin; they are read last.
func (p *reportPage) foot(f *typeface, r *reportParts, t float64) (lines []line, top float64, err error) {
	const lead = 1.0 // between two texts
	var small reportPage
	y := 0.0
	for _, n := range r.notes {
		lines, err := f.print(reportNote.at(t), n.what, n.text, wide)
		if err != nil {
			return nil, 0, err
		}
		p.surplus.add(notesOfReport, n.what, n.text, lines, 0)
		y = small.put(lines, margin, y) + lead
	}
	day, err := f.print(reportNote.at(t), "Date", r.made, wide)
	if err != nil {
		return nil, 0, err
	}
	y = small.put(day, margin, y)
	top = pageH - margin - y
	for i := range small.texts {
		small.texts[i].y += top
	}
	p.rules = append(p.rules, rect{margin, top - footGapOfReport, wide, footRule})
	return small.texts, top - footGapOfReport, nil
}

// surplus is what texts take beyond what every report needs, by families of texts that share the blame.
type surplus []familyOfTexts

type familyOfTexts struct {
	family, what, text string // the longest of them
	high               float64
}

// add counts the lines of a text beyond so many.
func (s *surplus) add(family, what, text string, lines []line, free int) {
	high := 0.0
	if len(lines) > free {
		high = float64(len(lines)-free) * lines[0].h
	}
	for i := range *s {
		if known := &(*s)[i]; known.family == family {
			known.high += high
			if utf8.RuneCountInString(text) > utf8.RuneCountInString(known.text) {
				known.what, known.text = what, text
			}
			return
		}
	}
	*s = append(*s, familyOfTexts{family, what, text, high})
}

// worst says which text to shorten.
func (s surplus) worst() error {
	most := 0
	for i := range s {
		if s[i].high > s[most].high {
			most = i
		}
	}
	return &TooLong{s[most].what, s[most].text}
}
