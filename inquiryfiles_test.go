package main

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/intents"
	"passeur/papers"
)

// led is a house with a coordinator of some territories, who reads English.
func led(t *testing.T, territories ...string) *house {
	t.Helper()
	h := inDatabase(t)
	p := bot.Person{V: 1, Name: "Sylvie Aubert", Role: bot.Coordinateur, Territories: territories, Language: "en"}
	commit(t, h.store, bot.Change{Now: noon, Records: []bot.Record{record(t, "person", "sylvie", p, bot.Record{State: string(bot.Coordinateur), At: noon})}})
	return h
}

// counted has questions counted as they are when people ask: what of them, how often.
func counted(t *testing.T, h *house, of map[string]map[string]int64) {
	t.Helper()
	c := bot.Change{Now: noon}
	for dimension, values := range of {
		for value, n := range values {
			c.Tally = append(c.Tally, bot.Count{Kind: "question", Owner: "50", Month: "2026-11", Dimension: dimension, Value: value, N: n})
		}
	}
	commit(t, h.store, c)
}

// TestInquiriesDrawn: a coordinator, and nobody else, has a picture of how questions stand, once there are any.
func TestInquiriesDrawn(t *testing.T) {
	h := led(t, "50", "14")
	picture := func(name string) bot.Attachment {
		t.Helper()
		a, err := h.attach(t.Context(), bot.InquiryFiles+name, noon)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := picture("sylvie.png"); len(a.Data) > 0 {
		t.Errorf("of nothing %d bytes are drawn", len(a.Data))
	}
	counted(t, h, map[string]map[string]int64{
		"suite": {"posee": 42, "trouvee": 17, "answered": 35, "accepted": 21, "withdrawn": 2},
		"delai": {"15": 6, "30": 9, "60": 8, "240": 7, "480": 3, "0": 2},
		"theme": {"argent_impots": 12, "papiers_elections_citoyennete": 9, "email": 8, "etrangers_europe": 4, "sante": 9}, "theme-repondu": {"argent_impots": 8, "email": 8, "sante": 8},
	})
	if s, _, err := h.bot.Inquiries(t.Context(), "sylvie", noon); err != nil || s.Since != "2026-09" || s.Outcomes[0].Label != "posées à des collègues" {
		t.Errorf("three months, in French: %+v, %v", s, err)
	}
	a := picture("sylvie.png")
	img, err := png.Decode(bytes.NewReader(a.Data))
	if err != nil || a.Name != "questions.png" || a.Type != "image/png" || img.Bounds().Dx() != papers.MapWidth {
		t.Fatalf("%q, %q, %v", a.Name, a.Type, err)
	}
	if !bytes.Equal(a.Data, picture("sylvie.png").Data) {
		t.Error("drawn twice it differs")
	}
	for _, name := range []string{"marie.png", "sylvie.pdf", ".png"} {
		if a := picture(name); len(a.Data) > 0 {
			t.Errorf("%s: %d bytes", name, len(a.Data))
		}
	}
	keepPicture(t, "questions.png", a.Data)
}

// keepPicture keeps a picture for whoever wants to look at it, in the folder that PICTURES names.
func keepPicture(t *testing.T, name string, data []byte) {
	t.Helper()
	if dir := os.Getenv("PICTURES"); dir != "" {
		if err := os.WriteFile(dir+"/"+name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestInquiryPicture: its groups, title and note; those that count nothing are left out.
func TestInquiryPicture(t *testing.T) {
	figures := func(all ...any) (out []bot.Figure) {
		for i := 0; i < len(all); i += 2 {
			out = append(out, bot.Figure{Label: all[i].(string), Value: all[i+1].(int)})
		}
		return out
	}
	s := bot.InquirySheet{Territories: []string{"50", "14"}, Since: "2026-10", Outcomes: figures("posées", 3, "retirées", 0), Load: figures("0 question", 9, "1 question", 0, "2 questions", 1),
		Median: "en moins d'une heure", NoExpert: []string{"logement", "travail, formation"}}
	got := inquiryPicture(s)
	want := "Questions: posées 3 retirées 0; Sollicitations de la semaine, par collègue: 0 question 9 1 question 0 2 questions 1; "
	if shown := shownBars(got); shown != want || got.Title != "Questions entre collègues (50, 14)" {
		t.Errorf("%s: %s, want %s", got.Title, shown, want)
	}
	if want := "Depuis le 1er octobre 2026. La moitié des premières réponses : en moins d'une heure. " +
		"Thèmes demandés que personne ne connaît bien : logement ; travail, formation."; got.Note != want {
		t.Errorf("note %q, want %q", got.Note, want)
	}
	s.Unanswered = figures("a", 9, "b", 8, "c", 7, "d", 6, "e", 5, "f", 4, "g", 3, "h", 2, "i", 1)
	s.Load = nil
	for n := range 21 {
		s.Load = append(s.Load, bot.Figure{Label: fmt.Sprintf("%d questions", n), Value: 1})
	}
	shown := shownBars(inquiryPicture(s))
	contains(t, shown, "Sans réponse, par thème: a 9 b 8 c 7 d 6 e 5 f 4 g 3 h 2; ", "9 questions 1 10 questions et plus 11; ")
}

func shownBars(p papers.BarsPicture) string {
	var b strings.Builder
	for _, g := range p.Groups {
		b.WriteString(g.Heading + ":")
		for _, bar := range g.Bars {
			fmt.Fprintf(&b, " %s %d", bar.Label, bar.Value)
		}
		b.WriteString("; ")
	}
	return b.String()
}

// TestTheLargestInquiryPicture: whatever is counted, the picture has room for it: every theme is asked and known to nobody, each bar is there, all is served.
func TestTheLargestInquiryPicture(t *testing.T) {
	var territories []string
	for n := 1; n <= 95; n++ {
		territories = append(territories, fmt.Sprintf("%02d", n))
	}
	for _, territories := range [][]string{slices.Concat([]string{"50"}, territories[:mostInTitle-1]), territories} {
		h := led(t, territories...)
		of := map[string]map[string]int64{"suite": {}, "delai": {}, "theme": {}}
		for _, outcome := range []string{"posee", "trouvee", "answered", "accepted", "withdrawn"} {
			of["suite"][outcome] = 123_456
		}
		for _, spell := range []string{"15", "30", "60", "120", "240", "480", "1440", "0"} {
			of["delai"][spell] = 12_345
		}
		for _, theme := range intents.ThemeSlugs() {
			of["theme"][theme] = int64(1_000 + len(theme)) // long names first
		}
		counted(t, h, of)
		c := bot.Change{Now: noon}
		for n := range 21 {
			peer := bot.Peer{V: 1, Budget: 20, Asked: slices.Repeat([]time.Time{noon.Add(-time.Hour)}, n)}
			id := fmt.Sprintf("peer-%d", n)
			c.Records = append(c.Records, record(t, "peer", id, peer, bot.Record{At: noon}),
				record(t, "person", id, bot.Person{V: 1, Name: "Paul Roux", Role: bot.Conseiller, Territories: []string{"50"}}, bot.Record{State: string(bot.Conseiller), At: noon}))
		}
		commit(t, h.store, c)
		a, err := h.attach(t.Context(), bot.InquiryFiles+"sylvie.png", noon)
		if err != nil || len(a.Data) == 0 {
			t.Errorf("%d territories: %d bytes, %v", len(territories), len(a.Data), err)
		}
		keepPicture(t, fmt.Sprintf("questions-%d.png", len(territories)), a.Data)
	}
}
