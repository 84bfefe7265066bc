package papers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"
)

// ReportText is all that stands on a report of activity, of one person or of a territory. Who, When and Notes that are "" are
// left out with their place.
type ReportText struct {
	Title  string      // "Bilan d'activité"
	Who    string      // "Paul Martin", "Département de la Manche"
	When   string      // "novembre 2026", "du 1er janvier au 30 novembre 2026"
	Key    []KeyFigure // LeastKeyFigures to MostKeyFigures: the large numbers at the top
	Groups []BarGroup  // one to MostReportGroups, of MostReportBars together
	Notes  []string    // small print at the bottom: where figures come from, how they are counted
	Made   time.Time   // its day, in its own zone, stands at the bottom; to the second it is the date of creation in the file
}

// KeyFigure is a large number and what it counts. Neither may be "".
type KeyFigure struct {
	Value string // as it is to be read: "128", "46 h 30", "52 %"
	Label string // "accompagnements"
}

// How much a report shows.
const (
	LeastKeyFigures  = 2
	MostKeyFigures   = 6
	MostReportGroups = 6
	MostReportBars   = 30 // of all groups together
)

// What a report cannot do without.
var (
	errNoReportDate  = errors.New("papers: a report needs its date (ReportText.Made)")
	errNoReportTitle = errors.New("le bilan n'a pas de titre. Écrivez par exemple « Bilan d'activité »")
)

