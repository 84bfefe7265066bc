package papers

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// campaign is what came of the texts to the people of a list, invented.
func campaign() BarsPicture {
	return BarsPicture{
		Title: "Campagne « Aller vers les bénéficiaires du RSA », Manche : où en sommes-nous ?",
		Note:  "Passeur, 1er décembre 2026. Chiffres inventés. Chaque groupe a sa propre échelle ; une personne n'est comptée qu'une fois par groupe.",
		Groups: []BarGroup{
			{"Messages", []Bar{{"Envoyés", 12480, BarPlain, ""}, {"Reçus", 11902, BarPlain, ""}, {"En échec", 578, BarFaint, ""}}},
			{"Réponses", []Bar{
				{"Rendez-vous pris", 1634, BarStrong, ""}, {"Demandent un appel", 812, BarAlert, ""},
				{"Réponses en toutes lettres, à lire par un conseiller", 97, BarAlert, ""}, {"Non merci", 431, BarFaint, ""},
				{"Opposition (STOP)", 3, BarFaint, ""}, {"Sans réponse après le second message", 8925, BarPlain, ""},
			}},
			{"Appels aux silencieux", []Bar{{"Jointes", 0, BarStrong, ""}, {"À appeler", 1, BarAlert, ""}, {"Injoignables", 0, BarFaint, ""}}},
		},
	}
}

// each is a picture of n bars with one label, of all kinds in turn, in groups of so many.
func each(n, group int, heading, label string) BarsPicture {
	var p BarsPicture
	for i := range n {
		if i%group == 0 {
			p.Groups = append(p.Groups, BarGroup{Heading: heading})
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Bars = append(g.Bars, Bar{label, i * i * i, i % barKinds, ""})
	}
	return p
}

// Names as long as there are.
const (
	longName    = "Communauté d'agglomération du Mont-Saint-Michel et de la baie de Granville-Avranches-Pontorson"
	longHeading = "Par commune et par établissement public de coopération intercommunale de la Manche, du Calvados et de l'Orne"
)

// barPictures are pictures from small to very large.
func barPictures() map[string]BarsPicture {
	all := map[string]BarsPicture{
		"campaign":     campaign(),
		"least":        each(1, 1, "", ""),
		"zeros":        {Groups: []BarGroup{{"", []Bar{{"Non", 0, BarPlain, ""}, {"Oui", 0, BarStrong, ""}}}}},
		"numbers":      {Groups: []BarGroup{{"", []Bar{{longName, math.MaxInt, 0, ""}, {"Un", 1, 1, ""}, {"", math.MaxInt - 1, 2, ""}}}}},
		"many":         each(MostBars, MostBars, "", "Plozévet"),
		"many long":    each(MostBars, 7, longHeading, longName),
		"alone":        each(MostBars, 1, longHeading, longName),
		"no label":     each(9, 4, longHeading, ""),
		"capitals":     each(9, 4, "ÇÀÉÈÊËÎÏÔŒÙÛÜŸÆ", "ÇÀÉÈÊËÎÏÔŒÙÛÜŸÆ çàéèêëîïôœùûüÿæ"),
		"apart":        each(3, 3, "Pe\u0301riers", "Mairie de Pe\u0301riers,\u202f12\u00a0h\u200b"),
		"greek":        each(3, 3, "Ελλάδα", "Москва / Київ"),
		"long word":    each(3, 3, "", "Saintremyenbouzemontsaintgenestetissonplusloin"),
		"only numbers": each(3, 3, "2026", "3 000 000 000 € ; 50 %"),
	}
	words := campaign()
	words.Groups[0].Bars[0].Text, words.Groups[2].Bars[0].Text, words.Groups[2].Bars[1].Text = "12 h 30", "moins de 5", "une seule, la semaine prochaine"
	all["words"] = words
	texts := campaign()
	texts.Title, texts.Note = strings.Repeat("Rapport d'activité. ", 10), strings.Repeat("Chiffres inventés, à ne pas répéter. ", 12)
	all["long texts"] = texts
	return all
}

func TestBars(t *testing.T) {
	for name, p := range barPictures() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := layBars(p)
			if err != nil {
				t.Fatal(err)
			}
			checkBarChart(t, c, p)
			var b bytes.Buffer
			if err := Bars(&b, p); err != nil {
				t.Fatal(err)
			}
			keep(t, "bars "+name+".png", b.Bytes())
			img, err := png.Decode(&b)
			if err != nil || img.Bounds() != image.Rect(0, 0, MapWidth, int(c.h)) || c.h > 6500 {
				t.Fatal(img.Bounds(), err)
			}
			checkEdge(t, img)
		})
	}
}

