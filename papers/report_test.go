package papers

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// firstMonth is the report of a counsellor who has just begun. All persons and figures are invented.
func firstMonth() ReportText {
	return ReportText{
		Title: "Bilan d'activité", Who: "Paul Martin", When: "novembre 2026",
		Key: []KeyFigure{{"9", "accompagnements"}, {"6 h 15", "passées auprès des usagers"}, {"1", "atelier"}},
		Groups: []BarGroup{
			{"Thèmes", []Bar{{"Aide aux démarches administratives", 6, BarStrong, ""}, {"Courriel", 2, BarPlain, ""}, {"Smartphone", 1, BarPlain, ""}}},
		},
		Notes: []string{"Passeur compte ce que le conseiller a noté. Un accompagnement est une rencontre, non une personne."},
		Made:  made(),
	}
}

// fullYear is the report of a territory for its coordinator: as many bars as there may be, masked values, hours.
func fullYear() ReportText {
	hours := func(n int) string { return fmt.Sprintf("%s h %02d", thousands(n/60), n%60) }
	return ReportText{
		Title: "Bilan d'activité", Who: "Conseillers numériques du Département de la Manche", When: "du 1er janvier au 30 novembre 2026",
		Key: []KeyFigure{
			{"1 284", "accompagnements individuels"}, {"96", "ateliers"}, {"2 047 h 30", "passées auprès des usagers"},
			{"52 %", "de démarches menées à terme"}, {"38", "communes"}, {"12", "conseillers"},
		},
		Groups: []BarGroup{
			{"Thèmes des accompagnements", []Bar{
				{"Aide aux démarches administratives", 512, BarStrong, ""}, {"Gérer ses contenus numériques", 203, BarPlain, ""},
				{"Prendre en main un smartphone ou une tablette", 187, BarPlain, ""}, {"Naviguer sur internet", 121, BarPlain, ""},
				{"Courriel", 98, BarPlain, ""}, {"Accompagner son enfant", 41, BarPlain, ""},
				{"Insertion professionnelle", 117, BarPlain, ""}, {"Autres", 0, BarFaint, "moins de 5"},
			}},
			{"Communes", []Bar{
				{"Cherbourg-en-Cotentin", 311, BarPlain, ""}, {"Saint-Lô", 204, BarPlain, ""}, {"Coutances", 166, BarPlain, ""},
				{"Saint-Hilaire-du-Harcouët", 148, BarPlain, ""}, {"Villedieu-les-Poêles-Rouffigny", 97, BarPlain, ""},
				{"Périers", 88, BarPlain, ""}, {"Autres communes", 270, BarFaint, ""},
			}},
			{"Temps passé", []Bar{
				{"Rendez-vous", 61200, BarStrong, hours(61200)}, {"Permanences", 43350, BarPlain, hours(43350)},
				{"Ateliers collectifs", 18300, BarPlain, hours(18300)},
			}},
			{"Ce qui en est sorti", []Bar{
				{"Démarche menée à terme", 668, BarStrong, ""}, {"À poursuivre", 402, BarPlain, ""},
				{"Orientation vers un partenaire", 131, BarPlain, ""}, {"Sans suite", 83, BarFaint, ""},
			}},
			{"Âge des bénéficiaires", []Bar{
				{"Moins de 18 ans", 0, BarPlain, "moins de 5"}, {"18 à 34 ans", 188, BarPlain, ""}, {"35 à 59 ans", 402, BarPlain, ""},
				{"60 ans et plus", 694, BarPlain, ""},
			}},
			{"En attente", []Bar{
				{"Demandes sans réponse", 14, BarAlert, ""}, {"Rendez-vous à replacer", 6, BarAlert, ""},
				{"Appels à passer", 3, BarAlert, ""}, {"Ateliers à confirmer", 0, BarAlert, ""},
			}},
		},
		Notes: []string{
			"Sources : ce que les conseillers ont noté dans Passeur. Un accompagnement est une rencontre : une personne qui revient est comptée de nouveau.",
			"Les valeurs de moins de 5 sont masquées, pour que personne ne soit reconnu. Chaque groupe a sa propre échelle.",
		},
		Made: made(),
	}
}

