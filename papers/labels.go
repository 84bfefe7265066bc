package papers

import (
	"cmp"
	"slices"
)

// labelGap is what stays free between a mark and its label, and around a label, in pixels.
const labelGap = 4.5

// layLabels gives labels to the points that matter, as far as there is room: the largest weight first, then as they come.
func (c *chart) layLabels(f *typeface, points []MapPoint, marks []mark) error {
	order := make([]int, 0, len(points))
	for i, p := range points {
		if p.Kind >= Priority {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(points[b].Weight, points[a].Weight) })
	for _, i := range order {
		text, err := f.tidy("Carte, « "+opening(points[i].Label)+" »", points[i].Label)
		if err != nil {
			return err
		}
		if text == "" {
			continue
		}
		if l, ok := c.place(f.line(text, 0, 0, labelSize, true), marks[i], marks); ok {
			c.labels = append(c.labels, l)
		}
	}
	return nil
}

// place finds the best place beside a mark: it covers few points, and none that matters. Left or right is worth more than above
// or below, and that more than a corner: there one may wonder whose label it is.
func (c *chart) place(l line, at mark, marks []mark) (line, bool) {
	best, least := line{}, -1
	r := at.radius() + labelGap
	for _, position := range []struct {
		x, y float64
		cost int // in halves of a covered point
	}{
		{at.x + r, at.y - l.h/2, 0}, {at.x - r - l.w, at.y - l.h/2, 0},
		{at.x - l.w/2, at.y - r - l.h, 3}, {at.x - l.w/2, at.y + r, 3},
		{at.x + r*0.7, at.y - r*0.7 - l.h, 5}, {at.x + r*0.7, at.y + r*0.7, 5},
		{at.x - r*0.7 - l.w, at.y - r*0.7 - l.h, 5}, {at.x - r*0.7 - l.w, at.y + r*0.7, 5},
	} {
		l.x, l.y = position.x, position.y
		covered, ok := c.covers(l.rect, marks)
		if cost := 2*covered + position.cost; ok && (least < 0 || cost < least) {
			best, least = l, cost
		}
	}
	return best, least >= 0
}

// covers counts the lesser points under a label; ok is false if it may not stand there.
func (c *chart) covers(r rect, marks []mark) (covered int, ok bool) {
	if !c.area.holds(r) {
		return 0, false
	}
	for _, l := range c.labels {
		if l.rect.overlaps(r.inset(-labelGap)) {
			return 0, false
		}
	}
	for _, m := range marks {
		switch {
		case !m.box().overlaps(r):
		case m.kind >= Priority:
			return 0, false
		default:
			covered++
		}
	}
	return covered, true
}
