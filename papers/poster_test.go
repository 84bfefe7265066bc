package papers

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/makiuchi-d/gozxing"
	gozxingqr "github.com/makiuchi-d/gozxing/qrcode"

	"passeur/e2e/peers"
)

func made() time.Time { return time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC) }

func permanence() PosterText {
	return PosterText{
		Title: "Permanence numérique", Place: "Mairie de Périers",
		When: []string{"Tous les mardis, de 14h à 17h", "Sauf pendant les vacances scolaires"},
		How:  []string{"Sans rendez-vous", "Gratuit"},
		With: "Avec Marie Lecomte, conseillère numérique", Keyword: "Envoyez PERIERS au 38000",
		KeywordWhy: "pour recevoir les dates par SMS", Link: "sms:38000?body=PERIERS",
		LinkWhy: "Ou visez ce carré avec votre téléphone", Foot: "Passeur, Département de la Manche", Made: made(),
	}
}

// posters are forty posters from short to very long.
func posters() map[string]PosterText {
	all := map[string]PosterText{"usual": permanence(), "least": {Title: "Ici", Made: made()}}
	add := func(name string, change func(p *PosterText)) {
		p := permanence()
		change(&p)
		all[name] = p
	}
	for i, place := range []string{
		"Y", "Œuilly", "L’Haÿ-les-Roses", "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson", "Mairie d’Éragny", "Beaumont-Hague",
		"Salle des fêtes de Saint-Germain-de-Tallevende-la-Lande-Vaumont", "Médiathèque « Les Sept Lieux », Bayeux",
		"Ancienne école – rez-de-chaussée, porte de gauche", "Château-Chinon (Campagne)", "ÇÀÉÈÊËÎÏÔŒÙÛÜŸÆ çàéèêëîïôœùûüÿæ",
		"Plozévet / Plozeved", "Saint-Louis (La Réunion)", "Maison France Services de Villedieu-les-Poêles-Rouffigny",
	} {
		add(fmt.Sprintf("place %d", i), func(p *PosterText) { p.Place = place })
	}
	for i, title := range []string{
		"Aide", "Aide aux démarches en ligne", "Permanence d’accompagnement aux démarches administratives numériques",
		"Initiation à l’ordinateur : débutants bienvenus !", "PERMANENCE", "Atelier « premiers pas » … à 5 € la séance",
	} {
		add(fmt.Sprintf("title %d", i), func(p *PosterText) { p.Title = title })
	}
	for n := 0; n <= 6; n++ {
		add(fmt.Sprintf("%d times", n), func(p *PosterText) {
			p.When = []string{"Lundi de 9h à 12h", "Mardi de 14h à 17h", "Mercredi toute la journée", "Jeudi de 9h30 à 11h45", "Vendredi matin", "Sur demande au 06 39 98 00 01"}[:n]
		})
	}
	for i, link := range []string{
		"", "x", "https://passeur.example/permanences/periers", "sms:38000?body=SAINTREMYENBOUZEMONT", "tel:+33639980001", "héé ☎ ünï",
		"https://passeur.example/" + strings.Repeat("abcdefghij", 15),
	} {
		add(fmt.Sprintf("link %d", i), func(p *PosterText) { p.Link = link })
	}
	add("no panel", func(p *PosterText) { p.Keyword, p.KeywordWhy, p.Link = "", "", "" })
	add("code alone", func(p *PosterText) { p.Keyword, p.KeywordWhy, p.LinkWhy = "", "", "" })
	add("long foot", func(p *PosterText) { p.Foot = strings.Repeat("Passeur, avec le Département de la Manche. ", 4) })
	add("apart accents", func(p *PosterText) { p.Place = "Mairie de Pe\u0301riers" })
	return all
}

func TestPosters(t *testing.T) {
	for name, p := range posters() {
		t.Run(name, func(t *testing.T) {
			s, err := layPoster(p)
			if err != nil {
				t.Fatal(err)
			}
			checkSheet(t, s, p)
		})
	}
	if n := len(posters()); n < 40 {
		t.Errorf("%d posters", n)
	}
}