// checkBarChart: all is on the picture and touches nothing else, in order, and bars are as long as they should be.
func checkBarChart(t testing.TB, c *barChart, p BarsPicture) {
	t.Helper()
	var boxes []rect
	var set strings.Builder
	for _, l := range c.texts {
		if l.size < 16 {
			t.Errorf("%q has a size of %v", l.text, l.size)
		}
		boxes = append(boxes, l.rect)
		set.WriteString(l.text + "\n")
	}
	bars := c.bars
	for _, b := range bars {
		boxes = append(boxes, b.rect)
	}
	apart(t, boxes, rect{0, 0, MapWidth, c.h}.inset(border-8))
	wantText := []string{p.Title}
	for _, g := range p.Groups {
		if len(bars) < len(g.Bars) {
			t.Fatalf("%d bars are missing", len(g.Bars)-len(bars))
		}
		checkLengths(t, bars[:len(g.Bars)], g.Bars, c.room)
		bars = bars[len(g.Bars):]
		wantText = append(wantText, g.Heading)
		for _, b := range g.Bars {
			wantText = append(wantText, b.Label, shownOf(b))
		}
	}
	inOrder(t, set.String(), append(wantText, p.Note))
}

// shownOf is what stands behind a bar.
func shownOf(b Bar) string {
	if strings.TrimFunc(b.Text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }) == "" {
		return thousands(b.Value)
	}
	return b.Text
}

// checkLengths: bars of one group begin in one line, below one another, and are as long as their values.
func checkLengths(t testing.TB, boxes []barBox, bars []Bar, room float64) {
	t.Helper()
	if room < 200 {
		t.Errorf("the longest bar has %v pixels", room)
	}
	largest := slices.MaxFunc(bars, func(a, b Bar) int { return a.Value/2 - b.Value/2 }).Value
	for i, b := range boxes {
		value := bars[i].Value
		want := float64(value) / float64(max(1, largest)) * room
		if b.zero != (value == 0) || b.zero && b.w != zeroBar || !b.zero && math.Abs(b.w-max(want, leastBar)) > 1 {
			t.Errorf("a value of %d of %d is %v long, of %v", value, largest, b.w, room)
		}
		if b.x != boxes[0].x || i > 0 && b.y <= boxes[i-1].y || b.kind != bars[i].Kind {
			t.Errorf("bar %d of kind %d is at %v", i, b.kind, b.rect)
		}
	}
}

// inOrder: the texts, and nothing else, were set one after the other, but for spaces.
func inOrder(t testing.TB, set string, texts []string) {
	t.Helper()
	f, err := newTypeface()
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, text := range texts {
		text, err := f.tidy("", text)
		if err != nil {
			t.Error(err)
		}
		want.WriteString(text)
	}
	if got, want := spaceless(set), spaceless(want.String()); got != want {
		t.Errorf("the texts are\n%s\nnot\n%s", got, want)
	}
}

// checkEdge: no letter and no bar reaches the edge of the picture.
func checkEdge(t *testing.T, img image.Image) {
	all := img.Bounds()
	inner := all.Inset(border - 10)
	for _, r := range []image.Rectangle{
		{all.Min, image.Pt(all.Max.X, inner.Min.Y)}, {image.Pt(0, inner.Max.Y), all.Max},
		{all.Min, image.Pt(inner.Min.X, all.Max.Y)}, {image.Pt(inner.Max.X, 0), all.Max},
	} {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if r, g, b, _ := img.At(x, y).RGBA(); r+g+b != 3*0xffff {
					t.Fatalf("the edge is not white at %d, %d", x, y)
				}
			}
		}
	}
}

