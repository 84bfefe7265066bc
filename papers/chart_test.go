package papers

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"passeur/intents"
)

// manche is the département de la Manche, with permanences and priorities that are invented.
func manche(t testing.TB) MapPicture {
	t.Helper()
	m := MapPicture{
		Title: "Où aller ? Les communes de la Manche sans permanence numérique", Note: "Passeur, 1er décembre 2026. Permanences inventées.",
		Legend: []string{"Commune couverte", "Commune non couverte", "Non couverte, prioritaire", "Permanence"},
	}
	g, err := intents.NewGazetteer([]string{"50"})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 700 {
		c, ok := g.ByCode("50" + string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)}))
		if !ok || c.Lat == 0 {
			continue
		}
		p := MapPoint{Lat: c.Lat, Lon: c.Lon, Label: c.Name, Weight: n * 37 % 101}
		switch {
		case n%19 == 0:
			p.Kind = Permanence
		case n%13 == 0:
			p.Kind = Priority
		case n%4 == 0:
			p.Kind = Uncovered
		}
		m.Points = append(m.Points, p)
	}
	return m
}

func TestMap(t *testing.T) {
	m := manche(t)
	for len(m.Points) < 446 {
		m.Points = append(m.Points, MapPoint{Lat: 49, Lon: -1.3})
	}
	var b, again bytes.Buffer
	if err := errors.Join(Map(&b, m), Map(&again, m)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the same map is other bytes")
	}
	img, err := png.Decode(&b)
	if err != nil || img.Bounds() != image.Rect(0, 0, 1200, 900) {
		t.Fatal(img.Bounds(), err)
	}
	c, err := layChart(m)
	if err != nil {
		t.Fatal(err)
	}
	checkChart(t, c, m)
	if len(m.Points) < 446 || len(c.labels) < 15 {
		t.Errorf("%d points, %d labels", len(m.Points), len(c.labels))
	}
	keep(t, "map.png", again.Bytes())
}

// checkChart: all is on the picture, labels touch neither each other nor a point that matters, heavier ones went first.
func checkChart(t testing.TB, c *chart, m MapPicture) {
	t.Helper()
	page := rect{0, 0, MapWidth, MapHeight}
	boxes := []rect{c.area}
	for _, l := range c.texts {
		boxes = append(boxes, l.rect)
	}
	for _, k := range c.marks[len(m.Points):] {
		boxes = append(boxes, k.box())
	}
	apart(t, boxes, page)
	boxes = nil
	for _, l := range c.labels {
		boxes = append(boxes, l.rect)
	}
	for i, k := range c.marks[:len(m.Points)] {
		if !c.area.holds(k.box()) {
			t.Errorf("%q leaves the map", m.Points[i].Label)
		}
		if k.kind < Priority {
			continue
		}
		for _, b := range boxes[:len(c.labels)] {
			if b.overlaps(k.box()) {
				t.Errorf("a label covers %q", m.Points[i].Label)
			}
		}
	}
	apart(t, boxes, c.area)
}

// TestMapShape: a degree of longitude is as long as it is there, and north is up.
func TestMapShape(t *testing.T) {
	for _, lat := range []float64{-21, 0, 49} {
		points := []MapPoint{{Lat: lat - 0.5, Lon: 2}, {Lat: lat + 0.5, Lon: 2}, {Lat: lat, Lon: 1.5}, {Lat: lat, Lon: 2.5}}
		p := project(points, rect{0, 0, 1000, 700})
		high, wide := p[0].y-p[1].y, p[3].x-p[2].x
		if math.Abs(high-700) > 1e-6 || math.Abs(wide/high-math.Cos(lat*math.Pi/180)) > 1e-6 {
			t.Errorf("at %v a degree is %v high and %v wide", lat, high, wide)
		}
	}
}

// TestLabelsByWeight: where there is room for one, it is the one that weighs most.
func TestLabelsByWeight(t *testing.T) {
	points := []MapPoint{{Lat: 49, Lon: -1, Label: "Petit", Weight: 1, Kind: Priority}, {Lat: 49, Lon: -1, Label: "Grand", Weight: 9, Kind: Permanence}, {Lat: 49.1, Lon: -1, Label: "Pâle", Weight: 99}}
	for range 8 { // all sides are taken by others
		points = append(points, points[0])
	}
	c, err := layChart(MapPicture{Points: points})
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range c.labels {
		if i == 0 && l.text != "Grand" || l.text == "Pâle" {
			t.Errorf("label %d is %q", i, l.text)
		}
	}
	if len(c.labels) == 0 || len(c.labels) > 4 {
		t.Errorf("%d labels", len(c.labels))
	}
}

