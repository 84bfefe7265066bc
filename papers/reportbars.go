package papers

// Measures of the bars of a report. Those within a row have the proportions of a picture of bars.
const (
	leastReportRoom = 12.0 // of the longest bar, in millimetres
	headingLead     = 0.8  // from a heading to its rule
)

// labelPlaces are how much of a column its labels may take, and how many lines, the best first: they take no more than they need.
var labelPlaces = []struct {
	share float64
	lines int
}{{0.3, 1}, {0.36, 1}, {0.42, 1}, {0.36, 2}, {0.42, 2}, {0.48, 2}, {0.48, 3}}

// barColumn is how bars of a report are set, in all groups and columns alike, in millimetres.
type barColumn struct {
	density
	width float64
	label printStyle
	value printStyle
	names float64 // width of the labels
	scale float64 // of a picture of bars
}

// body sets the groups from y on and says where they end.
func (p *reportPage) body(f *typeface, groups []barGroup, y float64, d density) (bottom float64, err error) {
	c, err := f.measureBars(groups, d)
	if err != nil {
		return 0, err
	}
	second, err := c.split(f, groups)
	if err != nil {
		return 0, err
	}
	x, top := margin, y
	for i, g := range groups {
		if i == second {
			x, y = x+c.width+columnGap, top
		}
		if y, err = p.group(f, c, g, x, y); err != nil {
			return 0, err
		}
		bottom = max(bottom, y)
		y += c.gap()
	}
	return bottom, nil
}

// measureBars sets the labels, all in one size and in one width.
func (f *typeface) measureBars(groups []barGroup, d density) (*barColumn, error) {
	c := &barColumn{density: d, label: reportLabel.at(d.letters), value: reportValue.at(d.letters)}
	c.width = (wide - float64(d.columns-1)*columnGap) / float64(d.columns)
	c.label.least, c.value.least = c.label.most, c.value.most
	c.scale = (1.1 + 0.1*d.letters + 0.2*d.air) * c.label.most * point / barHeight
	var err error
	for _, place := range labelPlaces {
		c.label.lines = place.lines
		if err = c.setLabels(f, groups, place.share*c.width); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func (c *barColumn) setLabels(f *typeface, groups []barGroup, width float64) error {
	c.names = 0
	for _, g := range groups {
		for i := range g.bars {
			b := &g.bars[i]
			var err error
			if b.lines, err = f.print(c.label, b.what, b.label, width); err != nil {
				return err
			}
			for _, l := range b.lines {
				c.names = max(c.names, l.w)
			}
		}
	}
	return nil
}

// room is how long the longest bar of a group may be, for each value to have room behind its own.
func (c *barColumn) room(f *typeface, g barGroup) (float64, error) {
	longest := c.width - c.base()
	for _, b := range g.bars {
		room := c.width - c.base() - valueLead*c.scale - f.bold.width(b.shown)*c.value.most*point
		if b.value > 0 {
			longest = min(longest, room*float64(g.largest)/float64(b.value))
		}
		if longest < leastReportRoom || room < leastBar*c.scale {
			return 0, &TooLong{b.whatShown, b.shown}
		}
	}
	return longest, nil
}

// base is where bars begin.
func (c *barColumn) base() float64 {
	if c.names == 0 {
		return 0 // no bar has a label
	}
	return c.names + barLead*c.scale
}

// split says with which group the second column begins, so that the longer one is as short as can be; the number of
// groups if there is none.
func (c *barColumn) split(f *typeface, groups []barGroup) (second int, err error) {
	if c.columns == 1 {
		return len(groups), nil
	}
	ends := []float64{0} // of the groups below one another
	for _, g := range groups {
		bottom, err := new(reportPage).group(f, c, g, 0, ends[len(ends)-1])
		if err != nil {
			return 0, err
		}
		ends = append(ends, bottom+c.gap())
	}
	all := ends[len(groups)]
	second = 1
	for i := range groups {
		if max(ends[i], all-ends[i]) < max(ends[second], all-ends[second]) {
			second = i
		}
	}
	return second, nil
}

// group sets a heading and the bars below, and says where they end.
func (p *reportPage) group(f *typeface, c *barColumn, g barGroup, x, y float64) (bottom float64, err error) {
	if y, err = p.heading(f, c, g, x, y); err != nil {
		return 0, err
	}
	room, err := c.room(f, g)
	if err != nil {
		return 0, err
	}
	gap := (0.3 + 0.2*c.letters + 0.5*c.air) * c.label.most * point
	for i, b := range g.bars {
		if i > 0 {
			y += gap
		}
		p.surplus.add(barFamily, b.what, b.label, b.lines, 1)
		length := 0.0
		if b.value > 0 {
			length = max(leastBar*c.scale, float64(b.value)/float64(g.largest)*room)
		}
		y = p.row(f, c, b, length, x, y)
	}
	return y, nil
}

// heading sets the heading of a group on a rule, and says where its bars begin.
func (p *reportPage) heading(f *typeface, c *barColumn, g barGroup, x, y float64) (bottom float64, err error) {
	if g.heading == "" {
		return y, nil
	}
	lines, err := f.print(reportHeading.at(c.letters), g.what, g.heading, c.width)
	if err != nil {
		return 0, err
	}
	p.surplus.add(g.what, g.what, g.heading, lines, 1)
	y = p.put(lines, x, y) + headingLead
	p.rules = append(p.rules, rect{x, y, c.width, headingRule})
	return y + headingRule + 1.5 + c.letters + c.air, nil
}

// row sets a label, its bar and its value beside each other, all at the same middle, and says where they end.
func (p *reportPage) row(f *typeface, c *barColumn, b barRow, length, x, y float64) (bottom float64) {
	value := f.line(b.shown, 0, 0, c.value.most*point, true)
	value.size = c.value.most
	labelHigh, barHigh := bottomOf(b.lines), barHeight*c.scale
	high := max(labelHigh, barHigh, value.h)
	middle := y + high/2
	for _, l := range b.lines {
		l.x, l.y = x+c.names-l.w, middle-labelHigh/2+l.y
		p.texts = append(p.texts, l)
	}
	box := barBox{rect{x + c.base(), middle - barHigh/2, length, barHigh}, b.kind, b.value == 0}
	if box.zero {
		box.w = zeroBar * c.scale
	}
	p.bars = append(p.bars, box)
	value.x, value.y = box.right()+valueLead*c.scale, middle-value.h/2
	p.texts = append(p.texts, value)
	return y + high
}