// checkSheet: all texts are on the page, in a size that can be read, and nothing covers anything.
func checkSheet(t testing.TB, s *sheet, p PosterText) {
	t.Helper()
	var boxes []rect
	var set strings.Builder
	for _, l := range s.lines {
		boxes = append(boxes, l.rect)
		if l.tick {
			boxes = append(boxes, l.tickBox())
		}
		if l.size < leastSize {
			t.Errorf("%q has %v points", l.text, l.size)
		}
		set.WriteString(l.text + "\n")
	}
	if s.code != nil {
		boxes = append(boxes, s.square.inset(-s.quiet()))
	}
	apart(t, boxes, rect{margin, margin, wide, pageH - 2*margin})
	if s.band.overlaps(s.panel) || s.code != nil && !s.panel.inset(panelLine).holds(s.square.inset(-s.quiet())) {
		t.Errorf("band %v, panel %v, code %v", s.band, s.panel, s.square)
	}
	complete(t, set.String(), p)
}

func apart(t testing.TB, boxes []rect, page rect) {
	t.Helper()
	for i, b := range boxes {
		if !page.holds(b) {
			t.Errorf("%v leaves the page", b)
		}
		for _, o := range boxes[:i] {
			if b.overlaps(o) {
				t.Errorf("%v and %v overlap", b, o)
			}
		}
	}
}

// complete: each text stands in what was printed, but for spaces and what nobody sees.
func complete(t testing.TB, printed string, p PosterText) {
	t.Helper()
	f, err := newTypeface()
	if err != nil {
		t.Fatal(err)
	}
	texts := append([]string{p.Title, p.Place, p.With, p.Keyword, p.KeywordWhy, p.Foot}, append(p.When, p.How...)...)
	if p.Link != "" {
		texts = append(texts, p.LinkWhy)
	}
	printed = spaceless(printed)
	for _, text := range texts {
		text, err := f.tidy("", text)
		if err != nil {
			t.Error(err)
		}
		if !strings.Contains(printed, spaceless(text)) {
			t.Errorf("%q is not printed", text)
		}
	}
}

func spaceless(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// TestPostersPrinted reads the files with poppler, as a viewer does, and their codes as a telephone does.
func TestPostersPrinted(t *testing.T) {
	poppler(t, "pdftotext", "-v")
	wrong := 0
	var all sync.Mutex
	t.Run("each", func(t *testing.T) {
		for name, p := range posters() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				t.Cleanup(func() {
					all.Lock()
					defer all.Unlock()
					if t.Failed() {
						wrong++
					}
				})
				checkPrinted(t, p)
			})
		}
	})
	decoded := 1
	if wrong > 0 {
		decoded = 0
	}
	fmt.Println("bar poster_qr_decoded", decoded)
}

func checkPrinted(t *testing.T, p PosterText) {
	file := filepath.Join(t.TempDir(), "poster.pdf")
	writePoster(t, file, p)
	complete(t, poppler(t, "pdftotext", "-raw", file, "-"), p)
	apart(t, words(t, poppler(t, "pdftotext", "-bbox", file, "-")), rect{0, 0, pageW / point, pageH / point})
	checkCode(t, file, p.Link, panelOf(t, p))
}

// panelOf is where the code of a poster must be: what is rendered and searched is that part of the page, to save time.
func panelOf(t *testing.T, p PosterText) rect {
	s, err := layPoster(p)
	if err != nil {
		t.Fatal(err)
	}
	if s.panel.h == 0 {
		return rect{0, 0, pageW, pageH}
	}
	return s.panel
}

