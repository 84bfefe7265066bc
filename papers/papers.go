// Package papers writes what leaves the bot as a file: the poster of a permanence and the report of an activity (PDF, one A4 page
// each), the map of a territory and the bars of figures (PNG).
//
// A paper hangs on a wall long after who made it has gone, so it is complete or it is not made: each function lays everything
// out first and writes only what it has finished. No text is cut and none covers another; one that finds no place is an error
// that names it (TooLong), for whoever typed it to shorten. A character that the typeface lacks is an error as well, because it
// would come out as an empty box.
//
// Where to look: poster (its texts, the PDF), sheet and column (where they stand), code (the QR code); report (its texts, the PDF),
// reportpage (the page but for the bars) and reportbars; bars and pattern (their picture); chart (the map), labels, ink (how it is
// drawn); letters and wrap (measuring and breaking texts, for all of them).
//
// It draws what it is given: which sessions stand on a poster is bot/poster.go, which communes on a map bot/territory.go.
//
// The same input gives the same bytes: there is no clock, no random number and no font of the machine in here. The typeface is
// DejaVu Sans Condensed, compiled in: it holds all letters of French, œ, Œ, Ÿ and € included. The Go fonts would come with
// golang.org/x/image, but strike their zeros through, and 38000 read 38888 on the wall. fpdf saves us the PDF format and the
// subset of the typeface; go-qrcode saves us the coding of a QR code, of which only the modules are taken, so that they stay
// sharp at any size of paper.
package papers

import (
	"fmt"
	"math"
)

// TooLong says that a text does not fit on its paper, even in the least size that can be read there. Its message is for people.
type TooLong struct {
	What string // which text, in French, as the form names it: "Horaires"
	Text string // the text, whole
}

// Error says in French which text it is, how it begins, and how to mend it.
func (e *TooLong) Error() string {
	return fmt.Sprintf("%s : ce texte est trop long pour tenir sur la feuille. Raccourcissez-le : « %s »", e.What, opening(e.Text))
}

// opening is what a message quotes of a text: enough to know it by.
func opening(text string) string {
	const enough = 60
	runes := []rune(text)
	if len(runes) <= enough {
		return text
	}
	return string(runes[:enough]) + "…"
}

// rect is a place on a paper, in the unit of that paper (millimetres of a poster, pixels of a picture), y downwards.
type rect struct{ x, y, w, h float64 }

func (r rect) right() float64  { return r.x + r.w }
func (r rect) bottom() float64 { return r.y + r.h }

// inset is what remains of r inside a border.
func (r rect) inset(border float64) rect {
	return rect{r.x + border, r.y + border, r.w - 2*border, r.h - 2*border}
}

// overlaps says whether the two share more than an edge.
func (r rect) overlaps(o rect) bool {
	return r.x < o.right() && o.x < r.right() && r.y < o.bottom() && o.y < r.bottom()
}

// holds says whether o lies within r, but for rounding.
func (r rect) holds(o rect) bool {
	const rounding = 1e-6
	return o.x >= r.x-rounding && o.y >= r.y-rounding && o.right() <= r.right()+rounding && o.bottom() <= r.bottom()+rounding
}

func finite(numbers ...float64) bool {
	for _, n := range numbers {
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return false
		}
	}
	return true
}
