package intents

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"passeur/intents/french"
)

func codes(cs []Commune) string {
	var list []string
	for _, c := range cs {
		list = append(list, c.Code)
	}
	return strings.Join(list, " ")
}

func TestLenient(t *testing.T) {
	g := manche(t)
	for text, want := range map[string]string{
		"Coutances":                    "50147",
		"coutance":                     "50147",
		"COUTANCES":                    "50147",
		"j'habite à Saint-Lô":          "50502",
		"st lo":                        "50502",
		"jabite a saint lo":            "50502",
		"Gouville":                     "50215",
		"gouville sur mer":             "50215",
		"le petit village de Gouville": "50215",
		"cherbourg":                    "50129",
		"Cherbourg-Octeville":          "50129",
		"la haye du puits":             "50236",
		"ste mere eglise":              "50523",
		"villedieu les poeles":         "50639",
		"vers Coutances":               "50147",
		"à côté de Coutances":          "50147",
		"carentan":                     "50099",
		"50500 Carentan":               "50099",
		"muneville":                    "50364 50365",
		"nay":                          "50368",
		"perier":                       "50394",
		"pèriers":                      "50394",
		"je sais pas":                  "",
		"Marseille":                    "",
		"":                             "",
		"75001":                        "",
	} {
		if got := codes(g.ReadCommune(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := g.ReadCommune("50200"); len(got) < 5 || !strings.Contains(codes(got), "50147") {
		t.Errorf("50200: %s, want all communes of that postcode", codes(got))
	}
}

func TestStrict(t *testing.T) {
	g := manche(t)
	for text, want := range map[string]string{
		"permanence Coutances":                  "50147",
		"il y a une permanence à saint lo ?":    "50502",
		"PERMANENCE COUTANCES":                  "50147",
		"rdv à Périers ou à Lessay":             "50394 50267",
		"Mme Valognes viendra":                  "",
		"M. Coutances":                          "",
		"je vais à Nay":                         "50368",
		"je suis nay en 1950":                   "",
		"le ver de terre":                       "",
		"la place de la mairie":                 "",
		"bonjour je viens vers 10h à la mairie": "",
	} {
		var cs []Commune
		for _, h := range g.FindCommunes(text) {
			cs = append(cs, h.Commune)
			if nameKey(text[h.Start:h.End]) == "" {
				t.Errorf("%q: empty hit", text)
			}
		}
		if got := codes(cs); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestStrictInSeed counts communes found in messages that name none.
func TestStrictInSeed(t *testing.T) {
	g := manche(t)
	named := []string{"coutances", "granville", "carentan", "valognes", "saint", "st lo", "lo", "periers", "portbail", "haye", "avranches", "cherbourg", "lessay",
		"gouville", "villedieu", "mere", "grandville"}
	n := 0
	for _, row := range everyExample() {
		if !strings.HasPrefix(row.author, "seed.") {
			continue
		}
		text := french.Folded(row.text)
		free := true
		for _, w := range named {
			free = free && !strings.Contains(" "+text+" ", " "+w+" ")
		}
		if hits := g.FindCommunes(row.text); free && len(hits) > 0 {
			n++
			t.Errorf("%q: %s", row.text, hits[0].Commune.Name)
		}
	}
	t.Logf("%d false communes", n)
}

func TestByCode(t *testing.T) {
	g := manche(t)
	c, ok := g.ByCode("50147")
	if !ok || c.Name != "Coutances" || c.Territory != "50" || strings.Join(c.Postcodes, " ") != "50200" {
		t.Errorf("%+v %v", c, ok)
	}
	for _, code := range []string{"", "5", "75056", "50148x"} {
		if c, ok := g.ByCode(code); ok {
			t.Errorf("%q: %+v", code, c)
		}
	}
}

func TestTerritories(t *testing.T) {
	for _, d := range []string{"01", "2A", "2b", "50", "75", "95", "971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"} {
		g, err := NewGazetteer([]string{d})
		if err != nil || len(g.communes) == 0 {
			t.Errorf("%s: %v", d, err)
			continue
		}
		for _, c := range g.communes {
			if c.Territory != strings.ToUpper(d) || len(c.Postcodes) == 0 {
				t.Errorf("%s: %+v", d, c)
			}
		}
	}
	for _, d := range []string{"", "20", "99", "97", "5", "Manche", "50147"} {
		if _, err := NewGazetteer([]string{d}); err == nil {
			t.Errorf("%q: no error", d)
		}
	}
}

func TestZone(t *testing.T) {
	for territory, want := range map[string]string{
		"50": "Europe/Paris", "2A": "Europe/Paris", "": "Europe/Paris", "50/50147": "Europe/Paris", "97": "Europe/Paris",
		"971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
		"974/97411": "Indian/Reunion", "97411": "Indian/Reunion", "975": "America/Miquelon", "976": "Indian/Mayotte",
		"977": "America/St_Barthelemy", "978": "America/Marigot", "986": "Pacific/Wallis", "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
	} {
		got := Zone(territory)
		if _, err := time.LoadLocation(got); got != want || err != nil {
			t.Errorf("%s: %s, want %s (%v)", territory, got, want, err)
		}
	}
}

func TestHeap(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	reader := NewReader()
	withReader := heap()
	g := manche(t)
	withManche := heap()
	t.Logf("reader %d kB, Manche %d kB", (withReader-before)/1024, (withManche-withReader)/1024)
	if withManche-before > 6<<20 {
		t.Errorf("%d bytes of heap", withManche-before)
	}
	runtime.KeepAlive(reader)
	runtime.KeepAlive(g)
}
