package papers

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math"
)

// MapPicture is what a map shows.
type MapPicture struct {
	Title, Note string // above and below; "" left out
	Points      []MapPoint
	Legend      []string // what each kind of point means, by kind; "" or missing: that kind is not explained
}

// MapPoint is a commune, or a permanence.
type MapPoint struct {
	Lat, Lon float64 // degrees, WGS84
	Label    string  // shown for Priority and Venue, where there is room
	Weight   int     // which labels are placed first, the largest; inhabitants for instance
	Kind     int     // Covered, Uncovered, Priority or Venue
}

// Kinds of points. They differ in shape first, then in how dark they are, and last in colour.
const (
	Covered    = iota // a pale dot
	Uncovered         // a hollow ring
	Priority          // uncovered, and where one should go first: a large, strong dot
	Permanence        // a permanence: a square
	kinds
)

// MapWidth and MapHeight are the size of a map in pixels.
const (
	MapWidth  = 1200
	MapHeight = 900
)

// Map writes a territory as a PNG of MapWidth × MapHeight pixels, north upwards: longitudes are drawn narrower than latitudes by
// the cosine of the middle latitude, which is true enough for a département or a region. A territory that crosses the 180th
// meridian comes out torn apart. Labels never touch each other nor a point that matters; those without room are left out, of the
// smallest weight first. Title, legend or note without room are a TooLong; after an error nothing was written. Points of one
// weight keep their order, so that the same picture gives the same bytes. It is safe for concurrent use.
func Map(w io.Writer, m MapPicture) error {
	c, err := layChart(m)
	if err != nil {
		return err
	}
	img, err := c.draw()
	if err != nil {
		return fmt.Errorf("papers: map: %w", err)
	}
	if err := writePNG(w, img); err != nil {
		return fmt.Errorf("papers: map: %w", err)
	}
	return nil
}