// month is the report of a counsellor, between the two.
func month() ReportText {
	r := fullYear()
	r.Who, r.When = "Marie Lecomte, conseillère numérique", "novembre 2026"
	r.Key = []KeyFigure{{"128", "accompagnements"}, {"46 h 30", "passées auprès des usagers"}, {"7", "ateliers"}, {"52 %", "de démarches menées à terme"}}
	r.Groups = []BarGroup{r.Groups[0], r.Groups[3], r.Groups[4]}
	r.Groups[0].Bars = r.Groups[0].Bars[:5]
	return r
}

// bars is a report of n bars with one label, in groups of so many.
func bars(n, group int, heading, label string) ReportText {
	r := firstMonth()
	r.Groups = each(n, group, heading, label).Groups
	return r
}

// reports are reports from small to as large as there may be.
func reports() map[string]ReportText {
	all := map[string]ReportText{
		"small": firstMonth(), "full": fullYear(), "medium": month(),
		"least":     {Title: "B", Key: []KeyFigure{{"0", "a"}, {"0", "b"}}, Groups: each(1, 1, "", "").Groups, Made: made()},
		"one group": bars(MostReportBars, MostReportBars, "Communes", "Cherbourg-en-Cotentin"),
		"six":       bars(MostReportBars, 5, longHeading, "Prendre en main un smartphone ou une tablette"),
		"no label":  bars(9, 4, longHeading, ""),
		"long name": bars(12, 4, longHeading, longName),
		"capitals":  bars(9, 4, "ÇÀÉÈÊËÎÏÔŒÙÛÜŸÆ", "ÇÀÉÈÊËÎÏÔŒÙÛÜŸÆ çàéèêëîïôœùûüÿæ"),
		"apart":     bars(3, 3, "Pe\u0301riers", "Mairie de Pe\u0301riers,\u202f12\u00a0h\u200b"),
		"greek":     bars(3, 3, "Ελλάδα", "Москва / Київ"),
		"long word": bars(3, 3, "", "Saintremyenbouzemontsaintgenestetissonplusloin"),
	}
	add := func(name string, change func(r *ReportText)) {
		r := month()
		change(&r)
		all[name] = r
	}
	for n := LeastKeyFigures; n <= MostKeyFigures; n++ {
		add(fmt.Sprintf("%d figures", n), func(r *ReportText) { r.Key = fullYear().Key[:n] })
	}
	add("wide figures", func(r *ReportText) {
		r.Key = []KeyFigure{{"1 234 567 h 30", longName}, {"12", "anticonstitutionnellement"}, {"2", "b"}, {"3", "c"}, {"4", "d"}}
	})
	add("nobody", func(r *ReportText) { r.Who, r.When, r.Notes = "", " ", nil })
	add("long texts", func(r *ReportText) { r.Title, r.Who, r.When = longHeading, longName, longName })
	add("many notes", func(r *ReportText) { r.Notes = slices.Repeat([]string{longHeading + ". " + longName}, 12) })
	add("uneven", func(r *ReportText) {
		r.Groups = append(each(25, 25, "Communes", "Saint-Hilaire-du-Harcouët").Groups, each(5, 1, "Un", "Deux").Groups...)
	})
	add("masked", func(r *ReportText) {
		r.Groups = []BarGroup{{"Âge", []Bar{{"Moins de 18 ans", 0, BarPlain, "moins de 5"}, {"Plus", 0, BarStrong, "moins de 5"}}}}
	})
	add("numbers", func(r *ReportText) {
		r.Groups = []BarGroup{{"", []Bar{{longName, math.MaxInt, 0, ""}, {"Un", 1, 1, ""}, {"", math.MaxInt - 1, 2, "presque toutes les personnes"}}}}
	})
	return all
}

func TestReports(t *testing.T) {
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := layReport(r)
			if err != nil {
				t.Fatal(err)
			}
			checkPage(t, p, r)
			checkReportPrinted(t, name, p, r)
		})
	}
}

// checkPage: all is on the page in letters that can be read, touches nothing else, and is in order.
func checkPage(t testing.TB, p *reportPage, r ReportText) {
	t.Helper()
	page := rect{margin, margin, wide, pageH - 2*margin}
	frames := append([]rect{p.band}, p.cells...)
	apart(t, append(slices.Clone(p.rules), frames...), page)
	inside := slices.Clone(p.rules)
	var set strings.Builder
	for _, l := range p.texts {
		if l.size < 8 {
			t.Errorf("%q has %v points", l.text, l.size)
		}
		inside = append(inside, l.rect)
		set.WriteString(l.text + "\n")
	}
	for _, b := range p.bars {
		inside = append(inside, b.rect)
	}
	apart(t, inside, page)
	for _, b := range inside {
		for _, f := range frames {
			if b.overlaps(f) && !f.inset(1).holds(b) {
				t.Errorf("%v crosses the frame %v", b, f)
			}
		}
	}
	checkColumns(t, p.bars, r.Groups)
	inOrder(t, set.String(), textsOf(r))
}

