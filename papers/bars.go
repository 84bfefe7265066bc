package papers

import (
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"strconv"
)

// BarsPicture is what a picture of bars shows: the figures of a campaign, or of a report.
type BarsPicture struct {
	Title, Note string // above and below; "" left out
	Groups      []BarGroup
}

// BarGroup is bars that are compared with each other: the largest of them is as long as there is room.
type BarGroup struct {
	Heading string // above its bars; "" left out
	Bars    []Bar  // at least one
}

// Bar is one figure.
type Bar struct {
	Label string // in front of it, in one line or two; "" leaves its place empty
	Value int    // 0 or more: how long it is
	Kind  int    // BarPlain, BarStrong, BarAlert or BarFaint
	Text  string // what is written behind it, "12 h 30" or "moins de 5"; "" the Value. A Value that is masked must tell no more than its Text does
}

// Kinds of bars. They differ in pattern first, where a bar is long enough to show one, then in how dark they are, and last in
// colour.
const (
	BarPlain  = iota // a figure like any other: even, of a middle blue
	BarStrong        // what it is all about: navy, with a row of white dots
	BarAlert         // what waits for somebody: vermilion, with white stripes
	BarFaint         // what is left, or came to nothing: hollow, with a grey edge
	barKinds
)

// MostBars is how many bars a picture may have, in all its groups.
const MostBars = 40

// Bars writes figures as a PNG of horizontal bars, MapWidth pixels wide and as high as it takes, some 6000 at most. Bars are as
// long as their values, but for a few pixels that any value but 0 has at least; 0 is a thin line. Values are written with a
// narrow no-break space between thousands. Labels that are long take two lines, then smaller letters; a title, heading, label,
// note or Text that still has no room is a TooLong. No bar, a group without any, more than MostBars, a negative value and an
// unknown kind are errors too; after an error nothing was written. The same picture gives the same bytes. It is safe for
// concurrent use.
func Bars(w io.Writer, p BarsPicture) error {
	c, err := layBars(p)
	if err != nil {
		return err
	}
	img, err := c.draw()
	if err != nil {
		return fmt.Errorf("papers: bars: %w", err)
	}
	if err := writePNG(w, img); err != nil {
		return fmt.Errorf("papers: bars: %w", err)
	}
	return nil
}

// Measures of a picture of bars, in pixels.
const (
	barHeight = 28.0
	barGap    = 10.0 // between two bars, or their labels
	groupGap  = 30.0
	barLead   = 14.0 // from a label to its bar
	valueLead = 10.0 // from a bar to its value
	leastBar  = 6.0  // length of a bar whose value is not 0
	zeroBar   = 2.0
	valueSize = 20.0
	leastRoom = 200.0 // for the longest bar
)

// labelWidths are how wide the column of labels may become: no wider than its labels need.
var labelWidths = []float64{310, 360, 420, 480}

// setting is how texts are set: in the largest of the sizes in which they take no more than so many lines.
type setting struct {
	sizes []float64 // the largest first
	lines int
	bold  bool

	above, below float64 // what stays free, in pixels
}

// Settings of the texts of a picture of bars.
var (
	barTitle   = setting{sizes: []float64{34, 28}, lines: 3, bold: true, below: 22}
	barHeading = setting{sizes: []float64{24, 21}, lines: 2, bold: true, below: 14}
	barLabel   = setting{sizes: []float64{20, 18, 16}, lines: 2}
	barNote    = setting{sizes: []float64{20, 18}, lines: 4, above: 14}
)

// block sets a tidy text in a width (pixels), from 0, 0; its error is a TooLong.
func (f *typeface) block(s setting, what, text string, width float64) ([]line, error) {
	for _, size := range s.sizes {
		lines, ok := f.of(s.bold).wrap(text, width/size)
		if !ok || len(lines) > s.lines {
			continue
		}
		set := make([]line, len(lines))
		for i, part := range lines {
			set[i] = f.line(part, 0, float64(i)*lineHeight*size, size, s.bold)
		}
		return set, nil
	}
	return nil, &TooLong{what, text}
}

