package papers

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/font"
)

// draw draws the bars and their texts.
func (c *barChart) draw() (image.Image, error) {
	img := image.NewRGBA(c.size())
	draw.Draw(img, img.Bounds(), image.NewUniform(white), image.Point{}, draw.Src)
	for _, b := range c.bars {
		b.draw(img)
	}
	p := pen{img, map[string]font.Face{}}
	for _, l := range c.texts {
		if err := p.write(l, 0, 0, l.ink); err != nil {
			return nil, err
		}
	}
	return img, nil
}

// Patterns of bars that are barHeight high, in pixels. On another height they are as much larger or smaller.
const (
	barEdge = 2.0 // of a hollow bar

	dotRadius = 2.8
	dotPitch  = 18.0
	dotLead   = 9.0 // from either end of the bar

	stripeEdge    = 3.0
	stripePitch   = 14.0 // along the bar
	stripeBreadth = 6.5
)

// draw draws one bar in the pattern of its kind.
func (b barBox) draw(img *image.RGBA) {
	switch {
	case b.zero:
		fillRect(img, b.rect, grey)
	case b.kind == BarPlain:
		fillRect(img, b.rect, steel)
	case b.kind == BarStrong:
		fillRect(img, b.rect, navy)
		b.dots(img)
	case b.kind == BarAlert:
		fillRect(img, b.rect, vermilion)
		b.stripes(img)
	case b.kind == BarFaint:
		fillRect(img, b.rect, grey)
		fillRect(img, b.inset(barEdge), white)
	}
}

// fillRect fills a place that lies on whole pixels.
func fillRect(img *image.RGBA, r rect, c ink) {
	draw.Draw(img, image.Rect(int(r.x), int(r.y), int(r.right()), int(r.bottom())), image.NewUniform(c), image.Point{}, draw.Src)
}

// dots sets a row of white dots along the middle of a bar, as many as have room.
func (b barBox) dots(img *image.RGBA) {
	for _, x := range b.dotsAt(1) {
		mark{x: x, y: b.y + b.h/2}.shape(img, math.Hypot, dotRadius, white)
	}
}

// dotsAt is where the dots of a bar stand that is so many times as high as barHeight.
func (b barBox) dotsAt(scale float64) (at []float64) {
	gaps := math.Floor((b.w - 2*dotLead*scale) / (dotPitch * scale))
	for i := 0.0; i <= gaps; i++ {
		at = append(at, b.x+b.w/2+(i-gaps/2)*dotPitch*scale)
	}
	return at
}

// stripes draws white stripes across a bar, upwards to the right, within an edge. A bar that is too short for one stays even.
func (b barBox) stripes(img *image.RGBA) {
	r := b.inset(stripeEdge)
	if r.w < stripeBreadth {
		return
	}
	for y := int(r.y); y < int(r.bottom()); y++ {
		for x := int(r.x); x < int(r.right()); x++ {
			at := math.Mod(float64(x)-r.x+float64(y)-r.y, stripePitch)
			share := min(1, max(0, stripeBreadth/2+0.5-math.Abs(at-stripePitch/2)))
			img.SetRGBA(x, y, blend(img.RGBAAt(x, y), white, share))
		}
	}
}