// textsOf is all that is to be read on a report, in order.
func textsOf(r ReportText) []string {
	texts := []string{r.Title, r.Who, r.When}
	for _, k := range r.Key {
		texts = append(texts, k.Value, k.Label)
	}
	for _, g := range r.Groups {
		texts = append(texts, g.Heading)
		for _, b := range g.Bars {
			texts = append(texts, b.Label, shownOf(b))
		}
	}
	return append(append(texts, r.Notes...), "Établi le "+longDay(r.Made))
}

// checkColumns: bars of one group begin in one line, below one another, and are as long as their values.
func checkColumns(t testing.TB, boxes []barBox, groups []BarGroup) {
	t.Helper()
	for _, g := range groups {
		if len(boxes) < len(g.Bars) {
			t.Fatalf("%d bars are missing", len(g.Bars)-len(boxes))
		}
		room, largest := 0.0, 0
		for i, b := range g.Bars {
			room, largest = max(room, boxes[i].w), max(largest, b.Value)
		}
		for i, b := range g.Bars {
			box := boxes[i]
			want := float64(b.Value) / float64(max(1, largest)) * room
			if box.zero != (b.Value == 0) || !box.zero && math.Abs(box.w-max(want, leastBar*box.h/barHeight)) > 1e-6 || box.kind != b.Kind {
				t.Errorf("%+v of %d is %v long, of %v, and of kind %d", b, largest, box.w, room, box.kind)
			}
			if box.x != boxes[0].x || i > 0 && box.y <= boxes[i-1].y || largest > 0 && room < leastReportRoom {
				t.Errorf("bar %d is at %v", i, box.rect)
			}
		}
		boxes = boxes[len(g.Bars):]
	}
}

// checkReportPrinted reads the file with poppler, as a viewer does.
func checkReportPrinted(t *testing.T, name string, p *reportPage, r ReportText) {
	file := filepath.Join(t.TempDir(), "report.pdf")
	writeReport(t, file, r)
	inOrder(t, poppler(t, "pdftotext", "-raw", file, "-"), textsOf(r))
	apart(t, words(t, poppler(t, "pdftotext", "-bbox", file, "-")), rect{0, 0, pageW / point, pageH / point})
	info := poppler(t, "pdfinfo", file)
	for _, want := range []string{"Pages:           1\n", "(A4)", "Producer:        Passeur\n", "Title:           " + p.title + "\n"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo says not %q:\n%s", want, info)
		}
	}
	paper, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, "report "+name+".pdf", paper)
}

func writeReport(t *testing.T, file string, r ReportText) {
	t.Helper()
	var b bytes.Buffer
	if err := Report(&b, r); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestReportBarsAreToldApart: whoever looks at the printed page, as TestBarsAreToldApart says. Around the text there is nothing.
func TestReportBarsAreToldApart(t *testing.T) {
	const resolution = 150
	r := firstMonth()
	r.Groups = []BarGroup{{"", []Bar{{"a", 9, BarPlain, ""}, {"b", 9, BarStrong, ""}, {"c", 9, BarAlert, ""}, {"d", 9, BarFaint, ""}}}}
	p, err := layReport(r)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report")
	writeReport(t, file+".pdf", r)
	poppler(t, "pdftoppm", "-r", fmt.Sprint(resolution), "-png", "-singlefile", file+".pdf", file)
	page, err := os.ReadFile(file + ".png")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	checkEdge(t, img)
	for eye, m := range sight {
		toldApart(t, eye, func(kind int) (mean, spread float64) {
			b := p.bars[kind].inset(-0.2)
			const dots = resolution / 25.4
			return texture(m, img, image.Rect(int(b.x*dots), int(b.y*dots), int(b.right()*dots), int(b.bottom()*dots)))
		})
	}
}

// TestReportOfShortTexts: what takes one line each always fits, however bars are grouped, so that there is always a text to blame.
func TestReportOfShortTexts(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		r := fullYear()
		r.Notes, r.Groups = nil, nil
		left := MostReportBars
		for n := range MostReportGroups {
			size := 1 + dice.IntN(left-(MostReportGroups-n-1))
			if n == MostReportGroups-1 {
				size = left
			}
			left -= size
			r.Groups = append(r.Groups, each(size, size, "Communes", "Saint-Lô").Groups...)
		}
		p, err := layReport(r)
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, p, r)
	}
}

