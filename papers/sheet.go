package papers

import (
	"errors"
	"image/color"
)

// ink is a colour, opaque.
type ink = color.RGBA

// Inks of a poster. The accent is a dark teal: printed in black it is a grey of 70 %, on which white letters keep a contrast of
// 9 to 1 (WCAG 2.2 asks for 4.5).
var (
	accent = ink{R: 0x0b, G: 0x4f, B: 0x5c, A: 0xff}
	black  = ink{A: 0xff}
	white  = ink{R: 0xff, G: 0xff, B: 0xff, A: 0xff}
)

// What a poster cannot do without.
var (
	errNoDate  = errors.New("papers: a poster needs its date (PosterText.Made)")
	errNoTitle = errors.New("l'affiche n'a pas de titre. Écrivez par exemple « Permanence numérique »")
)

// Measures of a poster, in millimetres.
const (
	point       = 25.4 / 72 // of type
	pageW       = 210.0
	pageH       = 297.0
	wide        = pageW - 2*margin
	inner       = wide - 2*padding // width of a line
	margin      = 13.0             // printers leave 5 white
	padding     = 12.0             // within the band and the panel
	sidePadding = 9.0              // above and below the texts of the panel
	panelLine   = 1.4              // breadth of the panel's frame
	codeSize    = 46.0             // of the QR code without its quiet zone
	leastGap    = 5.0              // between two groups of texts in the least size
	airyGap     = 9.0              // in the largest
	mostGap     = 16.0
	footGap     = 5.0
	tickWidth   = 1.25 // room of a tick, in sizes of the type
)

// sheet is a poster laid out: where each line and shape stands, in millimetres from the upper left corner.
type sheet struct {
	title       string // tidy
	lines       []line
	band, panel rect     // a panel without height is not drawn
	code        [][]bool // nil: none
	square      rect     // of the code, without its quiet zone
}

// line is a line of text where it stands: its box is as high as the typeface, so that two boxes that are apart do not touch.
type line struct {
	rect
	text string
	size float64 // points
	bold bool
	tick bool // one stands in front
	ink  ink
}

// tickBox is where the tick of a line stands.
func (l line) tickBox() rect {
	em := l.size * point
	return rect{l.x - (tickWidth-0.1)*em, l.y + (ascent-capital)*em, 0.75 * em, 0.68 * em}
}

// layPoster finds the largest sizes with which all fits: 2 is as large as is pleasant, 1 as large as was promised, 0 the least.
func layPoster(p PosterText) (*sheet, error) {
	if p.Made.IsZero() {
		return nil, errNoDate
	}
	f, err := newTypeface()
	if err != nil {
		return nil, err
	}
	all, err := readParts(f, p)
	if err != nil {
		return nil, err
	}
	if len(all[head]) == 0 {
		return nil, errNoTitle
	}
	s := &sheet{title: all[head][0].text}
	if p.Link != "" {
		if s.code, err = modules("Lien du carré", p.Link); err != nil {
			return nil, err
		}
	}
	if err := s.lay(f, all, 0); err != nil {
		return nil, err
	}
	const steps = 50
	for i := 2 * steps; i > 0; i-- {
		if s.lay(f, all, float64(i)/steps) == nil {
			return s, nil
		}
	}
	return s, s.lay(f, all, 0)
}

// quiet is the breadth of the code's quiet zone.
func (s *sheet) quiet() float64 { return quietZone * codeSize / float64(len(s.code)) }

// lay places everything in sizes chosen by t; its error is a TooLong.
func (s *sheet) lay(f *typeface, all parts, t float64) error {
	codeRoom := 0.0
	if s.code != nil {
		codeRoom = codeSize + 2*s.quiet() + 2*panelLine
	}
	widths := [4]float64{head: inner, body: inner, side: inner - codeRoom, foot: inner}
	if s.code != nil {
		widths[side] += padding // the quiet zone is border enough
	}
	var cols [4]column
	for i := range cols {
		var err error
		if cols[i], err = f.column(all[i], widths[i], t); err != nil {
			return err
		}
	}
	s.frame(cols, codeRoom)
	room := s.panel.y - s.band.bottom() - 2*gapAt(t)
	if cols[body].h > room {
		return tallest(all, cols, cols[side].h <= codeRoom)
	}
	s.fill(cols, s.band.bottom()+gapAt(t), room)
	return nil
}

// gapAt is the least distance of two groups of texts.
func gapAt(t float64) float64 { return leastGap + (airyGap-leastGap)*t/2 }

// frame places the band at the top and the panel above the foot.
func (s *sheet) frame(cols [4]column, codeRoom float64) {
	s.band = rect{margin, margin, wide, cols[head].h + 2*padding}
	end := pageH - margin
	if h := cols[foot].h; h > 0 {
		end -= h + footGap
	}
	h := codeRoom
	if cols[side].h > 0 {
		h = max(h, cols[side].h+2*sidePadding)
	}
	s.panel = rect{margin, end - h, wide, h}
	if s.code != nil {
		s.square = rect{s.panel.right() - panelLine - s.quiet() - codeSize, s.panel.y + (h-codeSize)/2, codeSize, codeSize}
	}
}

// fill sets the columns into the frame, the body into a room from y on.
func (s *sheet) fill(cols [4]column, y, room float64) {
	const left = margin + padding
	top := cols[body].spread(room)
	s.lines = nil
	s.put(cols[head], left, s.band.y+padding)
	s.put(cols[body], left, y+top)
	s.put(cols[side], left, s.panel.y+(s.panel.h-cols[side].h)/2)
	s.put(cols[foot], left, pageH-margin-cols[foot].h)
}

// put adds a column with its upper left corner at a place.
func (s *sheet) put(c column, x, y float64) {
	for _, l := range c.lines {
		l.x, l.y = l.x+x, l.y+y
		s.lines = append(s.lines, l)
	}
}