func TestMapErrors(t *testing.T) {
	one := []MapPoint{{Lat: 49, Lon: -1, Label: "Périers"}}
	long := strings.Repeat("Les communes de la Manche. ", 70)
	for name, c := range map[string]struct {
		m    MapPicture
		want string
	}{
		"nothing":     {MapPicture{}, "carte : il n'y a aucune commune à montrer"},
		"nowhere":     {MapPicture{Points: []MapPoint{{Lat: math.NaN(), Label: "Périers"}}}, "carte : « Périers » n'est nulle part sur Terre"},
		"far":         {MapPicture{Points: []MapPoint{{Lat: 49, Lon: 181}}}, "carte : «  » n'est nulle part"},
		"kind":        {MapPicture{Points: []MapPoint{{Kind: 4}}}, "papers: map:"},
		"legend":      {MapPicture{Points: one, Legend: make([]string, 5)}, "papers: map: a legend of 5"},
		"long legend": {MapPicture{Points: one, Legend: []string{long}}, "Légende de la carte : ce texte est trop long"},
		"long title":  {MapPicture{Points: one, Title: long}, "Titre de la carte : ce texte est trop long"},
		"long note":   {MapPicture{Points: one, Note: long + long[:100]}, "Note de la carte : ce texte est trop long"},
		"long word":   {MapPicture{Points: one, Note: strings.Repeat("a", 300)}, "Note de la carte : ce texte est trop long"},
		"label":       {MapPicture{Points: []MapPoint{{Kind: Permanence, Label: "😀"}}}, "Carte, « 😀 » : le caractère « 😀 » (U+1F600)"},
	} {
		var b bytes.Buffer
		if err := Map(&b, c.m); err == nil || !strings.HasPrefix(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// sight is how colours reach an eye: all of them, as grey, and without one of the three cones (Machado, Oliveira and Fernandes
// 2009, severity 1, applied to linear light).
var sight = map[string][3][3]float64{
	"all":    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"grey":   {{0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}},
	"prot":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deut":   {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritan": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// TestInksAreToldApart: whoever looks, each ink that fills a shape differs in contrast from the others and from the paper.
func TestInksAreToldApart(t *testing.T) {
	inks := map[string]ink{"pale": pale, "steel": steel, "vermilion": vermilion, "navy": navy, "white": white}
	for eye, m := range sight {
		for a, x := range inks {
			for b, y := range inks {
				if c := contrast(seen(m, x), seen(m, y)); a < b && c < 1.5 {
					t.Errorf("%s: %s and %s have a contrast of %.2f", eye, a, b, c)
				}
			}
		}
	}
	for name, c := range map[string]float64{"band": contrast(luminance(accent), 1), "ring": contrast(luminance(grey), 1)} {
		if c < 4.5 {
			t.Errorf("%s: contrast %.2f with white", name, c)
		}
	}
}

func linear(v uint8) float64 {
	x := float64(v) / 255
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

func seen(m [3][3]float64, c ink) float64 {
	in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	out := [3]float64{}
	for i := range out {
		for j := range in {
			out[i] += m[i][j] * in[j]
		}
		out[i] = min(1, max(0, out[i]))
	}
	return 0.2126*out[0] + 0.7152*out[1] + 0.0722*out[2]
}

func luminance(c ink) float64 { return seen(sight["all"], c) }

// contrast of two luminances, as WCAG 2.2 reckons it.
func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestNoRoomToWrite(t *testing.T) {
	for name, err := range map[string]error{
		"poster": Poster(full{}, permanence()), "map": Map(full{}, manche(t)), "bars": Bars(full{}, campaign()),
		"report": Report(full{}, firstMonth()),
	} {
		if !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzMap: any points and words make a map on which nothing overlaps, or an error.
func FuzzMap(f *testing.F) {
	f.Add("Manche", "Note", "Périers", "Commune couverte", 49.18, -1.4, 48.6, -1.0, 3, uint8(30))
	f.Add("", "", "", "", 90.0, 180.0, 90.0, -180.0, 2, uint8(1))
	f.Add("", "", "œ", "", -90.0, 0.0, 90.0, 1e-300, 2, uint8(3))
	f.Fuzz(func(t *testing.T, title, note, label, legend string, lat, lon, lat2, lon2 float64, kind int, n uint8) {
		m := MapPicture{Title: title, Note: note, Legend: []string{legend, legend, "", legend}}
		for i := range int(n) {
			share := float64(i) / float64(n)
			m.Points = append(m.Points, MapPoint{lat + (lat2-lat)*share, lon + (lon2-lon)*share*share, label, i, (kind + i%2) % kinds})
		}
		c, err := layChart(m)
		if err != nil {
			return
		}
		checkChart(t, c, m)
		if _, err := c.draw(); err != nil {
			t.Error(err)
		}
	})
}