func TestBarLabels(t *testing.T) {
	for name, c := range map[string]struct {
		label string
		lines int
		size  float64
	}{
		"short":                          {"Envoyés", 1, 20},
		"longer":                         {"Réponses en toutes lettres, à lire par un conseiller", 2, 20},
		"long":                           {longName, 2, 20},
		"longer than the largest column": {longName + ", hors les murs", 2, 18},
		"longest":                        {longName + " et environs, hors les murs", 2, 16},
	} {
		p, err := layBars(each(1, 1, "", c.label))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if n := len(p.texts) - 1; n != c.lines || p.texts[0].size != c.size {
			t.Errorf("%s: %d lines in size %v", name, n, p.texts[0].size)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{
		0: "0", 7: "7", 999: "999", 1000: "1\u202f000", 12480: "12\u202f480", 123456: "123\u202f456", 1000000: "1\u202f000\u202f000",
	} {
		if got := thousands(n); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
	f, err := newTypeface()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range "0123456789\u202f" {
		if !f.has(r) {
			t.Errorf("the typeface lacks %q", r)
		}
	}
}

func TestBarsErrors(t *testing.T) {
	long := strings.Repeat("Les communes de la Manche. ", 70)
	one := each(1, 1, "", "Périers").Groups
	for name, c := range map[string]struct {
		p    BarsPicture
		want string // begins so
		long bool
	}{
		"nothing":      {BarsPicture{Title: "Rien"}, "graphique : il n'y a aucun chiffre à montrer", false},
		"empty group":  {BarsPicture{Groups: append(slices.Clone(one), BarGroup{Heading: "Rien"})}, "graphique : le groupe 2 n'a aucun chiffre", false},
		"too many":     {each(MostBars+1, 8, "", ""), "graphique : 41 chiffres ne tiennent pas sur une image, 40 au plus", false},
		"negative":     {BarsPicture{Groups: []BarGroup{{"", []Bar{{"x", -1, 0, ""}}}}}, `papers: bars: "x" is -1`, false},
		"kind":         {BarsPicture{Groups: []BarGroup{{"", []Bar{{"x", 1, 4, ""}}}}}, `papers: bars: "x" is of kind 4`, false},
		"no kind":      {BarsPicture{Groups: []BarGroup{{"", []Bar{{"x", 1, -1, ""}}}}}, `papers: bars: "x" is of kind -1`, false},
		"long title":   {BarsPicture{Title: long, Groups: one}, "Titre du graphique : ce texte est trop long", true},
		"long note":    {BarsPicture{Note: long, Groups: one}, "Note du graphique : ce texte est trop long", true},
		"long heading": {each(9, 4, long, ""), "Titre du groupe 1 : ce texte est trop long", true},
		"long label":   {each(9, 4, "", long), "Libellé de la barre 1 : ce texte est trop long", true},
		"long word":    {each(9, 4, "", strings.Repeat("a", 100)), "Libellé de la barre 1 : ce texte est trop long", true},
		"long text":    {BarsPicture{Groups: []BarGroup{{"", []Bar{{longName, 1, 0, "Oui"}, {"", 1, 0, longName}}}}}, "Valeur de la barre 2 : ce texte est trop long", true},
		"text":         {BarsPicture{Groups: []BarGroup{{"", []Bar{{"", 1, 0, "😀"}}}}}, "Valeur de la barre 1 : le caractère « 😀 »", false},
		"huge":         {each(9, 4, "", strings.Repeat("a ", 1e6)), "Libellé de la barre 1 : ce texte est trop long", true},
		"picture":      {each(9, 4, "", "Oui 😀"), "Libellé de la barre 1 : le caractère « 😀 » (U+1F600)", false},
		"arabic":       {each(9, 4, "بلدية", ""), "Titre du groupe 1 : le caractère « ب »", false},
		"bad bytes":    {each(9, 4, "", "\xe9"), "Libellé de la barre 1 : ce texte est illisible", false},
	} {
		var b bytes.Buffer
		err := Bars(&b, c.p)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("%s: %v, %d bytes written", name, err, b.Len())
		}
		var tooLong *TooLong
		if errors.As(err, &tooLong) != c.long {
			t.Errorf("%s: %#v", name, err)
		}
	}
}

// TestBarsAreTheSame: the same bytes again, also beside others.
func TestBarsAreTheSame(t *testing.T) {
	var first bytes.Buffer
	if err := Bars(&first, campaign()); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			var again bytes.Buffer
			if err := Bars(&again, campaign()); err != nil || !bytes.Equal(first.Bytes(), again.Bytes()) {
				t.Error("another file: ", err)
			}
		})
	}
	all.Wait()
}

