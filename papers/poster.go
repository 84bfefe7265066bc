package papers

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/go-pdf/fpdf"
)

// PosterText is all that stands on a poster. A text that is "" is left out with its place; only Title and Made must be there.
type PosterText struct {
	Title      string    // "Permanence numérique"
	Place      string    // "Mairie de Périers"
	When       []string  // "Tous les mardis, de 14h à 17h", "Sauf pendant les vacances scolaires"
	How        []string  // "Sans rendez-vous", "Gratuit": ticked
	With       string    // "Avec Marie Lecomte, conseillère numérique"
	Keyword    string    // "Envoyez PERIERS au 38000"
	KeywordWhy string    // "pour recevoir les dates par SMS"
	Link       string    // what the QR code holds, byte for byte: "sms:38000?body=PERIERS" or a URL; "" no code
	LinkWhy    string    // "Ou visez ce carré avec votre téléphone"; left out if there is no code
	Foot       string    // "Passeur, Département de la Manche"
	Made       time.Time // the date of creation in the file, to the second: the same texts and date give the same bytes
}

// Poster writes a poster of one A4 page, upright, as PDF: for a printer that knows black only, and for eyes that are two metres
// away. The title has 40 points or more and all else 24 or more as long as that fits on the page; then sizes shrink together
// down to 18 points. If that is not enough the error is a TooLong, in which case, as after any error, nothing was written. Texts
// can be selected and searched in the file, whose language is French. It is safe for concurrent use.
func Poster(w io.Writer, p PosterText) error {
	s, err := layPoster(p)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := s.draw(&b, p); err != nil {
		return fmt.Errorf("papers: poster: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("papers: poster: %w", err)
	}
	return nil
}

// draw writes the sheet as PDF.
func (s *sheet) draw(w io.Writer, p PosterText) error {
	pdf := newPage(s.title, "fr", p.Made)
	s.drawShapes(pdf)
	for _, l := range s.lines {
		drawLine(pdf, l)
	}
	s.drawCode(pdf)
	return pdf.Output(w)
}

// newPage is an A4 page, upright and empty, in millimetres.
func newPage(title, language string, made time.Time) *fpdf.Fpdf {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true) // or the order of the objects is that of a Go map
	pdf.SetCreationDate(made.UTC())
	pdf.SetModificationDate(made.UTC())
	pdf.SetTitle(title, true)
	pdf.SetLang(language)
	pdf.SetProducer("Passeur", true)
	pdf.AddUTF8FontFromBytes(family, "", regularTTF)
	pdf.AddUTF8FontFromBytes(family, "B", boldTTF)
	pdf.AddPage()
	return pdf
}

const family = "DejaVu"

// drawShapes draws what lies below the texts.
func (s *sheet) drawShapes(pdf *fpdf.Fpdf) {
	fill(pdf, accent)
	pdf.RoundedRect(s.band.x, s.band.y, s.band.w, s.band.h, 4, "1234", "F")
	if s.panel.h > 0 {
		stroke(pdf, accent)
		pdf.SetLineWidth(panelLine)
		r := s.panel.inset(panelLine / 2)
		pdf.RoundedRect(r.x, r.y, r.w, r.h, 4, "1234", "D")
	}
}

// drawTick draws a tick in its box, with round ends as a pen makes them.
func drawTick(pdf *fpdf.Fpdf, r rect) {
	stroke(pdf, accent)
	pdf.SetLineCapStyle("round")
	pdf.SetLineJoinStyle("round")
	pdf.SetLineWidth(r.w * 0.17)
	pdf.MoveTo(r.x, r.y+r.h*0.55)
	pdf.LineTo(r.x+r.w*0.36, r.bottom())
	pdf.LineTo(r.right(), r.y)
	pdf.DrawPath("D")
}

func drawLine(pdf *fpdf.Fpdf, l line) {
	style := ""
	if l.bold {
		style = "B"
	}
	pdf.SetFont(family, style, l.size)
	pdf.SetTextColor(int(l.ink.R), int(l.ink.G), int(l.ink.B))
	if l.tick {
		drawTick(pdf, l.tickBox())
	}
	pdf.Text(l.x, l.y+ascent*l.size*point, l.text)
}

// drawCode draws a QR code as the black runs of its rows. Each run reaches a hair's breadth into the next row, or some viewers
// show white seams.
func (s *sheet) drawCode(pdf *fpdf.Fpdf) {
	const seam = 0.02
	fill(pdf, black)
	for y, row := range s.code {
		side := codeSize / float64(len(row))
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from {
				pdf.Rect(s.square.x+float64(from)*side, s.square.y+float64(y)*side, float64(x-from)*side, side+seam, "F")
			}
		}
	}
}

func fill(pdf *fpdf.Fpdf, c ink)   { pdf.SetFillColor(int(c.R), int(c.G), int(c.B)) }
func stroke(pdf *fpdf.Fpdf, c ink) { pdf.SetDrawColor(int(c.R), int(c.G), int(c.B)) }