// checkCode renders a part of the page (millimetres) as a printer of 150 points an inch does, and reads the QR code there.
func checkCode(t *testing.T, pdf, link string, part rect) {
	picture := strings.TrimSuffix(pdf, ".pdf")
	args := []string{"-r", "150", "-gray", "-png", "-singlefile"}
	for option, mm := range map[string]float64{"-x": part.x, "-y": part.y, "-W": part.w, "-H": part.h} {
		args = append(args, option, fmt.Sprintf("%.0f", mm/25.4*150))
	}
	poppler(t, "pdftoppm", append(args, pdf, picture)...)
	readCode(t, picture+".png", link)
}

// readCode reads the QR code of a picture.
func readCode(t *testing.T, file, link string) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	got, err := gozxingqr.NewQRCodeReader().DecodeWithoutHints(bitmap)
	if link == "" {
		if err == nil {
			t.Errorf("there is a code: %s", got.GetText())
		}
		return
	}
	if err != nil {
		t.Fatal("the code is not read: ", err)
	}
	if got.GetText() != link {
		t.Errorf("the code says %q", got.GetText())
	}
}

// words reads the boxes of `pdftotext -bbox`, in points.
func words(t *testing.T, page string) []rect {
	var boxes []rect
	for row := range strings.Lines(page) {
		var x0, y0, x1, y1 float64
		if n, _ := fmt.Sscanf(strings.TrimSpace(row), `<word xMin="%f" yMin="%f" xMax="%f" yMax="%f">`, &x0, &y0, &x1, &y1); n == 4 {
			boxes = append(boxes, rect{x0, y0, x1 - x0, y1 - y0})
		}
	}
	if len(boxes) == 0 {
		t.Error("no word has a box")
	}
	return boxes
}

// poppler runs a program of the Debian package poppler-utils and returns what it prints.
func poppler(t *testing.T, name string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		peers.Missing(t, "%s (apt-get install poppler-utils)", name)
	}
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

// TestPosterFile: its facts, fonts that travel with it, and its code found on the whole page.
func TestPosterFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "poster.pdf")
	writePoster(t, file, permanence())
	checkCode(t, file, permanence().Link, rect{0, 0, pageW, pageH})
	info := poppler(t, "pdfinfo", file)
	for _, want := range []string{"Pages:           1\n", "(A4)", "Producer:        Passeur\n", "Title:           Permanence numérique\n"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo says not %q:\n%s", want, info)
		}
	}
	for _, row := range strings.Split(strings.TrimSpace(poppler(t, "pdffonts", file)), "\n")[2:] {
		if f := strings.Fields(row); len(f) < 8 || f[len(f)-5] != "yes" || f[len(f)-3] != "yes" {
			t.Errorf("a font is not embedded or has no table of characters: %q", row)
		}
	}
}

func writePoster(t *testing.T, file string, p PosterText) {
	t.Helper()
	var b bytes.Buffer
	if err := Poster(&b, p); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPosterSizes: what was promised for the usual poster.
func TestPosterSizes(t *testing.T) {
	s, err := layPoster(permanence())
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range s.lines {
		want := 24.0
		if i < 2 {
			want = 40
		}
		if i == len(s.lines)-1 {
			want = leastSize // the foot
		}
		if l.size < want {
			t.Errorf("%q: %v points", l.text, l.size)
		}
	}
	if s.square.w < 45 {
		t.Errorf("the code is %v mm wide", s.square.w)
	}
}

// keep leaves a paper in the folder PAPERS, to be looked at, if there is such a variable.
func keep(t *testing.T, name string, paper []byte) {
	folder := os.Getenv("PAPERS")
	if folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(folder, name), paper, 0o600); err != nil {
		t.Error(err)
	}
}

// TestPosterIsTheSame: the same bytes again, also beside others.
func TestPosterIsTheSame(t *testing.T) {
	var first bytes.Buffer
	if err := Poster(&first, permanence()); err != nil {
		t.Fatal(err)
	}
	keep(t, "poster.pdf", first.Bytes())
	for _, want := range []string{"/Lang (fr)", "/CreationDate (D:20261201093000)"} {
		if !bytes.Contains(first.Bytes(), []byte(want)) {
			t.Errorf("no %s in the file", want)
		}
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			var again bytes.Buffer
			if err := Poster(&again, permanence()); err != nil || !bytes.Equal(first.Bytes(), again.Bytes()) {
				t.Error("another file: ", err)
			}
		})
	}
	all.Wait()
}