// TestBarsAreToldApart: whoever looks, two kinds of bars differ in how light they are on the whole, or in how much of a pattern
// they have.
func TestBarsAreToldApart(t *testing.T) {
	for eye, m := range sight {
		toldApart(t, eye, func(kind int) (mean, spread float64) {
			b := barBox{rect{0, 0, 300, barHeight}, kind, false}
			img := image.NewRGBA(image.Rect(0, 0, int(b.w), int(b.h)))
			b.draw(img)
			return texture(m, img, img.Bounds())
		})
	}
}

// toldApart: any two kinds have means of luminance or spreads of it that differ.
func toldApart(t *testing.T, eye string, look func(kind int) (mean, spread float64)) {
	t.Helper()
	var mean, spread [barKinds]float64
	for kind := range barKinds {
		mean[kind], spread[kind] = look(kind)
		for other := range kind {
			if c := contrast(mean[kind], mean[other]); c < 1.5 && math.Abs(spread[kind]-spread[other]) < 0.2 {
				t.Errorf("%s: kinds %d and %d have a contrast of %.2f, and patterns of %.2f and %.2f", eye, kind, other, c, spread[kind], spread[other])
			}
		}
	}
}

// texture is the mean of the luminance of a part of a picture and its standard deviation, as an eye sees them.
func texture(eye [3][3]float64, img image.Image, part image.Rectangle) (mean, spread float64) {
	n, squares := float64(part.Dx()*part.Dy()), 0.0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			l := seen(eye, color.RGBAModel.Convert(img.At(x, y)).(color.RGBA))
			mean, squares = mean+l/n, squares+l*l/n
		}
	}
	return mean, math.Sqrt(max(0, squares-mean*mean))
}

// FuzzBars: any figures and words make a picture on which all stands and nothing overlaps, or an error in whose case nothing is
// written.
func FuzzBars(f *testing.F) {
	f.Add("Campagne", "Note", "Messages", "Envoyés", "Reçus", "12 h 30", 12480, 11902, 0, uint8(3), uint8(2))
	f.Add("", "", "", "", "", "", 0, 0, 3, uint8(40), uint8(40))
	f.Add("Titre", "", longHeading, longName, "Œ", "moins de 5", math.MaxInt, 1, 2, uint8(9), uint8(0))
	f.Fuzz(func(t *testing.T, title, note, heading, label, label2, text string, value, value2, kind int, n, group uint8) {
		p := each(int(n), max(1, int(group)), heading, label)
		p.Title, p.Note = title, note
		for i := range p.Groups {
			p.Groups[i].Bars[0] = Bar{label2, value, kind, text}
			last := &p.Groups[i].Bars[len(p.Groups[i].Bars)-1]
			last.Value = value2
		}
		var b bytes.Buffer
		if err := Bars(&b, p); err != nil {
			if b.Len() > 0 {
				t.Error("written in spite of ", err)
			}
			return
		}
		c, err := layBars(p)
		if err != nil {
			t.Fatal(err)
		}
		checkBarChart(t, c, p)
	})
}
