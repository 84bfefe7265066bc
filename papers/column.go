package papers

// para is one text of a poster and how it is set.
type para struct {
	what    string // in messages; texts of one list share it
	text    string // tidy
	sizes   sizes
	bold    bool
	ticked  bool
	grouped bool // stands close below the one before
	ink     ink
}

// sizes of type, in points: as large as is pleasant, and the size that is kept as long as it fits. The least is that of all texts.
type sizes struct{ most, usual float64 }

// leastSize is the smallest type of a poster, in points: what the eye reads at two metres in good light.
const leastSize = 18

// at is the size for t: 2 most, 1 usual, 0 least.
func (s sizes) at(t float64) float64 {
	if t >= 1 {
		return s.usual + (s.most-s.usual)*(t-1)
	}
	return leastSize + (s.usual-leastSize)*t
}

// parts is a poster's texts, tidied, by where they stand.
type parts [4][]para

// Where a text of a poster stands.
const (
	head = iota // in the band
	body
	side // in the panel, beside the code
	foot
)

// readParts tidies the texts and says how each is set.
func readParts(f *typeface, p PosterText) (parts, error) {
	why := p.LinkWhy
	if p.Link == "" {
		why = ""
	}
	var all parts
	for _, r := range []struct {
		where int
		like  para
		texts []string
	}{
		{head, para{what: "Titre", sizes: sizes{64, 40}, bold: true, ink: white}, []string{p.Title}},
		{body, para{what: "Lieu", sizes: sizes{40, 28}, bold: true, ink: accent}, []string{p.Place}},
		{body, para{what: "Horaires", sizes: sizes{32, 24}, bold: true, ink: black}, p.When},
		{body, para{what: "Modalités", sizes: sizes{30, 24}, ticked: true, ink: black}, p.How},
		{body, para{what: "Avec qui", sizes: sizes{28, 24}, ink: black}, []string{p.With}},
		{side, para{what: "Mot-clé", sizes: sizes{36, 24}, bold: true, ink: accent}, []string{p.Keyword}},
		{side, para{what: "Raison du mot-clé", sizes: sizes{28, 24}, grouped: true, ink: black}, []string{p.KeywordWhy}},
		{side, para{what: "Légende du carré", sizes: sizes{28, 24}, ink: black}, []string{why}},
		{foot, para{what: "Pied de page", sizes: sizes{18, 18}, ink: black}, []string{p.Foot}},
	} {
		var err error
		if all[r.where], err = f.read(all[r.where], r.like, r.texts); err != nil {
			return parts{}, err
		}
	}
	return all, nil
}

// read adds the texts that are not empty.
func (f *typeface) read(into []para, like para, texts []string) ([]para, error) {
	const most = 40 // texts that stand below one another: a page holds fewer
	before := len(into)
	for _, text := range texts {
		text, err := f.tidy(like.what, text)
		if err != nil {
			return nil, err
		}
		if text == "" {
			continue
		}
		if len(into) == most {
			return nil, &TooLong{like.what, text}
		}
		like.text = text
		like.grouped = like.grouped || len(into) > before
		into = append(into, like)
	}
	return into, nil
}

// column is texts set below one another, from 0, 0.
type column struct {
	lines   []line
	h       float64
	groups  []int     // the line with which each group but the first begins
	heights []float64 // of each text
}

// column sets texts in a width (millimetres), in sizes chosen by t; its error is a TooLong.
func (f *typeface) column(ps []para, width, t float64) (column, error) {
	var c column
	for i, p := range ps {
		size := p.sizes.at(t)
		if i > 0 {
			c.begin(p, size, gapAt(t))
		}
		start := c.h
		if err := c.set(f.of(p.bold), p, size, width); err != nil {
			return column{}, err
		}
		c.heights = append(c.heights, c.h-start)
	}
	return c, nil
}

// begin leaves the room between a text and the one before.
func (c *column) begin(p para, size, gap float64) {
	if p.grouped {
		c.h += 0.25 * size * point
		return
	}
	c.h += gap
	c.groups = append(c.groups, len(c.lines))
}

func (c *column) set(l *letters, p para, size, width float64) error {
	em := size * point
	indent := 0.0
	if p.ticked {
		indent = tickWidth * em
	}
	lines, ok := l.wrap(p.text, (width-indent)/em)
	if !ok {
		return &TooLong{p.what, p.text}
	}
	for i, text := range lines {
		box := rect{indent, c.h + float64(i)*lineHeight*em, l.width(text) * em, letterHeight * em}
		c.lines = append(c.lines, line{box, text, size, p.bold, p.ticked && i == 0, p.ink})
	}
	c.h = c.lines[len(c.lines)-1].bottom()
	return nil
}

// spread moves the groups of a column apart to use the room it has, and says what stays above it.
func (c *column) spread(room float64) (top float64) {
	spare, gaps := room-c.h, float64(len(c.groups))
	gap := max(0, min(spare/(gaps+2), mostGap-airyGap))
	passed := 0
	for i := range c.lines {
		if passed < len(c.groups) && c.groups[passed] == i {
			passed++
		}
		c.lines[i].y += gap * float64(passed)
	}
	c.h += gap * gaps
	return (room - c.h) / 2
}

// tallest says which text to shorten: of all that share a name in the form, those that take the most room. What stands beside a
// code that is higher frees nothing when it is shortened.
func tallest(all parts, cols [4]column, codeHigher bool) error {
	heights, longest := map[string]float64{}, map[string]string{}
	worst := ""
	for where, ps := range all {
		if where == side && codeHigher {
			continue
		}
		for i, p := range ps {
			heights[p.what] += cols[where].heights[i]
			if len(p.text) > len(longest[p.what]) {
				longest[p.what] = p.text
			}
			if worst == "" || heights[p.what] > heights[worst] {
				worst = p.what
			}
		}
	}
	return &TooLong{worst, longest[worst]}
}