func TestPosterErrors(t *testing.T) {
	much := strings.Repeat("Tous les mardis des semaines paires. ", 30)
	for name, c := range map[string]struct {
		change func(p *PosterText)
		want   string // begins so
		long   bool
	}{
		"no title":     {func(p *PosterText) { p.Title = " \t" }, "l'affiche n'a pas de titre", false},
		"no date":      {func(p *PosterText) { p.Made = time.Time{} }, "papers: a poster needs its date", false},
		"long title":   {func(p *PosterText) { p.Title = much }, "Titre : ce texte est trop long", true},
		"long word":    {func(p *PosterText) { p.Place = strings.Repeat("Mairie", 20) }, "Lieu : ce texte est trop long", true},
		"long times":   {func(p *PosterText) { p.When = []string{"Lundi", much} }, "Horaires : ce texte est trop long pour tenir sur la feuille. Raccourcissez-le : « Tous les mardis", true},
		"many times":   {func(p *PosterText) { p.When = strings.Split(strings.Repeat("Mardi|", 30), "|") }, "Horaires : ", true},
		"more times":   {func(p *PosterText) { p.When = strings.Split(strings.Repeat("Mardi|", 300), "|") }, "Horaires : ", true},
		"huge":         {func(p *PosterText) { p.With = strings.Repeat("a ", 1e6) }, "Avec qui : ", true},
		"long keyword": {func(p *PosterText) { p.Keyword = much }, "Mot-clé : ", true},
		"long link":    {func(p *PosterText) { p.Link = strings.Repeat("a", 300) }, "Lien du carré : ", true},
		"endless link": {func(p *PosterText) { p.Link = strings.Repeat("a", 1e5) }, "Lien du carré : ", true},
		"bad link":     {func(p *PosterText) { p.Link = "\xff" }, "Lien du carré : ce texte est illisible", false},
		"bad bytes":    {func(p *PosterText) { p.Foot = "\xe9" }, "Pied de page : ce texte est illisible", false},
		"picture":      {func(p *PosterText) { p.How = []string{"Gratuit 😀"} }, "Modalités : le caractère « 😀 » (U+1F600) ne peut pas être imprimé", false},
		"arabic":       {func(p *PosterText) { p.Place = "بلدية" }, "Lieu : le caractère « ب »", false},
		"bell":         {func(p *PosterText) { p.Place = "\a" }, "Lieu : le caractère « \ufffd » (U+0007)", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := permanence()
			c.change(&p)
			var b bytes.Buffer
			err := Poster(&b, p)
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

// FuzzPoster: any texts make a poster that is complete, or an error in whose case nothing is written.
func FuzzPoster(f *testing.F) {
	for _, p := range posters() {
		f.Add(p.Title, p.Place, strings.Join(p.When, "\n"), strings.Join(p.How, "\n"), p.With, p.Keyword, p.KeywordWhy, p.Link, p.LinkWhy, p.Foot)
	}
	f.Fuzz(func(t *testing.T, title, place, when, how, with, keyword, why, link, linkWhy, foot string) {
		p := PosterText{title, place, strings.Split(when, "\n"), strings.Split(how, "\n"), with, keyword, why, link, linkWhy, foot, made()}
		var b bytes.Buffer
		if err := Poster(&b, p); err != nil {
			if b.Len() > 0 {
				t.Error("written in spite of ", err)
			}
			return
		}
		if !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(b.Bytes()), []byte("%%EOF")) {
			t.Error("no whole PDF")
		}
		s, err := layPoster(p)
		if err != nil {
			t.Fatal(err)
		}
		checkSheet(t, s, p)
	})
}