// barChart is a picture of bars laid out, in pixels.
type barChart struct {
	h      float64 // so far, then of the whole
	texts  []line
	bars   []barBox
	column float64 // width of the labels
	room   float64 // for the longest bar
}

// barBox is a bar where it is drawn, on whole pixels.
type barBox struct {
	rect
	kind int
	zero bool
}

func layBars(p BarsPicture) (*barChart, error) {
	if err := checkBars(p.Groups); err != nil {
		return nil, err
	}
	f, err := newTypeface()
	if err != nil {
		return nil, err
	}
	groups, err := f.readGroups(p.Groups)
	if err != nil {
		return nil, err
	}
	c := &barChart{h: border - 8}
	if err := c.measure(f, groups); err != nil {
		return nil, err
	}
	if err := c.text(f, barTitle, "Titre du graphique", p.Title); err != nil {
		return nil, err
	}
	for i, g := range groups {
		if i > 0 {
			c.h += groupGap - barGap
		}
		if err := c.group(f, g); err != nil {
			return nil, err
		}
	}
	if err := c.text(f, barNote, "Note du graphique", p.Note); err != nil {
		return nil, err
	}
	c.h = math.Ceil(c.h + border - 8)
	return c, nil
}

func checkBars(groups []BarGroup) error {
	n, err := countBars(groups)
	switch {
	case err != nil:
		return err
	case n == 0:
		return errNoBar
	case n > MostBars:
		return fmt.Errorf("graphique : %d chiffres ne tiennent pas sur une image, %d au plus. Montrez-en moins", n, MostBars)
	}
	return nil
}

var errNoBar = errors.New("graphique : il n'y a aucun chiffre à montrer")

// countBars counts bars, each of which can be drawn.
func countBars(groups []BarGroup) (n int, err error) {
	for i, g := range groups {
		if len(g.Bars) == 0 {
			return 0, fmt.Errorf("graphique : le groupe %d n'a aucun chiffre à montrer. Retirez-le", i+1)
		}
		n += len(g.Bars)
		for _, b := range g.Bars {
			if b.Value < 0 {
				return 0, fmt.Errorf("papers: bars: %q is %d, less than nothing", b.Label, b.Value)
			}
			if b.Kind < 0 || b.Kind >= barKinds {
				return 0, fmt.Errorf("papers: bars: %q is of kind %d, which is unknown", b.Label, b.Kind)
			}
		}
	}
	return n, nil
}

// barGroup is a BarGroup with its texts tidied, and their names in messages.
type barGroup struct {
	what, heading string
	bars          []barRow
	largest       int
}

type barRow struct {
	what, label string
	lines       []line // of the label, from 0, 0
	value, kind int
	whatShown   string
	shown       string // behind the bar
}

// readGroups tidies headings and labels. Messages count them: a label that cannot be read is not quoted either.
func (f *typeface) readGroups(groups []BarGroup) ([]barGroup, error) {
	var all []barGroup
	n := 0
	for i, g := range groups {
		read := barGroup{what: fmt.Sprintf("Titre du groupe %d", i+1)}
		var err error
		if read.heading, err = f.tidy(read.what, g.Heading); err != nil {
			return nil, err
		}
		for _, b := range g.Bars {
			n++
			row, err := f.readBar(n, b)
			if err != nil {
				return nil, err
			}
			read.bars = append(read.bars, row)
			read.largest = max(read.largest, b.Value)
		}
		all = append(all, read)
	}
	return all, nil
}

// readBar tidies the texts of the nth bar.
func (f *typeface) readBar(n int, b Bar) (barRow, error) {
	row := barRow{what: fmt.Sprintf("Libellé de la barre %d", n), whatShown: fmt.Sprintf("Valeur de la barre %d", n), value: b.Value, kind: b.Kind}
	var err error
	if row.label, err = f.tidy(row.what, b.Label); err != nil {
		return barRow{}, err
	}
	if row.shown, err = f.tidy(row.whatShown, b.Text); err != nil {
		return barRow{}, err
	}
	if row.shown == "" {
		row.shown = thousands(b.Value)
	}
	return row, nil
}

