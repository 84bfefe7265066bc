package papers

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Inks of maps and bars: a pale blue, a middle one, a grey, the vermilion of Okabe and Ito made darker, and a navy. Between any
// two of those that can be mistaken for each other the lightness differs, so that they are told apart in grey and by who sees no
// red or no green.
var (
	pale      = ink{R: 0xbc, G: 0xd0, B: 0xdc, A: 0xff}
	steel     = ink{R: 0x87, G: 0xa6, B: 0xc2, A: 0xff}
	grey      = ink{R: 0x55, G: 0x5b, B: 0x60, A: 0xff}
	vermilion = ink{R: 0xcc, G: 0x4a, B: 0x00, A: 0xff}
	navy      = ink{R: 0x08, G: 0x25, B: 0x4f, A: 0xff}
)

// draw draws the map: the points that matter last, and labels above them all.
func (c *chart) draw() (image.Image, error) {
	img := image.NewRGBA(image.Rect(0, 0, MapWidth, MapHeight))
	draw.Draw(img, img.Bounds(), image.NewUniform(white), image.Point{}, draw.Src)
	for kind := range kinds {
		for _, m := range c.marks {
			if m.kind == kind {
				m.draw(img)
			}
		}
	}
	p := pen{img, map[string]font.Face{}}
	for _, l := range c.labels {
		if err := p.halo(l); err != nil {
			return nil, err
		}
	}
	for _, l := range append(c.labels, c.texts...) {
		if err := p.write(l, 0, 0, l.ink); err != nil {
			return nil, err
		}
	}
	return img, nil
}

// draw draws one point. Those that matter stand on a white edge, which keeps them apart where they are dense.
func (m mark) draw(img *image.RGBA) {
	r := m.radius()
	round := func(x, y float64) float64 { return math.Hypot(x, y) }
	square := func(x, y float64) float64 { return max(math.Abs(x), math.Abs(y)) }
	switch m.kind {
	case Covered:
		m.shape(img, round, r, pale)
	case Uncovered:
		m.shape(img, round, r, grey)
		m.shape(img, round, r-1.8, white)
	case Priority:
		m.shape(img, round, r+1.5, white)
		m.shape(img, round, r, vermilion)
	case Permanence:
		m.shape(img, square, r+1.5, white)
		m.shape(img, square, r, navy)
	}
}

// shape fills all that is nearer than r by a measure, with a soft edge of one pixel.
func (m mark) shape(img *image.RGBA, measure func(x, y float64) float64, r float64, c ink) {
	for y := int(m.y - r - 1); y <= int(m.y+r+1); y++ {
		for x := int(m.x - r - 1); x <= int(m.x+r+1); x++ {
			if !image.Pt(x, y).In(img.Rect) {
				continue
			}
			share := min(1, max(0, r+0.5-measure(float64(x)+0.5-m.x, float64(y)+0.5-m.y)))
			img.SetRGBA(x, y, blend(img.RGBAAt(x, y), c, share))
		}
	}
}

func blend(under, over ink, share float64) ink {
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*share)) }
	return ink{R: mix(under.R, over.R), G: mix(under.G, over.G), B: mix(under.B, over.B), A: 0xff}
}

// pen writes texts on a picture.
type pen struct {
	img   draw.Image
	faces map[string]font.Face // by weight and size
}

// halo clears a white edge around the letters of a label, for the points below it.
func (p pen) halo(l line) error {
	for _, d := range [][2]float64{{-2, 0}, {2, 0}, {0, -2}, {0, 2}, {-1.5, -1.5}, {-1.5, 1.5}, {1.5, -1.5}, {1.5, 1.5}} {
		if err := p.write(l, d[0], d[1], white); err != nil {
			return err
		}
	}
	return nil
}

// write writes a line, moved by dx, dy. It goes letter by letter, because a whole text would be kerned, and narrower than it was measured.
func (p pen) write(l line, dx, dy float64, c color.Color) error {
	face, err := p.face(l)
	if err != nil {
		return err
	}
	at := fixed.Point26_6{X: subpixel(l.x + dx), Y: subpixel(l.y + ascent*l.size + dy)}
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(c), Face: face, Dot: at}
	for _, r := range l.text {
		d.DrawString(string(r))
	}
	return nil
}

func subpixel(x float64) fixed.Int26_6 { return fixed.Int26_6(math.Round(x * 64)) }

func (p pen) face(l line) (font.Face, error) {
	key := fmt.Sprint(l.bold, l.size)
	if face, ok := p.faces[key]; ok {
		return face, nil
	}
	ttf := regularTTF
	if l.bold {
		ttf = boldTTF
	}
	f, err := opentype.Parse(ttf)
	if err != nil {
		return nil, err
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: l.size, DPI: 72, Hinting: font.HintingNone})
	p.faces[key] = face
	return face, err
}