// TestReportSizes: a usual report is not in small print, and takes the columns that suit it.
func TestReportSizes(t *testing.T) {
	for name, want := range map[string]float64{"small": 14, "medium": 11, "full": 10} {
		r := reports()[name]
		p, err := layReport(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range p.texts {
			if strings.HasPrefix(l.text, "Aide aux") && l.size < want {
				t.Errorf("%s: %v points", name, l.size)
			}
		}
		if two := p.bars[len(p.bars)-1].x > pageW/2; two != (name == "full") {
			t.Errorf("%s: two columns: %v", name, two)
		}
	}
}

// TestReportIsTheSame: the same bytes again, also beside others.
func TestReportIsTheSame(t *testing.T) {
	var first bytes.Buffer
	if err := Report(&first, fullYear()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/Lang (fr-FR)", "/CreationDate (D:20261201093000)"} {
		if !bytes.Contains(first.Bytes(), []byte(want)) {
			t.Errorf("no %s in the file", want)
		}
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			var again bytes.Buffer
			if err := Report(&again, fullYear()); err != nil || !bytes.Equal(first.Bytes(), again.Bytes()) {
				t.Error("another file: ", err)
			}
		})
	}
	all.Wait()
}

func TestLongDay(t *testing.T) {
	for day, want := range map[time.Time]string{
		made(): "1er décembre 2026", made().AddDate(0, 0, 10): "11 décembre 2026", made().AddDate(0, 2, 27): "28 février 2027",
		made().In(time.FixedZone("", -10*3600)): "30 novembre 2026",
	} {
		if got := longDay(day); got != want {
			t.Errorf("%v is %q", day, got)
		}
	}
}