// measure sets the labels, and divides the width between them, the bars, and the values behind them: for all groups alike, so
// that bars begin in one line.
func (c *barChart) measure(f *typeface, groups []barGroup) error {
	width := f.labelWidth(groups)
	value, widest := 0.0, &barRow{}
	for _, g := range groups {
		for i := range g.bars {
			b := &g.bars[i]
			var err error
			if b.lines, err = f.block(barLabel, b.what, b.label, width); err != nil {
				return err
			}
			for _, l := range b.lines {
				c.column = max(c.column, math.Ceil(l.w))
			}
			if w := f.bold.width(b.shown) * valueSize; w > value {
				value, widest = w, b
			}
		}
	}
	c.room = math.Floor(MapWidth - border - value - valueLead - c.base())
	if c.room < leastRoom {
		return &TooLong{widest.whatShown, widest.shown}
	}
	return nil
}

// labelWidth is the least width in which no label needs smaller letters, or the largest there is.
func (f *typeface) labelWidth(groups []barGroup) float64 {
	usual := barLabel
	usual.sizes = usual.sizes[:1]
	fit := func(width float64) bool {
		for _, g := range groups {
			for _, b := range g.bars {
				if _, err := f.block(usual, b.what, b.label, width); err != nil {
					return false
				}
			}
		}
		return true
	}
	for _, width := range labelWidths {
		if fit(width) {
			return width
		}
	}
	return labelWidths[len(labelWidths)-1]
}

// base is where bars begin.
func (c *barChart) base() float64 {
	if c.column == 0 {
		return border // no bar has a label
	}
	return border + c.column + barLead
}

// text sets a text across the whole width. One that is empty takes no place.
func (c *barChart) text(f *typeface, s setting, what, text string) error {
	text, err := f.tidy(what, text)
	if err != nil || text == "" {
		return err
	}
	lines, err := f.block(s, what, text, MapWidth-2*border)
	if err != nil {
		return err
	}
	for _, l := range lines {
		l.x, l.y = border, c.h+s.above+l.y
		c.texts = append(c.texts, l)
	}
	c.h = c.texts[len(c.texts)-1].bottom() + s.below
	return nil
}

// group sets a heading and the bars below it.
func (c *barChart) group(f *typeface, g barGroup) error {
	if err := c.text(f, barHeading, g.what, g.heading); err != nil {
		return err
	}
	for _, b := range g.bars {
		c.row(f, b, g.largest)
	}
	return nil
}

// row sets a label, its bar and its value beside each other, all at the same middle.
func (c *barChart) row(f *typeface, b barRow, largest int) {
	labelHigh := bottomOf(b.lines)
	high := max(barHeight, labelHigh)
	c.h = math.Ceil(c.h)
	middle := c.h + math.Ceil(high/2)
	for _, l := range b.lines {
		l.x, l.y = border+c.column-l.w, middle-labelHigh/2+l.y
		c.texts = append(c.texts, l)
	}
	box := barBox{rect{c.base(), middle - barHeight/2, zeroBar, barHeight}, b.kind, b.value == 0}
	if b.value > 0 {
		box.w = max(leastBar, math.Round(float64(b.value)/float64(largest)*c.room))
	}
	c.bars = append(c.bars, box)
	value := f.line(b.shown, box.right()+valueLead, 0, valueSize, true)
	value.y = middle - value.h/2
	c.texts = append(c.texts, value)
	c.h += math.Ceil(high) + 1 + barGap
}

// bottomOf is where lines end that were set from 0, 0.
func bottomOf(lines []line) float64 {
	if len(lines) == 0 {
		return 0
	}
	return lines[len(lines)-1].bottom()
}

// thousands writes a number as French does: groups of three digits, a narrow no-break space between them.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits
}

// size is that of the picture.
func (c *barChart) size() image.Rectangle { return image.Rect(0, 0, MapWidth, int(c.h)) }