// writePNG writes a picture at once, when it is whole.
func writePNG(w io.Writer, img image.Image) error {
	var b bytes.Buffer
	fast := png.Encoder{CompressionLevel: png.BestSpeed} // two thirds of the time, for three hundredths more bytes
	if err := fast.Encode(&b, img); err != nil {         // half the time, for a third more bytes
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Measures of a map, in pixels.
const (
	border    = 36.0
	titleSize = 34.0
	labelSize = 17.0
	smallSize = 20.0 // legend and note
	leastMap  = 500.0
)

// chart is a map laid out, in pixels.
type chart struct {
	area   rect // of the points
	marks  []mark
	labels []line
	texts  []line
}

// mark is a point where it is drawn.
type mark struct {
	x, y float64
	kind int
}

// radius of the marks by kind; half the side of a square.
func (m mark) radius() float64 { return [kinds]float64{5, 5, 8, 8}[m.kind] }

func (m mark) box() rect {
	r := m.radius()
	return rect{m.x - r, m.y - r, 2 * r, 2 * r}
}

func layChart(m MapPicture) (*chart, error) {
	if err := checkPoints(m.Points); err != nil {
		return nil, err
	}
	f, err := newTypeface()
	if err != nil {
		return nil, err
	}
	c := &chart{}
	top, err := c.layTitle(f, m.Title)
	if err != nil {
		return nil, err
	}
	bottom, err := c.layBelow(f, m)
	if err != nil {
		return nil, err
	}
	c.area = rect{border, top, MapWidth - 2*border, bottom - top}
	if c.area.h < leastMap {
		return nil, longestOf(m)
	}
	places := project(m.Points, c.area.inset(10))
	for i, p := range m.Points {
		places[i].kind = p.Kind
	}
	if err := c.layLabels(f, m.Points, places); err != nil {
		return nil, err
	}
	c.marks = append(places, c.marks...) // those of the legend come last
	return c, nil
}

func checkPoints(points []MapPoint) error {
	if len(points) == 0 {
		return errors.New("carte : il n'y a aucune commune à montrer. Choisissez un territoire qui en a")
	}
	for _, p := range points {
		if !finite(p.Lat, p.Lon) || math.Abs(p.Lat) > 90 || math.Abs(p.Lon) > 180 {
			return fmt.Errorf("carte : « %s » n'est nulle part sur Terre (latitude %v, longitude %v). Corrigez ses coordonnées", opening(p.Label), p.Lat, p.Lon)
		}
		if p.Kind < 0 || p.Kind >= kinds {
			return fmt.Errorf("papers: map: %q is of kind %d, which is unknown", p.Label, p.Kind)
		}
	}
	return nil
}

// project places points in an area, as large as it allows, in its middle.
func project(points []MapPoint, area rect) []mark {
	south, north, west, east := 90.0, -90.0, 180.0, -180.0
	for _, p := range points {
		south, north = min(south, p.Lat), max(north, p.Lat)
		west, east = min(west, p.Lon), max(east, p.Lon)
	}
	narrow := math.Cos((south + north) / 2 * math.Pi / 180)
	const least = 0.01 // degrees, some 1.1 km: a single point does not fill the world
	scale := min(area.w/max((east-west)*narrow, least), area.h/max(north-south, least))
	marks := make([]mark, len(points))
	for i, p := range points {
		marks[i].x = area.x + area.w/2 + (p.Lon-(west+east)/2)*narrow*scale
		marks[i].y = area.y + area.h/2 - (p.Lat-(south+north)/2)*scale
	}
	return marks
}

// layTitle says where the map may begin.
func (c *chart) layTitle(f *typeface, title string) (top float64, err error) {
	if title, err = f.tidy("Titre de la carte", title); err != nil || title == "" {
		return border, err
	}
	lines, ok := f.bold.wrap(title, (MapWidth-2*border)/titleSize)
	if !ok {
		return 0, &TooLong{"Titre de la carte", title}
	}
	y := border - 8
	for _, text := range lines {
		c.texts = append(c.texts, f.line(text, border, y, titleSize, true))
		y += lineHeight * titleSize
	}
	return y + 8, nil
}

// layBelow sets the note at the bottom and the legend above it, and says where the map must end.
func (c *chart) layBelow(f *typeface, m MapPicture) (bottom float64, err error) {
	bottom = MapHeight - border + 8
	note, err := f.tidy("Note de la carte", m.Note)
	if err != nil {
		return 0, err
	}
	lines, ok := f.regular.wrap(note, (MapWidth-2*border)/smallSize)
	if !ok {
		return 0, &TooLong{"Note de la carte", note}
	}
	for i := len(lines) - 1; i >= 0; i-- {
		bottom -= lineHeight * smallSize
		c.texts = append(c.texts, f.line(lines[i], border, bottom, smallSize, false))
	}
	if bottom, err = c.layLegend(f, m.Legend, bottom); err != nil {
		return 0, err
	}
	return bottom - 12, nil
}

// layLegend sets one mark and its meaning after the other, in as many rows as it takes, the last of which ends at bottom.
func (c *chart) layLegend(f *typeface, legend []string, bottom float64) (top float64, err error) {
	const lead, gap = 30.0, 36.0 // from a mark to its text, and to the next mark
	const row = 1.5 * smallSize
	if len(legend) > kinds {
		return 0, fmt.Errorf("papers: map: a legend of %d texts for %d kinds", len(legend), kinds)
	}
	x, y := border, 0.0
	first, mark0 := len(c.texts), len(c.marks)
	for kind, text := range legend {
		if text, err = f.tidy("Légende de la carte", text); err != nil {
			return 0, err
		}
		if text == "" {
			continue
		}
		l := f.line(text, x+lead, y, smallSize, false)
		if l.right() > MapWidth-border && x > border {
			x, y = border, y+row
			l.x, l.y = x+lead, y
		}
		if l.right() > MapWidth-border {
			return 0, &TooLong{"Légende de la carte", text}
		}
		c.texts = append(c.texts, l)
		c.marks = append(c.marks, mark{x + 10, y + letterHeight*smallSize/2, kind})
		x = l.right() + gap
	}
	if first == len(c.texts) {
		return bottom, nil
	}
	top = bottom - y - row
	for i := first; i < len(c.texts); i++ {
		c.texts[i].y += top
	}
	for i := mark0; i < len(c.marks); i++ {
		c.marks[i].y += top
	}
	return top, nil
}

// line is a text of a picture, black.
func (f *typeface) line(text string, x, y, size float64, bold bool) line {
	return line{rect: rect{x, y, f.of(bold).width(text) * size, letterHeight * size}, text: text, size: size, bold: bold, ink: black}
}

// longestOf says which text to shorten when a map has no room left for its points.
func longestOf(m MapPicture) error {
	worst := &TooLong{"Titre de la carte", m.Title}
	if len(m.Note) > len(m.Title) {
		worst = &TooLong{"Note de la carte", m.Note}
	}
	return worst
}