func TestReportErrors(t *testing.T) {
	much := strings.Repeat("Les communes de la Manche. ", 30)
	label := func(label string) func(r *ReportText) {
		return func(r *ReportText) { r.Groups = each(MostReportBars, 5, "", label).Groups }
	}
	for name, c := range map[string]struct {
		change func(r *ReportText)
		want   string // begins so
		long   bool
	}{
		"no title":        {func(r *ReportText) { r.Title = " \t" }, "le bilan n'a pas de titre", false},
		"no date":         {func(r *ReportText) { r.Made = time.Time{} }, "papers: a report needs its date", false},
		"no bar":          {func(r *ReportText) { r.Groups = nil }, "graphique : il n'y a aucun chiffre à montrer", false},
		"empty group":     {func(r *ReportText) { r.Groups = append(r.Groups, BarGroup{}) }, "graphique : le groupe 4 n'a aucun chiffre à montrer. Retirez-le", false},
		"groups":          {func(r *ReportText) { r.Groups = each(7, 1, "", "").Groups }, "bilan : 7 groupes de barres ne tiennent pas sur une page, 6 au plus", false},
		"bars":            {func(r *ReportText) { r.Groups = each(31, 6, "", "").Groups }, "bilan : 31 barres ne tiennent pas sur une page, 30 au plus. Gardez les plus grandes", false},
		"negative":        {func(r *ReportText) { r.Groups[0].Bars[0].Value = -1 }, "papers: bars:", false},
		"kind":            {func(r *ReportText) { r.Groups[0].Bars[0].Kind = barKinds }, "papers: bars:", false},
		"one figure":      {func(r *ReportText) { r.Key = r.Key[:1] }, "bilan : 1 chiffre clé, c'est trop peu", false},
		"seven figures":   {func(r *ReportText) { r.Key = slices.Repeat(r.Key[:1], 7) }, "bilan : 7 chiffres clés, c'est trop", false},
		"no value":        {func(r *ReportText) { r.Key[1].Value = "" }, "bilan : le chiffre clé 2 n'a pas de valeur", false},
		"no label":        {func(r *ReportText) { r.Key[2].Label = "\n" }, "bilan : le chiffre clé 3 n'a pas de valeur ou pas de libellé", false},
		"long title":      {func(r *ReportText) { r.Title = much }, "Titre : ce texte est trop long", true},
		"long who":        {func(r *ReportText) { r.Who = much }, "Nom : ce texte est trop long", true},
		"long when":       {func(r *ReportText) { r.When = much }, "Période : ce texte est trop long", true},
		"long value":      {func(r *ReportText) { r.Key[3].Value = much }, "Chiffre clé 4 : ce texte est trop long", true},
		"long key":        {func(r *ReportText) { r.Key[3].Label = much }, "Libellé du chiffre clé 4 : ce texte est trop long", true},
		"long heading":    {func(r *ReportText) { r.Groups[1].Heading = much }, "Titre du groupe 2 : ce texte est trop long", true},
		"long label":      {label(much), "Libellé de la barre 1 : ce texte est trop long", true},
		"long labels":     {label(longName), "Libellé de la barre 1 : ce texte est trop long", true},
		"long word":       {label(strings.Repeat("a", 100)), "Libellé de la barre 1 : ce texte est trop long", true},
		"long text":       {func(r *ReportText) { r.Groups[0].Bars[1].Text = much }, "Valeur de la barre 2 : ce texte est trop long", true},
		"long note":       {func(r *ReportText) { r.Notes = slices.Repeat([]string{much + much}, 4) }, "Notes : ce texte est trop long pour tenir sur la feuille. Raccourcissez-le : « Les communes", true},
		"many notes":      {func(r *ReportText) { r.Notes = slices.Repeat([]string{"Un"}, 40) }, "Notes : ", true},
		"more notes":      {func(r *ReportText) { r.Notes = slices.Repeat([]string{"Un"}, 400) }, "Notes : ", true},
		"huge":            {func(r *ReportText) { r.Notes = []string{strings.Repeat("a ", 1e6)} }, "Notes : ", true},
		"bad bytes":       {func(r *ReportText) { r.Who = "\xe9" }, "Nom : ce texte est illisible", false},
		"picture":         {func(r *ReportText) { r.Key[0].Label = "vus 😀" }, "Libellé du chiffre clé 1 : le caractère « 😀 » (U+1F600)", false},
		"arabic":          {func(r *ReportText) { r.Groups[0].Bars[0].Text = "بلدية" }, "Valeur de la barre 1 : le caractère « ب »", false},
		"period of noise": {func(r *ReportText) { r.When = "\a" }, "Période : le caractère « \ufffd » (U+0007)", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := month()
			c.change(&r)
			var b bytes.Buffer
			err := Report(&b, r)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Fatalf("%v", err)
			}
			var long *TooLong
			if errors.As(err, &long) != c.long || b.Len() > 0 {
				t.Errorf("%v, %d bytes written", err, b.Len())
			}
		})
	}
}

// FuzzReport: any figures and words make a page on which all stands and nothing overlaps, or an error in whose case nothing is
// written.
func FuzzReport(f *testing.F) {
	for _, r := range reports() {
		g := r.Groups[0]
		f.Add(r.Title, r.Who, r.When, r.Key[0].Value, r.Key[0].Label, g.Heading, g.Bars[0].Label, g.Bars[0].Text, strings.Join(r.Notes, "\n"), g.Bars[0].Value, 0, uint8(len(r.Key)), uint8(30), uint8(len(g.Bars)))
	}
	f.Fuzz(func(t *testing.T, title, who, when, value, key, heading, label, text, notes string, n, kind int, keys, count, group uint8) {
		r := bars(int(count), max(1, int(group)), heading, label)
		r.Title, r.Who, r.When, r.Notes = title, who, when, strings.Split(notes, "\n")
		r.Key = append(slices.Repeat([]KeyFigure{{value, key}}, int(keys%8)), KeyFigure{"1", "atelier"})
		for i := range r.Groups {
			r.Groups[i].Bars[0] = Bar{"Premier", n, kind, text}
		}
		var b bytes.Buffer
		if err := Report(&b, r); err != nil {
			if b.Len() > 0 {
				t.Error("written in spite of ", err)
			}
			return
		}
		if !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(b.Bytes()), []byte("%%EOF")) {
			t.Error("no whole PDF")
		}
		p, err := layReport(r)
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, p, r)
	})
}