// Report writes a report of activity as PDF: one A4 page, upright, which a printer that knows black only prints well too. Groups
// stand below one another, or in two columns where letters can be larger so. Bars look like those of Bars; the largest of each
// group is as long as there is room in it. Texts take several lines, then letters shrink, down to 8 points; a text that still
// finds no room is a TooLong. No title, too few or too many figures, groups or bars are errors that say in French what to do; a
// date that is missing, a negative value and an unknown kind are errors of the caller. After an error nothing was written.
//
// Texts can be selected and searched in the file, in the order in which they are read; its language is fr-FR, and its title says
// what, who and when. The same texts and date give the same bytes. It is safe for concurrent use.
func Report(w io.Writer, r ReportText) error {
	p, err := layReport(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.draw(&b, r.Made); err != nil {
		return fmt.Errorf("papers: report: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("papers: report: %w", err)
	}
	return nil
}

func checkReport(r ReportText) error {
	n, err := countBars(r.Groups)
	switch keys, groups := len(r.Key), len(r.Groups); {
	case r.Made.IsZero():
		return errNoReportDate
	case err != nil:
		return err
	case n == 0:
		return errNoBar
	case groups > MostReportGroups:
		return fmt.Errorf("bilan : %d groupes de barres ne tiennent pas sur une page, %d au plus. Retirez-en, ou réunissez-en", groups, MostReportGroups)
	case n > MostReportBars:
		return fmt.Errorf("bilan : %d barres ne tiennent pas sur une page, %d au plus. Gardez les plus grandes, et réunissez les autres en une seule, « Autres »", n, MostReportBars)
	case keys < LeastKeyFigures:
		return fmt.Errorf("bilan : %d chiffre clé, c'est trop peu. Donnez-en %d au moins", keys, LeastKeyFigures)
	case keys > MostKeyFigures:
		return fmt.Errorf("bilan : %d chiffres clés, c'est trop pour être lu d'un coup d'œil. Gardez-en %d au plus", keys, MostKeyFigures)
	}
	return nil
}

// reportParts is the texts of a report, tidied.
type reportParts struct {
	title, who, when string
	keys             []KeyFigure
	groups           []barGroup
	notes            []para
	made             string
}

// Names of texts in messages.
const (
	titleOfReport = "Titre"
	whoOfReport   = "Nom"
	whenOfReport  = "Période"
	notesOfReport = "Notes"
)

func (f *typeface) readReport(r ReportText) (*reportParts, error) {
	all := &reportParts{made: "Établi le " + longDay(r.Made)}
	var err error
	if all.title, err = f.tidy(titleOfReport, r.Title); err != nil {
		return nil, err
	}
	if all.title == "" {
		return nil, errNoReportTitle
	}
	if all.who, err = f.tidy(whoOfReport, r.Who); err != nil {
		return nil, err
	}
	if all.when, err = f.tidy(whenOfReport, r.When); err != nil {
		return nil, err
	}
	if all.keys, err = f.readKeys(r.Key); err != nil {
		return nil, err
	}
	if all.groups, err = f.readGroups(r.Groups); err != nil {
		return nil, err
	}
	all.notes, err = f.read(nil, para{what: notesOfReport}, r.Notes)
	return all, err
}

func (f *typeface) readKeys(keys []KeyFigure) ([]KeyFigure, error) {
	read := make([]KeyFigure, len(keys))
	for i, k := range keys {
		var err error
		if read[i].Value, err = f.tidy(keyValueName(i), k.Value); err != nil {
			return nil, err
		}
		if read[i].Label, err = f.tidy(keyLabelName(i), k.Label); err != nil {
			return nil, err
		}
		if read[i].Value == "" || read[i].Label == "" {
			return nil, fmt.Errorf("bilan : le chiffre clé %d n'a pas de valeur ou pas de libellé. Complétez-le, ou retirez-le", i+1)
		}
	}
	return read, nil
}

func keyValueName(i int) string { return fmt.Sprintf("Chiffre clé %d", i+1) }
func keyLabelName(i int) string { return fmt.Sprintf("Libellé du chiffre clé %d", i+1) }

// fileTitle is how a reader of the file calls it.
func (r *reportParts) fileTitle() string {
	said := []string{r.title}
	for _, text := range []string{r.who, r.when} {
		if text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, ", ")
}

// longDay is a day in words: "1er décembre 2026".
func longDay(t time.Time) string {
	months := [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	first := ""
	if t.Day() == 1 {
		first = "er"
	}
	return fmt.Sprintf("%d%s %s %d", t.Day(), first, months[t.Month()-1], t.Year())
}

// draw writes the page as PDF.
func (p *reportPage) draw(w io.Writer, made time.Time) error {
	pdf := newPage(p.title, "fr-FR", made)
	fill(pdf, accent)
	pdf.RoundedRect(p.band.x, p.band.y, p.band.w, p.band.h, corner, "1234", "F")
	stroke(pdf, accent)
	pdf.SetLineWidth(cellLine)
	for _, c := range p.cells {
		r := c.inset(cellLine / 2)
		pdf.RoundedRect(r.x, r.y, r.w, r.h, corner, "1234", "D")
	}
	fill(pdf, accent)
	for _, r := range p.rules {
		pdf.Rect(r.x, r.y, r.w, r.h, "F")
	}
	for _, b := range p.bars {
		b.print(pdf)
	}
	for _, l := range p.texts {
		drawLine(pdf, l)
	}
	return pdf.Output(w)
}

// print draws one bar, in millimetres, in the pattern of its kind.
func (b barBox) print(pdf *fpdf.Fpdf) {
	scale := b.h / barHeight
	inks := [barKinds]ink{BarPlain: steel, BarStrong: navy, BarAlert: vermilion, BarFaint: grey}
	fill(pdf, inks[b.kind])
	if b.zero {
		fill(pdf, grey)
	}
	pdf.Rect(b.x, b.y, b.w, b.h, "F")
	fill(pdf, white)
	switch {
	case b.zero:
	case b.kind == BarStrong:
		for _, x := range b.dotsAt(scale) {
			pdf.Circle(x, b.y+b.h/2, dotRadius*scale, "F")
		}
	case b.kind == BarAlert:
		b.printStripes(pdf, scale)
	case b.kind == BarFaint:
		r := b.inset(barEdge * scale)
		pdf.Rect(r.x, r.y, r.w, r.h, "F")
	}
}

// printStripes draws white stripes, upwards to the right. A bar that is too short for one stays even.
func (b barBox) printStripes(pdf *fpdf.Fpdf, scale float64) {
	const pitch, half = stripePitch, stripeBreadth / 2
	r := b.inset(stripeEdge * scale)
	if r.w < stripeBreadth*scale {
		return
	}
	pdf.ClipRect(r.x, r.y, r.w, r.h, false)
	for foot := pitch / 2; (foot-half)*scale < r.w+r.h; foot += pitch {
		left, right := r.x+(foot-half)*scale, r.x+(foot+half)*scale
		pdf.Polygon([]fpdf.PointType{{X: left, Y: r.y}, {X: right, Y: r.y}, {X: right - r.h, Y: r.bottom()}, {X: left - r.h, Y: r.bottom()}}, "F")
	}
	pdf.ClipEnd()
}
